"""A receiver on this machine gets what the API sends of its own accord, from the installed command."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import queue
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conftest import Serve, Server

CONTRACT = """\
openapi: 3.1.0
info: {title: Jobs, version: "1"}
paths:
  /jobs:
    post:
      operationId: start
      requestBody:
        content: {application/json: {schema: {type: object, properties: {hook: {type: string}}}}}
      responses:
        "201":
          description: Made.
          content: {application/json: {example: {id: job-1}}}
      callbacks:
        finished:
          $request.body#/hook:
            post:
              x-understudy-signature: X-Job-Signature
              requestBody: {content: {application/json: {example: {id: none, state: done}}}}
              responses: {"204": {description: Taken.}}
webhooks:
  started:
    post:
      x-understudy-trigger: start
      requestBody: {content: {application/json: {example: {event: started}}}}
      responses: {"204": {description: Taken.}}
"""


class Receiver:
    """A server on a free port that refuses the first request and takes all others."""

    def __init__(self) -> None:
        self.got: queue.Queue[tuple[str, dict[str, str], bytes]] = queue.Queue()
        statuses = iter([503])
        got = self.got

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                got.put((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(next(statuses, 204))
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.close()


def start(server: Server, hook: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request("POST", "/jobs", json.dumps({"hook": hook}), {"Content-Type": "application/json"})
    status = connection.getresponse().status
    connection.close()
    return status


def test_a_callback_is_signed_and_tried_again(serve: Serve, tmp_path: Path, receiver: Receiver) -> None:
    (tmp_path / "jobs.yaml").write_text(dedent(CONTRACT))
    server = serve("jobs.yaml", "--webhook-secret", "s3cret", cwd=tmp_path)
    assert start(server, f"{receiver.url}/done?a=1") == 201
    first, second = (receiver.got.get(timeout=60) for _ in range(2))
    assert first == second
    path, headers, body = first
    assert (path, json.loads(body)) == ("/done?a=1", {"id": "job-1", "state": "done"})
    digest = hmac.new(b"s3cret", body, hashlib.sha256).hexdigest()
    assert headers["x-job-signature"] == f"sha256={digest}"
    # One that may not be sent does no harm either.
    assert start(server, "http://192.0.2.1/out") == 201
    assert start(server, f"{receiver.url}/next") == 201
    assert receiver.got.get(timeout=60)[0] == "/next"


def test_a_webhook_goes_where_the_flag_says(serve: Serve, tmp_path: Path, receiver: Receiver) -> None:
    (tmp_path / "jobs.yaml").write_text(dedent(CONTRACT))
    server = serve("jobs.yaml", "--webhook-to", f"{receiver.url}/all", cwd=tmp_path)
    assert start(server, "http://192.0.2.1/out") == 201
    path, headers, body = receiver.got.get(timeout=60)
    assert (path, json.loads(body)) == ("/all", {"event": "started"})
    assert "understudy-signature" not in headers


def test_the_end_does_not_wait_for_what_is_tried_again(serve: Serve, tmp_path: Path, receiver: Receiver) -> None:
    (tmp_path / "jobs.yaml").write_text(dedent(CONTRACT))
    server = serve("jobs.yaml", cwd=tmp_path)
    assert start(server, f"{receiver.url}/done") == 201
    receiver.got.get(timeout=60)
    assert server.stop() == 0
    assert "Traceback" not in server.said()
