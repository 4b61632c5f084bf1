"""A contract in one language goes in; its security schemes in words, and a request that passes the mock, come out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy.publish import prose
from understudy.publish.credentials import is_guarded, scheme_anchor, security_schemes
from understudy.publish.edition import described
from understudy.publish.first_request import simplest
from understudy.publish.naming import slug
from understudy.publish.page import Part
from understudy.publish.requests import request
from understudy.publish.samples import samples

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.publish.edition import Edition


def authentication_parts(edition: Edition) -> Iterator[Part]:
    """Yield each security scheme in words, and a request with the mock's credential."""
    words = edition.words
    schemes = security_schemes(edition)
    yield Part("prose", text=words("auth_about" if schemes else "auth_none"))
    for name, (tokens, value) in schemes.items():
        told = edition.told(tokens, "description", value)
        below = (Part("prose", text=_way(edition, value)), *_flows(edition, value), *_personas(edition, value))
        yield described("section", prose.plain(name), told, below, anchor=scheme_anchor(name))
    guarded = [one for one in edition.operations.values() if is_guarded(one)]
    first = simplest(edition, guarded)
    if first and (edition.stand_in.headers or edition.stand_in.credentials):
        yield Part(
            "section",
            title=words("auth_mock"),
            anchor="mock-credential",
            parts=(
                Part("prose", text=words("auth_mock_about")),
                samples(request(edition, first), words("request_sample")),
            ),
        )


def _way(edition: Edition, value: dict[str, Any]) -> str:
    """Say how a credential is sent (OpenAPI, Security Scheme Object)."""
    words, kind = edition.words, str(value.get("type", ""))
    name = prose.code(str(value.get("name", "")))
    if kind == "apiKey" and words.has(f"way_key_{value.get('in')}"):
        return words(f"way_key_{value['in']}", name=name)
    scheme = str(value.get("scheme", "")).lower()
    if kind == "http" and scheme in ("bearer", "basic"):
        form = str(value.get("bearerFormat") or "")
        text = words(f"way_{scheme}")
        return f"{text} {words('way_format', form=prose.plain(form))}" if form else text
    if kind == "http":
        return words("way_http", scheme=prose.code(str(value.get("scheme", ""))))
    if kind == "openIdConnect":
        return words("way_open_id", address=prose.code(str(value.get("openIdConnectUrl", ""))))
    return words(f"way_{kind}") if words.has(f"way_{kind}") else words("way_other", kind=prose.code(kind))


def _flows(edition: Edition, value: dict[str, Any]) -> Iterator[Part]:
    flows, words = value.get("flows"), edition.words
    for name, flow in flows.items() if isinstance(flows, dict) else ():
        if not isinstance(flow, dict):
            continue
        lines = [
            f"- {words(key)}: {prose.code(str(flow[key]))}"
            for key in ("authorizationUrl", "tokenUrl", "refreshUrl", "deviceAuthorizationUrl")
            if flow.get(key)
        ]
        scopes = flow.get("scopes")
        lines += [
            f"- {prose.code(str(scope))} — {prose.in_line(str(text))}"
            for scope, text in (scopes.items() if isinstance(scopes, dict) else ())
        ]
        yield Part(
            "section",
            title=prose.code(str(name)),
            parts=(Part("links", text="\n".join(lines)),) if lines else (),
            anchor=f"flow-{slug(str(name))}",
        )


def _personas(edition: Edition, value: dict[str, Any]) -> Iterator[Part]:
    """List who the mock knows, `x-understudy-credentials`."""
    told, words = value.get("x-understudy-credentials"), edition.words
    people = told.get("personas") if isinstance(told, dict) else None
    rows = []
    for name, one in people.items() if isinstance(people, dict) else ():
        token = one.get("token", "") if isinstance(one, dict) else one
        scopes = one.get("scopes") if isinstance(one, dict) else None
        listed = (
            ", ".join(prose.code(str(scope)) for scope in scopes) if isinstance(scopes, list) else words("all_scopes")
        )
        rows.append(
            f"| {prose.plain(str(name))} | {prose.code(str(token)).replace('|', chr(92) + '|')} | {listed or '—'} |"
        )
    if rows:
        head = f"| {words('persona')} | {words('token')} | {words('scopes')} |\n| --- | --- | --- |"
        yield Part("table", text="\n".join([head, *rows]))
