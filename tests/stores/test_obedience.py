"""On a file and on a server Schemathesis finds as little as in memory, and every answer is the one that memory gives.

Two mocks take turns, so that whatever one remembers has been through the store before the next one answers. All checks
run, `use_after_free` and `ensure_resource_availability` of the stateful phase among them. By default these are both
vendors and two contracts that remember much; with `UNDERSTUDY_CORPUS=full` all, as `make fuzz` does.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import obedience
import pytest

from understudy.contract.loading import load
from understudy_mock.app import mock_app
from understudy_mock.settings import Settings
from understudy_mock.stores.passing import passing

if TYPE_CHECKING:
    from redis_server import RedisServer

    from understudy.contract.model import Contract
    from understudy_mock.app import MockApp
    from understudy_mock.stores.opening import Place

TESTS = Path(__file__).parents[1]
VENDORS = ["talkover", "talkturo"]
FOREIGN = sorted(str(path) for part in ("corpus", "inference") for path in (TESTS / part / "contracts").iterdir())
STATEFUL = [
    str(TESTS / name)
    for name in (
        "corpus/contracts/shop.yaml",
        "inference/contracts/forge.yaml",
    )
]
CONTRACTS = [*VENDORS, *(FOREIGN if obedience.FULL else STATEFUL)]
SIZE = obedience.settings(max_examples=15, max_steps=10)


def mock_on(place: Place, contract: Contract) -> MockApp:
    kept = Settings(
        auth="strict", store=place.url, store_prefix=place.prefix, session_lifetime=place.lifetime, control=False
    )
    return mock_app([contract], kept)


@pytest.mark.parametrize("kind", ["sqlite", "redis"])
@pytest.mark.parametrize("name", CONTRACTS, ids=lambda name: "-".join(Path(name).with_suffix("").parts[-3::2]))
def test_a_store_changes_nothing(name: str, kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    url = f"sqlite:///{tmp_path}/state.db" if kind == "sqlite" else served(request).url
    contract = load(name)
    with passing(url, "fuzz") as place:
        outcome, said = obedience.fuzzed(contract, SIZE, mock_on(place, contract), mock_on(place, contract))
    assert obedience.complaints(contract, outcome) == []
    found = {one.operation for one in outcome.findings if one.rule != "drift.never-accepted"}
    assert found == obedience.forgetful(contract)
    assert len(outcome.summary.tested) == len(contract.operations)
    in_memory = obedience.asked_again(mock_app([contract], Settings(auth="strict")), (asked for asked, _ in said))
    pairs = zip(said, in_memory, strict=True)
    assert [(str(asked), here, there) for (asked, here), there in pairs if here != there] == []


def served(request: pytest.FixtureRequest) -> RedisServer:
    found: RedisServer = request.getfixturevalue("server")
    return found
