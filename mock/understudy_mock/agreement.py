"""What one mock serves goes in; whether the others that share its store serve the same comes out, and is put right.

The document that all sessions have in common names the contracts that were read last, by a digest of what they say. A
mock that finds another digest there than its own reads its files again; it may find there what the others have found.
If not, it goes on serving what it has, and says so: a mock that refused would help nobody.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from pathlib import Path
from typing import TYPE_CHECKING

from understudy.errors import UsageError
from understudy_mock.exchange import RefusalError
from understudy_mock.media import to_json
from understudy_mock.stores.store import StoreDownError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from understudy_mock.runtime import Runtime

logger = logging.getLogger("understudy")

GROUP = "contracts"
_NAME = "digest"
_RETRY_SECONDS = 1.0


class Agreement:
    """Keeps one mock in step with those that share its store."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._seen = 0
        self._own: tuple[int, str] = (-1, "")
        self._lock = asyncio.Lock()
        self.complaint = ""
        """Why this mock serves something else than the others; empty if it does not."""

    @property
    def is_due(self) -> bool:
        """Tell whether somebody has read contracts since this was last looked at."""
        return self._runtime.sessions.common.document.stamp_of(GROUP) != self._seen

    @property
    def digest(self) -> str:
        """What this mock serves, in short."""
        version = self._runtime.version
        if self._own[0] != version:
            self._own = (version, _digest(_texts(self._runtime)))
        return self._own[1]

    async def begin(self) -> None:
        """Tell the others what was read at the start, as soon as the store can be had."""
        common = self._runtime.sessions.common
        while True:
            try:
                await common.refresh()
                await common.transact(self.announce)
            except (StoreDownError, RefusalError):
                await asyncio.sleep(_RETRY_SECONDS)
            else:
                return

    def announce(self) -> None:
        """Write down what is served from now on, by all."""
        document = self._runtime.sessions.common.document
        if document.get(GROUP, _NAME) != self.digest:
            document.put(GROUP, _NAME, self.digest)
        self.complaint = ""

    async def settle(self) -> None:
        """Read the files again if others serve something else, and see whether that helps."""
        async with self._lock:
            document = self._runtime.sessions.common.document
            if not self.is_due:
                return
            seen, wanted = document.stamp_of(GROUP), document.get(GROUP, _NAME)
            if wanted is not None and wanted != self.digest:
                await self._read_again(str(wanted))
            self.complaint = "" if wanted in (None, self.digest) else _complaint(self.digest, str(wanted))
            self._seen = seen
            if self.complaint:
                logger.warning("%s", self.complaint)

    async def _read_again(self, wanted: str) -> None:
        try:
            if self._runtime.reloader is not None:
                await self._runtime.reloader.follow(lambda: self.digest != wanted)
        except UsageError:  # it was started from what can't be read twice
            return


def _complaint(own: str, wanted: str) -> str:
    return f"other mocks with this store serve other contracts ({wanted[:12]}) than this one ({own[:12]})"


def _texts(runtime: Runtime) -> Iterator[bytes]:
    for mount in runtime.mounts:
        contract = mount.compiled.contract
        yield contract.name.encode()
        yield to_json(contract.document)
        for source in (contract.behaviour, *contract.scenarios):
            yield source.text.encode() if source is not None else b""
    for file in sorted(runtime.reloader.handler_files if runtime.reloader is not None else ()):
        yield _content(file)


def _content(file: str) -> bytes:
    try:
        return Path(file).read_bytes()
    except OSError:  # it was imported and is gone
        return b""


def _digest(texts: Iterable[bytes]) -> str:
    found = hashlib.sha256()
    for text in texts:
        found.update(b"%d:" % len(text))
        found.update(text)
    return found.hexdigest()
