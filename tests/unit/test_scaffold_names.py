"""What functions, modules and arguments of a scaffolded project are called."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.contract.model import Operation
from understudy.generate.handler_naming import argument_name, function_names, module_name

with warnings.catch_warnings():  # Connexion imports a test client that complains of its HTTP library
    warnings.simplefilter("ignore")
    from connexion.decorators.parameter import pythonic


def operation(name: str, path: str = "/pets/{petId}") -> Operation:
    value: dict[str, Any] = {"operationId": name} if name else {}
    return Operation(name or f"GET {path}", "GET", path, (), value, (), (), None, {})


@pytest.mark.parametrize(
    ("given_id", "expected"),
    [
        ("listPets", "listPets"),
        ("get-pet.v2", "get_pet_v2"),
        ("class", "class_"),
        ("list", "list_"),
        ("stub", "stub_"),
        ("2fa", "operation_2fa"),
        ("__init__", "init"),
        ("---", "operation"),
        ("ﬁnd", "find"),
        ("", "get_pets_by_pet_id"),
    ],
)
def test_function_is_called_as_the_operation_where_python_can(given_id: str, expected: str) -> None:
    made = operation(given_id)
    assert function_names([made]) == {made.id: expected}


def test_name_that_two_operations_want_is_the_ones_whose_id_it_is() -> None:
    names = function_names([operation("get-pet"), operation("get_pet"), operation("get.pet")])
    assert names == {"get_pet": "get_pet", "get-pet": "get_pet_2", "get.pet": "get_pet_3"}


@given(st.lists(st.text(max_size=20), max_size=8))
def test_functions_have_names_of_their_own(ids: list[str]) -> None:
    operations = [operation(one, f"/{index}") for index, one in enumerate(ids)]
    names = function_names(operations)
    assert set(names) == {one.id for one in operations}
    assert len(set(names.values())) == len(names)
    for name in names.values():
        compile(f"def {name}(): ...", "<stub>", "exec")


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("", "default"),
        ("SIP trunks", "sip_trunks"),
        ("../../etc", "etc"),
        ("class", "class_"),
        ("2FA / Öl", "tag_2fa_ol"),
        ("☎", "tag"),
        ("__init__", "init"),
        ("x" * 500, "x" * 60),
    ],
)
def test_module_is_called_as_the_tag(tag: str, expected: str) -> None:
    assert module_name(tag) == expected


@given(st.text(max_size=20))
def test_argument_is_called_as_connexion_calls_it(name: str) -> None:
    made, theirs = argument_name(name), pythonic(name)
    assert made == theirs or (made == "" and not _can_be_argument(theirs))


@pytest.mark.parametrize("name", ["petId", "from", "X-Id", "filter[status]", "id", "HTTPServer", "a.b", "ids[]", "$"])
def test_argument_of_usual_names(name: str) -> None:
    assert argument_name(name) == pythonic(name)


def _can_be_argument(name: str) -> bool:
    try:
        compile(f"def function({name}=1): ...", "<stub>", "exec")
    except (SyntaxError, ValueError):
        return False
    return bool(name)
