"""Stage 6, report: findings go in; text in one of several formats comes out."""

from __future__ import annotations

from understudy.report.writing import FORMATS, Context, save, write

__all__ = ["FORMATS", "Context", "save", "write"]
