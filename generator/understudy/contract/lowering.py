"""A bundle of OpenAPI 3.1 or 3.2 goes in; a 3.0.3 document comes out, with a list of what 3.0 could not say.

What is lost is lost on the side of leniency: whatever the original accepts, the lowered document accepts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from understudy.contract import grammar
from understudy.contract import pointer as pointers
from understudy.contract.hoisting import Hoisted, hoist
from understudy.contract.lowering_schemas import Loss, SchemaLowering, Tokens
from understudy.finding import Severity

_VERSION = "3.0.3"
_DOCUMENTED = ("summary", "description")
_PLACES = ("path", "query", "header", "cookie")

_ALLOWED = {
    "openapi": "openapi info servers paths components security tags externalDocs",
    "info": "title description termsOfService contact license version",
    "license": "name url",
    "server": "url description variables",
    "tag": "name description externalDocs",
    "components": "schemas responses parameters examples requestBodies headers securitySchemes links callbacks",
    "pathItem": "summary description servers parameters get put post delete options head patch trace",
    "operation": "tags summary description externalDocs operationId parameters requestBody responses callbacks "
    "deprecated security servers",
    "parameter": "name in description required deprecated allowEmptyValue style explode allowReserved schema example "
    "examples content",
    "header": "description required deprecated allowEmptyValue style explode allowReserved schema example examples "
    "content",
    "requestBody": "description content required",
    "mediaType": "schema example examples encoding",
    "encoding": "contentType headers style explode allowReserved",
    "response": "description headers content links",
    "example": "summary description value externalValue",
    "link": "operationRef operationId parameters requestBody description server",
    "securityScheme": "type description name in scheme bearerFormat flows openIdConnectUrl",
}
"""OpenAPI 3.0.3, section 4.7: the fixed fields of each object."""

_SAID_OTHERWISE = {
    ("openapi", "jsonSchemaDialect"),
    ("openapi", "$self"),
    ("info", "summary"),
    ("license", "identifier"),
    ("components", "pathItems"),
    ("components", "mediaTypes"),
    ("example", "dataValue"),
}
"""Fields whose meaning moves elsewhere; path items and media types stand inline where they are used."""

_CHILDREN = {
    "openapi": {"info": "info", "servers": "[server]", "tags": "[tag]"},
    "info": {"license": "license"},
    "pathItem": {"servers": "[server]"},
    "operation": {"servers": "[server]"},
}


@dataclass(frozen=True)
class Lowered:
    """The 3.0 document, and what it could not say; the tokens of a loss lead into the document that came in."""

    document: dict[str, Any]
    losses: tuple[Loss, ...] = ()


def lower(document: dict[str, Any]) -> Lowered:
    """Say a bundle in OpenAPI 3.0.3. A document that is 3.0 already is returned as it is."""
    if str(document.get("openapi", "")).startswith("3.0"):
        return Lowered(document)
    hoisted = hoist(document)
    loose: frozenset[str] = frozenset()
    while True:  # what refers to a loose component may turn loose itself
        run = _Lowering(hoisted, SchemaLowering(loose))
        made = run.document()
        if run.loose == loose:
            return Lowered(made, _placed(run.schemas.losses, hoisted))
        loose = run.loose | loose


def _placed(losses: list[Loss], hoisted: Hoisted) -> tuple[Loss, ...]:
    """Tell each loss once, at its place in the document that came in."""
    placed = [Loss(hoisted.origin(loss.tokens), loss.message, loss.remedy, loss.severity) for loss in losses]
    return tuple(dict.fromkeys(placed))


@dataclass
class _Lowering:
    """One pass over the document."""

    hoisted: Hoisted
    schemas: SchemaLowering
    loose: frozenset[str] = field(default=frozenset())
    dropped_schemes: set[str] = field(default_factory=set)

    @property
    def source(self) -> dict[str, Any]:
        return self.hoisted.document

    def document(self) -> dict[str, Any]:
        self._drop_schemes()
        made = self.object("openapi", self.source, ())
        result = {"openapi": _VERSION, **{name: value for name, value in made.items() if name != "openapi"}}
        result.setdefault("paths", {})
        if isinstance(result.get("components"), dict):
            result["components"] = {name: item for name, item in result["components"].items() if item != {}}
        return result

    def object(self, kind: str, value: Any, at: Tokens) -> Any:
        if kind == "schema":
            return self._schema(value, at)
        if not isinstance(value, dict):
            return value
        if kind in grammar.SECTIONS and isinstance(value.get("$ref"), str):
            return self._reference(kind, value, at)
        made = self._kept(kind, value, at)
        for child_kind, below, child in [*grammar.children(kind, value), *_further(kind, value)]:
            if below[0] in made:
                grammar.put_child(made, value, below, self.object(child_kind, child, at + below))
        special = getattr(self, f"_finish_{kind}", None)
        if special:
            special(made, value, at)
        return made

    def _schema(self, value: Any, at: Tokens) -> dict[str, Any]:
        made, exact = self.schemas.lower(value, at)
        if not exact and at[:2] == ("components", "schemas"):
            self.loose |= {str(at[2])}
        return made

    def _reference(self, kind: str, value: dict[str, Any], at: Tokens) -> Any:
        if kind in ("mediaType", "pathItem"):  # 3.0 has no components of this kind
            tokens = tuple(pointers.split_fragment(value["$ref"][1:]))
            return self.object(kind, pointers.resolve(self.source, tokens), tokens)
        for name in value:
            if name in _DOCUMENTED:
                self.lose((*at, name), f"Beside a `$ref`, OpenAPI 3.0 ignores `{name}`; it is left out.", Severity.INFO)
        return {"$ref": value["$ref"]}

    def _kept(self, kind: str, value: dict[str, Any], at: Tokens) -> dict[str, Any]:
        if kind not in _ALLOWED:
            return dict(value)
        allowed = _ALLOWED[kind].split()
        made = {}
        for name, item in value.items():
            if name in allowed or name.startswith("x-"):
                made[name] = item
            elif (kind, name) not in _SAID_OTHERWISE:
                self.lose((*at, name), f"OpenAPI 3.0 has no `{name}` here; it is left out.")
        return made

    def lose(self, tokens: Tokens, message: str, severity: Severity = Severity.WARNING) -> None:
        self.schemas.losses.append(Loss(tokens, message, severity=severity))

    def _drop_schemes(self) -> None:
        declared = self.source.get("components", {}).get("securitySchemes", {})
        for name, scheme in declared.items():
            if isinstance(scheme, dict) and scheme.get("type") == "mutualTLS":
                self.dropped_schemes.add(name)

    def _finish_openapi(self, made: dict[str, Any], _value: dict[str, Any], at: Tokens) -> None:
        self._security(made, at)

    def _finish_info(self, made: dict[str, Any], value: dict[str, Any], _at: Tokens) -> None:
        """Make the summary the first paragraph of the description."""
        if "summary" in value:
            made["description"] = "\n\n".join(filter(None, [value["summary"], value.get("description")]))

    def _finish_license(self, made: dict[str, Any], value: dict[str, Any], _at: Tokens) -> None:
        """Write an SPDX identifier as its address at spdx.org."""
        if "identifier" in value:
            made.setdefault("url", f"https://spdx.org/licenses/{value['identifier']}.html")

    def _finish_components(self, made: dict[str, Any], _value: dict[str, Any], at: Tokens) -> None:
        for name in sorted(self.dropped_schemes):
            made["securitySchemes"] = {key: item for key, item in made["securitySchemes"].items() if key != name}
            self.lose((*at, "securitySchemes", name), "OpenAPI 3.0 has no `mutualTLS`; the scheme is left out.")

    def _finish_pathItem(self, made: dict[str, Any], _value: dict[str, Any], at: Tokens) -> None:  # noqa: N802 - the kind's name
        self._parameters(made, at)

    def _finish_operation(self, made: dict[str, Any], _value: dict[str, Any], at: Tokens) -> None:
        self._parameters(made, at)
        self._security(made, at)
        if not made.get("responses"):
            made["responses"] = {"default": {"description": "Any answer."}}

    def _finish_response(self, made: dict[str, Any], _value: dict[str, Any], _at: Tokens) -> None:
        made.setdefault("description", "")

    def _finish_example(self, made: dict[str, Any], value: dict[str, Any], _at: Tokens) -> None:
        if "dataValue" in value:
            made.setdefault("value", value["dataValue"])

    def _parameters(self, made: dict[str, Any], at: Tokens) -> None:
        """Leave out parameters that stand where 3.0 knows none (`in: querystring` of 3.2)."""
        kept = []
        for index, parameter in enumerate(made.get("parameters", [])):
            target = self._followed(parameter)
            if isinstance(target, dict) and target.get("in") not in _PLACES:
                self.lose((*at, "parameters", index), f"OpenAPI 3.0 has no parameters in `{target.get('in')}`.")
            else:
                kept.append(parameter)
        if "parameters" in made:
            made["parameters"] = kept

    def _followed(self, value: Any) -> Any:
        while isinstance(value, dict) and isinstance(value.get("$ref"), str):
            value = pointers.resolve(self.source, pointers.split_fragment(value["$ref"][1:]))
        return value

    def _security(self, made: dict[str, Any], at: Tokens) -> None:
        """Leave scopes to OAuth 2 and OpenID Connect, as 3.0 does (Security Requirement Object)."""
        if not isinstance(made.get("security"), list):
            return
        made["security"] = [
            {name: self._scopes(name, scopes, (*at, "security", index, name)) for name, scopes in requirement.items()}
            for index, requirement in enumerate(made["security"])
        ]
        for requirement in made["security"]:
            for name in self.dropped_schemes & set(requirement):
                del requirement[name]

    def _scopes(self, name: str, scopes: Any, at: Tokens) -> Any:
        schemes = self.source.get("components", {}).get("securitySchemes", {})
        if self._followed(schemes.get(name, {})).get("type") in ("oauth2", "openIdConnect"):
            return scopes
        if scopes:
            self.lose(at, "OpenAPI 3.0 has roles for OAuth 2 and OpenID Connect only; they are left out.")
        return []


def _further(kind: str, value: dict[str, Any]) -> list[tuple[str, Tokens, Any]]:
    """List the children that the grammar leaves out because no schema stands below them."""
    found: list[tuple[str, Tokens, Any]] = []
    for name, notation in _CHILDREN.get(kind, {}).items():
        item = value.get(name)
        if notation.startswith("[") and isinstance(item, list):
            found += [(notation.strip("[]"), (name, index), one) for index, one in enumerate(item)]
        elif isinstance(item, dict):
            found.append((notation, (name,), item))
    return found
