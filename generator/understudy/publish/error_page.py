"""A contract in one language goes in; every documented way to fail comes out, as tables by status."""

from __future__ import annotations

from typing import TYPE_CHECKING

from understudy.publish import prose
from understudy.publish.answers import reason
from understudy.publish.failures import Case, cases, table
from understudy.publish.naming import slug
from understudy.publish.page import Part
from understudy.publish.requests import request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.publish.edition import Edition


def error_parts(edition: Edition) -> Iterator[Part]:
    """Yield every documented way to fail, by status, over all operations."""
    found: dict[str, list[Case]] = {}
    for operation in edition.operations.values():
        for case in cases(edition, operation, request(edition, operation)):
            found.setdefault(case.key, []).append(case)
    yield Part("prose", text=edition.words("errors_about" if found else "errors_none"))
    for key in sorted(found, key=lambda one: (not one[:1].isdecimal(), one)):
        title = f"{prose.code(key)} {prose.plain(reason(key))}".strip()
        parts = table(edition, found[key], ("code", "when", "operation", "see_it"))
        yield Part("section", title=title, anchor=f"status-{slug(key)}", parts=parts, facts={"status": key})
