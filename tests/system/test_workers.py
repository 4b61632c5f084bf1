"""`serve --workers N`: several processes on one address are one mock, and go on when one of them dies."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import signal
import subprocess
import sysconfig
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Serve, Server

COMMAND = str(Path(sysconfig.get_path("scripts")) / "understudy")
CONTROL = "/__understudy__"
AUTH = {"Authorization": "Bearer talq_understudy"}
NUMBERS = "/api/v1/phone-numbers"
PATIENCE = 60
PETS = """\
openapi: 3.1.0
info: {title: Pets, version: "1"}
paths:
  /pets:
    get:
      operationId: listPets
      responses: {"200": {description: Pets., content: {application/json: {example: [{id: 1, name: rex}]}}}}
    post:
      operationId: addPet
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses: {"201": {description: Added., content: {application/json: {example: {id: 2, name: tom}}}}}
"""


def ask(server: Server, line: str, body: Any = None) -> tuple[int, Any]:
    """Ask over a connection of its own, so that any worker may take it."""
    method, _, path = line.partition(" ")
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    with contextlib.closing(connection):
        headers = AUTH | ({} if body is None else {"Content-Type": "application/json"})
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        response = connection.getresponse()
        content = response.read()
        return response.status, json.loads(content) if content.startswith((b"{", b"[")) else content


def workers(server: Server) -> list[int]:
    pid = server.process.pid
    return sorted(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()))


def await_that(is_so: Callable[[], bool]) -> None:
    limit = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < limit, "it does not come about"
        time.sleep(0.02)


def store_folder(server: Server) -> Path:
    """Find the temporary folder of this server's store."""
    links = Path(f"/proc/{workers(server)[0]}/fd").iterdir()
    files = [str(link.readlink()) for link in links if link.exists()]
    return next(Path(file).parent for file in files if file.endswith("store.db"))


@pytest.fixture(scope="module")
def pair(serve_module: Serve) -> Server:
    """Two workers that the tests of this file share; who uses it, uses a session or operation of its own."""
    return serve_module("talkover", "--workers", "2")


def test_there_is_one_screen_and_it_tells_of_the_workers(pair: Server) -> None:
    assert pair.said().count("The mock is up at") == 1
    assert "2 workers answer; they share a temporary file that is removed in the end." in pair.said()
    assert pair.said().count("talkover: ") <= 1
    assert len(workers(pair)) == 2


def test_every_worker_answers_on_the_one_address(pair: Server) -> None:
    def handled() -> set[int]:
        """Tell which workers have used any time since this began."""
        return {pid for pid in workers(pair) if ticks(pid) > before.get(pid, 0)}

    before = {pid: ticks(pid) for pid in workers(pair)}
    limit = time.monotonic() + PATIENCE
    with ThreadPoolExecutor(8) as pool:
        while len(handled()) < 2 and time.monotonic() < limit:
            assert {status for status, _ in pool.map(lambda _: ask(pair, f"GET {NUMBERS}"), range(64))} == {200}
    assert len(handled()) == 2


def ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def test_what_one_worker_does_all_know(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "pets.yaml").write_text(PETS, "utf-8")
    server = serve("pets.yaml", "--workers", "2")
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda number: ask(server, "POST /pets", {"name": f"n{number}"}), range(40)))
    ids = sorted(body["id"] for _, body in made)
    assert len(set(ids)) == 40
    for _ in range(6):
        assert sorted(pet["id"] for pet in ask(server, "GET /pets")[1]) == [1, *ids]
        wanted = {"operationId": "addPet", "count": {"exactly": 40}}
        assert ask(server, f"POST {CONTROL}/verifications", wanted)[1]["verified"] is True
    assert ask(server, f"POST {CONTROL}/state/reset")[0] == 204
    assert {len(ask(server, "GET /pets")[1]) for _ in range(6)} == {1}


