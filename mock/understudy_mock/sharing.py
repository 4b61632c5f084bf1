"""Sessions and the store they are kept in go in; afterwards each knows what the other has.

A store may answer after something else was learnt or stored in the meantime: what is older than that is not taken over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from understudy_mock.session import Session
    from understudy_mock.stores.store import Delta, Store


async def learn(store: Store, sessions: Sequence[Session]) -> None:
    """Bring sessions up to what a store holds, all of them in one step. Raises StoreDownError."""
    while sessions:
        known = {session.name: session.document.version for session in sessions}
        news = await store.fetch(known)
        sessions = [one for one in sessions if one.name in news and not _learn(one, known[one.name], news[one.name])]


def _learn(session: Session, known: int, news: Delta) -> bool:
    """Take over news, unless something else was learnt in the meantime; tells whether it is up to date now."""
    document = session.document
    if document.version != known:
        return news.version <= document.version
    (document.replace if news.is_whole else document.absorb)(news.changes, news.version)
    return True


async def hand_in(store: Store, sessions: Sequence[Session]) -> None:
    """Store what was changed in sessions; in each it stands only then. Raises ConflictError, StoreDownError.

    All changes are taken out before the first is stored, so that what others do in the meantime is not mixed with them.
    """
    held = [(session.document, session.document.version, session.document.changes()) for session in sessions]
    for document, _, _ in held:
        document.roll_back()
    for session, (document, version, changes) in zip(sessions, held, strict=True):
        accepted = await store.commit(session.name, version, changes)
        if document.version == version:
            document.absorb(changes, accepted)
