"""Two versions of a contract go in; what changed for its callers comes out as findings, by who is affected."""

from __future__ import annotations

from understudy.drift.versions.comparing import compare
from understudy.drift.versions.rules import RULES, TITLES, severity_of, templates, title_of

__all__ = ["RULES", "TITLES", "compare", "severity_of", "templates", "title_of"]
