"""The names that error objects have for what can be said of a fault; compared without case, hyphens and underscores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

LISTS = frozenset(
    (
        *("errors", "error", "violations", "issues", "faults", "details", "detail", "invalidparams", "fielderrors"),
        *("fieldviolations", "validationerrors", "validation", "problems", "failures", "causes", "messages"),
        *("message", "invalidfields", "fields", "badparams", "suberrors", "errormessages", "reasons", "constraints"),
    )
)
"""Where the single faults stand, as a list or by field."""
WRAPPERS = frozenset(("error", "fault", "problem", "failure", "exception", "result", "meta", "response"))
"""Objects that hold the error object proper."""
EXTENSIONS = frozenset(("extensions", "meta", "context", "ctx", "info", "attributes"))
"""Objects inside an entry that say more of the same fault."""
TEXTS = (
    *("message", "detail", "msg", "errormessage", "errordescription", "description", "text", "summary"),
    *("usermessage", "developermessage", "reason", "error", "faultstring", "title"),
)
"""Where a sentence stands; the first that an object has gets it."""
PARAMETERS = frozenset(("param", "parameter", "field", "property", "attribute", "argument"))
"""Where an error object that has no list names the one field it is about."""
PHRASES = frozenset(("title", "error", "name", "statustext", "reasonphrase"))
"""Where the name of the status stands, beside a sentence."""
STATUSES = frozenset(("status", "statuscode", "httpstatus", "httpstatuscode", "httpcode", "code", "errorcode"))
STATUS_TEXTS = frozenset(("status", "statuscode", "httpstatus", "httpstatuscode", "httpcode"))
"""Those that mean the status even as a text."""
FIELDS = frozenset(
    (
        *("field", "path", "param", "parameter", "property", "pointer", "location", "name", "source", "loc", "key"),
        *("attribute", "propertypath", "target", "datapath", "instancepath", "fieldname", "element", "argument"),
        *("jsonpointer", "dataloc", "subject"),
    )
)
POINTERS = frozenset(("pointer", "instancepath", "jsonpointer"))
PLACES = frozenset(("in", "location", "locationtype", "where", "paramtype"))
"""Where it is told which part of the request is meant: body, query, path, header or cookie."""
RULES = frozenset(("code", "rule", "type", "keyword", "constraint", "errorcode", "kind", "reason", "validator"))
VERDICTS = frozenset(("success", "ok", "valid", "succeeded"))
FAILURES = frozenset(("iserror", "failed", "haserrors"))
GIVEN = frozenset(("value", "rejectedvalue", "actual", "input", "given", "received"))
"""Where the value that was sent would stand; an optional one is left out."""

_WORDS: dict[int, tuple[str, ...]] = {
    400: ("validation", "invalidrequest", "badrequest", "invalidargument", "invalid", "malformed"),
    401: ("unauthenticated", "unauthorized", "authentication", "token", "credential"),
    403: ("forbidden", "permission", "scope", "accessdenied", "denied"),
    404: ("notfound", "unknown", "missing"),
    406: ("notacceptable", "acceptable"),
    409: ("conflict", "exists", "duplicate"),
    413: ("toolarge", "large", "size"),
    415: ("mediatype", "unsupported", "contenttype"),
    422: ("validation", "unprocessable", "invalidargument", "invalidrequest", "invalid", "badrequest"),
    429: ("toomany", "ratelimit", "quota"),
}
_OF_RULES: dict[str, tuple[str, ...]] = {
    "required": ("required", "missing", "blank", "empty"),
    "type": ("type", "wrongtype", "format"),
    "enum": ("enum", "choice", "notallowed", "oneof", "invalidvalue"),
    "format": ("format", "pattern"),
    "pattern": ("pattern", "format", "regex"),
    "minimum": ("minimum", "toosmall", "toolow", "min", "range"),
    "maximum": ("maximum", "toolarge", "toohigh", "max", "range"),
    "minLength": ("minlength", "tooshort", "length"),
    "maxLength": ("maxlength", "toolong", "length"),
    "additionalProperties": ("additional", "unknown", "unexpected", "extra"),
    "malformed": ("malformed", "parse", "syntax"),
}


def plain(name: str) -> str:
    """Drop what names differ in by habit only."""
    return name.replace("_", "").replace("-", "").lower()


def for_status(options: Iterable[Any], status: int) -> Any:
    """Choose, of the codes a contract has, the one that names this status best; None if none does."""
    return _choose(options, _WORDS.get(status, ()))


def for_rule(options: Iterable[Any], rule: str, status: int) -> Any:
    """Choose, of the codes a contract has, the one that names this rule best; None if none does."""
    found = _choose(options, (plain(rule), *_OF_RULES.get(rule, ())))
    return for_status(options, status) if found is None else found


def _choose(options: Iterable[Any], words: tuple[str, ...]) -> Any:
    texts = [option for option in options if isinstance(option, str)]
    named = [(plain(text), text) for text in texts]
    for word in words:
        for name, text in named:
            if name == word:
                return text
    return next((text for word in words for name, text in named if word in name), None)
