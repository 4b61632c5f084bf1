"""`understudy serve --explain-state` prints what would be remembered, and does not serve."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from click.testing import CliRunner

from understudy.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

WIDTH = 100

BROKEN = """\
openapi: 3.1.0
info: {title: x, version: "1"}
paths: {/a: {get: {operationId: a, responses: {"200": {description: x}}}}}
"""


def test_it_is_readable() -> None:
    told = CliRunner().invoke(main, ["serve", "talkover", "talkturo", "--explain-state"])
    assert told.exit_code == 0, told.output
    lines = told.stdout.splitlines()
    assert max(map(len, lines)) <= WIDTH
    assert lines[0] == "talkover: 6 resources remembered"
    assert "phoneNumbers  (collection, confidence high)" in lines
    assert "  query       type          = type" in lines
    assert "Answered by the example, whatever happened before:" in lines
    assert "talkturo: 3 resources remembered" in lines


def test_it_is_readable_by_programs() -> None:
    told = CliRunner().invoke(main, ["serve", "talkturo", "--explain-state", "--format", "json"])
    assert told.exit_code == 0, told.output
    (contract,) = json.loads(told.stdout)["contracts"]
    assert contract["contract"] == "talkturo"
    assert [one["name"] for one in contract["resources"]] == ["availableNumbers", "purchasedNumbers", "teams"]
    assert contract["resources"][1]["operations"]["listPurchasedPhoneNumbers"] == "list"
    assert all(one["reasons"] for one in contract["resources"])


def test_a_contract_without_resources(tmp_path: Path) -> None:
    file = tmp_path / "openapi.yaml"
    file.write_text(BROKEN, "utf-8")
    told = CliRunner().invoke(main, ["serve", str(file), "--explain-state"])
    assert told.exit_code == 0, told.output
    assert told.stdout.splitlines()[0].endswith(": 0 resources remembered")
