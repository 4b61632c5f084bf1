"""The servers that are measured: how each is started on a port with the same contract."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
BIN = Path(sys.executable).parent
NPM = (
    "@stoplight/prism-cli",
    "wiremock",
    "specmatic",
    "@mockoon/cli",
    "@scalar/mock-server",
    "@hono/node-server",
    "@octokit/openapi",
)


@dataclass(frozen=True)
class Server:
    """One program under measurement. `command` is run in the cache directory; `base` stands before every path."""

    name: str
    command: list[str]
    base: str = ""
    environment: dict[str, str] = field(default_factory=dict)


def understudy(contract: Path) -> list[str]:
    """Give the command of the mock."""
    return [str(BIN / "understudy"), "serve", str(contract)]


def staffed(cache: Path) -> dict[str, list[str]]:
    """List what the mock is started with to see what a store costs, and what a second worker brings."""
    store = ["--store", f"sqlite:///{cache / 'workers.db'}"]
    return {"understudy": [*store, "--workers", "2"], "one worker, sqlite://": store, "one worker, memory://": []}


def servers(cache: Path, contract: Path, port: int) -> list[Server]:
    """List every server for a contract, each to listen on the port."""
    npm, text = cache / "node_modules" / ".bin", str(port)
    own = [*understudy(contract), "--port", text]
    uvicorn = [str(BIN / "python"), "-m", "uvicorn", "--port", text, "--log-level", "error", "--app-dir", str(HERE)]
    return [
        Server("bare ASGI application", [*uvicorn, "bare:app"]),
        Server("understudy", own),
        Server("understudy --state off", [*own, "--state", "off"]),
        Server("prism", [str(npm / "prism"), "mock", "--port", text, "--verboseLevel", "fatal", str(contract)]),
        Server(
            "wiremock",
            [
                str(npm / "wiremock"),
                "--port",
                text,
                "--root-dir",
                str(cache / "wiremock"),
                "--no-request-journal",
                "--disable-banner",
                "--async-response-enabled",
                "true",
            ],
        ),
        Server("connexion stock mock", [*uvicorn, "stock:app"], environment={"BEARERINFO_FUNC": "stock.token"}),
        Server("scalar", ["node", str(HERE / "scalar.mjs"), str(contract), text]),
        Server(
            "mockoon",
            [str(npm / "mockoon-cli"), "start", "--data", str(contract), "--port", text, "--disable-log-to-file"],
        ),
        Server("specmatic", [str(npm / "specmatic"), "stub", str(contract), "--port", text]),
    ]


def write_wiremock_stubs(cache: Path, contract: dict[str, Any]) -> None:
    """Write by hand what WireMock needs to be as strict: token, query filters, body schema."""
    folder = cache / "wiremock" / "mappings"
    folder.mkdir(parents=True, exist_ok=True)
    token = {"Authorization": {"matches": "Bearer [A-Za-z0-9._-]+"}}
    numbers, search = contract["paths"]["/phone-numbers"]["get"], contract["paths"]["/phone-numbers/search"]["post"]
    parameters = {entry["name"]: entry["schema"] for entry in numbers["parameters"]}
    filters = {
        "type": {"or": [{"absent": True}, {"matches": "|".join(parameters["type"]["enum"])}]},
        "has_voice": {"or": [{"absent": True}, {"matches": "true|false"}]},
        "has_whatsapp": {"or": [{"absent": True}, {"matches": "true|false"}]},
        "search": {"or": [{"absent": True}, {"matches": ".{0,100}"}]},
    }
    schema = search["requestBody"]["content"]["application/json"]["schema"]
    stubs = {
        "list": (
            {"method": "GET", "urlPath": "/phone-numbers", "headers": token, "queryParameters": filters},
            numbers,
        ),
        "search": (
            {
                "method": "POST",
                "urlPath": "/phone-numbers/search",
                "headers": token,
                "bodyPatterns": [{"matchesJsonSchema": json.dumps(schema), "schemaVersion": "V202012"}],
            },
            search,
        ),
    }
    for name, (request, operation) in stubs.items():
        body = operation["responses"]["200"]["content"]["application/json"]["example"]
        response = {"status": 200, "headers": {"Content-Type": "application/json"}, "body": json.dumps(body)}
        (folder / f"{name}.json").write_text(json.dumps({"request": request, "response": response}))
