"""A request that the gate let in goes in; the control page answers what is for people, the control API all else.

Nothing of the page is loaded before it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy_mock.boundary import CONTROL_PREFIX

if TYPE_CHECKING:
    from understudy_mock.control.signing_in import Token
    from understudy_mock.exchange import Exchange
    from understudy_mock.runtime import Runtime

HOME = f"{CONTROL_PREFIX}/"
BELOW = f"{CONTROL_PREFIX}/page/"


class PageStage:
    """Stands between the gate and the control API, of which the page is a client."""

    def __init__(self, app: Any, *, mock: Runtime, token: Token | None) -> None:
        self.app, self._mock, self._token = app, mock, token
        self._pages: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Take one HTTP request."""
        exchange = scope["understudy"]
        if exchange.path != HOME and not exchange.path.startswith(BELOW) and not _is_person_without_slash(exchange):
            await self.app(scope, receive, send)
            return
        if self._pages is None:
            from understudy_mock.control.page.pages import Pages

            self._pages = Pages(self.app, self._mock, self._token)
        exchange.answer = await self._pages.answer(scope, receive)


def _is_person_without_slash(exchange: Exchange) -> bool:
    return exchange.path == CONTROL_PREFIX and "text/html" in (exchange.header(b"accept") or "")
