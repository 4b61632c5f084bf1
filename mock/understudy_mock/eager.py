"""A coroutine goes in; it runs at once as far as it gets without waiting, and by a task of its own from there on.

Most requests never wait: for them no task is made, and the event loop is not asked for a turn. What needs a task around
it (`asyncio.timeout`, the threads of AnyIO, code that is not ours) first awaits `under_task`.
"""

from __future__ import annotations

import asyncio
from contextvars import copy_context
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Coroutine, Generator


class UnderTask:
    """Awaitable: what follows runs under a task; returns at once where it does already."""

    def __await__(self) -> Generator[Any, Any, None]:
        if asyncio.current_task() is None:
            yield self


class Done:
    """Awaitable: nothing is left to be done."""

    def __await__(self) -> Generator[Any, Any, None]:
        return _NOTHING


_NOTHING: Generator[Any, Any, None] = iter(())  # type: ignore[assignment] # as much of one as `await` asks for
under_task, done = UnderTask(), Done()


def start(coroutine: Coroutine[Any, Any, None], loop: asyncio.AbstractEventLoop) -> asyncio.Task[None] | None:
    """Run a coroutine inside a callback of the loop; gives the task that goes on with it, None if it is through."""
    context = copy_context()
    try:
        awaited = context.run(coroutine.send, None)
    except StopIteration:
        return None
    return loop.create_task(_go_on(coroutine, awaited), context=context)


async def _go_on(coroutine: Coroutine[Any, Any, None], awaited: Any) -> None:
    await _Rest(coroutine, awaited)


class _Rest:
    """What is left of a coroutine that waits for something."""

    def __init__(self, coroutine: Coroutine[Any, Any, None], awaited: Any) -> None:
        self._coroutine, self._awaited = coroutine, awaited

    def __await__(self) -> Generator[Any, Any, None]:
        awaited = self._awaited
        try:
            while True:
                try:
                    given = None if awaited is under_task else (yield awaited)
                except BaseException as error:  # noqa: BLE001 - whatever comes, cancellation too, is the coroutine's
                    awaited = self._coroutine.throw(error)
                else:
                    awaited = self._coroutine.send(given)
        except StopIteration:
            return
