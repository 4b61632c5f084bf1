"""What goes wrong, for whom, how often, and that it is the same on every run."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from understudy.contract.fault_grammar import parse_rule
from understudy.errors import InputError, UsageError
from understudy_mock import misbehaving
from understudy_mock.journal import Journal

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Mocked, Serve

CONTRACT = """\
paths:
  /a:
    get:
      operationId: getA
      responses:
        "200":
          description: x
          headers:
            X-RateLimit-Limit: {schema: {type: integer}, example: 100}
            X-RateLimit-Reset: {schema: {type: integer}, example: 30}
          content: {application/json: {example: {a: 1}}}
        "503":
          description: x
          content: {application/json: {example: {error: down}}}
  /b:
    get:
      operationId: getB
      responses: {"200": {description: x, content: {text/plain: {example: bbbbbbbbbb}}}}
"""


class Clock:
    """Counts what was slept instead of sleeping, and tells the time it is set to."""

    def __init__(self, mock: Mocked) -> None:
        self.slept: list[float] = []
        self.now = 1000.0
        mock.app.runtime.faults.sleep = self.sleep
        mock.app.runtime.faults.clock = lambda: self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.sleep(0)


def statuses(mock: Mocked, times: int = 60, line: str = "GET /a", **headers: str) -> list[int]:
    return [mock.ask(line, **headers).status for _ in range(times)]


def test_a_share_of_requests_fails_in_the_contracts_own_words(mocked: Serve) -> None:
    mock = mocked(CONTRACT, faults=("getA:status=503@30%",))
    told = [mock.ask("GET /a") for _ in range(200)]
    failed = [one for one in told if one.status == 503]
    assert 35 < len(failed) < 85
    assert all(one.json == {"error": "down"} for one in failed)
    assert {one.status for one in told} == {200, 503}
    assert statuses(mock, line="GET /b") == [200] * 60


def test_an_undeclared_status_is_a_problem(mocked: Serve) -> None:
    told = mocked(CONTRACT, faults=("getB:status=503",)).ask("GET /b")
    assert told.status == 503
    assert told.headers["content-type"] == "application/problem+json"


def test_runs_repeat(mocked: Serve) -> None:
    fault = ("*:status=500@50%",)
    first, again = (statuses(mocked(CONTRACT, faults=fault)) for _ in range(2))
    assert first == again
    assert set(first) == {200, 500}


def test_sessions_and_seeds_draw_apart(mocked: Serve) -> None:
    fault = ("*:status=500@50%",)
    mock = mocked(CONTRACT, faults=fault)
    runs = [
        statuses(mock),
        statuses(mock, understudy_session="other"),
        statuses(mocked(CONTRACT, faults=fault), prefer="seed=7"),
    ]
    assert runs[0] != runs[1] != runs[2] != runs[0]


def test_the_order_of_sessions_changes_nothing(mocked: Serve) -> None:
    fault = ("*:status=500@50%",)
    one, two = mocked(CONTRACT, faults=fault), mocked(CONTRACT, faults=fault)
    apart = [statuses(one, 20, understudy_session=name) for name in ("x", "y")]
    mixed: list[list[int]] = [[], []]
    for _ in range(20):
        for index, name in enumerate(("y", "x")):
            mixed[1 - index] += statuses(two, 1, understudy_session=name)
    assert apart == mixed


def test_a_reset_of_the_session_begins_the_run_again(mocked: Serve) -> None:
    mock = mocked(CONTRACT, faults=("*:status=500@50%",))
    first = statuses(mock)
    mock.app.reset()
    assert statuses(mock) == first


def test_a_global_status_comes_before_routing(mocked: Serve) -> None:
    mock = mocked(CONTRACT, faults=("*:status=503",))
    assert mock.ask("GET /nowhere").status == 503
    assert mock.ask("DELETE /a").status == 503
    assert mock.ask("GET /a").json == {"error": "down"}


def test_a_fault_of_an_operation_comes_before_authentication(mocked: Serve) -> None:
    secured = CONTRACT + "security: [{k: []}]\ncomponents: {securitySchemes: {k: {type: http, scheme: bearer}}}\n"
    mock = mocked(secured, faults=("getA:status=503",))
    assert (mock.ask("GET /a").status, mock.ask("GET /b").status) == (503, 401)


def test_delays_add_up(mocked: Serve) -> None:
    mock = mocked(CONTRACT, faults=("*:delay=200", "getA:delay=uniform(100,300)", "getA:delay=50@0%"))
    clock = Clock(mock)
    assert mock.ask("GET /a", prefer="delay=1000").status == 200
    assert clock.slept[:2] == [1.0, 0.2]
    assert len(clock.slept) == 3
    assert 0.1 <= clock.slept[2] <= 0.3
    mock.ask("GET /b")
    assert clock.slept[3:] == [0.2]


def test_wishes(mocked: Serve) -> None:
    mock = mocked(CONTRACT)
    told = mock.ask("GET /a", prefer="fault=status=503")
    assert (told.status, told.json) == (503, {"error": "down"})
    assert mock.ask("GET /a?__fault=status=503").status == 503
    assert mock.ask("GET /a").status == 200


@pytest.mark.parametrize("wish", ["fault=boom", "fault=limit=1/2", "delay=soon", 'delay="uniform(3,1)"', "scenario="])
def test_malformed_wishes(mocked: Serve, wish: str) -> None:
    told = mocked(CONTRACT).ask("GET /a", prefer=wish)
    assert told.status == 422
    assert wish.partition("=")[0] in told.json["detail"]


@pytest.mark.parametrize(
    ("fault", "error"),
    [("reset", ConnectionResetError), ("empty", ConnectionAbortedError), ("truncate", ConnectionAbortedError)],
)
def test_without_a_socket_a_broken_connection_is_an_error(
    mocked: Serve, fault: str, error: type[ConnectionError]
) -> None:
    mock = mocked(CONTRACT)
    with pytest.raises(error):
        mock.ask("GET /b", prefer=f"fault={fault}")
    entry = list(mock.app.runtime.journal)[-1]
    assert f"fault {fault}" in entry.reason
    assert entry.status == (200 if fault == "truncate" else misbehaving.NOTHING)


def test_a_body_in_drops_is_whole(mocked: Serve) -> None:
    mock = mocked(CONTRACT)
    clock = Clock(mock)
    assert mock.ask("GET /b", prefer="fault=drip=3").body == b"bbbbbbbbbb"
    assert clock.slept == [pytest.approx(1 / 3)] * 9
    clock.slept.clear()
    assert mock.ask("GET /b", prefer='fault="drip=40"').body == b"bbbbbbbbbb"
    assert clock.slept == [pytest.approx(0.1)] * 2


def test_a_limit_counts_in_fixed_windows(mocked: Serve) -> None:
    mock = mocked(CONTRACT, faults=("getA:limit=2/60s",))
    clock = Clock(mock)
    assert statuses(mock, 2) == [200, 200]
    clock.now += 15
    told = mock.ask("GET /a")
    assert told.status == 429
    assert (told.headers["retry-after"], told.headers["x-ratelimit-reset"]) == ("45", "45")
    assert mock.ask("GET /b").status == 200
    assert mock.ask("GET /a", understudy_session="other").status == 200
    clock.now += 45
    again = mock.ask("GET /a")
    assert again.status == 200
    assert "retry-after" not in again.headers
    # Those the contract declares, and no others.
    assert {name: value for name, value in again.headers.items() if "rate" in name} == {
        "x-ratelimit-limit": "2",
        "x-ratelimit-reset": "60",
    }


def test_a_limit_has_the_usual_headers_where_none_are_declared(mocked: Serve) -> None:
    mock = mocked(CONTRACT, faults=("*:limit=1/10",))
    Clock(mock)
    told = mock.ask("GET /b")
    assert told.headers["x-ratelimit-remaining"] == "0"
    assert told.headers["x-ratelimit-reset"] == "1010"
    assert mock.ask("GET /b").headers["retry-after"] == "10"


def test_rules_of_a_session_are_its_own(mocked: Serve) -> None:
    mock = mocked(CONTRACT)
    sessions = mock.app.runtime.sessions
    sessions.open("ci").rules = [parse_rule("getA:status=500"), parse_rule("*:status=502")]
    sessions.common.rules = [parse_rule("getB:status=503")]
    assert (mock.ask("GET /a").status, mock.ask("GET /b").status) == (200, 503)
    assert mock.ask("GET /a", understudy_session="ci").status == 502
    assert [str(rule) for rule in sessions.open("ci").rules] == ["getA:status=500", "*:status=502"]
    sessions.open("ci").rules = [parse_rule("getA:status=500")]
    assert mock.ask("GET /a", understudy_session="ci").status == 500
    sessions.open("ci").rules = ()
    sessions.common.rules = ()
    assert mock.ask("GET /b", understudy_session="ci").status == 200


def test_unknown_operations_are_refused_at_the_start(mocked: Serve) -> None:
    with pytest.raises(UsageError, match="no operation `getC`; there are getA, getB"):
        mocked(CONTRACT, faults=("getC:reset",))


def test_a_profile(mocked: Serve, tmp_path: Path) -> None:
    (tmp_path / "faults.yaml").write_text(
        "description: bad day\nfaults:\n  - getA:status=500\n"
        "  - {operation: getB, fault: status=502, percent: 100, session: ci}\n"
    )
    mock = mocked(CONTRACT, fault_profile=str(tmp_path / "faults.yaml"))
    assert [mock.ask(f"GET /{path}").status for path in "ab"] == [500, 200]
    assert [mock.ask(f"GET /{path}", understudy_session="ci").status for path in "ab"] == [500, 502]


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("- getA:reset\n", 1, "list `faults`"),
        ("faults: {}\n", 1, "list `faults`"),
        ("faults: []\nmore: 1\n", 2, "`more`"),
        ("faults:\n  - getA:reset\n  - getC:reset\n", 3, "no operation `getC`"),
        ("faults:\n  - getA:boom\n", 2, "`boom`"),
        ("faults:\n  - {operation: getA}\n", 2, "`fault`"),
        ("faults:\n  - {fault: reset, percent: 200}\n", 2, "`200%`"),
        ("faults:\n  - {fault: reset, when: now}\n", 2, "`when`"),
        ("faults:\n  - {fault: reset, session: 5}\n", 2, "`session`"),
        ("faults:\n  - 5\n", 2, "a mapping"),
        ("faults: [\n", 2, "YAML"),
    ],
)
def test_a_profile_that_is_wrong(mocked: Serve, tmp_path: Path, text: str, line: int, says: str) -> None:
    file = tmp_path / "faults.yaml"
    file.write_text(text)
    with pytest.raises(InputError) as caught:
        mocked(CONTRACT, fault_profile=str(file))
    place: Any = caught.value.finding.location
    assert (place.path, place.line) == (str(file), line)
    assert says in caught.value.message


def test_a_profile_that_is_missing(mocked: Serve, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="can't be read"):
        mocked(CONTRACT, fault_profile=str(tmp_path / "none.yaml"))


def test_nothing_is_planned_where_nothing_can_go_wrong(mocked: Serve) -> None:
    mock = mocked(CONTRACT)
    assert isinstance(mock.app.runtime.journal, Journal)
    mock.ask("GET /a")
    session = mock.app.runtime.sessions.open("default")
    assert session.document.groups() == []
