"""What Schemathesis is told: everything on, nothing below its defaults, refusals as the contract announces them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.config import SchemathesisConfig

from understudy.contract.loading import load
from understudy.drift.configuration import configuration, document, told_apart
from understudy.drift.credentials import credential_headers
from understudy.drift.rules import CHECKS as CHECK_RULES
from understudy.drift.target import Settings, Target
from understudy.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from understudy.contract.model import Contract

ACCEPTED = ("2xx", "409")


def contract(folder: Path, **parts: Any) -> Contract:
    made = {"openapi": "3.1.0", "info": {"title": "x", "version": "1"}, "paths": {}, **parts}
    (folder / "openapi.json").write_text(json.dumps(made))
    return load(str(folder / "openapi.json"))


def config(settings: Settings) -> SchemathesisConfig:
    return SchemathesisConfig.from_dict(configuration(load("talkover"), Target(), settings, ACCEPTED))


def test_every_check_of_schemathesis_is_on_and_has_a_rule() -> None:
    load_all_checks()
    names = {*CHECKS.get_all_names(), "max_response_time"}
    assert {"drift." + name.replace("_", "-") for name in names} == set(CHECK_RULES)
    checks = config(Settings(seed=1, max_response_time=1.0)).projects.default.checks
    assert all(checks.get_by_name(name=name).enabled for name in names)


def test_every_phase_is_on_and_no_number_is_below_the_default() -> None:
    project = config(Settings(seed=1)).projects.default
    default = SchemathesisConfig().projects.default
    for name in ("examples", "coverage", "fuzzing", "stateful"):
        assert project.phases.get_by_name(name=name).enabled
        assert project.phases.get_by_name(name=name).generation.max_examples is None
    assert project.generation.max_examples is default.generation.max_examples is None
    assert project.generation.modes == default.generation.modes
    assert project.phases.stateful.max_steps == default.phases.stateful.max_steps
    assert project.phases.coverage.unexpected_methods == default.phases.coverage.unexpected_methods


def test_settings_reach_schemathesis() -> None:
    made = config(Settings(seed=7, max_examples=9, max_steps=5, workers=3, rate_limit="10/s", max_time=60))
    project = made.projects.default
    assert (made.seed, made.max_time, project.workers) == (7, 60, 3)
    assert project.generation.max_examples == 9
    assert project.phases.stateful.max_steps == 5
    assert project.rate_limit is not None


def test_announced_refusals_join_the_accepted_statuses_of_their_operation_only() -> None:
    entries = configuration(load("talkover"), Target(), Settings(seed=1), ACCEPTED)["operations"]
    by_name = {entry["include-name"]: entry["checks"]["positive_data_acceptance"] for entry in entries}
    release = by_name["POST /phone-numbers/{phone_number_id}/request-release"]
    assert release == {"expected-statuses": ["2xx", "409", "404", "409", "422"]}
    assert "GET /phone-numbers" not in by_name


def test_a_missing_condition_may_be_told_by_its_own_status_where_that_is_declared(tmp_path: Path) -> None:
    operations = {
        method: {"responses": {"412": {"description": "x"}, status: {"description": "x"}}}
        for method, status in (("put", "428"), ("patch", "422"))
    }
    made = configuration(contract(tmp_path, paths={"/x": operations}), Target(), Settings(seed=1), ACCEPTED)
    put, patch = (operation["checks"] for operation in made["operations"])
    default = SchemathesisConfig().projects.default.checks.missing_required_header.expected_statuses
    assert put["missing_required_header"] == {"expected-statuses": [*default, "428"]}
    assert "missing_required_header" not in patch


def test_safe_run_turns_unsafe_operations_and_unexpected_methods_off() -> None:
    made = configuration(load("talkover"), Target(), Settings(seed=1, safe=True), ACCEPTED)
    assert made["operations"][-1] == {"exclude-method": ["GET", "HEAD", "OPTIONS"], "enabled": False}
    assert made["phases"]["coverage"] == {"unexpected-methods": ["get", "options"]}


def test_document_is_plain_json_and_a_copy(tmp_path: Path) -> None:
    made = contract(tmp_path, components={"schemas": {"A": {"type": "number", "minimum": 0.5}}})
    copied = document(made)
    minimum = copied["components"]["schemas"]["A"]["minimum"]
    assert (type(minimum), minimum) == (float, 0.5)
    copied["paths"]["/x"] = {}
    assert made.document["paths"] == {}


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("http://localhost:8000", "http://localhost:8000/v1"),
        ("http://localhost:8000/", "http://localhost:8000/v1"),
        ("http://localhost:8000/other/", "http://localhost:8000/other"),
    ],
)
def test_path_of_the_first_server_is_added_unless_the_url_has_one(tmp_path: Path, url: str, base: str) -> None:
    made = contract(tmp_path, servers=[{"url": "https://api.example/v1"}])
    assert Target(url).base_url(made) == base


BEARER = {"type": "http", "scheme": "bearer"}


@pytest.mark.parametrize(
    ("schemes", "headers"),
    [
        ({}, {"Authorization": "Bearer t:o"}),
        ({"a": BEARER}, {"Authorization": "Bearer t:o"}),
        ({"a": {"type": "http", "scheme": "Basic"}}, {"Authorization": "Basic dDpv"}),
        ({"a": {"type": "oauth2", "flows": {}}}, {"Authorization": "Bearer t:o"}),
        ({"a": {"type": "apiKey", "in": "header", "name": "X-Key"}}, {"X-Key": "t:o"}),
        (
            {"a": {"type": "apiKey", "in": "cookie", "name": "sid"}, "b": BEARER},
            {"Cookie": "sid=t:o", "Authorization": "Bearer t:o"},
        ),
    ],
)
def test_credential_goes_where_the_schemes_look(tmp_path: Path, schemes: Any, headers: dict[str, str]) -> None:
    assert credential_headers(contract(tmp_path, components={"securitySchemes": schemes}), "t:o") == headers


def test_credential_that_no_header_carries_is_refused(tmp_path: Path) -> None:
    schemes = {"a": {"type": "apiKey", "in": "query", "name": "key"}}
    with pytest.raises(UsageError, match="from a header"):
        credential_headers(contract(tmp_path, components={"securitySchemes": schemes}), "t")


def test_cookies_are_parameters_and_other_headers_are_headers() -> None:
    headers = {"X-Key": "k", "Cookie": "a=1; b=2=3"}
    assert told_apart(headers) == ({"X-Key": "k"}, {"cookie.a": "1", "cookie.b": "2=3"})
    assert told_apart({}) == ({}, {})
