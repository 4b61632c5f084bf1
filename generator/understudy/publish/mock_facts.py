"""The stand-ins of a site go in; the classic script that tells its pages where the mocks are comes out."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

from understudy.publish.page import File

if TYPE_CHECKING:
    from collections.abc import Mapping

    from understudy.publish.standin import StandIn

PATH = "assets/mock.js"


def mock_facts(standins: Mapping[str, StandIn], *, is_served: bool) -> File:
    """Write `window.understudy`: `served`, and of each contract the mock's `address`, `prefix`, `headers`, `command`.

    An empty address is that of the page itself, which the mock serves then.
    """
    mocks = {
        name: {"address": one.address, "prefix": one.prefix, "headers": dict(one.headers), "command": one.command}
        for name, one in standins.items()
    }
    return File(PATH, f"window.understudy = {script_value({'served': is_served, 'mocks': mocks})};\n".encode())


def script_value(value: object) -> str:
    """Write a JSON value for a script: parsed as JSON, so that no name in it means anything to the language."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_number)
    return f"JSON.parse({json.dumps(text)})"


def _number(value: object) -> float | str:
    """Write what JSON keeps exactly and a script reads as a double anyway; what no double holds becomes a text."""
    read = float(str(value))
    return read if math.isfinite(read) else str(value)
