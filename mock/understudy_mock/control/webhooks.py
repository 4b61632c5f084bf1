"""Wishes about webhooks go in; they are sent, and what became of them and of callbacks comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy.contract import pointer as pointers
from understudy_mock import entries
from understudy_mock.control.contracts import mounts_of
from understudy_mock.control.replies import Reply, conflict, unknown
from understudy_mock.handlers import answers
from understudy_mock.journal import KEPT_BYTES
from understudy_mock.sessions import DEFAULT

if TYPE_CHECKING:
    from understudy_mock.callbacks import CompiledCallback
    from understudy_mock.deliveries import Attempt, Delivery
    from understudy_mock.mounting import Mount
    from understudy_mock.runtime import Runtime

_PAGE = 100


class WebhookOperations:
    """What the mock sends of its own accord."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    @answers("listWebhooks")
    def webhooks(self, contract: str | None = None) -> Reply:
        """List the webhooks of one contract or of all."""
        target = self._runtime.callbacks.policy.to
        return Reply(
            {
                "webhooks": [
                    _webhook(mount, webhook, target)
                    for mount in mounts_of(self._runtime, contract)
                    for webhook in mount.compiled.outgoing.webhooks.values()
                ]
            }
        )

    @answers("sendWebhook")
    async def send(
        self, webhook_name: str, session: str = DEFAULT, contract: str | None = None, body: Any = None
    ) -> Reply:
        """Send a webhook; its fate is told by its number."""
        webhook = self._named(webhook_name, contract)
        delivery = self._runtime.callbacks.send(webhook, session, (body or {}).get("to"))
        await self._runtime.callbacks.entered(delivery)
        if delivery.state == "refused":
            raise conflict("webhook", delivery.reason)
        return Reply(_delivery(delivery), 202)

    @answers("listDeliveries")
    def deliveries(self, session: str | None = None, limit: int = _PAGE) -> Reply:
        """List what was sent, oldest first."""
        found = self._runtime.callbacks.of(session)
        return Reply({"deliveries": [_delivery(one) for one in found[-limit:]], "total": len(found)})

    @answers("getDelivery")
    def delivery(self, number: int) -> Reply:
        """Tell what became of one."""
        for one in self._runtime.callbacks.of():
            if one.number == number:
                return Reply(_delivery(one))
        raise unknown("delivery", number)

    def _named(self, name: str, contract: str | None) -> CompiledCallback:
        mounts = mounts_of(self._runtime, contract)
        found = [(mount, mount.compiled.outgoing.webhooks) for mount in mounts]
        having = [(mount.compiled.name, webhooks[name]) for mount, webhooks in found if name in webhooks]
        if not having:
            raise unknown("webhook", name, [known for _, webhooks in found for known in webhooks])
        if len(having) > 1:
            names = ", ".join(owner for owner, _ in having)
            raise conflict("contract", f"{name} is a webhook of {names}: say which contract is meant")
        return having[0][1]


def _webhook(mount: Mount, webhook: CompiledCallback, target: str | None) -> dict[str, Any]:
    media, triggered = webhook.media, mount.compiled.outgoing.triggered
    return {
        "name": webhook.name,
        "contract": mount.compiled.name,
        "method": webhook.method,
        "media_type": media.media_type if media else None,
        "schema": pointers.join(media.schema) if media and media.schema else None,
        "after": [operation for operation, sent in triggered.items() if webhook in sent],
        "target": target,
        "defect": webhook.defect or None,
    }


def _delivery(delivery: Delivery) -> dict[str, Any]:
    return {
        "number": delivery.number,
        "name": delivery.name,
        "session": delivery.session,
        "operation": delivery.operation or None,
        "method": delivery.method,
        "url": delivery.url,
        "state": delivery.state,
        "reason": delivery.reason or None,
        "headers": [{"name": name, "value": value} for name, value in delivery.headers],
        "body": entries.body(delivery.body[:KEPT_BYTES], len(delivery.body)),
        "attempts": [_attempt(attempt) for attempt in delivery.attempts],
    }


def _attempt(attempt: Attempt) -> dict[str, Any]:
    return {
        "at": entries.instant(attempt.at),
        "status": attempt.status or None,
        "error": attempt.error or None,
    }
