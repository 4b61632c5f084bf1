"""What `Understudy-Explain` says is so: every operation of every contract, asked in every way, answers as it claims."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import pytest

from understudy.contract.loading import load
from understudy_mock.app import MockApp, mock_app
from understudy_mock.media import bare, from_json, is_json
from understudy_mock.sample_requests import SampleRequest
from understudy_mock.settings import Settings
from understudy_mock.statuses import LEAST_FINAL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy_mock.compiling import CompiledMedia, CompiledOperation
    from understudy_mock.journal import Entry
    from understudy_mock.mounting import Mount

FOLDER = Path(__file__).parent / "contracts"
CONTRACTS = [*sorted(str(path) for path in FOLDER.iterdir()), "talkover", "talkturo"]

_EXAMPLE = re.compile(r"example (.+?) of ([0-9]{3})(?:[;,]|$)")
_OWN_REASONS = ("unknown-schema: ", "broken-example: ", "ungeneratable: ", "no-response: ")
_LONGEST = 500
_SERVER_ERROR, _REFUSED, _NOT_IMPLEMENTED = 500, 400, 501


@dataclass(frozen=True)
class Question:
    """One way to ask; `about` says which, `code` is the status that was wished for."""

    about: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    code: int | None = None
    keeps_body: bool = True
    keeps_credentials: bool = True


@dataclass(frozen=True)
class Told:
    """An answer, and what the journal has of it."""

    status: int
    headers: dict[str, str]
    body: bytes
    entry: Entry

    @property
    def explanation(self) -> str:
        return self.headers["understudy-explain"]

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "")


def questions(operation: CompiledOperation) -> Iterator[Question]:
    """List the ways in which an operation is asked."""
    yield Question("plain")
    yield Question("made up", {"prefer": "dynamic=true"})
    yield Question("a malformed wish", {"prefer": "code=soon"})
    yield Question("an interim wish", {"prefer": "code=103"})
    yield Question("an unknown example", {"prefer": "example=there-is-none"})
    yield Question("no credential", keeps_credentials=False)
    yield Question("a malformed credential", {"authorization": "Nonsense"}, keeps_credentials=False)
    yield Question("another Accept", {"accept": "application/x-nothing"})
    if operation.body is not None:
        yield Question("no body", keeps_body=False)
        yield Question("another media type", {"content-type": "application/x-nothing"}, b"x")
        yield Question("broken JSON", {"content-type": "application/json"}, b'{"a":')
    for key, response in operation.responses.items():
        code = int(key) if key.isdecimal() else 200 if key == "default" else int(key[0]) * 100
        yield Question(f"code {code}", {"prefer": f"code={code}"}, code=code)
        yield Question(f"code {code}, made up", {"prefer": f"code={code}, dynamic=true"}, code=code)
        for media in response.media:
            wish = {"prefer": f"code={code}", "accept": media.concrete}
            yield Question(f"{code} as {media.concrete}", wish, code=code)
            for name in media.examples:
                wish = f"code={code}, example={quote(name) if not name.isascii() else json.dumps(name)}"
                yield Question(f"example {name} of {code}", {"prefer": wish}, code=code)


class Client:
    """Asks a mock in this process."""

    def __init__(self, name: str) -> None:
        contract = load(name)
        self.mock: MockApp = mock_app([contract], Settings(auth="strict"))
        self.mount: Mount = self.mock.mounts[0]
        found = self.mock.credential_headers(contract)
        self.credentials = {name.lower(): value for name, value in found.items()}

    def ask(self, operation: CompiledOperation, question: Question) -> Told:
        """Put a question to an operation, in a request that is good but for what the question changes."""
        method, target, headers, content = self._good(operation)
        headers |= self.credentials if question.keeps_credentials else {}
        if question.body is not None:
            content = question.body
        elif not question.keeps_body:
            content = b""
            headers.pop("content-type", None)
        headers |= question.headers
        start, body = asyncio.run(self._play(method, target, headers, content))
        told = {name.decode(): value.decode("latin-1") for name, value in start["headers"]}
        return Told(start["status"], told, body, list(self.mock.runtime.journal)[-1])

    def _good(self, operation: CompiledOperation) -> tuple[str, str, dict[str, str], bytes]:
        sample = SampleRequest(operation)
        headers = {name.lower(): value for name, value in sample.headers}
        headers |= {"content-type": sample.body.media_type} if sample.body else {}
        target = f"{self.mount.key}{sample.path}?{'&'.join(sample.query)}"
        return operation.operation.method, target, headers, sample.body.content if sample.body else b""

    async def _play(
        self, method: str, target: str, headers: dict[str, str], content: bytes
    ) -> tuple[dict[str, Any], bytes]:
        start: dict[str, Any] = {}
        body = b""

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": content, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            nonlocal body
            start.update({name: value for name, value in message.items() if name in ("status", "headers")})
            body += message.get("body", b"")

        parts = urlsplit(target)
        sent = [(name.encode(), value.encode("latin-1", "replace")) for name, value in headers.items()]
        scope = {"type": "http", "method": method, "path": parts.path, "raw_path": parts.path.encode()}
        await self.mock.asgi({**scope, "query_string": parts.query.encode(), "headers": sent}, receive, send)
        return start, body


def faults(operation: CompiledOperation, question: Question, told: Told) -> Iterator[str]:
    """Find what an answer's explanation says and its status, headers or body do not."""
    media = _declared(operation, told)
    yield from _of_status(operation, question, told)
    yield from _of_example(operation, told, media)
    yield from _of_body(told, media)
    yield from _of_refusal(told)


