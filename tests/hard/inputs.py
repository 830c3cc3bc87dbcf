"""Hostile inputs, shared by the quick tests here and by the longer runs of ``scripts/fuzz.py``."""

from __future__ import annotations

import csv
import io
import shutil
import unicodedata
import zipfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from click.testing import CliRunner, Result
from hypothesis import strategies as st

import records
from frtracker.cli import main

BASE = records.folder("base")
NOW = "1795305600"
Row = dict[str, str]


def rows(table: str = "policies") -> list[Row]:
    return records.rows("base", table)


COLUMNS = list(rows()[0])
DATES = ("introduced_on", "decided_on", "effective_on", "expires_on", "last_confirmed_on")


def text_of(
    table: Sequence[Row], columns: Sequence[str] | None = None, *, quoted: bool = False
) -> str:
    """The file of these rows. Only if ``quoted`` does a carriage return stay within its cell:
    asked for line feeds, Python 3.11 writes one bare, and there a reader begins a line."""
    buffer = io.StringIO()
    quoting = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    names = columns or list(table[0])
    writer = csv.DictWriter(buffer, names, lineterminator="\n", quoting=quoting)
    writer.writeheader()
    writer.writerows(table)
    return buffer.getvalue()


def folder_with(folder: Path, policies: str | bytes) -> Path:
    """A set of the four sound tables in ``folder``, with these policies."""
    shutil.copytree(BASE, folder, dirs_exist_ok=True)
    path = folder / "policies.csv"
    path.write_bytes(policies if isinstance(policies, bytes) else policies.encode())
    return path


def run(*words: str, **environment: str) -> Result:
    return CliRunner(env={"SOURCE_DATE_EPOCH": NOW, **environment}).invoke(main, words)


def trouble(result: Result, *, text: bool = True) -> str:
    """What must not happen, in words; '' if it did not."""
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        return f"{type(result.exception).__name__}: {result.exception}"
    if result.exit_code not in (0, 1, 2):
        return f"exit code {result.exit_code}"
    if result.exit_code and not (result.stderr.strip() or result.stdout.strip()):
        return "failed without a word"
    acting = sorted(set(filter(acts, result.stderr + (result.stdout if text else ""))))
    return f"control characters {acting}" if acting else ""


def acts(character: str) -> bool:
    """Whether a terminal would obey the character, or turn the line that it stands in."""
    if character == "\n":
        return False
    return unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") or (
        character in "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    )


# --- what people and attackers write

HOSTILE = (
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "${alert(1)}",
    "`${alert(1)}`",
    "{{7*7}}{% raw %}",
    "'; DROP TABLE policies; --",
    '"onmouseover="alert(1)',
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("https://evil.example","x")',
    "+1+cmd",
    "-2+3",
    "@SUM(1+1)",
    "＝1+1",
    "]]>",
    "<!--",
    "&lt;b&gt;",
    "a|b|c",
    "[x](javascript:alert(1))",
    "../../etc/passwd",
    "..\\..\\windows",
    "CON",
    "aux.",
    "COM1",
    "/etc/passwd",
    "name.",
    "$\\frac{1}{0}$",
    "a$b$c",
    "%00",
    "%s%n{0}{x}",
    "\\2019 \\u0000",
    "BEGIN:VEVENT",
    "END:VCALENDAR",
    "日本語",
    "İstanbul ıI",
    "ﬀ ß ẞ",
    "é" * 40,
    "x" * 5000,
    "\U0001f600",
    "\U000e0041\U000e007f",
    "\u200c\u200d",
)
"""Text that a file may hold, or nearly."""

REFUSED = (
    "\x1b[31mred",
    "\x1b]0;title\x07",
    "a\x00b",
    "\x7f",
    "\x9b31m",
    "\u202etxt.exe",
    "\u2066x",
    "a\u2028b",
    "\ufeff",
    "\u200b",
    "\ufffe",
    "\U0001ffff",
    "\ufdd0",
)
"""Text that must never come out as it is."""

