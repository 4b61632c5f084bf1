"""Links of descriptions that name places of the contract, as renderers of contracts call them, lead to those places."""

from __future__ import annotations

import re
from posixpath import join, normpath
from typing import TYPE_CHECKING, Any

import pytest
from sites_in_memory import parse_html
from test_site_laws import flaws

if TYPE_CHECKING:
    from collections.abc import Callable

    from sites_in_memory import Built

ABOUT = "# Errors\n\nWhat fails.\n\n## Too many\n\nWait.\n"
LEADS = {
    "#operation/getPet": "ops/getPet.html",
    "#tag/Big-pets": "groups/Big-pets.html",
    "#tag/Big-pets/operation/getPet": "ops/getPet.html",
    "#/operations/getPet": "ops/getPet.html",
    "#tag/Big-pets/paths/~1pets~1{id}/get": "ops/getPet.html",
    "#schema/Pet": "schemas/Pet.html",
    "#/components/schemas/Pet": "schemas/Pet.html",
    "#section/Errors": "index.html#errors",
    "#section/Errors/Too-many": "index.html#too-many",
    "#too-many": "index.html#too-many",
    "#give-a-pet-back": "ops/getPet.html",
    "/docs/api/pets#give-a-pet-back": "ops/getPet.html",
    "#api-pets-id-get": "ops/getPet.html",
    "#api-group-Big-pets": "groups/Big-pets.html",
    "e://getPet": "ops/getPet.html",
    "#own-heading": "#own-heading",
}
NOWHERE = ("#nothing", "#section/Nothing", "#operation/nothing", "#two-of-a-name", "../other.md", "x://y", "#")


@pytest.fixture
def site(publish_document: Callable[..., Built]) -> Built:
    links = [f"[to {place}]({place})" for place in (*LEADS, *NOWHERE)]
    told = "\n\n".join([*links, "`[x](#errors)`", "```\n[x](#errors)\n```", "## Own heading", "Here."])
    get: dict[str, Any] = {"operationId": "getPet", "tags": ["Big pets"], "summary": "Give a pet back"}
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}}
    get |= {"description": told, "responses": {"200": {"description": "See [it](#tag/Big-pets).", "content": content}}}
    twins = {name: {"operationId": name, "summary": "Two of a name", "responses": {}} for name in ("put", "post")}
    return publish_document(
        info={"title": "Pets", "version": "1", "description": ABOUT},
        paths={"/pets/{id}": {"get": get, **twins}},
        components={"schemas": {"Pet": {"type": "object", "description": "Fetched by [this](#operation/getPet)."}}},
    )


def test_a_name_of_a_place_leads_there_and_any_other_is_only_text(site: Built) -> None:
    twin = site.text("en/ops/getPet")
    found = dict(re.findall(r"\[to ([^\]]*)\]\(([^)]*)\)", twin))
    assert {place: normpath(join("en/ops", to)) for place, to in found.items()} == {
        place: normpath(join("en", leads if "/" in leads or "." in leads else f"ops/{leads}")).replace(".html", ".md")
        for place, leads in LEADS.items()
    }
    assert [place for place in NOWHERE if f"to {place}" not in twin] == []


def test_they_lead_there_in_pages_too_and_code_stays_as_it_is(site: Built) -> None:
    page = parse_html(site.files["en/ops/getPet.html"])
    assert {"../index.html#too-many", "../schemas/Pet.html", "../groups/Big-pets.html"} <= set(page.links)
    assert site.text("en/ops/getPet").count("[x](#errors)") == 2
    assert flaws(site.files) == []
