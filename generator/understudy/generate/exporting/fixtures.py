"""What a mock answers goes in; a file for each example, and a manifest that tells what each is, come out."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from understudy.generate.exporting.answers import Answer, Operation, Repertoire

MANIFEST = "manifest.json"

_LONGEST = 80
_DIGEST = 8
_UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)")
"""Names that Windows keeps for devices."""
_EXTENSIONS = {
    "application/javascript": "js",
    "application/octet-stream": "bin",
    "application/pdf": "pdf",
    "application/x-www-form-urlencoded": "form",
    "application/zip": "zip",
    "application/x-yaml": "yaml",
    "application/yaml": "yaml",
    "image/jpeg": "jpg",
    "image/svg+xml": "svg",
    "text/csv": "csv",
    "text/event-stream": "events",
    "text/html": "html",
    "text/markdown": "md",
    "text/plain": "txt",
}
_SUFFIXES = {"+json": "json", "+xml": "xml", "/json": "json", "/xml": "xml", "/yaml": "yaml", "-json": "json"}
_SUBTYPE = re.compile(r"(?:image|audio|video|font)/(?:x-)?([a-z0-9]{1,5})")


def fixtures(repertoire: Repertoire) -> dict[str, bytes]:
    """Give the files by name: `<operationId>.<status>.<example>.<extension>`, the bytes that the mock sends."""
    files: dict[str, bytes] = {}
    entries = []
    taken = {MANIFEST}
    for operation in repertoire.operations:
        for answer in operation.answers:
            name = _unique(_name(operation, answer), taken) if answer.media_type else None
            if name is not None:
                files[name] = answer.body
            entries.append(_entry(operation, answer, name))
    told = {"contract": repertoire.name, "version": repertoire.version, "answers": entries}
    files[MANIFEST] = (json.dumps(told, indent=2, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")
    return files


def _entry(operation: Operation, answer: Answer, file: str | None) -> dict[str, Any]:
    return {
        "operationId": operation.id,
        "method": operation.method,
        "path": operation.path,
        "response": answer.key,
        "status": answer.status,
        "example": answer.example or None,
        "headers": dict(answer.headers),
        "file": file,
    }


def _name(operation: Operation, answer: Answer) -> str:
    words = [_safe(operation.id), answer.key, _safe(answer.example) if answer.example else "made-up"]
    name = ".".join([*words, extension(answer.media_type)])
    return f"_{name}" if _RESERVED.match(name) else name


def _safe(text: str) -> str:
    """Keep letters, digits, hyphens and underscores; what is long is cut, and told from others by a digest."""
    safe = _UNSAFE.sub("-", text).strip("-") or "_"
    if len(safe) <= _LONGEST:
        return safe
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST]
    return f"{safe[: _LONGEST - _DIGEST - 1]}-{digest}"


def _unique(name: str, taken: set[str]) -> str:
    """Add a number to a name that is taken, in whatever case: some file systems do not tell cases apart."""
    start, _, end = name.rpartition(".")
    found, count = name, 1
    while found.lower() in taken:
        count += 1
        found = f"{start}-{count}.{end}"
    taken.add(found.lower())
    return found


def extension(media_type: str) -> str:
    """Choose a file name's extension: `application/problem+json` → `json`, `image/png` → `png`, else `bin`."""
    name = media_type.partition(";")[0].strip().lower()
    if name in _EXTENSIONS:
        return _EXTENSIONS[name]
    for ending, found in _SUFFIXES.items():
        if name.endswith(ending):
            return found
    match = _SUBTYPE.fullmatch(name)
    if match:
        return match[1]
    return "txt" if name.startswith("text/") else "bin"
