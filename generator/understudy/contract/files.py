"""The files of a contract: a name, path, URL or stream goes in; parsed sources inside its bounds come out."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from understudy.contract import revisions
from understudy.contract.source import Source, parse
from understudy.errors import EnvironmentFailedError, InputError, UsageError
from understudy.finding import Finding, Location

ROOT_NAMES = ("openapi.yaml", "openapi.yml", "openapi.json")


@dataclass
class Files:
    """The files of one contract: all below `base`, a directory (of a git revision, too), a URL's host, or nothing."""

    base: str
    read: dict[str, Source] = field(default_factory=dict)
    wanted: dict[str, None] = field(default_factory=dict)
    """All addresses asked for, those that could not be read included."""

    @property
    def is_on_disk(self) -> bool:
        """Whether they are files, so that others may stand beside them."""
        return bool(self.base) and not _is_url(self.base) and not revisions.is_revision(self.base)

    def get(self, address: str, referrer: Location | None = None) -> Source:
        """Read a file once. Raises InputError at the referrer if it is missing or unreadable."""
        if address not in self.read:
            self.wanted[address] = None
            try:
                content = _content(address)
            except OSError as error:
                reason = "There is no such file" if isinstance(error, FileNotFoundError) else error.strerror
                message = f"{reason}: {shown(address)}."
                place = referrer or Location(shown(address))
                raise InputError(
                    Finding("reference-missing", message, remedy="Correct the path.", location=place)
                ) from None
            self.read[address] = parse(shown(address), content)
        return self.read[address]

    def address_of(self, reference: str, source_address: str, referrer: Location) -> str:
        """Resolve a relative reference (RFC 3986) and refuse what leaves the contract's directory or host."""
        if not self.base:
            _refuse(referrer, f"`{reference}` names a file, but the contract came from standard input.")
        if _is_url(self.base):
            target = urljoin(source_address, reference)
            if urlsplit(target)[:2] != urlsplit(self.base)[:2]:
                _refuse(referrer, f"`{reference}` leaves the contract's host.")
            return target
        if _is_url(reference):
            _refuse(referrer, f"`{reference}` is on the network, and references are not fetched from there.")
        if "\0" in reference:
            _refuse(referrer, "A reference contains a NUL character.")
        if revisions.is_revision(self.base):
            target = revisions.join(source_address, reference)
            if not revisions.is_below(target, self.base):
                _refuse(referrer, f"`{reference}` leaves the contract's directory.")
            return target
        target_path = (Path(source_address).parent / reference).resolve()
        if not target_path.is_relative_to(self.base):
            _refuse(referrer, f"`{reference}` leaves the contract's directory.")
        return str(target_path)


def locate(reference: str) -> tuple[Files, str, str]:
    """Find a contract's root: (its files, the root's address, its name). Raises UsageError or InputError."""
    if reference == "-":
        files = Files("")
        files.read["-"] = parse("<stdin>", sys.stdin.buffer.read())
        return files, "-", "stdin"
    if _is_url(reference):
        return Files(reference), reference, urlsplit(reference).hostname or "contract"
    if "\0" in reference:
        raise UsageError("The contract's name contains a NUL character.", "Name a file, a directory or a contract.")
    if revisions.is_revision(reference):
        address, name = revisions.locate(reference, ROOT_NAMES)
        return Files(revisions.join(address, ".")), address, name
    path = Path(reference)
    if reference in shipped() and not any((path / name).is_file() for name in ("", *ROOT_NAMES)):
        path = shipped()[reference]
    if path.is_dir():
        path = _root_in(path)
    if not path.exists():
        names = ", ".join(sorted(shipped()))
        remedy = f"Name a file, a directory with an openapi.yaml, a URL, - for standard input, or one of: {names}."
        raise UsageError(f"There is no contract `{reference}`.", remedy)
    path = path.resolve()
    name = path.parent.name if path.name in ROOT_NAMES else path.stem
    return Files(str(path.parent)), str(path), name


def shipped() -> dict[str, Path]:
    """List the contracts that come with the package, by name."""
    installed = Path(str(resources.files("understudy"))) / "contracts"
    folder = installed if installed.is_dir() else Path(__file__).parents[3] / "spec"
    return {path.parent.name: path.parent for path in sorted(folder.glob("*/openapi.yaml"))}


def shown(address: str) -> str:
    """Name a file as a person would: relative to where they stand when it is below."""
    if revisions.is_revision(address):
        return address
    path = Path(address)
    if not _is_url(address) and path.is_relative_to(Path.cwd()):
        return str(path.relative_to(Path.cwd()))
    return address


def _root_in(directory: Path) -> Path:
    for name in ROOT_NAMES:
        if (directory / name).is_file():
            return directory / name
    raise UsageError(f"The directory `{directory}` has no openapi.yaml.", "Name the contract's root file instead.")


def _content(address: str) -> bytes:
    if revisions.is_revision(address):
        return revisions.read(address)
    return _fetch(address) if _is_url(address) else Path(address).read_bytes()


def _is_url(address: str) -> bool:
    return address.startswith(("http://", "https://"))


def _fetch(address: str) -> bytes:
    import httpx

    try:
        response = httpx.get(address, follow_redirects=False, timeout=30)
        response.raise_for_status()
    except httpx.HTTPError as error:
        raise EnvironmentFailedError(f"{address} can't be fetched: {error}.", "Check the address.") from None
    return response.content


def _refuse(place: Location, message: str) -> None:
    remedy = "Copy the target into the contract's directory and refer to it there."
    raise InputError(Finding("reference-outside", message, remedy=remedy, location=place))
