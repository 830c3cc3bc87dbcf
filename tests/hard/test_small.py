"""Records of no row, or of one: every command answers in whole sentences, with its exit code."""

from __future__ import annotations

import csv
import io
import json
import re
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

import icalendar
import inputs
import pandas as pd
import pytest

import frtracker as fr
import records
from frtracker.record.columns import FILES
from test_contract import faults

BASE: Final = {row["policy_id"]: row for row in inputs.rows()}
OAKLAND: Final = BASE["us-ca-oakland-2019"]
RECORDS: Final[dict[str, tuple[str, dict[str, str]]]] = {
    "a union": ("union-2024", {}),
    "a company": ("company-shops-2021", {}),
    "a vendor": ("vendor-example-2020", {}),
    "a city": ("us-ca-oakland-2019", {"supersedes": ""}),
    "an agency": ("us-ca-oakland-port-2020", {}),
    "a failed bill": ("us-ma-2020", {}),
    "a bill": ("us-ca-oakland-2019", {"status": "proposed", "decided_on": "", "effective_on": ""}),
    "an end": ("us-ca-oakland-2019", {"measure": "moratorium", "expires_on": "2020-06-01"}),
    "a doubt": ("us-ca-oakland-2019", {"effective_on": "[2019-08..2030-02]"}),
}
"""By what it has: its row in the base, and what differs."""
EMPTY: Final = ("a header", "headers")
BROKEN: Final = re.compile(
    r"\b(through|reviewed|by|of|is|the) ?[,;.](?=\s|$)|\(\)|\[\](?!\()|(?m:: ?[.;,]$)"
    r"|\b(None|nan|NaN|NaT|null)\b|\b0 of \d|\b0 (other|more)"
    r"|\b1 (of 1 )?(answers|rows|rules|acts|places|events|sources|days|cities|files|subjects)\b"
    r"|(?m:^[^|\n]*\S {2,}[^|\s])|on no day\b"
)
"""What no sentence says."""


slow: Final = partial(pytest.param, marks=pytest.mark.slow)


@cache
def record(name: str) -> Path:
    """The policies.csv of a record; that of one header is alone in its folder."""
    folder = records.folder("base").parent / f"small {name}"
    folder.mkdir()
    ids, changes = RECORDS.get(name, ("", {}))
    policies = [BASE[ids] | {"relates_to": "", "supersedes": ""} | changes] if ids else []
    who = {row["subject"] for row in policies}
    subjects = [row | {"within": ""} for row in inputs.rows("subjects") if row["subject"] in who]
    sources = [row for row in inputs.rows("sources") if row["policy_id"] == ids]
    known = {"policies": policies, "subjects": subjects, "sources": sources}
    for table in FILES if name != "a header" else known.keys() - {"subjects", "sources"}:
        records.write(folder, table, known.get(table, []))
    return folder / "policies.csv"


def subject(name: str) -> str:
    row = BASE.get(RECORDS.get(name, ("us-ca-oakland-2019", {}))[0], OAKLAND)
    return f"{row['subject']}{', CA' * (row['subject'] == 'Oakland')}"


TEXTS: Final = {
    "status": ("status", "--as-of", "2021-06", "--all", "--long"),
    "before all": ("status", "--as-of", "1900", "--all"),
    "after all": ("status", "--as-of", "2999"),
    "show": ("show", "SUBJECT", "--as-of", "2021-06"),
    "explain": ("explain", "SUBJECT", "--as-of", "2021-06"),
    "explained before all": ("explain", "SUBJECT", "--as-of", "1900"),
    "another place": ("explain", "France", "--as-of", "2021-06"),
    "search": ("search", "police", "cameras"),
    "changes": ("changes", "--since", "1900", "--until", "2999"),
    "upcoming": ("upcoming", "--as-of", "1900", "--within", "999y"),
    "nothing upcoming": ("upcoming", "--as-of", "2999"),
    "stale": ("stale", "--as-of", "2999"),
    "nothing stale": ("stale", "--as-of", "2019"),
}
MARKETED: Final = ("a vendor", "a company")


