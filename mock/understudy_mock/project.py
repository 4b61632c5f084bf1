"""A contract and a person's own handlers go in; one application that answers with both comes out, and runs.

A scaffolded project's `app.py` is all that calls this. What no handler answers, the mock does.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from understudy.contract.loading import load
from understudy.errors import InputError, UnderstudyError
from understudy_mock import handler_modules, serving
from understudy_mock import handlers as handling
from understudy_mock.app import MockApp, mock_app
from understudy_mock.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

_PORT = 8080
_LAST_PORT = 65535


class Application:
    """An ASGI application, to be run by itself or by any ASGI server.

    `mock` has its parts, `handled` the operations that a person's functions answer.
    """

    def __init__(self, mock: MockApp, handled: frozenset[str]) -> None:
        self.mock = mock
        self.handled = handled

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Take one ASGI connection."""
        await self.mock.asgi(scope, receive, send)

    def run(self, arguments: Sequence[str] | None = None) -> None:
        """Serve until Ctrl-C on --host and --port, else $UNDERSTUDY_HOST and $PORT. Exits 3 if that can't be had."""
        options = _parser().parse_args(arguments)
        try:
            with serving.listen(serving.Address(options.host, options.port)) as listener:
                serving.run(self, listener, lambda: self._show(serving.url(listener)))
        except UnderstudyError as error:
            _leave(error)

    def _show(self, address: str) -> None:
        sys.stderr.write(self.screen(address))
        sys.stderr.flush()

    def screen(self, address: str) -> str:
        """Write where the application answers, and who answers for which operation."""
        lines = []
        for mount in self.mock.mounts:
            info = mount.compiled.contract.document.get("info")
            title = info.get("title") if isinstance(info, dict) else None
            lines.append(f"{title or mount.compiled.name} is up at {address}{mount.key}. Ctrl-C stops it.")
            operations = [entry.operation for entry in mount.compiled.operations.values()]
            written = [operation for operation in operations if operation.id in self.handled]
            lines += [f"  {operation.method:<7}{operation.path}  {operation.id}" for operation in written]
            others = "" if len(written) == len(operations) else "; the mock answers the others"
            lines.append(f"Your handlers answer {len(written)} of {len(operations)} operations{others}.")
        return "\n".join([*lines, ""])


def application(contract: str | Path, *, handlers: str | None = None, auth: str | None = None) -> Application:
    """Build the application of a contract's file; `handlers` is a module or package that lies beside it.

    `auth` is lenient, strict or off; else $UNDERSTUDY_AUTH, else lenient. A contract or handlers that can't be used end
    the process with one clear error and exit code 2, for this is called where a project starts.
    """
    directory = Path(contract).resolve().parent
    settings = Settings(auth=auth or os.environ.get("UNDERSTUDY_AUTH", "lenient"))
    try:
        modules = handler_modules.load(handlers, directory) if handlers else []
        loaded = load(str(contract))
        mock = mock_app([loaded], settings, modules)
    except UnderstudyError as error:
        _leave(error)
    for flaw in (flaw for mount in mock.mounts for flaw in mount.compiled.flaws):
        sys.stderr.write(f"left out: {flaw.location}: {flaw.message}\n  {flaw.remedy}\n")
    operations = {operation.id for operation in loaded.operations}
    return Application(mock, frozenset(operations & set(handling.functions(modules))))


def _leave(error: UnderstudyError) -> NoReturn:
    place = f"{error.finding.location}: " if isinstance(error, InputError) else ""
    sys.stderr.write(f"error: {place}{error.message}\n  {error.remedy}\n")
    sys.exit(error.exit_code)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Serve this project.")
    host, port = os.environ.get("UNDERSTUDY_HOST", "127.0.0.1"), os.environ.get("PORT", str(_PORT))
    parser.add_argument("--host", default=host, help="default: $UNDERSTUDY_HOST, else 127.0.0.1")
    parser.add_argument("--port", default=port, type=_port, help=f"0 takes a free one; default: $PORT, else {_PORT}")
    return parser


def _port(text: str) -> int:
    if not (text.isdecimal() and int(text) <= _LAST_PORT):
        raise argparse.ArgumentTypeError(f"{text} is no port; name one from 0 to {_LAST_PORT}")
    return int(text)
