"""Two mocks on one store do anything at random: each knows what both did, and nothing is lost, mixed or revived."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from understudy.contract.loading import load
from understudy_mock.app import mounted
from understudy_mock.sessions import Sessions
from understudy_mock.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from pathlib import Path

    from conftest import Stores
    from understudy_mock.compiling import CompiledContract
    from understudy_mock.session import Session
    from understudy_mock.state.memory import Item, Memory

CONTRACT = """\
openapi: 3.1.0
info: {title: Shop, version: "1"}
paths:
  /pets:
    get:
      operationId: listPets
      responses: {"200": &pets {description: x, content: {application/json: {schema: &all {type: array, items: &one
        {type: object, properties: {id: {type: string}, price: {type: number}}}},
        example: [{id: a, price: 1.00}, {id: b, price: 2.50}]}}}}
    post:
      operationId: makePet
      requestBody: {content: {application/json: {schema: *one}}}
      responses: {"201": {description: x, content: {application/json: {schema: *one}}}}
  /pets/{id}:
    get:
      operationId: getPet
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {"200": {description: x, content: {application/json: {schema: *one}}}}
"""
SEEDS = {
    None: [{"id": "a", "price": Decimal("1.00")}, {"id": "b", "price": Decimal("2.50")}],
    "empty": [],
}
SIDES = st.sampled_from([0, 1])
IDS = st.sampled_from(["a", "b", "n1", "n2", "n3"])
PRICES = st.decimals(min_value=0, max_value=1000, places=2)

_numbers = itertools.count()


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> CompiledContract:
    folder: Path = tmp_path_factory.mktemp("contract") / "shop"
    (folder / "scenarios").mkdir(parents=True)
    (folder / "openapi.yaml").write_text(CONTRACT, "utf-8")
    (folder / "scenarios" / "empty.yaml").write_text("given: {pets: []}\n", "utf-8")
    return mounted([load(str(folder / "openapi.yaml"))], Settings())[0].compiled


@dataclass
class Model:
    """What the session is to hold."""

    items: list[Item] = field(default_factory=lambda: [dict(item) for item in SEEDS[None]])
    scenario: str | None = None
    count: int = 0

    def start(self, scenario: str | None) -> None:
        self.items = [dict(item) for item in SEEDS[scenario]]
        self.scenario = scenario

    def find(self, identifier: str) -> Item | None:
        return next((item for item in self.items if item["id"] == identifier), None)


class Laws(RuleBasedStateMachine):
    """`sides` are two mocks; what is done to one session by either is done to the model, too."""

    def __init__(self, stores: Stores, compiled: CompiledContract) -> None:
        super().__init__()
        self.stores, self.compiled = stores, compiled
        self.name = f"s{next(_numbers)}"
        self.model = Model()
        self.sides = [self.side(), self.side()]

    def side(self) -> Sessions:
        return Sessions([self.compiled], remember=True, store=self.stores.open())

    def session(self, side: int) -> Session:
        sessions = self.sides[side]
        session = sessions.open(self.name)
        self.stores.run(sessions.refresh(session))
        return session

    def memory(self, session: Session) -> Memory:
        found = session.memory(self.compiled.name)
        assert found is not None
        return found

    def transact(self, side: int, action: Callable[[Session], Any]) -> Any:
        session = self.session(side)
        return self.stores.run(session.transact(partial(action, session)))

    def control(self, side: int, action: Callable[[Sessions], Any]) -> None:
        """Do something as the control API does it."""
        sessions = self.sides[side]

        async def act() -> None:
            await sessions.refresh_all()
            action(sessions)
            await sessions.flush()

        self.stores.run(act())

    @rule(side=SIDES, identifier=IDS, price=PRICES)
    def put(self, side: int, identifier: str, price: Decimal) -> None:
        item = {"id": identifier, "price": price}

        def action(session: Session) -> None:
            memory = self.memory(session)
            held = memory.find("pets", "id", identifier)
            if held is None:
                memory.add("pets", item)
            else:
                memory.change("pets", held, {"price": price})

        self.transact(side, action)
        if (held := self.model.find(identifier)) is None:
            self.model.items.append(item)
        else:
            held["price"] = price

    @rule(side=SIDES, identifier=IDS)
    def remove(self, side: int, identifier: str) -> None:
        def action(session: Session) -> bool:
            memory = self.memory(session)
            held = memory.find("pets", "id", identifier)
            if held is not None:
                memory.remove("pets", held, None)
            return held is not None

        held = self.model.find(identifier)
        assert self.transact(side, action) is (held is not None)
        if held is not None:
            self.model.items.remove(held)

    @rule(side=SIDES)
    def count_and_fail(self, side: int) -> None:
        """What is done before a failure does not stand."""

        def action(session: Session) -> None:
            session.count("requests", "k")
            raise KeyError

        with pytest.raises(KeyError):
            self.transact(side, action)

    @rule(times=st.integers(1, 3))
    def count_on_both_sides(self, times: int) -> None:
        """No update is lost: every count is given once."""
        sessions = [self.session(side) for side in (0, 1) for _ in range(times)]

        async def race() -> list[int]:
            return await asyncio.gather(*(one.transact(partial(one.count, "requests", "k")) for one in sessions))

        first = self.model.count + 1
        assert sorted(self.stores.run(race())) == list(range(first, first + len(sessions)))
        self.model.count += len(sessions)

    @rule(identifier=IDS)
    def race_for_one_item(self, identifier: str) -> None:
        """Of those who want the same item exactly one gets it."""

        def take(session: Session) -> bool:
            memory = self.memory(session)
            held = memory.find("pets", "id", identifier)
            if held is not None:
                memory.remove("pets", held, None)
            return held is not None

        sessions = [self.session(0), self.session(1), self.session(0)]

        async def race() -> list[bool]:
            return await asyncio.gather(*(one.transact(partial(take, one)) for one in sessions))

        held = self.model.find(identifier)
        assert sum(self.stores.run(race())) == (held is not None)
        if held is not None:
            self.model.items.remove(held)

    @rule(side=SIDES)
    def reset(self, side: int) -> None:
        self.control(side, lambda sessions: sessions.open(self.name).reset())
        self.model.start(self.model.scenario)
        self.model.count = 0

    @rule(side=SIDES, scenario=st.sampled_from([None, "empty"]))
    def play(self, side: int, scenario: str | None) -> None:
        self.control(side, lambda sessions: sessions.play(self.name, scenario))
        self.model.start(scenario)

    @rule(side=SIDES)
    def forget(self, side: int) -> None:
        self.control(side, lambda sessions: sessions.close(self.name))
        self.model = Model()

    @rule(side=SIDES)
    def restart(self, side: int) -> None:
        """A mock that begins anew knows all that was done before."""
        self.sides[side] = self.side()

    @invariant()
    def both_sides_know_everything(self) -> None:
        for side in (0, 1):
            session = self.session(side)
            assert self.memory(session).items("pets") == self.model.items
            assert session.document.get("requests", "k", 0) == self.model.count
            assert session.scenario == self.model.scenario

    @invariant()
    def what_was_absorbed_is_what_is_loaded(self) -> None:
        held = [_entries(self.session(side)) for side in (0, 1)]
        again = Sessions([self.compiled], remember=True, store=self.sides[0].terms.store)
        session = again.open(self.name)
        self.stores.run(again.refresh(session))
        assert held == [_entries(session)] * 2


def _entries(session: Session) -> str:
    document = session.document
    return repr(sorted((name, sorted(document.group(name).items())) for name in document.groups()))


def test_sessions_keep_the_laws(stores: Stores, compiled: CompiledContract) -> None:
    class Here(Laws):
        def __init__(self) -> None:
            super().__init__(stores, compiled)

    run_state_machine_as_test(Here, settings=settings(max_examples=25, stateful_step_count=25, deadline=None))


def test_a_request_that_changes_nothing_stores_nothing(stores: Stores, compiled: CompiledContract) -> None:
    sessions = Sessions([compiled], remember=True, store=stores.open())

    async def read() -> int:
        session = sessions.open("reader")
        await sessions.refresh(session)
        memory = session.memory(compiled.name)
        return await session.transact(lambda: len(memory.items("pets")) if memory else -1)

    def awaited(one: Coroutine[Any, Any, Any]) -> Any:
        return stores.run(one)

    assert awaited(read()) == 2
    assert awaited(stores.open().names()) == []
