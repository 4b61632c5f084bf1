"""A contract and its behaviour go in; the names of the collections that the mock will keep come out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from understudy.contract.model import Contract


def known_resources(contract: Contract, behaviour: dict[str, Any]) -> set[str]:
    """List the declared resources, and those named after the last literal segment of a path, in camelCase."""
    declared = behaviour.get("resources")
    names = set(declared) if isinstance(declared, dict) else set()
    for operation in contract.operations:
        segments = [part for part in operation.path.split("/") if part]
        if segments and "{" not in segments[-1]:
            names.add(_camel_case(segments[-1]))
    return names


def _camel_case(segment: str) -> str:
    first, *others = re.split(r"[^A-Za-z0-9]+", segment.strip("-_.")) or [segment]
    return first[:1].lower() + first[1:] + "".join(part[:1].upper() + part[1:] for part in others)
