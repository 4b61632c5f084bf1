"""A method and a path go in; the operation Prism would choose comes out. Base paths play no role.

Every path is scored segment by segment: 1 for a literal, 0.5 for a template, wholly or partly; the best that knows the
method wins, a path without templates before one with, the later of equals.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from understudy.contract import pointer as pointers
from understudy_mock.prism.errors import PrismError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from understudy_mock.compiling import CompiledOperation

_UNCHANGED = "/:@!$&'()*+,;=~-._%"
_AUTHORITY = re.compile(r"//[^/]*/?")
_TEMPLATE = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True)
class Route:
    """One path template, ready to be compared."""

    pattern: re.Pattern[str]
    score: float
    is_concrete: bool
    methods: dict[str, CompiledOperation]


class PrismRouter:
    """All paths of the contracts, by how many segments they have, for a path only fits one of its own length."""

    def __init__(self, operations: Iterable[CompiledOperation]) -> None:
        methods: dict[str, dict[str, CompiledOperation]] = {}
        for entry in operations:
            methods.setdefault(entry.operation.path, {}).setdefault(entry.operation.method, entry)
        self._routes: dict[int, list[Route]] = {}
        for path, known in methods.items():
            self._routes.setdefault(path.count("/"), []).append(_route(path, known))

    def find(self, method: str, path: str) -> tuple[CompiledOperation, tuple[str, ...]]:
        """Find the operation and the values of its templates. Raises PrismError with 404 or 405."""
        path = _without_authority(path)
        read = unquote(path)
        found = [
            (route, match.groups())
            for route in self._routes.get(read.count("/"), ())
            if (match := route.pattern.fullmatch(read))
        ]
        if not found:
            detail = f"The route {path} hasn't been found in the specification file"
            raise PrismError("NO_PATH_MATCHED_ERROR", detail)
        fitting = [pair for pair in found if method in pair[0].methods]
        if not fitting:
            lacking = f'but it does not have "{method.lower()}" method defined'
            detail = f"The route {path} has been matched, {lacking}"
            raise PrismError("NO_METHOD_MATCHED_ERROR", detail)
        route, values = max(reversed(fitting), key=lambda pair: (pair[0].is_concrete, pair[0].score))
        return route.methods[method], tuple(quote(value, safe=_UNCHANGED) for value in values)


def _without_authority(path: str) -> str:
    """Leave out what stands between two slashes and the next: Prism takes it for the name of a host."""
    return _AUTHORITY.sub("/", path, count=1) if path.startswith("//") else path


def _route(path: str, methods: dict[str, CompiledOperation]) -> Route:
    text, position = "", 0
    for match in _TEMPLATE.finditer(path):
        text += re.escape(path[position : match.start()]) + "([^/]*?)"
        position = match.end()
    score = sum(0.5 if "{" in segment else 1.0 for segment in path.split("/")[1:])
    return Route(re.compile(text + re.escape(path[position:])), score, "{" not in path, methods)


def check_server(entry: CompiledOperation, url: str) -> None:
    """Let a URL pass that is one of the servers of an operation. Raises PrismError with 404."""
    patterns = server_patterns(servers_of(entry))
    if not patterns:
        detail = f"No server configuration has been provided, although {url} is set as server url"
        raise PrismError("NO_SERVER_CONFIGURATION_PROVIDED_ERROR", detail)
    if not any(pattern.fullmatch(url) for pattern in patterns):
        detail = f"The server url {url} hasn't been matched with any of the provided servers"
        raise PrismError("NO_SERVER_MATCHED_ERROR", detail)


def servers_of(entry: CompiledOperation) -> Any:
    """Find the servers of an operation: its own, those of its path, or the document's (Path Item Object)."""
    document = entry.contract.contract.document
    owners = (entry.operation.value, pointers.resolve(document, entry.operation.tokens[:-1]), document)
    return next((one["servers"] for one in owners if isinstance(one, dict) and one.get("servers")), None)


def server_patterns(servers: Any) -> list[re.Pattern[str]]:
    """Prepare the server URLs that `__server` may name; a variable stands for its enumerated values, else anything."""
    known = [one for one in servers if isinstance(one, dict)] if isinstance(servers, list) else []
    return [_server(one["url"], one.get("variables")) for one in known if isinstance(one.get("url"), str)]


def _server(url: str, variables: object) -> re.Pattern[str]:
    text = re.escape(url)
    for name, variable in variables.items() if isinstance(variables, dict) else ():
        options = variable.get("enum") if isinstance(variable, dict) else None
        told = "|".join(re.escape(str(option)) for option in options) if isinstance(options, list) else "[^/]*"
        text = text.replace(re.escape("{" + str(name) + "}"), f"(?:{told})")
    return re.compile(text)
