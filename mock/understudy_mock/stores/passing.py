"""The URL of a store goes in; a store beside it that nobody else has comes out, and in the end it is gone."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from typing import TYPE_CHECKING

from understudy.errors import EnvironmentFailedError
from understudy_mock.stores.opening import MEMORY, Place, apart, open_store
from understudy_mock.stores.store import StoreDownError

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator
    from typing import Any

_DAY_SECONDS = 86400.0
"""After which a server forgets the sessions of one who was killed and could not tidy up."""


@contextlib.contextmanager
def passing(url: str, purpose: str) -> Iterator[Place]:
    """Give a place for as long as the block runs, and leave nothing there; whoever used it must have let go by then.

    The place is named after its purpose. Raises UsageError for a URL that names no store, and EnvironmentFailedError
    for a store that can't be had or was lost.
    """
    if url.lower() == MEMORY:
        yield Place()
        return
    place = apart(Place(url, lifetime=_DAY_SECONDS), f"{purpose}-{secrets.token_hex(4)}")
    _run(_look_at(place))
    try:
        yield place
    except BaseException:
        with contextlib.suppress(EnvironmentFailedError):  # what happened first is what matters
            _run(_erase(place))
        raise
    _run(_erase(place))


def _run(action: Coroutine[Any, Any, None]) -> None:
    try:
        asyncio.run(action)
    except StoreDownError as error:
        remedy = "Start it, or name another one: --store URL."
        raise EnvironmentFailedError(f"The store can't be used: {error.reason}.", remedy) from None


async def _look_at(place: Place) -> None:
    if (store := open_store(place)) is not None:
        await store.names()
        await store.close()


async def _erase(place: Place) -> None:
    if (store := open_store(place)) is not None:
        await store.erase()
