"""Watch the journal in a browser while the mock is under load; prints whether the page froze, and what watching costs.

    python bench/control_page.py [--rate 2000] [--seconds 8]

Needs Chromium and playwright. `frame gap` is how long the page's main thread let an animation frame wait; `server` is
the processor time of the mock a second, with and without a watcher, under the same load.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

CONNECTIONS, TURN_SECONDS = 8, 0.02
REQUEST = b"GET /api/v1/phone-numbers HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer talq_x\r\n\r\n"
WATCH = """() => {
  window.gaps = [];
  let before = performance.now();
  const look = (now) => { gaps.push(now - before); before = now; requestAnimationFrame(look); };
  requestAnimationFrame(look);
}"""


def main() -> int:
    """Measure without a watcher, then with one."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rate", type=int, default=2000, help="requests a second")
    parser.add_argument("--seconds", type=int, default=8)
    told = parser.parse_args()
    if shutil.which("chromium") is None:
        sys.stderr.write("Not installed: chromium.\n")
        return 3
    with _served() as (port, process):
        rate, alone = _under_load(port, process, told)
        print(f"without a watcher: {rate:.0f} requests/s, server {alone:.0%} of a core")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            page = browser.new_page()
            page.goto(f"http://127.0.0.1:{port}/__understudy__/page/journal")
            page.evaluate(WATCH)
            rate, watched = _under_load(port, process, told)
            gaps = sorted(page.evaluate("gaps"))
            rows = page.locator("tbody tr").count()
            total = page.locator("[data-total]").inner_text()
            browser.close()
    print(f"with a watcher:    {rate:.0f} requests/s, server {watched:.0%} of a core ({watched - alone:+.1%})")
    middle, most = gaps[len(gaps) // 2], gaps[-1]
    print(f"frame gap:         median {middle:.0f} ms, 99 % {_share(gaps, 0.99):.0f} ms, most {most:.0f} ms")
    print(f"rows in the table: {rows}; told of {total} requests")
    return 0


def _share(ordered: list[float], share: float) -> float:
    return ordered[int(len(ordered) * share)]


@contextmanager
def _served() -> Iterator[tuple[int, int]]:
    command = [str(Path(sys.executable).parent / "understudy"), "serve", "talkover", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        line = server.stderr.readline() if server.stderr else ""
        found = re.search(r":(\d+)\.", line)
        if found is None:
            sys.exit(f"the mock did not start: {line}")
        yield int(found[1]), server.pid
        server.send_signal(signal.SIGINT)


def _under_load(port: int, process: int, told: argparse.Namespace) -> tuple[float, float]:
    """Ask for a while; gives how often a second, and the mock's processor time a second."""
    with multiprocessing.Pool(1) as pool:
        pending = pool.apply_async(_ask, (port, told.rate, told.seconds))
        began, before = time.monotonic(), _processor_seconds(process)
        count = pending.get()
        passed = time.monotonic() - began
        return count / passed, (_processor_seconds(process) - before) / passed


def _processor_seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _ask(port: int, rate: int, seconds: int) -> int:
    return asyncio.run(_ask_all(port, rate, seconds))


async def _ask_all(port: int, rate: int, seconds: int) -> int:
    each = max(1, round(rate * TURN_SECONDS / CONNECTIONS))
    return sum(await asyncio.gather(*(_ask_steadily(port, each, seconds) for _ in range(CONNECTIONS))))


async def _ask_steadily(port: int, each: int, seconds: int) -> int:
    """Send so many requests every turn, one after the other."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    end, turn, count = time.monotonic() + seconds, time.monotonic(), 0
    while time.monotonic() < end:
        for _ in range(each):
            await _ask_once(reader, writer)
            count += 1
        turn += TURN_SECONDS
        await asyncio.sleep(max(0.0, turn - time.monotonic()))
    writer.close()
    return count


async def _ask_once(reader: asyncio.StreamReader, writer: Any) -> None:
    writer.write(REQUEST)
    head = await reader.readuntil(b"\r\n\r\n")
    found = re.search(rb"(?i)content-length: (\d+)", head)
    await reader.readexactly(int(found[1]) if found else 0)


if __name__ == "__main__":
    sys.exit(main())
