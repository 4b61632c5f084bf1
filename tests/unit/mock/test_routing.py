"""A path finds its place in the trie, and only what lies on its way is looked at."""

from __future__ import annotations

import pytest

from understudy_mock import routing
from understudy_mock.routing import Router, template_names

TEMPLATES = (
    "/pets",
    "/pets/{id}",
    "/pets/mine",
    "/pets/{id}/toys/{toy}",
    "/pets/mine/toys",
    "/files/{name}.{extension}",
    "/files/{name}",
    "/files/v{version}.json",
    "/a/{x}/b",
    "/a/literal/c",
    "/caf\u00e9/{x}",
    "/",
)


@pytest.fixture
def router() -> Router[str]:
    made: Router[str] = Router()
    for template in TEMPLATES:
        made.add(template, "GET", template)
    return made


@pytest.mark.parametrize(
    ("path", "template", "values"),
    [
        ("/pets", "/pets", ()),
        ("/pets/7", "/pets/{id}", ("7",)),
        ("/pets/mine", "/pets/mine", ()),
        ("/pets/mine/toys", "/pets/mine/toys", ()),
        ("/pets/mine/toys/ball", "/pets/{id}/toys/{toy}", ("mine", "ball")),
        ("/files/a.txt", "/files/{name}.{extension}", ("a", "txt")),
        ("/files/a", "/files/{name}", ("a",)),
        ("/files/v12.json", "/files/v{version}.json", ("12",)),
        ("/a/literal/b", "/a/{x}/b", ("literal",)),
        ("/a/literal/c", "/a/literal/c", ()),
        ("/p%65ts/7", "/pets/{id}", ("7",)),
        ("/pets/a%2Fb", "/pets/{id}", ("a%2Fb",)),
        ("/caf%C3%A9/x", "/caf\u00e9/{x}", ("x",)),
        ("/", "/", ()),
    ],
)
def test_a_path_finds_its_template(router: Router[str], path: str, template: str, values: tuple[str, ...]) -> None:
    match = router.find(path)
    assert match is not None
    assert (match.methods, match.values) == ({"GET": template}, values)


@pytest.mark.parametrize("path", ["/pet", "/pets/", "/pets/7/toys", "/PETS", "//pets", "/a/x", "/files/", "", "/a//b"])
def test_other_paths_find_nothing(router: Router[str], path: str) -> None:
    assert router.find(path) is None


def test_methods_of_one_path_stand_together_whatever_their_templates_are_called() -> None:
    router: Router[int] = Router()
    assert router.add("/pets/{id}", "GET", 1)
    assert router.add("/pets/{petId}", "PUT", 2)
    assert not router.add("/pets/{other}", "GET", 3)
    match = router.find("/pets/7")
    assert match is not None
    assert match.methods == {"GET": 1, "PUT": 2}
    assert router.templates() == 1


def test_a_template_that_has_no_method_is_no_place() -> None:
    router: Router[int] = Router()
    router.add("/a/b/c", "GET", 1)
    assert router.find("/a/b") is None
    assert router.templates() == 1


def test_names_of_templates_in_order() -> None:
    assert template_names("/a/{b}/{c}.{d}") == ["b", "c", "d"]


def steps(monkeypatch: pytest.MonkeyPatch, count: int) -> int:
    """Count how many nodes one look-up visits among so many paths."""
    router: Router[int] = Router()
    for number in range(count):
        router.add(f"/resource-{number}/{{id}}/parts/{{part}}", "GET", number)
    visits = 0
    search = routing._search  # noqa: SLF001 - counting its calls is the point

    def counted(*arguments: object) -> object:
        nonlocal visits
        visits += 1
        return search(*arguments)  # type: ignore[arg-type] # as the test has them

    monkeypatch.setattr(routing, "_search", counted)
    match = router.find(f"/resource-{count // 2}/a/parts/b")
    monkeypatch.undo()
    assert match is not None
    assert match.methods == {"GET": count // 2}
    return visits


def test_the_cost_of_a_look_up_does_not_depend_on_the_number_of_paths(monkeypatch: pytest.MonkeyPatch) -> None:
    assert steps(monkeypatch, 2) == steps(monkeypatch, 2000) == 5