def test_a_worker_that_is_killed_is_replaced_and_nothing_is_lost(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "pets.yaml").write_text(PETS, "utf-8")
    server = serve("pets.yaml", "--workers", "2")
    first, second = workers(server)
    made: list[int] = []
    for number in range(20):
        if number == 7:
            os.kill(first, signal.SIGKILL)
        with contextlib.suppress(OSError, http.client.HTTPException):  # the killed one may have had it
            status, body = ask(server, "POST /pets", {"name": f"n{number}"})
            assert status == 201
            made.append(body["id"])
    assert len(made) >= 12
    await_that(lambda: len(workers(server)) == 2 and ask(server, f"GET {CONTROL}/ready")[0] == 200)
    assert first not in workers(server)
    assert second in workers(server)
    assert f"(process {first}) was killed by signal 9; another takes its place.\n" in server.said()
    assert server.said().count("takes its place") == 1
    assert set(made) <= {pet["id"] for pet in ask(server, "GET /pets")[1]}
    count = ask(server, f"GET {CONTROL}/journal/count?operation=addPet&status=201")[1]["count"]
    assert count >= len(made)


def test_it_is_ready_only_when_all_are_there(serve: Serve) -> None:
    server = serve("talkover", "--workers", "2")
    assert ask(server, f"GET {CONTROL}/ready")[1]["ready"] is True
    os.kill(workers(server)[0], signal.SIGSTOP)
    stopped = workers(server)[0]
    os.kill(stopped, signal.SIGKILL)
    told: list[Any] = []

    def is_told() -> bool:
        told.append(ask(server, f"GET {CONTROL}/ready"))
        return told[-1][0] == 200 and len(told) > 1

    await_that(is_told)
    assert all(body["reason"] == "only 1 of 2 workers answer" for status, body in told if status == 503)
    assert ask(server, f"GET {CONTROL}/health")[0] == 200


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_all_end_with_it_and_the_file_is_gone(serve: Serve, number: int) -> None:
    server = serve("talkover", "--workers", "2")
    pids, folder = workers(server), store_folder(server)
    assert folder.is_dir()
    assert server.stop(number) == 0
    assert [pid for pid in pids if Path(f"/proc/{pid}").exists()] == []
    assert not folder.exists()
    assert server.said().endswith("\nStopped.\n")


def test_what_is_under_way_is_finished_by_every_worker(serve: Serve) -> None:
    server = serve("talkover", "--workers", "2", "--fault", "listPhoneNumbers:delay=700")
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(ask, server, f"GET {NUMBERS}") for _ in range(8)]
        count = f"GET {CONTROL}/sessions"
        await_that(lambda: any(one["name"] == "default" for one in ask(server, count)[1]["sessions"]))
        time.sleep(0.2)  # until all eight have begun, which nobody can see from outside
        assert server.stop(signal.SIGTERM) == 0
        assert {one.result()[0] for one in asked} == {200}


def test_what_takes_too_long_is_cut_off_and_counted(serve: Serve) -> None:
    server = serve("talkover", "--workers", "2", "--drain-seconds", "0", "--fault", "listPhoneNumbers:delay=60000")
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(ask, server, f"GET {NUMBERS}") for _ in range(4)]
        await_that(lambda: ask(server, f"GET {CONTROL}/sessions")[1]["sessions"] != [])
        time.sleep(0.5)  # until all four have begun, which nobody can see from outside
        assert server.stop(signal.SIGTERM) == 0
        assert all(isinstance(one.exception(), OSError | http.client.HTTPException) for one in asked)
    assert "Stopped; 4 requests under way were cut off." in server.said()


def test_workers_do_not_outlive_the_one_that_watches_over_them(serve: Serve) -> None:
    server = serve("talkover", "--workers", "2")
    pids, folder = workers(server), store_folder(server)
    server.kill()
    await_that(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids))
    for file in folder.iterdir():  # nobody is left to take it away
        file.unlink()
    folder.rmdir()


def test_an_edit_is_served_by_all_and_told_once(serve: Serve, tmp_path: Path) -> None:
    file = tmp_path / "pets.yaml"
    file.write_text(PETS, "utf-8")
    server = serve("pets.yaml", "--workers", "2", "--watch")
    file.write_text(PETS.replace("/pets:", "/cats:"), "utf-8")
    await_that(lambda: all(ask(server, "GET /cats")[0] == 200 for _ in range(8)))
    await_that(lambda: "Reloaded" in server.said())
    assert server.said().count("Reloaded pets (2 operations); the state is kept.") == 1


