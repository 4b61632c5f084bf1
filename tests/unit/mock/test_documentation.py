"""What a mock says of itself: its pages, handed in by whoever starts it, and its contracts with its own address."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from understudy_mock.app import mock_app
from understudy_mock.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Mocked, Read, Serve
    from understudy_mock.app import MockApp
    from understudy_mock.mounting import Mount

PETS = """\
    servers: [{url: https://api.example.com/v1}]
    paths:
      /pets:
        servers: [{url: https://pets.example.com}]
        get:
          operationId: listPets
          servers: [{url: https://cats.example.com}]
          responses: {"200": {description: x, content: {application/json: {example: 1.00}}}}
    """
FILES = {
    "index.html": b"<h1>choose</h1>",
    "en/index.html": b"<h1>pets</h1>",
    "en/ops/listPets.md": b"# pets",
    "assets/mock.js": b"1",
    "404.html": b"<h1>no</h1>",
}


class Shelf:
    """Counts how often it was filled and asked."""

    def __init__(self) -> None:
        self.filled: list[str] = []
        self.asked: list[tuple[str, str]] = []

    def __call__(self, mounts: tuple[Mount, ...]) -> Shelf:
        self.filled.append(",".join(mount.compiled.name for mount in mounts))
        return self

    def find(self, path: str, origin: str) -> bytes | None:
        self.asked.append((path, origin))
        return FILES.get(path)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def playing(mocked: Serve) -> Callable[[MockApp], Mocked]:
    """Ask any mock as the one that `mocked` makes is asked."""
    return lambda app: replace(mocked(PETS), app=app)


@pytest.fixture
def documented(contract: Read, shelf: Shelf, playing: Callable[[MockApp], Mocked]) -> Mocked:
    return playing(mock_app([contract(PETS)], Settings(), library=shelf))


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        ("/__docs/", 200, "text/html; charset=utf-8"),
        ("/__docs/en/", 200, "text/html; charset=utf-8"),
        ("/__docs/en/ops/listPets.md", 200, "text/markdown; charset=utf-8"),
        ("/__docs/assets/mock.js", 200, "text/javascript; charset=utf-8"),
        ("/__docs/en/nothing.html", 404, "text/html; charset=utf-8"),
        ("/__docs/../index.html", 404, "text/html; charset=utf-8"),
        ("/__docs//index.html", 404, "text/html; charset=utf-8"),
    ],
)
def test_a_file_is_found_by_its_path_alone(documented: Mocked, path: str, status: int, kind: str) -> None:
    told = documented.ask(f"GET {path}")
    assert (told.status, told.headers["content-type"]) == (status, kind)
    assert told.headers["x-content-type-options"] == "nosniff"
    head = documented.ask(f"HEAD {path}")
    assert (head.status, head.headers, head.body) == (status, told.headers, b"")


def test_a_folder_ends_with_a_slash(documented: Mocked) -> None:
    assert (documented.ask("GET /__docs").status, documented.ask("GET /__docs").headers["location"]) == (308, "__docs/")
    assert documented.ask("GET /__docs/en").headers["location"] == "en/"


def test_a_page_that_the_browser_has_is_not_sent_again(documented: Mocked) -> None:
    told = documented.ask("GET /__docs/")
    assert told.headers["cache-control"] == "no-cache"
    again = documented.ask("GET /__docs/", if_none_match=told.headers["etag"])
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", told.headers["etag"])
    assert documented.ask("GET /__docs/", if_none_match='"other"').status == 200
    assert documented.ask("GET /__docs/en/").headers["etag"] != told.headers["etag"]


@pytest.mark.parametrize("path", ["/__docs/", "/openapi.json"])
def test_nobody_writes_here(documented: Mocked, path: str) -> None:
    told = documented.ask(f"POST {path}", {"a": 1})
    assert (told.status, told.headers["allow"]) == (405, "GET, HEAD")


def test_the_shelf_is_filled_when_somebody_asks_and_again_for_other_contracts(
    documented: Mocked, contract: Read, shelf: Shelf
) -> None:
    documented.ask("GET /pets")
    assert shelf.filled == []
    documented.ask("GET /__docs/")
    documented.ask("GET /__docs/en/", host="mock.test:1")
    assert len(shelf.filled) == 1
    assert shelf.asked[-1] == ("en/index.html", "http://mock.test:1")
    others = mock_app([contract(PETS.replace("/pets", "/dogs"))], Settings(), library=shelf)
    documented.app.runtime.mounts = others.mounts
    documented.ask("GET /__docs/")
    assert len(shelf.filled) == 2
    assert "/dogs" in documented.ask("GET /openapi.json").json["paths"]


def test_what_fails_is_told_without_a_trace_and_tried_again(
    contract: Read, playing: Callable[[MockApp], Mocked], caplog: pytest.LogCaptureFixture
) -> None:
    attempts: list[Any] = []

    def failing(mounts: Any) -> Any:
        attempts.append(mounts)
        raise LookupError("secret")

    served = playing(mock_app([contract(PETS)], Settings(), library=failing))
    told = served.ask("GET /__docs/")
    assert (told.status, b"secret" in told.body) == (500, False)
    assert served.ask("GET /__docs/").status == 500
    assert len(attempts) == 2
    assert "secret" in caplog.text


def test_nothing_of_this_is_recorded(documented: Mocked) -> None:
    for path in ("/__docs/", "/__docs/nothing", "/openapi.json", "/openapi.yaml"):
        documented.ask(f"GET {path}")
    assert list(documented.app.runtime.journal) == []
    assert list(documented.app.runtime.sessions) == []


def test_without_a_library_or_with_docs_off_there_are_no_pages(
    contract: Read, playing: Callable[[MockApp], Mocked], shelf: Shelf
) -> None:
    assert playing(mock_app([contract(PETS)])).ask("GET /__docs/").status == 404
    off = playing(mock_app([contract(PETS)], Settings(docs=False), library=shelf))
    assert [off.ask(f"GET {path}").status for path in ("/__docs/", "/openapi.json")] == [404, 404]
    prism = playing(mock_app([contract(PETS)], Settings(compat="prism"), library=shelf))
    assert [prism.ask(f"GET {path}").status for path in ("/__docs/", "/openapi.json")] == [404, 404]


def test_the_contract_is_told_with_the_address_it_was_asked_by(documented: Mocked) -> None:
    told = documented.ask("GET /openapi.json", host="mock.test:4010")
    mock = {"url": "http://mock.test:4010/v1", "description": "The mock"}
    assert told.headers["content-type"] == "application/json"
    assert told.json["servers"] == [mock, {"url": "https://api.example.com/v1"}]
    pets = told.json["paths"]["/pets"]
    assert pets["servers"] == [mock, {"url": "https://pets.example.com"}]
    assert pets["get"]["servers"] == [mock, {"url": "https://cats.example.com"}]
    assert b'"example":1.00' in told.body
    yaml = documented.ask("GET /openapi.yaml", host="mock.test:4010")
    assert yaml.headers["content-type"] == "application/yaml"
    assert b"servers:\n  - url: http://mock.test:4010/v1\n" in yaml.body
    assert "servers" in documented.app.mounts[0].compiled.contract.document["paths"]["/pets"]["get"]


def test_a_host_that_is_none_is_not_repeated(documented: Mocked) -> None:
    told = documented.ask("GET /openapi.json", host="a/b?c")
    assert told.json["servers"][0]["url"] == "http://localhost/v1"


def test_pages_of_other_origins_may_read_the_description(documented: Mocked) -> None:
    told = documented.ask("GET /openapi.json", origin="https://editor.example")
    assert told.headers["access-control-allow-origin"] == "https://editor.example"
    asked = documented.ask("OPTIONS /openapi.json", access_control_request_method="GET", origin="https://e.example")
    assert (asked.status, asked.headers["access-control-allow-methods"]) == (204, "GET")


@pytest.mark.parametrize("path", ["/openapi.json", "/__docs/guide"])
def test_a_contract_answers_at_its_own_path(
    contract: Read, playing: Callable[[MockApp], Mocked], shelf: Shelf, path: str
) -> None:
    own = f'    paths: {{{path}: {{get: {{responses: {{"204": {{description: x}}}}}}}}}}\n'
    served = playing(mock_app([contract(own)], Settings(), library=shelf))
    assert served.ask(f"GET {path}").status == 204
    assert served.ask("GET /openapi.yaml").status == 200


def test_a_template_does_not_hide_what_the_mock_says_of_itself(mocked: Serve) -> None:
    text = '    paths: {"/{name}": {get: {responses: {"204": {description: x}}}}}\n'
    served = mocked(text)
    assert (served.ask("GET /openapi.json").status, served.ask("GET /other").status) == (200, 204)


def test_several_contracts_have_an_address_each(contract: Read, playing: Callable[[MockApp], Mocked]) -> None:
    pets, dogs = contract(PETS), replace(contract("    paths: {}\n"), name="dogs")
    served = playing(mock_app([pets, dogs]))
    told = served.ask("GET /openapi.json", host="m:1")
    assert told.status == 404
    assert f"http://m:1/{pets.name}/openapi.json, http://m:1/dogs/openapi.json" in told.json["detail"]
    assert served.ask("GET /dogs/openapi.json", host="m:1").json["paths"] == {}
