"""An operation that declares headers of HTTP's own goes in; what plays its requests as they want comes out.

Tags and conditions (RFC 9110, 13), `Location`, `Last-Modified`, ranges and idempotency keys. Only what the contract
declares is done: a header that no response declares is not sent, a status that it does not have is not answered.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from understudy_mock import idempotency, locations, modification, ranges
from understudy_mock.answering import answer
from understudy_mock.entity_tags import TagStyle, is_same, tag_style
from understudy_mock.exchange import Answer, Exchange, Fault, RefusalError
from understudy_mock.media import bare, is_json
from understudy_mock.preconditions import CONDITIONS, Standing, failed_condition, http_date, is_cached, is_conditional
from understudy_mock.routing import template_names
from understudy_mock.selection import success
from understudy_mock.sessions import session_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from understudy.contract.model import Tokens
    from understudy_mock.compiling import CompiledOperation, CompiledResponse
    from understudy_mock.state.memory import Memory

_SAFE = ("GET", "HEAD")
_OK, _CREATED, _SUCCESSFUL = 200, 201, 2
_TELLING_304 = (b"etag", b"last-modified", b"cache-control", b"vary", b"content-location", b"expires")
_STATUSES = frozenset(("206", "304", "412"))
_SENT = (b"etag", b"last-modified", b"location", b"accept-ranges")


def semantics(operation: CompiledOperation) -> Semantics | None:
    """Prepare an operation; None if it declares nothing of all this."""
    if operation.defect:
        return None
    key = idempotency.header_name(operation)
    sent = {name for response in operation.responses.values() for name, _ in response.headers}
    asked = {parameter.name.lower().encode() for parameter in operation.parameters.by_location.get("header", ())}
    is_marking = operation.contract.is_dated and operation.operation.method not in _SAFE
    told = sent & set(_SENT) or asked & set(CONDITIONS) or _STATUSES & set(operation.responses)
    if key is None and not is_marking and not told:
        return None
    target = _target(operation)
    return Semantics(operation, target, _style(operation, target), key)


def _target(operation: CompiledOperation) -> CompiledOperation | None:
    """Find the GET whose answer the conditions are about: at the same path, else at that of the item it acts on."""
    path = operation.operation.path
    item = path[: path.rfind("}") + 1]
    found = {one.operation.path: one for one in operation.contract.operations.values() if one.operation.method == "GET"}
    target = found.get(path) or found.get(item)
    return None if target is None or target.defect or _has_effects(target) else target


def _has_effects(operation: CompiledOperation) -> bool:
    rules = operation.contract.behaviour.rules.get(operation.operation.id, ())
    return any(rule.create or rule.set or rule.delete for rule in rules)


def _style(operation: CompiledOperation, target: CompiledOperation | None) -> TagStyle | None:
    """Find how tags are written: as the target declares them, else the operation itself."""
    for one in (target, operation):
        for key, response in one.responses.items() if one else ():
            sample = dict(response.headers).get(b"etag")
            if one and sample is not None and key.startswith(("2", "d")):
                schema = _schema(one, key, "etag")
                return tag_style(one.contract.synthesis, schema, sample.decode("latin-1"))
    return None


def _schema(operation: CompiledOperation, key: str, name: str) -> Tokens | None:
    """Find the schema of a declared header."""
    placed, contract = operation.operation.responses[key], operation.contract.contract
    declared = placed.value.get("headers")
    for own in declared if isinstance(declared, dict) else ():
        if own.lower() == name:
            header = contract.follow((*placed.tokens, "headers", own))
            return (*header.tokens, "schema") if isinstance(header.value, dict) and "schema" in header.value else None
    return None


@dataclass(frozen=True)
class _Scene:
    """One request, and what it is played against."""

    exchange: Exchange
    memory: Memory | None
    now: datetime


@dataclass(frozen=True)
class Semantics:
    """Plays one operation. `target` is the GET whose answers the tags are of, `key` the header of idempotency."""

    operation: CompiledOperation
    target: CompiledOperation | None
    style: TagStyle | None
    key: str | None

    def play(self, exchange: Exchange, memory: Memory | None, now: datetime) -> Answer:
        """Answer a request. Raises RefusalError; with a forced choice everything is as it is documented."""
        wish, scene = exchange.wish, _Scene(exchange, memory, now)
        if wish.code is not None or wish.example is not None or wish.variant is not None:
            return answer(self.operation, exchange, memory, now)
        if self.key is None:
            return self._played(scene)
        document = session_of(exchange).document
        held = idempotency.recalled(document, self.operation, exchange, self.key)
        if held is not None:
            exchange.is_repeated = True
            return held
        return idempotency.keep(document, self.operation, exchange, self.key, self._played(scene))

    def _played(self, scene: _Scene) -> Answer:
        if scene.exchange.method in _SAFE:
            return self._read(scene)
        self._check_before(scene)
        made = answer(self.operation, scene.exchange, scene.memory, scene.now)
        return self._signed(scene, made) if _is_good(made) else made

    def _read(self, scene: _Scene) -> Answer:
        made = answer(self.operation, scene.exchange, scene.memory, scene.now)
        if not _is_good(made):
            return made
        told = made
        if scene.exchange.method == "HEAD" and self.target is not None and self.target is not self.operation:
            told = self._shown(scene, self.target, scene.exchange.path_values) or made
        standing = Standing(True, self._tags(told), self._modified(scene, made, scene.exchange.path))
        made = self._with_validators(made, standing)
        if is_conditional(scene.exchange) and (failed := failed_condition(scene.exchange, standing)):
            if not is_cached(scene.exchange, failed):
                self._refuse(failed)
            elif response := _exactly(self.operation, 304):
                return _unmodified(made, response, failed)
        return self._in_part(scene.exchange, made, standing)

    def _check_before(self, scene: _Scene) -> None:
        """Hold the request's conditions to what it is about to change. Raises RefusalError with 412 if it is declared.

        What is not there has no conditions to meet, unless the request may make it (RFC 9110, 13.2.1).
        """
        exchange, target = scene.exchange, self.target
        if target is None or not is_conditional(exchange) or not self._understands(exchange):
            return
        shown = self._of_target(scene, None)
        if shown is None and exchange.method != "PUT":
            return
        tags = self._tags(shown)
        if tags and not set(_wanted(exchange)) & set(tags):
            others = [media.concrete for media in success(target)[1].media]
            tags += tuple(tag for accept in others for tag in self._tags(self._of_target(scene, accept)))
        modified = self._modified(scene, shown, self._target_path(exchange)) if shown else None
        if failed := failed_condition(exchange, Standing(shown is not None, tags, modified)):
            self._refuse(failed)

    def _understands(self, exchange: Exchange) -> bool:
        """Tell whether there are tags to compare; without any only `*` means something."""
        return self.style is not None or all(wanted == "*" for wanted in _wanted(exchange))

    def _refuse(self, failed: str) -> None:
        if self.operation.response_for(412) is not None:
            message = "does not hold: the item is another by now"
            raise RefusalError("precondition", (412,), (Fault("header", (failed,), "precondition", message),))

    def _signed(self, scene: _Scene, made: Answer) -> Answer:
        """Tell in the answer to a write where the item is, and what it is like now."""
        exchange = scene.exchange
        place = self._place(exchange, made)
        paths = [exchange.path, *([place[0]] if place else [])]
        if self.operation.contract.is_dated:
            modification.note(self.operation, exchange, paths, scene.now)
        names = {name for name, _ in made.headers}
        if names & {b"etag", b"last-modified"}:
            shown = self._shown(scene, place[1], place[2]) if place and place[1] else self._of_target(scene, None)
            told = shown or made
            made = self._with_validators(made, Standing(True, self._tags(told), self._modified(scene, told, paths[-1])))
        return self._located(exchange, made, place[0]) if place and b"location" in names else made

    def _place(self, exchange: Exchange, made: Answer) -> tuple[str, CompiledOperation | None, tuple[str, ...]] | None:
        """Find the path of the item that was made, its GET, and the values of its templates."""
        if made.status != _CREATED or exchange.touched is None:
            return None
        item, resource = exchange.touched
        if exchange.method == "PUT":
            return exchange.path, self.target, exchange.path_values
        found = locations.item_operation(self.operation.contract, resource)
        values = locations.item_values(found, resource, item, exchange) if found else None
        if found is None or values is None:
            return None
        path = locations.fill(found.operation.path, values)
        texts = tuple(locations.fill("{" + name + "}", values) for name in template_names(found.operation.path))
        is_shown = found.operation.method == "GET" and not found.defect
        return locations.prefix(self.operation, exchange) + path, found if is_shown else None, texts

    def _located(self, exchange: Exchange, made: Answer, path: str) -> Answer:
        whole = locations.absolute(path, exchange)
        sample = dict(made.headers)[b"location"]
        forms = (whole, path) if sample.startswith((b"http:", b"https:")) else (path, whole)
        return self._with_header(made, b"location", *forms)

    def _of_target(self, scene: _Scene, accept: str | None) -> Answer | None:
        if self.target is None:
            return None
        count = len(template_names(self.target.operation.path))
        return self._shown(scene, self.target, scene.exchange.path_values[:count], accept)

    def _shown(
        self, scene: _Scene, target: CompiledOperation, values: tuple[str, ...], accept: str | None = None
    ) -> Answer | None:
        """Play a GET to see what it would answer; None if that is no success."""
        headers = [] if accept is None else [(b"accept", accept.encode("latin-1"))]
        asked = Exchange("GET", self._target_path(scene.exchange), b"", headers, operation=target, path_values=values)
        asked.session = scene.exchange.session
        target.parameters.read(asked, [])
        try:
            made = answer(target, asked, scene.memory, scene.now)
        except RefusalError:
            return None
        return made if _is_good(made) else None

    def _target_path(self, exchange: Exchange) -> str:
        if self.target is None:
            return exchange.path
        return _cut(exchange.path, self.operation.operation.path, self.target.operation.path)

    def _tags(self, shown: Answer | None) -> tuple[str, ...]:
        return (self.style.write(shown.body),) if shown is not None and self.style is not None else ()

    def _modified(self, scene: _Scene, shown: Answer, path: str) -> datetime | None:
        """Tell when what stands at a path was changed last, where the contract lets it be told."""
        if not self.operation.contract.is_dated:
            return None
        return modification.moment(self.operation, scene.exchange, path, shown)

    def _with_validators(self, made: Answer, standing: Standing) -> Answer:
        if standing.tags:
            made = self._with_header(made, b"etag", standing.tags[0])
        if standing.modified is not None:
            texts = format_datetime(standing.modified, usegmt=True), standing.modified.isoformat()
            made = self._with_header(made, b"last-modified", *texts)
        return made

    def _with_header(self, made: Answer, name: bytes, *forms: str) -> Answer:
        """Give a header that the answer has a value, in the first form that its schema takes."""
        if not any(own == name for own, _ in made.headers):
            return made
        response = self.operation.response_for(made.status)
        schema = _schema(self.operation, response.key, name.decode()) if response else None
        fits = self.operation.contract.synthesis.fits
        text = next((form for form in forms if schema is None or fits(schema, form)), None)
        return made if text is None else replace(made, headers=tuple(_put(made.headers, name, text)))

    def _in_part(self, exchange: Exchange, made: Answer, standing: Standing) -> Answer:
        """Give the part of a content that was asked for (RFC 9110, 14.2), where the contract declares 206."""
        response = _exactly(self.operation, 206)
        if response is None or made.status != _OK or exchange.method != "GET":
            return made
        made = self._with_header(made, b"accept-ranges", "bytes")
        wanted = exchange.header(b"range")
        if wanted is None or not _is_still(exchange, standing) or _media(response, made) is None:
            return made
        try:
            spans = ranges.read(wanted, len(made.body))
        except ranges.UnsatisfiableError:
            return self._unsatisfied(made)
        if not spans or (len(spans) > 1 and not _takes(response, "multipart/byteranges")):
            return made
        return _part(made, response, spans)

    def _unsatisfied(self, made: Answer) -> Answer:
        if self.operation.response_for(416) is None:
            return made
        fault = Fault("header", ("Range",), "range", f"lies outside the content, which has {len(made.body)} bytes")
        raise RefusalError("range", (416,), (fault,), ((b"content-range", b"bytes */%d" % len(made.body)),))


def _is_good(made: Answer) -> bool:
    return made.status // 100 == _SUCCESSFUL


def _exactly(operation: CompiledOperation, status: int) -> CompiledResponse | None:
    """Find a response that is declared for this status or its class; `default` means others."""
    response = operation.response_for(status)
    return None if response is None or response.key == "default" else response


def _wanted(exchange: Exchange) -> list[str]:
    return [text for name in CONDITIONS[:2] if (text := exchange.header(name)) is not None]


def _cut(path: str, template: str, shorter: str) -> str:
    """Take the segments off a path that its template has beyond another one."""
    extra = template.count("/") - shorter.count("/")
    return "/".join(path.split("/")[:-extra]) if extra > 0 else path


def _put(headers: tuple[tuple[bytes, bytes], ...], name: bytes, text: str) -> Iterator[tuple[bytes, bytes]]:
    for own, value in headers:
        yield own, (text.encode("latin-1", "replace") if own == name else value)


def _unmodified(made: Answer, response: CompiledResponse, failed: str) -> Answer:
    """Say that the client has it already, with the headers that a cache wants (RFC 9110, 15.4.5)."""
    told = {name: value for name, value in made.headers if name in _TELLING_304}
    declared = {name: value for name, value in response.headers if name != b"content-type"}
    return Answer(304, tuple({**declared, **told}.items()), b"", f"{failed}: the client has it; {made.reason}")


def _is_still(exchange: Exchange, standing: Standing) -> bool:
    """Tell whether the client's first part is one of this content (RFC 9110, 13.1.5)."""
    wanted = exchange.header(b"if-range")
    if wanted is None:
        return True
    if any(is_same(wanted.strip(), tag) for tag in standing.tags):
        return True
    return standing.modified is not None and http_date(wanted) == standing.modified


