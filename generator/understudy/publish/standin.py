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
    credentials: Mapping[str, str] = field(default_factory=dict)
    """The same by the names of the contract's security schemes: `{bearerAuth: talq_x}`."""
    states: Mapping[str, str] = field(default_factory=dict)
    """What each operation does to what the mock remembers, by operationId: `create releaseRequests`."""
    unfit: frozenset[tuple[str, str, str]] = frozenset()
    """The examples it never sends, for they break their own schema: operationId, status as declared, name."""
    served_at: str = ""
    """What stands for the address in samples, where the mock serves the site itself and puts it in as it is called."""

    @property
    def shown_address(self) -> str:
        """Where samples to copy find it; a mock that serves the site itself is at its usual place unless told."""
        return self.address or self.served_at or "http://127.0.0.1:4010"

    def answer_address(self, contract: str, operation: str, status: str, example: str) -> str:
        """Say where a GET gives exactly one documented answer of an operation, whatever its method."""
        from urllib.parse import quote, urlencode

        query = {"contract": contract, "status": status, **({"example": example} if example else {})}
        path = f"/__understudy__/operations/{quote(operation, safe='')}/answer"
        return f"{self.address}{path}?{urlencode(query)}"
