"""The models of the shipped contracts: every example goes through its model unchanged, and the package type-checks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from decimal import Decimal
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

from understudy.contract.files import shipped
from understudy.contract.loading import load
from understudy.generate.directory import replace
from understudy.generate.package import package

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType

CONTRACTS = sorted(shipped())


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A directory on the import path with one generated package for each contract."""
    directory = tmp_path_factory.mktemp("models")
    for name in CONTRACTS:
        replace(directory / f"{name}_models", package(load(name))[0])
    sys.path.insert(0, str(directory))
    yield directory
    sys.path.remove(str(directory))
    for module in [one for one in sys.modules if one.partition(".")[0] in {f"{name}_models" for name in CONTRACTS}]:
        del sys.modules[module]


def examples() -> Iterator[Any]:
    for name in CONTRACTS:
        contract = load(name)
        for operation in contract.operations:
            bodies = [("request", operation.request_body)] if operation.request_body else []
            for status, body in [*bodies, *operation.responses.items()]:
                for media_type, media in body.value.get("content", {}).items():
                    for title in media.get("examples", {}):
                        example = contract.follow((*body.tokens, "content", media_type, "examples", title)).value
                        case = f"{name}-{operation.id}-{status}-{title}"
                        yield pytest.param(name, operation.id, status, media_type, example["value"], id=case)


def imported(name: str) -> ModuleType:
    return import_module(f"{name}_models")


@pytest.mark.parametrize(("name", "operation", "status", "media_type", "example"), list(examples()))
@pytest.mark.usefixtures("packages")
def test_example_goes_through_its_model_unchanged(
    name: str, operation: str, status: str, media_type: str, example: Any
) -> None:
    types = imported(name).OPERATIONS[operation]
    model = (types.request if status == "request" else types.responses[status])[media_type]
    text = json.dumps(example, default=lambda value: float(value) if isinstance(value, Decimal) else None)
    parsed = model.model_validate_json(text)
    assert json.loads(parsed.model_dump_json(by_alias=True, exclude_unset=True)) == json.loads(text)


@pytest.mark.parametrize("name", CONTRACTS)
@pytest.mark.usefixtures("packages")
def test_every_operation_has_all_its_types(name: str) -> None:
    table = imported(name).OPERATIONS
    contract = load(name)
    assert list(table) == [operation.id for operation in contract.operations]
    for operation in contract.operations:
        types = table[operation.id]
        assert (types.method, types.path) == (operation.method, operation.path)
        assert bool(types.request) == (operation.request_body is not None)
        assert set(types.responses) == set(operation.responses)
        wanted = {item.value["name"] for item in operation.parameters}
        fields = [field for model in types.parameters.values() for field in model.model_fields.items()]
        assert {field.alias or field_name for field_name, field in fields} == wanted


def test_the_packages_pass_mypy_strict(packages: Path) -> None:
    names = [f"{name}_models" for name in CONTRACTS]
    command = [sys.executable, "-m", "mypy", "--strict", "--no-incremental", "--config-file", os.devnull, *names]
    checked = subprocess.run(command, cwd=packages, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.usefixtures("packages")
def test_a_wrong_value_is_refused_by_its_model() -> None:
    model = imported("talkturo").SearchPhoneNumbersRequest
    wrongs: list[dict[str, object]] = [
        {},
        {"filters": {}},
        {"filters": {"countryCode": "us"}},
        {"filters": {"countryCode": "US", "limit": 0}},
    ]
    for wrong in wrongs:
        with pytest.raises(ValueError, match="validation error"):
            model.model_validate_json(json.dumps(wrong))


@pytest.mark.parametrize("seed", ["0", "1"])
def test_two_runs_write_equal_bytes(seed: str, packages: Path, tmp_path: Path) -> None:
    script = "import sys; from understudy.cli.main import run; run()"
    command = [sys.executable, "-c", script, "models", "talkover", "-o", str(tmp_path / "again")]
    subprocess.run(command, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True)
    for file in (tmp_path / "again").iterdir():
        assert file.read_bytes() == (packages / "talkover_models" / file.name).read_bytes()


def test_the_packages_do_not_need_understudy(packages: Path) -> None:
    script = (
        "import sys; sys.modules['understudy'] = None\n"
        f"sys.path.insert(0, {str(packages)!r})\n"
        "import talkover_models, talkturo_models\n"
        "assert talkover_models.OPERATIONS and talkturo_models.OPERATIONS\n"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", script], check=True)
