"""Names of files and links between them: safe everywhere, and relative."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.publish.linking import link, page, relative, resolve, resolve_all
from understudy.publish.naming import file_names, slug

NASTY = [
    "a/b",
    "a-b",
    "..",
    ".",
    "",
    "CON",
    "con.txt",
    "Get",
    "get",
    "GET",
    "🎉",
    "ünï",
    "x" * 300,
    "x" * 301,
    "index",
    "-x",
]


@given(st.lists(st.one_of(st.sampled_from(NASTY), st.text(max_size=8)), max_size=20))
def test_file_names_are_safe_and_differ_in_more_than_case(names: list[str]) -> None:
    made = file_names(names)
    assert set(made) == set(names)
    assert len({name.casefold() for name in made.values()}) == len(made)
    for name in made.values():
        assert name.isascii()
        assert 0 < len(name) <= 80
        assert not set(name) & set('/\\:*?"<>| \0')
        assert name[0] not in ".-"
        assert name.split(".")[0].lower() not in ("con", "nul", "aux", "prn", "index")


def test_good_names_stay() -> None:
    assert file_names(["listPets", "pets/get", "v1.Pet"]) == {
        "listPets": "listPets",
        "pets/get": "pets-get",
        "v1.Pet": "v1.Pet",
    }


def test_names_of_others_are_not_taken() -> None:
    assert file_names(["assets"], ["assets"])["assets"] != "assets"


def test_a_slug_is_never_empty() -> None:
    assert slug("Rate limits!") == "rate-limits"
    assert slug("日本").startswith("x-")


@pytest.mark.parametrize(
    ("address", "html", "markdown"),
    [
        (page("en/index"), "../index.html", "../index.md"),
        (page("en/ops/b", "answer-404"), "b.html#answer-404", "b.md#answer-404"),
        (page("en/ops/a", "x"), "#x", "#x"),
        (page("de/ops/a"), "../../de/ops/a.html", "../../de/ops/a.md"),
        ("site:openapi.json", "../../openapi.json", "../../openapi.json"),
        ("https://x.y/", "https://x.y/", "https://x.y/"),
    ],
)
def test_addresses_are_relative_to_where_they_stand(address: str, html: str, markdown: str) -> None:
    assert resolve(address, "en/ops/a") == html
    assert resolve_all(link("t", address), "en/ops/a") == f"[t]({markdown})"


def test_code_is_left_alone() -> None:
    text = "`](page:a)` and\n\n```\n](page:a)\n```\n\n[t](page:a)"
    assert resolve_all(text, "b") == "`](page:a)` and\n\n```\n](page:a)\n```\n\n[t](a.md)"


def test_a_file_beside_is_named_by_its_name() -> None:
    assert relative("en/a.html", "en/b") == "a.html"
