"""A contract and an application that serves it go in; what Schemathesis finds, and what was said to it, come out."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from understudy.check import check
from understudy.drift.fuzzing import fuzz
from understudy.drift.target import Settings, Target
from understudy.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from understudy.contract.model import Contract
    from understudy.drift.target import Outcome
    from understudy.finding import Finding
    from understudy_mock.app import MockApp

FULL = os.environ.get("UNDERSTUDY_CORPUS") == "full"
"""Whether Schemathesis runs with its own numbers of examples, as in `make fuzz`."""

_UNDOCUMENTED = "is not documented; documented:"


def settings(max_examples: int, max_steps: int) -> Settings:
    """Give the same run every time, of this size unless it is to be full."""
    return Settings(seed=20240115) if FULL else Settings(seed=20240115, max_examples=max_examples, max_steps=max_steps)


@dataclass(frozen=True)
class Question:
    """A request, as far as an answer may depend on it."""

    scope: dict[str, Any]
    body: bytes

    def __str__(self) -> str:
        target = b"?".join(filter(None, (self.scope["raw_path"], self.scope["query_string"])))
        return f"{self.scope['method']} {target.decode('latin-1')} {self.body[:500]!r}"


@dataclass(frozen=True)
class Reply:
    """An answer; two are equal if nobody could tell them apart."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


@dataclass
class Overheard:
    """An application, and what was asked of it and answered, in turn."""

    app: Any
    said: list[tuple[Question, Reply]] = field(default_factory=list)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        taken, given = [], []

        async def take() -> Any:
            taken.append(await receive())
            return taken[-1]

        async def give(message: Any) -> None:
            given.append(message)
            await send(message)

        await self.app(scope, take, give)
        kept = {name: value for name, value in scope.items() if name not in ("understudy", "extensions", "state")}
        body = b"".join(message.get("body", b"") for message in taken)
        self.said.append((Question(kept, body), _reply(given)))


@dataclass
class InTurn:
    """Mocks that answer one request after the other, as behind a balancer: what one was told, the next has to know."""

    mocks: list[MockApp]
    asked: int = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            self.asked += 1
            await self.mocks[self.asked % len(self.mocks)].asgi(scope, receive, send)
            return
        await self.mocks[0].asgi(scope, receive, send)
        for mock in self.mocks:
            await mock.runtime.sessions.close_store()


def _reply(messages: list[Any]) -> Reply:
    start, *rest = messages
    return Reply(start["status"], tuple(start["headers"]), b"".join(message.get("body", b"") for message in rest))


def fuzzed(contract: Contract, size: Settings, *mocks: MockApp) -> tuple[Outcome, list[tuple[Question, Reply]]]:
    """Let Schemathesis loose on a mock, or on several that are to be one."""
    overheard = Overheard(InTurn(list(mocks)))
    outcome = fuzz(contract, Target(app=overheard, headers=mocks[0].credential_headers(contract)), size)
    return outcome, overheard.said


def asked_again(mock: MockApp, questions: Iterable[Question]) -> list[Reply]:
    """Put the same questions to another mock, in the same order."""

    async def ask_all() -> list[Reply]:
        return [await _ask(mock.asgi, question) for question in questions]

    return asyncio.run(ask_all())


async def _ask(app: Any, question: Question) -> Reply:
    given: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": question.body, "more_body": False}

    async def send(message: Any) -> None:
        given.append(message)

    await app(dict(question.scope), receive, send)
    return _reply(given)


def forgetful(contract: Contract) -> set[str]:
    """Name the operations that declare no refusal; of these something is found wherever they are served."""
    return {one.operation for one in check(contract) if one.rule == "refusal-documented"}


def errors(contract: Contract) -> list[Finding]:
    """List what is wrong with a contract."""
    return [one for one in check(contract) if one.severity is Severity.ERROR]


def complaints(contract: Contract, outcome: Outcome) -> list[Finding]:
    """List what was found, but for what no mock can mend: a refusal where none is declared, as `check` has said."""
    excused = forgetful(contract)
    return [one for one in outcome.findings if not _is_forgotten_refusal(one, excused)]


def _is_forgotten_refusal(finding: Finding, excused: set[str]) -> bool:
    is_about_status = finding.rule == "drift.status-code-conformance" and _UNDOCUMENTED in finding.message
    return is_about_status and "status 4" in finding.message and finding.operation in excused
