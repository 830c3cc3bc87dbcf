"""Every rule of the data: its broken case fires it, and nothing else.

``fixtures/base`` holds four sound tables, ``broken.csv`` what differs from them in each case; cases
of files and of many rows are made below.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import records
from frtracker.record import load as table
from frtracker.record.cells import iso_codes
from frtracker.record.check import check_cells
from frtracker.record.checks import CHECKS
from frtracker.record.checks.places import metres_outside
from frtracker.record.columns import RECORDED_DATES
from frtracker.record.findings import Finding, brief
from frtracker.record.tables import typed
from sound import (
    COMPANY,
    MASSACHUSETTS,
    OAKLAND,
    OAKLAND_2021,
    OAKLAND_2022,
    PORT,
    SOUND,
    UNION,
    VENDOR,
    changed,
    meaning,
    meaning_of,
    p,
    problems,
    text_table,
)

SAID = Path(__file__).with_name("said_of_broken.txt").read_text("utf-8").splitlines()
"""What ``frtracker validate`` prints of each broken case, word for word."""
CODES = [check.code for check in CHECKS]


def edited(table: str, old: bytes, new: bytes) -> Callable[[Path], None]:
    """The file with these bytes changed, the first time they stand there."""

    def edit(folder: Path) -> None:
        path = folder / f"{table}.csv"
        data = path.read_bytes()
        assert old in data
        path.write_bytes(data.replace(old, new, 1))

    return edit


def _a_folder(folder: Path) -> None:
    (folder / "policies.csv").unlink()
    (folder / "policies.csv").mkdir()


def _empty(folder: Path) -> None:
    (folder / "policies.csv").write_bytes(b"\n")


def _larger_than_1_gb(folder: Path) -> None:
    with (folder / "searches.csv").open("wb") as file:
        file.truncate(1_000_000_001)


def _carriage_returns(folder: Path) -> None:
    path = folder / "searches.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


def _a_column_more(folder: Path, name: str, cell: str) -> None:
    path = folder / "searches.csv"
    header, row = path.read_text("utf-8").splitlines()
    path.write_text(f"{header},{name}\n{row},{cell}\n", "utf-8")


def _a_column_less(folder: Path, table: str = "searches") -> None:
    path = folder / f"{table}.csv"
    lines = path.read_text("utf-8").splitlines()
    path.write_text("".join(f"{line.rpartition(',')[0]}\n" for line in lines), "utf-8")


def _columns_swapped(folder: Path) -> None:
    edited("searches", b"country,region", b"region,country")(folder)
    edited("searches", b"US,US-MA", b"US-MA,US")(folder)


BANS = ((2, 3, 5), (3, 4, 6), (4, 5, 7), (5, 6, 8), (2, 6, 7), (3, 7, 8), (2, 4, 8))
"""Which of the seven bans, 02 to 08, each of the seven repeals, 09 to 15, may have lifted."""


def _repeals_in_too_many_orders(folder: Path) -> None:
    def ended(*numbers: int) -> str:
        return ";".join(f"{PORT}-{n:02}" for n in numbers)

    measures = ("oversight", *["ban"] * 7, *["none"] * 7)
    ends = ("", *[ended(1)] * 7, *[ended(*bans) for bans in BANS])
    tables = records.break_base("no case")
    for name, column in (("policies", "source_url"), ("sources", "url")):
        rows = tables[name]
        at = next(at for at, row in enumerate(rows) if row["policy_id"] == PORT)
        made = []
        for n, (measure, supersedes) in enumerate(zip(measures, ends, strict=True), 1):
            row = rows[at] | {"policy_id": f"{PORT}-{n:02}"}
            row[column] = f"https://example.org/{PORT}-{n:02}"
            if name == "policies":
                row |= {"decided_on": "2020", "measure": measure, "supersedes": supersedes}
                row["instrument"] = f"Resolution {n}"
            made.append(row)
        rows[at : at + 1] = made
        records.write(folder, name, rows)


def _spreadsheet_rows(folder: Path) -> None:
    path = folder / "searches.csv"
    path.write_bytes(path.read_bytes() + b",,,,\n,,\n")


def _semicolons(folder: Path) -> None:
    path = folder / "searches.csv"
    path.write_bytes(path.read_bytes().replace(b",", b";"))


def _a_web_page(folder: Path) -> None:
    (folder / "searches.csv").write_bytes(b"\n<!DOCTYPE html>\n<title>searches.csv</title>\n")


def _header_again(folder: Path) -> None:
    path = folder / "searches.csv"
    path.write_bytes(path.read_bytes() + path.read_bytes().partition(b"\n")[0] + b"\n")


def _without_an_end(folder: Path) -> None:
    path = folder / "searches.csv"
    path.write_bytes(path.read_bytes().rstrip(b"\n"))


def _accepted(*rows: str) -> Callable[[Path], None]:
    """The retroactive case of R023, with these rows of accepted.csv."""

    def write(folder: Path) -> None:
        for name, content in records.break_base("R023").items():
            records.write(folder, name, content)
        text = "".join(f"{row}\n" for row in ("table,id,code,reason", *rows))
        (folder / "accepted.csv").write_text(text, "utf-8", newline="")

    return write


_RETROACTIVE = f"policies,{OAKLAND_2021},R023,Retroactive by its own words."


def _first_row_last(folder: Path) -> None:
    first, *others = records.break_base("no case")["policies"]
    records.write(folder, "policies", [*others, first])


MADE: dict[str, Callable[[Path], None]] = {
    "R001": _a_folder,
    "R002": _empty,
    "R003": _larger_than_1_gb,
    "R004": edited("searches", b"one returned", b"la cl\xe9"),
    "R005": edited("searches", b"bill was", b"bill\0was"),
    "R006": edited("searches", b"country", b"\xef\xbb\xbfcountry"),
    "R007": _carriage_returns,
    "R008": edited("searches", b"Bills", b'"Bills'),
    "R009": edited("searches", b"Bills", b"B" * 1_000_001),
    "R010": lambda folder: _a_column_more(folder, ",".join(f"c{n}" for n in range(1000)), ""),
    "R011": _a_column_less,
    "R012": lambda folder: _a_column_more(folder, "colour", "red"),
    "R013": lambda folder: _a_column_more(folder, "finding", "again"),
    "R014": _columns_swapped,
    "R015": edited("searches", b"searched;", b"searched,"),
    "R016": lambda folder: _a_column_less(folder, "sources"),
    "R017": _spreadsheet_rows,
    "R018": _semicolons,
    "R019": _a_web_page,
    "R061": _repeals_in_too_many_orders,
    "R090": _first_row_last,
    "R091": edited("searches", b"state", b'"state"'),
    "R092": edited("searches", b"country", b"Searches of 2026\ncountry"),
    "R093": _header_again,
    "R094": edited("searches", b"searched_on", b"Searched On"),
    "R095": edited("searches", b"US,", b"<<<<<<< HEAD\n=======\n>>>>>>> branch\nUS,"),
    "R096": _without_an_end,
    "R150": _accepted(
        "policies,us-ca-oakland-1999,R023,There is no such row.",
        _RETROACTIVE,
        f"policies,{OAKLAND_2022},R023,This row is not retroactive.",
        f"policies,{OAKLAND_2022},R118,fmt would fix it.",
        f"policies,{OAKLAND_2022},R999,There is no such check.",
        "subjects,us-ca-oakland,R077,It is on land.",
        "sources,us-ma-2020 https://example.org/us-ma-2020,R112,It is https.",
    ),
    "R151": _accepted(_RETROACTIVE, _RETROACTIVE),
}


def build(folder: Path, code: str) -> Path:
    """The whole files of the case of ``code``."""
    folder.mkdir()
    for name, rows in records.break_base(code).items():
        records.write(folder, name, rows)
    if code in MADE:
        MADE[code](folder)
    return folder / "policies.csv"


def findings(folder: Path, code: str) -> tuple[Finding, ...]:
    """Without those that are accepted."""
    found = table.check([build(folder, code)], day=date(2026, 11, 22)).findings
    return tuple(finding for finding in found if not finding.accepted)


def test_codes_are_unique():
    assert [code for code, number in Counter(CODES).items() if number > 1] == []


def test_every_rule_has_a_broken_case_and_every_case_a_rule():
    kept = set(records.broken())
    assert set(CODES) == kept | set(MADE)
    assert not kept & set(MADE)


def test_the_base_is_sound(tmp_path):
    report = table.check([build(tmp_path / "base", "no case")])
    assert [str(finding) for finding in report.findings] == []
    assert report.skipped == ()


@pytest.mark.parametrize("rule", CHECKS, ids=lambda rule: rule.code)
def test_the_broken_case_fires_its_rule_and_only_that_in_these_words(rule, tmp_path):
    found = findings(tmp_path / "case", rule.code)
    assert {finding.code for finding in found} == {rule.code}, [str(each) for each in found]
    assert {finding.severity for finding in found} == {rule.severity}
    told = [str(finding).removeprefix(f"{tmp_path / 'case'}/") for finding in found]
    assert told == [line for line in SAID if line.endswith(f"[{rule.code}]")]
    for finding in found:
        if finding.column and finding.line > 1:
            assert_it_names_its_cell(finding)


def assert_it_names_its_cell(finding: Finding) -> None:
    """The value is the text of the cell, or the one of its words that is wrong."""
    with Path(finding.file).open(encoding="utf-8", newline="") as file:
        row = list(csv.DictReader(file))[finding.line - 2]
    cell = brief(row[finding.column])
    assert finding.value in cell
    assert bool(finding.value) == bool(cell)
    if finding.column == "policy_id":
        assert (finding.policy_id, finding.value) == ("", row["policy_id"])
    else:
        assert finding.policy_id == row.get("policy_id", "")


@pytest.mark.parametrize("rule", CHECKS, ids=lambda rule: rule.code)
def test_a_rule_is_a_sentence(rule):
    assert rule.statement[0].isupper() or rule.statement[0] in "`'"
    assert rule.statement.endswith(".")
    assert len(rule.statement) < 110


# --- what the rules let pass, and where their edges lie


UNPROVEN = {"R082", "R083", "R085"}


def fired(**changes: dict[str, dict[str, str]]) -> set[str]:
    """The codes of :func:`meaning`, but not those on the proof of new rows."""
    return {finding.code for finding in meaning(**changes)} - UNPROVEN


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        # dates: only what is certain is wrong
        ({VENDOR: p(expires_on="2020-06-11", last_confirmed_on="2020-06-10")}, set()),
        ({VENDOR: p(expires_on="2020-06", last_confirmed_on="2020-06")}, set()),
        ({VENDOR: p(expires_on="2020-06-10")}, {"R021"}),
        ({VENDOR: p(expires_on="2020-05")}, {"R021"}),
        ({VENDOR: p(effective_on="2020", expires_on="2020-06-10")}, {"R021"}),
        ({VENDOR: p(effective_on="2020-07", expires_on="2020-07-01")}, {"R021"}),
        ({VENDOR: p(effective_on="[2020-07..2022-12]", expires_on="2022-02")}, set()),
        (
            {VENDOR: p(decided_on="2020-06-30", effective_on="2020-06", expires_on="2020-06-15")},
            {"R021"},
        ),
        ({VENDOR: p(effective_on="2020-01-01", expires_on="2022")}, {"R023"}),
        (
            {VENDOR: p(decided_on="", effective_on="2020-06", expires_on="2020-06-01")},
            {"R021", "R024"},
        ),
        ({OAKLAND: p(introduced_on="2019-09-17")}, set()),
        ({OAKLAND: p(introduced_on="2019-09")}, set()),
        ({OAKLAND: p(introduced_on="2019-09-18")}, {"R022"}),
        ({MASSACHUSETTS: p(decided_on="2018-12")}, {"R022"}),
        ({OAKLAND: p(effective_on="2019-09")}, set()),
        ({OAKLAND: p(effective_on="2019-09-16")}, {"R023"}),
        ({OAKLAND: p(decided_on="[..2019-12]", introduced_on="")}, set()),
        ({OAKLAND: p(decided_on="[..2019-12]", effective_on="", introduced_on="")}, {"R041"}),
        ({OAKLAND: p(effective_on="[..2019-12]")}, {"R041"}),
        ({MASSACHUSETTS: p(decided_on="[..2021]", introduced_on="")}, set()),
        ({MASSACHUSETTS: p(introduced_on="[..2019]")}, set()),
        ({PORT: p(decided_on="", effective_on="2020")}, {"R024"}),
        # what has happened lies before the review, what is to come may lie after it
        ({OAKLAND_2021: p(effective_on="2027", reviewed_on="2021-01-12")}, {"R086"}),
        ({OAKLAND_2021: p(reviewed_on="2021-01-11")}, {"R042", "R086"}),
        ({PORT: p(introduced_on="2026-11-23", decided_on="2026-11-23")}, {"R042", "R084"}),
        ({MASSACHUSETTS: p(decided_on="2026-11-23")}, {"R042", "R084"}),
        ({MASSACHUSETTS: p(introduced_on="2026-11", decided_on="[2026-11..2027-12]")}, {"R084"}),
        (
            {MASSACHUSETTS: p(status="proposed", introduced_on="2026-11-23", decided_on="")},
            {"R042"},
        ),
        ({VENDOR: p(last_confirmed_on="2026-11-23")}, {"R042"}),
        ({VENDOR: p(last_confirmed_on="2026-11-22", expires_on="2030")}, set()),
        ({VENDOR: p(last_confirmed_on="2020-06-10")}, set()),
        ({VENDOR: p(last_confirmed_on="2020")}, set()),
        ({VENDOR: p(last_confirmed_on="2020-06-09")}, {"R043"}),
        ({VENDOR: p(last_confirmed_on="2020-08", effective_on="2020-09")}, {"R043"}),
        ({VENDOR: p(last_confirmed_on="2021-05", expires_on="2021-05-18")}, set()),
        ({VENDOR: p(last_confirmed_on="2021-05-17", expires_on="2021-05-18")}, set()),
        ({VENDOR: p(last_confirmed_on="2021-05-18", expires_on="2021-05-18")}, {"R043"}),
        ({VENDOR: p(last_confirmed_on="2021-06", expires_on="2021")}, set()),
        ({VENDOR: p(expires_on="9998-12-31")}, set()),
        ({VENDOR: p(expires_on="9999")}, {"R045"}),
        ({VENDOR: p(expires_on="[2030..9999]")}, {"R045"}),
        ({MASSACHUSETTS: p(introduced_on="1990-01-01")}, set()),
        ({MASSACHUSETTS: p(introduced_on="1989-12-31")}, {"R044"}),
        ({MASSACHUSETTS: p(introduced_on="[..1990-01]")}, set()),
        ({MASSACHUSETTS: p(introduced_on="", decided_on="[1950..1989]")}, {"R044"}),
        # one rule, one row
        ({"twin": p(like=PORT)}, {"R062"}),
        ({"twin": p(like=PORT, reviewed_on="2026-11-23", summary="It may not.")}, {"R062"}),
        *(
            ({"twin": p(like=PORT, **cells)}, set())
            for cells in (
                p(instrument="Resolution 7"),
                p(uses="live"),
                p(applies_to="government"),
                p(decided_on="2020-02-12"),
                p(effective_on="2020-03"),
                p(territory="US-CA"),
                p(decided_by="The court"),
                p(measure="oversight"),
            )
        ),
        ({"bill": p(like=MASSACHUSETTS, introduced_on="2019-02")}, set()),
        *(
            ({PORT: p(instrument="7"), "b": p(like=PORT) | p(measure="restriction") | cells}, codes)
            for cells, codes in (
                ({}, {"R063"}),
                (p(measure="oversight"), set()),  # the rule for what a ban leaves open
                (p(applies_to="government;police"), {"R063"}),
                (p(applies_to="government"), set()),
                (p(uses="live"), set()),
                (p(instrument="8"), set()),
                (p(decided_on="2020-02-12"), set()),
                (p(status="failed"), set()),
                (p(measure="none", supersedes=PORT), set()),
            )
        ),
        # rules about ends and decisions bind adopted and announced rows only
        ({MASSACHUSETTS: p(measure="ban", expires_on="2021", ends_when="later")}, set()),
        ({MASSACHUSETTS: p(effective_on="2021", expires_on="2020")}, set()),
        ({MASSACHUSETTS: p(decided_on="2020-12", effective_on="2020-01")}, set()),
        ({MASSACHUSETTS: p(status="proposed", decided_on="")}, set()),
        ({MASSACHUSETTS: p(status="unknown", decided_on="")}, set()),
        ({MASSACHUSETTS: p(status="failed", decided_on="")}, {"R028"}),
        ({MASSACHUSETTS: p(status="lapsed", decided_on="")}, {"R028"}),
        ({MASSACHUSETTS: p(status="pulled", decided_on="")}, {"R028"}),
        ({MASSACHUSETTS: p(status="pulled", decided_on="[2020..2021]")}, set()),
        ({MASSACHUSETTS: p(status="failed", introduced_on="", decided_on="")}, {"R029"}),
        ({MASSACHUSETTS: p(status="proposed", introduced_on="", decided_on="")}, {"R029"}),
        ({MASSACHUSETTS: p(status="vetoed")}, set()),
        ({MASSACHUSETTS: p(status="vetoed", introduced_on="", decided_on="")}, {"R027"}),
        ({VENDOR: p(ends_when="", expires_on="2021-06")}, set()),
        ({PORT: p(ends_when="a vote")}, {"R026", "R030"}),
        ({PORT: p(expires_on="2030")}, {"R026"}),
        ({PORT: p(measure="restriction", ends_when="a vote")}, {"R030"}),
        ({PORT: p(measure="oversight", status="announced")}, {"R030"}),
        ({OAKLAND_2022: p(status="announced")}, set()),
        # reach and territory
        ({MASSACHUSETTS: p(reach="all")}, set()),
        ({OAKLAND: p(reach="all", applies_to="police;private")}, set()),
        ({OAKLAND: p(applies_to="police;private")}, {"R033"}),
        ({OAKLAND: p(applies_to="police;private", reach="below")}, {"R033"}),
        ({OAKLAND: p(reach="below")}, set()),
        ({OAKLAND: p(subject_type="county", applies_to="police;private")}, {"R070"}),
        ({OAKLAND: p(subject_type="county", applies_to="private", reach="below")},
         {"R033", "R056", "R070"}),
        ({COMPANY: p(applies_to="government;private")}, {"R034"}),
        ({VENDOR: p(applies_to="police;private")}, set()),
        ({PORT: p(territory="US-CA")}, set()),
        ({UNION: p(status="proposed", reach="", territory="")}, {"R036"}),
        *(
            ({OAKLAND: p(subject_type=kind, region=""), OAKLAND_2021: p(supersedes="")}, codes)
            for kind, codes in (
                ("city", {"R039", "R070"}),
                ("county", {"R039", "R070"}),
                ("state", {"R039", "R070"}),
            )
        ),
        ({PORT: p(subject_type="school", region="")}, {"R039", "R070"}),
        ({PORT: p(region="")}, {"R070"}),
        ({PORT: p(country="")}, {"R037", "R070"}),
        (
            {PORT: p(subject_type="city", country="GB", region="", reach="own")},
            {"R070"},
        ),
        ({MASSACHUSETTS: p(subject_type="country")}, {"R040", "R070"}),
        ({UNION: p(region="US-CA")}, {"R040", "R070"}),
        ({VENDOR: p(region="US-CA")}, {"R040", "R070"}),
        ({COMPANY: p(region="AU-NSW")}, {"R040", "R070"}),
        # supersession
        ({OAKLAND_2021: p(decided_on="2019-09-17", effective_on="")}, set()),
        ({OAKLAND_2021: p(decided_on="2019", effective_on="")}, set()),
        ({OAKLAND_2021: p(decided_on="2019-09-16", effective_on="")}, {"R055"}),
        ({OAKLAND_2021: p(decided_on="", effective_on="2019-09-16")}, {"R024", "R055"}),
        ({OAKLAND_2021: p(decided_on="", effective_on="")}, {"R020"}),
        ({OAKLAND: p(decided_on="", effective_on="2021-01-12")}, {"R024"}),
        ({OAKLAND: p(decided_on="", effective_on="2021-01-13")}, {"R024", "R055"}),
        ({OAKLAND_2021: p(supersedes="us-ca-oakland-2019;us-ma-2020")}, {"R052", "R053"}),
        ({OAKLAND_2021: p(supersedes="us-ca-oakland-2019;us-ca-oakland-2021")}, {"R054"}),
        ({OAKLAND_2022: p(applies_to="government")}, {"R056"}),
        ({MASSACHUSETTS: p(relates_to="us-ca-oakland-2019")}, set()),
        ({MASSACHUSETTS: p(relates_to="us-ma-2020")}, {"R060"}),
        ({MASSACHUSETTS: p(measure="none")}, set()),
    ],
)  # fmt: skip
def test_rules_fire_where_the_law_says_and_nowhere_else(changes, codes):
    assert fired(policies=changes) == codes


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({PORT: p(supersedes=OAKLAND)}, {"R053"}),
        ({OAKLAND_2021: p(supersedes=MASSACHUSETTS)}, {"R052", "R053"}),
        ({OAKLAND_2021: p(decided_on="2019-09-16", effective_on="")}, {"R055"}),
        ({OAKLAND: p(supersedes=OAKLAND)}, {"R054"}),
        ({MASSACHUSETTS: p(relates_to=MASSACHUSETTS)}, {"R060"}),
        ({OAKLAND: p(supersedes=OAKLAND_2021)}, {"R055", "R057", "R058"}),
    ],
)
@pytest.mark.parametrize("first", [OAKLAND, OAKLAND_2021, MASSACHUSETTS, UNION])
def test_a_row_may_be_named_wherever_it_stands(changes, codes, first):
    rows = changed("policies", changes)
    stands_first = rows["policy_id"] == first
    rows = pd.concat([rows[stands_first], rows[~stands_first]], ignore_index=True)
    assert {it.code for it in meaning_of(SOUND | {"policies": rows})} - UNPROVEN == codes


RIVAL = "us-ca-oakland-2023"


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        # the rule of 2019 ended for police on 2021-02-01: a later row names what followed
        ({RIVAL: p(like=OAKLAND_2021, decided_on="2023-01-01", effective_on="")}, {"R058"}),
        ({RIVAL: p(like=OAKLAND_2021, decided_on="2023", effective_on="")}, {"R058"}),
        (
            {RIVAL: p(like=OAKLAND_2021, decided_on="2023", effective_on="", confidence="low")},
            {"R058"},
        ),
        # it starts before that successor does
        ({RIVAL: p(like=OAKLAND_2021, decided_on="2021-01-13", effective_on="2021-01-31")}, set()),
        ({RIVAL: p(like=OAKLAND_2021, decided_on="2021-01-13", effective_on="2021")}, set()),
        ({RIVAL: p(like=OAKLAND_2021, decided_on="2021-01-13")}, {"R058"}),
        # it was not certainly decided later: rows of one act
        ({RIVAL: p(like=OAKLAND_2021, instrument="Its second rule")}, set()),
        ({RIVAL: p(like=OAKLAND_2021, decided_on="2021-01", effective_on="2022")}, set()),
        # for other actors the rule goes on
        (
            {RIVAL: p(like=OAKLAND_2022, measure="ban", supersedes=OAKLAND, decided_on="2023",
                      applies_to="government")},
            set(),
        ),
        (
            {RIVAL: p(like=OAKLAND_2022, measure="ban", supersedes=OAKLAND, decided_on="2023",
                      applies_to="police;government")},
            {"R058"},
        ),
        # the successor is of low confidence, or was lifted before it began
        (
            {
                OAKLAND_2021: p(confidence="low"),
                RIVAL: p(like=OAKLAND_2021, decided_on="2023", effective_on="", confidence="high"),
            },
            set(),
        ),
        (
            {
                OAKLAND_2021: p(effective_on="2022-03-01"),
                RIVAL: p(like=OAKLAND_2021, decided_on="2023", effective_on=""),
            },
            set(),
        ),
        (
            {
                OAKLAND_2021: p(effective_on="2022-02-28"),
                RIVAL: p(like=OAKLAND_2021, decided_on="2023", effective_on=""),
            },
            {"R058"},
        ),
        # only a repeal lifts, and only for its own actors
        (
            {
                OAKLAND_2021: p(effective_on="2022-03-01"),
                OAKLAND_2022: p(measure="restriction"),
                RIVAL: p(like=OAKLAND_2021, decided_on="2023", effective_on=""),
            },
            {"R058"},
        ),
        (
            {
                OAKLAND_2021: p(effective_on="2022-03-01", applies_to="police;government"),
                RIVAL: p(like=OAKLAND_2021, decided_on="2023", effective_on="",
                         applies_to="government"),
            },
            {"R058"},
        ),
    ],
)  # fmt: skip
def test_a_rule_already_superseded_may_be_named_only_as_the_design_allows(changes, codes):
    assert fired(policies=changes) == codes
    # wherever the rows stand
    texts = SOUND | {"policies": changed("policies", changes).iloc[::-1].reset_index(drop=True)}
    assert {it.code for it in meaning_of(texts)} - UNPROVEN == codes


@pytest.mark.parametrize("first", [OAKLAND, "a", "b", "c"])
@pytest.mark.parametrize(
    ("days", "told"),
    [
        # the rule ended where the first of those decided before begins
        (
            {
                "a": ("2021-01-12", "2021-02-01"),
                "b": ("2021-03-01", "2024-01-01"),
                "c": ("2021-04-01", "2023-01-01"),
            },
            {"b": "a", "c": "a"},
        ),
        (
            {
                "a": ("2021-01-12", "2025-01-01"),
                "b": ("2021-03-01", "2023-01-01"),
                "c": ("2021-04-01", "2024-01-01"),
                "d": ("2021-05-01", "2026-01-01"),
            },
            {"c": "b", "d": "b"},
        ),
        # of two that begin on one day, the one decided first is told
        (
            {
                "a": ("2021-01-12", "2021-02-01"),
                "b": ("2021-01-20", "2021-02-01"),
                "c": ("2022-01-01", "2022-01-01"),
            },
            {"b": "a", "c": "a"},
        ),
    ],
)
def test_of_several_successors_the_first_to_begin_is_told(days, told, first):
    rivals = {
        row: p(like=OAKLAND_2021, supersedes=OAKLAND, decided_on=decided, effective_on=effective)
        for row, (decided, effective) in days.items()
    }
    rows = changed("policies", rivals | {OAKLAND_2021: p(supersedes="")})
    stands_first = rows["policy_id"] == first
    rows = pd.concat([rows[stands_first], rows[~stands_first]], ignore_index=True)
    found = [it for it in meaning_of(SOUND | {"policies": rows}) if it.code == "R058"]
    said = "us-ca-oakland-2019 was already superseded for police by "
    assert {it.policy_id: it.message.removeprefix(said).partition(":")[0] for it in found} == told


@pytest.mark.parametrize(
    ("changes", "rival", "actor", "cure"),
    [
        ({}, p(), "police", "name us-ca-oakland-2022 instead"),
        ({}, p(supersedes=f"{OAKLAND};{OAKLAND_2022}"), "police", "remove it"),
        # told once, for the first actor; for it no row followed
        (
            {OAKLAND_2021: p(applies_to="police;government")},
            p(applies_to="police;government"),
            "government",
            "name us-ca-oakland-2021 instead",
        ),
    ],
)
def test_the_message_names_the_live_row(changes, rival, actor, cure):
    rival = p(like=OAKLAND_2021, decided_on="2023", effective_on="") | rival
    found = meaning(policies=changes | {RIVAL: rival})
    (message,) = [it.message for it in found if it.code == "R058"]
    assert message == (
        f"us-ca-oakland-2019 was already superseded for {actor} by us-ca-oakland-2021: {cure}"
    )


def test_a_subject_that_is_missing_is_told_at_its_first_row():
    moved = p(subject="Oaktown")
    found = meaning(policies={OAKLAND: moved, OAKLAND_2021: moved, OAKLAND_2022: moved})
    assert [(it.code, it.policy_id) for it in found if it.code not in UNPROVEN] == [
        ("R070", OAKLAND)
    ]


def test_a_city_may_lie_in_a_county_of_its_name():
    rows = changed("subjects", {"Oakland": p(within="Oakland")})
    county = rows[rows["subject"] == "Oakland"].assign(subject_type="county", within="", geoid="")
    found = meaning_of(SOUND | {"subjects": pd.concat([rows, county], ignore_index=True)})
    assert [it.code for it in found] == ["R072"]  # but one of them needs a longer name


def test_a_circle_is_told_once_with_its_path(tmp_path):
    (finding,) = findings(tmp_path / "case", "R057")
    assert finding.message.endswith(
        "in a circle: us-ca-oakland-2019 -> us-ca-oakland-2021 -> us-ca-oakland-2019"
    )


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"Oakland": p(latitude="37.775", longitude="-122.419")}, set()),
        ({"Oakland": p(latitude="37.80", longitude="-122.58")}, {"R077"}),
        ({"Oakland": p(latitude="42.00", longitude="-122.22")}, set()),
        ({"Oakland": p(latitude="45.52", longitude="-122.68")}, {"R077"}),
        ({"Massachusetts": p(latitude="42.36", longitude="-71.06")}, set()),
        ({"Massachusetts": p(latitude="37.80", longitude="-122.22")}, {"R077"}),
        ({"Example": p(latitude="0", longitude="0")}, set()),
        ({"Example Shops": p(latitude="0", longitude="0")}, set()),
        ({"Massachusetts": p(latitude="42.36")}, {"R076"}),
        ({"Example": p(within="Oakland")}, {"R074"}),
        ({"Oakland": p(within="Port of Oakland")}, set()),
        *(
            ({"Bay": p(like="Oakland", subject_type=kind), "Oakland": p(within="Bay")}, set())
            for kind in ("city", "county", "agency", "school")
        ),
        ({"Oakland": p(within="Oakland")}, {"R073"}),
        ({"Oakland": p(within="Massachusetts")}, {"R073"}),
        ({"Port of Oakland": p(within="Alameda;Oakland")}, {"R073"}),
        ({"Oakland": p(latitude="")}, {"R075"}),
        (
            {"Bureau": p(like="Port of Oakland", region="", within="", latitude="", longitude="")},
            set(),
        ),
        ({"Bureau": p(like="Port of Oakland", within="", latitude="", longitude="")}, {"R075"}),
        (
            {"York": p(like="Oakland", country="GB", region="", latitude="", longitude="")},
            {"R075"},
        ),
        (
            {
                "York": p(like="Oakland", country="GB", region="", latitude="53", longitude="-1"),
                "Yard": p(like="York", subject_type="agency", within="York", latitude=""),
            },
            {"R075"},
        ),
        ({"Oakland County": p(like="Oakland", subject_type="county")}, set()),
        ({"OAKLAND": p(like="Oakland")}, {"R072"}),
        ({"東京": p(like="Oakland")}, {"R072"}),
        ({"A" * 194: p(like="Oakland")}, set()),
        ({"A" * 195: p(like="Oakland")}, {"R072"}),
        ({"Consortium": p(like="Example Union")}, set()),
        ({"Con": p(like="Example Union")}, {"R072"}),
        ({"東京都": p(like="Massachusetts", country="JP", region="JP-13", latitude="")}, set()),
        ({"日本": p(like="Massachusetts", subject_type="country", country="JP", region="")}, set()),
        # what a code says of the place
        ({"Oakland": p(geoid="0600153000")}, set()),
        ({"Oakland": p(geoid="06")}, {"R064"}),
        ({"Massachusetts": p(geoid="25017")}, {"R064"}),
        ({"Port of Oakland": p(geoid="0653001")}, {"R064"}),
        ({"Oakland": p(geoid="4153000")}, {"R065"}),
        ({"Massachusetts": p(geoid="26")}, {"R065"}),
        ({"York": p(like="Oakland", country="GB", region="", latitude="53", longitude="-1",
                    geoid="0653001")}, {"R065"}),
        ({"Ponce": p(like="Oakland", country="PR", region="", latitude="18.01",
                     longitude="-66.61", geoid="7263820")}, set()),
        ({"Oaktown": p(like="Oakland", geoid="0653000")}, {"R066"}),
        *(
            ({name: p(like="Oakland", subject_type="county", geoid=geoid, aliases=aliases)}, codes)
            for name, geoid, aliases, codes in (
                ("Alameda County", "06001", "", set()),
                ("County of Alameda", "06001", "", set()),
                ("Alameda", "06001", "", set()),
                ("The East Bay", "06001", "Oaks;Alameda County", set()),
                ("Alamedas County", "06001", "", {"R067"}),
                ("City and County of San Francisco", "06075", "", set()),
                ("Alameda County", "06075", "", {"R067"}),
                ("New County", "06999", "", {"R067"}),
            )
        ),
        ({"Saint Louis County": p(like="Oakland", subject_type="county", region="US-MO",
                                  latitude="38.6", longitude="-90.4", geoid="29189")}, set()),
        ({"Texas": p(like="Massachusetts")}, {"R067", "R072"}),
        ({"Commonwealth of Massachusetts": p(like="Massachusetts", region="US-VA")}, {"R067"}),
        ({"State of Virginia": p(like="Massachusetts", region="US-VA")}, set()),
        ({"Virginia": p(like="Massachusetts", region="US-WV")}, {"R067"}),
        ({"Bavaria": p(like="Massachusetts", country="DE", region="DE-BY")}, set()),
        # no outline of Gibraltar to hold it against, but one of San Marino
        (
            {"Gibraltar": p(like="Oakland", country="GI", region="", latitude="0", longitude="0")},
            set(),
        ),
        (
            {"San Marino": p(like="Oakland", country="SM", region="", latitude="0", longitude="0")},
            {"R077"},
        ),
    ],
)  # fmt: skip
def test_rules_on_places(changes, codes):
    assert fired(subjects=changes) == codes


@pytest.mark.parametrize(
    ("country", "region", "latitude", "longitude", "severity"),
    [
        ("US", "US-CA", "37.80", "-122.55", "warning"),
        ("US", "US-CA", "37.80", "-124", "error"),  # the outlines of states are fine ones
        ("US", "", "37.80", "-124", "warning"),
        ("ES", "", "35.89", "-5.32", "warning"),  # Ceuta, on the coast of Morocco
        ("ES", "ES-ML", "35.29", "-2.94", "warning"),  # Melilla
        ("PT", "", "38.00", "-3.00", "error"),  # deep in Spain
        ("CA", "CA-BC", "48.43", "-123.32", "warning"),  # Oak Bay
        ("BS", "", "25.06", "-77.34", "warning"),  # Nassau
        ("KI", "", "1.33", "172.98", "warning"),  # Tarawa, 3,300 km from the nearest outline
        ("GB", "", "50.12", "-50.00", "warning"),
        ("GB", "", "50.12", "-70.00", "error"),  # in Canada
        ("CL", "", "-33.45", "-130.00", "error"),  # far out at sea
    ],
)
def test_a_point_off_a_coarse_coast_is_a_warning(country, region, latitude, longitude, severity):
    place = p(like="Port of Oakland", country=country, region=region, within="")
    place |= p(latitude=latitude, longitude=longitude)
    (finding,) = meaning(subjects={"Harbour": place})
    assert (finding.code, finding.severity) == ("R077", severity)
    assert f"km outside {region if country == 'US' and region else country}" in finding.message


@pytest.mark.parametrize(
    ("place", "nearest", "within"),
    [
        # Colorado's western border is the meridian 109.05 W (act of Congress of 28 February 1861)
        (p(region="US-CO", latitude="39.00", longitude="-110.05"), (39.00, -109.05), 0.02),
        # a lost minus sign, over the pole; half the world away; across the antimeridian
        (p(region="US-CO", latitude="39.00", longitude="105.55"), (41.00, -109.05), 0.01),
        (p(country="SM", region="", latitude="0.25", longitude="-122.22"), (43.94, 12.46), 0.01),
        (p(country="RU", region="", latitude="64.50", longitude="-165.40"), (66.08, -169.65), 0.04),
    ],
)
def test_distances_are_those_on_the_globe(place, nearest, within):
    rows = typed("subjects", changed("subjects", {"Oakland": place}))
    metres = metres_outside(rows)[SOUND["subjects"].subject == "Oakland"]
    here = np.radians([float(place["latitude"]), float(place["longitude"])])
    there = np.radians(nearest)
    cosine = np.sin(here[0]) * np.sin(there[0]) + np.cos(here[0]) * np.cos(there[0]) * np.cos(
        here[1] - there[1]
    )
    assert metres == pytest.approx([6_371_009 * np.arccos(cosine)], rel=within)


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("https://example.org", True),
        ("https://example.org/a/b?c=d&e=f#g", True),
        ("http://example.org:8080/", True),
        ("https://www.legis.ga.gov/legislation/(1)~x'y*z!$,;@[]", True),
        ("https://例え.jp/道", True),
        ("https://例え.jp/X", True),
        ("https://a-b.xn--p1ai/", True),
        ("https://example", False),
        ("https://example.org./a", False),
        ("https://localhost/", False),
        ("https://127.0.0.1/", False),
        ("https://user@example.org/", False),
        ("https://-a.org/", False),
        ("https://a..org/", False),
        ("https://example.org:99999/", False),
        ("https://[::1", False),
        ("https:///path", False),
        ("https://", False),
        ("example.org", False),
        ("//example.org", False),
        ("ftp://example.org", False),
        ("javascript:alert(1)", False),
        ("JAVASCRIPT://example.org/%0Aalert(1)", False),
        ("file:///etc/passwd", False),
        ("data:text/html,x", False),
        ("https://example.org/a b", False),
        ("https://example.org/\u202e", False),
        ("https://example.org/\n", False),
        ('https://example.org/"onload=', False),
        ("https://example.org/<b>", False),
        (" https://example.org", False),
    ],
)
def test_a_link_is_a_whole_web_address(text, good):
    assert (problems.link(text) is None) is good


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("plain", True),
        ("Zürich, Genève, 東京, نص", True),
        ("two\nlines", False),
        ("tab\there", False),
        ("bell\x07", False),
        ("\x1b[31m", False),
        ("left\u202eright", False),
        ("\u2066isolate\u2069", False),
        ("zero\u200bwidth", False),
        ("line\u2028end", False),
        ("paragraph\u2029end", False),
        ("half\ud800", False),
        ("\ufeffmark", False),
        ("del\x7f", False),
        ("c1\x9b", False),
        # Unicode's noncharacters: the last two of every plane, and a block of 32
        ("\ufffd", True),
        ("\ufffe", False),
        ("\uffff", False),
        ("\U0001fffe", False),
        ("\U00010000", True),
        ("\ufdcf", True),
        ("\ufdd0", False),
        ("\ufdef", False),
        ("\ufdf0", True),
    ],
)
def test_text_holds_nothing_that_acts(text, good):
    assert (problems.one_line(text) is None) is good
    assert (problems.lines(text) is None) is (good or text == "two\nlines")


@pytest.mark.parametrize(
    ("check", "text", "good"),
    [
        (problems.slugged, "us-ca-oakland-2019", True),
        (problems.slugged, "a", True),
        (problems.slugged, "US-ca", False),
        (problems.slugged, "a--b", False),
        (problems.slugged, "-a", False),
        (problems.slugged, "a/../b", False),
        (problems.slugged, "café", False),
        (problems.region, "US-CA", True),
        (problems.region, "GB-SCT", True),
        (problems.region, "us-ca", False),
        (problems.region, "US", False),
        (problems.region, "US-ZZ", False),
        (problems.country, "NA", True),
        (problems.country, "EU", False),
        (problems.country, "UK", False),
        (problems.country, "us", False),
        (problems.territory, "US;US-IL;CA", True),
        (problems.territory, "US;EU", False),
        (problems.territory, "US;", True),
        (problems.listed, "a;b", True),
        (problems.listed, "a; b", False),
        (problems.listed, "a;;b", False),
        (problems.listed, "a;", False),
        (problems.listed, "a;b;a", False),
        (problems.any_alone, "any", True),
        (problems.any_alone, "any;any", True),
        (problems.any_alone, "live;drone", True),
        (problems.any_alone, "live;any", False),
        (problems.normal_form, "m²", True),
        (problems.normal_form, "cafe\u0301", False),
        *(
            (problems.telling, text, False)
            for text in (
                "n/a",
                "N/A",
                "#N/A",
                "NA",
                "na",
                "NULL",
                "null",
                "None",
                "unknown",
                "Unknown",
                "TBD",
                "tba",
                "TODO",
                "to do",
                "Not applicable",
                "not known",
                "nan",
                "NaN",
                "-",
                "--",
                "—",
                "?",
                "...",
                "/",
            )
        ),
        *(
            (problems.telling, text, True)
            for text in (
                "Nan",
                "Nanterre",
                "none of them",
                "NA;None",
                "National",
                "the owner is unknown",
                "O",
                "5",
                "東京",
                "=1+1",
                "…",
                "]]>",
                "$",
            )
        ),
        *(
            (problems.decoded, text, False)
            for text in (
                "MÃ¼nchen",
                "in SÃ£o Paulo",
                "«MÃ¼nchen»",
                "it isâ€™s own",
                "Ã©",
                "東京\nZÃ¼rich",
                "MÃƒÂ¼nchen",
                "100 Â§",
                "café in MÃ¼nchen",
                "M\ufffdnchen",
            )
        ),
        *(
            (problems.decoded, text, True)
            for text in (
                "München",
                "São Paulo",
                "AMANHÃ",
                "«CAFÉ»",
                "“LA RESOLUCIÓ”",
                "RESOLUCIÓ”,",
                "Łódź",
                "CÔTE D’IVOIRE",
                "10 °C",
                "§ 5 – 7",
                "東京",
                "Ãrea",
            )
        ),
        (problems.exact_day, "2026-11-22", True),
        (problems.exact_day, "2026-11", False),
        (problems.exact_day, "2026-11-31", False),
        (problems.geoid, "06", True),
        (problems.geoid, "06001", True),
        (problems.geoid, "0653000", True),
        (problems.geoid, "2502109175", True),
        (problems.geoid, "653000", False),
        (problems.geoid, "06-001", False),
        (problems.latitude, "-90", True),
        (problems.latitude, "37.8044", True),
        (problems.latitude, "37.123456789012", True),
        (problems.latitude, "37.1234567890123", False),
        (problems.latitude, "0037", False),
        (problems.latitude, "90.01", False),
        (problems.latitude, "nan", False),
        (problems.latitude, "1e1", False),
        (problems.latitude, "37,8", False),
        (problems.longitude, "180.0", True),
        (problems.longitude, "181", False),
    ],
)
def test_rules_on_single_cells(check, text, good):
    assert (check(text) is None) is good


BELL, ACCENT = "a\x07b", "cafe\u0301"


@pytest.mark.parametrize(
    ("name", "column", "broken"),
    [
        ("policies", "subject", {"": "R100", BELL: "R116", ACCENT: "R117", "a  b": "R118"}),
        ("policies", "instrument", {"a\nb": "R116", ACCENT: "R117", " a": "R118", "TBD": "R121"}),
        ("policies", "ends_when", {"n/a": "R121", "nach MÃ¼nchen": "R122"}),
        ("policies", "notes", {BELL: "R116", ACCENT: "R117", "a\n b": "R118"}),
        ("policies", "measure", {"": "R100", "pause": "R101"}),
        ("policies", "reach", {"none": "R101"}),
        ("policies", "uses", {"": "R100", "live;live": "R102", "air": "R101", "any;live": "R103"}),
        ("policies", "applies_to", {"": "R100", "police;police": "R102", "army": "R101"}),
        ("policies", "supersedes", {"a;a": "R102"}),
        ("policies", "relates_to", {"a;a": "R102"}),
        ("policies", "decided_on", {"2021-13": "R106"}),
        ("policies", "reviewed_on", {"": "R100", "2021": "R107", "/0001": "R107"}),
        ("policies", "country", {"EU": "R108"}),
        ("policies", "region", {"US": "R109"}),
        ("policies", "territory", {"US;US": "R102", "EU": "R110"}),
        ("policies", "source_url", {"": "R100", "a": "R111", "http://example.org": "R112"}),
        ("subjects", "geoid", {"1": "R113"}),
        ("subjects", "latitude", {"90.1": "R114"}),
        ("subjects", "longitude", {"180.1": "R115"}),
        *(
            (
                "subjects", column,
                {BELL: "R116", "a\nb": "R116", ACCENT: "R117", "a  b": "R118", "a;a": "R102"},
            )
            for column in ("within", "aliases")
        ),
        ("sources", "published_on", {"2021-13": "R106"}),
        (
            "sources", "supports",
            {"": "R100", "notes": "R119", "summary~": "R119", "uses;uses": "R102"},
        ),
        ("searches", "country", {"": "R100"}),
        ("searches", "searched_on", {"": "R100", "2021": "R107"}),
    ],
)  # fmt: skip
def test_each_column_is_held_to_the_rules_of_its_kind(name, column, broken):
    lines = np.arange(len(broken))
    rows = SOUND[name].iloc[lines % len(SOUND[name])].assign(**{column: list(broken)})
    file = replace(text_table(name, rows.reset_index(drop=True)), lines=lines)
    found = check_cells(file)
    assert {(it.line, it.column, it.code) for it in found} == {
        (line, column, code) for line, code in enumerate(broken.values())
    }


@pytest.mark.parametrize("column", RECORDED_DATES)
@pytest.mark.parametrize("computed", ["", "~"])
def test_each_recorded_date_needs_its_own_source(column, computed):
    row = p(measure="restriction", supersedes="", decided_on="", effective_on="2030-01-01")
    row |= {column: "2019-05" if column == "introduced_on" else "2030-01-01"}
    others = [other for other in RECORDED_DATES if other != column]

    def unproven(supports: list[str]) -> set[str]:
        proof = p(supports=";".join(supports))
        found = meaning(policies={OAKLAND_2021: row}, sources={OAKLAND_2021: proof})
        return {it.column for it in found if it.code == "R082"}

    assert unproven(others) == {column}
    assert unproven([*others, column + computed]) == set()


@pytest.mark.parametrize(
    ("published_on", "supports", "codes"),
    [
        ("2019-09-17", "decided_on", set()),
        ("2019-09-16", "decided_on", {"R084"}),
        ("2019-09", "decided_on", set()),
        ("2019-08", "introduced_on;decided_on", {"R084"}),
        ("", "decided_on", set()),
        ("2019-08", "decided_on~", set()),
        ("2019-08", "summary", set()),
    ],
)
def test_a_source_cannot_prove_what_came_after_it(published_on, supports, codes):
    proof = p(published_on=published_on, supports=supports)
    assert fired(sources={OAKLAND: proof}) == codes


def test_rules_that_may_have_lifted_one_another_in_too_many_orders(tmp_path):
    """Warned of is exactly what the timeline gives up on (see ``tests/test_worlds.py``)."""
    (finding,) = findings(tmp_path / "case", "R061")
    assert finding.message.startswith("the 15 rules for police may have lifted one another ")
    path = tmp_path / "case" / "policies.csv"
    settled = path.read_text("utf-8").replace("adopted,,2020,", "adopted,,2020-05-05,")
    path.write_text(settled, "utf-8", newline="")
    assert "R061" not in {it.code for it in table.check([path]).findings}


def test_many_doubts_that_can_be_told_out_are_no_finding():
    doubts = {f"port-{n}": p(like=PORT, decided_on="2020", instrument=f"{n}") for n in range(30)}
    assert fired(policies=doubts) == set()


def test_severity_in_the_shipped_data():
    graver = {rule.code for rule in CHECKS if (rule.shipped or rule.severity) != rule.severity}
    assert graver == {"R082", "R083"}


def test_iso_codes_are_those_of_pycountry():
    pycountry = pytest.importorskip("pycountry")
    assert set(iso_codes()) == {country.alpha_2 for country in pycountry.countries}
    regions = {code for parts in iso_codes().values() for code in parts}
    assert regions == {part.code for part in pycountry.subdivisions}
