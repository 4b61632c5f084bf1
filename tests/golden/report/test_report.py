"""One contract with findings of all kinds, in every format, compared whole.

To accept a change: UNDERSTUDY_ACCEPT=1 pytest tests/golden/report
"""

from __future__ import annotations

import io
import json
import os
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from understudy import __version__
from understudy.check import check, sentences
from understudy.contract.loading import load
from understudy.finding import Finding, Location, Severity
from understudy.report import FORMATS, Context, write

HERE = Path(__file__).parent


@pytest.fixture
def findings(monkeypatch: pytest.MonkeyPatch) -> list[Finding]:
    monkeypatch.chdir(HERE)
    found = list(check(load("contract.yaml")))
    strange = Finding(
        "strange",
        "Line one\nline two \x1b[31m with ]]> and \x00 in it, 100%.",
        Severity.INFO,
        location=Location("a dir/ä,b:c.yaml", 3, 1),
        details=(("upstream", "https://shop.test"),),
    )
    return [*found, strange, Finding("placeless", "Nowhere in particular.")]


def text_of(name: str, findings: list[Finding]) -> str:
    stream = io.StringIO()
    write(name, findings, stream, Context(rules={**sentences(), "strange": "Nothing is strange."}))
    return stream.getvalue().replace(__version__, "VERSION")


@pytest.mark.parametrize("name", FORMATS)
def test_the_report_is_what_was_accepted(name: str, findings: list[Finding]) -> None:
    text = text_of(name, findings)
    file = HERE / f"accepted.{name}.txt"
    if os.environ.get("UNDERSTUDY_ACCEPT"):
        file.write_text(text, "utf-8")
    assert text == file.read_text("utf-8")


def test_json_has_the_promised_shape(findings: list[Finding]) -> None:
    document = json.loads(text_of("json", findings))
    assert set(document) == {"tool", "summary", "findings"}
    fields = {"rule", "severity", "message", "remedy", "operation", "fingerprint", "location", "details"}
    assert all(set(one) == fields for one in document["findings"])
    assert sum(document["summary"].values()) == len(findings)


def test_junit_is_xml_that_counts_right(findings: list[Finding]) -> None:
    suite = ET.fromstring(text_of("junit", findings).partition("\n")[2])[0]  # noqa: S314 - our own text
    cases = suite.findall("testcase")
    assert suite.get("tests") == str(len(cases))
    assert suite.get("failures") == str(len(suite.findall("testcase/failure")))
    assert {case.get("name") for case in cases if not len(case)} >= {"ledger", "behaviour"}


def test_sarif_says_which_rule_each_result_is_of(findings: list[Finding]) -> None:
    run = json.loads(text_of("sarif", findings))["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])
    assert all(rule["help"]["text"] for rule in rules)
    assert len({result["partialFingerprints"]["understudy/v1"] for result in run["results"]}) == len(findings)


def test_github_commands_stay_on_one_line_each(findings: list[Finding]) -> None:
    lines = text_of("github", findings).splitlines()
    assert len(lines) == len(findings)
    assert all(line.startswith(("::error ", "::warning ", "::notice ")) for line in lines)
