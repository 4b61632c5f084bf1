"""The items of one contract in one session: those it starts with, and over them what the session's document says.

Nothing is copied from the seeds until it is changed, so a session that only reads costs nothing. Items are never
changed in place: a change gives the item that stands there from now on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy_mock.exchange import MISSING
from understudy_mock.state.document import Document
from understudy_mock.state.members import member

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from understudy_mock.state.document import Changes

Item = dict[str, Any]

_SEED, _OWN = "s", "t"
"""How names of rows begin, so that seeds come before what was added; an added row goes on with its number."""


class Seeds:
    """What each resource starts with, shared by all sessions. A row is named by its item's identifier if it can be.

    So what a session has changed stays with its item when the contract is edited and read again.
    """

    def __init__(self, items: Mapping[str, Sequence[Item]], ids: Mapping[str, str | None] | None = None) -> None:
        self._items, self._ids = items, ids or {}
        self._rows: dict[str, dict[str, Item]] = {}

    @property
    def resources(self) -> tuple[str, ...]:
        """The names of the resources that have a place."""
        return tuple(self._items)

    def rows(self, resource: str) -> dict[str, Item]:
        """Give the items of a resource by the names of their rows; not to be changed."""
        if resource not in self._rows:
            self._rows[resource] = self._named(self._items.get(resource, ()), self._ids.get(resource))
        return self._rows[resource]

    def _named(self, items: Sequence[Item], identifier: str | None) -> dict[str, Item]:
        rows: dict[str, Item] = {}
        for index, item in enumerate(items):
            named = member(item, identifier)
            name = f"{_SEED}={named}" if isinstance(named, str | int) else f"{_SEED}#{index}"
            rows[name if name not in rows else f"{_SEED}#{index}"] = dict(item)
        return rows


class Tally:
    """What is known of the identifiers that items of a resource have or had, so that a fresh one is found at once."""

    def __init__(self) -> None:
        self.is_numbered, self.count, self.highest = True, 0, 0
        self.tried = 0
        """How many identifiers in the style of the documented ones were given out or found taken."""

    def note(self, identifier: Any) -> None:
        """Take one more identifier into account."""
        self.count += 1
        if isinstance(identifier, int) and not isinstance(identifier, bool):
            self.highest = max(self.highest, identifier)
        else:
            self.is_numbered = False


class _Listing:
    """The rows of one resource as they are now, with what makes finding quick; good for one stamp of its group."""

    def __init__(self, seeds: dict[str, Item], entries: Mapping[str, Any], stamp: int) -> None:
        merged: dict[str, Any] = {**seeds, **dict(sorted(entries.items()))}
        self.rows: dict[str, Item] = {row: item for row, item in merged.items() if item is not None}
        self.stamp = stamp
        self.last = max((int(row[1:]) for row in entries if row.startswith(_OWN)), default=0)
        self._row_of: dict[int, str] | None = None
        self._items: list[Item] | None = None
        self._indexes: dict[str, dict[str, Item]] = {}
        self.tallies: dict[str, Tally] = {}

    @property
    def items(self) -> list[Item]:
        if self._items is None:
            self._items = list(self.rows.values())
        return self._items

    def row_of(self, item: Item) -> str | None:
        if self._row_of is None:
            self._row_of = {id(held): row for row, held in self.rows.items()}
        return self._row_of.get(id(item))

    def index(self, name: str) -> dict[str, Item]:
        """Find items by the text of a property; of several the first."""
        if name not in self._indexes:
            found: dict[str, Item] = {}
            for item in self.rows.values():
                if (named := member(item, name)) is not MISSING:
                    found.setdefault(str(named), item)
            self._indexes[name] = found
        return self._indexes[name]

    def append(self, row: str, item: Item) -> None:
        self.last = int(row[1:])
        self.rows[row] = item
        if self._items is not None:
            self._items = [*self._items, item] if len(self._items) < _FEW else None
        if self._row_of is not None:
            self._row_of[id(item)] = row
        for name, index in self._indexes.items():
            if (named := member(item, name)) is not MISSING:
                index.setdefault(str(named), item)
        self.note(item)

    def note(self, item: Item) -> None:
        for name, tally in self.tallies.items():
            if (named := member(item, name)) is not MISSING:
                tally.note(named)

    def forget(self) -> None:
        self._row_of, self._items, self._indexes = None, None, {}


_FEW = 100
"""So many items are listed anew for every one that is added; longer lists when they are asked for."""


class Memory:
    """Collections of items by resource, oldest first. Lists and items are given out to be read, not to be changed."""

    def __init__(
        self, seeds: Seeds | Mapping[str, Sequence[Item]], document: Document | None = None, scope: str = ""
    ) -> None:
        self._seeds = seeds if isinstance(seeds, Seeds) else Seeds(seeds)
        self._document = Document() if document is None else document
        self._scope = scope
        self._listings: dict[str, _Listing] = {}

    def reset(self) -> None:
        """Forget everything since the start."""
        for kind in ("items", "spent"):
            self._document.clear(f"{kind}/{self._scope}/")

    def savepoint(self) -> Changes:
        """Remember how things are, so that what comes can be undone alone."""
        return self._document.savepoint()

    def back_to(self, point: Changes) -> None:
        """Undo everything since a savepoint."""
        self._document.back_to(point)

    def items(self, resource: str) -> list[Item]:
        """All items of a resource, oldest first."""
        return self._listing(resource).items

    def find(self, resource: str, property_name: str, identifier: str) -> Item | None:
        """Find the first item whose property is, written as text, this."""
        return self._listing(resource).index(property_name).get(identifier)

    def add(self, resource: str, item: Item) -> None:
        """Put a new item at the end."""
        listing = self._listing(resource)
        row = f"{_OWN}{listing.last + 1:012d}"
        self._put(resource, listing, row, item)
        listing.append(row, item)

    def change(self, resource: str, item: Item, values: Mapping[str, Any]) -> Item:
        """Let exactly this item have other values too; gives the item as it is from now on."""
        return self.substitute(resource, item, {**item, **values})

    def substitute(self, resource: str, item: Item, other: Item) -> Item:
        """Put another item in the place of exactly this one, unless that is gone."""
        listing = self._listing(resource)
        if (row := listing.row_of(item)) is None:
            return other
        self._put(resource, listing, row, other)
        listing.rows[row] = other
        listing.forget()
        listing.note(other)
        return other

    def remove(self, resource: str, item: Item, property_name: str | None) -> None:
        """Take out exactly this item; the identifier it carries in the property is not given again."""
        listing = self._listing(resource)
        if (row := listing.row_of(item)) is not None:
            self._take_out(resource, row)
            listing.stamp = self._document.stamp_of(self._items_group(resource))
            del listing.rows[row]
            listing.forget()
        if isinstance(identifier := member(item, property_name), str | int):
            self.spend(identifier, resource)

    def replace(self, resource: str, items: Sequence[Item]) -> None:
        """Put these items in the place of all there are."""
        for row in list(self._listing(resource).rows):
            self._take_out(resource, row)
        for item in items:
            self.add(resource, item)

    def identifiers(self, resource: str, property_name: str) -> list[Any]:
        """List the identifiers that items of a resource have or had."""
        found = (member(item, property_name) for item in self.items(resource))
        return [*(one for one in found if one is not MISSING), *self._spent(resource).values()]

    def tally(self, resource: str, property_name: str) -> Tally:
        """Sum up the identifiers that items of a resource have or had."""
        listing = self._listing(resource)
        if property_name not in listing.tallies:
            made = listing.tallies[property_name] = Tally()
            for identifier in self.identifiers(resource, property_name):
                made.note(identifier)
        return listing.tallies[property_name]

    def spend(self, identifier: str | int, resource: str) -> None:
        """Take note that an identifier is not given again."""
        self._document.put(f"spent/{self._scope}/{resource}", str(identifier), identifier)
        for tally in self._listing(resource).tallies.values():
            tally.note(identifier)

    def is_spent(self, identifier: str, resource: str) -> bool:
        """Tell whether an item of this identifier was removed."""
        return identifier in self._spent(resource)

    def knows(self, identifier: str, property_name: str) -> bool:
        """Tell whether any item of any resource carries the identifier, or a removed one did."""
        return any(
            identifier in self._listing(name).index(property_name) or identifier in self._spent(name)
            for name in self._names()
        )

    def _names(self) -> dict[str, None]:
        start = f"items/{self._scope}/", f"spent/{self._scope}/"
        added = [name.split("/", 2)[2] for name in self._document.groups() if name.startswith(start)]
        return dict.fromkeys((*self._seeds.resources, *added))

    def _spent(self, resource: str) -> Mapping[str, Any]:
        return self._document.group(f"spent/{self._scope}/{resource}")

    def _items_group(self, resource: str) -> str:
        return f"items/{self._scope}/{resource}"

    def _listing(self, resource: str) -> _Listing:
        group = self._items_group(resource)
        stamp = self._document.stamp_of(group)
        listing = self._listings.get(resource)
        if listing is None or listing.stamp != stamp:
            listing = _Listing(self._seeds.rows(resource), self._document.group(group), stamp)
            self._listings[resource] = listing
        return listing

    def _put(self, resource: str, listing: _Listing, row: str, item: Item) -> None:
        group = self._items_group(resource)
        self._document.put(group, row, item)
        listing.stamp = self._document.stamp_of(group)

    def _take_out(self, resource: str, row: str) -> None:
        group = self._items_group(resource)
        if row in self._seeds.rows(resource):
            self._document.put(group, row, None)
        else:
            self._document.drop(group, row)
