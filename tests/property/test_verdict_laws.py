"""A request is refused exactly if `jsonschema`, another implementation, refuses one of its decoded values.

Operations, their parameters and bodies, and the requests are drawn; formats are asserted on both sides. What is read
from text is decoded here by the types that the schema names, and by nothing of the mock's. An e-mail address that only
half is one is left out: `jsonschema` looks for no more than an `@`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from asking import Asked, ask, serving
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012
from test_lowering_laws import INSTANCES, LOOSE, further_keywords, schemas

FORMATS = ("date", "date-time", "uuid", "ipv4", "email")
PATTERNS = ("^[a-c]+$", "[0-9]", "^.{2}$", "b|c$")
TEXTS = (
    *("a", "ab", "abc", "x", "7", "-1", "0", "12", "1.5", "1e2", "007", "true", "false", "null", "a b", "ä", "+1"),
    *("2024-02-29", "2023-02-29", "2024-01-15T10:30:00Z", "2024-01-15 10:30", "192.0.2.10", "192.0.2.256"),
    *("00000000-0000-4000-8000-000000000000", "alex@example.com", "1.0", "%41", "a+b", "a&b=c", "a/b", "ab?"),
)
ASCII = tuple(text for text in TEXTS if re.fullmatch(r"[A-Za-z0-9.@:-]+", text))

numbers = st.builds(
    lambda kind, bounds: {"type": kind, **bounds},
    st.sampled_from(("integer", "number")),
    st.dictionaries(
        st.sampled_from(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")),
        st.integers(1, 8),
        max_size=2,
    ),
)
strings = st.builds(
    lambda keywords: {"type": "string", **keywords},
    st.one_of(
        st.dictionaries(st.sampled_from(("minLength", "maxLength")), st.integers(0, 3), max_size=2),
        st.sampled_from(FORMATS).map(lambda name: {"format": name}),
        st.sampled_from(PATTERNS).map(lambda text: {"pattern": text}),
        st.lists(st.sampled_from(TEXTS), min_size=1, max_size=3, unique=True).map(lambda values: {"enum": values}),
    ),
)
scalars = st.one_of(numbers, strings, st.just({"type": "boolean"}), st.just({"type": "integer", "enum": [1, 7, 12]}))
lists = st.builds(
    lambda items, keywords: {"type": "array", "items": items, **keywords},
    scalars,
    st.dictionaries(st.sampled_from(("minItems", "maxItems")), st.integers(0, 3), max_size=2)
    | st.just({"uniqueItems": True}),
)


@dataclass(frozen=True)
class Parameter:
    """A declared parameter and what a request says of it: a text, several, or None for nothing."""

    location: str
    name: str
    schema: dict[str, Any]
    required: bool
    sent: list[str] | None

    @property
    def declared(self) -> dict[str, Any]:
        return {"in": self.location, "name": self.name, "schema": self.schema, "required": self.required}

    def is_good(self) -> bool:
        if self.sent is None:
            return not self.required
        is_list = self.schema["type"] == "array"
        decoded = [decode(text, self.schema["items"] if is_list else self.schema) for text in self.sent]
        return accepts(self.schema, decoded if is_list else decoded[0])


def decode(text: str, schema: dict[str, Any]) -> Any:
    """Read a text as its type; what spells none stays a text, which the schema then refuses."""
    if schema["type"] == "boolean":
        return {"true": True, "false": False}.get(text, text)
    if schema["type"] in ("integer", "number") and re.fullmatch(r"-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?", text):
        return json.loads(text)
    return text


def accepts(schema: Any, value: Any, **components: Any) -> bool:
    resource = DRAFT202012.create_resource({"components": {"schemas": components}})
    validator = Draft202012Validator(
        _absolute(schema),
        registry=Registry().with_resource("urn:law", resource),
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    )
    return bool(validator.is_valid(value))


def _absolute(schema: Any) -> Any:
    return json.loads(json.dumps(schema).replace('"#/components', '"urn:law#/components'))


def parameters(location: str, name: str) -> st.SearchStrategy[Parameter]:
    texts = st.sampled_from(TEXTS if location in ("path", "query") else ASCII)
    values = {"path": scalars, "header": scalars, "cookie": scalars, "query": st.one_of(scalars, lists)}[location]

    def sent(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
        one = schema["items"] if schema["type"] == "array" else schema
        validator = Draft202012Validator(one, format_checker=Draft202012Validator.FORMAT_CHECKER)
        fitting = [text for text in ASCII if validator.is_valid(decode(text, one))]
        aimed = st.one_of(texts, *([st.sampled_from(fitting)] * 3 if fitting else ()))
        some = st.lists(aimed, min_size=1, max_size=3 if schema["type"] == "array" else 1)
        return some if location == "path" else st.none() | some

    return values.flatmap(
        lambda schema: st.builds(
            Parameter,
            st.just(location),
            st.just(name),
            st.just(schema),
            st.just(True) if location == "path" else st.booleans(),
            sent(schema),
        )
    )


def asked(found: tuple[Parameter, ...]) -> Asked:
    path, query = "/a", []
    headers: list[tuple[str, str]] = []
    for one in found:
        for text in one.sent or ():
            if one.location == "path":
                path = "/a/" + quote(text, safe="")
            elif one.location == "query":
                query.append(f"{one.name}={quote(text, safe='')}")
            elif one.location == "header":
                headers.append((one.name, text))
            else:
                headers.append(("cookie", f"{one.name}={text}"))
    return Asked("GET", path, "&".join(query), tuple(headers))


def operation(**more: Any) -> dict[str, Any]:
    return {"responses": {"204": {"description": "Done."}, "422": {"description": "Refused."}}, **more}


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    found=st.tuples(
        *(parameters(location, name) for location, name in (("path", "p"), ("query", "q"), ("query", "r"))),
        *(parameters(location, name) for location, name in (("header", "x-h"), ("cookie", "c"))),
    )
)
def test_a_request_is_refused_if_a_parameter_is(found: tuple[Parameter, ...]) -> None:
    declared = operation(parameters=[one.declared for one in found])
    app = serving({"paths": {"/a/{p}": {"get": declared}}}, error_format="problem")
    request, faulty = asked(found), {one.name for one in found if not one.is_good()}
    note(f"{request} {[one.declared for one in found]} {faulty}")
    told = ask(app, request)
    assert told.status == (422 if faulty else 204), told
    assert {fault["pointer"].partition(".")[0] for fault in (told.json["faults"] if faulty else ())} == faulty


LEAVES: Any = [True, {"type": "string", "format": "date"}, {"type": ["integer", "null"]}, {"const": "a"}]
VALUES = st.sampled_from([*INSTANCES, *({"a": text} for text in TEXTS), *TEXTS])


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    schema=schemas(further_keywords, *LOOSE, *LEAVES, *({"format": name, "type": "string"} for name in FORMATS)),
    leaf=st.sampled_from([*LEAVES, *LOOSE]),
    values=st.lists(VALUES, min_size=6, max_size=6),
)
def test_a_request_is_refused_if_its_body_is(schema: Any, leaf: Any, values: list[Any]) -> None:
    tree = {"type": "object", "properties": {"a": {"$ref": "#/components/schemas/Tree"}, "b": leaf}}
    components = {"Subject": schema, "Leaf": leaf, "Tree": tree, "Hole": {"$defs": {"in": leaf}}}
    body = {"required": True, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Subject"}}}}
    app = serving({"paths": {"/a": {"post": operation(requestBody=body)}}, "components": {"schemas": components}})
    resolved = {name: _absolute(one) for name, one in components.items()}
    for value in values:
        note(repr((schema, leaf, value)))
        told = ask(app, Asked("POST", "/a", "", (("content-type", "application/json"),), json.dumps(value).encode()))
        assert told.status == (204 if accepts(schema, value, **resolved) else 422), told
