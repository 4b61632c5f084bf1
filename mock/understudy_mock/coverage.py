"""Finished exchanges go in; what clients have used of the contracts comes out.

Statuses, media types, examples and parameters are counted, one count for each combination that the contract has, so
that it stays small however long the mock runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy_mock.media import bare, from_json, to_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from understudy_mock.compiling import CompiledContract, CompiledOperation, CompiledResponse
    from understudy_mock.exchange import Answer, Exchange

_Use = tuple[str, str, int, bytes, str]
"""Contract, operation, status, media type and example of an answer."""

_Given = tuple[str, str, str, str]
"""Contract, operation, location and name of a parameter that was sent."""


_OF_USE = 3
"""How many facts of an answer count besides its operation."""

Uses = tuple[_Use, list[_Given]]
"""What one exchange used."""


def uses(operation: CompiledOperation, exchange: Exchange, answer: Answer) -> Uses:
    """Find what of the contract an exchange used."""
    contract, name = operation.contract.name, operation.operation.id
    headers = answer.headers
    media = headers[0][1].partition(b";")[0] if headers and headers[0][0] == b"content-type" else b""
    given = [
        (contract, name, location, one.name)
        for location, values in exchange.values.items()
        if values
        for one in operation.parameters.by_location[location]
        if one.name in values and (values[one.name] is not one.default or _stands(one.name, exchange))
    ]
    return (contract, name, answer.status, media, answer.example), given


class Coverage:
    """How often each declared thing was used since the start, or since it was reset."""

    def __init__(self) -> None:
        self._uses: dict[_Use, int] = {}
        self._given: dict[_Given, int] = {}

    def add(self, used: Uses) -> None:
        """Count one exchange."""
        use, given = used
        self._uses[use] = self._uses.get(use, 0) + 1
        for one in given:
            self._given[one] = self._given.get(one, 0) + 1

    def reset(self) -> None:
        """Start to count anew."""
        self._uses, self._given = {}, {}

    def take(self) -> dict[str, int]:
        """Give what was counted under names that any process can read, and start to count anew."""
        found = {to_json([*use[:3], use[4], use[3].decode("latin-1")]).decode(): n for use, n in self._uses.items()}
        found |= {to_json(given).decode(): count for given, count in self._given.items()}
        self.reset()
        return found

    def adopt(self, counts: Mapping[str, int]) -> None:
        """Take over what was counted under such names instead of what is here."""
        self.reset()
        for name, count in counts.items():
            contract, operation, *rest = from_json(name.encode())
            if len(rest) == _OF_USE:
                status, example, media = rest
                self._uses[contract, operation, status, media.encode("latin-1"), example] = count
            else:
                self._given[contract, operation, rest[0], rest[1]] = count

    def report(self, contracts: Sequence[CompiledContract]) -> dict[str, Any]:
        """Set what was used against what is declared, operation by operation, with totals."""
        found = [
            self._operation(operation, list(self._uses.items()))
            for compiled in contracts
            for operation in compiled.operations.values()
        ]
        kinds = ("statuses", "media_types", "examples", "parameters")
        parts = {kind: [entry for operation in found for entry in operation[kind]] for kind in kinds}
        totals = {"operations": _total(found), **{kind: _total(parts[kind]) for kind in kinds}}
        return {"totals": totals, "operations": found}

    def _operation(self, operation: CompiledOperation, uses: list[tuple[_Use, int]]) -> dict[str, Any]:
        key = (operation.contract.name, operation.operation.id)
        own = [(use, count) for use, count in uses if use[:2] == key]
        return {
            "contract": key[0],
            "operation": key[1],
            "method": operation.operation.method,
            "path": operation.operation.path,
            "count": sum(count for _, count in own),
            "statuses": list(_statuses(operation, own)),
            "media_types": list(_media_types(operation, own)),
            "examples": list(_examples(operation, own)),
            "parameters": [
                {"in": location, "name": one.name, "count": self._given.get((*key, location, one.name), 0)}
                for location, declared in operation.parameters.by_location.items()
                for one in declared
            ],
        }


def _stands(parameter: str, exchange: Exchange) -> bool:
    """Tell whether a value that equals the default was sent all the same."""
    return parameter.encode() in exchange.query


def _total(parts: list[dict[str, Any]]) -> dict[str, int]:
    return {"declared": len(parts), "used": sum(part["count"] > 0 for part in parts)}


def _statuses(operation: CompiledOperation, own: list[tuple[_Use, int]]) -> Iterator[dict[str, Any]]:
    counts = dict.fromkeys(operation.responses, 0)
    for use, count in own:
        if (response := operation.response_for(use[2])) is not None:
            counts[response.key] += count
    for status, count in counts.items():
        yield {"status": status, "count": count}


def _media_types(operation: CompiledOperation, own: list[tuple[_Use, int]]) -> Iterator[dict[str, Any]]:
    for response in operation.responses.values():
        for media in response.media:
            wanted = bare(media.media_type).encode("latin-1", "replace")
            count = sum(n for use, n in own if _is_of(operation, response, use) and use[3].lower() == wanted)
            yield {"status": response.key, "media_type": media.media_type, "count": count}


def _examples(operation: CompiledOperation, own: list[tuple[_Use, int]]) -> Iterator[dict[str, Any]]:
    for response in operation.responses.values():
        for name in dict.fromkeys(response.example_names()):
            count = sum(n for use, n in own if _is_of(operation, response, use) and use[4] == name)
            yield {"status": response.key, "example": name, "count": count}


def _is_of(operation: CompiledOperation, response: CompiledResponse, use: _Use) -> bool:
    return operation.response_for(use[2]) is response
