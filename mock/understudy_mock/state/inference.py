"""A contract goes in; what it is about comes out: collections, their items, and what each operation does to them.

Recognised from paths and shapes: a path whose GET answers a list of objects is a collection, `path/{x}` its item, a
POST there creates, further segments act on the item. `behaviour.yaml` and `x-understudy-resource` correct. Where
nothing is recognised the operation simply answers its example, so a wrong guess is harmless.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from understudy_mock.state import shapes
from understudy_mock.state.binding import Binder
from understudy_mock.state.recognising import Recognition
from understudy_mock.state.resources import Resources
from understudy_mock.state.told import read_told

if TYPE_CHECKING:
    from understudy.contract.model import Contract
    from understudy_mock.schema_facts import SchemaFacts
    from understudy_mock.state.behaviour import Behaviour


def infer(contract: Contract, facts: SchemaFacts, behaviour: Behaviour) -> Resources:
    """Recognise the resources of a contract and bind its operations to them."""
    templates = {operation.id: shapes.template(contract, facts, operation) for operation in contract.operations}
    found = Recognition(contract, facts, templates, read_told(contract, behaviour))
    found.run()
    return Resources(found.by_name, Binder(found).run())
