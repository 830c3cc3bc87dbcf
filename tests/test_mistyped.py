"""What people mistype, and what programs do to a table: one cause is one line, which names the
cause and the cure."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

import records
from frtracker.record.columns import FILES
from test_cli import run

BASE = records.folder("base")
TABLES = {path.stem: path.read_text("utf-8") for path in BASE.glob("*.csv")}
SUBJECTS, POLICIES = TABLES["subjects"], TABLES["policies"]
MORE = SUBJECTS + "".join(
    f"Town {n},city,US,US-CA,,060000{n},37.80,-122.22,,,,\n" for n in range(6)
)


def rows(text: str, change: Callable[[list[list[str]]], object], separator: str = ",") -> str:
    """The table with its rows, the header first, changed in place or replaced."""
    table = [*csv.reader(io.StringIO(text))]
    changed = change(table)
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=separator, lineterminator="\n")
    writer.writerows(changed if isinstance(changed, list) else table)
    return buffer.getvalue()


def separated(text: str, separator: str) -> str:
    return rows(text, lambda table: table, separator)


def header(text: str, write: Callable[[str], str]) -> str:
    return rows(text, lambda table: [[*map(write, table[0])], *table[1:]])


def column(text: str, name: str, write: Callable[[str], str]) -> str:
    """With every filled cell of a column written otherwise."""

    def change(table: list[list[str]]) -> None:
        at = table[0].index(name)
        for row in table[1:]:
            row[at] = write(row[at]) if row[at] else ""

    return rows(text, change)


def days(text: str, write: Callable[[date], str]) -> str:
    """With every exact day written otherwise."""
    return re.sub(r"(?<=,)\d{4}-\d\d-\d\d(?=,)", lambda it: write(date.fromisoformat(it[0])), text)


def zipped(text: str) -> bytes:
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w") as made:
        made.writestr("xl/sharedStrings.xml", text)
    return book.getvalue()


def merged(text: str) -> str:
    first, *others = text.splitlines(keepends=True)
    ours, theirs = others[0], others[0].replace("Example", "Sample")
    marks = ["<<<<<<< HEAD\n", ours, "=======\n", theirs, ">>>>>>> branch\n"]
    return "".join([first, *marks, *others[1:]])


SAVE = "save the table as CSV UTF-8"
NO_TABLE = {
    "a web page": (
        "\n<html lang=en><title>Sign in</title></html>\n",
        "a web page",
        "download the file itself (on GitHub: Raw)",
    ),
    "half a web page": (
        '<div class="error">Not found</div>\n',
        "a web page",
        "download the file itself (on GitHub: Raw)",
    ),
    "a table of a web page": (
        "<table><tr><td>subject</td></tr></table>",
        "a web page",
        "download the file itself (on GitHub: Raw)",
    ),
    "an answer in XML": (
        "<Error><Code>NoSuchKey</Code></Error>",
        "a web page",
        "download the file itself (on GitHub: Raw)",
    ),
    "a pointer": (
        "version https://git-lfs.github.com/spec/v1\nsize 12\n",
        "a pointer of Git LFS",
        "get the file itself (`git lfs pull`)",
    ),
    "rows in JSON": ('[{"subject": "Oakland"}]', "JSON", SAVE),
    "an object in JSON": ('{\n  "kind": "status"\n}\n', "JSON", SAVE),
    "a PDF": ("%PDF-1.7\n%\xe2\xe3\n", "a PDF", "get the table that it was made of"),
    "a workbook": (zipped(SUBJECTS), "a spreadsheet or a ZIP file", SAVE),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), "an Excel workbook", SAVE),
    "gzip": (gzip.compress(SUBJECTS.encode(), mtime=0), "a compressed file (gzip)", "unpack it"),
    "Parquet": (b"PAR1\x15\x04" + bytes(9), "a Parquet file", SAVE),
    "SQLite": (b"SQLite format 3\0" + bytes(9), "an SQLite database", SAVE),
    "a letter": ("{\\rtf1\\ansi subject,country}\n", "a text document (RTF)", SAVE),
}
NAMED = ",".join(FILES["subjects"].names)
COMMAS = "save the file as CSV with commas"
REGION = " (Excel takes the separator from the region settings of the system)"
CUT = "it is cut; get it again"
SUBJECTS_CASES: dict[str, tuple[str | bytes, str]] = {
    # --- cells parted by something else
    "semicolons": (
        separated(SUBJECTS, ";"), f":1: error: cells are separated by semicolons: {COMMAS}{REGION}"
        " [R018]",
    ),
    "semicolons and decimal commas": (
        separated(re.sub(r"(\d)\.(\d)", r'\1\\\2', SUBJECTS), ";").replace("\\", ","),
        f":1: error: cells are separated by semicolons: {COMMAS}{REGION} [R018]",
    ),
    "semicolons and quotes": (
        re.sub("[^;\n]+", r'"\g<0>"', separated(SUBJECTS, ";")),
        f":1: error: cells are separated by semicolons: {COMMAS}{REGION} [R018]",
    ),
    "semicolons, as Excel notes": (
        "sep=;\n" + separated(SUBJECTS, ";"),
        f":2: error: cells are separated by semicolons: {COMMAS}{REGION} [R018]",
    ),
    "semicolons behind a mark": (
        "\ufeff" + separated(SUBJECTS, ";").replace("\n", "\r\n"),
        f":1: error: cells are separated by semicolons: {COMMAS}{REGION} [R018]",
    ),
    "tabs": (
        separated(SUBJECTS, "\t"), f":1: error: cells are separated by tabs: {COMMAS} [R018]"
    ),
    "bars": (
        separated(SUBJECTS, "|"),
        f":1: error: cells are separated by vertical bars: {COMMAS} [R018]",
    ),
    "carets": (
        separated(SUBJECTS, "^"), f":1: error: cells are separated by '^': {COMMAS} [R018]"
    ),
    "spaces": (
        separated(SUBJECTS, " "), f":1: error: cells are separated by spaces: {COMMAS} [R018]"
    ),
    "lines in quotes": (
        "".join('"{}"\n'.format(it.replace('"', '""')) for it in SUBJECTS.splitlines()),
        ":1: error: each line is in quotes, as one cell: remove the quotes around the lines [R018]",
    ),
    # --- text of another encoding
    "Unicode Text": (
        separated(SUBJECTS, "\t").encode("utf-16"),
        ": error: UTF-16 text (spreadsheets call it Unicode Text): save the table as CSV UTF-8"
        " [R004]",
    ),
    "UTF-16 without a mark": (
        SUBJECTS.encode("utf-16-be"),
        ": error: UTF-16 text (spreadsheets call it Unicode Text): save the table as CSV UTF-8"
        " [R004]",
    ),
    "cut within a letter": (
        SUBJECTS.encode() + "Zü".encode()[:-1],
        f":8: error: the file ends within a letter: {CUT} [R004]",
    ),
    # --- the header
    "capitals": (
        header(SUBJECTS, str.upper),
        ":1 subject: warning: 12 columns are named otherwise in the codebook: `frtracker fmt`"
        " writes 'subject' for 'SUBJECT' [R094]",
    ),
    "words": (
        header(SUBJECTS, lambda name: name.replace("_", " ").title()),
        ":1 subject: warning: 12 columns are named otherwise in the codebook: `frtracker fmt`"
        " writes 'subject' for 'Subject' [R094]",
    ),
    "a blank behind a name": (
        header(SUBJECTS, lambda name: name.replace("region", "region ")),
        ":1 region: warning: a column is named otherwise in the codebook: `frtracker fmt` writes"
        " 'region' for 'region ' [R094]",
    ),
    "a column elsewhere": (
        rows(SUBJECTS, lambda table: [[row[1], row[0], *row[2:]] for row in table]),
        ":1 subject_type: warning: columns are out of order: `frtracker fmt` sorts them [R014]",
    ),
    "columns left out": (
        rows(SUBJECTS, lambda table: [row[:4] + row[9:] for row in table]),
        ":1: error: missing columns within, geoid, latitude, longitude and aliases: add them to the"
        " header, their cells may be empty [R011]",
    ),
    "no header": (
        SUBJECTS.partition("\n")[2],
        f":1: error: the header is missing: begin with the line {NAMED} [R092]",
    ),
    "a title": (
        f"Subjects, exported in 2026\n\n{SUBJECTS}",
        ":1: error: the columns are named on line 3: delete the lines above it [R092]",
    ),
    "a title as wide as the table": (
        f"Subjects{',' * 11}\n{SUBJECTS}",
        ":1: error: the columns are named on line 2: delete the lines above it [R092]",
    ),
    "commas, as Excel notes": (
        f'"sep=,"\n{SUBJECTS}',
        ":1: error: the columns are named on line 2: delete the lines above it [R092]",
    ),
    "commas above": (
        f"{',' * 11}\n{SUBJECTS}",
        ":1: error: the columns are named on line 2: delete the lines above it [R092]",
    ),
    "another table": (
        TABLES["sources"],
        ":1: error: these are the columns of sources.csv, not of subjects.csv: give each file its"
        " name [R092]",
    ),
    "an answer": (
        "subject,rule,since\nOakland,ban,2019\n",
        ":1: error: the first line, 'subject,rule,since', names 1 of the 12 columns of"
        " subjects.csv: is this the right file? [R092]",
    ),
    "a sentence": (
        "404: Not Found",
        ":1: error: the first line, '404: Not Found', names none of the 12 columns of subjects.csv:"
        " is this the right file? [R092]",
    ),
    "a column of numbers": (
        rows(SUBJECTS, lambda table: [[str(n or ""), *row] for n, row in enumerate(table)]),
        ":1 '': error: not a column of this table: remove it, or move its text to notes [R012]",
    ),
    # --- rows
    "columns of commas": (
        rows(SUBJECTS, lambda table: [[*row, "", ""] for row in table]),
        ":1: warning: 2 columns at the end without a name: `frtracker fmt` removes them [R017]",
    ),
    "rows of commas": (
        SUBJECTS + f"{',' * 11}\n" * 1_000,
        ":8: warning: 1,000 rows have only commas: `frtracker fmt` removes them [R017]",
    ),
    "rows of blanks": (
        SUBJECTS + f" {', ' * 8}\n" * 3,
        ":8: warning: 3 rows have only commas: `frtracker fmt` removes them [R017]",
    ),
    "a comma behind each row": (
        "\n".join(line + "," * bool(n) for n, line in enumerate(SUBJECTS.splitlines())) + "\n",
        "error: too few or too many cells: 6 rows (R015), e.g. subjects.csv:2: the row has 13"
        " cells, the header 12: put cells that contain a comma in quotes, or remove the commas at"
        " its end",
    ),
    "a row in two": (
        SUBJECTS.replace("US-CA,", "US-\nCA,", 1),
        ":5: error: the row has 4 cells, the header 12: it goes on in the next line: join them, or"
        " put its cell in quotes [R015]",
    ),
    "two versions": (
        merged(SUBJECTS),
        ":2: error: an unfinished merge in git: of lines 2 to 6 keep one version, and delete the"
        " lines with <<<<<<<, ======= and >>>>>>> [R095]",
    ),
    "the file twice": (
        SUBJECTS * 2,
        ":8: error: the header again: delete this line, and the rows below if they are double"
        " [R093]",
    ),
    "two tables": (
        f"{SUBJECTS}\n{TABLES['sources']}",
        ":9: error: the columns of sources.csv begin here: move these rows to a file of their own"
        " [R093]",
    ),
    # --- cut
    "cut in its header": (
        SUBJECTS[:40], f":1: error: the file ends in its header ('with'): {CUT} [R092]"
    ),
    "cut in a row": (
        SUBJECTS[: SUBJECTS.index("Massachusetts") + 30],
        f":7: error: the file ends in this row, after 6 of 12 cells: {CUT} [R015]",
    ),
    "cut in quotes": (
        SUBJECTS + '"Washington, D.C',
        ":8: error: the file ends in a quoted cell of the row that begins here: it is cut, or a"
        " quote is missing [R008]",
    ),
    "cut in its last cell": (
        SUBJECTS.removesuffix(",,,\n") + ",7029917,2020-04-01,https://example.org/cou",
        ":7: warning: the last line has no end: the file may be cut in its last cell"
        " ('https://example.org/cou'); if that is whole, `frtracker fmt` ends it [R096]",
    ),
    # --- cells
    "lost zeros": (
        column(MORE, "geoid", lambda code: f"{int(code)}.0"),
        "error: 8 rows (R113), e.g. subjects.csv:5 geoid: '653000.0' is not a GEOID: 2 digits for a"
        " state, 5 for a county, 7 for a place, 10 for a county subdivision. Did you mean"
        " '0653000'?",
    ),
    "numbers as text": (
        column(MORE, "geoid", "'{}".format),
        "error: 8 rows (R113), e.g. subjects.csv:5 geoid: \"'0653000\" is not a GEOID: 2 digits for"
        " a state, 5 for a county, 7 for a place, 10 for a county subdivision. Did you mean"
        " '0653000'?",
    ),
    "decimal commas": (
        column(MORE, "latitude", lambda text: text.replace(".", ",")),
        ":5 latitude: error: '37,80' is not a number from -90 to 90 (37.77). Did you mean '37.80'?"
        " [R114] and 7 more like it",
    ),
    "a longitude as latitude": (
        column(MORE, "latitude", lambda _: "-122.22"),
        ":5 latitude: error: '-122.22' is not a number from -90 to 90 (37.77). Is it the longitude?"
        " [R114] and 7 more like it",
    ),
    "names of countries": (
        column(SUBJECTS, "country", lambda code: {"US": "United States"}.get(code, code)),
        ":4 country: error: 'United States' is not an ISO 3166-1 code (US, GB). Did you mean 'US'?"
        " [R108] and 3 more like it",
    ),
    "names of states": (
        column(MORE, "region", lambda code: {"US-CA": "California"}.get(code, code)),
        ":5 region: error: 'California' is not an ISO 3166-2 code (US-CA, CA-QC). Did you mean"
        " 'US-CA'? [R109] and 7 more like it",
    ),
    "letters as Windows reads them": (
        column(SUBJECTS, "subject", lambda name: f"{name} MÃ¼nchen"),
        "error: text read in the wrong encoding: 6 rows (R122), e.g. subjects.csv:2 subject:"
        " 'MÃ¼nchen' was read in the wrong encoding: write 'München'",
    ),
    "letters as a Mac reads them": (
        SUBJECTS.replace("Massachusetts", "Z√ºrich"),
        ":7 subject: error: 'Z√ºrich' was read in the wrong encoding: write 'Zürich' [R122]",
    ),
    "letters of no sign": (
        SUBJECTS.replace("Massachusetts", "Gro\u00c3\u009f"),
        ":7 subject: error: 'Gro\u00c3\\\\x9f' was read in the wrong encoding: write 'Groß' [R122]",
    ),
    **{
        kind: (content, f": error: this is {name}, not a CSV file: {cure} [R019]")
        for kind, (content, name, cure) in NO_TABLE.items()
    },
}  # fmt: skip


def told(name: str, content: str | bytes, folder: Path, *words: str) -> list[str]:
    """What validate prints of a file, but for the notes and the counts."""
    path = folder / f"{name}.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    printed = run("validate", str(path), *words).stdout.replace(f"{folder}/", "")
    return [line for line in printed.splitlines()[:-1] if not line.startswith("note: ")]


@pytest.mark.parametrize("kind", SUBJECTS_CASES)
def test_one_cause_in_a_file_is_one_line(kind: str, tmp_path: Path) -> None:
    content, line = SUBJECTS_CASES[kind]
    assert told("subjects", content, tmp_path) == [
        f"subjects.csv{line}" if line.startswith(":") else line
    ]


SPREADSHEET = "a spreadsheet may have changed the column"
DATES = {
    "{0.month}/{0.day}/{0.year}": "3/13/2024",
    "{0:%d.%m.%Y}": "13.03.2024",
    "{0:%d/%m/%Y}": "13/03/2024",
    "{0:%Y/%m/%d}": "2024/03/13",
    "{0:%Y%m%d}": "20240313",
    "{0:%b-%y}": "Mar-24",
    "{0:%d-%b-%y}": "13-Mar-24",
    "{0.year}-{0.month}-{0.day} 0:00": "2024-3-13 0:00",
    "{0} 00:00:00": "2024-03-13 00:00:00",
    "{0}T00:00:00.000Z": "2024-03-13T00:00:00.000Z",
    "{0.month}/{0.day}/{0.year} 12:00:00 AM": "3/13/2024 12:00:00 AM",
    '"{0:%A, %B %d, %Y}"': "Wednesday, March 13, 2024",
}
"""How programs write a day, as formats, and 13 March 2024 so."""


@pytest.mark.parametrize("form", DATES)
def test_days_written_otherwise_are_one_line(form: str, tmp_path: Path) -> None:
    written = DATES[form]
    (line,) = told("policies", days(POLICIES, form.format), tmp_path)
    day = "2024-03" if written == "Mar-24" else "2024-03-13"
    assert re.fullmatch(
        r"error: dates changed by a spreadsheet: \d+ cells in 8 rows \(R123\), e\.g\."
        rf" policies\.csv:2 union-2024 decided_on: '{re.escape(written)}': write {day};"
        f" {SPREADSHEET}",
        line,
    )


POLICIES_CASES = {
    "days as numbers": (
        days(POLICIES, lambda day: str((day - date(1899, 12, 30)).days)),
        "error: dates changed by a spreadsheet: 19 cells in 8 rows (R123), e.g. policies.csv:2"
        f" union-2024 decided_on: '45364': write 2024-03-13; {SPREADSHEET}",
    ),
    "days in a narrow column": (
        days(POLICIES, lambda _: "########"),
        "error: 19 cells in 8 rows (R121), e.g. policies.csv:2 union-2024 decided_on:"
        " '########' is a placeholder: leave the cell empty, or write what is known",
    ),
    "NULL in each empty cell of days": (
        rows(POLICIES, lambda table: [
            [cell or "NULL" * table[0][at].endswith("_on") for at, cell in enumerate(row)]
            for row in table
        ]),
        "error: 25 cells in 8 rows (R121), e.g. policies.csv:2 union-2024"
        " expires_on: 'NULL' is a placeholder: leave the cell empty, or write what is known",
    ),
    "curly quotes": (
        POLICIES.replace("Those bound here", "“Those, bound here,”"),
        "error: too few or too many cells: 8 rows (R015), e.g. policies.csv:2: the row has 29"
        " cells, the header 27: write plain quotes (\") for “ and ” around cells",
    ),
    "lists with commas": (
        POLICIES.replace("police;government", '"police, government"'),
        "policies.csv:5 us-ca-oakland-2019 applies_to: error: 'police, government': join words with"
        " ';', not with a comma [R126]",
    ),
    "capitals": (
        column(POLICIES, "measure", str.title),
        "error: 8 rows (R101), e.g. policies.csv:2 union-2024 measure: 'Restriction' is not one of:"
        " ban, moratorium, withdrawal, restriction, oversight, none. Did you mean 'restriction'?",
    ),
    "long hyphens": (
        days(POLICIES, "{0:%Y–%m–%d}".format),
        "error: 19 cells in 8 rows (R125), e.g. policies.csv:2 union-2024 decided_on: '2024–03–13'"
        " contains U+2013 (en dash): type '-'",
    ),
    "each row twice": (
        POLICIES + POLICIES.partition("\n")[2],
        "error: 8 rows (R105), e.g. policies.csv:10 policy_id: duplicate policy_id 'union-2024'"
        " (first used on line 2)",
    ),
    "links without https": (
        POLICIES.replace("https://", "www."),
        "error: 8 rows (R111), e.g. policies.csv:2 union-2024 source_url:"
        " 'www.example.org/union-2024' is not a whole web address (https://example.org/page): write"
        " https:// before it",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", POLICIES_CASES)
def test_one_cause_in_many_cells_is_one_line(kind: str, tmp_path: Path) -> None:
    content, line = POLICIES_CASES[kind]
    assert told("policies", content, tmp_path) == [line]


def test_each_cell_is_in_json_and_in_the_long_list(tmp_path: Path) -> None:
    content, _ = POLICIES_CASES["long hyphens"]
    assert len(told("policies", content, tmp_path, "--verbose")) == 19
    found = json.loads(run("validate", str(tmp_path / "policies.csv"), "-f", "json").stdout)
    places = {(it["line"], it["column"]) for it in found["findings"]}
    assert (found["errors"], len(places)) == (19, 19)


MENDED = {
    "columns are named otherwise": header(SUBJECTS, lambda name: name.replace("_", " ").title()),
    "columns of commas": SUBJECTS_CASES["columns of commas"][0],
    "rows of commas": SUBJECTS_CASES["rows of commas"][0],
    "no end": SUBJECTS[:-1],
}


@pytest.mark.parametrize("kind", MENDED)
def test_fmt_mends_what_it_says_it_mends(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "subjects.csv"
    path.write_text(str(MENDED[kind]), "utf-8", newline="")
    result = run("fmt", str(path))
    assert (result.exit_code, path.read_text("utf-8")) == (0, SUBJECTS)
    doubts = [line for line in result.stderr.splitlines() if "may be cut" in line]
    assert len(doubts) == (kind == "no end")


@pytest.mark.parametrize(("day", "doubted"), [("2026-11-23", False), ("2026-11-24", True)])
def test_a_day_to_come_is_doubted_unless_it_is_tomorrow(
    day: str, doubted: bool, tmp_path: Path
) -> None:
    """The clock is that of the call: somewhere it is tomorrow already."""
    content = column(TABLES["searches"], "searched_on", lambda _: day)
    line = f"{day} is after today, 2026-11-22: is the year right? [R145]"
    expected = [f"searches.csv:2 searched_on: warning: {line}"] * doubted
    assert told("searches", content, tmp_path) == expected
