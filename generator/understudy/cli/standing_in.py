"""A mounted contract goes in; what a documentation site must know of its mock comes out."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from understudy.publish.standin import StandIn
    from understudy_mock.mounting import Mount


def stand_in(mount: Mount, address: str, command: str, served_at: str = "") -> StandIn:
    """Describe the mock of one contract; `address` is empty for a mock that shows the site itself."""
    from understudy.publish.standin import StandIn
    from understudy_mock.authentication import credential_headers, credentials

    contract = mount.compiled.contract
    return StandIn(
        address=address.rstrip("/"),
        prefix=mount.key,
        command=command,
        headers=credential_headers(contract),
        credentials=credentials(contract),
        states=_states(mount),
        unfit=frozenset(_unfit(mount)),
        served_at=served_at,
    )


def serve_command(references: Iterable[str]) -> str:
    """Write the command that starts the mock of some contracts, the same on every machine."""
    return shlex.join(["understudy", "serve", *map(_portable, references)])


def _portable(reference: str) -> str:
    """Write a file as it is called below the working directory, else by its own name; an address without a password."""
    if "://" in reference:
        parts = urlsplit(reference)
        return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    if not Path(reference).exists():  # the name of a contract that is shipped, or of no file
        return reference
    path, here = Path(os.path.normpath(Path(reference).absolute())), Path.cwd()
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else path.name


def _unfit(mount: Mount) -> Iterator[tuple[str, str, str]]:
    """Name the examples of answers that break their own schema."""
    for name, operation in mount.compiled.operations.items():
        for key, response in operation.responses.items():
            for media in response.media:
                yield from ((name, key, one.name) for one in media.examples.values() if not one.is_valid)


def _states(mount: Mount) -> dict[str, str]:
    """Say what each operation does to what is remembered, in two words; rules of its own are told elsewhere."""
    from understudy_mock.explaining import explain

    found = {}
    for resource in explain(mount.compiled)["resources"]:
        for operation, effect in resource["operations"].items():
            does = effect.partition(",")[0]
            found[operation] = f"{does if does.isalpha() else 'rules'} {resource['name']}"
    return found
