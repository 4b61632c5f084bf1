"""Laws of overlays: what is not named stays, an update twice is one, and a translation changes prose only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import assume, given
from hypothesis import strategies as st

from understudy.contract.bundling import Bundle
from understudy.contract.model import Contract
from understudy.contract.overlays import apply, extract, judge, prose_subject, read_overlay
from understudy.contract.overlays.prose import spots, without_prose
from understudy.contract.overlays.querying import compile_query, write_query
from understudy.contract.overlays.translating import Subject
from understudy.contract.source import Source, parse
from understudy.contract.writing import to_json, to_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.overlays import Applied

NAMES = st.sampled_from(["a", "b", "c", "description", "it's", "/x/{y}", "200", "é \\ ü", "name", "title"])
LEAVES = st.none() | st.booleans() | st.integers(-9, 9) | st.text("ab'\\\n", max_size=3)
VALUES: st.SearchStrategy[Any] = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=12
)
OBJECTS = st.dictionaries(NAMES, VALUES, max_size=4)
PLAIN_OBJECTS = st.dictionaries(
    NAMES, st.recursive(LEAVES, lambda inner: st.dictionaries(NAMES, inner, max_size=3), max_leaves=8), max_size=4
)
"""Objects without arrays, which grow with each update."""


def overlaid(document: Any, *actions: dict[str, Any]) -> Applied:
    value = {"overlay": "1.1.0", "info": {"title": "x", "version": "1"}, "actions": list(actions)}
    return apply(document, read_overlay(parse("overlay.json", to_json(value).encode())))


def places(value: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    yield at, value
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for token, item in items:
        yield from places(item, (*at, token))


@given(OBJECTS, OBJECTS)
def test_what_an_update_does_not_name_stays(document: dict[str, Any], update: dict[str, Any]) -> None:
    found = overlaid(document, {"target": "$", "update": update})
    changed = {change.tokens for outcome in found.outcomes for change in outcome.changes}
    after = dict(places(found.document))
    for tokens, value in places(document):
        if not isinstance(value, dict | list) and tokens not in changed:
            assert after[tokens] == value
    assert {tokens for tokens, _ in places(document)} <= set(after)


@given(PLAIN_OBJECTS, PLAIN_OBJECTS)
def test_an_update_twice_is_an_update_once(document: dict[str, Any], update: dict[str, Any]) -> None:
    action = {"target": "$", "update": update}
    once = overlaid(document, action)
    assume(not once.findings)
    assert overlaid(once.document, action).document == once.document


@given(OBJECTS)
def test_nothing_and_everything_are_merged_as_they_are(value: dict[str, Any]) -> None:
    assert overlaid(value, {"target": "$", "update": {}}).document == value
    assert overlaid({}, {"target": "$", "update": value}).document == value


@given(VALUES.filter(lambda value: isinstance(value, dict | list)), st.data())
def test_a_place_is_selected_by_the_query_that_is_written_for_it(value: Any, data: st.DataObject) -> None:
    tokens, _ = data.draw(st.sampled_from(list(places(value))))
    assert compile_query(write_query(value, tokens)).select(value) == [tokens]


@given(OBJECTS, st.data())
def test_what_is_removed_is_gone_and_nothing_else(value: dict[str, Any], data: st.DataObject) -> None:
    below = [tokens for tokens, _ in places(value) if tokens]
    assume(below)
    tokens = data.draw(st.sampled_from(below))
    found = overlaid(value, {"target": write_query(value, tokens), "remove": True})
    left = [item for at, item in places(value) if at[: len(tokens)] != tokens]
    inner = [item for item in left if not isinstance(item, dict | list)]
    assert [item for _, item in places(found.document) if not isinstance(item, dict | list)] == inner


TEXTS = st.text("ab \n#:'", min_size=1, max_size=8)
SCHEMAS: st.SearchStrategy[Any] = st.recursive(
    st.fixed_dictionaries({"type": st.just("string")}, optional={"title": TEXTS, "description": TEXTS, "const": TEXTS}),
    lambda inner: st.fixed_dictionaries(
        {"properties": st.dictionaries(NAMES, inner, max_size=3)},
        optional={"description": TEXTS, "oneOf": st.lists(inner, max_size=2), "default": OBJECTS},
    ),
    max_leaves=6,
)
DOCUMENTS = st.fixed_dictionaries(
    {
        "openapi": st.just("3.1.0"),
        "info": st.fixed_dictionaries(
            {"title": TEXTS.map("x".__add__), "version": TEXTS}, optional={"description": TEXTS}
        ),
        "tags": st.lists(st.fixed_dictionaries({"name": TEXTS}, optional={"description": TEXTS}), max_size=3),
        "components": st.fixed_dictionaries({"schemas": st.dictionaries(NAMES, SCHEMAS, max_size=3)}),
    }
)


def contract_of(document: dict[str, Any]) -> Contract:
    return Contract("x", Bundle(document, {(): (Source("openapi.yaml", "", document), ())}))


@given(DOCUMENTS)
def test_what_is_extracted_changes_nothing(document: dict[str, Any]) -> None:
    contract = contract_of(document)
    overlay = read_overlay(parse("de.yaml", to_yaml(extract(contract, "de", extends="x")).encode()))
    applied = apply(prose_subject(contract), overlay)
    named = [{"x-displayName": tag["name"], **tag} if tag["name"].strip() else tag for tag in document["tags"]]
    assert applied.document == {**prose_subject(contract), "tags": named}
    assert (overlay.findings, applied.findings) == ((), ())


@given(DOCUMENTS)
def test_a_translation_changes_prose_only_and_all_of_it(document: dict[str, Any]) -> None:
    contract = contract_of(document)
    value = extract(contract, "de", extends="x")
    for action in value["actions"]:
        action["update"] = {name: f"<{text}>" for name, text in action["update"].items()}
    judged = judge(Subject(prose_subject(contract)), read_overlay(parse("de.yaml", to_yaml(value).encode())))
    assert (judged.findings, judged.missing) == ((), ())
    assert without_prose(judged.translation.document) == without_prose(prose_subject(contract))
    texts = [text for spot in spots(judged.translation.document) for text in spot.texts.values()]
    assert all(text.startswith("<") for text in texts)
