"""A credential that the mock itself names passes in every mode; others as the mode says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

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
    assert (told.status, told.headers["www-authenticate"]) == (401, "Bearer")


def test_a_scheme_that_is_not_declared_guards_nothing(mocked: Serve) -> None:
    text = 'paths: {/a: {get: {security: [{s: []}], responses: {"204": {description: x}}}}}'
    assert mocked(text).ask("GET /a").status == 204
