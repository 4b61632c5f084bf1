"""A JSONPath query (RFC 9535) and a document go in; the places that it selects come out. The one door to jsonpath.

Whoever wrote an overlay may be nobody's friend, so a query that would take too much work ends with an error, and
regular expressions are run by an engine that takes time in proportion to the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from jsonpath import JSONPath, JSONPathEnvironment, JSONPathError, JSONPathMatch, NodeList, Parser
from jsonpath.filter import RelativeFilterQuery
from jsonpath.function_extensions import ExpressionType, FilterFunction
from jsonpath.segments import JSONPathChildSegment, JSONPathRecursiveDescentSegment
from jsonpath.selectors import IndexSelector, NameSelector
from jsonpath.token import TOKEN_SELF

from understudy.contract.validating import compile_pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from jsonpath.filter import BaseExpression
    from jsonpath.segments import JSONPathSegment
    from jsonpath.selectors import FilterContext
    from jsonpath.stream import TokenStream

    from understudy.contract.model import Tokens

MOST_STEPS = 2_000_000
"""So many values may be looked at for one query: the largest public contracts have a third of that."""

_LONGEST = 10_000
_BUDGET = "budget"
_TOKEN = re.compile(r"'?TOKEN_([A-Z_]+)'?")
_TOKENS = {"EOF": "the end", "LBRACKET": "`[`", "RBRACKET": "`]`", "LPAREN": "`(`", "RPAREN": "`)`"}
_SHORT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ESCAPES = str.maketrans({"\\": r"\\", "'": r"\'", "\b": r"\b", "\f": r"\f", "\n": r"\n", "\r": r"\r", "\t": r"\t"})


class QueryError(ValueError):
    """A text is no query, or can't be carried out; `offset` is the character at which that shows."""

    def __init__(self, message: str, offset: int = 0) -> None:
        super().__init__(message)
        self.message, self.offset = message, offset


@dataclass(frozen=True)
class Query:
    """A compiled query."""

    text: str
    _compiled: JSONPath = field(repr=False)

    def select(self, document: Any, budget: Budget | None = None) -> list[Tokens]:
        """Say where the nodes stand that it selects, each once, in order. Raises QueryError if that is too much."""
        matches = self._compiled.finditer(document, filter_context={_BUDGET: budget or Budget()})
        try:
            return list(dict.fromkeys(match.parts for match in matches))
        except RecursionError:
            raise QueryError("The query is nested too deeply.") from None
        except JSONPathError as error:
            raise _explained(error, self.text) from None


@lru_cache(4096)
def compile_query(text: str) -> Query:
    """Compile a query as RFC 9535 has it, without anybody's extensions. Raises QueryError."""
    if len(text) > _LONGEST:
        raise QueryError(f"The query has more than {_LONGEST:,} characters.")
    try:
        compiled = _ENVIRONMENT.compile(text)
    except RecursionError:
        raise QueryError("The query is nested too deeply.") from None
    except JSONPathError as error:
        raise _explained(error, text) from None
    except (ArithmeticError, ValueError):
        raise QueryError("A number in the query is too large.") from None
    if not isinstance(compiled, JSONPath):
        raise QueryError("Two queries in one are no JSONPath of RFC 9535.")
    return Query(text, compiled)


def write_query(document: Any, tokens: Tokens) -> str:
    """Write a query that selects just this place: short names with dots, and items of lists by what they are named."""
    text, value = "$", document
    for token in tokens:
        text += _step(value, token)
        value = value[token]
    return text


def _step(value: Any, token: str | int) -> str:
    if isinstance(token, str):
        return f".{token}" if _SHORT.fullmatch(token) else f"[{_quoted(token)}]"
    item = value[token]
    for names in (("name", "in"), ("name",), ("url",)):
        told = {name: item.get(name) for name in names} if isinstance(item, dict) else {}
        if told and all(isinstance(one, str) for one in told.values()) and _is_only(value, told):
            return "[?" + " && ".join(f"@.{name} == {_quoted(str(one))}" for name, one in told.items()) + "]"
    return f"[{token}]"


def _is_only(items: list[Any], told: dict[str, Any]) -> bool:
    alike = (one for one in items if isinstance(one, dict) and all(one.get(name) == told[name] for name in told))
    return len(list(alike)) == 1


def _quoted(text: str) -> str:
    """Write a string literal (RFC 9535, section 2.3.1.1)."""
    return f"'{text.translate(_ESCAPES)}'"


def _explained(error: JSONPathError, text: str) -> QueryError:
    token = getattr(error, "token", None)
    offset = 0 if token is None else len(text) if token.index < 0 else token.index
    if not text.startswith("$"):
        return QueryError("A query starts with `$`, the root of the document.")
    message = _TOKEN.sub(_token_named, str(error.message or "the query can't be read"))
    return QueryError(f"{message[:1].upper()}{message[1:].rstrip('.')}.", offset)


