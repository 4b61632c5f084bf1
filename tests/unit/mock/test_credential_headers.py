"""The headers that drift sends let every operation pass that takes its credentials from headers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Serve


def test_each_operation_s_credentials_are_told(mocked: Serve) -> None:
    mock = mocked("""\
        paths:
          /a: {get: {security: [{c: []}], responses: {'204': {description: ok}}}}
          /b: {get: {security: [{q: []}, {h: [], d: []}], responses: {'204': {description: ok}}}}
        components:
          securitySchemes:
            c: {type: apiKey, in: cookie, name: C}
            d: {type: apiKey, in: cookie, name: D}
            h: {type: apiKey, in: header, name: H}
            q: {type: apiKey, in: query, name: Q}
        """)
    headers = mock.app.credential_headers(mock.app.mounts[0].compiled.contract)
    assert set(headers) == {"H", "Cookie"}
    assert [pair.partition("=")[0] for pair in headers["Cookie"].split("; ")] == ["C", "D"]
