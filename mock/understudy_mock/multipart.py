"""A `multipart/form-data` body goes in; name, text and media type of its fields come out (RFC 7578).

The door to python-multipart.
"""

from __future__ import annotations

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from understudy_mock.media import MalformedError, parameter


class _Parts:
    def __init__(self) -> None:
        self.fields: list[tuple[str, str, str]] = []
        self.name = b""
        self.header = b""
        self.disposition = b""
        self.media_type = b""
        self.content = b""
        self.is_whole = False

    def on_part_begin(self) -> None:
        self.header = self.disposition = self.media_type = self.content = b""

    def on_header_begin(self) -> None:
        self.header = self.name = b""

    def on_header_field(self, data: bytes, start: int, end: int) -> None:
        self.name += data[start:end]

    def on_header_value(self, data: bytes, start: int, end: int) -> None:
        self.header += data[start:end]

    def on_header_end(self) -> None:
        if self.name.lower() == b"content-disposition":
            self.disposition = self.header
        elif self.name.lower() == b"content-type":
            self.media_type = self.header

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        self.content += data[start:end]

    def on_part_end(self) -> None:
        _, options = parse_options_header(self.disposition)
        name = options.get(b"name", b"").decode("utf-8", "replace")
        self.fields.append((name, self.content.decode("utf-8", "replace"), self.media_type.decode("latin-1")))

    def on_end(self) -> None:
        self.is_whole = True


def read_multipart(content_type: str, content: bytes) -> list[tuple[str, str, str]]:
    """Read the name, text and media type (empty if not said) of all parts.

    Raises MalformedError if the boundary is missing or the body ends in the middle.
    """
    boundary = parameter(content_type, "boundary")
    if not boundary:
        raise MalformedError("its Content-Type names no boundary")
    parts = _Parts()
    callbacks = {name: getattr(parts, name) for name in dir(parts) if name.startswith("on_")}
    try:
        parser = MultipartParser(boundary, callbacks)  # type: ignore[arg-type] # its TypedDict lists the same names
        parser.write(content)
        parser.finalize()
    except FormParserError as error:
        raise MalformedError(f"it is not a multipart body: {error}") from None
    if not parts.is_whole:
        raise MalformedError("it ends before its last boundary")
    return parts.fields
