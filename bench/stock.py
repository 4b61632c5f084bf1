"""Connexion's own mock of the benchmark's contract, with its resolver and its stages as they come."""

from __future__ import annotations

from pathlib import Path

from connexion import AsyncApp
from connexion.mock import MockResolver

app = AsyncApp(__name__, specification_dir=str(Path.cwd()))


def token(token: str) -> dict[str, str]:
    """Accept any bearer token."""
    return {"sub": token}


app.add_api("telephony-stock.json", resolver=MockResolver(mock_all=True), validate_responses=False)
