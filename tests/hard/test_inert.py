"""Hostile text that a table may hold does nothing in any output."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sqlite3
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path

import feedparser
import icalendar
import inputs
import pytest
from hostile import NAMES
from markdown_it import MarkdownIt

from frtracker.text.sheet import safe_csv


def output(path: Path, *words: str) -> str:
    result = inputs.run(*words, "--policies", str(path))
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_record_is_accepted(hostile: Path) -> None:
    result = inputs.run("validate", str(hostile))
    assert result.exit_code == 0, result.output
    assert inputs.trouble(result) == ""


TEXTS = [
    ("status", "--all"),
    ("show", "the vendor of number 0"),
    ("changes", "--since", "2020"),
    ("upcoming", "--as-of", "2021"),
    ("stale",),
]


@pytest.mark.parametrize("text", inputs.REFUSED, ids=ascii)
@pytest.mark.parametrize(
    "columns", [("summary",), ("subject", "source_url", "policy_id", "decided_on")], ids=len
)
def test_what_acts_is_refused_and_told_inertly(
    text: str, columns: tuple[str, ...], tmp_path: Path
) -> None:
    table = [dict(row) for row in inputs.rows()]
    table[3] |= dict.fromkeys(columns, text)
    result = inputs.run("validate", str(inputs.folder_with(tmp_path, inputs.text_of(table))))
    assert result.exit_code == 1
    assert inputs.trouble(result) == ""


@pytest.mark.parametrize("format_name", ["table", "markdown", "csv", "json"])
def test_an_edition_that_was_never_checked_prints_inertly(format_name: str, tmp_path: Path) -> None:
    # a terminal is told apart from a pipe: bytes for programs stay as they are
    table = [dict(row) for row in inputs.rows()]
    table[3]["notes"] = "\x1b[31m\x9b0m\u202e|<b>"
    new = inputs.folder_with(tmp_path, inputs.text_of(table))
    words = ("diff", str(inputs.BASE / "policies.csv"), str(new), "-f", format_name)
    printed = on_a_terminal(*words)
    printed = COLOR.sub("", printed)  # ours
    assert not [character for character in printed if inputs.acts(character)]


COLOR = re.compile(r"\x1b\[[0-9;]*m")


def on_a_terminal(*words: str) -> str:
    """What a person sees: standard output is a terminal."""
    pty = pytest.importorskip("pty")
    leader, follower = pty.openpty()
    code = f"from frtracker.cli import main; main({list(words)!r})"
    with subprocess.Popen([sys.executable, "-c", code], stdout=follower) as process:
        os.close(follower)
        printed = b""
        while True:
            try:
                block = os.read(leader, 65536)
            except OSError:  # Linux says so at the end
                break
            if not block:
                break
            printed += block
    os.close(leader)
    assert process.returncode == 0
    return printed.decode().replace("\r\n", "\n")


# --- Markdown


@pytest.mark.parametrize("words", TEXTS, ids=lambda words: words[0])
def test_markdown_has_no_tags_no_new_links_and_whole_tables(
    words: tuple[str, ...], hostile: Path, harmless: Path
) -> None:
    shapes = []
    for path in (hostile, harmless):
        text = output(path, *words, "-f", "markdown")
        tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(text)
        flat = [token for outer in tokens for token in (outer, *(outer.children or ()))]
        assert not [token.content for token in flat if token.type.startswith("html")]
        links = [token.attrs["href"] for token in flat if token.type == "link_open"]
        assert not [link for link in links if not str(link).startswith("https://example.org/")]
        shapes.append([token.type for token in tokens if token.type.startswith(("t", "list"))])
    assert shapes[0] == shapes[1]


# --- CSV

CSV_WORDS = [(*words, "-f", "csv") for words in TEXTS if words[0] != "diff"]
FORMULA = re.compile(r"\s*[=+@\-＝＋－＠]")
NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


@pytest.mark.parametrize("words", CSV_WORDS, ids=lambda words: words[0])
def test_csv_keeps_its_text_and_safe_csv_runs_nothing(
    words: tuple[str, ...], hostile: Path
) -> None:
    plain = list(csv.reader(io.StringIO(output(hostile, *words), newline="")))
    text = output(hostile, *words, "--safe-csv")
    assert text.startswith("\ufeff"), "by which a spreadsheet knows UTF-8"
    safe = list(csv.reader(io.StringIO(text[1:], newline="")))
    for row, guarded in zip(plain, safe, strict=True):
        for cell, told in zip(row, guarded, strict=True):
            runs = FORMULA.match(cell) and not NUMBER.fullmatch(cell)
            assert told == (f"'{cell}" if runs else cell)


FORMULAS = [
    ("=1+1", "'=1+1"),
    ("+1+1", "'+1+1"),
    ("-1+1", "'-1+1"),
    ("@SUM(A1)", "'@SUM(A1)"),
    ("＝1", "'＝1"),
    ("\t=1", "'\t=1"),
    (" =1", "' =1"),
    ("\n=1", "'\n=1"),
    ("-122.33", "-122.33"),
    ("+5", "+5"),
    ("a=1", "a=1"),
    ("'=1", "''=1"),
    ("''\t@x", "'''\t@x"),
    ("'-3", "''-3"),
    ("'a", "'a"),
    ("", ""),
    ("-", "'-"),
    ('=a"b,c\nd', "'=a\"b,c\nd"),
    ("=" + "x" * 900_000, "'=" + "x" * 900_000),
]


@pytest.mark.parametrize(("cell", "right"), FORMULAS, ids=[ascii(f[0][:9]) for f in FORMULAS])
def test_a_formula_becomes_text(cell: str, right: str) -> None:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerow([cell, "x"])
    before = csv.field_size_limit(2_000_000)
    try:
        assert list(csv.reader(io.StringIO(safe_csv(buffer.getvalue())[1:], newline=""))) == [
            [right, "x"]
        ]
    finally:
        csv.field_size_limit(before)


def test_safe_csv_goes_with_csv(hostile: Path) -> None:
    result = inputs.run("status", "--safe-csv", "--policies", str(hostile))
    assert result.exit_code == 2
    assert "--format csv" in result.stderr
    assert result.stdout == ""


# --- calendars, feeds, databases, folders


@pytest.mark.parametrize("words", [("changes", "--since", "2020"), ("upcoming", "--as-of", "2019")])
def test_calendars_hold_their_events_and_nothing_else(
    words: tuple[str, ...], hostile: Path, harmless: Path
) -> None:
    found = []
    for path in (hostile, harmless):
        calendar = icalendar.Calendar.from_ical(output(path, *words, "-f", "ics"))
        found.append([component.name for component in calendar.walk()])
        for event in calendar.walk("VEVENT"):
            assert str(event.get("url", "https://")).startswith("https://")
    assert found[0] == found[1]


def test_a_feed_is_sound_xml_with_links_to_the_web(hostile: Path, harmless: Path) -> None:
    shapes = []
    for path in (hostile, harmless):
        text = output(path, "changes", "--since", "2026", "--until", "2026-11-30", "-f", "atom")
        shapes.append([element.tag for element in ET.fromstring(text).iter()])
        feed = feedparser.parse(text)
        assert not feed.bozo
        assert all(entry.link.startswith("https://example.org/") for entry in feed.entries)
    assert shapes[0] == shapes[1]


@pytest.fixture(scope="module")
def folder(hostile: Path) -> Path:
    target = hostile.parent / "out"
    result = inputs.run("export", str(target), "--as-of", "2021", "--policies", str(hostile))
    assert result.exit_code == 0, result.output
    return target


def test_names_of_files_are_plain(folder: Path) -> None:
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert len(files) > len(NAMES)
    for path in files:
        assert path.resolve().is_relative_to(folder.resolve())
        assert re.fullmatch(r"[a-z0-9_-]+(\.[a-z0-9]+)+", path.name), path.name


def test_a_database_and_documents_give_the_text_back(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "frtracker.sqlite")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        told = {text for (text,) in database.execute("SELECT summary FROM policies")}
    assert set(NAMES) <= told
    with (folder / "policies.csv").open(newline="", encoding="utf-8") as file:
        assert set(NAMES) <= {row["summary"] for row in csv.DictReader(file)}
    for path in folder.rglob("*.json"):
        json.loads(path.read_text("utf-8"))


# --- HTML


class Shape(HTMLParser):
    """The elements of a page with the names of their attributes, and where its links lead."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: set[tuple[str, tuple[str, ...]]] = set()
        self.scripts = 0
        self.links: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add((tag, tuple(sorted(name for name, _ in attrs))))
        self.scripts += tag == "script"
        self.links |= {value or "" for name, value in attrs if name in ("href", "src", "action")}


def pages(path: Path, kind: str) -> Iterator[Shape]:
    if kind == "map":
        yield Shape(output(path, "map", "--as-of", "2021", "-o", "-"))
        return
    target = path.parent / "site"
    output(path, "site", str(target), "--as-of", "2021")
    yield from (Shape(page.read_text("utf-8")) for page in sorted(target.rglob("*.html")))


@pytest.mark.parametrize("kind", ["map", "site"])
def test_pages_have_the_same_elements_whatever_the_text(
    kind: str, hostile: Path, harmless: Path
) -> None:
    bad, good = list(pages(hostile, kind)), list(pages(harmless, kind))
    assert [page.scripts for page in bad] == [page.scripts for page in good]
    known = set().union(*(page.elements for page in good))
    assert set().union(*(page.elements for page in bad)) <= known
    harmless_link = r"https?://|\??[#./a-z0-9_-]*(#|$)|data:(,$|image/|font/)|webcal:"
    for link in set().union(*(page.links for page in bad)):
        assert re.match(harmless_link, link), link
