"""A contract without the examples of its responses, wherever those are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from understudy_mock.unexampled import without_examples

if TYPE_CHECKING:
    from conftest import Read, Serve

CONTRACT = """\
openapi: 3.2.0
paths:
  /a:
    post:
      requestBody: {content: {application/json: {example: kept}}}
      responses: {"200": {description: x, content: {application/json: {schema: {example: kept}, example: gone}}}}
    additionalOperations: {COPY: {responses: {"200": {$ref: "#/components/responses/R"}}}}
  /b: {$ref: "#/components/pathItems/P"}
components:
  responses: {R: {description: x, content: {text/plain: {examples: {e: {value: gone}}}}}, S: {description: x}}
  pathItems: {P: {get: {responses: {"200": {description: x, content: {text/plain: {example: gone}}}}}}}
  mediaTypes: {M: {example: gone}}
"""


def test_examples_of_responses_are_left_out_and_no_others(contract: Read) -> None:
    before = contract(CONTRACT)
    told = str(without_examples(before).document)
    assert "gone" not in told
    assert told.count("kept") == 2
    assert "gone" in str(before.document)


def test_a_contract_that_is_not_one_is_passed_on(contract: Read) -> None:
    odd = "paths: {/a: 7, /b: {get: 7, post: {responses: 7}, put: {responses: {'200': 7, '201': {content: 7}}}}}"
    for text in (odd, "components: 7", "paths: 7"):
        assert without_examples(contract(text)).document == contract(text).document


ONE = """\
paths:
  /a:
    get:
      responses:
        "200": {description: x, content: {application/json: {schema: {type: string, default: made}, example: told}}}
"""


def test_answers_are_made_up_and_pages_of_other_origins_get_none(mocked: Serve) -> None:
    told = mocked(ONE, ignore_examples=True, cors=False).ask("GET /a", origin="http://a.test")
    assert told.json == "made"
    assert not {name for name in told.headers if name.startswith(("access-control-", "vary"))}
    told = mocked(ONE).ask("GET /a", origin="http://a.test")
    assert (told.json, told.headers["access-control-allow-origin"]) == ("told", "http://a.test")


COMPACT = """\
paths:
  /a:
    get:
      responses: {"200": {description: x, content: {application/json: {example: {z: [1, 2.50], a: "ü", m: null}}}}}
"""


def test_json_is_compact_and_in_document_order(mocked: Serve) -> None:
    expected = '{"z":[1,2.50],"a":"ü","m":null}'.encode()
    assert mocked(COMPACT).ask("GET /a").body == expected
    assert mocked(COMPACT, compat="prism").ask("GET /a").body == expected
