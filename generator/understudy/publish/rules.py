"""What the state of things decides goes in, as rules and as what the mock remembers; sentences come out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy.publish import prose
from understudy.publish.answers import Question, ask, concrete_status, named_examples, reason
from understudy.publish.edition import Told
from understudy.publish.page import Part

if TYPE_CHECKING:
    from understudy.contract.model import Operation
    from understudy.publish.edition import Edition
    from understudy.publish.requests import Request

_EFFECTS = {one: f"rule_{one}" for one in ("create", "set", "delete", "undo")} | {"answer": "rule_answer_values"}
_PLAIN = ("list", "search", "count", "create", "read", "update", "delete", "clear")


def rules(edition: Edition, operation: Operation, request: Request, anchor: str = "rules") -> Part | None:
    """Tell what an operation's outcome depends on, and what it changes."""
    made = [
        _rule(edition, operation, index, value, request)
        for index, value in enumerate(rules_of(edition, operation.id))
        if isinstance(value, dict)
    ]
    if effect := _effect(edition, operation.id):
        made.append(Part("rule", text=effect))
    title = edition.words("rules")
    return Part("rules", title=title, parts=tuple(made), anchor=anchor) if made else None


def rules_of(edition: Edition, operation: str) -> list[Any]:
    """Read the rules of `behaviour.yaml` for an operation."""
    behaviour = edition.contract.behaviour
    value = behaviour.value if behaviour is not None and isinstance(behaviour.value, dict) else {}
    told = value.get("rules")
    found = told.get(operation) if isinstance(told, dict) else None
    return found if isinstance(found, list) else []


def _rule(edition: Edition, operation: Operation, index: int, rule: dict[str, Any], request: Request) -> Part:
    respond = rule.get("respond")
    told = edition.told(("x-understudy-behaviour", "rules", operation.id, index), "description")
    told = told or Told(str(rule.get("description") or ""))
    parts: tuple[Part, ...] = ()
    facts = {}
    fallback = ""
    if isinstance(respond, dict) and "status" in respond:
        status, name = str(respond["status"]), str(respond.get("example", ""))
        facts = {"status": status}
        summary = _summary(edition, operation, status, name)
        about = prose.plain(summary.text or reason(status)).removesuffix(".")
        fallback = edition.words("rule_answer", status=prose.code(status), summary=about)
        key = next((key for key in operation.responses if str(concrete_status(operation, key)) == status), "")
        parts = (ask(edition, Question(operation, request, key, name)),) if key else ()
    text = prose.clean(told.text) if told else _in_code(edition, rule, fallback)
    title = prose.code(facts["status"]) if facts else ""
    return Part("rule", title=title, text=text, parts=parts, language=told.language, facts=facts)


def _in_code(edition: Edition, rule: dict[str, Any], answer: str) -> str:
    """Tell a rule that has no words by its expressions."""
    words = edition.words
    when = words("rule_when", condition=prose.code(str(rule["when"]))) if rule.get("when") else words("rule_always")
    done = [answer] if answer else []
    done += [words(word, what=_named(rule[effect])) for effect, word in _EFFECTS.items() if effect in rule]
    return f"{when} {' '.join(done)}".strip()


def _named(value: Any) -> str:
    if isinstance(value, dict):
        return prose.code(str(value["in"])) if "in" in value else ", ".join(prose.code(str(key)) for key in value)
    return prose.code(str(value))


def _summary(edition: Edition, operation: Operation, status: str, name: str) -> Told:
    for key, placed in operation.responses.items():
        if str(concrete_status(operation, key)) != status or not isinstance(placed.value, dict):
            continue
        for _, one, _ in named_examples(edition, key, placed):
            if one.name == name and (title := one.title(edition)):
                return title
        return edition.told(placed.tokens, "description", placed.value)
    return Told(name)


def _effect(edition: Edition, operation: str) -> str:
    """Say what the mock's memory has to do with an operation."""
    told = edition.stand_in.states.get(operation, "")
    effect, _, resource = told.partition(" ")
    if effect not in _PLAIN or not resource:
        return ""
    return edition.words(f"effect_{effect}", resource=prose.code(resource))
