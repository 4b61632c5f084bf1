"""Callbacks and webhooks: when they are sent, where to, with what in them, and what becomes of them."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from understudy.errors import UsageError
from understudy_mock.callback_sending import Callbacks, Policy

if TYPE_CHECKING:
    from conftest import Mocked, Serve
    from understudy_mock.deliveries import Delivery

CONTRACT = """\
paths:
  /jobs/{id}:
    post:
      operationId: start
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: fail, in: query, schema: {type: boolean}}
      requestBody:
        content:
          application/json:
            schema:
              type: object
              required: [hook]
              properties: {hook: {type: string}, label: {type: string}}
      responses:
        "202":
          description: x
          content: {application/json: {example: {data: {number: 42, state: running}}}}
        "500": {description: x}
      callbacks:
        finished:
          '{$request.body#/hook}?status={$statusCode}':
            post:
              requestBody:
                content:
                  application/json:
                    schema:
                      type: object
                      properties:
                        id: {type: string}
                        number: {type: integer}
                        state: {const: done}
                        label: {type: string}
                        inner: {type: object}
                    example: {id: none, number: 1, state: done, label: a, inner: {label: b, id: 5}}
              responses: {"200": {description: x}}
  /quiet:
    get: {operationId: quiet, responses: {"200": {description: x}}}
webhooks:
  jobStarted:
    post:
      x-understudy-trigger: start
      x-understudy-signature: X-Signed
      requestBody: {content: {application/json: {schema: {type: object, required: [at], properties: {at: {const: 1}}}}}}
      responses: {"200": {description: x}}
  lonely:
    put: {responses: {"200": {description: x}}}
