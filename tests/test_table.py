"""Files in, typed tables or findings out: what is read, from where, and what bad input says."""

from __future__ import annotations

import csv
import hashlib
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pandera.errors import SchemaError, SchemaErrors

import records
import sound
from frtracker.places.subjects import subjects_by_key
from frtracker.record import cells, checks, form, read
from frtracker.record import load as table
from frtracker.record.check import MODELS
from frtracker.record.columns import TABLES
from frtracker.record.findings import Check, DataError
from frtracker.record.read import read_file
from frtracker.record.tables import row_ids, slug, subject_key, typed
from frtracker.vocabulary import MEASURES
from tables import policies, record

BASE = records.folder("base")


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(BASE, tmp_path / "data")


@pytest.fixture
def shipped(monkeypatch, tmp_path):
    """A shipped dataset of our own, so that these tests do not depend on the real one."""
    root = shutil.copytree(BASE, tmp_path / "shipped")
    monkeypatch.setattr(table, "shipped_folder", lambda: root)
    return root


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8", newline="")


def told(*files: Path) -> list[str]:
    return [f"{Path(it.file).name}:{it.line} {it.code}" for it in table.check(files).findings]


# --- typed tables


def test_typed_tables_have_the_documented_columns(folder):
    tables = table.read(folder / "policies.csv")
    for name in TABLES:
        frame = getattr(tables, name)
        recorded = frame[list(TABLES[name].names)]
        assert list(recorded) == list(frame)[: len(recorded.columns)]
        if name != "subjects":
            MODELS[name].validate(recorded)
        assert list(frame.index) == list(range(len(frame)))
        numbers = ["latitude", "longitude", "population"]
        assert not frame.drop(columns=numbers, errors="ignore").isna().any().any()
    bounds = [c for c in tables.policies if c.endswith(("_low", "_high"))]
    assert len(bounds) == 12
    assert all(tables.policies[column].dtype == np.int32 for column in bounds)
    assert tables.policies["reach"].dtype == "str"
    assert tables.subjects["latitude"].dtype == tables.subjects["longitude"].dtype == np.float64
    assert tables.subjects["subject_key"].is_unique


@pytest.mark.parametrize(
    ("policy_id", "column", "low", "high"),
    [
        ("us-ca-oakland-2019", "introduced_on", date(2019, 5, 1), date(2019, 5, 31)),
        ("us-ca-oakland-2019", "decided_on", date(2019, 9, 17), date(2019, 9, 17)),
        ("us-ca-oakland-2019", "expires_on", None, None),
        ("company-shops-2021", "last_confirmed_on", date(2022, 1, 1), date(2022, 12, 31)),
    ],
)
def test_dates_are_typed_as_bounds(folder, policy_id, column, low, high):
    row = table.read(folder / "policies.csv").policies.set_index("policy_id").loc[policy_id]
    assert row[f"{column}_low"] == (low.toordinal() if low else 0)
    assert row[f"{column}_high"] == (high.toordinal() if high else 0)


def test_an_open_beginning_is_the_first_day_there_is(folder):
    edit(folder / "policies.csv", ",2020-12-10,", ",[..2020-12-10],")
    rows = table.read(folder / "policies.csv").policies.set_index("policy_id")
    row = rows.loc["us-ma-2020"]
    assert row["decided_on_low"] == 1
    assert row["decided_on_high"] == date(2020, 12, 10).toordinal()


