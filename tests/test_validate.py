"""``frtracker validate`` and ``frtracker fmt`` as people use them: what is printed, and what is
left alone."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import records
from frtracker.files import PACKED
from frtracker.record.checks import CHECKS
from frtracker.record.columns import FILES
from frtracker.record.load import check, read
from test_cli import run

BASE = records.folder("base")
ACCEPTED = "table,id,code,reason\n"
RETROACTIVE = "policies,us-ca-oakland-2021,R023,It says so itself.\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The base in the current folder."""
    made = shutil.copytree(BASE, tmp_path / "record")
    monkeypatch.chdir(made)
    return made


def edit(name: str, *pairs: tuple[str, str]) -> None:
    path = Path(f"{name}.csv")
    text = path.read_text("utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, "utf-8", newline="")


def lines(*words: str) -> list[str]:
    return run("validate", *words).stdout.splitlines()


PLAIN_HTTP = ("https://", "http://")


def make_retroactive() -> None:
    text = Path("policies.csv").read_text("utf-8").splitlines()
    at = next(at for at, line in enumerate(text) if line.startswith("us-ca-oakland-2021,"))
    columns = text[0].split(",")
    cells = text[at].split(",")
    cells[columns.index("effective_on")] = "2021-01-01"
    text[at] = ",".join(cells)
    Path("policies.csv").write_text("\n".join([*text, ""]), "utf-8", newline="")


def test_errors_come_first_and_warnings_of_one_kind_are_one_line(folder: Path) -> None:
    edit("sources", PLAIN_HTTP)
    edit("policies", PLAIN_HTTP, (",ban,", ",Ban,"))
    found = lines()
    assert found[0] == (
        "policies.csv:5 us-ca-oakland-2019 measure: error: 'Ban' is not one of: ban, moratorium,"
        " withdrawal, restriction, oversight, none. Did you mean 'ban'? [R101]"
    )
    assert [line.partition(":")[0] for line in found[1:-2]] == ["policies.csv", "warning"]
    assert found[-3] == (
        "warning: plain http: 16 rows (R112), e.g. policies.csv:2 union-2024 source_url: not https:"
        " give the https address if the site has one"
    )
    assert found[-2] == "note: logic checks were skipped: fix the format errors first"
    assert found[-1] == "2 errors, 16 warnings (--verbose lists all)"


def test_verbose_lists_each_warning(folder: Path) -> None:
    edit("sources", PLAIN_HTTP)
    edit("policies", PLAIN_HTTP)
    found = lines("--verbose")
    assert len(found) == 17
    assert all(line.endswith("[R112]") for line in found[:-1])
    assert found[-1] == "0 errors, 16 warnings"


@pytest.mark.parametrize("form", ["table", "github"])
def test_quiet_prints_errors_only(form: str, folder: Path) -> None:
    edit("sources", PLAIN_HTTP)
    result = run("validate", "--quiet", "-f", form)
    assert (result.exit_code, result.stdout) == (0, "")
    edit("policies", (",ban,", ",Ban,"))
    result = run("validate", "-q", "-f", form)
    assert result.exit_code == 1
    assert {line[-6:] for line in result.stdout.splitlines()} == {"[R101]"}


def test_quiet_and_verbose_exclude_each_other(folder: Path) -> None:
    assert run("validate", "-q", "-v").exit_code == 2


# --- one message for one cause


def spreadsheet_dates() -> None:
    edit("policies", ("2026-11-22", "11/22/2026"), ("2021-01-12", "1/12/2021"))


CAUSES: dict[str, tuple[Callable[[], object], list[str]]] = {
    "a renamed column": (
        lambda: edit(
            "policies", ("decided_on", "decision_date"), ("effective_on", "effective_day")
        ),
        [
            "policies.csv:1 decision_date: error: not a column of this table. Did you mean"
            " 'decided_on'? [R012]",
            "policies.csv:1 effective_day: error: not a column of this table. Did you mean"
            " 'effective_on'? [R012]",
        ],
    ),
    "dates of a spreadsheet": (
        spreadsheet_dates,
        [
            "error: dates changed by a spreadsheet: 9 cells in 8 rows (R123), e.g. policies.csv:2"
            " union-2024 reviewed_on: '11/22/2026': write 2026-11-22; a spreadsheet may have"
            " changed the column"
        ],
    ),
    "one word in every row": (
        lambda: edit("policies", (",high,", ",High,")),
        [
            "policies.csv:2 union-2024 confidence: error: 'High' is not one of: high, medium, low."
            " Did you mean 'high'? [R101] and 7 more like it"
        ],
    ),
    "a repeated id": (
        lambda: edit("policies", ("\nus-ca-oakland-2022,", "\nus-ca-oakland-2021,")),
        [
            "policies.csv:7 policy_id: error: duplicate policy_id 'us-ca-oakland-2021' (first used"
            " on line 6) [R105]"
        ],
    ),
    "a hyphen that does not break": (
        lambda: edit("policies", (",2021-01-12,", ",2021\u201101-12,")),
        [
            "policies.csv:6 us-ca-oakland-2021 decided_on: error: '2021\u201101-12' contains U+2011"
            " (non-breaking hyphen): type '-' [R125]"
        ],
    ),
}


@pytest.mark.parametrize("cause", CAUSES)
def test_one_cause_is_one_message(cause: str, folder: Path) -> None:
    make, told = CAUSES[cause]
    make()
    assert [line for line in lines()[:-1] if not line.startswith("note:")] == told


def test_what_can_warn_often_has_a_title() -> None:
    # at most once or twice for each file
    once = {"R006", "R007", "R014", "R016", "R017", "R090", "R091", "R094", "R096"}
    untitled = {it.code for it in CHECKS if it.severity == "warning" and not it.title}
    assert untitled == once


# --- accepted warnings


def test_an_accepted_warning_is_counted_and_listed_with_its_reason_if_asked(folder: Path) -> None:
    make_retroactive()
    Path("accepted.csv").write_text(ACCEPTED + RETROACTIVE, "utf-8")
    assert lines() == ["0 errors, 0 warnings, 1 accepted warning (--verbose lists all)"]
    told, counts = lines("-v")
    assert told == (
        "policies.csv:6 us-ca-oakland-2021 effective_on: warning: 2021-01-01 is before decided_on"
        " 2021-01-12: right only if the rule is retroactive [R023] accepted: It says so itself."
    )
    assert counts == "0 errors, 0 warnings, 1 accepted warning"
    assert lines("-f", "github") == []
    document = json.loads(run("validate", "-f", "json").stdout)
    assert (document["warnings"], document["accepted"]) == (0, 1)
    assert document["findings"][0]["accepted"] == "It says so itself."


@pytest.mark.parametrize(
    ("name", "pair", "row"),
    [
        (
            "sources",
            PLAIN_HTTP,
            "sources,us-ma-2020 http://example.org/us-ma-2020,R112,No https there.",
        ),
        ("subjects", ("37.80,-122.22", "37.80,-122.55"), "subjects,us-ca-oakland,R077,A pier."),
    ],
)
def test_a_source_is_named_with_its_page_and_a_subject_by_its_key(
    name: str, pair: tuple[str, str], row: str, folder: Path
) -> None:
    edit(name, pair)
    before = len(check([Path("policies.csv")]).findings)
    Path("accepted.csv").write_text(f"{ACCEPTED}{row}\n", "utf-8")
    found = check([Path("policies.csv")])
    assert found.errors == ()
    assert [bool(it.accepted) for it in found.findings].count(True) == 1
    assert len(found.findings) == before
    alone = check([Path(f"{name}.csv")])
    assert sum(bool(it.accepted) for it in alone.findings) == 1


def test_an_error_cannot_be_accepted(folder: Path) -> None:
    edit("subjects", ("37.80,-122.22", "37.80,122.22"))
    text = f"{ACCEPTED}subjects,us-ca-oakland,R077,It is there.\n"
    Path("accepted.csv").write_text(text, "utf-8")
    assert [(it.code, it.file) for it in check([Path("policies.csv")]).errors] == [
        ("R077", "subjects.csv"),
        ("R077", "subjects.csv"),
        ("R150", "accepted.csv"),
    ]


def test_what_does_not_fit_is_an_error_of_validate_and_stops_no_answer(folder: Path) -> None:
    Path("accepted.csv").write_text(ACCEPTED + RETROACTIVE, "utf-8")
    assert run("validate").exit_code == 1
    assert read(Path("policies.csv")).skipped == ()
    edit("policies", (",ban,", ",Ban,"))  # then nobody knows what fits
    assert {it.code for it in check([Path("policies.csv")]).errors} == {"R101"}


def test_what_a_missing_companion_proves_is_not_judged(folder: Path) -> None:
    row = "policies,us-ca-oakland-2021,R082,Known from a visit.\n"
    Path("accepted.csv").write_text(ACCEPTED + row, "utf-8")
    assert [it.code for it in check([Path("policies.csv")]).errors] == ["R150"]
    Path("sources.csv").unlink()
    assert check([Path("policies.csv")]).errors == ()


def test_no_record_borrows_what_another_accepted(folder: Path) -> None:
    """The shipped accepted.csv fits no row here: borrowed, it would be an error."""
    assert check([Path("policies.csv")]).findings == ()


def test_what_is_accepted_is_in_no_edition(folder: Path) -> None:
    before = read(Path("policies.csv")).edition
    make = ACCEPTED + RETROACTIVE
    Path("accepted.csv").write_text(make, "utf-8")
    assert read(Path("policies.csv")).edition == before


def test_each_warning_that_the_shipped_record_accepts_is_given() -> None:
    report = check()
    assert [str(it) for it in report.errors] == []
    assert sum(bool(it.accepted) for it in report.findings) >= 4


# --- fmt


def test_fmt_rewrites_every_table_of_the_folder_or_those_named(folder: Path) -> None:
    wrong = {f"{name}.csv": b"\xef\xbb\xbf" for name in FILES if Path(f"{name}.csv").is_file()}
    for name, mark in wrong.items():
        Path(name).write_bytes(mark + Path(name).read_bytes())
    assert run("fmt", "policies.csv").stderr == "rewrote policies.csv\n"
    assert Path("sources.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert run("fmt").stderr.splitlines() == [f"rewrote {name}" for name in wrong][1:]
    assert not any(Path(name).read_bytes().startswith(b"\xef") for name in wrong)


def test_fmt_writes_nothing_where_a_table_has_format_errors(folder: Path) -> None:
    edit("sources", ("example.org", "EXAMPLE.org"))
    spreadsheet_dates()
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    for words in (("fmt",), ("fmt", "--check"), ("fmt", "policies.csv")):
        result = run(*words)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.splitlines() == [
            "error: dates changed by a spreadsheet: 9 cells in 8 rows (R123), e.g. policies.csv:2"
            " union-2024 reviewed_on: '11/22/2026': write 2026-11-22; a spreadsheet may have"
            " changed the column",
            "Error: 9 errors in the data.",
        ]
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_an_installed_package_is_never_rewritten(tmp_path: Path) -> None:
    shutil.copytree(PACKED.parent, tmp_path / "frtracker", ignore=lambda *_: ["__pycache__"])
    data = shutil.copytree(BASE, tmp_path / "frtracker" / "data")
    path = data / "policies.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    before = path.read_bytes()
    for where, words in ((data, []), (tmp_path, [str(path)])):
        done = subprocess.run(
            [sys.executable, "-m", "frtracker", "fmt", *words],
            cwd=where,
            env={"PYTHONPATH": str(tmp_path), "PATH": ""},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 2
        assert "is part of the installed package" in done.stderr
    assert path.read_bytes() == before
