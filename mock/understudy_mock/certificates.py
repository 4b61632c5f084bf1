"""Names of a host go in; the files of a certificate for it come out: made once, kept in the user's cache, renewed.

The one door to trustme. The authority's private key is thrown away as soon as it has signed: whoever trusts the
authority trusts this one certificate and nothing else.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import ssl
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme

from understudy.errors import EnvironmentFailedError, UsageError

_LOCAL = ("localhost", "127.0.0.1", "::1")
_DAYS = 365
_SPARE_DAYS = 7
_AUTHORITY, _CHAIN, _KEY, _EXPIRES = "ca.pem", "server.pem", "server-key.pem", "expires"


@dataclass(frozen=True)
class Certificate:
    """Files in PEM: the chain, its private key and, for one of ours, the authority that clients have to trust."""

    chain: Path
    key: Path
    authority: Path | None = None


def own(chain: Path, key: Path) -> Certificate:
    """Take a person's own files. Raises UsageError if they can't be used."""
    for path in (chain, key):
        try:
            path.read_bytes()
        except OSError as error:
            raise UsageError(f"{path} can't be read: {error.strerror}.", "Name files in PEM.") from None
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(chain, key, password=_no_password)
    except _EncryptedError:
        remedy = f"Decrypt it first: openssl pkey -in {key} -out plain.pem"
        raise UsageError(f"The private key {key} is encrypted.", remedy) from None
    except (ssl.SSLError, ValueError) as error:
        mismatch = "MISMATCH" in str(error)
        reason = "the key belongs to another certificate" if mismatch else "they are not a certificate and a key in PEM"
        remedy = "Name a certificate and the private key that belongs to it, both in PEM."
        message = f"{chain} and {key} can't be used together: {reason}."
        raise UsageError(message, remedy) from None
    return Certificate(chain, key)


class _EncryptedError(Exception):
    """A private key asks for a password, and nobody is there to give one."""


def _no_password() -> str:
    raise _EncryptedError


def generated(host: str, cache: Path | None = None) -> Certificate:
    """Find or make a certificate for this machine's own names and `host`. Raises EnvironmentFailedError."""
    folder = (cache or _cache()) / "tls" / _folder_name(host)
    try:
        if not _is_good(folder):
            folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _put(_made(host, folder.parent), folder)
    except OSError as error:
        message = f"The certificate can't be kept in {folder}: {error.strerror or error}."
        raise EnvironmentFailedError(message, "Set XDG_CACHE_HOME to a folder that can be written.") from None
    return Certificate(folder / _CHAIN, folder / _KEY, folder / _AUTHORITY)


def _cache() -> Path:
    """Find the user's cache (XDG Base Directory Specification: a relative path is ignored)."""
    told = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return (told if told.is_absolute() else Path.home() / ".cache") / "understudy"


def _folder_name(host: str) -> str:
    return "localhost" if _is_local(host) else re.sub(r"[^A-Za-z0-9.-]", "_", host)


def _is_local(host: str) -> bool:
    return host in (*_LOCAL, "0.0.0.0", "::")  # noqa: S104 - recognised, not bound


def _is_good(folder: Path) -> bool:
    """Tell whether the files are whole and will do for some days yet."""
    try:
        expires = datetime.fromisoformat((folder / _EXPIRES).read_text("ascii"))
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(folder / _CHAIN, folder / _KEY)
        ssl.create_default_context(cafile=folder / _AUTHORITY)
    except (OSError, ValueError):  # an SSLError is an OSError
        return False
    return expires > datetime.now(UTC) + timedelta(days=_SPARE_DAYS)


def _made(host: str, parent: Path) -> Path:
    """Write the files into a new folder that only its owner can enter."""
    expires = datetime.now(UTC) + timedelta(days=_DAYS)
    authority = trustme.CA(organization_name="Understudy", organization_unit_name="A mock on this machine")
    names = _LOCAL if _is_local(host) else (host, *_LOCAL)
    try:
        leaf = authority.issue_cert(*names, organization_name="Understudy", not_after=expires)
    except (ValueError, UnicodeError):
        raise UsageError(f"`{host}` is no name that a certificate can carry.", "Check --host.") from None
    folder = Path(tempfile.mkdtemp(prefix=".new-", dir=parent))
    authority.cert_pem.write_to_path(folder / _AUTHORITY)
    (folder / _CHAIN).write_bytes(b"".join(blob.bytes() for blob in leaf.cert_chain_pems))
    (folder / _KEY).touch(mode=0o600)
    leaf.private_key_pem.write_to_path(folder / _KEY)
    (folder / _EXPIRES).write_text(expires.isoformat(), "ascii")
    return folder


def _put(made: Path, folder: Path) -> None:
    """Move the new files where they belong, whole; if another process was faster, its files stay."""
    if folder.exists() and not _is_good(folder):
        shutil.rmtree(folder)
    with contextlib.suppress(OSError):
        made.rename(folder)
    shutil.rmtree(made, ignore_errors=True)
