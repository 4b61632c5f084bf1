"""The documentation of a running mock: however it is served, and when its contract is edited."""

from __future__ import annotations

import json
import ssl
import urllib.request
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Serve

CONTRACT = """\
openapi: 3.1.0
info: {title: Milk, version: "1"}
paths:
  /milk:
    get:
      operationId: getMilk
      responses: {"200": {description: x, content: {application/json: {example: fresh}}}}
"""
OWN = CONTRACT.replace("/milk", "/__docs/guide")


def get(url: str, context: ssl.SSLContext | None = None) -> str:
    with urllib.request.urlopen(url, timeout=60, context=context) as answer:
        return str(answer.read().decode())


def test_every_worker_shows_it_with_the_address_it_was_called_by(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "milk.yaml").write_text(CONTRACT, "utf-8")
    server = serve("milk.yaml", "--workers", "2", "--tls")
    assert f"documentation {server.url}/__docs/" in server.said()
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    for _ in range(6):
        assert "<title>getMilk · Milk</title>" in get(f"{server.url}/__docs/en/ops/getMilk.html", trusting)
    assert f"curl {server.url}/milk" in get(f"{server.url}/__docs/en/ops/getMilk.md", trusting).replace("'", "")
    told: dict[str, Any] = json.loads(get(f"{server.url}/openapi.json", trusting))
    assert told["servers"][0]["url"] == server.url


def test_it_follows_a_reload(serve: Serve, tmp_path: Path) -> None:
    file = tmp_path / "milk.yaml"
    file.write_text(CONTRACT, "utf-8")
    server = serve("milk.yaml")
    assert "Milk" in get(f"{server.url}/__docs/en/index.html")
    file.write_text(CONTRACT.replace("title: Milk", "title: Oats"), "utf-8")
    reload = urllib.request.Request(f"{server.url}/__understudy__/reload", method="POST")
    with urllib.request.urlopen(reload, timeout=60) as answer:
        assert answer.status == 200
    assert "Oats" in get(f"{server.url}/__docs/en/index.html")
    assert json.loads(get(f"{server.url}/openapi.json"))["info"]["title"] == "Oats"


def test_a_contract_with_such_a_path_answers_there_and_it_is_told(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(OWN, "utf-8")
    server = serve("own.yaml")
    assert "own.yaml:5:5: GET /__docs/guide has a path of the documentation, which is not shown" in server.said()
    assert f"documentation {server.url}" not in server.said()
    assert json.loads(get(f"{server.url}/__docs/guide")) == "fresh"
