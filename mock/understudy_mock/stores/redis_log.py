"""Records go in and come out by number: the logs that a Redis store keeps beside its documents.

A log is a list of its last records, with the number of the last one, and a hash of what was counted. As in
`redis_scripts.py`, each step is one script, and its keys share the store's hash tag.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING, Any

from understudy_mock.stores.log import Tail

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_APPEND = """
local records, last, counts, token = unpack(KEYS)
local keep, length = tonumber(ARGV[1]), tonumber(ARGV[2])
if not redis.call('SET', token, '1', 'NX', 'EX', 60) then return tonumber(redis.call('GET', last)) end
for i = 3, length + 2 do redis.call('RPUSH', records, ARGV[i]) end
redis.call('LTRIM', records, -keep, -1)
for i = length + 3, #ARGV, 2 do redis.call('HINCRBY', counts, ARGV[i], ARGV[i + 1]) end
return redis.call('INCRBY', last, length)
"""
"""KEYS: list, number of the last record, counts, a token by which an append that is sent again is known.

ARGV: how many to keep, how many come, these, and names and counts in turn. Gives the number of the last.
"""

_TAIL = """
local last = tonumber(redis.call('GET', KEYS[2]) or '0')
local wanted = math.min(last - tonumber(ARGV[1]), redis.call('LLEN', KEYS[1]))
if wanted <= 0 then return {last} end
return {last, unpack(redis.call('LRANGE', KEYS[1], -wanted, -1))}
"""
"""KEYS: list, number of the last record. ARGV: the number at hand. Gives the last number, and the records after it."""


class RedisScript:
    """A script and the name by which a server that has seen it knows it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.digest = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


_SCRIPTS = {text: RedisScript(text) for text in (_APPEND, _TAIL)}


class RedisLog:
    """The logs of a store that knows how to run a script and to send a command."""

    _start: str

    async def _run(self, script: Any, keys: list[str], arguments: list[Any]) -> Any:
        raise NotImplementedError

    async def _ask(self, *words: Any) -> Any:
        raise NotImplementedError

    async def append(self, name: str, records: Sequence[bytes], counts: Mapping[str, int], keep: int) -> int:
        """Add records at the end, `counts` to what was counted, and keep so many; gives the number of the last."""
        keys = [*self._log_keys(name), f"{self._start}token:{secrets.token_hex(8)}"]
        pairs = [part for pair in counts.items() for part in pair]
        return int(await self._run(_SCRIPTS[_APPEND], keys, [keep, len(records), *records, *pairs]))

    async def tail(self, name: str, known: int) -> Tail:
        """Give the records after the one that has this number, as far as they are kept."""
        last, *records = await self._run(_SCRIPTS[_TAIL], self._log_keys(name)[:2], [known])
        return Tail(int(last), tuple(records))

    async def counts(self, name: str) -> dict[str, int]:
        """Tell what was counted, by key."""
        told = await self._ask("HGETALL", self._log_keys(name)[2])
        pairs = told.items() if isinstance(told, dict) else zip(told[::2], told[1::2], strict=True)
        return {what.decode(): int(count) for what, count in pairs}

    async def recount(self, name: str) -> None:
        """Begin to count anew."""
        await self._ask("DEL", self._log_keys(name)[2])

    def _log_keys(self, name: str) -> list[str]:
        return [f"{self._start}{part}:{name}" for part in ("log", "last", "counts")]
