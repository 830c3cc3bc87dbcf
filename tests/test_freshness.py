"""What ``stale`` calls due, since when, and why."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import tables
from frtracker.cli import main
from frtracker.record.columns import TABLES
from frtracker.timeline import build
from frtracker.timeline.review import due

Rows = Sequence[Mapping[str, str]]

BAN = {
    "policy_id": "ban-2020",
    "decided_on": "2020-06-01",
    "effective_on": "2020-07-01",
    "reviewed_on": "2026-01-01",
}
PAUSE = BAN | {
    "policy_id": "pause-2020",
    "measure": "moratorium",
    "expires_on": "2030-01-01",
}
CONDITIONAL = BAN | {
    "policy_id": "until-2020",
    "measure": "moratorium",
    "ends_when": "until a law",
    "last_confirmed_on": "2025-12-01",
}
BILL = BAN | {"policy_id": "bill-2025", "decided_on": "", "effective_on": "", "status": "proposed"}


def found(rows: Rows, day: str, days: int | None = None) -> list[dict[str, Any]]:
    return due(build(tables.policies(rows)), tables.day(day), days)


def reasons(row: Mapping[str, str], day: str, days: int | None = None) -> list[tuple[str, str]]:
    """(code, since) of each reason for which the one row is due on ``day``."""
    return [
        (reason["code"], reason["since"])
        for entry in found([row], day, days)
        for reason in entry["reasons"]
    ]


# 2026-01-01 + 90 days = 2026-04-01, + 365 days = 2027-01-01.
SHORT = [("review", "2026-04-01")]
LONG = [("review", "2027-01-01")]

AGES = [
    ("a ban, the day before its year is over", BAN, "2026-12-31", []),
    ("a ban, a year after", BAN, "2027-01-01", LONG),
    ("a ban, long after", BAN, "2031-05", LONG),
    ("a moratorium, on the 89th day", PAUSE, "2026-03-31", []),
    ("a moratorium, on the 90th day", PAUSE, "2026-04-01", SHORT),
    ("a narrow moratorium is one", PAUSE | {"uses": "drone"}, "2026-04-01", SHORT),
    ("a proposal, on the 89th day", BILL, "2026-03-31", []),
    ("a proposal, on the 90th day", BILL, "2026-04-01", SHORT),
    ("an outcome not found", BILL | {"status": "unknown"}, "2026-04-01", SHORT),
    ("a bill that failed is settled", BILL | {"status": "failed"}, "2026-12-31", []),
    ("a bill that lapsed, a year after", BILL | {"status": "lapsed"}, "2027-01-01", LONG),
    (
        "a moratorium that was never adopted is settled",
        BILL | {"status": "failed", "measure": "moratorium"},
        "2026-12-31",
        [],
    ),
    ("a day before the review", PAUSE, "2019", []),
    ("the day of the review", PAUSE, "2026-01-01", []),
]

# On 2026-02-10 no review is due by age.
PAST = [
    ("an end to come", {"expires_on": "2026-02-11"}, []),
    ("an end that came today", {"expires_on": "2026-02-10"}, [("end", "2026-02-10")]),
    ("an end that came", {"expires_on": "2026-01-02"}, [("end", "2026-01-02")]),
    ("an end that was reviewed on its day", {"expires_on": "2026-01-01"}, []),
    ("an end that was reviewed later", {"expires_on": "2022-01-01"}, []),
    ("an end that may have come", {"expires_on": "2026-02"}, [("end", "2026-02-01")]),
    ("an end still doubtful at the review", {"expires_on": "[2025-12-01..2026-02-20]"}, []),
    (
        "an end doubtful at the review, certain by now",
        {"expires_on": "[2025-12-01..2026-02-08]"},
        [("end", "2026-02-08")],
    ),
    ("a start to come", {"effective_on": "2026-02-11"}, []),
    ("a start that came", {"effective_on": "2026-02-01"}, [("start", "2026-02-01")]),
    ("a start that was reviewed", {"effective_on": "2025-12-31"}, []),
    (
        "a start and an end",
        {"effective_on": "2026-01-15", "expires_on": "2026-02-01"},
        [("start", "2026-01-15"), ("end", "2026-02-01")],
    ),
    (
        "a bill that names an end",
        {"status": "proposed", "decided_on": "", "expires_on": "2026-02-01"},
        [("end", "2026-02-01")],
    ),
    (
        "a bill that failed ends nothing",
        {"status": "failed", "effective_on": "", "expires_on": "2026-02-01"},
        [],
    ),
]

# 2025-12-01 is 90 days before 2026-03-01.
CONDITIONS = [
    ("proof of 90 days ago", {}, "2026-03-01", []),
    ("proof of 91 days ago", {}, "2026-03-02", [("unconfirmed", "2026-03-02")]),
    (
        "proof of a month counts from its last day",
        {"last_confirmed_on": "2025-12"},
        "2026-03-31",
        [],
    ),
    (
        "and is too old on the 91st",
        {"last_confirmed_on": "2025-12"},
        "2026-04-01",
        [("unconfirmed", "2026-04-01"), ("review", "2026-04-01")],
    ),
    ("no proof", {"last_confirmed_on": ""}, "2026-01-01", [("unconfirmed", "2020-07-01")]),
    (
        "no proof and no start: since the decision",
        {"last_confirmed_on": "", "effective_on": ""},
        "2026-01-01",
        [("unconfirmed", "2020-06-01")],
    ),
    (
        "no proof, and a start that is not over: since no later than the day asked",
        {"last_confirmed_on": "", "effective_on": "2026", "reviewed_on": "2026-12-31"},
        "2026-02-10",
        [("unconfirmed", "2026-02-10")],
    ),
    ("not begun", {"last_confirmed_on": "", "effective_on": "2026-06-01"}, "2026-02-10", []),
    (
        "ended",
        {"last_confirmed_on": "", "expires_on": "2021-01-01"},
        "2026-02-10",
        [],
    ),
    (
        "adopted or not, unsure: proof is wanted",
        {"confidence": "low", "last_confirmed_on": ""},
        "2026-02-10",
        [("unconfirmed", "2020-07-01")],
    ),
    (
        "no condition",
        {"ends_when": "", "last_confirmed_on": ""},
        "2026-02-10",
        [],
    ),
    (
        "a bill with a condition binds nobody",
        {"status": "lapsed", "last_confirmed_on": ""},
        "2026-02-10",
        [],
    ),
]


@pytest.mark.parametrize(
    ("row", "day", "expected"), [case[1:] for case in AGES], ids=[case[0] for case in AGES]
)
def test_the_age_of_a_review(
    row: Mapping[str, str], day: str, expected: list[tuple[str, str]]
) -> None:
    said = [reason for reason in reasons(row, day) if reason[0] == "review"]
    assert said == expected


@pytest.mark.parametrize(
    ("cells", "expected"), [case[1:] for case in PAST], ids=[case[0] for case in PAST]
)
@pytest.mark.parametrize("days", [None, 10_000])
def test_what_was_foreseen_has_come(
    cells: Mapping[str, str], expected: list[tuple[str, str]], days: int | None
) -> None:
    assert reasons(BAN | cells, "2026-02-10", days) == expected


@pytest.mark.parametrize(
    ("cells", "day", "expected"),
    [case[1:] for case in CONDITIONS],
    ids=[case[0] for case in CONDITIONS],
)
def test_a_condition_wants_proof(
    cells: Mapping[str, str], day: str, expected: list[tuple[str, str]]
) -> None:
    assert sorted(reasons(CONDITIONAL | cells, day)) == sorted(expected)


def test_a_condition_wants_no_proof_once_superseded() -> None:
    later = BAN | {"policy_id": "ban-2021", "effective_on": "2021", "supersedes": "until-2020"}
    assert found([CONDITIONAL | {"last_confirmed_on": ""}, later], "2026-02-10") == []


@pytest.mark.parametrize(
    ("row", "days", "day", "expected"),
    [
        (BAN, 10, "2026-01-10", []),
        (BAN, 10, "2026-01-11", [("review", "2026-01-11")]),
        (PAUSE, 400, "2026-12-31", []),
        (PAUSE, 10, "2026-01-11", [("review", "2026-01-11")]),
        (BAN, 0, "2026-01-01", [("review", "2026-01-01")]),
        (BAN, 0, "2025-12-31", []),
        (BAN, 10**9, "9999-12-30", []),
    ],
)
def test_days_replace_both_intervals(
    row: Mapping[str, str], days: int, day: str, expected: list[tuple[str, str]]
) -> None:
    assert reasons(row, day, days) == expected


def test_days_do_not_change_what_counts_as_proof() -> None:
    assert reasons(CONDITIONAL, "2026-03-02", 10_000) == [("unconfirmed", "2026-03-02")]


def test_the_longest_due_comes_first() -> None:
    rows = [BAN, BAN | {"policy_id": "a-2020"}, PAUSE, CONDITIONAL | {"last_confirmed_on": ""}]
    entries = found(rows, "2027-01-01")
    assert [(entry["policy_id"], entry["since"]) for entry in entries] == [
        ("until-2020", "2020-07-01"),
        ("pause-2020", "2026-04-01"),
        ("a-2020", "2027-01-01"),
        ("ban-2020", "2027-01-01"),
    ]


@pytest.mark.parametrize("day", ["2020-01-01", "2026-01-01", "2026-03-15", "2027-01-01", "2031"])
def test_no_reason_lies_after_the_day_asked(day: str) -> None:
    rows = [row | cells for row in (BAN, CONDITIONAL) for _, cells, _ in PAST]
    rows = [row | {"policy_id": f"act-{number}"} for number, row in enumerate(rows)]
    for entry in found(rows, day):
        since = [reason["since"] for reason in entry["reasons"]]
        assert max(since) <= tables.day(day).isoformat()
        assert entry["since"] == min(since)


@pytest.fixture
def record(tmp_path: Path) -> Path:
    """A policies.csv of three rows: a ban, a moratorium, a conditional one."""
    frame = tables.policies([BAN, CONDITIONAL | {"reviewed_on": "2026-02-01"}, PAUSE])
    columns = list(TABLES["policies"].names)
    path = tmp_path / "policies.csv"
    path.write_text(frame[columns].to_csv(index=False, lineterminator="\n"), encoding="utf-8")
    return path


def stale(record: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["stale", "--policies", str(record), *options])


def test_as_text(record: Path) -> None:
    result = stale(record, "--as-of", "2026-04-15")
    assert result.exit_code == 0, result.output
    lines = [line.split("  ") for line in result.stdout.splitlines()]
    said = [[cell.strip() for cell in line if cell.strip()] for line in lines]
    assert said[0] == ["Rows due for review on 15 Apr 2026: 2 of 3"]
    assert said[4:] == [
        [
            "until-2020",
            "Springfield, MA",
            "moratorium, adopted",
            "2026-03-02",
            "ends on a condition and was last shown in force 2025-12-01, over 90 days before;"
            " a later last_confirmed_on clears this",
        ],
        [
            "pause-2020",
            "Springfield, MA",
            "moratorium, adopted",
            "2026-04-01",
            "reviewed 2026-01-01, due every 90 days",
        ],
    ]


def test_as_markdown(record: Path) -> None:
    result = stale(record, "--as-of", "2026-04-15", "-f", "markdown")
    assert result.stdout.splitlines()[5].startswith("| pause-2020")


def test_as_csv_each_line_is_one_reason(record: Path) -> None:
    result = stale(record, "--as-of", "2030-01", "-f", "csv")
    lines = list(csv.DictReader(io.StringIO(result.stdout)))
    assert [(line["policy_id"], line["reason"], line["since"]) for line in lines] == [
        ("until-2020", "unconfirmed", "2026-03-02"),
        ("until-2020", "review", "2026-05-02"),
        ("pause-2020", "review", "2026-04-01"),
        ("pause-2020", "end", "2030-01-01"),
        ("ban-2020", "review", "2027-01-01"),
    ]
    assert {line["as_of"] for line in lines} == {"2030-01-31"}


def test_as_json(record: Path) -> None:
    document = json.loads(stale(record, "--as-of", "2026-04-01", "-f", "json").stdout)
    assert document["as_of"] == "2026-04-01"
    assert document["dataset"]["policies"] == 3
    assert [entry["policy_id"] for entry in document["policies"]] == ["until-2020", "pause-2020"]
    assert document["policies"][1]["since"] == "2026-04-01"
    assert document["policies"][1]["reasons"] == [
        {
            "code": "review",
            "since": "2026-04-01",
            "value": "2026-01-01",
            "limit_days": 90,
            "why": "reviewed 2026-01-01, due every 90 days",
        }
    ]


@pytest.mark.parametrize("format_name", ["table", "markdown"])
def test_nothing_due_is_an_answer(record: Path, format_name: str) -> None:
    result = stale(record, "--as-of", "2026-02-10", "-f", format_name)
    assert (result.exit_code, result.stdout) == (
        0,
        "Rows due for review on 10 Feb 2026: none\n",
    )


def test_a_month_means_its_last_day(record: Path) -> None:
    on = stale(record, "--as-of", "2026-04").stdout
    assert on == stale(record, "--as-of", "2026-04-30").stdout


def test_today_is_the_day_by_default(record: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1775001600")  # 2026-04-01
    assert stale(record).stdout == stale(record, "--as-of", "2026-04-01").stdout


def test_the_file_is_written_whole(record: Path, tmp_path: Path) -> None:
    target = tmp_path / "due.csv"
    options = ("--as-of", "2027", "-f", "csv")
    assert stale(record, *options, "-o", str(target)).stdout == ""
    assert target.read_text(encoding="utf-8") == stale(record, *options).stdout


@pytest.mark.parametrize(
    ("options", "code", "told"),
    [
        (("--days", "-1"), 2, "--days"),
        (("--days", "many"), 2, "--days"),
        (("--as-of", "2026-13"), 2, "2026-13"),
    ],
)
def test_a_wrong_call(record: Path, options: tuple[str, ...], code: int, told: str) -> None:
    result = stale(record, *options)
    assert (result.exit_code, result.stdout) == (code, "")
    assert told in result.stderr


def test_a_missing_record(tmp_path: Path) -> None:
    result = stale(tmp_path / "none.csv")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "no such file" in result.stderr
