"""Operations, and what a session wants of them, go in; a table in which each can be told what to answer comes out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from understudy.contract.fault_grammar import EVERY, WIRE, FaultGrammarError, parse_delay
from understudy_mock.control.page.asking import NotDoneError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy_mock.control.page.visits import Visit
    from understudy_mock.exchange import Answer

_PAGE = 50
_STATUSES = (500, 502, 503, 504, 429)
_ERRORS = range(400, 600)
_ALWAYS = 100
_SHARE = re.compile(r"[0-9]{1,2}|100")
_STATUS = re.compile(r"[0-9]{3}")


async def table(visit: Visit) -> Answer:
    """Show the operations, so many at a time, and what is in force."""
    return await _shown(visit)


async def _shown(visit: Visit, status: int = 200, problem: str = "") -> Answer:
    found = (await visit.api.get("operations"))["operations"]
    chosen = {(one["contract"], one["operation"]): one for one in await _choices(visit)}
    faults = (await visit.api.get("faults"))["faults"]
    own = [one for one in faults if one["session"] == visit.session]
    wanted = visit.query.get("find", "").strip()
    met = [one for one in found if _meets(one, wanted.lower())]
    rows = met[(visit.page - 1) * _PAGE : visit.page * _PAGE]
    return await visit.show(
        "operations.html",
        status=status,
        problem=problem,
        title="Operations",
        rows=[_row(one, chosen.get((one["contract"], one["id"])), own) for one in rows],
        total=len(found),
        met=len(met),
        find=wanted,
        page=visit.page,
        pages=max(1, -(-len(met) // _PAGE)),
        everywhere=[_in_words(one) for one in own if one["operation"] == EVERY],
        everybody=[f"{one['operation']}: {_in_words(one)}" for one in faults if one["session"] is None],
        in_force=len(chosen) + len(own),
    )


async def _choices(visit: Visit) -> list[dict[str, Any]]:
    """List what was chosen; of a session that nobody has begun, nothing."""
    names = [one["name"] for one in (await visit.api.get("sessions"))["sessions"]]
    if visit.session not in names:
        return []
    found: list[dict[str, Any]] = (await visit.api.get("choices", session=visit.session))["choices"]
    return found


def _meets(operation: dict[str, Any], wanted: str) -> bool:
    text = " ".join(str(operation[name]) for name in ("method", "path", "id", "summary", "contract"))
    return all(word in text.lower() for word in wanted.split())


def _row(operation: dict[str, Any], chosen: dict[str, Any] | None, faults: list[dict[str, Any]]) -> dict[str, Any]:
    own = [one for one in faults if one["operation"] == operation["id"]]
    delay = next((one["fault"].partition("=")[2] for one in own if one["fault"].startswith("delay=")), "")
    failure = next((one for one in own if _is_failure(one["fault"])), None)
    answer = _answer(chosen["status"], chosen["example"]) if chosen else ""
    declared = [one["status"] for one in operation["answers"] if one["status"] in _ERRORS]
    return {
        **operation,
        "answer": answer,
        "delay": delay,
        "failure": failure["fault"] if failure else "",
        "percent": _percent(failure["percent"]) if failure else "",
        "failures": [f"status={status}" for status in dict.fromkeys([*declared, *_STATUSES])] + list(WIRE),
        "in_force": [*filter(None, [answer]), *map(_in_words, own)],
    }


def _answer(status: int, example: str | None) -> str:
    return f"{status} {example}" if example else str(status)


def _in_words(fault: dict[str, Any]) -> str:
    kind, _, value = fault["fault"].partition("=")
    words = {"delay": f"{value} ms late", "status": f"fails with {value}", "limit": f"limited to {value}"}
    share = "" if fault["percent"] == _ALWAYS else f" in {_percent(fault['percent'])} %"
    return words.get(kind, str(fault["fault"])) + share


def _percent(share: Any) -> str:
    return f"{share:f}".rstrip("0").rstrip(".") if "." in f"{share:f}" else str(share)


def _is_failure(fault: str) -> bool:
    return fault.startswith("status=") or fault.partition("=")[0] in WIRE


async def change(visit: Visit) -> Answer:
    """Let an operation answer as the form says, or as it would; what can't be is told above the table."""
    try:
        return await _changed(visit)
    except NotDoneError as error:
        return await _shown(visit, error.status, error.message)


async def _changed(visit: Visit) -> Answer:
    contract, operation = visit.values
    is_undone, owner = visit.form.get("do") == "undo", {"session": visit.session}
    held = (await visit.api.get("faults"))["faults"]
    kept = [one for one in held if one["session"] == visit.session and not _is_replaced(one, operation)]
    made = [] if is_undone else list(_faults(operation, visit.form))
    status, _, example = ("" if is_undone else visit.form.get("answer", "")).partition(" ")
    place = ("operations", operation, "choice")
    if status:
        choice = {"status": int(status) if _STATUS.fullmatch(status) else status, "example": example or None}
        await visit.api.ask("PUT", place, {**owner, "contract": contract}, choice)
    await visit.api.ask("PUT", ("faults",), owner, {"faults": [_setting(one) for one in [*kept, *made]]})
    if not status:
        await visit.api.ask("DELETE", place, {**owner, "contract": contract})
    return visit.back("undone" if is_undone else "applied", "")


def _is_replaced(fault: dict[str, Any], operation: str) -> bool:
    kind = str(fault["fault"])
    return fault["operation"] == operation and (kind.startswith("delay=") or _is_failure(kind))


def _faults(operation: str, form: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Read what is to go wrong. Raises NotDoneError in words that are clearer than a schema's."""
    if delay := form.get("delay", "").replace(" ", ""):
        try:
            parse_delay(delay)
        except FaultGrammarError as error:
            raise NotDoneError(422, f"{str(error)[:1].upper()}{str(error)[1:]}.") from None
        yield {"operation": operation, "fault": f"delay={delay}", "percent": _ALWAYS}
    if failure := form.get("failure", ""):
        percent = form.get("percent", "").strip() or str(_ALWAYS)
        if not _SHARE.fullmatch(percent):
            raise NotDoneError(422, f"A share is a whole number from 0 to 100, and not {percent[:20]}.")
        yield {"operation": operation, "fault": failure, "percent": int(percent)}


def _setting(fault: dict[str, Any]) -> dict[str, Any]:
    return {"operation": fault["operation"], "fault": fault["fault"], "percent": int(fault["percent"])}


async def undo_all(visit: Visit) -> Answer:
    """Let all operations answer as they would, in this session."""
    await visit.api.ask("PUT", ("faults",), {"session": visit.session}, {"faults": []})
    await visit.api.ask("DELETE", ("choices",), {"session": visit.session})
    return visit.back("undone", "")
