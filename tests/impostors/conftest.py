"""The catalogue: servers of one contract that are wrong on purpose, each with the rules whose findings it earns."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from starlette.requests import Request
from starlette.responses import Response

from understudy.contract.loading import load
from understudy.drift.target import Settings

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, MutableMapping

    from understudy.contract.model import Contract

TOKEN = "open-sesame"  # noqa: S105 - it opens nothing
SETTINGS = Settings(seed=4, max_examples=12)


def answer(status: int, body: Any = None, **headers: str) -> Response:
    content = b"" if body is None else json.dumps(body).encode()
    media_type = None if body is None else "application/json"
    return Response(content, status, {name.replace("_", "-"): value for name, value in headers.items()}, media_type)


def refuse(status: int, message: str, **headers: str) -> Response:
    return answer(status, {"message": message}, **headers)


class Honest:
    """Keeps the contract. Impostors inherit it and spoil one thing each."""

    earns: frozenset[str] = frozenset()
    says: str = ""
    place: str = "process"
    settings = SETTINGS

    def __init__(self) -> None:
        self.numbers = itertools.count(2)
        self.items: dict[str, dict[str, Any]] = {"i-1": {"id": "i-1", "name": "Tea", "price": 3}}

    async def __call__(
        self,
        scope: MutableMapping[str, Any],
        receive: Callable[[], Awaitable[MutableMapping[str, Any]]],
        send: Callable[[MutableMapping[str, Any]], Awaitable[None]],
    ) -> None:
        if scope["type"] == "http":
            request = Request(scope, receive)
            response = await self.respond(request, await request.body())
            await response(scope, receive, send)

    async def respond(self, request: Request, body: bytes) -> Response:
        path = request.url.path.removeprefix("/shop/v1")
        if path == "/items":
            methods = {"GET": lambda: self.find(request), "POST": lambda: self.create(body)}
        elif path.startswith("/items/"):
            identity = path.removeprefix("/items/")
            methods = {"GET": lambda: self.get(identity), "DELETE": lambda: self.delete(identity)}
        else:
            return refuse(404, "no such path")
        if not self.admits(request.headers.get("Authorization")):
            return refuse(401, "no token", WWW_Authenticate="Bearer")
        if request.method not in methods:
            return self.not_allowed(sorted(methods))
        return methods[request.method]()

    def admits(self, credentials: str | None) -> bool:
        return credentials == f"Bearer {TOKEN}"

    def not_allowed(self, methods: list[str]) -> Response:
        return refuse(405, "no such method", Allow=", ".join(methods))

    def find(self, request: Request) -> Response:
        limits = request.query_params.getlist("limit")
        if not self.is_branch(request.headers.get("X-Branch")) or not self.is_limit(limits):
            return refuse(400, "no such branch or limit")
        return self.shown([self.told(item) for item in self.items.values()][: int((*limits, "50")[0])])

    def is_branch(self, branch: str | None) -> bool:
        return branch in ("north", "south")

    def is_limit(self, limits: list[str]) -> bool:
        return not limits or (len(limits) == 1 and bool(re.fullmatch("[1-9]|[1-4][0-9]|50", limits[0], re.ASCII)))

    def shown(self, items: list[dict[str, Any]]) -> Response:
        return answer(200, items, X_Total=str(len(self.items)))

    def create(self, body: bytes) -> Response:
        try:
            new = json.loads(body)
        except ValueError:
            return refuse(400, "no JSON")
        if not self.is_new_item(new):
            return refuse(400, "no item")
        item = {"id": f"i-{next(self.numbers)}", "name": new["name"], "price": int(new["price"])}
        self.keep(item)
        return self.created(item)

    def is_new_item(self, new: Any) -> bool:
        if not isinstance(new, dict) or set(new) != {"name", "price"}:
            return False
        name, price = new["name"], new["price"]
        is_price = isinstance(price, int | float) and not isinstance(price, bool) and 0 <= price <= 100000
        return isinstance(name, str) and 1 <= len(name) <= 40 and is_price and int(price) == price

    def keep(self, item: dict[str, Any]) -> None:
        self.items[item["id"]] = item

    def created(self, item: dict[str, Any]) -> Response:
        return answer(201, self.told(item))

    def get(self, identity: str) -> Response:
        item = self.items.get(identity)
        return answer(200, self.told(item)) if item else refuse(404, "no such item")

    def told(self, item: dict[str, Any]) -> dict[str, Any]:
        return item

    def delete(self, identity: str) -> Response:
        return answer(204) if self.items.pop(identity, None) else refuse(404, "no such item")


class TellsWrongType(Honest):
    earns = frozenset({"drift.response-schema-conformance"})
    says = "`[].price` breaks `type: integer`"

    def told(self, item: dict[str, Any]) -> dict[str, Any]:
        return {**item, "price": str(item["price"])}


class LeavesFieldOut(Honest):
    earns = frozenset({"drift.response-schema-conformance"})

    def told(self, item: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in item.items() if name != "name"}


class AnswersUndocumentedStatus(Honest):
    earns = frozenset({"drift.status-code-conformance"})
    says = "202 Accepted is not documented; documented: 201, 400, 401"

    def created(self, item: dict[str, Any]) -> Response:
        return answer(202, item)


class AnswersInWrongContentType(Honest):
    earns = frozenset({"drift.content-type-conformance"})

    def shown(self, items: list[dict[str, Any]]) -> Response:
        return Response(str(items), headers={"X-Total": "1"}, media_type="text/plain")


class AnswersWithoutContentType(Honest):
    earns = frozenset({"drift.content-type-conformance", "drift.response-schema-conformance"})

    def shown(self, items: list[dict[str, Any]]) -> Response:
        return Response(json.dumps(items), headers={"X-Total": "1"})


class TakesBadQuery(Honest):
    earns = frozenset({"drift.negative-data-rejection"})

    def find(self, request: Request) -> Response:
        if not self.is_branch(request.headers.get("X-Branch")):
            return refuse(400, "no such branch")
        return self.shown(list(self.items.values()))


class TakesBadBody(Honest):
    earns = frozenset({"drift.negative-data-rejection"})

    def create(self, body: bytes) -> Response:
        with contextlib.suppress(ValueError):
            if self.is_new_item(json.loads(body)):
                return super().create(body)
        return super().create(b'{"name": "Whatever", "price": 0}')


class RefusesGoodInput(Honest):
    earns = frozenset({"drift.positive-data-acceptance"})

    def is_limit(self, limits: list[str]) -> bool:
        return super().is_limit(limits) and limits != ["50"]


class HasTwoFaults(RefusesGoodInput):
    """One fault shows in every answer and must not hide the other, which only some requests reveal."""

    earns = frozenset({"drift.positive-data-acceptance", "drift.response-schema-conformance"})

    def told(self, item: dict[str, Any]) -> dict[str, Any]:
        return {**item, "price": None}


class RefusesAllGoodInput(Honest):
    earns = frozenset({"drift.positive-data-acceptance", "drift.never-accepted"})

    def is_new_item(self, new: Any) -> bool:
        return new is Ellipsis


class ForgetsWhatItCreated(Honest):
    earns = frozenset({"drift.ensure-resource-availability"})
    says = "`GET /items/{id}` did not find"

    def keep(self, item: dict[str, Any]) -> None:
        pass


class RemembersWhatIsDeleted(Honest):
    earns = frozenset({"drift.use-after-free"})

    def delete(self, identity: str) -> Response:
        return answer(204) if identity in self.items else refuse(404, "no such item")


class IgnoresCredentials(Honest):
    earns = frozenset({"drift.ignored-auth", "drift.missing-required-header"})

    def admits(self, credentials: str | None) -> bool:
        return credentials != ""


class TakesAnyCredentials(Honest):
    earns = frozenset({"drift.ignored-auth"})
    says = "with wrong credentials was not refused"

    def admits(self, credentials: str | None) -> bool:
        return credentials is not None


class RefusesAllCredentials(Honest):
    earns = frozenset({"drift.never-accepted"})

    def admits(self, credentials: str | None) -> bool:
        return credentials == ""


class DoesNotDemandHeader(Honest):
    earns = frozenset({"drift.missing-required-header", "drift.negative-data-rejection"})

    def is_branch(self, branch: str | None) -> bool:
        return branch in (None, "north", "south")


class AllowsWrongMethods(Honest):
    earns = frozenset({"drift.allow-header-conformance"})
    says = "missing POST, undocumented PATCH"

    def not_allowed(self, methods: list[str]) -> Response:
        return super().not_allowed([*methods[:-1], "PATCH"])


class LeavesAllowOut(Honest):
    earns = frozenset({"drift.unsupported-method"})

    def not_allowed(self, methods: list[str]) -> Response:
        return refuse(405, f"only {methods}")


class TakesAnyMethod(Honest):
    earns = frozenset({"drift.unsupported-method"})

    def not_allowed(self, methods: list[str]) -> Response:
        return answer(200, methods)


class LeavesHeaderOut(Honest):
    earns = frozenset({"drift.response-headers-conformance"})
    says = "lacks a required header: X-Total"

    def shown(self, items: list[dict[str, Any]]) -> Response:
        return answer(200, items)


class SendsWrongHeader(Honest):
    earns = frozenset({"drift.response-headers-conformance"})

    def shown(self, items: list[dict[str, Any]]) -> Response:
        return answer(200, items, X_Total="many")


class Fails(Honest):
    earns = frozenset({"drift.not-a-server-error", "drift.status-code-conformance"})

    def delete(self, identity: str) -> Response:
        return super().delete(identity) if identity == "i-1" else refuse(500, "out of order")


class Raises(Honest):
    earns = frozenset({"drift.not-a-server-error", "drift.status-code-conformance"})

    def delete(self, identity: str) -> Response:
        return answer(204) if self.items.pop(identity) else refuse(404, "no such item")


class SendsHalfAnAnswer(Honest):
    earns = frozenset({"drift.response-schema-conformance"})
    says = "calls itself JSON and is not"

    def shown(self, items: list[dict[str, Any]]) -> Response:
        text = json.dumps(items)
        return Response(text[: len(text) // 2 + 1], 200, {"X-Total": "1"}, "application/json")


class IsSlow(Honest):
    earns = frozenset({"drift.max-response-time"})
    settings = Settings(seed=4, max_examples=3, max_response_time=0.5)

    async def respond(self, request: Request, body: bytes) -> Response:
        if request.query_params.get("limit") == "50":
            await asyncio.sleep(0.6)
        return await super().respond(request, body)


class BreaksOff(Honest):
    """Promises more bytes than it sends, which only a real connection can show."""

    earns = frozenset({"drift.broken-answer", "drift.never-accepted"})
    place = "wire"

    def shown(self, items: list[dict[str, Any]]) -> Response:
        response = super().shown(items)
        response.headers["Content-Length"] = str(len(response.body) + 20)
        return response


class Dies(Honest):
    earns = frozenset({"drift.server-lost"})
    place = "wire"

    def __init__(self) -> None:
        super().__init__()
        self.left = 60

    async def respond(self, request: Request, body: bytes) -> Response:
        self.left -= 1
        if not self.left:
            request.app.should_exit = True
        return await super().respond(request, body)


class Notes(Honest):
    place = "a test's tool"

    def __init__(self) -> None:
        super().__init__()
        self.methods: set[str] = set()

    async def respond(self, request: Request, body: bytes) -> Response:
        self.methods.add(request.method)
        return await super().respond(request, body)


def catalogue(kind: type[Honest] = Honest) -> Iterator[type[Honest]]:
    """Every kind there is, in the order written."""
    yield kind
    for impostor in kind.__subclasses__():
        yield from catalogue(impostor)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test that asks for an impostor every one of the place it asks for."""
    for name, place in (("impostor", "process"), ("live_impostor", "wire")):
        if name in metafunc.fixturenames:
            kinds = [kind for kind in catalogue() if kind.place == place or kind is Honest]
            metafunc.parametrize(name, kinds, ids=lambda kind: kind.__name__)


@pytest.fixture(scope="session")
def contract() -> Contract:
    return load(str(Path(__file__).with_name("openapi.yaml")))


@pytest.fixture
def noting() -> Notes:
    return Notes()


@pytest.fixture
def careless() -> type[Honest]:
    return TakesBadBody
