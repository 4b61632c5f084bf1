"""The wheel, installed where the repository is not, does everything a clone does."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parents[2]
PAGES = ("/__understudy__/", "/__understudy__/page/journal", "/__docs/de/talkturo/index.html")
SOURCES = ("pyproject.toml", "README.md", "LICENSE", "generator", "mock", "spec")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a copy, install it alone, delete the copy; give the folder of the commands.

    What the wheel depends on is borrowed from the environment of the tests: no test fetches anything.
    """
    copy = tmp_path_factory.mktemp("copy")
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, copy / name)
    wheels = tmp_path_factory.mktemp("wheels")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    subprocess.run(
        [*pip, "wheel", "--no-build-isolation", "--no-deps", "--no-index", "--wheel-dir", str(wheels), str(copy)],
        check=True,
    )
    shutil.rmtree(copy)
    home = tmp_path_factory.mktemp("environment")
    venv.create(home, with_pip=False)
    library = next(home.glob("lib/python3*/site-packages"))
    (library / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    (wheel,) = wheels.glob("*.whl")
    subprocess.run(
        [*pip, "--python", str(home / "bin" / "python"), "install", "--no-deps", "--no-index", str(wheel)], check=True
    )
    return home / "bin"


def run(folder: Path, *arguments: str, where: Path) -> subprocess.CompletedProcess[str]:
    environment = {"HOME": str(where), "PATH": f"{folder}:{os.environ['PATH']}"}
    return subprocess.run(
        [folder / "understudy", *arguments], cwd=where, env=environment, capture_output=True, text=True, check=False
    )


def test_it_is_the_wheel_that_runs(installed: Path, tmp_path: Path) -> None:
    code = "import understudy, understudy_mock; print(understudy.__file__, understudy_mock.__file__)"
    printed = subprocess.run(
        [installed / "python", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout
    assert printed.count(str(installed.parent)) == 2


def test_it_ships_both_contracts(installed: Path, tmp_path: Path) -> None:
    result = run(installed, "check", "talkover", "talkturo", where=tmp_path)
    assert (result.returncode, result.stdout) == (0, "")


def test_it_publishes_a_site_with_its_looks_in_all_languages(installed: Path, tmp_path: Path) -> None:
    result = run(installed, "publish", "talkover", "-o", "site", where=tmp_path)
    assert (result.returncode, result.stdout) == (0, "")
    site = tmp_path / "site"
    pages = [site / language / "ops" / "listPhoneNumbers.html" for language in ("en", "pt-BR")]
    named = [set(re.findall(r'(?:href|src)="([^":#?]+)[^":]*"', page.read_text("utf-8"))) for page in pages]
    assert all("../../assets/site.css" in names for names in named)
    wanted = {(page.parent / name).resolve() for page, names in zip(pages, named, strict=True) for name in names}
    assert [path for path in sorted(wanted) if not path.is_file()] == []
    shown = [re.sub(r"<[^>]*>", " ", page.read_text("utf-8")) for page in pages]
    assert [("Responses" in text, "Respostas" in text) for text in shown] == [(True, False), (False, True)]


def test_its_translations_are_sound(installed: Path, tmp_path: Path) -> None:
    result = run(installed, "overlay", "check", "talkover", where=tmp_path)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "1 overlay, no finding\n")


@pytest.mark.parametrize(("kind", "file"), [("fixtures", "manifest.json"), ("msw", "handlers.ts")])
def test_it_exports(installed: Path, tmp_path: Path, kind: str, file: str) -> None:
    result = run(installed, "export", kind, "talkover", "-o", "taken", where=tmp_path)
    assert (result.returncode, result.stdout) == (0, "")
    assert "listPhoneNumbers" in (tmp_path / "taken" / file).read_text("utf-8")


def test_it_serves_both_contracts(installed: Path, tmp_path: Path) -> None:
    command = [str(installed / "understudy"), "serve", "talkover", "talkturo", "--port", "0"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        first = server.stderr.readline()
        found = re.search(r"http://\S+:\d+", first)
        assert found, first + server.stderr.read()
        try:
            headers = {"Authorization": "Bearer talq_x"}
            numbers = httpx.get(f"{found.group()}/api/v1/phone-numbers", headers=headers)
            search = httpx.post(
                f"{found.group()}/api/phone-numbers/search", headers=headers, json={"filters": {"countryCode": "US"}}
            )
            pages = [httpx.get(f"{found.group()}{path}", timeout=60) for path in PAGES]
            styles = [httpx.get(page.url.join(_style(page))) for page in pages]
        finally:
            server.send_signal(signal.SIGINT)
    assert [number["id"] for number in numbers.json()["data"]] == ["phone-uuid-1", "phone-uuid-2"]
    assert search.json()["numbers"][0]["phoneNumber"] == "+14155550101"
    assert [(page.status_code, style.headers["content-type"]) for page, style in zip(pages, styles, strict=True)] == [
        (200, "text/css; charset=utf-8")
    ] * len(PAGES)
    assert server.returncode == 0


def _style(page: httpx.Response) -> str:
    found = re.search(r'<link rel="stylesheet" href="([^"]+)"', page.text)
    assert found, page.text
    return found[1]
