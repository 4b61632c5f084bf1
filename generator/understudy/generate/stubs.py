"""A contract goes in; the text of a typed handler for each of its operations comes out, marked as not written yet."""

from __future__ import annotations

import json
import re
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from understudy.generate import hints
from understudy.generate.handler_naming import argument_name, function_names, module_name, tag_of
from understudy.generate.typing_plan import plan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Contract, Operation, Placed
    from understudy.generate.typing_plan import Body, OperationTypes

_WIDTH = 88
_BODY = "body"
_JSON = re.compile(r"application/(.+\+)?json\b")
_FORM = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"
_IMPORTS = {
    "Any": "from typing import Any",
    "Literal": "from typing import Literal",
    "models": "import models",
    "Reply": "from understudy_mock.handlers import Reply",
    "answers": "from understudy_mock.handlers import answers",
    "stub": "from understudy_mock.handlers import stub",
}


@dataclass(frozen=True)
class Stub:
    """A handler: for which operation, in which module, its head (decorators and signature) and its docstring."""

    operation: str
    function: str
    module: str
    tag: str
    head: str
    docstring: str

    @property
    def text(self) -> str:
        """The function, from its first decorator to its last line."""
        return f"{self.head}\n{self.docstring}\n    raise NotImplementedError\n"

    @property
    def imports(self) -> dict[str, str]:
        """What must be imported for it: statements by the name they bind."""
        code = re.sub(r'"(?:[^"\\]|\\.)*"', "", self.head)
        return {name: line for name, line in _IMPORTS.items() if re.search(rf"\b{name}\b", code)}


def stubs(contract: Contract) -> list[Stub]:
    """Write a stub for each operation; of several with one operationId the first counts."""
    names = function_names(contract.operations)
    made: dict[str, Stub] = {}
    for operation, types in zip(contract.operations, plan(contract).operations, strict=True):
        if operation.id not in made:
            made[operation.id] = _Writer(contract, operation, types, names[operation.id]).stub()
    return list(made.values())


