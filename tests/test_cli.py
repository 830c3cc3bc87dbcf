"""The commands as people call them: words in, text and exit code out."""

from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

import records
from frtracker.cli import main
from frtracker.cli.query import today
from frtracker.dates import parse, parse_period

HEADER = records.text("policies", [])
ROW = records.text(
    "policies",
    [
        {
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
            "summary": "City police may not use face recognition.",
            "source_url": "https://example.org/act",
            "confidence": "high",
            "reviewed_on": "2026-11-22",
        }
    ],
).removeprefix(HEADER)


def run(*words: str, **environment: str) -> Result:
    return CliRunner(env={"SOURCE_DATE_EPOCH": "1795305600", **environment}).invoke(main, words)


def table_file(folder: Path, text: str = HEADER + ROW) -> str:
    path = folder / "policies.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


def status(*words: str) -> dict[str, dict[str, object]]:
    result = run("status", "-f", "json", *words)
    assert result.exit_code == 0, result.output
    return {entry["subject_key"]: entry for entry in json.loads(result.stdout)["subjects"]}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], date]]:
    """The day that the program takes for today in a time zone."""

    def day_in(zone: str) -> date:
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        return today()

    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    yield day_in
    monkeypatch.undo()
    time.tzset()


def test_today_is_the_day_where_the_command_runs(
    clock: Callable[[str], date], monkeypatch: pytest.MonkeyPatch
) -> None:
    """26 hours lie between the two zones; a fixed time is in UTC everywhere."""
    assert clock("<east>-14") > clock("<west>+12")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795305600")
    assert clock("<east>-14") == clock("<west>+12") == date(2026, 11, 22)


JUNE_2021 = [
    ("vendor-amazon", "moratorium", "general", ["police"], "2020-06-10"),
    ("us-ma", "none", None, [], None),
    ("us-ca-san-francisco", "ban", "general", ["police", "government"], "2019-07-01"),
    ("us-ca-oakland", "ban", "general", ["police", "government"], "2019-09-17"),
    ("us-me-portland", "ban", "general", ["police", "government"], "2020-09-02"),
    ("us-ma-northampton", "ban", "general", ["police", "government"], "[2019-12-20..2020-01-02]"),
    ("vendor-ibm", "withdrawal", "general",
     ["police", "government", "schools", "private"], "2020-06-08"),
    ("vendor-microsoft", "moratorium", "general", ["police"], "2020-06-11"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "measure", "scope", "actors", "since"), JUNE_2021)
def test_the_headlines_of_june_2021(
    key: str, measure: str, scope: str | None, actors: list[str], since: str | None
) -> None:
    entry = status("--as-of", "2021-06")[key]
    told = (entry["measure"], entry["scope"], entry["applies_to"], entry["since"])
    assert told == (measure, scope, actors, since)


def test_massachusetts_in_june_2021_has_a_restriction_to_come() -> None:
    entry = status("--as-of", "2021-06")["us-ma"]
    change = {
        "measure": "restriction",
        "scope": "general",
        "uses": ["any"],
        "certain": True,
        "policy_ids": ["us-ma-2020"],
    }
    assert entry["next_change"] == {
        "on": "2021-07-01",
        "changes": [{"applies_to": ["police"], **change}],
    }
    positions: dict[str, Any] = entry["positions"]  # type: ignore[assignment]
    assert positions["police"]["next_change"] == {"on": "2021-07-01", **change}


def test_portland_or_binds_private_users_later_than_its_own_bodies() -> None:
    entry = status("--as-of", "2021-06")["us-or-portland"]
    since = {actor: p and p["since"] for actor, p in entry["positions"].items()}  # type: ignore[attr-defined]
    assert since == {
        "police": "2020-09-09",
        "government": "2020-09-09",
        "schools": None,
        "private": "2021-01-01",
    }
    assert entry["applies_to"] == ["police", "government", "private"]
    assert entry["since"] is None  # no one day is true of all three


FILTERS = [
    (("--type", "vendor", "--measure", "withdrawal"), {"vendor-ibm"}, {"vendor-amazon", "us-ma"}),
    (("--region", "US-ME"), {"us-me-portland", "vendor-ibm"}, {"us-or-portland"}),
    (("--country", "CA"), {"vendor-clearview-ai", "vendor-ibm"},
     {"us-or-portland", "company-jumbo"}),
    (("--for", "schools"), {"us-ny"}, {"us-ca-oakland"}),
    (("--subject", "portland-or", "--subject", "Facebook"), {"us-or-portland", "vendor-meta"},
     {"us-me-portland"}),
]  # fmt: skip


