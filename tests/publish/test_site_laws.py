"""What holds for every site: links lead somewhere, ids are unique, twins say what pages say, two builds are equal."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import pytest
from markdown_it import MarkdownIt
from sites_in_memory import built, digest, flat, parse_html

if TYPE_CHECKING:
    from sites_in_memory import Built, Html

TESTS = Path(__file__).parents[1]
CONTRACTS = sorted([*(TESTS / "corpus/contracts").iterdir(), *(TESTS / "inference/contracts").iterdir()])
READER = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
CALLOUT = re.compile(r"\[!(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]")
CONSOLES = {f"{up}{path}/console.html" for path in ("talkover", "talkturo") for up in ("", "../en/")}
"""Pages that have no twin, as the portals name them."""
_WEB = ("http", "https", "mailto")


def flaws(files: dict[str, bytes]) -> list[str]:
    """Dead links, dead anchors, ids that are there twice, and what is loaded from elsewhere."""
    pages = {path: parse_html(content) for path, content in files.items() if path.endswith(".html")}
    found = []
    for path, page in pages.items():
        found += [f"{path}: id {one} twice" for one in set(page.ids) if page.ids.count(one) > 1]
        found += [f"{path}: loads {address}" for address in page.loads if urlsplit(address).scheme]
        if path != "404.html":
            found += [f"{path}: {link}" for link in (*page.links, *page.loads) if not _leads(link, path, files, pages)]
    return found


def _leads(link: str, here: str, files: dict[str, bytes], pages: dict[str, Html]) -> bool:
    parts = urlsplit(link)
    if parts.scheme in _WEB:
        return True
    target = normpath(join(dirname(here), unquote(parts.path))) if parts.path else here
    anchors = pages[target].ids if target in pages else []
    return not parts.scheme and target in files and (not parts.fragment or unquote(parts.fragment) in anchors)


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda one: f"{one.parts[-3]}-{one.stem}")
def test_every_link_of_any_contract_leads_somewhere(contract: Path) -> None:
    assert flaws(built(str(contract)).files) == []


def test_every_link_of_a_portal_leads_somewhere(vendors: Built) -> None:
    assert flaws(vendors.files) == []


def test_links_of_twins_lead_to_twins(vendors: Built) -> None:
    seen = 0
    for path, content in vendors.files.items():
        if path.endswith(".md"):
            page = parse_html(READER.render(content.decode()), is_open=True)
            inside = [link for link in page.links if not urlsplit(link).scheme and urlsplit(link).path]
            dead = [link for link in inside if normpath(join(dirname(path), urlsplit(link).path)) not in vendors.files]
            assert dead == []
            assert {link for link in inside if urlsplit(link).path.endswith(".html")} <= CONSOLES
            seen += len(inside)
    assert seen > 500


def disagreements(site: Built) -> dict[str, tuple[Counter[str], Counter[str]]]:
    """What a page says and its twin doesn't, and the other way, by path; the marks of callouts are no words."""
    found = {}
    for path in (page.path for page in site.builder.site.pages):
        twin = Counter(parse_html(READER.render(site.text(path)), is_open=True).words)
        page = Counter(parse_html(site.files[f"{path}.html"]).words)
        only = (page - twin, Counter({word: n for word, n in (twin - page).items() if not CALLOUT.fullmatch(word)}))
        if any(only):
            found[path] = only
    return found


def test_a_page_says_what_its_twin_says(vendors: Built) -> None:
    assert disagreements(vendors) == {}


def test_one_file_is_the_same_as_among_all(vendors: Built) -> None:
    for path in ("pt-BR/talkover/ops/createDid.html", "en/index.md", "openapi.json", "llms.txt", "llms-full.txt"):
        found = vendors.builder.file(path)
        assert (found.content if found else None) == vendors.files.get(path), path


def test_no_two_files_are_one_on_a_file_system_without_case(vendors: Built) -> None:
    assert len({path.casefold() for path in vendors.files}) == len(vendors.files)


def test_two_builds_are_equal_whatever_the_hash_seed_and_the_folder(tmp_path: Path) -> None:
    places = [tmp_path / name / "shop.yaml" for name in ("here", "there")]
    for place in places:
        place.parent.mkdir()
        place.write_bytes((TESTS / "corpus/contracts/shop.yaml").read_bytes())
    program = [sys.executable, "-c", f"from sites_in_memory import *; print(digest(built({str(places[0])!r})))"]
    settings = {"PYTHONHASHSEED": "1", "PYTHONPATH": str(Path(__file__).parent)}
    found = subprocess.run(program, check=True, capture_output=True, env=settings, text=True).stdout.strip()
    assert found == digest(built(str(places[1])))


def test_every_named_example_of_an_answer_has_a_link_that_asks_the_mock_for_it(vendors: Built) -> None:
    contract = next(iter(vendors.builder.publication.editions)).contract
    for operation in contract.operations:
        parts = flat(vendors.page(f"en/talkover/ops/{operation.id}"))
        shown = {(part.facts["name"], part.anchor) for part in parts if part.kind == "example"}
        asked = " ".join(part.text for part in parts if part.kind == "ask")
        for status, response in operation.responses.items():
            for media in response.value["content"].values():
                for name in media["examples"]:
                    assert (name, f"answer-{status}-{name.lower()}") in shown
                    assert (
                        f"operations/{operation.id}/answer?contract=talkover&status={status}&example={name})" in asked
                    )
