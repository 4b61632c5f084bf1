"""What a site must know of the mock it links to: where it is, and what it takes for a credential."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class StandIn:
    """The mock of one contract."""

    address: str
    """Such as `http://127.0.0.1:4010`; empty if the mock serves the site itself."""
    prefix: str
    """Under which the contract answers there, such as `/api/v1`."""
    command: str
    """What starts it: `understudy serve talkover talkturo`."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """A credential that the mock takes, as request headers."""
    states: Mapping[str, str] = field(default_factory=dict)
    """What each operation does to what the mock remembers, by operationId: `create releaseRequests`."""

    def answer_address(self, contract: str, operation: str, status: str, example: str) -> str:
        """Say where a GET gives exactly one documented answer of an operation, whatever its method."""
        from urllib.parse import quote, urlencode

        query = {"contract": contract, "status": status, **({"example": example} if example else {})}
        path = f"/__understudy__/operations/{quote(operation, safe='')}/answer"
        return f"{self.address}{path}?{urlencode(query)}"
