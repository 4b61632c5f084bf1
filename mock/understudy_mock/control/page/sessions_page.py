"""The sessions go in; a page on which they begin, end and start anew comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from understudy_mock.sessions import DEFAULT

if TYPE_CHECKING:
    from understudy_mock.control.page.visits import Visit
    from understudy_mock.exchange import Answer

_SHOWN = 200


async def listing(visit: Visit) -> Answer:
    """Show the sessions, the one used last first."""
    return await _shown(visit)


async def _shown(visit: Visit) -> Answer:
    found = (await visit.api.get("sessions"))["sessions"]
    return await visit.show(
        "sessions.html", title="Sessions", found=found[: -_SHOWN - 1 : -1], total=len(found), default=DEFAULT
    )


async def change(visit: Visit) -> Answer:
    """Do what the form says, to one session or to all."""
    name, wanted = visit.session, visit.form.get("do")
    if wanted == "reset-all":
        await visit.api.ask("POST", ("reset",))
        return visit.back("reset-all", "page/sessions")
    if wanted == "begin":
        await visit.api.ask("POST", ("sessions",), None, {"name": visit.form.get("session", "").strip()})
        return visit.back("begun", "page/sessions")
    if wanted == "end":
        await visit.api.ask("DELETE", ("sessions", name))
        return visit.back("ended", "page/sessions", session=None)
    if name == DEFAULT:
        await visit.api.get("scenario")  # which begins it
    await visit.api.ask("POST", ("sessions", name, "reset"))
    return visit.back("reset", "page/sessions")
