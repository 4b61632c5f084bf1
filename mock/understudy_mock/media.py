"""Media types and JSON text: names compared as RFC 9110 says, values written exactly as the contract wrote them.

The one door to msgspec. Fractions are `decimal.Decimal` on both sides, so `1.00` is answered as `1.00`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec

_encode = msgspec.json.Encoder(decimal_format="number").encode
_decode = msgspec.json.Decoder(float_hook=Decimal).decode
_pack = msgspec.msgpack.Encoder().encode


class MalformedError(ValueError):
    """Bytes that are not what their media type says; the message tells where."""


def to_json(value: Any) -> bytes:
    """Write compact JSON: keys in their order, characters outside ASCII as they are (RFC 8259)."""
    return _encode(value)


def indented(value: Any) -> str:
    """Write JSON for people: two spaces a level, and every number as `to_json` writes it."""
    return msgspec.json.format(_encode(value), indent=2).decode()


def from_json(content: bytes) -> Any:
    """Read JSON. Raises MalformedError for anything else, nesting beyond the interpreter's stack included."""
    if not content.strip():
        raise MalformedError("it is empty")
    try:
        return _decode(content)
    except RecursionError:
        raise MalformedError("it is nested too deeply") from None
    except UnicodeDecodeError as error:
        raise MalformedError(f"it is not UTF-8 (byte {error.start})") from None
    except msgspec.DecodeError as error:
        text = str(error).removeprefix("JSON is malformed: ")
        raise MalformedError(text[:1].lower() + text[1:]) from None


def pack(value: Any) -> bytes:
    """Write lists, texts, numbers and bytes for another process of ours (MessagePack)."""
    return _pack(value)


def unpack(content: bytes) -> Any:
    """Read what `pack` has written."""
    return msgspec.msgpack.decode(content)


def bare(media_type: str) -> str:
    """Drop parameters and case: `Application/JSON; charset=utf-8` → `application/json` (RFC 9110, 8.3.1)."""
    return media_type.partition(";")[0].strip().lower()


def is_json(media_type: str) -> bool:
    """Tell whether the media type holds JSON (RFC 6839, 3.1)."""
    name = bare(media_type)
    return name == "application/json" or name.endswith("+json")


def parameter(media_type: str, name: str) -> str:
    """Read one parameter of a media type, without quotes; empty if it has none."""
    for part in media_type.split(";")[1:]:
        key, _, value = part.partition("=")
        if key.strip().lower() == name:
            return value.strip().strip('"')
    return ""


def matches(media_range: str, media_type: str) -> bool:
    """Tell whether a range such as `text/*` covers a media type (RFC 9110, 12.5.1), parameters aside."""
    wanted, offered = bare(media_range), bare(media_type)
    if wanted in ("*/*", offered):
        return True
    return wanted.endswith("/*") and offered.startswith(wanted[:-1])
