"""The words of `understudy overlay` go in: a document or contract, and overlays; both read come out."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from understudy.contract import revisions
from understudy.contract.files import locate, shown
from understudy.contract.loading import load
from understudy.contract.overlays import Overlay, apply, is_overlay, judge, prose_subject, read_overlay
from understudy.contract.overlays.prose import BESIDE
from understudy.contract.overlays.translating import Subject, is_translation
from understudy.contract.roles import DOCUMENT, DOCUMENT_OR_OVERLAY, OVERLAY
from understudy.contract.source import parse
from understudy.errors import InputError, UsageError
from understudy.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from understudy.contract.model import Contract
    from understudy.contract.roles import Role
    from understudy.contract.source import Source

_NETWORK = ("http://", "https://")


@dataclass(frozen=True)
class Given:
    """What overlays are put on, and the overlays. `contract` is it as a contract, where it was read as one."""

    document: Any = field(repr=False)
    overlays: tuple[Overlay, ...]
    contract: Contract | None = None

    def put_on(self, document: Any, overlay: Overlay) -> tuple[Any, list[Finding]]:
        """Put one overlay on what the others left; the findings tell of its faults and of what it could not do."""
        if is_translation(overlay) and self.contract:
            judged = judge(Subject(document), overlay)
            return judged.translation.document, list(judged.findings)
        applied = apply(document, overlay)
        return applied.document, [*overlay.findings, *applied.findings]

    def shown(self, document: Any) -> Any:
        """Leave out of a document what only stands in it for a translation's sake."""
        if self.contract and isinstance(document, dict):
            return {name: value for name, value in document.items() if name not in BESIDE}
        return document


def read_given(references: Sequence[str], *, bundle: bool = False, lenient: bool = False) -> Given:
    """Read a document and overlays, or overlays and the document they extend. Raises UsageError or InputError."""
    if references.count("-") > 1:
        raise UsageError("Standard input can be read only once.", "Name the other one as a file.")
    sources = [_source(one, OVERLAY if index else DOCUMENT_OR_OVERLAY) for index, one in enumerate(references)]
    first = sources[0][0]
    if is_overlay(first.value):
        overlays = tuple(_overlay(source) for source, _ in sources)
        reference = _extended(overlays[0], sources[0][1])
        source = None
    else:
        overlays = tuple(_overlay(source) for source, _ in sources[1:])
        reference, source = references[0], first
    if bundle or any(map(is_translation, overlays)):
        if reference == "-":
            raise UsageError("A contract on standard input can't be bundled here.", "Name its file.")
        contract = load(reference, lenient=lenient, role=DOCUMENT)
        return Given(prose_subject(contract), overlays, contract)
    return Given(_document(source or _source(reference, DOCUMENT)[0]), overlays)


def read_overlay_file(path: Path) -> Overlay | None:
    """Read an overlay that is to be written anew; None if it is to be written for the first time.

    Raises UsageError if it can't be read, InputError for a fault that would lose a part of it.
    """
    if str(path) == "-" or (content := _present(path)) is None:
        return None
    overlay = _overlay(parse(shown(str(path.resolve())), content), "Name a new file, or one that was extracted before.")
    for finding in overlay.findings:
        if finding.severity == "error":
            raise InputError(finding)
    return overlay


def _present(path: Path) -> bytes | None:
    """Read a file, if there is one; a pipe or a device is only written to."""
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            return None
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        message = f"`{path}`, which is to be brought up to date, can't be read: {error.strerror}."
        raise UsageError(message, "Name a file that you may read and write, or a new one.") from None


def _source(reference: str, role: Role) -> tuple[Source, str]:
    files, address, _ = locate(reference, role)
    return files.get(address), address


def _overlay(source: Source, remedy: str = "") -> Overlay:
    if not is_overlay(source.value):
        message = "This is no overlay: it does not declare a version of the Overlay Specification."
        remedy = remedy or "Start it with `overlay: 1.1.0`, or name the document before its overlays."
        raise InputError(Finding("overlay", message, remedy=remedy, location=source.location(())))
    return read_overlay(source)


def _document(source: Source) -> Any:
    if not isinstance(source.value, dict | list):
        message = "A document that overlays change is a mapping or a list, and this is neither."
        raise InputError(Finding("overlay", message, remedy="Name another file.", location=source.location(())))
    return source.value


def _extended(overlay: Overlay, address: str) -> str:
    """Find the document that an overlay extends, as seen from where it stands itself (Overlay 1.2, "Base URI")."""
    if not overlay.extends:
        message = "The overlay does not say what it extends."
        raise UsageError(message, "Name the document before it: `understudy overlay apply DOCUMENT OVERLAY`.")
    try:
        target = _on_the_network(overlay, address)
        is_elsewhere = target != "" and urlsplit(target)[:2] != urlsplit(address)[:2]
    except ValueError:
        raise UsageError(f"`{overlay.extends}`, which the overlay extends, is no URL.", "Correct it.") from None
    if is_elsewhere:
        message = f"The overlay extends `{target}`, which is not fetched unasked."
        raise UsageError(message, f"Name it: `understudy overlay apply {target} OVERLAY`.")
    if target:
        return target
    if address == "-":
        raise UsageError("An overlay on standard input has no place to look from.", "Name the document before it.")
    if "\0" in overlay.extends:
        raise UsageError("`extends` contains a NUL character.", "Correct it.")
    if revisions.is_revision(address):
        return revisions.join(address, overlay.extends)
    path = (Path(address).parent / overlay.extends).resolve()
    if not _is_there(path):
        message = f"There is no `{overlay.extends}`, which the overlay extends."
        remedy = "Correct it, or name the document before the overlay."
        place = overlay.source.location(("extends",))
        raise InputError(Finding("overlay", message, remedy=remedy, location=place))
    return str(path)


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # why it can't be looked at is told where it is read
        return True


def _on_the_network(overlay: Overlay, address: str) -> str:
    """Resolve what is extended, if it or its base is a URL (RFC 3986, section 5). Raises ValueError for no URL."""
    own = str(overlay.source.value.get("$self", "")) if overlay.version == "1.2" else ""
    base = urljoin(address, own) if address.startswith(_NETWORK) else own
    if base.startswith(_NETWORK):
        return urljoin(base, overlay.extends)
    return overlay.extends if overlay.extends.startswith(_NETWORK) else ""
