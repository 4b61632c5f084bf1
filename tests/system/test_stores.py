"""Mocks as they are run, on stores that fail: nothing acknowledged is lost, and of those who race exactly one wins."""

from __future__ import annotations

import resource
import signal
import subprocess
import sysconfig
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import httpx
import pytest
import redis_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from redis_server import RedisServer

    from conftest import Serve, Server

CONTRACT = """\
openapi: 3.1.0
info: {title: Shop, version: "1"}
paths:
  /pets:
    get:
      operationId: listPets
      responses:
        "200":
          description: All.
          content:
            application/json:
              schema: {type: array, items: {$ref: "#/components/schemas/Pet"}}
              example: [{id: pet-1, name: First}]
        "503":
          description: Later.
          content:
            application/json:
              schema: {type: object, required: [oops], properties: {oops: {type: string}}}
              example: {oops: x}
    post:
      operationId: makePet
      requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}
      responses:
        "201":
          description: Made.
          content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}
components:
  schemas:
    Pet:
      type: object
      required: [name]
      properties: {id: {type: string, readOnly: true}, name: {type: string}}
"""
_CLIENTS = 4
_PATIENCE = 60


@pytest.fixture(autouse=True)
def shop(tmp_path: Path) -> None:
    (tmp_path / "shop.yaml").write_text(CONTRACT, "utf-8")


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    with redis_server.running(tmp_path / "redis") as found:
        yield found


@pytest.fixture(params=["sqlite", "redis"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/state.db"
    return str(request.getfixturevalue("redis").url)


def names(server: Server) -> list[str]:
    answer = httpx.get(f"{server.url}/pets", timeout=_PATIENCE)
    assert answer.status_code == 200, answer.text
    return [pet["name"] for pet in answer.json()]


class Load:
    """Clients that make pets until they are told to stop; `made` are the names whose making was acknowledged."""

    def __init__(self, *servers: Server) -> None:
        self.made: list[str] = []
        self.ids: list[str] = []
        self.refused: list[httpx.Response] = []
        self._disappointed: set[str] = set()
        self._over = threading.Event()
        self._servers = servers
        self._pool = ThreadPoolExecutor(_CLIENTS * len(servers))

    def __enter__(self) -> Self:
        for server in self._servers:
            for number in range(_CLIENTS):
                self._pool.submit(self._make, server, f"{server.port}-{number}")
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._pool.shutdown()

    def wait(self, more: int) -> None:
        """Wait until so many more are made."""
        wanted = len(self.made) + more
        self._wait(lambda: len(self.made) >= wanted)

    def wait_for_refusals(self) -> None:
        """Wait until every client was refused, so that none has an answer of before in its hands."""
        self._wait(lambda: len(self._disappointed) == _CLIENTS * len(self._servers))

    def _wait(self, is_met: Callable[[], bool]) -> None:
        for _ in range(_PATIENCE * 100):
            if is_met():
                return
            self._over.wait(0.01)
        pytest.fail(f"{len(self.made)} were made, {len(self.refused)} refused")

    def _make(self, server: Server, start: str) -> None:
        number = 0
        with httpx.Client(timeout=_PATIENCE) as client:
            while not self._over.is_set():
                number += 1
                try:
                    answer = client.post(f"{server.url}/pets", json={"name": f"{start}-{number}"})
                except httpx.TransportError:
                    self._over.wait(0.05)
                    continue
                if answer.status_code == 201:
                    self.ids.append(answer.json()["id"])
                    self.made.append(answer.json()["name"])
                else:
                    self.refused.append(answer)
                    self._disappointed.add(start)
                    self._over.wait(0.05)

    def check(self, server: Server) -> None:
        """Compare with what the store has; what was made without being acknowledged may be there or not."""
        held = names(server)
        assert set(self.made) <= set(held), "what was acknowledged is there"
        assert len(set(held)) == len(held), "once"
        assert len(set(self.ids)) == len(self.ids), "under an identifier of its own"


def test_a_mock_that_is_killed_loses_nothing(serve: Serve, url: str) -> None:
    server = serve("shop.yaml", "--store", url)
    with Load(server) as load:
        load.wait(50)
        server.kill()
    again = serve("shop.yaml", "--store", url)
    load.check(again)
    with Load(again) as more:
        more.wait(10)
    more.check(again)
    load.check(again)


def test_two_mocks_on_one_store_lose_nothing(serve: Serve, url: str) -> None:
    first, second = (serve("shop.yaml", "--store", url) for _ in range(2))
    with Load(first, second) as load:
        load.wait(150)
    assert load.refused == []
    load.check(first)
    load.check(second)
    assert names(first) == names(second)


def test_a_server_that_is_killed_meanwhile(serve: Serve, redis: RedisServer) -> None:
    server = serve("shop.yaml", "--store", redis.url)
    with Load(server) as load:
        load.wait(50)
        redis.stop(signal.SIGKILL)
        load.wait_for_refusals()
        refused = httpx.get(f"{server.url}/pets", timeout=_PATIENCE)
        redis.start()
        load.wait(20)
    load.check(server)
    assert {(answer.status_code, answer.headers["retry-after"]) for answer in load.refused} == {(503, "1")}
    assert {answer.headers["content-type"] for answer in load.refused} == {"application/problem+json"}
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
    assert refused.headers["content-type"] == "application/json", "where the contract has words for it, they are used"
    assert list(refused.json()) == ["oops"]


def test_a_server_that_comes_back_empty(serve: Serve, redis: RedisServer) -> None:
    first, second = (serve("shop.yaml", "--store", redis.url) for _ in range(2))
    with Load(first, second) as load:
        load.wait(40)
        redis.stop(signal.SIGKILL)
        redis.empty()
        load.wait_for_refusals()
        gone = set(load.made)
        redis.start()
        load.wait(40)
    held = names(first)
    assert held == names(second)
    assert set(load.made) - gone <= set(held)
    assert gone & set(held) == set(), "what the server has lost is not brought back by a mock that remembers it"


def test_a_server_that_comes_later(serve: Serve, tmp_path: Path) -> None:
    redis = redis_server.RedisServer(tmp_path / "late")
    server = serve("shop.yaml", "--store", redis.url)
    control = f"{server.url}/__understudy__"
    try:
        assert httpx.get(f"{control}/health", timeout=_PATIENCE).status_code == 200
        ready = httpx.get(f"{control}/ready", timeout=_PATIENCE)
        assert (ready.status_code, ready.json()["ready"]) == (503, False)
        assert "Redis server" in ready.json()["reason"]
        assert httpx.get(f"{server.url}/pets", timeout=_PATIENCE).status_code == 503
        refused = httpx.get(f"{control}/sessions", timeout=_PATIENCE)
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
        redis.start()
        assert httpx.get(f"{control}/ready", timeout=_PATIENCE).json()["ready"] is True
        assert names(server) == ["First"]
        assert httpx.get(f"{control}/sessions", timeout=_PATIENCE).status_code == 200
    finally:
        redis.stop(signal.SIGKILL)


def test_a_disk_that_is_full_for_a_while(serve: Serve, tmp_path: Path) -> None:
    server = serve("shop.yaml", "--store", f"sqlite:///{tmp_path}/state.db")
    room = (tmp_path / "state.db-wal").stat().st_size + 300_000
    _, hard = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (room, hard))
    with Load(server) as load:
        load.wait_for_refusals()
        ready = httpx.get(f"{server.url}/__understudy__/health", timeout=_PATIENCE)
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (hard, hard))
        load.wait(20)
    assert ready.status_code == 200
    assert {(answer.status_code, answer.headers["retry-after"]) for answer in load.refused} == {(503, "1")}
    load.check(server)
    assert server.stop() == 0
    load.check(serve("shop.yaml", "--store", f"sqlite:///{tmp_path}/state.db"))


