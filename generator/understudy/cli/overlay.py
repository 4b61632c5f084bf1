"""`understudy overlay`: documents and overlays go in; changed documents, texts to translate, or findings come out."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from understudy.cli.bundle import form_of, write_out
from understudy.cli.reporting import fails, read_report, report_options
from understudy.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.cli.overlay_subject import Given
    from understudy.contract.model import Contract
    from understudy.contract.overlays import Overlay
    from understudy.finding import Finding

_OUTPUT = click.option(
    "-o", "--output", "file", type=click.Path(path_type=Path), help="Write to this file, whole or not at all."
)
_FORMAT = click.option(
    "--format", "form", type=click.Choice(["yaml", "json"]), help="What to write. Default: as FILE is named, else yaml."
)
_BUNDLE = click.option(
    "--bundle", is_flag=True, help="Put a contract into one document first, as translations need it."
)

_RULES = {
    "overlay": "An overlay is written as the Overlay Specification says.",
    "overlay-target": "Every action of an overlay selects something that it can change.",
    "overlay-merge": "What an action brings can be merged into what it selects.",
}


@click.group()
def overlay() -> None:
    """Apply overlays to documents, and write and check translations.

    An overlay is a list of changes to a document (OpenAPI Overlay Specification 1.0, 1.1 and 1.2). A translation is one
    that says a contract's prose in another language; it stands in i18n/ beside the contract.
    """


_APPLY_HELP = """\
Write DOCUMENT as the overlays change it, each on what the one before left.

DOCUMENT is the name of a shipped contract, a file, a directory with an openapi.yaml, a URL, or - for standard input; it
may be any JSON or YAML. If an overlay stands in its place, the document is the one that the overlay `extends`.

An action that selects nothing is a warning; --strict makes it an error. On an error nothing is written, unless
--lenient leaves out what fails. Findings go to standard error.

\b
Examples:
  understudy overlay apply openapi.yaml public.overlay.yaml > public.yaml
  understudy overlay apply spec/talkover/i18n/pt-BR.yaml -o talkover.pt-BR.json
"""


@overlay.command(name="apply", help=_APPLY_HELP)
@click.argument("references", metavar="DOCUMENT [OVERLAY]...", nargs=-1, required=True)
@_BUNDLE
@click.option("--strict/--lenient", "strict", default=None, help="Allow nothing that fails, or leave it out.")
@_FORMAT
@_OUTPUT
def apply_overlays(references: tuple[str, ...], bundle: bool, strict: bool | None, form: str | None, file: Any) -> int:
    """Write a document as overlays change it."""
    from understudy.cli.overlay_subject import read_given
    from understudy.contract.writing import FORMATS

    given = read_given(references, bundle=bundle)
    if not given.overlays:
        raise UsageError("No overlay is named.", "Name the document first, and then its overlays.")
    document, findings = _applied(given, strict=strict)
    if findings:
        from understudy.report.terminal import write

        write(findings, sys.stderr)
    if fails(findings, "error"):
        return 1
    write_out(FORMATS[form or form_of(file)](given.shown(document)), file)
    return 0


def _applied(given: Given, *, strict: bool | None) -> tuple[Any, list[Finding]]:
    document, findings = given.document, []
    for one in given.overlays:
        document, found = given.put_on(document, one)
        findings += [_weighed(finding, strict=strict) for finding in found]
    return document, findings


def _weighed(finding: Finding, *, strict: bool | None) -> Finding:
    """Give a finding the weight that --strict or --lenient asks for."""
    from understudy.contract.overlays.applying import TARGET
    from understudy.finding import Severity

    if strict is False:
        return replace(finding, severity=Severity.WARNING)
    return replace(finding, severity=Severity.ERROR) if strict and finding.rule == TARGET else finding


_EXTRACT_HELP = """\
Write an overlay in which every text of CONTRACT stands, to be said in another language.

If FILE is there already, what it says stays, as it is written and with its comments: texts that are new are added in
English and listed under x-understudy-untranslated, texts whose English has changed are put under x-understudy-stale in
their new English, and translations that nothing needs any more are kept under x-understudy-unused.

\b
Example:
  understudy overlay extract ./spec --language pt-BR -o spec/i18n/pt-BR.yaml
