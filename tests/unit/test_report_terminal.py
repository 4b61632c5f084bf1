"""Code frames: which lines, where the mark stands, and that no document can play with the terminal."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from understudy.errors import EnvironmentFailedError, InputError
from understudy.finding import Finding, Location, Severity
from understudy.report import save, write
from understudy.report.frame import cells, frame, printable
from understudy.report.terminal import count, show_error

if TYPE_CHECKING:
    from pathlib import Path


def marked(path: Path, line: int, column: int) -> str:
    """Return what the mark stands under."""
    shown = next(one for one in frame(Location(str(path), line, column)) if one.length)
    text, start = "", 0
    for character in shown.text:
        if shown.indent <= start < shown.indent + shown.length:
            text += character
        start += cells(character)
    return text


@pytest.mark.parametrize(
    ("line", "column", "expected"),
    [
        ("a: value", 4, "value"),
        ("a: two words  # comment", 4, "two words"),
        ('a: "quoted # text", b', 4, '"quoted # text"'),
        ("a: {b: 1}", 4, "{"),
        ("a: {b: 1, c: 2}", 8, "1"),
        ("key: value", 1, "key"),
        ("/a/{b}: value", 1, "/a/{b}"),
        ('{"名前": "値", "b": 3}', 8, '"値"'),
        ("\t\ta: x", 6, "x"),
        ("a:", 3, ""),
        ("a: http://b/c", 4, "http://b/c"),
    ],
)
def test_the_mark_stands_under_the_value(line: str, column: int, expected: str, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(line + "\n")
    assert marked(tmp_path / "a.yaml", 1, column) == expected


def test_two_lines_before_and_after(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("\n".join(f"line {number}" for number in range(1, 10)))
    assert [line.number for line in frame(Location(str(tmp_path / "a"), 5, 1))] == [3, 4, 5, 6, 7]
    assert [line.number for line in frame(Location(str(tmp_path / "a"), 1, 1))] == [1, 2, 3]
    assert [line.number for line in frame(Location(str(tmp_path / "a"), 9, 1))] == [7, 8, 9]


def test_a_line_too_long_is_cut_around_the_value(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x" * 5000 + " here " + "y" * 5000)
    line = frame(Location(str(tmp_path / "a"), 1, 5002))[0]
    assert cells(line.text) <= 112
    assert line.text[line.indent : line.indent + 4] == "here"


@pytest.mark.parametrize(
    "place", [Location("no/such/file", 1, 1), Location("x\0y", 1, 1), Location("", 1, 1), Location(".", 1)]
)
def test_no_frame_without_a_file(place: Location) -> None:
    assert frame(place) == []


def test_no_frame_beyond_the_end(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\xff\xfe")
    assert frame(Location(str(tmp_path / "a"), 7, 1)) == []
    assert frame(Location(str(tmp_path / "a"), 1, 900))


def test_nothing_that_steers_a_terminal_gets_through(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a: \x1b[31mred\x07 \u202eright to left\n")
    stream = io.StringIO()
    finding = Finding(
        "r\x1b", "m\x1b[2J", location=Location(str(tmp_path / "a"), 1, 4), operation="o\x9b", remedy="x\x00"
    )
    write("terminal", [finding], stream)
    assert not set(stream.getvalue()) & {"\x1b", "\x07", "\u202e", "\x9b", "\x00"}
    assert printable("a\tb\nc") == "a b c"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_colour_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    terminal, pipe = Terminal(), io.StringIO()
    for stream in (terminal, pipe):
        write("terminal", [Finding("a", "b")], stream)
    assert "\x1b[1;31merror[a]\x1b[0m" in terminal.getvalue()
    assert "\x1b" not in pipe.getvalue()
    monkeypatch.setenv("NO_COLOR", "1")
    quiet = Terminal()
    write("terminal", [Finding("a", "b")], quiet)
    assert "\x1b" not in quiet.getvalue()


def test_an_error_shows_its_lines(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("one: 1\ntwo: 2\n")
    stream = io.StringIO()
    show_error(
        InputError(Finding("input", "Wrong.", remedy="Do.", location=Location(f"{tmp_path}/a.yaml", 2, 6))), stream
    )
    assert "2 │ two: 2\n  │      ^\n  = Do.\n" in stream.getvalue()
    plain = io.StringIO()
    show_error(EnvironmentFailedError("Port taken.", "Take another."), plain)
    assert plain.getvalue() == "error: Port taken.\n  Take another.\n"


def test_findings_are_counted_in_words() -> None:
    kinds = (Severity.ERROR, Severity.ERROR, Severity.WARNING, Severity.INFO)
    assert count([Finding("a", "b", kind) for kind in kinds]) == "2 errors, 1 warning, 1 note"


def test_a_saved_report_replaces_or_leaves_alone(tmp_path: Path) -> None:
    target = tmp_path / "report.json"
    save("json", [], target)
    first = target.read_text()
    target.chmod(0o640)
    save("json", [Finding("a", "\ud800")], target)
    assert target.read_text() != first
    assert target.stat().st_mode & 0o777 == 0o640
    with pytest.raises(EnvironmentFailedError):
        save("json", [], tmp_path / "none" / "report.json")
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]
