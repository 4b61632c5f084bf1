"""How a document looks on paper, and that a file is written whole or not at all."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from understudy.contract.source import parse
from understudy.contract.writing import save, to_json, to_yaml
from understudy.errors import EnvironmentFailedError, UsageError


def test_yaml_is_block_style_in_order_with_literal_blocks() -> None:
    value = {
        "b": [{"x": 1, "y": []}, [1, [2]], {}],
        "a": "two\nlines\n",
        "c": "no\nend",
        "200": {"price": Decimal("1.00"), "none": None, "yes": True},
    }
    assert to_yaml(value) == (
        'b:\n  - x: 1\n    "y": []\n  - - 1\n    - - 2\n  - {}\n'
        "a: |\n  two\n  lines\nc: |-\n  no\n  end\n"
        '"200":\n  price: 1.00\n  none: null\n  "yes": true\n'
    )


def test_json_keeps_numbers_and_letters() -> None:
    assert to_json({"price": Decimal("1.00"), "é": [], "o": {"a": [1, "x\n"]}}) == (
        '{\n  "price": 1.00,\n  "é": [],\n  "o": {\n    "a": [\n      1,\n      "x\\n"\n    ]\n  }\n}\n'
    )


@pytest.mark.parametrize(
    "text", ["yes", "0415", "200", "2024-01-15", "1e3", "12:30", "null", "", "- a", "a: b", "a #", "=", "<<"]
)
def test_texts_that_look_like_something_else_are_quoted(text: str) -> None:
    assert to_yaml({"k": text}) == f'k: "{text}"\n'


@pytest.mark.parametrize(
    "text", ["plain words", "/paths/{id}", "application/json", "it's fine", "a:b", "user@example.com"]
)
def test_other_texts_are_plain(text: str) -> None:
    assert to_yaml({"k": text}) == f"k: {text}\n"


def test_a_quoted_merge_key_is_a_key() -> None:
    assert parse("x", b'"<<": {a: 1}\n').value == {"<<": {"a": 1}}
    assert parse("x", b"<<: {a: 1}\n").value == {"a": 1}


def test_shared_parts_are_written_twice_without_anchors() -> None:
    shared = {"x": 1}
    assert to_yaml({"a": shared, "b": shared}) == "a:\n  x: 1\nb:\n  x: 1\n"


def test_half_a_surrogate_pair() -> None:
    assert to_json({"a": "\ud800"}) == '{\n  "a": "\\ud800"\n}\n'
    with pytest.raises(UsageError, match="surrogate"):
        to_yaml({"a": "\ud800"})


def test_what_would_be_enormous_on_paper_is_refused() -> None:
    value: Any = {"x": 1}
    for _ in range(40):
        value = {"a": value, "b": value}
    with pytest.raises(UsageError, match="limit"):
        to_yaml(value)


def test_save_replaces_a_file_and_keeps_its_mode(tmp_path: Path) -> None:
    file = tmp_path / "out.yaml"
    file.write_text("old", encoding="utf-8")
    file.chmod(0o640)
    save(file, "new é\n")
    assert file.read_bytes() == "new é\n".encode()
    assert file.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [file]


def test_save_follows_a_link(tmp_path: Path) -> None:
    (tmp_path / "link.yaml").symlink_to(tmp_path / "real.yaml")
    save(tmp_path / "link.yaml", "text")
    assert (tmp_path / "link.yaml").is_symlink()
    assert (tmp_path / "real.yaml").read_text(encoding="utf-8") == "text"


def test_save_leaves_nothing_behind_when_it_fails(tmp_path: Path) -> None:
    (tmp_path / "directory").mkdir()
    with pytest.raises(EnvironmentFailedError, match="can't be written"):
        save(tmp_path / "directory", "text")
    assert [path.name for path in tmp_path.iterdir()] == ["directory"]


def test_save_writes_to_a_device_without_replacing_it() -> None:
    save(Path(os.devnull), "text")
    assert Path(os.devnull).is_char_device()
