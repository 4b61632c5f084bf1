"""A person's own functions are imported, anew when they change, and what is wrong with them has its line."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

import pytest

from understudy.contract.loading import load
from understudy.errors import InputError, UsageError
from understudy_mock import handler_modules
from understudy_mock.app import mock_app
from understudy_mock.reloading import Reloaded, Reloader
from understudy_mock.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CONTRACT = """\
openapi: 3.1.0
info: {title: T, version: "1"}
paths:
  /a: {get: {operationId: a, responses: {"200": {description: x, content: {text/plain: {schema: {type: string}}}}}}}
  /b: {get: {operationId: b, responses: {"200": {description: x, content: {text/plain: {schema: {type: string}}}}}}}
"""


class Project:
    """A contract and handlers in a folder, and the mock of them."""

    def __init__(self, folder: Path, name: str = "own_handlers") -> None:
        self.folder, self.name = folder, name
        (folder / "api.yaml").write_text(CONTRACT, "utf-8")

    def start(self) -> None:
        contracts = [load(str(self.folder / "api.yaml"), lenient=True)]
        self.app = mock_app(contracts, Settings(handlers=self.name))
        self.reloader = Reloader(self.app, [str(self.folder / "api.yaml")], contracts, lambda _: None)

    def write(self, file: str, text: str) -> Reloaded:
        place = self.folder / file
        place.parent.mkdir(exist_ok=True)
        place.write_text(text, "utf-8")
        return asyncio.run(self.reloader.reload()) if hasattr(self, "reloader") else Reloaded(changed=False)

    def ask(self, path: str) -> str:
        body = b""

        async def receive() -> dict[str, object]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: dict[str, object]) -> None:
            nonlocal body
            part = message.get("body", b"")
            body += part if isinstance(part, bytes) else b""

        scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": []}
        asyncio.run(self.app.asgi(scope, receive, send))
        return body.decode()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    yield Project(tmp_path)
    for name in [name for name in sys.modules if f"{name}.".startswith("own_handlers.")]:
        del sys.modules[name]


def answering(name: str, text: str) -> str:
    return f"def {name}():\n    return {text!r}\n"


def test_an_edited_module_answers_at_once(project: Project) -> None:
    project.write("own_handlers.py", answering("a", "one"))
    project.start()
    assert project.ask("/a") == "one"
    for text in ("two", "six"):  # of the same length, within the same second
        assert project.write("own_handlers.py", answering("a", text)).changed
        assert project.ask("/a") == text


def test_modules_of_a_package_come_and_go(project: Project) -> None:
    project.write("own_handlers/__init__.py", "")
    project.write("own_handlers/one.py", "from own_handlers.two import text\n\ndef a():\n    return text\n")
    project.write("own_handlers/two.py", "text = 'one'\n")
    project.start()
    assert project.ask("/a") == "one"
    project.write("own_handlers/two.py", "text = 'two'\n")
    assert project.ask("/a") == "two"
    project.write("own_handlers/three.py", answering("b", "new"))
    assert project.ask("/b") == "new"


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("def a():\n    return (\n", 2, "never closed"),
        ("x = 1\ny = unknown\n", 2, "NameError: name 'unknown' is not defined"),
        ("\nimport nothing_like_this\n", 2, "nothing_like_this"),
        ("import sys\nsys.exit(3)\n", 2, "SystemExit"),
    ],
)
def test_a_broken_edit_leaves_the_last_good_functions(project: Project, text: str, line: int, says: str) -> None:
    project.write("own_handlers.py", answering("a", "one"))
    project.start()
    before = sys.modules["own_handlers"]
    outcome = project.write("own_handlers.py", text)
    (error,) = outcome.errors
    assert isinstance(error, InputError)
    assert error.finding.location
    assert (error.finding.location.path, error.finding.location.line) == (
        str(project.folder / "own_handlers.py"),
        line,
    )
    assert says in error.message
    assert project.ask("/a") == "one"
    assert sys.modules["own_handlers"] is before
    assert project.write("own_handlers.py", answering("a", "mended")).changed
    assert project.ask("/a") == "mended"


def test_what_the_handlers_hold_outlives_an_edit_of_the_contract(project: Project) -> None:
    project.write("own_handlers.py", "seen = []\n\ndef a():\n    seen.append(1)\n    return str(len(seen))\n")
    project.start()
    assert project.ask("/a") == "1"
    assert project.write("api.yaml", CONTRACT.replace("/b:", "/c:")).changed
    assert project.ask("/a") == "2"


def test_a_broken_contract_does_not_let_new_handlers_in(project: Project) -> None:
    project.write("own_handlers.py", answering("a", "one"))
    project.start()
    before = sys.modules["own_handlers"]
    (project.folder / "api.yaml").write_text("openapi: [", "utf-8")
    assert project.write("own_handlers.py", answering("a", "two")).errors
    assert (project.ask("/a"), sys.modules["own_handlers"]) == ("one", before)
    assert project.write("api.yaml", CONTRACT).changed
    assert project.ask("/a") == "two"


def test_at_the_start_it_is_one_error(project: Project) -> None:
    project.write("own_handlers.py", "def a(:\n")
    with pytest.raises(InputError) as caught:
        handler_modules.load("own_handlers", project.folder)
    assert str(caught.value.finding.location).endswith("own_handlers.py:1:7")
    project.write("own_handlers.py", "")
    with pytest.raises(UsageError, match="is not a package"):
        handler_modules.load("own_handlers.nothing.at_all", project.folder)
