"""The pytest plugin: settings and markers go in; the fixture `understudy`, a mock with a session of its own, comes out.

It is loaded into every run of pytest where Understudy is installed, so it imports nothing until the fixture is used.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from understudy.testing.server import Server
    from understudy.testing.session import Understudy

_MARKER = (
    "understudy(*contracts, scenario=None, flags=()): the contracts whose mock the fixture `understudy` gives, the "
    "scenario it plays, and further flags of `understudy serve`"
)
_SESSION = pytest.StashKey["Understudy"]()
_DIGEST = 10
_SHOWN = 60
_REMEDY = 'Name the contracts: `understudy_contracts` in the settings of pytest, or @pytest.mark.understudy("…").'


def pytest_addoption(parser: pytest.Parser) -> None:
    """Make the settings known."""
    group = parser.getgroup("understudy")
    group.addoption(
        "--understudy-url", metavar="URL", help="Use the mock that runs there, instead of starting one for the tests."
    )
    parser.addini("understudy_contracts", "The contracts whose mock the fixture `understudy` gives.", type="args")
    parser.addini("understudy_flags", "Further flags of `understudy serve`, such as --auth strict.", type="args")


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", _MARKER)


class _Servers:
    """Starts a mock for each list of words the first time it is wanted, and ends all of them."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._known: dict[tuple[str, ...], Server | Exception] = {}

    def of(self, words: tuple[str, ...]) -> Server:
        """Give the mock; one that did not start is not tried again. Raises MockFailedError."""
        if words not in self._known:
            self._known[words] = self._started(words)
        found = self._known[words]
        if isinstance(found, Exception):
            raise found
        return found

    def _started(self, words: tuple[str, ...]) -> Server | Exception:
        from understudy.testing.server import MockFailedError, Server, start

        if url := self._config.getoption("--understudy-url"):
            return Server(url)
        folder = self._config.inipath.parent if self._config.inipath else self._config.rootpath
        try:
            return start(words, folder)
        except MockFailedError as error:
            return error

    def stop(self) -> None:
        """End the mocks."""
        for server in self._known.values():
            if not isinstance(server, Exception):
                server.stop()


@pytest.fixture(scope="session")
def _understudy_servers(pytestconfig: pytest.Config) -> Iterator[_Servers]:
    servers = _Servers(pytestconfig)
    yield servers
    servers.stop()


@pytest.fixture
def understudy(request: pytest.FixtureRequest, _understudy_servers: _Servers) -> Iterator[Understudy]:
    """Give a mock, and a session in it that belongs to this test."""
    words, scenario = _wanted(request)
    session = _begun(_understudy_servers, words, request.node)
    if scenario is not None:
        _told(lambda: session.scenario(scenario))
    yield session
    session.close()


def _begun(servers: _Servers, words: tuple[str, ...], item: pytest.Item) -> Understudy:
    from understudy.testing.session import Understudy

    server: Server = _told(lambda: servers.of(words), "" if words else _REMEDY)
    session = Understudy(server.url, _name(item))
    item.stash[_SESSION] = session
    if not server.is_new_to(session.session):
        _told(session.reset)
    return session


def _told(act: Callable[[], Any], remedy: str = "") -> Any:
    """Do what the mock may not be able to; what it says about that is all of the report."""
    from understudy.testing.server import MockFailedError
    from understudy.testing.session import MockError

    try:
        return act()
    except (MockError, MockFailedError) as error:
        said = f"{error}\n{remedy}".rstrip()
    pytest.fail(said, pytrace=False)


def _wanted(request: pytest.FixtureRequest) -> tuple[tuple[str, ...], str | None]:
    """Read the words of `understudy serve`, and the scenario, from the marker and the settings."""
    marker = request.node.get_closest_marker("understudy")
    told: dict[str, Any] = dict(marker.kwargs) if marker else {}
    scenario, flags = told.pop("scenario", None), told.pop("flags", ())
    if told:
        raise pytest.UsageError(f"The marker `understudy` knows scenario and flags, not {', '.join(told)}.")
    contracts = marker.args if marker and marker.args else request.config.getini("understudy_contracts")
    return (*map(str, contracts), *request.config.getini("understudy_flags"), *map(str, flags)), scenario


def _name(item: pytest.Item) -> str:
    """Name the session after the test: the same on every run, so that shares of faults hit the same requests."""
    digest = hashlib.sha256(item.nodeid.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST]
    return f"{item.name[:_SHOWN]}-{digest}"


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Show what was asked of the mock in the report of a test that failed."""
    outcome: Any = yield
    session = item.stash.get(_SESSION, None)
    if session is None or call.when != "call":
        return
    report = outcome.get_result()
    if report.failed and not session.has_complained:
        report.sections.append(("Journal of the mock", session.told()))
