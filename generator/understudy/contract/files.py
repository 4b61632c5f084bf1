"""The files of a contract: a name, path, URL or stream goes in; parsed sources inside its bounds come out."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from understudy.contract import revisions
from understudy.contract.fetching import fetch, host_of, is_url
from understudy.contract.roles import CONTRACT
from understudy.contract.source import Source, parse
from understudy.errors import InputError, UsageError
from understudy.finding import Finding, Location

if TYPE_CHECKING:
    from understudy.contract.roles import Role

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
        return bool(self.base) and not is_url(self.base) and not revisions.is_revision(self.base)

    def get(self, address: str, referrer: Location | None = None) -> Source:
        """Read a file once. Raises InputError at the referrer if it is missing or unreadable."""
        if address not in self.read:
            self.wanted[address] = None
            try:
                content = _content(address)
            except OSError as error:
                raise InputError(_missing(address, error, referrer)) from None
            self.read[address] = parse(shown(address), content)
        return self.read[address]

    def address_of(self, reference: str, source_address: str, referrer: Location) -> str:
        """Resolve a relative reference (RFC 3986) and refuse what leaves the contract's directory or host."""
        if not self.base:
            _refuse(referrer, f"`{reference}` names a file, but the contract came from standard input.")
        if is_url(self.base):
            try:
                target = urljoin(source_address, reference)
                is_below = urlsplit(target)[:2] == urlsplit(self.base)[:2]
            except ValueError:
                is_below = False
            if not is_below:
                _refuse(referrer, f"`{reference}` leaves the contract's host.")
            return target
        if is_url(reference):
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


def locate(reference: str, role: Role = CONTRACT) -> tuple[Files, str, str]:
    """Find a contract's root, or another file: (its files, its address, its name). Raises UsageError or InputError."""
    if reference == "-":
        files = Files("")
        files.read["-"] = parse("<stdin>", sys.stdin.buffer.read())
        return files, "-", "stdin"
    if is_url(reference):
        return Files(reference), reference, host_of(reference)
    if "\0" in reference:
        raise UsageError(f"The {role.noun}'s name contains a NUL character.", role.remedy(_names()))
    if revisions.is_revision(reference):
        address, name = revisions.locate(reference, ROOT_NAMES if role.is_contract else (), role.noun)
        return Files(revisions.join(address, ".")), address, name
    path = _found(reference, role)
    name = path.parent.name if path.name in ROOT_NAMES else path.stem
    return Files(str(path.parent)), str(path), name


def _found(reference: str, role: Role) -> Path:
    """Find a file on this machine. Raises UsageError if there is none, or none that may be looked at."""
    try:
        path = _root(reference) if role.is_contract else Path(reference)
        if path.is_dir():
            raise UsageError(f"`{path}` is a directory.", role.remedy(_names()))
        if path.exists():
            return path.resolve()
    except OSError as error:
        message = f"The {role.noun} `{reference}` can't be read: {error.strerror}."
        raise UsageError(message, role.remedy(_names())) from None
    raise UsageError(f"There is no {role.noun} `{reference}`.", role.remedy(_names()))


def _root(reference: str) -> Path:
    path = Path(reference)
    if reference in shipped() and not any((path / name).is_file() for name in ("", *ROOT_NAMES)):
        path = shipped()[reference]
    return _root_in(path) if path.is_dir() else path


def _names() -> str:
    return ", ".join(sorted(shipped()))


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
    if not is_url(address) and path.is_relative_to(Path.cwd()):
        return str(path.relative_to(Path.cwd()))
    return address


def _root_in(directory: Path) -> Path:
    for name in ROOT_NAMES:
        if (directory / name).is_file():
            return directory / name
    raise UsageError(f"The directory `{directory}` has no openapi.yaml.", "Name the root file instead.")


def _content(address: str) -> bytes:
    if revisions.is_revision(address):
        return revisions.read(address)
    return fetch(address) if is_url(address) else Path(address).read_bytes()


def _missing(address: str, error: OSError, referrer: Location | None) -> Finding:
    """Say of a file why it can't be read, at the place where it is referred to."""
    reason = "There is no such file" if isinstance(error, FileNotFoundError) else error.strerror
    remedy = "Correct the address." if is_url(address) else "Correct the path."
    if isinstance(error, PermissionError):
        remedy = "Allow yourself to read it."
    rule = "reference-missing" if referrer else "input-missing"
    place = referrer or Location(shown(address))
    return Finding(rule, f"{reason}: {shown(address)}.", remedy=remedy, location=place)


def _refuse(place: Location, message: str) -> None:
    remedy = "Copy the target into the contract's directory and refer to it there."
    raise InputError(Finding("reference-outside", message, remedy=remedy, location=place))
