"""A plan goes in; the source of one Python module with a Pydantic model, enum or alias for every schema comes out.

The one door to datamodel-code-generator. It is given schemas only, under the names we chose, and never the network.
"""

from __future__ import annotations

import ast
import json
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import datamodel_code_generator as generator
from datamodel_code_generator import enums
from datamodel_code_generator.format import Formatter, PythonVersion

from understudy.contract import grammar
from understudy.errors import InputError
from understudy.finding import Finding, Severity

if TYPE_CHECKING:
    from decimal import Decimal

    from understudy.generate.typing_plan import Plan

_AS_TEXT = ("uri", "uri-reference", "iri", "byte", "duration")
"""Formats whose Pydantic types rewrite what they read, or refuse some that is valid (`P1M`, base64 of octets)."""

_MODEL_BASES = {"BaseModel", "RootModel"}


@dataclass(frozen=True)
class ModelsModule:
    """Generated source, the names it defines, and which of them are Pydantic models."""

    source: str
    names: tuple[str, ...]
    models: frozenset[str]
    notes: tuple[Finding, ...] = ()


def write_models(plan: Plan, header: str) -> ModelsModule:
    """Generate the module. Raises InputError at the contract if a schema can't be made a Python type."""
    if not plan.schemas:
        return ModelsModule(f"{header}\n", (), frozenset())
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            source = _generate(_document(plan), header)
            names, models = _defined(source)
        except generator.Error as error:
            raise _refused(plan, str(error)) from None
        except Exception as error:  # any schema may come in, and none may end in a traceback
            raise _refused(plan, f"{type(error).__name__}: {error}") from error
    missing = sorted(set(plan.schemas) - set(names))
    if missing:
        raise _refused(plan, f"no Python type came out for {', '.join(missing)}")
    return ModelsModule(source.rstrip() + "\n", names, models, tuple(_notes(caught)))


def _document(plan: Plan) -> dict[str, Any]:
    schemas = {name: _cleaned(schema) for name, schema in plan.schemas.items()}
    info = {"title": plan.title, "version": plan.version}
    document = {"openapi": "3.1.0", "info": info, "paths": {}, "components": {"schemas": schemas}}
    made: dict[str, Any] = json.loads(json.dumps(document, default=_number))
    return made


def _cleaned(schema: Any) -> Any:
    for node in grammar.walk(schema, "schema"):
        if isinstance(node.value, dict) and isinstance(node.value.get("description"), str):
            node.value["description"] = node.value["description"].strip()
    return schema


def _number(value: Decimal) -> float | int:
    return int(value) if value == value.to_integral_value() and value.as_tuple().exponent == 0 else float(value)


def _generate(document: dict[str, Any], header: str) -> str:
    made = generator.generate(
        document,
        input_file_type=enums.InputFileType.OpenAPI,
        openapi_scopes=[enums.OpenAPIScope.Schemas],
        output_model_type=enums.DataModelType.PydanticV2BaseModel,
        target_python_version=PythonVersion.PY_311,
        target_pydantic_version=enums.TargetPydanticVersion.V2_11,
        formatters=[Formatter.BUILTIN],
        builtin_format_line_length=100,
        use_double_quotes=True,
        custom_file_header=header,
        allow_remote_refs=False,
        naming_strategy=enums.NamingStrategy.ParentPrefixed,
        snake_case_field=True,
        capitalise_enum_members=True,
        allow_population_by_field_name=True,
        extra_fields="allow",
        strict_nullable=True,
        field_constraints=True,
        use_annotated=True,
        use_type_alias=True,
        use_schema_description=True,
        use_field_description=True,
        use_inline_field_description=True,
        use_single_line_docstring=True,
        deserialize_default_values=[enums.DefaultValueType.Enum],
        use_tuple_for_fixed_items=True,
        type_mappings=[f"{name}=string" for name in _AS_TEXT],
    )
    if not isinstance(made, str):
        raise TypeError("the generator made several modules")
    return made


def _refused(plan: Plan, reason: str) -> InputError:
    remedy = "Run `understudy check` on the contract first; then simplify the schema that is named."
    message = f"The schemas can't be made Python types: {reason.rstrip('.')}."
    return InputError(Finding("models-generation", message, remedy=remedy, location=plan.place))


def _defined(source: str) -> tuple[tuple[str, ...], frozenset[str]]:
    """Read from the source which names it defines at its top, and which of those are models."""
    names: list[str] = []
    models = set(_MODEL_BASES)
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.ClassDef):
            names.append(statement.name)
            bases = {ast.unparse(base).partition("[")[0] for base in statement.bases}
            models |= {statement.name} if bases & models else set()
        elif isinstance(statement, ast.Assign | ast.AnnAssign):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            names += [target.id for target in targets if isinstance(target, ast.Name)]
    return tuple(names), frozenset(models - _MODEL_BASES)


def _notes(caught: list[warnings.WarningMessage]) -> list[Finding]:
    messages = dict.fromkeys(str(warning.message) for warning in caught)
    return [Finding("models-note", message, Severity.INFO) for message in messages]
