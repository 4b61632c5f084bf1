"""A regular expression gets a text that it matches."""

from __future__ import annotations

import random
import re

import pytest

from understudy_mock.patterns import example

PATTERNS = (
    r"^[A-Z]{3}-\d{4}$",
    r"^\+[1-9]\d{6,14}$",
    r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$",
    r"^(red|green|blue)$",
    r"^(?:a|b)+c?$",
    r"^[^a-y]$",
    r"^[^\s]{3}$",
    r"^\w+@\w+\.com$",
    r"^a.c$",
    r"^([ab])\1$",
    r"^\s\S$",
    r"^x{0}y*$",
    r"^[\d\-_]{4,}$",
    r"^\D\W$",
    r"^\u00e9\Z",
    r"^a+?b{2}$",
    r"",
)


def made(pattern: str, seed: int) -> str:
    return example(pattern, random.Random(seed))  # noqa: S311 - not a secret


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("seed", range(5))
def test_the_text_matches(pattern: str, seed: int) -> None:
    assert re.search(pattern, made(pattern, seed))


@pytest.mark.parametrize("pattern", ["(", r"\p{Lu}", "[z-a]", "(?<n", "a{2,1}", "(" * 5000 + ")" * 5000])
def test_what_can_not_be_read_gives_the_empty_text(pattern: str) -> None:
    assert made(pattern, 0) == ""


def test_the_same_chance_makes_the_same_text() -> None:
    assert made(PATTERNS[1], 7) == made(PATTERNS[1], 7)


@pytest.mark.parametrize(
    ("pattern", "shortest", "longest"),
    [("^[A-Za-z0-9-]+$", 8, 64), ("^a*$", 100, 100), ("^x[0-9]{2,}(-[a-z]+)?$", 20, 40), ("^[a-z]*$", 0, 2)],
)
def test_a_text_is_as_long_as_it_has_to_be(pattern: str, shortest: int, longest: int) -> None:
    for seed in range(50):
        made = example(pattern, random.Random(seed), shortest, longest)  # noqa: S311 - no secret
        assert re.search(pattern, made)
        assert shortest <= len(made) <= longest
