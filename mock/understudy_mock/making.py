"""An operation and a request go in; a body made from the schema comes out, the same for the same question."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from understudy_mock.exchange import Fault, RefusalError
from understudy_mock.synthesis import UngeneratableError

if TYPE_CHECKING:
    from understudy.contract.model import Tokens
    from understudy_mock.compiling import CompiledOperation
    from understudy_mock.exchange import Exchange


def made(operation: CompiledOperation, exchange: Exchange, status: int, schema: Tokens) -> Any:
    """Make a body for a status. Raises RefusalError where none can be made."""
    chosen = operation.contract.seed if exchange.seed is None else exchange.seed
    seed = f"{chosen}/{operation.operation.id}/{tuple(map(unquote, exchange.path_values))}/{status}"
    try:
        return operation.contract.synthesis.make(schema, seed)
    except UngeneratableError as error:
        message = f"no value could be made for the schema at {error}; give {status} an example"
        raise RefusalError("ungeneratable", (501,), (Fault("contract", (), "schema", message),)) from None
