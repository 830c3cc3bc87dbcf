"""Programs that did not write them read the files, and the hostile text is in them as it stands."""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import feedparser
import geopandas
import inputs
import pytest
import vobject
from hostile import NAMES
from PIL import Image

from frtracker.text.sheet import safe_csv

NAMED = {f"{name} {number}" for number, name in enumerate(NAMES)}


@pytest.fixture(scope="module")
def folder(hostile: Path) -> Path:
    target = hostile.parent / "read-back"
    result = inputs.run("export", str(target), "--as-of", "2021", "--policies", str(hostile))
    assert result.exit_code == 0, result.output
    return target


def table(rows: str, path: Path) -> list[tuple[object, ...]]:
    """What DuckDB finds in a file."""
    with duckdb.connect(":memory:") as engine:
        return engine.sql(rows.format(path)).fetchall()


CSV = "read_csv('{}', header = true, all_varchar = true, nullstr = '\\0')"


def test_csv_is_read_alike_by_two_readers(folder: Path) -> None:
    for path in sorted(folder.glob("*.csv")):
        with path.open(newline="", encoding="utf-8") as file:
            _, *ours = map(tuple, csv.reader(file))
        assert table(f"SELECT * FROM {CSV}", path) == ours, path.name
    told = {name for (name,) in table(f"SELECT subject FROM {CSV}", folder / "policies.csv")}
    assert told >= NAMED


def test_parquet_holds_the_text(folder: Path) -> None:
    rows = table("SELECT subject, summary, notes FROM '{}'", folder / "policies.parquet")
    assert {subject for subject, *_ in rows} >= NAMED
    assert {notes for *_, notes in rows} >= set(NAMES)


def test_geojson_holds_the_text(folder: Path) -> None:
    path = folder / "subjects.geojson"
    assert set(geopandas.read_file(path)["subject"]) >= NAMED
    features = json.loads(path.read_text("utf-8"))["features"]
    assert {each["properties"]["subject"] for each in features} >= NAMED


def printed(path: Path, *words: str) -> str:
    result = inputs.run(*words, "--policies", str(path))
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.mark.parametrize("words", [("changes", "--since", "2020"), ("upcoming", "--as-of", "2019")])
def test_another_reader_of_calendars_finds_the_same(
    words: tuple[str, ...], hostile: Path, harmless: Path
) -> None:
    found = []
    for path in (hostile, harmless):
        calendar = vobject.readOne(printed(path, *words, "-f", "ics"))
        events = calendar.contents["vevent"]
        found.append(sorted((event.uid.value, *event.contents) for event in events))
        for event in events:
            address = event.contents.get("url")
            assert address is None or address[0].value.startswith("https://example.org/")
    assert found[0] == found[1]
    calendar = vobject.readOne(printed(hostile, *words, "-f", "ics"))
    said = " ".join(event.summary.value for event in calendar.contents["vevent"])
    for name in NAMED:
        assert name in said


def test_a_reader_of_feeds_finds_the_text(hostile: Path, harmless: Path) -> None:
    feed, twin = (
        feedparser.parse(printed(it, "changes", "--until", "2026-11-30", "-f", "atom"))
        for it in (hostile, harmless)
    )
    assert not feed.bozo
    assert len(feed.entries) > 20
    assert {entry.id for entry in feed.entries} == {entry.id for entry in twin.entries}
    assert all(entry.title_detail.type == "text/plain" for entry in feed.entries)


# --- pictures

SVG = "{http://www.w3.org/2000/svg}"
FIGURES = [
    ("timeline", "--type", "city", "--type", "vendor"),
    ("timeline", "--kind", "counts"),
    pytest.param(("map", "--as-of", "2021"), marks=pytest.mark.slow),
]


@pytest.mark.parametrize("words", FIGURES, ids="-".join)
def test_a_picture_is_sound_and_acts_not(
    words: tuple[str, ...], hostile: Path, tmp_path: Path
) -> None:
    svg, png = tmp_path / "it.svg", tmp_path / "it.png"
    for path in (svg, png):
        wanted = (*words, "-f", path.suffix[1:], "-o", str(path), "--policies", str(hostile))
        result = inputs.run(*wanted)
        assert (inputs.trouble(result), result.exit_code) == ("", 0)
    elements = list(ET.fromstring(svg.read_text("utf-8")).iter())
    assert {element.tag.removeprefix(SVG) for element in elements} & {
        "script", "foreignObject", "a", "image", "animate", "set", "handler",
    } == set()  # fmt: skip
    attributes = [(name, value) for element in elements for name, value in element.items()]
    assert [name for name, _ in attributes if name.lower().startswith("on")] == []
    links = [value for name, value in attributes if name.endswith("href")]
    assert [link for link in links if not link.startswith("#")] == []
    with Image.open(png) as picture:
        picture.verify()


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        assert not [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_figure_s_page_has_its_text_as_text(hostile: Path) -> None:
    page = Tags(printed(hostile, "timeline", "--type", "vendor", "-f", "html"))
    assert page.seen & {"script", "img", "a", "iframe", "b"} == set()
    for name in NAMED:
        assert name in page.text


# --- what a spreadsheet may open


def test_safe_csv_of_an_export_runs_nothing_and_gives_the_text_back(
    hostile: Path, folder: Path
) -> None:
    target = hostile.parent / "safe"
    words = ("export", str(target), "--as-of", "2021", "--only", "csv", "--safe-csv")
    printed(hostile, *words)
    acts = re.compile(r"\s*[=+@\-＝＋－＠]")
    for path in sorted(folder.glob("*.csv")):
        with path.open(newline="", encoding="utf-8") as file:
            plain = list(csv.reader(file))
        with (target / path.name).open(newline="", encoding="utf-8-sig") as file:
            safe = list(csv.reader(file))
        assert [[given_back(cell) for cell in row] for row in safe] == plain
        for cell in (cell for row in safe for cell in row):
            assert not acts.match(cell) or re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?", cell), cell
    index = json.loads((target / "index.json").read_bytes())
    assert {each["name"]: each["bytes"] for each in index["files"]}["policies.csv"] == (
        (target / "policies.csv").stat().st_size
    )


def given_back(cell: str) -> str:
    """As docs/export.md tells: one quote less where quotes stand before a formula."""
    return cell[1:] if re.match(r"'+[\s\x00]*[=+\-@＝＋－＠\t\r\n]", cell) else cell


@pytest.mark.parametrize("cell", ["=1", "'=1", "''=1", "'", "'a", "-3", "'-3", "\t=1", "'\n=1", ""])
def test_what_is_guarded_is_given_back(cell: str) -> None:
    buffer = io.StringIO()
    csv.writer(buffer, quoting=csv.QUOTE_ALL).writerow([cell])
    ((guarded,),) = csv.reader(io.StringIO(safe_csv(buffer.getvalue())[1:], newline=""))
    assert given_back(guarded) == cell
    assert not re.match(r"\s*=", guarded)


def test_safe_csv_goes_with_the_csv_of_an_export(tmp_path: Path) -> None:
    result = inputs.run("export", str(tmp_path / "out"), "--only", "json", "--safe-csv")
    assert result.exit_code == 2
    assert "--safe-csv needs" in result.stderr
    assert not (tmp_path / "out").exists()
