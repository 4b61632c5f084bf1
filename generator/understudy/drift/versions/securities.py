"""Two operations, or two contracts, go in; what has to be proved before an answer is given is compared.

Requirements are alternatives; schemes in one requirement, and scopes of a scheme, are all needed (OpenAPI, Security
Requirement Object).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy.drift.versions.nodes import mapped
from understudy.drift.versions.scope import followed
from understudy.drift.versions.values import key

if TYPE_CHECKING:
    from understudy.contract.model import Contract, Operation
    from understudy.drift.versions.nodes import Tokens
    from understudy.drift.versions.scope import Scope

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
        said = f"Credentials are needed now: {' or '.join(map(_named, after))}."
        scope.say("security-demanded", said, *places)
    elif {} in after:
        scope.say("security-dropped", "No credentials are needed any more.", *places)
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
        for text in _further(alike, way):
            scope.say("security-scope-added", f"A further scope is needed: {text}.", *places)
        if alike is None:
            scope.say("security-removed", f"{_capital(_named(way))} is no longer enough to authenticate.", *places)
    for way in after:
        alike = _of_same_schemes(way, before)
        for text in _further(alike, way):
            scope.say("security-scope-removed", f"A scope is no longer needed: {text}.", *places)
        if alike is None:
            scope.say("security-added", f"{_capital(_named(way))} is one more way to authenticate.", *places)


def _of_same_schemes(way: Way, others: list[Way]) -> Way | None:
    """Find the same way, or else one by the same schemes with other scopes."""
    return next((one for one in others if one == way), None) or next(
        (one for one in others if one.keys() == way.keys()), None
    )


def _further(one: Way | None, other: Way) -> list[str]:
    """List the scopes of the one that the other has not."""
    if one is None:
        return []
    return [f"`{scope}` of `{name}`" for name in one for scope in sorted(one[name] - other.get(name, frozenset()))]


def _named(way: Way) -> str:
    return " and ".join(
        f"`{name}`" + (f" ({', '.join(sorted(scopes))})" if scopes else "") for name, scopes in sorted(way.items())
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


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
            said = f"The security scheme `{name}` has another {part}: {old.get(part)} → {new.get(part)}."
            scope.say("security-scheme-changed", said, (*place, part), (*place, part))
    if old.get("openIdConnectUrl") != new.get("openIdConnectUrl"):
        said = f"The security scheme `{name}` has another openIdConnectUrl."
        scope.say("security-url-changed", said, place, (*place, "openIdConnectUrl"))
    before, after = mapped(old, "flows"), mapped(new, "flows")
    for flow in dict.fromkeys((*after, *before)):
        if flow not in before:
            said = f"The security scheme `{name}` has one more flow: {flow}."
            scope.say("security-flow-added", said, place, (*place, "flows", flow))
        elif flow not in after:
            said = f"The security scheme `{name}` no longer has the flow {flow}."
            scope.say("security-flow-removed", said, (*place, "flows", flow), place)
        else:
            _flow(scope, name, flow, (mapped(before, flow), mapped(after, flow)))


def _flow(scope: Scope, name: str, flow: str, values: tuple[Any, Any]) -> None:
    place: Tokens = (*_SCHEMES, name, "flows", flow)
    old, new = values
    for part in _URLS:
        if old.get(part) != new.get(part):
            said = f"The {part} of `{name}` ({flow}) changed: {old.get(part)} → {new.get(part)}."
            scope.say("security-url-changed", said, (*place, part), (*place, part))
    before, after = mapped(old, "scopes"), mapped(new, "scopes")
    for one in dict.fromkeys((*after, *before)):
        if one not in before:
            said = f"`{name}` ({flow}) offers one more scope: `{one}`."
            scope.say("security-flow-scope-added", said, place, (*place, "scopes", one))
        elif one not in after:
            said = f"`{name}` ({flow}) no longer offers the scope `{one}`."
            scope.say("security-flow-scope-removed", said, (*place, "scopes", one), (*place, "scopes"))
