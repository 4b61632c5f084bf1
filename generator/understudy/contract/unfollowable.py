"""A reference that can't be followed goes in; the one error that says where it stands and what to do comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from understudy.contract import grammar
from understudy.contract import pointer as pointers
from understudy.errors import InputError
from understudy.finding import Finding

if TYPE_CHECKING:
    from understudy.contract.bundling import Bundle
    from understudy.contract.source import Source
    from understudy.finding import Location

Tokens = tuple[str | int, ...]


def resolve(source: Source, tokens: Tokens, place: Location) -> Any:
    """Walk to a place in a file. Raises InputError at the reference that stands at `place`."""
    try:
        return pointers.resolve(source.value, tokens)
    except KeyError as error:
        message = f"The reference leads nowhere: {source.path} has no `{error.args[0]}` at {pointers.join(tokens)}."
        refuse("reference-missing", message, "Correct the pointer, or add what it names.", place)


def check_internal(bundled: Bundle) -> None:
    """Raise InputError for a reference that the bundle kept and that leads nowhere inside it."""
    for node in grammar.walk(bundled.document, grammar.root_kind(bundled.document)):
        reference = node.value.get("$ref") if isinstance(node.value, dict) else None
        if node.kind in grammar.SECTIONS and isinstance(reference, str) and reference.startswith("#/"):
            try:
                pointers.resolve(bundled.document, pointers.split_fragment(reference[1:]))
            except KeyError:
                message = f"The reference `{reference}` leads nowhere."
                refuse(
                    "reference-missing",
                    message,
                    "Correct the pointer, or add what it names.",
                    bundled.location((*node.tokens, "$ref")),
                )


def ring(place: Location) -> InputError:
    """Say that references go round in a circle."""
    message = "This reference comes back to itself without ever reaching a value."
    remedy = "Let one of the references in the ring hold the value."
    return InputError(Finding("reference-ring", message, remedy=remedy, location=place))


def refuse(rule: str, message: str, remedy: str, place: Location) -> NoReturn:
    """Raise InputError for a reference."""
    raise InputError(Finding(rule, message, remedy=remedy, location=place))
