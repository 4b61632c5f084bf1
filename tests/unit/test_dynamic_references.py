"""`$id`, `$anchor` and `$dynamicRef` mean in the bundle what they mean in the files (JSON Schema 2020-12, 8.2)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from understudy.contract.loading import load
from understudy.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from understudy.contract.model import Contract

LIST: Any = {
    "type": "array",
    "items": {"$dynamicRef": "#item"},
    "$defs": {"any": {"$dynamicAnchor": "item", "not": {"type": "null"}}},
}
TREE: Any = {
    "$id": "urn:tree",
    "$dynamicAnchor": "node",
    "type": "object",
    "properties": {"children": {"type": "array", "items": {"$dynamicRef": "#node"}}},
}
SCHEMAS: Any = {
    "List": {"$id": "urn:list", **LIST},
    "Strings": {
        "$id": "urn:strings",
        "$ref": "urn:list",
        "$defs": {"one": {"$dynamicAnchor": "item", "type": "string"}},
    },
    "Numbers": {
        "$id": "urn:numbers",
        "$ref": "urn:list",
        "$defs": {"one": {"$dynamicAnchor": "item", "type": "number"}},
    },
    "Grid": {
        "$id": "urn:grid",
        "$ref": "urn:list",
        "$defs": {"one": {"$dynamicAnchor": "item", "$ref": "urn:numbers"}},
    },
    "Either": {"$id": "urn:either", "anyOf": [{"$ref": "urn:strings"}, {"$ref": "urn:numbers"}]},
    "Tree": TREE,
    "Strict": {"$id": "urn:strict", "$dynamicAnchor": "node", "$ref": "urn:tree", "unevaluatedProperties": False},
    "Named": {"$id": "urn:named", "$dynamicAnchor": "node", "$ref": "urn:tree", "required": ["name"]},
    "Home": {"$id": "https://a.test/home", "properties": {"door": {"$ref": "door"}, "key": {"$ref": "door#key"}}},
    "Door": {"$id": "https://a.test/door", "type": "string", "$defs": {"k": {"$anchor": "key", "type": "integer"}}},
    "Own": {
        "$id": "urn:own",
        "items": {"$ref": "#/$defs/one"},
        "$defs": {"one": {"$ref": "#here"}, "k": {"$anchor": "here", "type": "null"}},
    },
    "Nested": {"$id": "https://a.test/n/", "$defs": {"in": {"$id": "in", "enum": [1]}}, "items": {"$ref": "in"}},
    "Beside": {
        "$id": "urn:beside",
        "$ref": "urn:list",
        "$dynamicRef": "#more",
        "$defs": {"m": {"$dynamicAnchor": "more", "maxItems": 1}},
    },
}
INSTANCES: Any = [
    *([], ["a"], [1], [None], ["a", 1], ["a", "b"], [[]], [[1]], [["a"]], [[1], "a"]),
    *({}, {"children": []}, {"children": [{}]}, {"children": [{"x": 1}]}, {"x": 1}, {"name": 1}),
    *({"name": 1, "children": [{}]}, {"name": 1, "children": [{"name": 2}]}, {"children": [{"children": [{"x": 1}]}]}),
    *({"door": "a"}, {"door": 1}, {"key": 1}, {"key": "a"}, [2], "a"),
]


def read(tmp_path: Path, schemas: Any, **files: Any) -> Contract:
    for name, value in files.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(value), "utf-8")
    document = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {}}
    file = tmp_path / "openapi.json"
    file.write_text(json.dumps({**document, "components": {"schemas": schemas}}), "utf-8")
    return load(str(file))


def verdicts(contract: Contract, name: str) -> list[bool]:
    validator = contract.schemas.validator(("components", "schemas", name))
    return [bool(validator.is_valid(instance)) for instance in INSTANCES]


def expected(schemas: Any, name: str) -> list[bool]:
    """Ask `jsonschema`, which knows `$id` and dynamic scope."""
    resources = [(schema["$id"], DRAFT202012.create_resource(schema)) for schema in schemas.values()]
    validator = Draft202012Validator({"$ref": schemas[name]["$id"]}, registry=Registry().with_resources(resources))
    return [bool(validator.is_valid(instance)) for instance in INSTANCES]


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_bundle_gives_the_verdict_of_the_files(tmp_path: Path, name: str) -> None:
    contract = read(tmp_path, SCHEMAS)
    assert verdicts(contract, name) == expected(SCHEMAS, name)
    assert len(set(expected(SCHEMAS, name))) == 2


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_bundle_of_the_bundle_is_the_same(tmp_path: Path, name: str) -> None:
    once = read(tmp_path, SCHEMAS)
    text = json.dumps(once.document)
    assert not [word for word in ("$id", "$anchor", "$dynamicAnchor", "$dynamicRef") if f'"{word}"' in text]
    again = read(tmp_path, once.document["components"]["schemas"])
    assert again.document == once.document
    assert verdicts(again, name) == verdicts(once, name)


def test_files_are_resources_of_their_own(tmp_path: Path) -> None:
    def narrowed(kind: str) -> Any:
        return {"$ref": "list.json", "$defs": {"one": {"$dynamicAnchor": "item", "type": kind}}}

    schemas = {"S": {"$ref": "strings.json"}, "N": {"$ref": "numbers.json"}, "L": {"$ref": "list.json"}}
    contract = read(tmp_path, schemas, list=LIST, strings=narrowed("string"), numbers=narrowed("number"))
    for name, original in (("S", "Strings"), ("N", "Numbers"), ("L", "List")):
        assert verdicts(contract, name) == expected(SCHEMAS, original)


def test_an_identifier_that_nobody_refers_to_leaves_references_to_files_alone(tmp_path: Path) -> None:
    user = {"$id": "https://a.test/user.json", "properties": {"a": {"$ref": "./text.json"}, "b": {"$ref": "#/$defs/n"}}}
    contract = read(
        tmp_path,
        {"U": {"$ref": "user.json"}},
        user={**user, "$defs": {"n": {"type": "number"}}},
        text={"type": "string"},
    )
    validator = contract.schemas.validator(("components", "schemas", "U"))
    assert validator.is_valid({"a": "x", "b": 1})
    assert not validator.is_valid({"a": 1})
    assert not validator.is_valid({"b": "x"})


def test_a_pointer_into_the_document_still_leads_there(tmp_path: Path) -> None:
    schemas = {"A": {"$id": "urn:a", "items": {"$ref": "#/components/schemas/B"}}, "B": {"type": "string"}}
    validator = read(tmp_path, schemas).schemas.validator(("components", "schemas", "A"))
    assert validator.is_valid(["x"])
    assert not validator.is_valid([1])


def test_what_can_not_be_told_is_an_error_with_its_place(tmp_path: Path) -> None:
    def narrowed(kind: str) -> Any:
        return {"$ref": "#/components/schemas/List", "$defs": {"one": {"$dynamicAnchor": "item", "type": kind}}}

    with pytest.raises(InputError) as caught:
        read(tmp_path, {"List": LIST, "Strings": narrowed("string")})
    finding = caught.value.finding
    assert finding.rule == "reference-ambiguous"
    assert "$id" in finding.remedy
    assert finding.location
    assert finding.location.pointer == "/components/schemas/List/items/$dynamicRef"


def test_a_name_that_nothing_has_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, {"A": {"$dynamicRef": "#nothing"}})
    assert caught.value.finding.rule == "reference-missing"


def test_a_schema_of_3_0_has_no_identifier(tmp_path: Path) -> None:
    file = tmp_path / "old.json"
    schemas = {"A": {"properties": {"$id": {"type": "string"}, "b": {"$ref": "#/components/schemas/B"}}}, "B": {}}
    old = {"openapi": "3.0.3", "info": {"title": "T", "version": "1"}, "paths": {}, "components": {"schemas": schemas}}
    file.write_text(json.dumps(old), "utf-8")
    assert load(str(file)).document == old
