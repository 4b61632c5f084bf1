"""A filled error body that breaks its schema goes in; the nearest one that fits comes out, or none.

What the schema forbids is put back as it was before it was filled, taken out, or cut to the length that is allowed.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from understudy.contract.validating import Violation
    from understudy_mock.compiling import CompiledMedia

Place = tuple[str | int, ...]

_ROUNDS = 4
_NOTHING = object()


def repaired(media: CompiledMedia, value: Any, base: Any) -> tuple[bool, Any]:
    """Mend a body a few times over; tells whether it fits in the end. `base` is the body before it was filled."""
    for _ in range(_ROUNDS):
        if media.takes(value):
            return True, value
        value = copy.deepcopy(value)
        mended = [_mend(value, one, base) for one in list(media.validator.violations(value))] if media.validator else []
        if not any(mended):
            return False, value
    return media.takes(value), value


def _mend(value: Any, violation: Violation, base: Any) -> bool:
    """Change what one violation is about; tells whether anything could be done."""
    tokens = violation.tokens
    if not tokens:
        return False
    parent = _at(value, tokens[:-1])
    if violation.keyword in ("additionalProperties", "unevaluatedProperties", "propertyNames"):
        return isinstance(parent, dict) and parent.pop(tokens[-1], _NOTHING) is not _NOTHING
    held, limit = _at(value, tokens), violation.expected
    if violation.keyword in ("maxLength", "maxItems") and isinstance(held, str | list) and isinstance(limit, int):
        return _set(parent, tokens[-1], held[:limit])
    former = _at(base, tuple(0 if isinstance(token, int) else token for token in tokens))
    return former is not _NOTHING and former != held and _set(parent, tokens[-1], former)


def _at(value: Any, tokens: Place) -> Any:
    for token in tokens:
        try:
            value = value[token]
        except (KeyError, IndexError, TypeError):
            return _NOTHING
    return value


def _set(parent: Any, token: str | int, new: Any) -> bool:
    if isinstance(parent, dict):
        parent[str(token)] = new
    elif isinstance(parent, list) and isinstance(token, int) and token < len(parent):
        parent[token] = new
    else:
        return False
    return True
