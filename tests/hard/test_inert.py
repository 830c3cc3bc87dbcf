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
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import inputs
import openpyxl
import pytest
from hostile import NAMES, TEXTS
from markdown_it import MarkdownIt

import followed
import records
from frtracker.record.columns import FILES
from frtracker.record.columns import TABLES as RECORD_TABLES
from frtracker.text.blocks import Heading, Item, Items, Paragraph, Table, markdown
from frtracker.text.sheet import safe_csv


def printed(path: Path, *words: str) -> bytes:
    result = inputs.run(*words, "--policies", str(path))
    assert result.exit_code == 0, result.output
    return result.stdout_bytes


def output(path: Path, *words: str) -> str:
    return printed(path, *words).decode()


def test_the_record_is_accepted(hostile: Path) -> None:
    result = inputs.run("validate", str(hostile))
    assert result.exit_code == 0, result.output
    assert inputs.trouble(result) == ""


ANSWERS = [
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


def test_an_edition_that_was_never_checked_prints_inertly(tmp_path: Path) -> None:
    # a terminal is told apart from a pipe: bytes for programs stay as they are
    table = [dict(row) for row in inputs.rows()]
    table[3]["notes"] = "\x1b[31m\x9b0m\u202e|<b>"
    new = inputs.folder_with(tmp_path, inputs.text_of(table))
    words = ("diff", str(inputs.BASE / "policies.csv"), str(new), "-f")
    formats = ["table", "markdown", "csv", "json"]
    printed = on_a_terminal(*((*words, format_name) for format_name in formats))
    assert printed.count("us-ca-oakland-2019") >= len(formats)
    printed = COLOR.sub("", printed)  # ours
    assert not [character for character in printed if inputs.acts(character)]


COLOR = re.compile(r"\x1b\[[0-9;]*m")


def on_a_terminal(*calls: tuple[str, ...]) -> str:
    """What a person sees: standard output is a terminal."""
    pty = pytest.importorskip("pty")
    leader, follower = pty.openpty()
    code = "from frtracker.cli import main\n"
    code += "".join(f"assert not main({[*words]!r}, standalone_mode=False)\n" for words in calls)
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


@pytest.mark.parametrize("words", ANSWERS, ids=lambda words: words[0])
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


MARKED = [
    *("1. FC Köln", "10) x", "2021.", "- a", "+ a", "-2+3", "---", "> q", "a > b", "# h", "C #"),
    *("R&D", "&lt;b&gt; &#60;b", "~~s~~ *a* __b__ `c`", "\\*", "[x](y)", "<b>", "a|b", "a\nb"),
    *("$5 to $6", "می\u200cخواهم", "\U0001f468\u200d\U0001f467"),
]


@pytest.mark.parametrize("text", MARKED, ids=ascii)
def test_markdown_shows_a_text_as_it_is(text: str) -> None:
    blocks = [Heading(text), Paragraph(text), Items([Item(text)]), Table(["x"], [[text]])]
    write = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    shown = re.sub("<[^>]*>", "\n", write.render(markdown(blocks)))
    lines = [unescape(line) for line in shown.split("\n") if line.strip()]
    one_line = text.replace("\n", " ")
    assert lines == [*[one_line] * 3, "x", one_line]
    assert text.count("$") == markdown(blocks[:1]).count("\\$"), "no formula"


# --- CSV

CSV_WORDS = [(*words, "-f", "csv") for words in ANSWERS if words[0] != "diff"]
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


# --- calendars, feeds, exports, findings


CALENDARS = [
    ("changes", "--since", "2019", "--until", "2026-11-30"),
    ("upcoming", "--as-of", "2026-11-30"),
]


@pytest.mark.parametrize("words", CALENDARS, ids=lambda words: words[0])
def test_a_calendar_has_the_words_of_its_events(words: tuple[str, ...], everywhere: Path) -> None:
    document = json.loads(output(everywhere, *words, "-f", "json"))
    events = [it for it in document["events"] if it["kind"] in ("decided", "began", "ended")]
    found = followed.events(printed(everywhere, *words, "-f", "ics"))
    if words[0] == "upcoming":
        *found, cancelled = found
        assert (cancelled.uid, cancelled.status) == (f"{CANCELLED}@frtracker", "CANCELLED")
    assert events
    for event, it in zip(events, found, strict=True):
        first, last = (date.fromisoformat(event[name] or event["on_high"]) for name in RANGE)
        assert it.uid == f"{event['event_id']}@frtracker"
        assert (it.start, it.end) == (first, last + timedelta(days=1))
        assert it.summary.startswith(event["subject"])
        assert it.description.startswith(event["summary"])
        assert it.description.endswith(f"Source: {event['source_url']}")
        assert it.status == ("CONFIRMED" if event["certain"] else "TENTATIVE")
        assert it.url == event["source_url"]


CANCELLED = "company-shops-2021-ended"
RANGE = ("on_low", "on_high")
BROUGHT = ("changes", "--since", "2026-11", "--until", "2026-11-30")
FEEDS = [
    (BROUGHT, {"vendor-example-2020", "union-2024"}),
    ((*BROUGHT, "--corrections"), {"company-shops-2021", "us-ca-oakland-port-2020"}),
    (("upcoming", "--as-of", "2026-11-30"), {"union-2024"}),
]


@pytest.mark.parametrize(("words", "acts"), FEEDS, ids=[" ".join(words[::5]) for words, _ in FEEDS])
def test_a_feed_has_the_words_of_its_acts(
    words: tuple[str, ...], acts: set[str], everywhere: Path
) -> None:
    with everywhere.open(encoding="utf-8", newline="") as file:
        rows = {row["source_url"]: row for row in csv.DictReader(file)}
    found = followed.feed(printed(everywhere, *words, "-f", "atom")).entries
    assert {rows[it.link]["policy_id"] for it in found} == acts
    for it in found:
        row = rows[it.link]
        assert row["subject"] in it.title
        assert row["summary"] in it.summary
        assert it.summary.endswith(f"Source: {it.link}")


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


def exported(folder: Path, name: str) -> dict[str, list[dict[str, str]]]:
    """The rows of a table of an export, by format."""
    with (folder / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        plain = [*csv.DictReader(file)]
    with closing(sqlite3.connect(folder / "frtracker.sqlite")) as database:
        database.row_factory = sqlite3.Row
        stored = [{**row} for row in database.execute(f"SELECT * FROM {name}")]
    (head, *rows) = openpyxl.load_workbook(folder / "frtracker.xlsx")[name].iter_rows()
    names = [cell.value for cell in head]
    return {
        "csv": plain,
        "sqlite": stored,
        "xlsx": [dict(zip(names, (cell.value for cell in row), strict=True)) for row in rows],
    }


def test_an_export_gives_every_text_back(everywhere: Path, tmp_path: Path) -> None:
    words = ("export", str(tmp_path / "out"), "--only", "csv,sqlite,xlsx")
    output(everywhere, *words)
    tables = {name: exported(tmp_path / "out", name) for name in RECORD_TABLES}
    for table, column in TEXTS:
        if table not in tables:
            continue
        with (everywhere.parent / f"{table}.csv").open(newline="", encoding="utf-8") as file:
            cells = sorted(row[column.name] for row in csv.DictReader(file))
        for format_name, rows in tables[table].items():
            found = [row[column.name] or "" for row in rows]
            if format_name == "sqlite" and column.kind.name == "list":
                found = [";".join(json.loads(cell)) for cell in found]
            assert sorted(found) == cells, (format_name, table, column.name)
    described = (tmp_path / "out" / "metadata.json").read_text("utf-8")
    assert "alert(1)" not in described, "what Datasette shows as HTML"


def test_no_cell_for_a_spreadsheet_is_a_formula(hostile: Path, tmp_path: Path) -> None:
    output(hostile, "export", str(tmp_path / "out"), "--only", "csv,xlsx", "--safe-csv")
    texts = set()
    for path in (tmp_path / "out").rglob("*.csv"):
        with path.open(newline="", encoding="utf-8-sig") as file:
            texts |= {cell for row in csv.reader(file) for cell in row}
    assert not [it for it in texts if FORMULA.match(it) and not NUMBER.fullmatch(it)]
    assert {f"'{name}" if FORMULA.match(name) else name for name in NAMES} <= texts
    book = openpyxl.load_workbook(tmp_path / "out" / "frtracker.xlsx")
    cells = [cell for page in book for row in page.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
    assert {*NAMES} <= {cell.value for cell in cells}


def test_annotations_are_lines_of_their_own(tmp_path: Path) -> None:
    """Whatever is in a cell, of any column of any table."""
    folder_of = inputs.folder_with(tmp_path, inputs.text_of(inputs.rows())).parent
    for table in FILES:
        rows = records.rows("base", table) if table in RECORD_TABLES else []
        for row in rows:
            row |= dict.fromkeys(row, "\x1b[31m%0A\n::error::x")
        records.write(folder_of, table, rows)
    result = inputs.run("validate", str(folder_of / "policies.csv"), "-f", "github")
    assert inputs.trouble(result) == ""
    lines = result.stdout.splitlines()
    assert len(lines) > len(TEXTS)
    assert [it for it in lines if not re.match("::(error|warning|notice)[ :]", it)] == []


@pytest.mark.parametrize("command", ["show", "explain"])
def test_an_answer_has_each_text_in_one_line(command: str, everywhere: Path) -> None:
    text = output(everywhere, command, "subjects aliases 3 again")
    assert "policies summary" in text
    assert "alert(1)</script> </script>" in text
    assert "alert(1)</script>\n</script>" not in text
    assert r"alert(1)</script>\n" not in text


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
    assert sorted(page.scripts for page in bad) == sorted(page.scripts for page in good)
    known = set().union(*(page.elements for page in good))
    assert set().union(*(page.elements for page in bad)) <= known
    harmless_link = r"https?://|\??[#./a-z0-9_-]*(#|$)|data:(,$|image/|font/)|webcal:"
    for link in set().union(*(page.links for page in bad)):
        assert re.match(harmless_link, link), link
