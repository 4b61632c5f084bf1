"""Measure the mock beside its peers: same contract, same load, rounds in turn; prints a table and writes JSON.

    python bench/run.py [--only NAME]… [--rounds 5] [--seconds 4] [--github] [--output FILE]

Only ratios mean anything: every figure is a median of rounds that were taken in turn on one machine in one go.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

import peers
import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "understudy-bench"
TOKEN = "Authorization: Bearer talq_x"  # noqa: S105 - any token will do
GET, POST = "/phone-numbers?has_voice=true", "/phone-numbers/search"
LOADS = {"GET": (GET, ""), "POST": (POST, "post"), "GET*": (GET, "varied_get"), "POST*": (POST, "varied_post")}
"""What is asked: address and wrk script. Those with a star are never the same twice, so that no answer can be kept."""
PATIENCE = 120


def main() -> int:
    """Run the benchmark."""
    arguments = _arguments()
    if arguments.workers:
        return _workers(arguments)
    if missing := [name for name in ("wrk", "node", "npm", "java") if not shutil.which(name)]:
        sys.stderr.write(f"Not installed: {', '.join(missing)}. Debian has wrk, nodejs, npm and a Java runtime.\n")
        return 3
    _install()
    contract = _write_contracts()
    results = _small(contract, arguments)
    if arguments.github:
        results |= {"github": _github()}
    text = json.dumps(results, indent=2)
    (Path(arguments.output) if arguments.output else CACHE / "latest.json").write_text(text + "\n")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="a server's name; repeatable")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--github", action="store_true", help="also GitHub's description, first and last path")
    parser.add_argument("--output", help="where the JSON goes")
    parser.add_argument("--workers", action="store_true", help="only one worker beside two, on one store")
    return parser.parse_args()


def _install() -> None:
    """Fetch the peers into the cache once."""
    CACHE.mkdir(parents=True, exist_ok=True)
    wanted = [name for name in peers.NPM if not (CACHE / "node_modules" / name).is_dir()]
    if wanted:
        (CACHE / "package.json").write_text('{"private": true, "type": "commonjs"}')
        subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--no-save", *peers.NPM], cwd=CACHE, check=True)


def _write_contracts() -> Path:
    document = yaml.safe_load((HERE / "telephony.yaml").read_text())
    contract = CACHE / "telephony.json"
    contract.write_text(json.dumps(document, default=str))
    (CACHE / "telephony-stock.json").write_text(json.dumps(document, default=str))
    peers.write_wiremock_stubs(CACHE, document)
    return contract


def _small(contract: Path, arguments: argparse.Namespace) -> dict[str, Any]:
    """Measure every server on the small contract, interleaved."""
    figures: dict[str, dict[str, list[float]]] = {}
    names = [server.name for server in peers.servers(CACHE, contract, 1)]
    chosen = [name for name in names if not arguments.only or any(part in name for part in arguments.only)]
    for round_number in range(arguments.rounds):
        for name in chosen:
            with _running(contract, name) as base:
                if base is None:
                    continue
                _load(base + GET, 1)
                found = figures.setdefault(name, {load: [] for load in LOADS})
                for load, (path, script) in LOADS.items():
                    found[load].append(_load(base + path, arguments.seconds, script))
        sys.stderr.write(f"round {round_number + 1} of {arguments.rounds}\n")
    return {"small": _table(figures)}


@contextmanager
def _running(contract: Path, name: str) -> Iterator[str | None]:
    """Start a server; gives its URL, or None with a word on stderr if it does not come up."""
    port = _free_port()
    server = next(entry for entry in peers.servers(CACHE, contract, port) if entry.name == name)
    environment = {**os.environ, **server.environment}
    with subprocess.Popen(
        server.command,
        cwd=CACHE,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        base = f"http://127.0.0.1:{port}{server.base}"
        try:
            if _is_up(base, process):
                yield base
            else:
                sys.stderr.write(f"{name} does not answer; left out\n")
                yield None
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_up(base: str, process: subprocess.Popen[bytes]) -> bool:
    """Wait until both requests are answered with 200."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if _status(base + GET) == _status(base + POST, post=True) == HTTPStatus.OK:
                return True
        except OSError:
            pass
        time.sleep(0.2)
    return False


