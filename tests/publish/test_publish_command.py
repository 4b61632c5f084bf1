"""`understudy publish` as a user meets it: what it writes and says, its exit codes, and bad input."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest

from understudy.cli.main import _guarded
from understudy.cli.publish import Options, plan
from understudy.cli.standing_in import serve_command
from understudy.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., tuple[int, str]]

PATHS = {"/a": {"get": {"operationId": "a", "responses": {"204": {"description": "x"}}}}}


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run the command in an empty folder with a contract `a.json`; gives exit code and what it said."""
    monkeypatch.chdir(tmp_path)
    document = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": PATHS}
    (tmp_path / "a.json").write_text(json.dumps(document))

    def command(*words: str) -> tuple[int, str]:
        said = io.StringIO()
        monkeypatch.setattr("sys.argv", ["understudy", "publish", *words])
        monkeypatch.setattr("sys.stdout", said)
        monkeypatch.setattr("sys.stderr", said)
        return _guarded(), said.getvalue()

    return command


def test_it_writes_then_has_nothing_to_do_then_sees_a_change(run: Run, tmp_path: Path) -> None:
    code, said = run("a.json", "-o", "site")
    assert (code, "files written. Open site/index.html" in said) == (0, True)
    assert (tmp_path / "site/en/ops/a.html").is_file()
    assert run("a.json", "-o", "site") == (0, "site: 4 pages, everything is up to date\n")
    assert run("a.json", "-o", "site", "--check") == (0, "")
    code, said = run("a.json", "-o", "site", "--check", "--title", "Other")
    assert (code, "error[site-stale]" in said, "Run `understudy publish`" in said) == (1, True, True)


def test_a_check_writes_nothing(run: Run, tmp_path: Path) -> None:
    code, said = run("a.json", "-o", "site", "--check")
    assert (code, "error[site-missing]" in said) == (1, True)
    assert not (tmp_path / "site").exists()


def test_a_base_url_makes_a_sitemap(run: Run, tmp_path: Path) -> None:
    assert run("a.json", "-o", "site", "--base-url", "https://docs.example.com/x/")[0] == 0
    assert "<loc>https://docs.example.com/x/en/ops/a.html</loc>" in (tmp_path / "site/sitemap.xml").read_text()


def test_the_mocks_address_is_where_links_lead(run: Run, tmp_path: Path) -> None:
    assert run("a.json", "-o", "site", "--mock", "localhost:5000")[0] == 0
    assert "http://localhost:5000/__understudy__/operations/a/answer" in (tmp_path / "site/en/ops/a.md").read_text()


@pytest.mark.parametrize(
    ("words", "code", "part"),
    [
        (("a.json",), 2, "--output"),
        (("nope", "-o", "s"), 2, "There is no contract `nope`."),
        (("a.json", "-o", "."), 2, "holds files that were not published here, such as `a.json`"),
        (("a.json", "-o", "a.json"), 2, "is not a folder"),
        (("a.json", "-o", "s", "--base-url", "ftp://x"), 2, "no address of the web"),
        (("a.json", "-o", "s", "--base-url", "https://[x"), 2, "no address of the web"),
        (("a.json", "-o", "s", "--mock", "http://x:port"), 2, "no address of the web"),
        (("a.json", "-o", "s", "--language", "tlh"), 2, "No contract speaks `tlh`."),
        (("a.json", "talkover", "-o", "s", "--against", "old.json"), 2, "Write NAME=OLD"),
        (("a.json", "-o", "s", "--against", "a=nope"), 2, "There is no older version `nope`."),
        (("a.json", "-o", "s", "--against", "a.json", "--against", "a.json"), 2, "two older versions"),
        (("a.json", "-o", "a.json/s"), 3, "can't be written"),
    ],
)
def test_bad_input_is_one_clear_error(run: Run, words: tuple[str, ...], code: int, part: str) -> None:
    found, said = run(*words)
    assert (found, part in said, "Traceback" in said) == (code, True, False), said


def test_contracts_of_one_name_stand_apart(run: Run, tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b/a.json").write_text((tmp_path / "a.json").read_text())
    assert run("a.json", "b/a.json", "-o", "site")[0] == 0
    assert (tmp_path / "site/en/a/ops/a.html").is_file()
    assert (tmp_path / "site/en/a-2/ops/a.html").is_file()


def test_an_older_version_makes_a_changelog(run: Run, tmp_path: Path) -> None:
    older = json.loads((tmp_path / "a.json").read_text())
    older["paths"]["/b"] = {"get": {"operationId": "b", "responses": {"204": {"description": "x"}}}}
    (tmp_path / "old.json").write_text(json.dumps(older))
    assert run("a.json", "-o", "site", "--against", "old.json")[0] == 0
    text = (tmp_path / "site/en/changelog.md").read_text()
    assert "What changed since old.json. Breaking: 1\n\n## Breaking (1)\n" in text
    assert "- **Operation removed** " in text


def test_a_change_of_several_operations_names_them_all(run: Run, tmp_path: Path) -> None:
    def document(least: int) -> str:
        given = {"schema": {"type": "object", "properties": {"n": {"type": "integer", "minimum": least}}}}
        body = {"$ref": "#/components/requestBodies/B"}
        one = {"requestBody": body, "responses": {"204": {"description": "x"}}}
        paths = {f"/{name}": {"post": {"operationId": name, "summary": f"Do {name}", **one}} for name in "abc"}
        bodies = {"B": {"content": {"application/json": given}}}
        info = {"title": "T", "version": "1"}
        return json.dumps({"openapi": "3.1.0", "info": info, "paths": paths, "components": {"requestBodies": bodies}})

    (tmp_path / "a.json").write_text(document(2))
    (tmp_path / "old.json").write_text(document(1))
    assert run("a.json", "-o", "site", "--against", "old.json")[0] == 0
    text = (tmp_path / "site/en/changelog.md").read_text()
    assert "### [Do a](ops/a.md)\n\nAlso in [Do b](ops/b.md), [Do c](ops/c.md).\n\n- **Request minimum" in text


def test_the_command_shown_is_the_same_on_every_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "specs/a b.yaml"
    place.parent.mkdir()
    place.write_text("")
    monkeypatch.chdir(tmp_path)
    url = "https://me:secret@example.com/openapi.yaml"
    shown = serve_command([str(place), "specs/../specs/a b.yaml", "talkover", url, "git:HEAD:spec", "-"])
    rest = "talkover https://example.com/openapi.yaml git:HEAD:spec -"
    assert shown == f"understudy serve 'specs/a b.yaml' 'specs/a b.yaml' {rest}"
    monkeypatch.chdir(place.parent)
    assert serve_command([str(place)]) == "understudy serve 'a b.yaml'"
    assert serve_command([str(tmp_path)]) == f"understudy serve {tmp_path.name}"


def test_languages_can_be_chosen(tmp_path: Path) -> None:
    site = plan(Options(("talkover",), tmp_path, languages=("pt-BR",)))
    assert site.languages == ("pt-BR",)
    with pytest.raises(UsageError):
        plan(Options(("talkover",), tmp_path, languages=("de",)))
