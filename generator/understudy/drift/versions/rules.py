"""Every rule by which versions are compared: its id, its title, the sentence a report says of it, and its weight."""

from __future__ import annotations

from understudy.drift.versions.effects import Direction, severity
from understudy.drift.versions.schema_changes import EXCEPTIONS, KINDS, NEVER
from understudy.drift.versions.sentences import PHRASES, SENTENCES
from understudy.finding import Severity
from understudy.sentence import Sentence, has_words

PREFIX = "drift."
ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

_CONTRACT: dict[str, tuple[Severity, str]] = {
    "operation-added": (INFO, "An operation is new."),
    "operation-removed": (ERROR, "An operation is gone."),
    "deprecated-operation-removed": (WARNING, "An operation is gone that had been deprecated."),
    "operation-deprecated": (INFO, "An operation is deprecated."),
    "operation-restored": (INFO, "An operation is no longer deprecated."),
    "operation-id-changed": (WARNING, "An operationId changed, and with it the name in generated clients."),
    "sunset-added": (INFO, "A day is named after which an operation may be gone (x-sunset)."),
    "sunset-changed": (WARNING, "Another day is named after which an operation may be gone."),
    "sunset-removed": (INFO, "No day is named any more after which an operation may be gone."),
    "tag-added": (INFO, "An operation has one more tag."),
    "tag-removed": (INFO, "An operation lost a tag."),
    "parameter-added": (INFO, "An optional parameter is new."),
    "required-parameter-added": (ERROR, "A required parameter is new."),
    "parameter-removed": (WARNING, "A parameter is no longer declared."),
    "parameter-moved": (ERROR, "A parameter is sent in another place."),
    "parameter-renamed": (INFO, "A path parameter has another name."),
    "parameter-became-required": (ERROR, "A parameter is required that was optional."),
    "parameter-became-optional": (INFO, "A parameter is optional that was required."),
    "parameter-style-changed": (ERROR, "A parameter's value is written in another way (style, explode, content)."),
    "parameter-empty-allowed": (INFO, "A query parameter may be sent without a value."),
    "parameter-empty-forbidden": (ERROR, "A query parameter may no longer be sent without a value."),
    "parameter-reserved-allowed": (INFO, "Reserved characters of a parameter need not be escaped."),
    "parameter-reserved-forbidden": (ERROR, "Reserved characters of a parameter have to be escaped."),
    "parameter-deprecated": (INFO, "A parameter is deprecated."),
    "parameter-restored": (INFO, "A parameter is no longer deprecated."),
    "request-body-added": (INFO, "An optional request body is new."),
    "required-request-body-added": (ERROR, "A required request body is new."),
    "request-body-removed": (ERROR, "A request body is no longer declared."),
    "request-body-became-required": (ERROR, "A request body is required that was optional."),
    "request-body-became-optional": (INFO, "A request body is optional that was required."),
    "request-media-type-added": (INFO, "One more media type is taken."),
    "request-media-type-removed": (ERROR, "A media type is no longer taken."),
    "encoding-changed": (WARNING, "A part of a form is written in another way (Encoding Object)."),
    "success-status-added": (WARNING, "An operation may succeed with one more status."),
    "success-status-removed": (ERROR, "An operation no longer succeeds with a status."),
    "error-status-added": (INFO, "An operation may fail with one more status."),
    "error-status-removed": (INFO, "An operation no longer fails with a status."),
    "response-media-type-added": (INFO, "An answer may be had in one more media type."),
    "response-media-type-removed": (ERROR, "An answer can't be had in a media type any more."),
    "response-header-added": (INFO, "An answer has one more header."),
    "response-header-removed": (WARNING, "An answer's optional header is no longer declared."),
    "required-response-header-removed": (ERROR, "An answer's required header is no longer declared."),
    "response-header-became-optional": (ERROR, "An answer's header may be missing that was always there."),
    "response-header-became-required": (INFO, "An answer's header is always there that could be missing."),
    "response-header-deprecated": (INFO, "An answer's header is deprecated."),
    "response-header-restored": (INFO, "An answer's header is no longer deprecated."),
    "link-added": (INFO, "An answer has one more link."),
    "link-removed": (WARNING, "An answer lost a link."),
    "link-changed": (WARNING, "An answer's link leads elsewhere, or passes something else on."),
    "security-demanded": (ERROR, "Credentials are needed where none were."),
    "security-dropped": (INFO, "No credentials are needed any more."),
    "security-removed": (ERROR, "A way to authenticate is no longer taken."),
    "security-added": (INFO, "One more way to authenticate is taken."),
    "security-scope-added": (ERROR, "A credential needs a further scope."),
    "security-scope-removed": (INFO, "A credential needs a scope less."),
    "security-scheme-changed": (ERROR, "A security scheme wants something else."),
    "security-url-changed": (WARNING, "An OAuth 2 or OpenID Connect address changed."),
    "security-flow-added": (INFO, "An OAuth 2 flow is new."),
    "security-flow-removed": (ERROR, "An OAuth 2 flow is gone."),
    "security-flow-scope-added": (INFO, "An OAuth 2 flow offers one more scope."),
    "security-flow-scope-removed": (ERROR, "An OAuth 2 flow no longer offers a scope."),
    "server-added": (INFO, "One more server is listed."),
    "server-removed": (WARNING, "A server is no longer listed."),
    "server-variable-changed": (WARNING, "A server's variable has another default, or a value less."),
    "callback-added": (INFO, "An operation has one more callback."),
    "callback-removed": (WARNING, "An operation no longer makes a callback."),
    "webhook-added": (INFO, "One more webhook is sent."),
    "webhook-removed": (ERROR, "A webhook is no longer sent."),
    "webhook-body-changed": (WARNING, "What a webhook or callback sends is of another media type, new, or gone."),
    "webhook-parameter-changed": (WARNING, "A webhook or callback sends other parameters."),
    "webhook-answer-changed": (WARNING, "A webhook or callback expects other answers."),
    "example-changed": (INFO, "An example was added, removed or changed."),
    "text-changed": (INFO, "A title, summary or description changed."),
}

