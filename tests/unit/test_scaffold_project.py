"""`understudy scaffold`: what is written, what is written again, and what is never touched."""

from __future__ import annotations

import ast
import hashlib
import json
import os
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from click.testing import CliRunner, Result

from understudy.cli.scaffold import scaffold
from understudy.contract.loading import load
from understudy.errors import EnvironmentFailedError, InputError, UnderstudyError, UsageError
from understudy.generate.placing import place
from understudy.generate.scaffolding import MANIFEST

if TYPE_CHECKING:
    from pathlib import Path


def write_contract(folder: Path, *operations: str, tag: str = "Pets", **extra: Any) -> Path:
    responses = {"200": {"description": "Fine.", "content": {"application/json": {"schema": {"type": "object"}}}}}
    paths = {f"/{one}": {"get": {"operationId": one, "tags": [tag], "responses": responses}} for one in operations}
    document = {"openapi": "3.1.0", "info": {"title": "Pets", "version": "1"}, "paths": paths, **extra}
    folder.mkdir(exist_ok=True)
    (folder / "openapi.yaml").write_text(yaml.dump(document, Dumper=_Plain))
    return folder


class _Plain(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        del data
        return True


def call(contract: Path | str, directory: Path) -> Result:
    """Run the command; what it refuses is raised."""
    return CliRunner().invoke(
        scaffold, [str(contract), "-o", str(directory)], standalone_mode=False, catch_exceptions=False
    )


def contents(directory: Path) -> dict[str, bytes]:
    return {str(path.relative_to(directory)): path.read_bytes() for path in directory.rglob("*") if path.is_file()}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    call(write_contract(tmp_path / "contract", "list", "get_pet"), tmp_path / "project")
    return tmp_path / "project"


@pytest.fixture
def contract(project: Path) -> Path:
    return project.parent / "contract"


def test_project_has_all_that_it_promises(project: Path) -> None:
    assert sorted(contents(project)) == sorted(
        [
            ".dockerignore",
            ".understudy-scaffold.json",
            "Dockerfile",
            "README.md",
            "app.py",
            "handlers/__init__.py",
            "handlers/pets.py",
            "models/.understudy-models.json",
            "models/__init__.py",
            "models/models.py",
            "models/operations.py",
            "models/py.typed",
            "openapi.yaml",
            "pyproject.toml",
            "requirements-dev.txt",
            "requirements.txt",
            "tests/test_contract.py",
        ]
    )


def test_the_bundle_and_its_behaviour_are_the_contract(tmp_path: Path) -> None:
    call("talkover", tmp_path / "project")
    ours, theirs = load(str(tmp_path / "project")), load("talkover")
    assert ours.document == theirs.document
    assert ours.behaviour
    assert theirs.behaviour
    assert ours.behaviour.text == theirs.behaviour.text


def test_everything_written_is_python_or_text(tmp_path: Path) -> None:
    title = 'T"""\\ {{ 1 }} `x` <b>\u202e ☎'
    call(write_contract(tmp_path / "contract", "act", info={"title": title, "version": "1"}), tmp_path / "project")
    for name, content in contents(tmp_path / "project").items():
        if name.endswith(".py"):
            ast.parse(content)
    assert (tmp_path / "project" / "README.md").read_text("utf-8").startswith("# T 1 x b ☎\n")


def test_again_changes_nothing(project: Path, contract: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in project.rglob("*")}
    assert "everything is up to date" in call(contract, project).stderr
    assert {path: path.stat().st_mtime_ns for path in project.rglob("*")} == before


def test_command_tells_what_it_wrote_and_what_to_type_next(tmp_path: Path) -> None:
    result = call(write_contract(tmp_path / "contract", "act"), tmp_path / "a project")
    assert result.stdout == ""
    assert "a new project for 1 operation\n  added    handlers/pets.py: act\n  written  openapi.yaml\n" in result.stderr
    assert result.stderr.endswith(f"\nNext:\n\n  cd '{tmp_path}/a project' && python app.py\n\n")


def test_handlers_are_kept_byte_for_byte_and_new_ones_follow(project: Path, contract: Path) -> None:
    handlers = project / "handlers" / "pets.py"
    written = handlers.read_bytes().replace(b"@stub\ndef get_pet", b"def get_pet").rstrip() + b"  # no newline here"
    handlers.write_bytes(written)
    result = call(write_contract(contract, "list", "get_pet", "act"), project)
    assert handlers.read_bytes().startswith(written + b"\n\n\n@stub\ndef act() -> Reply[models.ActResponse200]:\n")
    assert "  added    handlers/pets.py: act\n" in result.stderr
    assert handlers.read_bytes().count(b"def ") == 3


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("", "import models\nfrom understudy_mock.handlers import Reply, stub\n\n\n@stub"),
        ("X = 1\n", "import models\nfrom understudy_mock.handlers import Reply, stub\n\nX = 1\n\n\n@stub"),
        ("# mine\nX = 1\n", "# mine\n\nimport models\nfrom understudy_mock.handlers import Reply, stub\n\nX = 1\n"),
        ('"""D."""\n', '"""D."""\n\nimport models\nfrom understudy_mock.handlers import Reply, stub\n\n\n@stub'),
        (
            "import os\n\nimport models\n\nX = 1\n",
            "import os\n\nimport models\nfrom understudy_mock.handlers import Reply, stub\n\nX = 1\n\n\n@stub",
        ),
        (
            "import models\r\nfrom understudy_mock.handlers import Reply\r\n\r\nX = 1\r\n",
            "handlers import Reply\r\nfrom understudy_mock.handlers import stub\r\n\r\nX = 1\r\n\r\n\r\n@stub\r\n",
        ),
        ("import models\nfrom understudy_mock.handlers import Reply, stub\n", "Reply, stub\n\n\n@stub"),
    ],
)
def test_imports_that_a_new_stub_needs_join_the_others(
    project: Path, contract: Path, written: str, expected: str
) -> None:
    (project / "handlers" / "birds.py").write_bytes(written.encode())
    call(write_contract(contract, "act", tag="Birds"), project)
    made = (project / "handlers" / "birds.py").read_bytes().decode()
    assert expected in made
    ast.parse(made)


