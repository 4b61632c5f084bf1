"""A contract and a target go in; Schemathesis compares them, and findings come out. The door to Schemathesis."""

from __future__ import annotations

import ast
import contextlib
import os
import tempfile
import threading
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import hypothesis.configuration
import schemathesis
from schemathesis import engine
from schemathesis.checks import load_all_checks
from schemathesis.config import ConfigError, PositiveDataAcceptanceConfig, SchemathesisConfig
from schemathesis.core.errors import InternalError, LoaderError, SchemathesisError
from schemathesis.core.failures import Severity as Weight
from schemathesis.engine import events
from schemathesis.engine.run import UNIT_PHASES
from schemathesis.generation.meta import REQUEST_SHAPE_PROBES, coverage_scenario
from schemathesis.python.asgi import shutdown_lifespans

from understudy.drift.configuration import configuration, document, told_apart
from understudy.drift.serving import Served
from understudy.drift.tally import Tally
from understudy.drift.target import SAFE_METHODS, Outcome, Progress, Summary
from understudy.drift.wording import OF_THE_ANSWER, OF_THE_PATH, property_names, words
from understudy.errors import EnvironmentFailedError, InputError, UsageError
from understudy.finding import Finding, Severity

if TYPE_CHECKING:
    from schemathesis.core.transport import Response
    from schemathesis.engine.recorder import CheckFailureInfo
    from schemathesis.generation.case import Case
    from schemathesis.specs.openapi.schemas import OpenApiSchema

    from understudy.contract.model import Contract, Operation
    from understudy.drift.target import Settings, Target

Listener = Callable[[Progress], None]

_BODY_SHOWN = 400


def fuzz(contract: Contract, target: Target, settings: Settings, listen: Listener = lambda _: None) -> Outcome:
    """Send a target all that Schemathesis can think of and judge what it answers.

    Raises EnvironmentFailedError if a server can't be reached, UsageError for settings that can't be carried out and
    InputError for a contract Schemathesis can't read.
    """
    run = _Run(contract, target, settings, listen)
    with (
        _no_files_left(),
        _application_ended(),
        _parsing_in_turn() if settings.workers > 1 else contextlib.nullcontext(),
    ):
        return run.outcome()


@contextlib.contextmanager
def _application_ended() -> Iterator[None]:
    """Let an application end with the run (ASGI, lifespan); Schemathesis leaves it running as long as the process."""
    try:
        yield
    finally:
        shutdown_lifespans()


@contextlib.contextmanager
def _no_files_left() -> Iterator[None]:
    """Give Hypothesis a storage directory that goes away, instead of `.hypothesis` where the user happens to stand."""
    with tempfile.TemporaryDirectory(prefix="understudy-", ignore_cleanup_errors=True) as directory:
        hypothesis.configuration.set_hypothesis_home_dir(directory)
        try:
            yield
        finally:
            hypothesis.configuration.set_hypothesis_home_dir(os.environ.get("HYPOTHESIS_STORAGE_DIRECTORY"))


@contextlib.contextmanager
def _parsing_in_turn() -> Iterator[None]:
    """Let one thread parse Python at a time, as Hypothesis does with lambdas.

    CPython 3.11 adds up the depth of all threads' parsing, which ends in a SystemError (python/cpython#106905).
    """
    lock, parse = threading.Lock(), ast.parse

    def parse_in_turn(*args: Any, **options: Any) -> Any:
        with lock:
            return parse(*args, **options)

    ast.parse = parse_in_turn
    try:
        yield
    finally:
        ast.parse = parse


