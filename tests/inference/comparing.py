"""What is inferred of contracts is held against what is right for them; the misses come out, and a page of them.

`python tests/inference/comparing.py` writes the page to docs/inference.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from understudy.contract.loading import load
from understudy_mock.compiling import compile_contract
from understudy_mock.explaining import explain

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "inference.md"
_FACTS = ("kind", "path", "item", "id", "parents", "items", "operations", "query")
_HEAD = """\
# What is inferred, and what is missed

`understudy serve --explain-state` is held against tables that were written by hand: of the two shipped contracts, and
of ten more in the manner of well-known APIs (`tests/inference`). A resource is right when all of these are: kind,
paths, identifier, parents, the place of the items in a listing, the effect of every operation, and the meaning of
every parameter of the listing. A resource that is seen where there is none counts as a miss. This page is written by
`python tests/inference/comparing.py`; a test keeps it true.
"""


@dataclass(frozen=True)
class Miss:
    """A fact that is inferred wrongly."""

    contract: str
    resource: str
    fact: str
    right: Any
    inferred: Any


@dataclass(frozen=True)
class Outcome:
    """How much of one table was right."""

    contract: str
    resources: int
    misses: tuple[Miss, ...]

    @property
    def missed(self) -> int:
        """How many resources are not right."""
        return len({miss.resource for miss in self.misses})


def expected(name: str) -> dict[str, dict[str, dict[str, Any]]]:
    """Read a table: contract → resource → facts."""
    found: dict[str, dict[str, dict[str, Any]]] = yaml.safe_load((HERE / name).read_text("utf-8"))
    return found


def compare(contract: str, reference: str, right: dict[str, dict[str, Any]]) -> Outcome:
    """Infer one contract's resources and hold them against the table."""
    told = explain(compile_contract(load(reference)))["resources"]
    inferred = {one["name"]: one for one in told}
    misses = []
    for name in [*right, *(name for name in inferred if name not in right)]:
        if name not in inferred or name not in right:
            seen = "seen" if name in inferred else "not seen"
            misses.append(Miss(contract, name, "resource", "there is one" if name in right else "there is none", seen))
            continue
        wrong = [fact for fact in _FACTS if inferred[name][fact] != right[name][fact]]
        misses += [Miss(contract, name, fact, right[name][fact], inferred[name][fact]) for fact in wrong]
    return Outcome(contract, len({*right, *inferred}), tuple(misses))


def foreign() -> list[Outcome]:
    """Compare the ten foreign contracts."""
    table = expected("expected.yaml")
    return [compare(name, str(HERE / "contracts" / f"{name}.yaml"), right) for name, right in table.items()]


def vendors() -> list[Outcome]:
    """Compare the two shipped contracts."""
    return [compare(name, name, right) for name, right in expected("vendors.yaml").items()]


def page() -> str:
    """Write the page."""
    outcomes = [*vendors(), *foreign()]
    lines = [_HEAD, "| contract | resources | right |", "| --- | ---: | ---: |"]
    lines += [f"| {one.contract} | {one.resources} | {one.resources - one.missed} |" for one in outcomes]
    total, missed = sum(one.resources for one in outcomes), sum(one.missed for one in outcomes)
    lines += [f"| all | {total} | {total - missed} ({(total - missed) / total:.0%}) |", "", "## Misses", ""]
    lines += ["| contract | resource | fact | right | inferred |", "| --- | --- | --- | --- | --- |"]
    lines += [
        f"| {miss.contract} | {miss.resource} | {miss.fact} | {miss.right} | {miss.inferred} |"
        for one in outcomes
        for miss in one.misses
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
