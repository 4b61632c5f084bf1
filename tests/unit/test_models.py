"""The typed package: names, shapes that invite trouble, and a directory that is treated with care."""

from __future__ import annotations

import json
import sys
from datetime import date, timedelta
from importlib import import_module, invalidate_caches
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from understudy.cli.main import main
from understudy.contract.loading import load
from understudy.errors import EnvironmentFailedError, UsageError
from understudy.generate.directory import MANIFEST, differences, replace
from understudy.generate.naming import Names, class_name
from understudy.generate.package import package

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    Generate = Callable[..., ModuleType]


@pytest.fixture
def generate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Generate]:
    """Generate the package of a document and import it; `openapi` and `info` may be left out."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def run(**document: Any) -> ModuleType:
        info = {"title": "T", "version": "1"}
        contract = tmp_path / "contract.json"
        contract.write_text(json.dumps({"openapi": "3.1.0", "info": info, **document}), encoding="utf-8")
        replace(tmp_path / "made_models", package(load(str(contract)))[0])
        invalidate_caches()
        return import_module("made_models")

    yield run
    for name in [one for one in sys.modules if one.partition(".")[0] == "made_models"]:
        del sys.modules[name]


def schemas(**declared: Any) -> dict[str, Any]:
    return {"schemas": declared}


def ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def answer(schema: Any, media_type: str = "application/json") -> dict[str, Any]:
    return {"description": "x", "content": {media_type: {"schema": schema}}}


TEXT = {"type": "string"}
NOTHING = {"204": {"description": "nothing"}}


def call(*arguments: str) -> Any:
    return main.main(["models", *arguments], standalone_mode=False)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("PhoneNumber", "PhoneNumber"),
        ("phone-number list", "PhoneNumberList"),
        ("listPhoneNumbers", "ListPhoneNumbers"),
        ("404-error", "Schema404Error"),
        ("Ünïcode", "Unicode"),
        ("日本", "Schema"),
        ("", "Schema"),
        ("a.b/c", "ABC"),
    ],
)
def test_class_name(text: str, name: str) -> None:
    assert class_name(text) == name


def test_names_differ_in_more_than_case_and_shadow_nothing() -> None:
    names = Names()
    wanted = ("pet", "Pet", "PET", "none", "list", "Field", "BaseModel", "Operation")
    given = ["Pet", "Pet2", "PET3", "NoneModel", "ListModel", "FieldModel", "BaseModelModel", "OperationModel"]
    assert [names.claim(text) for text in wanted] == given


def test_field_names_that_python_or_pydantic_need_are_written_otherwise(generate: Generate) -> None:
    names = (
        "from",
        "class",
        "schema",
        "model_config",
        "json",
        "copy",
        "list",
        "str",
        "id",
        "@type",
        "1st",
        "_x",
        "None",
    )
    made = generate(components=schemas(Odd={"type": "object", "properties": dict.fromkeys(names, TEXT)}))
    sent = {name: f"value of {name}" for name in names}
    assert json.loads(made.Odd.model_validate(sent).model_dump_json(by_alias=True, exclude_unset=True)) == sent


def test_fields_are_snake_case_with_aliases_even_where_two_meet(generate: Generate) -> None:
    properties = {"phoneNumber": TEXT, "phone_number": {"type": "integer"}}
    made = generate(components=schemas(A={"type": "object", "properties": properties}))
    assert [(name, field.alias or name) for name, field in made.A.model_fields.items()] == [
        ("phone_number", "phoneNumber"),
        ("phone_number_1", "phone_number"),
    ]


def test_operations_without_id_or_with_equal_names_get_their_own_types(generate: Generate) -> None:
    responses = {"200": answer({"type": "object"})}
    item = {
        "get": {"responses": responses},
        "put": {"operationId": "class", "responses": responses},
        "post": {"operationId": "Class", "responses": responses},
    }
    made = generate(paths={"/items/{id}": item})
    assert set(made.OPERATIONS) == {"GET /items/{id}", "class", "Class"}
    types = {operation.responses["200"]["application/json"].__name__ for operation in made.OPERATIONS.values()}
    assert types == {"GetItemsByIdResponse200", "ClassResponse200", "ClassResponse2002"}


def test_bodies_that_are_no_objects_are_models_too(generate: Generate) -> None:
    responses = {
        "200": answer({"type": ["string", "null"]}),
        "201": answer(schema=True),
        "202": answer(ref("Color")),
        **NOTHING,
        "default": answer(TEXT, "text/plain"),
    }
    request = {"content": {"application/json": {"schema": {"type": "array", "items": {"type": "integer"}}}}}
    made = generate(
        paths={"/a": {"post": {"operationId": "make", "requestBody": request, "responses": responses}}},
        components=schemas(Color={"type": "string", "enum": ["red", "green"]}),
    )
    operation = made.OPERATIONS["make"]
    assert operation.request["application/json"] is made.MakeRequest
    assert made.MakeRequest.model_validate_json("[1, 2]").root == [1, 2]
    assert made.MakeResponse200.model_validate_json("null").root is None
    assert made.MakeResponse201.model_validate_json('{"any": 1}').model_dump_json() == '{"any":1}'
    assert made.MakeResponse202.model_validate_json('"red"').root == "red"
    assert operation.responses["204"] == {}
    assert made.MakeResponseDefault.model_validate("text").root == "text"


def test_several_media_types_leave_the_plain_name_to_json(generate: Generate) -> None:
    content = {
        "multipart/form-data": {"schema": {"type": "object", "properties": {"file": TEXT}}},
        "application/json": {"schema": {"type": "object", "properties": {"url": TEXT}}},
    }
    operation = {"operationId": "send", "requestBody": {"content": content}, "responses": NOTHING}
    made = generate(paths={"/a": {"post": operation}})
    assert made.OPERATIONS["send"].request == {
        "application/json": made.SendRequest,
        "multipart/form-data": made.SendRequestFormData,
    }


def test_parameters_are_grouped_by_place(generate: Generate) -> None:
    parameters = [
        {"name": "pageSize", "in": "query", "schema": {"type": "integer", "default": 20}},
        {"name": "X-Trace", "in": "header", "required": True, "schema": TEXT},
        {"name": "Authorization", "in": "header", "schema": TEXT},
        {"name": "filter", "in": "query", "content": {"application/json": {"schema": {"type": "object"}}}},
    ]
    item = {
        "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 1}}],
        "get": {"operationId": "find", "parameters": parameters, "responses": NOTHING},
    }
    made = generate(paths={"/a/{id}": item})
    places = made.OPERATIONS["find"].parameters
    assert {place: list(model.model_fields) for place, model in places.items()} == {
        "path": ["id"],
        "query": ["page_size", "filter"],
        "header": ["x_trace"],
    }
    assert made.FindQuery().page_size == 20
    with pytest.raises(ValueError, match="X-Trace"):
        made.FindHeaders()


def test_recursive_schemas(generate: Generate) -> None:
    children = {"type": "array", "items": ref("Node")}
    parent = {"anyOf": [ref("Node"), {"type": "null"}]}
    made = generate(
        components=schemas(
            Node={"type": "object", "properties": {"children": children, "parent": parent}},
            Tree={"type": "array", "items": ref("Tree")},
        )
    )
    node = made.Node.model_validate({"children": [{"children": []}], "parent": None})
    assert isinstance(node.children[0], made.Node)
    assert node.parent is None


def test_openapi_3_0(generate: Generate) -> None:
    properties = {
        "amount": {"type": "number", "minimum": 0, "exclusiveMinimum": True},
        "note": {"type": "string", "nullable": True},
    }
    old = {"type": "object", "required": ["amount", "note"], "properties": properties}
    made = generate(openapi="3.0.3", paths={}, components=schemas(Old=old))
    assert made.Old.model_validate({"amount": 0.5, "note": None}).note is None
    with pytest.raises(ValueError, match="greater than 0"):
        made.Old.model_validate({"amount": 0, "note": "x"})


def test_references_into_schemas(generate: Generate) -> None:
    box = {"$defs": {"Size": {"type": "integer", "minimum": 1}}, "type": "object"}
    made = generate(components=schemas(Box={**box, "properties": {"size": ref("Box/$defs/Size")}}))
    with pytest.raises(ValueError, match="greater than or equal to 1"):
        made.Box.model_validate({"size": 0})


def test_discriminator_values_outlive_the_renaming_of_schemas(generate: Generate) -> None:
    kind = {"type": "object", "required": ["kind"], "properties": {"kind": TEXT}}
    pet = {"oneOf": [ref("small-cat"), ref("dog")], "discriminator": {"propertyName": "kind"}}
    made = generate(
        components=schemas(
            **{"small-cat": kind, "dog": kind},
            Home={"type": "object", "properties": {"pet": pet}},
        )
    )
    assert isinstance(made.Home.model_validate({"pet": {"kind": "small-cat"}}).pet, made.SmallCat)
    assert isinstance(made.Home.model_validate({"pet": {"kind": "dog"}}).pet, made.Dog)


def test_what_one_side_never_sends_is_not_required(generate: Generate) -> None:
    properties = {"id": {**TEXT, "readOnly": True}, "secret": ref("S"), "name": TEXT}
    made = generate(
        components=schemas(
            A={"type": "object", "required": ["id", "secret", "name"], "properties": properties},
            S={**TEXT, "writeOnly": True},
        )
    )
    assert made.A.model_validate({"name": "x"}).name == "x"
    with pytest.raises(ValueError, match="name"):
        made.A.model_validate({"id": "1", "secret": "s"})


def test_an_empty_contract_gives_an_empty_package(generate: Generate) -> None:
    made = generate(paths={})
    assert made.OPERATIONS == {}
    assert made.__all__ == ["OPERATIONS", "Operation"]


TROUBLE = 'a "b" \\ """ c \\" \n\'\'\' {d} %s \\N{BELL} \\'


