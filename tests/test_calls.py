"""Calls that cannot be carried out, and the less usual ones that can."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import click
import pytest

import records
from frtracker import files as shipped
from frtracker.cli import main, options
from frtracker.record import load as table
from test_cli import run, table_file

BASE = records.folder("base")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["map", "--open", "-o", "-"], 2, "--open needs a file: name one with --output."),
        (["site", "pages", "--url", "ftp://x"], 2, "'ftp://x' is not an http or https address."),
        (["site", " "], 2, "The name is empty."),
        (["diff", "gone.csv", "gone.csv"], 1, "gone.csv: no such file [R001]"),
        (["status", "--country", "XX"], 2, "'XX' is not a country: use its name"),
        (["status", "--region", "US-XX"], 2, "'US-XX' is not a region: use its name"),
        (["status", "--region", "IL", "--country", "CA"], 2, "US-IL is not in CA."),
        (["fmt", "a/policies.csv", "b/policies.csv"], 2, "are both taken for"),
        (["fmt"], 2, "no policies.csv in this folder: name a file"),
        (["fmt", "--check"], 2, "no policies.csv in this folder: name a file"),
        (
            ["status", "-f", "csv", "-o", "june.json"], 2,
            "--output june.json is json by its extension, --format is csv.",
        ),
        (["map", "-f", "png", "-o", "june.svg"], 2, "is svg by its extension, --format is png."),
        (["validate", "-f", "github", "-o", "all.json"], 2, "json by its extension, --format is"),
        (
            ["status", "-o", "june.ODS"], 2,
            "--output june.ODS: the formats are table, markdown, csv, json",
        ),
        (["map", "-o", "map.csv"], 2, "--output map.csv: the formats are html, png, svg"),
        (["panel", "-o", "panel.md"], 2, "panel.md: the formats are csv, xlsx, parquet, table"),
        (["upcoming", "--todos", "-f", "csv"], 2, "--todos needs --format ics."),
        (["changes", "--bills"], 2, "--bills needs --format ics or atom"),
        (["status", "--safe-csv", "--policies", "gone"], 2, "--safe-csv needs --format csv."),
        (["changes", "--region", "US-XX"], 2, "'US-XX' is not a region: use its name"),
        (["upcoming", "--type", "village"], 2, "'village' is not one of"),
        (["status", "-o", "june.doc"], 2, "the formats are table, markdown, csv, json, xlsx."),
        (["status", "-o", "june.2021"], 2, "the extension .txt, .md, .csv, .json, .xlsx, or"),
        (["map", "-o", "june.doc"], 2, "--output june.doc: the formats are html, png, svg. Use"),
        (["map", "-o", "june.txt"], 2, "the extension .html, .png, .svg, or name one with --for"),
        (["status", "-o", "june.xml"], 2, "the formats are table, markdown, csv, json"),
        (["timeline", "-o", "june.json"], 2, "the formats are svg, png, html, csv"),
        (["status", "--json"], 2, "No such option '--json'. Did you mean '--format json'?"),
        (["changes", "--from", "2021"], 2, "'--from'. Did you mean '--since'?"),
        (["explain", "--quite"], 2, "No such option '--quite'. Did you mean '--quiet'?"),
        (["status", "--wherever"], 2, "No such option '--wherever'.\n"),
        (["status", "--for", "Polcie"], 2, "schools, private. Did you mean 'police'?"),
        (["status", "--measure", "banned"], 2, "none. Did you mean 'ban'?"),
        (["status", "-f", "jsn"], 2, "'jsn' is not one of: table, markdown, csv, json, xlsx. Did"),
        (["export", "out", "--only", "parket"], 2, "Did you mean 'parquet'?"),
        (["status", "--country", "Germny"], 2, "such as US. Did you mean 'Germany'?"),
        (["status", "--country", "EU"], 2, "The European Union is a subject: --subject EU."),
        (["status", "--region", "Louisana"], 2, "or CA-ON. Did you mean 'Louisiana'?"),
        (["upcoming", "--within", "long"], 2, "'long' is not a length of time such as 90d"),
        (["search", " ", "?"], 2, "There are no words to search for."),
    ],
)  # fmt: skip
def test_a_call_that_cannot_be_carried_out_says_why(words, code, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = run(*words)
    assert (result.exit_code, result.stdout) == (code, "")
    assert said in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_fmt_rewrites_and_checks(tmp_path):
    folder = shutil.copytree(BASE, tmp_path / "data")
    path = folder / "policies.csv"
    right = path.read_bytes()
    path.write_bytes(right.replace(b",police;government,", b",government;police,"))
    checked = run("fmt", "--check", str(path))
    assert checked.exit_code == 1
    assert "+us-ca-oakland-2019" in checked.stdout
    assert path.read_bytes() != right
    written = run("fmt", str(path))
    assert (written.exit_code, written.stdout) == (0, "")
    assert written.stderr == f"rewrote {path}\n"
    assert path.read_bytes() == right
    again = run("fmt", "--check", str(path))
    assert (again.exit_code, again.stdout, again.stderr) == (0, "", "")


def test_a_cell_out_of_form_is_told_as_it_should_be(tmp_path):
    folder = shutil.copytree(BASE, tmp_path / "data")
    path = folder / "policies.csv"
    text = path.read_text("utf-8").replace(",police;government,", ",government;police,")
    path.write_text(text, "utf-8", newline="")
    (finding,) = table.check([path]).findings
    assert (finding.code, finding.line, finding.column) == ("R091", 5, "applies_to")
    assert finding.message == ("not in canonical form: `frtracker fmt` writes 'police;government'")


@pytest.mark.parametrize("name", ["june.svg", "june.PNG", "june.html"])
def test_the_ending_names_the_format_of_a_map(name, tmp_path, monkeypatch):
    opened = []
    monkeypatch.setattr(click, "launch", opened.append)
    path = tmp_path / name
    table = table_file(tmp_path)
    result = run("map", "--policies", table, "--as-of", "2021-06", "-o", str(path), "--open")
    assert (result.exit_code, result.stdout) == (0, f"{path}\n")
    first = {"svg": b"<?xml", "png": b"\x89PNG", "html": b"<!DOCTYPE"}[name[5:].lower()]
    assert path.read_bytes().startswith(first)
    assert opened == [str(path)]


STATUS = ("status", "--as-of", "2021-06")
ENDINGS = [
    (STATUS, "june.csv", "as_of,"),
    (STATUS, "june.CSV", "as_of,"),
    (STATUS, "june.json", "{"),
    (STATUS, "june.md", "30 Jun 2021 "),
    (STATUS, "june.txt", "30 Jun 2021 "),
    (STATUS, "june", "30 Jun 2021 "),
    ((*STATUS, "--safe-csv"), "june.csv", '\ufeff"as_of",'),
    ((*STATUS, "-f", "csv"), "june.csv", "as_of,"),
    ((*STATUS, "-f", "csv"), "june.txt", "as_of,"),
    ((*STATUS, "-f", "json"), "june.2021", "{"),
    (("upcoming", "--as-of", "2021-06"), "coming.ics", "BEGIN:VCALENDAR"),
    (("changes", "--until", "2021-06"), "changes.xml", "<?xml"),
    (("changes", "--until", "2021-06"), "changes.atom", "<?xml"),
    (("timeline", "--until", "2021-06"), "bars.htm", "<!doctype html>"),
]


@pytest.mark.parametrize(("words", "name", "begins"), ENDINGS)
def test_the_ending_names_the_format(words, name, begins, tmp_path):
    path = tmp_path / name
    result = run(*words, "--policies", table_file(tmp_path), "-o", str(path))
    assert (result.exit_code, result.stdout) == (0, ""), result.output
    text = path.read_text("utf-8")
    assert text.startswith(begins)
    assert ("## Places and agencies" in text) is name.endswith(".md")


def test_validate_and_fmt_take_the_record_of_the_current_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(shutil.copytree(BASE, tmp_path / "data"))
    path = Path("policies.csv")
    right = path.read_bytes()
    assert run("validate").stdout == "0 errors, 0 warnings\n"
    path.write_bytes(right.replace(b",police;government,", b",government;police,"))
    assert "policies.csv:5 applies_to: " in run("validate").stdout
    assert run("fmt", "--check").exit_code == 1
    assert run("fmt").stderr == "rewrote policies.csv\n"
    assert path.read_bytes() == right


def test_validate_says_that_it_checks_the_shipped_record(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = run("validate")
    assert result.exit_code == 0
    assert result.stderr == "note: no policies.csv in this folder; checking the shipped record\n"


def test_a_map_without_a_name_goes_into_maps(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = run("map", "--policies", table_file(tmp_path), "--as-of", "2021-06")
    assert (result.exit_code, result.stdout) == (0, "maps/map.html\n")
    assert (tmp_path / "maps" / "map.html").is_file()


def test_the_version_is_told_where_the_data_cannot_be_read(monkeypatch):
    def unreadable() -> tuple[str, str]:
        raise OSError

    monkeypatch.setattr(shipped, "shipped_edition", unreadable)
    result = run("--version")
    assert result.exit_code == 0
    assert result.stdout.endswith(", the shipped record cannot be read\n")


def test_no_colour_where_none_is_wanted():
    asked = ("status", "--as-of", "2021-06", "--subject", "Oakland")
    assert run(*asked, NO_COLOR="1").stdout == run(*asked).stdout


def test_no_name_is_completed_from_a_table_that_cannot_be_read(tmp_path):
    ctx = click.Context(main)
    ctx.params = {"policies": table_file(tmp_path)}
    (tmp_path / "subjects.csv").write_bytes(b"subject\n\xff\n")
    assert options.subject_names(ctx, click.Argument(["subject"]), "") == []


def test_what_holds_elsewhere_stands_beside_the_position():
    lines = run("show", "Clearview AI", "--as-of", "2023-06").stdout.splitlines()
    at = lines.index("- police: restriction, adopted 11 May 2022, start date not recorded,"
                     " in the United States only")  # fmt: skip
    others = [line.strip().removeprefix("- also: ") for line in lines[at + 1 : at + 12]]
    assert "moratorium in Illinois only (vendor-clearview-2022-illinois)" in others
    assert "ban in Italy only (vendor-clearview-2022-it)" in others


def test_a_county_without_an_act_is_a_place():
    result = run("explain", "Cook County, IL", "--as-of", "2024", "-f", "json")
    document = json.loads(result.stdout)
    assert (result.exit_code, document["as_of"]) == (0, "2024-12-31")
    assert "Cook County" in result.stdout
