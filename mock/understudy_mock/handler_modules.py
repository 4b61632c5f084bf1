"""The name of a module or package goes in; the imported modules come out, and come out anew when their files change.

What can't be imported is told with the line of the user's own file at which it failed, and what was there before stays.
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from understudy.errors import InputError, UsageError
from understudy.finding import Finding, Location

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import ModuleType

_REMEDY = "Correct it; the mock calls what a handlers module defines."


def load(name: str, directory: Path | None = None) -> list[ModuleType]:
    """Import a module, or a package with all its modules, from a directory (else from where the user stands).

    Raises UsageError if it can't be found, InputError with the line if it can't be imported.
    """
    folder = str(directory or Path.cwd())
    if folder not in sys.path:
        sys.path.insert(0, folder)
    try:
        module = importlib.import_module(name)
        below = pkgutil.iter_modules(getattr(module, "__path__", []))
        return [module, *(importlib.import_module(f"{name}.{entry.name}") for entry in below)]
    except ModuleNotFoundError as error:
        if error.name is None or not f"{name}.".startswith(f"{error.name}."):
            raise _flaw(error, folder) from None
        remedy = "Name a module that Python finds from here, such as handlers."
        raise UsageError(f"The handlers can't be imported: {error}.", remedy) from None
    except Exception as error:  # noqa: BLE001 - a user's module may raise anything while it is imported
        raise _flaw(error, folder) from None
    except SystemExit as error:
        raise _flaw(error, folder) from None


def _flaw(error: BaseException, folder: str) -> InputError:
    """Say what the import of a user's module failed of, at the innermost line of the user's own."""
    if isinstance(error, SyntaxError) and error.filename:
        place = Location(error.filename, error.lineno or 0, error.offset or 0)
        message = f"The handlers can't be imported: {error.msg}."
    else:
        frames = traceback.extract_tb(error.__traceback__)
        own = [frame for frame in frames if Path(frame.filename).is_relative_to(folder)]
        place = Location(own[-1].filename, own[-1].lineno or 0) if own else Location(folder)
        message = f"The handlers can't be imported: {type(error).__name__}: {error}."
    return InputError(Finding("handlers", message, remedy=_REMEDY, location=place))


class HandlerModules:
    """The handlers of a running mock, by the name they were imported with."""

    def __init__(self, name: str, modules: Iterable[ModuleType]) -> None:
        self.name = name
        self.modules = [module for module in modules if self._is_own(module.__name__)]

    def files(self) -> frozenset[str]:
        """List the files that the handlers are written in: a module's own, or all of a package."""
        found: set[str] = set()
        for module in self.modules[:1]:
            folders = list(getattr(module, "__path__", []))
            found.update(str(file) for folder in folders for file in Path(folder).rglob("*.py"))
            if module.__file__ is not None and not folders:
                found.add(module.__file__)
        return frozenset(found)

    def load_again(self) -> tuple[list[ModuleType], dict[str, ModuleType]]:
        """Import all of it anew; gives the modules and, for `restore`, those that were in force.

        Raises InputError or UsageError with the former ones in force again.
        """
        former = {name: module for name, module in sys.modules.items() if self._is_own(name)}
        for name in former:
            del sys.modules[name]
        for file in self.files():
            with suppress(OSError, NotImplementedError):  # it is as old as a second is long: two edits may share it
                Path(importlib.util.cache_from_source(file)).unlink(missing_ok=True)
        importlib.invalidate_caches()
        try:
            return load(self.name), former
        except (InputError, UsageError):
            self.restore(former)
            raise

    def restore(self, former: dict[str, ModuleType]) -> None:
        """Put modules back that were in force before."""
        for name in [name for name in sys.modules if self._is_own(name)]:
            del sys.modules[name]
        sys.modules.update(former)

    def _is_own(self, module: str) -> bool:
        return f"{module}.".startswith(f"{self.name}.")
