"""Named situations: what is given, what is answered step by step, and how far each session is."""

from __future__ import annotations

import asyncio
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from understudy.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Serve

CONTRACT = """\
paths:
  /pets:
    get:
      operationId: listPets
      responses:
        "200":
          description: x
          content:
            application/json:
              schema: {type: array, items: {$ref: "#/components/schemas/Pet"}}
              example: [{id: "1", name: Rex}, {id: "2", name: Mia}]
    post:
      operationId: makePet
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}
      responses:
        "201":
          description: x
          content:
            application/json:
              schema: {$ref: "#/components/schemas/Pet"}
              example: {id: "3", name: Bo}
        "409":
          description: x
          content: {application/json: {examples: {taken: {value: {error: taken}}, full: {value: {error: full}}}}}
        "503": {description: x}
  /pets/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get:
      operationId: getPet
      responses:
        "200":
          description: x
          content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}, example: {id: "1", name: Rex}}}
        "404": {description: x}
components:
  schemas: {Pet: {type: object, required: [name], properties: {id: {type: string}, name: {type: string}}}}
"""

BUSY = """\
description: Every first try fails.
steps:
  makePet:
    - {status: 503}
    - {status: 409, example: full}
    - then: state
"""
NAMES = ["Rex", "Mia"]


def write(folder: Path, **scenarios: str) -> None:
    (folder / "scenarios").mkdir(exist_ok=True)
    for name, text in scenarios.items():
        (folder / "scenarios" / f"{name}.yaml").write_text(dedent(text))


def test_steps_in_order_then_the_state(mocked: Serve, tmp_path: Path) -> None:
    write(tmp_path, busy=BUSY)
    mock = mocked(CONTRACT, scenario="busy")
    told = [mock.ask("POST /pets", {"name": "Kai"}) for _ in range(4)]
    assert [one.status for one in told] == [503, 409, 201, 201]
    assert told[1].json == {"error": "full"}
    assert told[1].headers["understudy-explain"].startswith("scenario busy, step 2: ")
    assert [pet["name"] for pet in mock.ask("GET /pets").json] == [*NAMES, "Kai", "Kai"]


def test_the_last_step_repeats(mocked: Serve, tmp_path: Path) -> None:
    write(tmp_path, full="steps: {makePet: [{status: 503}, {status: 409, example: taken}]}")
    mock = mocked(CONTRACT, scenario="full")
    assert [mock.ask("POST /pets", {"name": "Kai"}).status for _ in range(4)] == [503, 409, 409, 409]


def test_each_session_has_its_position(mocked: Serve, tmp_path: Path) -> None:
    write(tmp_path, busy=BUSY)
    mock = mocked(CONTRACT, scenario="busy")
    asked = [mock.ask("POST /pets", {"name": "Kai"}, understudy_session=name).status for name in "abab"]
    assert asked == [503, 503, 409, 409]


def test_a_request_wishes_for_a_scenario(mocked: Serve, tmp_path: Path) -> None:
    write(tmp_path, busy=BUSY, other="name: calm\ngiven: {pets: []}\n")
    mock = mocked(CONTRACT)
    wished = [mock.ask("POST /pets", {"name": "Kai"}, prefer="scenario=busy") for _ in range(2)]
    assert [one.status for one in wished] == [503, 409]
    assert wished[0].headers["preference-applied"] == "scenario=busy"
    assert mock.ask("POST /pets", {"name": "Kai"}).status == 201
    assert mock.ask("POST /pets", {"name": "Kai"}, prefer="scenario=busy").status == 201
    unknown = mock.ask("GET /pets", prefer="scenario=nope")
    assert unknown.status == 404
    assert "it has busy, calm" in unknown.json["detail"]


def test_a_wished_scenario_keeps_its_given_state_beside(mocked: Serve, tmp_path: Path) -> None:
    write(tmp_path, empty="given: {pets: []}")
    mock = mocked(CONTRACT)
    assert mock.ask("GET /pets", prefer="scenario=empty").json == []
    mock.ask("POST /pets", {"name": "Kai"}, prefer="scenario=empty")
    assert [pet["name"] for pet in mock.ask("GET /pets", prefer="scenario=empty").json] == ["Kai"]
    assert [pet["name"] for pet in mock.ask("GET /pets").json] == NAMES


