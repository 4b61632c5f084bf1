"""A mock and an address go in; it answers there until it is told to stop. The one door to uvicorn."""

from __future__ import annotations

import errno
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import uvicorn

from understudy.errors import EnvironmentFailedError

if TYPE_CHECKING:
    from collections.abc import Callable

_BACKLOG = 2048
_DRAIN_SECONDS = 5


@dataclass(frozen=True)
class Address:
    """Where to listen; port 0 takes a free one."""

    host: str
    port: int


def listen(address: Address) -> socket.socket:
    """Take the port. Raises EnvironmentFailedError with what to do if it can't be had."""
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


def url(listener: socket.socket) -> str:
    """Write the address that was taken as a URL."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def run(app: Any, listener: socket.socket, on_start: Callable[[], None]) -> None:
    """Serve until SIGINT or SIGTERM; requests under way are finished first."""
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        lifespan="on",
        server_header=False,
        proxy_headers=False,
        ws="none",
        timeout_graceful_shutdown=_DRAIN_SECONDS,
    )
    server = _Server(config, on_start)
    server.run(sockets=[listener])


class _Server(uvicorn.Server):
    """Tells when it is ready, and ends quietly on a signal instead of raising it once more."""

    def __init__(self, config: uvicorn.Config, on_start: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_start = on_start

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._on_start()

    def handle_exit(self, sig: int, frame: Any) -> None:
        super().handle_exit(sig, frame)
        self._captured_signals.clear()
