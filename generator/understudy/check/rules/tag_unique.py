"""No two tags share a name (OpenAPI 3.1, section 4.8.1.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from understudy.check.rule import Rule
from understudy.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Contract
    from understudy.finding import Finding

RULE = Rule("tag-unique", Severity.ERROR, "Keep one of the two.")


def check(contract: Contract) -> Iterator[Finding]:
    """Yield each tag whose name stood before."""
    seen: set[str] = set()
    tags = contract.document.get("tags")
    for index, tag in enumerate(tags if isinstance(tags, list) else ()):
        name = tag.get("name") if isinstance(tag, dict) else None
        if not isinstance(name, str):
            continue
        if name in seen:
            yield RULE.at(contract, ("tags", index, "name"), f"The tag `{name}` is declared twice.")
        seen.add(name)
