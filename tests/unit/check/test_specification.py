"""The shape of the document, each fault at its place; and nothing that the library refuses passes here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from understudy.check import check
from understudy.contract.loading import load

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from understudy.finding import Finding

    Found = Callable[..., list[Finding]]

RULE = "specification"
OPERATION = """\
paths:
  /a:
    get:
      operationId: a
      responses:
        "200": {description: x}
"""


def places(findings: list[Finding]) -> list[tuple[int, int]]:
    return [(finding.location.line, finding.location.column) for finding in findings if finding.location]


def test_a_sound_contract_has_none(found: Found, good: str) -> None:
    assert found(RULE, good) == []


def test_a_missing_field_stands_at_what_lacks_it(found: Found) -> None:
    findings = found(RULE, "paths: {}\n", head="openapi: 3.1.0\ninfo:\n  title: x\n")
    assert [finding.message for finding in findings] == ["`version` is missing."]
    assert places(findings) == [(3, 3)]


def test_an_unknown_field_a_wrong_value_and_a_wrong_type(found: Found) -> None:
    text = """\
        paths:
          /a:
            get:
              operationId: 3
              parameters:
                - {name: q, in: qury, schema: {type: strng}}
              responses:
                "200":
                  description: x
                  contnt: {}
                2000: {description: x}
        """
    assert sorted((f.location.line, f.location.column, f.message) for f in found(RULE, text) if f.location) == [
        (7, 20, "`operationId` must be a string, and is an integer, 3."),
        (9, 25, '`in` is "qury", which is none of "query", "header", "path", "cookie".'),
        (
            9,
            46,
            '`type` is "strng", which is none of "array", "boolean", "integer", "null", "number", "object", "string".',
        ),
        (13, 11, "`contnt` is not a field that may stand here."),
        (14, 9, "`2000` is not a field that may stand here."),
    ]


def test_a_schema_of_3_0_is_told_by_its_own_fault_not_as_a_missing_reference(found: Found) -> None:
    text = """\
        paths: {}
        components:
          schemas:
            A:
              properties:
                a:
                  type: strng
        """
    findings = found(RULE, text, head='openapi: 3.0.3\ninfo: {title: x, version: "1"}\nservers: []\n')
    assert places(findings) == [(10, 17)]
    assert "`type`" in findings[0].message


@pytest.mark.parametrize("version", ["3.0.4", "3.1.1", "3.2.0"])
def test_every_version_has_its_rules(found: Found, version: str) -> None:
    head = f'openapi: {version}\ninfo: {{title: x, version: "1"}}\nservers: [{{url: /}}]\n'
    assert found(RULE, OPERATION, head=head) == []
    assert places(found(RULE, OPERATION.replace("description", "descripton"), head=head))


def test_3_2_has_the_query_method(found: Found) -> None:
    head = 'openapi: 3.2.0\ninfo: {title: x, version: "1"}\nservers: []\n'
    assert found(RULE, OPERATION.replace("get:", "query:"), head=head) == []
    assert len(found(RULE, OPERATION.replace("get:", "query:"))) == 1


def test_an_unquoted_version_and_numbers_with_fractions(found: Found) -> None:
    head = 'openapi: 3.1\ninfo: {title: x, version: "1"}\nx-a: 1.5\n'
    findings = found(RULE, "paths: {}\n", head=head)
    assert [finding.remedy for finding in findings] == ['Quote the version and give it in full, such as "3.1.0".']


def test_a_name_that_may_not_be_one_stands_at_the_name(found: Found) -> None:
    findings = found(RULE, "paths: {}\ncomponents:\n  schemas:\n    A b: {}\n")
    assert places(findings) == [(7, 5)]
    assert findings[0].message == 'The name "A b" does not match "^[a-zA-Z0-9._-]+$".'


def test_a_server_may_have_variables(found: Found) -> None:
    head = 'openapi: 3.1.0\ninfo: {title: x, version: "1"}\n'
    servers = 'servers: [{url: "https://{host}/v1", variables: {host: {default: a}}}]\npaths: {}\n'
    assert found(RULE, servers, head=head) == []


def test_another_dialect_is_not_held_to_2020_12(found: Found) -> None:
    schema = "paths: {}\ncomponents: {schemas: {A: {items: [{type: string}]}}}\n"
    assert len(found(RULE, schema)) == 1
    assert found(RULE, "jsonSchemaDialect: http://json-schema.org/draft-07/schema#\n" + schema) == []


REFUSED = {
    "no info": "openapi: 3.1.0\npaths: {}\n",
    "no paths": 'openapi: 3.1.0\ninfo: {title: x, version: "1"}\n',
    "schema type": "components: {schemas: {A: {type: strng}}}",
    "schema required": "components: {schemas: {A: {required: true}}}",
    "schema pattern": "components: {schemas: {A: {pattern: '('}}}",
    "schema nested": "components: {schemas: {A: {properties: {a: {items: {minLength: -1}}}}}}",
    "schema is text": "components: {schemas: {A: text}}",
    "default": "components: {schemas: {A: {type: string, default: 3}}}",
    "required in allOf": "components: {schemas: {A: {allOf: [{properties: {a: {}}}], required: [b]}}}",
    "tags": "tags: [{name: a}, {name: a}]",
    "tag name": "tags: [{}]",
    "operationId": (
        "paths: {/a: {get: {operationId: a, responses: {'200': {description: x}}},"
        " put: {operationId: a, responses: {'200': {description: x}}}}}"
    ),
    "template only": "paths: {'/a/{b}': {get: {responses: {'200': {description: x}}}}}",
    "declared only": (
        "paths: {/a: {get: {parameters: [{name: b, in: path, required: true, schema: {}}],"
        " responses: {'200': {description: x}}}}}"
    ),
    "parameter twice": (
        "paths: {/a: {parameters: [{name: b, in: query, schema: {}}, {name: b, in: query, schema: {}}]}}"
    ),
    "parameter place": "paths: {/a: {parameters: [{name: b, in: qury, schema: {}}]}}",
    "path without slash": "paths: {a: {}}",
    "status": "paths: {/a: {get: {responses: {'2000': {description: x}}}}}",
    "server": "servers: [{}]",
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_openapi_spec_validator_refuses_check_refuses(name: str, tmp_path: Path) -> None:
    text = REFUSED[name]
    if not text.startswith("openapi"):
        text = f'openapi: 3.1.0\ninfo: {{title: x, version: "1"}}\nx-a: {{}}\n{text}\n'
        text += "" if "paths:" in text else "paths: {}\n"
    (tmp_path / "openapi.yaml").write_text(text)
    contract = load(str(tmp_path))
    assert next(iter(OpenAPIV31SpecValidator(contract.document).iter_errors()), None), "the library accepts this"
    findings = list(check(contract))
    assert any(finding.severity.at_least(finding.severity.WARNING) for finding in findings)
    assert all(finding.location and finding.location.line for finding in findings)