_WHOSE = {Direction.REQUEST: "In what callers send", Direction.RESPONSE: "In what the API sends"}


def schema_rule(direction: Direction, kind: str) -> str:
    """Give the id of the rule for a change of a schema."""
    return f"{PREFIX}{direction}-{kind}"


def _all() -> dict[str, tuple[Severity, str]]:
    made = {f"{PREFIX}{name}": told for name, told in _CONTRACT.items()}
    for direction in Direction:
        for name, kind in KINDS.items():
            if (direction, name) in NEVER:
                continue
            weight = EXCEPTIONS.get((direction, name)) or severity(direction, kind.effect)
            made[schema_rule(direction, name)] = (weight, f"{_WHOSE[direction]}: {kind.sentence}")
    return made


_ALL = _all()

RULES = {rule: sentence for rule, (_, sentence) in _ALL.items()}
"""Rule id → the sentence a report says of it."""


def severity_of(rule: str) -> Severity:
    """Tell how much a change weighs: an error breaks callers, a warning may break them, a note is safe."""
    return _ALL[rule][0]


def _titles() -> dict[str, Sentence]:
    made = {f"{PREFIX}{name}": Sentence(_spaced(name)) for name in _CONTRACT}
    for direction in Direction:
        for name in KINDS:
            whole = Sentence(_WHOSE_TITLE[direction], (("change", Sentence(_spaced(name))),))
            made[schema_rule(direction, name)] = whole
    return {rule: made[rule] for rule in RULES}


def _spaced(name: str) -> str:
    return name.replace("-", " ")


_WHOSE_TITLE = {Direction.REQUEST: "request {change}", Direction.RESPONSE: "response {change}"}
TITLES = _titles()
"""Rule id → a few words: `Request property removed`."""


def title_of(rule: str) -> str:
    """Write a rule's id as a few words: `Request property removed`."""
    return str(TITLES[rule])


def templates() -> frozenset[str]:
    """List all that may have to be said of a change: templates of titles, of sentences, and of what is inside them."""
    titles = (template for title in TITLES.values() for template in title.templates())
    return frozenset(filter(has_words, (*titles, *SENTENCES.values(), *PHRASES.values())))
