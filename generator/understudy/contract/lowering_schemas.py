"""A schema of 2020-12 goes in; a Schema Object of OpenAPI 3.0 comes out that accepts at least the same instances.

Whatever 3.0 can say in other words is said so: conditions as `anyOf` and `not`, `contains` as a double negation. The
rest is dropped, and where dropping would make the whole stricter (under `not`, in a branch of `oneOf`) the drop moves
outward until it makes it looser. `exact` tells whether anything was lost.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from understudy.contract import pointer as pointers
from understudy.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Callable

Tokens = tuple[str | int, ...]
Schema = dict[str, Any]

NULL: Schema = {"enum": [None], "nullable": True}

_SCALAR = {"type", "nullable", "format", "minLength", "maxLength", "pattern", "minimum", "maximum"}
_SCALAR |= {"exclusiveMinimum", "exclusiveMaximum", "multipleOf"}
_ANNOTATIONS = {
    "title",
    "description",
    "default",
    "example",
    "readOnly",
    "writeOnly",
    "deprecated",
    "externalDocs",
    "xml",
}
_KEPT = (
    _SCALAR | _ANNOTATIONS | {"maxItems", "minItems", "uniqueItems", "maxProperties", "minProperties", "discriminator"}
)
_TYPED = _SCALAR | _ANNOTATIONS | {"maxItems", "minItems", "uniqueItems", "maxProperties", "minProperties"}
_TYPED |= {"items", "properties", "additionalProperties", "required"}
_LOGIC = {"anyOf", "oneOf", "not"}
_SILENT = {"$id", "$anchor", "$schema", "$comment", "$defs", "definitions", "$vocabulary", "$dynamicAnchor"}
_SILENT |= {"nullable", "then", "else", "minContains", "maxContains", "additionalItems"}
_APPLICATORS = {"$ref", "$dynamicRef", "allOf", "anyOf", "oneOf", "if", "dependentSchemas"}
_ALL_TYPES = {"array", "boolean", "number", "object", "string"}


@dataclass(frozen=True)
class Loss:
    """What 3.0 can't say: where it stood, and in words."""

    tokens: Tokens
    message: str
    remedy: str = ""
    severity: Severity = Severity.WARNING


@dataclass
class SchemaLowering:
    """Lowers the schemas of one document. `loose` names the components known to come out looser than they were."""

    loose: frozenset[str] = frozenset()
    losses: list[Loss] = field(default_factory=list)

    def lower(self, schema: Any, at: Tokens) -> tuple[Schema, bool]:
        """Return the lowered schema, and whether it accepts exactly the same instances."""
        if isinstance(schema, dict):
            return _One(self, schema, at).run()
        return ({"not": {}} if schema is False else {}), True


