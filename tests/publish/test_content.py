"""What pages say of a contract: types and limits in words, alternatives, directions, callbacks, security, state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sites_in_memory import flat

from understudy.publish.failures import code_of
from understudy.publish.requests import request

if TYPE_CHECKING:
    from collections.abc import Callable

    from sites_in_memory import Built

JSON = "application/json"


def operation(**more: Any) -> dict[str, Any]:
    return {"operationId": "a", "responses": {"204": {"description": "Done."}}, **more}


def post(schema: Any, **schemas: Any) -> dict[str, Any]:
    """A document with one operation that takes and answers the schema."""
    content = {JSON: {"schema": schema}}
    taken = operation(requestBody={"content": content}, responses={"200": {"description": "x", "content": content}})
    return {"paths": {"/a": {"post": taken}}, "components": {"schemas": schemas}}


SAID: list[tuple[dict[str, Any], str]] = [
    ({"type": "string", "format": "uuid"}, "*string (uuid)*"),
    ({"type": ["string", "null"]}, "*string or null*"),
    ({"type": "string", "nullable": True}, "*string or null*"),
    ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, "*integer or null*"),
    ({"type": "array", "items": {"type": "array", "items": {}}}, "*array of array of anything*"),
    ({"additionalProperties": {"type": "number"}}, "*map of number*"),
    ({"oneOf": [{"type": "string"}, {"type": "integer"}]}, "*string or integer*"),
    ({"type": "string", "minLength": 10, "maxLength": 500}, "10 to 500 characters"),
    ({"type": "string", "minLength": 1}, "not empty"),
    ({"type": "array", "items": {}, "maxItems": 3, "uniqueItems": True}, "at most 3 items · no duplicates"),
    ({"type": "array", "items": {}, "minItems": 1, "maxItems": 1.0}, "exactly 1 item\n"),
    ({"type": "string", "maxLength": 65536}, "at most 65,536 characters"),
    ({"type": "integer", "minimum": 1, "maximum": 1000, "default": 20}, "from `1` to `1000` · default: `20`"),
    ({"enum": ["only"]}, "always `only`"),
    ({"type": "number", "exclusiveMinimum": 0, "multipleOf": 0.5}, "greater than `0` · a multiple of `0.5`"),
    ({"type": "number", "minimum": 3, "exclusiveMinimum": True}, "greater than `3`"),
    ({"enum": ["a", 1, None, ""]}, 'one of `a`, `1`, `null`, `""`'),
    ({"const": "x|y"}, "*string*\n\n  always `x|y`"),
    ({"enum": [1, 0.5, None]}, "*integer or number*"),
    ({"pattern": "^`+$"}, "matches `` ^`+$ ``".replace("`` ^", "``^").replace("$ ``", "$``")),
    ({"type": "integer", "format": "int64", "minimum": -(2**63)}, "*integer (int64)*"),
    ({"type": "string", "examples": ["a b"]}, "example: `a b`"),
]


def test_a_schema_is_told_in_words(publish_document: Callable[..., Built]) -> None:
    fields = {f"field{number}": schema for number, (schema, _) in enumerate(SAID)}
    text = publish_document(**post({"properties": fields})).text("en/ops/a").partition("## Request body")[2]
    for number, (_, said) in enumerate(SAID):
        assert said in text.partition(f"- `field{number}`")[2].partition("- `field")[0].partition("## ")[0]
    assert str(2**63) not in text


def test_directions_hide_what_does_not_travel(publish_document: Callable[..., Built]) -> None:
    schema = {"properties": {"made": {"readOnly": True}, "secret": {"writeOnly": True}, "both": {}}}
    site = publish_document(**post({"$ref": "#/components/schemas/S"}, S=schema))
    body, _, answer = site.text("en/ops/a").partition("## Responses")
    assert ("- `made`" in body, "- `secret`" in body, "- `both`" in body) == (False, True, True)
    assert ("- `made`" in answer, "- `secret`" in answer, "- `both`" in answer) == (True, False, True)
    assert "- `made` *anything* *only in answers*" in site.text("en/schemas/S")


def test_parts_and_alternatives_are_put_together(publish_document: Callable[..., Built]) -> None:
    base = {"required": ["kind"], "properties": {"kind": {"type": "string"}}, "discriminator": {"propertyName": "kind"}}
    reference = {"$ref": "#/components/schemas/Base"}
    cat = {"allOf": [reference, {"required": ["lives"], "properties": {"lives": {"type": "integer"}}}]}
    either = {"oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]}
    dog = {"allOf": [reference], "properties": {"tail": {"type": "boolean"}}}
    text = publish_document(**post(either, Base=base, Cat=cat, Dog=dog)).text("en/ops/a")
    assert f"`{JSON}` *[Cat](../schemas/Cat.md) or [Dog](../schemas/Dog.md)*" in text
    first, second = text.partition("## Request body")[2].partition("Alternative 1")[2].split("Alternative 2")[:2]
    assert ("`kind` *string* **required**" in first, "`lives` *integer* **required**" in first) == (True, True)
    assert ("`tail` *boolean*" in second, "`lives`" in second.partition("## Responses")[0]) == (True, False)
    assert '"kind": "Cat"' in text


def test_a_schema_that_holds_itself_ends_in_a_link(publish_document: Callable[..., Built]) -> None:
    reference = {"$ref": "#/components/schemas/Node"}
    node = {"properties": {"name": {}, "next": reference, "all": {"type": "array", "items": reference}}}
    site = publish_document(**post(reference, Node=node))
    assert site.text("en/ops/a").count("*[Node](../schemas/Node.md)*") == 4
    assert "- `all` *array of [Node](Node.md)*" in site.text("en/schemas/Node")


def test_deep_named_schemas_are_linked_to_but_unnamed_ones_written_out(publish_document: Callable[..., Built]) -> None:
    named = {f"S{n}": {"properties": {f"p{n}": {"$ref": f"#/components/schemas/S{n + 1}"}}} for n in range(8)}
    inner: Any = {"type": "string"}
    for number in range(8):
        inner = {"properties": {f"q{number}": inner}}
    text = publish_document(**post({"$ref": "#/components/schemas/S0"}, **named, S8=inner)).text("en/ops/a")
    body = text.partition("## Request body")[2].partition("## Responses")[0]
    assert ("`p4`" in body, "`p5`" in body) == (True, False)
    text = publish_document(**post(inner)).text("en/ops/a")
    assert "`q0`" in text.partition("## Request body")[2].partition("## Responses")[0]


def test_what_the_api_sends_has_pages(publish_document: Callable[..., Built]) -> None:
    sent = {"requestBody": {"content": {JSON: {"schema": {"properties": {"n": {}}}}}}, "responses": {"204": {}}}
    paths = {"/a": {"post": operation(callbacks={"done": {"{$request.body#/url}": {"post": sent}}})}}
    site = publish_document(paths=paths, webhooks={"paid": {"post": {"summary": "Was paid", **sent}}})
    assert site.text("en/webhooks/paid").startswith("# Was paid\n\n`POST` to the address you registered")
    assert "Sent after [a](../ops/a.md)." in site.text("en/webhooks/a-done")
    assert "- [done](../webhooks/a-done.md)" in site.text("en/ops/a")


def test_security_is_told_and_used(publish_document: Callable[..., Built]) -> None:
    key = {"type": "apiKey", "in": "header", "name": "X-Key"}
    login = {"type": "http", "scheme": "bearer", "x-understudy-credentials": {"personas": {"ann": {"token": "tok-a"}}}}
    site = publish_document(
        paths={"/a": {"get": operation(security=[{"login": []}, {"key": []}])}, "/b": {"get": {"responses": {}}}},
        components={"securitySchemes": {"key": key, "login": login}},
    )
    text = site.text("en/ops/a")
    assert "Needs [login](../authentication.md#scheme-login) or [key](../authentication.md#scheme-key)." in text
    assert "-H 'Authorization: Bearer tok-a'" in text
    guide = site.text("en/authentication")
    assert "Sent in the header `X-Key`." in guide
    assert "| ann | `tok-a` | all |" in guide


def test_marks_stand_where_the_contract_has_them(publish_document: Callable[..., Built]) -> None:
    schema = {"properties": {"f": {"x-understudy-assumed": "Nobody says so."}, "old": {"deprecated": True}}}
    document = post(schema)
    document["paths"]["/a"]["post"] |= {"deprecated": True, "x-understudy-draft": True}
    notes = [part for part in flat(publish_document(**document).page("en/ops/a")) if part.kind == "note"]
    tones = [part.facts["tone"] for part in notes]
    assert tones == ["deprecated", "draft", "assumed", "assumed", "deprecated", "assumed", "deprecated"]
    assert "It may still change." in [part.text for part in notes]


def test_what_is_remembered_and_what_can_go_wrong(vendors: Built) -> None:
    states = vendors.text("en/talkover/states")
    assert "### `releaseRequests`\n\n- lists: [List release requests](ops/listReleaseRequests.md)" in states
    assert "Switch it on for a request with `Prefer: scenario=new-environment`" in states
    page = vendors.text("en/talkover/ops/requestPhoneRelease")
    when = "[A second request while the first one waits](#answer-409-alreadypending)"
    assert f"| `409` | `RELEASE_ALREADY_PENDING` | {when} |" in page
    assert "[A second request while the first one waits]" not in vendors.text("pt-BR/talkover/ops/requestPhoneRelease")
    assert "RELEASE_ALREADY_PENDING" in vendors.text("pt-BR/talkover/errors")


def test_operations_without_tags_or_names_have_pages(publish_document: Callable[..., Built]) -> None:
    site = publish_document(paths={"/a/{id}": {"get": {"responses": {"200": {"description": "x"}}}}})
    assert site.text("en/ops/GET-a-id").startswith("# GET /a/{id}\n")
    assert "[Operations](groups/index.md)" in site.text("en/index")


def test_lists_for_machines(vendors: Built) -> None:
    listed = vendors.files["llms.txt"].decode()
    assert listed.startswith("# Talkover API · Talkturo API\n\n> ")
    assert "](https://docs.example.com/api/en/talkover/ops/createDid.md): Registers a number" in listed
    assert "\n## Optional\n" in listed
    assert vendors.files["llms-full.txt"].decode().count("\n# Register a DID on a SIP trunk\n") == 1
    sitemap = vendors.files["sitemap.xml"].decode()
    assert 'hreflang="pt-BR" href="https://docs.example.com/api/pt-BR/talkover/index.html"' in sitemap
    assert sitemap.count("<loc>") == len(vendors.builder.site.pages)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"code": "NO_STOCK"}, "NO_STOCK"),
        ({"code": "nostock"}, "nostock"),
        ({"code": 20404}, "20404"),
        ({"error_code": "no_stock", "error": "No stock"}, "no_stock"),
        ({"type": "https://example.com/problems/no-stock", "status": 409}, "https://example.com/problems/no-stock"),
        ({"type": "about:blank", "title": "Conflict"}, ""),
        ({"error": "invalid_grant"}, "invalid_grant"),
        ({"error": {"code": "E1", "message": "x"}}, "E1"),
        ({"errors": [{"reason": "quota.exceeded"}]}, "quota.exceeded"),
        ({"error": "Unauthorized"}, ""),
        ({"error": "Conflict"}, ""),
        ({"error": "Number"}, ""),
        ({"error": "Not found."}, ""),
        ({"code": "404", "status": "409"}, ""),
        ({"code": True}, ""),
        (["code"], ""),
    ],
)
def test_what_counts_as_a_code(body: Any, code: str) -> None:
    assert code_of(body) == code


def test_a_table_of_failures_has_codes_where_there_are_some(vendors: Built) -> None:
    assert "\n| Code | When | Operation | See it |\n" in vendors.text("en/talkover/errors")
    assert "| Code |" not in vendors.text("en/talkturo/errors")
    assert "\n| Status | When | See it |\n" in vendors.text("en/talkturo/ops/purchasePhoneNumber")


def test_a_schema_is_shown_by_a_value_of_the_contract(vendors: Built, publish_document: Callable[..., Built]) -> None:
    text = vendors.text("pt-BR/talkover/schemas/RegisteredDid")
    assert text.startswith("# RegisteredDid\n\n**DID registrado**\n")
    shown = text.partition("## Exemplo\n")[2]
    assert shown.strip().startswith("**[Registrar um DID em um SIP Trunk](../ops/createDid.md#answer-201-registered)**")
    assert '"trunk_id": "trunk-uuid-1"' in shown
    assert "| [CodedError](CodedError.md) | An error that a program" in vendors.text("en/talkover/schemas/index")
    made = publish_document(**post({}, Made={"properties": {"size": {"type": "integer"}}})).text("en/schemas/Made")
    assert '**Made from the schema**\n\n```json\n{\n  "size": 1\n}\n```' in made


def test_a_first_page_shows_how_to_begin_and_what_there_is(vendors: Built) -> None:
    text = vendors.text("en/talkover/index")
    begin = text.partition("## First request\n")[2].partition("\n## ")[0]
    assert "curl 'http://127.0.0.1:4010/api/v1/phone-numbers/release-requests'" in begin
    assert '"id": "request-uuid-1"' in begin
    assert "status=200&example=pendingAndApproved)" in begin
    groups = text.partition("## What it can do\n")[2].partition("\n## ")[0]
    assert "  - [Register a DID on a SIP trunk](ops/createDid.md)\n" in groups
    assert "- [`new-environment`](states.md#scenario-new-environment) — The day" in text


def test_credentials_stand_where_the_scheme_wants_them(publish_document: Callable[..., Built]) -> None:
    schemes = {place: {"type": "apiKey", "in": place, "name": f"{place}_key"} for place in ("query", "cookie")}
    names: dict[str, Any] = {
        "one": [{"query": []}],
        "other": [{"cookie": []}],
        "both": [{"cookie": [], "query": []}],
        "none": [],
    }
    paths = {f"/{name}": {"get": {**operation(security=one), "operationId": name}} for name, one in names.items()}
    site = publish_document(paths=paths, components={"securitySchemes": schemes})
    sent = {name: (request.target, request.headers) for name, request in _requests(site)}
    query, cookie = "?query_key=understudy-token", {"Cookie": "cookie_key=understudy-token"}
    assert (sent["one"], sent["other"]) == ((f"/one{query}", {}), ("/other", cookie))
    assert (sent["both"], sent["none"]) == ((f"/both{query}", cookie), ("/none", {}))
    asks = [part for part in flat(site.page("en/ops/both")) if part.kind == "ask"]
    assert asks[0].facts["url"] == f"http://127.0.0.1:4010/both{query}"


def _requests(site: Built) -> list[tuple[str, Any]]:
    edition = next(iter(site.builder.publication.editions))
    return [(name, request(edition, one)) for name, one in edition.operations.items()]


def test_what_else_holds_of_a_parameter_is_told_in_one_line_behind_its_description(
    publish_document: Callable[..., Built],
) -> None:
    schema = {"type": "integer", "maximum": 5, "description": "Of the schema."}
    asked = {"name": "n", "in": "query", "description": "How many.", "example": 3, "schema": schema}
    text = publish_document(paths={"/a": {"get": operation(parameters=[asked])}}).text("en/ops/a")
    assert "- `n` *integer*\n\n  How many.\n\n  Of the schema.\n\n  at most `5` · example: `3`\n" in text


def test_a_schema_nothing_is_said_of_is_listed_with_its_type(publish_document: Callable[..., Built]) -> None:
    said = {"type": "string", "title": "A word", "description": "A word"}
    schemas = {"Said": said, "Silent": {"enum": ["a", "b"]}}
    text = publish_document(components={"schemas": schemas}).text("en/schemas/index")
    assert "(Said.md) | A word |" in text
    assert "(Silent.md) | *string* |" in text
