import re
from html import unescape

import pytest
from markupsafe import escape

from understudy.publish.look import Frame, framed, render
from understudy.publish.look.chooser import chooser
from understudy.publish.look.colouring import MOST_COLOURED, coloured
from understudy.publish.look.layout import lay_out
from understudy.publish.look.markdown import block, inline
from understudy.publish.look.navigation import navigation
from understudy.publish.page import Book, Entry, Group, Page, Part, Site


def page(*parts: Part, **more: object) -> str:
    made = Page("en/ops/getPet", "operation", "en", "Get a pet", "", parts, **more)  # type: ignore[arg-type] # as Page
    return render(made, Site("Pets", ("en",), (), (made,))).decode()


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("plain & simple", "plain &amp; simple"),
        ("a `code` b", "a <code>code</code> b"),
        ("<b>no</b>", "&lt;b&gt;no&lt;/b&gt;"),
        ("[x](javascript:alert(1))", "[x](javascript:alert(1))"),
        ("![seen](https://example.com/x.png)", '<a href="https://example.com/x.png" rel="noreferrer">seen</a>'),
        ("[home](page:en/index#top)", '<a href="page:en/index#top">home</a>'),
    ],
)
def test_a_line_of_markdown_is_html_that_does_no_harm(text: str, html: str) -> None:
    assert inline(text) == html


def test_headings_of_a_text_begin_below_the_page_s_and_leave_none_out() -> None:
    assert re.findall(r"<h\d>", block("# a\n\n#### b\n\n# c", 3)) == ["<h3>", "<h4>", "<h3>"]


@pytest.mark.parametrize("code", ['{"a": [1.50, true, "<b>\\"&"], "": null}', "not json at all", '{"open', ""])
def test_colours_change_no_letter(code: str) -> None:
    for language in ("json", "bash", "no such language"):
        assert unescape(re.sub(r"</?span[^>]*>", "", coloured(code, language))) == code


def test_a_name_a_value_and_a_number_have_colours_of_their_own() -> None:
    assert coloured('{"a": ["b", 1, null]}', "json") == (
        '{<span class="nt">&#34;a&#34;</span>: [<span class="s2">&#34;b&#34;</span>, '
        '<span class="mi">1</span>, <span class="kc">null</span>]}'
    )


def test_what_is_too_long_has_no_colours() -> None:
    assert coloured("1 " * MOST_COLOURED, "json") == "1 " * MOST_COLOURED


def test_links_are_relative_to_where_the_page_stands() -> None:
    html = page(Part("prose", text="[a](page:en/ops/getPet#x) [b](page:de/index) [c](site:openapi.json)"))
    assert 'href="#x"' in html
    assert 'href="../../de/index.html"' in html
    assert 'href="../../openapi.json"' in html


def test_what_stands_aside_is_lifted_with_the_status_it_belongs_to() -> None:
    shown = Part("example", title="One", text="```json\n1\n```", is_aside=True)
    answers = Part(
        "answers", title="Answers", parts=(Part("answer", title="`200` Yes", parts=(shown,), facts={"status": "200"}),)
    )
    layout = lay_out([Part("prose", text="Before"), answers, Part("prose", text="After")])
    assert [part.kind for part in layout.head] == ["prose"]
    assert layout.aside[0].parts[0].facts == {"status": "200"}
    assert layout.aside[0].parts[0].parts == (shown,)
    assert layout.rest[0].parts[0].parts == ()
    assert [part.text for part in layout.rest[1:]] == ["After"]


def test_a_big_group_is_written_out_on_one_page_only() -> None:
    entries = tuple(Entry(f"Schema {number}", f"en/schemas/{number}") for number in range(500))
    small = Group("Pets", (Entry("Get", "en/ops/get"),), "en/groups/pets")
    book = Book("pets", "Pets", "1", "en", "en/index", (small, Group("Schemas", entries)))
    at_first, inside = navigation(book, "en/schemas/0"), navigation(book, "en/schemas/250")
    assert at_first.sections[1].entries == entries
    assert entries[250] in inside.sections[1].entries
    assert len(inside.sections[1].entries) < 100
    assert inside.sections[0].entries == ()


def test_long_names_in_code_may_break_where_their_words_end() -> None:
    assert inline("`RELEASE_ALREADY_PENDING`") == "<code>RELEASE_<wbr>ALREADY_<wbr>PENDING</code>"
    assert inline("`phone_number`") == "<code>phone_number</code>"


def test_an_operation_in_a_list_says_its_method_once() -> None:
    facts = {"method": "GET", "path": "/pets/{id}"}
    html = page(Part("cards", parts=(Part("card", title="[Get](#x)", text="`GET /pets/{id}`", facts=facts),)))
    assert '<span class="method get">GET</span> <span class="path">' in html
    assert html.count("GET") == 1


def test_what_else_holds_of_a_field_is_told_apart_from_its_description() -> None:
    limits = Part("prose", text="not empty", facts={"says": "limits"})
    html = page(Part("fields", parts=(Part("field", title="`a`", text="A name.", parts=(limits,)),)))
    assert '<div class="prose limits"><div class="text"><p>not empty</p>' in html


def test_a_page_introduces_itself_to_whom_it_is_shared_with() -> None:
    made = Page("en/ops/getPet", "operation", "en", "Get a <pet>", 'All of "it".', ())
    html = render(made, Site("Pets", ("en",), (), (made,), base_url="https://docs.example.com")).decode()
    assert '<meta property="og:title" content="Get a &lt;pet&gt;">' in html
    assert '<meta name="description" property="og:description" content="All of &#34;it&#34;.">' in html
    assert '<meta property="og:url" content="https://docs.example.com/en/ops/getPet.html">' in html


@pytest.mark.parametrize(("languages", "leads_on"), [(("en",), True), (("en", "de"), False)])
def test_where_there_is_one_language_nobody_is_asked_for_it(languages: tuple[str, ...], leads_on: bool) -> None:
    html = chooser(Site("Pets", languages, (), ())).content.decode()
    assert ('http-equiv="refresh" content="0; url=en/index.html"' in html) is leads_on
    assert 'href="en/index.html"' in html


def test_a_page_of_another_middle_has_the_same_frame() -> None:
    html = framed(
        Frame("en/console", "en", "Console", policy="default-src 'self'"), Site("Pets", ("en",), (), ()), escape("<x>")
    ).decode()
    assert "&lt;x&gt;" in html
    assert "default-src &#39;self&#39;" in html
    assert 'href="../assets/site.css"' in html


def test_a_small_object_is_open_whatever_is_said_of_its_fields() -> None:
    limits = Part("prose", text="not empty", facts={"says": "limits"})
    few = tuple(Part("field", title=f"`{name}`", parts=(limits,)) for name in "abcdefgh")
    html = page(Part("fields", parts=(Part("field", title="`data`", parts=few),)))
    assert '<details class="inner" open>' in html
