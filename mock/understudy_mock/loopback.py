"""A client's address, or the name that it calls us by, goes in; whether it is one of this machine comes out.

A page of a stranger may have its own name lead here (DNS rebinding), and then be of our origin to a browser. So who
lets in none but this machine looks at `Host`, which tells that name.
"""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from understudy_mock.exchange import Exchange

_HOST = re.compile(r"(?:\[([0-9a-fA-F:.]+)\]|([^:,\[\]]*))(?::[0-9]*)?")
_LONGEST = 100


def is_loopback(name: str) -> bool:
    """Tell whether an address, or a name without a port, is this machine's alone (RFC 6761, section 6.3; RFC 6890)."""
    if name.lower().rstrip(".") == "localhost" or name.lower().endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback)


def strange_name(exchange: Exchange) -> str | None:
    """Give the name that a request calls us by, quoted, unless it is one of this machine (RFC 9110, section 7.2)."""
    host = exchange.header(b"host") or "localhost"
    return None if is_loopback(_name(host)) else repr(host[:_LONGEST])


def _name(host: str) -> str:
    """Take the port off a Host header; what is not of its form stays as it is and is no name."""
    match = _HOST.fullmatch(host)
    return match[1] or match[2] if match else host