@pytest.mark.parametrize(("words", "present", "absent"), FILTERS)
def test_filters(words: tuple[str, ...], present: set[str], absent: set[str]) -> None:
    listed = set(status("--as-of", "2021-06", *words))
    assert present <= listed
    assert not absent & listed


def test_all_lists_what_was_recorded_and_holds_no_more() -> None:
    usual, everything = status("--as-of", "2026-06"), status("--as-of", "2026-06", "--all")
    assert set(usual) < set(everything)
    assert everything["us-in-west-lafayette"]["measure"] == "none"
    assert "us-in-west-lafayette" not in usual


def test_the_document_keeps_its_contract() -> None:
    result = run("status", "-f", "json", "--as-of", "2021-06")
    document = json.loads(result.stdout)
    assert {
        "schema_version",
        "as_of",
        "as_of_given",
        "known_at",
        "dataset",
        "subjects",
        "counts",
    } <= (document.keys())
    assert (document["as_of"], document["as_of_given"]) == ("2021-06-30", "2021-06")
    listed = len(document["subjects"])
    counted = sum(
        sum(group["general"].values()) + sum(group["narrow"].values()) + group["none"]
        + group["uncertain"]
        for group in document["counts"].values()
    )  # fmt: skip
    assert counted == listed


def test_csv_has_one_line_per_subject_and_actor() -> None:
    rows = list(
        csv.DictReader(io.StringIO(run("status", "-f", "csv", "--as-of", "2021-06").stdout))
    )
    keys = [(row["subject_key"], row["actor"]) for row in rows]
    assert len(keys) == len(set(keys))
    amazon = next(row for row in rows if row["subject_key"] == "vendor-amazon")
    assert (amazon["measure"], amazon["since"], amazon["certain"]) == (
        "moratorium",
        "2020-06-10",
        "true",
    )


@pytest.mark.parametrize("format_name", ["table", "markdown"])
def test_texts_print_the_day_used_and_cut_nothing(format_name: str) -> None:
    text = run("status", "--as-of", "2022-12", "-f", format_name).stdout
    assert text.startswith("31 Dec 2022 (as of 2022-12)")
    assert "through 31 Dec 2022" in text
    assert "…" not in text
    assert "\x1b" not in text


def test_show_tells_the_whole_history_with_sources() -> None:
    text = run("show", "Portland, ME", "--as-of", "2021").stdout
    council = text.index("us-me-portland-2020-council\n")
    assert text.index("us-me-portland-2020-referendum") < council, "what is in force comes first"
    assert "status on this date: replaced" in text
    assert "https://" in text


@pytest.mark.parametrize("command", ["show", "explain"])
def test_a_retired_id_leads_to_the_row_that_replaced_it(command: str) -> None:
    record = "--policies", str(records.folder("base") / "policies.csv")
    new = run(command, "us-ma-2020", *record, "--as-of", "2021")
    old = run(command, "us-ma-2020-senate", *record, "--as-of", "2021")
    note = "us-ma-2020-senate is us-ma-2020 since 2 Jan 2025"
    assert note in (old.stderr if command == "show" else old.stdout)
    assert "Massachusetts" in old.stdout
    assert old.stdout.replace(f"\nNotes\n- {note}\n", "") == new.stdout


WRONG = [
    (("status", "--as-of", "2021-13"), 2, "there is no month 13"),
    (("status", "--as-of", "last week"), 2, "is not a date"),
    (("status", "--format", "xml"), 2, "xml"),
    (("status", "--country", "XX"), 2, "is not a country"),
    (("status", "--region", "US-MA", "--country", "CA"), 2, "US-MA is not in CA"),
    (("status", "--subject", "Portland"), 1, 'frtracker status "Portland, ME"    (city, us'),
    (
        ("show", "Atlantis"),
        1,
        'needs its state (abroad: LAT,LON):\n  frtracker show "Atlantis, FL"',
    ),
    (("show", "Xyzzy"), 1, "No place or subject is named 'Xyzzy'"),
    (("show", "Bostom"), 1, "Boston, MA"),
    (("status", "--policies", "not-there.csv"), 1, "not-there.csv"),
    (
        ("status", "-o", "no/such/folder/x.txt"),
        1,
        "the folder does not exist. Nothing was changed.",
    ),
    (("nonsense",), 2, "No such command 'nonsense'."),
]


@pytest.mark.parametrize(("words", "code", "said"), WRONG)
def test_a_wrong_call_is_told_in_words(words: tuple[str, ...], code: int, said: str) -> None:
    result = run(*words)
    assert result.exit_code == code
    assert said in result.output
    assert "Traceback" not in result.output


