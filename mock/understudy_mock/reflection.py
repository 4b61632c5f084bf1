"""A request and a documented or made-up body go in; the body with the request's own values where names agree comes out.

`GET /pets/42` is answered with `id: 42`, and a creation with the values that were sent. Only what the schema of the
answer takes is put in; read-only properties are the server's (OpenAPI, Schema Object).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy_mock.coercion import coerce_text
from understudy_mock.rendering import text_of
from understudy_mock.schema_facts import json_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Operation, Tokens
    from understudy_mock.compiling import CompiledMedia, CompiledOperation
    from understudy_mock.exchange import Exchange
    from understudy_mock.schema_facts import SchemaFacts

Place = tuple[str | int, ...]
Edit = tuple[Place, Any]

_ECHOING = ("POST", "PUT", "PATCH")
_VERDICTS = ("success", "ok")


def can_reflect(operation: Operation) -> bool:
    """Tell at start whether requests of an operation have anything that could come back."""
    return "{" in operation.path or (operation.method in _ECHOING and operation.request_body is not None)


def reflect(
    operation: CompiledOperation, exchange: Exchange, media: CompiledMedia, value: Any
) -> tuple[Any, tuple[str, ...]]:
    """Put the request's values into a body; gives it with the names that were put in, itself if there are none."""
    edits = [edit for edit in _edits(operation, exchange, media, value) if _read(value, edit[0]) != edit[1]]
    if not edits:
        return value, ()
    made = media.show(_with(value, edits))
    if media.takes(made):
        return made, _names(edits)
    kept: list[Edit] = []
    for edit in edits:
        if media.takes(media.show(_with(value, [*kept, edit]))):
            kept.append(edit)
    return (media.show(_with(value, kept)), _names(kept)) if kept else (value, ())


def _names(edits: list[Edit]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(place[-1]) for place, _ in edits))


def _edits(operation: CompiledOperation, exchange: Exchange, media: CompiledMedia, value: Any) -> Iterator[Edit]:
    if operation.operation.method in _ECHOING and isinstance(exchange.body, dict):
        yield from _of_body(operation.contract.facts, exchange.body, media.schema, value)
    yield from _of_path(operation.operation.path, exchange.values.get("path", {}), value)


def _of_path(path: str, values: dict[str, Any], value: Any) -> Iterator[Edit]:
    """Find the properties that a path parameter names; `{petId}` at the end also names the `id` of what is there."""
    for parameter, found in values.items():
        wanted = _plain(parameter)
        is_last = path.endswith("{" + parameter + "}")
        for place, target in _objects(value):
            names = [name for name in target if _plain(name) == wanted]
            if not names and is_last and wanted.endswith("id"):
                names = [name for name in target if name == "id"]
            if names:
                yield (*place, names[0]), _as(target[names[0]], found)
                break
        for place, target in _members(value):
            yield from (((*place, name), _as(target[name], found)) for name in target if _plain(name) == wanted)


def _of_body(facts: SchemaFacts, body: dict[str, Any], schema: Tokens | None, value: Any) -> Iterator[Edit]:
    """Echo what was sent into the object that has most names in common with it, an inner one before an envelope."""
    best: tuple[int, Place, list[str]] = (0, (), [])
    for place, target in _objects(value):
        if not place and any(isinstance(target.get(name), bool) for name in _VERDICTS):
            continue
        declared = _declared(facts, schema, place)
        common = [name for name in body if (name in target or name in declared) and _is_open(facts, declared, name)]
        if common and len(common) >= best[0]:
            best = (len(common), place, common)
    _, place, names = best
    yield from (((*place, name), body[name]) for name in names)


def _declared(facts: SchemaFacts, schema: Tokens | None, place: Place) -> dict[str, Tokens]:
    for name in place:
        schema = facts.properties(schema).get(str(name)) if schema else None
    return facts.properties(schema) if schema else {}


def _is_open(facts: SchemaFacts, declared: dict[str, Tokens], name: str) -> bool:
    """Tell whether a client may both say and see what the property is."""
    return name not in declared or not (facts.is_read_only(declared[name]) or facts.is_write_only(declared[name]))


def _objects(value: Any) -> Iterator[tuple[Place, dict[str, Any]]]:
    if isinstance(value, dict):
        yield (), value
        yield from (((name,), held) for name, held in value.items() if isinstance(held, dict))


def _members(value: Any) -> Iterator[tuple[Place, dict[str, Any]]]:
    lists: list[tuple[Place, list[Any]]] = [((), value)] if isinstance(value, list) else []
    if isinstance(value, dict):
        lists = [((name,), held) for name, held in value.items() if isinstance(held, list)]
    for place, items in lists:
        yield from (((*place, index), item) for index, item in enumerate(items) if isinstance(item, dict))


def _as(model: Any, found: Any) -> Any:
    """Give a value the type of the one it replaces."""
    if isinstance(model, str):
        return text_of(found)
    return coerce_text(found, frozenset((json_type(model),))) if isinstance(found, str) else found


def _plain(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()


def _read(value: Any, place: Place) -> Any:
    for token in place:
        value = value[int(token)] if isinstance(value, list) else value.get(token)
    return value


def _with(value: Any, edits: list[Edit]) -> Any:
    """Give a copy with the edits; what lies beside them is shared."""
    for place, new in edits:
        value = _put(value, place, new)
    return value


def _put(value: Any, place: Place, new: Any) -> Any:
    if not place:
        return new
    token, rest = place[0], place[1:]
    made: Any = list(value) if isinstance(value, list) else dict(value)
    made[token] = _put(made[token], rest, new) if rest else new
    return made
