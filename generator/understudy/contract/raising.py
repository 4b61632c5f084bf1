"""A bundle of Swagger 2.0 goes in; the same contract comes out as a bundle of OpenAPI 3.0, every place still known.

Mapping: OpenAPI 3.0.0, appendix A, and the migration notes of the 2.0 tools. Bodies and media types are the hard part:
2.0 says `consumes` and `produces` far from the body they speak of, and writes a form as a list of parameters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from understudy.contract import pointer as pointers
from understudy.contract.bundling import Bundle
from understudy.contract.raising_schemas import (
    FORM,
    JSON,
    MULTIPART,
    form_schema,
    is_file,
    raise_header,
    raise_parameter,
    raise_schema,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from understudy.contract.source import Source

Tokens = tuple[str | int, ...]
Placed = tuple[Tokens, dict[str, Any]]

_VERSION = "3.0.3"
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch")
_SAME_IN_ROOT = ("info", "tags", "externalDocs", "security")
_SAME_IN_OPERATION = ("tags", "summary", "description", "externalDocs", "operationId", "deprecated", "security")
_FLOWS = {"application": "clientCredentials", "accessCode": "authorizationCode"}
_FLOW_FIELDS = ("authorizationUrl", "tokenUrl", "scopes")
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_BODIES = ("body", "formData")


def is_swagger(document: dict[str, Any]) -> bool:
    """Tell whether a document declares itself as Swagger 2.0."""
    return str(document.get("swagger", "")) == "2.0" and "openapi" not in document


def raise_bundle(written: Bundle) -> Bundle:
    """Say a Swagger 2.0 bundle in OpenAPI 3.0; locations in the result lead to where the 2.0 text stands."""
    run = _Raising(written.document)
    document = run.document()
    origins = {new: _origin(written, old) for new, old in run.moves.items()}
    return Bundle(document, {(): written.origins[()], **origins}, written.findings)


def _origin(written: Bundle, tokens: Tokens) -> tuple[Source, Tokens]:
    for length in range(len(tokens), -1, -1):
        if origin := written.origins.get(tokens[:length]):
            source, start = origin
            return source, (*start, *tokens[length:])
    raise KeyError(tokens)


@dataclass
class _Raising:
    """One pass over a document. `moves` tells for places of the new document where the old one has them."""

    old: dict[str, Any]
    moves: dict[Tokens, Tokens] = field(default_factory=dict)

    def __post_init__(self) -> None:
        definitions = _mapping(self.old.get("definitions"))
        self.names = _safe_names(definitions)
        self.consumes = _texts(self.old.get("consumes"))
        self.produces = _texts(self.old.get("produces"))

    def document(self) -> dict[str, Any]:
        made: dict[str, Any] = {"openapi": _VERSION}
        made |= {name: self.old[name] for name in _SAME_IN_ROOT if name in self.old}
        if servers := self._servers(_texts(self.old.get("schemes"))):
            made["servers"] = servers
            self._move_servers(("servers",), servers)
        made["paths"] = self._each(("paths",), ("paths",), self.old.get("paths"), self._path_item)
        if components := self._components():
            made["components"] = components
        return made | _extensions(self.old)

    def _each(
        self, new: Tokens, old: Tokens, values: Any, make: Callable[[Tokens, Tokens, dict[str, Any]], Any]
    ) -> dict[str, Any]:
        """Raise each value of a mapping; what is no object stays as it is, for `check` to report."""
        made = {}
        for name, value in _mapping(values).items():
            self.moves[*new, name] = (*old, name)
            is_object = isinstance(value, dict) and not name.startswith("x-")
            made[name] = make((*new, name), (*old, name), value) if is_object else value
        return made

    def _servers(self, schemes: list[str]) -> list[dict[str, Any]]:
        """Make servers of host, basePath and schemes; without a scheme it is https, without a host the mock's own."""
        host, path = str(self.old.get("host", "")), str(self.old.get("basePath", "")).rstrip("/")
        if not host:
            return [{"url": path}] if path else []
        return [{"url": f"{scheme}://{host}{path}"} for scheme in schemes or ["https"]]

    def _move_servers(self, new: Tokens, servers: list[dict[str, Any]]) -> None:
        told: Tokens = next(((name,) for name in ("host", "basePath") if name in self.old), ())
        self.moves[new] = told
        for index in range(len(servers)):
            self.moves[*new, index] = self.moves[*new, index, "url"] = told

    def _components(self) -> dict[str, Any]:
        made: dict[str, Any] = {}
        schemas = {}
        for name, value in _mapping(self.old.get("definitions")).items():
            new = ("components", "schemas", self.names[name])
            self.moves[new] = ("definitions", name)
            schemas[self.names[name]] = self.schema(value, new, ("definitions", name))
        made["schemas"] = schemas
        made["parameters"] = self._shared("parameters", lambda one: one.get("in") not in _BODIES, self._parameter)
        made["requestBodies"] = self._shared("parameters", lambda one: one.get("in") == "body", self._shared_body)
        made["responses"] = self._shared("responses", lambda _: True, self._shared_response)
        made["securitySchemes"] = self._each(
            ("components", "securitySchemes"), ("securityDefinitions",), self.old.get("securityDefinitions"), _scheme
        )
        self.moves["components", "schemas"] = ("definitions",)
        return {section: entries for section, entries in made.items() if entries}

    def _shared(
        self,
        section: str,
        wanted: Callable[[dict[str, Any]], bool],
        make: Callable[[Tokens, Tokens, dict[str, Any]], Any],
    ) -> dict[str, Any]:
        target = "requestBodies" if make == self._shared_body else section
        chosen = {
            name: value
            for name, value in _mapping(self.old.get(section)).items()
            if isinstance(value, dict) and wanted(self._follow((section, name), value)[1])
        }
        return self._each(("components", target), (section,), chosen, make)

    def schema(self, value: Any, new: Tokens, old: Tokens) -> Any:
        """Raise a schema. Its parts keep their places, but for a `$ref` that needs an `allOf` around it."""
        del new, old
        return raise_schema(value, self.names)

    def _follow(self, tokens: Tokens, value: dict[str, Any]) -> Placed:
        for _ in range(len(self.old.get("parameters", ())) + len(self.old.get("responses", ())) + 1):
            if not isinstance(value.get("$ref"), str):
                break
            tokens = tuple(pointers.split_fragment(value["$ref"][1:]))
            value = _mapping(pointers.resolve(self.old, tokens))
        return tokens, value

    def _path_item(self, new: Tokens, old: Tokens, item: dict[str, Any]) -> dict[str, Any]:
        shared = list(self._parameters(old, item))
        plain = [(tokens, value) for tokens, value in shared if self._follow(tokens, value)[1].get("in") not in _BODIES]
        made: dict[str, Any] = {}
        for name, value in item.items():
            if name in _METHODS and isinstance(value, dict):
                self.moves[*new, name] = (*old, name)
                made[name] = self._operation((*new, name), (*old, name), value, shared)
            elif name != "parameters":
                made[name] = value
        if plain:
            made["parameters"] = self._listed((*new, "parameters"), plain)
        return made

    def _parameters(self, at: Tokens, owner: dict[str, Any]) -> Iterator[Placed]:
        declared = owner.get("parameters")
        for index, value in enumerate(declared if isinstance(declared, list) else ()):
            if isinstance(value, dict):
                yield (*at, "parameters", index), value

    def _listed(self, new: Tokens, declared: list[Placed]) -> list[Any]:
        made = []
        for index, (old, value) in enumerate(declared):
            self.moves[*new, index] = old
            made.append(self._parameter((*new, index), old, value))
        self.moves[new] = declared[0][0][:-1]
        return made

    def _parameter(self, new: Tokens, old: Tokens, value: dict[str, Any]) -> dict[str, Any]:
        if isinstance(value.get("$ref"), str):
            return {"$ref": f"#/components{value['$ref'][1:]}"}
        self.moves[*new, "schema"] = old
        return raise_parameter(value, self.names)

    def _operation(self, new: Tokens, old: Tokens, value: dict[str, Any], shared: list[Placed]) -> dict[str, Any]:
        made: dict[str, Any] = {name: value[name] for name in _SAME_IN_OPERATION if name in value}
        if "schemes" in value and (servers := self._servers(_texts(value["schemes"]))):
            made["servers"] = servers
            self._move_servers((*new, "servers"), servers)
        own = list(self._parameters(old, value))
        plain = [one for one in own if self._follow(*one)[1].get("in") not in _BODIES]
        if plain:
            made["parameters"] = self._listed((*new, "parameters"), plain)
        consumes = _texts(value["consumes"]) if "consumes" in value else self.consumes
        if body := self._request_body((*new, "requestBody"), [*shared, *own], consumes):
            made["requestBody"] = body
        produces = _texts(value["produces"]) if "produces" in value else self.produces
        made["responses"] = self._each(
            (*new, "responses"),
            (*old, "responses"),
            value.get("responses"),
            lambda at, was, one: self._response(at, was, one, produces),
        )
        return made | _extensions(value)

    def _request_body(self, new: Tokens, declared: list[Placed], consumes: list[str]) -> dict[str, Any] | None:
        found = [(tokens, value, *self._follow(tokens, value)) for tokens, value in declared]
        bodies = [one for one in found if one[3].get("in") == "body"]
        if bodies:
            tokens, value, target, body = bodies[-1]
            self.moves[new] = tokens
            if "$ref" in value and consumes == self.consumes:
                return {"$ref": f"#/components/requestBodies/{pointers.escape(target[-1])}"}
            return self._body(new, target, body, consumes)
        fields = {str(one[3].get("name")): (one[2], one[3]) for one in found if one[3].get("in") == "formData"}
        return self._form(new, fields, consumes) if fields else None

    def _shared_body(self, new: Tokens, old: Tokens, value: dict[str, Any]) -> dict[str, Any]:
        if isinstance(value.get("$ref"), str):
            return {"$ref": value["$ref"].replace("#/parameters/", "#/components/requestBodies/", 1)}
        return self._body(new, old, value, self.consumes)

    def _body(self, new: Tokens, old: Tokens, value: dict[str, Any], consumes: list[str]) -> dict[str, Any]:
        content = {}
        for media_type in consumes or [JSON]:
            at = (*new, "content", media_type)
            self.moves[at] = old
            content[media_type] = {"schema": self.schema(value.get("schema", {}), (*at, "schema"), (*old, "schema"))}
            if "x-example" in value:
                content[media_type]["example"] = value["x-example"]
        made: dict[str, Any] = {name: value[name] for name in ("description", "required") if name in value}
        return {**made, "content": content, **_extensions(value, but="x-example")}

    def _form(self, new: Tokens, fields: dict[str, Placed], consumes: list[str]) -> dict[str, Any]:
        has_file = any(is_file(value) for _, value in fields.values())
        known = [media_type for media_type in consumes if media_type in (FORM, MULTIPART)]
        media_types = [MULTIPART] if has_file else known or [FORM]
        schema, encoding = form_schema({name: value for name, (_, value) in fields.items()}, self.names)
        self.moves[new] = next(iter(fields.values()))[0][:-1]
        for media_type in media_types:
            at = (*new, "content", media_type, "schema")
            self.moves[at] = self.moves[new]
            for name, (old, _) in fields.items():
                self.moves[*at, "properties", name] = old
        media = {"schema": schema, **({"encoding": encoding} if encoding else {})}
        required = {"required": True} if schema.get("required") else {}
        return {**required, "content": {media_type: dict(media) for media_type in media_types}}

    def _shared_response(self, new: Tokens, old: Tokens, value: dict[str, Any]) -> dict[str, Any]:
        return self._response(new, old, value, self.produces)

    def _response(self, new: Tokens, old: Tokens, value: dict[str, Any], produces: list[str]) -> dict[str, Any]:
        if isinstance(value.get("$ref"), str):
            if produces == self.produces:
                return {"$ref": f"#/components{value['$ref'][1:]}"}
            old, value = self._follow(old, value)
            self.moves[new] = old
        made: dict[str, Any] = {name: value[name] for name in ("description",) if name in value}
        if "headers" in value:
            made["headers"] = self._each((*new, "headers"), (*old, "headers"), value["headers"], self._header)
        if content := self._content((*new, "content"), old, value, produces):
            made["content"] = content
        return made | _extensions(value)

    def _header(self, new: Tokens, old: Tokens, value: dict[str, Any]) -> dict[str, Any]:
        self.moves[*new, "schema"] = old
        return raise_header(value, self.names)

    def _content(self, new: Tokens, old: Tokens, value: dict[str, Any], produces: list[str]) -> dict[str, Any]:
        examples, has_schema = _mapping(value.get("examples")), "schema" in value
        usual = ["application/octet-stream"] if is_file(_mapping(value.get("schema"))) else [JSON]
        media_types = (produces or ([] if examples else usual)) if has_schema else []
        content: dict[str, Any] = {}
        for media_type in dict.fromkeys((*media_types, *examples)):
            at = (*new, media_type)
            self.moves[at] = old
            media = content.setdefault(media_type, {})
            if has_schema:
                media["schema"] = self.schema(value["schema"], (*at, "schema"), (*old, "schema"))
            if media_type in examples:
                self.moves[*at, "example"] = (*old, "examples", media_type)
                media["example"] = examples[media_type]
        if content:
            self.moves[new] = old
        return content


