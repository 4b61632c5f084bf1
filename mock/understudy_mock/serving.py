"""A mock and an address go in; it answers there until it is told to stop. With `connections`, the door to uvicorn."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import gc
import ipaddress
import logging
import resource
import socket
import stat
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import uvicorn

from understudy.errors import EnvironmentFailedError
from understudy_mock.connections import Connection
from understudy_mock.slow_clients import Patience

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator
    from pathlib import Path

    from understudy_mock.certificates import Certificate
    from understudy_mock.replaying import Replays

_BACKLOG = 2048
_TICKS_PER_SECOND = 10
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - recognised, not bound
"""Addresses that stand for all of a machine, and the one by which the machine itself gets there."""

_log = logging.getLogger("uvicorn.error")


@dataclass(frozen=True)
class Address:
    """Where to listen; port 0 takes a free one. With `path`, a Unix socket there instead."""

    host: str = "127.0.0.1"
    port: int = 0
    path: Path | None = None

    @property
    def is_reachable(self) -> bool:
        """Tell whether other machines can reach it."""
        try:
            return self.path is None and not ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.path is None and self.host != "localhost"


def _nothing() -> None:
    """Do what is done where nobody wants to know."""


@dataclass(frozen=True)
class Manners:
    """How a server treats its clients. Times are in seconds; `background` runs as long as the server does."""

    certificate: Certificate | None = None
    drain_seconds: float = 5
    client_seconds: float = 30
    on_signal: Callable[[], None] = _nothing
    background: tuple[Callable[[], Coroutine[Any, Any, None]], ...] = ()
    replays: Replays | None = None


def listen(address: Address) -> socket.socket:
    """Take the address. Raises EnvironmentFailedError with what to do if it can't be had."""
    if address.path is not None:
        return _listen_unix(address.path)
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((address.host, address.port))
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise _refused(address, error) from None
    return listener


def _refused(address: Address, error: OSError) -> EnvironmentFailedError:
    if error.errno == errno.EADDRINUSE:
        remedy = f"Stop the program that has it, or take another: --port {address.port + 1} (0 takes a free one)."
        return EnvironmentFailedError(f"Port {address.port} is in use.", remedy)
    if error.errno == errno.EACCES:
        return EnvironmentFailedError(f"Port {address.port} needs more rights.", "Take one above 1023.")
    reason = error.strerror or str(error)
    return EnvironmentFailedError(f"{address.host}:{address.port} can't be listened on: {reason}.", "Check --host.")


def _listen_unix(path: Path) -> socket.socket:
    """Take a socket file that only its owner may use; one that nobody answers on any more is replaced."""
    _make_way(path)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        listener.bind(str(path))
        path.chmod(0o600)
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        reason = error.strerror or str(error)
        raise EnvironmentFailedError(f"{path} can't be listened on: {reason}.", "Check --uds.") from None
    return listener


def _make_way(path: Path) -> None:
    try:
        mode = path.stat().st_mode
    except OSError:
        return
    if not stat.S_ISSOCK(mode):
        raise EnvironmentFailedError(f"{path} exists and is no socket.", "Name another file: --uds PATH.")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            path.unlink(missing_ok=True)
            return
        except OSError as error:
            raise EnvironmentFailedError(f"{path} can't be taken: {error.strerror}.", "Check --uds.") from None
    raise EnvironmentFailedError(f"Another program answers on {path}.", "Stop it, or name another file: --uds PATH.")


@contextlib.contextmanager
def listening(address: Address) -> Iterator[socket.socket]:
    """Take the address as `listen` does, and give it back in the end: no socket file stays behind."""
    with listen(address) as listener:
        try:
            yield listener
        finally:
            if address.path is not None:
                address.path.unlink(missing_ok=True)


def url(listener: socket.socket, *, secure: bool = False) -> str:
    """Write the address that was taken as a URL; on a Unix socket the host is only a name."""
    scheme = "https" if secure else "http"
    if listener.family == socket.AF_UNIX:
        return f"{scheme}://localhost"
    host, port = listener.getsockname()[:2]
    host = _EVERYWHERE.get(host, host)
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


def run(app: Any, listener: socket.socket, on_start: Callable[[], None], manners: Manners | None = None) -> int:
    """Serve until SIGINT or SIGTERM; requests under way are finished first. Gives how many had to be cut off."""
    manners = manners or Manners()
    _allow_many_connections()
    config = uvicorn.Config(
        app,
        interface="asgi3",
        http=type("Connection", (Connection,), {"replays": manners.replays}),
        log_level="warning",
        access_log=False,
        lifespan="on",
        server_header=False,
        proxy_headers=False,
        ws="none",
        ssl_certfile=manners.certificate.chain if manners.certificate else None,
        ssl_keyfile=manners.certificate.key if manners.certificate else None,
    )
    server = _Server(config, on_start, manners)
    server.run(sockets=[listener])
    return server.cut_off


def _allow_many_connections() -> None:
    """Use as many file descriptors as the system lets this process have."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):  # macOS has a hidden lower limit
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


class _Server(uvicorn.Server):
    """Tells when it is ready, ends quietly on a signal, and does not wait for ever: neither for clients nor at the end.

    A second signal ends it at once.
    """

    def __init__(self, config: uvicorn.Config, on_start: Callable[[], None], manners: Manners) -> None:
        super().__init__(config)
        self.cut_off = 0
        self._on_start, self._manners = on_start, manners
        self._patience = Patience(manners.client_seconds)
        self._background: list[asyncio.Task[None]] = []
        self._in_a_hurry = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            gc.freeze()  # contracts are large and stay: the garbage collector need not look at them again and again
            self._background = [asyncio.create_task(start()) for start in self._manners.background]
            self._on_start()

    async def on_tick(self, counter: int) -> bool:
        if counter % _TICKS_PER_SECOND == 0:
            self._patience.look(self.server_state.connections, time.monotonic())
        return await super().on_tick(counter)

    def handle_exit(self, sig: int, frame: Any) -> None:
        del sig, frame
        if self.should_exit:
            self._in_a_hurry.set()
        self.should_exit = True
        self._manners.on_signal()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for task in self._background:
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        cutting = asyncio.create_task(self._cut_off())
        await super().shutdown(sockets)
        cutting.cancel()

    async def _cut_off(self) -> None:
        """Wait until the time is up or a second signal comes; then leave the clients that are still there."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._in_a_hurry.wait(), self._manners.drain_seconds)
        self.cut_off = len(self.server_state.tasks)
        _log.setLevel(logging.CRITICAL)  # that requests were cut off is told by their number, not by tracebacks
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        for task in list(self.server_state.tasks):
            task.cancel()
