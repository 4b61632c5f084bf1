"""Flags, and the file of `--faults`, go in; fault rules whose operations all exist come out.

A file is a mapping with a list `faults`; an entry is a rule as on the command line, or a mapping of `operation`,
`fault`, `percent` and `session`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from understudy.contract.fault_grammar import (
    EVERY,
    FaultGrammarError,
    FaultRule,
    parse_action,
    parse_percent,
    parse_rule,
)
from understudy.contract.source import parse
from understudy.errors import InputError, UsageError
from understudy.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from understudy.contract.model import Contract
    from understudy.contract.pointer import Token
    from understudy.contract.source import Source

LIMIT_KEY = "x-understudy-rate-limit"
_ENTRY = ("operation", "fault", "percent", "session")
_TOP = ("description", "faults")

SessionRule = tuple[str | None, FaultRule]
"""A rule and the session it is for; None stands for everybody."""


def from_flags(texts: Collection[str], operations: Collection[str]) -> list[FaultRule]:
    """Read `--fault` flags. Raises UsageError."""
    try:
        return [_known(parse_rule(text), operations) for text in texts]
    except FaultGrammarError as error:
        message = f"{str(error)[:1].upper()}{str(error)[1:]}."
        raise UsageError(message, "A fault reads like createDid:status=503@10%, or *:delay=200.") from None


def declared(contracts: Iterable[Contract]) -> tuple[FaultRule, ...]:
    """Read the limits of several contracts. Raises InputError."""
    return tuple(rule for contract in contracts for rule in from_contract(contract))


def from_contract(contract: Contract) -> Iterator[FaultRule]:
    """Read `x-understudy-rate-limit` of the document, and of operations, which have it instead. Raises InputError."""
    for operation in contract.operations:
        held = [(operation.tokens, operation.value), ((), contract.document)]
        at, text = next(((at, value[LIMIT_KEY]) for at, value in held if LIMIT_KEY in value), ((), None))
        if text is None:
            continue
        try:
            yield FaultRule(parse_action(f"limit={text}"), operation.id)
        except FaultGrammarError as error:
            remedy = "Write how many requests in how many seconds: 10/60s."
            message = f"{str(error)[:1].upper()}{str(error)[1:]}."
            location = contract.location((*at, LIMIT_KEY))
            raise InputError(Finding("rate-limit", message, remedy=remedy, location=location)) from None


def from_value(value: Any, operations: Collection[str]) -> SessionRule:
    """Read one entry, a text or a mapping. Raises FaultGrammarError."""
    if isinstance(value, str):
        return None, _known(parse_rule(value), operations)
    if not isinstance(value, dict):
        raise FaultGrammarError("a fault is a text such as createDid:reset@5%, or a mapping")
    for key in value:
        if key not in _ENTRY:
            raise FaultGrammarError(f"`{key}` is no key of a fault; known are {', '.join(_ENTRY)}")
    operation, session = value.get("operation", EVERY), value.get("session")
    if not isinstance(value.get("fault"), str) or not isinstance(operation, str):
        raise FaultGrammarError("a fault says `fault`, such as status=503, and may name one `operation`")
    if session is not None and not isinstance(session, str):
        raise FaultGrammarError("`session` is the name of a session")
    percent = parse_percent(f"{str(value.get('percent', 100)).removesuffix('%')}%")
    return session, _known(FaultRule(parse_action(value["fault"]), operation, percent), operations)


def from_file(name: str, operations: Collection[str]) -> Iterator[SessionRule]:
    """Read a profile. Raises UsageError if there is none, InputError with the line for what is wrong in it."""
    try:
        content = Path(name).read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"The fault profile {name} can't be read: {reason}.", "Check --faults.") from None
    source = parse(name, content)
    top = source.value
    if not isinstance(top, dict) or not isinstance(top.get("faults"), list):
        _refuse(source, (), "A fault profile is a mapping with a list `faults`")
    for key in top:
        if key not in _TOP:
            _refuse(source, (key,), f"`{key}` is no key that may stand here")
    for index, entry in enumerate(top["faults"]):
        try:
            yield from_value(entry, operations)
        except FaultGrammarError as error:
            _refuse(source, ("faults", index), str(error))


def _known(rule: FaultRule, operations: Collection[str]) -> FaultRule:
    if rule.operation != EVERY and rule.operation not in operations:
        raise FaultGrammarError(f"there is no operation `{rule.operation}`; there are {', '.join(sorted(operations))}")
    return rule


def _refuse(source: Source, tokens: tuple[Token, ...], message: str) -> NoReturn:
    text = f"{message[:1].upper()}{message[1:]}."
    remedy = "An entry reads like createDid:status=503@10%, or {operation: createDid, fault: reset, percent: 5}."
    raise InputError(Finding("faults", text, remedy=remedy, location=source.location(tokens)))
