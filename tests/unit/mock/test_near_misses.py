"""A request that no operation takes is told which it nearly was, and what differs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Serve

SHOP = """
servers: [{url: /api/v1}]
paths:
  /orders:
    get: {operationId: listOrders, responses: {'200': {description: ok}}}
    post: {operationId: addOrder, responses: {'201': {description: ok}}}
  /orders/{order_id}:
    get: {operationId: getOrder, responses: {'200': {description: ok}}}
  /orders/{order_id}/cancellations:
    post: {operationId: cancelOrder, responses: {'200': {description: ok}}}
  /customers:
    get: {operationId: listCustomers, responses: {'200': {description: ok}}}
"""


@pytest.mark.parametrize(
    ("line", "operation", "differs"),
    [
        ("GET /api/v1/order", "listOrders", ["segment 3 is `order`, `orders` would have matched"]),
        ("GET /api/v1/ordres", "listOrders", ["segment 3 is `ordres`, `orders` would have matched"]),
        ("GET /api/v1/orders/", "listOrders", ["the path ends with a slash"]),
        ("GET /v1/orders", "listOrders", ["segment 1, `api`, is missing"]),
        ("PUT /api/v1/orders/7", "getOrder", ["the method is PUT, it is called by GET"]),
        ("POST /api/v1/orders/7/cancel", "cancelOrder", ["segment 5 is `cancel`, `cancellations` would have matched"]),
        ("POST /api/v1/orders/7/cancellations/now", "cancelOrder", ["segment 6, `now`, is one too many"]),
        ("POST /shop/orders", "addOrder", ["segment 1, `shop`, is one too many"]),
        ("GET /api/v1/%6frder", "listOrders", ["segment 3 is `order`, `orders` would have matched"]),
    ],
)
def test_the_nearest_operation_comes_first(mocked: Serve, line: str, operation: str, differs: list[str]) -> None:
    told = mocked(SHOP).ask(line)
    assert told.status in (404, 405)
    nearest = told.json["nearest"]
    assert (nearest[0]["operation"], nearest[0]["differs"]) == (operation, differs)
    assert nearest[0]["path"].startswith("/")
    assert len(nearest) <= 3


@pytest.mark.parametrize("path", ["/", "/nothing/like/it", "/" + "a/" * 500, "/" + "%C3%A9" * 1000])
def test_where_nothing_comes_near_nothing_is_said(mocked: Serve, path: str) -> None:
    told = mocked(SHOP).ask(f"GET {path}")
    assert told.status == 404
    assert "nearest" not in told.json


def test_the_other_methods_of_the_path_are_named(mocked: Serve) -> None:
    nearest = mocked(SHOP).ask("DELETE /orders").json["nearest"]
    assert {near["operation"] for near in nearest[:2]} == {"listOrders", "addOrder"}


def test_only_what_is_likely_is_measured(mocked: Serve) -> None:
    paths = "".join(
        f"  /things{number}/{{id}}: {{get: {{operationId: get{number}, responses: {{'200': {{description: ok}}}}}}}}\n"
        for number in range(300)
    )
    nearest = mocked(f"paths:\n{paths}").ask("GET /things299/7/more").json["nearest"]
    assert nearest[0]["operation"] == "get299"
