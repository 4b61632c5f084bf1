"""The catalogue of changes goes in; every finding it earns, there and back, comes out."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from test_contract_changes import ROOTS
from test_schema_changes import CASES, WAYS, with_body
from versioning import contract

from understudy.drift.versions import compare

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Contract
    from understudy.finding import Finding


@cache
def every_finding() -> tuple[Finding, ...]:
    """All findings, changed texts and examples among them."""
    return tuple(
        finding
        for old, new in _pairs()
        for sides in ((old, new), (new, old))
        for finding in compare(*sides, texts=True)
    )


def _pairs() -> Iterator[tuple[Contract, Contract]]:
    for case in CASES:
        for way in WAYS:
            if case.get("way", way) == way:
                yield with_body(case["before"], way), with_body(case["after"], way)
    for case in ROOTS:
        yield contract(**{"paths": {}, **case["before"]}), contract(**{"paths": {}, **case["after"]})
