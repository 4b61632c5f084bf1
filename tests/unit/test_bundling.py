"""Many files become one document whose parts know where they were written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from understudy.contract.loading import load
from understudy.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from understudy.contract.model import Contract

HEAD = 'openapi: 3.1.0\ninfo: {title: x, version: "1"}\n'


def contract(folder: Path, **files: str) -> Contract:
    """Write files, `__` in a name standing for a slash, and load the one called openapi."""
    for name, text in files.items():
        path = folder / (name.replace("__", "/") + ".yaml")
        path.parent.mkdir(exist_ok=True)
        path.write_text(HEAD + text if name == "openapi" else text)
    return load(str(folder))


def refused(folder: Path, **files: str) -> tuple[str, int]:
    with pytest.raises(InputError) as caught:
        contract(folder, **files)
    place = caught.value.finding.location
    assert place
    assert caught.value.remedy
    return caught.value.finding.rule, place.line


def test_a_path_item_is_inlined_and_a_schema_keeps_its_name(tmp_path: Path) -> None:
    made = contract(
        tmp_path,
        openapi="paths:\n  /a: {$ref: paths/a.yaml}\ncomponents:\n  schemas:\n    Pet: {$ref: schemas/pet.yaml}\n",
        paths__a="get:\n  responses:\n    '200':\n      description: x\n"
        "      content: {application/json: {schema: {$ref: ../schemas/pet.yaml}}}\n",
        schemas__pet="properties:\n  other: {$ref: '#'}\n  tag: {$ref: tag.yaml}\n",
        schemas__tag="type: string\n",
    )
    assert "$ref" not in made.document["paths"]["/a"]
    content = made.document["paths"]["/a"]["get"]["responses"]["200"]["content"]
    assert content["application/json"]["schema"] == {"$ref": "#/components/schemas/Pet"}
    pet = made.document["components"]["schemas"]["Pet"]["properties"]
    assert pet == {"other": {"$ref": "#/components/schemas/Pet"}, "tag": {"$ref": "#/components/schemas/tag"}}


def test_every_part_knows_its_file_and_line(tmp_path: Path) -> None:
    made = contract(
        tmp_path,
        openapi="paths:\n  /a: {$ref: paths/a.yaml}\n",
        paths__a="get:\n  responses:\n    '200':\n      description: x\n      content:\n        application/json:\n"
        "          examples: {one: {externalValue: ../one.yaml}}\n",
        one="a: 1\nb: [2, 3]\n",
    )
    response = ("paths", "/a", "get", "responses", "200")
    assert str(made.location((*response, "description"))).endswith("paths/a.yaml:4:20")
    assert str(made.location((*response, "description"), of_key=True)).endswith("paths/a.yaml:4:7")
    inside = (*response, "content", "application/json", "examples", "one", "value", "b", 1)
    assert str(made.location(inside)).endswith("one.yaml:2:8")
    assert made.location(inside).pointer == "/b/1"
    assert str(made.location(("info", "title"))).endswith("openapi.yaml:2:15")


def test_two_files_of_one_name_become_two_components(tmp_path: Path) -> None:
    made = contract(
        tmp_path,
        openapi="paths: {}\ncomponents:\n  schemas:\n"
        "    A: {properties: {x: {$ref: a/item.yaml}, y: {$ref: b/item.yaml}}}\n",
        a__item="type: string\n",
        b__item="type: integer\n",
    )
    schemas = made.document["components"]["schemas"]
    assert (schemas["item"], schemas["item2"]) == ({"type": "string"}, {"type": "integer"})


def test_a_reference_inside_an_example_is_data(tmp_path: Path) -> None:
    text = "paths: {}\ncomponents: {examples: {one: {value: {$ref: nowhere.yaml}}}}\n"
    assert contract(tmp_path, openapi=text).document["components"]["examples"]["one"]["value"] == {
        "$ref": "nowhere.yaml"
    }


@pytest.mark.parametrize(
    ("reference", "rule"),
    [
        ("nowhere.yaml", "reference-missing"),
        ("'#/components/schemas/None'", "reference-missing"),
        ("'#/components/schemas/A'", "reference-ring"),
        ("'#anchor'", "reference-missing"),
        ("../outside.yaml", "reference-outside"),
        ("/etc/passwd", "reference-outside"),
        ("file:///etc/passwd", "reference-missing"),
        ("https://elsewhere.test/a.yaml", "reference-outside"),
        ("'a%00b.yaml'", "reference-outside"),
    ],
)
def test_references_that_are_refused(reference: str, rule: str, tmp_path: Path) -> None:
    text = f"paths: {{}}\ncomponents:\n  schemas:\n    A:\n      $ref: {reference}\n"
    assert refused(tmp_path, openapi=text) == (rule, 7)


def test_a_link_out_of_the_directory_is_followed_before_it_is_judged(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "secret.yaml").write_text("type: string\n")
    (inner / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    text = "paths: {}\ncomponents:\n  schemas:\n    A: {$ref: link.yaml}\n"
    assert refused(inner, openapi=text)[0] == "reference-outside"


def test_a_ring_is_one_whatever_stands_beside_the_references(tmp_path: Path) -> None:
    text = (
        "paths: {}\ncomponents:\n  schemas:\n    A: {$ref: '#/components/schemas/B', description: x}\n"
        "    B: {$ref: '#/components/schemas/A', title: y}\n"
    )
    assert refused(tmp_path, openapi=text) == ("reference-ring", 6)


def test_path_items_may_not_contain_themselves(tmp_path: Path) -> None:
    text = "paths:\n  /a: {$ref: a.yaml}\n"
    callback = "post: {callbacks: {c: {'{$url}': {$ref: a.yaml}}}}\n"
    assert refused(tmp_path, openapi=text, a=callback)[0] == "reference-ring"


def test_discriminator_mappings_are_references_too(tmp_path: Path) -> None:
    made = contract(
        tmp_path,
        openapi="paths: {}\ncomponents:\n  schemas:\n    Pet:\n      discriminator:\n        propertyName: kind\n"
        "        mapping: {c: cat.yaml, d: Dog}\n    Dog: {}\n",
        cat="type: object\n",
    )
    mapping = made.document["components"]["schemas"]["Pet"]["discriminator"]["mapping"]
    assert mapping == {"c": "#/components/schemas/cat", "d": "Dog"}
    assert made.document["components"]["schemas"]["cat"] == {"type": "object"}


def test_operations_know_what_they_inherit(tmp_path: Path) -> None:
    made = contract(
        tmp_path,
        openapi="servers: [{url: 'https://x.test/{v}/', variables: {v: {default: v2}}}]\nsecurity: [{t: []}]\npaths:\n"
        "  /a:\n    parameters: [{name: p, in: query, example: 1}, {name: q, in: query}]\n"
        "    get:\n      parameters: [{name: p, in: query, example: 2}]\n"
        "      responses: {'200': {$ref: '#/components/responses/R'}}\n"
        "    post: {operationId: b, security: []}\n"
        "components: {responses: {R: {description: x}}}\n",
    )
    first, second = made.operations
    assert (first.id, second.id, made.base_path) == ("GET /a", "b", "/v2")
    assert [placed.value.get("example") for placed in first.parameters] == [2, None]
    assert first.responses["200"].tokens == ("components", "responses", "R")
    assert (first.security, second.security) == (({"t": []},), ())


def test_a_directory_without_a_contract_does_not_hide_a_shipped_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "talkover").mkdir()
    monkeypatch.chdir(tmp_path)
    assert load("talkover").document["info"]["title"] == "Talkover API"
    (tmp_path / "talkover" / "openapi.yaml").write_text('openapi: 3.1.0\ninfo: {title: Mine, version: "1"}\n')
    assert load("talkover").document["info"]["title"] == "Mine"