ODD_DATES = (
    "0001-01-01", "0001", "0001-12", "9999-12-31", "9999", "9999-12", "[..9999]", "[..0001-01-01]",
    "[0001..9999]", "2020-02-29", "2021-02-29", "2021-13", "0000", "2021-1-1", "2021-06-31",
    "[2021..2020]", "[2021-06..2021-05-31]", "[..]", "[2021..]", "..", "2020/2021", "/2021", "/",
    "-2021", "+2021", " 2021", "2021 ",
    "２０２１", "2021-06-01T00:00", "20210601", "today", "1e3", "2021-06\n", "10000", "2020-06-10",
    "2020", "[2019..2022]", "[2019..2022-05]", "[..2021-05]",
    "2262-04-12", "1677-09-20", "1970-01-01", "1582-10-10",
)  # fmt: skip

ADDRESSES = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "file:///etc/passwd",
    "data:text/html,<script>alert(1)</script>",
    "//evil.example/x",
    "https://user:pass@evil.example/",
    "https://evil.example\\@good.example/",
    'https://evil.example/"><script>',
    "https://[::1",
    "https://example.org:99999/",
    "https://xn--/",
    "http://example.org",
    "https://example.org/a;b,c?d=e&f='g'",
)


def odd_text() -> st.SearchStrategy[str]:
    wild = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
    return st.one_of(st.sampled_from(HOSTILE), st.sampled_from(REFUSED), wild)


def odd_dates() -> st.SearchStrategy[str]:
    year = st.integers(0, 10000).map("{:04d}".format)
    day = st.dates().map(str)
    point = st.one_of(year, day, day.map(lambda text: text[:7]))
    pair = st.tuples(st.one_of(point, st.just("")), point).map("[{0[0]}..{0[1]}]".format)
    return st.one_of(st.sampled_from(ODD_DATES), point, pair, point.map("/{}".format), odd_text())


@cache
def odd_cells(column: str) -> st.SearchStrategy[str]:
    """What might stand in that column: often nearly right."""
    seen = sorted({row[column] for row in rows()})
    right = st.sampled_from(seen)
    joined = st.lists(right, min_size=2, max_size=4).map(";".join)
    if column in (*DATES, "reviewed_on"):
        return st.one_of(right, odd_dates())
    if column == "source_url":
        return st.one_of(right, st.sampled_from(ADDRESSES), odd_text())
    if column in ("supersedes", "relates_to"):
        ids = st.sampled_from([row["policy_id"] for row in rows()])
        return st.one_of(right, ids, st.lists(ids, max_size=3).map(";".join), odd_text())
    return st.one_of(right, joined, odd_text(), st.just(""))


@st.composite
def odd_tables(draw: st.DrawFn) -> str:
    """The sound policies with some cells changed, rows doubled, dropped or mixed."""
    table = [dict(row) for row in rows()]
    for _ in range(draw(st.integers(1, 4))):
        row = draw(st.sampled_from(table))
        column = draw(st.sampled_from(COLUMNS))
        row[column] = draw(odd_cells(column))
    if draw(st.booleans()):
        table = draw(st.permutations(table))
    if draw(st.integers(0, 5)) == 0:
        table.append({**draw(st.sampled_from(table)), "policy_id": draw(odd_cells("policy_id"))})
    return text_of(table)


@st.composite
def odd_rows(draw: st.DrawFn) -> list[Row]:
    """Twenty rows, each a sound one under an id of its own, with a cell or two changed."""
    changed = []
    sound = st.sampled_from(rows())
    for number in range(20):
        row = dict(draw(sound)) | {"supersedes": "", "relates_to": ""}
        row["policy_id"] = f"odd-{number}"
        for column in draw(st.lists(st.sampled_from(COLUMNS), min_size=1, max_size=2)):
            row[column] = draw(odd_cells(column)).replace("\0", "")
        changed.append(row)
    return changed


