"""Certificates that are made: for which names, for how long, and when anew."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from cryptography import x509

from understudy.errors import UsageError
from understudy_mock.certificates import generated

if TYPE_CHECKING:
    from pathlib import Path

    from understudy_mock.certificates import Certificate


def read(made: Certificate) -> x509.Certificate:
    return x509.load_pem_x509_certificate(made.chain.read_bytes())


def names(made: Certificate) -> set[str]:
    found = read(made).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return {str(name.value) for name in found}


def test_it_is_for_this_machine_and_the_host(tmp_path: Path) -> None:
    assert names(generated("127.0.0.1", tmp_path)) == {"localhost", "127.0.0.1", "::1"}
    assert names(generated("mock.test", tmp_path)) == {"mock.test", "localhost", "127.0.0.1", "::1"}
    assert names(generated("fd00::7", tmp_path)) == {"fd00::7", "localhost", "127.0.0.1", "::1"}


def test_the_leaf_lives_no_longer_than_browsers_like(tmp_path: Path) -> None:
    left = read(generated("localhost", tmp_path)).not_valid_after_utc - datetime.now(UTC)
    assert timedelta(days=300) < left < timedelta(days=398)


@pytest.mark.parametrize("name", ["server.pem", "server-key.pem", "ca.pem", "expires"])
@pytest.mark.parametrize("spoil", ["lost", "garbage"])
def test_one_that_is_not_whole_is_made_anew(tmp_path: Path, name: str, spoil: str) -> None:
    first = generated("localhost", tmp_path)
    serial, file = read(first).serial_number, first.chain.parent / name
    if spoil == "lost":
        file.unlink()
    else:
        file.write_text("garbage", "ascii")
    again = generated("localhost", tmp_path)
    assert read(again).serial_number != serial
    assert read(generated("localhost", tmp_path)).serial_number == read(again).serial_number


def test_one_that_is_about_to_expire_is_made_anew(tmp_path: Path) -> None:
    first = generated("localhost", tmp_path)
    serial = read(first).serial_number
    soon = datetime.now(UTC) + timedelta(days=2)
    (first.chain.parent / "expires").write_text(soon.isoformat(), "ascii")
    assert read(generated("localhost", tmp_path)).serial_number != serial
    assert [folder.name for folder in (tmp_path / "tls").iterdir()] == ["localhost"]


def test_a_host_that_no_certificate_can_name_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no name that a certificate can carry"):
        generated("a" * 300, tmp_path)