def _status(url: str, *, post: bool = False) -> int:
    name, _, value = TOKEN.partition(": ")
    body = re.search(r"wrk\.body = '(.*)'", (HERE / "post.lua").read_text())
    data = body.group(1).encode() if post and body else None
    headers = {name: value, **({"Content-Type": "application/json"} if post else {})}
    request = urllib.request.Request(url, data=data, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code


def _load(url: str, seconds: int, script: str = "") -> float:
    """Load a URL from one thread over 16 connections; gives requests per second, all of them answered with 2xx."""
    scripted = ["-s", str(HERE / f"{script}.lua")] if script else []
    command = ["wrk", "-t1", "-c16", f"-d{seconds}", "-H", TOKEN, *scripted, url]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in printed:
        raise SystemExit(f"{url}: {printed}")
    found = re.search(r"Requests/sec:\s*([0-9.]+)", printed)
    return float(found.group(1)) if found else 0.0


def _workers(arguments: argparse.Namespace) -> int:
    """Measure one worker beside two, and each store with one; who loads takes its part of the same cores."""
    CACHE.mkdir(parents=True, exist_ok=True)
    contract, figures = CACHE / "telephony.json", dict[str, dict[str, list[float]]]()
    contract.write_text(json.dumps(yaml.safe_load((HERE / "telephony.yaml").read_text()), default=str))
    for _ in range(arguments.rounds):
        for name, words in peers.staffed(CACHE).items():
            with _started([*peers.understudy(contract), *words]) as base:
                found = figures.setdefault(name, {load: [] for load in LOADS})
                for load, (path, script) in LOADS.items():
                    found[load].append(_load(base + path, arguments.seconds, script))
    _table(figures)
    return 0


@contextmanager
def _started(command: list[str]) -> Iterator[str]:
    """Start a mock on a free port, and end it with the block."""
    port = _free_port()
    words = [*command, "--port", str(port)]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            base = f"http://127.0.0.1:{port}"
            if not _is_up(base, process):
                raise SystemExit(f"{' '.join(words)} does not answer")
            yield base
        finally:
            process.terminate()


def _table(figures: dict[str, dict[str, list[float]]]) -> dict[str, dict[str, float]]:
    medians = {name: {load: statistics.median(values) for load, values in its.items()} for name, its in figures.items()}
    print(f"{'server':<24}" + "".join(f"{load:>9}" for load in LOADS) + "   ratio of understudy to it, likewise")
    ours = medians.get("understudy --state off") or medians.get("understudy")
    for name, its in sorted(medians.items(), key=lambda entry: -entry[1]["GET"]):
        ratios = "".join(f"{ours[load] / its[load]:>7.2f}" for load in LOADS) if ours else ""
        print(f"{name:<24}" + "".join(f"{its[load]:>9,.0f}" for load in LOADS) + f"   {ratios}")
    print("* never the same request twice")
    return medians


def _github() -> dict[str, float]:
    """Measure the first and the last path of GitHub's description, and the time to the first answer."""
    contract = CACHE / "node_modules" / "@octokit" / "openapi" / "generated" / "api.github.com.json"
    paths = [
        path for path, item in json.loads(contract.read_text())["paths"].items() if "get" in item and "{" not in path
    ]
    port = _free_port()
    command = [str(peers.BIN / "understudy"), "serve", str(contract), "--port", str(port), "--state", "off"]
    start = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        base = f"http://127.0.0.1:{port}"
        while time.monotonic() < start + PATIENCE:
            try:
                _status(base + paths[0])
                break
            except OSError:
                time.sleep(0.05)
        first_answer = time.monotonic() - start
        rates: dict[str, list[float]] = {"first": [], "last": []}
        for _ in range(5):
            rates["first"].append(_load(base + paths[0], 2, "varied_get"))
            rates["last"].append(_load(base + paths[-1], 2, "varied_get"))
        process.send_signal(signal.SIGINT)
    first, last = (statistics.median(rates[name]) for name in ("first", "last"))
    print(f"GitHub's description: first answer after {first_answer:.1f} s; last path over first {last / first:.2f}")
    return {"seconds_to_first_answer": first_answer, "first": first, "last": last, "last_over_first": last / first}


if __name__ == "__main__":
    sys.exit(main())