@st.composite
def dated_rows(draw: st.DrawFn) -> list[Row]:
    """Sound but for their dates, which are any that can be read: mostly accepted."""
    table = [dict(row) for row in rows()]
    readable = st.sampled_from([*(d for d in ODD_DATES[:9]), "2020-06-10", "2020", "[2019..2022]"])
    for row in draw(st.lists(st.sampled_from(table), min_size=1, max_size=3)):
        row[draw(st.sampled_from((*DATES, "reviewed_on")))] = draw(readable)
    return table


@st.composite
def named_rows(draw: st.DrawFn) -> list[Row]:
    """Sound but for names of subjects and texts, which are any."""
    table = [dict(row) for row in rows()]
    for row in draw(st.lists(st.sampled_from(table), min_size=1, max_size=4)):
        name = draw(st.one_of(st.sampled_from(HOSTILE), odd_text()))
        for other in table:
            if other["subject"] == row["subject"]:
                other["subject"] = name
        row[draw(st.sampled_from(("summary", "notes", "exceptions", "instrument")))] = name
    return table


@st.composite
def odd_bytes(draw: st.DrawFn) -> bytes:
    """Bytes that are nothing, or the sound policies damaged."""
    if draw(st.integers(0, 4)) == 0:
        return draw(st.binary(max_size=200))
    data = bytearray(text_of(rows()).encode())
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        match draw(st.integers(0, 5)):
            case 0:
                data[at:at] = draw(st.binary(min_size=1, max_size=8))
            case 1:
                del data[at : at + draw(st.integers(1, 200))]
            case 2:
                data[at:at] = draw(st.sampled_from(PIECES))
            case 3:
                data[at : at + 1] = draw(st.binary(min_size=1, max_size=1))
            case 4:
                data = data.replace(*draw(st.sampled_from(SWAPS)))
            case _:
                data[at:at] = data[at : at + draw(st.integers(1, 300))]
    encoding = draw(st.sampled_from(("utf-8",) * 8 + ("utf-16", "utf-32", "latin-1", "utf-8-sig")))
    if encoding == "utf-8":
        return bytes(data)
    return data.decode("utf-8", "replace").encode(encoding, "replace")


@st.composite
def odd_archives(draw: st.DrawFn) -> bytes:
    """A wheel with a record, damaged in its directory, its names, its packed or plain bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as wheel:
        for path in sorted(BASE.glob("*.csv")):
            name, data = f"frtracker/data/{path.name}", path.read_bytes()
            if draw(st.integers(0, 9)) == 0:
                name = draw(
                    st.sampled_from((f"../{name}", f"/{name}", name.upper(), "é" * 300 + name))
                )
            if draw(st.integers(0, 9)) == 0:
                data = draw(odd_bytes())
            method = draw(st.sampled_from((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED,
                                           zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)))  # fmt: skip
            for _ in range(draw(st.sampled_from((1, 1, 1, 1, 1, 0)))):
                wheel.writestr(zipfile.ZipInfo(name), data, method)
    whole = bytearray(buffer.getvalue())
    directory = whole.rfind(b"PK\x01\x02")
    for _ in range(draw(st.integers(0, 3))):
        low = draw(st.sampled_from((0, max(directory, 0))))  # half of the damage in the directory
        at = draw(st.integers(low, max(low, len(whole) - 1)))
        match draw(st.integers(0, 4)):
            case 0:
                whole[at:at] = draw(st.binary(min_size=1, max_size=8))
            case 1:
                del whole[at : at + draw(st.integers(1, 300))]
            case 2:
                whole[at : at + 4] = draw(st.sampled_from((b"\xff" * 4, b"\0" * 4, b"PK\1\2")))
            case 3:
                whole[at : at + 1] = draw(st.binary(min_size=1, max_size=1))
            case _:
                del whole[at:]
    return bytes(whole)


PIECES = (
    b'"', b'""', b'"""', b"\r", b"\r\n", b"\n\n", b"\0", b",", b",,,,", b"\xef\xbb\xbf", b"\xff",
    b"\xc3", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\x1a", b"\x0c", b"\x0b", b"\x85",
    "\u2028".encode(), b"\\", b"'", b"\t", b" ", b"x" * 3000, b'"\n' * 20,
)  # fmt: skip
SWAPS = (
    (b"\n", b"\r\n"),
    (b"\n", b"\r"),
    (b",", b";"),
    (b",", b"\t"),
    (b"-", "–".encode()),
    (b"ban", b"BAN"),
    (b"US", b"us"),
    (b"e", "é".encode()),
)

