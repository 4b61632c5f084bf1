"""`--seed N` is `Prefer: seed=N` for every request that names no seed of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from understudy_mock import variants

if TYPE_CHECKING:
    from conftest import Serve

CONTRACT = """\
paths:
  /a:
    get:
      responses:
        "200":
          description: x
          content: {application/json: {schema: {type: string, format: uuid}}}
"""


@pytest.mark.parametrize("compat", [None, "prism"])
def test_the_seed_of_the_mock_is_that_of_requests_without_one(mocked: Serve, compat: str | None) -> None:
    seeded, plain = mocked(CONTRACT, seed=7, compat=compat), mocked(CONTRACT, compat=compat)
    told = plain.ask("GET /a", prefer="dynamic=true, seed=7").body
    assert seeded.ask("GET /a", prefer="dynamic=true").body == told != plain.ask("GET /a", prefer="dynamic=true").body


def test_the_seed_of_a_request_comes_first(mocked: Serve) -> None:
    seeded, plain = mocked(CONTRACT, seed=7), mocked(CONTRACT)
    assert seeded.ask("GET /a", prefer="seed=8").body == plain.ask("GET /a", prefer="seed=8").body


def test_other_faults_hit_under_another_seed(mocked: Serve) -> None:
    def statuses(seed: int | None, prefer: str = "wait=1") -> list[int]:
        mock = mocked(CONTRACT, seed=seed, faults=("*:status=500@50%",))
        return [mock.ask("GET /a", prefer=prefer).status for _ in range(40)]

    assert statuses(7) == statuses(7) == statuses(8, "seed=7")
    assert statuses(7) != statuses(None)


def test_a_seed_makes_variants_too(mocked: Serve) -> None:
    def first(seed: int) -> object:
        compiled = mocked(CONTRACT, seed=seed).app.mounts[0].compiled
        return variants.enumerate_variants(compiled.operations["GET /a"])[0].body()

    assert first(7) == first(7) != first(8)
