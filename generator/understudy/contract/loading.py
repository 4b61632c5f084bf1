"""A contract's name, path or URL goes in; the contract comes out, or one InputError that names file and line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from understudy.contract.bundling import bundle
from understudy.contract.files import locate
from understudy.contract.model import Contract
from understudy.errors import InputError
from understudy.finding import Finding

if TYPE_CHECKING:
    from understudy.contract.files import Files
    from understudy.contract.source import Source


def load(reference: str) -> Contract:
    """Read, bundle and model one contract. Raises UsageError or InputError."""
    files, address, name = locate(reference)
    bundled = bundle(files, address)
    root = files.get(address)
    if not str(bundled.document.get("openapi", "")).startswith(("3.0", "3.1", "3.2")):
        found = bundled.document.get("openapi", bundled.document.get("swagger", "nothing"))
        message = f"This is not an OpenAPI 3 document: it declares {found}."
        remedy = "Start it with `openapi: 3.1.0` (3.0 and 3.2 are read too)."
        raise InputError(Finding("openapi-version", message, remedy=remedy, location=root.location(("openapi",))))
    directory = Path(address).parent if files.base and not address.startswith("http") else None
    return Contract(
        name=name,
        bundle=bundled,
        directory=directory,
        behaviour=_beside(files, directory, "behaviour.yaml"),
        ledger=_beside(files, directory, "ledger.yaml"),
        files=tuple(files.read),
    )


def _beside(files: Files, directory: Path | None, name: str) -> Source | None:
    if directory is None or not (directory / name).is_file():
        return None
    return files.get(str(directory / name))
