"""A contract goes in; the same comes out without the examples of its responses (`--ignore-examples`)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from understudy.contract.model import Contract


def without_examples(contract: Contract) -> Contract:
    """Leave out `example` and `examples` of all media types of responses; examples of schemas stay."""
    document = dict(contract.document)
    if isinstance(document.get("paths"), dict):
        document["paths"] = {path: _item(item) for path, item in document["paths"].items()}
    if isinstance(document.get("components"), dict):
        document["components"] = _components(document["components"])
    return replace(contract, bundle=replace(contract.bundle, document=document))


def _components(components: dict[str, Any]) -> dict[str, Any]:
    made = dict(components)
    for section, strip in (("responses", _response), ("mediaTypes", _media), ("pathItems", _item)):
        if isinstance(made.get(section), dict):
            made[section] = {name: strip(value) for name, value in made[section].items()}
    return made


def _item(item: Any) -> Any:
    """Strip the operations of a path item, those of `additionalOperations` included."""
    if not isinstance(item, dict):
        return item
    made = {name: _operation(value) for name, value in item.items()}
    if isinstance(made.get("additionalOperations"), dict):
        made["additionalOperations"] = {name: _operation(one) for name, one in made["additionalOperations"].items()}
    return made


def _operation(value: Any) -> Any:
    if not isinstance(value, dict) or not isinstance(value.get("responses"), dict):
        return value
    return {**value, "responses": {status: _response(one) for status, one in value["responses"].items()}}


def _response(value: Any) -> Any:
    if not isinstance(value, dict) or not isinstance(value.get("content"), dict):
        return value
    return {**value, "content": {name: _media(media) for name, media in value["content"].items()}}


def _media(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {name: part for name, part in value.items() if name not in ("example", "examples")}
