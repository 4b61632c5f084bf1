"""Sites in memory, for tests that look at them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from sites_in_memory import Built, built

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(scope="session")
def vendors() -> Built:
    return built("talkover", "talkturo", base_url="https://docs.example.com/api")


@pytest.fixture
def publish_document(tmp_path: Path) -> Callable[..., Built]:
    """Build the site of a document; `openapi` and `info` may be left out."""

    def run(**document: Any) -> Built:
        path = tmp_path / "contract.json"
        whole = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {}, **document}
        path.write_text(json.dumps(whole), encoding="utf-8")
        return built(str(path))

    return run