def test_words_of_the_contract_can_not_break_the_code(generate: Generate) -> None:
    doc = {"type": "object", "description": TROUBLE, "properties": {"a": {**TEXT, "default": TROUBLE}}}
    operation = {"operationId": TROUBLE, "responses": {"200": answer(ref("Doc"), 'text/"x\\')}}
    made = generate(
        info={"title": TROUBLE, "version": TROUBLE},
        paths={'/"\\': {"get": operation}},
        components=schemas(Doc=doc),
    )
    assert made.Doc().a == TROUBLE
    assert made.OPERATIONS[TROUBLE].path == '/"\\'


def test_formats_become_types_that_give_back_what_they_read(generate: Generate) -> None:
    sent = {
        "date": "2024-01-15",
        "date-time": "2024-01-15T10:30:00Z",
        "email": "someone@example.com",
        "uuid": "0b0f3a5e-4a29-4a4b-9d6e-7d6e2b3c4d5e",
        "uri": "https://example.com",
        "byte": "/+8=",
        "duration": "P1M",
    }
    properties = {f"a_{name}": {**TEXT, "format": name} for name in sent}
    made = generate(components=schemas(F={"type": "object", "properties": properties}))
    document = {f"a_{name}": value for name, value in sent.items()}
    parsed = made.F.model_validate(document)
    assert json.loads(parsed.model_dump_json(by_alias=True)) == document
    assert (parsed.a_date, parsed.a_date_time.utcoffset()) == (date(2024, 1, 15), timedelta(0))
    with pytest.raises(ValueError, match="email"):
        made.F.model_validate({"a_email": "nobody"})


