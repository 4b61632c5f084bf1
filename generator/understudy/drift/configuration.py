"""A contract, a target and settings go in; what Schemathesis reads from a schemathesis.toml comes out.

Everything is on that can be on: all phases, all checks, Schemathesis' own numbers of examples. `max_response_time`
needs a limit to be a check, and `object_level_authorization` needs two identities, which a target does not have.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from understudy.drift.expectations import business_refusals
from understudy.drift.target import SAFE_METHODS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from understudy.contract.model import Contract
    from understudy.drift.target import Settings, Target

ACCEPTANCE = "positive_data_acceptance"
HEADERS = "missing_required_header"
_WITHOUT_HEADER = ("400", "401", "403", "406", "415", "422", "428")
"""Schemathesis' own list, and what a missing condition may be answered with (RFC 6585, 3)."""


def document(contract: Contract) -> dict[str, Any]:
    """Copy the bundle as plain JSON values: Schemathesis writes into what it is given and knows no Decimal."""
    copied: dict[str, Any] = json.loads(json.dumps(contract.document, default=float))
    return copied


def configuration(contract: Contract, target: Target, settings: Settings, accepted: Sequence[str]) -> dict[str, Any]:
    """Compose the configuration; `accepted` are the statuses Schemathesis allows any valid request."""
    made: dict[str, Any] = {
        "seed": settings.seed,
        "base-url": target.base_url(contract),
        "workers": settings.workers,
        # Stopping at an operation's first failure would hide its other ones.
        "continue-on-failure": True,
        "checks": {"enabled": True},
        "generation": {"database": "none"},
        "phases": _phases(settings),
        # A slow machine and a large schema are no faults of the other side.
        "suppress-health-check": ["all"],
        "operations": [*_refusals(contract, accepted), *_left_out(settings)],
        # A run depends on the contract, the other side and the seed: not on files of an earlier run, not on literals
        # found in the source of the application, not on an account signed up on the way.
        "cache": {"enabled": False},
        "analysis": {"constants": {"enabled": False}},
        "auth": {"auto-signup": False},
    }
    if settings.max_examples is not None:
        made["generation"]["max-examples"] = settings.max_examples
    if settings.rate_limit is not None:
        made["rate-limit"] = settings.rate_limit
    if settings.max_time is not None:
        made["max-time"] = settings.max_time
    if settings.max_response_time is not None:
        made["checks"]["max_response_time"] = settings.max_response_time
    return made


def told_apart(headers: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Share out the headers of a target: those sent as they are, and cookies as parameters of their own.

    In a header that is always there, Schemathesis would not notice that a cookie is when it means to leave it out.
    """
    cookies: dict[str, str] = {}
    for pair in headers.get("Cookie", "").split(";"):
        name, separator, value = pair.strip().partition("=")
        if separator:
            cookies[f"cookie.{name}"] = value
    return {name: value for name, value in headers.items() if name != "Cookie"}, cookies


def _phases(settings: Settings) -> dict[str, Any]:
    phases: dict[str, Any] = {"enabled": True}
    if settings.safe:
        phases["coverage"] = {"unexpected-methods": [method.lower() for method in SAFE_METHODS if method != "HEAD"]}
    if settings.max_steps is not None:
        phases["stateful"] = {"max-steps": settings.max_steps}
    return phases


def _refusals(contract: Contract, accepted: Sequence[str]) -> list[dict[str, Any]]:
    statuses = business_refusals(contract)
    return [
        {
            "include-name": f"{operation.method} {operation.path}",
            "checks": {
                ACCEPTANCE: {"expected-statuses": [*accepted, *map(str, statuses[operation.id])]},
                **({HEADERS: {"expected-statuses": [*_WITHOUT_HEADER]}} if "428" in operation.responses else {}),
            },
        }
        for operation in contract.operations
        if operation.id in statuses
    ]


def _left_out(settings: Settings) -> list[dict[str, Any]]:
    """Turn operations off by method; Schemathesis then sends them in no phase and as no unexpected method either."""
    if not settings.safe:
        return []
    return [{"exclude-method": list(SAFE_METHODS), "enabled": False}]
