"""The pytest plugin, as a user has it: a suite in a folder, settings beside it, and what pytest then says."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import httpx
import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Serve

SUITE = """\
import pytest

REASON = {"reason": "We have moved all calls to the toll-free line."}
RELEASE = "/api/v1/phone-numbers/phone-uuid-1/request-release"


@pytest.fixture
def release(understudy):
    understudy.client.headers["Authorization"] = "Bearer talq_x"
    return lambda: understudy.client.post(RELEASE, json=REASON).status_code


@pytest.mark.parametrize("number", range(4))
def test_each_has_a_session_of_its_own(understudy, release, number):
    assert understudy.journal() == []
    assert [release(), release()] == [201, 409]
    understudy.assert_called("requestPhoneRelease", times=2, body=REASON)
    understudy.assert_called("requestPhoneRelease", times=1, status=409, path={"phone_number_id": "phone-uuid-1"})
    understudy.assert_called("requestPhoneRelease", at_least=1, at_most=2)
    understudy.assert_not_called("requestPhoneRelease", status=404)
    understudy.assert_not_called("listPhoneNumbers")
    first, second = understudy.calls("requestPhoneRelease")
    assert (first.status, second.status, second.verdict) == (201, 409, "answered")
    assert "moved all calls" in str(understudy.entry(first)["request"]["body"])
    understudy.reset()
    assert release() == 201
    understudy.assert_called("requestPhoneRelease", times=1)
    understudy.scenario("new-environment")
    assert understudy.client.get("/api/v1/phone-numbers").json()["data"] == []


@pytest.mark.understudy("talkover", scenario="new-environment", flags=["--auth", "off"])
def test_marked(understudy):
    assert understudy.client.get("/api/v1/phone-numbers").json()["data"] == []


def test_fails_with_the_journal(understudy, release):
    release()
    understudy.assert_called("requestPhoneRelease", times=2, body={"reason": "Other"})


def test_fails_for_a_reason_of_its_own(understudy, release):
    assert release() == 202


def test_fails_without_requests(understudy):
    understudy.assert_called("listPhoneNumbers")


def test_fails_for_an_unknown_operation(understudy):
    understudy.assert_not_called("requestPhoneRelief")


@pytest.mark.understudy("no-such-contract")
@pytest.mark.parametrize("number", range(2))
def test_fails_without_a_contract(understudy, number):
    pass


@pytest.mark.understudy("talkover", scenario="no-such-scenario")
def test_fails_without_a_scenario(understudy):
    pass
"""

SETTINGS = (
    "[pytest]\nunderstudy_contracts = talkover\naddopts = --strict-markers --strict-config\nfilterwarnings = error\n"
)


ON_CI = ("CI", "BUILD_NUMBER")
"""Where these are set, pytest's summary repeats the complaints whole."""
OURS_ALONE = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_PLUGINS": "xdist,understudy.testing.plugin"}
"""Other plugins that happen to be installed take seconds to import, in each process."""


def run(folder: Path, *words: str) -> str:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *words]
    environment = {name: value for name, value in os.environ.items() if name not in ON_CI} | OURS_ALONE
    found = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return found.stdout + found.stderr


def test_what_the_fixture_gives_and_how_it_complains(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text(SETTINGS)
    (tmp_path / "test_release.py").write_text(SUITE)
    said = run(tmp_path, "-n", "2")
    assert re.search(r"= 4 failed, 5 passed, 3 errors in ", said), said
    for line in (
        "AssertionError: calls of requestPhoneRelease with body={'reason': 'Other'}: 0, wanted: exactly 2",
        'body/reason is "We have moved all calls to the toll-free line.", not "Other"',
        "-> 201  requestPhoneRelease  (the memory: an item of releaseRequests)",
        "- Journal of the mock -",
        "calls of listPhoneNumbers: 0, wanted: at least 1",
        "Nothing was asked in this session; does the application send its headers?",
        "MockError: operation: no operation 'requestPhoneRelief'; there is requestPhoneRelease",
        "There is no contract `no-such-contract`.",
        "scenario: no scenario 'no-such-scenario'; there is new-environment, ",
    ):
        assert line in said, said
    for word in ("Fatal", "During handling", "testing/session.py"):
        assert word not in said, said
    assert said.count("Nothing was asked in this session") == 2  # the complaint, and the unknown operation's section


def test_a_mock_that_runs_already_is_used_and_left(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "test_release.py").write_text(SUITE)
    server = serve("talkover")
    for _ in range(2):
        assert "4 passed" in run(tmp_path, "--understudy-url", server.url, "-k", "own and not reason")
    assert httpx.get(f"{server.url}/__understudy__/health").status_code == 200


def test_without_settings_it_says_what_to_set(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text("def test_it(understudy): pass\n")
    assert "Name the contracts: `understudy_contracts`" in run(tmp_path)


def test_the_mock_ends_with_the_tests_however_they_end(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text(SETTINGS)
    told = tmp_path / "url"
    (tmp_path / "test_it.py").write_text(
        "import pathlib, time\n"
        f"def test_it(understudy): pathlib.Path({str(told)!r}).write_text(understudy.url + '\\n'); time.sleep(600)\n"
    )
    with subprocess.Popen([sys.executable, "-m", "pytest"], cwd=tmp_path, stdout=subprocess.DEVNULL) as process:
        _until(lambda: told.is_file() and told.read_text().endswith("\n"))
        url = told.read_text().strip()
        assert httpx.get(f"{url}/__understudy__/health").status_code == 200
        os.kill(process.pid, signal.SIGKILL)
    _until(lambda: not _answers(url))


def test_who_does_not_use_it_pays_nothing() -> None:
    code = "import sys; import pytest; pytest.main(['--markers']); print(*sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "understudy.testing.plugin" in said
    assert "@pytest.mark.understudy(*contracts," in said
    heavy = {
        "httpx",
        "connexion",
        "click",
        "understudy_mock",
        "understudy.testing.session",
        "understudy.testing.server",
    }
    assert not heavy & set(said.split())


def _answers(url: str) -> bool:
    try:
        return httpx.get(url).status_code > 0
    except httpx.TransportError:
        return False


def _until(holds: object) -> None:
    assert callable(holds)
    limit = time.monotonic() + 60
    while not holds():
        if time.monotonic() > limit:
            pytest.fail("it did not come about")
        time.sleep(0.02)
