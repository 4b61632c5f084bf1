"""The workflow for GitHub Pages: clean YAML, pinned actions, and commands that there are."""

from __future__ import annotations

import re
import shlex
import subprocess
import sysconfig
from pathlib import Path

import pytest
import yaml

from understudy.cli.publish import publish

FILE = Path(__file__).parents[2] / ".github" / "workflows" / "pages.yml"
RULES = "{extends: default, rules: {line-length: {max: 120}, document-start: disable}}"


def test_it_is_clean() -> None:
    yamllint = Path(sysconfig.get_path("scripts")) / "yamllint"
    found = subprocess.run([yamllint, "-s", "-d", RULES, FILE], capture_output=True, text=True, check=False)
    assert (found.returncode, found.stdout) == (0, "")


def test_actions_are_pinned_and_get_no_more_rights_than_they_need() -> None:
    workflow = yaml.safe_load(FILE.read_text("utf-8"))
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    uses = [step["uses"] for step in steps if "uses" in step]
    assert len(uses) >= 5
    assert all(re.fullmatch(r"actions/[a-z-]+@v\d+", one) for one in uses), uses
    assert workflow["permissions"] == {"contents": "read"}
    assert workflow["jobs"]["deploy"]["permissions"] == {"pages": "write", "id-token": "write"}
    assert "write" not in workflow["jobs"]["build"]["permissions"].values()


@pytest.mark.parametrize("flag", [[], ["--check"]])
def test_its_commands_are_understood(flag: list[str]) -> None:
    lines = re.findall(r"run: (understudy publish .*)", FILE.read_text("utf-8"))
    words = [shlex.split(line.replace("$BASE_URL", "https://example.com"))[2:] for line in lines]
    given = next(one for one in words if ("--check" in one) == bool(flag))
    context = publish.make_context("publish", given)
    assert context.params["contracts"] == ("talkover", "talkturo")
    assert (context.params["base_url"], context.params["check"]) == ("https://example.com", bool(flag))
    assert context.params["folder"] == Path("site")