@pytest.mark.parametrize(
    ("identity", "key"),
    [
        (("US", "US-OR", "city", "Portland"), "us-or-portland"),
        (("US", "US-ME", "city", "Portland"), "us-me-portland"),
        (("US", "US-WA", "county", "King County"), "us-wa-king-county"),
        (("US", "US-MA", "state", "Massachusetts"), "us-ma"),
        (("US", "", "country", "United States"), "us"),
        (("US", "", "agency", "Dept. of Homeland Security"), "us-dept-of-homeland-security"),
        (("CH", "CH-ZH", "city", "Zürich"), "ch-zh-zurich"),
        (("SE", "", "school", "Skellefteå Gymnasium"), "se-skelleftea-gymnasium"),
        (("US", "", "vendor", "Clearview AI"), "vendor-clearview-ai"),
        (("AU", "", "company", "7-Eleven"), "company-7-eleven"),
        (("", "", "supranational", "European Union"), "european-union"),
        (("CA", "CA-QC", "city", "«Montréal» (ville)"), "ca-qc-montreal-ville"),
        (("NO", "NO-55", "city", "Tromsø"), "no-55-tromso"),
        (("NO", "NO-55", "county", "Troms"), "no-55-troms"),
        (("PL", "", "city", "Łódź"), "pl-lodz"),
        (("DE", "", "school", "Große Æsir-Schule"), "de-grosse-aesir-schule"),
        (("TR", "", "city", "Diyarbakır"), "tr-diyarbakir"),
        (("US", "US-HI", "county", "Hawaiʻi"), "us-hi-hawaii"),
        (("US", "US-ID", "city", "Coeur d’Alene"), "us-id-coeur-dalene"),  # as it was released
        (("JP", "", "company", "NEC 日本電気"), "company-nec"),
    ],
)
def test_a_subject_has_a_key(identity, key):
    assert subject_key(*identity) == key


def test_released_keys_stay():
    released = (records.HERE / "released_keys.txt").read_text("utf-8").split()
    assert released == sorted(set(released))
    assert len(released) > 200
    subjects = subjects_by_key(table.read().subjects).values()
    now = {key for it in subjects for key in (it.key, *it.other_keys)}  # a renamed one leads on
    assert now.issuperset(released)


def test_keys_stand_at_their_rows(folder):
    text = table.find([folder / "policies.csv"]).texts["policies"].frame
    turned = typed("policies", text.iloc[::-1])
    assert turned.sort_index().equals(typed("policies", text))


def test_keys_of_policies_are_those_of_subjects(folder):
    tables = table.read(folder / "policies.csv")
    assert set(tables.policies["subject_key"]) == set(tables.subjects["subject_key"])


def test_words_that_pandas_takes_for_missing_stay_words(folder):
    edit(folder / "subjects.csv", "Example Inc.", "NA;None;null;nan")
    assert "NA;None;null;nan" in table.read(folder / "policies.csv").subjects["aliases"].tolist()


def test_the_edition_names_the_bytes_of_every_file(folder):
    """As `sha256sum *.csv | sha256sum` gives it."""
    files = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.glob("*.csv"))
    }
    lines = "".join(f"{digest}  {name}\n" for name, digest in files.items())
    whole = hashlib.sha256(lines.encode()).hexdigest()
    read = table.read(folder / "policies.csv").edition
    assert read == table.Edition(8, "2026-11-22", whole, files)
    edit(folder / "sources.csv", "Example", "Another")
    assert table.read(folder / "policies.csv").edition.edition != whole


def test_a_header_alone_is_an_empty_table(folder):
    for path in folder.iterdir():
        path.write_text(path.read_text("utf-8").splitlines()[0] + "\n", "utf-8")
    tables = table.read(folder / "policies.csv")
    assert len(tables.policies) == len(tables.subjects) == 0
    assert tables.edition.reviewed_through is None
    assert (tables.policies["decided_on_low"].dtype, len(tables.sources)) == (np.int32, 0)


# --- which files


def test_without_a_name_the_shipped_data_are_read(shipped):
    tables = table.read()
    assert tables.shipped
    assert len(tables.policies) == 8
    edit(shipped / "policies.csv", ",ban,", ",bann,")
    with pytest.raises(DataError) as caught:
        table.read()
    assert str(caught.value.findings[0]).startswith("policies.csv:5 us-ca-oakland-2019 measure: ")


