"""What one process sends goes in; what all processes that share a store have sent comes out, with what became of it."""

from __future__ import annotations

import asyncio
import contextlib
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from understudy_mock.deliveries import CAPACITY, Attempt, Delivery
from understudy_mock.media import pack, unpack
from understudy_mock.stores.store import StoreDownError

if TYPE_CHECKING:
    from understudy_mock.stores.log import Log

_SENT, _FATES = "deliveries", "fates"
_FATES_KEPT = 4 * CAPACITY


class SharedDeliveries:
    """The latest deliveries of all processes, as of when they were last looked at.

    One log holds what was to be sent, which gives each its number, the other every change in what became of it.
    """

    def __init__(self, log: Log) -> None:
        self._log = log
        self._lock = asyncio.Lock()
        self._known: OrderedDict[int, Delivery] = OrderedDict()
        self._read = {_SENT: 0, _FATES: 0}

    async def enter(self, delivery: Delivery) -> None:
        """Give a delivery its number, unless it has one. One that the store can't take note of is sent all the same."""
        async with self._lock:
            if delivery.number:
                return
            with contextlib.suppress(StoreDownError):
                delivery.number = await self._log.append(_SENT, [_packed(delivery)], {}, CAPACITY)

    async def tell(self, delivery: Delivery) -> None:
        """Take note of what became of it."""
        with contextlib.suppress(StoreDownError):
            await self._log.append(_FATES, [pack(_fate(delivery))], {}, _FATES_KEPT)

    async def catch_up(self) -> list[Delivery]:
        """List the deliveries of all processes, oldest first. Raises StoreDownError."""
        for number, record in await self._news(_SENT):
            self._known[number] = _unpacked(number, record)
            if len(self._known) > CAPACITY:
                self._known.popitem(last=False)
        for _, record in await self._news(_FATES):
            self._apply(unpack(record))
        return list(self._known.values())

    async def _news(self, log: str) -> list[tuple[int, bytes]]:
        tail = await self._log.tail(log, self._read[log])
        if tail.last < self._read[log]:  # the store has lost its memory
            self._known.clear()
            tail = await self._log.tail(log, 0)
        self._read[log] = tail.last
        return list(enumerate(tail.records, tail.first))

    def _apply(self, fate: list[Any]) -> None:
        number, state, reason, attempts = fate
        if (delivery := self._known.get(number)) is not None:
            delivery.state, delivery.reason = state, reason
            delivery.attempts = [Attempt(*facts) for facts in attempts]


def _fate(delivery: Delivery) -> tuple[Any, ...]:
    attempts = [(attempt.at, attempt.status, attempt.error) for attempt in delivery.attempts]
    return delivery.number, delivery.state, delivery.reason, attempts


def _packed(delivery: Delivery) -> bytes:
    what = (delivery.name, delivery.session, delivery.operation, delivery.method, delivery.url)
    return pack((what, delivery.headers, delivery.body, _fate(delivery)[1:]))


def _unpacked(number: int, record: bytes) -> Delivery:
    what, headers, body, (state, reason, attempts) = unpack(record)
    fields = tuple((name, value) for name, value in headers)
    name, session, operation, method, url = what
    tried = [Attempt(*facts) for facts in attempts]
    return Delivery(number, name, session, operation, method, url, fields, body, state, reason, tried)
