"""What the Overlay Specification says of actions, rule by rule."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from understudy.contract.overlays import applying
from understudy.contract.writing import to_yaml

if TYPE_CHECKING:
    from collections.abc import Callable

    from understudy.contract.overlays import Overlay

    Overlaid = Callable[..., applying.Applied]

SHOP = """\
info: {title: Shop, x-stage: draft}
tags: [{name: a}, {name: b}, {name: c}]
paths:
  /orders:
    get: {summary: List, tags: [old, kept], x-internal: true}
    post: {summary: Add}
  /orders/{id}:
    get: {summary: Show, tags: [old]}
"""


def said(found: applying.Applied) -> list[tuple[str, str, int]]:
    return [(one.rule, one.severity.value, one.location.line if one.location else 0) for one in found.findings]


@pytest.mark.parametrize(
    ("before", "target", "update", "after"),
    [
        ("{a: 1, b: {c: 2}}", "$", "{b: {d: 3}}", {"a": 1, "b": {"c": 2, "d": 3}}),  # kept, inserted, merged below
        ("{a: 1}", "$", "{a: 2}", {"a": 2}),  # a primitive replaces a primitive
        ("{a: 1}", "$", "{a: null}", {"a": None}),  # null is one of the four (RFC 8259, section 1)
        ("{a: [1]}", "$", "{a: [2, 1]}", {"a": [1, 2, 1]}),  # arrays are concatenated
        ("{a: [1]}", "$.a", "[2, 3]", {"a": [1, 2, 3]}),  # an array target takes an array's items
        ("{a: [1]}", "$.a", "{b: 2}", {"a": [1, {"b": 2}]}),  # and an object as one entry
        ("{a: [1]}", "$.a", "x", {"a": [1, "x"]}),  # and a primitive value
        ("{a: x, b: x}", "$[?@ == 'x']", "y", {"a": "y", "b": "y"}),  # primitive targets
        ("[{n: a}, {n: b}]", "$[?@.n == 'b']", "{m: 1}", [{"n": "a"}, {"n": "b", "m": 1}]),  # an item of a list
        ("{a: {}, b: {}}", "$.*", "{c: 1}", {"a": {"c": 1}, "b": {"c": 1}}),  # many targets
        ("{a: []}", "$['a', 'a']", "1", {"a": [1]}),  # one place is one target
        ("{a: {b: {}}}", "$..*", "{c: 1}", {"a": {"b": {"c": 1}, "c": 1}}),  # one target inside another
    ],
)
def test_updates_merge(overlaid: Overlaid, before: str, target: str, update: str, after: object) -> None:
    found = overlaid(before, f'- target: "{target}"\n  update: {update}')
    assert (found.document, found.findings) == (after, ())


@pytest.mark.parametrize(
    ("before", "target", "update", "place"),
    [
        ("{a: {b: 1}}", "$", "{a: 1}", "update/a"),
        ("{a: 1}", "$", "{a: {b: 1}}", "update/a"),
        ("{a: [1]}", "$", "{a: {b: 1}}", "update/a"),
        ("{a: {b: [1]}}", "$", "{a: {b: 1}}", "update/a/b"),
        ("{a: {}}", "$.a", "1", "update"),
        ("{a: 1}", "$.a", "[1]", "update"),
    ],
)
def test_other_combinations_are_errors_at_their_place(
    overlaid: Overlaid, before: str, target: str, update: str, place: str
) -> None:
    found = overlaid(before, f"- target: {target}\n  update: {update}")
    (finding,) = found.findings
    assert (finding.rule, finding.severity) == ("overlay-merge", "error")
    assert finding.location
    assert finding.location.pointer == f"/actions/0/{place}"
    assert found.outcomes == ()


def test_targets_of_several_kinds_are_an_error(overlaid: Overlaid) -> None:
    found = overlaid("{a: {}, b: [], c: 1}", "- target: $.*\n  update: {x: 1}")
    assert (
        found.findings[0].message
        == "`$.*` selects arrays and objects and primitives; they can't all take one `update`."
    )


def test_targets_of_several_kinds_can_be_removed(overlaid: Overlaid) -> None:
    assert overlaid("{a: {}, b: [], c: 1}", "- target: $.*\n  remove: true").document == {}


def test_what_selects_nothing_succeeds_with_a_warning(overlaid: Overlaid) -> None:
    found = overlaid("{a: 1}", "- target: $.b\n  update: {x: 1}\n- target: $.c\n  remove: true")
    assert found.document == {"a": 1}
    assert said(found) == [("overlay-target", "warning", 4), ("overlay-target", "warning", 6)]


def test_each_action_works_on_what_the_one_before_left(overlaid: Overlaid) -> None:
    actions = """\
        - target: $.servers
          remove: true
        - target: $
          update: {servers: [{url: /sandbox}]}
        - target: $.servers[0]
          update: {description: Sandbox}
        """
    found = overlaid("servers: [{url: /one}, {url: /two}]", actions)
    assert found.document == {"servers": [{"url": "/sandbox", "description": "Sandbox"}]}


@pytest.mark.parametrize(
    ("target", "after"),
    [
        ("$.tags[1]", ["a", "c"]),
        ("$.tags[0, 2]", ["b"]),
        ("$.tags[?@.name != 'b']", ["b"]),
        ("$.tags[-1]", ["a", "b"]),
        ("$.tags[::-1]", []),
    ],
)
def test_items_of_lists_are_removed_by_the_places_they_had(overlaid: Overlaid, target: str, after: list[str]) -> None:
    found = overlaid(SHOP, f'- target: "{target}"\n  remove: true')
    assert [tag["name"] for tag in found.document["tags"]] == after


def test_a_target_inside_a_removed_one_goes_with_it(overlaid: Overlaid) -> None:
    found = overlaid("{a: {b: {c: 1}}, d: [[1], [2, 1]]}", "- target: $..*\n  remove: true")
    assert (found.document, found.findings) == ({}, ())


def test_primitive_items_are_removed(overlaid: Overlaid) -> None:
    found = overlaid(SHOP, "- target: $.paths.*.get.tags[?@ == 'old']\n  remove: true")
    assert [item["get"]["tags"] for item in found.document["paths"].values()] == [["kept"], []]


def test_the_root_is_merged_but_not_removed(overlaid: Overlaid) -> None:
    assert overlaid("{a: 1}", "- target: $\n  update: {b: 2}").document == {"a": 1, "b": 2}
    found = overlaid("{a: 1}", "- target: $\n  remove: true")
    assert (found.document, said(found)) == ({"a": 1}, [("overlay-target", "error", 4)])


def test_remove_wins_over_update(overlaid: Overlaid) -> None:
    assert overlaid("{a: {}}", "- target: $.a\n  update: {b: 1}\n  remove: true").document == {}
    assert overlaid("{a: {}}", "- target: $.a\n  update: {b: 1}\n  remove: false").document == {"a": {"b": 1}}


def test_copy_merges_what_another_place_holds(overlaid: Overlaid) -> None:
    found = overlaid(SHOP, "- target: $.paths['/orders/{id}']\n  copy: $.paths['/orders']")
    assert found.document["paths"]["/orders/{id}"] == {
        "get": {"summary": "List", "tags": ["old", "old", "kept"], "x-internal": True},
        "post": {"summary": "Add"},
    }


def test_copy_and_remove_make_a_move(overlaid: Overlaid) -> None:
    actions = """\
        - target: $.paths
          update: {/purchases: {}}
        - target: $.paths['/purchases']
          copy: $.paths['/orders']
        - target: $.paths['/orders']
          remove: true
        """
    found = overlaid(SHOP, actions)
    assert list(found.document["paths"]) == ["/orders/{id}", "/purchases"]
    assert found.document["paths"]["/purchases"]["post"] == {"summary": "Add"}


def test_copy_takes_what_was_there_before_the_action(overlaid: Overlaid) -> None:
    assert overlaid("{a: {b: {}}}", "- target: $.a.b\n  copy: $.a").document == {"a": {"b": {"b": {}}}}


@pytest.mark.parametrize(("query", "number"), [("$.nothing", "nothing"), ("$.tags[*]", "3 places")])
def test_copy_takes_exactly_one_place(overlaid: Overlaid, query: str, number: str) -> None:
    found = overlaid(SHOP, f"- target: $.info\n  copy: {query}")
    assert found.findings[0].message == f"`copy` takes one place, and `{query}` selects {number}."
    assert said(found) == [("overlay-target", "error", 5)]


@pytest.mark.parametrize(
    ("update", "after", "told"),
    [
        ("[{name: d}]", [{"name": "d"}], [("overlay-merge", "warning", 5)]),  # one entry, whatever it is
        ("{name: d}", {"name": "d"}, []),
    ],
)
def test_in_1_0_an_array_takes_an_entry(overlaid: Overlaid, update: str, after: object, told: list[object]) -> None:
    found = overlaid(SHOP, f"- target: $.tags\n  update: {update}", version="1.0.0")
    assert (found.document["tags"][3], said(found)) == (after, told)


def test_in_1_0_a_primitive_value_is_removed_but_not_updated(overlaid: Overlaid) -> None:
    removed = overlaid(SHOP, "- target: $.paths['/orders'].post.summary\n  remove: true", version="1.0.0")
    assert (removed.document["paths"]["/orders"]["post"], removed.findings) == ({}, ())
    updated = overlaid(SHOP, "- target: $.info.title\n  update: New", version="1.0.0")
    assert (updated.document["info"]["title"], said(updated)) == ("Shop", [("overlay-target", "error", 4)])


def test_in_1_2_one_reusable_action_serves_many_targets(overlaid: Overlaid) -> None:
    actions = """\
        - {$ref: "#/components/actions/not~1found", target: "$.paths['/orders'].get"}
        - {$ref: "#/components/actions/not~1found", target: "$.paths['/orders'].post", description: Mine}
        components:
          actions:
            not/found: {description: Says it, fields: {update: {404: Gone}}}
        """
    found = overlaid(SHOP, actions, version="1.2.0")
    assert [item["404"] for item in found.document["paths"]["/orders"].values()] == ["Gone", "Gone"]
    assert [change.written for outcome in found.outcomes for change in outcome.changes] == [
        ("components", "actions", "not/found", "fields", "update", "404")
    ] * 2


def test_neither_document_nor_overlay_is_changed(read: Callable[[str], Overlay]) -> None:
    document = {"a": {"b": [1]}, "c": {}}
    overlay = read(
        "overlay: 1.1.0\ninfo: {title: x, version: '1'}\nactions:\n"
        "- {target: $.c, update: {d: []}}\n- {target: $.c.d, update: [1]}\n- {target: $.a.b, copy: $.c.d}\n"
    )
    before = copy.deepcopy((document, overlay.source.value))
    assert applying.apply(document, overlay).document == {"a": {"b": [1, 1]}, "c": {"d": [1]}}
    assert (document, overlay.source.value) == before


def test_places_that_share_a_value_are_changed_one_by_one(overlaid: Overlaid) -> None:
    shared = "{a: &it {n: 1, o: [1, 2]}, b: *it, c: {}}"
    actions = """\
        - {target: "$['a', 'c']", update: {p: {q: 1}}}
        - {target: $.a.o, update: 3}
        - {target: $.a.n, remove: true}
        - {target: $.a.p, update: {q: 2}}
        """
    after = {"a": {"o": [1, 2, 3], "p": {"q": 2}}, "b": {"n": 1, "o": [1, 2]}, "c": {"p": {"q": 1}}}
    assert overlaid(shared, actions).document == after


def test_numbers_stay_as_they_were_written(overlaid: Overlaid) -> None:
    found = overlaid("{a: 1.00, b: 1e3}", "- target: $[?@ == 1]\n  update: 2.50")
    assert found.document == {"a": Decimal("2.50"), "b": Decimal("1e3")}
    assert to_yaml(found.document) == "a: 2.50\nb: 1E+3\n"


def test_copies_of_copies_end_with_one_error(overlaid: Overlaid, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(applying, "MOST_ADDED", 10_000)
    doubling = "- target: $.a\n  copy: $.a\n" * 40
    found = overlaid("{a: [1, 2]}", doubling)
    assert [one.message for one in found.findings] == ["The actions add more than 10,000 values."]
    assert len(found.document["a"]) <= 10_002


def test_copies_into_themselves_end_with_an_error(overlaid: Overlaid) -> None:
    found = overlaid("{a: {}}", "- target: $..[?length(@) == 0]\n  copy: $\n" * 12)
    assert {one.message for one in found.findings} == {"Values would be nested more than 200 deep."}


def test_queries_of_one_overlay_have_one_budget(overlaid: Overlaid, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(applying, "MOST_STEPS", 100)
    found = overlaid(SHOP, "- target: $..get\n  update: {x-a: 1}\n" * 9)
    assert [one.message for one in found.findings] == ["The query looks at more than 100 values."]
