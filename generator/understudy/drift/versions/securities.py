"""Two operations, or two contracts, go in; what has to be proved before an answer is given is compared.

Requirements are alternatives; schemes in one requirement, and scopes of a scheme, are all needed (OpenAPI, Security
Requirement Object).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy.drift.versions.nodes import mapped
from understudy.drift.versions.scope import followed
from understudy.drift.versions.sentences import joined, phrase
from understudy.drift.versions.values import key

if TYPE_CHECKING:
    from understudy.contract.model import Contract, Operation
    from understudy.drift.versions.nodes import Tokens
    from understudy.drift.versions.scope import Scope
    from understudy.drift.versions.sentences import Value
    from understudy.sentence import Sentence

Way = dict[str, frozenset[str]]
"""One way to authenticate: each scheme that is needed and its scopes."""

_URLS = ("authorizationUrl", "tokenUrl", "refreshUrl", "deviceAuthorizationUrl")
_SCHEMES: Tokens = ("components", "securitySchemes")


def compare(scope: Scope, old: Operation, new: Operation) -> None:
    """Compare what an operation demands."""
    names = _renamed(scope.old, scope.new)
    before, after = _ways(old, {}), _ways(new, names)
    places = _place(old), _place(new)
    if {} in before and {} in after:
        return
    if {} in before:
        scope.say("security-demanded", {"ways": joined("or", list(map(_named, after)))}, *places)
    elif {} in after:
        scope.say("security-dropped", {}, *places)
    else:
        _compare(scope, before, after, places)


def _ways(operation: Operation, names: dict[str, str]) -> list[Way]:
    found = [
        {names.get(name, name): _scopes(scopes) for name, scopes in requirement.items()}
        for requirement in operation.security
    ]
    return found or [{}]


def _scopes(value: Any) -> frozenset[str]:
    return frozenset(str(scope) for scope in value) if isinstance(value, list) else frozenset()


def _place(operation: Operation) -> Tokens:
    return (*operation.tokens, "security") if "security" in operation.value else ("security",)


def _is_enough(held: Way, wanted: Way) -> bool:
    """Tell whether who can prove the one can prove the other."""
    return all(name in held and wanted[name] <= held[name] for name in wanted)


def _compare(scope: Scope, before: list[Way], after: list[Way], places: tuple[Tokens, Tokens]) -> None:
    for way in before:
        if any(_is_enough(way, other) for other in after):
            continue
        alike = _of_same_schemes(way, after)
        for said in _further(alike, way):
            scope.say("security-scope-added", said, *places)
        if alike is None:
            scope.say("security-removed", {"way": _named(way)}, *places)
    for way in after:
        alike = _of_same_schemes(way, before)
        for said in _further(alike, way):
            scope.say("security-scope-removed", said, *places)
        if alike is None:
            scope.say("security-added", {"way": _named(way)}, *places)


def _of_same_schemes(way: Way, others: list[Way]) -> Way | None:
    """Find the same way, or else one by the same schemes with other scopes."""
    return next((one for one in others if one == way), None) or next(
        (one for one in others if one.keys() == way.keys()), None
    )


def _further(one: Way | None, other: Way) -> list[dict[str, str]]:
    """List the scopes of the one that the other has not."""
    if one is None:
        return []
    return [
        {"scope": scope, "scheme": name} for name in one for scope in sorted(one[name] - other.get(name, frozenset()))
    ]


def _named(way: Way) -> Value:
    return joined("and", [_scheme_named(name, scopes) for name, scopes in sorted(way.items())])


def _scheme_named(name: str, scopes: frozenset[str]) -> Sentence:
    return phrase("scoped", name=name, scopes=", ".join(sorted(scopes))) if scopes else phrase("code", name=name)


def _schemes(contract: Contract) -> dict[str, Any]:
    return {
        name: followed(contract, (*_SCHEMES, name)).value
        for name in mapped(contract.document.get("components"), "securitySchemes")
    }


def _said(scheme: Any) -> str:
    kept = {name: item for name, item in scheme.items() if name != "description" and not name.startswith("x-")}
    return key(kept)


def _renamed(old: Contract, new: Contract) -> dict[str, str]:
    """Give the new names of schemes that had another: new name → old name."""
    before, after = _schemes(old), _schemes(new)
    left = {_said(scheme): name for name, scheme in before.items() if name not in after}
    return {name: left[_said(scheme)] for name, scheme in after.items() if name not in before and _said(scheme) in left}


def compare_schemes(scope: Scope) -> None:
    """Compare the schemes that both contracts have."""
    before, after = _schemes(scope.old), _schemes(scope.new)
    for name, one in after.items():
        if name in before and _said(before[name]) != _said(one):
            _scheme(scope, name, before[name], one)


def _scheme(scope: Scope, name: str, old: Any, new: Any) -> None:
    place: Tokens = (*_SCHEMES, name)
    for part in ("type", "in", "name", "scheme"):
        one, other = (str(value.get(part, "")).lower() if part != "name" else value.get(part) for value in (old, new))
        if one != other:
            said = {"name": name, "part": part, **_change(old, new, part)}
            scope.say("security-scheme-changed", said, (*place, part), (*place, part))
    if old.get("openIdConnectUrl") != new.get("openIdConnectUrl"):
        scope.say("security-url-changed/open-id", {"name": name}, place, (*place, "openIdConnectUrl"))
    before, after = mapped(old, "flows"), mapped(new, "flows")
    for flow in dict.fromkeys((*after, *before)):
        if flow not in before:
            scope.say("security-flow-added", {"name": name, "flow": flow}, place, (*place, "flows", flow))
        elif flow not in after:
            scope.say("security-flow-removed", {"name": name, "flow": flow}, (*place, "flows", flow), place)
        else:
            _flow(scope, name, flow, (mapped(before, flow), mapped(after, flow)))


def _change(old: Any, new: Any, part: str) -> dict[str, Value]:
    """Fill `before` and `after`; what is not said is none."""
    values = {"before": old.get(part), "after": new.get(part)}
    return {name: phrase("none") if value is None else str(value) for name, value in values.items()}


def _flow(scope: Scope, name: str, flow: str, values: tuple[Any, Any]) -> None:
    place: Tokens = (*_SCHEMES, name, "flows", flow)
    old, new = values
    for part in _URLS:
        if old.get(part) != new.get(part):
            said = {"name": name, "flow": flow, "part": part, **_change(old, new, part)}
            scope.say("security-url-changed", said, (*place, part), (*place, part))
    before, after = mapped(old, "scopes"), mapped(new, "scopes")
    for one in dict.fromkeys((*after, *before)):
        if one not in before:
            said = {"name": name, "flow": flow, "scope": one}
            scope.say("security-flow-scope-added", said, place, (*place, "scopes", one))
        elif one not in after:
            said = {"name": name, "flow": flow, "scope": one}
            scope.say("security-flow-scope-removed", said, (*place, "scopes", one), (*place, "scopes"))
