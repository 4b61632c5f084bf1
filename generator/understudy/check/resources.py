"""A contract and its behaviour go in; the names of the collections that the mock will keep come out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy.contract import resource_grammar
from understudy.contract.path_words import camel, is_template, read_path

if TYPE_CHECKING:
    from understudy.contract.model import Contract


def known_resources(contract: Contract, behaviour: dict[str, Any]) -> set[str]:
    """List the resources that are told, and those that may be named after the nouns of paths, in camelCase."""
    declared = behaviour.get("resources")
    names = set(declared) if isinstance(declared, dict) else set()
    for operation in contract.operations:
        raw = [part for part in operation.path.split("/") if part]
        literals = [part for part in (*read_path(operation.path).segments, *raw[-1:]) if not is_template(part)]
        names.update(camel(part) for part in literals)
        item = contract.follow(("paths", operation.path)).value
        said = item.get(resource_grammar.KEY) if isinstance(item, dict) else None
        if isinstance(said, dict) and isinstance(said.get("name"), str):
            names.add(said["name"])
    return names - {""}
