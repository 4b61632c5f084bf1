"""The servers that samples may name: which are told, what each wants for a credential, and where that is written."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from sites_in_memory import flat

from understudy.publish.pieces import read

if TYPE_CHECKING:
    from collections.abc import Callable

    from sites_in_memory import Built

ODD = "it's\"\\x"
TAKEN = {"x-understudy-credentials": {"values": [ODD]}}
SCHEMES = {
    "token": {"type": "http", "scheme": "bearer", **TAKEN},
    "key": {"type": "apiKey", "in": "query", "name": "k", **TAKEN},
    "sid": {"type": "apiKey", "in": "cookie", "name": "sid", **TAKEN},
    "login": {"type": "http", "scheme": "basic", "x-understudy-credentials": {"values": [f"me:{ODD}"]}},
    "digest": {"type": "http", "scheme": "digest", "x-understudy-credentials": {"values": ["x"]}},
    "accented": {"type": "http", "scheme": "basic", "x-understudy-credentials": {"values": ["é:x"]}},
}
DIGEST = 'username="user", realm="mock", nonce="0", uri="/", response="x"'
NAME = "The service of the vendor"
SERVED = [{"url": "https://api.example/", "description": f"{NAME}. It is paid for."}]
IN_STRING = json.dumps(ODD)[1:-1]
IN_SHELL = ODD.replace("'", "'\\''")
QUOTED = "it%27s%22%5Cx"


def operation(name: str, **more: Any) -> dict[str, Any]:
    return {"operationId": name, "responses": {"200": {"description": "x"}}, **more}


def told(site: Built, name: str) -> list[str]:
    """What the twin of an operation's page lists below its samples."""
    text = site.text(f"en/ops/{name}").partition("```\n\n- ")[2].partition("\n\n## ")[0]
    return [line.strip() for line in f"- {text}".split("\n") if line.strip("- ")]


@pytest.mark.parametrize(
    ("security", "pieces", "credential"),
    [
        (
            [{"token": []}],
            {"curl": [(IN_SHELL, "YOUR_TOKEN")], "Python": [(IN_STRING, "YOUR_TOKEN")]},
            ", with your own token; see [Authentication](../authentication.md)",
        ),
        (
            [{"key": [], "sid": []}],
            {
                "curl": [(QUOTED, "YOUR_API_KEY"), (QUOTED, "YOUR_API_KEY")],
                "Python": [(IN_STRING, "YOUR_API_KEY"), (QUOTED, "YOUR_API_KEY")],
            },
            ", with your own API key; see [Authentication](../authentication.md)",
        ),
        (
            [{"login": []}],
            {
                "curl": [("me", "user"), (IN_SHELL, "password")],
                "Python": [("me", "user"), (IN_STRING, "password")],
            },
            ", with your own user name and password; see [Authentication](../authentication.md)",
        ),
        (
            [{"digest": []}],
            {"curl": [(DIGEST, "YOUR_CREDENTIALS")]},
            ", with your own credential; see [Authentication](../authentication.md)",
        ),
        (
            [{"accented": []}],
            {"TypeScript": [("w6k6eA==", "BASE64_OF_USER_AND_PASSWORD")]},
            ", with your own user name and password; see [Authentication](../authentication.md)",
        ),
        ([{}], {"curl": [], "Python": []}, ""),
    ],
)
def test_a_sample_knows_where_its_address_and_credential_stand(
    security: Any, pieces: dict[str, Any], credential: str, publish_document: Callable[..., Built]
) -> None:
    path = {"get": operation("a", security=security)}
    site = publish_document(paths={"/a": path}, servers=SERVED, components={"securitySchemes": SCHEMES})
    code = {one.title: one for one in flat(site.page("en/ops/a")) if one.kind == "sample"}
    for name, wanted in pieces.items():
        text = code[name].text.partition("\n")[2]
        found = [(text[at.start : at.start + at.length], at.instead) for at in read(code[name].facts["places"])]
        assert found == [("http://127.0.0.1:4010", ""), *wanted], name
    marked = re.findall(r"<pre[^>]*><code>(.*?)</code></pre>", site.files["en/ops/a.html"].decode(), re.DOTALL)
    for html, part in zip(marked, code.values(), strict=False):
        assert unescape(re.sub("<[^>]*>", "", html)) == part.text.partition("\n")[2].removesuffix("\n```")
        assert html.count("data-piece=") == len(read(part.facts["places"]))
    assert told(site, "a")[1] == f"- {NAME}: `https://api.example`{credential}"


def test_the_nearest_servers_are_told_that_mean_something_anywhere(publish_document: Callable[..., Built]) -> None:
    eu = {"url": "https://{region}.example/v1/", "variables": {"region": {"default": "eu", "enum": ["eu", "it's"]}}}
    own = {"get": operation("own", servers=[{"url": "https://a.example"}, {"url": "/relative"}])}
    paths = {
        "/all": {"get": operation("all")},
        "/path": {"get": operation("path"), "servers": [eu]},
        "/own": {**own, "servers": [eu]},
        "/none": {"get": operation("none", servers=[{"url": "/"}, {"url": "https://{gone}.example"}, {"url": "x:y"}])},
        "/mock": {"get": operation("mock", servers=[{"url": "http://127.0.0.1:4010"}])},
        "/same": {"get": operation("same", servers=[*SERVED, *SERVED, {**SERVED[0], "url": "https://b.example"}])},
    }
    site = publish_document(paths=paths, servers=SERVED)
    mock = "- The mock: `http://127.0.0.1:4010`"
    assert told(site, "all") == [mock, f"- {NAME}: `https://api.example`"]
    assert told(site, "path") == [mock, "- `https://eu.example/v1`", "- `region`: one of `eu`, `it's` · default: `eu`"]
    assert told(site, "own") == [mock, "- `https://a.example`"]
    alike = ("https://api.example", "https://b.example")
    assert told(site, "same")[1:] == [f"- {NAME} ({one}): `{one}`" for one in alike]
    for name in ("none", "mock"):
        assert "servers" not in {part.kind for part in flat(site.page(f"en/ops/{name}"))}, name
    server = next(part for part in flat(site.page("en/ops/path")) if part.kind == "server" and part.facts)
    assert json.loads(server.facts["variables"]) == {"region": ["eu", "it's"]}
