"""A contract goes in; the statuses with which each operation may refuse even a valid request come out.

The rule. A valid request may be refused with

1. what Schemathesis allows of any API: 401, 403, 404, 409, 429 (and a server error, which another check reports);
2. every status that a rule of the operation in behaviour.yaml can `respond` with: a documented business refusal, such
   as 422 PHONE_NUMBER_IN_USE;
3. every 4xx the operation declares that speaks of the *state* of things (402, 410, 412, 423 …) rather than of the
   *form* of the request (400, 405, 406, 415, 422 …; RFC 9110, section 15.5; RFC 4918, section 11; RFC 6585). For a
   valid request a refusal of form is a contradiction, so those have to be earned by way of 2;
4. what it declares of the answers that HTTP gives to a valid header or patch for reasons that no schema can tell: 422
   or 409 for an `Idempotency-Key` that was used for another request, 416 for a `Range` beyond the content, 422 or 400
   for a patch that can't be applied or breaks the item (RFC 6902, 5; RFC 5789, 2.2).

`4XX` and `default` declare no status in particular and add nothing. Nobody writes this list by hand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Contract, Operation

STATE_REFUSALS = frozenset({402, 403, 404, 408, 409, 410, 412, 421, 423, 424, 425, 428, 429, 451})


def business_refusals(contract: Contract) -> dict[str, tuple[int, ...]]:
    """Map operation ids to the statuses that points 2 to 4 of the rule give them; operations without one are left out.

    Point 1 is Schemathesis' default and is added where it is configured.
    """
    found = {
        operation.id: tuple(sorted({*_responded(contract, operation.id), *_declared(operation), *_of_http(operation)}))
        for operation in contract.operations
    }
    return {operation: statuses for operation, statuses in found.items() if statuses}


def _declared(operation: Operation) -> Iterator[int]:
    for status in operation.responses:
        if status.isdecimal() and int(status) in STATE_REFUSALS:
            yield int(status)


def _of_http(operation: Operation) -> Iterator[int]:
    """Yield the declared statuses of point 4."""
    headers = {str(one.value.get("name")).lower() for one in operation.parameters if one.value.get("in") == "header"}
    content = _mapping(_mapping(operation.request_body and operation.request_body.value).get("content"))
    possible = {409, 422} if any(name.removeprefix("x-").startswith("idempoten") for name in headers) else set()
    possible |= {416} if "range" in headers else set()
    possible |= {400, 422} if any("patch+json" in media_type.lower() for media_type in content) else set()
    yield from (status for status in possible if str(status) in operation.responses)


def _responded(contract: Contract, operation: str) -> Iterator[int]:
    """Statuses of `rules/<operation>/*/respond/status`; a misshapen file is for `check` to report."""
    rules = _mapping(_mapping(contract.behaviour.value if contract.behaviour else None).get("rules")).get(operation)
    for rule in rules if isinstance(rules, list) else ():
        status = _mapping(_mapping(rule).get("respond")).get("status")
        if isinstance(status, int):
            yield status


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
