"""The document has the shape that the OpenAPI Specification prescribes, and each schema is a JSON Schema.

The one door to openapi-spec-validator. We take the official schemas of the specification from it and run them ourselves
in one pass, because its own walk reports schemas, defaults and operationIds without saying where they stand, and stops
with a traceback on documents of unexpected shape. What it finds on that walk has rules of its own here:
operation-id-unique, parameter-unique, path-parameters, tag-unique, required-property, examples.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from understudy.check.rule import Rule
from understudy.check.wording import describe
from understudy.contract import pointer as pointers
from understudy.contract.validating import Validator, compile_document
from understudy.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Contract
    from understudy.contract.validating import Violation
    from understudy.finding import Finding

RULE = Rule(
    "specification", Severity.ERROR, "Write it as the OpenAPI Specification says: https://spec.openapis.org/oas/."
)

_REMEDIES = {
    "required": "Add it: the OpenAPI Specification requires it.",
    "additionalProperties": "Correct its name or remove it; a field of your own starts with x-.",
    "unevaluatedProperties": "Correct its name or remove it; a field of your own starts with x-.",
    "enum": "Use one of these.",
}
_DIALECTS = ("https://json-schema.org/draft/2020-12/schema", "https://spec.openapis.org/oas/3.")
_META = {"$dynamicAnchor": "meta", "$ref": _DIALECTS[0]}


def check(contract: Contract) -> Iterator[Finding]:
    """Yield every place where the document, as it was written, departs from the specification's own schema."""
    if contract.written:
        contract = replace(contract, bundle=contract.written)
    dialect = contract.document.get("jsonSchemaDialect", _DIALECTS[0])
    known = isinstance(dialect, str) and dialect.startswith(_DIALECTS)
    version = contract.version or str(contract.document.get("swagger"))
    validator = _validator(version[:3], with_schemas=known)
    for violation in validator.violations(contract.document):
        if not (_is_template(violation) or _said_elsewhere(contract, violation)):
            yield _finding(contract, violation)


def _finding(contract: Contract, violation: Violation) -> Finding:
    is_key = violation.keyword in ("additionalProperties", "unevaluatedProperties", "falseSchema", "propertyNames")
    message = describe(violation, contract.document)
    return RULE.at(contract, violation.tokens, message, remedy=_remedy(violation), of_key=is_key)


def _remedy(violation: Violation) -> str:
    tokens = violation.tokens
    parent = tokens[-2] if len(tokens) > 1 else ""
    if parent == "responses":
        return 'Use a status such as "200", a range such as "4XX", or default; extensions start with x-.'
    if parent == "paths":
        return "Start a path with a slash; extensions start with x-."
    if tokens == ("openapi",):
        return 'Quote the version and give it in full, such as "3.1.0".'
    return _REMEDIES.get(violation.keyword, "")


def _is_template(violation: Violation) -> bool:
    """Let a server's URL have variables in braces (OpenAPI 3.1, section 4.8.5), which no URI may have."""
    return violation.keyword == "format" and violation.tokens[-1:] == ("url",) and "servers" in violation.tokens


def _said_elsewhere(contract: Contract, violation: Violation) -> bool:
    """Leave `required: true` of path parameters to the rule path-parameters, which knows their names."""
    if violation.tokens[-1:] != ("required",):
        return False
    try:
        parent = pointers.resolve(contract.document, violation.tokens[:-1])
    except KeyError:
        return False
    return isinstance(parent, dict) and parent.get("in") == "path" and isinstance(parent.get("name"), str)


@cache
def _validator(version: str, *, with_schemas: bool) -> Validator:
    from openapi_spec_validator import schemas

    if version in ("2.0", "3.0"):
        return compile_document(dict(schemas.schema_v2 if version == "2.0" else schemas.schema_v30))
    official: dict[str, Any] = dict(schemas.schema_v32 if version == "3.2" else schemas.schema_v31)
    if not with_schemas:
        return compile_document(official)
    root = {"$id": "urn:understudy:openapi", "$ref": official["$id"], "$defs": {"schema": _META}}
    return compile_document({"$schema": official["$schema"], **root}, official)
