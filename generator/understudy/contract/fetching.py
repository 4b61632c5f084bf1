"""A URL goes in; what its server answers comes out, or why it can't be had."""

from __future__ import annotations

from urllib.parse import urlsplit

from understudy.errors import EnvironmentFailedError, UsageError

_SECONDS = 30


class RefusedError(OSError):
    """The server is there, and has no such document for us; `strerror` says what it answers (RFC 9110, section 15)."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(status, reason)


def is_url(address: str) -> bool:
    """Tell an address on the network from a file's."""
    return address.startswith(("http://", "https://"))


def host_of(address: str) -> str:
    """Give the host of a URL. Raises UsageError for what is none (RFC 3986, section 3.2)."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or not address.isprintable():
        raise UsageError(f"`{address}` is no URL.", "Write it as https://host/path.")
    return host


def fetch(address: str) -> bytes:
    """Fetch a document. Raises RefusedError, and EnvironmentFailedError where the server can't be reached or fails."""
    import httpx

    host_of(address)
    try:
        response = httpx.get(address, follow_redirects=False, timeout=_SECONDS)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        reason = str(error).rstrip(".") or type(error).__name__
        raise EnvironmentFailedError(f"{address} can't be fetched: {reason}.", "Check the address.") from None
    answer = f"{response.status_code} {response.reason_phrase}".strip()
    if response.is_server_error:
        raise EnvironmentFailedError(f"{address} can't be fetched: its server answers {answer}.", "Try it again later.")
    if response.has_redirect_location:
        target = response.headers["location"]
        raise RefusedError(response.status_code, f"Its server answers {answer} and leads on to {target}")
    if not response.is_success:
        raise RefusedError(response.status_code, f"Its server answers {answer}")
    return response.content
