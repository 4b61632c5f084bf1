"""`understudy serve CONTRACT…`: the mock on a port, and the screen that says how to use it."""

from __future__ import annotations

import contextlib
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import click

from understudy.cli import (
    answering,
    controlling,
    crew,
    disturbing,
    documenting,
    explaining,
    prism_flags,
    running,
    storing,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from understudy.contract.model import Contract, Operation
    from understudy_mock.app import MockApp
    from understudy_mock.certificates import Certificate
    from understudy_mock.mounting import Mount
    from understudy_mock.serving import Address

_SHOWN_OPERATIONS = 20


_HELP = """\
Serve the mock of one or more contracts on a local port.

\b
Examples:
  understudy serve talkover talkturo
  understudy serve ./openapi.yaml --port 0 --auth off
"""


@click.command(help=_HELP)
@click.argument("contracts", metavar="CONTRACT...", nargs=-1, required=True)
@click.option("-p", "--port", default=4010, show_default=True, type=click.IntRange(0, 65535), help="0: a free one.")
@click.option("-h", "--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--auth",
    default="lenient",
    show_default=True,
    type=click.Choice(["lenient", "strict", "off"]),
    help="lenient: any well-formed credential; strict: only those the contract tells; off: none needed.",
)
@click.option(
    "--state",
    default="on",
    show_default=True,
    type=click.Choice(["on", "off"]),
    help="on: what was created is remembered; off: every request is answered with the documented example.",
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
@explaining.options
@answering.options
@prism_flags.options
@disturbing.options
@controlling.options
@documenting.options
@storing.options
@running.options
def serve(**options: Any) -> int:
    """Serve the mock of one or more contracts on a local port."""
    from understudy_mock import serving

    contracts = running.read(options["contracts"])
    if options["explain_state"]:
        return explaining.run(contracts, options)
    if options["strict"] and (errors := running.errors_in(contracts)):
        return running.refused(errors)
    secured, where = running.certificate(options), running.address(options)
    with serving.listening(where) as listener, crew.shared(options) as flags:
        app = mock(contracts, flags)
        if options["strict"] and (flaws := [flaw for mount in app.mounts for flaw in mount.compiled.flaws]):
            return running.refused(flaws)
        up = Up(serving.url(listener, secure=secured is not None), where, secured, crew.note(options))
        run = running.run if options["workers"] == 1 else crew.lead
        cut_off = run(app, contracts, flags, listener, lambda: click.echo(screen(app, up), err=True))
    with contextlib.suppress(BrokenPipeError):
        click.echo(running.farewell(cut_off), err=True)
    return 0


def mock(contracts: Sequence[Contract], options: Mapping[str, Any]) -> MockApp:
    """Build the mock as the flags want it. Raises UsageError and InputError for what can't be."""
    from understudy_mock.app import mock_app
    from understudy_mock.settings import Settings

    settings = Settings(
        auth=str(options["auth"]),
        remember=options["state"] != "off",
        real_clock=options["clock"] == "real",
        apart=bool(options["mount"]),
        handlers=str(options["handlers"]) if options["handlers"] else None,
        **answering.settings(options),
        **prism_flags.settings(options),
        **disturbing.settings(options),
        **controlling.settings(options),
        **documenting.settings(options),
        **storing.settings(options),
    )
    library = documenting.library(map(str, options["contracts"]))
    return mock_app(contracts, settings, store=crew.opened(options), library=library)


@dataclass(frozen=True)
class Up:
    """Where a mock is up."""

    url: str
    address: Address | None = None
    certificate: Certificate | None = None
    note: str = ""


def screen(app: MockApp, up: Up) -> str:
    """Write what a person sees when the mock is up: contracts, operations, and a request to copy."""
    lines = [f"The mock is up at {up.url}. Ctrl-C stops it."]
    lines += [*running.notes(up.address, up.certificate), *([up.note] if up.note else [])]
    lines += [] if up.address and up.address.path else controlling.page_lines(app, up.url)
    for mount in app.mounts:
        lines += ["", *_contract_lines(mount, up.url)]
        lines += controlling.shadowed_lines(mount) if app.runtime.settings.control else []
        lines += documenting.shadowed_lines(mount) if app.runtime.settings.docs else []
    lines += answering.credential_lines(app)
    if request := _request_to_copy(app, up):
        lines += ["", "Try it:", "", f"  {request}"]
    return "\n".join([*lines, ""])


def _contract_lines(mount: Mount, address: str) -> list[str]:
    operations = [entry.operation for entry in mount.compiled.operations.values() if not entry.defect]
    info = mount.compiled.contract.document.get("info")
    title = f"{info.get('title', '')} {info.get('version', '')}".strip() if isinstance(info, dict) else ""
    count = f"{len(operations)} operation{'' if len(operations) == 1 else 's'}"
    lines = [f"{mount.compiled.name}  {title}, {count} at {address}{mount.key}"]
    lines += [f"  {operation.method:<7}{operation.path}" for operation in operations[:_SHOWN_OPERATIONS]]
    if len(operations) > _SHOWN_OPERATIONS:
        lines.append(f"  … and {len(operations) - _SHOWN_OPERATIONS} more")
    defects: dict[str, str] = {}
    for entry in mount.compiled.operations.values():
        if entry.defect:
            defects.setdefault(entry.defect, f"  {entry.operation.method:<7}{entry.operation.path}  answers 501: ")
    lines += [f"{start}{defect}" for defect, start in defects.items()]
    left_out = (*mount.compiled.contract.unreadable, *mount.compiled.flaws)
    return [*lines, *(f"  left out: {finding.location}: {finding.message}" for finding in left_out)]


def _request_to_copy(app: MockApp, up: Up) -> str:
    """Find a GET that needs nothing but what the contract has examples of, with a credential that passes."""
    for mount in app.mounts:
        contract = mount.compiled.contract
        for entry in mount.compiled.operations.values():
            if entry.defect:
                continue
            query = _example_query(contract, entry.operation)
            guarded = app.credential_headers(contract) if entry.guard else {}
            if entry.operation.method != "GET" or query is None or (entry.guard and not guarded):
                continue
            headers = [f"-H {shlex.quote(f'{name}: {value}')}" for name, value in guarded.items()]
            words = ["curl", *map(shlex.quote, running.curl_words(up.address, up.certificate)), *headers]
            return " ".join([*words, shlex.quote(up.url + mount.key + entry.operation.path + query)])
    return ""


def _example_query(contract: Contract, operation: Operation) -> str | None:
    """Write the required parameters from their examples; None where they have none or do not stand in the query."""
    pairs = []
    for placed in operation.parameters:
        if not placed.value.get("required"):
            continue
        named = placed.value.get("examples")
        examples = [contract.follow((*placed.tokens, "examples", name)).value.get("value") for name in named or ()]
        value = next(iter([*examples, placed.value.get("example")]), None)
        if placed.value.get("in") != "query" or not isinstance(value, str | int):
            return None
        pairs.append((str(placed.value.get("name")), value))
    return f"?{urlencode(pairs)}" if pairs else ""
