"""What OpenAPI 3.2 added is read, bundled and checked."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING, Any

import pytest

from understudy.check import check
from understudy.contract.loading import load
from understudy.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from understudy.contract.model import Contract

HEAD = "openapi: 3.2.0\ninfo: {title: New, version: '1'}\n"


@pytest.fixture
def read(tmp_path: Path) -> Any:
    def read_text(text: str, **files: str) -> Contract:
        for name, content in files.items():
            (tmp_path / f"{name}.yaml").write_text(dedent(content), "utf-8")
        (tmp_path / "openapi.yaml").write_text(HEAD + dedent(text), "utf-8")
        return load(str(tmp_path / "openapi.yaml"))

    return read_text


def test_query_and_additional_methods_are_operations(read: Any) -> None:
    contract = read("""\
        paths:
          /a:
            query: {operationId: ask, responses: {default: {description: ok}}}
            additionalOperations:
              COPY: {operationId: copy, responses: {default: {description: ok}}}
        """)
    found = [(one.id, one.method, one.tokens) for one in contract.operations]
    assert found == [
        ("ask", "QUERY", ("paths", "/a", "query")),
        ("copy", "COPY", ("paths", "/a", "additionalOperations", "COPY")),
    ]
    assert [one for one in check(contract) if one.severity == "error"] == []


@pytest.mark.parametrize(
    "reference",
    [
        "https://a.b/api/openapi.yaml#/components/schemas/A",
        "/api/openapi.yaml#/components/schemas/A",
        "openapi.yaml#/components/schemas/A",
        "#/components/schemas/A",
    ],
)
def test_references_are_relative_to_self(read: Any, reference: str) -> None:
    contract = read(f"""\
        $self: https://a.b/api/openapi.yaml
        paths: {{}}
        components: {{schemas: {{A: {{type: string}}, B: {{$ref: '{reference}'}}}}}}
        """)
    assert contract.document["components"]["schemas"]["B"] == {"$ref": "#/components/schemas/A"}


def test_self_places_its_neighbours_beside_the_file(read: Any) -> None:
    schemas = "{B: {$ref: 'https://a.b/api/more.yaml#/C'}}"
    text = f"$self: https://a.b/api/v1.yaml\npaths: {{}}\ncomponents: {{schemas: {schemas}}}\n"
    more = "C: {type: object, properties: {d: {$ref: 'https://a.b/api/v1.yaml#/components/schemas/B'}}}\n"
    made = read(text, more=more).document["components"]["schemas"]
    assert made == {"B": {"type": "object", "properties": {"d": {"$ref": "#/components/schemas/B"}}}}


def test_another_host_is_still_not_fetched(read: Any) -> None:
    with pytest.raises(InputError, match="on the network"):
        read("$self: https://a.b/v1.yaml\npaths: {}\ncomponents: {schemas: {B: {$ref: 'https://c.d/x.yaml#/C'}}}\n")


def test_media_types_of_components_stand_where_they_are_used(read: Any) -> None:
    contract = read("""\
        paths:
          /a:
            get: {responses: {'200': {summary: ok, content: {application/json: {$ref: '#/components/mediaTypes/M'}}}}}
        components: {mediaTypes: {M: {schema: {type: string}, examples: {e: {dataValue: x}}}}}
        """)
    media = contract.document["paths"]["/a"]["get"]["responses"]["200"]["content"]["application/json"]
    assert media == {"schema": {"type": "string"}, "examples": {"e": {"dataValue": "x"}}}
    at = ("paths", "/a", "get", "responses", "200", "content", "application/json", "schema")
    assert contract.location(at).pointer == "/components/mediaTypes/M/schema"
    assert [one.rule for one in check(contract)] == ["operation-id"]


def test_a_security_scheme_may_be_named_by_its_uri(read: Any) -> None:
    contract = read(
        """\
        security: [{'shared.yaml#/login': []}, {'#/components/securitySchemes/key': []}]
        paths: {}
        components: {securitySchemes: {key: {type: apiKey, in: header, name: K}}}
        """,
        shared="login: {type: http, scheme: basic}\n",
    )
    assert contract.document["security"] == [{"login": []}, {"key": []}]
    assert contract.document["components"]["securitySchemes"]["login"] == {"type": "http", "scheme": "basic"}


def test_the_default_of_a_discriminator_is_a_reference_too(read: Any) -> None:
    contract = read(
        "paths: {}\n"
        "components: {schemas: {A: {discriminator: {propertyName: k, defaultMapping: 'more.yaml#/Cat'}}, "
        "B: {discriminator: {propertyName: k, defaultMapping: A}}}}\n",
        more="Cat: {type: object}\n",
    )
    schemas = contract.document["components"]["schemas"]
    assert schemas["A"]["discriminator"]["defaultMapping"] == "#/components/schemas/Cat"
    assert schemas["B"]["discriminator"]["defaultMapping"] == "A"
    assert schemas["Cat"] == {"type": "object"}


def test_schemas_below_the_new_fields_are_walked(read: Any) -> None:
    contract = read(
        """\
        paths:
          /a:
            get:
              responses:
                '200':
                  description: ok
                  content:
                    multipart/mixed:
                      itemSchema: {$ref: 'more.yaml#/Item'}
                      prefixEncoding: [{headers: {X: {schema: {$ref: 'more.yaml#/Item'}}}}]
                      itemEncoding: {headers: {Y: {schema: {$ref: 'more.yaml#/Item'}}}}
        """,
        more="Item: {type: string}\n",
    )
    media = contract.document["paths"]["/a"]["get"]["responses"]["200"]["content"]["multipart/mixed"]
    item = {"$ref": "#/components/schemas/Item"}
    assert media["itemSchema"] == media["prefixEncoding"][0]["headers"]["X"]["schema"] == item
    assert media["itemEncoding"]["headers"]["Y"]["schema"] == item


def test_the_official_schema_of_3_2_knows_all_of_it(read: Any) -> None:
    contract = read("""\
        servers: [{url: /v1, name: one}]
        tags: [{name: a, summary: A, kind: nav}, {name: b, parent: a}]
        paths:
          /a:
            get:
              operationId: a
              tags: [b]
              parameters:
                - {name: q, in: querystring, content: {application/x-www-form-urlencoded: {schema: {type: object}}}}
              responses:
                '200':
                  summary: ok
                  content: {application/jsonl: {itemSchema: {type: string}, examples: {e: {serializedValue: '"x"'}}}}
                '400': {summary: No}
        components:
          securitySchemes:
            d:
              type: oauth2
              flows:
                deviceAuthorization: {deviceAuthorizationUrl: 'https://a.b', tokenUrl: 'https://a.b', scopes: {}}
          schemas:
            X: {type: string, xml: {nodeType: attribute}}
          pathItems: {P: {get: {operationId: p, responses: {default: {description: ok}}}}}
        security: [{d: []}]
        """)
    assert [one for one in check(contract) if one.severity == "error"] == []
