"""How `serve` runs: its flags for address, TLS, logs, reload and the end go in; a mock that runs so comes out."""

from __future__ import annotations

import contextlib
import sys
import threading
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from understudy.cli import prism_flags
from understudy.errors import InputError, UsageError
from understudy.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from understudy.contract.model import Contract
    from understudy.finding import Finding
    from understudy_mock.app import MockApp
    from understudy_mock.certificates import Certificate
    from understudy_mock.reloading import Reloaded
    from understudy_mock.serving import Address

_SHOWN_FINDINGS = 5

_Command = TypeVar("_Command", bound="Callable[..., Any]")

_FILE = click.Path(path_type=Path, dir_okay=False)
_SECONDS = click.FloatRange(0)
_OPTIONS = (
    click.option("--uds", metavar="PATH", type=_FILE, help="Listen on a Unix socket instead of a port."),
    click.option("--tls", is_flag=True, help="Serve HTTPS with a certificate that is made for this machine."),
    click.option("--tls-cert", metavar="FILE", type=_FILE, help="Serve HTTPS with your own certificate chain, in PEM."),
    click.option("--tls-key", metavar="FILE", type=_FILE, help="The private key of --tls-cert, in PEM."),
    click.option(
        "--workers",
        default=1,
        show_default=True,
        metavar="N",
        type=click.IntRange(1, 64),
        help="How many processes answer, as one mock: they share the store, or a temporary file if it is memory://.",
    ),
    click.option("--watch", is_flag=True, help="Serve what the contract's files say when they change; keep the state."),
    click.option("--strict", is_flag=True, help="Do not start on a contract in which `understudy check` finds errors."),
    click.option(
        "--log",
        type=click.Choice(["text", "json", "off"]),
        help="A line on standard error for each request.  [default: text on a terminal, else off]",
    ),
    click.option(
        "--otel", is_flag=True, help="Send an OpenTelemetry span for each request (OTEL_… variables say where)."
    ),
    click.option(
        "--drain-seconds",
        default=5,
        show_default=True,
        type=_SECONDS,
        help="How long requests under way may take when it is told to end.",
    ),
    click.option(
        "--client-seconds",
        default=30,
        show_default=True,
        type=click.FloatRange(0, min_open=True),
        help="How long a client may take for the head of a request, its body, or to fetch the answer.",
    ),
)


