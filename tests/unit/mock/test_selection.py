"""Which status, which media type, which example."""

from __future__ import annotations

from typing import Any

import pytest

from understudy_mock.compiling import CompiledExample, CompiledMedia, CompiledResponse
from understudy_mock.exchange import RefusalError
from understudy_mock.media import to_json
from understudy_mock.negotiation import negotiate
from understudy_mock.selection import Choice, success, wished_example


def media(name: str, *examples: str) -> CompiledMedia:
    made = {example: CompiledExample(example, example, example.encode(), is_valid=True) for example in examples}
    return CompiledMedia(name, None, None, made, lambda value: value, concrete=name, write=to_json)


def response(*names: str, key: str = "200") -> CompiledResponse:
    return CompiledResponse(key, (), tuple(map(media, names)))


class Operation:
    """Stands in for a compiled operation: its responses are all that selection looks at."""

    def __init__(self, *keys: str) -> None:
        self.responses = {key: response("application/json", key=key) for key in keys}


def chosen(operation: Any) -> tuple[int, str]:
    status, found = success(operation)
    return status, found.key


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (("404", "201", "200"), (200, "200")),
        (("2XX", "204"), (204, "204")),
        (("404", "2XX"), (200, "2XX")),
        (("404", "default"), (200, "default")),
        (("302", "404"), (302, "302")),
        (("4XX",), (400, "4XX")),
    ],
)
def test_the_lowest_success_is_chosen(keys: tuple[str, ...], expected: tuple[int, str]) -> None:
    assert chosen(Operation(*keys)) == expected


def test_without_any_response_there_is_nothing_to_say() -> None:
    with pytest.raises(RefusalError) as caught:
        chosen(Operation())
    assert caught.value.statuses == (501,)


ALL = ("text/plain", "application/json", "application/vnd.a+json", "text/csv")


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, "application/json"),
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/csv", "text/csv"),
        ("TEXT/CSV", "text/csv"),
        ("text/*", "text/plain"),
        ("application/*", "application/json"),
        ("application/vnd.a+json", "application/vnd.a+json"),
        ("text/csv;q=0.1, text/plain;q=0.2", "text/plain"),
        ("text/csv; charset=utf-8; q=0.3, application/json;q=0.2", "text/csv"),
        ("*/*;q=0.1, image/png", "application/json"),
        ("*/*, text/csv", "text/csv"),
        ("text/*, text/csv", "text/csv"),
        ("application/json;q=0, */*", "application/vnd.a+json"),
        ("text/plain;q=0, text/*", "text/csv"),
        ("nonsense, text/csv", "text/csv"),
        ("text/csv;q=high, text/plain", "text/plain"),
    ],
)
def test_a_media_type_is_chosen(accept: str | None, expected: str) -> None:
    found = negotiate(response(*ALL), accept, 200)
    assert found is not None
    assert (found[0].media_type, found[1]) == (expected, expected)


@pytest.mark.parametrize("accept", ["image/png", "text/csv;q=0", "nonsense", "application/xml, image/*"])
def test_what_can_not_be_had_is_a_406(accept: str) -> None:
    with pytest.raises(RefusalError) as caught:
        negotiate(response(*ALL), accept, 200)
    assert caught.value.statuses == (406,)


@pytest.mark.parametrize("status", [204, 304])
def test_some_statuses_never_have_a_body(status: int) -> None:
    assert negotiate(response(*ALL), "image/png", status) is None


def test_a_response_without_content_accepts_everything() -> None:
    assert negotiate(response(), "image/png", 200) is None


def test_an_example_is_found_by_name_and_its_home_is_told() -> None:
    operation: Any = Operation("200")
    here, there = media("application/json", "a", "b"), media("application/json", "c")
    operation.responses = {"200": CompiledResponse("200", (), (here,)), "404": CompiledResponse("404", (), (there,))}
    choice = Choice(200, operation.responses["200"], here)
    assert wished_example(operation, choice, "b").value == "b"
    with pytest.raises(RefusalError) as caught:
        wished_example(operation, choice, "c")
    message = "200 has no example `c`; it has a, b. `c` belongs to 404: ask for code=404 as well"
    assert caught.value.faults[0].message == message
