"""``frtracker new``: one rule, its sources and its subject, asked for or from a file."""

from __future__ import annotations

import csv
import os
import pty
import select
import shutil
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import records
from frtracker.cli import main
from frtracker.files import shipped_folder
from frtracker.record.load import check
from frtracker.record.new import COLUMNS, NewRule, completed, from_toml, problem, proposed_id
from frtracker.vocabulary import MEASURES
from frtracker.wording import did_you_mean
from test_cli import run

BASE = records.folder("base")
DAY = {"SOURCE_DATE_EPOCH": "1795824000"}  # 28 Nov 2026

RULE = """
subject = "Stowe, VT"
measure = "ban"
uses = ["any"]
applies_to = ["government", "police"]
reach = "own"
status = "adopted"
decided_on = 2026-10-05
instrument = "Ordinance 26-10"
summary = "City bodies may not use face recognition."
confidence = "high"

[[sources]]
url = "https://example.org/minutes"
publisher = "Town of Stowe"
title = "Minutes"
published_on = "2026-10-06"
kind = "government"
supports = ["summary", "decided_on"]
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = shutil.copytree(BASE, tmp_path / "record")
    monkeypatch.chdir(made)
    return made


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in folder.glob("*.csv")}


def added(before: dict[str, str], folder: Path) -> dict[str, list[dict[str, str]]]:
    """The rows of each table that were not there; nothing else has changed."""
    found = {}
    for name, text in contents(folder).items():
        lines, old = text.splitlines(), before.get(name, "").splitlines()
        assert [line for line in lines if line in old] == old
        new = [line for line in lines if line not in old or not old]
        if new:
            found[name] = list(csv.DictReader([lines[0], *new]))
    return found


def from_file(text: str) -> Result:
    Path("rule.toml").write_text(text, "utf-8")
    return run("new", "--from", "rule.toml", **DAY)


def test_a_rule_from_a_file_brings_its_source_its_place_and_the_county(folder: Path) -> None:
    before = contents(folder)
    result = from_file(RULE)
    assert (result.exit_code, result.stdout) == (0, "us-vt-stowe-2026\n"), result.stderr
    rows = added(before, folder)
    (rule,) = rows["policies.csv"]
    assert {name: text for name, text in rule.items() if text} == {
        "policy_id": "us-vt-stowe-2026",
        "subject": "Stowe",
        "subject_type": "city",
        "country": "US",
        "region": "US-VT",
        "measure": "ban",
        "uses": "any",
        "applies_to": "police;government",
        "reach": "own",
        "status": "adopted",
        "decided_on": "2026-10-05",
        "instrument": "Ordinance 26-10",
        "summary": "City bodies may not use face recognition.",
        "source_url": "https://example.org/minutes",
        "confidence": "high",
        "reviewed_on": "2026-11-28",
    }
    assert rows["sources.csv"][0]["supports"] == "decided_on;summary"
    assert [(it["subject"], it["within"], it["geoid"]) for it in rows["subjects.csv"]] == [
        ("Stowe", "Lamoille County", ""),
        ("Lamoille County", "", "50015"),
    ]
    assert check([Path("policies.csv")]).findings == ()


def test_a_subject_of_the_record_needs_no_row(folder: Path) -> None:
    before = contents(folder)
    assert from_file(RULE.replace("Stowe, VT", "Oakland, CA")).exit_code == 0
    assert {*added(before, folder)} == {"policies.csv", "sources.csv"}


PLACE = 'subject_type = "city"\ncountry = "GB"\nregion = "GB-ENG"\n'
POINT = "\n[place]\nlatitude = 53.96\nlongitude = -1.08\naliases = ['City of York']\n"


def test_a_place_that_no_table_has_is_described_in_the_file(folder: Path) -> None:
    before = contents(folder)
    result = from_file(PLACE + RULE.replace("Stowe, VT", "York") + POINT)
    assert (result.exit_code, result.stdout) == (0, "gb-eng-york-2026\n"), result.stderr
    (row,) = added(before, folder)["subjects.csv"]
    assert (row["latitude"], row["longitude"], row["aliases"]) == ("53.96", "-1.08", "City of York")


def test_a_record_without_sources_stays_without(folder: Path) -> None:
    """Otherwise each of its older rules would be an error: it has no source."""
    Path("sources.csv").unlink()
    result = from_file(RULE)
    assert result.exit_code == 0
    assert "note: there is no sources.csv in this folder; only source_url is kept" in result.stderr
    assert not Path("sources.csv").exists()
    assert ",https://example.org/minutes," in Path("policies.csv").read_text("utf-8")


def test_a_record_without_places_takes_over_the_shipped_ones(folder: Path) -> None:
    before = contents(folder)
    shipped = {*(shipped_folder() / "subjects.csv").read_text("utf-8").splitlines()}
    text = "".join(f"{line}\n" for line in before["policies.csv"].splitlines()[:1])
    Path("policies.csv").write_text(text, "utf-8")
    for name in ("subjects", "sources", "provisions", "retired_ids"):
        Path(f"{name}.csv").unlink(missing_ok=True)
    assert from_file(RULE).exit_code == 0
    rows = {*Path("subjects.csv").read_text("utf-8").splitlines()}
    assert {row.partition(",")[0] for row in rows - shipped} == {"Stowe", "Lamoille County"}
    assert shipped <= rows


def test_the_example_of_the_contributing_guide_works(folder: Path) -> None:
    page = (Path(__file__).parents[1] / "CONTRIBUTING.md").read_text("utf-8")
    result = from_file(page.partition("```toml\n")[2].partition("```")[0])
    assert (result.exit_code, result.stdout) == (0, "us-vt-eastwick-2026\n"), result.stderr
    assert check([Path("policies.csv")]).findings == ()


WRONG = [
    ('"ban"', '"Ban"', "measure: error: 'Ban' is not one of"),
    ("measure =", "mesure =", ". Did you mean 'measure'?"),
    ("2026-10-05", '"10/5/2026"', "write 2026-10-05 (month first) or 2026-05-10 (day first)"),
    (
        "Stowe, VT",
        "Portland",
        "rule.toml: 'Portland' can mean several places (abroad: LAT,LON): Portland, OR",
    ),
    ("Stowe, VT", "44.46,-72.68", "a subject has a name: write it as 'Eastwick, VT'"),
    ("Stowe, VT", "Eastwick, VT", "Eastwick, VT"),
    ('reach = "own"\n', "", "a city rule needs reach: own, below or all [R031]"),
    ('reach = "own"', 'reach = ["own", true]', "reach: write text, a number, a date, or a list"),
    ("[[sources]]", "[sources]", "sources: write each as a table, [[sources]]"),
    ("[[sources]]", "place = 1\n[[sources]]", "place: write it as a table, [place]"),
    ("measure =", "measure", "rule.toml: not a TOML file"),
    ("[[sources]]", "[place]\nlatitude = 91\n[[sources]]", "latitude: error: '91' is not a number"),
    ('"https://example.org/minutes"', '"minutes"', "is not a whole web address"),
]


@pytest.mark.parametrize(("old", "new", "message"), WRONG)
def test_a_rule_that_is_wrong_changes_no_file(
    old: str, new: str, message: str, folder: Path
) -> None:
    before = contents(folder)
    assert old in RULE
    result = from_file(RULE.replace(old, new))
    assert (result.exit_code, result.stdout) == (1, "")
    assert message in result.stderr
    assert contents(folder) == before


def test_nothing_is_added_to_a_record_with_errors(folder: Path) -> None:
    text = Path("policies.csv").read_text("utf-8").replace(",ban,", ",Ban,")
    Path("policies.csv").write_text(text, "utf-8", newline="")
    before = contents(folder)
    assert from_file(RULE).exit_code == 1
    assert contents(folder) == before


def test_a_folder_without_policies_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("new")
    assert result.exit_code == 2
    assert "no policies.csv in this folder: run `frtracker new` in the folder of" in result.stderr


def test_all_files_are_written_or_none(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = contents(folder)
    from frtracker.cli import new

    write = new.write_whole

    def full(path: Path, text: str) -> None:
        if path.name == "subjects.csv" and "Stowe" in text:
            raise OSError(28, "No space left on device")
        write(path, text)

    monkeypatch.setattr(new, "write_whole", full)
    assert from_file(RULE).exit_code == 1
    assert contents(folder) == before


@pytest.mark.parametrize(
    ("cells", "taken", "right"),
    [
        ({"decided_on": "2021-06"}, (), "us-vt-stowe-2021"),
        ({"introduced_on": "2019", "effective_on": "[2021..2022]"}, (), "us-vt-stowe-2022"),
        ({}, (), "us-vt-stowe"),
        ({"decided_on": "2021"}, ("us-vt-stowe-2021",), "us-vt-stowe-2021-police-schools"),
        (
            {"decided_on": "2021"},
            ("us-vt-stowe-2021", "us-vt-stowe-2021-police-schools"),
            "us-vt-stowe-2021-police-schools-2",
        ),
    ],
)
def test_an_id_is_made_as_those_of_the_record(
    cells: dict[str, str], taken: tuple[str, ...], right: str
) -> None:
    place = {"country": "US", "region": "US-VT", "subject_type": "city", "subject": "Stowe"}
    assert proposed_id({**place, "applies_to": "police;schools", **cells}, taken) == right


def test_what_is_given_is_not_completed() -> None:
    given = {"policy_id": "a", "reviewed_on": "2020-01-01", "source_url": "https://example.org/b"}
    rule = NewRule(dict(given), [], [{"url": "https://example.org/a"}])
    assert completed(rule, (), date(2026, 11, 28)).policy == given


def test_an_answer_is_judged_by_the_checks_of_its_column() -> None:
    assert problem(COLUMNS["summary"], "") == "empty: every row needs it"
    assert problem(COLUMNS["notes"], "") == ""
    assert problem(COLUMNS["policy_id"], "us-vt-stowe-2021") == ""
    wrong = "'91' is not a number from -90 to 90 (37.77). Is it the longitude?"
    assert problem(COLUMNS["latitude"], "91") == wrong
    assert did_you_mean("91", ["45"]) == ""


# --- asked for

IN_ORDER = [
    *("Stow, VT", "n", "Stowe, VT", "", "5001570000", "", "", ""),
    *("?", "Ban", "moratorium", "", "police; goverment", "police;government", "own", "adopted"),
    *("", "", "6/30/2026", "2026-06-30", "", "", ""),
    *("Ordinance 26-10", "City bodies may not use face recognition.", "", "", ""),
    *("https://example.org/minutes", "Town of Stowe", "Minutes", "2026-07", "government", ""),
    *("n", ""),
    *("2027-06-30",),  # a moratorium needs an end: it is asked for again
    "y",
]


def typed(*answers: str) -> Result:
    text = "".join(f"{answer}\n" for answer in answers)
    return CliRunner().invoke(main, ["new"], input=text, env=DAY)


def test_one_act_is_asked_for_and_each_wrong_answer_again(folder: Path) -> None:
    before = contents(folder)
    result = typed(*IN_ORDER)
    assert (result.exit_code, result.stdout) == (0, "us-vt-stowe-2026\n"), result.stderr
    for message in (
        "Stowe (city, US-VT): not in subjects.csv yet",
        f"moratorium: {MEASURES['moratorium'].definition}",
        "'Ban' is not one of: ban, moratorium",
        "'goverment' is not one of: police, government, schools, private. Did you mean 'gov",
        "'6/30/2026': write 2026-06-30; a spreadsheet",
        "a moratorium needs expires_on or ends_when; without an end it is a ban [R025]",
        "Add rows (1 to policies.csv, 1 to sources.csv, 2 to subjects.csv)? [Y/n]",
    ):
        assert message in result.stderr
    (rule,) = added(before, folder)["policies.csv"]
    assert (rule["measure"], rule["expires_on"], rule["uses"]) == (
        "moratorium",
        "2027-06-30",
        "any",
    )
    assert (rule["applies_to"], rule["confidence"]) == ("police;government", "high")
    (source,) = added(before, folder)["sources.csv"]
    assert source["supports"] == "decided_on;summary"


@pytest.mark.parametrize("until", [1, 12, len(IN_ORDER) - 1])
def test_an_act_that_is_not_confirmed_changes_no_file(until: int, folder: Path) -> None:
    before = contents(folder)
    result = typed(*IN_ORDER[:until])
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.endswith("Aborted!\n")
    assert contents(folder) == before


def test_answers_that_cannot_be_asked_for_again_are_given_back_as_a_file(folder: Path) -> None:
    answers = list(IN_ORDER)
    answers[answers.index("2026-07")] = "2027"  # after the review
    answers = answers[: answers.index("n", 5) + 2]
    result = typed(*answers)
    assert result.exit_code == 1
    assert "R086" in result.stderr
    text = result.stderr.partition("--from:")[2].partition("policies.csv:")[0]
    text = text.partition("sources.csv:")[0].partition("Error:")[0].replace("\\n", "\n")
    rule, place = from_toml(text)
    assert rule.policy["subject"] == "Stowe"
    assert rule.sources[0]["published_on"] == "2027"
    assert place["within"] == "Lamoille County"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
def test_it_asks_in_a_terminal(folder: Path) -> None:
    """Each answer is typed when its question is on the screen."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "frtracker", "new"]
    environment = {**os.environ, **DAY, "TERM": "xterm", "PYTHONUTF8": "1"}
    before = contents(folder)
    with subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, close_fds=True
    ) as process:
        os.close(theirs)
        screen, waiting, ends = "", list(IN_ORDER), time.monotonic() + 90
        while time.monotonic() < ends:
            if select.select([ours], [], [], 0.3)[0]:
                try:
                    screen += os.read(ours, 65536).decode("utf-8", "replace")
                except OSError:  # the program has ended
                    break
            elif screen.rstrip(" ").endswith(":") and waiting:
                os.write(ours, f"{waiting.pop(0)}\n".encode())
                screen += "\n"
        os.close(ours)
        assert process.wait(timeout=30) == 0, screen
    assert waiting == []
    assert "us-vt-stowe-2026" in screen
    assert {*added(before, folder)} == {"policies.csv", "sources.csv", "subjects.csv"}
