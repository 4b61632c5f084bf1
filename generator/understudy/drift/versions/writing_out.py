"""A schema goes in; it comes out with what it refers to written in its place, so that names make no difference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy.drift.versions.values import key

if TYPE_CHECKING:
    from understudy.drift.versions.nodes import Schemas

_WORDS = ("description", "title", "examples", "example", "$comment")
_DEEP = 30
_MUCH = 20_000
"""References so deep inside each other, or objects so many, are not followed: they equal none of another document."""


def written_out(schemas: Schemas, value: Any) -> str:
    """Write a value as text in which equal schemas are written alike, words left out."""
    return key(_Writer(schemas).write(value, ()))


class _Writer:
    def __init__(self, schemas: Schemas) -> None:
        self.schemas = schemas
        self.left = _MUCH

    def write(self, value: Any, above: tuple[str, ...]) -> Any:
        if isinstance(value, list):
            return [self.write(item, above) for item in value]
        if not isinstance(value, dict):
            return value
        self.left -= 1
        made = {name: _ordered(name, item) for name, item in value.items() if name not in _WORDS}
        reference = made.pop("$ref", None)
        written = {name: self.write(item, above) for name, item in made.items()}
        if not isinstance(reference, str):
            return written
        target = self._target(value, reference, above)
        return {**written, "$ref": target} if written else target

    def _target(self, schema: dict[str, Any], reference: str, above: tuple[str, ...]) -> Any:
        if reference in above:
            return {"circle": len(above) - above.index(reference)}
        tokens = self.schemas.target(schema)
        if tokens is None:
            return reference
        if self.left < 0 or len(above) >= _DEEP:
            return [reference, id(self.schemas)]
        return self.write(self.schemas.at(tokens), (*above, reference))


def _ordered(name: str, value: Any) -> Any:
    """Give lists an order where they have none."""
    return sorted(value, key=key) if name in ("required", "enum", "type") and isinstance(value, list) else value