def _media(response: CompiledResponse, made: Answer) -> str | None:
    """Find under which declared media type a part may be sent; a piece of JSON is none by any schema."""
    kind = dict(made.headers).get(b"content-type", b"").decode("latin-1")
    if not response.media:
        return kind
    if not _takes(response, kind) or (is_json(kind) and any(media.schema for media in response.media)):
        return None
    return kind


def _takes(response: CompiledResponse, media_type: str) -> bool:
    offered = (bare(media.media_type) for media in response.media)
    return any(one in ("*/*", bare(media_type)) for one in offered)


def _part(made: Answer, response: CompiledResponse, spans: tuple[ranges.Span, ...]) -> Answer:
    length, full = len(made.body), dict(made.headers)
    headers: dict[bytes, Any] = {**dict(response.headers), b"content-type": full[b"content-type"]}
    headers |= {name: full[name] for name in _TELLING_304 if name in full}
    if len(spans) == 1:
        body, headers[b"content-range"] = made.body[spans[0].first : spans[0].last + 1], spans[0].header(length)
    else:
        body, headers[b"content-type"] = ranges.multipart(made.body, spans, full[b"content-type"])
        headers.pop(b"content-range", None)
    return Answer(206, tuple(headers.items()), body, f"{len(body)} of {length} bytes; {made.reason}", made.example)
