"""The table of what is right, and what compares it, stand beside the tests."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def comparing() -> Any:
    file = Path(__file__).parent / "comparing.py"
    spec = importlib.util.spec_from_file_location("inference_comparing", file)
    if spec is None or spec.loader is None:
        raise ImportError(str(file))
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module
