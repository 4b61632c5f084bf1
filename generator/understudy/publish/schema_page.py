"""A schema goes in; the parts of its page come out: what it is, its fields, examples, and who uses it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy.contract import pointer as pointers
from understudy.contract.path_words import plain
from understudy.publish import prose
from understudy.publish.edition import SCHEMAS, Told, listed, note_of
from understudy.publish.examples import written
from understudy.publish.fields import Tree
from understudy.publish.instances import instance
from understudy.publish.limits import type_words
from understudy.publish.page import Part
from understudy.publish.sampling import sample
from understudy.publish.shapes import Shape, read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.publish.edition import Edition


def schema_parts(edition: Edition, name: str) -> Iterator[Part]:
    """Yield all of a schema's page."""
    words, tokens = edition.words, (*SCHEMAS, name)
    shape = read(edition, tokens)
    if shape.get("deprecated") is True:
        yield edition.note("deprecated", "")
    if assumed := edition.told(tokens, "x-understudy-assumed"):
        yield note_of(edition, assumed, "assumed")
    if title := schema_title(edition, name):
        yield Part("prose", text=f"**{prose.plain(title.text)}**", language=title.language)
    text, language = edition.told(shape.place("description"), "description")
    yield from prose.parts(text, language)
    made = Tree(edition, "both").body(tokens, is_own=True)
    heading = words("fields") if made.parts else words("value")
    yield Part(
        "section",
        title=heading,
        parts=(Part("fields", title=made.title, text=made.text, parts=made.parts),),
        anchor="fields",
    )
    yield from _examples(edition, name, shape)
    yield from _used_by(edition, name)


def _examples(edition: Edition, name: str, shape: Shape) -> Iterator[Part]:
    """Show what the contract gives for examples, a value out of an operation's, or one made of what the schema says."""
    found = shape.get("examples")
    values = list(found) if isinstance(found, list) else []
    if shape.get("example") is not None:
        values.append(shape.get("example"))
    if values:
        titles = [Told(str(number) if len(values) > 1 else "") for number in range(1, len(values) + 1)]
    elif (one := instance(edition, name)) is not None:
        language = edition.operation_title(one.operation).language
        titles, values = [Told(edition.operation_link(one.operation, one.anchor), language)], [one.value]
    else:
        titles = [Told(edition.words("example_made"))]
        values = [sample(edition, shape.tokens, direction="response")]
    below = tuple(_example(title, value) for title, value in zip(titles, values, strict=True))
    yield Part("section", title=edition.words("example"), parts=below, anchor="example", is_aside=True)


def _example(title: Told, value: Any) -> Part:
    text = prose.fenced(written(value), "json")
    return Part("example", title=title.text, text=text, language=title.language, facts={"media": "application/json"})


def _used_by(edition: Edition, name: str) -> Iterator[Part]:
    words = edition.words
    operations, schemas = users(edition).get(name, ((), ()))
    if operations:
        lines = "\n".join(f"- {edition.operation_link(one)}" for one in operations)
        yield Part("section", title=words("used_by"), parts=(Part("links", text=lines),), anchor="used-by")
    if schemas:
        lines = "\n".join(f"- {edition.schema_link(one)}" for one in schemas)
        yield Part("section", title=words("part_of"), parts=(Part("links", text=lines),), anchor="part-of")


def users(edition: Edition) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Tell of each schema which operations use it, directly or through parts they share, and which schemas do."""
    kept: dict[str, Any] | None = edition.known.get("users")
    if kept is None:
        kept = _users(edition)
        edition.known["users"] = kept
    return kept


def _users(edition: Edition) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    operations: dict[str, dict[str, None]] = {}
    schemas: dict[str, dict[str, None]] = {}
    reached: dict[str, frozenset[str]] = {}
    for operation in edition.operations.values():
        parameters = (placed.value for placed in operation.parameters)
        found = _reached(edition, (operation.value, *parameters), reached, set())
        for name in found:
            operations.setdefault(name, {})[operation.id] = None
    for owner, value in edition.schemas.items():
        for target in _references(value):
            if (name := edition.schema_name(target)) and name != owner:
                schemas.setdefault(name, {})[owner] = None
    names = dict.fromkeys((*operations, *schemas))
    return {name: (tuple(operations.get(name, ())), tuple(schemas.get(name, ()))) for name in names}


def _reached(
    edition: Edition, value: Any, kept: dict[str, frozenset[str]], trail: set[tuple[str, ...]]
) -> frozenset[str]:
    """Find the schemas that something refers to, through shared responses and the like but not through schemas."""
    found: set[str] = set()
    for target in _references(value):
        if name := edition.schema_name(target):
            found.add(name)
        elif target not in trail:
            key = "/".join(map(str, target))
            if key not in kept:
                kept[key] = _reached(edition, _resolved(edition, target), kept, {*trail, target})
            found |= kept[key]
    return frozenset(found)


def _resolved(edition: Edition, tokens: tuple[str, ...]) -> Any:
    try:
        return pointers.resolve(edition.contract.document, tokens)
    except KeyError:
        return None


def _references(value: Any) -> Iterator[tuple[str, ...]]:
    """Yield the targets of the references inside a value."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            reference = one.get("$ref")
            if isinstance(reference, str) and reference.startswith("#"):
                yield tuple(pointers.split_fragment(reference[1:]))
            waiting += [below for key, below in one.items() if key not in ("example", "examples", "value")]
        elif isinstance(one, list | tuple):
            waiting += one


def schema_title(edition: Edition, name: str) -> Told:
    """Name a schema for people, if that says more than its name in code."""
    title = edition.told((*SCHEMAS, name), "title")
    return title if plain(title.text) != plain(name) else Told("")


def schema_summary(edition: Edition, name: str) -> Told:
    """Say what a schema is in a sentence."""
    shape = read(edition, (*SCHEMAS, name))
    text, language = edition.told(shape.place("description"), "description")
    return Told(prose.opening(text), language) if text else Told("")


def all_schemas(edition: Edition) -> Iterator[Part]:
    """List the schemas, with what each is."""
    words, rows = edition.words, []
    for name in by_name(edition):
        told = schema_summary(edition, name)
        title = schema_title(edition, name)
        texts = dict.fromkeys(one.text for one in (title, told) if one and one.language == (title or told).language)
        about = " — ".join(prose.plain(text).replace("|", "\\|") for text in texts) or _type(edition, name)
        rows.append(((title or told).language, f"| {edition.schema_link(name)} | {about} |"))
    yield from listed("table", rows, f"| {words('schema')} | {words('meaning')} |\n| --- | --- |")


def _type(edition: Edition, name: str) -> str:
    """Say of a schema without a word on it what its values are."""
    shape = read(edition, (*SCHEMAS, name))
    return f"*{type_words(edition, shape, is_own=True)}*".replace("|", "\\|")


def by_name(edition: Edition) -> list[str]:
    """List the names of the schemas, upper and lower case being the same."""
    return sorted(edition.schema_paths, key=lambda name: (name.casefold(), name))
