"""Each impostor earns the findings it must, and nothing besides; the honest server earns none."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn

from understudy.drift.fuzzing import fuzz
from understudy.drift.target import Settings, Target
from understudy.errors import EnvironmentFailedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Contract
    from understudy.drift.target import Outcome

HEADERS = {"Authorization": "Bearer open-sesame"}


def told(outcome: Outcome) -> str:
    return "\n".join(f"{one.rule} {one.operation}: {one.message} {dict(one.details)}" for one in outcome.findings)


def test_impostor_earns_exactly_its_findings(contract: Contract, impostor: Any) -> None:
    target = Target(app=impostor(), headers=HEADERS)
    outcome = fuzz(contract, target, impostor.settings)
    assert {finding.rule for finding in outcome.findings} == impostor.earns, told(outcome)
    assert impostor.says in told(outcome)
    assert outcome.summary.phases == ("examples", "coverage", "fuzzing", "stateful")
    assert len(outcome.summary.tested) == 4


@contextlib.contextmanager
def served(shop: Any) -> Iterator[str]:
    """Serve a shop on a free port of the loopback interface."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        scope["app"] = server
        await shop(scope, receive, send)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_level=60, lifespan="off", ws="none"))
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def test_live_server_earns_exactly_its_findings(contract: Contract, live_impostor: Any) -> None:
    with served(live_impostor()) as url:
        target = Target(url, headers=HEADERS)
        outcome = fuzz(contract, target, Settings(seed=4, max_examples=3))
    assert {finding.rule for finding in outcome.findings} - {"drift.untested"} == live_impostor.earns, told(outcome)


def test_server_that_is_not_there_is_no_finding_but_an_error(contract: Contract) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with pytest.raises(EnvironmentFailedError, match=r"can't be reached: Connection refused\.") as caught:
        fuzz(contract, Target(url), Settings(seed=4, max_examples=12))
    assert caught.value.exit_code == 3


def test_safe_run_sends_safe_methods_only(contract: Contract, noting: Any) -> None:
    target = Target(app=noting, headers=HEADERS)
    outcome = fuzz(contract, target, Settings(seed=4, max_examples=3, safe=True))
    assert noting.methods <= {"GET", "HEAD", "OPTIONS"}
    assert outcome.summary.excluded == ("createItem", "deleteItem")
    assert not outcome.findings, told(outcome)


def test_equal_seeds_find_equal_things(contract: Contract, careless: Any) -> None:
    first, second = (
        fuzz(contract, Target(app=careless(), headers=HEADERS), Settings(seed=4, max_examples=12)) for _ in range(2)
    )
    assert first.findings == second.findings
    assert first.summary.cases == second.summary.cases
