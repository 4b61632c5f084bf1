"""Every component is used: some path or webhook leads to it, directly or through other components."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from understudy.check.rule import Rule
from understudy.contract import grammar
from understudy.contract import pointer as pointers
from understudy.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Contract
    from understudy.finding import Finding

RULE = Rule("unused-component", Severity.WARNING, "Remove it, or refer to it.")

_INLINED = ("pathItems", "mediaTypes")
"""What the bundle inlines, so that nothing refers to it any more."""

_Name = tuple[str, str]


def check(contract: Contract) -> Iterator[Finding]:
    """Yield each component that can't be reached."""
    components = contract.document.get("components")
    used = _used(contract)
    for section, entries in (components if isinstance(components, dict) else {}).items():
        if section in _INLINED or section not in grammar.SECTIONS.values() or not isinstance(entries, dict):
            continue
        for name in entries:
            if (section, name) not in used and not name.startswith("x-"):
                message = f"Nothing uses the component `{name}` of {section}."
                yield RULE.at(contract, ("components", section, name), message, of_key=True)


def _used(contract: Contract) -> set[_Name]:
    uses = _uses(contract)
    used: set[_Name] = set()
    waiting = list(uses[None])
    while waiting:
        name = waiting.pop()
        if name not in used:
            used.add(name)
            waiting.extend(uses[name])
    return used


def _uses(contract: Contract) -> defaultdict[_Name | None, set[_Name]]:
    """Map each component, and None for all that is none, to the components it refers to."""
    uses: defaultdict[_Name | None, set[_Name]] = defaultdict(set)
    for node in grammar.walk(contract.document):
        if not isinstance(node.value, dict):
            continue
        holder = _component(node.tokens)
        uses[holder].update(_references(node))
        if node.kind == "schema" and holder:
            for base in _bases(contract, node.value):
                uses[base].add(holder)
    return uses


def _component(tokens: tuple[str | int, ...]) -> _Name | None:
    if tokens[:1] != ("components",) or not tokens[2:] or tokens[1] in _INLINED:
        return None
    return str(tokens[1]), str(tokens[2])


def _references(node: grammar.Node) -> Iterator[_Name]:
    if name := _named(node.value.get("$ref")):
        yield name
    discriminator = node.value.get("discriminator") if node.kind == "schema" else None
    mapping = discriminator.get("mapping") if isinstance(discriminator, dict) else None
    for target in (mapping if isinstance(mapping, dict) else {}).values():
        yield _named(target) or ("schemas", str(target))
    security = node.value.get("security") if node.kind in ("openapi", "operation") else None
    for requirement in security if isinstance(security, list) else ():
        for scheme in requirement if isinstance(requirement, dict) else ():
            yield _named(scheme) or ("securitySchemes", scheme)


def _bases(contract: Contract, schema: dict[str, Any]) -> Iterator[_Name]:
    """Find the types with a discriminator that a schema extends: whoever uses those means their variants too."""
    combined = schema.get("allOf")
    for part in combined if isinstance(combined, list) else ():
        name = _named(part.get("$ref")) if isinstance(part, dict) else None
        base = contract.follow(("components", *name)).value if name else None
        if name and isinstance(base, dict) and "discriminator" in base:
            yield name


def _named(reference: object) -> _Name | None:
    if not isinstance(reference, str) or not reference.startswith("#/components/"):
        return None
    return _component(tuple(pointers.split_fragment(reference[1:])))
