"""A contract in one language goes in; what is remembered, what that decides, and its scenarios come out, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from understudy.publish import linking, prose
from understudy.publish.edition import Told, described
from understudy.publish.naming import slug
from understudy.publish.page import Part
from understudy.publish.requests import request
from understudy.publish.rules import rules, rules_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.publish.edition import Edition


def state_parts(edition: Edition) -> Iterator[Part]:
    """Yield what is remembered, what the state of it decides, and the named situations."""
    words = edition.words
    yield Part("prose", text=words("states_about"))
    remembered: dict[str, list[str]] = {}
    for operation, told in edition.stand_in.states.items():
        effect, _, resource = told.partition(" ")
        if resource and operation in edition.operations:
            does = words(f"does_{effect}") if words.has(f"does_{effect}") else words("does_other")
            remembered.setdefault(resource, []).append(f"- {does}: {edition.operation_link(operation)}")
    if remembered:
        made = tuple(
            Part(
                "section",
                title=prose.code(name),
                parts=(Part("links", text="\n".join(lines)),),
                anchor=f"resource-{slug(name)}",
            )
            for name, lines in remembered.items()
        )
        yield Part("section", title=words("resources"), text=words("resources_about"), parts=made, anchor="resources")
    yield from _all_rules(edition)
    yield from _scenarios(edition)


def _all_rules(edition: Edition) -> Iterator[Part]:
    made = []
    for operation in edition.operations.values():
        if not rules_of(edition, operation.id):
            continue
        found = rules(edition, operation, request(edition, operation))
        if found:
            title = edition.operation_link(operation.id)
            made.append(Part("rules", title=title, parts=found.parts, anchor=f"rules-{slug(operation.id)}"))
    if made:
        yield Part("section", title=edition.words("rules_by_operation"), parts=tuple(made), anchor="rules")


def _scenarios(edition: Edition) -> Iterator[Part]:
    words, made = edition.words, []
    for name, told in scenarios(edition):
        prefer, flag = prose.code(f"Prefer: scenario={name}"), prose.code(f"understudy serve --scenario {name}")
        how = Part("prose", text=words("scenario_how", prefer=prefer, flag=flag))
        made.append(described("section", prose.code(name), told, (how,), anchor=f"scenario-{slug(name)}"))
    if made:
        text = words("scenarios_about")
        yield Part("section", title=words("scenarios"), text=text, parts=tuple(made), anchor="scenarios")


def scenarios(edition: Edition) -> Iterator[tuple[str, Told]]:
    """Yield the name of each named situation, and what is told of it."""
    for source in edition.contract.scenarios:
        value = source.value if isinstance(source.value, dict) else {}
        name = str(value.get("name") or source.path.replace("\\", "/").rpartition("/")[2].rpartition(".")[0])
        told = edition.told(("x-understudy-behaviour", "scenarios", name), "description")
        yield name, told or Told(str(value.get("description") or ""))


def scenario_address(edition: Edition, name: str) -> str:
    """Say where a named situation is told of."""
    return linking.page(edition.page("states"), f"scenario-{slug(name)}")
