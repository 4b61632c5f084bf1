"""The translations that are shipped: prose of the contract, in other words, and nothing else."""

from __future__ import annotations

import pytest

from understudy.contract.files import shipped
from understudy.contract.loading import load
from understudy.contract.overlays import apply, extract, prose_subject, read_overlay, translations
from understudy.contract.overlays.prose import DISPLAY_NAME, without_prose
from understudy.contract.source import parse
from understudy.contract.writing import to_yaml


@pytest.mark.parametrize("name", sorted(shipped()))
def test_a_translation_without_its_prose_is_the_contract(name: str) -> None:
    contract = load(name)
    subject = prose_subject(contract)
    for translation in translations(contract).values():
        assert without_prose(translation.document) == without_prose(subject)
        assert translation.document != subject


@pytest.mark.parametrize("name", sorted(shipped()))
def test_what_is_extracted_changes_nothing(name: str) -> None:
    contract = load(name)
    overlay = read_overlay(parse("xx.yaml", to_yaml(extract(contract, "xx", extends="x")).encode()))
    document = apply(prose_subject(contract), overlay).document
    for tag in document.get("tags", ()):
        if tag[DISPLAY_NAME] == tag["name"]:
            del tag[DISPLAY_NAME]
    assert document == prose_subject(contract)