def test_tables_are_refused_for_their_errors_and_not_with_the_warnings_on_others(shipped):
    for name in ("policies.csv", "sources.csv"):
        edit(shipped / name, "https://", "http://")
    assert table.read()
    assert {finding.code for finding in table.check().findings} == {"R112"}
    edit(shipped / "policies.csv", ",ban,", ",bann,")
    with pytest.raises(DataError) as caught:
        table.read()
    assert {finding.severity for finding in caught.value.findings} == {"error"}


def test_the_shipped_file_by_its_path_is_still_the_shipped_data(shipped):
    assert table.read(shipped / "policies.csv").shipped


def test_shipped_data_need_all_their_companions(shipped):
    (shipped / "searches.csv").unlink()
    assert told() == ["searches.csv:0 R001"]


@pytest.mark.parametrize(("of_the_user", "severity"), [(True, "warning"), (False, "error")])
def test_proof_is_wanted_of_a_user_and_demanded_of_us(shipped, folder, of_the_user, severity):
    for where in (shipped, folder):
        edit(where / "sources.csv", "decided_on;", "")
    report = table.check([folder / "policies.csv"] if of_the_user else [])
    assert {(it.code, it.severity) for it in report.findings} == {("R082", severity)}
    assert (report.tables is None) is not of_the_user


def test_companions_beside_are_used(folder, shipped):
    edit(folder / "subjects.csv", "37.80,-122.22", "37.81,-122.23")
    tables = table.read(folder / "policies.csv")
    assert 37.81 in tables.subjects["latitude"].tolist()
    assert not tables.shipped
    assert tables.skipped == ()


def test_missing_companions_are_said(folder, shipped):
    for name in [*TABLES][1:]:
        (folder / f"{name}.csv").unlink()
    tables = table.read(folder / "policies.csv")
    assert tables.skipped == (
        "there is no subjects.csv: the shipped one is used",
        "there is no sources.csv: checks R082, R083, R085 were skipped",
    )
    assert len(tables.sources) == len(tables.searches) == 0
    assert 37.80 in tables.subjects["latitude"].tolist()


def test_a_place_the_shipped_subjects_lack_is_a_warning_and_gets_a_row(folder, shipped):
    (folder / "subjects.csv").unlink()
    edit(shipped / "subjects.csv", "Massachusetts,state,US,US-MA,,25,,,,,,\n", "")
    tables = table.read(folder / "policies.csv")
    report = table.check([folder / "policies.csv"])
    assert [(it.code, it.severity) for it in report.findings] == [("R070", "warning")]
    added = tables.subjects.set_index("subject_key").loc["us-ma"]
    assert (added["subject"], added["within"]) == ("Massachusetts", "")
    assert np.isnan(added["latitude"])
    assert tables.subjects["subject_key"].is_unique


def test_a_subject_that_can_have_no_key_is_an_error_beside_borrowed_places_too(folder, shipped):
    (folder / "subjects.csv").unlink()
    edit(folder / "policies.csv", ",Port of Oakland,", ",東京,")
    found = table.check([folder / "policies.csv"]).findings
    assert [(it.code, it.severity) for it in found] == [("R070", "error")]


def test_faults_of_borrowed_places_are_not_the_users(folder, shipped):
    (folder / "subjects.csv").unlink()
    edit(shipped / "subjects.csv", "37.80,-122.22", "37.80,122.22")
    assert told(folder / "policies.csv") == []


def test_named_companions_are_checked_alone(folder):
    edit(folder / "subjects.csv", "37.80,-122.22", ",")
    assert set(told(folder / "subjects.csv")) == {"subjects.csv:5 R075", "subjects.csv:6 R075"}
    report = table.check([folder / "sources.csv"])
    assert report.findings == ()
    assert report.tables is None
    assert report.skipped == ("there is no policies.csv: checks R080, R084, R086 were skipped",)


def test_two_files_for_one_table_are_a_wrong_call(folder):
    with pytest.raises(ValueError, match=r"both taken for policies\.csv"):
        table.check([folder / "policies.csv", folder / "other.csv"])


