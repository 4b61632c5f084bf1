"""The control API of a mock that serves a shipped contract, fuzzed with all phases and all checks.

`UNDERSTUDY_CORPUS=full` runs Schemathesis with its own numbers of examples, as `make control`, and so CI, does.
"""

from __future__ import annotations

import asyncio
import shutil
from typing import TYPE_CHECKING, Any

import httpx
import obedience

from understudy.check import check
from understudy.contract.files import shipped
from understudy.contract.loading import load
from understudy.drift.fuzzing import fuzz
from understudy.drift.target import Target
from understudy_mock.app import MockApp, mock_app
from understudy_mock.callback_sending import Policy
from understudy_mock.control.api import contract as control_contract
from understudy_mock.control.operations import functions
from understudy_mock.settings import Settings as MockSettings

if TYPE_CHECKING:
    from pathlib import Path

    from understudy.contract.model import Contract
    from understudy.drift.target import AsgiApp

TOKEN = "of-the-fuzzer"  # noqa: S105 - known to this test only


def test_the_contract_is_without_fault() -> None:
    assert list(check(load("understudy"))) == []


def test_every_operation_of_the_contract_has_a_function_and_no_function_is_left_over() -> None:
    mock = mock_app([load("talkover")])
    assert set(functions(mock.runtime)) == {operation.id for operation in control_contract().operations}


HOOK = """
webhooks:
  orderPaid:
    post:
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses: {"200": {description: Thanks.}}
"""


def test_the_control_api_is_beyond_reproach(tmp_path: Path) -> None:
    served, contract = with_webhook(tmp_path), control_contract()
    mock = mock_app([served], MockSettings(control_token=TOKEN))
    asyncio.run(ask(mock, "/api/v1/phone-numbers"))  # so that there is a journal
    asyncio.run(send(mock))  # … and a delivery
    target = Target(app=leaving_streams(mock), headers={"Authorization": f"Bearer {TOKEN}"})
    outcome = fuzz(contract, target, obedience.settings(max_examples=8, max_steps=6), lambda _: None)
    assert list(outcome.findings) == []
    assert len(outcome.summary.tested) == len(contract.operations)


def with_webhook(folder: Path) -> Contract:
    """Load Talkover's contract with a webhook, of which it has none."""
    shutil.copytree(shipped()["talkover"], folder / "talkover")
    with (folder / "talkover" / "openapi.yaml").open("a", encoding="utf-8") as file:
        file.write(HOOK)
    return load(str(folder / "talkover"))


async def send(mock: MockApp) -> None:
    """Send the webhook to a port of this machine at which nobody listens."""
    mock.runtime.callbacks.policy = Policy(attempts=1)
    mock.runtime.send_webhook("orderPaid", "default", "http://127.0.0.1:9/")
    await mock.runtime.callbacks.drain()


async def ask(mock: MockApp, path: str) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(mock.asgi), base_url="http://localhost") as client:
        await client.get(path)


def leaving_streams(mock: MockApp) -> AsgiApp:
    """Let the client leave as soon as a stream of events has begun, which would otherwise never end."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        async def gone() -> Any:
            return {"type": "http.disconnect"}

        await mock.asgi(scope, gone if scope["path"].endswith("/events") else receive, send)

    return app
