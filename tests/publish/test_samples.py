"""Requests to copy: a shell, Python and JavaScript read them as just the request that was meant."""

from __future__ import annotations

import ast
import base64
import json
import shutil
import subprocess
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from understudy.publish.requests import Request
from understudy.publish.samples import curl, python, typescript

if TYPE_CHECKING:
    from collections.abc import Callable

    from sites_in_memory import Built

NASTY = 'it\'s "$(id)" `x` \\ \n é !  & ; | > $HOME #'
LOGIN = ("it's", 'a "secret" \\')
HEADERS = {"Authorization": f"Bearer {NASTY.replace(chr(10), ' ')}", "X-É": "ü"}
BASH, NODE = shutil.which("bash"), shutil.which("node")


def request(**changes: Any) -> Request:
    parts = {"method": "POST", "host": "http://127.0.0.1:4010", "path": "/api/it's", "headers": HEADERS}
    return Request(**{**parts, **changes})


def as_shell_reads(text: str) -> list[str]:
    script = f'curl() {{ printf "%s\\0" "$@"; }}\n{text}'
    told = subprocess.run([str(BASH), "-c", script], check=True, capture_output=True).stdout
    return told.decode().split("\0")[:-1]


@pytest.mark.skipif(BASH is None, reason="no bash")
def test_a_shell_reads_curl_as_it_is_meant() -> None:
    body = {"text": NASTY, "price": 1, "list": [True, None]}
    made = request(query=(("q", NASTY), ("q", "b")), body=body, media_type="application/json", form="json", login=LOGIN)
    words = as_shell_reads(curl(made))
    assert words[0] == made.url
    assert words[words.index("-u") + 1] == ":".join(LOGIN)
    headers = [words[index + 1] for index, word in enumerate(words) if word == "-H"]
    assert headers == [*(f"{name}: {value}" for name, value in HEADERS.items()), "Content-Type: application/json"]
    assert json.loads(words[-1]) == body


@pytest.mark.skipif(BASH is None, reason="no bash")
@pytest.mark.parametrize(
    ("form", "body", "words"),
    [
        ("form", {"a b": NASTY[:4], "c": [1, 2]}, ["--data", "a%20b=it%27s&c=1&c=2"]),
        ("multipart", {"a": "it's"}, ["-F", "a=it's"]),
        ("text", "it's", ["--data-binary", "it's"]),
        ("", None, []),
    ],
)
def test_every_form_of_body(form: str, body: Any, words: list[str]) -> None:
    made = request(method="PUT", headers={}, form=form, body=body, media_type="x/y" if form else "")
    assert [one for one in as_shell_reads(curl(made))[3:] if one not in ("-H", "Content-Type: x/y")] == words


def test_python_sends_what_is_meant() -> None:
    body = {"text": NASTY, "yes": True, "none": None, "list": [1, {"deep": "x" * 100}]}
    made = request(query=(("q", NASTY),), body=body, media_type="application/json", form="json", login=LOGIN)
    sent: dict[str, Any] = {}

    def post(address: str, **more: Any) -> Any:
        sent.update(more, address=address)
        return SimpleNamespace(status_code=200, text="")

    def print_nothing(*_: Any) -> None:
        return None

    source = python(made).replace("import httpx", "")
    exec(compile(ast.parse(source), "sample", "exec"), {"httpx": SimpleNamespace(post=post), "print": print_nothing})  # noqa: S102 - our own sample
    assert sent.pop("auth") == LOGIN
    assert sent == {"address": made.address, "params": {"q": NASTY}, "headers": HEADERS, "json": body}


@pytest.mark.skipif(NODE is None, reason="no node")
def test_javascript_sends_what_is_meant() -> None:
    body = {"text": NASTY, "list": [1, None], "__proto": "</script>\u2028"}
    headers = {"X-É": "ü"}
    made = request(query=(("q", NASTY),), body=body, media_type="text/json", form="json", headers=headers, login=LOGIN)
    fake = "globalThis.fetch = async (url, o) => ({status: 0, text: async () => JSON.stringify([url, o])});\n"
    program = fake + typescript(made).replace("console.log(response.status, ", "process.stdout.write(")
    told = subprocess.run([str(NODE), "--input-type=module", "-e", program], check=True, capture_output=True).stdout
    url, options = json.loads(told)
    assert url == made.url
    login = f"Basic {base64.b64encode(':'.join(LOGIN).encode()).decode()}"
    assert options["headers"] == {"Authorization": login, **headers, "Content-Type": "text/json"}
    assert json.loads(options["body"]) == body


def test_samples_carry_the_mocks_credential_and_address(vendors: Built) -> None:
    text = vendors.text("en/talkover/ops/requestPhoneRelease")
    address = "http://127.0.0.1:4010/api/v1/phone-numbers/phone-uuid-1/request-release"
    assert text.count(address) == 3
    assert text.count("Bearer talq_understudy") == 3


def test_parameters_are_written_in_their_style(publish_document: Callable[..., Built]) -> None:
    def query(name: str, value: Any, **more: Any) -> dict[str, Any]:
        return {"name": name, "in": "query", "required": True, "schema": {}, "example": value, **more}

    parameters = [
        {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}, "example": "a/b c"},
        query("tags", ["x", "y"]),
        query("ids", [1, 2], explode=False),
        query("pipe", [1, 2], style="pipeDelimited", explode=False),
        query("deep", {"a": 1}, style="deepObject"),
        query("left", "out", required=False),
    ]
    for style, value in (("label", ["x", "y"]), ("matrix", {"k": "v"})):
        parameters.append(
            {"name": style, "in": "path", "required": True, "style": style, "schema": {}, "example": value}
        )
    operation = {"operationId": "a", "parameters": parameters, "responses": {"204": {"description": "x"}}}
    site = publish_document(paths={"/a/{id}/{label}/{matrix}": {"get": operation}})
    wanted = "/a/a%2Fb%20c/.x,y/;matrix=k,v?tags=x&tags=y&ids=1%2C2&pipe=1%7C2&deep%5Ba%5D=1"
    assert f"curl 'http://127.0.0.1:4010{wanted}'" in site.text("en/ops/a")
