"""A reference goes in; it comes out relative to the file it stands in, where the document's `$self` says how.

OpenAPI 3.2, section 4.1.2 (`$self`) and 4.6: a document's own URI is the base of its references, wherever the file is
kept. Files that lie beside each other under that URI are taken to lie beside each other here: nothing is fetched.
"""

from __future__ import annotations

import posixpath
from typing import Any
from urllib.parse import urljoin, urlsplit


def own_uri(document: Any) -> str:
    """Read a document's `$self`; empty if it has none."""
    value = document.get("$self") if isinstance(document, dict) else None
    return value if isinstance(value, str) else ""


def relative(reference: str, own: str) -> str:
    """Write a reference without fragment relative to the document whose URI is `own`; empty for that document."""
    if not own:
        return reference
    base, target = urlsplit(own), urlsplit(urljoin(own, reference))
    if target[:2] != base[:2]:
        return reference
    if target.path == base.path:
        return ""
    return posixpath.relpath(target.path, posixpath.dirname(base.path) or "/")
