"""A parameter's declaration and a value go in; the text that a client sends comes out.

OpenAPI, Style Values, and RFC 6570; the counterpart of `parameter_styles`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from understudy_mock.rendering import text_of

_DEFAULT_STYLES = {"path": "simple", "header": "simple", "query": "form", "cookie": "form"}
_DELIMITERS = {"spaceDelimited": "%20", "pipeDelimited": "%7C"}


@dataclass(frozen=True)
class Writer:
    """Writes one parameter: `c=1,2`, `;c=1`, `1.2`, with its name where its style has it."""

    name: str
    location: str
    style: str
    explode: bool

    def write(self, value: Any) -> str:
        """Write a value."""
        if isinstance(value, dict | list) and self.explode:
            return self._exploded(value)
        return self._named(self._joined(value))

    def _text(self, value: Any) -> str:
        as_it_is = self.location == "header" or self.style == "cookie"
        return text_of(value) if as_it_is else quote(text_of(value), safe="")

    def _joined(self, value: Any) -> str:
        if isinstance(value, dict):
            value = [part for pair in value.items() for part in pair]
        parts = value if isinstance(value, list) else [value]
        return _DELIMITERS.get(self.style, ",").join(map(self._text, parts))

    def _named(self, text: str) -> str:
        if self.style == "label":
            return f".{text}"
        if self.style == "matrix":
            return f";{self.name}={text}"
        return text if self.style == "simple" else f"{self._text(self.name)}={text}"

    def _exploded(self, value: dict[str, Any] | list[Any]) -> str:
        pairs = list(value.items()) if isinstance(value, dict) else [(self.name, item) for item in value]
        if self.style == "deepObject":
            return "&".join(f"{self._text(self.name)}[{self._text(name)}]={self._text(held)}" for name, held in pairs)
        both = [f"{self._text(name)}={self._text(held)}" for name, held in pairs]
        alone = both if isinstance(value, dict) else [self._text(held) for _, held in pairs]
        if self.style in ("label", "matrix"):
            return "".join(f".{one}" for one in alone) if self.style == "label" else "".join(f";{one}" for one in both)
        if self.style == "simple":
            return ",".join(alone)
        return ("; " if self.location == "cookie" else "&").join(both)


def writer(declared: dict[str, Any]) -> Writer:
    """Choose how a declared parameter is written."""
    location = str(declared.get("in"))
    style = str(declared.get("style") or _DEFAULT_STYLES.get(location, "form"))
    explode = bool(declared.get("explode", style in ("form", "cookie")))
    return Writer(str(declared.get("name")), location, style, explode)
