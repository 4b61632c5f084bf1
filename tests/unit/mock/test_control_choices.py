"""An answer that was chosen for a session is given from then on; not to others, against a wish, or after a reset."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Mocked, Serve

C = "/__understudy__"
PETS = """
paths:
  /pets:
    get:
      operationId: listPets
      parameters: [{name: q, in: query, schema: {type: integer}}]
      responses:
        '200': {description: ok, content: {application/json: {schema: {type: array}, examples: {all: {value: [1]}}}}}
        '409': {description: no, content: {application/json: {examples: {full: {value: 4}, late: {value: 5}}}}}
        '422': {description: bad}
  /cats: {get: {operationId: listCats, responses: {'200': {description: ok}}}}
"""


@pytest.fixture
def mock(mocked: Serve) -> Mocked:
    made = mocked(PETS)
    assert made.ask(f"PUT {C}/operations/listPets/choice", {"status": 409, "example": "late"}).status == 200
    return made


def test_it_is_given_from_then_on_and_says_so(mock: Mocked) -> None:
    for _ in range(2):
        told = mock.ask("GET /pets")
        assert (told.status, told.body) == (409, b"5")
        assert told.headers["understudy-explain"] == "chosen for this session: forced: example late of 409"
    assert mock.ask("GET /cats").status == 200
    choice = {"contract": mock.app.mounts[0].compiled.name, "operation": "listPets", "status": 409, "example": "late"}
    assert mock.ask(f"GET {C}/choices").json == {"choices": [choice]}


def test_other_sessions_do_not_notice(mock: Mocked) -> None:
    assert mock.ask("GET /pets", understudy_session="other").status == 200


def test_a_wish_comes_first(mock: Mocked) -> None:
    for prefer, wanted in (("code=200", 200), ("dynamic=true", 200), ("example=full, code=409", 409)):
        told = mock.ask("GET /pets", prefer=prefer)
        assert (told.status, told.body == b"5") == (wanted, False), prefer


def test_a_request_that_breaks_the_contract_is_refused_all_the_same(mock: Mocked) -> None:
    assert mock.ask("GET /pets?q=x").status == 422


def test_it_is_taken_back_by_itself_with_all_others_and_by_a_reset(mock: Mocked) -> None:
    choose = (f"PUT {C}/operations/listPets/choice", {"status": 409})
    ways = ("DELETE operations/listPets/choice", "DELETE choices", "POST sessions/default/reset", "POST reset")
    for method, _, path in (way.partition(" ") for way in ways):
        assert mock.ask(*choose).status == 200
        assert mock.ask("GET /pets").status == 409
        assert mock.ask(f"{method} {C}/{path}").status == 204
        assert mock.ask("GET /pets").status == 200


def test_a_reset_of_everything_lets_only_the_faults_of_the_start_be_in_force(mocked: Serve) -> None:
    mock = mocked(PETS, faults=("listCats:status=500",))
    mock.ask(f"PUT {C}/faults", {"faults": [{"fault": "status=503"}]})
    mock.ask(f"PUT {C}/faults?session=other", {"faults": [{"fault": "status=502"}]})
    assert [mock.ask("GET /cats").status, mock.ask("GET /cats", understudy_session="other").status] == [503, 502]
    assert mock.ask(f"POST {C}/reset").status == 204
    assert [mock.ask("GET /cats").status, mock.ask("GET /pets", understudy_session="other").status] == [500, 200]


def test_what_the_contract_does_not_have_can_not_be_chosen(mocked: Serve) -> None:
    mock = mocked(PETS)
    wishes: list[tuple[str, dict[str, object], int, str]] = [
        ("listPet", {"status": 409}, 404, "listPets"),
        ("listPets", {"status": 418}, 404, "200, 409, 422"),
        ("listPets", {"status": 409, "example": "all"}, 404, "full, late"),
        ("listPets", {"status": "409"}, 422, "status"),
    ]
    for path, body, status, wanted in wishes:
        told = mock.ask(f"PUT {C}/operations/{path}/choice", body)
        assert told.status == status
        assert wanted in told.json["detail"]


def test_prism_answers_as_prism_does(mocked: Serve) -> None:
    told = mocked(PETS, compat="prism").ask(f"PUT {C}/operations/listPets/choice", {"status": 409})
    assert told.status == 409
