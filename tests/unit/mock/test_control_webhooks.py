"""Tests have webhooks sent when they want them, and look at what became of them."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

if TYPE_CHECKING:
    from conftest import Mocked, Serve

CONTRACT = """\
paths:
  /orders/{id}/payment:
    put: {operationId: pay, responses: {"204": {description: Paid.}}}
webhooks:
  orderPaid:
    post:
      x-understudy-trigger: pay
      requestBody:
        content: {application/json: {schema: {type: object, properties: {n: {const: 1}}}, example: {n: 1}}}
      responses: {"200": {description: x}}
  lonely:
    put: {responses: {"200": {description: x}}}
  broken:
    post:
      requestBody: {content: {"no media type": {schema: {type: object}}}}
      responses: {"200": {description: x}}
"""
C = "http://localhost/__understudy__"


def play(mock: Mocked, *requests: tuple[str, str, Any], status: int = 200) -> list[httpx.Response]:
    """Ask one after the other, waiting until what was sent has arrived."""
    callbacks = mock.app.runtime.callbacks
    callbacks.transport = httpx.MockTransport(lambda _: httpx.Response(status))

    async def run() -> list[httpx.Response]:
        told = []
        async with httpx.AsyncClient(transport=httpx.ASGITransport(mock.app.asgi)) as client:
            for method, path, body in requests:
                told.append(await client.request(method, C + path, json=body))
                await callbacks.drain()
        await callbacks.close()
        return told

    return asyncio.run(run())


def test_the_webhooks_are_listed(mocked: Serve) -> None:
    (told,) = play(mocked(CONTRACT, webhook_to="http://localhost:9/h"), ("GET", "/webhooks", None))
    assert told.status_code == 200
    paid, lonely, broken = told.json()["webhooks"]
    assert paid == {
        "name": "orderPaid",
        "contract": paid["contract"],
        "method": "POST",
        "media_type": "application/json",
        "schema": "/webhooks/orderPaid/post/requestBody/content/application~1json/schema",
        "after": ["pay"],
        "target": "http://localhost:9/h",
        "defect": None,
    }
    assert (lonely["method"], lonely["schema"], lonely["after"]) == ("PUT", None, [])
    assert "no media type" in broken["defect"]


def test_one_is_sent_and_its_fate_is_told(mocked: Serve) -> None:
    mock = mocked(CONTRACT)
    sent, one, all_of_it = play(
        mock,
        ("POST", "/webhooks/orderPaid/deliveries?session=ci", {"to": "http://127.0.0.1:9/x"}),
        ("GET", "/deliveries/1", None),
        ("GET", "/deliveries?session=ci", None),
    )
    assert sent.status_code == 202
    assert (sent.json()["state"], sent.json()["attempts"], sent.json()["operation"]) == ("pending", [], None)
    told = one.json()
    assert (told["state"], told["url"], told["session"], told["reason"]) == ("sent", "http://127.0.0.1:9/x", "ci", None)
    assert [attempt["status"] for attempt in told["attempts"]] == [200]
    assert json.loads(told["body"]["text"]) == {"n": 1}
    assert {"name": "content-type", "value": "application/json"} in told["headers"]
    assert all_of_it.json() == {"deliveries": [told], "total": 1}


def test_it_goes_where_webhooks_go_and_a_refusal_is_kept(mocked: Serve) -> None:
    mock = mocked(CONTRACT, webhook_to="http://localhost:9/all")
    _, told = play(
        mock, ("POST", "/webhooks/lonely/deliveries", None), ("GET", "/deliveries?limit=1", None), status=404
    )
    (delivery,) = told.json()["deliveries"]
    assert (delivery["state"], delivery["reason"]) == ("failed", "the receiver answered 404")
    assert delivery["url"] == "http://localhost:9/all"


@pytest.mark.parametrize(
    ("path", "body", "status", "says"),
    [
        ("/webhooks/nope/deliveries", {}, 404, "orderPaid"),
        ("/webhooks/lonely/deliveries", {}, 409, "--webhook-to"),
        ("/webhooks/lonely/deliveries", {"to": "http://example.test/"}, 409, "--allow-callbacks-to example.test"),
        ("/webhooks/broken/deliveries", {"to": "http://localhost/"}, 409, "no media type"),
        ("/webhooks/lonely/deliveries", {"two": 1}, 422, "two"),
        ("/webhooks/lonely/deliveries?contract=other", {}, 404, "other"),
    ],
)
def test_what_can_not_be_sent(mocked: Serve, path: str, body: Any, status: int, says: str) -> None:
    (told,) = play(mocked(CONTRACT), ("POST", path, body))
    assert told.status_code == status
    assert says in told.text


def test_an_unknown_delivery(mocked: Serve) -> None:
    (told,) = play(mocked(CONTRACT), ("GET", "/deliveries/7", None))
    assert told.status_code == 404