def run(name: str, *words: str) -> inputs.Result:
    named = (subject(name) if word == "SUBJECT" else word for word in words)
    return inputs.run(*named, "--policies", str(record(name)))


def sound(result: inputs.Result, code: int = 0) -> None:
    assert inputs.trouble(result) == ""
    assert result.exit_code == code, result.output
    assert BROKEN.search(result.output) is None, result.output


QUICK: Final = {
    *(("headers", text) for text in TEXTS),
    *(("a union", text) for text in ("show", "explain", "explained before all")),
}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (name, text) if (name, text) in QUICK else slow(name, text)
        for name in (*EMPTY, *RECORDS)
        for text in TEXTS
    ],
)
def test_what_people_read_is_whole(name: str, text: str) -> None:
    words = TEXTS[text]
    refused = words[:2] == ("explain", "SUBJECT") and name in MARKETED
    sound(run(name, *words, "-f", "markdown"), code=int(refused))


@pytest.mark.parametrize("kind", ["status", "show", "explain", "search", "changes", "stale"])
@pytest.mark.parametrize("name", ["headers", slow("a bill"), slow("a union")])
def test_json_fits_its_schema_and_csv_has_its_header(name: str, kind: str) -> None:
    words = next(words for words in TEXTS.values() if words[0] == kind)
    document = json.loads(run(name, *words, "-f", "json").stdout)
    assert faults(document) == []
    if kind != "explain":
        header, *rows = csv.reader(io.StringIO(run(name, *words, "-f", "csv").stdout))
        assert len(header) == len({*header}) > 5
        assert all(len(row) == len(header) for row in rows)
        assert name != "headers" or not rows


@pytest.mark.parametrize("name", [*EMPTY, *map(slow, RECORDS)])
def test_the_tables_are_valid_and_in_form(name: str) -> None:
    sound(inputs.run("validate", str(record(name))))
    assert inputs.run("fmt", "--check", str(record(name))).exit_code == 0


def test_the_difference_to_nothing_is_whole() -> None:
    folders = [str(record(name).parent) for name in ("headers", "a city")]
    for pair in (folders, folders[::-1], folders[:1] * 2):
        sound(inputs.run("diff", *pair))


# --- what is drawn


@pytest.mark.parametrize("kind", ["spells", "counts"])
@pytest.mark.parametrize("name", ["headers", slow("a failed bill")])
def test_a_figure_of_nothing_says_so(name: str, kind: str) -> None:
    """Once below the figure, in a comment beside its outlines, and once as text."""
    page = run(name, "timeline", "--kind", kind, "-f", "html")
    assert page.exit_code == 0
    words = re.sub(r"(?s)<style.*?</style>|<(?!!--)[^>]*>", "\n", page.stdout)
    assert words.count("No rule in force on these days.") == 2
    assert "<table>" not in page.stdout
    assert "None" not in words


def test_a_panel_of_nothing_is_a_sentence_to_people_and_a_header_to_programs() -> None:
    table, text = (
        run("headers", "panel", "--since", "2020", "--until", "2020", "-f", it).stdout
        for it in ("table", "csv")
    )
    assert table == "No subject at this level has an act for this actor on record.\n"
    assert text.count("\n") == 1
    assert text.startswith("subject_key,")


@pytest.mark.parametrize(
    ("name", "opens", "says"),
    [
        ("headers", "world", ("No act is on record.", "0 rows on record, edition")),
        slow("a vendor", "world", ("Record last reviewed", "1 row on record, last reviewed on")),
        slow("a union", "world", ("Record last reviewed", "1 row on record, last reviewed on")),
        ("a city", "us", ("Record last reviewed", "1 row on record, last reviewed on")),
    ],
)
def test_the_map_opens_where_the_record_has_places(
    name: str, opens: str, says: tuple[str, str]
) -> None:
    page = run(name, "map", "-o", "-").stdout
    data = json.loads(page.partition('id="data">')[2].partition("</script>")[0])
    assert data["home"] == opens
    assert data["words"]["phrases"]["reviewed"].startswith(says[0])
    assert says[1] in page
    assert (data["reviewed"] is None) is (name == "headers")


