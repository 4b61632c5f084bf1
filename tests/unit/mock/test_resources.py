"""What a contract is about is recognised from its paths and shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from understudy.contract.loading import load
from understudy_mock.compiling import compile_contract

if TYPE_CHECKING:
    from conftest import Read
    from understudy.contract.model import Contract


def kinds(contract: Contract) -> dict[str, tuple[str, str | None, tuple[str, ...]]]:
    """Operation → what it does, to which resource, and which items its path names."""
    bindings = compile_contract(contract).resources.bindings
    return {
        name: (made.kind, made.resource.name if made.resource else None, tuple(one.name for _, one in made.lookups))
        for name, made in bindings.items()
    }


def resources(contract: Contract) -> dict[str, tuple[str | None, str | None, str, int]]:
    """Resource → path, identifier, store, number of items to start with."""
    found = compile_contract(contract).resources.by_name.values()
    return {one.name: (one.path, one.id, one.store, len(one.seeds)) for one in found}


def test_talkover() -> None:
    contract = load("talkover")
    assert kinds(contract) == {
        "listPhoneNumbers": ("list", "phoneNumbers", ()),
        "listReleaseRequests": ("list", "releaseRequests", ()),
        "cancelReleaseRequest": ("delete", "releaseRequests", ("releaseRequests",)),
        "requestPhoneRelease": ("action", "phoneNumbers", ("phoneNumbers",)),
        "listDids": ("list", "dids", ("sipTrunks",)),
        "createDid": ("create", "dids", ("sipTrunks",)),
        "updateAgentCalling": ("action", "agents", ("agents",)),
        "listVoiceTemplates": ("list", "voiceTemplates", ()),
        "generateVoiceDemo": ("action", "voiceTemplates", ("voiceTemplates",)),
    }
    assert resources(contract) == {
        "phoneNumbers": ("/phone-numbers", "id", "phoneNumbers", 2),
        "releaseRequests": ("/phone-numbers/release-requests", "id", "releaseRequests", 1),
        "sipTrunks": (None, "id", "sipTrunks", 1),
        "dids": ("/sip-trunks/{trunk_id}/dids", "id", "phoneNumbers", 0),
        "agents": (None, "id", "agents", 1),
        "voiceTemplates": ("/voice-templates", "id", "voiceTemplates", 2),
    }


def test_talkturo() -> None:
    contract = load("talkturo")
    assert kinds(contract) == {
        "searchPhoneNumbers": ("search", "availableNumbers", ()),
        "purchasePhoneNumber": ("create", "purchasedNumbers", ()),
        "listPurchasedPhoneNumbers": ("list", "purchasedNumbers", ()),
    }
    seeds = {name: (found[0], found[3]) for name, found in resources(contract).items()}
    assert seeds == {
        "availableNumbers": ("/phone-numbers/search", 10),
        "purchasedNumbers": ("/phone-numbers/purchase", 0),
        "teams": (None, 1),
    }


def ok(schema: str, example: str = "") -> str:
    """Write responses: a 200 with JSON."""
    told = f", example: {example}" if example else ""
    return f'{{"200": {{description: x, content: {{application/json: {{schema: {schema}{told}}}}}}}}}'


GONE = '{"204": {description: x}}'
THING = "{type: object, properties: {id: {type: integer}, name: {type: string}}}"
THINGS = f"{{type: array, items: {THING}}}"
POSTS = "{type: array, items: {type: object, properties: {slug: {type: string}}}}"
PAGE = f"{{type: object, properties: {{results: {POSTS}, total: {{type: integer}}}}}}"
ORDER = f"{{type: object, properties: {{id: {{type: integer}}, lines: {THINGS}}}}}"
ORDERS = f"{{type: array, items: {ORDER}}}"

Paths = dict[str, dict[str, tuple[str, str]]]
"""Path → method → operationId and responses."""

STYLES: dict[str, tuple[Paths, dict[str, Any], dict[str, Any]]] = {
    "a bare list": (
        {
            "/pets": {"get": ("list", ok(THINGS, "[{id: 1}]")), "post": ("create", ok(THING))},
            "/pets/{petId}": {"get": ("read", ok(THING)), "patch": ("update", ok(THING)), "delete": ("delete", GONE)},
        },
        {
            "list": ("list", "pets", ()),
            "create": ("create", "pets", ()),
            "read": ("read", "pets", ("pets",)),
            "update": ("update", "pets", ("pets",)),
            "delete": ("delete", "pets", ("pets",)),
        },
        {"pets": ("/pets", "id", "pets", 1)},
    ),
    "an envelope, a slug and an action": (
        {
            "/v1/blog-posts": {"get": ("list", ok(PAGE))},
            "/v1/blog-posts/{slug}/publish": {"post": ("publish", GONE)},
        },
        {"list": ("list", "blogPosts", ()), "publish": ("action", "blogPosts", ("blogPosts",))},
        {"blogPosts": ("/v1/blog-posts", "slug", "blogPosts", 0)},
    ),
    "items below items": (
        {
            "/users": {"get": ("users", ok(THINGS))},
            "/users/{user_id}/orders": {"get": ("orders", ok(THINGS))},
            "/users/{user_id}/orders/{order_id}": {"get": ("order", ok(THING))},
        },
        {
            "users": ("list", "users", ()),
            "orders": ("list", "orders", ("users",)),
            "order": ("read", "orders", ("users", "orders")),
        },
        {"users": ("/users", "id", "users", 0), "orders": ("/users/{user_id}/orders", "id", "orders", 0)},
    ),
    "items with lists of their own": (
        {
            "/orders": {"get": ("list", ok(ORDERS)), "post": ("create", ok(ORDER))},
            "/find": {"post": ("find", ok(ORDERS))},
        },
        {"list": ("list", "orders", ()), "create": ("create", "orders", ())},
        {"orders": ("/orders", "id", "orders", 0)},
    ),
    "a search by POST": (
        {"/orders/search": {"post": ("search", ok(ORDERS))}, "/orders": {"get": ("list", ok(ORDERS))}},
        {"list": ("list", "orders", ()), "search": ("search", "orders", ())},
        {"orders": ("/orders", "id", "orders", 0)},
    ),
    "a report with a list deep inside": (
        {"/report": {"get": ("report", ok(f"{{type: object, properties: {{tree: {ORDER}}}}}"))}},
        {},
        {},
    ),
    "no list at all": (
        {
            "/sessions": {"post": ("open", ok(THING))},
            "/sessions/{id}": {"delete": ("close", GONE)},
            "/health": {"get": ("health", ok("{type: object, properties: {ok: {type: boolean}}}"))},
            "/convert": {"post": ("convert", ok(THING))},
        },
        {"open": ("create", "sessions", ()), "close": ("delete", "sessions", ("sessions",))},
        {"sessions": ("/sessions", "id", "sessions", 0)},
    ),
}


def written(paths: Paths) -> str:
    lines = ["paths:"]
    for path, methods in paths.items():
        lines.append(f"  {path}:")
        lines += [f"    {name}: {{operationId: {one}, responses: {told}}}" for name, (one, told) in methods.items()]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(("paths", "bindings", "found"), STYLES.values(), ids=STYLES)
def test_foreign_styles(contract: Read, paths: Paths, bindings: dict[str, Any], found: dict[str, Any]) -> None:
    read = contract(written(paths))
    assert kinds(read) == bindings
    assert resources(read) == found


def test_what_stands_below_an_unknown_item_is_not_its_parent(contract: Read) -> None:
    line = ok("{type: object, properties: {sku: {type: string}}}")
    paths = {
        "/carts": {"get": ("open", ok(THINGS))},
        "/carts/{id}/lines/{number}": {"delete": ("drop", GONE), "put": ("change", line)},
    }
    read = contract(written(paths))
    bound = {name: (kind, resource) for name, (kind, resource, _) in kinds(read).items() if name != "open"}
    assert bound == {"drop": ("delete", "lines"), "change": ("update", "lines")}
