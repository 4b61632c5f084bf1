"""The contracts of a running mock go in; they, their operations, variants and coverage come out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from understudy.contract import pointer as pointers
from understudy_mock.control.links import request_for
from understudy_mock.control.replies import NOTHING, Reply, conflict, near, unknown
from understudy_mock.exchange import MISSING
from understudy_mock.handlers import answers
from understudy_mock.variants import MAX_VARIANTS, Variant, concrete_status, enumerate_variants

if TYPE_CHECKING:
    from understudy_mock.compiling import CompiledOperation, CompiledResponse
    from understudy_mock.mounting import Mount
    from understudy_mock.runtime import Runtime


def mounts_of(runtime: Runtime, contract: str | None) -> list[Mount]:
    """Find the mount of one contract, or all of them. Raises RefusalError for a name nobody has."""
    if contract is None:
        return list(runtime.mounts)
    found = [mount for mount in runtime.mounts if mount.compiled.name == contract]
    if not found:
        raise unknown("contract", contract, [mount.compiled.name for mount in runtime.mounts])
    return found


def operation_of(runtime: Runtime, name: str, contract: str | None) -> tuple[Mount, CompiledOperation]:
    """Find an operation by its id. Raises RefusalError if there is none, or one in each of several contracts."""
    mounts = mounts_of(runtime, contract)
    found = [(mount, mount.compiled.operations[name]) for mount in mounts if name in mount.compiled.operations]
    if not found:
        raise unknown("operation", name, near(name, (known for mount in mounts for known in mount.compiled.operations)))
    if len(found) > 1:
        names = ", ".join(mount.compiled.name for mount, _ in found)
        raise conflict("contract", f"{name} is an operation of {names}: say which contract is meant")
    return found[0]


class ContractOperations:
    """What the mock serves."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    @answers("listContracts")
    def contracts(self) -> Reply:
        """List what is served, and where."""
        return Reply({"contracts": [_contract(mount) for mount in self._runtime.mounts]})

    @answers("getOnlyContract")
    def only_contract(self) -> Reply:
        """Give the bundle of the contract, where only one is served."""
        if len(self._runtime.mounts) != 1:
            names = ", ".join(mount.compiled.name for mount in self._runtime.mounts)
            raise conflict("contract", f"several contracts are served, {names}: ask for one under contracts/")
        return Reply(self._runtime.mounts[0].compiled.contract.document)

    @answers("getContract")
    def contract(self, contract_name: str) -> Reply:
        """Give the bundle of one contract."""
        return Reply(mounts_of(self._runtime, contract_name)[0].compiled.contract.document)

    @answers("listOperations")
    def operations(self, contract: str | None = None) -> Reply:
        """List the operations of one contract or of all."""
        mounts = mounts_of(self._runtime, contract)
        return Reply(
            {"operations": [_operation(mount, one) for mount in mounts for one in mount.compiled.operations.values()]}
        )

    @answers("listVariants")
    def variants(self, operation_id: str, contract: str | None = None) -> Reply:
        """List every answer an operation can give, each with the request that is answered so."""
        mount, operation = operation_of(self._runtime, operation_id, contract)
        found = enumerate_variants(operation)
        return Reply(
            {
                "contract": mount.compiled.name,
                "operation": operation_id,
                "complete": len(found) < MAX_VARIANTS,
                "variants": [_variant(mount, operation, variant) for variant in found],
            }
        )

    @answers("getCoverage")
    def coverage(self, contract: str | None = None) -> Reply:
        """Say what clients have used of the contracts."""
        mounts = mounts_of(self._runtime, contract)
        return Reply(self._runtime.journal.coverage.report([mount.compiled for mount in mounts]))

    @answers("resetCoverage")
    async def reset_coverage(self) -> Reply:
        """Begin to count anew."""
        await self._runtime.journal.recount()
        return NOTHING


def _contract(mount: Mount) -> dict[str, Any]:
    info = mount.compiled.contract.document.get("info")
    told = info if isinstance(info, dict) else {}
    return {
        "name": mount.compiled.name,
        "title": str(told.get("title", "")),
        "version": str(told.get("version", "")),
        "prefixes": [prefix or "/" for prefix in mount.prefixes],
        "operations": len(mount.compiled.operations),
    }


def _operation(mount: Mount, compiled: CompiledOperation) -> dict[str, Any]:
    operation = compiled.operation
    return {
        "contract": mount.compiled.name,
        "id": operation.id,
        "method": operation.method,
        "path": mount.key + operation.path,
        "summary": str(operation.value.get("summary", "")),
        "statuses": list(operation.responses),
        "answers": [
            {"declared": key, "status": concrete_status(compiled, key), "examples": _sound_examples(response)}
            for key, response in compiled.responses.items()
        ],
        "defect": compiled.defect or None,
    }


def _sound_examples(response: CompiledResponse) -> list[str]:
    """Name the examples that can be sent."""
    return list(dict.fromkeys(one.name for media in response.media for one in media.examples.values() if one.is_valid))


def _variant(mount: Mount, operation: CompiledOperation, variant: Variant) -> dict[str, Any]:
    media = variant.choice.media
    told: dict[str, Any] = {
        "id": variant.id,
        "kind": variant.kind,
        "status": variant.choice.status,
        "declared": variant.key,
        "media_type": media.media_type if media else None,
        "example": variant.example or None,
        "pointer": pointers.join(variant.pointer) if variant.is_changed else None,
    }
    if variant.value is not MISSING:
        told["value"] = variant.value
    return {**told, "request": request_for(mount, operation, variant)}
