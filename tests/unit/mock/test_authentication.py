"""A credential that the mock itself names passes in every mode; others as the mode says."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from understudy.errors import InputError

if TYPE_CHECKING:
    from conftest import Serve

SCHEMES = {
    "bearer": "{type: http, scheme: bearer}",
    "basic": "{type: http, scheme: Basic}",
    "digest": "{type: http, scheme: digest}",
    "header": "{type: apiKey, in: header, name: X-Key}",
    "cookie": "{type: apiKey, in: cookie, name: session}",
    "oauth": "{type: oauth2, flows: {}}",
    "openid": "{type: openIdConnect, openIdConnectUrl: 'https://a.test'}",
    "values": "{type: http, scheme: bearer, x-understudy-credentials: {values: [alpha]}}",
    "pattern": "{type: http, scheme: bearer, x-understudy-credentials: {pattern: 'talq_[a-z]+'}}",
}


def contract(scheme: str) -> str:
    return f"""\
        paths:
          /a: {{get: {{security: [{{s: []}}], responses: {{"204": {{description: x}}}}}}}}
        components: {{securitySchemes: {{s: {scheme}}}}}
        """


@pytest.mark.parametrize("mode", ["lenient", "strict", "off"])
@pytest.mark.parametrize("scheme", SCHEMES.values(), ids=SCHEMES)
def test_the_credential_it_names_passes(mocked: Serve, scheme: str, mode: str) -> None:
    served = mocked(contract(scheme), auth=mode)
    headers = served.app.credential_headers(served.app.mounts[0].compiled.contract)
    told = served.ask("GET /a", **{name.lower().replace("-", "_"): value for name, value in headers.items()})
    assert told.status == 204


@pytest.mark.parametrize(("mode", "status"), [("lenient", 204), ("strict", 401), ("off", 204)])
def test_another_one_passes_unless_the_mode_is_strict(mocked: Serve, mode: str, status: int) -> None:
    assert mocked(contract(SCHEMES["bearer"]), auth=mode).ask("GET /a", authorization="Bearer abc").status == status


@pytest.mark.parametrize(("mode", "status"), [("lenient", 401), ("strict", 401), ("off", 204)])
def test_none_at_all_passes_only_where_nobody_is_asked(mocked: Serve, mode: str, status: int) -> None:
    assert mocked(contract(SCHEMES["bearer"]), auth=mode).ask("GET /a").status == status


@pytest.mark.parametrize("scheme", ["values", "pattern"])
def test_what_the_contract_tells_counts_in_every_mode(mocked: Serve, scheme: str) -> None:
    for mode in ("lenient", "strict"):
        assert mocked(contract(SCHEMES[scheme]), auth=mode).ask("GET /a", authorization="Bearer X9").status == 401


@pytest.mark.parametrize("token", ["a b", "", "\u00e9", "a,b", "=", '"a"'])
def test_a_bearer_token_has_its_form(mocked: Serve, token: str) -> None:
    told = mocked(contract(SCHEMES["bearer"])).ask("GET /a", authorization=f"Bearer {token}")
    assert told.status == 401
    assert told.headers["www-authenticate"].startswith('Bearer realm="mock", error="invalid_token", error_desc')


def test_what_headers_can_not_carry_is_left_to_the_next_alternative(mocked: Serve) -> None:
    text = contract("{type: apiKey, in: query, name: key}")
    alone = mocked(text)
    assert alone.app.credential_headers(alone.app.mounts[0].compiled.contract) == {}
    assert alone.ask("GET /a?key=1").status == 204
    both = mocked(
        text.replace("[{s: []}]", "[{s: []}, {t: []}]").replace("{s: {", "{t: {type: http, scheme: bearer}, s: {")
    )
    headers = both.app.credential_headers(both.app.mounts[0].compiled.contract)
    assert headers == {"Authorization": "Bearer understudy-token"}


def test_a_scheme_that_is_not_declared_guards_nothing(mocked: Serve) -> None:
    text = 'paths: {/a: {get: {security: [{s: []}], responses: {"204": {description: x}}}}}'
    assert mocked(text).ask("GET /a").status == 204


def test_a_revoked_credential_is_refused_in_its_session(mocked: Serve) -> None:
    served = mocked(contract(SCHEMES["bearer"]))
    session = served.app.runtime.sessions.open("default")
    session.revoke("gone")
    told = served.ask("GET /a", authorization="Bearer gone")
    assert (told.status, 'error="invalid_token"' in told.headers["www-authenticate"]) == (401, True)
    assert served.ask("GET /a", authorization="Bearer other").status == 204
    assert served.ask("GET /a", authorization="Bearer gone", understudy_session="elsewhere").status == 204


PERSONAS = "{personas: {ann: {token: a, scopes: [x]}, bob: {token: b, scopes: []}, root: {}}}"


def scoped(wanted: str) -> str:
    scheme = f"{{type: oauth2, flows: {{}}, x-understudy-credentials: {PERSONAS}}}"
    return contract(scheme).replace("[{s: []}]", f"[{{s: [{wanted}]}}]")


@pytest.mark.parametrize(
    ("token", "wanted", "status"),
    [
        ("a", "x", 204),
        ("a", "x, y", 403),
        ("b", "x", 403),
        ("b", "", 204),
        ("understudy-root", "x, y", 204),
        ("c", "", 401),
    ],
)
def test_a_persona_has_its_scopes_and_no_others(mocked: Serve, token: str, wanted: str, status: int) -> None:
    assert mocked(scoped(wanted)).ask("GET /a", authorization=f"Bearer {token}").status == status


def test_a_persona_is_revoked_by_its_name(mocked: Serve) -> None:
    served = mocked(scoped("x"))
    served.app.runtime.sessions.open("default").revoke("ann")
    assert served.ask("GET /a", authorization="Bearer a").status == 401


def test_personas_are_listed_and_the_mightiest_is_used(mocked: Serve) -> None:
    served = mocked(scoped("x"))
    found = served.app.mounts[0].compiled.contract
    listed = [(name, one.name, one.credential, one.scopes) for name, one in served.app.personas(found)]
    assert listed == [("s", "ann", "a", ("x",)), ("s", "bob", "b", ()), ("s", "root", "understudy-root", None)]
    assert served.app.credential_headers(found) == {"Authorization": "Bearer understudy-root"}


def test_a_pattern_that_is_none_is_told_with_its_place(mocked: Serve) -> None:
    with pytest.raises(InputError) as caught:
        mocked(contract("{type: http, scheme: bearer, x-understudy-credentials: {pattern: '['}}"))
    assert caught.value.finding.location is not None
    assert caught.value.finding.location.line > 0


def test_a_pattern_without_a_fixed_beginning_still_has_a_credential(mocked: Serve) -> None:
    served = mocked(
        contract("{type: http, scheme: bearer, x-understudy-credentials: {pattern: '[0-9]{4}'}}"), auth="strict"
    )
    headers = served.app.credential_headers(served.app.mounts[0].compiled.contract)
    assert served.ask("GET /a", authorization=headers["Authorization"]).status == 204


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256", "SHA-512-256", "MD5-sess"])
@pytest.mark.parametrize("qop", ["", "auth"])
def test_a_digest_is_computed(mocked: Serve, algorithm: str, qop: str) -> None:
    served = mocked(contract("{type: http, scheme: digest, x-understudy-credentials: {values: ['ann:secret']}}"))
    assert served.ask("GET /a", authorization=digest("secret", algorithm, qop)).status == 204
    assert served.ask("GET /a", authorization=digest("wrong", algorithm, qop)).status == 401


def digest(password: str, algorithm: str, qop: str) -> str:
    name = {"MD5": "md5", "SHA-256": "sha256", "SHA-512-256": "sha512_256"}[algorithm.removesuffix("-sess")]

    def hashed(text: str) -> str:
        return hashlib.new(name, text.encode(), usedforsecurity=False).hexdigest()

    user = hashed(f"ann:r:{password}")
    if algorithm.endswith("-sess"):
        user = hashed(f"{user}:n:c")
    middle = "n:1:c:auth" if qop else "n"
    response = hashed(f"{user}:{middle}:{hashed('GET:/a')}")
    more = ", qop=auth, nc=1" if qop else ""
    return (
        f'Digest username="ann", realm="r", nonce="n", uri="/a", cnonce="c", algorithm={algorithm}, '
        f'response="{response}"{more}'
    )


def test_an_unknown_algorithm_proves_nothing(mocked: Serve) -> None:
    served = mocked(contract("{type: http, scheme: digest, x-understudy-credentials: {values: [secret]}}"))
    header = 'Digest username="u", realm="r", nonce="n", uri="/a", algorithm=ROT13, response=""'
    assert served.ask("GET /a", authorization=header).status == 401


def test_a_challenge_is_told_for_each_alternative(mocked: Serve) -> None:
    text = contract("{type: http, scheme: bearer}").replace("[{s: []}]", "[{s: []}, {t: []}]")
    told = mocked(text.replace("{s: {", "{t: {type: http, scheme: hoba}, s: {")).ask("GET /a")
    assert told.status == 401
    assert told.headers["www-authenticate"] == 'Hoba realm="mock"', "the last of two headers of this name"
