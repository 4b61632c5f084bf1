"""What clients have used is counted against what the contract declares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conftest import Mocked, Serve

NOTES = """
paths:
  /notes:
    get:
      operationId: listNotes
      parameters:
        - {name: limit, in: query, schema: {type: integer, default: 10}}
        - {name: tag, in: query, schema: {type: string}}
        - {name: X-Trace, in: header, schema: {type: string}}
      responses:
        '200':
          description: ok
          content:
            application/json: {schema: {type: array}, examples: {none: {value: []}, one: {value: [1]}}}
            text/plain: {schema: {type: string}, example: none}
        4XX: {description: refused, content: {application/json: {schema: {type: object}}}}
  /never:
    get: {operationId: never, responses: {'204': {description: nothing}}}
"""


def report(mock: Mocked) -> dict[str, Any]:
    return mock.app.runtime.journal.coverage.report([mount.compiled for mount in mock.app.mounts])


def used(mock: Mocked, kind: str, name: str) -> dict[str, int]:
    return {entry[name]: entry["count"] for entry in report(mock)["operations"][0][kind]}


def test_at_the_start_nothing_was_used(mocked: Serve) -> None:
    totals = report(mocked(NOTES))["totals"]
    assert totals["operations"] == {"declared": 2, "used": 0}
    assert totals["parameters"] == {"declared": 3, "used": 0}
    assert totals["examples"] == {"declared": 3, "used": 0}


def test_statuses_are_counted_as_they_are_declared(mocked: Serve) -> None:
    mock = mocked(NOTES)
    for line in ("GET /notes", "GET /notes", "GET /notes?limit=x"):
        mock.ask(line)
    assert used(mock, "statuses", "status") == {"200": 2, "4XX": 1}
    assert report(mock)["operations"][0]["count"] == 3
    assert report(mock)["operations"][1]["count"] == 0


def test_media_types_and_examples_are_counted(mocked: Serve) -> None:
    mock = mocked(NOTES, remember=False)
    mock.ask("GET /notes")
    mock.ask("GET /notes", prefer="example=one")
    mock.ask("GET /notes", accept="text/plain")
    kinds = [(entry["status"], entry["media_type"], entry["count"]) for entry in media_types(mock)]
    assert kinds == [("200", "application/json", 2), ("200", "text/plain", 1), ("4XX", "application/json", 0)]
    assert used(mock, "examples", "example") == {"none": 1, "one": 1, "default": 1}


def media_types(mock: Mocked) -> list[dict[str, Any]]:
    return list(report(mock)["operations"][0]["media_types"])


def test_a_parameter_counts_when_it_was_sent_and_not_when_its_default_stood_in(mocked: Serve) -> None:
    mock = mocked(NOTES)
    mock.ask("GET /notes")
    assert used(mock, "parameters", "name") == {"limit": 0, "tag": 0, "X-Trace": 0}
    mock.ask("GET /notes?limit=10", x_trace="1")
    mock.ask("GET /notes?limit=11&tag=a")
    assert used(mock, "parameters", "name") == {"limit": 2, "tag": 1, "X-Trace": 1}


def test_counting_goes_on_when_the_journal_forgets(mocked: Serve) -> None:
    mock = mocked(NOTES)
    mock.ask("GET /notes")
    mock.app.runtime.journal.clear()
    assert report(mock)["operations"][0]["count"] == 1
    mock.app.runtime.journal.coverage.reset()
    assert report(mock)["operations"][0]["count"] == 0
