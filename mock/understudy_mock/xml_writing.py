"""A value and its schema go in; an XML document comes out, named and nested as `xml` says (OpenAPI, XML Object)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from understudy.contract import pointer as pointers
from understudy_mock.media import to_json

if TYPE_CHECKING:
    from understudy.contract.model import Tokens
    from understudy_mock.schema_facts import SchemaFacts

_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NO_NAME = re.compile(r"[^\w.-]|^(?=[\d.-])")


@dataclass(frozen=True)
class XmlWriter:
    """Writes the values of one contract's schemas, or, without facts, any value by its own names."""

    facts: SchemaFacts | None = field(repr=False)

    def document(self, value: Any, schema: Tokens | None) -> str:
        """Write a whole document; an array is always wrapped here, for a document has one root."""
        name = self._root_name(schema)
        hints = self._hints(schema)
        if isinstance(value, list):
            inside = _Scope().declaring(hints)
            content = "".join(self._item(item, name, schema, inside) for item in value)
            return _DECLARATION + _element(_tag(name, hints, inside), _declared(hints), content)
        return _DECLARATION + self._element(value, name, schema, _Scope())

    def _root_name(self, schema: Tokens | None) -> str:
        """Find the name of the root: that of the component, where the schema is one."""
        placed = self.facts.contract.follow(schema) if schema and self.facts else None
        is_component = placed is not None and placed.tokens[:2] == ("components", "schemas")
        return str(placed.tokens[-1]) if placed and is_component else "root"

    def _hints(self, schema: Tokens | None) -> dict[str, Any]:
        """Read the `xml` object of a schema: one beside a reference goes before that which it leads to."""
        if schema is None or self.facts is None:
            return {}
        beside = pointers.resolve(self.facts.contract.document, schema)
        if isinstance(beside, dict) and isinstance(beside.get("xml"), dict):
            return dict(beside["xml"])
        found = (part.get("xml") for _, part in self.facts.parts(schema, alternatives=False))
        return next((dict(one) for one in found if isinstance(one, dict)), {})

    def _element(self, value: Any, name: str, schema: Tokens | None, scope: _Scope) -> str:
        hints = self._hints(schema)
        inside = scope.declaring(hints)
        tag, attributes = _tag(name, hints, inside), _declared(hints)
        if not isinstance(value, dict):
            return _element(tag, attributes, _text(value))
        places = self.facts.properties(schema) if schema and self.facts else {}
        content = ""
        for key, held in value.items():
            below = self._hints(places.get(key))
            if (below.get("attribute") or below.get("nodeType") == "attribute") and not isinstance(held, dict | list):
                inner = inside.declaring(below)
                attributes += _declared(below) + f" {_tag(key, below, inner)}={_quoted(held)}" * (held is not None)
            elif below.get("nodeType") in ("text", "cdata"):
                content += _text(held)
            else:
                content += self._member(held, key, places.get(key), inside)
        return _element(tag, attributes, content)

    def _member(self, value: Any, name: str, schema: Tokens | None, scope: _Scope) -> str:
        if not isinstance(value, list):
            return self._element(value, name, schema, scope)
        hints = self._hints(schema)
        inside = scope.declaring(hints) if hints.get("wrapped") else scope
        content = "".join(self._item(item, str(hints.get("name") or name), schema, inside) for item in value)
        return _element(_tag(name, hints, inside), _declared(hints), content) if hints.get("wrapped") else content

    def _item(self, value: Any, name: str, schema: Tokens | None, scope: _Scope) -> str:
        items = self.facts.items(schema) if schema and self.facts else None
        if isinstance(value, list):
            return _element(_name(name), "", "".join(self._item(item, name, items, scope) for item in value))
        return self._element(value, name, items, scope)


@dataclass(frozen=True)
class _Scope:
    """The namespace prefixes that are declared here; one that is not can't be written (Namespaces in XML, 5)."""

    prefixes: frozenset[str] = frozenset()

    def declaring(self, hints: dict[str, Any]) -> _Scope:
        declared = hints.get("namespace") and hints.get("prefix")
        return _Scope(self.prefixes | {str(declared)}) if declared else self


def _tag(name: str, hints: dict[str, Any], scope: _Scope) -> str:
    own, prefix = _name(str(hints.get("name") or name)), str(hints.get("prefix") or "")
    return f"{_name(prefix)}:{own}" if prefix in scope.prefixes else own


def _declared(hints: dict[str, Any]) -> str:
    if not hints.get("namespace"):
        return ""
    prefix = hints.get("prefix")
    return f" xmlns{f':{_name(str(prefix))}' if prefix else ''}={_quoted(hints['namespace'])}"


def _element(tag: str, attributes: str, content: str) -> str:
    return f"<{tag}{attributes}>{content}</{tag}>" if content else f"<{tag}{attributes}/>"


def _name(text: str) -> str:
    """Make a name of XML from any text (XML 1.0, 2.3), colons aside."""
    return _NO_NAME.sub("_", text) or "_"


def _text(value: Any) -> str:
    return escape(_FORBIDDEN.sub("", _plain(value)))


def _quoted(value: Any) -> str:
    return quoteattr(_FORBIDDEN.sub("", _plain(value)))


def _plain(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else to_json(value).decode()
