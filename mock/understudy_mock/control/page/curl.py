"""A journal entry goes in; the command that sends the same request again comes out, to be pasted into a shell."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, Any

from understudy_mock.authentication import credential_headers
from understudy_mock.redaction import REDACTED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy_mock.runtime import Runtime

_OF_THE_WIRE = frozenset(
    ("host", "content-length", "connection", "transfer-encoding", "accept-encoding", "user-agent", "origin", "referer")
)
_USUAL = {"accept": "*/*"}
_GLOBBED = re.compile(r"[][{}]")


def command(entry: dict[str, Any], address: str, mock: Runtime) -> str:
    """Write it, one option a line. Where a credential was hidden, one stands that the mock takes, if it knows any."""
    query = f"?{entry['query']}" if entry["query"] else ""
    body = entry["request"]["body"]
    lines = [" ".join(_beginning(entry["method"], f"{address}{entry['path']}{query}", has_body=body["bytes"] > 0))]
    lines += [f"-H {shlex.quote(f'{name}: {value}' if value else f'{name};')}" for name, value in _headers(entry, mock)]
    if body["bytes"]:
        is_whole = "text" in body and not body["cut"]
        lines.append(f"--data-raw {shlex.quote(body['text'])}" if is_whole else "--data-binary @body")
    return " \\\n  ".join(lines)


def _beginning(method: str, target: str, *, has_body: bool) -> Iterator[str]:
    yield "curl"
    if _GLOBBED.search(target):
        yield "--globoff"
    if method == "HEAD" and not has_body:
        yield "--head"
    elif method != "GET" or has_body:
        yield f"-X {shlex.quote(method)}"
    yield shlex.quote(target)


def _headers(entry: dict[str, Any], mock: Runtime) -> Iterator[tuple[str, str]]:
    known = _credentials(entry["contract"], mock)
    for header in entry["request"]["headers"]:
        name, value = header["name"], header["value"]
        is_needed = not name.startswith("sec-") and name not in _OF_THE_WIRE and _USUAL.get(name) != value
        if is_needed and not (name == "cookie" and REDACTED in value):
            yield name, known.get(name, value) if REDACTED in value else value


def _credentials(contract: str | None, mock: Runtime) -> dict[str, str]:
    for mount in mock.mounts:
        if mount.compiled.name == contract:
            found = credential_headers(mount.compiled.contract)
            return {name.lower(): value for name, value in found.items()}
    return {}
