"""Every variant of an operation is valid by its schema, is served exactly as listed, and keeps its id."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from understudy.contract import pointer as pointers
from understudy.contract.loading import load
from understudy_mock import variants
from understudy_mock.app import mock_app
from understudy_mock.compiling import compile_contract
from understudy_mock.control.links import request_for
from understudy_mock.exchange import MISSING
from understudy_mock.variants import enumerate_variants

if TYPE_CHECKING:
    from conftest import Mocked, Read, Serve, Told
    from understudy_mock.variants import Variant

PETS = """
paths:
  /pets/{id}:
    get:
      operationId: getPet
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer}, example: 7}
        - {name: q, in: query, required: true, schema: {type: string, enum: [a]}}
      responses:
        '200':
          description: ok
          content:
            application/json:
              schema:
                type: object
                required: [id]
                additionalProperties: false
                properties:
                  id: {type: integer}
                  name: {type: [string, 'null']}
                  kind: {type: string, enum: [cat, dog]}
                  tags: {type: array, items: {type: object, properties: {colour: {enum: [red, blue]}}}}
                  never: {type: string, minLength: 5}
              examples:
                tom: {value: {id: 7, name: Tom, kind: cat, tags: [{colour: red}]}}
                wrong: {value: {name: 1}}
        '204': {description: nothing}
        4XX: {description: refused, content: {application/json: {schema: {type: string, example: no}}}}
        default: {description: failed, content: {application/json: {schema: {type: object}}}}
"""


def found(contract: Read, text: str = PETS, operation: str = "getPet") -> dict[str, Variant]:
    compiled = compile_contract(contract(text)).operations[operation]
    return {one.id: one for one in enumerate_variants(compiled)}


def test_statuses_examples_absences_nulls_enumerations_and_empty_lists_are_listed(contract: Read) -> None:
    listed = [variant for variant in found(contract).values() if variant.is_changed]
    assert [(one.kind, one.key, pointers.join(one.pointer), one.value) for one in listed] == [
        ("absent", "200", "/name", MISSING),
        ("null", "200", "/name", None),
        ("absent", "200", "/kind", MISSING),
        ("enum", "200", "/kind", "dog"),
        ("absent", "200", "/tags", MISSING),
        ("empty", "200", "/tags", []),
        ("absent", "200", "/tags/0/colour", MISSING),
        ("enum", "200", "/tags/0/colour", "blue"),
    ]


def test_ids_stay_when_other_things_of_the_contract_change(contract: Read) -> None:
    before = set(found(contract))
    after = set(found(contract, PETS.replace("enum: [cat, dog]", "enum: [cat, dog, newt]")))
    assert before < after
    assert len(after - before) == 1


def ask_for(mock: Mocked, operation: str, *, in_query: bool) -> list[tuple[Variant, Told]]:
    """Ask for every variant of an operation; gives what is listed beside what is answered."""
    mount = next(one for one in mock.app.mounts if operation in one.compiled.operations)
    compiled = mount.compiled.operations[operation]
    headers = mock.app.credential_headers(mount.compiled.contract)
    pairs = []
    for variant in enumerate_variants(compiled):
        request = request_for(mount, compiled, variant)
        href = request["href"] if in_query else without_wishes(request["href"])
        sent: dict[str, Any] = {"accept": request["accept"], **({} if in_query else {"prefer": request["prefer"]})}
        sent |= {name.lower().replace("-", "_"): value for name, value in headers.items()}
        pairs.append((variant, mock.ask(f"{request['method']} {href}", request.get("body"), **sent)))
    return pairs


def without_wishes(href: str) -> str:
    path, _, query = href.partition("?")
    kept = "&".join(pair for pair in query.split("&") if not pair.startswith("__"))
    return f"{path}?{kept}"


@pytest.mark.parametrize("in_query", [True, False])
def test_every_variant_is_served_as_it_is_listed(mocked: Serve, in_query: bool) -> None:
    pairs = ask_for(mocked(PETS), "getPet", in_query=in_query)
    assert {variant.kind for variant, _ in pairs} == set(variants.KINDS)
    for variant, told in pairs:
        assert told.status == variant.choice.status
        if variant.choice.media is None:
            assert told.body == b""
        else:
            assert told.json == variant.body()


@pytest.mark.parametrize("name", ["talkover", "talkturo"])
def test_every_variant_of_the_shipped_contracts_is_valid_and_served(mocked: Serve, name: str) -> None:
    mock = replace(mocked(PETS), app=mock_app([load(name)]))
    asked = [pair for one in mock.app.mounts[0].compiled.operations for pair in ask_for(mock, one, in_query=True)]
    assert len(asked) > 20
    for variant, told in asked:
        assert (told.status, told.json) == (variant.choice.status, variant.body()), variant.id
        assert variant.choice.media is not None
        assert variant.choice.media.takes(told.json)


def test_an_unknown_variant_is_a_404_that_says_so(mocked: Serve) -> None:
    told = mocked(PETS).ask("GET /pets/7?q=a", prefer="variant=200-enum-0123456789")
    assert told.status == 404
    assert "getPet has no variant 200-enum-0123456789" in told.json["detail"]


@pytest.mark.parametrize("wish", ["variant=", "variant=../x", "variant=200"])
def test_a_malformed_variant_is_a_422(mocked: Serve, wish: str) -> None:
    assert mocked(PETS).ask("GET /pets/7?q=a", prefer=wish).status == 422


def test_what_is_honoured_is_echoed(mocked: Serve) -> None:
    wish = f"variant={next(iter(found_ids(mocked)))}"
    assert mocked(PETS).ask("GET /pets/7?q=a", prefer=wish).headers["preference-applied"] == wish


def found_ids(mocked: Serve) -> list[str]:
    compiled = mocked(PETS).app.mounts[0].compiled.operations["getPet"]
    return [one.id for one in enumerate_variants(compiled) if one.kind == "enum"]


def test_there_are_never_more_than_so_many(contract: Read) -> None:
    many = ", ".join(f"v{number}" for number in range(2 * variants.MAX_VARIANTS))
    text = PETS.replace("enum: [cat, dog]", f"enum: [cat, {many}]")
    assert len(found(contract, text)) == variants.MAX_VARIANTS


def test_a_recursive_schema_comes_to_an_end(contract: Read) -> None:
    text = """
    paths:
      /tree:
        get:
          operationId: getTree
          responses:
            '200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Node'}}}}
    components:
      schemas:
        Node: {type: object, properties: {next: {$ref: '#/components/schemas/Node'}, name: {type: string}}}
    """
    listed = found(contract, text, "getTree")
    assert 0 < len(listed) < 100
