"""An operation's answer that was chosen for a session goes in; requests that wish for nothing else get it from then on.

It counts as if each request of the session had wished for it (`Prefer: code=…, example=…`), and is kept in the
session's document, so that a reset forgets it and every process knows it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy_mock.session import Session

GROUP = "choices"
"""The group of the session's document; without entries it costs a request one look."""


class Chosen(NamedTuple):
    """The answer of an operation: a status, and one of its examples, if any."""

    contract: str
    operation: str
    status: int
    example: str | None


def chosen(session: Session, contract: str, operation: str) -> Chosen | None:
    """Find what was chosen for an operation."""
    held: list[Any] | None = session.document.get(GROUP, _key(contract, operation))
    return None if held is None else Chosen(contract, operation, *held)


def choose(session: Session, choice: Chosen) -> None:
    """Let an operation answer so from now on."""
    session.document.put(GROUP, _key(choice.contract, choice.operation), [choice.status, choice.example])


def undo(session: Session, contract: str, operation: str) -> None:
    """Let an operation answer as it would; nothing need have been chosen."""
    session.document.drop(GROUP, _key(contract, operation))


def undo_all(session: Session) -> None:
    """Let all operations answer as they would."""
    for name in list(session.document.group(GROUP)):
        session.document.drop(GROUP, name)


def all_of(session: Session) -> Iterator[Chosen]:
    """Yield what was chosen, the first choice first."""
    for key, held in session.document.group(GROUP).items():
        contract, _, operation = key.partition("\x1f")
        yield Chosen(contract, operation, *held)


def _key(contract: str, operation: str) -> str:
    return f"{contract}\x1f{operation}"