def test_check_tells_every_difference_and_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "models"
    assert call("talkturo", "-o", str(target), "--check") == 1
    assert not target.exists()
    assert call("talkturo", "-o", str(target)) == 0
    assert call("talkturo", "-o", str(target), "--check") == 0
    (target / "models.py").write_text("edited", encoding="utf-8")
    (target / "py.typed").unlink()
    manifest = json.loads((target / MANIFEST).read_text(encoding="utf-8"))
    (target / MANIFEST).write_text(json.dumps({**manifest, "files": [*manifest["files"], "old.py"]}), encoding="utf-8")
    (target / "old.py").write_text("", encoding="utf-8")
    (target / "mine.py").write_text("", encoding="utf-8")
    capsys.readouterr()
    assert call("talkturo", "-o", str(target), "--check") == 1
    told = capsys.readouterr().out
    assert [rule for rule in ("models-stale", "models-missing", "models-extra") if told.count(f"[{rule}]") == 1] == [
        "models-stale",
        "models-missing",
        "models-extra",
    ]
    assert "mine.py" not in told
    assert (target / "models.py").read_text(encoding="utf-8") == "edited"


def test_writing_again_keeps_what_is_not_ours_and_removes_what_was(tmp_path: Path) -> None:
    target = tmp_path / "models"
    replace(target, {"a.py": "1", "b.py": "2", MANIFEST: '{"files": ["a.py", "b.py"]}'})
    (target / "mine").mkdir()
    (target / "mine" / "notes.txt").write_text("keep", encoding="utf-8")
    (target / "mine.py").write_text("keep", encoding="utf-8")
    replace(target, {"a.py": "3", MANIFEST: '{"files": ["a.py"]}'})
    assert sorted(path.name for path in target.iterdir()) == [MANIFEST, "a.py", "mine", "mine.py"]
    assert (target / "a.py").read_text(encoding="utf-8") == "3"
    assert (target / "mine" / "notes.txt").read_text(encoding="utf-8") == "keep"
    assert [path.name for path in tmp_path.iterdir()] == ["models"]


