"""Somebody who is new follows links from the first page, in a language, to the answer they look for."""

from __future__ import annotations

from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import pytest
from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from sites_in_memory import Built

READER = MarkdownIt("commonmark").enable("table")


def followed(site: Built, path: str, words: str) -> str:
    """Click the first link of a page whose text begins with these words; gives the path of the page it leads to."""
    for block in READER.parse(site.text(path)):
        inside = block.children or []
        for index, token in enumerate(inside):
            if token.type == "link_open" and inside[index + 1].content.startswith(words):
                target = unquote(urlsplit(str(token.attrs["href"])).path)
                return normpath(join(dirname(path), target)).removesuffix(".md")
    raise AssertionError(f"no link `{words}` on {path}")


@pytest.mark.parametrize(
    ("language", "steps", "said", "answer"),
    [
        (
            "pt-BR",
            ("API da Talkover", "Solicitar a liberação"),
            "Enquanto houver uma solicitação de liberação pendente para este número, uma segunda é recusada.",
            "requestPhoneRelease/answer?contract=talkover&status=409&example=alreadyPending",
        ),
        (
            "de",
            ("Talkturo-API", "Telefonnummer kaufen"),
            "Hat ein Team bereits so viele Nummern, wie sein Tarif erlaubt, wird ihm eine weitere verweigert.",
            "purchasePhoneNumber/answer?contract=talkturo&status=403&example=planLimitReached",
        ),
    ],
)
def test_what_happens_in_a_case_is_found(
    vendors: Built, language: str, steps: tuple[str, ...], said: str, answer: str
) -> None:
    assert f'href="{language}/index.html"' in vendors.files["index.html"].decode()
    path = f"{language}/index"
    for words in steps:
        path = followed(vendors, path, words)
    text = vendors.text(path)
    assert said in text
    after = text.partition(said)[2]
    assert f"http://127.0.0.1:4010/__understudy__/operations/{answer})" in after
