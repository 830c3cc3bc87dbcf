"""The files of an export in the programs that people use for them: three engines of SQL, Datasette,
spreadsheets. The queries are those of docs/export.md."""

from __future__ import annotations

import asyncio
import io
import json
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from runpy import run_path
from typing import Any

import duckdb
import openpyxl
import pandas as pd
import polars
import pytest
from click.testing import CliRunner
from datasette.app import Datasette

import frtracker as fr
from frtracker.cli import main
from frtracker.export import export
from frtracker.export.documents import take
from frtracker.export.tables import TABLES, cells
from frtracker.files import write_folder
from frtracker.timeline import build
from frtracker.vocabulary import ACTORS

ROOT = Path(__file__).resolve().parents[1]
DAY = date(2021, 6, 30)
QUERIES = run_path(str(ROOT / "benchmarks" / "queries.py"))["QUERIES"]
PROHIBITING = ("ban", "moratorium", "withdrawal")


@pytest.fixture(scope="module")
def record() -> Any:
    return fr.load()


@pytest.fixture(scope="module")
def snapshot(record: Any) -> Any:
    return take(record, build(record.policies), DAY)


@pytest.fixture(scope="module")
def folder(snapshot: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("export") / "out"
    files = export(snapshot, ["parquet", "sqlite", "xlsx"])
    write_folder(target, {file.name: file.data for file in files})
    return target


def in_sqlite(folder: Path, query: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(folder / "frtracker.sqlite") as database:
        rows = database.execute(query).fetchall()
    database.close()
    return rows


def in_duckdb(folder: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as database:
        for path in folder.glob("*.parquet"):
            database.execute(f"CREATE VIEW {path.stem} AS SELECT * FROM '{path}'")
        return database.execute(query).fetchall()


def in_polars(folder: Path, query: str) -> list[tuple[Any, ...]]:
    frames = {path.stem: polars.read_parquet(path) for path in folder.glob("*.parquet")}
    return polars.SQLContext(frames).execute(query, eager=True).rows()


Engine = Callable[[Path, str], list[tuple[Any, ...]]]
ENGINES: list[Engine] = [in_sqlite, in_duckdb, in_polars]


def texts(rows: Any) -> list[tuple[str, ...]]:
    """Rows as text: days ISO, flags 1 and 0, '' where nothing is."""
    return [tuple(map(_text, row)) for row in rows]


def _text(cell: Any) -> str:
    if cell is None or cell != cell:
        return ""
    if isinstance(cell, bool):
        return str(int(cell))
    return cell.date().isoformat() if isinstance(cell, datetime) else str(cell)


def on_the_day(record: Any) -> list[tuple[str, ...]]:
    found = fr.status(record, "2021-06-30", everything=True, actor="police")
    found = found[found["measure"] != "none"].sort_values("subject_key")
    columns = ["subject_key", "subject", "geoidfq", "measure", "scope", "certain"]
    return texts(found[columns].astype(object).itertuples(index=False))


def runs(record: Any) -> list[tuple[str, ...]]:
    """Joined by hand: stretches that follow each other with one measure and scope."""
    table = fr.positions(record)
    table = table[table["certain"] & table["measure"].isin(PROHIBITING)]
    found: list[dict[str, Any]] = []
    for row in table.sort_values(["subject_key", "actor", "valid_from"]).to_dict("records"):
        same = ("subject_key", "actor", "measure", "scope", "since_low", "since_high")
        last = found[-1] if found else {}
        if all(last.get(name) == row[name] for name in same):
            last["valid_to"] = row["valid_to"]
        else:
            found.append(row)
    names = ("subject_key", "actor", "measure", "scope")
    days = ("valid_from", "valid_to", "since_low", "since_high")
    return texts(
        tuple(row[n] if row[n] is not pd.NaT else None for n in names + days) for row in found
    )


def yearly(record: Any) -> list[tuple[str, ...]]:
    positions = fr.positions(record, actor="police")
    treated = (positions["actor"] == "police") & positions["certain"]
    treated &= positions["scope"] == "general"
    keys = sorted({*positions.loc[treated & positions["measure"].isin(PROHIBITING), "subject_key"]})
    panel = fr.panel(
        record, "2019", "2021", freq="year", level=("city", "county", "state", "country", "federal")
    )
    held = panel[panel["certain"].fillna(False) & (panel["scope"] == "general")]
    held = held[held["measure"].isin(PROHIBITING)]
    ends = {*zip(held["subject_key"], held["period"], strict=True)}
    followed = {*panel["subject_key"]}
    return [
        (key, *(str(int((key, year) in ends)) for year in ("2019", "2020", "2021")))
        for key in keys
        if key in followed
    ]


def test_the_guide_has_the_three_queries() -> None:
    assert [*QUERIES] == ["day", "run", "panel"]


@pytest.mark.parametrize("engine", ENGINES, ids=lambda it: it.__name__)
def test_the_sql_of_a_day_gives_the_answer_of_status(
    engine: Engine, folder: Path, record: Any
) -> None:
    assert texts(engine(folder, QUERIES["day"])) == on_the_day(record)


@pytest.mark.parametrize("engine", ENGINES, ids=lambda it: it.__name__)
def test_the_sql_of_a_run_joins_what_follows_without_a_gap(
    engine: Engine, folder: Path, record: Any
) -> None:
    assert sorted(texts(engine(folder, QUERIES["run"]))) == sorted(runs(record))


@pytest.mark.parametrize("engine", ENGINES, ids=lambda it: it.__name__)
def test_the_sql_of_a_panel_gives_the_positions_of_the_panel(
    engine: Engine, folder: Path, record: Any
) -> None:
    expected = yearly(record)
    followed = {key for key, *_ in expected}
    found = [row for row in texts(engine(folder, QUERIES["panel"])) if row[0] in followed]
    assert found == expected
    assert len(expected) > 30


# --- Datasette


@pytest.fixture(scope="module")
def served(folder: Path) -> Callable[[str], Any]:
    metadata = json.loads((folder / "metadata.json").read_bytes())
    server = Datasette([str(folder / "frtracker.sqlite")], metadata=metadata)

    def asked(path: str) -> Any:
        async def ask() -> Any:
            return await server.client.get(path)

        answer = asyncio.run(ask())
        assert answer.status_code == 200, answer.text
        return answer.json() if ".json" in path else answer.text

    return asked


def test_datasette_finds_words_in_all_their_forms(served: Callable[[str], Any]) -> None:
    found = served("/frtracker/policies.json?_search=unlocking+phones&_shape=array")
    assert "us-mn-minneapolis-2021" in [row["policy_id"] for row in found]
    found = served("/frtracker/subjects.json?_search=sao+paulo&_shape=array")
    assert {row["country"] for row in found} == {"BR"}


def test_datasette_counts_the_words_of_a_list(served: Callable[[str], Any], record: Any) -> None:
    found = served("/frtracker/policies.json?_facet_array=applies_to&_size=0")
    counts = {it["value"]: it["count"] for it in found["facet_results"]["applies_to"]["results"]}
    lists = record.policies["applies_to"].str.split(";").explode()
    assert counts == {actor: int((lists == actor).sum()) for actor in ACTORS}


def test_a_canned_query_of_datasette_answers_as_status_does(
    served: Callable[[str], Any], record: Any
) -> None:
    found = served("/frtracker/on_a_day.json?actor=police&day=2021-06-30&_shape=array")
    status = fr.status(record, "2021-06-30", everything=True, actor="police")
    assert {row["subject_key"]: row["measure"] for row in found} == dict(
        zip(status["subject_key"], status["measure"], strict=True)
    )
    history = served("/frtracker/history.json?subject_key=us-ma-boston&_shape=array")
    assert [row["policy_id"] for row in history][:1] == ["us-ma-boston-2020"]


PAGES = [
    ("/", ["CC BY 4.0", "GeoNames", "Edition 20"]),
    ("/frtracker", ["in_force", "bans_today", "Positions on a day"]),
    ("/frtracker/positions?subject_key=us-ma-boston", [">Boston</a>", "Positions over time"]),
    ("/frtracker/policies", ["What the rule does.", "_search"]),
    ("/frtracker/subjects/us-ma-boston", ["1600000US2507000"]),
]


@pytest.mark.parametrize(("path", "words"), PAGES, ids=[path for path, _ in PAGES])
def test_datasette_says_what_it_shows(
    served: Callable[[str], Any], path: str, words: list[str]
) -> None:
    page = served(path)
    assert [word for word in words if word not in page] == []


# --- spreadsheets


def rows_of(sheet: Any) -> list[tuple[Any, ...]]:
    return [*sheet.iter_rows(values_only=True)]


def test_a_workbook_says_what_it_is_before_its_tables(folder: Path, snapshot: Any) -> None:
    book = openpyxl.load_workbook(folder / "frtracker.xlsx")
    assert book.sheetnames == ["Read me", *(it.name for it in TABLES)]
    first = rows_of(book["Read me"])
    facts = {row[0]: row[1] for row in first if row[0]}
    assert facts["Edition"] == snapshot.tables.edition.edition
    assert facts["License"] == "https://creativecommons.org/licenses/by/4.0/"
    assert "The frtracker authors" in facts["Cite as"]
    assert "GeoNames" in facts["Credits"]
    told = {(row[0], row[1]): row[2] for row in first}
    for table in TABLES:
        page = book[table.name]
        assert [cell.value for cell in page[1]] == table.names
        assert page.freeze_panes == "A2"
        assert page.auto_filter.ref.startswith("A1:")
        assert page.max_row == len(cells(table, snapshot)) + 1
        for column in table.columns:
            assert told[table.name, column.name] == column.description


def test_a_workbook_has_the_text_of_the_tables(folder: Path, snapshot: Any) -> None:
    book = openpyxl.load_workbook(folder / "frtracker.xlsx")
    for table in TABLES:
        for row, expected in zip(
            rows_of(book[table.name])[1:],
            cells(table, snapshot).itertuples(index=False),
            strict=True,
        ):
            for column, cell, value in zip(table.columns, row, expected, strict=True):
                if value != value:
                    assert cell is None
                elif column.kind == "day":
                    assert cell == value.date().isoformat()
                else:
                    assert cell == value, (table.name, column.name)


ANSWERS = [
    ("status", "Boston", "--as-of", "2021"),
    ("show", "Boston", "--as-of", "2021"),
    ("changes", "--since", "2021-01", "--until", "2021-03"),
    ("upcoming", "--as-of", "2021-01", "--within", "12m"),
    ("search", "unlocking phones"),
    ("stale", "--as-of", "2028"),
    ("panel", "--since", "2020", "--until", "2021", "--freq", "year"),
    ("panel", "--sensitivity", "--since", "2020", "--until", "2021"),
    ("diff", str(ROOT / "editions" / "2026.11.22"), str(ROOT / "policies.csv")),
]


@pytest.mark.parametrize("words", ANSWERS, ids=lambda words: " ".join(words)[:30])
def test_an_answer_is_a_workbook_too(words: tuple[str, ...], tmp_path: Path) -> None:
    path = tmp_path / "answer.xlsx"
    done = CliRunner().invoke(main, [*words, "-o", str(path)])
    assert done.exit_code == 0, done.output
    book = openpyxl.load_workbook(path)
    read_me, page = rows_of(book.worksheets[0]), rows_of(book.worksheets[1])
    plain = CliRunner().invoke(main, [*words, "-f", "csv"]).stdout
    table = pd.read_csv(io.StringIO(plain), dtype=str, keep_default_na=False)
    assert [*page[0]] == [*table.columns]
    for row, expected in zip(page[1:], table.itertuples(index=False), strict=True):
        for cell, text in zip(row, expected, strict=True):
            if isinstance(cell, int | float) and not isinstance(cell, bool):
                assert cell == pytest.approx(float(text))
            else:
                assert ("" if cell is None else str(cell)) == {
                    "true": "True",
                    "false": "False",
                }.get(text, text)
    meanings = {row[1]: row[2] for row in read_me if row[0] == book.sheetnames[1]}
    assert {*meanings} == {*table.columns}
    assert all(meanings.values())


def test_a_workbook_has_the_same_bytes_again(snapshot: Any, folder: Path) -> None:
    again = {file.name: file.data for file in export(snapshot, ["xlsx"])}
    assert again["frtracker.xlsx"] == (folder / "frtracker.xlsx").read_bytes()


def test_text_longer_than_a_cell_says_where_all_of_it_is() -> None:
    from frtracker.text.workbook import LONGEST_CELL, Sheet, workbook
    from frtracker.timeline.columns import Column

    column = Column("notes", "text", "What a careful reader must know.")
    made = workbook([Sheet("policies", [column], [{"notes": "x" * 40_000}])], {})
    cell = openpyxl.load_workbook(io.BytesIO(made))["policies"]["A2"].value
    assert len(cell) == LONGEST_CELL
    assert cell.endswith("as CSV it is whole)")


def test_numbers_stay_numbers_and_text_stays_text(tmp_path: Path) -> None:
    path = tmp_path / "panel.xlsx"
    words = ["panel", "--since", "2020", "--until", "2020", "--freq", "year", "-o", str(path)]
    assert CliRunner().invoke(main, words).exit_code == 0
    head, first = [*openpyxl.load_workbook(path)["panel"].iter_rows(max_row=2)]
    formats = {name.value: cell.number_format for name, cell in zip(head, first, strict=True)}
    assert (formats["days"], formats["certain"]) == ("General", "General")
    assert (formats["subject_key"], formats["first_day"]) == ("@", "@")


def test_more_rows_than_a_spreadsheet_takes_are_refused_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("frtracker.text.workbook.MOST_ROWS", 5)
    path = tmp_path / "changes.xlsx"
    done = CliRunner().invoke(main, ["changes", "--since", "2020", "-o", str(path)])
    assert done.exit_code == 1
    assert "a spreadsheet takes 5: use CSV." in done.stderr.splitlines()[-1]
    assert not path.exists()


def test_what_ends_on_a_condition_has_a_sheet_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "coming.xlsx"
    words = ["upcoming", "--as-of", "2021-06"]
    assert CliRunner().invoke(main, [*words, "-o", str(path)]).exit_code == 0
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Read me", "upcoming", "conditions"]
    document = json.loads(CliRunner().invoke(main, [*words, "-f", "json"]).stdout)
    assert book["conditions"].max_row == len(document["conditions"]) + 1
    note = CliRunner().invoke(main, [*words, "-f", "csv"]).stderr
    count = len(document["conditions"])
    assert f"{count} rules end on a condition, which CSV leaves out: use JSON or XLSX" in note


def test_a_workbook_says_what_was_asked(tmp_path: Path) -> None:
    path = tmp_path / "status.xlsx"
    words = ["status", "--as-of", "2021", "--country", "US", "--for", "police", "-o", str(path)]
    assert CliRunner().invoke(main, words).exit_code == 0
    facts = {row[0]: row[1] for row in rows_of(openpyxl.load_workbook(path)["Read me"])}
    assert (facts["Applies to"], facts["Markets"]) == ("police", "US")


@pytest.mark.slow
def test_libreoffice_opens_a_workbook_and_keeps_every_cell(folder: Path, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    assert office, "LibreOffice is missing: apt install libreoffice-calc-nogui"
    words = ("--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path))
    call = [office, f"-env:UserInstallation=file://{tmp_path}/profile", *words]
    subprocess.run([*call, folder / "frtracker.xlsx"], check=True, capture_output=True, timeout=300)
    ours = openpyxl.load_workbook(folder / "frtracker.xlsx")
    theirs = openpyxl.load_workbook(tmp_path / "frtracker.xlsx", data_only=True)
    assert theirs.sheetnames == ours.sheetnames
    for name in ours.sheetnames:
        assert rows_of(theirs[name]) == rows_of(ours[name])
