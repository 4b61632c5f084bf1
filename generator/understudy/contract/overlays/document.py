"""The file of an overlay goes in; its actions come out, with every fault of its writing and where that stands.

Rules: Overlay Specification 1.0.0, 1.1.0 and 1.2.0, sections "Overlay Object", "Info Object", "Action Object", and in
1.2 "Components Object", "Reusable Action Object" and "Reusable Action Reference Object".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from understudy.contract import pointer as pointers
from understudy.contract.overlays.querying import QueryError, compile_query
from understudy.finding import Finding, Location, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.contract.model import Tokens
    from understudy.contract.overlays.querying import Query
    from understudy.contract.source import Source

RULE = "overlay"

LANGUAGE = "x-understudy-language"
SOURCE = "x-understudy-source"
UNTRANSLATED = "x-understudy-untranslated"
STALE = "x-understudy-stale"
UNUSED = "x-understudy-unused"

VERSIONS = ("1.0", "1.1", "1.2")
_COPYING = ("1.1", "1.2")
_REUSING = ("1.2",)

_VERSION = re.compile(r"(\d+\.\d+)\.\d+")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_HASH = re.compile(r"[0-9a-f]{8}")
_REFERENCE = "#/components/actions/"


@dataclass(frozen=True)
class Action:
    """One action: what it selects, and what becomes of that. `tokens` say where in its file it stands."""

    tokens: Tokens
    target: Query
    kind: str
    """`update`, `copy`, `remove`, or nothing."""
    update: Any = field(default=None, repr=False)
    copy: Query | None = None
    value_tokens: Tokens = ()
    """Where in the file the value of `update` or `copy` stands."""
    notes: dict[str, Any] = field(default_factory=dict, repr=False)
    """Its extensions."""


@dataclass(frozen=True)
class Overlay:
    """An overlay as far as it can be read."""

    source: Source = field(repr=False)
    version: str
    actions: tuple[Action, ...]
    extends: str = ""
    language: str = ""
    findings: tuple[Finding, ...] = ()

    def finding(self, rule: str, tokens: Tokens, message: str, *, remedy: str = "", is_error: bool = True) -> Finding:
        """Make a finding at a place of its file."""
        severity = Severity.ERROR if is_error else Severity.WARNING
        return Finding(rule, message, severity, remedy, self.source.location(tokens))


def is_overlay(value: Any) -> bool:
    """Tell an overlay from a document that one may be put on."""
    return isinstance(value, dict) and "overlay" in value and not {"openapi", "swagger", "asyncapi"} & set(value)


def read_overlay(source: Source) -> Overlay:
    """Read a file; what has faults is read as far as it goes, and `findings` tell of all of them."""
    return _Reader(source).read()


def is_language(text: object) -> bool:
    """Tell whether a value is written like a language tag (RFC 5646)."""
    return isinstance(text, str) and _LANGUAGE.fullmatch(text) is not None


class _Reader:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.findings: list[Finding] = []
        self.version = VERSIONS[-1]

    def read(self) -> Overlay:
        value = self.source.value
        if not isinstance(value, dict):
            self.fault((), "An overlay is a mapping, and this is not one.", "Start it with `overlay: 1.1.0`.")
            return Overlay(self.source, self.version, (), findings=tuple(self.findings))
        self.version = self.read_version(value)
        self.fields((), value, self.root_fields(), ("overlay", "info", "actions"))
        self.read_info(value.get("info"))
        self.read_addresses(value)
        self.read_components(value.get("components"))
        actions = tuple(self.actions(value.get("actions")))
        self.duplicates(value.get("actions"))
        language = value.get(LANGUAGE, "")
        if LANGUAGE in value and not is_language(language):
            self.fault((LANGUAGE,), f"`{LANGUAGE}` must be a language tag.", "Write it like `pt-BR` (BCP 47).")
        extends = value.get("extends", "")
        return Overlay(self.source, self.version, actions, str(extends), str(language), tuple(self.findings))

    def root_fields(self) -> dict[str, type | None]:
        later: dict[str, type | None] = {"$self": str, "components": dict} if self.version in _REUSING else {}
        return {"overlay": str, "info": dict, "extends": str, "actions": list, **later}

    def read_version(self, value: dict[str, Any]) -> str:
        told = value.get("overlay")
        found = _VERSION.fullmatch(told) if isinstance(told, str) else None
        if found and found[1] in VERSIONS:
            return found[1]
        if "overlay" in value:
            remedy = 'Write it in full, such as "1.1.0"; known are 1.0.0, 1.1.0 and 1.2.0.'
            self.fault(("overlay",), f"`{told}` is no version of the Overlay Specification.", remedy)
        return VERSIONS[-1]

    def read_info(self, info: Any) -> None:
        if isinstance(info, dict):
            later: dict[str, type | None] = {"description": str} if self.version in _COPYING else {}
            self.fields(("info",), info, {"title": str, "version": str, **later}, ("title", "version"))

    def read_addresses(self, value: dict[str, Any]) -> None:
        for name in ("extends", "$self"):
            if isinstance(value.get(name), str) and "#" in value[name] and self.version in _REUSING:
                self.fault(
                    (name,), f"`{name}` names a whole document, and has no fragment.", "Leave out what `#` starts."
                )

    def fields(
        self, at: Tokens, value: dict[str, Any], known: dict[str, type | None], required: tuple[str, ...]
    ) -> None:
        """Check which fields an object has, and the types of those it has."""
        for name in required:
            if name not in value:
                self.fault(at, f"`{name}` is missing.", "Add it: the Overlay Specification requires it.")
        for name, item in value.items():
            if name in known:
                kind = known[name]
                if kind is not None and not isinstance(item, kind):
                    self.fault((*at, name), f"`{name}` must be {_KINDS[kind]}.", "")
            elif not name.startswith("x-"):
                listed = ", ".join(f"`{one}`" for one in known)
                remedy = f"Version {self.version} knows {listed}; a field of your own starts with x-."
                self.fault((*at, name), f"`{name}` is no field that may stand here.", remedy, of_key=True)

    def read_components(self, components: Any) -> None:
        if self.version not in _REUSING or not isinstance(components, dict):
            return
        self.fields(("components",), components, {"actions": dict}, ())
        actions = components.get("actions")
        for name, action in actions.items() if isinstance(actions, dict) else ():
            at: Tokens = ("components", "actions", name)
            if not isinstance(action, dict):
                self.fault(at, "A reusable action must be a mapping.", "Give it `fields`.")
                continue
            self.fields(at, action, {"description": str, "fields": dict}, ())
            if isinstance(action.get("fields"), dict):
                self.fields((*at, "fields"), action["fields"], self.action_fields(), ())

    def action_fields(self) -> dict[str, type | None]:
        later: dict[str, type | None] = {"copy": str} if self.version in _COPYING else {}
        return {"description": str, "update": None, **later, "remove": bool}

    def actions(self, actions: Any) -> Iterator[Action]:
        if not isinstance(actions, list):
            return
        if not actions:
            self.fault(("actions",), "An overlay has at least one action.", "Add one, or remove the file.")
        for index, value in enumerate(actions):
            at: Tokens = ("actions", index)
            if not isinstance(value, dict):
                self.fault(at, "An action must be a mapping.", "Give it a `target` and an `update`.")
                continue
            action = (
                self.reference(at, value) if "$ref" in value and self.version in _REUSING else self.action(at, value)
            )
            if action is not None:
                yield action

    def action(self, at: Tokens, value: dict[str, Any]) -> Action | None:
        self.fields(at, value, {"target": str, **self.action_fields()}, ("target",))
        return self.made(at, value, at, value)

    def reference(self, at: Tokens, value: dict[str, Any]) -> Action | None:
        """Read a Reusable Action Reference Object (1.2)."""
        self.fields(at, value, {"$ref": str, "target": str, "description": str}, ("target",))
        told = value["$ref"]
        if not isinstance(told, str):
            return None
        name = _named(told)
        components = self.source.value.get("components")
        actions = components.get("actions") if isinstance(components, dict) else None
        reusable = actions.get(name) if isinstance(actions, dict) and name is not None else None
        if not isinstance(reusable, dict):
            remedy = "Write `#/components/actions/` and the name of one that stands there."
            self.fault((*at, "$ref"), f"`{told}` leads to no reusable action.", remedy)
            return None
        fields = reusable.get("fields", {})
        return self.made(
            at, value, ("components", "actions", str(name), "fields"), fields if isinstance(fields, dict) else {}
        )

    def made(self, at: Tokens, value: dict[str, Any], home: Tokens, fields: dict[str, Any]) -> Action | None:
        """Make the action that a target and the fields, which may stand elsewhere, are together."""
        target = self.query((*at, "target"), value.get("target"))
        copies = "copy" in fields and self.version in _COPYING
        copy = self.query((*home, "copy"), fields["copy"]) if copies else None
        kind = self.kind(at, fields, copies=copies)
        self.check_notes(at, value)
        if target is None or (kind == "copy" and copy is None):
            return None
        notes = {name: item for name, item in {**fields, **value}.items() if name.startswith("x-")}
        return Action(at, target, kind, fields.get("update"), copy, (*home, kind) if kind else at, notes)

    def kind(self, at: Tokens, fields: dict[str, Any], *, copies: bool) -> str:
        others = [name for name in ("update", "copy") if name in fields and (name != "copy" or copies)]
        if fields.get("remove") is True:
            for name in others:
                self.warn(
                    at, f"`{name}` has no effect beside `remove: true`.", f"Remove `{name}`, or make it two actions."
                )
            return "remove"
        if others == ["update", "copy"]:
            self.fault(at, "`update` and `copy` take each other's effect.", "Make it two actions.")
            return ""
        if not others:
            listed = "`update`, `copy` or `remove: true`" if self.version in _COPYING else "`update` or `remove: true`"
            self.warn(at, "The action changes nothing.", f"Give it {listed}.")
        return others[0] if others else ""

    def query(self, at: Tokens, text: Any) -> Query | None:
        if not isinstance(text, str):
            return None
        try:
            return compile_query(text)
        except QueryError as error:
            place = _inside(self.source, at, text, error.offset)
            message = f"`{_short(text)}` is no JSONPath: {error.message[:1].lower()}{error.message[1:]}"
            remedy = f"See RFC 9535; it is character {error.offset + 1} at which it can't go on."
            self.findings.append(Finding(RULE, message, Severity.ERROR, remedy, place))
            return None

    def check_notes(self, at: Tokens, value: dict[str, Any]) -> None:
        """Check what `understudy overlay extract` writes beside a translation, and people may edit."""
        hashes = value.get(SOURCE, {})
        if not isinstance(hashes, dict):
            self.fault(
                (*at, SOURCE), f"`{SOURCE}` must be a mapping of fields.", "Run `understudy overlay extract` again."
            )
        for name, told in hashes.items() if isinstance(hashes, dict) else ():
            if not (isinstance(told, str) and _HASH.fullmatch(told)):
                remedy = "Quote it, or leave it out and run `understudy overlay extract` again."
                self.fault((*at, SOURCE, name), "A source is named by eight hexadecimal digits.", remedy)
        marked = value.get(UNTRANSLATED, [])
        if not (isinstance(marked, list) and all(isinstance(one, str) for one in marked)):
            self.fault((*at, UNTRANSLATED), f"`{UNTRANSLATED}` must be a list of fields.", "Write it like `[summary]`.")

    def duplicates(self, actions: Any) -> None:
        seen: dict[str, int] = {}
        for index, action in enumerate(actions if isinstance(actions, list) else ()):
            first = seen.setdefault(_canonical(action), index)
            if first != index:
                line = self.source.location(("actions", first)).line
                self.warn(("actions", index), f"The same action stands on line {line}.", "Remove one of the two.")

    def fault(self, at: Tokens, message: str, remedy: str, *, of_key: bool = False) -> None:
        place = self.source.location(at, of_key=of_key)
        self.findings.append(Finding(RULE, message, Severity.ERROR, remedy, place))

    def warn(self, at: Tokens, message: str, remedy: str) -> None:
        self.findings.append(Finding(RULE, message, Severity.WARNING, remedy, self.source.location(at)))


_KINDS: dict[type, str] = {str: "a text", dict: "a mapping", list: "a list", bool: "true or false"}
_LONGEST = 80


def _named(reference: str) -> str | None:
    """Read the name of a reusable action out of a reference (RFC 6901, section 6)."""
    if not reference.startswith(_REFERENCE):
        return None
    try:
        tokens = pointers.split_fragment(reference[1:])
    except ValueError:
        return None
    return tokens[-1] if len(tokens) == len(("components", "actions", "name")) else None


def _inside(source: Source, at: Tokens, text: str, offset: int) -> Location:
    """Find the column of a character inside a text that stands on one line, as it is or in quotes."""
    place = source.location(at)
    line = (source.text.splitlines()[place.line - 1 : place.line] or [""])[0] if place.line else ""
    for shift in (0, 1):
        if line[place.column - 1 + shift :].startswith(text) and text:
            return Location(place.path, place.line, place.column + shift + offset, place.pointer)
    return place


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _canonical(value: Any) -> str:
    """Write a value so that equal ones are written alike, whatever the order of their keys."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{key!r}:{_canonical(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_canonical, value)) + "]"
    return repr(value)
