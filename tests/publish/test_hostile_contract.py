"""A contract that means ill, or is merely odd: its site is whole, and nothing it says is taken for HTML."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from sites_in_memory import built, parse_html
from test_prose import faults
from test_site_laws import disagreements, flaws

if TYPE_CHECKING:
    from collections.abc import Callable

    from sites_in_memory import Built

EVIL = (
    "# Big\n<script>alert(1)</script> <img src=https://evil.example/x.png onerror=alert(1)> ![i](https://evil.example/y.png)"
    "\n\n[a](javascript:alert(1)) [b](data:text/html,x) [c](../x) </div></main>\n\n<style>*{display:none}</style>\n"
    "\n> [!NOTE]\n> Useful.\n\n| a | b |\n|:-:|--:|\n| c[^1] | `d` |\n\n[^1]: A footnote.\n"
    "\n```html\n<b>\n\n| a | <b> |\n|---|\n"
)
LONG = "v" * 5000
LINE = 'x</title><script>alert("1")</script>`|*_[](javascript:1)'
IDS = ("a/b", "a-b", "..", "CON", "Get", "get", "🎉", "x" * 300, "<script>", "index", "a b", "%2e%2e", "content")

SERVER = {
    "url": "https://x'\"<b>`.example/{'a\"}/{v}/{v}{v}",
    "description": LINE,
    "variables": {"'a\"": {"default": "<i>`'\"&lt;\\"}, "v": {"default": "$(x)", "enum": ["$(x)", "`", 3, None]}},
}


def operation(name: str) -> dict[str, Any]:
    reference = {"schema": {"$ref": "#/components/schemas/Evil"}}
    examples = {LINE: {"summary": LINE, "description": EVIL, "value": {LINE: LINE}}, "b": {"value": EVIL}}
    return {
        "operationId": name,
        "tags": [LINE, "<b>", "a/b"],
        "summary": LINE,
        "description": EVIL,
        "externalDocs": {"url": "javascript:alert(1)", "description": LINE},
        "security": [{LINE: [LINE]}],
        "parameters": [
            {"name": LINE, "in": "query", "required": True, "description": EVIL, "schema": {"enum": [LINE, "", LONG]}}
        ],
        "requestBody": {"description": EVIL, "content": {"application/json": {**reference, "examples": examples}}},
        "responses": {
            "200": {
                "description": EVIL,
                "headers": {"X-É": {"description": EVIL, "schema": {"pattern": "`|`"}}},
                "content": {"application/json": {**reference, "examples": examples}},
            },
            "4XX": {"description": LINE, "content": {"text/html": {"example": EVIL}}},
            "default": {"description": ""},
        },
    }


def contract() -> dict[str, Any]:
    deep: dict[str, Any] = {"type": "string"}
    for number in range(60):
        deep = {"properties": {f"p{number}": deep}, "description": "> [!WARNING]\n> Deep."}
    schema = {
        "title": LINE,
        "description": EVIL,
        "properties": {LINE: {"$ref": "#/components/schemas/Evil"}, "\x00": {"default": EVIL}, "": {"const": "``"}},
        "patternProperties": {"^`": {}},
        "required": ["", 3],
    }
    schemas = {
        "Evil": schema,
        "Deep": deep,
        **{name: {"description": EVIL, "allOf": [{"$ref": "#/components/schemas/Evil"}]} for name in IDS},
    }
    scheme = {"type": "apiKey", "in": "header", "name": LINE, "description": EVIL}
    return {
        "info": {
            "title": LINE,
            "version": LINE,
            "description": EVIL,
            "termsOfService": "javascript:x",
            "contact": {"email": LINE},
        },
        "servers": [{"url": "javascript:x", "description": EVIL}, SERVER],
        "tags": [{"name": LINE, "description": EVIL}],
        "paths": {f"/{number}": {"post": operation(name)} for number, name in enumerate(IDS)},
        "webhooks": {name: {"post": {"description": EVIL, "summary": LINE}} for name in IDS},
        "components": {"schemas": schemas, "securitySchemes": {LINE: scheme}},
    }


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Built:
    path = tmp_path_factory.mktemp("hostile") / "contract.json"
    path.write_text(json.dumps({"openapi": "3.1.0", **contract()}))
    return built(str(path))


def test_the_site_of_a_hostile_contract_is_whole(site: Built) -> None:
    assert flaws(site.files) == []
    assert len({path.casefold() for path in site.files}) == len(site.files)
    assert all(part and part[0] != "." for path in site.files for part in path.removeprefix(".").split("/"))


def test_its_pages_say_what_their_twins_say(site: Built) -> None:
    assert disagreements(site) == {}


def test_a_long_value_is_cut_and_a_deep_schema_ends_somewhere(site: Built) -> None:
    assert max(map(len, site.text("en/ops/a-b").split())) < 5000
    assert "There are more levels" in site.text("en/schemas/Deep")


def test_nothing_of_its_html_is_html(site: Built) -> None:
    for path, content in site.files.items():
        if path.endswith(".md"):
            assert [
                one
                for one in faults(content.decode())
                if one != "heading_open" and ".md" not in one and not one.startswith(("#", "/", "../"))
            ] == [], path
        elif path.endswith(".html"):
            assert b"<script>" not in content
            assert b"<img" not in content
            assert b" style=" not in content
            assert all(not link.lower().startswith(("javascript:", "data:")) for link in parse_html(content).links)


def schemas(**declared: Any) -> dict[str, Any]:
    return {"components": {"schemas": declared}}


@pytest.mark.parametrize(
    "odd",
    [
        {"paths": {"/a": {"get": {"responses": None}}}},
        {"paths": {"/a": {"get": {"responses": {"200": {}}, "parameters": "x", "tags": "y", "security": 3}}}},
        {"paths": {"/a": {"get": {"responses": {"200": {"description": 1, "content": {"*/*": None}}}}}}},
        {"paths": None, "tags": [3, {"name": 4}], "servers": [None], "components": {"schemas": None}},
        {
            "paths": {"/a": {"servers": {}, "get": {"responses": {"200": {}}, "servers": [{"url": 3}, "x"]}}},
            "servers": [{"url": "http://[x", "variables": 3}, {"url": "http://{a}{b}", "variables": {"a": {}, "b": 3}}],
        },
        schemas(A=True, B={"type": 7, "properties": [], "enum": 3, "oneOf": {}}),
        schemas(A={"$ref": "#/components/schemas/B"}, B={"allOf": [{"$ref": "#/components/schemas/A"}]}),
        schemas(
            A={
                "minimum": "x",
                "maximum": [],
                "minLength": "y",
                "examples": 3,
                "discriminator": 1,
                "default": None,
                "format": "int64",
            }
        ),
    ],
)
def test_what_is_no_good_contract_has_a_site_too(publish_document: Callable[..., Built], odd: dict[str, Any]) -> None:
    assert flaws(publish_document(**odd).files) == []
