"""Contracts are written inline: `found` writes one, checks it, and returns the findings of one rule."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING, Protocol

import pytest

from understudy.check import check
from understudy.contract.loading import load

if TYPE_CHECKING:
    from pathlib import Path

    from understudy.finding import Finding

HEAD = """\
openapi: 3.1.0
info: {title: Shop, version: "1"}
servers: [{url: "https://shop.test/v1"}]
"""
"""Three lines, so that the first line of a test's own text is line 4."""

GOOD = """\
tags: [{name: orders}]
security: [{token: []}]
paths:
  /orders/{order_id}:
    parameters:
      - {name: order_id, in: path, required: true, schema: {type: string}, example: o-1}
    get:
      operationId: getOrder
      tags: [orders]
      responses:
        "200":
          description: An order.
          content:
            application/json:
              schema: {$ref: "#/components/schemas/Order"}
              examples:
                one: {value: {id: o-1, total: 1.50}}
          links:
            again: {operationId: getOrder, parameters: {order_id: $response.body#/id}}
        "404": {description: There is no such order.}
components:
  securitySchemes:
    token: {type: http, scheme: bearer}
  schemas:
    Order:
      type: object
      required: [id]
      properties:
        id: {type: string}
        total: {type: number, default: 0}
        note: {type: [string, "null"]}
"""


class Found(Protocol):
    def __call__(self, rule: str, text: str, *, head: str = HEAD, **beside: str) -> list[Finding]: ...


@pytest.fixture
def found(tmp_path: Path) -> Found:
    def run(rule: str, text: str, *, head: str = HEAD, **beside: str) -> list[Finding]:
        (tmp_path / "openapi.yaml").write_text(head + dedent(text))
        for name, content in beside.items():
            (tmp_path / f"{name}.yaml").write_text(dedent(content))
        return [finding for finding in check(load(str(tmp_path))) if finding.rule == rule]

    return run


@pytest.fixture
def good() -> str:
    return GOOD
