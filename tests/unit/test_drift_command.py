"""`understudy drift`: options become a target and settings, findings become an exit code."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from understudy.cli.drift import drift
from understudy.drift import fuzzing
from understudy.drift.target import Outcome, Settings, Summary, Target
from understudy.errors import UsageError
from understudy.finding import Finding, Severity

if TYPE_CHECKING:
    from understudy.contract.model import Contract

URL = "http://127.0.0.1:9"


class Run:
    """Stands in for the engine and remembers what it was asked."""

    def __init__(self) -> None:
        self.target = Target()
        self.settings = Settings(seed=0)
        self.findings: tuple[Finding, ...] = ()

    def fuzz(self, contract: Contract, target: Target, settings: Settings, listen: Any) -> Outcome:
        del listen
        self.target, self.settings = target, settings
        ids = tuple(operation.id for operation in contract.operations)
        return Outcome(
            self.findings, Summary(settings.seed, ("examples",), ids[:1], ids[1:], (), 5, 60, 1.25, "completed")
        )


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    made = Run()
    monkeypatch.setattr(fuzzing, "fuzz", made.fuzz)
    monkeypatch.delenv("UNDERSTUDY_TOKEN", raising=False)
    return made


def call(*words: str) -> Result:
    return CliRunner().invoke(drift, ["talkturo", "--against", URL, *words], standalone_mode=False)


def test_options_become_a_target_and_settings(run: Run) -> None:
    numbers = ["--seed=3", "--max-examples=7", "--max-time=9", "--workers=2", "--max-response-time=0.5"]
    result = call(*numbers, "--safe", "--rate-limit=5/s", "--auth-token=abc", "--header=X-Team: a: b")
    assert result.return_value == 0
    assert run.settings == Settings(3, 7, None, 2, safe=True, rate_limit="5/s", max_time=9, max_response_time=0.5)
    assert (run.target.url, run.target.app) == (URL, None)
    assert run.target.headers == {"Authorization": "Bearer abc", "X-Team": "a: b"}


def test_token_comes_from_the_environment_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNDERSTUDY_TOKEN", "secret")
    result = call()
    assert run.target.headers == {"Authorization": "Bearer secret"}
    assert "secret" not in result.output


def test_runs_have_a_seed_of_their_own_and_say_it(run: Run) -> None:
    first = call()
    one = run.settings.seed
    call()
    assert run.settings.seed != one
    assert f"--seed {one}" in first.stderr


def test_summary_names_what_was_not_exercised(run: Run) -> None:
    result = call()
    assert run.target.url == URL
    assert result.stdout == ""
    assert (
        "talkturo: no finding; 1 of 3 operations, 1 phases (examples), 5 cases, 60 checks, 1.2 s, --seed"
        in result.stderr
    )
    assert "not exercised: " in result.stderr


@pytest.mark.parametrize(
    ("severity", "fail_on", "code"),
    [
        (Severity.ERROR, "error", 1),
        (Severity.ERROR, "none", 0),
        (Severity.WARNING, "error", 0),
        (Severity.WARNING, "warning", 1),
    ],
)
def test_findings_at_or_above_fail_on_make_the_exit_code_1(
    run: Run, severity: Severity, fail_on: str, code: int
) -> None:
    run.findings = (Finding("drift.ignored-auth", "Open to all.", severity),)
    result = call("--fail-on", fail_on)
    assert result.return_value == code
    assert "Open to all." in result.stdout


def test_reports_are_written_in_every_format_asked_for(run: Run, tmp_path: Path) -> None:
    run.findings = (Finding("drift.ignored-auth", "Open to all."),)
    result = call("--format", "json", "--report", f"junit={tmp_path / 'a.xml'}")
    assert "Open to all." in json.dumps(json.loads(result.stdout))
    assert "Open to all." in (tmp_path / "a.xml").read_text()


@pytest.mark.parametrize(
    "words",
    [["--header", "no colon"], ["--report", "pdf=x"], ["--against", "file.har"], ["--against", "http://a:99999"]],
)
def test_options_that_make_no_sense_are_refused(run: Run, words: list[str]) -> None:
    assert isinstance(call(*words).exception, UsageError)
    assert run.settings.seed == 0


def test_malformed_rate_limit_is_the_users_error() -> None:
    assert isinstance(call("--rate-limit", "many").exception, UsageError)


def test_installed_command_says_that_the_server_is_away() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    command = [str(Path(sys.executable).with_name("understudy")), "drift", "talkturo", "--against", url]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stdout) == (3, "")
    assert f"{url}/api can't be reached: Connection refused." in done.stderr
    assert "Traceback" not in done.stderr
