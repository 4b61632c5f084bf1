"""Where contracts answer: under their server's path and without it, apart where they clash."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from understudy.contract.loading import load
from understudy_mock.compiling import compile_contract
from understudy_mock.mounting import mount

if TYPE_CHECKING:
    from pathlib import Path

    from understudy_mock.compiling import CompiledContract


@pytest.fixture
def compiled(tmp_path: Path) -> dict[str, CompiledContract]:
    written = {"a": ("/v1", "/x"), "b": ("/v2", "/y"), "c": ("/v1", "/z"), "d": ("/v4", "/x"), "e": ("/", "/v1/x")}
    found = {}
    for name, (base, path) in written.items():
        file = tmp_path / f"{name}.yaml"
        get = '{get: {responses: {"204": {description: x}}}}'
        file.write_text(f'openapi: 3.1.0\nservers: [{{url: "{base}"}}]\npaths: {{{path}: {get}}}\n', "utf-8")
        found[name] = compile_contract(load(str(file)))
    return found


@pytest.mark.parametrize(
    ("names", "prefixes"),
    [
        ("a", [("/v1", "")]),
        ("ab", [("/v1", ""), ("/v2", "")]),
        ("ac", [("/a/v1", "/a"), ("/c/v1", "/c")]),
        ("ad", [("/v1",), ("/v4",)]),
        ("ae", [("/a/v1", "/a"), ("/e",)]),
        ("e", [("",)]),
    ],
)
def test_prefixes(compiled: dict[str, CompiledContract], names: str, prefixes: list[tuple[str, ...]]) -> None:
    assert [entry.prefixes for entry in mount([compiled[name] for name in names])] == prefixes


def test_apart_on_demand(compiled: dict[str, CompiledContract]) -> None:
    assert [entry.key for entry in mount([compiled["a"], compiled["b"]], apart=True)] == ["/a/v1", "/b/v2"]
