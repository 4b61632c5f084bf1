"""The ledger and the contract tell of the same operations, and every position and assumption gives its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy.check.rule import Rule
from understudy.contract import grammar
from understudy.contract import pointer as pointers
from understudy.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Contract, Operation, Tokens
    from understudy.contract.source import Source
    from understudy.finding import Finding

RULE = Rule("ledger", Severity.ERROR, "Bring ledger.yaml and the contract together.")

ASSUMED = "x-understudy-assumed"

_ENTRY_FIELDS = ("operationId", "method", "path", "source", "language", "evidence")
_POSITION_FIELDS = ("subject", "position", "reason")
_MARKED = {"openapi": ("info",)}
"""Objects that the grammar does not name, but that may be marked."""


def check(contract: Contract) -> Iterator[Finding]:
    """Yield what stands in one of the two only, what they say differently, and what lacks a reason."""
    yield from _assumptions(contract)
    ledger = contract.ledger
    if ledger is None:
        return
    entries = ledger.value.get("operations") if isinstance(ledger.value, dict) else None
    if not isinstance(entries, list):
        message = "The ledger has no list of `operations`."
        yield RULE.beside(ledger, (), message, remedy="List every operation under `operations`.")
        return
    yield from _unlisted(contract, entries)
    named = {
        entry["operationId"]: ("operations", index)
        for index, entry in enumerate(entries)
        if isinstance(entry, dict) and isinstance(entry.get("operationId"), str)
    }
    for operation in contract.operations:
        if operation.id not in named:
            message = f"The ledger has no entry for {operation.id} ({operation.method} {operation.path})."
            yield RULE.at(contract, operation.tokens, message, remedy="Add it to ledger.yaml.", of_key=True)
    for index, entry in enumerate(entries):
        yield from _entry(contract, ledger, ("operations", index), entry)
        if isinstance(entry, dict) and named.get(str(entry.get("operationId")), ()) not in ((), ("operations", index)):
            message = f"The ledger tells of `{entry['operationId']}` twice."
            yield RULE.beside(ledger, ("operations", index, "operationId"), message, of_key=False)


def _assumptions(contract: Contract) -> Iterator[Finding]:
    """Find each `x-understudy-assumed` in the contract that gives no reason."""
    for tokens in _marks(contract):
        if not _is_text(pointers.resolve(contract.document, (*tokens, ASSUMED))):
            message = f"`{ASSUMED}` must be a text that says why this is assumed."
            yield RULE.at(contract, (*tokens, ASSUMED), message, remedy="Say what no source states.")


def _marks(contract: Contract) -> Iterator[Tokens]:
    """Find the objects that are marked as assumed. What examples hold is data and marks nothing."""
    for node in grammar.walk(contract.document):
        if ASSUMED in _mapping(node.value):
            yield node.tokens
        for name in _MARKED.get(node.kind, ()):
            if ASSUMED in _mapping(_mapping(node.value).get(name)):
                yield (*node.tokens, name)


def _entry(contract: Contract, ledger: Source, at: Tokens, entry: Any) -> Iterator[Finding]:
    if not isinstance(entry, dict):
        yield RULE.beside(ledger, at, "An entry of the ledger is a mapping.", remedy="Start it with `operationId:`.")
        return
    yield from _lacking(ledger, at, entry, _ENTRY_FIELDS)
    yield from _source(ledger, at, entry)
    for index, position in enumerate(_list(entry.get("positions"))):
        yield from _lacking(ledger, (*at, "positions", index), position, _POSITION_FIELDS)
    operation = next((one for one in contract.operations if one.id == entry.get("operationId")), None)
    if operation is None:
        if _is_text(entry.get("operationId")):
            message = f"The contract has no operation `{entry['operationId']}`."
            yield RULE.beside(ledger, (*at, "operationId"), message, of_key=False)
        return
    yield from _agreement(contract, ledger, at, operation)
    for index, assumed in enumerate(_list(entry.get("assumed"))):
        place = (*at, "assumed", index)
        yield from _lacking(ledger, place, assumed, ("at", "reason"))
        yield from _leads_somewhere(contract, ledger, place, operation)


def _lacking(ledger: Source, at: Tokens, entry: Any, fields: tuple[str, ...]) -> Iterator[Finding]:
    for name in fields:
        if not isinstance(entry, dict) or not _is_text(entry.get(name)):
            has = isinstance(entry, dict) and name in entry
            message = f"`{name}` must be a text." if has else f"`{name}` is missing."
            yield RULE.beside(ledger, (*at, name), message, remedy="Complete the entry.", of_key=False)


def _source(ledger: Source, at: Tokens, entry: dict[str, Any]) -> Iterator[Finding]:
    sources = ledger.value.get("sources")
    name = entry.get("source")
    if isinstance(sources, dict) and isinstance(name, str) and name and name not in sources:
        message = f"The ledger declares no source `{name}`."
        yield RULE.beside(ledger, (*at, "source"), message, remedy="Add it under `sources`.", of_key=False)


def _agreement(contract: Contract, ledger: Source, at: Tokens, operation: Operation) -> Iterator[Finding]:
    expected = {"method": operation.method, "path": contract.base_path + operation.path}
    entry = pointers.resolve(ledger.value, at)
    for name, value in expected.items():
        if _is_text(entry.get(name)) and entry[name] != value:
            message = f"The ledger gives {operation.id} the {name} `{entry[name]}`, the contract `{value}`."
            yield RULE.beside(ledger, (*at, name), message, of_key=False)


def _leads_somewhere(contract: Contract, ledger: Source, at: Tokens, operation: Operation) -> Iterator[Finding]:
    entry = pointers.resolve(ledger.value, at)
    place = entry.get("at") if isinstance(entry, dict) else None
    if not _is_text(place):
        return
    value = _reach(contract, operation, _split(str(place)))
    if value is None:
        message = f"`{place}` leads nowhere in {operation.id}."
        yield RULE.beside(ledger, (*at, "at"), message, remedy="Correct the pointer.", of_key=False)
    elif not any(ASSUMED in _mapping(pointers.resolve(contract.document, tokens)) for tokens in _both(contract, value)):
        message = f"The contract does not mark `{place}` of {operation.id} as assumed."
        yield RULE.beside(ledger, (*at, "at"), message, remedy=f"Add `{ASSUMED}` there.", of_key=False)


def _unlisted(contract: Contract, entries: list[Any]) -> Iterator[Finding]:
    """Find each mark in the contract that no entry of the ledger lists."""
    listed = {tokens for entry in entries for tokens in _listed(contract, _mapping(entry))}
    for tokens in _marks(contract):
        if tokens not in listed:
            message = "No entry of the ledger lists this assumption."
            yield RULE.at(contract, (*tokens, ASSUMED), message, remedy="Add it under `assumed`.", of_key=True)


def _listed(contract: Contract, entry: dict[str, Any]) -> Iterator[Tokens]:
    operation = next((one for one in contract.operations if one.id == entry.get("operationId")), None)
    for assumed in _list(entry.get("assumed")) if operation else ():
        place = _mapping(assumed).get("at")
        reached = _reach(contract, operation, _split(place)) if operation and isinstance(place, str) else None
        yield from _both(contract, reached) if reached is not None else ()


def _both(contract: Contract, tokens: Tokens) -> tuple[Tokens, Tokens]:
    """Name the place itself, and the one its reference leads to: a mark may stand at either."""
    return tokens, _follow(contract, tokens)


def _follow(contract: Contract, tokens: Tokens) -> Tokens:
    try:
        return contract.follow(tokens).tokens
    except (KeyError, ValueError):  # a `$ref` inside an example is data
        return tokens


def _reach(contract: Contract, operation: Operation, tokens: list[str]) -> Tokens | None:
    """Follow a pointer into an operation, references resolved and parameters called by name."""
    start = operation.tokens
    if tokens[:1] == ["parameters"] and len(tokens) > 1:
        found = [one.tokens for one in operation.parameters if one.value.get("name") == tokens[1]]
        if not found:
            return None
        start, tokens = found[0], tokens[2:]
    for token in tokens:
        start = _follow(contract, start)
        is_index = isinstance(pointers.resolve(contract.document, start), list) and token.isdecimal()
        start = (*start, int(token) if is_index else token)
        try:
            pointers.resolve(contract.document, start)
        except KeyError:
            return None
    return start


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _split(place: str) -> list[str]:
    return pointers.split("/" + place.lstrip("/"))


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
