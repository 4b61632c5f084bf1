"""A request for the control page goes in; the page, or where to go after something was done, comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

from understudy_mock.boundary import CONTROL_PREFIX
from understudy_mock.control.page import (
    coverage_page,
    entrance,
    journal_page,
    operations_page,
    scenarios_page,
    sessions_page,
    state_page,
)
from understudy_mock.control.page.asking import Api, NotDoneError
from understudy_mock.control.page.rendering import asset, see_other
from understudy_mock.control.page.visits import Visit, form_of
from understudy_mock.control.signing_in import SIGN_IN, SIGN_OUT
from understudy_mock.exchange import Fault, RefusalError
from understudy_mock.routing import Router

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from understudy_mock.control.signing_in import Token
    from understudy_mock.exchange import Answer, Exchange
    from understudy_mock.runtime import Runtime

    View = Callable[[Visit], Awaitable[Answer]]

_VIEWS: tuple[tuple[str, str, View], ...] = (
    ("GET", "", operations_page.table),
    ("POST", "page/operations", operations_page.undo_all),
    ("POST", "page/operations/{contract}/{operation}", operations_page.change),
    ("GET", "page/journal", journal_page.listing),
    ("POST", "page/journal", journal_page.clear),
    ("GET", "page/journal/{number}", journal_page.entry),
    ("GET", "page/scenarios", scenarios_page.listing),
    ("POST", "page/scenarios", scenarios_page.play),
    ("GET", "page/state", state_page.resources),
    ("GET", "page/state/{contract}/{resource}", state_page.items),
    ("POST", "page/state/{contract}/{resource}", state_page.add),
    ("GET", "page/state/{contract}/{resource}/{item}", state_page.item),
    ("POST", "page/state/{contract}/{resource}/{item}", state_page.change),
    ("GET", "page/coverage", coverage_page.table),
    ("POST", "page/coverage", coverage_page.recount),
    ("GET", "page/sessions", sessions_page.listing),
    ("POST", "page/sessions", sessions_page.change),
)
_ASSETS = f"{CONTROL_PREFIX}/page/assets/"


class Pages:
    """All pages of one mock."""

    def __init__(self, app: Any, mock: Runtime, token: Token | None) -> None:
        self._app, self._mock, self._token = app, mock, token
        self._router: Router[View] = Router()
        for method, path, view in _VIEWS:
            self._router.add(f"{CONTROL_PREFIX}/{path}", method, view)

    async def answer(self, scope: Any, receive: Any) -> Answer:
        """Answer one request. Raises RefusalError for what is not there."""
        exchange: Exchange = scope["understudy"]
        if exchange.path == CONTROL_PREFIX:
            return see_other(f"{CONTROL_PREFIX}/")
        if exchange.path.startswith(_ASSETS):
            if (found := asset(exchange.path.removeprefix(_ASSETS))) is None:
                raise _nowhere(exchange)
            return found
        visit = Visit(Api(self._app, scope), self._mock, exchange, (), self._token is not None, {}, _query(exchange))
        try:
            form = {} if exchange.method in ("GET", "HEAD") else await form_of(exchange, receive)
            if exchange.path in (SIGN_IN, SIGN_OUT):
                return self._entrance(exchange, form)
            view, values = self._find(exchange)
            return await view(Visit(visit.api, self._mock, exchange, values, visit.is_token_wanted, form, visit.query))
        except NotDoneError as error:
            return await visit.show("not_done.html", status=error.status, problem=error.message, title="Not done")

    def _entrance(self, exchange: Exchange, form: dict[str, str]) -> Answer:
        if exchange.path == SIGN_OUT:
            return entrance.signed_out(exchange, self._token)
        if exchange.method != "POST":
            return entrance.sign_in(exchange)
        return entrance.signed_in(exchange, self._token, form)

    def _find(self, exchange: Exchange) -> tuple[View, tuple[str, ...]]:
        match = self._router.find(exchange.path)
        method = "GET" if exchange.method == "HEAD" else exchange.method
        if match is None or method not in match.methods:
            raise _nowhere(exchange)
        return match.methods[method], tuple(unquote(value) for value in match.values)


def _nowhere(exchange: Exchange) -> RefusalError:
    fault = Fault("path", (), "route", f"there is no page {exchange.path}")
    return RefusalError("no-page", (404,), (fault,))


def _query(exchange: Exchange) -> dict[str, str]:
    return dict(parse_qsl(exchange.query.decode("latin-1"), keep_blank_values=True))
