"""A span for each request: its name, its attributes, its parent."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from understudy.cli import running
from understudy.errors import UsageError
from understudy_mock.tracing import Tracing

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan

    from conftest import Serve

TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
CONTRACT = """
servers: [{url: /api/v1}]
paths:
  /pets/{id}:
    get:
      operationId: readPet
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      responses: {"200": {description: A pet., content: {application/json: {schema: {type: string}, example: Rex}}}}
  /broken:
    get: {operationId: broken, responses: {"200": {description: X, content: {application/json: {schema: {type: x}}}}}}
"""


@pytest.fixture
def spans() -> InMemorySpanExporter:
    return InMemorySpanExporter()


def trace(asgi: Any, spans: InMemorySpanExporter, line: str, **headers: str) -> ReadableSpan:
    """Play one request through a traced mock and give its span."""
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    method, _, target = line.partition(" ")
    path, _, query = target.partition("?")
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "scheme": "http",
        "http_version": "1.1",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(_message: dict[str, Any]) -> None:
        return None

    asyncio.run(Tracing(asgi, provider)(scope, receive, send))
    (span,) = spans.get_finished_spans()
    spans.clear()
    return span


def test_a_span_is_named_by_method_and_route_and_says_what_happened(mocked: Serve, spans: InMemorySpanExporter) -> None:
    span = trace(mocked(CONTRACT).app.asgi, spans, "GET /api/v1/pets/7?key=secret")
    assert (span.name, span.kind) == ("GET /api/v1/pets/{id}", SpanKind.SERVER)
    attributes = dict(span.attributes or {})
    assert attributes.pop("understudy.explanation")
    assert attributes.pop("understudy.contract")
    assert attributes == {
        "http.request.method": "GET",
        "http.response.status_code": 200,
        "http.route": "/api/v1/pets/{id}",
        "network.protocol.version": "1.1",
        "understudy.operation": "readPet",
        "understudy.session": "default",
        "url.path": "/api/v1/pets/7",
        "url.scheme": "http",
    }


def test_the_route_is_the_one_that_was_taken(mocked: Serve, spans: InMemorySpanExporter) -> None:
    assert trace(mocked(CONTRACT).app.asgi, spans, "GET /pets/7").name == "GET /pets/{id}"


def test_a_trace_goes_on(mocked: Serve, spans: InMemorySpanExporter) -> None:
    span = trace(mocked(CONTRACT).app.asgi, spans, "GET /pets/7", traceparent=f"00-{TRACE}-{PARENT}-01")
    assert span.parent is not None
    assert (f"{span.context.trace_id:032x}", f"{span.parent.span_id:016x}") == (TRACE, PARENT)


@pytest.mark.parametrize("header", ["", "00-zz-1-01", f"00-{'0' * 32}-{PARENT}-01"])
def test_a_bad_parent_is_none(mocked: Serve, spans: InMemorySpanExporter, header: str) -> None:
    assert trace(mocked(CONTRACT).app.asgi, spans, "GET /pets/7", traceparent=header).parent is None


def test_without_a_route_a_span_has_only_the_method(mocked: Serve, spans: InMemorySpanExporter) -> None:
    asgi = mocked(CONTRACT).app.asgi
    span = trace(asgi, spans, "GET /nothing")
    assert (span.name, (span.attributes or {})["http.response.status_code"]) == ("GET", 404)
    assert span.status.status_code is StatusCode.UNSET, "a 4xx is the client's fault"
    odd = trace(asgi, spans, "BREW /nothing")
    assert (odd.name, (odd.attributes or {})["http.request.method"]) == ("HTTP", "_OTHER")
    assert (odd.attributes or {})["http.request.method_original"] == "BREW"


def test_an_answer_that_failed_is_an_error(mocked: Serve, spans: InMemorySpanExporter) -> None:
    span = trace(mocked(CONTRACT).app.asgi, spans, "GET /broken")
    assert span.status.status_code is StatusCode.ERROR
    assert (span.attributes or {})["error.type"] == "501"


def test_without_the_extra_one_sentence_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "understudy_mock.tracing")
    monkeypatch.delattr("understudy_mock.tracing")
    for name in [name for name in sys.modules if name.startswith("opentelemetry")]:
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(UsageError) as told, running.observed(None, {"otel": True, "log": "off"}):
        pass
    assert told.value.remedy == "Install it with: pip install 'understudy[otel]'"
