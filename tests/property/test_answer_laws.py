"""Same question, same answer: whatever the order, the company, the process or the address an item is asked for at."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from asking import Asked, Told, ask, ask_at_once, serving
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from understudy.contract.files import shipped
from understudy.contract.loading import load
from understudy_mock.app import mock_app
from understudy_mock.settings import Settings

if TYPE_CHECKING:
    from understudy_mock.app import MockApp

KEYS = st.sampled_from(
    (
        {"type": "integer", "minimum": 1},
        {"type": "string"},
        {"type": "string", "format": "uuid"},
        {"type": "string", "pattern": "^thing_[a-z]{6}$"},
    )
)
FIELDS = st.dictionaries(
    st.sampled_from(("name", "code", "made", "size", "parts", "owner")),
    st.sampled_from(
        (
            {"type": "string"},
            {"type": "string", "format": "uuid"},
            {"type": "string", "pattern": "^[A-Z]{8}$"},
            {"type": "array", "minItems": 2, "items": {"type": "string", "format": "uuid"}},
            {"type": "object", "required": ["key"], "properties": {"key": {"type": "string", "format": "uuid"}}},
            {"oneOf": [{"type": "integer", "minimum": 4}, {"type": "null"}]},
        )
    ),
    min_size=1,
    max_size=4,
)


def things(key: Any, fields: Any, least: int, shape: tuple[bool, bool]) -> dict[str, Any]:
    """Write a contract of a collection without any example; `shape`: in an envelope, or listed as a summary."""
    is_wrapped, is_summary = shape
    item = {"type": "object", "required": ["id", *fields], "properties": {"id": key, **fields}}
    kept = dict(list(fields.items())[:1])
    summary = {"type": "object", "required": ["id", *kept], "properties": {"id": key, **kept}}
    thing = {"$ref": "#/components/schemas/Thing"}
    listed_item = {**summary, "additionalProperties": False} if is_summary else thing
    items = {"type": "array", "minItems": least, "items": listed_item}
    listed = {"type": "object", "required": ["data"], "properties": {"data": items}} if is_wrapped else items
    named = {"in": "path", "name": "id", "required": True, "schema": key}
    read = {"200": good(thing), "404": {"description": "Missing."}}
    return {
        "paths": {
            "/things": {"get": {"responses": {"200": good(listed)}}},
            "/things/{id}": {"get": {"parameters": [named], "responses": read}},
        },
        "components": {"schemas": {"Thing": item}},
    }


def good(schema: Any) -> dict[str, Any]:
    return {"description": "Good.", "content": {"application/json": {"schema": schema}}}


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    document=st.builds(things, KEYS, FIELDS, st.integers(0, 3), st.tuples(st.booleans(), st.booleans())),
    remember=st.booleans(),
    prefer=st.sampled_from(((), (("prefer", "dynamic=true"),), (("prefer", "dynamic=true, seed=7"),))),
)
def test_an_item_of_a_list_is_what_its_address_shows(document: Any, prefer: Any, *, remember: bool) -> None:
    app = serving(document, remember=remember)
    listed = ask(app, Asked("GET", "/things", "", prefer))
    assert listed.status == 200
    items = listed.json["data"] if isinstance(listed.json, dict) else listed.json
    note(repr((document, items)))
    assert items or (remember and not prefer)
    for item in items:
        told = ask(app, Asked("GET", f"/things/{item['id']}", "", prefer))
        assert told.status == 200, told
        assert {name: told.json[name] for name in item} == item


def test_a_list_shows_the_documented_item_of_an_address() -> None:
    document = things({"type": "integer"}, {"name": {"type": "string"}}, 1, (False, False))
    media = document["paths"]["/things/{id}"]["get"]["responses"]["200"]["content"]["application/json"]
    media["example"] = {"id": 5, "name": "Ann"}
    assert {item["name"] for item in ask(serving(document), Asked("GET", "/things")).json} == {"Ann"}


def reading(app: MockApp) -> list[Asked]:
    """List requests for all that can be read without a body, with parameters that their examples or schemas give."""
    found = []
    for mount in app.mounts:
        for compiled in mount.compiled.operations.values():
            path = compiled.operation.path
            for placed in compiled.operation.parameters:
                if placed.value.get("in") == "path":
                    made = mount.compiled.synthesis.make((*placed.tokens, "schema"), "law")
                    path = path.replace("{" + placed.value["name"] + "}", str(made))
            if compiled.operation.method == "GET":
                found += [
                    Asked("GET", mount.key + path, "", headers)
                    for headers in ((), (("prefer", "dynamic=true"),), (("prefer", "code=200, seed=3"),))
                ]
    return found


@pytest.fixture(params=[True, False], ids=["state", "no state"])
def app(request: pytest.FixtureRequest) -> MockApp:
    contracts = [load(name) for name in sorted(shipped()) if name != "understudy"]
    return mock_app(contracts, Settings(auth="off", remember=request.param))


def test_neither_order_nor_company_changes_an_answer(app: MockApp) -> None:
    asked = reading(app)
    assert len(asked) > 10
    alone = {one: ask(app, one) for one in asked}
    assert {told.status for told in alone.values()} >= {200}
    shuffled = asked * 2
    random.Random(4).shuffle(shuffled)  # noqa: S311 - not a secret
    together = ask_at_once(app, shuffled)
    assert [alone[one] for one in shuffled] == together


def test_head_is_get_without_a_body(app: MockApp) -> None:
    for asked in reading(app):
        told = ask(app, asked)
        head = ask(app, Asked("HEAD", asked.path, asked.query, asked.headers))
        assert head == Told(told.status, told.headers, b"")


PROBE = """
import sys, json
sys.path.insert(0, sys.argv[1])
from asking import Asked, ask, serving
app = serving(json.loads(sys.argv[2]), seed=int(sys.argv[3]))
told = [ask(app, Asked("GET", path, "", (("prefer", "dynamic=true"),))) for path in ("/things", "/things/7")]
print([(one.status, one.body) for one in told])
"""


def test_a_seed_makes_the_same_in_every_process() -> None:
    tags = {"type": "array", "uniqueItems": True, "minItems": 3}
    fields = {"made": {"type": "string", "format": "uuid"}, "tags": tags}
    document = json.dumps(things({"type": "integer"}, fields, 2, (True, False)))

    def run(hashes: str, seed: str) -> str:
        words = [sys.executable, "-c", PROBE, str(Path(__file__).parent), document, seed]
        surroundings = {**os.environ, "PYTHONHASHSEED": hashes}
        return subprocess.run(words, env=surroundings, capture_output=True, text=True, check=True).stdout

    assert run("1", "5") == run("2", "5") != run("1", "6")
