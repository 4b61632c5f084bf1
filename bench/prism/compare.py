"""Ask Prism and `understudy serve --compat prism` the same, and show where their answers differ.

    python bench/prism/compare.py [CONTRACT]… [--with=FLAG]… [--all]

Exit code 1 where a difference is not one of those that docs/serve.md lists with their reasons. Prism is fetched by npm
into the benchmark's cache.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from asking import Question, questions
from known import reason

from understudy.contract.loading import load
from understudy_mock.compiling import compile_contract

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
CORPUS = HERE.parent.parent / "tests" / "corpus" / "contracts"
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "understudy-bench"
PRISM = CACHE / "node_modules" / "@stoplight" / "prism-cli" / "dist" / "index.js"
UNDERSTUDY = Path(sys.executable).parent / "understudy"
PATIENCE = 60
_SHOWN = 700
_UUID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_TIMELY = ("date", "connection", "keep-alive", "transfer-encoding", "content-length", "understudy-explain")


@dataclass(frozen=True)
class Heard:
    """An answer, without what has to do with the connection or the moment."""

    status: int
    headers: dict[str, str]
    body: bytes


def main() -> int:
    """Compare; prints each kind of difference once, and a count."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("contracts", nargs="*", help="files; else the chosen ones of the corpus")
    parser.add_argument("--all", action="store_true", help="show every difference, not one of each kind")
    parser.add_argument("--with", action="append", default=[], dest="flags", metavar="FLAG", help="start both with it")
    arguments = parser.parse_args()
    if not shutil.which("node"):
        sys.stderr.write("Not installed: node.\n")
        return 3
    _fetch()
    paths = [Path(name) for name in arguments.contracts] or [HERE / "odd.yaml", *(CORPUS / name for name in CHOSEN)]
    totals: Counter[str] = Counter()
    for path in paths:
        totals += _compare(path, arguments.flags, every=arguments.all)
    print("\n" + ", ".join(f"{count} {name}" for name, count in sorted(totals.items())))
    return 1 if totals["different"] else 0


CHOSEN = (
    "pets.yaml",
    "payments.yaml",
    "shop.yaml",
    "partial-paths.yaml",
    "servers.yaml",
    "search.yaml",
    "xml-orders.yaml",
    "plain-text.yaml",
    "inheritance.yaml",
    "webhooks.yaml",
    "problems.yaml",
    "formats.yaml",
    "files.yaml",
    "shapes.yaml",
    "cookies.yaml",
    "csv-import.yaml",
)


def _fetch() -> None:
    if not PRISM.is_file():
        CACHE.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--no-audit", "--no-fund", "--no-save", "@stoplight/prism-cli"]
        subprocess.run(command, cwd=CACHE, check=True)


def _compare(path: Path, flags: list[str], *, every: bool) -> Counter[str]:
    contract = load(str(path))
    totals: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    ours = [str(UNDERSTUDY), "serve", str(path), "--compat", "prism", "--log", "off", *flags, "--port"]
    theirs = ["node", str(PRISM), "mock", str(path), "-v", "silent", *flags, "--port"]
    with _Peer(theirs) as prism, _Peer(ours) as understudy:
        for question in questions(compile_contract(contract)):
            expected, found = prism.ask(question), understudy.ask(question)
            verdict, lines = _judge(question, expected, found)
            totals[verdict] += 1
            kind = re.sub(r"[=:'].*", "", question.name) + "; ".join(line.partition(":")[0] for line in lines)
            seen[kind] += verdict == "different"
            if verdict == "different" and (every or seen[kind] <= 1):
                print("\n".join([_shown(path, question), *(f"    {line}" for line in lines)]), flush=True)
    print(f"{path.name}: " + ", ".join(f"{count} {name}" for name, count in sorted(totals.items())), flush=True)
    return totals


def _shown(path: Path, question: Question) -> str:
    headers = "".join(f"\n    > {name}: {value}" for name, value in question.headers)
    body = f"\n    > {question.body[:200]!r}" if question.body else ""
    return f"{path.name}  {question.method} {question.target}  [{question.name}]{headers}{body}"


def _judge(question: Question, expected: Heard, found: Heard) -> tuple[str, list[str]]:
    lines = list(_differences(question, expected, found))
    if not lines:
        return "same", lines
    why = reason(question, expected, found)
    return f"meant ({why})" if why else "different", lines


def _differences(question: Question, expected: Heard, found: Heard) -> Iterator[str]:
    if expected.status != found.status:
        yield f"status {expected.status} {found.status}: prism {expected.body[:300]!r} understudy {found.body[:300]!r}"
        return
    is_made = "dynamic=true" in question.name
    for name in sorted(expected.headers.keys() | found.headers.keys()):
        one, other = expected.headers.get(name), found.headers.get(name)
        if one != other and not (one and other and is_made and name.startswith("x-")):
            yield f"{name}: prism {_cut(one)} understudy {_cut(other)}"
    if is_made and _shape(expected.body) == _shape(found.body):
        return
    if _read(expected.body) != _read(found.body):
        yield f"body: prism {_cut(expected.body)}\n          understudy {_cut(found.body)}"


def _cut(value: Any) -> str:
    text = repr(value)
    return text if len(text) < _SHOWN else text[:_SHOWN] + "…"


def _read(body: bytes) -> Any:
    """Read JSON with the order of its keys; `1e+38` and `1e38` are one number. What is none stays as it is."""
    try:
        return json.loads(body, object_pairs_hook=list)
    except ValueError:
        return body


def _shape(body: bytes) -> Any:
    """Say what kind of value a body is; of an object also the names, of which a generator may leave out or add some."""
    try:
        value = json.loads(body)
    except ValueError:
        return "text"
    return type(value).__name__


class _Peer:
    """One server on a port of its own. One that dies of a question is started anew."""

    def __init__(self, command: list[str]) -> None:
        self._command = command

    def __enter__(self) -> Self:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = int(probe.getsockname()[1])
        nowhere = subprocess.DEVNULL
        command = [*self._command, str(self._port)]
        self._process = subprocess.Popen(command, stdout=nowhere, stderr=nowhere, start_new_session=True)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self._process.poll() is None:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self._port), timeout=1):
                return self
            time.sleep(0.1)
        raise SystemExit(f"{' '.join(command)} does not come up")

    def __exit__(self, *_: object) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def ask(self, question: Question) -> Heard:
        """Ask; status 0 is a connection that ended without an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)
        try:
            return _ask(connection, question)
        except (OSError, http.client.HTTPException) as error:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=1)
                self.__enter__()
            return Heard(0, {}, repr(error).encode())
        finally:
            connection.close()


def _ask(connection: http.client.HTTPConnection, question: Question) -> Heard:
    connection.putrequest(question.method, question.target, skip_accept_encoding=True)
    for name, value in question.headers:
        connection.putheader(name, value.encode())
    if question.body or question.method in ("POST", "PUT", "PATCH"):
        connection.putheader("Content-Length", str(len(question.body)))
    connection.endheaders(question.body)
    response = connection.getresponse()
    headers = {name.lower(): value for name, value in response.getheaders() if name.lower() not in _TIMELY}
    return Heard(response.status, headers, _UUID.sub(b"<uuid>", response.read()))


if __name__ == "__main__":
    sys.exit(main())
