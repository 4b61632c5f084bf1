"""Every example and default fits the schema it stands for (JSON Schema 2020-12, formats included).

Held to their schemas are the examples of media types, parameters and headers, and those that schemas carry themselves.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

from understudy.check.rule import Rule
from understudy.check.wording import describe
from understudy.contract import grammar
from understudy.contract import pointer as pointers
from understudy.contract.sequential import with_array_schemas
from understudy.contract.validating import SchemaError
from understudy.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from understudy.contract.model import Contract, Tokens
    from understudy.contract.validating import SchemaSet, Violation
    from understudy.finding import Finding

RULE = Rule("examples", Severity.ERROR, "Correct the example, or the schema it is held against.")

_ABOUT_NAMES = ("additionalProperties", "unevaluatedProperties", "propertyNames", "readOnly", "writeOnly")
_SIDES = ("of_requests", "of_responses", "")

OPAQUE = ("image/", "audio/", "video/", "application/octet-stream", "application/pdf", "application/zip")
"""Media types whose content JSON can't show."""


@dataclass(frozen=True)
class Example:
    """A value that stands for a schema. `title` is how a finding calls it, `kind` the object that holds it."""

    title: str
    kind: str
    tokens: Tokens
    schema: Tokens

    @property
    def side(self) -> str:
        """Say who sends it: a client (`of_requests`), a server, callbacks included (`of_responses`), or either."""
        if self.kind != "mediaType":
            return ""
        is_called = "callbacks" in self.tokens or self.tokens[0] == "webhooks"
        is_sent = "requestBody" in self.tokens or "requestBodies" in self.tokens
        return "of_requests" if is_sent and not is_called else "of_responses"


def check(contract: Contract) -> Iterator[Finding]:
    """Yield each fault of each example at the exact value, in the file the example stands in."""
    contract = with_array_schemas(contract)
    examples = list(collect(contract))
    for side in _SIDES if _has_sides(contract) else ():
        yield from _all(contract, [example for example in examples if example.side == side], side)
    if not _has_sides(contract):
        yield from _all(contract, examples, "")


def _has_sides(contract: Contract) -> bool:
    """Tell whether requests and responses are held to different schemas (OpenAPI, `readOnly` and `writeOnly`)."""
    return any(_schemas(contract, side) is not contract.schemas for side in _SIDES)


def _schemas(contract: Contract, side: str) -> SchemaSet:
    found: SchemaSet = getattr(contract.schemas, side) if side else contract.schemas
    return found


def count(contract: Contract) -> int:
    """Count the examples, defaults left out."""
    return sum(example.title != "The default" for example in collect(contract))


def collect(contract: Contract) -> Iterator[Example]:
    """Find every value that stands for a schema, in document order."""
    contract = with_array_schemas(contract)
    for node in grammar.walk(contract.document):
        if not isinstance(node.value, dict) or "$ref" in node.value:
            continue
        if node.kind == "schema":
            yield from _of_schema(node)
        elif isinstance(node.value.get("schema"), dict | bool) and _holds_examples(node):
            yield from _of_holder(contract, node)


def _holds_examples(node: grammar.Node) -> bool:
    if node.kind == "mediaType":
        return not str(node.tokens[-1]).lower().startswith(OPAQUE)
    return node.kind in ("parameter", "header")


def _of_schema(node: grammar.Node) -> Iterator[Example]:
    for name, title in (("example", "The example"), ("default", "The default")):
        if name in node.value:
            yield Example(title, "schema", (*node.tokens, name), node.tokens)
    listed = node.value.get("examples")
    for index in range(len(listed) if isinstance(listed, list) else 0):
        yield Example("The example", "schema", (*node.tokens, "examples", index), node.tokens)


def _of_holder(contract: Contract, node: grammar.Node) -> Iterator[Example]:
    schema = contract.follow((*node.tokens, "schema")).tokens
    if "example" in node.value:
        yield Example("The example", node.kind, (*node.tokens, "example"), schema)
    named = node.value.get("examples")
    for name in named if isinstance(named, dict) else ():
        placed = contract.follow((*node.tokens, "examples", name))
        for field in ("value", "dataValue"):
            if isinstance(placed.value, dict) and field in placed.value:
                yield Example(f"The example `{name}`", node.kind, (*placed.tokens, field), schema)


def _all(contract: Contract, examples: list[Example], side: str) -> Iterator[Finding]:
    """Hold all examples to their schemas in one go, which compiles shared schemas once.

    Where a schema is no JSON Schema, which is a finding of `specification`, the examples of the others are kept by
    halving.
    """
    try:
        validator = _schemas(contract, side).validator_of_all(example.schema for example in examples)
    except ValueError:
        half = len(examples) // 2
        for part in (examples[:half], examples[half:]) if half else ():
            yield from _all(contract, part, side)
        return
    values = [pointers.resolve(contract.document, example.tokens) for example in examples]
    if not validator.is_valid(values):
        found = sorted(validator.violations(values), key=lambda violation: int(violation.tokens[0]))
        for index, violations in groupby(found, key=lambda violation: int(violation.tokens[0])):
            yield from _one(contract, examples[index], values[index], violations)


def _one(contract: Contract, example: Example, value: Any, violations: Iterable[Violation]) -> Iterator[Finding]:
    if example.kind in ("parameter", "header") and _fits_when_read(contract, example, value):
        return
    if example.kind == "schema" and _fits_one_side(contract, example, value):
        return
    for violation in violations:
        yield _finding(contract, example, replace(violation, tokens=violation.tokens[1:]), value)


def _finding(contract: Contract, example: Example, violation: Violation, value: Any) -> Finding:
    where = pointers.join(violation.tokens[:-1])
    place = f" at {where}" if where else ""
    message = f"{example.title} does not fit its schema{place}: {describe(violation, value)}"
    is_key = violation.keyword in _ABOUT_NAMES
    tokens = (*example.tokens, *violation.tokens)
    return RULE.at(contract, tokens, message, remedy=_remedy(violation, value), of_key=is_key)


def _remedy(violation: Violation, value: Any) -> str:
    if violation.keyword in ("readOnly", "writeOnly"):
        return "Leave it out of the example, or do not declare it so."
    if not violation.tokens and violation.keyword == "type" and isinstance(value, str) and value[:1] in ("{", "["):
        return "Write the example as a value instead of as text that holds JSON."
    return ""


def _fits_one_side(contract: Contract, example: Example, value: Any) -> bool:
    """Accept a schema's own example that shows what is sent, or what is received."""
    sides = (_schemas(contract, side) for side in _SIDES if side)
    directed = (schemas for schemas in sides if schemas is not contract.schemas)
    return any(_fits(schemas, example, value) for schemas in directed)


def _fits(schemas: SchemaSet, example: Example, value: Any) -> bool:
    """Tell whether a schema takes a value on one side, where it may be missing with a property above it."""
    try:
        return bool(schemas.validator(example.schema).is_valid(value))
    except SchemaError:
        return False


def _fits_when_read(contract: Contract, example: Example, value: Any) -> bool:
    """Accept a parameter's example that is written as it is sent (OpenAPI 3.1, 4.8.12.1), such as `"5"` or `"a,b"`."""
    if not isinstance(value, str):
        return False
    validator = contract.schemas.validator(example.schema)
    try:
        return bool(validator.is_valid(json.loads(value)))
    except ValueError:
        return any(v.keyword == "type" and v.expected in (["array"], ["object"]) for v in validator.violations(value))
