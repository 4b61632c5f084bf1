"""What is right today is noticed the day it breaks: one example, one schema type, one rule."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SPEC = Path(__file__).parents[2] / "spec"
COMMAND = Path(sys.executable).parent / "understudy"


@pytest.fixture
def talkover(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SPEC / "talkover", tmp_path / "talkover"))


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([COMMAND, *map(str, arguments)], capture_output=True, text=True, check=False)


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert text.count(old) >= 1
    path.write_text(text.replace(old, new, 1))


def test_a_broken_example_fails_check(talkover: Path) -> None:
    example = talkover / "examples" / "listPhoneNumbers" / "200.twoNumbers.json"
    replace(example, '"has_voice": true', '"has_voice": "yes"')
    result = run("check", talkover)
    assert result.returncode == 1
    assert "200.twoNumbers.json:11:20" in result.stdout
    assert "'yes'" in result.stdout or '"yes"' in result.stdout


def test_a_broken_schema_type_fails_check(talkover: Path) -> None:
    schema = talkover / "components" / "schemas" / "PhoneNumber.yaml"
    lines = schema.read_text().splitlines()
    at = lines.index("  has_fax:")
    number = next(index for index in range(at, len(lines)) if lines[index].strip() == "type: boolean")
    lines[number] = lines[number].replace("boolean", "integer")
    schema.write_text("\n".join(lines))
    result = run("check", talkover)
    assert result.returncode == 1
    assert "has_fax" in result.stdout


def test_a_rule_that_answers_what_the_contract_does_not_declare_fails_check(talkover: Path) -> None:
    replace(talkover / "behaviour.yaml", "example: alreadyPending", "example: alreadyWaiting")
    result = run("check", talkover)
    assert result.returncode == 1
    assert "behaviour.yaml:" in result.stdout
    assert "alreadyWaiting" in result.stdout


def test_a_rule_that_answers_wrongly_fails_drift(talkover: Path) -> None:
    """The fuzzer notices a rule that answers with a status its operation does not declare, as of any wrong server."""
    replace(talkover / "behaviour.yaml", "status: 409\n        example: alreadyPending", "status: 418")
    result = run("drift", talkover, "--seed", "1", "--max-examples", "20")
    assert result.returncode == 1
    assert "error[drift.status-code-conformance]" in result.stdout
    assert "requestPhoneRelease" in result.stdout
    assert "418" in result.stdout
