"""The place of a schema goes in; a value that shows what is meant comes out, from what the contract itself says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy.publish.shapes import Shape, read

if TYPE_CHECKING:
    from understudy.publish.edition import Edition, Tokens
    from understudy.publish.fields import Direction

_DEEPEST = 6
_FORMATS = {
    "date": "2024-01-15",
    "date-time": "2024-01-15T10:30:00Z",
    "time": "10:30:00Z",
    "duration": "P1D",
    "email": "alice@example.com",
    "hostname": "www.example.com",
    "uri": "https://www.example.com/",
    "url": "https://www.example.com/",
    "uuid": "123e4567-e89b-42d3-a456-426614174000",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
}
_MISSING = object()


def sample(edition: Edition, tokens: Tokens, name: str = "", *, direction: Direction = "request") -> Any:
    """Make a value of a schema: an example, a default or a choice where it has one, else one of its type.

    Of an object that is sent only what is required is made, and all of it if nothing is; of one that is answered all
    of it. `name` is that of the field.
    """
    return _Sampler(edition, direction).made(tokens, name, 0)


class _Sampler:
    def __init__(self, edition: Edition, direction: Direction) -> None:
        self.edition = edition
        self.is_answer = direction == "response"
        self.hidden = "writeOnly" if self.is_answer else "readOnly"
        self.trail: list[str] = []

    def made(self, tokens: Tokens, name: str, depth: int) -> Any:
        shape = read(self.edition, tokens)
        told = _told(shape)
        if told is not _MISSING:
            return told
        if depth > _DEEPEST or (shape.name and shape.name in self.trail):
            return None if shape.is_nullable else {} if shape.is_object else None
        self.trail.append(shape.name)
        try:
            return self.inner(shape, name, depth)
        finally:
            self.trail.pop()

    def inner(self, shape: Shape, name: str, depth: int) -> Any:
        if shape.alternatives and not shape.properties:
            return self.made(shape.alternatives[0], name, depth + 1)
        if shape.properties or "object" in shape.types:
            return self.object(shape, depth)
        if "array" in shape.types or shape.items:
            if not shape.items or read(self.edition, shape.items).name in self.trail[:-1]:
                return []
            return [self.made(shape.items, name, depth + 1)]
        return _plain(shape, name)

    def object(self, shape: Shape, depth: int) -> dict[str, Any]:
        shown = [
            name for name, place in shape.properties.items() if read(self.edition, place).get(self.hidden) is not True
        ]
        wanted = [name for name in shown if name in shape.required or self.is_answer] or (shown if depth == 0 else [])
        made = {name: self.made(shape.properties[name], name, depth + 1) for name in wanted}
        teller = shape.discriminator.get("propertyName")
        if (
            isinstance(teller, str)
            and teller in made
            and not {"const", "enum"} & set(read(self.edition, shape.properties[teller]).keywords)
        ):
            made[teller] = _told_by(shape)
        return made


def _told(shape: Shape) -> Any:
    examples, values = shape.get("examples"), shape.get("enum")
    if isinstance(examples, list) and examples:
        return examples[0]
    for keyword in ("example", "const", "default"):
        found = shape.get(keyword, _MISSING)
        if found is not _MISSING and not (found is None and not shape.is_nullable):
            return found
    if isinstance(values, list) and values:
        return values[0]
    return _MISSING


def _told_by(shape: Shape) -> str:
    """Say what a discriminator calls a schema: as its mapping has it, else by its name."""
    mapping = shape.discriminator.get("mapping")
    targets = mapping.items() if isinstance(mapping, dict) else ()
    return next((str(value) for value, target in targets if str(target).rpartition("/")[2] == shape.name), shape.name)


def _plain(shape: Shape, name: str) -> Any:
    kind = next(iter(shape.types), "string")
    if kind == "boolean":
        return True
    if kind in ("integer", "number"):
        low = shape.get("minimum")
        return low if isinstance(low, int) and not isinstance(low, bool) and low > 1 else 1
    if kind == "null":
        return None
    form = shape.get("format")
    text = _FORMATS.get(form, "") if isinstance(form, str) else ""
    return text or _long_enough(name or "text", shape.get("minLength"), shape.get("maxLength"))


def _long_enough(text: str, least: Any, most: Any) -> str:
    if isinstance(least, int) and len(text) < least <= 200:  # noqa: PLR2004 - a line or two
        text = (f"{text} " * (least // (len(text) + 1) + 1)).strip()
        text = text.ljust(least, "x")
    return text[:most] if isinstance(most, int) and most > 0 else text
