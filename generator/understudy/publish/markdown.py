"""A page goes in; its Markdown twin comes out, which says what the page says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from understudy.publish import linking, prose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.publish.page import Page, Part

_HEADED = {"section", "answers", "answer", "rules"}
_ITEMS = {"field", "rule", "card", "server"}
_LOWEST = 6


def twin(page: Page) -> bytes:
    """Write a page as Markdown; links between pages lead to the others' twins."""
    blocks = [f"# {prose.plain(page.title)}"]
    if page.lead:
        blocks.append(prose.plain(page.lead))
    blocks += _blocks(page.parts, 2)
    return (linking.resolve_all("\n\n".join(blocks), page.path) + "\n").encode()


def _blocks(parts: tuple[Part, ...], level: int) -> Iterator[str]:
    """Yield the blocks of parts; parts that are items of one list make one block."""
    items: list[str] = []
    for part in parts:
        if part.kind in _ITEMS:
            items.append(_item(part, level))
            continue
        if items:
            yield "\n".join(items)
            items = []
        yield from _part(part, level)
    if items:
        yield "\n".join(items)


def _part(part: Part, level: int) -> Iterator[str]:
    if part.kind == "note":
        yield _note(part, level)
        return
    if part.title:
        yield f"{'#' * min(level, _LOWEST)} {part.title}" if part.kind in _HEADED else _bold(part.title)
    if part.text:
        yield part.text
    yield from _blocks(part.parts, level + 1 if part.kind in _HEADED else level)


def _bold(title: str) -> str:
    """Make a title bold, unless it is marked already."""
    return title if "*" in title or "`" in title else f"**{title}**"


def _note(part: Part, level: int) -> str:
    title = f"**{part.title}**" if part.title else ""
    first = " ".join(text for text in (title, part.text) if text)
    text = "\n\n".join(block for block in (first, *_blocks(part.parts, level)) if block)
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def _item(part: Part, level: int) -> str:
    """Write an item of a list, with all that is below it."""
    opening = [text for text in (part.title, part.text) if text]
    blocks = [": ".join(opening)] if part.kind == "server" else opening
    blocks += _blocks(part.parts, level)
    text = "\n\n".join(blocks) if len(blocks) != 1 else blocks[0]
    lines = text.split("\n")
    return "\n".join([f"- {lines[0]}", *(f"  {line}" if line else "" for line in lines[1:])])
