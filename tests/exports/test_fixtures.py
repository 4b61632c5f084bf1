"""Fixtures are the mock's bytes under safe names, in a directory in which nothing of anybody else's is touched."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from workshop import exported

from understudy.cli.export import repertoire
from understudy.contract.loading import load
from understudy.errors import EnvironmentFailedError, UsageError
from understudy.generate.exporting.fixtures import extension, fixtures
from understudy.generate.exporting.msw import handlers

if TYPE_CHECKING:
    from conftest import Serve

HERE = Path(__file__).parent


def test_each_has_the_bytes_that_the_mock_sends(serve: Serve, tmp_path: Path) -> None:
    for name in ("talkover", "talkturo"):
        assert exported("fixtures", name, "-o", tmp_path / name) == 0
    server = serve("talkover", "talkturo")
    with httpx.Client(base_url=f"{server.url}/__understudy__/operations") as client:
        for name, named in (("talkover", 48), ("talkturo", 18)):
            told = json.loads((tmp_path / name / "manifest.json").read_bytes())
            assert len(told["answers"]) == named
            for one in told["answers"]:
                wish = {"contract": name, "status": one["status"], "example": one["example"]}
                answer = client.get(f"/{one['operationId']}/answer", params=wish)
                assert (one["status"], one["headers"]["content-type"]) == (
                    answer.status_code,
                    answer.headers["content-type"],
                )
                assert (tmp_path / name / one["file"]).read_bytes() == answer.content
                assert one["file"] == f"{one['operationId']}.{one['status']}.{one['example']}.json"


def test_names_are_safe_and_unique(tmp_path: Path) -> None:
    body = {"content": {"application/json": {"example": 1}, "application/vnd.x+json": {"example": 2}}}
    names = ["getPet", "GETPET", "get pet", "get/pet", "../../etc/passwd", "CON", "x" * 200, "x" * 199 + "y", "ä", ""]
    paths = {
        f"/{index}": {"get": {"operationId": name, "responses": {"200": {"description": "x", **body}}}}
        for index, name in enumerate(names)
    }
    found = fixtures(repertoire(_contract(tmp_path, paths))[0])
    digests = [hashlib.sha256(name.encode()).hexdigest()[:8] for name in names if len(name) == 200]
    long = [f"{'x' * 71}-{digest}" for digest in digests]
    expected = [*("getPet 1 2", "GETPET 3 4", "get-pet 1 2", "get-pet 3 4", "etc-passwd 1 2", "_CON 1 2")]
    expected += [*(f"{name} 1 2" for name in long), "_ 1 2", "GET-9 1 2"]
    assert list(found) == [*(file for line in expected for file in _files(*line.split())), "manifest.json"]
    assert found["GETPET.200.default-4.json"] == b"2"


@pytest.mark.parametrize(
    ("media_type", "expected"),
    [
        ("application/json; charset=utf-8", "json"),
        ("application/problem+json", "json"),
        ("text/x-json", "json"),
        ("application/atom+xml", "xml"),
        ("image/svg+xml", "svg"),
        ("image/x-icon", "icon"),
        ("image/png", "png"),
        ("image/*", "bin"),
        ("text/x-odd", "txt"),
        ("*/*", "bin"),
        ("application/vnd.ms-excel", "bin"),
    ],
)
def test_extensions(media_type: str, expected: str) -> None:
    assert extension(media_type) == expected


def test_an_answer_without_a_body_has_no_file(tmp_path: Path) -> None:
    paths = {"/a": {"delete": {"operationId": "gone", "responses": {"204": {"description": "x"}}}}}
    found = fixtures(repertoire(_contract(tmp_path, paths))[0])
    assert list(found) == ["manifest.json"]
    (entry,) = json.loads(found["manifest.json"])["answers"]
    assert (entry["status"], entry["example"], entry["file"]) == (204, None, None)


def test_what_no_browser_can_ask_is_told(tmp_path: Path) -> None:
    answered = {"responses": {"200": {"description": "x"}}}
    paths = {
        "/a": {"trace": {"operationId": "echo", **answered}, "get": {"operationId": "none", "responses": {}}},
        "/b": {"get": {"operationId": "kept", **answered}},
    }
    files, notes = handlers(repertoire(_contract(tmp_path, paths))[0])
    assert [note.message for note in notes] == [
        "`none` has no handler: the contract gives no success that could be answered.",
        "`echo` has no handler: no browser can send TRACE.",
    ]
    assert b'export type OperationId = \n  | "kept";' in files["handlers.ts"]


@pytest.mark.parametrize("kind", ["msw", "helper"])
def test_a_title_is_no_code(kind: str, tmp_path: Path) -> None:
    file = tmp_path / "contract.json"
    info = {"title": "A\n*/ \u2028 alert(1) %ORDER%", "version": "1"}
    file.write_text(json.dumps({"openapi": "3.1.0", "info": info, "paths": {}}))
    assert exported(kind, file, "-o", tmp_path / "out") == 0
    for path in (tmp_path / "out").glob("*.ts"):
        (line,) = [line for line in path.read_text("utf-8").splitlines() if "alert" in line]
        assert line.startswith("// ")
        assert "A * / alert(1) %ORDER% 1" in line


def test_nothing_of_others_is_touched(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "mocks"
    out.mkdir()
    (out / "browser.ts").write_text("mine")
    assert exported("msw", "talkturo", "-o", out, "--check") == 1
    assert exported("msw", "talkturo", "-o", out) == 0
    assert exported("helper", "talkturo", "-o", out) == 0
    assert exported("msw", "talkturo", "-o", out, "--check") == 0
    assert {path.name for path in out.iterdir()} == {
        "browser.ts",
        "handlers.ts",
        "understudy.ts",
        "understudy-server.ts",
        ".understudy-msw.json",
        ".understudy-helper.json",
    }
    assert (out / "browser.ts").read_text() == "mine"
    (out / "handlers.ts").write_text("changed")
    assert exported("msw", "talkturo", "-o", out, "--check") == 1
    said = capsys.readouterr().out
    assert "`handlers.ts` is missing." in said
    assert "`handlers.ts` is not what the contract says now." in said
    (out / ".understudy-msw.json").unlink()
    with pytest.raises(UsageError, match="was not written by `understudy export msw`"):
        exported("msw", "talkturo", "-o", out)
    assert (out / "handlers.ts").read_text() == "changed"


def test_what_is_exported_no_longer_goes(tmp_path: Path) -> None:
    out = tmp_path / "fixtures"
    assert exported("fixtures", "talkover", "-o", out) == 0
    (out / "mine.json").write_text("{}")
    manifest = out / ".understudy-fixtures.json"
    told = json.loads(manifest.read_bytes())
    (tmp_path / "outside.json").write_text("kept")
    manifest.write_text(json.dumps({**told, "files": [*told["files"], "../outside.json"]}))
    assert exported("fixtures", "talkturo", "-o", out, "--check") == 1
    assert exported("fixtures", "talkturo", "-o", out) == 0
    assert exported("fixtures", "talkturo", "-o", out, "--check") == 0
    assert not list(out.glob("requestPhoneRelease*"))
    assert len(list(out.glob("*.json"))) == 18 + len(("manifest.json", ".understudy-fixtures.json", "mine.json"))
    assert (tmp_path / "outside.json").read_text() == "kept"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["msw"], "wants a CONTRACT"),
        (["fixtures", "talkover", "--offline"], "needs no network"),
        (["msw", "talkover"], "is not a directory"),
    ],
)
def test_wrong_words(words: list[str], message: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(UsageError, match=message):
        exported(*words, "-o", file)


def test_a_directory_that_can_not_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EnvironmentFailedError, match="can't be written"):
        exported("msw", "talkover", "-o", tmp_path / "file" / "below")


def _files(name: str, *numbers: str) -> list[str]:
    return [f"{name}.200.default{'' if number == '1' else f'-{number}'}.json" for number in numbers]


def _contract(folder: Path, paths: dict[str, Any]) -> Any:
    file = folder / "contract.json"
    file.write_text(json.dumps({"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": paths}))
    return load(str(file))
