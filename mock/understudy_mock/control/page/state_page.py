"""What a session remembers goes in; pages on which its items are looked at, added, changed and deleted come out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from understudy_mock.control.page.asking import NotDoneError
from understudy_mock.media import MalformedError, from_json, indented
from understudy_mock.state.members import member

if TYPE_CHECKING:
    from understudy_mock.control.page.visits import Visit
    from understudy_mock.exchange import Answer

_PAGE = 50
_COLUMNS = 4
_LENGTH = 60
_SCALARS = (str, int, bool, float)


async def resources(visit: Visit) -> Answer:
    """Show what kinds of things are remembered."""
    return await visit.show("state.html", title="State", resources=await _resources(visit))


async def _resources(visit: Visit) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await visit.api.get("resources", session=visit.session))["resources"]
    return found


async def items(visit: Visit) -> Answer:
    """Show the items of a resource."""
    return await _listed(visit)


async def _listed(visit: Visit, status: int = 200, problem: str = "") -> Answer:
    listed = await _resources(visit)
    resource = _named(visit, listed)
    found = (await visit.api.get("resources", *visit.values[:2], session=visit.session))["items"]
    page = visit.page
    start = (page - 1) * _PAGE
    shown, columns = found[start : start + _PAGE], _columns(found[:_PAGE], resource["id"])
    names = [_name(one, resource["id"], start + place) for place, one in enumerate(shown)]
    return await visit.show(
        "items.html",
        status=status,
        problem=problem,
        title=resource["name"],
        resource=resource,
        resources=listed,
        columns=columns,
        rows=[(name, [_cell(one.get(column)) for column in columns]) for name, one in zip(names, shown, strict=True)],
        total=len(found),
        page=page,
        pages=max(1, -(-len(found) // _PAGE)),
        text=visit.form.get("item") or indented(found[-1] if found else {}),
    )


def _named(visit: Visit, listed: list[dict[str, Any]]) -> dict[str, Any]:
    for one in listed:
        if (one["contract"], one["name"]) == visit.values[:2]:
            return one
    raise NotDoneError(404, f"There is no resource {visit.values[1]} of {visit.values[0]}.")


def _name(item: dict[str, Any], identifier: str | None, place: int) -> str:
    return str(member(item, identifier)) if identifier else str(place)


def _columns(found: list[dict[str, Any]], identifier: str | None) -> list[str]:
    """Choose what tells items apart best: members that are plain values, the first ones."""
    names = dict.fromkeys(name for item in found for name, value in item.items() if isinstance(value, _SCALARS))
    return [name for name in names if name != identifier][:_COLUMNS]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else indented(value)
    return text if len(text) <= _LENGTH else f"{text[:_LENGTH]}…"


async def item(visit: Visit) -> Answer:
    """Show one item."""
    return await _one(visit)


async def _one(visit: Visit, status: int = 200, problem: str = "") -> Answer:
    listed = await _resources(visit)
    found = await visit.api.get("resources", *visit.values, session=visit.session)
    return await visit.show(
        "item.html",
        status=status,
        problem=problem,
        title=visit.values[2],
        resource=_named(visit, listed),
        name=visit.values[2],
        text=visit.form.get("item") or indented(found),
    )


async def add(visit: Visit) -> Answer:
    """Put one more item at the end; what can't be is told beside what was written."""
    try:
        await visit.api.ask("POST", ("resources", *visit.values), {"session": visit.session}, _written(visit))
    except NotDoneError as error:
        return await _listed(visit, error.status, error.message)
    return visit.back("added", _path(visit.values))


async def change(visit: Visit) -> Answer:
    """Replace an item, or delete it."""
    owner = {"session": visit.session}
    if visit.form.get("do") == "delete":
        await visit.api.ask("DELETE", ("resources", *visit.values), owner)
        return visit.back("deleted", _path(visit.values[:2]))
    try:
        await visit.api.ask("PUT", ("resources", *visit.values), owner, _written(visit))
    except NotDoneError as error:
        return await _one(visit, error.status, error.message)
    return visit.back("saved", _path(visit.values))


def _written(visit: Visit) -> Any:
    """Read the JSON that somebody wrote. Raises NotDoneError."""
    try:
        return from_json(visit.form.get("item", "").encode())
    except MalformedError as error:
        raise NotDoneError(400, f"That is no JSON: {error}.") from None


def _path(values: tuple[str, ...]) -> str:
    return "page/state/" + "/".join(quote(value, safe="") for value in values)
