"""What is kept when a contract is read again: items, sessions, the contract in force."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from understudy.contract.loading import load
from understudy.errors import UsageError
from understudy_mock.app import mock_app
from understudy_mock.reloading import Reloaded, Reloader
from understudy_mock.state.document import Document
from understudy_mock.state.memory import Memory, Seeds
from understudy_mock.watching import followed, signature

if TYPE_CHECKING:
    from pathlib import Path

    from understudy_mock.app import MockApp


def text(*paths: str) -> str:
    operations = "".join(f"  /{path}:\n    get: {{responses: {{'204': {{description: X}}}}}}\n" for path in paths)
    return f"openapi: 3.1.0\npaths:\n{operations}"


def test_what_was_changed_stays_and_what_was_not_follows() -> None:
    ids, document = {"books": "id"}, Document()
    memory = Memory(Seeds({"books": [{"id": 1, "price": 5}, {"id": 2}, {"id": 3}]}, ids), document)
    memory.change("books", memory.items("books")[0], {"lent": True})
    memory.remove("books", memory.items("books")[1], "id")
    memory.add("books", {"id": 4})
    edited = {"books": [{"id": 9}, {"id": 3, "new": True}, {"id": 2}, {"id": 1}], "more": [{}]}
    memory = Memory(Seeds(edited, ids), document)
    assert memory.items("books") == [{"id": 9}, {"id": 3, "new": True}, {"id": 1, "price": 5, "lent": True}, {"id": 4}]
    assert memory.items("more") == [{}]
    assert memory.identifiers("books", "id") == [9, 3, 1, 4, 2]
    memory.reset()
    assert memory.items("books") == [{"id": 9}, {"id": 3, "new": True}, {"id": 2}, {"id": 1}]


def started(file: Path) -> tuple[MockApp, Reloader, list[Reloaded]]:
    told: list[Reloaded] = []
    contracts = [load(str(file), lenient=True)]
    app = mock_app(contracts)
    return app, Reloader(app, [str(file)], contracts, told.append), told


def test_what_is_being_read_already_is_not_read_again_because_others_have_read_it(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(text("a"), "utf-8")
    app, reloader, _ = started(file)
    file.write_text(text("a", "b"), "utf-8")
    former = app.runtime.agreement.digest

    async def both() -> Reloaded:
        own, _ = await asyncio.gather(
            reloader.reload(), reloader.follow(lambda: app.runtime.agreement.digest == former)
        )
        return own

    assert asyncio.run(both()).changed
    assert app.runtime.version == 1


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


def test_a_broken_rule_or_scenario_is_not_taken_over(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(text("a"), "utf-8")
    (tmp_path / "scenarios").mkdir()
    app, reloader, _ = started(file)
    before = app.mounts
    beside = tmp_path / "behaviour.yaml", tmp_path / "scenarios" / "one.yaml"
    for place, broken in ((beside[0], "rules: {a: 3}\n"), (beside[0], "rules: ["), (beside[1], "steps: 3\n")):
        place.write_text(broken, "utf-8")
        outcome = asyncio.run(reloader.reload())
        assert (outcome.changed, len(outcome.errors)) == (False, 1)
        assert app.mounts is before
        place.unlink()
        asyncio.run(reloader.reload())
        before = app.mounts


def test_what_was_flawed_at_the_start_does_not_hold_up_an_edit(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(text("a"), "utf-8")
    (tmp_path / "behaviour.yaml").write_text("rules: [", "utf-8")
    app, reloader, _ = started(file)
    file.write_text(text("a", "b"), "utf-8")
    assert asyncio.run(reloader.reload()).changed
    (tmp_path / "behaviour.yaml").write_text("rules: {}\n", "utf-8")
    assert asyncio.run(reloader.reload()).changed
    assert app.mounts[0].compiled.contract.findings == ()


@pytest.mark.parametrize(
    ("name", "content", "read"),
    [
        ("behaviour.yaml", "rules: {}\n", "behaviour"),
        ("ledger.yaml", "[]\n", "ledger"),
        ("scenarios/busy.yaml", "steps: {GET /a: [{status: 204}]}\n", "scenarios"),
        ("i18n/de.yaml", "overlay: 1.1.0\ninfo: {title: x, version: '1'}\nactions: []\n", "translations"),
    ],
)
def test_a_file_that_comes_or_goes_beside_the_contract_is_a_change(
    tmp_path: Path, name: str, content: str, read: str
) -> None:
    file, place = tmp_path / "a.yaml", tmp_path / name
    file.write_text(text("a"), "utf-8")
    app, reloader, _ = started(file)
    place.parent.mkdir(exist_ok=True)
    place.write_text(content + "}", "utf-8")
    assert len(asyncio.run(reloader.reload()).errors) == 1
    place.write_text(content, "utf-8")
    assert asyncio.run(reloader.reload()).changed
    assert getattr(app.mounts[0].compiled.contract, read)
    place.with_suffix(".swp").touch()
    assert asyncio.run(reloader.reload()) == Reloaded(changed=False)
    place.unlink()
    assert asyncio.run(reloader.reload()).changed
    assert not getattr(app.mounts[0].compiled.contract, read)


def test_what_changes_while_it_is_read_shows_the_next_time(tmp_path: Path) -> None:
    folder = tmp_path / "i18n"
    folder.mkdir()
    (folder / "de.yaml").touch()
    noted = signature([str(folder)])
    (folder / "fr.yaml").touch()
    (folder / "de.yaml").unlink()
    (tmp_path / "new.yaml").touch()
    now = followed(noted, [str(folder), str(tmp_path / "new.yaml")])
    assert {file.rpartition("/")[2] for file in now} == {"i18n", "de.yaml", "new.yaml"}
    assert now != signature([str(folder), str(tmp_path / "new.yaml")])


def test_a_limit_that_is_edited_counts_from_then_on(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(text("a") + "x-understudy-rate-limit: 1/60s\n", "utf-8")
    app, reloader, _ = started(file)
    common = app.runtime.sessions.common
    assert [str(rule.action) for rule in common.rules] == ["limit=1/60"]
    file.write_text(text("a") + "x-understudy-rate-limit: often\n", "utf-8")
    assert "how many requests" in asyncio.run(reloader.reload()).errors[0].remedy
    file.write_text(text("a", "b") + "x-understudy-rate-limit: 5/60s\n", "utf-8")
    assert asyncio.run(reloader.reload()).changed
    assert [(rule.operation, str(rule.action)) for rule in common.rules] == [
        ("GET /a", "limit=5/60"),
        ("GET /b", "limit=5/60"),
    ]
    file.write_text(text("a"), "utf-8")
    assert asyncio.run(reloader.reload()).changed
    assert common.rules == ()


KEYED = """\
openapi: 3.1.0
paths:
  /a: {{get: {{security: [{{key: []}}], responses: {{'204': {{description: X}}}}}}}}
components: {{securitySchemes: {{key: {{type: apiKey, in: {place}, name: {name}}}}}}}
"""


def test_credentials_stay_hidden_when_the_contract_no_longer_names_them(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(KEYED.format(place="header", name="X-Old"), "utf-8")
    app, reloader, _ = started(file)
    file.write_text(KEYED.format(place="query", name="newer"), "utf-8")
    assert asyncio.run(reloader.reload()).changed
    hidden = app.runtime.redaction
    assert hidden.headers([(b"x-old", b"sesame")]) == [{"name": "x-old", "value": "[redacted]"}]
    assert hidden.query(b"newer=sesame&a=1") == "newer=[redacted]&a=1"
