"""The folder a site is written to: ours comes and goes, somebody else's stays, and nothing is touched in vain."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from understudy.errors import EnvironmentFailedError, UsageError
from understudy.publish.folder import MANIFEST, differences, write
from understudy.publish.page import File

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILES = [File("index.html", b"a"), File("en/ops/a.html", b"b"), File("en/b.html", b"c")]


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    }


def test_what_is_written_is_there_and_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "site"
    outcome = write(folder, FILES)
    assert tree(folder) == {file.path: file.content for file in FILES}
    assert sorted(outcome.written) == sorted(file.path for file in FILES)
    assert [path.name for path in folder.parent.iterdir()] == ["site"]


def test_what_is_the_same_is_not_touched(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    before = {path: path.stat().st_ino for path in tmp_path.rglob("*.*")}
    outcome = write(tmp_path, FILES)
    assert (outcome.written, outcome.removed, outcome.same) == ([], [], 3)
    assert {path: path.stat().st_ino for path in tmp_path.rglob("*.*")} == before


def test_what_is_published_no_longer_goes_with_its_folders(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    outcome = write(tmp_path, FILES[:1])
    assert outcome.removed == ["en/b.html", "en/ops/a.html"]
    assert not (tmp_path / "en").exists()


def test_own_files_beside_ours_stay(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    (tmp_path / "CNAME").write_text("docs.example.com")
    (tmp_path / "en/ops/mine.html").write_text("mine")
    write(tmp_path, FILES[:1])
    assert tree(tmp_path) == {"index.html": b"a", "CNAME": b"docs.example.com", "en/ops/mine.html": b"mine"}


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("x")
    with pytest.raises(UsageError, match=r"thesis\.txt"):
        write(tmp_path, FILES)
    assert tree(tmp_path) == {"thesis.txt": b"x"}


def test_a_file_of_somebody_else_is_not_overwritten(tmp_path: Path) -> None:
    write(tmp_path, FILES[:1])
    (tmp_path / "en").mkdir()
    (tmp_path / "en/b.html").write_text("mine")
    with pytest.raises(UsageError, match=r"en/b\.html"):
        write(tmp_path, FILES)
    assert tree(tmp_path) == {"index.html": b"a", "en/b.html": b"mine"}


def test_a_link_is_not_followed_out(tmp_path: Path) -> None:
    folder, outside = tmp_path / "site", tmp_path / "outside"
    write(folder, FILES[:1])
    outside.mkdir()
    (folder / "en").symlink_to(outside)
    with pytest.raises(UsageError, match="link"):
        write(folder, FILES)
    assert list(outside.iterdir()) == []


def test_a_manifest_that_lies_removes_nothing_outside(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    write(folder, FILES[:1])
    (tmp_path / "precious").write_text("x")
    names = ["index.html", "../precious", str(tmp_path / "precious"), "", 7]
    (folder / MANIFEST).write_text(json.dumps({"files": names}))
    assert write(folder, FILES[:1]).removed == []
    assert (tmp_path / "precious").exists()


def test_a_failure_on_the_way_leaves_the_folder_as_it_was(tmp_path: Path) -> None:
    write(tmp_path / "site", FILES)

    def failing() -> Iterator[File]:
        yield File("index.html", b"new")
        raise UsageError("no")

    with pytest.raises(UsageError):
        write(tmp_path / "site", failing())
    assert tree(tmp_path / "site")["index.html"] == b"a"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_run_that_is_cut_off_can_be_made_good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, FILES[:1])
    monkeypatch.setattr("understudy.publish.folder._remove", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write(tmp_path, FILES)
    monkeypatch.undo()
    changed = [File(file.path, b"new") for file in FILES]
    assert len(write(tmp_path, changed).written) == 3


def test_a_place_that_can_not_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(EnvironmentFailedError):
        write(tmp_path / "file" / "site", FILES)
    with pytest.raises(UsageError, match="not a folder"):
        write(tmp_path / "file", FILES)


def test_differences_tell_what_is_missing_stale_and_left_over(tmp_path: Path) -> None:
    assert {one.rule for one in differences(tmp_path / "none", FILES)} == {"site-missing"}
    write(tmp_path, FILES)
    assert list(differences(tmp_path, FILES)) == []
    (tmp_path / "index.html").write_bytes(b"A")
    (tmp_path / "en/b.html").unlink()
    found = {(one.rule, one.message.split("`")[1]) for one in differences(tmp_path, [*FILES[:1], FILES[2]])}
    assert found == {("site-stale", "index.html"), ("site-missing", "en/b.html"), ("site-extra", "en/ops/a.html")}
