"""Lint rules, one file per rule id; the tuple below is the complete list."""

from __future__ import annotations

from understudy.check.rules import (
    behaviour,
    duplicate_path,
    errors_extension,
    faker_extension,
    ledger,
    link_target,
    nullable_keyword,
    operation_id,
    operation_id_unique,
    parameter_unique,
    path_parameters,
    refusal_documented,
    required_property,
    resource_extension,
    response_example,
    scenarios,
    security_defined,
    tag_unique,
    translation,
    unused_component,
)

__all__ = ["RULES"]

RULES = (
    operation_id,
    operation_id_unique,
    path_parameters,
    parameter_unique,
    duplicate_path,
    security_defined,
    tag_unique,
    link_target,
    required_property,
    nullable_keyword,
    refusal_documented,
    response_example,
    unused_component,
    ledger,
    behaviour,
    errors_extension,
    faker_extension,
    resource_extension,
    scenarios,
    translation,
)
