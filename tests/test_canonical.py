"""The canonical form of the files, and what `fmt` makes of them."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import records
from frtracker.record import form
from frtracker.record import load as table
from frtracker.record.columns import TABLES
from frtracker.record.findings import DataError
from frtracker.record.tables import canonical_order

BASE = records.folder("base")


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(BASE, tmp_path / "data")


def frame(name: str, *rows: dict[str, str]) -> pd.DataFrame:
    columns = list(TABLES[name].names)
    cells = [[row.get(column, "") for column in columns] for row in rows]
    return pd.DataFrame(cells, columns=columns, dtype="str")


def cell(name: str, column: str, text: str) -> str:
    return form.canonical_cells(name, frame(name, {column: text}))[column].iat[0]


@pytest.mark.parametrize(
    ("name", "column", "text", "right"),
    [
        ("policies", "applies_to", "private;police", "police;private"),
        ("policies", "applies_to", " police ;;police; schools", "police;schools"),
        ("policies", "uses", "other;live;unheard of", "live;other;unheard of"),
        ("policies", "territory", "US-IL;CA;US", "CA;US;US-IL"),
        ("policies", "supersedes", "b-2;a-1", "b-2;a-1"),
        ("policies", "measure", " ban ", "ban"),
        ("policies", "decided_on", "2020 ", "2020"),
        ("policies", "decided_on", " 2020/2021-06", "[2020-01..2021-06]"),
        ("policies", "decided_on", "/2021", "[..2021]"),
        ("policies", "decided_on", "2021/2020", "2021/2020"),
        ("policies", "effective_on", "[2023..2025-07-15]", "[2023-01-01..2025-07-15]"),
        ("policies", "reviewed_on", "2020/2021", "2020/2021"),
        ("sources", "published_on", "2020/2021", "[2020..2021]"),
        ("policies", "summary", "  two  blanks\t\tand more ", "two blanks and more"),
        ("policies", "summary", "two  blanks", "two blanks"),
        ("policies", "notes", "one \n  two\n\nthree  x", "one\ntwo\n\nthree x"),
        ("policies", "notes", "cafe\u0301", "café"),
        ("policies", "summary", "", ""),
        ("subjects", "aliases", "Zeta; Alpha", "Zeta;Alpha"),
        ("subjects", "within", "Milwaukee;Milwaukee County", "Milwaukee;Milwaukee County"),
        (
            "sources",
            "supports",
            "summary;decided_on~;introduced_on",
            "introduced_on;decided_on~;summary",
        ),
        ("sources", "url", " https://example.org/a  b ", "https://example.org/a  b"),
    ],
)
def test_a_cell_has_one_form(name, column, text, right):
    assert cell(name, column, text) == right
    assert cell(name, column, right) == right


def ordered(name: str, *rows: dict[str, str], policies: pd.DataFrame | None = None) -> list[int]:
    return canonical_order(name, frame(name, *rows), policies).tolist()


def place(country: str, region: str, kind: str, subject: str, **more: str) -> dict[str, str]:
    return {"country": country, "region": region, "subject_type": kind, "subject": subject} | more


IN_ORDER = [
    place("", "", "supranational", "European Union", policy_id="z"),
    place("CA", "", "country", "Canada", policy_id="z"),
    place("US", "", "country", "United States", policy_id="z"),
    place("US", "", "agency", "Alpha", policy_id="z"),
    place("US", "", "vendor", "Aardvark", policy_id="z"),
    place("US", "US-CA", "city", "Alameda", policy_id="z"),
    place(
        "US", "US-CA", "city", "Berkeley", policy_id="x", introduced_on="2019", decided_on="2021"
    ),
    place("US", "US-CA", "city", "Berkeley", policy_id="y", decided_on="[..2019-06]"),
    place("US", "US-CA", "city", "Berkeley", policy_id="a", effective_on="2020-01-01"),
    place("US", "US-CA", "city", "Berkeley", policy_id="b", decided_on="2020-01-01"),
    place("US", "US-CA", "city", "Berkeley", policy_id="c", expires_on="2010"),
    place("US", "US-CA", "county", "Alameda County", policy_id="z"),
    place("US", "US-CA", "state", "California", policy_id="z"),
    place("US", "US-ME", "city", "Portland", policy_id="z"),
]


@pytest.mark.parametrize("seed", range(5))
def test_policies_stand_in_one_order(seed):
    mixed = random.Random(seed).sample(range(len(IN_ORDER)), len(IN_ORDER))
    order = ordered("policies", *(IN_ORDER[at] for at in mixed))
    assert [mixed[at] for at in order] == list(range(len(IN_ORDER)))


def test_sources_follow_their_policies_and_keep_their_own_order():
    policies = frame(
        "policies",
        place("US", "US-OR", "city", "Portland", policy_id="b"),
        place("US", "US-ME", "city", "Portland", policy_id="a"),
    )
    sources = [
        {"policy_id": "b", "url": "9"},
        {"policy_id": "gone"},
        {"policy_id": "a", "url": "2"},
    ]
    sources += [{"policy_id": "b", "url": "1"}, {"policy_id": "a", "url": "1"}]
    assert ordered("sources", *sources, policies=policies) == [2, 4, 0, 3, 1]
    assert ordered("sources", *sources) == [0, 3, 1, 2, 4]


def test_searches_stand_by_place_level_and_day():
    rows = [
        {"country": "US", "region": "US-CA", "level": "local", "searched_on": "2021-01-01"},
        {"country": "US", "region": "US-CA", "level": "state", "searched_on": "2022-01-01"},
        {"country": "US", "region": "US-CA", "level": "state", "searched_on": "2021-01-01"},
        {"country": "US", "region": "", "level": "federal", "searched_on": "2023-01-01"},
    ]
    assert ordered("searches", *rows) == [3, 2, 1, 0]


def test_quotes_stand_only_where_they_must():
    rows = frame("searches", {"country": "US", "finding": 'a, "b"\nc'}, {"finding": "plain;"})
    assert "".join(form.written(rows)) == (
        'country,region,level,searched_on,finding\nUS,,,,"a, ""b""\nc"\n,,,,plain;\n'
    )


def test_lines_end_alike_on_every_system(monkeypatch):
    monkeypatch.setattr(os, "linesep", "\r\n")
    assert form.written(frame("searches", {"country": "US"})).count("\r") == 0


# --- fmt


def disorder(folder: Path) -> None:
    """A mark, carriage returns, shuffled rows and columns, stray blanks, lists out of order."""
    for path in folder.iterdir():
        text = path.read_text("utf-8").replace("police;government", "government; police ")
        header, *rows = (line.split(",") for line in text.splitlines())
        lines = [",".join([*row[1:], f'"{row[0]}"']) for row in [header, *rows[::-1]]]
        path.write_bytes(b"\xef\xbb\xbf" + "\r\n".join([*lines, "", ""]).encode())


def test_fmt_restores_the_canonical_files(folder):
    disorder(folder)
    changes = table.changes([*folder.iterdir()])
    assert sorted(change.path.name for change in changes) == sorted(p.name for p in BASE.iterdir())
    for change in changes:
        assert change.text == (BASE / change.path.name).read_text("utf-8")
        assert change.before.encode() == change.path.read_bytes()


def test_what_fmt_wrote_needs_no_fmt(folder):
    disorder(folder)
    for change in table.changes([*folder.iterdir()]):
        change.path.write_text(change.text, "utf-8", newline="")
    assert table.changes([*folder.iterdir()]) == ()
    assert table.check([folder / "policies.csv"]).findings == ()


def test_what_is_canonical_has_no_changes():
    assert table.changes([BASE / "policies.csv"]) == ()


def test_a_diff_shows_the_lines_and_is_inert(folder):
    path = folder / "searches.csv"
    text = path.read_text("utf-8")
    change = form.Change(path, text.replace("Bills", "Bills \x1b[31m "), text)
    lines = change.diff().splitlines()
    assert [line[0] for line in lines] == ["-", "+", "@", " ", "-", "+"]
    assert change.diff().replace("\n", "").isprintable()


def test_a_difference_of_line_ends_is_told(folder):
    path = folder / "searches.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    (change,) = table.changes([path])
    assert change.diff().endswith("line ends or a byte order mark differ\n")


SPREADSHEET = {"2019-09-17": "9/17/2019", "2026-11-22": "11/22/2026"}


@pytest.mark.parametrize(
    ("name", "changes", "codes"),
    [
        ("searches", {",state,": ", galaxy,"}, {"R101"}),
        ("policies", SPREADSHEET, {"R123"}),
        ("sources", {"policy_id,url": "policy_id,link"}, {"R012"}),
        ("policies", {"us-ca-oakland-2022,Oak": "us-ca-oakland-2021,Oak"}, {"R105"}),
        ("policies", {",": ";"}, {"R018"}),
    ],
)
def test_fmt_refuses_a_table_with_format_errors(folder, name, changes, codes):
    disorder(folder)
    path = folder / f"{name}.csv"
    text = (BASE / path.name).read_text("utf-8")
    for old, new in changes.items():
        text = text.replace(old, new)
    path.write_text(text, "utf-8", newline="")
    with pytest.raises(DataError) as caught:
        table.changes([*folder.iterdir()])
    assert {finding.code for finding in caught.value.findings} == codes


def test_fmt_fixes_blanks_around_cells_and_rows_of_commas(folder):
    path = folder / "policies.csv"
    right = path.read_text("utf-8")
    rows = right.replace(",ban,", ", ban ,").replace("\nus-ma-2020,", "\nus-ma-2020 ,")
    path.write_text(rows + "," * right.splitlines()[0].count(",") + "\n", "utf-8", newline="")
    assert [it.code for it in table.check([path]).errors] == ["R124"] * 3
    (change,) = table.changes([path])
    assert change.text == right


def test_fmt_changes_only_the_files_that_it_is_given(folder):
    disorder(folder)
    for names in (["policies.csv"], ["sources.csv", "subjects.csv"]):
        changes = table.changes([folder / name for name in names])
        assert sorted(change.path.name for change in changes) == names


def test_sources_alone_follow_the_policies_of_their_folder(folder):
    disorder(folder)
    (change,) = table.changes([folder / "sources.csv"])
    assert change.text == (BASE / "sources.csv").read_text("utf-8")
    (folder / "policies.csv").write_text("policy_id;subject\n", "utf-8")
    with pytest.raises(DataError, match="1 error"):
        table.changes([folder / "sources.csv"])
    assert [it.path.name for it in table.changes([folder / "subjects.csv"])] == ["subjects.csv"]


@settings(deadline=None, max_examples=30)
@given(st.lists(st.text(max_size=12), min_size=1, max_size=5))
def test_canonical_cells_stay_as_they_are(texts):
    once = form.canonical_cells(
        "policies", frame("policies", *({"notes": each, "territory": each} for each in texts))
    )
    assert form.canonical_cells("policies", once).equals(once)


def test_sources_stand_in_the_order_that_their_policies_will_have():
    policies = frame(
        "policies",
        place("US", "  US-WA", "city", "Seattle", policy_id="w"),
        place("US", "US-CA", "city", "Alameda", policy_id="c"),
    )
    sources = frame("sources", {"policy_id": "w", "url": "1"}, {"policy_id": "c", "url": "2"})

    def order(*beside: pd.DataFrame) -> list[str]:
        lines = form.canonical_text("sources", sources, *beside).splitlines()
        return [line[0] for line in lines[1:]]

    assert order(policies) == ["c", "w"]
    assert order() == ["w", "c"]


@settings(deadline=None, max_examples=30)
@given(st.permutations(range(len(IN_ORDER))))
def test_canonical_text_does_not_depend_on_the_order_of_rows(mixed):
    text = form.canonical_text("policies", frame("policies", *(IN_ORDER[at] for at in mixed)))
    assert text == form.canonical_text("policies", frame("policies", *IN_ORDER))


def test_canonical_cells_are_those_of_the_same_rows():
    rows = [place("US", "US-CA", "city", name, notes=f" {name} ") for name in ("A", "B", "C")]
    turned = frame("policies", *rows).iloc[::-1]
    written = form.canonical_cells("policies", turned)
    assert list(written.index) == [2, 1, 0]
    assert written["notes"].tolist() == ["C", "B", "A"]
    assert (written.dtypes == "str").all()
    assert (form.canonical_cells("policies", turned.iloc[:0]).dtypes == "str").all()
