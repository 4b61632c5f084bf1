"""The flags of `serve` and a listening socket go in; with `--workers N` so many processes answer there as one mock.

This file is both sides: `lead` is what `understudy serve` does, `work` is the program of each worker.
"""

from __future__ import annotations

import contextlib
import socket
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from understudy.cli import running
from understudy.errors import UnderstudyError, UsageError
from understudy_mock.stores.opening import MEMORY, Place, open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from understudy.contract.model import Contract
    from understudy_mock.app import MockApp
    from understudy_mock.reloading import Reloaded
    from understudy_mock.stores.store import Store
    from understudy_mock.workers import Lead

_TEMPORARY = "temporary store"
"""The flag that is no flag: the file that stands in for memory://."""
_PROGRAM = "from understudy.cli import crew; crew.main()"


@dataclass(frozen=True)
class Brief:
    """What a worker is told: the flags, and whether it is the one that speaks for all of them."""

    flags: dict[str, Any]
    is_speaker: bool


@contextlib.contextmanager
def shared(flags: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Give flags with a store that all workers can use: a file for as long as they run, if no other was named.

    Raises UsageError for standard input, which only one can read.
    """
    if flags["workers"] > 1 and "-" in map(str, flags["contracts"]):
        raise UsageError("Several workers can't read standard input.", "Name a file, or leave out --workers.")
    if flags["workers"] == 1 or flags["store"] != MEMORY:
        yield dict(flags)
        return
    with tempfile.TemporaryDirectory(prefix="understudy-", ignore_cleanup_errors=True) as folder:
        yield {**flags, _TEMPORARY: str(Path(folder) / "store.db")}


def opened(flags: Mapping[str, Any]) -> Store | None:
    """Open the file that the workers share, if there is one."""
    if _TEMPORARY not in flags:
        return None
    lifetime = flags["session_lifetime"]
    return open_store(Place(f"sqlite:///{flags[_TEMPORARY]}", lifetime=None if lifetime == float("inf") else lifetime))


def note(flags: Mapping[str, Any]) -> str:
    """Write what a person has to know about the workers; nothing of a single one."""
    if flags["workers"] == 1:
        return ""
    place = "a temporary file that is removed in the end" if flags["store"] == MEMORY else "the store"
    return f"{flags['workers']} workers answer; they share {place}."


def lead(
    app: MockApp, contracts: Sequence[Contract], flags: Mapping[str, Any], listener: Any, show: Callable[[], None]
) -> int:
    """Keep the workers running until a signal ends them; gives how many requests were cut off.

    They build mocks of their own; `app` has shown that it can be done.
    """
    del app
    from understudy_mock.workers import Crew, Plan

    def start() -> None:
        show()
        references = list(map(str, flags["contracts"]))
        threading.Thread(target=running.tell_findings, args=(contracts, references), daemon=True).start()

    command, told = (sys.executable, "-P", "-c", _PROGRAM), dict(flags)
    plan = Plan(command, flags["workers"], listener, lambda number: Brief(told, is_speaker=number == 0))
    return Crew(plan, lambda line: click.echo(line, err=True)).run(start)


def work(listener: socket.socket, lead: Lead) -> int:
    """Be one worker: answer until told to end, and say how it went."""
    from understudy.cli.serve import mock
    from understudy_mock.workers import Failed, Staffing, Stopped, Up

    brief: Brief = lead.brief()
    try:
        contracts = running.read(brief.flags["contracts"])
        app = mock(contracts, brief.flags)
        app.runtime.staffing = Staffing(brief.flags["workers"], 0)
        lead.follow(lambda staffing: setattr(app.runtime, "staffing", staffing))
        hooks = running.Hooks(lambda: lead.say(Up()), running.tell_reload if brief.is_speaker else _silence)
        lead.say(Stopped(running.answer(app, contracts, brief.flags, listener, hooks)))
    except UnderstudyError as error:
        lead.say(Failed(error.message, error.remedy, error.exit_code))
        return error.exit_code
    return 0


def _silence(outcome: Reloaded) -> None:
    """Leave it to the worker that speaks for all."""


def main() -> NoReturn:
    """Be the program of a worker: its last two words are the listening socket and the pipe."""
    from understudy_mock.workers import Lead

    listener, pipe = map(int, sys.argv[1:])
    sys.exit(work(socket.socket(fileno=listener), Lead(pipe)))