@dataclass
class _One:
    """One schema on its way down: `made` is the result, `conditions` what has to be joined to it by `allOf`."""

    owner: SchemaLowering
    source: Schema
    at: Tokens
    made: Schema = field(default_factory=dict)
    conditions: list[Schema] = field(default_factory=list)
    exact: bool = True

    def run(self) -> tuple[Schema, bool]:
        for keyword, value in self.source.items():
            if keyword in _SILENT:
                continue
            if keyword in _KEYWORDS:
                _KEYWORDS[keyword](self, keyword, value)
            elif keyword in _KEPT or keyword.startswith("x-"):
                self.made.setdefault(keyword, value)
            else:
                self.note(keyword, f"OpenAPI 3.0 has no `{keyword}`; it says nothing about values and is left out.")
        self._join()
        if self.made.get("type") == "array":
            self.made.setdefault("items", {})
        return self.made, self.exact

    def child(self, value: Any, *below: str | int) -> Schema:
        made, exact = self.owner.lower(value, (*self.at, *below))
        self.exact = self.exact and exact
        return made

    def lose(self, keyword: str, message: str, remedy: str = "") -> None:
        self.exact = False
        self.owner.losses.append(Loss((*self.at, keyword), message, remedy))

    def note(self, keyword: str, message: str) -> None:
        self.owner.losses.append(Loss((*self.at, keyword), message, severity=Severity.INFO))

    def reference(self, _keyword: str, value: Any) -> None:
        self.conditions.insert(0, {"$ref": value})
        tokens = pointers.split_fragment(str(value).partition("#")[2])
        self.exact = self.exact and bool(tokens) and tokens[-1] not in self.owner.loose

    def types(self, _keyword: str, value: Any) -> None:
        named = set(value) if isinstance(value, list) else {value}
        order = (
            [value]
            if isinstance(value, str)
            else [item for item in value if item != "integer" or "number" not in named]
        )
        rest = [item for item in order if item != "null"]
        null = "null" in named and None in self.source.get("enum", [None]) and self.source.get("const") is None
        if not rest:
            self.conditions.append(dict(NULL) if null else {"not": {}})
        elif len(rest) == 1:
            self.made["type"] = rest[0]
            self.made.update({"nullable": True} if null else {})
        elif not (null and set(rest) == _ALL_TYPES):
            branches: list[Schema] = [{"type": item, **({"items": {}} if item == "array" else {})} for item in rest]
            branches[0].update({"nullable": True} if null else {})
            self.conditions.append({"anyOf": branches})

    def enum(self, keyword: str, value: Any) -> None:
        if value:
            self.made[keyword] = value
        else:
            self.conditions.append({"not": {}})

    def const(self, _keyword: str, value: Any) -> None:
        if "enum" in self.source:
            self.conditions.append({"enum": [value]})
        else:
            self.made["enum"] = [value]

    def bound(self, keyword: str, value: Any) -> None:
        """Write an exclusive bound as a flag on the inclusive one; of two bounds the stricter stays."""
        if isinstance(value, bool):
            return
        inclusive = "minimum" if keyword == "exclusiveMinimum" else "maximum"
        other = self.source.get(inclusive)
        weaker = other is not None and (other > value if inclusive == "minimum" else other < value)
        if not weaker:
            self.made.update({inclusive: value, keyword: True})

    def inclusive(self, keyword: str, value: Any) -> None:
        self.made.setdefault(keyword, value)  # unless the stricter exclusive bound has been here

    def examples(self, _keyword: str, value: Any) -> None:
        if isinstance(value, list) and value and "example" not in self.source:
            self.made["example"] = value[0]
            if len(value) > 1:
                self.note("examples", "OpenAPI 3.0 has room for one `example` in a schema; the first is kept.")

    def required(self, keyword: str, value: Any) -> None:
        if value:
            self.made[keyword] = list(dict.fromkeys(value))

    def properties(self, keyword: str, value: Any) -> None:
        self.made[keyword] = {name: self.child(item, keyword, name) for name, item in value.items()}

    def branches(self, keyword: str, value: Any) -> None:
        lowered = [self.owner.lower(item, (*self.at, keyword, index)) for index, item in enumerate(value)]
        made = [schema for schema, _ in lowered]
        exact = all(one for _, one in lowered)
        self.exact = self.exact and exact
        if keyword == "allOf":
            self.made.setdefault("allOf", []).extend(made)
            return
        if keyword == "oneOf" and not exact:
            self.lose(keyword, "A branch of this `oneOf` came out looser, so two may match; it becomes `anyOf`.")
            keyword = "anyOf"
        made = _absorb_null(made)
        self.conditions.append({keyword: made} if len(made) > 1 else made[0])

    def negation(self, keyword: str, value: Any) -> None:
        made, exact = self.owner.lower(value, (*self.at, keyword))
        if exact:
            self.made[keyword] = made
        else:
            self.lose(keyword, "What this `not` forbids can't be said exactly in 3.0, so it is left out.")

    def condition(self, keyword: str, value: Any) -> None:
        """`if I then T else E` is `(not I or T) and (I or E)`."""
        if "then" not in self.source and "else" not in self.source:
            return
        made, exact = self.owner.lower(value, (*self.at, keyword))
        if not exact:
            self.lose(keyword, "This `if` can't be said exactly in 3.0, so `if`, `then` and `else` are left out.")
            return
        if "then" in self.source:
            self.conditions.append({"anyOf": [{"not": made}, self.child(self.source["then"], "then")]})
        if "else" in self.source:
            self.conditions.append({"anyOf": [made, self.child(self.source["else"], "else")]})

    def dependent(self, keyword: str, value: Any) -> None:
        for name, dependency in value.items():
            then = {"required": dependency} if isinstance(dependency, list) else self.child(dependency, keyword, name)
            if then not in ({}, {"required": []}):
                self.conditions.append({"anyOf": [{"not": {"type": "object", "required": [name]}}, then]})

    def contains(self, keyword: str, value: Any) -> None:
        """Say that not all items are other than S, which is what containing S means."""
        if self.source.get("minContains", 1) > 0:
            wanted = self.child(value, keyword)
            self.conditions.append({"not": {"type": "array", "items": {"not": wanted}}})
        for limit in ("minContains", "maxContains"):
            if self.source.get(limit, 1) > 1 or limit == "maxContains" in self.source:
                self.lose(limit, f"OpenAPI 3.0 has no `{limit}`; how often an item may match is left out.")

    def items(self, keyword: str, value: Any) -> None:
        if "prefixItems" in self.source:
            return
        if keyword == "unevaluatedItems" and ("items" in self.source or value is True):
            return
        if keyword == "unevaluatedItems" and {*_APPLICATORS, "contains"} & set(self.source):
            self.lose(keyword, "OpenAPI 3.0 has no `unevaluatedItems`; further items are accepted.")
        elif isinstance(value, list):
            self.lose(keyword, "A list of schemas in `items` is older than 2020-12; any items are accepted.")
        else:
            self.made["items"] = self.child(value, keyword)

    def positions(self, keyword: str, value: Any) -> None:
        rest = self.source.get("items", True)
        made = [self.child(item, keyword, index) for index, item in enumerate(value)]
        if rest is False:
            self.made["maxItems"] = min(len(value), self.source.get("maxItems", len(value)))
        else:
            made.append(self.child(rest, "items"))
        self.made["items"] = _either(made)
        if "unevaluatedItems" in self.source:
            self.lose("unevaluatedItems", "OpenAPI 3.0 has no `unevaluatedItems`; further items are accepted.")
        remedy = "Use an object with named properties where the position matters."
        self.lose(keyword, "OpenAPI 3.0 has no `prefixItems`; each item may be any of them, in any order.", remedy)

    def extra(self, keyword: str, value: Any) -> None:
        """`additionalProperties`, and `unevaluatedProperties` where it means the same."""
        if keyword == "unevaluatedProperties":
            if "additionalProperties" in self.source or value is True:
                return
            if _APPLICATORS & set(self.source):
                remedy = "Say `additionalProperties: false` in one schema that has all properties."
                self.lose(keyword, "OpenAPI 3.0 has no `unevaluatedProperties`; further ones are accepted.", remedy)
                return
        patterns = self.source.get("patternProperties", {})
        if not patterns:
            self.made["additionalProperties"] = value if isinstance(value, bool) else self.child(value, keyword)
        elif value is not True:
            made = [self.child(item, "patternProperties", name) for name, item in patterns.items()]
            made += [] if value is False else [self.child(value, keyword)]
            self.made["additionalProperties"] = _either(made)

    def patterns(self, keyword: str, value: Any) -> None:
        if value:
            message = "OpenAPI 3.0 has no `patternProperties`; what a name says about its value is left out."
            self.lose(keyword, message, "List the names as `properties`, or use `additionalProperties`.")

    def unsayable(self, keyword: str, _value: Any) -> None:
        self.lose(keyword, f"OpenAPI 3.0 has no `{keyword}`; what it demands is left out.")

    def content(self, keyword: str, value: Any) -> None:
        """OpenAPI 3.0, Data Types: `byte` is base64, `binary` any octets."""
        if "format" in self.source:
            self.note(keyword, f"OpenAPI 3.0 has no `{keyword}`, and `format` is taken already.")
        elif keyword == "contentEncoding" and value in ("base64", "base64url"):
            self.made["format"] = "byte"
        elif keyword == "contentMediaType" and value == "application/octet-stream":
            self.made.setdefault("format", "binary")
        else:
            self.note(keyword, f"OpenAPI 3.0 has no `{keyword}`; it is left out.")

    def _join(self) -> None:
        """Put the conditions beside what there is where that says the same, else into `allOf`."""
        if self.conditions == [condition := {"$ref": self.source.get("$ref")}] and not self.made:
            self.made = condition
            return
        apart = []
        for condition in self.conditions:
            alone = set(self.made) <= _ANNOTATIONS and "$ref" not in condition
            fitting = set(condition) <= _LOGIC
            if (alone or fitting) and not set(condition) & set(self.made):
                self.made.update(condition)
            else:
                apart.append(condition)
        if apart:
            if "allOf" not in self.made and set(self.made.get("required", ())) - set(self.made.get("properties", ())):
                apart.append({"required": self.made.pop("required")})  # validators want the names declared beside allOf
            self.made["allOf"] = [*apart, *self.made.get("allOf", [])]


