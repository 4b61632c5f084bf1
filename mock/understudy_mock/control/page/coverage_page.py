"""What clients have used of the contracts goes in; a table of what they have not comes out beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from understudy_mock.control.page.visits import Visit
    from understudy_mock.exchange import Answer

_PAGE = 50
_TITLES = {
    "operations": "Operations",
    "statuses": "Statuses",
    "media_types": "Media types",
    "examples": "Examples",
    "parameters": "Parameters",
}


async def table(visit: Visit) -> Answer:
    """Show the totals, and every operation."""
    found = await visit.api.get("coverage")
    totals = [{"title": title, **found["totals"][name]} for name, title in _TITLES.items()]
    operations = found["operations"]
    return await visit.show(
        "coverage.html",
        title="Coverage",
        totals=totals,
        rows=[_row(one) for one in operations[(visit.page - 1) * _PAGE : visit.page * _PAGE]],
        page=visit.page,
        pages=max(1, -(-len(operations) // _PAGE)),
    )


def _row(operation: dict[str, Any]) -> dict[str, Any]:
    examples: dict[str, list[dict[str, Any]]] = {}
    for example in operation["examples"]:
        examples.setdefault(example["status"], []).append(example)
    by_status = [{**one, "examples": examples.get(one["status"], [])} for one in operation["statuses"]]
    return {**operation, "by_status": by_status}


async def recount(visit: Visit) -> Answer:
    """Begin to count anew."""
    await visit.api.ask("DELETE", ("coverage",))
    return visit.back("recounted", "page/coverage")
