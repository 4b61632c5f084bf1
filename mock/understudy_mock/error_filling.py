"""An error object and the faults of a request go in; the object with the faults in the places made for them comes out.

Places are found by name and type. An object that was made from its schema is also rid of the optional properties that
nothing is known for, so that it says nothing untrue; one from an example keeps what it has.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from understudy_mock import error_names as names
from understudy_mock.error_names import plain
from understudy_mock.schema_facts import json_type
from understudy_mock.telling import pointer

if TYPE_CHECKING:
    from understudy.contract.model import Tokens
    from understudy_mock.compiling import CompiledContract
    from understudy_mock.telling import Told

_DEPTH = 4


@dataclass(frozen=True)
class Filler:
    """Fills error objects with one refusal. `keep_text`: an example's own sentence stays beside a list of faults."""

    compiled: CompiledContract
    told: Told
    is_example: bool = False
    keep_text: bool = False

    def has_list(self, value: Any, depth: int = 0) -> bool:
        """Tell whether an error object has a place for single faults, itself or in an object it wraps."""
        if isinstance(value, list):
            return depth == 0
        if not isinstance(value, dict) or depth > _DEPTH:
            return False
        listed = [held for name, held in value.items() if plain(name) in names.LISTS and _is_list(name, held)]
        wrapped = [held for name, held in value.items() if plain(name) in names.WRAPPERS and isinstance(held, dict)]
        return bool(listed) or any(self.has_list(held, depth + 1) for held in wrapped)

    def fill(self, value: Any, schema: Tokens | None, depth: int = 0) -> Any:
        """Fill a whole error body, or the error object inside one."""
        if isinstance(value, str):
            return self.told.text
        if isinstance(value, list):
            return self._list(value, schema)
        if not isinstance(value, dict) or depth > _DEPTH:
            return value
        if depth == 0 and not value.keys() & _declared(self, schema).keys() and self._is_map(schema):
            return self._map(value, schema)
        return self._object(value, schema, depth)

    def _object(self, value: dict[str, Any], schema: Tokens | None, depth: int) -> dict[str, Any]:
        declared = _declared(self, schema)
        summary = _summary(value)
        made: dict[str, Any] = {}
        for name, held in value.items():
            n, place = plain(name), declared.get(name)
            if n in names.LISTS and _is_list(name, held):
                made[name] = self._listed(held, place)
            elif n in names.WRAPPERS and isinstance(held, dict):
                made[name] = self.fill(held, place, depth + 1)
            elif name == summary and not (self.keep_text and self.has_list(value)):
                made[name] = self.told.text
            elif (found := self._fact(n, held, place)) is not None:
                made[name] = found
            elif self._stays(name, held, place, schema):
                made[name] = None if self._is_absent(n, place) else held
        return made

    def _fact(self, name: str, held: Any, place: Tokens | None) -> Any:
        """Find what else is known of the whole refusal for a property; None if nothing."""
        kind, options = json_type(held), _options(self, place)
        if name in names.STATUSES and (found := self._status(name, held, place)) is not None:
            return found
        if kind == "boolean" and name in names.VERDICTS | names.FAILURES:
            return name in names.FAILURES
        if kind == "string" and options:
            return names.for_status(options, self.told.status)
        if self.is_example or kind != "string":
            return None
        if name in names.PARAMETERS:
            return self.told.faults[0].name if self.told.faults else None
        if name in names.PHRASES:
            return self.told.phrase
        if name == "type" and _is_uri(self, place):
            return "about:blank"
        return self.told.kind if name in names.RULES and not _is_told(self, place) else None

    def _status(self, name: str, held: Any, place: Tokens | None) -> int | str | None:
        """Tell the status as a number, or as text where text stands that can mean nothing else."""
        if json_type(held) == "integer":
            return self.told.status
        if not isinstance(held, str) or _options(self, place):
            return None
        is_free = name in names.STATUS_TEXTS and not self.is_example and not _is_told(self, place)
        return str(self.told.status) if held.isdecimal() or is_free else None

    def _stays(self, name: str, held: Any, place: Tokens | None, schema: Tokens | None) -> bool:
        if self.is_example or name in _required(self, schema):
            return True
        is_guess = len(_options(self, place)) > 1  # one of several codes, and none that names the fault
        return _is_told(self, place) and not is_guess and not isinstance(held, dict | list)

    def _is_absent(self, name: str, place: Tokens | None) -> bool:
        """Tell whether an answer's `data` should be null beside its errors (GraphQL, 7.1)."""
        if self.is_example or name != "data" or place is None:
            return False
        return "null" in self.compiled.facts.types(place)

    def _is_map(self, schema: Tokens | None) -> bool:
        """Tell whether the body itself is a map of field → texts."""
        further = _further(self, schema)
        return further is not None and bool(self.compiled.facts.types(further) & {"array", "string"})

    def _listed(self, held: Any, place: Tokens | None) -> Any:
        return self._map(held, place) if isinstance(held, dict) else self._list(held, place)

    def _list(self, held: list[Any], schema: Tokens | None) -> list[Any]:
        items = self.compiled.facts.items(schema) if schema else None
        model = held[0] if held else self._draft(items)
        if isinstance(model, dict):
            inner = replace(self, keep_text=False)
            if inner.has_list(model) and not _names_field(model):
                return [inner.fill(model, items, 1)]
            return [self._entry(model, index, items, 0) for index in range(len(self.told.faults))]
        return list(self.told.sentences) if model is None or isinstance(model, str) else held

    def _map(self, held: dict[str, Any], schema: Tokens | None) -> dict[str, Any]:
        further = _further(self, schema)
        declared = _declared(self, schema)
        model = next(iter(held.values()), None)
        if model is None:
            model = self._draft(further or next(iter(declared.values()), None))
        place = further or next(iter(declared.values()), None)
        return {field: self._of_field(model, found, place) for field, found in self.told.by_field().items()}

    def _of_field(self, model: Any, found: list[int], place: Tokens | None) -> Any:
        texts = [self.told.sentences[index] for index in found]
        if isinstance(model, str):
            return "; ".join(texts)
        if isinstance(model, dict):
            return self._entry(model, found[0], place, 0)
        first = model[0] if isinstance(model, list) and model else None
        items = self.compiled.facts.items(place) if place else None
        first = self._draft(items) if first is None else first
        return [self._entry(first, index, items, 0) for index in found] if isinstance(first, dict) else texts

    def _draft(self, place: Tokens | None) -> Any:
        return self.compiled.synthesis.plain(place, f"error/{self.told.status}") if place else None

    def _entry(self, model: dict[str, Any], index: int, schema: Tokens | None, depth: int) -> dict[str, Any]:
        """Fill the object of one fault."""
        declared, summary = _declared(self, schema), _summary(model)
        made: dict[str, Any] = {}
        for name, held in model.items():
            n, place = plain(name), declared.get(name)
            if name == summary:
                made[name] = self.told.sentences[index]
            elif n in names.EXTENSIONS and isinstance(held, dict) and depth < _DEPTH:
                made[name] = self._entry(held, index, place, depth + 1)
            elif (found := self._part(model, name, index, place)) is not None:
                made[name] = found
            elif self._stays(name, held, place, schema) and not (n in names.GIVEN and not _needs(self, name, schema)):
                made[name] = held
        if not made.keys() & model.keys() and not self.is_example:
            return model
        return {name: held for name, held in made.items() if held != {} or name in _required(self, schema)}

    def _part(self, model: dict[str, Any], name: str, index: int, place: Tokens | None) -> Any:
        """Find what a property of an entry says of its fault; None if nothing is known."""
        n, held, fault = plain(name), model[name], self.told.faults[index]
        if n in names.PLACES and isinstance(held, str) and (n != "location" or _other_field(model, name)):
            return fault.location if fault.location in (_options(self, place) or (fault.location,)) else None
        if n in names.FIELDS:
            return self._field(n, held, index, place)
        if n in names.STATUSES and (status := self._status(n, held, place)) is not None:
            return status
        if not isinstance(held, str):
            return None
        if options := _options(self, place):
            return names.for_rule(options, fault.rule, self.told.status)
        if n in names.RULES:
            return None if _is_told(self, place) else fault.rule
        return self.told.phrase if n in names.PHRASES and not self.is_example else None

    def _field(self, name: str, held: Any, index: int, place: Tokens | None) -> Any:
        fault = self.told.faults[index]
        if isinstance(held, list):
            tokens = (*((fault.location,) if name == "loc" else ()), *fault.tokens)
            items = self.compiled.facts.items(place) if place else None
            takes_numbers = items is None or "integer" in self.compiled.facts.types(items)
            return [token if takes_numbers and isinstance(token, int) else str(token) for token in tokens]
        if isinstance(held, dict):
            return self._source(held, index, place)
        if not isinstance(held, str):
            return None
        return pointer(fault) if name in names.POINTERS or held.startswith("/") else fault.name

    def _source(self, held: dict[str, Any], index: int, place: Tokens | None) -> dict[str, Any]:
        """Fill the `source` of an error (JSON:API, Error Objects): a `pointer` into the body, else a parameter."""
        fault, declared = self.told.faults[index], _declared(self, place)
        known = dict.fromkeys((*held, *declared))
        wanted = {"body": "pointer", "header": "header"}.get(fault.location, "parameter")
        if wanted not in known:
            return {name: fault.name for name in known if isinstance(held.get(name), str)}
        return {wanted: pointer(fault) if wanted == "pointer" else fault.name}