# --- bad input


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        (b"", 0, "is empty"),
        (b"\n \n", 0, "is empty"),
        (b"\xef\xbb\xbf", 0, "is empty"),
        (b"\xff\xfea\0", 0, "UTF-16"),
        (b"a,b\nx,\0\n", 2, "NUL byte"),
        (b"a,b\nx,caf\xe9\n", 2, "0xE9 is not UTF-8"),
        (b"PK\x03\x04\x00\x00", 0, "this is a spreadsheet or a ZIP file"),
        (b"<html><body>Not found</body></html>", 0, "this is a web page"),
        (b",".join(b"c%d" % i for i in range(1001)), 1, "more than 1,000 columns"),
        (
            b'country,region,level,searched_on,finding\nUS,,state,2020-01-01,"open\n',
            2,
            "never closed",
        ),
        (b'country,region,level,searched_on,finding\nUS,,"a"b,2020-01-01,x\n', 2, "quote"),
        (b"country,region,level,searched_on,finding\nUS,,state\n", 2, "3 cells, the header 5"),
        (b"country,region,level,searched_on,finding\nUS,,state,,,,\n", 2, "7 cells, the header 5"),
    ],
)
def test_bad_bytes_are_one_clear_finding(tmp_path, data, line, words):
    path = tmp_path / "searches.csv"
    path.write_bytes(data)
    finding = table.check([path]).findings[0]
    assert finding.line == line
    assert words in str(finding)
    assert finding.severity == "error"


def test_a_missing_file_and_a_folder(tmp_path):
    (missing,) = table.check([tmp_path / "none.csv"]).findings[:1]
    assert (missing.code, missing.message) == ("R001", "no such file")
    (is_folder,) = table.check([tmp_path]).findings[:1]
    assert is_folder.message == "this is a folder: name the CSV file in it"
    (wrong_name,) = table.check([tmp_path / "a\0b"]).findings[:1]
    assert wrong_name.code == "R001"
    assert str(wrong_name).isprintable()


def test_a_cell_of_10_mb_gives_one_short_message(folder):
    edit(folder / "policies.csv", "Those bound", "x" * 10_000_000)
    report = table.check([folder / "policies.csv"])
    assert [it.code for it in report.findings] == ["R009"]
    assert len(str(report.findings[0])) < 300


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("uses", ";" * 900_000),
        ("supersedes", "ab;" * 300_000),
        ("decided_on", "2" * 900_000),
        ("notes", " " * 900_000),
        ("notes", "a\n" * 450_000),
        ("source_url", "https://" + "a-" * 450_000),
    ],
    ids=lambda value: value[:9].replace("\n", " ").strip(),
)
def test_a_large_cell_is_judged_quickly_and_briefly(folder, column, cell):
    path = folder / "policies.csv"
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    rows[0][column] = cell
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    for finding in table.check([path]).findings:
        assert len(str(finding)) < 600
        assert len(finding.value) < 200


def test_the_csv_modules_own_limit_is_put_back(folder):
    before = csv.field_size_limit()
    table.check([folder / "policies.csv"])
    assert csv.field_size_limit() == before


def test_a_mark_and_carriage_returns_are_accepted_with_a_warning(folder):
    path = folder / "policies.csv"
    before = table.read(path).policies
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    tables = table.read(path)
    assert [it.code for it in table.check([path]).findings] == ["R006", "R007"]
    assert tables.policies.equals(before)


def test_misordered_columns_are_put_right_with_a_warning(folder):
    path = folder / "searches.csv"
    before = table.read(folder / "policies.csv").searches
    rows = [line.split(",") for line in path.read_text("utf-8").splitlines()]
    path.write_text("".join(",".join([*row[1:], row[0]]) + "\n" for row in rows), "utf-8")
    tables = table.read(folder / "policies.csv")
    assert [it.code for it in table.check([folder / "policies.csv"]).findings] == ["R014"]
    assert tables.searches.equals(before)