"""


@overlay.command(name="extract", help=_EXTRACT_HELP)
@click.argument("contract")
@click.option("--language", required=True, metavar="TAG", help="The language to translate into, such as pt-BR.")
@_FORMAT
@_OUTPUT
def extract_texts(contract: str, language: str, form: str | None, file: Any) -> int:
    """Write the texts of a contract for a translation."""
    from understudy.cli.overlay_subject import read_overlay_file
    from understudy.contract.loading import load
    from understudy.contract.overlays import extract, rewritten
    from understudy.contract.overlays.document import is_language
    from understudy.contract.writing import FORMATS

    if not is_language(language):
        raise UsageError(f"`{language}` is no language tag.", "Write it like pt-BR (BCP 47).")
    loaded = load(contract)
    existing = read_overlay_file(file) if file else None
    if existing and existing.language not in ("", language):
        raise UsageError(f"`{file}` speaks {existing.language}, not {language}.", "Name another file.")
    value = extract(loaded, language, extends=_seen_from(file, loaded), existing=existing)
    form = form or form_of(file)
    text = rewritten(existing.source, value) if existing and form == "yaml" else None
    if existing and text is None and "#" in existing.source.text and form == "yaml":
        click.echo(f"{file}: written anew, without comments, for it has aliases or is not in block style", err=True)
    write_out(text or FORMATS[form](value), file)
    click.echo(f"{loaded.name} ({language}): {_summary(value)}", err=True)
    return 0


def _seen_from(file: Path | None, contract: Contract) -> str:
    """Name the contract's root file as the overlay sees it."""
    root = next(iter(contract.files), "")
    if contract.directory is None or root.startswith(("http://", "https://")):
        return root if root.startswith("http") else "openapi.yaml"
    if file is None or str(file) == "-":
        return f"../{Path(root).name}"
    return Path(os.path.relpath(root, file.resolve().parent)).as_posix()


def _summary(value: dict[str, Any]) -> str:
    from understudy.contract.overlays.document import STALE, UNTRANSLATED, UNUSED

    actions = value["actions"]
    texts = sum(len(action["update"]) for action in actions)
    counts = {
        "to translate": sum(len(action.get(UNTRANSLATED, ())) for action in actions),
        "to bring up to date": sum(len(action.get(STALE, ())) for action in actions),
        "put aside": sum(len(one["update"]) for one in value.get(UNUSED, ())),
    }
    told = [f"{count:,} {words}" for words, count in counts.items() if count]
    return ", ".join([f"{texts:,} texts", *told])


_CHECK_HELP = """\
Check overlays: how they are written, and whether they do what they say to DOCUMENT.

DOCUMENT is what `overlay apply` takes. Without overlays, the translations in i18n/ beside it are checked. A translation
also has to say all of the contract's prose as it stands now, and nothing else.
"""


@overlay.command(name="check", help=_CHECK_HELP)
@click.argument("references", metavar="DOCUMENT [OVERLAY]...", nargs=-1, required=True)
@_BUNDLE
@report_options("warning")
def check_overlays(
    references: tuple[str, ...], bundle: bool, format_name: str, reports: tuple[str, ...], fail_on: str
) -> int:
    """Check overlays."""
    from understudy.check.rules import translation
    from understudy.report import Context, save, write

    files = [read_report(text) for text in reports]
    given = _given(references, bundle=bundle)
    findings = list(_findings(given))
    context = Context(rules={**_RULES, translation.RULE.id: (translation.__doc__ or "").partition("\n")[0]})
    write(format_name, findings, sys.stdout, context)
    for name, path in files:
        save(name, findings, path, context)
    if not findings:
        number = len(given.overlays)
        click.echo(f"{number} overlay{'' if number == 1 else 's'}, no finding", err=True)
    return int(fails(findings, fail_on))


def _given(references: tuple[str, ...], *, bundle: bool) -> Given:
    """Read what is to be checked: the overlays that are named, or the translations beside a contract."""
    from understudy.cli.overlay_subject import Given, read_given
    from understudy.contract.loading import load
    from understudy.contract.overlays import prose_subject, read_overlay

    given = read_given(references, bundle=bundle)
    if given.overlays:
        return given
    contract = given.contract or (None if references[0] == "-" else load(references[0]))
    if contract is None or not contract.translations:
        raise UsageError("No overlay is named, and there is none in i18n/.", "Name the document first, then overlays.")
    return Given(prose_subject(contract), tuple(map(read_overlay, contract.translations)), contract)


def _findings(given: Given) -> Iterator[Finding]:
    document: Any = given.document
    for one in given.overlays:
        if _is_judged(given, one):
            yield from _translation_findings(given, one)
        else:
            document, found = given.put_on(document, one)
            yield from found


def _is_judged(given: Given, one: Overlay) -> bool:
    from understudy.contract.overlays.translating import is_translation

    return given.contract is not None and is_translation(one)


def _translation_findings(given: Given, one: Overlay) -> Iterator[Finding]:
    from understudy.check.rules import translation
    from understudy.contract.overlays.translating import Subject

    if given.contract:
        yield from translation.findings(given.contract, Subject(given.document), one)
