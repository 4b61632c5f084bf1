"""The TypeScript helper and the types, compiled strictly; the helper holds a conversation with a running mock."""

from __future__ import annotations

import shutil
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from node_packages import folder
from workshop import exported, workshop

from understudy.cli.main import main
from understudy.errors import EnvironmentFailedError

if TYPE_CHECKING:
    from conftest import Serve

HERE = Path(__file__).parent


def test_a_session_in_typescript(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shop = workshop(tmp_path, 3)
    assert exported("helper", "talkover", "-o", shop.path / "made") == 0
    assert exported("helper", "-o", shop.path / "unnamed") == 0
    monkeypatch.chdir(folder())  # where npx finds the packages that the tests may use
    assert exported("types", "talkover", "-o", shop.path / "made", "--offline") == 0
    assert "\nRunning: npx --yes --offline --package typescript@" in f"\n{capsys.readouterr().err}"
    shutil.copy(HERE / "session.ts", shop.path)
    shop.compile()
    command = str(Path(sysconfig.get_path("scripts")) / "understudy")
    said = shop.node("session.js", serve("talkover").url, command)
    assert said.splitlines() == [
        "Calls of requestPhoneRelease: 2, wanted: exactly 1.",
        "The journal of this session:",
        "  POST /api/v1/phone-numbers/phone-uuid-1/request-release -> 201  requestPhoneRelease",
        "  POST /api/v1/phone-numbers/phone-uuid-1/request-release -> 409  requestPhoneRelease",
        "done",
    ]


def test_types_say_what_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EnvironmentFailedError, match="There is no `npx`"):
        main(["export", "types", "talkover", "-o", str(tmp_path / "out")], standalone_mode=False)
    npx = tmp_path / "npx"
    npx.write_text('#!/bin/sh\necho "npm warn old" >&2; echo "npm error no such thing" >&2; exit 7\n')
    npx.chmod(0o755)
    with pytest.raises(EnvironmentFailedError, match=r"\(exit code 7\): no such thing$"):
        main(["export", "types", "talkover", "-o", str(tmp_path / "out")], standalone_mode=False)
    assert not (tmp_path / "out").exists()
