"""What is kept when a contract is read again: items, sessions, the contract in force."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from understudy.contract.loading import load
from understudy.errors import UsageError
from understudy_mock.app import mock_app
from understudy_mock.reloading import Reloaded, Reloader
from understudy_mock.state.memory import Memory

if TYPE_CHECKING:
    from pathlib import Path

    from understudy_mock.app import MockApp


def text(*paths: str) -> str:
    operations = "".join(f"  /{path}:\n    get: {{responses: {{'204': {{description: X}}}}}}\n" for path in paths)
    return f"openapi: 3.1.0\npaths:\n{operations}"


def test_what_was_changed_stays_and_what_was_not_follows() -> None:
    memory = Memory({"changed": [{"id": 1}], "same": [{"id": 1}], "gone": [{"id": 1}], "emptied": [{"id": 1}]})
    memory.add("changed", {"id": 2})
    memory.add("gone", {"id": 2})
    memory.remove("emptied", memory.items("emptied")[0], "id")
    memory.adopt({"changed": [{"id": 9}], "same": [{"id": 9}], "new": [{"id": 9}], "emptied": [{"id": 1}]})
    assert memory.items("changed") == [{"id": 1}, {"id": 2}]
    assert memory.items("same") == [{"id": 9}]
    assert memory.items("new") == [{"id": 9}]
    assert memory.items("gone") == []
    assert memory.items("emptied") == []
    assert memory.identifiers("emptied", "id") == [1]
    memory.reset()
    assert memory.items("changed") == [{"id": 9}]


def started(file: Path) -> tuple[MockApp, Reloader, list[Reloaded]]:
    told: list[Reloaded] = []
    contracts = [load(str(file), lenient=True)]
    app = mock_app(contracts)
    return app, Reloader(app, [str(file)], contracts, told.append), told


def test_a_reload_on_demand_needs_no_watching(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(text("a"), "utf-8")
    app, _, _ = started(file)
    file.write_text(text("a", "b"), "utf-8")
    outcome = asyncio.run(app.runtime.reload())
    assert (outcome.changed, outcome.errors) == (True, ())
    assert [mount.compiled.operations.keys() for mount in app.mounts] == [{"GET /a", "GET /b"}]


def test_a_broken_edit_leaves_what_was(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(text("a"), "utf-8")
    app, reloader, _ = started(file)
    before = app.mounts
    for broken in ("openapi: [", text("a") + "  /b: {$ref: gone.yaml}\n"):
        file.write_text(broken, "utf-8")
        outcome = asyncio.run(reloader.reload())
        assert (outcome.changed, len(outcome.errors)) == (False, 1)
        assert app.mounts is before


def test_an_edit_may_leave_broken_what_was_broken_before(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(text("a") + "  /b: {$ref: gone.yaml}\n", "utf-8")
    app, reloader, _ = started(file)
    file.write_text(text("a", "c") + "  /b: {$ref: gone.yaml}\n", "utf-8")
    assert asyncio.run(reloader.reload()).changed
    assert "GET /c" in app.mounts[0].compiled.operations


def test_nothing_is_read_again_without_a_change(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(text("a"), "utf-8")
    app, reloader, _ = started(file)
    before = app.mounts
    assert asyncio.run(reloader.reload()) == Reloaded(changed=False)
    assert app.mounts is before
    assert asyncio.run(reloader.reload(force=True)).changed


def test_a_mock_that_came_from_no_file_says_so(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(text("a"), "utf-8")
    contracts = [load(str(file))]
    app = mock_app(contracts)
    with pytest.raises(UsageError, match="not started from files"):
        asyncio.run(app.runtime.reload())
    Reloader(app, ["-"], contracts, lambda _: None)
    with pytest.raises(UsageError, match="can't be read twice"):
        asyncio.run(app.runtime.reload())


def test_the_end_of_the_mock_is_not_ready_for_more(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(text("a"), "utf-8")
    app, _, _ = started(file)
    assert app.runtime.ready
    app.runtime.draining = True
    assert not app.runtime.ready
