"""Whom and what a question is about: the same words mean the same in every command."""

from __future__ import annotations

import csv
import io
import json
from functools import cache
from pathlib import Path

import pytest

from test_cli import run


def document(*words: str) -> dict:
    result = run(*words, "-f", "json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@cache
def listed(*words: str) -> list[str]:
    """The keys that a command lists, in its order."""
    found = document(*words)
    rows = found.get("subjects", found.get("events", found.get("results")))
    return [row["subject_key"] for row in rows]


SAME = [
    (("--country", "United States"), ("--country", "US")),
    (("--country", "usa"), ("--country", "US")),
    (("--country", "germany"), ("--country", "DE")),
    (("--region", "Louisiana"), ("--region", "US-LA")),
    (("--region", "la"), ("--region", "US-LA")),
    (("--region", "ontario"), ("--region", "CA-ON")),
    (("--country", "canada", "--region", "ON"), ("--region", "CA-ON")),
    (("--country", "FR,Italy"), ("--country", "FR", "--country", "IT")),
    (("--region", "ME, OR"), ("--region", "US-ME", "--region", "US-OR")),
    (("--country", "US", "--region", "ME", "--region", "OR"), ("--region", "ME,OR")),
    (("--for", "Police", "--type", "CITY"), ("--for", "police", "--type", "city")),
    (("--measure", "Ban"), ("--measure", "ban")),
]


@pytest.mark.parametrize(("words", "plain"), SAME)
def test_names_and_capitals_mean_the_code(words: tuple[str, ...], plain: tuple[str, ...]) -> None:
    assert listed("status", "--as-of", "2024", *words) == listed(
        "status", "--as-of", "2024", *plain
    )


COMMANDS = [
    ("status", "--as-of", "2021-06"),
    ("changes", "--since", "2020", "--until", "2021"),
    ("upcoming", "--as-of", "2020"),
    ("search", "face"),
]
ONLY = [
    (("--for", "schools"), {"us-ny"}, {"us-or-portland"}),
    (("--country", "US", "--type", "state"), {"us-ny"}, {"us-ma-boston", "vendor-amazon"}),
    (("--region", "Maine", "--region", "OR", "--type", "city"),
     {"us-me-portland", "us-or-portland"}, {"us-ma-boston"}),
    (("--subject", "Facebook", "--subject", "NYPD"), set(), {"vendor-amazon"}),
    (("--measure", "oversight"), set(), {"vendor-amazon"}),
]  # fmt: skip


@pytest.mark.parametrize(("words", "present", "absent"), ONLY)
@pytest.mark.parametrize("command", COMMANDS, ids=lambda words: words[0])
def test_every_command_that_lists_has_the_same_filters(
    command: tuple[str, ...], words: tuple[str, ...], present: set[str], absent: set[str]
) -> None:
    found, everything = set(listed(*command, *words)), set(listed(*command))
    assert not found & absent
    assert present & everything <= found


@pytest.mark.parametrize("command", COMMANDS[:3], ids=lambda words: words[0])
def test_subjects_are_arguments_or_options(command: tuple[str, ...]) -> None:
    given = listed(*command, "Portland, ME", "Amazon")
    assert given == listed(*command, "--subject", "Portland, ME", "--subject", "Amazon")
    assert {"vendor-amazon"} <= {*given}


def test_several_places_list_what_each_lists() -> None:
    france, italy = (
        set(listed("status", "--country", it, "--type", "city")) for it in ("FR", "IT")
    )
    assert set(listed("status", "--country", "FR,IT", "--type", "city")) == france | italy
    both = document("status", "--country", "FR,DE", "--as-of", "2026-12")
    assert [it["subject_key"] for it in both["subjects"]].count("european-union") == 1
    assert both["filters"]["markets"] == ["FR", "DE"]


def test_where_was_searched_is_said_of_each_place() -> None:
    text = run("status", "--region", "ND", "--region", "DE-BY", "--type", "city").stdout
    assert "- local (North Dakota), " in text
    assert "- DE-BY (Germany): not searched" in text


def test_vendors_have_one_market_at_a_time() -> None:
    result = run("status", "--country", "US,CA", "--as-of", "2024")
    assert "note: vendors and companies are listed for one --country" in result.stderr
    types = {it["subject_type"] for it in document("status", "--country", "US,CA")["subjects"]}
    assert types.isdisjoint({"vendor", "company"})
    for words in (["status", "--type", "vendor"], ["status", "Amazon"], ["timeline", "Amazon"]):
        refused = run(*words, "--country", "US,CA")
        assert (refused.exit_code, refused.stdout) == (2, "")
        assert "use one --country or --region at a time" in refused.stderr


def test_nothing_of_other_markets_is_shown_in_one() -> None:
    def territories(*words: str) -> set[str]:
        found = document("status", "Clearview AI", "--as-of", "2024", *words)
        (entry,) = found["subjects"]
        positions = [p for p in entry["positions"].values() if p]
        rules = [rule for p in positions for rule in (p, *p["also"])]
        return {code for rule in rules for code in rule["territory"] or ()}

    assert {"US-IL", "CA", "AU"} <= territories()
    assert territories("--country", "US") == {"US", "US-IL"}
    assert territories("--region", "California") == {"US"}


def test_filters_reach_calendars() -> None:
    words = ("changes", "--since", "2020", "--until", "2021", "--for", "schools", "--country", "US")
    calendar = run(*words, "-f", "ics").stdout
    assert "Portland, OR" not in calendar
    assert "New York" in calendar


def test_countries_in_which_rules_of_one_union_differ_are_asked_about_one_at_a_time() -> None:
    result = run("status", "--country", "FR,NL,DK")  # Denmark has an opt-out
    assert (result.exit_code, result.stdout) == (2, "")
    assert (
        "Error: The rules of the European Union differ between France, the Netherlands and Denmark:"
        " ask about one at a time.\n"
    ) in result.stderr


CONTRADICTORY = [
    (("--country", "CA", "--region", "US-IL"), "US-IL is not in CA."),
    (
        ("--country", "US,CA", "--region", "IL"),
        "No region of CA is given: ask about it separately.",
    ),
]


@pytest.mark.parametrize(("words", "said"), CONTRADICTORY)
def test_a_region_outside_the_country_is_refused(words: tuple[str, ...], said: str) -> None:
    result = run("status", *words)
    assert result.exit_code == 2
    assert said in result.stderr


TODAY = [("today", "2026-11-22"), ("Yesterday", "2026-11-21"), ("tomorrow", "2026-11-23")]


@pytest.mark.parametrize(("word", "day"), TODAY)
def test_a_day_may_be_told_from_today(word: str, day: str) -> None:
    found = document("status", "--as-of", word)
    assert (found["as_of"], found["as_of_given"]) == (day, day)


def test_a_length_of_time_may_be_written_out() -> None:
    assert document("upcoming", "--within", "12 months") == document("upcoming", "--within", "12m")


NO_COMMAND = [
    (("Portland, ME",), 'No such command \'Portland, ME\'. Use: frtracker explain "Portland, ME"'),
    (("New", "Orleans", "--as-of", "2021"), 'Use: frtracker explain "New Orleans"'),
    (("Facebook",), "Use: frtracker show Facebook"),
    (("us-ma-boston-2020",), "Use: frtracker show us-ma-boston-2020"),
    (("Portland",), "To look up a place: frtracker explain Portland"),
    (("stats",), "Error: No such command 'stats'. Did you mean 'status'?"),
    (("Oman",), "Use: frtracker explain Oman"),  # and not "man"
    (("xyzzyx",), "No such command 'xyzzyx'. frtracker --help lists them."),
]  # fmt: skip


@pytest.mark.parametrize(("words", "said"), NO_COMMAND)
def test_what_is_no_command_leads_to_one(words: tuple[str, ...], said: str) -> None:
    result = run(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert said in line


@pytest.mark.parametrize(
    "words",
    [
        ("status", "Boston"),
        ("show", "Boston"),
        ("changes", "Boston", "--until", "2027"),
        ("upcoming", "--as-of", "2021"),
    ],
)
def test_quiet_prints_no_notes(words: tuple[str, ...]) -> None:
    loud, quiet = run(*words), run(*words, "-q")
    assert loud.stderr.startswith("note: ")
    assert (quiet.stdout, quiet.stderr) == (loud.stdout, "")


def test_an_older_name_of_an_option_is_understood_and_not_shown() -> None:
    words = ("panel", "--freq", "year", "--country", "United States")
    new = run(*words, "--since", "2020", "--until", "2021")
    old = run(*words, "--from", "2020", "--to", "2021")
    assert new.exit_code == 0, new.output
    assert new.stdout == old.stdout
    text = run("panel", "--help").stdout
    assert "--since" in text
    assert "--from" not in text


def test_the_version_has_a_short_name() -> None:
    assert run("-V").stdout == run("--version").stdout


# --- show ID


def test_an_act_is_shown_by_its_id() -> None:
    found = document("show", "us-ma-boston-2020")
    assert [act["policy_id"] for act in found["policies"]] == ["us-ma-boston-2020"]
    assert (found["subject_key"], found["policy_id"]) == ("us-ma-boston", "us-ma-boston-2020")
    whole = document("show", "us-ma-boston")
    assert (whole["policy_id"], whole["others"]) == (None, 0)
    assert found["others"] == len(whole["policies"]) - 1 > 0
    assert found["policies"][0] in whole["policies"]
    lines = run("show", "us-ma-boston-2020").stdout.splitlines()
    assert lines[0].startswith("Boston (city, ")
    assert "frtracker show us-ma-boston" in lines[1]
    assert run("show", "us-ma-boston-2020", "-f", "csv").stdout.count("\n") == 2


# --- timeline


def series(*words: str) -> list[dict[str, str]]:
    result = run("timeline", *words, "-f", "csv")
    assert result.exit_code == 0, result.output
    return list(csv.DictReader(io.StringIO(result.stdout)))


BANS = (
    "--kind",
    "counts",
    "--type",
    "city",
    "--country",
    "US",
    "--for",
    "police",
    "--measure",
    "ban",
)


def test_the_numbers_of_a_count() -> None:
    rows = series(*BANS, "--until", "2021-06")
    assert list(rows[0]) == ["day", "certain", "uncertain", "ban", "ban_narrow"]
    assert rows[0]["day"] == "2019-01-01"
    last = document("status", *BANS[2:], "--as-of", "2021-06")["subjects"]
    certain = [it for it in last if it["certain"] and it["measure"] == "ban"]
    assert int(rows[-1]["certain"]) == len(certain)
    assert int(rows[-1]["uncertain"]) == len(last) - len(certain)
    assert all(int(it["ban"]) + int(it["ban_narrow"]) == int(it["certain"]) for it in rows)


def test_a_rule_of_another_measure_hides_none_that_was_asked_about() -> None:
    """By its headline Massachusetts' capital would count for its ban alone."""
    oversight = series("Boston", "--measure", "oversight", "--for", "police")
    assert {row["measure"] for row in oversight} == {"oversight"}


def test_the_spells_of_a_figure() -> None:
    rows = series("Virginia", "--until", "2026-06")
    found = [(it["actor"], it["measure"], it["valid_from"], it["valid_to"]) for it in rows]
    assert found[:2] == [
        ("police", "ban", "2021-07-01", "2022-07-01"),
        ("police", "restriction", "2022-07-01", "2026-07-01"),
    ]


def test_the_title_says_what_is_counted(tmp_path: Path) -> None:
    page = tmp_path / "bans.html"
    assert run("timeline", *BANS, "--until", "2021", "-o", str(page)).exit_code == 0
    text = page.read_text(encoding="utf-8")
    title = "US cities with a ban on face recognition for police, 2019 to 2021"
    assert f"<title>{title}</title>" in text


def test_in_a_terminal_a_figure_goes_into_a_new_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    piped = run("timeline", "Virginia")
    assert piped.stdout.startswith("<?xml")
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr("frtracker.cli.pictures._is_terminal", lambda: True)
    first, second = (run("timeline", "Virginia").stdout for _ in range(2))
    assert (first, second) == ("frtracker-timeline.svg\n", "frtracker-timeline-2.svg\n")
    for name in (first, second):
        assert (tmp_path / name.strip()).read_text(encoding="utf-8") == piped.stdout
    assert run("timeline", "Virginia", "-o", "-").stdout == piped.stdout