@dataclass
class _Run:
    contract: Contract
    target: Target
    settings: Settings
    listen: Listener

    def __post_init__(self) -> None:
        self.tally = Tally(self.contract)
        self.progress = Progress()
        self.names = property_names(self.contract.document)

    def outcome(self) -> Outcome:
        stream = engine.from_schema(self._schema()).execute()
        try:
            for event in stream:
                self._take(event)
        finally:
            stream.stop()
            stream.generator.close()
        return self._outcome()

    def _schema(self) -> OpenApiSchema:
        load_all_checks()
        accepted = PositiveDataAcceptanceConfig().expected_statuses
        try:
            config = SchemathesisConfig.from_dict(configuration(self.contract, self.target, self.settings, accepted))
            # Not part of the dictionary, where `${…}` in a value would be read from the environment.
            headers, cookies = told_apart(self.target.headers)
            config.projects.default.update(headers=headers, parameters=cookies)
            schema = schemathesis.openapi.from_dict(document(self.contract), config=config)
        except ConfigError as error:
            raise UsageError(f"The comparison can't be set up: {error}", "Correct the option it speaks of.") from None
        except LoaderError as error:
            place, remedy = self.contract.location(("openapi",)), "Write a whole version, such as `openapi: 3.1.0`."
            raise InputError(Finding("drift.untestable", error.message, remedy=remedy, location=place)) from None
        if self.target.app is not None:
            schema.app = Served(self.target.app)
        return schema

    def _take(self, event: events.EngineEvent) -> None:
        match event:
            case events.PhaseStarted():
                total = len(self.contract.operations) if event.phase.name in UNIT_PHASES else 0
                self.progress = Progress(event.phase.name.value, 0, total, self.tally.cases, self.tally.checks)
            case events.ScenarioFinished():
                self._scenario(event)
            case events.NonFatalError():
                self._error(event)
            case events.SchemaAnalysisWarnings():
                for warning in event.warnings:
                    self._note(f"analysis-{warning.kind.value}", warning.message, warning.operation_label)
            case events.EngineFinished():
                self.tally.seconds, self.tally.ended = event.running_time, event.stop_reason.value
                for failure in event.failures:
                    self._note("run-check", str(failure), None)
            case events.Interrupted():
                raise KeyboardInterrupt
            case events.FatalError():
                raise event.exception
        self.listen(self.progress)

    def _scenario(self, event: events.ScenarioFinished) -> None:
        recorder, tally = event.recorder, self.tally
        if recorder.cases:
            tally.phases[event.phase.value] = None
        tally.cases += len(recorder.cases)
        for case_id, node in recorder.cases.items():
            response = recorder.find_response(case_id=case_id)
            checks = recorder.checks.get(case_id, [])
            tally.checks += len(checks)
            tally.answers += response is not None
            if checks:
                tally.tested.add(node.value.operation.label)
            if response is not None and _is_ordinary(node.value):
                tally.statuses[node.value.operation.label][response.status_code] += 1
            for check in checks:
                if check.failure_info is not None:
                    self._failure(check.name, check.failure_info, response, event.phase.value)
        done = self.progress.done + (self.progress.total > 0)
        self.progress = replace(self.progress, done=done, cases=tally.cases, checks=tally.checks)

    def _failure(self, check: str, info: CheckFailureInfo, response: Response | None, phase: str) -> None:
        failure, status = info.failure, response.status_code if response else 0
        said = words(failure, status, self.names)
        operation = self.tally.operation(failure.operation)
        if isinstance(failure, OF_THE_PATH):
            operation = self.tally.first_of_path(operation)
        details = (
            ("fault", " ".join(said.fault.split())),
            ("curl", " && ".join(step.curl for step in info.steps) or info.code_sample),
            ("response", _shown(response)),
            ("phase", phase),
            ("seed", str(self.settings.seed)),
        )
        self.tally.add(
            Finding(
                _rule(check),
                said.message,
                Severity.WARNING if failure.severity is Weight.LOW else Severity.ERROR,
                remedy=said.remedy,
                location=self.contract.location(
                    _tokens(operation, status if isinstance(failure, OF_THE_ANSWER) else 0)
                ),
                operation=operation.id if operation else failure.operation or "",
                details=tuple(detail for detail in details if detail[1]),
            )
        )

    def _error(self, event: events.NonFatalError) -> None:
        """Report what kept the engine from testing: a lost server, an untestable schema, a fault of the engine."""
        error, said = event.value, " ".join(f"{event.info.title}: {event.info.message}".split())
        if isinstance(error, ConfigError):
            raise UsageError(f"The comparison can't be set up: {error}", "Correct the option it speaks of.")
        if _is_a("ConnectionError", error) and not self.tally.answers:
            address = self.target.base_url(self.contract)
            remedy = "Start the server, or correct the address behind --against."
            raise EnvironmentFailedError(f"{address} can't be reached: {_reason(error)}.", remedy)
        rule, message, remedy = _diagnosis(event.info.title, error)
        details = [("fault", said), ("curl", event.info.code_sample or ""), ("seed", str(self.settings.seed))]
        if rule == "drift.engine-error":
            details.append(("traceback", "".join(traceback.format_exception(error))))
        operation = self.tally.operation(event.label)
        self.tally.add(
            Finding(
                rule,
                message,
                remedy=remedy,
                location=self.contract.location(_tokens(operation)),
                operation=operation.id if operation else "",
                details=tuple(detail for detail in details if detail[1]),
            )
        )

    def _note(self, check: str, message: str, label: str | None) -> None:
        operation = self.tally.operation(label)
        self.tally.add(
            Finding(
                _rule(check),
                message,
                Severity.WARNING,
                remedy="Change the contract so that this part of it can be tested.",
                location=self.contract.location(_tokens(operation)),
                operation=operation.id if operation else "",
            )
        )

    def _outcome(self) -> Outcome:
        unsafe = (one for one in self.contract.operations if self.settings.safe and one.method not in SAFE_METHODS)
        excluded = frozenset(f"{one.method} {one.path}" for one in unsafe)
        tally = self.tally
        findings = tally.findings(excluded)
        tested, untested, left = tally.outside(excluded)
        summary = Summary(
            seed=self.settings.seed,
            phases=tuple(tally.phases),
            tested=tested,
            untested=untested,
            excluded=left,
            cases=tally.cases,
            checks=tally.checks,
            seconds=tally.seconds,
            ended=tally.ended,
        )
        return Outcome(findings, summary)


