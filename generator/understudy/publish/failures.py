"""An operation goes in; every documented way to fail comes out, with its machine-readable code, and as tables."""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from understudy.publish import linking, prose
from understudy.publish.answers import Question, answer_anchor, ask, concrete_status, named_examples
from understudy.publish.edition import Told, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from understudy.contract.model import Operation
    from understudy.publish.edition import Edition
    from understudy.publish.page import Part
    from understudy.publish.requests import Request

_CODE_KEYS = ("code", "errorCode", "error_code")
_MAYBE_CODE_KEYS = ("type", "error", "reason", "status", "name", "key")
_CODE = re.compile(r"[A-Z][A-Z0-9]{2,}|[A-Za-z][A-Za-z0-9]*(?:[_.:-][A-Za-z0-9]+)+|https?://\S+|urn:\S+")
"""What reads as a code wherever it stands: `OUT_OF_STOCK`, `stock.out`, an address (RFC 9457, 3.1.1)."""
_LONGEST_CODE = 60
_LEAST_ERROR = 400
_STATUSES = {word for status in HTTPStatus for word in (status.phrase, str(status.value), "about:blank")}


@dataclass(frozen=True)
class Case:
    """One way an operation may fail, as a row of a table."""

    operation: Operation
    request: Request
    """The request that is made to see it."""
    key: str
    when: Told
    code: str
    example: str
    """The name of the example; empty if there is none."""
    anchor: str
    """The place on the operation's page that shows it."""


def cases(edition: Edition, operation: Operation, request: Request) -> Iterator[Case]:
    """Yield every documented way to fail: an example of an error status each, or the bare status."""
    for key, placed in operation.responses.items():
        status = concrete_status(operation, key)
        if status < _LEAST_ERROR or not isinstance(placed.value, dict):
            continue
        described = edition.told(placed.tokens, "description", placed.value)
        found = list(named_examples(edition, key, placed))
        for _, one, anchor in found:
            when = one.title(edition) or described
            yield Case(operation, request, key, when, code_of(one.value), one.name, anchor)
        if not found:
            yield Case(operation, request, key, described, "", "", answer_anchor(key))


def table(edition: Edition, found: Sequence[Case], columns: Sequence[str]) -> tuple[Part, ...]:
    """Write ways to fail as rows with these columns; without the codes if none has one."""
    if not any(case.code for case in found):
        columns = [column for column in columns if column != "code"]
    rows = [(case.when.language, _row([_cell(edition, case, column, columns) for column in columns])) for case in found]
    head = f"{_row([edition.words(column) for column in columns])}\n{_row(['---'] * len(columns))}"
    return listed("table", rows, head)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(edition: Edition, case: Case, column: str, columns: Sequence[str]) -> str:
    place = linking.page(edition.operation_paths[case.operation.id], case.anchor)
    match column:
        case "status":
            return prose.code(case.key)
        case "code":
            return prose.code(case.code).replace("|", "\\|") if case.code else "—"
        case "operation":
            title = prose.plain(edition.operation_title(case.operation.id).text).replace("|", "\\|")
            return linking.link(title, place)
        case "see_it":
            return ask(edition, Question(case.operation, case.request, case.key, case.example), "ask_short").text
    when = prose.in_line(case.when.text) or prose.code(case.key)
    return when if "operation" in columns or "](" in when else linking.link(when, place)


def code_of(value: Any) -> str:
    """Find the machine-readable code in an error's body; a sentence or the name of a status is none."""
    if not isinstance(value, dict):
        return ""
    for key in (*_CODE_KEYS, *_MAYBE_CODE_KEYS):
        found = value.get(key)
        if _is_code(found) and (key in _CODE_KEYS or _CODE.fullmatch(str(found))):
            return str(found)
    return next((code for key in ("error", "errors") if (code := code_of(_first(value.get(key))))), "")


def _is_code(found: Any) -> bool:
    if isinstance(found, bool) or not isinstance(found, str | int):
        return False
    text = str(found)
    is_one_word = 0 < len(text) <= _LONGEST_CODE and not any(letter.isspace() for letter in text)
    return is_one_word and text not in _STATUSES


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else value
