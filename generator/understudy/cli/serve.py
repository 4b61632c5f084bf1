"""`understudy serve CONTRACT…`: the mock on a port, and the screen that says how to use it."""

from __future__ import annotations

import contextlib
import shlex
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from understudy_mock.app import MockApp
    from understudy_mock.mounting import Mount

_SHOWN_OPERATIONS = 20


@click.command()
@click.argument("contracts", metavar="CONTRACT...", nargs=-1, required=True)
@click.option("--port", default=4010, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--auth",
    default="lenient",
    show_default=True,
    type=click.Choice(["lenient", "strict", "off"]),
    help="lenient: any well-formed credential; strict: only those the contract tells; off: none needed.",
)
@click.option(
    "--state",
    default="memory://",
    show_default=True,
    type=click.Choice(["memory://", "off"]),
    help="Where what was created is remembered; off answers every request with the documented example.",
)
@click.option(
    "--clock",
    default="frozen",
    show_default=True,
    type=click.Choice(["frozen", "real"]),
    help="frozen: the contract's instant, so that answers stay the same.",
)
@click.option("--mount", is_flag=True, help="Serve each contract under /<name>, even where nothing clashes.")
@click.option("--handlers", metavar="MODULE", help="Functions by operationId that answer instead of the mock.")
def serve(**options: object) -> int:
    r"""Serve the mock of one or more contracts on a local port.

    \b
    Examples:
      understudy serve talkover talkturo
      understudy serve ./openapi.yaml --port 0 --auth off
    """
    from understudy.contract.loading import load
    from understudy_mock import serving
    from understudy_mock.app import mock_app
    from understudy_mock.settings import Settings

    names = options["contracts"]
    settings = Settings(
        auth=str(options["auth"]),
        remember=options["state"] != "off",
        real_clock=options["clock"] == "real",
        apart=bool(options["mount"]),
        handlers=str(options["handlers"]) if options["handlers"] else None,
    )
    contracts = [load(str(name)) for name in (names if isinstance(names, tuple) else ())]
    listener = serving.listen(serving.Address(str(options["host"]), int(str(options["port"]))))
    with listener:
        app = mock_app(contracts, settings)
        serving.run(app.asgi, listener, lambda: click.echo(screen(app, serving.url(listener)), err=True))
    with contextlib.suppress(BrokenPipeError):
        click.echo("Stopped.", err=True)
    return 0


def screen(app: MockApp, address: str) -> str:
    """Write what a person sees when the mock is up: contracts, operations, and a request to copy."""
    lines = [f"The mock is up at {address}. Ctrl-C stops it."]
    for mount in app.mounts:
        lines += ["", *_contract_lines(mount, address)]
    if request := _request_to_copy(app, address):
        lines += ["", "Try it:", "", f"  {request}"]
    return "\n".join([*lines, ""])


def _contract_lines(mount: Mount, address: str) -> list[str]:
    operations = [entry.operation for entry in mount.compiled.operations.values()]
    info = mount.compiled.contract.document.get("info")
    title = f"{info.get('title', '')} {info.get('version', '')}".strip() if isinstance(info, dict) else ""
    count = f"{len(operations)} operation{'' if len(operations) == 1 else 's'}"
    lines = [f"{mount.compiled.name}  {title}, {count} at {address}{mount.key}"]
    lines += [f"  {operation.method:<7}{operation.path}" for operation in operations[:_SHOWN_OPERATIONS]]
    if len(operations) > _SHOWN_OPERATIONS:
        lines.append(f"  … and {len(operations) - _SHOWN_OPERATIONS} more")
    defects = [entry.defect for entry in mount.compiled.operations.values() if entry.defect]
    return [*lines, *(f"  answers 501: {defect}" for defect in defects)]


def _request_to_copy(app: MockApp, address: str) -> str:
    """Find a GET that needs no parameter, with a credential that passes."""
    for mount in app.mounts:
        for entry in mount.compiled.operations.values():
            if entry.operation.method == "GET" and "{" not in entry.operation.path:
                guarded = app.credential_headers(mount.compiled.contract) if entry.guard else {}
                headers = [f"-H {shlex.quote(f'{name}: {value}')}" for name, value in guarded.items()]
                return " ".join(["curl", *headers, shlex.quote(address + mount.key + entry.operation.path)])
    return ""
