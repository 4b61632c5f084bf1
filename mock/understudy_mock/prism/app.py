"""An ASGI application that answers as Prism's `mock` does: route, check, choose, write, and check what was written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from understudy_mock.boundary import ClientGoneError, is_control, live, logger, open_exchange, read_body
from understudy_mock.coercion import coerce_text
from understudy_mock.exchange import MISSING, Answer, Exchange, RefusalError
from understudy_mock.media import is_json, to_json
from understudy_mock.prism import checking, violations, wishes
from understudy_mock.prism.choosing import Chooser, Picked, written
from understudy_mock.prism.errors import INVALID, UNAUTHORIZED, VIOLATED, PrismError, unknown
from understudy_mock.prism.routing import PrismRouter, check_server
from understudy_mock.prism.sampling import Sampler
from understudy_mock.prism.security import challenge

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Tokens
    from understudy.contract.validating import Validator
    from understudy_mock.compiling import CompiledOperation, CompiledResponse
    from understudy_mock.exchange import Header
    from understudy_mock.prism.violations import Violation
    from understudy_mock.prism.wishes import PrismWish
    from understudy_mock.runtime import Runtime

_INVALID_JSON = {"error": {"code": "invalid_json", "message": "Invalid JSON"}}
_NO_BODY = (204, 304)
_UNAUTHORIZED: Violation = {"location": [], "severity": "Error", "code": 401, "message": "Invalid security scheme used"}


class PrismApp:
    """Serves compiled contracts; what was asked and answered stands in the journal as with our own stages."""

    def __init__(self, runtime: Runtime, control: Any = None) -> None:
        self.runtime, self.control = runtime, control
        self._adopt()

    def _adopt(self) -> None:
        """Prepare what is mounted now; a reload mounts other contracts."""
        self.mounts = self.runtime.mounts
        compiled = [mount.compiled for mount in self.mounts]
        self.router = PrismRouter(entry for one in compiled for entry in one.operations.values())
        self.samplers = {id(one): Sampler(one.contract) for one in compiled}
        self._headers: dict[int, list[_Declared]] = {}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Take one ASGI connection."""
        if scope["type"] == "lifespan":
            await live(receive, send)
            return
        if scope["type"] != "http":
            return
        if self.control is not None and is_control(scope["path"]):
            await self.control(scope, receive, send)
            return
        if not self.runtime.sessions.is_local:
            await self.runtime.keep_up()
        if self.mounts is not self.runtime.mounts:
            self._adopt()
        exchange = open_exchange(scope)
        try:
            answer = await self._answer(exchange, receive)
        except PrismError as error:
            answer = error.answer()
        except ClientGoneError:
            return
        except Exception as error:  # noqa: BLE001 - whatever fails in here, the client gets an answer and no traceback
            logger.error("no answer to %s %s", exchange.method, exchange.path, exc_info=error)
            answer = unknown("The mock failed on this request; its log has the details").answer()
        self.runtime.journal.record(exchange, answer)
        await self.runtime.journal.written()
        await _send(answer, exchange, send, cors=self.runtime.settings.cors)

    async def _answer(self, exchange: Exchange, receive: Any) -> Answer:
        is_preflight = exchange.method == "OPTIONS" and exchange.header(b"access-control-request-method")
        if is_preflight and self.runtime.settings.cors:
            return Answer(204, (), b"", "preflight")
        exchange.session = self.runtime.sessions.open("default")
        wish = wishes.read(exchange, self.runtime.settings)
        try:
            exchange.content, _ = await read_body(exchange, receive, self.runtime.settings.max_body_bytes)
        except RefusalError as refusal:
            raise unknown(refusal.faults[0].message) from None
        content_type = exchange.header(b"content-type") or ""
        if exchange.content and is_json(content_type) and not checking.is_read(exchange.content):
            kind = (b"content-type", b"application/json; charset=utf-8")
            return Answer(400, (kind,), to_json(_INVALID_JSON), "prism: the body is no JSON")
        return self._routed(exchange, wish)

    def _routed(self, exchange: Exchange, wish: PrismWish) -> Answer:
        entry, exchange.path_values = self.router.find(exchange.method, exchange.path)
        exchange.operation = entry
        if wish.server is not None:
            check_server(entry, wish.server)
        if entry.defect:
            raise unknown(entry.defect)
        accept = exchange.header(b"accept")
        sampler, is_bare = self.samplers[id(entry.contract)], self.runtime.settings.ignore_examples
        chooser = Chooser(entry, wish, accept, sampler, _question(exchange), is_bare)
        missing = None if self.runtime.settings.auth == "off" else challenge(entry, exchange)
        checked = checking.check(entry, exchange)
        if missing is not None:
            return self._unauthorized(chooser, missing, checked.found)
        if checked.found:
            return self._invalid(chooser, checked)
        return self._written(chooser.valid(), chooser, [])

    def _unauthorized(self, chooser: Chooser, missing: str, found: list[Violation]) -> Answer:
        picked = chooser.invalid((401,))
        if picked is not None:
            return self._written(picked, chooser, [_UNAUTHORIZED, *found])
        more: dict[str, Any] = {"headers": {"WWW-Authenticate": missing}} if missing else {}
        raise PrismError("UNAUTHORIZED", UNAUTHORIZED, **more)

    def _invalid(self, chooser: Chooser, checked: checking.Checked) -> Answer:
        picked = chooser.invalid(checked.statuses)
        if picked is not None:
            return self._written(picked, chooser, checked.found)
        if checked.unsupported:
            raise PrismError("INVALID_CONTENT_TYPE", checked.unsupported)
        raise PrismError("UNPROCESSABLE_ENTITY", INVALID, validation=checked.found)

    def _written(self, picked: Picked, chooser: Chooser, request: list[Violation]) -> Answer:
        """Write what was chosen, and say what is wrong with the request and with the answer itself."""
        headers, wrong = self._response_headers(chooser, picked.response)
        if picked.media is not None and picked.value is not MISSING:
            wrong = violations.of_body(picked.media, picked.value) + wrong
        if picked.media is None:
            wrong = violations.of_no_media(picked.response) + wrong
        told: list[Header] = [(b"sl-violations", violations.header(request, wrong))] if request or wrong else []
        try:
            if self.runtime.settings.violations_fail:
                _hold(wrong)
            content_type, body = written(picked.media, picked.value) if picked.media else ("", b"")
        except PrismError as error:
            answer = error.answer()
            return Answer(answer.status, (*told, *answer.headers), answer.body, answer.reason)
        kind = [(b"content-type", content_type.encode("latin-1"))] if picked.media else []
        if chooser.entry.operation.value.get("deprecated") is True:
            told.append((b"deprecation", b"true"))
        return Answer(picked.status, (*told, *headers, *kind), body, picked.reason)

    def _response_headers(self, chooser: Chooser, response: CompiledResponse) -> tuple[list[Header], list[Violation]]:
        """Write the declared headers, from their example or schema, and hold them to their schemas."""
        if id(response) not in self._headers:
            self._headers[id(response)] = list(_declared(chooser.entry, response, chooser.sampler))
        headers: list[Header] = []
        wrong: list[Violation] = []
        for one in self._headers[id(response)]:
            value = chooser.made(one.made_from) if one.made_from and chooser.wish.dynamic else one.value
            text = value if isinstance(value, str) else to_json(value).decode()
            headers.append((one.name.lower().encode("latin-1", "replace"), _line(text)))
            found = one.validator.violations(coerce_text(text, one.types)) if one.validator else ()
            wrong.extend(violations.of_header(one.name, fault) for fault in found)
        return headers, wrong


