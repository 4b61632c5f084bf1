"""Operations, tags and parameters go in; the names of functions, modules and arguments come out.

A function is called as its operationId, as Connexion looks for it, wherever that is a name that Python can define.
Arguments are called as Connexion calls them with `pythonic_params`.
"""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from understudy.contract.model import Operation

UNTAGGED = "default"

_IMPORTED = {"Any", "Literal", "Reply", "annotations", "answers", "models", "stub"}
_LONGEST = 60


def function_names(operations: Iterable[Operation]) -> dict[str, str]:
    """Name the function of each operation, by the operation's id; ids that are names keep theirs."""
    given = {operation.id: operation for operation in reversed(list(operations))}
    names = {one: one for one in given if _is_definable(one)}
    taken = set(names.values())
    for one, operation in reversed(given.items()):
        if one not in names:
            names[one] = _free(_written(operation), taken)
            taken.add(names[one])
    return names


def _is_definable(name: str) -> bool:
    is_plain = name.isidentifier() and unicodedata.normalize("NFKC", name) == name
    return is_plain and not _is_reserved(name) and not (name.startswith("__") and name.endswith("__"))


def _is_reserved(name: str) -> bool:
    return keyword.iskeyword(name) or name in _IMPORTED or hasattr(builtins, name)


def _written(operation: Operation) -> str:
    if operation.value.get("operationId"):
        return _identifier(operation.id, "operation")
    return _identifier(f"{operation.method.lower()}{_underscored(operation.path.replace('{', 'by_'))}", "operation")


def _identifier(text: str, otherwise: str) -> str:
    name = re.sub(r"\W+", "_", unicodedata.normalize("NFKC", text)).strip("_")[:_LONGEST].rstrip("_")
    if not name.isidentifier():
        name = f"{otherwise}_{name}".rstrip("_")
    return f"{name}_" if _is_reserved(name) else name


def _free(base: str, taken: set[str]) -> str:
    name, number = base, 2
    while name in taken:
        name, number = f"{base}_{number}", number + 1
    return name


def tag_of(operation: Operation) -> str:
    """Tell the first tag of an operation; empty if it has none."""
    tags = operation.value.get("tags")
    return str(tags[0]) if isinstance(tags, list) and tags else ""


def module_name(tag: str) -> str:
    """Name the module of a tag: `SIP trunks` is in `sip_trunks`."""
    return _identifier(_unaccented(tag).lower(), "tag") if tag else UNTAGGED


def _unaccented(text: str) -> str:
    """Drop accents, which file systems write in several ways."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def argument_name(name: str) -> str:
    """Name the argument of a path or query parameter as Connexion does; empty where it can't be an argument."""
    snake = _underscored(name)
    if keyword.iskeyword(snake) or hasattr(builtins, snake):
        snake += "_"
    plain = re.sub(r"[^0-9a-zA-Z_]", "", re.sub(r"\[(?!])", "_", snake))
    argument = re.sub(r"^[^a-zA-Z_]+", "", plain)
    return "" if keyword.iskeyword(argument) else argument


def _underscored(text: str) -> str:
    """Write CamelCase with underscores, as the `inflection` library does that Connexion uses."""
    text = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", text)
    text = re.sub(r"([a-z\d])([A-Z])", r"\1_\2", text)
    return text.replace("-", "_").lower()
