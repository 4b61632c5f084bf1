"""Whatever stands at whatever place, a check ends with findings or one InputError, never with a traceback."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from understudy.check import check
from understudy.contract.bundling import bundle
from understudy.contract.files import Files
from understudy.contract.loading import load
from understudy.contract.model import Contract
from understudy.contract.source import Source, parse
from understudy.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CONTRACT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "x", "version": "1"},
    "servers": [{"url": "https://{h}/v1", "variables": {"h": {"default": "a"}}}],
    "security": [{"token": []}],
    "tags": [{"name": "a"}],
    "paths": {
        "/a/{id}": {
            "parameters": [
                {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}, "example": "1"}
            ],
            "post": {
                "operationId": "a",
                "parameters": [
                    {"$ref": "#/components/parameters/Q"},
                    {"name": "c", "in": "query", "content": {"application/json": {"schema": {}, "example": 1}}},
                ],
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/S"}}}},
                "responses": {
                    "200": {"$ref": "#/components/responses/R"},
                    "4XX": {"description": "x", "x-understudy-assumed": "y"},
                },
                "callbacks": {"done": {"{$request.body#/u}": {"post": {"responses": {"200": {"description": "x"}}}}}},
            },
        }
    },
    "components": {
        "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        "parameters": {
            "Q": {"name": "q", "in": "query", "schema": {"type": "array"}, "examples": {"e": {"value": [1]}}}
        },
        "headers": {"H": {"schema": {"type": "integer"}, "example": 3}},
        "responses": {
            "R": {
                "description": "x",
                "headers": {"X-H": {"$ref": "#/components/headers/H"}},
                "content": {
                    "application/json": {
                        "schema": {"$ref": "#/components/schemas/S"},
                        "examples": {"one": {"value": {"id": "a", "n": 1.5}}},
                    }
                },
                "links": {"l": {"operationId": "a", "parameters": {"id": "$response.body#/id"}}},
            }
        },
        "schemas": {
            "S": {
                "type": "object",
                "required": ["id"],
                "properties": {"id": {"type": "string", "default": "a", "readOnly": True}, "n": {"examples": [1]}},
                "allOf": [{"$ref": "#/components/schemas/T"}],
                "discriminator": {"propertyName": "id", "mapping": {"t": "#/components/schemas/T"}},
            },
            "T": {"nullable": True, "items": {"enum": [1]}, "example": 1},
        },
    },
}
BEHAVIOUR: dict[str, Any] = {
    "clock": "2024-01-01T00:00:00Z",
    "resources": {
        "a": {"path": "/a/{id}", "id": "id", "seed": {"from": "a", "where": "item.x"}, "in": "b"},
        "b": {"seed": []},
    },
    "wording": {"required": "x"},
    "rules": {
        "a": [
            {"when": "item.a", "respond": {"status": 200, "example": "one"}},
            {"create": {"in": "a", "item": {"x": "1"}}, "set": {"y": "2"}, "delete": {"in": "b", "where": "true"}},
            {"answer": {"/z": {"q": "3"}}},
        ]
    },
}
LEDGER: dict[str, Any] = {
    "sources": {"p": {}},
    "operations": [
        {
            "operationId": "a",
            "method": "POST",
            "path": "/v1/a/{id}",
            "source": "p",
            "language": "en",
            "evidence": "e",
            "positions": [{"subject": "a", "position": "b", "reason": "c"}],
            "assumed": [{"at": "responses/4XX", "reason": "y"}, {"at": "parameters/id/schema", "reason": "z"}],
        }
    ],
}
ODD: tuple[Any, ...] = (
    None,
    3,
    1.5,
    "",
    "{",
    [],
    {},
    [{}],
    {"a": None},
    {"": {}},
    {"$ref": 3},
    {"$ref": "#/components/schemas/S"},
    {"$ref": "#/info"},
    {"$ref": "#"},
    {"$ref": "#/nowhere"},
)


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield at
    for key, item in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from places(item, (*at, key))


def changed(document: Any, at: tuple[Any, ...], value: Any) -> Any:
    if not at:
        return value
    copied = dict(document) if isinstance(document, dict) else list(document)
    copied[at[0]] = changed(document[at[0]], at[1:], value)
    return copied


def source(value: Any) -> Source:
    return parse("x.json", json.dumps(value).encode())


SOUND = {"behaviour": source(BEHAVIOUR), "ledger": source(LEDGER)}


def findings(document: Any, **others: Any) -> int:
    """Check a contract that was never on a disk, and count."""
    files = Files("")
    files.read["-"] = source(document)
    try:
        bundled = bundle(files, "-")
    except InputError:
        return 1
    beside = SOUND | {name: source(value) for name, value in others.items()}
    contract = Contract("x", bundled, behaviour=beside["behaviour"], ledger=beside["ledger"])
    return sum(bool(str(finding.location)) and bool(finding.fingerprint) for finding in check(contract))


@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_odd_values_at_every_place_of_a_contract(odd: Any) -> None:
    for at in places(CONTRACT):
        findings(changed(CONTRACT, at, odd))


@pytest.mark.parametrize("version", ["3.0.3", "3.2.0"])
def test_odd_values_in_other_versions(version: str) -> None:
    document = {**CONTRACT, "openapi": version}
    for at in places(document):
        findings(changed(document, at, 3))
        findings(changed(document, at, {"a": []}))


@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_odd_values_at_every_place_beside_it(odd: Any) -> None:
    for at in places(BEHAVIOUR):
        findings(CONTRACT, behaviour=changed(BEHAVIOUR, at, odd))
    for at in places(LEDGER):
        findings(CONTRACT, ledger=changed(LEDGER, at, odd))


def test_a_wrong_type_is_always_a_finding_of_the_specification() -> None:
    for at in places(CONTRACT):
        if 0 < len(at) < 4 and at[0] in ("paths", "info", "components"):
            assert findings(changed(CONTRACT, at, 3)), at


def written(folder: Path, document: Any) -> str:
    (folder / "openapi.json").write_text(json.dumps(document))
    return str(folder)


def with_schema(schema: Any, example: Any, **schemas: Any) -> dict[str, Any]:
    content = {"application/json": {"schema": schema, "example": example}}
    operation = {"operationId": "a", "responses": {"200": {"description": "x", "content": content}}}
    document = {"openapi": "3.1.0", "info": {"title": "x", "version": "1"}, "paths": {"/a": {"get": operation}}}
    return {**document, "components": {"schemas": schemas}} if schemas else document


def test_schemas_that_contain_themselves_without_end(tmp_path: Path) -> None:
    loop = {"allOf": [{"$ref": "#/components/schemas/A"}]}
    document = with_schema({"$ref": "#/components/schemas/A"}, {"x": 1}, A=loop)
    assert list(check(load(written(tmp_path, document)))) == []


def test_a_ring_of_references_with_siblings(tmp_path: Path) -> None:
    ring = {"$ref": "#/components/schemas/A", "description": "x"}
    with pytest.raises(InputError, match="comes back to itself"):
        load(written(tmp_path, with_schema({"$ref": "#/components/schemas/A"}, 1, A=ring)))


def test_deep_schemas_and_long_chains_of_components(tmp_path: Path) -> None:
    deep: dict[str, Any] = {"type": "string"}
    for _ in range(80):
        deep = {"properties": {"a": deep}}
    assert len(list(check(load(written(tmp_path, with_schema(deep, {"a": {"a": 3}})))))) == 0
    chain = {
        f"S{index}": {"properties": {"n": {"$ref": f"#/components/schemas/S{index + 1}"}}} for index in range(1500)
    }
    document = with_schema({"$ref": "#/components/schemas/S0"}, {"n": {}}, **chain, S1500={"type": "string"})
    assert list(check(load(written(tmp_path, document)))) == []


def test_a_long_chain_of_files(tmp_path: Path) -> None:
    for index in range(400):
        schema = {"properties": {"n": {"$ref": f"S{index + 1}.json"}}} if index < 399 else {"type": "string"}
        (tmp_path / f"S{index}.json").write_text(json.dumps(schema))
    contract = load(written(tmp_path, with_schema({"$ref": "S0.json"}, {"n": {"n": 1}})))
    assert len(contract.document["components"]["schemas"]) == 400
    assert list(check(contract)) == []


def test_half_a_surrogate_pair_is_refused_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        load(written(tmp_path, with_schema({"type": "string"}, "\ud800")))
    assert caught.value.finding.location
    assert caught.value.finding.location.line == 1


def test_patterns_made_to_take_for_ever(tmp_path: Path) -> None:
    document = with_schema({"type": "string", "pattern": "^(?=(a+)+$)b"}, "a" * 60 + "!")
    assert [finding.rule for finding in check(load(written(tmp_path, document)))] == ["examples"]


def test_numbers_beyond_any_machine(tmp_path: Path) -> None:
    text = json.dumps(with_schema({"type": "number", "maximum": "LIMIT", "multipleOf": "STEP"}, "VALUE"))
    text = text.replace('"LIMIT"', "9" * 900).replace('"STEP"', "1e-300").replace('"VALUE"', "1e999999")
    (tmp_path / "openapi.json").write_text(text)
    assert {finding.rule for finding in check(load(str(tmp_path)))} <= {"examples"}
