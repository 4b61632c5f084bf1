"""HTTPS: a certificate that is made and kept, one's own files, and what is wrong with them."""

from __future__ import annotations

import shlex
import ssl
import stat
import subprocess
import sysconfig
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

import pytest
import trustme

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Serve, Server

UNDERSTUDY = f"{sysconfig.get_path('scripts')}/understudy"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


def status(url: str, authority: Path) -> int:
    """Ask over HTTPS, trusting this authority and no other."""
    context = ssl.create_default_context(cafile=authority)
    try:
        with urllib.request.urlopen(url + "/nothing", timeout=60, context=context) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def named(server: Server, host: str) -> str:
    return f"https://{host}:{server.port}"


def test_a_certificate_is_made_for_all_names_of_this_machine(serve: Serve, cache: Path) -> None:
    server = serve("talkturo", "--tls")
    authority = cache / "understudy" / "tls" / "localhost" / "ca.pem"
    assert server.url == f"https://127.0.0.1:{server.port}"
    assert f"Its certificate is signed by {authority}: curl --cacert {authority} …\n" in server.said()
    assert [status(named(server, host), authority) for host in ("127.0.0.1", "localhost")] == [404, 404]


def test_the_key_is_for_its_owner_only_and_the_authority_s_is_not_kept(serve: Serve, cache: Path) -> None:
    serve("talkturo", "--tls")
    keys = [file for file in cache.rglob("*.pem") if b"PRIVATE KEY" in file.read_bytes()]
    assert [file.name for file in keys] == ["server-key.pem"]
    assert stat.S_IMODE(keys[0].stat().st_mode) == 0o600


def test_the_certificate_is_used_again(serve: Serve, cache: Path) -> None:
    serve("talkturo", "--tls").stop()
    first = {file: file.read_bytes() for file in cache.rglob("*.pem")}
    serve("talkturo", "--tls").stop()
    assert {file: file.read_bytes() for file in cache.rglob("*.pem")} == first


def test_the_request_on_the_screen_works_as_it_stands(serve: Serve) -> None:
    line = next(line for line in serve("talkturo", "--tls").said().splitlines() if line.startswith("  curl "))
    told = subprocess.run(
        [*shlex.split(line), "--silent", "--output", "/dev/null", "--write-out", "%{http_code}"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert told.stdout == "200"


@pytest.fixture
def own(tmp_path: Path) -> tuple[Path, Path, Path]:
    """Write a certificate, its key and its authority."""
    authority, files = trustme.CA(), (tmp_path / "mine.pem", tmp_path / "mine.key", tmp_path / "mine-ca.pem")
    leaf = authority.issue_cert("localhost")
    leaf.cert_chain_pems[0].write_to_path(files[0])
    leaf.private_key_pem.write_to_path(files[1])
    authority.cert_pem.write_to_path(files[2])
    return files


def test_one_s_own_certificate_is_shown(serve: Serve, own: tuple[Path, Path, Path], cache: Path) -> None:
    server = serve("talkturo", "--tls-cert", str(own[0]), "--tls-key", str(own[1]))
    assert status(named(server, "localhost"), own[2]) == 404
    assert not cache.exists()


def refused(cwd: Path, *words: str) -> str:
    told = subprocess.run(
        [UNDERSTUDY, "serve", "talkturo", "--port", "0", *words],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert told.returncode == 2
    assert "Traceback" not in told.stderr
    return told.stderr


def test_files_that_are_no_certificate_are_told(tmp_path: Path, own: tuple[Path, Path, Path]) -> None:
    (tmp_path / "text").write_text("hello\n", "utf-8")
    assert "`--tls-cert` needs `--tls-key`." in refused(tmp_path, "--tls-cert", "mine.pem")
    assert "`--tls-key` needs `--tls-cert`." in refused(tmp_path, "--tls-key", "mine.key")
    assert "gone.pem can't be read" in refused(tmp_path, "--tls-cert", "gone.pem", "--tls-key", "mine.key")
    assert "not a certificate and a key" in refused(tmp_path, "--tls-cert", "text", "--tls-key", "mine.key")
    trustme.CA().issue_cert("localhost").private_key_pem.write_to_path(own[1])
    told = refused(tmp_path, "--tls-cert", "mine.pem", "--tls-key", "mine.key")
    assert "the key belongs to another certificate" in told


def test_a_key_with_a_password_is_told_and_nobody_is_asked_for_it(tmp_path: Path, own: tuple[Path, Path, Path]) -> None:
    command = [
        "openssl",
        "pkey",
        "-in",
        str(own[1]),
        "-aes256",
        "-passout",
        "pass:secret",
        "-out",
        str(tmp_path / "locked.key"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    told = refused(tmp_path, "--tls-cert", "mine.pem", "--tls-key", "locked.key")
    assert "The private key locked.key is encrypted." in told


def test_a_cache_that_can_not_be_written_is_told(tmp_path: Path, cache: Path) -> None:
    cache.write_text("a file where a folder should be", "utf-8")
    told = subprocess.run(
        [UNDERSTUDY, "serve", "talkturo", "--port", "0", "--tls"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert told.returncode == 3
    assert "The certificate can't be kept in" in told.stderr


def test_plain_http_on_the_secure_port_disturbs_nobody(serve: Serve, cache: Path) -> None:
    server = serve("talkturo", "--tls")
    with pytest.raises(OSError, match=r".+"):
        urllib.request.urlopen(f"http://127.0.0.1:{server.port}/", timeout=60)
    assert status(server.url, cache / "understudy" / "tls" / "localhost" / "ca.pem") == 404