def test_the_line_is_that_on_which_the_record_begins(folder):
    path = folder / "policies.csv"
    note = '"first line\nsecond line\n\nfourth, with ""quotes"""'
    edit(path, "2021,high,2026-11-22,\n", f"2021,high,2026-11-22,{note}\n")
    edit(path, ",ban,any,police,", ",bann,any,police,")
    lines = path.read_text("utf-8").split("\n")
    right = 1 + next(at for at, line in enumerate(lines) if ",bann," in line)
    assert told(path) == [f"policies.csv:{right} R101"]


def test_empty_lines_are_no_records(folder):
    path = folder / "searches.csv"
    path.write_text(path.read_text("utf-8").replace("\n", "\n\n") + "\n", "utf-8", newline="")
    assert told(folder / "policies.csv") == ["searches.csv:2 R091"]
    assert len(table.read(folder / "policies.csv").searches) == 1


def test_a_table_of_many_blocks_is_read_and_judged_as_one_of_one(folder, monkeypatch):
    edit(folder / "policies.csv", ",police;government,", ",government;police,")
    path = folder / "policies.csv"
    whole, findings = read.read_file("policies", path, "p"), table.check([path]).findings
    for module in (read, form):
        monkeypatch.setattr(module, "BLOCK", 1)
    blocks = read.read_file("policies", path, "p")
    pd.testing.assert_frame_equal(blocks.frame, whole.frame)
    assert blocks.lines.tolist() == whole.lines.tolist()
    assert table.check([path]).findings == findings


def test_one_broken_file_does_not_hide_the_faults_of_another(folder):
    edit(folder / "policies.csv", ",ban,any,police,", ",bann,any,police,")
    edit(folder / "subjects.csv", "37.80,-122.22", "north,-122.22")
    edit(folder / "sources.csv", "url,publisher", "publisher")
    codes = {
        (Path(it.file).stem, it.code) for it in table.check([folder / "policies.csv"]).findings
    }
    assert codes == {("policies", "R101"), ("subjects", "R114"), ("sources", "R011")}


def test_rules_on_cells_wait_for_whole_records(folder):
    path = folder / "searches.csv"
    header, row = path.read_text("utf-8").splitlines()
    path.write_text(f"{header}\n{row.replace('state', 'galaxy')}\nUS,,state\n", "utf-8")
    assert told(path) == ["searches.csv:3 R015"]


@pytest.mark.parametrize("ids", ["abc", "acb", "bac", "cab"])
def test_the_order_of_the_rows_of_a_file_does_not_count(ids):
    assert list(record([{"policy_id": it} for it in ids]).policies["policy_id"]) == [*"abc"]


def test_a_character_without_a_name_is_in_no_slug():
    assert slug("Caf\x80é") == "cafe"


def test_a_second_row_with_an_id_is_told_apart():
    frame = policies([{"policy_id": it} for it in ("a", "b", "a", "a")])
    frame = frame[list(TABLES["policies"].names)]
    assert row_ids(sound.text_table("policies", frame)) == ["a", "b", "a (2)", "a (3)"]


def test_rules_on_meaning_wait_for_sound_cells(folder):
    edit(folder / "policies.csv", ",ban,any,police,", ",bann,any,police,")
    edit(folder / "policies.csv", "a national law", "")
    report = table.check([folder / "policies.csv"])
    assert {it.code for it in report.findings} == {"R101"}
    assert report.skipped == ("logic checks were skipped: fix the format errors first",)


def test_a_model_names_the_row_by_its_index(folder):
    rows = table.read(folder / "policies.csv").sources.iloc[[5, 3]]
    rows.loc[3, "kind"] = "rumour"
    with pytest.raises(SchemaErrors) as caught:
        MODELS["sources"].validate(rows, lazy=True)
    assert caught.value.failure_cases["index"].tolist() == [3]


def test_two_empty_ids_are_empty_and_no_double(folder):
    for policy_id in ("us-ca-oakland-2021,", "us-ca-oakland-2022,"):
        edit(folder / "policies.csv", f"\n{policy_id}", "\n,")
    assert told(folder / "policies.csv") == ["policies.csv:6 R100", "policies.csv:7 R100"]


