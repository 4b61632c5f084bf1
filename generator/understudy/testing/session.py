"""A running mock and the name of a session go in; what a test does with them, and holds against them, comes out."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import httpx

_MOST = 1000
_NO_SUCH = 404
_UNFIT = re.compile(r"[^A-Za-z0-9._-]+")
_WHERE = ("status", "verdict", "path", "query", "header", "cookie", "body")


class MockError(Exception):
    """The mock can't do what is asked of it; the text is what it says about it."""


@dataclass(frozen=True)
class Call:
    """A request and what became of it. `operation` is empty where the request was none of the contract's."""

    number: int
    operation: str
    method: str
    path: str
    query: str
    status: int
    verdict: str
    explain: str

    def __str__(self) -> str:
        target = f"{self.path}?{self.query}" if self.query else self.path
        named = self.operation or "no operation"
        return f"{self.number:>4}  {self.method} {target} -> {self.status}  {named}  ({self.explain})"


class Understudy:
    """A mock, and the session in it that belongs to one test.

    `url` is where the mock answers. The application under test must send `headers` with its requests: they name the
    session, so that tests do not disturb each other. `has_complained` tells that a failed assertion showed the journal.
    """

    def __init__(self, url: str, session: str) -> None:
        self.url = url.rstrip("/")
        self.session = _UNFIT.sub("-", session)[-100:]
        self.headers = {"Understudy-Session": self.session}
        self.has_complained = False
        token = os.environ.get("UNDERSTUDY_CONTROL_TOKEN")
        self._control = httpx.Client(
            base_url=f"{self.url}/__understudy__",
            headers={"Authorization": f"Bearer {token}"} if token else {},
            trust_env=False,
        )

    @cached_property
    def client(self) -> httpx.Client:
        """A client that asks the mock in this session; paths are below `url`."""
        return httpx.Client(base_url=self.url, headers=self.headers, trust_env=False)

    def reset(self) -> None:
        """Begin anew: state, scenario and journal of the session are as at the start."""
        self._ask("DELETE", f"/sessions/{self.session}", tolerated=_NO_SUCH)
        self._ask("DELETE", f"/journal?session={self.session}")

    def scenario(self, name: str) -> None:
        """Play a scenario of the contract from its first step. Raises MockError if it has none of this name."""
        self._ask("PUT", f"/scenario?session={self.session}", {"scenario": name})

    def journal(self) -> list[Call]:
        """List what was asked in this session, oldest first."""
        entries = self._ask("GET", f"/journal?session={self.session}&limit={_MOST}")["entries"]
        return [_call(entry) for entry in entries]

    def calls(self, operation: str) -> list[Call]:
        """List the calls of one operation, oldest first."""
        return [call for call in self.journal() if call.operation == operation]

    def entry(self, call: Call) -> dict[str, Any]:
        """Tell everything about one exchange: headers, parameters and bodies, as `GET /__understudy__/journal/N`."""
        found: dict[str, Any] = self._ask("GET", f"/journal/{call.number}")
        return found

    def assert_called(
        self,
        operation: str,
        times: int | None = None,
        *,
        at_least: int | None = None,
        at_most: int | None = None,
        **where: Any,
    ) -> None:
        """Fail unless the operation was called so often, at least once if nothing is said.

        Calls count that are as `where` says: `status=`, `verdict=`, `path=`, `query=`, `header=`, `cookie=` (each a
        dictionary by name) and `body=`, of which only the members that are named matter, at any depth.
        """
        __tracebackhide__ = True
        if unknown := set(where) - set(_WHERE):
            raise TypeError(f"assert_called() knows {', '.join(_WHERE)}, not {', '.join(sorted(unknown))}")
        bounds = {"exactly": times, "atLeast": at_least, "atMost": at_most}
        count = {word: number for word, number in bounds.items() if number is not None} or {"atLeast": 1}
        wanted = {"operationId": operation, "session": self.session, "count": count, "where": where}
        found = self._ask("POST", "/verifications", wanted)
        if not found["verified"]:
            self.has_complained = True
            raise AssertionError(self._complaint(operation, where, found))

    def assert_not_called(self, operation: str, **where: Any) -> None:
        """Fail if the operation was called, or was called as `where` says."""
        __tracebackhide__ = True
        self.assert_called(operation, 0, **where)

    def told(self) -> str:
        """Write the journal of the session, a line for each request."""
        try:
            calls = self.journal()
        except MockError as error:
            return f"The journal can't be had: {error}"
        return "\n".join(map(str, calls)) or "Nothing was asked in this session; does the application send its headers?"

    def close(self) -> None:
        """Let go of the connections."""
        self._control.close()
        if "client" in vars(self):
            self.client.close()

    def _complaint(self, operation: str, where: dict[str, Any], found: dict[str, Any]) -> str:
        like = f" with {', '.join(f'{name}={value!r}' for name, value in where.items())}" if where else ""
        lines = [f"calls of {operation}{like}: {found['count']}, wanted: {found['expected']}"]
        if not found["complete"]:
            lines.append("The journal has lost exchanges that could count: reset() before the test does much.")
        for near in found["nearest"]:
            lines += ["Nearly:", str(_call(near)), *(f"        {text}" for text in near["differs"])]
        return "\n".join([*lines, "The journal of this session:", self.told()])

    def _ask(self, method: str, path: str, body: Any = None, tolerated: int = 0) -> Any:
        __tracebackhide__ = True
        try:
            answer = self._control.request(method, path, json=body) if body else self._control.request(method, path)
        except httpx.HTTPError as error:
            raise MockError(f"{self.url} does not answer: {error}") from None
        if answer.is_success or answer.status_code == tolerated:
            return answer.json() if answer.content else None
        raise MockError(_detail(answer))


def _detail(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["detail"])
    except (ValueError, KeyError, TypeError):
        return f"{answer.request.method} {answer.request.url}: {answer.status_code}"


def _call(entry: dict[str, Any]) -> Call:
    known = {name: entry[name] for name in Call.__dataclass_fields__ if name != "operation"}
    return Call(operation=entry["operation"] or "", **known)
