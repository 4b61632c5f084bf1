"""`understudy publish CONTRACT… -o DIR`: a documentation site goes into a folder, or findings say what it lacks."""

from __future__ import annotations

import contextlib
import gc
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from understudy.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from understudy.contract.model import Contract
    from understudy.publish.build import Builder
    from understudy.publish.folder import Outcome
    from understudy.publish.site import Plan, Subject

MOCK = "http://127.0.0.1:4010"
_SHOWN = 20
"""How many files --check names."""

_HELP = """\
Write a static documentation site for one or more contracts into a folder.

The site works from any web server and by double click. Each page is there in Markdown too; it has the contract's named
examples, each with a link by which the mock gives exactly that answer. A contract is published in English and in every
language of its i18n/ folder.

Files that were published before and are published no longer are removed; files of your own are kept.

\b
Examples:
  understudy publish talkover talkturo -o site
  understudy publish ./openapi.yaml -o docs --base-url https://docs.example.com/api
  understudy publish ./openapi.yaml -o docs --check
"""


@dataclass(frozen=True)
class Options:
    """What was asked for."""

    contracts: tuple[str, ...]
    folder: Path
    title: str = ""
    base_url: str = ""
    mock: str = MOCK
    against: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    full_text: bool = False


@click.command(help=_HELP)
@click.argument("contracts", metavar="CONTRACT...", nargs=-1, required=True)
@click.option(
    "-o", "--output", "folder", metavar="DIR", type=click.Path(path_type=Path), required=True, help="The site's folder."
)
@click.option("--title", default="", help="The site's title.  [default: the contracts' titles]")
@click.option("--base-url", metavar="URL", default="", help="Where it will be published; makes a sitemap, too.")
@click.option("--mock", metavar="URL", default=MOCK, show_default=True, help="Where the mock runs that pages link to.")
@click.option(
    "--against",
    metavar="[NAME=]OLD",
    multiple=True,
    help="An older version of a contract, whose changes make a changelog; NAME tells which, of several. Repeatable.",
)
@click.option(
    "--language", "languages", metavar="TAG", multiple=True, help="Publish this language. Repeatable.  [default: all]"
)
@click.option("--full-text", is_flag=True, help="Let readers search every word; needs the extra `search` (Pagefind).")
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if the folder is not what would be written.")
@click.option("--watch", is_flag=True, help="Show the site on this machine, and write it anew after each edit.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Of --watch; 0: any.")
def publish(*, check: bool, watch: bool, port: int, **given: Any) -> int:
    """Write a static documentation site for one or more contracts into a folder."""
    given["base_url"], given["mock"] = address(given["base_url"], "--base-url"), mock_address(given["mock"])
    options = Options(**given)
    if check and watch:
        raise UsageError("`--check` and `--watch` exclude each other.", "Leave out one of them.")
    if check:
        return _check(options)
    if watch:
        from understudy.cli import previewing

        previewing.run(previewing.Author(partial(plan, options), partial(publish_once, folder=options.folder)), port)
        return 0
    with _uncollected(), progress("reading"):
        made = plan(options)
    publish_once(made, options.folder)
    return 0


def publish_once(plan: Plan, folder: Path) -> Builder:
    """Bring the folder up to date and say what was done; gives what makes its files.

    Raises UsageError, InputError and EnvironmentFailedError.
    """
    from understudy.publish.build import Builder
    from understudy.publish.folder import write
    from understudy.publish.site import Publication

    builder = Builder(Publication(plan))
    with progress("publishing") as listen:
        outcome = write(folder, builder.files(listen))
    click.echo(told(outcome, len(builder.site.pages), folder), err=True)
    return builder


def _check(options: Options) -> int:
    from understudy.publish.build import build
    from understudy.publish.folder import RULES, differences
    from understudy.report import Context
    from understudy.report import write as report

    with progress("comparing") as listen:
        findings = list(differences(options.folder, build(plan(options), listen)))
    report("terminal", findings[:_SHOWN], sys.stdout, Context(rules=RULES))
    if len(findings) > _SHOWN:
        click.echo(f"… and {len(findings) - _SHOWN:,} more files", err=True)
    return int(bool(findings))


