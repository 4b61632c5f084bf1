"""Overlays are written inline: `overlaid` puts one on a document and gives what comes out."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from understudy.contract.overlays import apply, read_overlay
from understudy.contract.source import parse

if TYPE_CHECKING:
    from collections.abc import Callable

    from understudy.contract.overlays import Applied, Overlay

HEAD = "overlay: {version}\ninfo: {{title: Test, version: '1'}}\n"


@pytest.fixture
def read() -> Callable[[str], Overlay]:
    """Read an overlay, faults and all."""
    return lambda text: read_overlay(parse("test.overlay.yaml", dedent(text).encode()))


@pytest.fixture
def overlaid(read: Callable[[str], Overlay]) -> Callable[..., Applied]:
    """Apply actions, which start on line 4, and insist that they are written well."""

    def run(document: str, actions: str, *, version: str = "1.1.0") -> Applied:
        overlay = read(HEAD.format(version=version) + "actions:\n" + dedent(actions))
        assert [one.message for one in overlay.findings if one.severity == "error"] == []
        return apply(parse("document.yaml", dedent(document).encode()).value, overlay)

    return run
