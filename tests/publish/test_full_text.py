"""The index of every word: the same each time, and at hand for a preview once the folder is written."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from understudy.cli.publish import Options, plan
from understudy.publish.build import Builder
from understudy.publish.site import Publication

if TYPE_CHECKING:
    from pathlib import Path

CONTRACT = 'openapi: 3.1.0\ninfo: {title: Milk, version: "1", description: Whatever a dairy gives.}\npaths: {}\n'


@pytest.fixture
def builder(tmp_path: Path) -> Builder:
    pytest.importorskip("pagefind")
    (tmp_path / "milk.yaml").write_text(CONTRACT, "utf-8")
    options = Options((str(tmp_path / "milk.yaml"),), tmp_path / "site", full_text=True)
    return Builder(Publication(plan(options)))


def test_the_index_is_the_same_each_time_and_can_be_asked_for_by_path(builder: Builder) -> None:
    assert builder.file("pagefind/pagefind.js") is None
    first = {file.path: file for file in builder.files() if file.path.startswith("pagefind/")}
    again = replace(builder, _kept={})
    assert first == {file.path: file for file in again.files() if file.path.startswith("pagefind/")}
    assert "pagefind/pagefind.js" in first
    assert {path: builder.file(path) for path in first} == first
