"""Stubs and the handler files of a project go in; the same files with every missing handler at their end come out.

What a person has written stays byte for byte; imports that a new stub needs are put below the ones that are there.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from understudy.errors import InputError
from understudy.finding import Finding, Location

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from understudy.generate.stubs import Stub

PACKAGE = "handlers"
INIT = f"{PACKAGE}/__init__.py"

_INIT_TEXT = (
    '"""Functions by operationId: those marked `@stub` are not written yet, and the mock answers for them."""\n'
)
_ORDER = ("Any", "Literal", "models", "Reply", "answers", "stub")


@dataclass(frozen=True)
class HandlerFiles:
    """The files to write, by path; the functions that were added to each; in which file each operation is found."""

    files: dict[str, bytes] = field(default_factory=dict)
    added: dict[str, list[str]] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Read:
    """What a handler file defines at its top: names, and operations by the mark of their function."""

    names: frozenset[str]
    operations: frozenset[str]
    imports_end: int
    has_imports: bool

    def has(self, operation: str, function: str) -> bool:
        return operation in self.operations or (operation == function and function in self.names)


def extend(present: Mapping[str, bytes], stubs: Iterable[Stub]) -> HandlerFiles:
    """Add what is missing. Raises InputError for a file that is no Python, where nobody can tell what it has."""
    read = {path: _read(path, content) for path, content in present.items() if path.endswith(".py")}
    result = HandlerFiles({} if INIT in present else {INIT: _INIT_TEXT.encode()})
    missing: dict[str, list[Stub]] = {}
    for stub in stubs:
        own = f"{PACKAGE}/{stub.module}.py"
        found = next((path for path, one in read.items() if one.has(stub.operation, stub.function)), None)
        result.places[stub.operation] = found or own
        if found is None:
            missing.setdefault(own, []).append(stub)
    for path, new in missing.items():
        result.added[path] = [stub.function for stub in new]
        result.files[path] = _appended(present[path], read[path], new) if path in present else _fresh(new)
    return result


def defines(path: str, content: bytes, operation: str, function: str) -> bool:
    """Tell whether a file still has the handler of an operation."""
    return _read(path, content).has(operation, function)


def _fresh(stubs: list[Stub]) -> bytes:
    tag = "".join(letter for letter in stubs[0].tag if letter.isprintable() and letter not in '"\\')
    title = f"The operations tagged {tag}." if tag else "The operations without a tag."
    head = f'"""{title}"""\n\nfrom __future__ import annotations\n\n'
    return (head + _import_lines(stubs, frozenset()) + _functions(stubs)).encode()


def _functions(stubs: list[Stub]) -> str:
    return "".join(f"\n\n{stub.text}" for stub in stubs)


def _import_lines(stubs: list[Stub], bound: frozenset[str]) -> str:
    """Write the imports that the stubs need and the file has not: those of one module on one line."""
    needed: dict[str, str] = {}
    for stub in stubs:
        needed.update(stub.imports)
    lines: dict[str, list[str]] = {}
    for name in _ORDER:
        if name in needed and name not in bound:
            lines.setdefault(needed[name].partition(" import ")[0], []).append(name)
    texts = [f"{start} import {', '.join(names)}" if "from" in start else start for start, names in lines.items()]
    standard = [text for text in texts if text.startswith("from typing ")]
    others = [text for text in texts if text not in standard]
    blank = [""] if standard and others and not bound else []
    return "".join(f"{line}\n" for line in [*standard, *blank, *others])


def _appended(content: bytes, read: _Read, stubs: list[Stub]) -> bytes:
    newline = b"\r\n" if b"\r\n" in content else b"\n"
    lines = content.splitlines(keepends=True)
    if lines and not lines[-1].endswith((b"\n", b"\r")):
        lines[-1] += newline
    imports = _import_lines(stubs, read.names | {""}).encode().replace(b"\n", newline)
    above, below = lines[: read.imports_end], lines[read.imports_end :]
    if imports and not read.has_imports:
        imports = (newline if above else b"") + imports + (newline if below and below[0].strip() else b"")
    functions = _functions(stubs).encode().replace(b"\n", newline)
    return b"".join([*above, imports, *below, functions])


def _read(path: str, content: bytes) -> _Read:
    try:
        tree = ast.parse(content, filename=path)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", 0) or 0
        reason = getattr(error, "msg", None) or str(error)
        message = f"This file of handlers is no Python: {reason}."
        remedy = "Correct it; nothing was written."
        raise InputError(Finding("scaffold-handlers", message, remedy=remedy, location=Location(path, line))) from None
    names, operations = set[str](), set[str]()
    for statement in tree.body:
        names |= _bound(statement)
        operations |= _marked(statement)
    has_imports = any(isinstance(statement, ast.Import | ast.ImportFrom) for statement in tree.body[:2])
    return _Read(frozenset(names), frozenset(operations), _imports_end(tree, content), has_imports)


def _bound(statement: ast.stmt) -> set[str]:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {statement.name}
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return {(alias.asname or alias.name).partition(".")[0] for alias in statement.names}
    if isinstance(statement, ast.Assign):
        return {target.id for target in statement.targets if isinstance(target, ast.Name)}
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        return {statement.target.id}
    return set()


def _marked(statement: ast.stmt) -> set[str]:
    """Find the operations that a function's `@answers("…")` names."""
    if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        return set()
    return {
        call.args[0].value
        for call in statement.decorator_list
        if isinstance(call, ast.Call) and ast.unparse(call.func).rpartition(".")[2] == "answers" and call.args
        if isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)
    }


def _imports_end(tree: ast.Module, content: bytes) -> int:
    """Count the lines up to the last import at the top; without any, those of the docstring or opening comments."""
    end = 0
    for index, statement in enumerate(tree.body):
        is_docstring = index == 0 and isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        if not (is_docstring or isinstance(statement, ast.Import | ast.ImportFrom)):
            break
        end = statement.end_lineno or end
    if end:
        return end
    lines = content.splitlines()
    return next((number for number, line in enumerate(lines) if not line.startswith(b"#")), len(lines))