@pytest.mark.slow
@pytest.mark.parametrize("area", ["us", "world", "europe"])
@pytest.mark.parametrize("name", ["headers", "a vendor"])
def test_a_picture_names_its_record(name: str, area: str) -> None:
    picture = run(name, "map", "--area", area, "-f", "svg", "-o", "-").stdout
    words = "\n".join(re.findall(r"<!-- (.*?) -->", picture))
    extent = {"headers": "0 rules of acts, without a review,"}
    assert extent.get(name, "1 rule of acts, reviewed through 2") in words


# --- calendars, exports and sites


@pytest.mark.parametrize("words", [("changes",), slow(("upcoming", "--todos"))])
def test_a_calendar_has_a_component(words: tuple[str, ...]) -> None:
    """RFC 5545, 3.6: at least one; a time zone is one, and no event."""
    read: Any = icalendar.Calendar.from_ical(run("headers", *words, "-f", "ics").stdout)
    assert [it.name for it in read.subcomponents] == ["VTIMEZONE"]
    assert read.errors == []


@pytest.mark.slow
@pytest.mark.parametrize("name", ["headers", "a vendor", "a union", "a bill"])
def test_a_site_has_no_heading_over_nothing(name: str, tmp_path: Path) -> None:
    sound(run(name, "site", str(tmp_path / "site"), "--url", "https://example.org/"))
    for path in (tmp_path / "site").rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        if path.name not in ("map.html", "method.html", "json.html", "files.html"):
            page = page.replace("\n", "")
            assert "<tbody></tbody>" not in page, path.name
            assert "<ul></ul>" not in page, path.name
            assert "<ol></ol>" not in page, path.name
            assert not re.search(r"</h2><(h2|/main|footer)", page), path.name
    assert "on no day" not in (tmp_path / "site" / "llms.txt").read_text(encoding="utf-8")
    first = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert ('class="map-of-today"' in first) is (name == "a bill")
    for path in (tmp_path / "site").rglob("*.ics"):
        assert icalendar.Calendar.from_ical(path.read_text(encoding="utf-8")).subcomponents


@pytest.mark.slow
@pytest.mark.parametrize("name", [*EMPTY, "a union", "a bill"])
def test_an_export_reads_back(name: str, tmp_path: Path) -> None:
    sound(run(name, "export", str(tmp_path / "out")))
    rows = int(name not in EMPTY)
    for table in ("policies", "positions", "periods", "states", "events"):
        text = pd.read_csv(tmp_path / "out" / f"{table}.csv")
        binary = pd.read_parquet(tmp_path / "out" / f"{table}.parquet")
        assert len(text) == len(binary) >= (rows if table == "policies" else 0)
        assert [*text.columns] == [*binary.columns]


# --- the library


@pytest.mark.parametrize("name", ["headers", slow("a union"), "a bill"])
def test_every_function_answers(name: str) -> None:
    tables = fr.load(record(name))
    key = subject(name)
    frames = {
        "status": fr.status(tables, as_of="2021-06"),
        "show": fr.show(tables, key, as_of="2021-06"),
        "changes": fr.changes(tables, "1900", "2999"),
        "upcoming": fr.upcoming(tables, as_of="2999"),
        "search": fr.search(tables, "police", as_of="2021-06"),
        "sources": fr.sources(tables),
        "panel": fr.panel(tables, "2020", "2021"),
        **{it: getattr(fr, it)(tables) for it in ("positions", "periods", "states", "events")},
    }
    for kind, frame in frames.items():
        assert len(frame.columns) > 5, kind
    for document in (
        fr.explain(tables, key, as_of="2021-06"),
        fr.document("status", tables, "2021-06"),
        fr.document("show", tables, key, "2021-06"),
        fr.document("changes", tables, "1900", "2999"),
        fr.document("upcoming", tables, "1900"),
        fr.document("search", tables, "police", "2021-06"),
    ):
        assert faults(document) == []
