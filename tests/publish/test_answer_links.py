"""What an example's link asks the mock for is what the mock gives: not what breaks its schema, or ends no request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sites_in_memory import flat

from understudy_mock.compiling import compile_contract

if TYPE_CHECKING:
    from collections.abc import Callable

    from sites_in_memory import Built

SCHEMA = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}
EXAMPLES: dict[str, Any] = {"fits": {"id": 1}, "breaks": {"id": "one"}, "spelled": '{"id": 2}', "spoilt": '{"id": "x"}'}


@pytest.fixture
def site(publish_document: Callable[..., Built]) -> Built:
    named = {name: {"value": value} for name, value in EXAMPLES.items()}
    content = {"application/json": {"schema": SCHEMA, "examples": named}}
    responses = {"101": {"description": "Upgraded"}, "200": {"description": "Got", "content": content}}
    responses |= {"409": {"description": "Not now", "content": content}}
    return publish_document(paths={"/a": {"get": {"operationId": "getA", "responses": responses}}})


def shown(site: Built, status: str) -> dict[str, tuple[str, list[str]]]:
    """Tell of each example what it shows, and what is asked and said below it."""
    answer = next(part for part in flat(site.page("en/ops/getA")) if part.facts.get("status") == status)
    made = {}
    for one in (part for part in flat(answer.parts) if part.kind == "example"):
        below = [part.facts.get("prefer") or part.facts.get("tone", "") for part in one.parts]
        made[one.facts["name"]] = ("".join(one.text.split()), below)
    return made


def test_an_example_that_breaks_its_schema_is_said_to_and_not_asked_for(site: Built) -> None:
    found = shown(site, "200")
    assert found["fits"][1] == ["code=200, example=fits"]
    assert found["breaks"][1] == found["spoilt"][1] == ["warning", "code=200"]
    table = next(part.text for part in flat(site.page("en/errors")) if part.kind == "table")
    assert "example=fits" in table
    assert "example=breaks" not in table


def test_a_text_that_holds_the_json_that_is_wanted_is_that_json_for_site_and_mock(site: Built) -> None:
    assert shown(site, "200")["spelled"] == ('```json{"id":2}```', ["code=200, example=spelled"])
    contract = next(iter(site.builder.publication.editions)).contract
    media = compile_contract(contract).operations["getA"].responses["200"].media[0]
    assert {name: (one.value, one.is_valid) for name, one in media.examples.items()} == {
        "fits": ({"id": 1}, True),
        "breaks": ({"id": "one"}, False),
        "spelled": ({"id": 2}, True),
        "spoilt": ({"id": "x"}, False),
    }


def test_no_interim_status_is_asked_for(site: Built) -> None:
    asked = [part.facts["prefer"] for part in flat(site.page("en/ops/getA")) if part.kind == "ask"]
    assert asked
    assert not [one for one in asked if one.startswith("code=1")]
