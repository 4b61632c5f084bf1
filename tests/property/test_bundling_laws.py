"""Laws of bundling and of writing: what is written reads back equal, and a bundle's bundle is that bundle."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from understudy.contract.files import shipped
from understudy.contract.loading import load
from understudy.contract.source import parse
from understudy.contract.writing import FORMATS

if TYPE_CHECKING:
    from pathlib import Path

TRAPS = (
    *(
        "",
        " ",
        "yes",
        "No",
        "on",
        "y",
        "null",
        "~",
        "true",
        "0415",
        "200",
        "1.00",
        "1e3",
        "0x1F",
        "0o17",
        "1_000",
        "12:30:45",
    ),
    *(
        "2024-01-15",
        "2024-01-15T10:30:00Z",
        ".inf",
        "-.Inf",
        ".nan",
        "=",
        "<<",
        "- a",
        "? a",
        "a: b",
        "a:",
        "a #b",
        "#a",
    ),
    *(
        "[a]",
        "{a}",
        "*a",
        "&a",
        "!a",
        "|",
        ">",
        "@a",
        "`a",
        "%a",
        '"',
        "'",
        "a\nb",
        "a\nb\n",
        "a\n\n",
        "\n",
        "\na",
        " a\nb",
    ),
    *(
        "a\n  b\n",
        "a \nb",
        "a\r\nb",
        "a\tb",
        "\ta\nb",
        "---",
        "...",
        "a\n---\nb",
        "\u2028",
        "\x85",
        "\ufeff",
        "\x7f",
        "é",
        "😀",
    ),
    *("a\u00a0\nb", "k" * 2000, "+14155550101", "/paths/{id}", "application/json", "^\\+[1-9]\\d{6,14}$"),
)
CHARACTERS = st.characters(codec="utf-8")
STRINGS = st.sampled_from(TRAPS) | st.text(CHARACTERS) | st.text(st.sampled_from(" \n\ta:-#'\"\\|"), max_size=12)
NUMBERS = st.integers() | st.decimals(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | STRINGS,
    lambda children: st.lists(children, max_size=4) | st.dictionaries(STRINGS, children, max_size=4),
    max_leaves=25,
)


def exactly(value: Any) -> Any:
    """Make equality see what JSON sees: `True` is not `1`, `1.00` not `1.0`, and the order of keys counts."""
    if isinstance(value, dict):
        return "object", [(key, exactly(item)) for key, item in value.items()]
    if isinstance(value, list):
        return "array", [exactly(item) for item in value]
    return (type(value).__name__, str(value)) if isinstance(value, bool | int | Decimal) else value


@pytest.mark.parametrize("form", FORMATS)
@given(value=st.dictionaries(STRINGS, VALUES, max_size=4) | st.lists(VALUES, max_size=3))
def test_what_is_written_reads_back_equal(form: str, value: Any) -> None:
    value = _integral(value)
    text = FORMATS[form](value)
    again = parse("written", text.encode()).value
    assert exactly(again) == exactly(value)
    assert FORMATS[form](again) == text


@given(value=st.dictionaries(st.sampled_from(TRAPS), st.sampled_from(TRAPS), max_size=8))
def test_a_yaml_1_1_reader_takes_every_text_for_text(value: dict[str, str]) -> None:
    assert yaml.safe_load(FORMATS["yaml"]({"texts": value})) == {"texts": value}


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", sorted(shipped()))
def test_bundle_of_bundle_is_bundle(name: str, form: str, tmp_path: Path) -> None:
    file = tmp_path / f"bundle.{form}"
    file.write_text(FORMATS[form](load(name).document), encoding="utf-8")
    assert FORMATS[form](load(str(file)).document) == file.read_text(encoding="utf-8")


def _integral(value: Any) -> Any:
    """A Decimal without fraction and exponent is written, and read, as an integer."""
    if isinstance(value, dict):
        return {key: _integral(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_integral(item) for item in value]
    if isinstance(value, Decimal) and str(value).lstrip("-").isdecimal():
        return int(value)
    return value
