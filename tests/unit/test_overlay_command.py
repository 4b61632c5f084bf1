"""`understudy overlay` as a user meets it: what it prints where, its exit codes, and what it says to bad input."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from understudy.cli.main import _guarded

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., tuple[int, str, str]]

CONTRACT = """\
openapi: 3.1.0
info: {title: Shop, version: "1"}
paths:
  /a: {$ref: paths.yaml}
"""
PATHS = "get: {operationId: a, summary: Look, responses: {'200': {description: Seen}}}\n"
HEAD = "overlay: 1.1.0\ninfo: {title: x, version: '1'}\nextends: ../openapi.yaml\n"
GERMAN = """\
actions:
  - {target: $.info, update: {title: Laden}}
  - {target: "$.paths['/a'].get", update: {summary: Schau}}
  - {target: "$.paths['/a'].get.responses['200']", update: {description: Gesehen}}
"""
OTHERS = {
    "stage": "actions: [{target: $.info, update: {x-stage: draft}}]",
    "price": "actions: [{target: $, update: {x-price: 1.50}}]",
    "nowhere": "actions: [{target: $.nowhere, update: {a: 1}}, {target: $.info, update: {x-a: 1}}]",
    "clash": "actions: [{target: $.info, update: {title: {}}}, {target: $.info, update: {x-a: 1}}]",
    "broken": "actions: [{target: '$.paths./a', update: {}}]",
}


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Callable[..., tuple[int, str, str]]:
    monkeypatch.chdir(tmp_path)
    Path("openapi.yaml").write_text(CONTRACT)
    Path("paths.yaml").write_text(PATHS)
    Path("i18n").mkdir()
    Path("i18n/de.yaml").write_text(HEAD + GERMAN)
    for name, text in OTHERS.items():
        Path(f"{name}.overlay.yaml").write_text(HEAD.replace("../", "") + text + "\n")

    def call(*words: str, stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["understudy", "overlay", *words])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        code = _guarded()
        sys.stdout.flush()
        captured = capfdbinary.readouterr()
        return code, captured.out.decode(), captured.err.decode()

    return call


def test_apply_writes_the_document_to_standard_output(run: Run) -> None:
    code, out, err = run("apply", "openapi.yaml", "stage.overlay.yaml", "price.overlay.yaml")
    assert (code, err) == (0, "")
    assert out == (
        'openapi: "3.1.0"\ninfo:\n  title: Shop\n  version: "1"\n  x-stage: draft\n'
        "paths:\n  /a:\n    $ref: paths.yaml\nx-price: 1.50\n"
    )


def test_apply_reads_any_document_from_standard_input(run: Run) -> None:
    code, out, _ = run("apply", "-", "stage.overlay.yaml", "--format", "json", stdin='{"info": {"n": 1.00}}')
    assert (code, out) == (0, '{\n  "info": {\n    "n": 1.00,\n    "x-stage": "draft"\n  }\n}\n')


def test_an_overlay_alone_finds_the_document_it_extends(run: Run) -> None:
    code, out, _ = run("apply", "stage.overlay.yaml", "-o", "out.json")
    assert (code, out) == (0, "")
    assert json.loads(Path("out.json").read_text())["info"] == {"title": "Shop", "version": "1", "x-stage": "draft"}


def test_a_translation_is_put_on_the_bundle(run: Run) -> None:
    code, out, _ = run("apply", "i18n/de.yaml", "--format", "json")
    document = json.loads(out)
    assert (code, list(document)) == (0, ["openapi", "info", "paths"])
    assert document["paths"]["/a"]["get"]["summary"] == "Schau"


def test_bundle_puts_the_contract_into_one_document_first(run: Run) -> None:
    _, out, _ = run("apply", "--bundle", "openapi.yaml", "stage.overlay.yaml", "--format", "json")
    assert json.loads(out)["paths"]["/a"]["get"]["summary"] == "Look"


@pytest.mark.parametrize(
    ("words", "code", "written", "told"),
    [
        (("nowhere",), 0, True, "warning[overlay-target] `$.nowhere` selects nothing"),
        (("nowhere", "--strict"), 1, False, "error[overlay-target] `$.nowhere` selects nothing"),
        (
            ("clash",),
            1,
            False,
            "error[overlay-merge] An object can't be merged into a primitive value at `info/title`.",
        ),
        (("clash", "--lenient"), 0, True, "warning[overlay-merge]"),
        (("broken",), 1, False, "broken.overlay.yaml:4:27 error[overlay] `$.paths./a` is no JSONPath"),
    ],
)
def test_what_fails_is_told_and_nothing_is_written(
    run: Run, words: tuple[str, ...], code: int, written: bool, told: str
) -> None:
    name, *flags = words
    given, out, err = run("apply", "openapi.yaml", f"{name}.overlay.yaml", *flags)
    assert (given, "x-a: 1" in out, bool(out)) == (code, written, written)
    assert told.partition(" ")[2] in " ".join(err.split())


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("apply", "openapi.yaml"), "No overlay is named."),
        (("apply", "openapi.yaml", "paths.yaml"), "This is no overlay"),
        (("apply", "-", "-"), "Standard input can be read only once."),
        (("apply", "-"), "An overlay on standard input has no place to look from."),
        (("apply", "nothing.yaml", "stage.overlay.yaml"), "There is no document or overlay `nothing.yaml`."),
        (("apply", "lost.yaml"), "There is no `../openapi.yaml`, which the overlay extends."),
        (("apply", "net.yaml"), "The overlay extends `https://shop.test/openapi.yaml`, which is not fetched unasked."),
        (("apply", "own.yaml"), "The overlay extends `https://own.test/b.yaml`, which is not fetched unasked."),
        (("apply", "none.yaml"), "The overlay does not say what it extends."),
        (("apply", "text.yaml", "stage.overlay.yaml"), "A document that overlays change is a mapping or a list"),
        (("apply", "bad.yaml"), "`http://[`, which the overlay extends, is no URL."),
        (("check", "plain.yaml"), "No overlay is named, and there is none in i18n/."),
        (("check", "-"), "An overlay on standard input has no place to look from."),
        (("extract", "openapi.yaml", "--language", "not a tag"), "`not a tag` is no language tag."),
        (("extract", "openapi.yaml", "--language", "nl", "-o", "fr.yaml"), "`fr.yaml` speaks fr, not nl."),
        (("extract", "openapi.yaml", "--language", "nl", "-o", "broken.overlay.yaml"), "is no JSONPath"),
        (("extract", "openapi.yaml", "--language", "nl", "-o", "openapi.yaml"), "This is no overlay"),
    ],
)
def test_bad_input_is_one_clear_error(run: Run, words: tuple[str, ...], told: str) -> None:
    actions = OTHERS["stage"]
    Path("lost.yaml").write_text(HEAD + actions)
    Path("net.yaml").write_text(HEAD.replace("../", "https://shop.test/") + actions)
    own = HEAD.replace("1.1.0", "1.2.0").replace("../openapi", "../b")
    Path("own.yaml").write_text(f"$self: https://own.test/a/overlay.yaml\n{own}{actions}")
    Path("bad.yaml").write_text(HEAD.replace("../openapi.yaml", '"http://["') + actions)
    Path("none.yaml").write_text(HEAD.replace("extends: ../openapi.yaml\n", "") + actions)
    Path("text.yaml").write_text("just text\n")
    Path("fr.yaml").write_text(f"{HEAD}x-understudy-language: fr\n{actions}")
    Path("plain").mkdir()
    Path("plain.yaml").write_text("openapi: 3.1.0\ninfo: {title: x, version: '1'}\npaths: {}\n")
    if words[-1] == "plain.yaml":
        Path("i18n/de.yaml").unlink()
    code, out, err = run(*words, stdin=HEAD + actions)
    assert (code, out) == (2, "")
    assert told in " ".join(err.split())
    assert "Traceback" not in err


def test_a_document_on_standard_input_has_no_translations_beside_it(run: Run) -> None:
    code, out, err = run("check", "-", stdin=CONTRACT)
    assert (code, out) == (2, "")
    assert "No overlay is named, and there is none in i18n/." in err


def test_an_address_of_its_own_that_is_none_is_told(run: Run) -> None:
    head = HEAD.replace("1.1.0", "1.2.0").replace("../", "")
    Path("own.overlay.yaml").write_text(f"$self: 5\n{head}{OTHERS['stage']}")
    code, out, err = run("apply", "own.overlay.yaml")
    assert (code, out) == (1, "")
    assert "`$self` must be a text." in err


def test_check_says_that_all_is_well(run: Run) -> None:
    assert run("check", "openapi.yaml") == (0, "", "1 overlay, no finding\n")
    assert run("check", "openapi.yaml", "stage.overlay.yaml", "price.overlay.yaml")[2] == "2 overlays, no finding\n"
    assert run("check", "stage.overlay.yaml")[0] == 0


def test_check_finds_what_a_translation_lacks(run: Run) -> None:
    Path("i18n/de.yaml").write_text(HEAD + GERMAN.replace("Schau", "").replace("title: Laden", "version: '2'"))
    code, out, _ = run("check", "openapi.yaml", "--format", "json")
    found = json.loads(out)["findings"]
    assert code == 1
    assert [(one["rule"], one["severity"], one["message"]) for one in found] == [
        ("translation", "error", "A translation changes prose only, and `info/version` is none."),
        ("translation", "error", "`/a/get/summary` is translated by no text."),
        ("translation", "warning", "`title` has no translation into de."),
        ("translation", "warning", "`summary` has no translation into de."),
    ]


def test_check_reports_any_overlay(run: Run) -> None:
    code, out, _ = run("check", "openapi.yaml", "nowhere.overlay.yaml", "broken.overlay.yaml", "--format", "github")
    assert code == 1
    assert "::warning file=nowhere.overlay.yaml,line=4" in out
    assert "::error file=broken.overlay.yaml,line=4" in out
    assert run("check", "openapi.yaml", "nowhere.overlay.yaml", "--fail-on", "error")[0] == 0


def test_extract_writes_what_is_to_translate_and_keeps_what_is(run: Run) -> None:
    code, out, err = run("extract", "openapi.yaml", "--language", "pt-BR", "-o", "i18n/pt-BR.yaml")
    written = Path("i18n/pt-BR.yaml").read_text()
    assert (code, out) == (0, "")
    assert err.endswith("(pt-BR): 3 texts, 3 to translate\n")
    assert "extends: ../openapi.yaml\n" in written
    Path("i18n/pt-BR.yaml").write_text(written.replace("Look", "Olhe"))
    Path("paths.yaml").write_text(PATHS.replace("Seen", "Seen it"))
    assert run("extract", "openapi.yaml", "--language", "pt-BR", "-o", "i18n/pt-BR.yaml")[2].endswith(
        "2 to translate\n"
    )
    assert "summary: Olhe" in Path("i18n/pt-BR.yaml").read_text()
    assert run("check", "openapi.yaml", "i18n/pt-BR.yaml")[0] == 1


def test_extract_without_a_file_writes_to_standard_output(run: Run) -> None:
    code, out, _ = run("extract", "openapi.yaml", "--language", "nl", "--format", "json")
    assert (code, json.loads(out)["x-understudy-language"]) == (0, "nl")


@pytest.mark.parametrize("words", [(), ("apply",), ("extract",), ("check",)])
def test_help_ends_with_the_exit_codes(run: Run, words: tuple[str, ...]) -> None:
    code, out, _ = run(*words, "--help")
    assert (code, "Exit codes: 0 clean" in out) == (0, True)
