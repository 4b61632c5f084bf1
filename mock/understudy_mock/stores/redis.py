"""A Redis or Valkey server goes in; a store that several machines share comes out.

The one door to redis-py. Every method is one short script on the server (see `redis_scripts.py`), in one round trip.
All keys begin with the hash tag `{prefix}`; mocks with the same server and prefix share their sessions. How durable it
is, the server's own settings say: with `appendonly yes` what was acknowledged outlives a restart of it.

Whatever fails becomes a StoreDownError, and the next call tries anew. A commit whose answer got lost is sent again: it
carries a token by which the server knows that it was made already.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from typing import TYPE_CHECKING, Any

from redis.asyncio import ConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as LostError
from redis.exceptions import NoScriptError, RedisError, ResponseError

from understudy_mock.exchange import MISSING
from understudy_mock.stores import coding, redis_scripts
from understudy_mock.stores.redis_log import RedisLog
from understudy_mock.stores.store import COMMON, ConflictError, Delta, StoreDownError, kept_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from understudy_mock.state.document import Changes

_CONNECT_SECONDS = 2.0
_ANSWER_SECONDS = 5.0
_AT_ONCE = 500
_TIDY_EVERY = 256
_TIDIED = 16


class _Script:
    """A script and the name by which a server that has seen it knows it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.digest = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


_FETCH, _COMMIT, _TOUCH = (_Script(text) for text in (redis_scripts.FETCH, redis_scripts.COMMIT, redis_scripts.TOUCH))
_LIVING, _FORGET = (_Script(text) for text in (redis_scripts.LIVING, redis_scripts.FORGET))


