"""Callouts as on GitHub: a quotation that begins with `[!NOTE]` or the like stands out, in the words of its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from understudy.publish import prose
from understudy.publish.look.templating import environment

if TYPE_CHECKING:
    from collections.abc import Callable

    from sites_in_memory import Built


def block(text: str, language: str) -> str:
    return str(environment(language).filters["block"](prose.clean(text), 2))


@pytest.mark.parametrize(
    ("kind", "language", "label"),
    [("NOTE", "en", "Note"), ("Tip", "de", "Tipp"), ("IMPORTANT", "pt-BR", "Importante"), ("caution", "fr", "Caution")],
)
def test_a_callout_has_its_label_in_the_language_of_the_page(kind: str, language: str, label: str) -> None:
    html = block(f"> [!{kind}]\n> Mind *this*.\n>\n> And that.", language)
    assert f">{label}</p>" in html
    assert f"alert-{kind.lower()}" in html
    assert "<p>Mind <em>this</em>.</p>" in html
    assert "[!" not in html
    assert "blockquote" not in html


@pytest.mark.parametrize("text", ["> [!NOTE] and more", "> [!OTHER]\n> x", "> x\n> [!NOTE]", "[!NOTE]", "> `[!NOTE]`"])
def test_what_only_looks_like_a_callout_is_none(text: str) -> None:
    html = block(text, "en")
    assert 'role="note"' not in html
    assert ("[!OTHER]" if "OTHER" in text else "[!NOTE]") in html


def test_the_twin_keeps_the_mark(publish_document: Callable[..., Built]) -> None:
    told = {
        "get": {"operationId": "a", "description": "> [!WARNING]\n> Mind.", "responses": {"204": {"description": "x"}}}
    }
    built = publish_document(paths={"/a": told})
    assert "\n> [!WARNING]\n> Mind.\n" in built.text("en/ops/a")
    assert ">Warning</p>" in built.files["en/ops/a.html"].decode()