def _scheme(_new: Tokens, _old: Tokens, value: dict[str, Any]) -> dict[str, Any]:
    """Raise a security scheme: basic is an http scheme, the one OAuth 2 flow becomes one of several."""
    kept = {"description": value["description"]} if "description" in value else {}
    kept |= _extensions(value)
    if value.get("type") == "basic":
        return {"type": "http", "scheme": "basic", **kept}
    if value.get("type") == "oauth2":
        flow = {name: value[name] for name in _FLOW_FIELDS if name in value}
        name = str(value.get("flow"))
        return {"type": "oauth2", "flows": {_FLOWS.get(name, name): {"scopes": {}, **flow}}, **kept}
    return {**value, **kept}


def _safe_names(definitions: dict[str, Any]) -> dict[str, str]:
    """Give definitions names that 3.0 allows for components: `Page«Pet»` becomes `Page_Pet`."""
    names = {name: name for name in definitions if not _UNSAFE.search(name)}
    for name in definitions:
        if name not in names:
            base = _UNSAFE.sub("_", name).strip("_") or "Schema"
            made, number = base, 2
            while made in names.values():
                made, number = f"{base}{number}", number + 1
            names[name] = made
    return names


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _texts(value: Any) -> list[str]:
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []


def _extensions(value: dict[str, Any], but: str = "") -> dict[str, Any]:
    return {name: item for name, item in value.items() if name.startswith("x-") and name != but}
