"""A variant of an operation's answers goes in; a request that passes every check and is answered so comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from understudy_mock.exchange import MISSING
from understudy_mock.media import is_json, to_json
from understudy_mock.synthesis import UngeneratableError

if TYPE_CHECKING:
    from understudy.contract.model import Placed, Tokens
    from understudy_mock.compiling import CompiledContract, CompiledOperation
    from understudy_mock.mounting import Mount
    from understudy_mock.variants import Variant


def request_for(mount: Mount, operation: CompiledOperation, variant: Variant) -> dict[str, Any]:
    """Write the request: the method, a path with its query, the wish, and the body where one is needed."""
    wishes = _wishes(variant)
    query = [*_required(operation, "query"), *((f"__{name}", value) for name, value in wishes)]
    media = variant.choice.media
    made: dict[str, Any] = {
        "method": operation.operation.method,
        "href": f"{mount.key}{_path(operation)}?{urlencode(query)}",
        "prefer": ", ".join(f"{name}={value if value.isascii() else quote(value)}" for name, value in wishes),
        "accept": media.media_type if media else "*/*",
    }
    return made | _body(operation)


def _wishes(variant: Variant) -> list[tuple[str, str]]:
    if variant.is_changed:
        return [("variant", variant.id)]
    code = ("code", str(variant.choice.status))
    return [code, ("example", variant.example)] if variant.example else [code]


def _path(operation: CompiledOperation) -> str:
    path = operation.operation.path
    for name, value in _required(operation, "path"):
        path = path.replace("{" + name + "}", quote(value, safe=""))
    return path


def _required(operation: CompiledOperation, location: str) -> list[tuple[str, str]]:
    """Give each required parameter of a location a value: its example, else one made from its schema."""
    return [
        (str(placed.value.get("name")), _text(_value(operation.contract, placed)))
        for placed in operation.operation.parameters
        if placed.value.get("in") == location and (location == "path" or placed.value.get("required"))
    ]


def _value(compiled: CompiledContract, placed: Placed) -> Any:
    shown = _shown(compiled, placed)
    return shown if shown is not MISSING else _made(compiled, (*placed.tokens, "schema"), placed.value)


def _shown(compiled: CompiledContract, placed: Placed) -> Any:
    named = placed.value.get("examples")
    for name in named if isinstance(named, dict) else ():
        example = compiled.contract.follow((*placed.tokens, "examples", name)).value
        if isinstance(example, dict) and "value" in example:
            return example["value"]
    return placed.value.get("example", MISSING)


def _made(compiled: CompiledContract, schema: Tokens, owner: dict[str, Any]) -> Any:
    if "schema" not in owner:
        return MISSING
    try:
        return compiled.synthesis.make(schema, "request")
    except UngeneratableError:
        return MISSING


def _text(value: Any) -> str:
    if value is MISSING:
        return "1"
    if isinstance(value, list):
        return ",".join(map(_text, value))
    return value if isinstance(value, str) else to_json(value).decode()


def _body(operation: CompiledOperation) -> dict[str, Any]:
    """Give a required JSON body its first example, else one made from its schema."""
    placed = operation.operation.request_body
    if operation.body is None or placed is None or not operation.body.required:
        return {}
    for name, media in placed.value["content"].items():
        if is_json(name) and isinstance(media, dict):
            inner = operation.contract.contract.follow((*placed.tokens, "content", name))
            value = _value(operation.contract, inner)
            return {"content_type": name} | ({} if value is MISSING else {"body": value})
    return {}
