"""Requests go in as they come and go; OpenTelemetry spans come out, one for each. The one door to OpenTelemetry.

Names and attributes follow the semantic conventions for HTTP server spans; a W3C `traceparent` is honoured. Needs the
extra `understudy[otel]`; nothing else imports this module.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from understudy_mock.logging_access import explanation

if TYPE_CHECKING:
    from opentelemetry.trace import Span, Tracer

    from understudy_mock.exchange import Exchange

_METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "QUERY")
_CONTEXT_HEADERS = (b"traceparent", b"tracestate")
_FAILED = 500
_PROPAGATOR = TraceContextTextMapPropagator()


def provider() -> TracerProvider:
    """Make what sends spans by OTLP; where to is told by the standard OTEL_… variables, else http://localhost:4318."""
    resource = Resource.create({"service.name": "understudy"}).merge(OTELResourceDetector().detect())
    made = TracerProvider(resource=resource)
    made.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return made


class Tracing:
    """A stage around the whole mock."""

    def __init__(self, app: Any, spans: TracerProvider) -> None:
        self.app = app
        self._tracer: Tracer = spans.get_tracer("understudy_mock")

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Take one ASGI connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        carrier = {
            name.decode(): value.decode("latin-1") for name, value in scope["headers"] if name in _CONTEXT_HEADERS
        }
        with self._tracer.start_as_current_span(
            _method(scope), _PROPAGATOR.extract(carrier), SpanKind.SERVER, _asked(scope)
        ) as span:

            async def watched(message: Any) -> None:
                if message["type"] == "http.response.start":
                    _tell_status(span, message["status"])
                await send(message)

            await self.app(scope, receive, watched)
            _tell_choice(span, scope)


def _method(scope: Any) -> str:
    return scope["method"] if scope["method"] in _METHODS else "HTTP"


def _asked(scope: Any) -> dict[str, Any]:
    """Tell what the request says of itself; the query stays out, for it may hold credentials."""
    known = scope["method"] in _METHODS
    told = {
        "http.request.method": scope["method"] if known else "_OTHER",
        "url.path": (scope.get("raw_path") or scope["path"].encode()).decode("latin-1").partition("?")[0],
        "url.scheme": scope.get("scheme", "http"),
        "network.protocol.version": scope.get("http_version", "1.1"),
    }
    return told if known else {**told, "http.request.method_original": scope["method"]}


def _tell_status(span: Span, status: int) -> None:
    span.set_attribute("http.response.status_code", status)
    if status >= _FAILED:
        span.set_attribute("error.type", str(status))
        span.set_status(Status(StatusCode.ERROR))


def _tell_choice(span: Span, scope: Any) -> None:
    exchange: Exchange | None = scope.get("understudy")
    if exchange is None:
        return
    span.set_attribute("understudy.explanation", explanation(exchange))
    if exchange.session is not None:
        span.set_attribute("understudy.session", exchange.session.name)
    if exchange.operation is not None:
        route = _route(exchange.path, exchange.operation.operation.path)
        span.update_name(f"{_method(scope)} {route}")
        span.set_attribute("http.route", route)
        span.set_attribute("understudy.operation", exchange.operation.operation.id)
        span.set_attribute("understudy.contract", exchange.operation.contract.name)


def _route(path: str, template: str) -> str:
    """Put the prefix under which the contract answered, which has no templates, before the operation's path."""
    prefix = path.split("/")[: path.count("/") - template.count("/") + 1]
    return "/".join(prefix) + template
