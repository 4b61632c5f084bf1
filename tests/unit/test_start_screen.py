"""The start screen leads people to the control page and the documentation, as far as they are there."""

from __future__ import annotations

import pytest

from understudy.cli.controlling import page_lines
from understudy.contract.loading import load
from understudy_mock.app import mock_app
from understudy_mock.settings import Settings

PAGE, DOCS = "ontrol page http://mock/__understudy__/", "ocumentation http://mock/__docs/"


@pytest.mark.parametrize(
    ("control", "docs", "wanted"),
    [
        (True, True, [f"C{PAGE} · d{DOCS}"]),
        (True, False, [f"C{PAGE}"]),
        (False, True, [f"D{DOCS}"]),
        (False, False, []),
    ],
)
def test_one_line_says_where_to_look(control: bool, docs: bool, wanted: list[str]) -> None:
    app = mock_app([load("talkturo")], Settings(control=control, docs=docs))
    assert page_lines(app, "http://mock") == wanted
