"""What if a proposal were in force, or a rule ended: the answers, and that each says so."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

import records
from frtracker.record.load import read
from frtracker.record.suppose import FORM, suppose, supposition
from frtracker.record.tables import Tables
from frtracker.timeline import build
from frtracker.vocabulary import BINDING_STATUSES
from tables import record as made
from test_cli import run
from test_search import USUAL

RULES = (
    {
        "policy_id": "us-ma-boston-2020",
        **{"subject": "Boston", "effective_on": "2020-02-24", "expires_on": "2023-01-01"},
        "measure": "moratorium",
    },
    {"policy_id": "us-ma-boston-2022", "subject": "Boston", "measure": "restriction"}
    | {"status": "proposed", "decided_on": "", "introduced_on": "2022-03-01"},
    {"policy_id": "us-ma-springfield-2020", "subject": "Springfield", "status": "failed"},
    {"policy_id": "us-ma-lynn-2019", "subject": "Lynn"},
    {"policy_id": "us-ma-lynn-2021", "subject": "Lynn", "supersedes": "us-ma-lynn-2019"}
    | {"decided_on": "2021-03-01"},
    {"policy_id": "us-ma-lynn-2022", "subject": "Lynn", "status": "proposed"}
    | {"decided_on": "", "introduced_on": "2022-03-01"},
    {"policy_id": "us-ma-worcester-2021", "subject": "Worcester", "applies_to": "schools"},
)


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> str:
    usual = USUAL | {"summary": "The police may not use it."}
    folder = tmp_path_factory.mktemp("record")
    return str(records.write(folder, "policies", (usual | it for it in RULES)))


def position(record: str, place: str, day: str, *suppositions: str) -> str:
    words = ["status", place, "--for", "police", "--as-of", day, "--policies", record, "-q"]
    words += [word for it in suppositions for word in ("--suppose", it)]
    result = run(*words, "-f", "json")
    assert result.exit_code == 0, result.output
    (entry,) = (it for it in json.loads(result.stdout)["subjects"] if it["relation"] == "own")
    found = entry["positions"]["police"]
    return f"{found['measure']}{'' if found['certain'] else '?'}" if found else "null"


BOSTON, SPRINGFIELD = "Boston, MA", "Springfield, MA"
BILL, OLD, FAILED = "us-ma-boston-2022", "us-ma-boston-2020", "us-ma-springfield-2020"
ANSWERS = [
    (BOSTON, "2022-06-01", (), "moratorium"),
    (BOSTON, "2024-06-01", (), "none"),
    (BOSTON, "2024-06-01", (f"{BILL}=2024-01-01",), "restriction"),
    (BOSTON, "2023-12-31", (f"{BILL}=2024-01-01",), "none"),
    (BOSTON, "2022-06-01", (f"{BILL}=2022-05-01",), "moratorium"),  # the stricter of the two
    (BOSTON, "2022-06-01", (f"{BILL}=2022-05-01:replaces={OLD}",), "restriction"),
    (BOSTON, "2022-04-30", (f"{BILL}=2022-05-01:replaces={OLD}",), "moratorium"),
    (BOSTON, "2024-06-01", (f"{BILL}=2024",), "restriction?"),  # a day of that year
    (BOSTON, "2025-01-01", (f"{BILL}=2024",), "restriction"),
    (BOSTON, "2021-06-01", (f"{OLD}:ends=2021-06-01",), "none"),
    (BOSTON, "2021-05-31", (f"{OLD}:ends=2021-06-01",), "moratorium"),
    (BOSTON, "2024-06-01", (f"{OLD}:ends=2025-01-01",), "moratorium"),
    (BOSTON, "2024-06-01", (f"{BILL}=2023-01-01", f"{BILL}:ends=2024-01-01"), "none"),
    (SPRINGFIELD, "2021-01-01", (), "none"),
    (SPRINGFIELD, "2021-01-01", (f"{FAILED}=2020-12-01",), "ban"),
]


@pytest.mark.parametrize(("place", "day", "suppositions", "expected"), ANSWERS)
def test_what_would_be(
    place: str, day: str, suppositions: tuple[str, ...], expected: str, record: str
) -> None:
    assert position(record, place, day, *suppositions) == expected


WRONG = [
    ("us-ma-boston-2022", f"'us-ma-boston-2022' is not {FORM}: us-ma-2025-s1053=2027-07-01."),
    (f"{BILL}=soon", "'soon' is not a date"),
    (f"{BILL}=2024-02-30", "'2024-02-30' is not a"),
    ("us-ma-boston-2023=2024", "There is no rule us-ma-boston-2023. Did you mean 'us-ma-boston-"),
    (f"{BILL}=2024:replaces=us-ma-2", "There is no rule us-ma-2"),
    (f"{BILL}=2024:replaces={BILL}", "us-ma-boston-2022 replaces itself."),
    (f"{BILL}=2024:replaces={FAILED}", "us-ma-boston-2022 is of Boston, us-ma-springfield-2020 is"),
    (f"{OLD}=2021:replaces={BILL}", "replaces us-ma-boston-2022, which was never in force."),
    (f"{OLD}:ends=2019", "us-ma-boston-2020 would end (2019) before it begins."),
    (f"{OLD}=2023-06-01", "us-ma-boston-2020 would end (2023-01-01) before it begins."),
    (f"{BILL}:ends=2024", "us-ma-boston-2022 is not in force: suppose a start too."),
    (f"{BILL}=[..2024]", "has no first day: suppose a day, month or year."),
    ("us-ma-lynn-2019:ends=2024", "would not be in force then: us-ma-lynn-2021 replaces it."),
    ("us-ma-lynn-2019=2022", "would not be in force then: us-ma-lynn-2021 replaces it."),
    ("us-ma-lynn-2022=2024:replaces=us-ma-lynn-2019", "us-ma-lynn-2019 would not be in force then"),
    (f"{BILL}=2024 {BILL}=2025", "us-ma-boston-2022 is supposed twice."),
    (
        "us-ma-lynn-2022=2024:replaces=us-ma-lynn-2021"
        " us-ma-lynn-2021=2025:replaces=us-ma-lynn-2022",
        "us-ma-lynn-2021 would not be in force then: us-ma-lynn-2022 replaces it.",
    ),
]


@pytest.mark.parametrize(("text", "message"), WRONG)
def test_what_cannot_be_supposed(text: str, message: str, record: str) -> None:
    supposed = (word for it in text.split() for word in ("--suppose", it))
    result = run("status", "--policies", record, *supposed)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""


def test_nothing_is_supposed_of_what_was_known(record: str) -> None:
    words = ("--suppose", f"{BILL}=2024", "--known-at", "2023")
    result = run("status", "--policies", record, *words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--suppose and --known-at exclude each other." in result.stderr


SAID = "Boston, MA: restriction for police in force from 1 Jan 2024 (us-ma-boston-2022)"
OUTPUTS = [
    ("status", "table"),
    ("status", "markdown"),
    ("status", "csv"),
    ("status", "json"),
    ("explain", "table"),
    ("explain", "markdown"),
    ("explain", "json"),
    ("timeline", "html"),
    ("timeline", "csv"),
    ("map", "html"),
    ("map", "svg"),
]


@pytest.mark.parametrize(("command", "form"), OUTPUTS)
def test_every_output_says_that_it_supposes(command: str, form: str, record: str) -> None:
    words = [command, *([BOSTON] if command != "map" else []), "-f", form, "-o", "-", "-q"]
    words += ["--policies", record]
    plain = run(*words).stdout
    said = run(*words, "--suppose", f"{BILL}=2024-01-01").stdout
    assert SAID in said.replace("\\", "")
    shown = re.sub(r"<(script|style)\b.*?</\1>", "", plain, flags=re.DOTALL)
    assert "supposed" not in shown.lower()
    assert ("What if: " in said) is (form in ("html", "svg"))
    if form == "csv":
        assert {SAID in row["supposed"] for row in csv.DictReader(io.StringIO(said))} == {True}
    if command in ("status", "explain") and form == "json":
        document = json.loads(said)
        assert document["supposed"] == [SAID]
        assert document["cite_as"].endswith(f", supposing {SAID}.")


def test_every_sheet_of_a_workbook_says_it(record: str, tmp_path: Path) -> None:
    path = tmp_path / "status.xlsx"
    words = ("--people", "--policies", record, "-o", str(path), "-q")
    assert run("status", *words, "--suppose", f"{BILL}=2024-01-01").exit_code == 0
    first, *others = openpyxl.load_workbook(path)
    assert SAID in [cell.value for cell in first["B"]]
    assert [sheet.title for sheet in others] == ["status", "people"]
    for sheet in others:
        header, *rows = sheet.iter_rows(values_only=True)
        assert {row[header.index("supposed")] for row in rows} == {SAID}


@pytest.mark.parametrize("command", ["timeline", "map"])
def test_a_picture_says_so_too(command: str, record: str, tmp_path: Path) -> None:
    path = tmp_path / "picture.svg"
    words = (command, "--policies", record, "-o", str(path), "-q")
    assert run(*words).exit_code == 0
    plain = path.read_text("utf-8")
    assert run(*words, "--suppose", f"{BILL}=2024-01-01").exit_code == 0
    assert len(path.read_text("utf-8")) > len(plain) + 5_000  # letters are drawn as shapes


def test_supposing_nothing_is_the_record() -> None:
    tables = made([{"policy_id": "act"}])
    assert suppose(tables, ()) is tables


# --- there and back


def turned_back(tables: Tables) -> tuple[Tables, list[str]]:
    """Every rule that ever was in force as a proposal, and what to suppose of it to have it back.
    (One that another put off before it began cannot be supposed to be.)"""
    rows: list[dict[str, Any]] = []
    held = set(build(tables.policies).periods["policy_id"])
    texts = []
    for row in tables.policies.to_dict("records"):
        if row["status"] in BINDING_STATUSES:
            start = row["effective_on"] or row["decided_on"]
            replaced = row["supersedes"].replace(";", ",")
            if start and (row["policy_id"] in held or row["measure"] == "none"):
                texts.append(
                    f"{row['policy_id']}={start}{f':replaces={replaced}' * bool(replaced)}"
                )
                row |= {"status": "proposed", "supersedes": "", "effective_on": ""}
                row |= {"effective_on_low": 0, "effective_on_high": 0}
        rows.append({str(name): cell for name, cell in row.items()})
    frame = pd.DataFrame(rows, columns=tables.policies.columns).astype(tables.policies.dtypes)
    return replace(tables, policies=frame), texts


def test_every_rule_as_a_proposal_and_supposed_is_the_record_again() -> None:
    tables = read()
    proposals, texts = turned_back(tables)
    assert len(texts) > 300
    left = proposals.policies[proposals.policies["status"].isin(BINDING_STATUSES)]
    assert len(left) < 10
    again = suppose(proposals, [supposition(it) for it in texts])
    same = ["subject_key", "actor", "valid_from", "valid_to", "measure", "scope", "certain"]
    same += ["at_least_measure", "at_least_scope", "policy_ids", "since_low", "since_high"]
    before, after = build(tables.policies).positions, build(again.policies).positions
    pd.testing.assert_frame_equal(before[same], after[same])


def test_an_end_of_its_own_is_said_too(record: str) -> None:
    words = ("status", BOSTON, "--policies", record, "--suppose", f"{OLD}:ends=2025-01-01")
    assert run(*words).stdout.startswith(
        "Supposed, not law: Boston, MA: moratorium for police no longer in force from 1 Jan 2025"
        " instead of 1 Jan 2023 (us-ma-boston-2020)."
    )
