"""Laws of comparing: nothing differs from itself, however it is written; what is refused now has been told of."""

from __future__ import annotations

import copy
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import test_lowering_laws as lowering
from hypothesis import assume, given, note, settings
from hypothesis import strategies as st
from versioning import contract, read

from understudy.contract.files import shipped
from understudy.contract.loading import load
from understudy.contract.writing import FORMATS
from understudy.drift.versions import compare

if TYPE_CHECKING:
    from understudy.contract.model import Contract

CORPUS = sorted((Path(__file__).parents[1] / "corpus" / "contracts").iterdir())
SCHEMAS = lowering.schemas(lowering.further_keywords, *lowering.LOOSE)
SUBJECT = "#/components/schemas/Subject"
EXAMPLES = 300 if os.environ.get("UNDERSTUDY_CORPUS") == "full" else 60
"""How many schemas a law is tried on; `make fuzz` tries it on more."""


def sending(schema: Any, leaf: Any, names: tuple[str, str] = ("Leaf", "Tree"), *, is_answer: bool = False) -> Contract:
    """A contract whose callers send, or are sent, what fits a schema; `names` are those of components to refer to."""
    components = lowering.document(schema, leaf)["components"]
    body = {"content": {"application/json": {"schema": {"$ref": SUBJECT}}}}
    sent = (
        {"responses": {"200": {"description": "Done.", **body}}}
        if is_answer
        else {"requestBody": body, "responses": {}}
    )
    paths = {"/it": {"put": {"operationId": "put", **sent}}}
    text = json.dumps({"paths": paths, "components": components})
    for old, new in zip(("Leaf", "Tree"), names, strict=True):
        text = text.replace(f"schemas/{old}", f"schemas/{new}").replace(f'"{old}":', f'"{new}":')
    return contract(**json.loads(text))


def renamed(document: dict[str, Any]) -> dict[str, Any]:
    """The same document, with each of its schemas under another name."""
    made = copy.deepcopy(document)
    schemas = made.get("components", {}).get("schemas", {})
    made.setdefault("components", {})["schemas"] = {f"{name}.x": schema for name, schema in schemas.items()}
    _rename(made)
    return made


def _rename(value: Any) -> None:
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _rename(item)
    reference = value.get("$ref") if isinstance(value, dict) else None
    if isinstance(reference, str) and reference.startswith("#/components/schemas/"):
        name, slash, rest = reference.removeprefix("#/components/schemas/").partition("/")
        value["$ref"] = f"#/components/schemas/{name}.x{slash}{rest}"


@pytest.mark.parametrize("path", [*CORPUS, *shipped().values()], ids=lambda path: path.name)
def test_no_contract_differs_from_itself_or_its_bundle(path: Path) -> None:
    one = load(str(path), lenient=True)
    assert compare(one, load(str(path), lenient=True), texts=True) == []
    if one.written is None and not one.findings:
        assert compare(one, read(FORMATS["json"](one.document).encode()), texts=True) == []


@pytest.mark.parametrize("path", [*CORPUS, *shipped().values()], ids=lambda path: path.name)
def test_names_of_schemas_make_no_difference(path: Path) -> None:
    one = load(str(path), lenient=True)
    if one.findings or "discriminator" in json.dumps(one.document, default=str):
        pytest.skip("a discriminator speaks of names, and a broken reference of none")
    assert compare(one, read(FORMATS["json"](renamed(one.document)).encode())) == []


@settings(max_examples=EXAMPLES, deadline=None)
@given(schema=SCHEMAS, leaf=lowering.LOOSE_LEAVES)
def test_nothing_differs_from_itself_under_other_names(schema: Any, leaf: Any) -> None:
    other = dict(reversed(schema.items())) if isinstance(schema, dict) else schema
    assert compare(sending(schema, leaf), sending({"allOf": [other]}, leaf, ("Leef", "Trea"))) == []


@st.composite
def successors(draw: st.DrawFn) -> tuple[Any, Any]:
    """A schema and another, or what became of it when keywords were added, changed and dropped."""
    old, new = draw(SCHEMAS), draw(SCHEMAS)
    if isinstance(old, dict) and isinstance(new, dict) and draw(st.booleans()):
        new = {**old, **new}
        for name in draw(st.lists(st.sampled_from(sorted(new)), max_size=2)) if new else ():
            new.pop(name, None)
    return old, new


@settings(max_examples=EXAMPLES, deadline=None)
@given(pair=successors(), leaf=lowering.LOOSE_LEAVES)
def test_a_request_that_is_refused_now_has_been_told_of(pair: tuple[Any, Any], leaf: Any) -> None:
    old, new = (sending(schema, leaf) for schema in pair)
    found = compare(old, new)
    note(repr([one.rule for one in found]))
    if not any(one.severity != "info" or one.rule == "drift.request-property-added" for one in found):
        verdicts = [lowering.verdicts(one.document) for one in (old, new)]
        assert all(now for before, now in zip(*verdicts, strict=True) if before)


@settings(max_examples=EXAMPLES, deadline=None)
@given(pair=successors(), leaf=lowering.LOOSE_LEAVES)
def test_an_answer_that_could_not_come_before_has_been_told_of(pair: tuple[Any, Any], leaf: Any) -> None:
    assume("oneOf" not in repr(pair))  # its schemas are taken to exclude each other where the server chooses
    old, new = (sending(schema, leaf, is_answer=True) for schema in pair)
    found = compare(old, new)
    note(repr([one.rule for one in found]))
    if not any(one.severity != "info" for one in found):
        verdicts = [lowering.verdicts(one.document) for one in (old, new)]
        assert all(before for before, now in zip(*verdicts, strict=True) if now)
