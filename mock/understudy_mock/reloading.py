"""Edited contract files go in; the running mock serves them, or goes on with the last good contract and says why.

Requests under way finish on the contract they began with; sessions and what they remember
are kept. An edit is good if it breaks nothing that worked: findings that were there before are no reason to refuse.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from understudy.contract.beside import places
from understudy.contract.loading import load
from understudy.errors import InputError, UnderstudyError, UsageError
from understudy.finding import Finding
from understudy_mock.app import mounted
from understudy_mock.boundary import logger
from understudy_mock.connexion_app import rebuild
from understudy_mock.fault_profiles import declared
from understudy_mock.handler_modules import HandlerModules
from understudy_mock.watching import followed, occasions, signature

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from types import ModuleType

    from understudy.contract.fault_grammar import FaultRule
    from understudy.contract.model import Contract
    from understudy_mock.app import MockApp
    from understudy_mock.mounting import Mount


@dataclass(frozen=True)
class Reloaded:
    """What came of a reload: without errors and `changed`, the mock serves what the files say now."""

    changed: bool
    mounts: tuple[Mount, ...] = field(default=(), repr=False)
    errors: tuple[UnderstudyError, ...] = ()
    refused: tuple[Contract, ...] = field(default=(), repr=False)
    """The contracts as edited, if they could be read, but would break what works."""


@dataclass(frozen=True)
class _Prepared:
    """Contracts read again, and the stages that would serve them."""

    contracts: tuple[Contract, ...]
    mounts: tuple[Mount, ...]
    stages: Any
    limits: tuple[FaultRule, ...]
    modules: tuple[ModuleType, ...]
    former: dict[str, ModuleType]
    """The handlers that were imported anew in the place of others, and these, if a reload is not to be served."""


class Reloader:
    """Knows where the contracts of a mock came from; `tell` hears of each reload that `watch` makes."""

    def __init__(
        self, mock: MockApp, references: Sequence[str], contracts: Sequence[Contract], tell: Callable[[Reloaded], None]
    ) -> None:
        self._mock, self._references, self._tell = mock, tuple(references), tell
        self._modules = tuple(mock.modules)
        name = mock.runtime.settings.handlers
        self._handlers = HandlerModules(name, mock.modules) if name else None
        self._files = places(contracts) | self._of_handlers()
        self._signature = signature(self._files)
        self._imported = signature(self._of_handlers())
        self._lock = asyncio.Lock()
        self._is_watching = False
        mock.runtime.reloader = self

    @property
    def can_watch(self) -> bool:
        """Tell whether any contract lies in files of this machine."""
        return bool(self._files)

    async def watch(self) -> None:
        """Reload after each change of a file, until cancelled."""
        self._is_watching = True
        moments = occasions(lambda: self._files)
        async with contextlib.aclosing(moments):
            async for _ in moments:
                await self._look()

    @property
    def handler_files(self) -> frozenset[str]:
        """The files that the user's functions came from."""
        return self._of_handlers()

    async def follow(self, is_behind: Callable[[], bool]) -> None:
        """Read the contracts again because others have; told as if the change were seen here, if it is watched for.

        `is_behind` is asked once nobody reads any more: what others found may just have been found here as well.
        Raises UsageError for standard input.
        """
        outcome = await self._reload(is_behind)
        if self._is_watching and (outcome.changed or outcome.errors):
            await asyncio.to_thread(self._tell, outcome)

    async def _look(self) -> None:
        outcome = await self.reload()
        if outcome.changed and not self._mock.runtime.sessions.is_local:
            await self._mock.runtime.agreement.begin()
        if outcome.changed or outcome.errors:
            await asyncio.to_thread(self._tell, outcome)

    async def reload(self, *, force: bool = False) -> Reloaded:
        """Read the contracts again if a file has changed, or in any case. Raises UsageError for standard input."""
        return await self._reload(lambda: force)

    async def _reload(self, is_forced: Callable[[], bool]) -> Reloaded:
        if "-" in self._references:
            raise UsageError("Standard input can't be read twice.", "Start the mock from a file.")
        async with self._lock:
            now = await asyncio.to_thread(signature, self._files | self._of_handlers())
            if now == self._signature and not is_forced():
                return Reloaded(changed=False)
            self._signature = now
            if self._mock.runtime.entrance is None:  # nobody has asked yet, and Connexion builds its stages late
                await _live_and_die(self._mock.asgi)
            try:
                prepared = await asyncio.to_thread(self._prepare)
            except UnderstudyError as error:
                return Reloaded(changed=False, errors=(error,))
            except Exception as error:  # noqa: BLE001 - whatever an edit brings about, the mock goes on as it was
                logger.error("the edited contract can't be prepared", exc_info=error)
                return Reloaded(changed=False, errors=(UnderstudyError(f"It can't be served: {error!r}."),))
            return self._judge(prepared)

    def _of_handlers(self) -> frozenset[str]:
        return self._handlers.files() if self._handlers else frozenset()

    def _prepare(self) -> _Prepared:
        """Read everything again; handlers only if their files have changed, for they may hold what they were told."""
        modules, handlers = self._modules, self._handlers
        former: dict[str, ModuleType] = {}
        if handlers is not None and self._imported != signature(handlers.files()):
            kept = [module for module in modules if module not in handlers.modules]
            again, former = handlers.load_again()
            modules = (*kept, *again)
        try:
            return self._assembled(modules, former)
        except BaseException:
            if handlers is not None and former:
                handlers.restore(former)
            raise

    def _assembled(self, modules: tuple[ModuleType, ...], former: dict[str, ModuleType]) -> _Prepared:
        contracts = tuple(load(reference, lenient=True) for reference in self._references)
        runtime = self._mock.runtime
        mounts = mounted(contracts, runtime.settings)
        limits = declared(mount.compiled.contract for mount in mounts)
        caught: list[Any] = []

        def entrance(app: Any) -> Any:
            caught.append(app)
            return app

        asyncio.run(_live_and_die(rebuild(runtime, list(modules), mounts, entrance)))
        return _Prepared(contracts, mounts, caught[-1], limits, modules, former)

    def _judge(self, prepared: _Prepared) -> Reloaded:
        """Take what was prepared, in one step of the event loop, unless it breaks what worked."""
        runtime = self._mock.runtime
        known = {finding.fingerprint for finding in _findings(runtime.mounts)}
        broken = [finding for finding in _findings(prepared.mounts) if finding.fingerprint not in known]
        # The files of a broken edit are watched too: the next edit may well mend one that is new.
        wanted = places(prepared.contracts) | self._of_handlers()
        self._follow(wanted | self._files if broken else wanted)
        if broken:
            if self._handlers is not None and prepared.former:
                self._handlers.restore(prepared.former)
            return Reloaded(changed=False, errors=tuple(map(InputError, broken)), refused=prepared.contracts)
        runtime.redaction.learn(mount.compiled.contract for mount in prepared.mounts)
        runtime.mounts = prepared.mounts
        runtime.version += 1
        gc.unfreeze()  # what is served no longer is garbage, which a server that has settled would never look at
        self._take(prepared.modules)
        vars(runtime).pop("near_misses", None)
        runtime.sessions.adopt([mount.compiled for mount in prepared.mounts])
        runtime.sessions.terms.limits = prepared.limits
        if runtime.entrance is not None:
            runtime.entrance.app = prepared.stages
        return Reloaded(changed=True, mounts=prepared.mounts)

    def _take(self, modules: tuple[ModuleType, ...]) -> None:
        """Remember which handlers are in force, and which state of their files they were imported from."""
        self._modules = modules
        if self._handlers is not None:
            self._handlers = HandlerModules(self._handlers.name, modules)
            self._imported = {file: self._signature.get(file) for file in self._handlers.files()}

    def _follow(self, files: frozenset[str]) -> None:
        """Look at these files from now on; those that were looked at before stay as they were when they were read."""
        self._files = files
        self._signature = followed(self._signature, files)


async def _live_and_die(app: Any) -> None:
    """Let an application go through its lifespan (ASGI, Lifespan Protocol), so that all its stages are built."""
    messages = iter(({"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}))

    async def receive() -> dict[str, Any]:
        return next(messages)

    async def send(message: dict[str, Any]) -> None:
        if message["type"].endswith(".failed"):
            raise RuntimeError(message.get("message", message["type"]))

    await app({"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, receive, send)


def _findings(mounts: Iterable[Mount]) -> list[Finding]:
    """List what of some contracts can't be served: what their loading left out, and what could not be compiled."""
    found: list[Finding] = []
    for mount in mounts:
        contract = mount.compiled.contract
        left_out = {f"{finding.location}: {finding.message}" for finding in contract.findings}
        found += (*contract.findings, *mount.compiled.flaws)
        found += [
            Finding("operation", entry.defect, location=contract.location(entry.operation.tokens), operation=name)
            for name, entry in mount.compiled.operations.items()
            if entry.defect and entry.defect not in left_out
        ]
    return found