@dataclass(frozen=True)
class _Declared:
    """A header of a response; `made_from` is its schema, where it has no example."""

    name: str
    value: Any
    validator: Validator | None
    types: frozenset[str]
    made_from: Tokens | None


def _declared(entry: CompiledOperation, response: CompiledResponse, sampler: Sampler) -> Iterator[_Declared]:
    contract, facts = entry.contract.contract, entry.contract.facts
    placed = entry.operation.responses[response.key]
    declared = placed.value.get("headers")
    for name in declared if isinstance(declared, dict) else ():
        header = contract.follow((*placed.tokens, "headers", name))
        if not isinstance(header.value, dict) or name.lower() in ("content-type", "content-length"):
            continue
        schema = (*header.tokens, "schema") if "schema" in header.value else None
        if "example" not in header.value and schema is None:
            continue
        value = header.value["example"] if "example" in header.value else sampler.sample(schema or ())
        validator = contract.schemas.validator(schema) if schema else None
        types = facts.types(schema) if schema else frozenset(("string",))
        yield _Declared(name, value, validator, types, None if "example" in header.value else schema)


def _question(exchange: Exchange) -> str:
    return f"{exchange.method} {exchange.path}?{exchange.query.decode('latin-1')}"


def _hold(wrong: list[Violation]) -> None:
    if wrong:
        listed = [{**violation, "location": ["response", *violation["location"]]} for violation in wrong]
        raise PrismError("VIOLATIONS", VIOLATED, validation=listed)


def _line(text: str) -> bytes:
    return "".join(letter for letter in text if letter.isprintable()).encode("latin-1", "replace")


async def _send(answer: Answer, exchange: Exchange, send: Any, *, cors: bool) -> None:
    """Put an answer on the wire, with the CORS headers that Prism sends to everybody."""
    headers: list[Header] = list(_cross_origin(answer, exchange)) if cors else []
    headers += [*answer.headers, (b"understudy-explain", answer.reason.encode("ascii", "replace"))]
    body = answer.body
    if answer.status not in _NO_BODY:
        headers.append((b"content-length", str(len(body)).encode()))
    if exchange.method == "HEAD" or answer.status in _NO_BODY:
        body = b""
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _cross_origin(answer: Answer, exchange: Exchange) -> Iterator[Header]:
    origin = exchange.header(b"origin")
    allowed = exchange.header(b"access-control-request-headers") or "*"
    yield b"access-control-allow-origin", (origin or "*").encode("latin-1")
    yield b"access-control-allow-headers", allowed.encode("latin-1")
    yield b"access-control-allow-credentials", b"true"
    yield b"access-control-expose-headers", b"*"
    if origin and answer.reason == "preflight":
        wanted = exchange.header(b"access-control-request-method") or "*"
        yield b"access-control-allow-methods", wanted.encode("latin-1")
        yield b"vary", b"origin"
