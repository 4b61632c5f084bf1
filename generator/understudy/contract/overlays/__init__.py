"""Overlays (OpenAPI Overlay Specification 1.0 to 1.2) and a document go in; the document they make of it comes out."""

from __future__ import annotations

from understudy.contract.overlays.applying import Applied, apply
from understudy.contract.overlays.document import Overlay, is_overlay, read_overlay
from understudy.contract.overlays.extracting import extract
from understudy.contract.overlays.rewriting import rewritten
from understudy.contract.overlays.translating import Translation, judge, prose_subject, translations

__all__ = [
    "Applied",
    "Overlay",
    "Translation",
    "apply",
    "extract",
    "is_overlay",
    "judge",
    "prose_subject",
    "read_overlay",
    "rewritten",
    "translations",
]
