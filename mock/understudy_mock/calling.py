"""A user's function goes in; an ASGI callable that calls it as Connexion would comes out.

Connexion's seams are used for names, threads and return forms. The values are those that our own stage has read and
checked, which knows styles, types and dialects that Connexion does not.
"""

from __future__ import annotations

import inspect
import types
import typing
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from connexion.apps.asynchronous import AsyncOperation
from connexion.context import receive, scope
from connexion.decorators import StarletteDecorator
from connexion.decorators.parameter import AsyncParameterDecorator, inspect_function_arguments, pythonic
from connexion.decorators.response import AsyncResponseDecorator
from connexion.jsonifier import JSONEncoder, Jsonifier
from connexion.utils import extract_content_type

from understudy.errors import UsageError
from understudy_mock.exchange import MISSING
from understudy_mock.media import bare, is_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from understudy_mock.compiling import CompiledOperation
    from understudy_mock.exchange import Exchange

_BODY = "body"


def handler(compiled: CompiledOperation, function: Callable[..., Any]) -> AsyncOperation:
    """Make Connexion's operation for a function. Raises UsageError if the type of its `body` is not defined."""
    return _Operation(compiled, function)


class _Operation(AsyncOperation):  # type: ignore[misc] # Connexion carries no types
    def __init__(self, compiled: CompiledOperation, function: Callable[..., Any]) -> None:
        super().__init__(function, Jsonifier(cls=_Encoder), compiled.operation.id, pythonic_params=True)
        decorator = _Decorator(jsonifier=self.jsonifier)
        decorator.compiled = compiled
        decorator.body_model = _body_model(function)
        self.decorated = decorator(function)

    @property
    def fn(self) -> Any:
        """The function, decorated once and not anew for every request."""
        return self.decorated


class _Decorator(StarletteDecorator):  # type: ignore[misc] # Connexion carries no types
    compiled: CompiledOperation
    body_model: Any

    def __call__(self, function: Callable[..., Any]) -> Callable[[], Any]:
        """Decorate a function; the request comes from Connexion's context."""
        decorated = self.decorate(function)

        async def called() -> Any:
            return await decorated(self.framework.get_request(uri_parser=_Unparsed, scope=scope, receive=receive))

        return called

    @property
    def _parameter_decorator_cls(self) -> Any:
        return partial(_Arguments, compiled=self.compiled, body_model=self.body_model)

    @property
    def _response_decorator_cls(self) -> Any:
        return partial(_Responses, compiled=self.compiled)


class _Unparsed:
    """Stands where Connexion's parser of parameters does: ours has been there before."""

    @staticmethod
    def resolve_form(form: Any) -> Any:
        """Leave the fields as they came; only the files among them are looked at."""
        return form


