"""Descriptions are untrusted: whatever stands in them, what comes out is Markdown without HTML that loads nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from understudy.publish import prose

READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
PIECES = st.sampled_from(
    [
        *(
            "<script>alert(1)</script>",
            "<img src=x onerror=y>",
            "<b>",
            "</b>",
            "<br>",
            "<token>",
            "<!-- c -->",
            "<?x?>",
        ),
        *(
            "[a](javascript:x)",
            "[a](https://x.y/z)",
            "![i](https://x.y/i.png)",
            "[r]",
            "\n\n[r]: data:x\n",
            "](",
            "[",
            "]",
        ),
        *(
            "# H\n",
            "\n===\n",
            "\n---\n",
            "- i\n",
            "1. n\n",
            "> q\n",
            "```js\n",
            "~~~",
            "`",
            "``",
            "    code\n",
            "|a|b|\n",
        ),
        *(
            "|-|-|\n",
            "*",
            "**",
            "_",
            "a_b_c",
            "&lt;",
            "&amp;",
            "&#60;",
            "\\",
            "!",
            " ",
            "\n",
            "\n\n",
            "word",
            "é",
            "\x00",
        ),
        *(
            "https://x.y/(z)",
            "http://",
            "page:en/index",
            "](page:en/index)",
            "<p>",
            "<a href='javascript:x'>q</a>",
            "~~s~~",
        ),
        *(
            '<a href="https://x.y/">q</a>',
            "<svg/onload=x>",
            "<https://x.y/>",
            "<javascript:x>",
            "\ud800",
            "\ue0000\ue001",
        ),
        *("<ul><li>", "</li>", "<code>", "</code>", "<pre>", "</pre>", "<em>", "</em>", "<h2>", "<blockquote>"),
        *("<table><tr><th>", "<td>", "</table>", '<img src="https://x.y/i.png" alt="i|">', "<p>a\nb", "</p>", "x:"),
    ]
)


def faults(markdown: str) -> list[str]:
    """What a reader that takes HTML for HTML would find in it that should not be there."""
    found = []
    for token in READER.parse(markdown):
        for one in (token, *(token.children or ())):
            if one.type.startswith("html") or one.type in {"image", "heading_open"}:
                found.append(one.type)
            if one.type == "link_open" and not str(one.attrGet("href")).startswith(("http:", "https:", "mailto:", "#")):
                found.append(str(one.attrGet("href")))
    return found


@given(st.lists(PIECES, max_size=12).map("".join))
def test_nothing_harmful_is_left_of_any_description(text: str) -> None:
    cleaned = prose.clean(text)
    assert faults(cleaned) == []
    assert cleaned.encode().decode() == cleaned


@given(st.lists(PIECES, max_size=12).map("".join))
def test_cells_and_sentences_stay_on_one_line(text: str) -> None:
    for made in (prose.in_line(text), prose.plain(text), prose.opening(text)):
        assert "\n" not in made
    assert faults(prose.in_line(text)) == faults(prose.plain(text)) == []


@given(st.lists(PIECES, max_size=8).map("".join))
def test_code_holds_any_text(text: str) -> None:
    said = prose.one_line(text)
    tokens = READER.parse(prose.code(text))
    assert [one.content for one in tokens[1].children or ()] == [said or " "]
    fence = READER.parse(prose.fenced(text, "js"))
    assert [one.type for one in fence] == ["fence"]
    assert fence[0].content.rstrip("\n") == prose.printable(text).rstrip("\n")


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("Plain *text* with `code`.", "Plain *text* with `code`."),
        ("# One\ntwo", "**One**\n\ntwo"),
        ("Send `Bearer <token>`, or <token>.", "Send `Bearer <token>`, or \\<token>."),
        ("a<br>b", "a\\\nb"),
        ("See ![the map](https://x.y/m.png).", "See [the map](https://x.y/m.png)."),
        (
            "See [here](../other.md#x) and [there](javascript:alert(1)).",
            "See [here](#x) and \\[there\\](javascript:alert(1)).",
        ),
        ("At https://x.y/z, now.", "At [https://x.y/z](https://x.y/z), now."),
        ("<p>One <a href='https://x.y/'>link</a></p><p>two</p>", "One [link](https://x.y/)\n\ntwo"),
        ("<script>alert(1)</script>", ""),
        (
            "<p>One line\nof <code>a_b</code>, <b>bold</b>\nfor <token>.</p>\n\n<p>Two!</p>",
            "One line of `a_b`, **bold** for \\<token>.\n\nTwo!",
        ),
        ("<ul><li>a<li>b <ol><li>c</ol>\n\n<li>d</li></ul>", "- a\n- b\n\n  1. c\n- d"),
        ("<table><tr><th>A</th></tr>\n<tr><td>1|2<br>3</td></tr></table>", "| A |\n| --- |\n| 1\\|2 3 |"),
        ("<pre><code>if (a &lt; 1)\n  b();</code></pre>", "```\nif (a < 1)\n  b();\n```"),
        ("<h3>Title</h3>text <blockquote>said</blockquote>", "**Title**\n\ntext\n\n> said"),
        ('<p><img src="https://x.y/f.png" alt="Flow"></p>', "[Flow](https://x.y/f.png)"),
        ("Is <code>a|b</code>, <em>so</em> and <b>(so)</b>so.", "Is `a|b`, *so* and (so)so."),
        ("Ends here.<br>", "Ends here."),
        ("One\n\n<SecurityDefinitions />\n\n<div/>two<br/>three <token>", "One\n\ntwo\\\nthree \\<token>"),
        ("| a |\n|--|\n| x<br>y <nobr>`z`</nobr> |", "| a |\n| --- |\n| x y `z` |"),
        ("| a | b |\n|--|:-:|\n| 1 | x |", "| a | b |\n| --- | :-: |\n| 1 | x |"),
        ("1. a\n2. b\n   - c", "1. a\n2. b\n   - c"),
        ("[x](page:en/index)", "x"),
    ],
)
def test_what_is_meant_stays(text: str, cleaned: str) -> None:
    assert prose.clean(text) == cleaned


def test_a_line_has_the_items_it_announces_and_a_sentence_the_words_of_html() -> None:
    assert prose.in_line("Returned if:\n\n * it is `gone`.\n * it never was.\n\nMore.") == (
        "Returned if: it is `gone`; it never was"
    )
    assert prose.opening("<p>Makes a\n<code>thing</code> of a <b>kind</b>. And more.</p>") == "Makes a thing of a kind."


def test_headings_divide_a_description() -> None:
    first, second = prose.parts("Before.\n\n## One\n\ntext\n\n### Inner\n\ndeep\n\n## Two")[:2]
    assert (first.text, second.title, second.anchor) == ("Before.", "One", "one")
    assert [part.title for part in second.parts] == ["", "Inner"]


@pytest.mark.parametrize(
    ("text", "opening"),
    [
        ("Lists all pets of a shop. Also others.", "Lists all pets of a shop."),
        ("# Title\n\nThe `id` of *it*.", "The id of it."),
        ("word " * 100, ("word " * 40).strip() + " …"),
        ("", ""),
    ],
)
def test_the_opening_is_a_sentence(text: str, opening: str) -> None:
    assert prose.opening(text) == opening


@pytest.mark.parametrize(
    ("before", "unit", "after", "said"),
    [
        ("x ", "<a href='https://a.test/'>", "y", "x [y](https://a.test/)"),
        ("x ", "<b>", "y", "x y"),
        ("<div>", "<b>", "y", "y"),
        ("<div>", "<ul><li>", "y", "y"),
        ("<div>", "<a ", "&amp; y", "y"),
    ],
)
def test_tags_that_nothing_closes_end_nothing(before: str, unit: str, after: str, said: str) -> None:
    assert said in prose.clean(f"{before}{unit * 3000}{after}")