def test_seeds_and_changes(mocked: Serve, tmp_path: Path) -> None:
    write(
        tmp_path,
        changed="""\
        given:
          pets:
            remove: [{name: Rex}]
            change: [{match: {id: "2"}, set: {name: Ada}}]
            add: [{id: "9", name: Zoe}]
        """,
    )
    mock = mocked(CONTRACT, scenario="changed")
    assert mock.ask("GET /pets").json == [{"id": "2", "name": "Ada"}, {"id": "9", "name": "Zoe"}]
    assert mock.ask("GET /pets/1").status == 404
    mock.ask("POST /pets", {"name": "Kai"})
    mock.app.reset()
    assert [pet["name"] for pet in mock.ask("GET /pets").json] == ["Ada", "Zoe"]


def test_a_forced_choice_comes_first_and_takes_no_step(mocked: Serve, tmp_path: Path) -> None:
    write(tmp_path, busy=BUSY)
    mock = mocked(CONTRACT, scenario="busy")
    assert mock.ask("POST /pets", {"name": "Kai"}, prefer="code=409").status == 409
    assert mock.ask("POST /pets", {"name": "Kai"}).status == 503


def test_a_step_may_only_delay_or_break(mocked: Serve, tmp_path: Path) -> None:
    write(tmp_path, slow='steps: {listPets: [{delay: 3000}, {fault: reset}, {delay: "uniform(1,2)", status: 200}]}')
    mock = mocked(CONTRACT, scenario="slow")
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        await asyncio.sleep(0)

    mock.app.runtime.faults.sleep = sleep
    assert [pet["name"] for pet in mock.ask("GET /pets").json] == NAMES
    with pytest.raises(ConnectionResetError):
        mock.ask("GET /pets")
    assert mock.ask("GET /pets").status == 200
    assert slept[0] == 3.0
    assert 0.001 <= slept[1] <= 0.002


def test_a_session_changes_its_scenario(mocked: Serve, tmp_path: Path) -> None:
    write(tmp_path, busy=BUSY, empty="given: {pets: []}")
    mock = mocked(CONTRACT)
    sessions = mock.app.runtime.sessions
    assert sessions.scenarios() == {"busy": [tmp_path.name], "empty": [tmp_path.name]}
    sessions.play("default", "empty")
    assert mock.ask("GET /pets").json == []
    assert len(mock.ask("GET /pets", understudy_session="other").json) == 2
    sessions.play("default", "busy")
    assert mock.ask("POST /pets", {"name": "Kai"}).status == 503
    sessions.play("default", "busy")
    assert mock.ask("POST /pets", {"name": "Kai"}).status == 503
    sessions.play("default", None)
    assert mock.ask("POST /pets", {"name": "Kai"}).status == 201
    with pytest.raises(UsageError, match="no scenario `nope`"):
        sessions.play("default", "nope")


def test_an_unknown_scenario_at_the_start(mocked: Serve) -> None:
    with pytest.raises(UsageError, match="no scenario `nope`"):
        mocked(CONTRACT, scenario="nope")


def test_a_flawed_scenario_at_the_start(mocked: Serve, tmp_path: Path) -> None:
    write(tmp_path, bad="steps:\n  makePet:\n    - {status: 418}\n")
    write(tmp_path, busy=BUSY)
    mock = mocked(CONTRACT)
    (flaw,) = mock.app.mounts[0].compiled.flaws
    assert flaw.location is not None
    assert flaw.location.line == 3
    assert mock.ask("GET /pets", prefer="scenario=bad").status == 404
    assert mock.ask("POST /pets", {"name": "Kai"}, prefer="scenario=busy").status == 503


def test_without_state_steps_are_still_played(mocked: Serve, tmp_path: Path) -> None:
    write(tmp_path, busy="given: {pets: []}\nsteps: {makePet: [{status: 503}, {then: state}]}")
    mock = mocked(CONTRACT, scenario="busy", remember=False)
    assert [mock.ask("POST /pets", {"name": "Kai"}).status for _ in range(2)] == [503, 201]
    assert mock.ask("GET /pets", prefer="scenario=busy").status == 200
