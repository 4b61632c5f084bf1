"""The schemas of a document are compiled together; one that is none spoils no other."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest

from understudy.contract.validating import SchemaError, SchemaSet

COUNT = 200
LAST = "S199"


def schemas(**others: Any) -> SchemaSet:
    """Make a ring of schemas of which each leads to all others, and one that is for numbers."""
    ring: dict[str, Any] = {f"S{n}": {"type": "object", "required": ["id"]} for n in range(COUNT)}
    for n, schema in enumerate(ring.values()):
        schema["properties"] = {"next": {"$ref": f"#/components/schemas/S{(n + 1) % COUNT}"}}
    return SchemaSet({"openapi": "3.1.0", "components": {"schemas": {**ring, "Number": {"type": "number"}, **others}}})


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """List what is given to the compiler."""
    given: list[dict[str, Any]] = []
    compile_one: Any = jsonschema_rs.Draft202012Validator

    def run(schema: dict[str, Any], **settings: Any) -> Any:
        given.append(schema)
        return compile_one(schema, **settings)

    monkeypatch.setattr("jsonschema_rs.Draft202012Validator", run)
    return given


def test_what_many_schemas_have_in_common_is_compiled_once(compiled: list[dict[str, Any]]) -> None:
    found = schemas()
    validators = [found.validator(("components", "schemas", f"S{n}")) for n in range(COUNT)]
    assert [one.is_valid({"id": 1, "next": {}}) for one in validators] == [False] * COUNT
    faults = [fault for one in validators for fault in one.violations({"id": 1, "next": {}})]
    assert {(fault.tokens, fault.keyword) for fault in faults} == {(("next", "id"), "required")}
    assert len(compiled) == 1


def test_a_schema_that_is_none_spoils_only_those_that_refer_to_it() -> None:
    found = schemas(Wrong={"type": "strin"}, User={"$ref": "#/components/schemas/Wrong"})
    for name in ("Wrong", "User"):
        with pytest.raises(SchemaError) as told:
            found.validator(("components", "schemas", name))
        assert told.value.tokens[:3] == ("components", "schemas", "Wrong")
    assert found.validator(("components", "schemas", LAST)).is_valid({"id": 1})
    assert not found.validator(("components", "schemas", "Number")).is_valid("one")


def test_beside_a_schema_that_is_none_the_rest_is_still_compiled_together(compiled: list[dict[str, Any]]) -> None:
    found = schemas(Wrong={"type": "strin"})
    for n in range(COUNT):
        found.validator(("components", "schemas", f"S{n}"))
    assert len(compiled) < COUNT