def test_handler_that_stands_elsewhere_needs_no_stub(project: Path, contract: Path) -> None:
    (project / "handlers" / "mine.py").write_text(
        "from elsewhere import get_dog\nfrom understudy_mock import handlers\n"
        "@handlers.answers('a-cat')\nasync def cat(): ...\nget_cow = get_dog\n"
    )
    result = call(write_contract(contract, "list", "get_pet", "get_dog", "a-cat", "get_cow"), project)
    assert "added" not in result.stderr


def test_handler_of_a_removed_operation_stays_and_is_named(project: Path, contract: Path) -> None:
    before = (project / "handlers" / "pets.py").read_bytes()
    write_contract(contract, "list")
    for _ in range(2):
        assert "  kept     handlers/pets.py: get_pet (no longer in the contract)\n" in call(contract, project).stderr
    assert (project / "handlers" / "pets.py").read_bytes() == before
    (project / "handlers" / "pets.py").unlink()
    assert "no longer" not in call(contract, project).stderr


def test_handler_whose_operation_changed_is_named_with_what_the_contract_has(project: Path, contract: Path) -> None:
    text = (contract / "openapi.yaml").read_text()
    parameters = "parameters: [{name: size, in: query, schema: {type: integer}}]"
    changed = text.replace("      operationId: get_pet\n", f"      operationId: get_pet\n      {parameters}\n")
    (contract / "openapi.yaml").write_text(changed)
    result = call(contract, project)
    assert "  kept     handlers/pets.py: get_pet; the contract now has\n" in result.stderr
    assert "def get_pet(size: int | None = None)" in result.stderr
    assert b"size" not in (project / "handlers" / "pets.py").read_bytes()


def test_operation_that_moves_to_another_tag_keeps_its_handler(project: Path, contract: Path) -> None:
    result = call(write_contract(contract, "list", "get_pet", tag="Animals"), project)
    assert "added" not in result.stderr
    assert not (project / "handlers" / "animals.py").exists()


def test_file_that_the_user_changed_is_kept_and_named(project: Path, contract: Path) -> None:
    (project / "app.py").write_text("mine\n")
    write_contract(contract, "list", "get_pet", "act")
    for _ in range(2):
        result = call(contract, project)
        assert "  kept     app.py (changed by you)\n" in result.stderr
        assert (project / "app.py").read_text() == "mine\n"
    assert "/act:" in (project / "openapi.yaml").read_text()
    assert "act" in (project / "models" / "operations.py").read_text()


def test_file_that_was_deleted_comes_back(project: Path, contract: Path) -> None:
    (project / "app.py").unlink()
    call(contract, project)
    assert "application(" in (project / "app.py").read_text()