class _Arguments(AsyncParameterDecorator):  # type: ignore[misc] # Connexion carries no types
    """Passes path and query parameters and the body by Connexion's names, as far as the function takes them."""

    def __init__(self, *, compiled: CompiledOperation, body_model: Any, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.body_model = body_model
        declared = compiled.parameters.by_location
        self.names = [
            (place, one.name, pythonic(one.name)) for place in ("path", "query") for one in declared.get(place, ())
        ]

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap the function so that it takes a request."""
        inner = inspect.unwrap(function)
        arguments, takes_all = inspect_function_arguments(inner)
        parameter = inspect.signature(inner).parameters.get(_BODY)
        nothing = {_BODY: None} if parameter and parameter.default is parameter.empty else {}

        async def called(request: Any) -> Any:
            exchange: Exchange = request.scope["understudy"]
            offered = {**nothing, **self._parameters(exchange), **await self._body(exchange, request)}
            try:
                return await function(**{key: value for key, value in offered.items() if takes_all or key in arguments})
            finally:
                await request.close()  # the files that were sent

        return called

    def _parameters(self, exchange: Exchange) -> dict[str, Any]:
        values = exchange.values
        return {
            known: _plain(values[place][name]) for place, name, known in self.names if name in values.get(place, {})
        }

    async def _body(self, exchange: Exchange, request: Any) -> dict[str, Any]:
        files: dict[str, Any] = {}
        if request.mimetype == "multipart/form-data":
            files = {name: found if len(found) > 1 else found[0] for name, found in (await request.files()).items()}
        body = _plain(exchange.body)
        if body is MISSING:
            body = await request.body() or MISSING
        if body is MISSING:
            return files
        if isinstance(body, dict):
            body = {name: value for name, value in body.items() if name not in files}
        return {**files, _BODY: self.body_model.model_validate(body) if self.body_model else body}


def _plain(value: Any) -> Any:
    """Give numbers as Python's own JSON reader would: a fraction is a float."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value


def _body_model(function: Callable[..., Any]) -> Any:
    """Find the Pydantic model by which a function types its `body`, if it does."""
    inner = inspect.unwrap(function)
    annotation = getattr(inner, "__annotations__", {}).get(_BODY)
    if isinstance(annotation, str):
        try:
            annotation = eval(annotation, getattr(inner, "__globals__", {}))  # noqa: S307 - the user's own annotation
        except NameError as error:
            remedy = "Import the type in the module itself, not under TYPE_CHECKING."
            message = f"The type of `body` of the handler `{inner.__name__}` can't be found: {error}."
            raise UsageError(message, remedy) from None
    is_union = isinstance(annotation, types.UnionType) or typing.get_origin(annotation) is typing.Union
    choices = typing.get_args(annotation) if is_union else (annotation,)
    return next((choice for choice in choices if hasattr(choice, "model_validate")), None)


class _Responses(AsyncResponseDecorator):  # type: ignore[misc] # Connexion carries no types
    """Takes Connexion's return forms; status and media type that were not told are those the contract declares."""

    def __init__(self, *, compiled: CompiledOperation, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.compiled = compiled

    def build_framework_response(self, handler_response: Any) -> Any:
        """Make the framework's response from what the function returned."""
        data, status, headers = self._unpack_handler_response(handler_response)
        headers = dict(headers)
        status = status or self._status(self._infer_status_code(data))
        content_type = extract_content_type(headers) or self._media_type(status, data)
        if not self.framework.is_framework_response(data):
            data = self._serialize_data(data, content_type=content_type)
            headers = self._update_headers(headers, content_type=content_type)
        return self.framework.build_response(data, content_type=content_type, status_code=status, headers=headers)

    def _status(self, usual: int) -> int:
        """Choose the usual status where the contract has it, else its first success."""
        if self.compiled.response_for(usual) is not None:
            return usual
        declared = [key.upper().replace("XX", "00") for key in self.compiled.responses]
        return min((int(key) for key in declared if key.startswith("2")), default=usual)

    def _media_type(self, status: int, data: Any) -> str | None:
        """Choose the first declared media type that can say the data."""
        response = self.compiled.response_for(status)
        declared = [media.media_type for media in response.media] if response else []
        if data is None and not any(is_json(name) for name in declared):
            return None
        if isinstance(data, str | bytes):
            declared.sort(key=is_json)
        else:
            declared.sort(key=is_json, reverse=True)
        concrete = (name for name in declared if "*" not in bare(name))
        return next(concrete, "text/plain" if isinstance(data, str) else "application/json")


class _Encoder(JSONEncoder):  # type: ignore[misc] # Connexion carries no types
    """Writes Pydantic models too: all that was set, and defaults that are not null."""

    def default(self, o: Any) -> Any:
        dump = getattr(o, "model_dump", None)
        if dump is None:
            return super().default(o)
        return _merged(
            dump(mode="json", by_alias=True, exclude_unset=True), dump(mode="json", by_alias=True, exclude_none=True)
        )


def _merged(one: Any, other: Any) -> Any:
    """Unite two dumps of one model that left out different properties."""
    if isinstance(one, dict) and isinstance(other, dict):
        names = {**other, **one}
        return {name: _merged(one.get(name, other.get(name)), other.get(name, one.get(name))) for name in names}
    if isinstance(one, list) and isinstance(other, list):
        return [_merged(*pair) for pair in zip(one, other, strict=True)]
    return one
