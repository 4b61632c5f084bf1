"""CEL text goes in; something that computes JSON values from variables comes out. The one door to the CEL library.

CEL (cel.dev) has no loops without an end and no way out to the host; what would take too much work does not run. So a
rule from a downloaded contract is harmless.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import cel
import phonenumbers

from understudy_mock.state.rule_costs import BUDGET, Plan, plan, work

_STATE_NAME = re.compile(r"\bstate\s*\.\s*([A-Za-z_][A-Za-z0-9_]*)")
_LONGEST = 10_000
_EVALUATION_ERRORS = (ArithmeticError, LookupError, TypeError, ValueError, RuntimeError)


class ExpressionError(Exception):
    """An expression that can't be read, or that fails on the values it met."""


@dataclass(frozen=True)
class Expression:
    """A compiled expression; `reads` names the resources of `state` it looks at."""

    text: str
    program: Any = field(repr=False, compare=False)
    reads: frozenset[str]
    names: frozenset[str] = field(repr=False, compare=False)
    plan: Plan = field(repr=False, compare=False)

    def evaluate(self, variables: dict[str, Any], *, times: int = 1) -> Any:
        """Compute the value, which is going to be done so many times.

        Raises ExpressionError if a field it names is missing or of the wrong type, or if it would be too much work.
        """
        used = {name: value for name, value in variables.items() if name in self.names}
        if isinstance(used.get("state"), dict):
            used["state"] = {name: items for name, items in used["state"].items() if name in self.reads}
        try:
            if not (self.plan.is_plain and times == 1) and work(self.plan, used, times=times) > BUDGET:
                raise ExpressionError(f"`{self.text}` was not run: it could take more than {BUDGET} steps")
            context = cel.Context({name: _to_cel(value) for name, value in used.items()}, _FUNCTIONS)
            return _to_json(self.program.execute(context))
        except _EVALUATION_ERRORS as error:
            raise ExpressionError(f"`{self.text}` failed: {error}") from None


def compile_expression(text: str) -> Expression:
    """Compile CEL. Raises ExpressionError with the library's explanation."""
    if len(text) > _LONGEST:
        raise ExpressionError(f"it is longer than {_LONGEST} characters")
    try:
        program = cel.compile(text)
    except ValueError as error:
        raise ExpressionError(str(error).splitlines()[0]) from None
    return Expression(text, program, frozenset(_STATE_NAME.findall(text)), frozenset(program.variables()), plan(text))


def compile_map(values: dict[str, Any]) -> dict[str, Expression]:
    """Compile the expressions of a mapping of fields."""
    return {name: compile_expression(str(text)) for name, text in values.items()}


def evaluate_map(expressions: dict[str, Expression], variables: dict[str, Any], *, times: int = 1) -> dict[str, Any]:
    """Compute all fields, which is going to be done so many times. Raises ExpressionError."""
    return {name: expression.evaluate(variables, times=times) for name, expression in expressions.items()}


def _to_cel(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, dict):
        return {key: _to_cel(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_to_cel(item) for item in value]
    return value


def _to_json(value: Any) -> Any:
    if isinstance(value, datetime):
        return timestamp(value)
    if isinstance(value, timedelta):
        return f"{value.total_seconds():g}s"
    if isinstance(value, float):
        return Decimal(str(value))
    if isinstance(value, dict):
        return {key: _to_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_to_json(item) for item in value]
    return value


def timestamp(instant: datetime) -> str:
    """Write an instant as RFC 3339 in UTC, as in `2024-01-15T12:00:00Z`."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _formatted(number: str, style: int) -> str:
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, style).replace("-", " ") if style == _INTERNATIONAL else _national(parsed)


def _national(parsed: Any) -> str:
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL))


_INTERNATIONAL = phonenumbers.PhoneNumberFormat.INTERNATIONAL
_FUNCTIONS = {
    "nationalNumber": lambda number: _formatted(number, phonenumbers.PhoneNumberFormat.NATIONAL),
    "internationalNumber": lambda number: _formatted(number, _INTERNATIONAL),
    "date": lambda instant: instant.astimezone(UTC).date().isoformat(),
}
