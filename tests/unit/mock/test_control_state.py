"""What a session remembers, who it is, and what is to go wrong for it are read and set by the control API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Mocked, Read, Serve

C = "/__understudy__"
PETS = """
components:
  securitySchemes: {token: {type: http, scheme: bearer}}
  schemas:
    Pet:
      type: object
      required: [id, name]
      properties: {id: {type: integer}, name: {type: string}, price: {type: number}}
paths:
  /pets:
    get:
      operationId: listPets
      responses:
        '200':
          description: ok
          content:
            application/json:
              schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}
              example: [{id: 1, name: Tom, price: 1.50}, {id: 2, name: Kit, price: 2.00}]
    post:
      operationId: addPet
      security: [{token: []}]
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses:
        '201':
          description: made
          content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}, example: {id: 1, name: Tom}}}
        '401': {description: no}
  /pets/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get:
      operationId: getPet
      responses:
        '200':
          description: ok
          content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}, example: {id: 1, name: Tom}}}
        '404': {description: none}
"""


@pytest.fixture
def mock(mocked: Serve) -> Mocked:
    return mocked(PETS)


@pytest.fixture
def base(mock: Mocked) -> str:
    return f"{C}/resources/{mock.app.mounts[0].compiled.name}/pets"


def test_resources_are_listed(mock: Mocked) -> None:
    told = mock.ask(f"GET {C}/resources").json["resources"]
    assert [(one["name"], one["path"], one["id"], one["count"]) for one in told] == [("pets", "/pets", "id", 2)]


def test_a_snapshot_brings_everything_back_exactly(mock: Mocked) -> None:
    before = mock.ask(f"GET {C}/state")
    listed = mock.ask("GET /pets").body
    mock.ask("POST /pets", {"name": "New"}, authorization="Bearer x")
    assert mock.ask("GET /pets").body != listed
    assert mock.ask(f"PUT {C}/state", before.body, content_type="application/json").status == 200
    assert mock.ask("GET /pets").body == listed
    assert mock.ask(f"GET {C}/state").body == before.body
    assert b"1.50" in before.body


def test_a_reset_goes_back_to_the_start(mock: Mocked) -> None:
    listed = mock.ask("GET /pets").body
    mock.ask("POST /pets", {"name": "New"}, authorization="Bearer x")
    assert mock.ask(f"POST {C}/state/reset").status == 204
    assert mock.ask("GET /pets").body == listed


@pytest.mark.parametrize("body", [{"contracts": {"nobody": {"pets": []}}}, {"contracts": {"*": {"pots": []}}}])
def test_a_snapshot_of_something_else_changes_nothing(mock: Mocked, body: dict[str, Any]) -> None:
    name = mock.app.mounts[0].compiled.name
    contracts = {name: {"pets": []}, **{key.replace("*", name): value for key, value in body["contracts"].items()}}
    if "pots" in str(body):
        contracts = {name: {"pets": [], "pots": []}}
    assert mock.ask(f"PUT {C}/state", {"contracts": contracts}).status == 404
    assert len(mock.ask("GET /pets").json) == 2


def test_items_are_read_added_replaced_and_deleted(mock: Mocked, base: str) -> None:
    assert len(mock.ask(f"GET {base}").json["items"]) == 2
    assert mock.ask(f"POST {base}", {"id": 9, "name": "Added"}).status == 201
    assert mock.ask("GET /pets/9").json == {"id": 9, "name": "Added"}
    assert mock.ask(f"PUT {base}/9", {"id": 8, "name": "Changed"}).json == {"id": 9, "name": "Changed"}
    assert mock.ask("GET /pets/9").json["name"] == "Changed"
    assert mock.ask(f"DELETE {base}/9").status == 204
    assert mock.ask(f"GET {base}/9").status == 404
    assert mock.ask("GET /pets/9").status == 404
    assert mock.ask(f"PUT {base}", {"items": [{"id": 5, "name": "Only"}]}).status == 200
    assert mock.ask("GET /pets").json == [{"id": 5, "name": "Only"}]


@pytest.mark.parametrize(
    ("items", "said"),
    [
        ([{"id": 1, "name": 5}], "name: 5 is not of type"),
        ([{"id": 1}], "name: is required"),
        ([{"name": "No id"}], "a property id that names it"),
        ([{"id": 1, "name": "A"}, {"id": 1, "name": "B"}], "two items of pets have the id 1"),
    ],
)
def test_items_the_contract_could_not_show_are_refused(mock: Mocked, base: str, items: list[Any], said: str) -> None:
    told = mock.ask(f"PUT {base}", {"items": items})
    assert told.status == 409
    assert said in told.json["detail"]
    assert len(mock.ask("GET /pets").json) == 2


def test_each_session_has_a_state_of_its_own(mock: Mocked, base: str) -> None:
    assert mock.ask(f"GET {base}?session=mine").status == 404
    assert mock.ask(f"PUT {base}?session=mine", {"items": []}).status == 200
    assert mock.ask("GET /pets", understudy_session="mine").json == []
    assert len(mock.ask("GET /pets").json) == 2


def test_without_a_memory_there_is_nothing_to_set(mocked: Serve) -> None:
    mock = mocked(PETS, remember=False)
    name = mock.app.mounts[0].compiled.name
    assert mock.ask(f"GET {C}/state").json == {"contracts": {}}
    told = mock.ask(f"GET {C}/resources/{name}/pets")
    assert (told.status, "--state off" in told.json["detail"]) == (409, True)


def test_sessions_begin_end_and_start_anew(mock: Mocked) -> None:
    assert mock.ask(f"GET {C}/sessions").json == {"sessions": []}
    assert mock.ask(f"POST {C}/sessions", {"name": "mine"}).status == 201
    assert mock.ask(f"POST {C}/sessions", {"name": "mine"}).status == 409
    mock.ask("POST /pets", {"name": "New"}, authorization="Bearer x", understudy_session="mine")
    told = mock.ask(f"GET {C}/sessions/mine").json
    assert (told["name"], told["entries"], told["revoked"]) == ("mine", 1, 0)
    assert mock.ask(f"POST {C}/sessions/mine/reset").status == 204
    assert len(mock.ask("GET /pets", understudy_session="mine").json) == 2
    assert mock.ask(f"DELETE {C}/sessions/mine").status == 204
    for line in ("GET", "DELETE"):
        assert mock.ask(f"{line} {C}/sessions/mine").status == 404
    assert mock.ask(f"POST {C}/sessions/mine/reset").status == 404


@pytest.mark.parametrize("name", ["", "a b", "a/b", "x" * 101, None])
def test_a_session_has_a_plain_name(mock: Mocked, name: Any) -> None:
    assert mock.ask(f"POST {C}/sessions", {"name": name}).status == 422


def test_a_revoked_credential_is_refused_in_its_session_until_it_is_allowed(mock: Mocked) -> None:
    def added(session: str) -> int:
        sent = {"authorization": "Bearer sesame", "understudy_session": session}
        return mock.ask("POST /pets", {"name": "New"}, **sent).status

    assert added("mine") == 201
    assert mock.ask(f"POST {C}/credentials/revoke?session=mine", {"credential": "sesame"}).status == 204
    assert (added("mine"), added("other")) == (401, 201)
    assert mock.ask(f"GET {C}/credentials?session=mine").json == {"revoked": ["sesa… (6 characters)"]}
    assert mock.ask(f"POST {C}/credentials/allow?session=mine", {"credential": "sesame"}).status == 204
    assert added("mine") == 201
    mock.ask(f"POST {C}/credentials/revoke?session=mine", {"credential": "sesame"})
    mock.ask(f"POST {C}/sessions/mine/reset")
    assert added("mine") == 201


def test_faults_are_set_for_a_session_or_for_all(mock: Mocked) -> None:
    wanted = {"faults": [{"operation": "listPets", "fault": "status=503"}]}
    told = mock.ask(f"PUT {C}/faults?session=mine", wanted).json["faults"]
    assert told == [{"operation": "listPets", "fault": "status=503", "percent": 100, "session": "mine"}]
    assert mock.ask("GET /pets", understudy_session="mine").status == 503
    assert mock.ask("GET /pets").status == 200
    assert mock.ask(f"PUT {C}/faults", {"faults": [{"fault": "status=418"}]}).status == 200
    assert mock.ask("GET /pets").status == 418
    assert len(mock.ask(f"GET {C}/faults").json["faults"]) == 2
    assert mock.ask(f"DELETE {C}/faults").status == 204
    assert mock.ask("GET /pets", understudy_session="mine").status == 200
    assert mock.ask(f"GET {C}/faults").json == {"faults": []}


@pytest.mark.parametrize(
    ("fault", "wanted"),
    [
        ({"fault": "explode"}, 422),
        ({"fault": "status=200"}, 422),
        ({"fault": "reset", "percent": 101}, 422),
        ({"fault": "delay=uniform(5,3)"}, 409),
        ({"fault": "reset", "operation": "nobody"}, 404),
    ],
)
def test_a_fault_that_can_not_be_is_refused(mock: Mocked, fault: dict[str, Any], wanted: int) -> None:
    assert mock.ask(f"PUT {C}/faults", {"faults": [fault]}).status == wanted
    assert mock.ask(f"GET {C}/faults").json == {"faults": []}


def test_the_end_of_a_session_ends_its_faults(mock: Mocked) -> None:
    mock.ask(f"POST {C}/sessions", {"name": "mine"})
    mock.ask(f"PUT {C}/faults?session=mine", {"faults": [{"fault": "reset"}]})
    mock.ask(f"DELETE {C}/sessions/mine")
    assert mock.ask(f"GET {C}/faults").json == {"faults": []}


def test_a_scenario_is_begun_and_left(mocked: Serve, contract: Read) -> None:
    folder = contract(PETS).directory
    assert folder is not None
    (folder / "scenarios").mkdir()
    (folder / "scenarios" / "empty.yaml").write_text("name: empty\ndescription: No pet.\ngiven: {pets: []}\n", "utf-8")
    mock = mocked(PETS)
    assert [one["name"] for one in mock.ask(f"GET {C}/scenarios").json["scenarios"]] == ["empty"]
    assert mock.ask(f"GET {C}/scenario").json == {"scenario": None}
    assert mock.ask(f"PUT {C}/scenario", {"scenario": "empty"}).json == {"scenario": "empty"}
    assert mock.ask("GET /pets").json == []
    assert mock.ask(f"GET {C}/scenario").json == {"scenario": "empty"}
    assert mock.ask(f"DELETE {C}/scenario").status == 204
    assert len(mock.ask("GET /pets").json) == 2
    assert mock.ask(f"PUT {C}/scenario", {"scenario": "nobody"}).status == 404


@pytest.mark.parametrize("headers", [{"understudy_session": "a b"}, {"cookie": "understudy-session=" + "x" * 101}])
def test_a_request_can_not_begin_a_session_that_has_no_plain_name(mock: Mocked, headers: dict[str, str]) -> None:
    told = mock.ask("GET /pets", **headers)
    assert (told.status, told.json["faults"][0]["pointer"]) == (422, "session")
    assert mock.ask(f"GET {C}/sessions").json == {"sessions": []}