def test_a_directory_of_others_is_refused(tmp_path: Path) -> None:
    (tmp_path / "precious.txt").write_text("keep", encoding="utf-8")
    with pytest.raises(UsageError, match="not generated here"):
        call("talkturo", "-o", str(tmp_path))
    with pytest.raises(UsageError, match="not a directory"):
        call("talkturo", "-o", str(tmp_path / "precious.txt"))
    assert [path.name for path in tmp_path.iterdir()] == ["precious.txt"]


def test_a_file_of_others_under_a_generated_name_is_refused(tmp_path: Path) -> None:
    target = tmp_path / "models"
    replace(target, {"a.py": "1", MANIFEST: '{"files": ["a.py"]}'})
    (target / "b.py").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match=r"b\.py"):
        replace(target, {"a.py": "1", "b.py": "2", MANIFEST: '{"files": ["a.py", "b.py"]}'})
    assert (target / "b.py").read_text(encoding="utf-8") == "mine"


def test_a_failure_leaves_the_old_package_in_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "models"
    replace(target, {"a.py": "1", MANIFEST: '{"files": ["a.py"]}'})
    rename = Path.rename

    def failing(self: Path, other: Path) -> Path:
        if self.name == "new":
            raise OSError(28, "No space left on device")
        return rename(self, other)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(EnvironmentFailedError, match="No space left"):
        replace(target, {"a.py": "2", MANIFEST: '{"files": ["a.py"]}'})
    assert (target / "a.py").read_text(encoding="utf-8") == "1"
    assert not list(differences(target, {"a.py": "1", MANIFEST: '{"files": ["a.py"]}'}))


def test_a_place_that_can_not_be_written_ends_with_3(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(EnvironmentFailedError):
        call("talkturo", "-o", str(tmp_path / "file" / "models"))
