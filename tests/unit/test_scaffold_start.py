"""A project that can't start says why in one sentence."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

GOOD = 'openapi: 3.1.0\ninfo: {title: T, version: "1"}\npaths: {}\n'


@pytest.mark.parametrize(
    ("contract", "call", "expected"),
    [
        ("", "application('nothing.yaml')", "There is no contract `nothing.yaml`."),
        ("a: 1\na: 2\n", "application('openapi.yaml')", "openapi.yaml:2:1: The key `a` stands here a second time"),
        (GOOD, "application('openapi.yaml', handlers='nowhere')", "The handlers can't be imported"),
    ],
)
def test_it_ends_with_one_clear_error(tmp_path: Path, contract: str, call: str, expected: str) -> None:
    (tmp_path / "openapi.yaml").write_text(contract)
    code = f"from understudy_mock.project import application; {call}"
    result = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert expected in result.stderr
    assert "Traceback" not in result.stderr