def plan(options: Options) -> Plan:
    """Read the contracts, their mock and their older versions. Raises UsageError and InputError."""
    from understudy.cli import running
    from understudy.cli.standing_in import serve_command, stand_in
    from understudy.publish.site import Plan
    from understudy_mock.app import mounted
    from understudy_mock.settings import Settings

    contracts = running.read(options.contracts)
    mounts = list(mounted(contracts, Settings()))
    command = serve_command(options.contracts)
    named = [mount.compiled.contract for mount in mounts]
    older = _older(options.against, [contract.name for contract in named])
    subjects = tuple(
        _subject(contract, stand_in(mount, options.mock, command), older)
        for contract, mount in zip(named, mounts, strict=True)
    )
    mounts.clear()  # of a big contract the compiled mock takes half of the memory, and it has told all it knows
    _refuse_unknown(options.languages, named)
    return Plan(subjects, options.title, options.base_url, options.languages, has_full_text=options.full_text)


def _subject(contract: Contract, mock: Any, older: Mapping[str, str]) -> Subject:
    from understudy.publish.site import Subject

    if contract.name not in older:
        return Subject(contract, mock)
    from understudy.contract.loading import load
    from understudy.contract.roles import OLDER
    from understudy.drift.versions import TITLES, compare
    from understudy.publish.changes import Changes

    before = load(older[contract.name], role=OLDER)
    found = tuple(compare(before, contract))
    return Subject(contract, mock, Changes(_called(before, contract, older[contract.name]), found, TITLES))


def _called(before: Contract, now: Contract, reference: str) -> str:
    """Name an older version: by its number, or where that is the same by how it was referred to."""
    told = (one.document.get("info") for one in (before, now))
    was, is_now = (str(info.get("version", "")) if isinstance(info, dict) else "" for info in told)
    return was if was and was != is_now else Path(reference).name


def _older(against: Sequence[str], names: Sequence[str]) -> dict[str, str]:
    """Sort older versions by the contracts they are of. Raises UsageError."""
    found: dict[str, str] = {}
    for text in against:
        name, mark, reference = text.partition("=")
        if not mark or name not in names:
            name, reference = (names[0], text) if len(names) == 1 else ("", text)
        if not name or not reference:
            remedy = f"Write NAME=OLD, where NAME is one of {', '.join(names)}."
            raise UsageError(f"`--against {text}` does not tell which contract it is an older version of.", remedy)
        if name in found:
            raise UsageError(f"`{name}` is given two older versions.", "Give one --against for each contract.")
        found[name] = reference
    return found


def _refuse_unknown(languages: Sequence[str], contracts: Sequence[Contract]) -> None:
    if not languages:
        return
    from understudy.contract.overlays import translations

    known = list(dict.fromkeys(["en", *(name for contract in contracts for name in translations(contract))]))
    for language in languages:
        if language not in known:
            raise UsageError(f"No contract speaks `{language}`.", f"There are: {', '.join(known)}.")


def address(text: str, flag: str) -> str:
    """Read an address of the web, without a slash at its end. Raises UsageError."""
    try:
        parts = urlsplit(text)
        is_good = parts.scheme in ("http", "https") and bool(parts.hostname) and not (parts.query or parts.fragment)
        is_good = is_good and parts.port != 0
    except ValueError:
        is_good = False
    if text and not (is_good and text.isprintable() and not set(text) & set(" \"'<>\\`")):
        raise UsageError(f"`{flag} {text}` is no address of the web.", "Write it as https://host/path.")
    return text.rstrip("/")


def mock_address(text: str) -> str:
    """Read the mock's address; `localhost:4010` will do. Raises UsageError."""
    return address(text if "://" in text else f"http://{text}", "--mock") if text else MOCK


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """Collect garbage once, at the end, and let later searches for it pass over what was read."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.collect()
        gc.freeze()
        if was_on:
            gc.enable()


@contextlib.contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar on standard error while pages are made, if that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(30), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def told(outcome: Outcome, pages: int, folder: Path) -> str:
    """Say what was done."""
    count = f"{pages:,} page{'' if pages == 1 else 's'}"
    if not outcome.written and not outcome.removed:
        return f"{folder}: {count}, everything is up to date"
    removed = f", {len(outcome.removed):,} removed" if outcome.removed else ""
    same = f", {outcome.same:,} unchanged" if outcome.same else ""
    files = f"{len(outcome.written):,} file{'' if len(outcome.written) == 1 else 's'}"
    return f"{folder}: {count}; {files} written{removed}{same}. Open {folder / 'index.html'}"