def test_an_empty_answer_is_an_answer() -> None:
    result = run("status", "--as-of", "1990")
    assert result.exit_code == 0
    assert "none listed" in result.stdout


def test_a_table_of_ones_own_stands_alone(tmp_path: Path) -> None:
    result = run("status", "--policies", table_file(tmp_path), "--as-of", "2021")
    assert result.exit_code == 0, result.output
    assert "Springfield, MA" in result.stdout
    assert "sources" in result.stderr  # said: their rules were skipped


def test_bad_data_are_refused_and_the_old_output_stays(tmp_path: Path) -> None:
    broken = table_file(tmp_path, HEADER + ROW.replace(",ban,", ",forbidden,"))
    output = tmp_path / "out.txt"
    output.write_text("old", encoding="utf-8")
    result = run("status", "--policies", broken, "-o", str(output))
    assert result.exit_code == 1
    assert "policies.csv:2 us-ma-springfield-2020 measure" in result.stderr
    assert output.read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")] == []


def test_the_shipped_record_is_valid_and_canonical() -> None:
    checked = run("validate", SOURCE_DATE_EPOCH="")  # reviews are later than the day of other tests
    assert checked.exit_code == 0
    assert checked.stdout.startswith("0 errors, 0 warnings, "), "correct it, or accept it"
    assert run("fmt", "--check").exit_code == 0


def test_known_at_forgets_what_was_decided_later() -> None:
    entry = status("--as-of", "2020-12-05", "--known-at", "2020-12-05", "--all")["us-ma"]
    states = {p["policy_id"]: p["state"] for p in entry["policies"]}  # type: ignore[attr-defined]
    assert states["us-ma-2020-returned"] == "proposed"


def test_the_map_is_written_and_its_path_printed(tmp_path: Path) -> None:
    target = tmp_path / "map.html"
    first = run("map", "--as-of", "2021-06", "-o", str(target))
    assert (first.exit_code, first.stdout) == (0, f"{target}\n")
    page = target.read_bytes()
    run("map", "--as-of", "2021-06", "-o", str(target))
    assert target.read_bytes() == page
    assert page.rstrip().endswith(b"</html>")


@pytest.mark.parametrize(("words", "actor"), [((), "police"), (("--for", "anyone"), "anyone")])
def test_the_map_opens_with_one_label_for_one_actor(words: tuple[str, ...], actor: str) -> None:
    page = run("map", "--as-of", "2021-06", "-o", "-", *words).stdout
    assert f'"opens_for":"{actor}"' in page


def test_every_command_shows_an_example() -> None:
    with click.Context(main) as ctx:
        commands = {name: main.get_command(ctx, name) for name in main.list_commands(ctx)}
    assert len(commands) == 20
    for name, command in commands.items():
        assert command, name
        assert command.name == name
        assert f"frtracker {name}" in (command.help or ""), name


@pytest.mark.parametrize(
    ("region", "said"),
    [("US-ND", "Searches\n- local, 22 Nov 2026: "), ("DE-BY", "Not searched: ")],
)
def test_nothing_found_is_told_from_not_searched(region: str, said: str) -> None:
    assert said in run("status", "--as-of", "2026-11", "--region", region, "--type", "city").stdout


def test_many_searches_are_one_line_unless_all_is_asked_for() -> None:
    words = ("status", "--country", "US", "--as-of", "2021")
    assert "searches on record, the latest on 29 Nov 2026: --long lists them." in run(*words).stdout
    for more in (("--long",), ("-f", "markdown")):
        assert "Searches\n" in run(*words, *more).stdout


def test_searches_are_told_only_where_a_place_is_asked_about() -> None:
    told = json.loads(run("status", "--as-of", "2026-11", "-f", "json").stdout)
    assert told["searches"] is None


@pytest.mark.parametrize("format_name", ["table", "markdown"])
def test_a_rule_that_ended_for_some_is_not_told_as_in_force_for_all(format_name: str) -> None:
    shown = run("show", "New Orleans", "--as-of", "2022-08", "-f", format_name).stdout
    assert "status on this date: in force for other agencies; ended for police 28 Jul 2022" in shown
    explained = run("explain", "New Orleans", "--as-of", "2022-08", "-f", format_name).stdout
    assert "in force: ban for other agencies; ended for police 28 Jul 2022" in explained


def test_rules_besides_the_strictest_are_listed_for_places_too() -> None:
    text = run("status", "--subject", "European Union", "--as-of", "2026").stdout
    assert "also: restriction (live recognition only)" in text
    assert "also: " not in run("status", "--subject", "Alameda", "--as-of", "2021").stdout


