"""The browser mock and the server mock are asked the same and answer the same, with MSW 2 and with MSW 3."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from workshop import exported, workshop

from understudy.contract.loading import load
from understudy_mock.compiling import compile_contract
from understudy_mock.sample_requests import SampleRequest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Serve
    from understudy.contract.model import Operation
    from understudy_mock.compiling import CompiledContract

HERE = Path(__file__).parent
CONTRACTS = ("talkover", "talkturo", str(HERE / "shapes.yaml"))
BROWSER = "http://browser.test"
NOT_ACCEPTABLE = 406
THING = "/v1.0/things/a"


@dataclass(frozen=True)
class Question:
    method: str
    target: str
    headers: dict[str, str]
    body: str | None = None
    is_made_up: bool = False
    """Whether the body is no example, so that the server's may depend on the request."""


def _code(key: str) -> str:
    return key if key.isdecimal() else {"2XX": "299", "4XX": "418", "default": "599"}[key]


def _names(operation: Operation) -> Iterator[tuple[str, str]]:
    """Yield the status and the name of every example that a contract shows."""
    for key, response in operation.responses.items():
        for media in response.value.get("content", {}).values():
            if key != "304":
                yield from ((_code(key), name) for name in media.get("examples") or {"default": 0} if _has(media))


def _has(media: dict[str, Any]) -> bool:
    return "examples" in media or "example" in media


def of_operation(compiled: CompiledContract, operation: Operation) -> Iterator[Question]:
    sample = SampleRequest(compiled.operations[operation.id])
    target, method = compiled.base_path + sample.path, operation.method
    query = "&".join(sample.query)
    headers = {**dict(sample.headers), **({"Content-Type": sample.body.media_type} if sample.body else {})}
    body = sample.body.content.decode() if sample.body else None

    def asked(wish: str, accept: str = "*/*", more: str = "", **changed: Any) -> Question:
        told = {**headers, "Accept": accept, **({"Prefer": wish} if wish else {})}
        found = f"{target}?{query}{'&' if query and more else ''}{more}".rstrip("?")
        return Question(**{"method": method, "target": found, "headers": told, "body": body, **changed})

    yield asked("", is_made_up=True)
    for status, name in _names(operation):
        quoted = re.sub(r'(["\\])', r"\\\1", name)
        yield asked(f'code={status}, example="{quoted}"')
        yield asked("", more=f"__code={status}&__example={quote(name)}")
        yield asked(f"code={status}", is_made_up=True)
    for key in operation.responses:
        yield asked(f"code={_code(key)}", is_made_up=True)
    if method == "GET":
        yield asked("", method="HEAD", is_made_up=True)


def questions(contracts: list[CompiledContract]) -> list[Question]:
    accepts = [
        "application/xml",
        "text/*;q=0.5, application/json;q=0.4",
        "text/plain; version=1",
        "image/*",
        "text/csv",
    ]
    accepts += ["application/json;q=0, */*;q=0.1", "text/plain;version=3;q=0.2", "application/octet-stream", "nonsense"]
    wishes = ("example=exact", 'code=200;x=1 , example = "exact"', "example=onlyRows", "code=200", "respond-async")
    odd = ("code=299", "code=405", "code=abc", "code=101", "example=nope", "code=200, example=bad", 'example=""')
    return [
        *(one for compiled in contracts for op in compiled.contract.operations for one in of_operation(compiled, op)),
        *(
            Question("GET", THING, {"Accept": a, "Prefer": w}, None, "example" not in w)
            for a in accepts
            for w in wishes
        ),
        *(Question("GET", THING, {"Prefer": wish}) for wish in odd),
        *(Question("GET", "/v1.0/things/search", {"Prefer": f"code={code}"}) for code in (200, 204, 205, 226)),
        Question("DELETE", "/v1.0/a(b)+c/%C3%A4", {}),
    ]


@pytest.mark.parametrize("version", [2, 3])
def test_the_browser_says_what_the_server_says(version: int, serve: Serve, tmp_path: Path) -> None:
    shop = workshop(tmp_path, version)
    contracts = [compile_contract(load(name)) for name in CONTRACTS]
    for reference, compiled in zip(CONTRACTS, contracts, strict=True):
        assert exported("msw", reference, "-o", shop.path / compiled.name) == 0
    shop.compile()
    server = serve(*CONTRACTS, "--state", "off", "--auth", "off")
    asked = questions(contracts)
    one = {"method": "GET", "target": "/api/v1/phone-numbers", "headers": {}}
    wishes = {"listPhoneNumbers": {"code": 422}, "searchThings": {"example": "default"}}
    phases = [
        {"origin": BROWSER, "base": BROWSER, "questions": [asdict(question) for question in asked]},
        {"origin": server.url, "questions": [asdict(question) for question in asked]},
        {"origin": "https://anywhere.test:8443", "base": None, "questions": [one]},
        {"origin": BROWSER, "base": BROWSER, "wishes": wishes, "questions": [one]},
    ]
    modules = [
        {"file": str(shop.path / compiled.name / "handlers.js"), "basePath": compiled.base_path}
        for compiled in contracts
    ]
    script = shop.path / "ask.mjs"
    script.write_bytes((HERE / "ask.mjs").read_bytes())
    file = shop.path / "questions.json"
    file.write_text(json.dumps({"modules": modules, "phases": phases}))
    browser, real, anywhere, wished = json.loads(shop.node(str(script), str(file)))
    different = [
        f"{question.method} {question.target} {question.headers}\n  browser: {mine}\n  server: {other}"
        for question, mine, other in zip(asked, browser, real, strict=True)
        if told(question, mine) != told(question, other)
    ]
    assert not different, "\n".join(different)
    assert {answer["status"] for answer in browser} > {200, 201, 202, 204, 302, 304, 401, 404, 406, 409, 418, 422, 599}
    assert [body(answer) for answer in anywhere] == [
        contracts[0].operations["listPhoneNumbers"].responses["200"].media[0].examples["twoNumbers"].body
    ]
    assert [answer["status"] for answer in wished] == [422]


def body(answer: dict[str, Any]) -> bytes:
    return base64.b64decode(answer["body"])


def told(question: Question, answer: dict[str, Any]) -> list[Any]:
    """Take what must be equal of an answer; what the mock itself says of a wish is equal in words."""
    kind = answer["headers"].get("content-type")
    own = {name: answer["headers"].get(name) for name in ("x-price", "x-own", "location", "x-ratelimit-limit")}
    if question.is_made_up or answer["status"] == NOT_ACCEPTABLE:  # in the words of the contract, on the server
        return [answer["status"], kind, own if answer["status"] != NOT_ACCEPTABLE else {}]
    if kind == "application/problem+json" and b"about:blank" in body(answer):
        problem = json.loads(body(answer))
        return [answer["status"], kind, problem["type"], problem["title"], problem["status"], problem["detail"]]
    return [answer["status"], kind, own, body(answer)]
