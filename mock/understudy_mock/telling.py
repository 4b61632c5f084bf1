"""The faults of one refused request, in the words and names that error answers have places for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from understudy.contract import pointer as pointers
from understudy_mock import statuses

if TYPE_CHECKING:
    from understudy_mock.exchange import Fault


@dataclass(frozen=True)
class Told:
    """A refusal: its status, its kind, and its faults with a sentence for each."""

    status: int
    kind: str
    faults: tuple[Fault, ...]
    sentences: tuple[str, ...]

    @cached_property
    def text(self) -> str:
        """Everything in one line."""
        return "; ".join(self.sentences)

    @cached_property
    def phrase(self) -> str:
        """The reason phrase of the status (RFC 9110, 15)."""
        classes = {2: "Success", 3: "Redirection", 4: "Client Error"}
        return statuses.phrase(self.status, classes.get(self.status // 100, "Server Error"))

    def by_field(self) -> dict[str, list[int]]:
        """Group the faults: field → their places in the list."""
        found: dict[str, list[int]] = {}
        for index, fault in enumerate(self.faults):
            found.setdefault(fault.name, []).append(index)
        return found


def pointer(fault: Fault) -> str:
    """Write where in the body, or which parameter, as a JSON pointer (RFC 6901)."""
    return pointers.join(fault.tokens)
