"""Headers, query strings and parameters go in; the same without anybody's credentials comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

if TYPE_CHECKING:
    from collections.abc import Iterable

    from understudy.contract.model import Contract
    from understudy_mock.exchange import Header

REDACTED = "[redacted]"

_HEADERS = frozenset(
    ("authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "api-key", "apikey", "x-auth-token")
)
_QUERY = frozenset(("api_key", "apikey", "api-key", "access_token", "token", "key", "password", "secret"))


class Redaction:
    """Knows where credentials stand: where everybody puts them, and where these contracts do."""

    def __init__(self, contracts: Iterable[Contract]) -> None:
        self._headers, self._query = _HEADERS, _QUERY
        self.learn(contracts)

    def learn(self, contracts: Iterable[Contract]) -> None:
        """Hide what further contracts declare as well. What was hidden stays so, for it has been written down."""
        declared = [place for contract in contracts for place in _declared(contract)]
        self._headers |= {name for place, name in declared if place == "header"}
        self._query |= {name for place, name in declared if place == "query"}

    def headers(self, headers: Iterable[Header]) -> list[dict[str, str]]:
        """Write headers as names and values."""
        texts = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]
        return [{"name": name, "value": self._header(name, value)} for name, value in texts]

    def query(self, query: bytes) -> str:
        """Write a query string as it came, but for the values of credentials."""
        pairs = query.decode("latin-1").split("&")
        return "&".join(self._pair(pair) for pair in pairs)

    def parameters(self, values: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
        """Give parameters by location and name."""
        return {
            location: {name: self._parameter(location, name, value) for name, value in found.items()}
            for location, found in values.items()
            if found
        }

    def _header(self, name: str, value: str) -> str:
        if name.lower() not in self._headers:
            return value
        kind, blank, _ = value.partition(" ")
        is_scheme = name.lower().endswith("authorization") and blank
        return f"{kind} {REDACTED}" if is_scheme else REDACTED

    def _pair(self, pair: str) -> str:
        name, equals, _ = pair.partition("=")
        return f"{name}={REDACTED}" if equals and unquote_plus(name).lower() in self._query else pair

    def _parameter(self, location: str, name: str, value: Any) -> Any:
        secret = {"header": self._headers, "query": self._query}.get(location, frozenset())
        return REDACTED if location == "cookie" or name.lower() in secret else value


def _declared(contract: Contract) -> list[tuple[str, str]]:
    components = contract.document.get("components")
    schemes = components.get("securitySchemes") if isinstance(components, dict) else None
    found = [
        contract.follow(("components", "securitySchemes", name)).value
        for name in (schemes if isinstance(schemes, dict) else {})
    ]
    return [
        (str(scheme.get("in")), str(scheme.get("name")).lower())
        for scheme in found
        if isinstance(scheme, dict) and scheme.get("type") == "apiKey"
    ]
