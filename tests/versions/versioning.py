"""Paths go in; a contract that lies in memory comes out, read and bundled as a file is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from understudy.contract.bundling import bundle
from understudy.contract.files import Files
from understudy.contract.model import Contract
from understudy.contract.source import parse

if TYPE_CHECKING:
    from collections.abc import Mapping


def contract(paths: Mapping[str, Any] | None = None, **further: Any) -> Contract:
    """Read a contract with these paths and whatever else its root has."""
    info = {"title": "Versions", "version": "1"}
    document = {"openapi": "3.1.0", "info": info, "paths": paths or {}, **further}
    return read(json.dumps(document).encode())


def read(content: bytes) -> Contract:
    """Read a contract from bytes."""
    files = Files("")
    files.read["-"] = parse("openapi.json", content)
    return Contract("versions", bundle(files, "-"))