"""


class Receiver:
    """Answers what it is told to, and keeps what it gets."""

    def __init__(self, mock: Mocked, *answers: int | Exception) -> None:
        self.got: list[httpx.Request] = []
        self.answers = list(answers)
        self.slept: list[float] = []
        self.callbacks: Callbacks = mock.app.runtime.callbacks
        self.callbacks.transport = httpx.MockTransport(self.answer)
        self.callbacks.sleep = self.sleep

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.got.append(request)
        told = self.answers.pop(0) if self.answers else 200
        if isinstance(told, Exception):
            raise told
        return httpx.Response(told, headers={"location": "http://example.test/"})

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.sleep(0)


def play(mock: Mocked, method: str, path: str, **arguments: Any) -> list[Delivery]:
    """Ask once, and wait until all that this triggers is over."""

    async def run() -> list[Delivery]:
        transport = httpx.ASGITransport(mock.app.asgi)
        async with httpx.AsyncClient(transport=transport, base_url="http://mock") as client:
            await client.request(method, path, **arguments)
        await mock.app.runtime.callbacks.drain()
        await mock.app.runtime.callbacks.close()
        return mock.app.runtime.callbacks.of()

    return asyncio.run(run())


def start(mock: Mocked, hook: str = "http://localhost:9/h", path: str = "/jobs/j-7", **headers: str) -> list[Delivery]:
    return play(mock, "POST", path, json={"hook": hook, "label": "mine"}, headers=headers)


def test_a_callback_follows_a_success(mocked: Serve) -> None:
    mock = mocked(CONTRACT)
    receiver = Receiver(mock)
    finished, started = start(mock, **{"Understudy-Session": "ci"})
    (request,) = receiver.got
    assert (request.method, str(request.url)) == ("POST", "http://localhost:9/h?status=202")
    assert request.headers["content-type"] == "application/json"
    assert "understudy-signature" not in request.headers
    assert (finished.name, finished.session, finished.operation) == ("finished", "ci", "start")
    assert (finished.state, [attempt.status for attempt in finished.attempts]) == ("sent", [200])
    assert (started.state, started.reason[:9], started.attempts) == ("refused", "no target", [])
    assert mock.app.runtime.callbacks.of("other") == []


def test_values_of_the_exchange_are_reflected(mocked: Serve) -> None:
    mock = mocked(CONTRACT)
    receiver = Receiver(mock)
    start(mock)
    # `state` keeps its value, because the schema takes no other; of `inner.id` the type differs.
    assert json.loads(receiver.got[0].content) == {
        "id": "j-7",
        "number": 42,
        "state": "done",
        "label": "mine",
        "inner": {"label": "mine", "id": 5},
    }


def test_nothing_follows_a_failure_or_another_operation(mocked: Serve) -> None:
    mock = mocked(CONTRACT)
    receiver = Receiver(mock)
    assert start(mock, Prefer="code=500") == []
    assert play(mock, "POST", "/jobs/1", json={}) == []
    assert play(mock, "GET", "/quiet") == []
    assert receiver.got == []


def test_a_webhook_goes_where_webhooks_go(mocked: Serve) -> None:
    mock = mocked(CONTRACT, webhook_to="http://127.0.0.1:9/all", webhook_secret="s3cret")  # noqa: S106 - made up
    receiver = Receiver(mock)
    finished, started = start(mock)
    assert [str(request.url) for request in receiver.got] == [finished.url, "http://127.0.0.1:9/all"]
    assert (started.name, started.body) == ("jobStarted", b'{"at":1}')
    signed = receiver.got[1]
    digest = hmac.new(b"s3cret", signed.content, hashlib.sha256).hexdigest()
    assert signed.headers["x-signed"] == f"sha256={digest}"
    assert "understudy-signature" in receiver.got[0].headers


def test_a_webhook_on_demand(mocked: Serve) -> None:
    mock = mocked(CONTRACT)
    receiver = Receiver(mock)

    async def run() -> Delivery:
        delivery = mock.app.runtime.send_webhook("lonely", "ci", "http://localhost:9/x")
        assert delivery.state == "pending"
        await mock.app.runtime.callbacks.drain()
        return delivery

    delivery = asyncio.run(run())
    assert (delivery.state, delivery.session, delivery.method) == ("sent", "ci", "PUT")
    assert receiver.got[0].content == b""
    with pytest.raises(UsageError, match="no webhook `nope`"):
        mock.app.runtime.send_webhook("nope", "ci")


def test_it_is_tried_again_with_longer_and_longer_pauses(mocked: Serve) -> None:
    mock = mocked(CONTRACT)
    receiver = Receiver(mock, 500, httpx.ConnectError("nobody there"), 429, 204)
    delivery = start(mock)[0]
    assert delivery.state == "sent"
    assert [(attempt.status, attempt.error) for attempt in delivery.attempts] == [
        (500, ""),
        (0, "nobody there"),
        (429, ""),
        (204, ""),
    ]
    assert receiver.slept == [0.5, 1.0, 2.0]
    assert len({request.content for request in receiver.got}) == 1


def test_it_is_not_tried_for_ever(mocked: Serve) -> None:
    mock = mocked(CONTRACT)
    receiver = Receiver(mock, *[503] * 9)
    delivery = start(mock)[0]
    assert (delivery.state, delivery.reason) == ("failed", "the receiver answered 503")
    assert len(receiver.got) == len(delivery.attempts) == 4


@pytest.mark.parametrize("status", [302, 400, 404, 410])
def test_what_is_refused_for_good_is_not_tried_again(mocked: Serve, status: int) -> None:
    mock = mocked(CONTRACT)
    receiver = Receiver(mock, status)
    assert start(mock)[0].state == "failed"
    assert len(receiver.got) == 1


@pytest.mark.parametrize(
    "hook",
    [
        "http://example.test/h",
        "http://10.0.0.1/h",
        "http://169.254.169.254/latest",
        "http://0.0.0.0/h",
        "http://127.1/h",
        "http://2130706433/h",
        "http://localhost.example.test/h",
        "http://localhost@example.test/h",
        "http://[::2]/h",
        "http://[::ffff:10.0.0.1]/h",
        "ftp://localhost/h",
        "file:///etc/passwd",
        "//localhost/h",
        "localhost:80",
        "http://",
        "http://[",
        "http://local host/",
        "http://localhost:99999/",
        "",
    ],
)
def test_nothing_leaves_this_machine(mocked: Serve, hook: str) -> None:
    mock = mocked(CONTRACT)
    receiver = Receiver(mock)
    delivery = start(mock, hook)[0]
    assert (delivery.state, delivery.attempts) == ("refused", [])
    assert delivery.reason
    assert receiver.got == []


@pytest.mark.parametrize(
    "hook", ["http://127.0.0.1/h", "http://127.8.9.1:80", "https://[::1]:8/h", "http://[::ffff:127.0.0.1]/"]
)
def test_what_is_this_machine(hook: str) -> None:
    assert Policy().refusal(hook) == ""


def test_named_hosts_may_be_sent_to() -> None:
    policy = Policy(allowed=frozenset(("example.test", "other.test:8443")))
    assert policy.refusal("https://example.test/h") == ""
    assert policy.refusal("https://EXAMPLE.test:81/h") == ""
    assert policy.refusal("https://other.test:8443/h") == ""
    assert "--allow-callbacks-to other.test" in policy.refusal("https://other.test/h")


def test_a_url_that_can_not_be_made_is_recorded(mocked: Serve) -> None:
    told = CONTRACT.replace("{$request.body#/hook}?", "{$request.body#/none}?")
    delivery = start(mocked(told))[0]
    assert (delivery.state, delivery.reason) == ("refused", "$request.body#/none has no value here")
    broken = start(mocked(CONTRACT.replace("{$request.body#/hook}?", "{$request.bdy}?")))[0]
    assert broken.state == "refused"
    assert "after $request. comes" in broken.reason


def test_closing_gives_up_what_is_under_way(mocked: Serve) -> None:
    mock = mocked(CONTRACT)
    receiver = Receiver(mock, 500)
    callbacks = mock.app.runtime.callbacks
    reached = asyncio.Event()

    async def sleep(_: float) -> None:
        reached.set()
        await asyncio.Event().wait()

    async def run() -> Delivery:
        callbacks.sleep = sleep
        delivery = mock.app.runtime.send_webhook("lonely", "ci", "http://localhost:9/x")
        await reached.wait()
        await callbacks.close()
        return delivery

    assert asyncio.run(run()).state == "abandoned"
    assert len(receiver.got) == 1