class RedisStore(RedisLog):
    """Documents on a server at a URL as redis-py knows it; nothing is asked of it before it is needed."""

    def __init__(self, url: str, prefix: str, lifetime: float | None = None) -> None:
        pool = ConnectionPool.from_url(
            url,
            retry=Retry(NoBackoff(), 0),
            socket_connect_timeout=_CONNECT_SECONDS,
            socket_timeout=_ANSWER_SECONDS,
        )
        self._connection = pool.connection_class(**pool.connection_kwargs)
        kept = kept_for(lifetime)
        self._milliseconds = 0 if kept is None else max(1, round(kept * 1000))
        self._start = f"{{{prefix}}}:"
        self._sequence, self._used = f"{self._start}sequence", f"{self._start}used"
        self._waiting: list[tuple[tuple[Any, ...], asyncio.Future[Any]]] = []
        self._sender: asyncio.Task[None] | None = None
        self._seen = 0
        self._commits = 0

    async def fetch(self, known: Mapping[str, int]) -> dict[str, Delta]:
        """Tell what came after the versions at hand; documents without news are left out."""
        found: dict[str, Delta] = {}
        for names in _parts(list(known)):
            keys = [key for name in names for key in self._keys(name)]
            for told in await self._run(_FETCH, keys, [known[name] for name in names]):
                found[names[told[0] - 1]] = self._delta(told)
        return found

    async def commit(self, name: str, version: int, changes: Changes) -> int:
        """Make the changes if the document still has this version; gives the new one. Raises ConflictError."""
        lifetime = 0 if name == COMMON else self._milliseconds
        about = [name, version, self._seen, secrets.token_hex(8), lifetime]
        pairs = [part for key, value in changes.items() for part in (coding.dump_key(key), _dumped(value))]
        answer = await self._run(_COMMIT, [*self._keys(name), self._sequence, self._used], [*about, *pairs])
        if not answer:
            raise ConflictError
        self._seen = max(self._seen, int(answer))
        await self._tidy()
        return int(answer)

    async def forget(self, name: str) -> bool:
        """Take a document away; tells whether there was one."""
        return bool(await self._run(_FORGET, [*self._keys(name), self._used], [name]))

    async def names(self) -> list[str]:
        """List the documents there are, the one used longest ago first."""
        known = [name.decode() for name in await self._ask("ZRANGE", self._used, 0, -1)]
        return [name for names in _parts(known) for name in await self._living(names)]

    async def touch(self, names: Mapping[str, float]) -> None:
        """Take note that documents were used so many seconds ago, so that they expire later."""
        if not self._milliseconds:
            return
        for part in _parts(list(names)):
            keys = [key for name in part for key in self._keys(name)]
            used = [word for name in part for word in (name, round(names[name] * 1000))]
            await self._run(_TOUCH, [self._used, *keys], [self._milliseconds, *used])

    async def erase(self) -> None:
        """Take away all keys that have the prefix."""
        cursor: Any = b"0"
        while True:
            cursor, keys = await self._ask("SCAN", cursor, "MATCH", f"{self._start}*", "COUNT", _AT_ONCE)
            if keys:
                await self._ask("DEL", *keys)
            if cursor == b"0":
                break
        await self.close()

    async def close(self) -> None:
        """Let go of the connections."""
        await self._connection.disconnect()

    def _keys(self, name: str) -> tuple[str, str]:
        return f"{self._start}document:{name}", f"{self._start}changes:{name}"

    def _delta(self, told: list[Any]) -> Delta:
        version = int(told[1])
        self._seen = max(self._seen, version)
        pairs = zip(told[3::2], told[4::2], strict=True)
        try:
            changes = {coding.load_key(name): coding.load_value(value) if value else MISSING for name, value in pairs}
        except coding.DamagedError as error:
            raise StoreDownError(f"what the Redis server holds is damaged: {error}") from None
        return Delta(version, changes, is_whole=bool(told[2]))

    async def _living(self, names: list[str]) -> list[str]:
        found = await self._run(_LIVING, [self._used, *(self._keys(name)[0] for name in names)], names)
        return [name.decode() for name in found]

    async def _tidy(self) -> None:
        """Drop expired documents from the index now and then, the oldest first."""
        self._commits += 1
        if self._milliseconds and self._commits % _TIDY_EVERY == 0:
            oldest = await self._ask("ZRANGE", self._used, 0, _TIDIED * 16)
            await self._living([name.decode() for name in oldest])

    async def _run(self, script: _Script, keys: list[str], arguments: list[Any]) -> Any:
        try:
            return await self._ask("EVALSHA", script.digest, len(keys), *keys, *arguments)
        except NoScriptError:
            return await self._ask("EVAL", script.text, len(keys), *keys, *arguments)

    async def _ask(self, *words: Any) -> Any:
        """Send a command; once more over a new connection if one was lost, which is what a restart leaves behind."""
        try:
            try:
                return await self._send(words)
            except LostError:
                return await self._send(words)
        except NoScriptError:
            raise
        except (RedisError, OSError, TimeoutError) as error:
            raise StoreDownError(f"the Redis server: {_told(error)}") from None

    async def _send(self, words: tuple[Any, ...]) -> Any:
        """Send a command together with those of others that wait, too: under load that saves most of the work."""
        loop = asyncio.get_running_loop()
        told: asyncio.Future[Any] = loop.create_future()
        self._waiting.append((words, told))
        if self._sender is None or self._sender.done():
            self._sender = loop.create_task(self._send_waiting())
        return await told

    async def _send_waiting(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:_AT_ONCE], self._waiting[_AT_ONCE:]
            for (_, told), answer in zip(batch, await self._exchange([words for words, _ in batch]), strict=True):
                if told.done():
                    continue
                if isinstance(answer, Exception):
                    told.set_exception(answer)
                else:
                    told.set_result(answer)

    async def _exchange(self, commands: list[tuple[Any, ...]]) -> list[Any]:
        """Send commands in one go; gives the answer to each, or what went wrong with it."""
        connection = self._connection
        try:
            await connection.connect()  # type: ignore[no-untyped-call] # redis-py leaves this one without types
            await connection.send_packed_command(connection.pack_commands(commands), check_health=False)
            return [await self._answer() for _ in commands]
        except Exception as error:  # noqa: BLE001 - whatever it is, those who wait must hear of it
            await connection.disconnect(nowait=True)
            return [error] * len(commands)

    async def _answer(self) -> Any:
        try:
            return await self._connection.read_response()
        except ResponseError as error:
            return error


def _dumped(value: Any) -> bytes:
    return b"" if value is MISSING else coding.dump_value(value)


def _parts(names: list[str]) -> Iterable[list[str]]:
    """Cut a long list, so that no script keeps the server from others for long."""
    return (names[start : start + _AT_ONCE] for start in range(0, len(names), _AT_ONCE))


def _told(error: Exception) -> str:
    return str(error).strip().rstrip(".") or type(error).__name__
