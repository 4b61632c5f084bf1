"""The scenarios of all contracts go in; a page on which a session begins and leaves them comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from understudy_mock.control.page.visits import Visit
    from understudy_mock.exchange import Answer


async def listing(visit: Visit) -> Answer:
    """Show the scenarios, and which one is played."""
    sessions = {one["name"]: one for one in (await visit.api.get("sessions"))["sessions"]}
    played = sessions.get(visit.session, {}).get("scenario")
    found = (await visit.api.get("scenarios"))["scenarios"]
    return await visit.show("scenarios.html", title="Scenarios", scenarios=found, played=played)


async def play(visit: Visit) -> Answer:
    """Begin a scenario in the session, or leave it."""
    owner, name = {"session": visit.session}, visit.form.get("scenario", "")
    if not name:
        await visit.api.ask("DELETE", ("scenario",), owner)
        return visit.back("left", "page/scenarios")
    await visit.api.ask("PUT", ("scenario",), owner, {"scenario": name})
    return visit.back("playing", "page/scenarios")