def test_file_that_is_generated_no_longer_goes_unless_it_was_changed(project: Path, contract: Path) -> None:
    (contract / "behaviour.yaml").write_text("clock: '2024-01-15T12:00:00Z'\n")
    call(contract, project)
    (contract / "behaviour.yaml").unlink()
    behaviour = project / "behaviour.yaml"
    ours = behaviour.read_bytes()
    behaviour.write_text("clock: '2025-01-15T12:00:00Z'\n")
    expected = "  kept     behaviour.yaml (changed by you, generated no longer)\n"
    assert [expected in call(contract, project).stderr for _ in range(2)] == [True, True]
    behaviour.write_bytes(ours)
    assert "  removed  behaviour.yaml\n" in call(contract, project).stderr
    assert not behaviour.exists()


def test_run_that_was_cut_short_can_be_repeated(project: Path, contract: Path) -> None:
    whole = contents(project)
    for name in ("app.py", "openapi.yaml", "handlers/pets.py"):
        (project / name).unlink()
    call(contract, project)
    assert contents(project) == whole


@pytest.mark.parametrize("present", [(), (".git", ".venv")])
def test_directory_that_is_free_is_taken(tmp_path: Path, present: tuple[str, ...]) -> None:
    for name in present:
        (tmp_path / "project" / name).mkdir(parents=True)
    call(write_contract(tmp_path / "contract", "act"), tmp_path / "project")
    assert (tmp_path / "project" / "app.py").is_file()


def test_project_may_hold_the_contract_it_is_made_of(project: Path) -> None:
    text = (project / "openapi.yaml").read_text().replace("title: Pets", "title: Cats")
    (project / "openapi.yaml").write_text(text)
    result = call(project, project)
    assert (project / "openapi.yaml").read_text() == text
    assert "Cats" in (project / "README.md").read_text()
    assert "kept" not in result.stderr


def refused(contract: Path | str, directory: Path) -> UnderstudyError:
    root = directory.parent
    before = contents(root)
    with pytest.raises(UnderstudyError) as caught:
        call(contract, directory)
    assert contents(root) == before
    return caught.value


def test_foreign_directory_is_refused(tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "mine.txt").write_text("mine")
    error = refused(write_contract(tmp_path / "contract", "act"), tmp_path / "project")
    assert isinstance(error, UsageError)
    assert "holds files that are not a project of ours" in error.message


def test_file_is_no_directory(tmp_path: Path) -> None:
    (tmp_path / "project").write_text("mine")
    error = refused(write_contract(tmp_path / "contract", "act"), tmp_path / "project")
    assert isinstance(error, UsageError)
    assert "is not a directory" in error.message


def test_contract_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path / "nowhere.yaml", tmp_path / "project").exit_code == 2


def test_handlers_that_are_no_python_stop_everything(project: Path, contract: Path) -> None:
    (project / "handlers" / "mine.py").write_text("x = 1\ndef (:\n")
    error = refused(write_contract(contract, "list", "act"), project)
    assert isinstance(error, InputError)
    assert str(error.finding.location) == "handlers/mine.py:2"


@pytest.mark.parametrize("text", ["", "[]", '{"files": []}', '{"files": {}, "operations": {"a": 1}}'])
def test_damaged_manifest_stops_everything(project: Path, contract: Path, text: str) -> None:
    (project / MANIFEST).write_text(text)
    assert "manifest is damaged" in refused(contract, project).message


def test_manifest_can_not_lead_out_of_the_project(project: Path, contract: Path) -> None:
    outside = project.parent / "outside.txt"
    outside.write_text("mine")
    manifest = json.loads((project / MANIFEST).read_text())
    manifest["files"]["../outside.txt"] = manifest["files"][str(outside)] = hashlib.sha256(b"mine").hexdigest()
    (project / MANIFEST).write_text(json.dumps(manifest))
    call(contract, project)
    assert outside.read_text() == "mine"


def test_place_that_can_not_be_written_is_the_environments_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    error = refused(write_contract(tmp_path / "contract", "act"), tmp_path / "file" / "project")
    assert isinstance(error, EnvironmentFailedError | UsageError)


def test_nothing_is_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "old").write_text("old")
    count = iter(range(100))

    def fail(_: int) -> None:
        if next(count) == 2:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    files = {"new/a": b"a", "old": b"new", "new/b/c": b"c", "d": b"d"}
    with pytest.raises(EnvironmentFailedError, match="No space left"):
        place(tmp_path, files)
    assert contents(tmp_path) == {"old": b"old"}
    assert [path.name for path in tmp_path.iterdir()] == ["old"]
    place(tmp_path, files, ["d"])
    assert contents(tmp_path) == {"new/a": b"a", "old": b"new", "new/b/c": b"c"}
