"""Whom `publish --watch` shows the site: this machine, called by a name of its own; and which files it follows."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from understudy.cli.previewing import EVENTS, SCRIPT, Author, Preview
from understudy.contract.loading import load
from understudy_mock import watching

if TYPE_CHECKING:
    from understudy.publish.build import Builder
    from understudy.publish.site import Plan


def asked(path: str, host: str | None) -> tuple[int, bytes]:
    """Ask for a page of a site that has the same text everywhere; a stream is left after its first word."""
    file = SimpleNamespace(content=b"<head></head>")
    shown = Preview(cast("Builder", SimpleNamespace(file=lambda _: file)))
    headers = [] if host is None else [(b"host", host.encode())]
    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": headers, "scheme": "http"}
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(shown(scope, receive, send))
    return sent[0]["status"], b"".join(one.get("body", b"") for one in sent)


@pytest.mark.parametrize("host", [None, "127.0.0.1:8000", "localhost:8000", "[::1]:8000", "docs.localhost"])
def test_this_machine_sees_it(host: str | None) -> None:
    assert asked("/en/index.html", host) == (200, f'<head><script src="/{SCRIPT}"></script></head>'.encode())
    assert asked(f"/{EVENTS}", host)[0] == 200


@pytest.mark.parametrize("path", ["/en/index.html", f"/{SCRIPT}", f"/{EVENTS}", "/openapi.json"])
@pytest.mark.parametrize("host", ["evil.test:8000", "localhost.evil.test", "127.0.0.1.evil.test", "192.0.2.1"])
def test_a_page_that_had_its_own_name_lead_here_does_not(path: str, host: str) -> None:
    status, body = asked(path, host)
    assert status == 403
    assert b"call it localhost" in body
    assert b"<head>" not in body


def test_what_comes_or_goes_beside_the_contract_is_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "_DEBOUNCE_MS", 50)
    (tmp_path / "openapi.yaml").write_text("openapi: 3.1.0\ninfo: {title: x, version: '1'}\npaths: {}\n", "utf-8")
    published: asyncio.Queue[list[str]] = asyncio.Queue()

    def read() -> Plan:
        return cast("Plan", SimpleNamespace(subjects=[SimpleNamespace(contract=load(str(tmp_path), lenient=True))]))

    def publish(plan: Plan) -> Builder:
        contract = plan.subjects[0].contract
        beside = (contract.behaviour, contract.ledger, *contract.scenarios, *contract.translations)
        asyncio.run_coroutine_threadsafe(published.put([Path(one.path).name for one in beside if one]), loop)
        return cast("Builder", SimpleNamespace())

    loop = asyncio.new_event_loop()

    async def edit() -> list[list[str]]:
        watch = asyncio.ensure_future(Author(read, publish).watch())
        told = [await published.get()]
        for name in ("i18n/de.yaml", "scenarios/busy.yaml", "ledger.yaml", "behaviour.yaml"):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text("{}\n", "utf-8")
            told.append(await asyncio.wait_for(published.get(), 60))
        (tmp_path / "i18n" / "de.yaml").unlink()
        told.append(await asyncio.wait_for(published.get(), 60))
        watch.cancel()
        return told

    with contextlib.closing(loop):
        assert loop.run_until_complete(edit()) == [
            [],
            ["de.yaml"],
            ["busy.yaml", "de.yaml"],
            ["ledger.yaml", "busy.yaml", "de.yaml"],
            ["behaviour.yaml", "ledger.yaml", "busy.yaml", "de.yaml"],
            ["behaviour.yaml", "ledger.yaml", "busy.yaml"],
        ]