def refused(folder: Path, *words: str) -> tuple[int, str]:
    command = Path(sysconfig.get_path("scripts")) / "understudy"
    done = subprocess.run(
        [command, "serve", "shop.yaml", "--port", "0", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=_PATIENCE,
        check=False,
    )
    return done.returncode, done.stderr


def test_on_a_file_that_is_no_store_it_does_not_start(tmp_path: Path) -> None:
    file = tmp_path / "state.db"
    file.write_text("Minutes of the meeting. " * 500, "utf-8")
    before = file.read_bytes()
    code, told = refused(tmp_path, "--store", "sqlite:///state.db")
    assert code == 3
    assert "is no SQLite database" in told
    assert "left as it is" in told
    assert "Traceback" not in told
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    "words",
    [("--store", "postgres://x"), ("--session-lifetime", "soon"), ("--store", "sqlite:///a.db", "--compat", "prism")],
    ids=" ".join,
)
def test_flags_that_mean_nothing(tmp_path: Path, words: tuple[str, ...]) -> None:
    code, told = refused(tmp_path, *words)
    assert code == 2
    assert "Traceback" not in told


@pytest.fixture(params=["memory", "sqlite", "redis"])
def racing(request: pytest.FixtureRequest, tmp_path: Path, serve: Serve) -> list[str]:
    """Start two mocks of both vendors on one store, or one that remembers by itself; gives their URLs."""
    if request.param == "memory":
        return [serve("talkover", "talkturo").url] * 2
    url = f"sqlite:///{tmp_path}/race.db" if request.param == "sqlite" else request.getfixturevalue("redis").url
    return [serve("talkover", "talkturo", "--store", url).url for _ in range(2)]


RACES: dict[str, tuple[str, dict[str, Any], str, list[int], str]] = {
    "release": (
        "/api/v1/phone-numbers/phone-uuid-1/request-release",
        {"reason": "We no longer need this number, nor will we ever."},
        "talq_racing",
        [201, 409, 409, 409],
        "/api/v1/phone-numbers/release-requests",
    ),
    "purchase": (
        "/api/phone-numbers/purchase",
        {"phoneNumber": "+14155550101", "teamId": "team_01j..."},
        "token",
        [200, 409, 409, 409],
        "/api/phone-numbers/purchase?teamId=team_01j...",
    ),
}


@pytest.mark.parametrize("race", RACES)
def test_of_clients_that_race_one_wins(racing: list[str], race: str) -> None:
    path, body, token, wanted, listing = RACES[race]
    start = threading.Barrier(len(wanted))

    def ask(number: int) -> list[int]:
        statuses = []
        with httpx.Client(base_url=racing[number % 2], timeout=_PATIENCE) as client:
            for run in range(15):
                headers = {"authorization": f"Bearer {token}", "understudy-session": f"race-{run}"}
                start.wait(_PATIENCE)
                statuses.append(client.post(path, json=body, headers=headers).status_code)
        return statuses

    with ThreadPoolExecutor(len(wanted)) as pool:
        columns = list(pool.map(ask, range(len(wanted))))
    assert [sorted(row) for row in zip(*columns, strict=True)] == [wanted] * 15
    headers = {"authorization": f"Bearer {token}", "understudy-session": "race-7"}
    told = httpx.get(racing[0] + listing, headers=headers, timeout=_PATIENCE)
    assert told.json() == httpx.get(racing[1] + listing, headers=headers, timeout=_PATIENCE).json()