def _token_named(found: re.Match[str]) -> str:
    return _TOKENS.get(found[1], found[1].lower().replace("_", " "))


class Budget:
    """Counts the values that queries look at."""

    def __init__(self, steps: int = MOST_STEPS) -> None:
        self.most = self.left = steps

    def spend(self, steps: int) -> None:
        """Count values. Raises QueryError if there are too many."""
        self.left -= steps
        if self.left < 0:
            raise QueryError(f"The query looks at more than {self.most:,} values.")


def _counted(nodes: Iterable[JSONPathMatch], *, with_children: bool = True) -> Iterator[JSONPathMatch]:
    for node in nodes:
        value = node.obj
        children = len(value) if with_children and isinstance(value, dict | list) else 0
        node.filter_context()[_BUDGET].spend(1 + children)
        yield node


class _Children(JSONPathChildSegment):
    def resolve(self, nodes: Iterable[JSONPathMatch]) -> Iterable[JSONPathMatch]:
        is_direct = all(isinstance(selector, NameSelector | IndexSelector) for selector in self.selectors)
        return super().resolve(_counted(nodes, with_children=not is_direct))


class _Descendants(JSONPathRecursiveDescentSegment):
    """Visits descendants without recursion, so that a deep document is no matter (RFC 9535, section 2.5.2)."""

    def resolve(self, nodes: Iterable[JSONPathMatch]) -> Iterable[JSONPathMatch]:
        for node in nodes:
            for one in _counted(_descendants(node)):
                for selector in self.selectors:
                    yield from selector.resolve(one)


def _descendants(node: JSONPathMatch) -> Iterator[JSONPathMatch]:
    waiting = [node]
    while waiting:
        held = waiting.pop()
        yield held
        value: Any = held.obj
        named = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        waiting += [held.new_child(item, key) for key, item in named if isinstance(item, dict | list)][::-1]


class _Parser(Parser):
    def parse_query(self, stream: TokenStream) -> Iterable[JSONPathSegment]:
        for segment in super().parse_query(stream):
            kind = _Descendants if isinstance(segment, JSONPathRecursiveDescentSegment) else _Children
            yield kind(env=segment.env, token=segment.token, selectors=segment.selectors)

    def parse_relative_query(self, stream: TokenStream) -> BaseExpression:
        stream.eat(TOKEN_SELF)
        return _Relative(JSONPath(env=self.env, segments=self.parse_query(stream)))


class _Relative(RelativeFilterQuery):
    """A query from the current node, which exists even where it is `false` or 0 (RFC 9535, section 2.3.5.2.1)."""

    def evaluate(self, context: FilterContext) -> object:
        if isinstance(context.current, dict | list) or not self.path.empty():
            return super().evaluate(context)
        value: Any = context.current
        budget = context.extra_context
        return NodeList([JSONPathMatch(filter_context=budget, obj=value, parent=None, path="@", parts=(), root=value)])


class _Pattern(FilterFunction):
    """`match` and `search` (RFC 9535, sections 2.4.6 and 2.4.7) over I-Regexp (RFC 9485)."""

    arg_types = [ExpressionType.VALUE, ExpressionType.VALUE]  # noqa: RUF012 - the library declares it so
    return_type = ExpressionType.LOGICAL

    def __init__(self, frame: str) -> None:
        self._frame = frame

    def __call__(self, value: object, pattern: object) -> bool:
        if not isinstance(value, str) or not isinstance(pattern, str):
            return False
        is_match = _compiled(self._frame.format(pattern=_dots_meant(pattern)))
        return is_match is not None and is_match(value)


@lru_cache(256)
def _compiled(pattern: str) -> Callable[[str], bool] | None:
    return compile_pattern(pattern)


def _dots_meant(pattern: str) -> str:
    """Let a dot be any character but line feed and carriage return (RFC 9485, section 4)."""
    pieces = re.findall(r"\\.|\[(?:\\.|[^\]\\])*\]|.", pattern, re.DOTALL)
    return "".join("[^\\n\\r]" if piece == "." else piece for piece in pieces)


class _Environment(JSONPathEnvironment):
    parser_class = _Parser

    def setup_function_extensions(self) -> None:
        super().setup_function_extensions()
        self.function_extensions |= {"match": _Pattern("^(?:{pattern})$"), "search": _Pattern("{pattern}")}

    def compare(self, left: object, operator: str, right: object) -> bool:
        return super().compare(_as_number(left), operator, _as_number(right))


def _as_number(value: object) -> object:
    """Read a decimal as the queries' own literals are read, or 0.1 would not be 0.1."""
    if isinstance(value, NodeList) and len(value) == 1:
        value = value[0].obj
    return float(value) if isinstance(value, Decimal) else value


_ENVIRONMENT = _Environment(strict=True)