def test_a_reload_on_demand_reaches_all(serve: Serve, tmp_path: Path) -> None:
    file = tmp_path / "pets.yaml"
    file.write_text(PETS, "utf-8")
    server = serve("pets.yaml", "--workers", "3")
    file.write_text(PETS.replace("/pets:", "/cats:"), "utf-8")
    assert ask(server, f"POST {CONTROL}/reload")[1] == {"changed": True, "errors": []}
    assert {ask(server, "GET /cats")[0] for _ in range(24)} == {200}


def test_lines_of_the_access_log_stay_whole(serve: Serve) -> None:
    server = serve("talkover", "--workers", "2", "--log", "json")
    path = f"{NUMBERS}?country_code=US"
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda _: ask(server, f"GET {path}"), range(300)))
    server.stop()  # a line is written after its answer
    lines = [line for line in server.said().splitlines() if line.startswith("{")]
    assert len([json.loads(line) for line in lines if NUMBERS in line]) == 300
    assert server.said().count('{"time"') == len(lines)


def test_a_unix_socket_is_shared_too(serve: Serve, tmp_path: Path) -> None:
    server = serve("talkover", "--workers", "2", "--uds", "mock.sock")
    words = ["curl", "-s", "-o", os.devnull, "-w", "%{http_code}", "--unix-socket", str(tmp_path / "mock.sock")]
    url = f"http://localhost{NUMBERS}"
    codes = {subprocess.check_output([*words, "-H", "Authorization: Bearer talq_x", url]) for _ in range(6)}
    assert codes == {b"200"}
    assert server.stop() == 0
    assert not (tmp_path / "mock.sock").exists()


def test_tls_is_spoken_by_all(serve: Serve) -> None:
    server = serve("talkover", "--workers", "2", "--tls")
    authority = re.search(r"signed by (\S+):", server.said())
    assert authority is not None
    words = [
        "curl",
        "-s",
        "-o",
        os.devnull,
        "-w",
        "%{http_code}",
        "--cacert",
        authority[1],
        "-H",
        "Authorization: Bearer talq_x",
    ]
    assert {subprocess.check_output([*words, server.url + NUMBERS]) for _ in range(6)} == {b"200"}


# What can't be


def refused(*words: str, **more: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMAND, "serve", *words, "--port", "0", "--workers", "2"],
        capture_output=True, text=True, check=False, timeout=PATIENCE, **more,
    )  # fmt: skip


def test_what_is_wrong_is_said_once(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("openapi: [", "utf-8")
    found = refused(str(tmp_path / "bad.yaml"))
    assert (found.returncode, found.stderr.count("error")) == (2, 1)


def test_standard_input_is_for_one() -> None:
    found = refused("-", input=PETS)
    assert (found.returncode, found.stderr) == (
        2,
        "error: Several workers can't read standard input.\n  Name a file, or leave out --workers.\n",
    )


def handlers(folder: Path, in_workers: str) -> None:
    """Write a contract, and handlers that do something in workers only."""
    (folder / "pets.yaml").write_text(PETS, "utf-8")
    (folder / "mine.py").write_text(
        f"import os, sys\nif sys.argv[0] == '-c': {in_workers}\ndef listPets(): return []\n"
    )


def test_workers_that_do_not_come_up_end_it_with_one_error(tmp_path: Path) -> None:
    handlers(tmp_path, "os._exit(9)")
    found = refused("pets.yaml", "--handlers", "mine", cwd=tmp_path)
    assert found.returncode == 3
    assert re.search(r"error: Worker [12] \(process \d+\) ended with exit code 9 before it was up\.\n", found.stderr)
    assert found.stderr.count("error") == 1


def test_what_workers_can_not_do_is_said_once(tmp_path: Path) -> None:
    handlers(tmp_path, "raise ValueError('no')")
    found = refused("pets.yaml", "--handlers", "mine", cwd=tmp_path)
    assert found.returncode == 2
    assert found.stderr.count("The handlers can't be imported: ValueError: no.") == 1