def test_many_findings_of_one_rule_are_counted_not_listed(folder):
    path = folder / "searches.csv"
    header, row = path.read_text("utf-8").splitlines()
    bad = row.replace("state", "galaxy")
    path.write_text("\n".join([header, *[bad] * 2500]) + "\n", "utf-8")
    found = table.check([path]).findings
    assert len(found) == 1001
    assert found[-1].message == "1,500 more findings of this check from here on, not listed"
    assert found[-1].line == 1002
    assert (found[-1].policy_id, found[-1].column, found[-1].value) == ("", "", "")


@pytest.mark.parametrize(
    "cell", ["${alert(1)}", "</script>", "=1+1", "'; DROP TABLE x", "{{7*7}}", "%s %n", "\\2019"]
)
def test_hostile_text_is_text(folder, cell):
    edit(folder / "policies.csv", "Those bound here", cell)
    assert table.read(folder / "policies.csv").policies["summary"].iat[0].startswith(cell)


def test_a_crash_inside_a_cell_rule_is_a_bug(folder, monkeypatch):
    def crash():
        raise ZeroDivisionError("a bug of ours")

    monkeypatch.setattr(cells, "iso_codes", crash)
    with pytest.raises(SchemaError, match="ZeroDivisionError"):
        table.check([folder / "policies.csv"])


def test_a_crash_inside_a_rule_on_rows_is_a_bug(folder, monkeypatch):
    @Check("R999", "Crashes.")
    def broken(record, rows):
        raise ZeroDivisionError("a bug of ours")
        yield

    monkeypatch.setattr(checks, "CHECKS", (*checks.CHECKS, broken))
    with pytest.raises(ZeroDivisionError):
        table.check([folder / "policies.csv"])


def test_findings_do_not_depend_on_the_hash_seed(folder):
    edit(folder / "policies.csv", "police;government", "police;police;government")
    edit(folder / "subjects.csv", "37.80,-122.22", "north,west")
    code = "import sys, pathlib; from frtracker.record import load as table\n"
    code += "for it in table.check([pathlib.Path(sys.argv[1])]).findings: print(it)"
    runs = {
        subprocess.run(
            [sys.executable, "-c", code, str(folder / "policies.csv")],
            env={"PYTHONPATH": ":".join(sys.path), "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1
    assert runs.pop().count(b"\n") == 5


# --- what the reader is given


def test_reading_stops_at_the_size_it_is_given(tmp_path):
    path = tmp_path / "searches.csv"
    path.write_text("country,region,level,searched_on,finding\n", "utf-8")
    small = read_file("searches", path, "searches.csv", max_bytes=10)
    assert [it.code for it in small.findings] == ["R003"]
    right = read_file("searches", path, "searches.csv", max_bytes=41)
    assert right.findings == ()


def test_the_data_dictionary_describes_every_column():
    assert list(TABLES) == [
        "policies",
        "subjects",
        "sources",
        "searches",
        "coverage",
        "provisions",
        "retired_ids",
    ]
    described = [column.description for table in TABLES.values() for column in table.columns]
    assert min(map(len, described)) > 10
    assert all(text.endswith(".") for text in described)
    columns = {column.name: column for column in TABLES["policies"].columns}
    assert [name for name, column in columns.items() if column.required] == [
        "policy_id",
        "subject",
        "subject_type",
        "measure",
        "uses",
        "applies_to",
        "status",
        "summary",
        "source_url",
        "confidence",
        "reviewed_on",
    ]
    assert columns["measure"].kind.terms == tuple(MEASURES)


def test_the_models_are_what_a_stranger_reads():
    """Each column is described there as here, and its checks carry the codes of the codebook."""
    for name, described in TABLES.items():
        model = MODELS[name]
        assert tuple(model.columns) == described.names
        assert model.description == described.description
        for column in described.columns:
            made = model.columns[column.name]
            assert (made.description, made.nullable) == (column.description, False)
            assert " ".join(it.name for it in made.checks) == " ".join(
                it.code for it in column.checks
            )