FILTERS = ("--subject", "--type", "--country", "--region", "--measure", "--for")
COMMANDS = {
    "status": (*FILTERS, "--as-of", "--known-at", "--all", "--format", "--safe-csv", "--max-size"),
    "show": ("--as-of", "--known-at", "--format", "--safe-csv"),
    "explain": ("--as-of", "--known-at", "--for", "--format"),
    "search": (*FILTERS, "--as-of", "--known-at", "--limit", "--format", "--safe-csv"),
    "changes": (*FILTERS, "--since", "--until", "--known-at", "--format", "--safe-csv"),
    "upcoming": (*FILTERS, "--as-of", "--within", "--known-at", "--format", "--safe-csv"),
    "stale": ("--days", "--as-of", "--format", "--safe-csv"),
    "validate": ("--format", "--max-size"),
    "fmt": ("--check",),
    "panel": ("--since", "--until", "--freq", "--for", "--level", "--reading", "--clock",
              "--measure", "--country", "--all-subjects", "--sensitivity", "--format",
              "--safe-csv"),
    "timeline": (*FILTERS, "--kind", "--since", "--until", "--format"),
}  # fmt: skip
FLAGS = ("--all", "--safe-csv", "--check", "--all-subjects", "--sensitivity")
NAMED = ("status", "show", "explain", "search", "timeline")
BINARY = frozenset({"ics", "parquet", "png"})
FORMATS = (
    "table",
    "markdown",
    "csv",
    "json",
    "atom",
    "github",
    "xml",
    "svg",
    "html",
    *sorted(BINARY),
)


def odd_values(option: str) -> st.SearchStrategy[str]:
    match option:
        case "--as-of" | "--known-at" | "--since" | "--until":
            return odd_dates()
        case "--freq" | "--reading" | "--clock" | "--kind" | "--level":
            return st.sampled_from(("month", "year", "own", "all", "effective", "decided",
                                "spells", "counts", "city", "state", "federal"))  # fmt: skip
        case "--format":
            return st.sampled_from(FORMATS)
        case "--days" | "--limit":
            return st.one_of(st.integers().map(str), odd_text())
        case "--within":
            span = st.tuples(st.integers(-1, 99999), st.sampled_from("dmyx"))
            return st.one_of(span.map(lambda it: f"{it[0]}{it[1]}"), odd_text())
        case "--max-size":
            return st.sampled_from(("1", "0", "-1", "10kB", "1GB", "999999999999GB", "x", "", "１"))
        case "--for" | "--measure" | "--type":
            return st.sampled_from(("police", "private", "ban", "none", "city", "vendor", "BAN"))
        case _:
            return odd_names()


def odd_names() -> st.SearchStrategy[str]:
    known = ("Oakland", "oakland, ca", "us-ca-oakland", "Example Inc.", "Massachusetts", "US",
             "US-CA", "ma", "Port of Oakland", "", " ", ",", "Portland", "37.8,-122.2", "-91,181",
             "nan,nan", "1e400,0", "-33.8,151.2", "0,0", ",0", "--", "-")  # fmt: skip
    number = st.floats().map(repr)
    point = st.tuples(number, number).map(",".join)
    return st.one_of(st.sampled_from(known), point, odd_text())


@st.composite
def odd_calls(draw: st.DrawFn) -> tuple[str, ...]:
    """The words of a call, without NUL, which no system lets through."""
    command = draw(st.sampled_from(sorted(COMMANDS)))
    words = [command]
    for option in draw(st.lists(st.sampled_from(COMMANDS[command]), max_size=3)):
        words.append(option)
        if option not in FLAGS:
            words.append(draw(odd_values(option)))
    if command in NAMED:
        words.append(draw(odd_names()))
    return tuple(word.replace("\0", "") for word in words)