@dataclass(frozen=True)
class _Writer:
    contract: Contract
    operation: Operation
    types: OperationTypes
    name: str

    def stub(self) -> Stub:
        passed, left = self._parameters()
        decorators = ["@stub"]
        if self.name != self.operation.id:
            decorators.append(f"@answers({json.dumps(self.operation.id)})")
        arguments = sorted([*passed, *self._body()], key=lambda argument: " = " in argument)
        head = "\n".join([*decorators, _signature(self.name, arguments, f"Reply[{self._returned()}]")])
        tag = tag_of(self.operation)
        return Stub(self.operation.id, self.name, module_name(tag), tag, head, self._docstring(left))

    def _parameters(self) -> tuple[list[str], list[str]]:
        """Write the arguments of parameters, and name the parameters that are not passed."""
        passed: dict[str, str] = {}
        left = []
        for parameter in self.operation.parameters:
            place, name = str(parameter.value.get("in")), str(parameter.value.get("name"))
            argument = argument_name(name) if place in ("path", "query") else ""
            if not argument or argument in passed or (argument == _BODY and self.operation.request_body):
                left.append(f"{place} {name}")
            else:
                passed[argument] = self._argument(argument, parameter)
        return list(passed.values()), left

    def _argument(self, name: str, parameter: Placed) -> str:
        hint, default = hints.hint(self.contract, parameter), hints.default(self.contract, parameter)
        if parameter.value.get("in") == "path" or parameter.value.get("required") is True:
            return f"{name}: {hint}"
        return f"{name}: {hint} = {default}" if default else _optional(name, hint)

    def _body(self) -> list[str]:
        placed = self.operation.request_body
        content = placed.value.get("content") if placed and isinstance(placed.value, dict) else None
        if placed is None or not isinstance(content, dict) or not content:
            return []
        kinds = {_kind(media_type, self.types.request, is_request=True) for media_type in content}
        hint = kinds.pop() if len(kinds) == 1 else "Any"
        return [f"{_BODY}: {hint}" if placed.value.get("required") is True else _optional(_BODY, hint)]

    def _returned(self) -> str:
        successes = [status for status in self.operation.responses if status[:1] == "2"]
        if not successes:
            successes = [status for status in self.operation.responses if status == "default"]
        found: list[str] = []
        for status in successes:
            value = self.operation.responses[status].value
            content = value.get("content") if isinstance(value, dict) else None
            bodies = self.types.responses.get(status, ())
            found += [_kind(media_type, bodies) for media_type in content or ()] or ["None"]
        names = list(dict.fromkeys(found))
        return "Any" if not names or "Any" in names else " | ".join(names)

    def _docstring(self, left: list[str]) -> str:
        value = self.operation.value
        title = _plain(value.get("summary") or str(value.get("description") or "").partition("\n\n")[0])
        where = f"{self.operation.method} {_plain(self.operation.path)}"
        lines = [*_wrapped(f'"""{title or where}'), ""]
        lines += [where, ""] if title else []
        for status, response in self.operation.responses.items():
            lines += _wrapped(f"{_plain(status)}: {self._told(response)}", "    ")
        if left:
            lines += ["", *_wrapped(f"Not passed, but in connexion.request: {_plain(', '.join(left))}.")]
        if self._takes_files():
            lines += ["", *_wrapped("Files are passed as arguments of their field's name, if you add these.")]
        return "\n".join(f"    {line}".rstrip() for line in [*lines, '"""'])

    def _told(self, response: Placed) -> str:
        value = response.value if isinstance(response.value, dict) else {}
        description = _plain(str(value.get("description", "")).partition("\n\n")[0])
        examples = dict.fromkeys(_examples(value))
        told = f"Examples: {', '.join(_plain(name) for name in examples)}." if examples else ""
        return f"{description} {told}".strip()

    def _takes_files(self) -> bool:
        placed = self.operation.request_body
        content = placed.value.get("content") if placed and isinstance(placed.value, dict) else None
        return isinstance(content, dict) and _MULTIPART in content


def _kind(media_type: str, bodies: tuple[Body, ...], *, is_request: bool = False) -> str:
    """Tell the type of a body in a media type: a model for JSON and forms, else text or bytes."""
    if media_type == _MULTIPART:
        return "dict[str, Any]"
    if _JSON.match(media_type) or (is_request and media_type == _FORM):
        return next((f"models.{body.name}" for body in bodies if body.media_type == media_type), "Any")
    return "str" if media_type.startswith("text/") else "bytes"


def _optional(name: str, hint: str) -> str:
    may_be_none = hint == "Any" or "None" in re.split(r"[\[\]|, ]+", hint)
    return f"{name}: {hint} = None" if may_be_none else f"{name}: {hint} | None = None"


def _signature(name: str, arguments: list[str], returned: str) -> str:
    """Break a long signature as formatters do."""
    line = f"def {name}({', '.join(arguments)}) -> {returned}:"
    if len(line) <= _WIDTH or not arguments:
        return line
    inner = f"    {', '.join(arguments)}"
    if len(arguments) == 1 or len(inner) > _WIDTH:
        inner = "\n".join(f"    {argument}," for argument in arguments)
    return f"def {name}(\n{inner}\n) -> {returned}:"


def _examples(response: dict[str, Any]) -> Iterator[str]:
    content = response.get("content")
    for media in content.values() if isinstance(content, dict) else ():
        named = media.get("examples") if isinstance(media, dict) else None
        yield from named if isinstance(named, dict) else ()


def _plain(text: Any) -> str:
    """Make a text one line that can stand in any docstring."""
    line = " ".join(str(text).replace("\\", "/").replace('"', "'").split())
    return "".join(letter for letter in line if letter.isprintable())


def _wrapped(text: str, further: str = "") -> list[str]:
    return textwrap.wrap(text, _WIDTH - 4, subsequent_indent=further, break_long_words=False, break_on_hyphens=False)
