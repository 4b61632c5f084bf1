"""No two paths differ in the names of their parameters only (OpenAPI 3.1, section 4.8.8.2)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from understudy.check.rule import Rule
from understudy.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Contract
    from understudy.finding import Finding

RULE = Rule("duplicate-path", Severity.ERROR, "Keep one of the two, with the operations of both.")


def check(contract: Contract) -> Iterator[Finding]:
    """Yield each path that no request could tell from an earlier one."""
    first: dict[str, str] = {}
    paths = contract.document.get("paths")
    for path in paths if isinstance(paths, dict) else ():
        if not path.startswith("/"):
            continue
        shape = re.sub(r"\{[^{}/]*\}", "{}", path)
        if shape in first:
            message = f"No request can tell `{path}` from `{first[shape]}`."
            yield RULE.at(contract, ("paths", path), message, of_key=True)
        first.setdefault(shape, path)
