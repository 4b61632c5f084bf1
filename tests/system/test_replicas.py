"""Two replicas with one Redis server behind nginx are one mock: every conversation goes as it is written.

And again while one of them is killed in the middle. By default these are a few conversations; all of them are held with
UNDERSTUDY_REPLICAS=full (`make replicas`, which CI runs after `make test`).
"""

from __future__ import annotations

import importlib.util
import itertools
import os
import signal
import sys
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import balanced
import pytest
import redis_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from balanced import Balanced
    from redis_server import RedisServer

    from conftest import Serve

FOLDER = Path(__file__).parents[1] / "conversations"
CONTROL = "/__understudy__"

LEFT_OUT = {
    "control/admission.md": "is about who may use the control API of a mock that no balancer stands before",
}
"""Conversations that are not for two replicas, and why; besides, Prism's ways remember nothing and take no store."""

SAID_BY_NGINX = {
    "control/journal.md": ("got 'x-forwarded-for'", "a journal shows all headers, and a balancer adds some"),
    "talkover/authentication.md": (
        "<center>nginx</center>",
        "two Authorization headers get no further",
    ),
}
"""What the balancer does otherwise than a mock would, by a text in the complaint."""

SOME = ("talkover/agents-and-dids.md", "control/journal.md")
"""What is held by default: they create, list and verify."""


def _conversations() -> ModuleType:
    specification = importlib.util.spec_from_file_location("held_conversations", FOLDER / "test_conversations.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules[module.__name__] = module  # so that its dataclasses can be made
    specification.loader.exec_module(module)
    return module


held: Any = _conversations()


def texts(name: str, kind: str) -> list[str]:
    return [block.text for block in held.blocks((FOLDER / name).read_text("utf-8")) if block.kind == kind]


def middles(name: str) -> set[int]:
    """Tell before which requests half of those have been sent that go to the same servers."""
    kinds = "".join(block.kind[0] for block in held.blocks((FOLDER / name).read_text("utf-8")))
    counts = [part.count("h") for part in kinds.split("s")[1:]]
    return {sum(counts[:index]) + count // 2 for index, count in enumerate(counts)}


NAMES = [
    name
    for name in held.FILES
    if name not in LEFT_OUT and not any("--compat" in words for words in texts(name, "serve"))
]
HELD = NAMES if os.environ.get("UNDERSTUDY_REPLICAS") == "full" else SOME
_numbers = itertools.count()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with redis_server.running(tmp_path_factory.mktemp("redis")) as found:
        yield found


@dataclass
class Setting:
    """Where a conversation is held: each `serve` starts two replicas and a balancer with a memory of their own."""

    serve: Serve
    store: str
    folder: Path
    stack: ExitStack
    now: Balanced | None = field(default=None, repr=False)

    def start(self, *words: str, cwd: Path | None = None) -> Balanced:
        number = next(_numbers)
        flags = [*words, "--store-prefix", f"conversation{number}"]
        there = cwd or self.folder
        wanted = balanced.two_replicas(self.serve, flags, self.store, self.folder / f"nginx-{number}", there)
        self.now = self.stack.enter_context(wanted)
        return self.now


@pytest.fixture
def setting(serve: Serve, store: RedisServer, tmp_path: Path) -> Iterator[Setting]:
    with ExitStack() as stack:
        yield Setting(serve, store.url, tmp_path, stack)


def wrong(name: str, setting: Setting, send: Any) -> list[str]:
    """List what goes otherwise than it is written, but for what nginx does; that must be so."""
    found = list(held.hold(name, setting.start, setting.folder, send))
    mark, _ = SAID_BY_NGINX.get(name, ("", ""))
    others = [paragraph for paragraph in found if not mark or mark not in paragraph]
    assert len(others) < len(found) or not mark, f"nginx does nothing of its own in {name} any more"
    return others


def with_token(url: str, request: Any) -> Any:
    """Send a request; if it is for the control API with the token, for it does not come from this machine itself."""
    if request.first.partition(" ")[2].startswith(CONTROL):
        request = replace(request, headers=[*request.headers, ("Authorization", f"Bearer {balanced.TOKEN}")])
    return held.send(url, request)


@pytest.mark.parametrize("name", HELD)
def test_conversation_goes_as_written_with_two_replicas(name: str, setting: Setting) -> None:
    found = wrong(name, setting, with_token)
    assert not found, "\n\n".join(["", *found])


@pytest.mark.parametrize("name", HELD)
def test_conversation_goes_on_when_a_replica_is_killed(name: str, setting: Setting) -> None:
    moments, counted, killed = middles(name), itertools.count(), []

    def send(url: str, request: Any) -> Any:
        if next(counted) in moments and setting.now is not None:
            setting.now.replicas[0].kill()
            killed.append(setting.now.replicas[0].process.poll())
        return with_token(url, request)

    found = wrong(name, setting, send)
    assert killed == [-signal.SIGKILL] * len(texts(name, "serve"))
    assert not found, "\n\n".join(["", *found])


def test_both_replicas_are_asked(setting: Setting) -> None:
    found = setting.start("talkover", "--log", "text")
    request = held.message("GET /api/v1/phone-numbers\nAuthorization: Bearer talq_x")
    assert {with_token(found.url, request).status for _ in range(8)} == {200}
    assert [replica.said().count("listPhoneNumbers") >= 2 for replica in found.replicas] == [True, True]


def test_a_stranger_does_not_get_at_the_control_api_through_the_balancer(setting: Setting) -> None:
    found = setting.start("talkover")
    assert held.send(found.url, held.message(f"GET {CONTROL}/journal")).status == 401


def test_what_is_left_out_exists() -> None:
    assert set(LEFT_OUT) <= set(held.FILES)
    assert set(SOME) <= set(NAMES)
    assert len(NAMES) > 30
