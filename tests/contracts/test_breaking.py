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


def test_a_wrong_handler_fails_drift(talkover: Path, tmp_path: Path) -> None:
    """A rule that makes items the contract does not describe is caught by the fuzzer, as any wrong server is."""
    replace(talkover / "behaviour.yaml", "requested_at: now", "requested_at: '\"yesterday\"'")
    handlers = tmp_path / "wrong_handlers.py"
    handlers.write_text("def listVoiceTemplates(**_):\n    return {'success': True, 'data': 'none'}\n")
    result = subprocess.run(
        [COMMAND, "drift", str(talkover), "--handlers", "wrong_handlers", "--max-examples", "5", "--seed", "1"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert "listVoiceTemplates" in result.stdout
