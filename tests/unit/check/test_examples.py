"""Examples and defaults that break their schema, told at the exact value."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

from understudy.check import check, examples
from understudy.contract.loading import load

if TYPE_CHECKING:
    from collections.abc import Callable

    from understudy.finding import Finding

    Found = Callable[..., list[Finding]]

RULE = "examples"


def told(findings: list[Finding]) -> list[str]:
    """Read what stands at each place, up to the next comma or brace, in the order of the file."""
    places = sorted((one.location.path, one.location.line, one.location.column) for one in findings if one.location)
    return [
        re.split(r"[,}]", Path(path).read_text().splitlines()[line - 1][column - 1 :])[0]
        for path, line, column in places
    ]


def test_a_sound_contract_has_none(found: Found, good: str) -> None:
    assert found(RULE, good) == []


def test_every_place_that_can_hold_an_example(found: Found) -> None:
    text = """\
        paths:
          /a:
            get:
              operationId: a
              parameters:
                - {name: p, in: query, schema: {type: integer}, example: x}
                - {name: q, in: query, schema: {type: integer}, examples: {one: {value: y}, two: {value: 2}}}
                - {name: r, in: query, content: {application/json: {schema: {type: array}, example: 1}}}
              requestBody:
                content:
                  application/json:
                    schema: {type: integer}
                    examples: {one: {$ref: "#/components/examples/Text"}}
              responses:
                "200":
                  description: x
                  headers:
                    X-A: {schema: {type: integer}, example: z}
                  content:
                    application/json: {schema: {type: string, format: date}, example: "2024-02-30"}
        components:
          examples:
            Text: {value: text}
          schemas:
            A: {type: integer, default: d, examples: [1, e], example: f}
            B: {properties: {b: {items: {type: integer, default: 1.5}}}}
        """
    findings = found(RULE, text)
    assert told(findings) == ["x", "y", "1", "z", '"2024-02-30"', "text", "d", "e]", "f", "1.5"]
    assert "The example `one` does not fit its schema" in "".join(finding.message for finding in findings)


def test_the_place_is_the_value_inside_the_example_file(tmp_path: Path) -> None:
    (tmp_path / "list.json").write_text('{\n  "data": [\n    {"id": "a"},\n    {"id": 7, "more": 1}\n  ]\n}\n')
    (tmp_path / "openapi.yaml").write_text(
        json.dumps(
            {
                "openapi": "3.1.0",
                "info": {"title": "x", "version": "1"},
                "paths": {
                    "/a": {"get": {"operationId": "a", "responses": {"200": {"$ref": "#/components/responses/R"}}}}
                },
                "components": {
                    "responses": {
                        "R": {
                            "description": "x",
                            "content": {
                                "application/json": {
                                    "schema": {"properties": {"data": {"items": {"$ref": "#/components/schemas/I"}}}},
                                    "examples": {"one": {"externalValue": "list.json"}},
                                }
                            },
                        }
                    },
                    "schemas": {
                        "I": {
                            "required": ["name"],
                            "properties": {"id": {"type": "string"}, "name": {}},
                            "additionalProperties": False,
                        }
                    },
                },
            }
        )
    )
    findings = [finding for finding in check(load(str(tmp_path))) if finding.rule == RULE]
    assert {str(finding.location).rpartition("/")[2] for finding in findings} == {
        "list.json:3:5",
        "list.json:4:5",
        "list.json:4:12",
        "list.json:4:15",
    }
    wrong = next(finding for finding in findings if "`id`" in finding.message)
    assert wrong.message == (
        "The example `one` does not fit its schema at /data/1: `id` must be a string, and is an integer, 7."
    )
    assert wrong.location
    assert wrong.location.pointer == "/data/1/id"


def test_a_parameter_may_be_written_as_it_is_sent(found: Found) -> None:
    text = """\
        paths:
          /a:
            parameters:
              - {name: a, in: query, schema: {type: integer}, example: "5"}
              - {name: b, in: query, schema: {type: array, items: {type: string}}, example: "a,b"}
              - {name: c, in: query, schema: {type: integer}, example: "five"}
        """
    assert told(found(RULE, text)) == ['"five"']


def test_read_only_fields_stay_out_of_requests(found: Found) -> None:
    text = """\
        paths:
          /a:
            post:
              requestBody:
                content: {application/json: {schema: {$ref: "#/components/schemas/A"}, example: {}}}
              responses:
                "200":
                  description: x
                  content: {application/json: {schema: {$ref: "#/components/schemas/A"}, example: {}}}
        components:
          schemas:
            A: {allOf: [{properties: {id: {readOnly: true}}}], required: [id]}
        """
    assert [finding.location.line for finding in found(RULE, text) if finding.location] == [12]


def test_text_that_holds_json_gets_a_remedy_of_its_own(found: Found) -> None:
    text = """\
        paths:
          /a:
            get:
              responses:
                "200":
                  description: x
                  content: {application/json: {schema: {type: object}, example: '{"a": 1}'}}
        """
    assert "text that holds JSON" in found(RULE, text)[0].remedy


def test_schemas_that_are_none_and_content_json_can_not_show_are_left_alone(found: Found) -> None:
    text = """\
        paths:
          /a:
            get:
              responses:
                "200":
                  description: x
                  content:
                    application/json: {schema: {type: strng}, example: 3}
                    image/png: {schema: {type: object}, example: text}
        """
    assert found(RULE, text) == []


def test_3_0_schemas_are_read_as_3_0_means_them(found: Found) -> None:
    text = """\
        paths: {}
        components:
          schemas:
            A: {type: string, nullable: true, example: null}
            B: {type: integer, minimum: 3, exclusiveMinimum: true, example: 3}
        """
    head = 'openapi: 3.0.3\ninfo: {title: x, version: "1"}\nservers: []\n'
    assert told(found(RULE, text, head=head)) == ["3"]


def test_defaults_are_not_counted_as_examples(tmp_path: Path, good: str) -> None:
    (tmp_path / "openapi.yaml").write_text('openapi: 3.1.0\ninfo: {title: x, version: "1"}\n' + good)
    assert examples.count(load(str(tmp_path))) == 2


def test_a_schema_that_is_none_hides_no_other_example(found: Found) -> None:
    text = """\
        paths: {}
        components:
          schemas:
            A: {type: strng, example: 1}
            B: {type: integer, example: b}
            C: {pattern: "(", example: c}
            D: {type: integer, example: d}
        """
    assert told(found(RULE, text)) == ["b", "d"]


def test_alternatives_are_told_by_the_one_that_came_nearest(found: Found) -> None:
    text = """\
        paths: {}
        components:
          schemas:
            A:
              properties:
                a: {anyOf: [{type: string}, {type: object, properties: {x: {type: integer}, y: {type: integer}}}]}
              example: {a: {x: one, y: two}}
        """
    findings = found(RULE, text)
    assert told(findings) == ["one", "two"]
    assert "at /a: `x` must be an integer" in findings[0].message


def test_what_only_one_side_may_say_is_held_to_that_side(found: Found) -> None:
    """A request's example has no read-only field and needs none, at any depth; a response's no write-only one."""
    text = """\
    paths:
      /a:
        post:
          requestBody:
            content:
              application/json:
                schema: {type: array, items: {$ref: '#/components/schemas/A'}}
                examples: {good: {value: [{secret: s}]}, bad: {value: [{id: 1, secret: s}]}}
          responses:
            "200":
              description: x
              content:
                application/json:
                  schema: {type: array, items: {$ref: '#/components/schemas/A'}}
                  examples: {good: {value: [{id: 1}]}, bad: {value: [{id: 1, secret: s}]}}
    components:
      schemas:
        A:
          required: [id, secret]
          properties: {id: {type: integer, readOnly: true}, secret: {type: string, writeOnly: true}}
          example: {id: 1}
    """
    messages = [finding.message for finding in found(RULE, text)]
    assert messages == [
        "The example `bad` does not fit its schema at /0: `id` is read-only, and has no place in a request.",
        "The example `bad` does not fit its schema at /0: `secret` is write-only, and has no place in a response.",
    ]


def test_an_example_below_a_property_that_one_side_has_not_is_held_to_the_other(found: Found) -> None:
    text = """\
        paths: {}
        components:
          schemas:
            A:
              properties:
                card: {readOnly: true, properties: {last: {type: string, example: 1111}}}
                name: {type: string, writeOnly: true}
        """
    assert told(found(RULE, text)) == ["1111"]
