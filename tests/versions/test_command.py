"""`understudy drift CONTRACT --against OLD`: files, folders, git and standard input, an exit code, one clear error."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from understudy.cli.drift import drift
from understudy.contract.files import shipped
from understudy.contract.loading import load
from understudy.errors import EnvironmentFailedError, InputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

REASON = "components/schemas/NewReleaseRequest.yaml"


def call(*words: str, text: str | None = None) -> Result:
    return CliRunner().invoke(drift, words, input=text, standalone_mode=False)


@pytest.fixture
def versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], Path]:
    """A contract of many files in git, whose working copy differs from its commit in one word."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    folder = tmp_path / "api" / "spec"
    shutil.copytree(shipped()["talkover"], folder)
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.com"]
    for words in (["init", "-q", "-b", "main"], ["add", "-A"], [*identity, "commit", "-q", "-m", "One"], ["tag", "v1"]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)

    def change(old: str, new: str) -> Path:
        file = folder / REASON
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new), "utf-8")
        return folder

    return change


@pytest.mark.parametrize(
    "older", ["git:main:api/spec", "git:v1:api/spec/openapi.yaml", "git:HEAD:./api/spec", "talkover"]
)
def test_a_narrower_request_than_in_git_is_an_error(versions: Callable[[str, str], Path], older: str) -> None:
    folder = versions("maxLength: 500", "maxLength: 400")
    result = call(str(folder), "--against", older, "--format", "json")
    (found,) = json.loads(result.stdout)["findings"]
    assert result.return_value == 1
    assert found["rule"] == "drift.request-max-length-lowered"
    assert (found["location"]["path"], found["location"]["line"]) == (f"api/spec/{REASON}", 10)
    assert found["details"]["before"].endswith(f"{REASON}:10:16")
    assert f"spec: 1 error; 9 operations beside 9 of {older}" in result.stderr


def test_a_wider_request_is_safe(versions: Callable[[str, str], Path]) -> None:
    folder = versions("maxLength: 500", "maxLength: 600")
    result = call(str(folder), "--against", "git:main:api/spec")
    assert result.return_value == 0
    assert "info[drift.request-max-length-raised]" in result.stdout
    assert call(str(folder), "--against", "git:main:api/spec", "--fail-on", "info").return_value == 1


def test_texts_are_told_when_asked_for(versions: Callable[[str, str], Path]) -> None:
    folder = versions("maxLength: 500", "maxLength: 500\n    title: Why")
    assert call(str(folder), "--against", "git:main:api/spec").stdout == ""
    assert "drift.request-text-changed" in call(str(folder), "--against", "git:main:api/spec", "--texts").stdout


def test_an_older_version_may_come_from_standard_input() -> None:
    document = {"openapi": "3.1.0", "info": {"title": "A", "version": "1"}, "paths": {"/a": {"get": {"responses": {}}}}}
    result = call("talkturo", "--against", "-", text=json.dumps(document))
    assert "error[drift.operation-removed] GET /a is gone." in result.stdout


@pytest.mark.parametrize(
    "words",
    [
        ["talkover", "--against", "git:nothing:spec"],
        ["talkover", "--against", "git:HEAD:no/such/folder"],
        ["talkover", "--against", "git:HEAD:../spec"],
        ["talkover", "--against", "git:--all:spec"],
        ["talkover", "--against", "git:HEAD"],
        ["talkover", "--against", "no-such-file.yaml"],
        ["talkover", "--against", "talkover", "--safe"],
        ["talkover", "--against", "talkover", "--as", "server"],
        ["talkover", "--as", "version"],
        ["talkover", "--texts"],
        ["-", "--against", "-"],
    ],
)
def test_what_makes_no_sense_is_refused(versions: Callable[[str, str], Path], words: list[str]) -> None:
    versions("maxLength: 500", "maxLength: 400")
    assert isinstance(call(*words).exception, UsageError)


def test_a_reference_stays_inside_the_folder_of_its_revision(versions: Callable[[str, str], Path]) -> None:
    root = versions("maxLength: 500", "maxLength: 400").parent
    (root / "spec" / "out.yaml").write_text("openapi: 3.1.0\npaths: {/a: {$ref: ../out.yaml}}", "utf-8")
    subprocess.run(["git", "add", "-A"], cwd=root, check=True)
    subprocess.run(
        ["git", "-c", "user.name=A", "-c", "user.email=a@example.com", "commit", "-q", "-m", "2"], cwd=root, check=True
    )
    with pytest.raises(InputError) as caught:
        load("git:HEAD:api/spec/out.yaml")
    assert caught.value.finding.rule == "reference-outside"
    assert str(caught.value.finding.location) == "git:HEAD:api/spec/out.yaml:2:20"


def test_a_machine_without_git_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(EnvironmentFailedError):
        load("git:HEAD:spec")
