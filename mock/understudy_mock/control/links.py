"""A variant of an operation's answers goes in; a request that passes every check and is answered so comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from understudy_mock.media import is_json
from understudy_mock.sample_requests import SampleRequest

if TYPE_CHECKING:
    from understudy_mock.compiling import CompiledOperation
    from understudy_mock.mounting import Mount
    from understudy_mock.variants import Variant


def request_for(mount: Mount, operation: CompiledOperation, variant: Variant) -> dict[str, Any]:
    """Write the request: the method, a path with its query, the wish, and the headers and body that are needed."""
    wishes, sample, media = _wishes(variant), SampleRequest(operation), variant.choice.media
    query = "&".join([*sample.query, urlencode([(f"__{name}", value) for name, value in wishes])])
    made: dict[str, Any] = {
        "method": operation.operation.method,
        "href": f"{mount.key}{sample.path}?{query}",
        "prefer": ", ".join(f"{name}={value if value.isascii() else quote(value)}" for name, value in wishes),
        "accept": media.media_type if media else "*/*",
    }
    if sample.headers:
        made["headers"] = [{"name": name, "value": value} for name, value in sample.headers]
    if sample.body is None:
        return made
    is_value = is_json(sample.body.media_type)
    body = sample.body.value if is_value else sample.body.content.decode("utf-8", "replace")
    return made | {"content_type": sample.body.media_type, "body": body}


def _wishes(variant: Variant) -> list[tuple[str, str]]:
    if variant.is_changed:
        return [("variant", variant.id)]
    code = ("code", str(variant.choice.status))
    return [code, ("example", variant.example)] if variant.example else [code]
