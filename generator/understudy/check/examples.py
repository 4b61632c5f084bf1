"""Every example and default fits the schema it stands for (JSON Schema 2020-12, formats included).

Held to their schemas are the examples of media types, parameters and headers, and those that schemas carry themselves.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

from understudy.check.properties import is_read_only
from understudy.check.rule import Rule
from understudy.check.wording import describe
from understudy.contract import grammar
from understudy.contract import pointer as pointers
from understudy.contract.sequential import with_array_schemas
from understudy.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from understudy.contract.model import Contract, Tokens
    from understudy.contract.validating import Violation
    from understudy.finding import Finding

RULE = Rule("examples", Severity.ERROR, "Correct the example, or the schema it is held against.")

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
    def in_request(self) -> bool:
        """Tell whether it is sent rather than received, which is when `readOnly` fields stay out (OpenAPI 3.0)."""
        return "requestBody" in self.tokens or "requestBodies" in self.tokens


def check(contract: Contract) -> Iterator[Finding]:
    """Yield each fault of each example at the exact value, in the file the example stands in."""
    contract = with_array_schemas(contract)
    yield from _all(contract, list(collect(contract)))


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


def _all(contract: Contract, examples: list[Example]) -> Iterator[Finding]:
    """Hold all examples to their schemas in one go, which compiles shared schemas once.

    Where a schema is no JSON Schema, which is a finding of `specification`, the examples of the others are kept by
    halving.
    """
    try:
        validator = contract.schemas.validator_of_all(example.schema for example in examples)
    except ValueError:
        half = len(examples) // 2
        for part in (examples[:half], examples[half:]) if half else ():
            yield from _all(contract, part)
        return
    values = [pointers.resolve(contract.document, example.tokens) for example in examples]
    if not validator.is_valid(values):
        found = sorted(validator.violations(values), key=lambda violation: int(violation.tokens[0]))
        for index, violations in groupby(found, key=lambda violation: int(violation.tokens[0])):
            yield from _one(contract, examples[index], values[index], violations)


def _one(contract: Contract, example: Example, value: Any, violations: Iterable[Violation]) -> Iterator[Finding]:
    if example.kind in ("parameter", "header") and _fits_when_read(contract, example, value):
        return
    for placed in violations:
        violation = replace(placed, tokens=placed.tokens[1:])
        if not (example.in_request and _may_be_missing(contract, example, violation)):
            yield _finding(contract, example, violation, value)


def _finding(contract: Contract, example: Example, violation: Violation, value: Any) -> Finding:
    where = pointers.join(violation.tokens[:-1])
    place = f" at {where}" if where else ""
    message = f"{example.title} does not fit its schema{place}: {describe(violation, value)}"
    is_key = violation.keyword in ("additionalProperties", "unevaluatedProperties", "propertyNames")
    tokens = (*example.tokens, *violation.tokens)
    return RULE.at(contract, tokens, message, remedy=_remedy(violation, value), of_key=is_key)


def _remedy(violation: Violation, value: Any) -> str:
    if not violation.tokens and violation.keyword == "type" and isinstance(value, str) and value[:1] in ("{", "["):
        return "Write the example as a value instead of as text that holds JSON."
    return ""


def _may_be_missing(contract: Contract, example: Example, violation: Violation) -> bool:
    return violation.keyword == "required" and is_read_only(contract, example.schema, violation.tokens)


def _fits_when_read(contract: Contract, example: Example, value: Any) -> bool:
    """Accept a parameter's example that is written as it is sent (OpenAPI 3.1, 4.8.12.1), such as `"5"` or `"a,b"`."""
    if not isinstance(value, str):
        return False
    validator = contract.schemas.validator(example.schema)
    try:
        return bool(validator.is_valid(json.loads(value)))
    except ValueError:
        return any(v.keyword == "type" and v.expected in (["array"], ["object"]) for v in validator.violations(value))
