"""What an export holds, that it says what `status` says, and that it is written whole or not."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import sqlite3
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner
from hypothesis import settings

from frtracker.answers.here import history_in_place
from frtracker.answers.status import Filters, status
from frtracker.cli import main
from frtracker.export import export
from frtracker.export import tables as exported
from frtracker.export.documents import take
from frtracker.files import UNFINISHED, FolderRefused, edition_of, is_safe, write_folder
from frtracker.places.place import of_subject
from frtracker.places.subjects import subjects_by_key
from frtracker.record import load
from frtracker.record.columns import TABLES
from frtracker.record.tables import subject_key
from frtracker.text import status as texts
from frtracker.timeline import build, positions_on, states_on

DAY = date(2026, 11, 22)
ROOT = Path(__file__).resolve().parents[1]
EVERYTHING = Filters(everything=True)
FACE = (
    "subject_key",
    "actor",
    "measure",
    "scope",
    "certain",
    "at_least_measure",
    "at_least_scope",
    "territory",
    "policy_ids",
    "lifted",
)
ON = """FROM positions WHERE valid_from <= {d} AND (valid_to IS NULL OR {d} < valid_to)"""


@pytest.fixture(scope="module")
def snapshot():
    record = load.read()
    return take(record, build(record.policies), DAY)


@pytest.fixture(scope="module")
def files(snapshot):
    return {file.name: file for file in export(snapshot)}


@pytest.fixture(scope="module")
def written(files, tmp_path_factory):
    target = tmp_path_factory.mktemp("export") / "out"
    write_folder(target, {file.name: file.data for file in files.values()})
    return target


@pytest.fixture(scope="module")
def lite(written):
    with sqlite3.connect(written / "frtracker.sqlite") as database:
        yield database
    database.close()


@pytest.fixture(scope="module")
def duck(written):
    with duckdb.connect() as database:
        for name, options in (("parquet", ""), ("csv", ", header = true")):
            reader = f"read_{name}('{written}/positions.{name}'{options})"
            database.execute(f"CREATE VIEW positions_{name} AS SELECT * FROM {reader}")
        yield database


# The answers


def told(snapshot, day):
    """What `status` says, in the columns of FACE."""
    document = status(snapshot.tables, snapshot.timeline, day, filters=EVERYTHING)
    return {
        (
            entry["subject_key"],
            actor,
            held["measure"],
            held["scope"],
            held["certain"],
            held["at_least"]["measure"] if held["at_least"] else None,
            held["at_least"]["scope"] if held["at_least"] else None,
            ";".join(held["territory"] or []),
            ";".join(held["policy_ids"]),
            held["lifted"],
        )
        for entry in document["subjects"]
        for actor, held in entry["positions"].items()
        if held
    }


def same_answers(snapshot, lite, duck, day):
    expected = told(snapshot, day)
    columns = ", ".join(FACE)
    rows = lite.execute(f"SELECT {columns} {ON.format(d=':d')}", {"d": day.isoformat()}).fetchall()
    assert len(rows) == len(expected)
    assert {*map(plain, rows)} == expected, f"SQLite on {day}"
    for name in ("parquet", "csv"):
        asked = ON.format(d="$d").replace("positions", f"positions_{name}")
        rows = duck.execute(f"SELECT {columns} {asked}", {"d": day}).fetchall()
        assert {*map(plain, rows)} == expected, f"DuckDB on {name}, {day}"


def plain(row):
    """A row of FACE as `told` has it: flags as bool, lists joined by ``;``."""
    cells = dict(zip(FACE, row, strict=True))
    for name in ("certain", "lifted"):
        cells[name] = bool(cells[name])
    for name in ("territory", "policy_ids"):
        value = cells[name] or ""  # of CSV as it is, of SQLite JSON, of Parquet a list
        is_json = isinstance(value, str) and value.startswith("[")
        words = json.loads(value) if is_json else value
        cells[name] = words if isinstance(words, str) else ";".join(words)
    return tuple(cells.values())


def edges(snapshot):
    """Days on which something starts or ends, and the days before."""
    positions = snapshot.timeline.positions
    days = {d.date() for name in ("valid_from", "valid_to") for d in positions[name].dropna()}
    return sorted(
        {d for d in days if d > date.min} | {d - timedelta(1) for d in days if d.year > 1}
    )


DAYS = [date(2009, 6, 1), date(2020, 2, 29), date(2021, 6, 30), DAY, date(2031, 1, 1)]


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_sql_gives_the_answers_of_status(snapshot, lite, duck, day):
    same_answers(snapshot, lite, duck, day)


def test_sql_gives_the_answers_of_status_where_they_change(snapshot, lite, duck):
    for day in edges(snapshot)[::40]:
        same_answers(snapshot, lite, duck, day)


@pytest.mark.slow
def test_sql_gives_the_answers_of_status_on_every_edge(snapshot, lite, duck):
    for day in edges(snapshot)[:: max(1, 250 // settings().max_examples)]:
        same_answers(snapshot, lite, duck, day)


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_periods_tell_which_rules_are_in_force(snapshot, lite, day):
    asked = ON.format(d=":d").replace("positions", "periods")
    rows = lite.execute(f"SELECT policy_id, max(certain) {asked} GROUP BY 1", {"d": str(day)})
    states = states_on(snapshot.timeline, day).set_index("policy_id")["state"]
    live = {name: state for name, state in states.items() if state in ("in_force", "uncertain")}
    assert {name: "in_force" if sure else "uncertain" for name, sure in rows} == live


# The files


@pytest.mark.parametrize("name", TABLES)
def test_the_record_is_as_it_is_kept(files, name):
    assert files[f"record/{name}.csv"].data == (ROOT / f"{name}.csv").read_bytes()


def test_what_was_exported_can_be_asked(written):
    policies = str(written / "record" / "policies.csv")
    words = ["status", "Boston", "--as-of", "2021", "--format", "json"]
    asked = CliRunner().invoke(main, [*words, "--policies", policies])
    assert asked.exit_code == 0, asked.output
    assert (
        json.loads(asked.stdout)["subjects"]
        == json.loads(CliRunner().invoke(main, words).stdout)["subjects"]
    )


JOINED = {
    "policies": ["policy_id", "subject_key", "geoid", "geoidfq"],
    "subjects": ["subject_key", "subject"],
    "positions": ["subject_key", "geoid", "geoidfq", "actor"],
    "periods": ["policy_id", "subject_key", "geoid", "geoidfq", "actor"],
    "states": ["policy_id", "subject_key", "geoid", "geoidfq", "state"],
    "events": ["event_id", "policy_id", "subject_key", "geoid", "geoidfq"],
}


@pytest.mark.parametrize(("name", "first"), JOINED.items())
def test_each_table_about_subjects_has_what_joins_it(files, name, first):
    rows = rows_of(files[f"{name}.csv"])
    assert [*rows[0]][: len(first)] == first
    found = {(row["subject_key"], row["geoid"], row["geoidfq"]) for row in rows}
    known = {(r["subject_key"], r["geoid"], r["geoidfq"]) for r in rows_of(files["subjects.csv"])}
    assert found <= known
    assert ("us-ma-boston", "2507000", "1600000US2507000") in known
    assert ("us-ma", "25", "0400000US25") in known


def test_a_finer_coordinate_loses_nothing(snapshot):
    subjects = snapshot.tables.subjects.assign(latitude=12.3456789)
    finer = replace(snapshot, tables=replace(snapshot.tables, subjects=subjects))
    found = {file.name: file for file in export(finer, ["csv"])}
    assert {row["latitude"] for row in rows_of(found["subjects.csv"])} == {"12.3456789"}


def rows_of(file):
    return list(csv.DictReader(io.StringIO(file.data.decode(), newline="")))


def test_each_column_has_what_it_says(snapshot, files):
    for table in exported.TABLES:
        rows = rows_of(files[f"{table.name}.csv"])
        assert not rows or list(rows[0]) == table.names
        keys = [tuple(row[name] for name in table.key) for row in rows]
        assert not table.key or len({*keys}) == len(keys)
        for column in table.columns:
            cells = [row[column.name] for row in rows]
            where = f"{table.name}.{column.name}"
            if column.kind == "flag":
                assert set(cells) <= {"true", "false"}, where
            if column.kind == "day":
                assert all(date.fromisoformat(cell).isoformat() == cell for cell in cells if cell)
            if column.terms:
                words = {word for cell in cells for word in cell.split(";")}
                assert words <= {*column.terms, ""}, where
            assert column.optional or column.kind == "list" or all(cells), where


def test_dates_have_their_first_and_last_day(files):
    sources = {row["published_on"]: row for row in rows_of(files["sources.csv"])}
    row = next(row for day, row in sources.items() if len(day) == 7)
    assert row["published_on_low"] == f"{row['published_on']}-01"
    assert row["published_on_high"][:7] == row["published_on"]
    bill = {row["policy_id"]: row for row in rows_of(files["policies.csv"])}["us-mn-2021-hf465"]
    days = [bill[f"introduced_on{end}"] for end in ("", "_low", "_high")]
    assert days == ["[..2021-02-08]", "", "2021-02-08"]


def test_the_guide_names_every_file(files):
    guide = (ROOT / "docs" / "export.md").read_text(encoding="utf-8")
    for name in files:
        listed = f"`{name}`" in guide or name.startswith(("subjects/", "schemas/", "record/"))
        assert listed or name.endswith(".parquet"), name


def test_json_is_what_the_commands_print(snapshot, files):
    assert files["all.json"].data.decode() == texts.render(snapshot.status, "json")
    people = subjects_by_key(snapshot.tables.subjects)
    keys = [name[9:-5] for name in files if name.startswith("subjects/")]
    assert set(keys) == set(snapshot.tables.policies["subject_key"])
    for key in (
        "us-me-portland",
        "vendor-amazon",
        "european-union",
        "us-internal-revenue-service",
        *keys[::60],
    ):
        assert key in keys
        found = json.loads(files[f"subjects/{key}.json"].data)
        place = of_subject(people, people[key])
        shown = history_in_place(snapshot.tables, snapshot.timeline, DAY, place)
        del shown["applies_here"]  # asked of the program alone
        assert found == shown
        assert (found["kind"], found["schema_version"]) == ("show", 2)


def test_a_subject_unknown_on_the_day_still_has_its_history(snapshot):
    early = take(snapshot.tables, snapshot.timeline, date(1990, 1, 1))
    document = early.histories["us-me-portland"]
    assert document["status"] is None
    assert {act["state"] for act in document["policies"]} == {"not_yet"}


def test_parquet_is_typed(snapshot, written):
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = {
        "text": pa.string(),
        "list": pa.list_(pa.string()),
        "flag": pa.bool_(),
        "day": pa.date32(),
        "number": pa.float64(),
        "count": pa.int64(),
    }
    for table in exported.TABLES:
        found = pq.read_table(written / f"{table.name}.parquet")
        assert found.num_rows == len(exported.cells(table, snapshot))
        told = [(it.name, it.type, it.nullable, it.metadata[b"description"]) for it in found.schema]
        assert told == [
            (it.name, types[it.kind], it.optional, it.description.encode()) for it in table.columns
        ]
        facts = found.schema.metadata
        assert facts[b"edition"].decode() == snapshot.tables.edition.edition
        assert facts[b"license"] == b"https://creativecommons.org/licenses/by/4.0/"
        assert f"table {table.name}.".encode() in facts[b"cite_as"]
    by_id = {it["policy_id"]: it for it in pq.read_table(written / "policies.parquet").to_pylist()}
    row = by_id["us-mn-2021-hf465"]
    assert (row["introduced_on"], row["introduced_on_low"]) == ("[..2021-02-08]", None)
    assert row["introduced_on_high"] == date(2021, 2, 8)
    assert (row["expires_on"], row["territory"], row["supersedes"]) == (None, None, [])
    assert by_id["eu-ai-act-2024-rbi"]["territory"][:2] == ["AT", "BE"]


def test_sqlite_is_sound(snapshot, lite):
    assert lite.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert lite.execute("PRAGMA foreign_key_check").fetchall() == []
    assert lite.execute("PRAGMA user_version").fetchone() == (2,)
    for table in exported.TABLES:
        rows = lite.execute(f'SELECT * FROM "{table.name}"')
        assert [it[0] for it in rows.description] == table.names
        assert len(rows.fetchall()) == len(exported.cells(table, snapshot))
        for column in table.columns if table.key else ():
            if column.kind == "list":
                count = exported.cells(table, snapshot)[column.name].str.count(";").add(1).sum()
                joined = f'SELECT count(*) FROM "{table.name}_{column.name}"'
                assert lite.execute(joined).fetchone() == (count,), column.name
        told = dict(
            lite.execute(
                "SELECT column_name, description FROM columns WHERE table_name = ?", [table.name]
            )
        )
        assert told == {it.name: it.description for it in table.columns}
    edition = dict(lite.execute("SELECT name, value FROM edition"))
    assert edition["edition"] == snapshot.tables.edition.edition
    plan = lite.execute(
        "EXPLAIN QUERY PLAN SELECT * FROM positions "
        "WHERE subject_key = 'us-ma' AND actor = 'police'"
    ).fetchall()
    assert "USING INDEX" in plan[0][-1]
    kinds = "SELECT typeof(latitude), typeof(aliases) FROM subjects WHERE subject_key = ?"
    assert lite.execute(kinds, ["us-ma-boston"]).fetchone() == ("real", "text")


def test_the_views_are_about_the_day_on_which_they_are_read(snapshot, lite):
    (today,) = lite.execute("SELECT date('now')").fetchone()
    rows = lite.execute("SELECT DISTINCT policy_id FROM in_force").fetchall()
    states = states_on(snapshot.timeline, date.fromisoformat(today))
    live = states.loc[states["state"].isin(["in_force", "uncertain"]), "policy_id"]
    measures = snapshot.tables.policies.set_index("policy_id")["measure"]
    assert {name for (name,) in rows} == {name for name in live if measures[name] != "none"}
    bans = lite.execute("SELECT subject_key, actor FROM bans_today").fetchall()
    positions = positions_on(snapshot.timeline, date.fromisoformat(today))
    banned = positions[positions["measure"] == "ban"]
    assert {*bans} == {*zip(banned["subject_key"], banned["actor"], strict=True)}


def test_the_data_package_describes_the_csv_files(files):
    package = json.loads(files["datapackage.json"].data)
    csv_names = {name for name in files if name.endswith(".csv") and "/" not in name}
    assert {resource["path"] for resource in package["resources"]} == csv_names
    positions = next(it for it in package["resources"] if it["name"] == "positions")
    assert positions["schema"]["primaryKey"] == ["subject_key", "actor", "valid_from"]
    assert positions["schema"]["foreignKeys"] == [
        {
            "fields": ["subject_key"],
            "reference": {"resource": "subjects", "fields": ["subject_key"]},
        }
    ]
    for resource in package["resources"]:
        data = files[resource["path"]].data
        assert resource["bytes"] == len(data)
        assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
        fields = [field["name"] for field in resource["schema"]["fields"]]
        assert fields == data.decode().partition("\n")[0].split(",")
        assert all(field["description"] for field in resource["schema"]["fields"])


def test_the_index_tells_every_file(files, snapshot, written):
    index = json.loads(files["index.json"].data)
    listed = index["dataset"]["files"]
    policies = files["record/policies.csv"].data
    assert listed["policies.csv"] == hashlib.sha256(policies).hexdigest()
    edition = snapshot.tables.edition
    assert (index["dataset"]["edition"], listed) == (edition.edition, edition.files)
    assert (index["as_of"], index["schema_version"]) == ("2026-11-22", 2)
    on_disk = {str(path.relative_to(written)) for path in written.rglob("*") if path.is_file()}
    assert {entry["name"] for entry in index["files"]} | {"index.json"} == on_disk
    for entry in index["files"]:
        data = (written / entry["name"]).read_bytes()
        assert entry["bytes"] == len(data)
        assert entry["sha256"] == hashlib.sha256(data).hexdigest()
    rows = {entry["name"]: entry["rows"] for entry in index["files"]}
    assert rows["positions.csv"] == rows["positions.parquet"] == len(snapshot.timeline.positions)
    assert rows["upcoming.ics"] == files["upcoming.ics"].data.count(b"BEGIN:VEVENT")
    assert rows["changes.atom"] == files["changes.atom"].data.count(b"</entry>")


def test_the_same_input_gives_the_same_bytes(snapshot, files):
    again = take(snapshot.tables, build(snapshot.tables.policies), DAY)
    assert {file.name: file.data for file in export(again)} == {
        name: file.data for name, file in files.items()
    }


def test_another_day_changes_the_headlines_and_not_the_tables(snapshot, files):
    other = take(snapshot.tables, snapshot.timeline, date(2021, 6, 30))
    found = {f.name: f.data for f in export(other, ["csv", "geojson", "sqlite"])}
    assert found["positions.csv"] == files["positions.csv"].data
    assert found["frtracker.sqlite"] == files["frtracker.sqlite"].data
    assert found["subjects.geojson"] != files["subjects.geojson"].data


@pytest.mark.parametrize("day", [date.min, date(9999, 12, 30), date.max], ids=str)
def test_the_ends_of_time_can_be_asked_for(snapshot, day):
    made = take(snapshot.tables, snapshot.timeline, day)
    assert {file.name for file in export(made, ["ics", "atom"])} == {
        "upcoming.ics",
        "changes.atom",
        "corrections.atom",
        "index.json",
    }


def test_an_empty_record_is_an_export_too(snapshot):
    none = snapshot.tables.policies.head(0)
    record = load.Tables(
        policies=none,
        subjects=snapshot.tables.subjects.head(0),
        sources=snapshot.tables.sources.head(0),
        searches=snapshot.tables.searches.head(0),
        coverage=snapshot.tables.coverage.head(0),
        provisions=snapshot.tables.provisions.head(0),
        retired_ids=snapshot.tables.retired_ids.head(0),
        skipped=(),
        shipped=False,
        edition=load.Edition(0, None, *edition_of({})),
        raw={},
    )
    made = {f.name: f for f in export(take(record, build(none), DAY))}
    assert made["positions.csv"].rows == made["positions.parquet"].rows == 0
    assert json.loads(made["subjects.geojson"].data)["features"] == []
    assert b"<updated>1970-01-01T00:00:00Z</updated>" in made["changes.atom"].data, "no clock"


def test_an_unknown_format_is_an_error(snapshot):
    with pytest.raises(KeyError, match="xls"):
        export(snapshot, ["csv", "xls"])


# The folder


def made(*names, data=b"new"):
    """Files of these names, and their index."""
    text = json.dumps({"files": [{"name": name} for name in names]})
    return {**dict.fromkeys(names, data), "index.json": text.encode()}


def contents(path):
    return {
        str(p.relative_to(path)): p.read_bytes()
        for p in sorted(path.rglob("*"))
        if p.is_file() and p.name != "index.json"
    }


@pytest.fixture
def out(tmp_path):
    """An export of two files, and a file of somebody else."""
    target = tmp_path / "out"
    write_folder(target, made("a.csv", "subjects/b.json", data=b"old"))
    (target / "README").write_bytes(b"mine")
    return target


def test_an_earlier_export_is_replaced_and_strangers_stay(out):
    write_folder(out, made("a.csv", "c.csv"))
    assert contents(out) == {"README": b"mine", "a.csv": b"new", "c.csv": b"new"}
    assert not (out / "subjects").exists(), "a folder left empty goes too"
    assert [path.name for path in out.parent.iterdir()] == ["out"], "nothing is left beside it"


@pytest.mark.parametrize("fails_at", ["a.csv", "c.csv", "index.json"])
def test_a_failure_leaves_the_old_export_whole(out, monkeypatch, fails_at):
    before = {**contents(out), "index": (out / "index.json").read_bytes()}
    move = Path.replace

    def break_down(self, target):
        if Path(target).name == fails_at and "new" in self.parts:
            raise OSError(28, "No space left on device")
        return move(self, target)

    monkeypatch.setattr(Path, "replace", break_down)
    with pytest.raises(OSError, match="No space"):
        write_folder(out, made("a.csv", "c.csv"))
    assert {**contents(out), "index": (out / "index.json").read_bytes()} == before
    assert [path.name for path in out.parent.iterdir()] == ["out"]


def test_the_index_is_moved_in_last(tmp_path, monkeypatch):
    moved = []
    move = Path.replace
    monkeypatch.setattr(Path, "replace", lambda a, b: (moved.append(Path(b).name), move(a, b)))
    write_folder(tmp_path / "out", made("z.csv", "a.csv"))
    assert moved == [UNFINISHED, "a.csv", "z.csv", "index.json"]


def test_a_failure_while_writing_touches_nothing(out, monkeypatch):
    before = contents(out)
    monkeypatch.setattr(Path, "write_bytes", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
    with pytest.raises(OSError, match="full"):
        write_folder(out, made("a.csv"))
    assert contents(out) == before


@pytest.mark.parametrize(
    "name",
    [
        "../evil.json",
        "subjects/../../evil.json",
        "/etc/evil",
        "subjects//x",
        "",
        ".",
        "a/..",
        ".hidden",
        "a\\b.json",
        "C:x",
        "a\0b",
        "a b.json",
        "Ünsafe.json",
        "CON.json",
        "a.json\n",
        "a..json",
    ],
)
def test_a_hostile_name_is_refused(tmp_path, name):
    assert not is_safe(name)
    with pytest.raises(ValueError, match="not a safe file name"):
        write_folder(tmp_path / "out", made(name))
    assert list(tmp_path.iterdir()) == []


def test_a_hostile_subject_has_a_safe_key():
    key = subject_key("US", "US-MA", "city", "../../etc/passwd <script> \0")
    assert is_safe(f"subjects/{key}.json")


def test_a_hostile_index_removes_nothing_outside(out, tmp_path):
    outside = tmp_path / "precious"
    outside.write_bytes(b"mine")
    (out / "way").symlink_to(tmp_path)
    names = ["../precious", str(outside), "way/precious", "README/../../precious", 7, None]
    (out / "index.json").write_text(json.dumps({"files": [{"name": name} for name in names]}))
    (out / "a.csv").unlink()
    write_folder(out, made("c.csv"))
    assert outside.read_bytes() == b"mine"
    assert (out / "README").read_bytes() == b"mine"


@pytest.mark.parametrize("text", [b"", b"[]", b"{}", b'{"files": 3}', b'{"files": [{}]}', b"\xff"])
def test_an_index_of_another_program_makes_nothing_ours(out, text):
    (out / "index.json").write_bytes(text)
    with pytest.raises(FolderRefused, match="exists, and no earlier run"):
        write_folder(out, made("a.csv"))
    assert contents(out)["a.csv"] == b"old"


def test_a_file_that_no_export_wrote_is_not_overwritten(tmp_path):
    (tmp_path / "policies.csv").write_bytes(b"the only copy")
    with pytest.raises(FolderRefused, match=r"policies\.csv exists, and no earlier run"):
        write_folder(tmp_path, made("policies.csv"))
    assert (tmp_path / "policies.csv").read_bytes() == b"the only copy"


def test_a_link_in_the_folder_is_not_followed(out, tmp_path):
    outside = tmp_path / "elsewhere"
    outside.mkdir()
    (out / "data").symlink_to(outside)
    with pytest.raises(FolderRefused, match="data exists, and no earlier run"):
        write_folder(out, made("data/x.json"))
    assert list(outside.iterdir()) == []


# The command


def run(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


HEAD = ",".join(TABLES["policies"].names)


@pytest.fixture
def record(tmp_path):
    """A record of one act with text that is hard on every format."""
    row = dict.fromkeys(TABLES["policies"].names, "")
    row |= {
        "policy_id": "us-ma-springfield-2020",
        "subject": "Springfield",
        "subject_type": "city",
        "country": "US",
        "region": "US-MA",
        "measure": "ban",
        "uses": "any",
        "applies_to": "police",
        "reach": "own",
        "status": "adopted",
        "decided_on": "2020-02-24",
        "effective_on": "2020-02-24",
        "summary": "Quotes \" ' commas, semicolons; <b>tags</b> & ünïcode \u2014 =1+1.",
        "source_url": "https://example.org/?a=1&b=%3C2",
        "confidence": "high",
        "reviewed_on": "2026-11-22",
    }
    path = tmp_path / "record" / "policies.csv"
    path.parent.mkdir()
    with path.open("w", encoding="utf-8", newline="") as text:
        writer = csv.DictWriter(text, row, lineterminator="\n")
        writer.writeheader()
        writer.writerow(row)
    return path


def test_the_command_writes_and_tells_where(record, tmp_path):
    done = run("export", tmp_path / "out", "--policies", record, "--as-of", "2021-06")
    assert done.exit_code == 0, done.output
    assert done.stdout == f"{tmp_path / 'out'}\n"
    index = json.loads((tmp_path / "out" / "index.json").read_bytes())
    assert (index["as_of"], index["as_of_given"]) == ("2021-06-30", "2021-06")
    assert (tmp_path / "out" / "record" / "policies.csv").read_bytes() == record.read_bytes()
    document = json.loads((tmp_path / "out" / "subjects" / "us-ma-springfield.json").read_bytes())
    assert "<b>tags</b> & ünïcode" in document["policies"][0]["summary"]


def test_only_writes_only_that_and_clears_what_was(record, tmp_path):
    out = tmp_path / "out"
    assert run("export", out, "--policies", record, "--only", "csv,atom").exit_code == 0
    assert run("export", out, "--policies", record, "--only", "ics, atom").exit_code == 0
    assert {path.name for path in out.iterdir()} == {
        *("upcoming.ics", "changes.atom", "corrections.atom", "index.json")
    }


def test_an_unknown_format_is_a_wrong_call(tmp_path):
    done = run("export", tmp_path / "out", "--only", "csv,xls")
    assert done.exit_code == 2
    assert "'xls' is not one of: csv, json, parquet" in done.stderr


def test_without_pyarrow_parquet_files_are_left_out_with_a_note(record, tmp_path, monkeypatch):
    monkeypatch.setattr("frtracker.cli.publish.find_spec", lambda name: None)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    done = run("export", tmp_path / "out", "--policies", record, "--only", "parquet")
    assert done.exit_code == 1
    assert "pip install 'frtracker[export]'" in done.stderr.splitlines()[-1]
    assert not (tmp_path / "out").exists()
    done = run("export", tmp_path / "out", "--policies", record)
    assert done.exit_code == 0, done.output
    notes = done.stderr
    assert "note: parquet files are left out: pip install 'frtracker[export]' adds them" in notes
    assert "note: geoparquet files are left out: pip install 'frtracker[outlines]' adds" in notes
    files = {path.suffix for path in (tmp_path / "out").iterdir()}
    assert {".csv", ".sqlite", ".geojson", ".ics", ".atom"} <= files
    assert ".parquet" not in files


def test_a_folder_with_other_files_is_refused_in_one_line(record, tmp_path):
    done = run("export", record.parent, "--policies", record, "--only", "csv")
    assert done.exit_code == 1
    assert "exists, and no earlier run" in done.stderr.splitlines()[-1]
    assert [path.name for path in record.parent.iterdir()] == ["policies.csv"]


# Records of one's own


TWO_SUCCESSORS = [
    {"policy_id": "us-ca-davis-r", "measure": "ban", "decided_on": "2015-01-01"},
    {"policy_id": "us-ca-davis-a", "measure": "restriction", "supersedes": "us-ca-davis-r"},
    {"policy_id": "us-ca-davis-b", "measure": "oversight", "supersedes": "us-ca-davis-r"},
]


def own_record(folder):
    """Without companions: two rules end a third on one day, one of them for the police alone."""
    usual = {
        **{"subject": "Davis", "subject_type": "city", "country": "US", "region": "US-CA"},
        **{"uses": "any", "applies_to": "police;government", "reach": "own", "status": "adopted"},
        **{"decided_on": "2019-01-01", "effective_on": "2020-01-01", "summary": "Bans it."},
        **{"source_url": "https://example.org/a", "confidence": "high"},
        "reviewed_on": "2026-11-01",
    }
    rows = [{**dict.fromkeys(TABLES["policies"].names, ""), **usual, **it} for it in TWO_SUCCESSORS]
    rows[0]["effective_on"] = "2015-01-01"
    rows[2]["applies_to"] = "police"
    with (folder / "policies.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, TABLES["policies"].names, lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(reversed(rows))
    return folder / "policies.csv"


def test_an_event_has_one_id_whatever_ends_a_rule(tmp_path):
    record = own_record(tmp_path)
    done = run("export", tmp_path / "out", "--policies", record)
    assert done.exit_code == 0, done.output
    text = (tmp_path / "out" / "events.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    ended = [row["event_id"] for row in rows if row["kind"] == "ended"]
    first = "us-ca-davis-r-ended-us-ca-davis-a"
    assert len({*ended}) == len(ended) == 2
    assert sorted(ended)[0] == first
    assert sorted(ended)[1].startswith(f"{first}-")


def test_the_exported_record_is_read_again_and_is_the_same_edition(tmp_path):
    record, out = own_record(tmp_path), tmp_path / "out"
    assert run("export", out, "--policies", record, "--only", "csv,json").exit_code == 0
    assert (out / "record" / "policies.csv").read_bytes() == record.read_bytes()
    assert not (out / "record" / "sources.csv").exists()
    words = ("status", "Davis", "--format", "json", "--as-of", "2021", "--policies")
    answers = [run(*words, path) for path in (record, out / "record" / "policies.csv")]
    assert answers[0].stdout == answers[1].stdout
    index = json.loads((out / "index.json").read_bytes())["dataset"]
    assert json.loads(answers[1].stdout)["dataset"]["edition"] == index["edition"]


def test_safe_csv_leaves_nothing_that_runs(tmp_path):
    out = tmp_path / "out"
    done = run("export", out, "--policies", own_record(tmp_path), "--only", "csv", "--safe-csv")
    assert done.exit_code == 0
    assert not (out / "record").exists()
    assert all(path.read_bytes().startswith(b"\xef\xbb\xbf") for path in out.glob("*.csv"))


def test_a_site_and_an_export_do_not_replace_each_other(tmp_path):
    record, out = own_record(tmp_path), tmp_path / "out"
    assert run("export", out, "--policies", record, "--only", "csv").exit_code == 0
    done = run("site", out, "--policies", record)
    assert done.exit_code == 1
    assert f"{out} contains an export: name another folder." in done.stderr
    assert (out / "policies.csv").exists()
    assert run("site", tmp_path / "site", "--policies", record).exit_code == 0
    done = run("export", tmp_path / "site", "--policies", record)
    assert done.exit_code == 1
    assert "contains a site" in done.stderr
    links = re.findall(r"\]\((v2/subjects/[^)]*)\)", (tmp_path / "site" / "llms.txt").read_text())
    assert links == ["v2/subjects/us-ca-davis.json"]
    assert (tmp_path / "site" / links[0]).exists()
