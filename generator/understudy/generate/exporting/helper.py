"""What a mock knows, or nothing, goes in; TypeScript modules with which tests talk to a running mock come out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from understudy.generate.exporting.msw import fill, template, to_typescript, union

if TYPE_CHECKING:
    from understudy.generate.exporting.answers import Repertoire

FILES = ("understudy.ts", "understudy-server.ts")


def helper(repertoire: Repertoire | None) -> dict[str, bytes]:
    """Write the modules; for a contract they know its operations and scenarios by name."""
    if repertoire is None:
        facts = {"OF": "any mock", "OPERATION_IDS": "string", "SCENARIOS": "string", "CONTRACT": '"talkover"'}
    else:
        facts = {
            "OF": f"mocks of {repertoire.heading}",
            "OPERATION_IDS": union([one.id for one in repertoire.operations]),
            "SCENARIOS": union(list(repertoire.scenarios)),
            "CONTRACT": to_typescript(repertoire.name),
        }
    return {name: fill(template(name), facts).encode("utf-8", "replace") for name in FILES}
