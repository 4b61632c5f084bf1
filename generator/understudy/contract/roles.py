"""What a word of the command line is meant to be; an error about it calls it so, and says what else may be named."""

from __future__ import annotations

from dataclasses import dataclass

_ANY = "a file, a directory with an openapi.yaml, a URL, - for standard input, or one of: {shipped}"


@dataclass(frozen=True)
class Role:
    """How a file is called, and what may stand in its place; only a contract may be a directory, or one shipped."""

    noun: str
    choices: str = _ANY
    is_contract: bool = True

    def remedy(self, shipped: str) -> str:
        """Say what may be named."""
        return f"Name {self.choices.format(shipped=shipped)}."


CONTRACT = Role("contract")
DOCUMENT = Role("document", f"any JSON or YAML document: {_ANY}")
DOCUMENT_OR_OVERLAY = Role("document or overlay", f"any JSON or YAML document, or an overlay: {_ANY}")
OLDER = Role("older version", f"{_ANY}; git:REF:PATH is a file as it was")
OVERLAY = Role("overlay", "the overlay's file, a URL, git:REF:PATH, or - for standard input", is_contract=False)
