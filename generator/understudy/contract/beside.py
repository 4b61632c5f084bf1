"""A contract goes in; the files and folders of this machine that decide what is made of it come out, there or not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from understudy.contract.model import Contract

BEHAVIOUR, LEDGER = "behaviour.yaml", "ledger.yaml"
SCENARIOS, TRANSLATIONS = "scenarios", "i18n"
PATTERN = "*.yaml"
"""Which files of a folder are read."""


def places(contracts: Iterable[Contract]) -> frozenset[str]:
    """List the files that were read or wanted, and what may stand beside a root file: files, and folders of them."""
    found: set[str] = set()
    for contract in contracts:
        found.update(file for file in contract.files if Path(file).is_absolute())
        if contract.directory is not None:
            found.update(str(contract.directory / name) for name in (BEHAVIOUR, LEDGER, SCENARIOS, TRANSLATIONS))
    return frozenset(found)