def _is_list(name: str, held: Any) -> bool:
    """Tell whether a property holds a list or map of faults; `error` and its like only as a list."""
    if isinstance(held, list):
        return True
    return isinstance(held, dict) and plain(name) not in names.WRAPPERS | {"message", "detail"}


def _summary(value: dict[str, Any]) -> str | None:
    """Find the property that takes the sentence."""
    texts = {plain(name): name for name, held in value.items() if isinstance(held, str)}
    ending = (texts[name] for name in texts if name.endswith("message"))
    return next((texts[name] for name in names.TEXTS if name in texts), next(ending, None))


def _names_field(model: dict[str, Any]) -> bool:
    return any(plain(name) in names.FIELDS for name in model)


def _other_field(model: dict[str, Any], name: str) -> bool:
    return any(plain(other) in names.FIELDS and other != name for other in model)


def _declared(filler: Filler, schema: Tokens | None) -> dict[str, Tokens]:
    return filler.compiled.facts.properties(schema) if schema else {}


def _required(filler: Filler, schema: Tokens | None) -> frozenset[str]:
    return filler.compiled.facts.required(schema) if schema else frozenset()


def _needs(filler: Filler, name: str, schema: Tokens | None) -> bool:
    return name in _required(filler, schema)


def _further(filler: Filler, schema: Tokens | None) -> Tokens | None:
    """Find the schema of the properties that are not declared by name."""
    for place, part in filler.compiled.facts.parts(schema) if schema else ():
        if isinstance(part.get("additionalProperties"), dict):
            return (*place, "additionalProperties")
    return None


def _options(filler: Filler, place: Tokens | None) -> list[Any]:
    """List the values of an enumeration."""
    for _, part in filler.compiled.facts.parts(place) if place else ():
        if isinstance(part.get("enum"), list):
            return list(part["enum"])
    return []


def _is_uri(filler: Filler, place: Tokens | None) -> bool:
    parts = filler.compiled.facts.parts(place) if place else ()
    return any(str(part.get("format", "")).startswith(("uri", "iri")) for _, part in parts)


def _is_told(filler: Filler, place: Tokens | None) -> bool:
    """Tell whether the schema itself says what stands at a place."""
    parts = filler.compiled.facts.parts(place) if place else ()
    return any(part.keys() & {"const", "enum", "default", "example", "examples", "pattern"} for _, part in parts)
