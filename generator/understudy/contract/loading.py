"""A contract's name, path or URL goes in; the contract comes out, or one InputError that names file and line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from understudy.contract.beside import BEHAVIOUR, LEDGER, PATTERN, SCENARIOS, TRANSLATIONS
from understudy.contract.bundling import bundle
from understudy.contract.files import locate
from understudy.contract.model import Contract
from understudy.contract.raising import is_swagger, raise_bundle
from understudy.contract.roles import CONTRACT
from understudy.errors import InputError
from understudy.finding import Finding

if TYPE_CHECKING:
    from understudy.contract.files import Files
    from understudy.contract.roles import Role
    from understudy.contract.source import Source


def load(reference: str, *, lenient: bool = False, role: Role = CONTRACT) -> Contract:
    """Read, bundle and model one contract. Raises UsageError or InputError.

    `lenient` leaves out what a reference can't reach, and `contract.findings` tells what. `role` is what errors
    call it.
    """
    files, address, name = locate(reference, role)
    written = bundle(files, address, lenient=lenient)
    bundled = raise_bundle(written) if is_swagger(written.document) else written
    root = files.get(address)
    if not str(bundled.document.get("openapi", "")).startswith(("3.0", "3.1", "3.2")):
        found = bundled.document.get("openapi", bundled.document.get("swagger", "nothing"))
        message = f"This is not an OpenAPI 3 document, nor Swagger 2.0: it declares {found}."
        remedy = "Start it with `openapi: 3.1.0` (3.0, 3.2 and `swagger: '2.0'` are read too)."
        raise InputError(Finding("openapi-version", message, remedy=remedy, location=root.location(("openapi",))))
    directory = Path(address).parent if files.is_on_disk else None
    beside = _Beside(files, directory, lenient=lenient)
    return Contract(
        name=name,
        bundle=bundled,
        written=written if bundled is not written else None,
        directory=directory,
        behaviour=beside.file(BEHAVIOUR),
        ledger=beside.file(LEDGER),
        scenarios=beside.scenarios(),
        translations=beside.translations(),
        unreadable=tuple(beside.findings),
        files=tuple(dict.fromkeys((*files.read, *files.wanted))),
    )


class _Beside:
    """Reads what stands beside the root file; `findings` tells what a lenient load passes over."""

    def __init__(self, files: Files, directory: Path | None, *, lenient: bool) -> None:
        self._files, self._directory, self._lenient = files, directory, lenient
        self.findings: list[Finding] = []

    def file(self, name: str) -> Source | None:
        if self._directory is None or not (self._directory / name).is_file():
            return None
        return self._read(self._directory / name)

    def scenarios(self) -> tuple[Source, ...]:
        return self._folder(SCENARIOS)

    def translations(self) -> tuple[Source, ...]:
        return self._folder(TRANSLATIONS)

    def _folder(self, name: str) -> tuple[Source, ...]:
        found = sorted((self._directory / name).glob(PATTERN)) if self._directory else []
        return tuple(source for source in map(self._read, found) if source is not None)

    def _read(self, path: Path) -> Source | None:
        try:
            return self._files.get(str(path))
        except InputError as error:
            if not self._lenient:
                raise
            self.findings.append(error.finding)
            return None
