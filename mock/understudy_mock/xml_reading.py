"""An XML document and its schema go in; the value that the schema speaks of comes out (OpenAPI, XML Object).

Names are compared without their namespaces. A document type declaration is refused, so nothing is ever expanded.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from understudy.contract import pointer as pointers
from understudy_mock.coercion import coerce_text
from understudy_mock.media import MalformedError

if TYPE_CHECKING:
    from understudy.contract.model import Tokens
    from understudy_mock.schema_facts import SchemaFacts

_MAX_DEPTH = 200
_NIL = "http://www.w3.org/2001/XMLSchema-instance nil"


@dataclass
class Element:
    """One element: its local name, its attributes by local name, its children and the text between them."""

    name: str
    attributes: dict[str, str]
    children: list[Element] = field(default_factory=list)
    text: str = ""
    is_nil: bool = False


def read_xml(content: bytes, facts: SchemaFacts | None, schema: Tokens | None) -> Any:
    """Read a document. Raises MalformedError if it is not well-formed or declares a document type."""
    root = _parse(content)
    return _Reader(facts).value(root, schema) if facts else _free(root)


def _parse(content: bytes) -> Element:
    top = Element("", {})
    stack = [top]

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(stack) > _MAX_DEPTH:
            raise MalformedError("it is nested too deeply")
        known = {_local(key): value for key, value in attributes.items()}
        made = Element(_local(name), known, is_nil=attributes.get(_NIL) in ("true", "1"))
        stack[-1].children.append(made)
        stack.append(made)

    def end(_name: str) -> None:
        stack.pop()

    def text(data: str) -> None:
        stack[-1].text += data

    def doctype(*_: Any) -> None:
        raise MalformedError("it declares a document type")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = text, doctype
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise MalformedError(f"it is not XML: {error}") from None
    return top.children[0]


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _free(element: Element) -> Any:
    """Read an element that no schema speaks of: its children by name, else its text."""
    if element.is_nil:
        return None
    if not element.children:
        return element.text
    made: dict[str, Any] = {}
    for child in element.children:
        held = _free(child)
        if child.name in made:
            made[child.name] = [*(made[child.name] if isinstance(made[child.name], list) else [made[child.name]]), held]
        else:
            made[child.name] = held
    return made


@dataclass(frozen=True)
class _Reader:
    """Reads elements by the schemas of one contract."""

    facts: SchemaFacts

    def value(self, element: Element, schema: Tokens | None) -> Any:
        if schema is None or element.is_nil:
            return _free(element)
        types = self.facts.types(schema)
        if "object" in types and (element.children or element.attributes or types <= {"object", "null"}):
            return self._object(element, schema)
        if "array" in types and (element.children or types <= {"array", "null"}):
            return self._items(element.children, schema)
        return _free(element) if element.children else coerce_text(element.text, types)

    def _object(self, element: Element, schema: Tokens) -> Any:
        places = self.facts.properties(schema)
        if not element.children and not (places and element.attributes) and element.text.strip():
            return self._text_of(element, places) or element.text
        made, taken = self._text_of(element, places), set[str]()
        for name, place in places.items():
            hints = self._hints(place)
            if _is_attribute(hints):
                known = str(hints.get("name") or name)
                if known in element.attributes:
                    made[name] = coerce_text(element.attributes[known], self.facts.types(place))
                continue
            tag = self._tag(name, place, hints)
            taken.add(tag)
            found = [child for child in element.children if child.name == tag]
            if found or (name in self.facts.required(schema) and _is_bare_list(self.facts.types(place), hints)):
                made[name] = self._member(found, place, hints)
        rest = [child for child in element.children if child.name not in taken]
        further = _free(Element("", {}, rest)) if rest else {}
        return {**further, **made}

    def _text_of(self, element: Element, places: dict[str, Tokens]) -> dict[str, Any]:
        """Read the property that is the element's own text (OpenAPI 3.2, `nodeType`)."""
        for name, place in places.items():
            if self._hints(place).get("nodeType") in ("text", "cdata"):
                return {name: coerce_text(element.text, self.facts.types(place))}
        return {}

    def _tag(self, name: str, place: Tokens, hints: dict[str, Any]) -> str:
        """Name the elements that stand for a property: of a list that is not wrapped, those of its items."""
        own = str(hints.get("name") or name)
        items = self.facts.items(place)
        if items is None or not _is_bare_list(self.facts.types(place), hints):
            return own
        return str(self._hints(items).get("name") or own)

    def _member(self, found: list[Element], place: Tokens, hints: dict[str, Any]) -> Any:
        if _is_bare_list(self.facts.types(place), hints):
            return self._items(found, place)
        return self.value(found[0], place)

    def _items(self, elements: list[Element], place: Tokens) -> list[Any]:
        items = self.facts.items(place)
        return [self.value(element, items) for element in elements]

    def _hints(self, schema: Tokens) -> dict[str, Any]:
        """Read the `xml` object of a schema: one beside a reference goes before that which it leads to."""
        beside = pointers.resolve(self.facts.contract.document, schema)
        if isinstance(beside, dict) and isinstance(beside.get("xml"), dict):
            return dict(beside["xml"])
        found = (part.get("xml") for _, part in self.facts.parts(schema, alternatives=False))
        return next((dict(one) for one in found if isinstance(one, dict)), {})


def _is_attribute(hints: dict[str, Any]) -> bool:
    return hints.get("attribute") is True or hints.get("nodeType") == "attribute"


def _is_bare_list(types: frozenset[str], hints: dict[str, Any]) -> bool:
    """Tell a list whose items stand directly in the parent."""
    return types <= {"array", "null"} and not (hints.get("wrapped") or hints.get("nodeType") == "element")
