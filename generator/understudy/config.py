"""Settings in `understudy.toml`, or in `[tool.understudy]` of `pyproject.toml`, go in; defaults of a command come out.

A table per command, a key per flag: `[serve]`, `port = 4011`; `[overlay.apply]` for a command below another. Arguments
are keys too: `contracts = ["talkover"]`. What stands on the command line or in the environment weighs more; the first
file found in the working directory is the only one that counts.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from understudy.errors import InputError, UsageError
from understudy.finding import Finding, Location

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FILE = "understudy.toml"
PROJECT = "pyproject.toml"

_PLACE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")
_HEADER = re.compile(r"\s*\[\s*([^\[\]]+?)\s*\]")
_KEY = re.compile(r"\s*([\w.\"'-]+?)\s*=")


@dataclass(frozen=True)
class Settings:
    """What a file says about one command, by key; `locate` tells where a key stands."""

    values: Mapping[str, Any] = field(default_factory=dict)
    path: str = ""
    text: str = field(default="", repr=False)
    table: tuple[str, ...] = ()

    def locate(self, key: str) -> Location:
        """Find the line of a key. The TOML reader keeps no places, so the text is searched for the key in its table."""
        line = _line_of(self.text, self.table, key)
        return Location(self.path, line, 0, "/" + "/".join((*self.table, key)))

    def below(self, key: str) -> Settings:
        """Give what a table in this one says. Raises UsageError if it is no table."""
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            self.refuse(key, f"`{key}` has settings of its own, in a table.", f"Write [{self.dotted(key)}].")
        return Settings(value, self.path, self.text, (*self.table, key))

    def dotted(self, key: str) -> str:
        """Write the name of a table in this one."""
        return ".".join((*self.table, key))

    def refuse(self, key: str, message: str, remedy: str) -> NoReturn:
        """Raise UsageError about a key, with file and line."""
        raise UsageError(f"{self.locate(key)}: {message}", remedy)


def settings_for(command: str, commands: Iterable[str], folder: Path | None = None) -> Settings:
    """Read what is set for a command. Raises InputError for what is no TOML, UsageError for tables nobody knows."""
    for name, table in ((FILE, ()), (PROJECT, ("tool", "understudy"))):
        path = (folder or Path()) / name
        text = _read(path)
        if text is None or (table and "tool.understudy" not in text):
            continue
        document = _parse(path, text)
        for part in table:
            document = document.get(part, {})
        if document or not table:
            return _table(Settings(document, str(path), text, table), command, list(commands))
    return Settings()


def _read(path: Path) -> str | None:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise UsageError(f"{path} can't be read: {reason}.", "Correct or remove it.") from None


def _parse(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        line, column = (int(place[1]), int(place[2])) if place and place[1] else (text.count("\n") + 1, 1)
        message = f"The settings are not TOML: {_PLACE.sub('', str(error))}."
        location = Location(str(path), line, column)
        raise InputError(
            Finding("settings-syntax", message, remedy="See https://toml.io.", location=location)
        ) from None


def _table(whole: Settings, command: str, commands: list[str]) -> Settings:
    for name, value in whole.values.items():
        if name not in commands:
            tables = ", ".join(f"[{whole.dotted(one)}]" for one in commands)
            remedy = nearest(name, commands) or f"Write a table for one of the commands: {tables}."
            whole.refuse(name, f"`{name}` is no command.", remedy)
        if not isinstance(value, dict):
            whole.refuse(
                name, f"`{name}` is a command, and its settings stand in a table.", f"Write [{whole.dotted(name)}]."
            )
    return whole.below(command)


def nearest(name: str, known: Iterable[str]) -> str:
    """Ask whether a known name was meant; empty if none is like it."""
    found = difflib.get_close_matches(name, list(known), 1)
    return f"Did you mean `{found[0]}`?" if found else ""


def _line_of(text: str, table: tuple[str, ...], key: str) -> int:
    """Find the line of a key or table, else that of the table's own header; 0 if neither is spelled plainly."""
    wanted, best = (*table, key), 0
    current: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        header, name = _HEADER.match(line), _KEY.match(line)
        if header:
            current = _parts(header[1])
        if current == wanted or (name and (*current, *_parts(name[1])) == wanted):
            return number
        if header and current == table:
            best = number
    return best


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip(" \"'") for part in dotted.split("."))
