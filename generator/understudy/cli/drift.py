"""`understudy drift CONTRACT`: a contract and another side go in; findings, a summary and an exit code come out."""

from __future__ import annotations

import contextlib
import importlib
import secrets
import sys
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from understudy.cli.reporting import fails, read_report, report_options
from understudy.cli.settings import LINES, is_typed
from understudy.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from understudy.contract.model import Contract
    from understudy.drift.target import Progress, Target

_STORES = ("understudy_mock.stores.redis", "understudy_mock.stores.sqlite")
"""Imported for every store, so that a seed gives the same cases on each: Hypothesis draws values from the constants of
the modules it takes for the user's, as it does those of an editable installation."""


@click.command(name="drift")
@click.argument("contract", metavar="CONTRACT")
@click.option(
    "--against",
    metavar="URL|OLD",
    help="A live server (where the URL has no path, that of the contract's first server is added), or an older version "
    "of the contract: a file, a directory, a shipped name, git:REF:PATH, or -.  [default: the mock]",
)
@click.option(
    "--as",
    "kind",
    type=click.Choice(("server", "version")),
    help="What --against is.  [default: a URL is a server, anything else a version]",
)
@click.option("--texts", is_flag=True, help="Of versions, tell changed titles, descriptions and examples as well.")
@click.option("--seed", type=click.IntRange(0), help="Repeat the run that had this seed.")
@click.option("--max-examples", type=click.IntRange(1), help="Generated cases for each operation and phase.")
@click.option(
    "--max-response-time", type=click.FloatRange(0, min_open=True), help="Slower answers, in s, are findings."
)
@click.option("--safe", is_flag=True, help="Send GET, HEAD and OPTIONS only.")
@click.option(
    "--auth-token",
    envvar="UNDERSTUDY_TOKEN",
    show_envvar=True,
    help="The credential for --against, sent as the contract's security schemes want it.",
)
@click.option(
    "--header", "headers", metavar="'NAME: VALUE'", type=LINES, multiple=True, help="Send a header. Repeatable."
)
@click.option("--rate-limit", metavar="N/s|N/m|N/h|auto", help="Send no more than this; auto waits when answered 429.")
@click.option("--max-time", type=click.IntRange(1), help="Go on generating until so many seconds are used up.")
@click.option(
    "--store",
    metavar="URL",
    help="Where the mock keeps its sessions meanwhile: memory://, or a place of the run's own beside sqlite:///FILE or "
    "under redis://HOST:PORT/NUMBER, which is removed in the end.  [default: memory://]",
)
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Operations tested at once.")
@report_options("error")
def drift(contract: str, **options: Any) -> int:
    """Compare a contract with its mock, a live server or an older version of it.

    Sends all that Schemathesis can think of, valid and invalid, one request and chains of requests, and judges the
    answers by the contract. Without --against the other side is the contract's own mock, in process.

    Beside an older version nothing is sent: findings tell what changed for callers. An error breaks them, a warning
    may, a note is safe.
    """
    if _is_version(options["against"], options["kind"]):
        from understudy.cli.drift_versions import against_version

        return against_version(contract, options)
    if options["texts"] and is_typed("texts"):
        raise UsageError("--texts is for comparing versions.", "Leave it out, or name an older version by --against.")
    from understudy.contract.loading import load
    from understudy.drift.fuzzing import fuzz
    from understudy.drift.rules import RULES
    from understudy.drift.target import Settings
    from understudy.report import Context, save, write
    from understudy.report.terminal import count

    files = [read_report(text) for text in options["reports"]]
    loaded = load(contract)
    settings = Settings(
        seed=secrets.randbits(32) if options["seed"] is None else options["seed"],
        max_examples=options["max_examples"],
        workers=options["workers"],
        safe=options["safe"],
        rate_limit=options["rate_limit"],
        max_time=options["max_time"],
        max_response_time=options["max_response_time"],
    )
    with _target(loaded, options) as target, _progress() as listen:
        outcome = fuzz(loaded, target, settings, listen)
    write(options["format_name"], outcome.findings, sys.stdout, Context(rules=RULES))
    for name, path in files:
        save(name, outcome.findings, path, Context(rules=RULES))
    click.echo(f"{loaded.name}: {count(outcome.findings)}; {outcome.summary}", err=True)
    return int(fails(outcome.findings, options["fail_on"]))


@contextlib.contextmanager
def _target(contract: Contract, options: dict[str, Any]) -> Iterator[Target]:
    from understudy.drift.credentials import credential_headers
    from understudy.drift.target import Target

    given = dict(_header(text) for text in options["headers"])
    if options["against"] is None:
        with _mock(contract, options["store"], given) as target:
            yield target
        return
    if not _is_url(options["against"]):
        message = f"`--against {options['against']}` is no URL."
        raise UsageError(message, "Write http://host:port, or leave --as out to compare with a version.")
    if options["store"] is not None and is_typed("store"):
        raise UsageError("A live server has a store of its own.", "Leave out --store or --against.")
    token = options["auth_token"]
    yield Target(options["against"], headers={**(credential_headers(contract, token) if token else {}), **given})


@contextlib.contextmanager
def _mock(contract: Contract, store: str | None, given: dict[str, str]) -> Iterator[Target]:
    """Give the contract's own mock; what it keeps in a store is gone afterwards."""
    from understudy.drift.target import Target
    from understudy_mock.app import mock_app
    from understudy_mock.settings import Settings
    from understudy_mock.stores.opening import MEMORY
    from understudy_mock.stores.passing import passing

    for module in _STORES:
        importlib.import_module(module)
    with passing(store or MEMORY, "drift") as place:
        settings = Settings(
            auth="strict",
            control=False,
            store=place.url,
            store_prefix=place.prefix,
            session_lifetime=place.lifetime,
        )
        mock = mock_app([contract], settings)
        yield Target(app=mock.asgi, headers={**mock.credential_headers(contract), **given})


def _is_version(against: str | None, kind: str | None) -> bool:
    """Tell whether the other side is a contract. Raises UsageError where --as does not fit."""
    if against is None:
        if kind and is_typed("kind"):
            raise UsageError(f"`--as {kind}` tells what --against is, which is missing.", "Add --against.")
        return False
    return kind == "version" or (kind is None and not against.startswith(("http://", "https://")))


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon or not name.strip():
        raise UsageError(f"`--header {text}` is no header.", "Write it as 'Name: value'.")
    return name.strip(), value.strip()


@contextlib.contextmanager
def _progress() -> Iterator[Callable[[Progress], None]]:
    """Show a bar on standard error while the run lasts, if that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description:<9}"),
        BarColumn(20),
        TextColumn("{task.fields[operations]}{task.fields[cases]:,} cases, {task.fields[checks]:,} checks"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting", total=None, operations="", cases=0, checks=0)

        def listen(now: Any) -> None:
            bar.update(
                task,
                description=now.phase.replace("_", " "),
                total=now.total or None,
                completed=now.done,
                operations=f"{now.done} of {now.total} operations, " if now.total else "",
                cases=now.cases,
                checks=now.checks,
            )

        yield listen
