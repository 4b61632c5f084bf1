"""`understudy …` goes in; a command runs, and whatever goes wrong becomes one clear error and an exit code."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from typing import Any, NoReturn, TextIO

import click

from understudy import __version__
from understudy.cli.settings import prepare
from understudy.errors import EnvironmentFailedError, UnderstudyError

EXIT_CODES = "Exit codes: 0 clean, 1 findings, 2 bad usage or unreadable input, 3 the environment failed."

_COMMANDS = {
    "check": "Validate contracts, their examples, rules and ledger.",
    "bundle": "Write a contract as one document, names kept.",
    "overlay": "Apply overlays, and write and check translations.",
    "models": "Generate a typed Pydantic package.",
    "scaffold": "Generate a runnable Connexion project.",
    "serve": "Serve the mock that remembers.",
    "publish": "Write a static documentation site.",
    "export": "Write fixtures, MSW handlers, types or a test helper for a frontend.",
    "drift": "Compare a contract with its mock, a live server or an older version.",
}


_READER_GONE = 141
"""What a shell reports of a program whose reader went away: neither clean nor findings."""


class _ReaderGoneError(Exception):
    """Whoever read our output has closed it."""


class _Lazy(click.Group):
    """Knows its commands by name and imports the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: Any = getattr(importlib.import_module(f"understudy.cli.{cmd_name}"), cmd_name)
        if not isinstance(command, click.Command):
            return None
        for one in (command, *getattr(command, "commands", {}).values()):
            one.epilog = EXIT_CODES
        ctx.default_map = {cmd_name: prepare(command, cmd_name, _COMMANDS)}
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:  # click would leave with 1, which means findings here
            raise _ReaderGoneError from None
        return result

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(cls=_Lazy, epilog=EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "--version", message="understudy %(version)s")
def main() -> None:
    """From an OpenAPI contract to everything that stands in for the API.

    CONTRACT is the name of a shipped contract (talkover, talkturo), a file, a directory with an openapi.yaml, a URL,
    or - for standard input.
    """


def run() -> NoReturn:
    """Run the command line and leave the process with its exit code."""
    code = _guarded()
    for stream in (sys.stdout, sys.stderr):
        _empty(stream)
    sys.exit(code)


def _empty(stream: TextIO) -> None:
    """Write out what is left, so that a reader who has gone does not spoil the exit code at the very end."""
    try:
        stream.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _guarded() -> int:
    try:
        result = main.main(standalone_mode=False)
    except click.exceptions.Abort:
        return 130
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except UnderstudyError as error:
        return _told(error)
    except OSError as error:
        if _is_adrift():
            return _told(EnvironmentFailedError("The working directory is gone.", "Change to one that exists."))
        if error.filename is None or error.strerror is None:
            raise
        message = f"`{os.fsdecode(error.filename)}` can't be used: {error.strerror}."
        return _told(EnvironmentFailedError(message, "Name another place, or give yourself the right to use it."))
    except KeyboardInterrupt:
        return 130
    except _ReaderGoneError:
        return _READER_GONE
    return result if isinstance(result, int) else 0


def _is_adrift() -> bool:
    """Tell whether the working directory was removed, which makes every relative path fail without a name."""
    try:
        Path.cwd()
    except FileNotFoundError:
        return True
    return False


def _told(error: UnderstudyError) -> int:
    from understudy.report.terminal import show_error

    show_error(error, sys.stderr)
    return error.exit_code
