"""Every store, one after another, as `store`; and as `stores` a way to open the same documents once more."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
import redis_server

from understudy_mock.stores.local import LocalStore
from understudy_mock.stores.opening import Place, open_store

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator
    from pathlib import Path

    from redis_server import RedisServer

    from understudy_mock.stores.store import Store

KINDS = ("local", "sqlite", "redis")

_numbers = itertools.count()
_T = TypeVar("_T")


@dataclass
class Stores:
    """Opens the same documents as often as is wanted; what a test awaits is done in one loop."""

    kind: str
    place: Place
    runner: asyncio.Runner = field(repr=False)
    shared: LocalStore = field(default_factory=LocalStore, repr=False)
    opened: list[Store] = field(default_factory=list, repr=False)

    def open(self, lifetime: float | None = None) -> Store:
        found = self.shared if self.kind == "local" else open_store(Place(self.place.url, self.place.prefix, lifetime))
        assert found is not None
        self.opened.append(found)
        return found

    def run(self, awaited: Coroutine[Any, Any, _T]) -> _T:
        return self.runner.run(awaited)

    def close(self) -> None:
        for store in self.opened:
            self.run(store.close())


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with redis_server.running(tmp_path_factory.mktemp("redis")) as found:
        yield found


@pytest.fixture(scope="session", params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def stores(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Stores]:
    url = f"sqlite:///{tmp_path}/state.db" if kind == "sqlite" else ""
    if kind == "redis":
        url = request.getfixturevalue("server").url
    with asyncio.Runner() as runner:
        found = Stores(kind, Place(url, f"test{next(_numbers)}"), runner)
        try:
            yield found
        finally:
            found.close()


@pytest.fixture
def store(stores: Stores) -> Store:
    return stores.open()
