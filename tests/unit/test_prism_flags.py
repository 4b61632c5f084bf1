"""The flags that people know from Prism: each is taken, under Prism's name, and says something."""

from __future__ import annotations

from typing import Any

import pytest

from understudy.cli import prism_flags
from understudy.cli.serve import serve

PRISM = (
    "--port",
    "-p",
    "--host",
    "-h",
    "--cors",
    "--no-cors",
    "--multiprocess",
    "-m",
    "--errors",
    "--verboseLevel",
    "-v",
)
PRISM += ("--dynamic", "-d", "--json-schema-faker-fillProperties", "--ignoreExamples", "--seed")


def parsed(*words: str) -> dict[str, Any]:
    return serve.make_context("serve", ["api.yaml", *words]).params


@pytest.mark.parametrize("flag", PRISM)
def test_every_flag_of_prism_is_known(flag: str) -> None:
    known = {name for option in serve.params for name in (*option.opts, *option.secondary_opts)}
    assert flag in known


def test_the_port_and_the_host_are_those_of_prism() -> None:
    assert (parsed()["port"], parsed()["host"]) == (4010, "127.0.0.1")
    assert (parsed("-p", "1", "-h", "::1")["port"], parsed("-h", "::1")["host"]) == (1, "::1")


def test_flags_become_settings() -> None:
    usual = {"dynamic": False, "ignore_examples": False, "fill_properties": None, "cors": True}
    assert prism_flags.settings(parsed()) == usual
    told = parsed("-d", "-m", "--ignoreExamples", "--no-cors", "--no-json-schema-faker-fillProperties")
    assert prism_flags.settings(told) == {name: not usual[name] for name in usual} | {"fill_properties": False}
    assert prism_flags.settings(parsed("--fill-properties"))["fill_properties"] is True


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), None),
        (("-v", "trace"), "text"),
        (("--verboseLevel", "info"), "text"),
        (("-v", "warn"), "off"),
        (("-v", "silent"), "off"),
        (("-v", "silent", "--log", "json"), "json"),
    ],
)
def test_a_level_says_how_to_log(words: tuple[str, ...], expected: str | None) -> None:
    assert prism_flags.log(parsed(*words)) == expected
