"""Wishes about the journal go in; the entries that meet them come out, in short, whole, counted, or as an archive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from understudy import __version__
from understudy_mock import entries, har
from understudy_mock.control.replies import NOTHING, Reply, unknown
from understudy_mock.handlers import answers
from understudy_mock.journal import CAPACITY

if TYPE_CHECKING:
    from understudy_mock.journal import Entry
    from understudy_mock.runtime import Runtime

_PAGE = 100


@dataclass(frozen=True)
class Wanted:
    """Which entries are meant; None means any. `since` leaves out all up to that number."""

    operation: str | None = None
    session: str | None = None
    verdict: str | None = None
    status: int | None = None
    contract: str | None = None
    method: str | None = None
    since: int = 0

    def takes(self, entry: Entry) -> bool:
        """Tell whether an entry is one of those that are meant."""
        known = entry.operation
        return (
            entry.number > self.since
            and self.session in (None, entry.session)
            and self.verdict in (None, entry.verdict)
            and self.status in (None, entry.status)
            and self.method in (None, entry.method)
            and self.operation in (None, known.operation.id if known else "")
            and self.contract in (None, known.contract.name if known else "")
        )

    def of(self, runtime: Runtime) -> list[Entry]:
        """List the entries that are meant, oldest first."""
        return [entry for entry in runtime.journal if self.takes(entry)]


class JournalOperations:
    """What has been asked and answered."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    @answers("queryJournal")
    def query(self, limit: int = _PAGE, **wanted: Any) -> Reply:
        """List the latest entries that are meant, oldest first."""
        found, hidden = Wanted(**wanted).of(self._runtime), self._runtime.redaction
        shown = [entries.summary(entry, hidden) for entry in found[-limit:]]
        return Reply({"entries": shown, "total": len(found), "last": self._runtime.journal.last})

    @answers("countEntries")
    def count(self, **wanted: Any) -> Reply:
        """Count the entries that are meant."""
        return Reply({"count": len(Wanted(**wanted).of(self._runtime)), "last": self._runtime.journal.last})

    @answers("getEntry")
    def entry(self, number: int) -> Reply:
        """Tell everything about one exchange."""
        for entry in self._runtime.journal:
            if entry.number == number:
                return Reply(entries.whole(entry, self._runtime.redaction))
        raise unknown("entry", number)

    @answers("clearJournal")
    def clear(self, session: str | None = None) -> Reply:
        """Forget all entries, or those of one session."""
        self._runtime.journal.clear(session)
        return NOTHING

    @answers("exportJournal")
    def export(self, limit: int = CAPACITY, **wanted: Any) -> Reply:
        """Write entries as an HTTP Archive."""
        found = Wanted(**wanted).of(self._runtime)[-limit:]
        return Reply(har.archive(found, self._runtime.redaction, __version__))