_NETWORK = "Network Error"
_SILENCE = ("drift.no-answer", "The server did not answer in time.", "Find out what this request makes it wait for.")
_DIAGNOSES = {
    "Server Unavailable": ("drift.server-lost", "The server stopped answering during the run.", "Read its log."),
    "Unhealthy API": _SILENCE,
    "Unresponsive Operation": _SILENCE,
    _NETWORK: (
        "drift.broken-answer",
        "The answer broke off or is no HTTP.",
        "Send whole answers (RFC 9112, section 8).",
    ),
}


def _diagnosis(title: str, error: Exception) -> tuple[str, str, str]:
    """Tell rule, message and remedy of an error the engine met; `title` is what the engine calls it."""
    if title == _NETWORK and _is_a("Timeout", error):
        return _SILENCE
    if title in _DIAGNOSES:
        return _DIAGNOSES[title]
    if title in ("Schema Error", "Failed Health Check") or _is_told(error):
        first_line = str(error).strip().partition("\n")[0]
        return "drift.untestable", f"Part of this can't be tested: {first_line}", "Change the contract so that it can."
    message = f"The comparison itself failed: {type(error).__name__}."
    return "drift.engine-error", message, "This is a defect of the tool: please report it with the details below."


def _is_a(name: str, error: Exception) -> bool:
    """Tell the kind of an error of Schemathesis' HTTP client, which is its own affair, by the kind's name."""
    return any(kind.__name__ == name for kind in type(error).__mro__)


def _is_told(error: Exception) -> bool:
    """Tell errors that Schemathesis raises to say something from those that happen to it."""
    return isinstance(error, SchemathesisError) and not isinstance(error, InternalError)


def _rule(check: str) -> str:
    return "drift." + check.replace("_", "-").replace(" ", "-").lower()


def _is_ordinary(case: Case[Any]) -> bool:
    """Tell whether the answer says something about the operation, not about a method or body it does not have."""
    return coverage_scenario(case) not in REQUEST_SHAPE_PROBES


def _tokens(operation: Operation | None, status: int = 0) -> tuple[str | int, ...]:
    """Find the place that speaks of an answer: its response, its range (`4XX`), `default`, or else the operation."""
    if operation is None:
        return ()
    for key in (str(status), f"{status // 100}XX", "default") if status else ():
        if key in operation.responses:
            return operation.responses[key].tokens
    return operation.tokens


def _shown(response: Response | None) -> str:
    if response is None:
        return ""
    text = " ".join(response.content.decode("utf-8", errors="backslashreplace").split())
    body = text if len(text) <= _BODY_SHOWN else f"{text[:_BODY_SHOWN]}… ({len(text)} characters)"
    return f"{response.status_code} {response.message} {body}".strip()


def _reason(error: Exception) -> str:
    """Find the innermost cause, such as `Connection refused`."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror
        inner = getattr(cause, "reason", None)
        cause = inner if isinstance(inner, BaseException) else cause.__cause__ or cause.__context__
    return type(error).__name__
