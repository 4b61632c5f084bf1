"""A plan and its models go in; the source of a module that names each operation's types comes out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.generate.models import ModelsModule
    from understudy.generate.typing_plan import Body, OperationTypes, Plan

_HEAD = '''
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel{root_model}
{models}

@dataclass(frozen=True)
class Operation:
    """One operation: parameters by place, request bodies by media type, responses by status and media type."""

    id: str
    method: str
    path: str
    parameters: Mapping[str, type[BaseModel]] = field(default_factory=dict)
    request: Mapping[str, type[BaseModel]] = field(default_factory=dict)
    responses: Mapping[str, Mapping[str, type[BaseModel]]] = field(default_factory=dict)
'''


def write_operations(plan: Plan, module: ModelsModule, header: str) -> str:
    """Write aliases, and a root model where the type is no model, for every body; then a table of all operations."""
    bodies = list(all_bodies(plan))
    types = [_definition(body, module) for body in bodies]
    head = _HEAD.format(
        root_model=", RootModel" if any(text.startswith("class ") for text in types) else "",
        models="\nfrom . import models\n" if bodies else "",
    )
    table = "".join(_entry(operation) for operation in plan.operations)
    opening, closing = ("{\n", "}") if table else ("{", "}")
    text = f'\n\nOPERATIONS: dict[str, Operation] = {opening}{table}{closing}\n"""All operations by operationId."""\n'
    return header + head + _spaced(types) + text


def all_bodies(plan: Plan) -> Iterator[Body]:
    """Yield the types of all operations, in the order of the contract."""
    for operation in plan.operations:
        yield from operation.bodies()


def _definition(body: Body, module: ModelsModule) -> str:
    if body.schema in module.models:
        return f"{body.name} = models.{body.schema}\n"
    return f"class {body.name}(RootModel[models.{body.schema}]):\n    pass\n"


def _spaced(types: list[str]) -> str:
    text, before = "", "class "
    for one in types:
        text += "\n\n" if one.startswith("class ") or before.startswith("class ") else ""
        text += one
        before = one
    return text


def _entry(operation: OperationTypes) -> str:
    lines = [f"    {_text(operation.id)}: Operation("]
    lines += [f"        {name}={_text(getattr(operation, name))}," for name in ("id", "method", "path")]
    if operation.parameters:
        lines += ["        parameters={"]
        lines += [f"            {_text(place)}: {body.name}," for place, body in operation.parameters.items()]
        lines += ["        },"]
    if operation.request:
        lines += ["        request={"]
        lines += [f"            {_text(body.media_type)}: {body.name}," for body in operation.request]
        lines += ["        },"]
    if operation.responses:
        lines += ["        responses={"]
        lines += [
            f"            {_text(status)}: {_by_media_type(bodies)}," for status, bodies in operation.responses.items()
        ]
        lines += ["        },"]
    return "\n".join([*lines, "    ),\n"])


def _by_media_type(bodies: tuple[Body, ...]) -> str:
    return "{" + ", ".join(f"{_text(body.media_type)}: {body.name}" for body in bodies) + "}"


def _text(value: str) -> str:
    return json.dumps(value)