def options(command: _Command) -> _Command:
    """Give a command these flags."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def read(references: Sequence[str]) -> list[Contract]:
    """Load contracts as far as they can be served. Raises InputError if nothing of one is left."""
    from understudy.contract.dangling import needed_by
    from understudy.contract.loading import load

    contracts = []
    for reference in references:
        contract = load(reference, lenient=True)
        if contract.findings and all(needed_by(contract, operation) for operation in contract.operations):
            raise InputError(contract.findings[0])
        contracts.append(contract)
    return contracts


def errors_in(contracts: Iterable[Contract]) -> list[Finding]:
    """Find the errors for which `--strict` does not start."""
    return [one for contract in contracts for one in _findings(contract) if one.severity is Severity.ERROR]


def refused(errors: list[Finding]) -> int:
    """Say why `--strict` does not start; gives the exit code."""
    from understudy.report.terminal import write

    write(errors, sys.stderr)
    return 1


def _findings(contract: Contract) -> list[Finding]:
    """Check a contract; one of which something is missing is judged by that alone, as `understudy check` does."""
    from understudy.check import check

    return list(contract.findings or check(contract))


def address(flags: Mapping[str, Any]) -> Address:
    """Say where to listen."""
    from understudy_mock.serving import Address

    return Address(str(flags["host"]), int(flags["port"]), flags["uds"])


def certificate(flags: Mapping[str, Any]) -> Certificate | None:
    """Find or make the certificate; None for plain HTTP. Raises UsageError."""
    chain, key = flags["tls_cert"], flags["tls_key"]
    if bool(chain) != bool(key):
        missing, given = ("--tls-key", "--tls-cert") if chain else ("--tls-cert", "--tls-key")
        raise UsageError(f"`{given}` needs `{missing}`.", "Name both, or let --tls make a certificate.")
    if not chain and not flags["tls"]:
        return None
    from understudy_mock import certificates

    return certificates.own(chain, key) if chain else certificates.generated(str(flags["host"]))


def curl_words(where: Address | None, secured: Certificate | None) -> list[str]:
    """Write the options that curl needs to reach the mock."""
    socket = ["--unix-socket", str(where.path)] if where and where.path else []
    return [*socket, *(["--cacert", str(secured.authority)] if secured and secured.authority else [])]


def notes(where: Address | None, secured: Certificate | None) -> list[str]:
    """Write what a person has to know about the address, one line each."""
    lines = []
    if where and where.path:
        lines.append(f"It listens on the socket {where.path}: curl --unix-socket {where.path} …")
    if secured and secured.authority:
        lines.append(f"Its certificate is signed by {secured.authority}: curl --cacert {secured.authority} …")
    if where and where.is_reachable:
        lines.append(f"Other machines can reach it, for it listens on {where.host}.")
    return lines


def run(
    app: MockApp, contracts: Sequence[Contract], flags: Mapping[str, Any], listener: Any, show: Callable[[], None]
) -> int:
    """Serve until a signal ends it; gives how many requests were cut off."""
    references = list(map(str, flags["contracts"]))

    def start() -> None:
        show()
        threading.Thread(target=tell_findings, args=(contracts, references), daemon=True).start()

    return answer(app, contracts, flags, listener, Hooks(start, tell_reload))


@dataclass(frozen=True)
class Hooks:
    """What hears that a mock is up, and what came of an edit."""

    on_start: Callable[[], None]
    on_reload: Callable[[Reloaded], None]


def answer(app: MockApp, contracts: Sequence[Contract], flags: Mapping[str, Any], listener: Any, hooks: Hooks) -> int:
    """Serve until a signal ends it, without a word; gives how many requests were cut off."""
    from understudy_mock import serving
    from understudy_mock.reloading import Reloader

    references = list(map(str, flags["contracts"]))
    reloader = Reloader(app, references, contracts, hooks.on_reload)
    if flags["watch"] and (not reloader.can_watch or "-" in references):
        raise UsageError("`--watch` needs a contract in files.", "Name a file or a directory.")
    tasks = [reloader.watch] if flags["watch"] else []
    if not app.runtime.sessions.is_local:
        tasks.append(app.runtime.agreement.begin)
    manners = serving.Manners(
        certificate=certificate(flags),
        drain_seconds=flags["drain_seconds"],
        client_seconds=flags["client_seconds"],
        on_signal=app.runtime.drain,
        background=tuple(tasks),
    )
    with observed(app.asgi, flags) as asgi:
        if asgi is app.asgi:  # a stage that looks on is to see every request
            manners = replace(manners, replays=app.runtime.replays)
        return serving.run(asgi, listener, hooks.on_start, manners)


@contextlib.contextmanager
def observed(asgi: Any, flags: Mapping[str, Any]) -> Iterator[Any]:
    """Put the stages that only look on around an application; none of them where none is wanted."""
    form = prism_flags.log(flags) or ("text" if sys.stderr.isatty() else "off")
    with contextlib.ExitStack() as stack:
        if flags["otel"]:
            asgi = _traced(asgi, stack)
        if form != "off":
            asgi = _logged(asgi, form)
        yield asgi


def _logged(asgi: Any, form: str) -> Any:
    import os

    from understudy_mock import logging_access

    colour = sys.stderr.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
    write = logging_access.json_line if form == "json" else partial(logging_access.text_line, colour=colour)
    return logging_access.AccessLog(asgi, sys.stderr, write)


def _traced(asgi: Any, stack: contextlib.ExitStack) -> Any:
    try:
        from understudy_mock import tracing
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith("opentelemetry"):
            raise
        remedy = "Install it with: pip install 'understudy[otel]'"
        raise UsageError("`--otel` needs the OpenTelemetry SDK, which is not installed.", remedy) from None
    spans = tracing.provider()
    stack.callback(spans.shutdown)
    return tracing.Tracing(asgi, spans)


def tell_findings(contracts: Sequence[Contract], references: Sequence[str]) -> None:
    """Say how much `understudy check` finds, and the first of it."""
    for contract, reference in zip(contracts, references, strict=True):
        found = sorted(_findings(contract), key=lambda one: list(Severity).index(one.severity))
        if found:
            _say("\n".join([*_told(found, contract.name, reference), ""]))


def _told(found: list[Finding], name: str, reference: str) -> Iterator[str]:
    from understudy.report.frame import printable
    from understudy.report.terminal import count

    yield f"{name}: {count(found)}; `understudy check {reference}` shows all."
    for finding in found[:_SHOWN_FINDINGS]:
        yield printable(f"  {finding.location or ''} {finding.severity}[{finding.rule}] {finding.message}")
    if len(found) > _SHOWN_FINDINGS:
        yield f"  … and {len(found) - _SHOWN_FINDINGS} more"


def tell_reload(outcome: Reloaded) -> None:
    """Say what came of an edit."""
    from understudy.report.terminal import show_error, write

    with contextlib.suppress(OSError):
        if found := errors_in(outcome.refused):  # what the rules say is clearer than what the compiler says
            write(found, sys.stderr)
        else:
            for error in outcome.errors:
                show_error(error, sys.stderr)
        sys.stderr.flush()
    if outcome.errors:
        _say("The edit is not served; the last good contract and the state are kept.")
        return
    numbers = (f"{mount.compiled.name} ({len(mount.compiled.operations)} operations)" for mount in outcome.mounts)
    _say(f"Reloaded {', '.join(numbers)}; the state is kept.")


def farewell(cut_off: int) -> str:
    """Write the last words."""
    if not cut_off:
        return "Stopped."
    return f"Stopped; {cut_off} request{' under way was' if cut_off == 1 else 's under way were'} cut off."


def _say(text: str) -> None:
    with contextlib.suppress(OSError):  # nobody reads any more
        click.echo(text, err=True)
