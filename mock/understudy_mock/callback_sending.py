"""Requests that the API makes go in; they are sent, signed and tried again, and a record of each attempt comes out.

The mock's one door to httpx. Targets are this machine only, except for hosts that were named; redirects are not
followed and no proxy is asked, so nothing is sent anywhere else.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import itertools
import time
from collections import deque
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING, Any

import httpx

from understudy_mock.deliveries import CAPACITY, Attempt, Delivery
from understudy_mock.runtime_expressions import UnresolvedError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Iterator

    from understudy_mock.callbacks import CompiledCallback
    from understudy_mock.exchange import Answer, Exchange
    from understudy_mock.shared_deliveries import SharedDeliveries

ATTEMPTS = 4
FIRST_PAUSE = 0.5
"""Seconds before the second attempt; each further pause is twice as long."""

_LAST_PORT = 65535
_TIMEOUT = 10.0
_SERVER_ERROR = 500
_PASSING = (408, 425, 429)
"""Refusals that may pass: Request Timeout, Too Early, Too Many Requests."""


@dataclass(frozen=True)
class Policy:
    """Where webhooks go, what signs them, and which hosts besides this machine may be sent to."""

    to: str | None = None
    secret: str | None = field(default=None, repr=False)
    allowed: frozenset[str] = frozenset()
    attempts: int = ATTEMPTS

    def refusal(self, url: str) -> str:
        """Say why nothing may be sent to a URL; empty if it may."""
        try:
            parsed = httpx.URL(url)
        except (httpx.InvalidURL, TypeError, ValueError):
            return "this is no URL"
        if parsed.scheme not in ("http", "https") or not parsed.host or (parsed.port or 0) > _LAST_PORT:
            return "only http and https URLs with a host are sent to"
        named = {parsed.host, f"{parsed.host}:{parsed.port or (443 if parsed.scheme == 'https' else 80)}"}
        if _is_local(parsed.host) or named & self.allowed:
            return ""
        return f"{parsed.host} is not this machine; start with --allow-callbacks-to {parsed.host}"

    def sign(self, body: bytes) -> str:
        """Make the signature of a body: HMAC-SHA256 under the secret, in hexadecimal digits (RFC 2104)."""
        return "sha256=" + hmac.new((self.secret or "").encode(), body, hashlib.sha256).hexdigest()


def _is_local(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):  # RFC 6761, 6.3
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback


@dataclass
class Callbacks:
    """Sends for one mock and remembers what it sent, the latest of it."""

    policy: Policy = field(default_factory=Policy)
    transport: httpx.AsyncBaseTransport | None = field(default=None, repr=False)
    sleep: Callable[[float], Awaitable[None]] = field(default=asyncio.sleep, repr=False)
    shared: SharedDeliveries | None = field(default=None, repr=False)
    """Where it is noted what all processes send, if there are several."""
    deliveries: deque[Delivery] = field(default_factory=lambda: deque(maxlen=CAPACITY))
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1), repr=False)
    _under_way: set[asyncio.Task[None]] = field(default_factory=set, repr=False)
    _client: httpx.AsyncClient | None = field(default=None, repr=False)
    _home: asyncio.AbstractEventLoop | None = field(default=None, repr=False)

    def answered(self, exchange: Exchange, answer: Answer) -> None:
        """Send what a success of an operation triggers. Returns at once; the sending goes on by itself."""
        operation = exchange.operation
        if operation is None or not 200 <= answer.status < 300:  # noqa: PLR2004 - Successful (RFC 9110, 15.3)
            return
        for callback in operation.triggers:
            self._start(self._address(callback, exchange, answer), callback, exchange, answer)

    def send(self, webhook: CompiledCallback, session: str, to: str | None = None) -> Delivery:
        """Send a webhook to a URL, else to where webhooks go. Returns its record at once."""
        delivery = self._record(webhook, session, "")
        self._aim(delivery, to or self.policy.to)
        if webhook.defect:
            delivery.state, delivery.reason = "refused", webhook.defect
        self._start(delivery, webhook, None, None)
        return delivery

    def of(self, session: str | None = None) -> list[Delivery]:
        """List what was sent, oldest first, of one session or of all."""
        return [delivery for delivery in self.deliveries if session in (None, delivery.session)]

    async def entered(self, delivery: Delivery) -> None:
        """Wait until a delivery has its number."""
        if self.shared is not None:
            await self.shared.enter(delivery)

    async def catch_up(self) -> None:
        """Learn what other processes have sent. Raises StoreDownError."""
        if self.shared is not None:
            self.deliveries = deque(await self.shared.catch_up(), CAPACITY)

    async def drain(self) -> None:
        """Wait until nothing is under way."""
        while self._under_way:
            await asyncio.gather(*self._under_way)

    async def close(self) -> None:
        """Give up what is under way and close the connections, if they belong to the loop that runs."""
        if self._home is not asyncio.get_running_loop():
            return
        tasks = list(self._under_way)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    def _record(self, callback: CompiledCallback, session: str, operation: str) -> Delivery:
        number = next(self._numbers) if self.shared is None else 0
        delivery = Delivery(number, callback.name, session, operation, callback.method, "")
        if self.shared is None:
            self.deliveries.append(delivery)
        return delivery

    def _address(self, callback: CompiledCallback, exchange: Exchange, answer: Answer) -> Delivery:
        session = exchange.session.name if exchange.session else ""
        operation = exchange.operation.operation.id if exchange.operation else ""
        delivery = self._record(callback, session, operation)
        if callback.defect:
            delivery.state, delivery.reason = "refused", callback.defect
        elif callback.url is None:
            self._aim(delivery, self.policy.to)
        else:
            try:
                self._aim(delivery, callback.url.fill(exchange, answer))
            except UnresolvedError as error:
                delivery.state, delivery.reason = "refused", str(error.args[0])
        return delivery

    def _aim(self, delivery: Delivery, url: str | None) -> None:
        delivery.url = url or ""
        delivery.reason = self.policy.refusal(url) if url else "no target; start with --webhook-to URL, or name one"
        delivery.state = "refused" if delivery.reason else "pending"

    def _start(
        self, delivery: Delivery, callback: CompiledCallback, exchange: Exchange | None, answer: Answer | None
    ) -> None:
        if delivery.state != "pending":
            if self.shared is not None:
                self._go(self.shared.enter(delivery))
            return
        headers = [("user-agent", "understudy")]
        if callback.media is not None:
            delivery.body = callback.media.write(callback.body(callback.media, exchange, answer))
            headers.append(("content-type", callback.media.concrete))
        if self.policy.secret:
            headers.append((callback.signature_header, self.policy.sign(delivery.body)))
        delivery.headers = tuple(headers)
        self._go(self._deliver(delivery))

    def _go(self, sending: Coroutine[Any, Any, None]) -> None:
        task = self._at_home().create_task(sending)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    def _at_home(self) -> asyncio.AbstractEventLoop:
        """Find the loop that runs; connections and tasks of one that is over are of no use in it."""
        loop = asyncio.get_running_loop()
        if self._home is not loop:
            self._home, self._client = loop, None
            self._under_way.clear()
        return loop

    async def _deliver(self, delivery: Delivery) -> None:
        """Try until it is taken, refused for good, or tried often enough."""
        await self.entered(delivery)
        try:
            for number in range(self.policy.attempts):
                if number:
                    await self.sleep(FIRST_PAUSE * 2 ** (number - 1))
                attempt = await self._try(delivery)
                delivery.attempts.append(attempt)
                delivery.state, delivery.reason = _judge(attempt)
                if self.shared is not None and delivery.state == "pending":
                    await self.shared.tell(delivery)
                if delivery.state != "pending":
                    return
            delivery.state = "failed"
        except asyncio.CancelledError:
            delivery.state, delivery.reason = "abandoned", "the mock ended first"
            raise
        finally:
            if self.shared is not None:
                await self.shared.tell(delivery)

    async def _try(self, delivery: Delivery) -> Attempt:
        if self._client is None:
            self._client = httpx.AsyncClient(
                transport=self.transport, timeout=_TIMEOUT, follow_redirects=False, trust_env=False
            )
        at = time.time()
        try:
            response = await self._client.request(
                delivery.method, delivery.url, content=delivery.body, headers=list(delivery.headers)
            )
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            return Attempt(at, error=str(error) or type(error).__name__)
        return Attempt(at, status=response.status_code)


def _judge(attempt: Attempt) -> tuple[str, str]:
    """Tell what an attempt means: sent, failed for good, or pending still."""
    if attempt.error:
        return "pending", attempt.error
    if 200 <= attempt.status < 300:  # noqa: PLR2004 - Successful (RFC 9110, 15.3)
        return "sent", ""
    may_pass = attempt.status >= _SERVER_ERROR or attempt.status in _PASSING
    return ("pending" if may_pass else "failed"), f"the receiver answered {attempt.status}"