def _declared(operation: CompiledOperation, told: Told) -> CompiledMedia | None:
    response = operation.response_for(told.status)
    declared = response.media if response else ()
    return next((one for one in declared if bare(one.concrete) == bare(told.media_type)), None)


def _of_status(operation: CompiledOperation, question: Question, told: Told) -> Iterator[str]:
    is_forced = told.explanation.startswith("forced")
    if is_forced and question.code is not None and told.status != question.code:
        yield f"it says forced, and {question.code} was asked for"
    if told.status < LEAST_FINAL:
        yield "an interim status ends no request"
    is_explained = told.status == _NOT_IMPLEMENTED and told.explanation.startswith(_OWN_REASONS)
    is_wished = question.code == told.status and operation.response_for(told.status) is not None
    if told.status >= _SERVER_ERROR and not (is_explained or is_wished):
        yield "it is an error of the server that nobody asked for"


def _of_example(operation: CompiledOperation, told: Told, media: CompiledMedia | None) -> Iterator[str]:
    found = _EXAMPLE.search(told.explanation)
    if not found or told.entry.faults:
        return
    name, status = found[1], int(found[2])
    if told.status != status:
        yield f"it says {status}"
    response = operation.response_for(status)
    known = {example.name for one in (response.media if response else ()) for example in one.examples.values()}
    if media is None or not any(_printed(one) == name for one in known):
        yield f"there is no example {name}"
        return
    example = next((one for one in media.examples.values() if _printed(one.name) == name), None)
    if example is not None and "with the request's" not in told.explanation and told.body != example.body:
        yield f"the body is not the example {name}"


def _of_body(told: Told, media: CompiledMedia | None) -> Iterator[str]:
    if media is None:
        if told.body and told.media_type != "application/problem+json":
            yield f"{told.media_type} is not declared"
        return
    if "generated from the schema" in told.explanation and media.schema is None:
        yield "there is no schema to generate from"
    if is_json(told.media_type) and not (told.body and media.takes(from_json(told.body))):
        yield "the body does not fit its schema"


def _of_refusal(told: Told) -> Iterator[str]:
    entry = told.entry
    if entry.verdict in ("refused", "unanswerable") and entry.kind not in ("state", "options"):
        if told.status < _REFUSED:
            yield "it is refused with a success"
        if not told.explanation.startswith(f"{entry.kind}: "):
            yield f"its kind is {entry.kind}"
        if len(told.explanation) < _LONGEST:
            yield from (
                f"the fault of {fault.name} is not told"
                for fault in entry.faults
                if _printed(fault.name) not in told.explanation and fault.name != "body"
            )
    elif entry.faults and entry.verdict == "answered":
        yield "an answer has no faults"


def _printed(text: str) -> str:
    return "".join(letter if " " <= letter <= "~" else "?" for letter in text)


@pytest.mark.parametrize("name", CONTRACTS, ids=lambda name: Path(name).stem)
def test_it_is_as_it_says(name: str) -> None:
    client = Client(name)
    wrong = [
        f"{operation.operation.id}, {question.about}: {told.status} {told.explanation!r}: {fault}"
        for operation in client.mount.compiled.operations.values()
        for question in questions(operation)
        for told in (client.ask(operation, question),)
        for fault in faults(operation, question, told)
    ]
    assert wrong == []


def test_a_good_request_is_answered() -> None:
    refused = []
    for name in CONTRACTS:
        client = Client(name)
        for operation in client.mount.compiled.operations.values():
            told = client.ask(operation, Question("plain"))
            if told.entry.verdict != "answered":
                refused.append(f"{Path(name).stem} {operation.operation.id}: {told.explanation}")
    assert refused == []
