"""What a mock says of itself: a flag of `serve` goes in; what the mock shows at `/__docs/` comes out."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

import click

from understudy.cli.standing_in import serve_command, stand_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from understudy.publish.build import Builder
    from understudy_mock.app import MockApp
    from understudy_mock.documentation import Library
    from understudy_mock.mounting import Mount

_KEPT_FILES = 256
_OURSELVES = "http://the-mock.invalid"
"""What stands in a page for the address of the mock, until it is known how the reader calls it (RFC 6761, 6.4)."""

_Command = TypeVar("_Command", bound="Callable[..., Any]")


def options(command: _Command) -> _Command:
    """Give a command the flag."""
    return click.option(
        "--docs",
        default="on",
        show_default=True,
        type=click.Choice(["on", "off"]),
        help="The documentation under /__docs/, and the contract at /openapi.json and /openapi.yaml.",
    )(command)


def settings(given: Mapping[str, Any]) -> dict[str, Any]:
    """Read the flag as a field of the mock's settings; Prism has nothing of this."""
    return {"docs": given["docs"] == "on" and not given["compat"]}


def library(references: Iterable[str]) -> Library:
    """Give what makes the pages of the contracts that a mock serves, each when somebody asks for it."""
    command = serve_command(references)

    def filled(mounts: tuple[Mount, ...]) -> _Shelf:
        from understudy.publish.build import Builder
        from understudy.publish.site import Plan, Publication, Subject

        subjects = tuple(Subject(mount.compiled.contract, stand_in(mount, "", command, _OURSELVES)) for mount in mounts)
        return _Shelf(Builder(Publication(Plan(subjects, is_served=True))))

    return filled


class _Shelf:
    """The files of a site, made when they are wanted; what was wanted last is kept."""

    def __init__(self, builder: Builder) -> None:
        self._made = lru_cache(_KEPT_FILES)(builder.file)

    def find(self, path: str, origin: str) -> bytes | None:
        """Give a file in which the mock is called as the reader calls it."""
        file = self._made(path)
        return file.content.replace(_OURSELVES.encode(), origin.encode()) if file is not None else None


def is_shown(app: MockApp) -> bool:
    """Tell whether a mock shows its pages."""
    return app.runtime.settings.docs and not any(shadowed_lines(mount) for mount in app.mounts)


def shadowed_lines(mount: Mount) -> list[str]:
    """Say that a contract has a path of the documentation itself, which answers there then."""
    from understudy_mock.documentation import is_page

    operations = [entry.operation for entry in mount.compiled.operations.values()]
    own = [one for one in operations if any(is_page(prefix + one.path) for prefix in mount.prefixes)]
    contract = mount.compiled.contract
    reason = "has a path of the documentation, which is not shown therefore."
    return [f"  {contract.location(one.tokens, of_key=True)}: {one.method} {one.path} {reason}" for one in own[:1]]
