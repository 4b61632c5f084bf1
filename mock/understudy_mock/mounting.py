"""Several contracts go in; the path prefixes under which each answers come out.

A contract answers under the path of its first server and also without it, so clients of either habit work. Where two
have the same base path, or share a path, each stands under `/<name>`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from understudy.contract.model import Contract
    from understudy_mock.compiling import CompiledContract

_TEMPLATED = re.compile(r"\{[^{}]+\}")


@dataclass(frozen=True)
class Mount:
    """One contract's place: `prefixes` in order of preference, `key` unique among all mounts."""

    compiled: CompiledContract
    prefixes: tuple[str, ...]

    @property
    def key(self) -> str:
        """The prefix to show and to tell contracts apart by."""
        return self.prefixes[0]


def named_apart(contracts: Sequence[Contract]) -> list[Contract]:
    """Give contracts of one name different ones: the second `notes` is called `notes-2`."""
    found: list[Contract] = []
    for contract in contracts:
        count = sum(contract.name == other.name for other in contracts[: len(found)])
        found.append(replace(contract, name=f"{contract.name}-{count + 1}") if count else contract)
    return found


def mount(contracts: list[CompiledContract], *, apart: bool = False) -> list[Mount]:
    """Give each contract its prefixes."""
    apart = apart or _clash(contracts)
    mounts = []
    for compiled in contracts:
        prefixes: tuple[str, ...]
        if apart:
            prefixes = (f"/{compiled.name}{compiled.base_path}", f"/{compiled.name}")
        elif _bare_is_free(compiled, contracts):
            prefixes = (compiled.base_path, "")
        else:
            prefixes = (compiled.base_path,)
        mounts.append(Mount(compiled, tuple(dict.fromkeys(prefixes))))
    return mounts


def _clash(contracts: list[CompiledContract]) -> bool:
    bases = [compiled.base_path for compiled in contracts]
    full = [compiled.base_path + path for compiled in contracts for path in _paths(compiled)]
    return len(set(bases)) < len(bases) or len(set(full)) < len(full)


def _bare_is_free(compiled: CompiledContract, contracts: list[CompiledContract]) -> bool:
    others = [other for other in contracts if other is not compiled]
    taken = {prefix + path for other in others for prefix in (other.base_path, "") for path in _paths(other)}
    return not taken & set(_paths(compiled))


def _paths(compiled: CompiledContract) -> list[str]:
    return sorted({_TEMPLATED.sub("{}", entry.operation.path) for entry in compiled.operations.values()})
