"""A command imports its own stage and no other, and a mock nothing of its pages before they are asked for."""

from __future__ import annotations

import subprocess
import sys

HELP = "from understudy.cli.main import main\nmain(['--help'], standalone_mode=False)"
SERVE = """
from understudy.cli.serve import mock, running, serve
mock(running.read(["talkover", "talkturo"]), serve.make_context("serve", ["talkover", "talkturo"]).params)
"""
STAGES = {f"understudy.{name}" for name in ("contract", "check", "generate", "drift", "report", "publish")}
PAGES = {"markdown_it", "jsonpath", "understudy.publish", "understudy_mock.control.page"}


def imported(code: str) -> set[str]:
    code = f"import sys\n{code}\nprint(*sys.modules, file=sys.stderr)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(result.stderr.split())


def test_help_needs_no_stage() -> None:
    found = imported(HELP)
    assert "understudy.cli.main" in found
    assert not found & {*STAGES, "understudy_mock", "jinja2", "httpx"}


def test_a_mock_starts_without_its_pages() -> None:
    found = imported(SERVE)
    assert "understudy_mock.app" in found
    assert not found & PAGES