def _either(schemas: list[Schema]) -> Schema:
    distinct = [schema for index, schema in enumerate(schemas) if schema not in schemas[:index]]
    if {} in distinct:
        return {}
    return distinct[0] if len(distinct) == 1 else {"anyOf": distinct} if distinct else {}


def _absorb_null(branches: list[Schema]) -> list[Schema]:
    """Say `string or null` as 3.0 does, `nullable: true`, where a branch has a type to which that can be added."""
    if branches.count(NULL) != 1:
        return branches
    for branch in branches:
        if isinstance(branch.get("type"), str) and set(branch) <= _TYPED and "nullable" not in branch:
            return [{**one, "nullable": True} if one is branch else one for one in branches if one != NULL]
    return branches


_KEYWORDS: dict[str, Callable[[_One, str, Any], None]] = {
    "$ref": _One.reference,
    "type": _One.types,
    "enum": _One.enum,
    "const": _One.const,
    **dict.fromkeys(("exclusiveMinimum", "exclusiveMaximum"), _One.bound),
    **dict.fromkeys(("minimum", "maximum"), _One.inclusive),
    "examples": _One.examples,
    "required": _One.required,
    "properties": _One.properties,
    **dict.fromkeys(("allOf", "anyOf", "oneOf"), _One.branches),
    "not": _One.negation,
    "if": _One.condition,
    **dict.fromkeys(("dependentRequired", "dependentSchemas"), _One.dependent),
    "contains": _One.contains,
    "prefixItems": _One.positions,
    **dict.fromkeys(("items", "unevaluatedItems"), _One.items),
    **dict.fromkeys(("additionalProperties", "unevaluatedProperties"), _One.extra),
    "patternProperties": _One.patterns,
    **dict.fromkeys(("propertyNames", "$dynamicRef"), _One.unsayable),
    **dict.fromkeys(("contentEncoding", "contentMediaType", "contentSchema"), _One.content),
}
