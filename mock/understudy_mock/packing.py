"""A journal entry goes in as bytes that any process can read, and comes out again; only what is shown of it travels.

Wishes are read again from the request, operations are looked up by name: none of them need be written down.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy_mock import preferences
from understudy_mock.exchange import Fault
from understudy_mock.journal import Entry
from understudy_mock.media import from_json, pack, to_json, unpack
from understudy_mock.near_misses import NearMiss

if TYPE_CHECKING:
    from collections.abc import Mapping

    from understudy_mock.compiling import CompiledContract, CompiledOperation


def packed(entry: Entry) -> bytes:
    """Write an entry, without its number."""
    operation = entry.operation
    return pack(
        (
            entry.at,
            entry.seconds,
            entry.session,
            entry.method,
            entry.path,
            entry.query,
            entry.headers,
            (operation.contract.name, operation.operation.id) if operation is not None else None,
            to_json(entry.values),
            entry.content,
            entry.request_bytes,
            entry.status,
            entry.answer_headers,
            entry.answer_body,
            entry.answer_bytes,
            entry.reason,
            entry.kind,
            [(fault.location, fault.tokens, fault.rule, fault.message) for fault in entry.faults],
            [((near.contract, near.operation, near.method, near.path), near.differs) for near in entry.nearest],
            entry.scheme,
        )
    )


def unpacked(record: bytes, number: int, contracts: Mapping[str, CompiledContract]) -> Entry:
    """Read an entry; of an operation that no contract has any more only the request is left."""
    at, seconds, session, method, path, query, headers, named, values, *rest = unpack(record)
    content, request_bytes, status, answer_headers, body, answer_bytes, reason, kind, faults, nearest, scheme = rest
    fields = [(name, value) for name, value in headers]
    return Entry(
        number=number,
        at=at,
        seconds=seconds,
        session=session,
        method=method,
        path=path,
        query=query,
        headers=fields,
        operation=_operation(named, contracts),
        values=from_json(values),
        wish=_wish(fields, query),
        content=content,
        request_bytes=request_bytes,
        status=status,
        answer_headers=tuple((name, value) for name, value in answer_headers),
        answer_body=body,
        answer_bytes=answer_bytes,
        reason=reason,
        kind=kind,
        faults=tuple(Fault(place, tuple(tokens), rule, message) for place, tokens, rule, message in faults),
        nearest=tuple(
            NearMiss(one, name, verb, place, tuple(differs)) for (one, name, verb, place), differs in nearest
        ),
        scheme=scheme,
    )


def _operation(named: Any, contracts: Mapping[str, CompiledContract]) -> CompiledOperation | None:
    if named is None or named[0] not in contracts:
        return None
    return contracts[named[0]].operations.get(named[1])


def _wish(headers: list[tuple[bytes, bytes]], query: bytes) -> preferences.Wish:
    prefer = [value.decode("latin-1") for name, value in headers if name == b"prefer"]
    try:
        return preferences.read(", ".join(prefer) if prefer else None, query)
    except preferences.MalformedWishError:
        return preferences.NO_WISH