def test_own_rules_are_said_to_be_no_more() -> None:
    assert "own rules; `frtracker explain PLACE`" in run("status", "--as-of", "2021-10").stdout
    assert "own rules;" not in run("status", "--subject", "Amazon", "--as-of", "2021-10").stdout
    for words in (("show", "Baltimore, MD"), ("status", "--subject", "Baltimore, MD")):
        text = run(*words, "--as-of", "2022").stdout
        assert "own rules;" not in text
        assert "- Maryland (state): " in text


def test_the_summary_says_whose_rule_it_counts() -> None:
    every, police = (
        run("status", "--as-of", "2021-06", *words).stdout.splitlines()[0]
        for words in ((), ("--for", "police"))
    )
    assert "by the strictest rule for anyone · places and agencies: " in every
    assert "by the strictest rule for police · places and agencies: " in police


KNOWN_AT = [
    ("Massachusetts", "2020-12-05", {"us-ma-2019-s1385", "us-ma-2020-returned"}),
    ("Amazon", "2020-12-31", {"vendor-amazon-2020"}),
    ("New Orleans", "2021-06", {"us-la-new-orleans-2020"}),
]


@pytest.mark.parametrize(("subject", "known_at", "acts"), KNOWN_AT)
def test_show_tells_nothing_that_was_known_later(
    subject: str, known_at: str, acts: set[str]
) -> None:
    words = ("show", subject, "--as-of", known_at, "--known-at", known_at)
    document = json.loads(run(*words, "-f", "json").stdout)
    assert {act["policy_id"] for act in document["policies"]} == acts
    last = parse_period(known_at).high
    for act in document["policies"]:
        days = [cell for name, cell in act.items() if name.endswith("_on") and cell]
        days += [source["published_on"] for source in act["sources"] if source["published_on"]]
        planned = {act["effective_on"], act["expires_on"]}
        assert [day for day in days if parse(day).low > last and day not in planned] == []
    assert f", as known on {last.day} " in run(*words).stdout


def test_what_is_in_force_comes_first_then_the_newest() -> None:
    document = json.loads(run("show", "Massachusetts", "-f", "json", "--as-of", "2025").stdout)
    acts = [(act["policy_id"], act["state"]) for act in document["policies"]]
    assert acts[0] == ("us-ma-2020", "in_force")
    ids = [policy_id for policy_id, _ in acts]
    # introduced "by 21 Jul 2022": not the oldest
    assert ids.index("us-ma-2022-house") < ids.index("us-ma-2020-returned")


# a subject's next change has all of the day, for the actors asked about; so has each position
NEXT = [
    (("Colorado", "2022-06-15"), "2022-08-10: moratorium for schools; restriction for police"),
    (("Colorado", "2022-06-15", "--for", "police"), "2022-08-10: restriction for police"),
    (("Maine", "2021-06-30", "--for", "police"), "2021-10-01: restriction for police"),
    (("Jackson, MS", "2021-06-30"), "2023-01-01 or later: may become restriction for police"),
]


@pytest.mark.parametrize(("asked", "words"), NEXT)
def test_all_that_changes_next_is_told(asked: tuple[str, ...], words: str) -> None:
    subject, as_of, *filters = asked
    options = ("status", "--subject", subject, "--as-of", as_of, *filters)
    assert words in run(*options).stdout
    rows = list(csv.DictReader(io.StringIO(run(*options, "-f", "csv").stdout)))
    assert {row["next_change_on"] for row in rows if row["actor"] == "police"} == {words[:10]}


def test_which_end_comes_first_is_said() -> None:
    text = run("status", "--as-of", "2021-06", "--subject", "New York").stdout
    assert "through 26 Sep 2023, by its own terms until 1 July 2022" in text


def test_the_first_year_is_a_year() -> None:
    assert run("status", "--as-of", "0001").stdout.startswith("31 Dec 1 (as of 0001)")


def test_a_day_in_a_range_is_told_in_one_way() -> None:
    text = run("show", "Northampton, MA", "--as-of", "2020").stdout
    assert "ban, since a day between 20 Dec 2019 and 2 Jan 2020" in text
    assert "in effect from: between 20 Dec 2019 and 2 Jan 2020" in text
    explained = run("explain", "Northampton, MA", "--as-of", "2020").stdout
    assert "since a day between 20 Dec 2019 and 2 Jan 2020" in explained
    assert "2019-12-20" not in explained.split("Sources")[0]
