"""Feeds of what the editions of a record brought, and calendars after one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from icalendar import Calendar

import followed
import records
from frtracker.cli import main
from frtracker.export.feed import event_urn
from frtracker.record.columns import TABLES
from frtracker.record.editions import edition_files
from release import release

Rows = list[records.Row]
UNION, OAKLAND, PORT = "union-2024", "us-ca-oakland-2019", "us-ca-oakland-port-2020"
VENDOR, BILL = "vendor-example-2020", "us-ma-2020"
DATES = ("--since", "2026-11", "--until", "2026-11-30")


def row(rows: Rows, policy_id: str) -> records.Row:
    return next(it for it in rows if it["policy_id"] == policy_id)


def before(rows: Rows) -> Rows:
    """The vendor's act and the bill were not on record, nor that the union's act will end; the
    port's act was dated wrongly; Oakland's first act had an end in 2027."""
    row(rows, UNION)["expires_on"] = ""
    row(rows, PORT)["decided_on"] = "2020-02-10"
    row(rows, OAKLAND)["expires_on"] = "2027-03-01"
    return [it for it in rows if it["policy_id"] not in (VENDOR, BILL)]


@pytest.fixture(scope="module")
def policies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record whose second edition is of 22 Nov 2026."""
    folders = [tmp_path_factory.mktemp(name) for name in ("first", "second")]
    for folder in folders:
        for table in TABLES:
            content = records.rows("base", table) if table != "retired_ids" else []
            if table == "policies":
                row(content, UNION)["expires_on"] = "2027-06-01"
                content = before(content) if folder is folders[0] else content
            records.write(folder, table, content)
    first, second = (folder / "policies.csv" for folder in folders)
    return release(second, edition_files(str(first)))


def printed(policies: Path, *words: str) -> str:
    result = CliRunner().invoke(main, [*words, "--policies", str(policies), "--quiet"])
    assert result.exit_code == 0, result.stderr
    return result.stdout


def read(policies: Path, *words: str) -> Any:
    return followed.feed(printed(policies, *words, "-f", "atom").encode())


def titles(feed: Any) -> list[str]:
    return [entry.title for entry in feed.entries]


END = "Example Union: restriction for private users expires (last day 31 May 2027)"
BEGAN = "Example: moratorium for police in the United States began on 10 Jun 2020"
LAW = [END, BEGAN]
BILLS = [
    END,
    "Massachusetts, bill: moratorium for police failed on 10 Dec 2020",
    BEGAN,
    "Massachusetts, bill: moratorium for police introduced in Jan 2019",
]
CORRECTIONS = [
    "Withdrawn: Oakland, CA: ban for other agencies expires (last day 28 Feb 2027)",
    "Corrected: Port of Oakland, CA: ban for police began on 11 Feb 2020",
]
CASES = [
    ("an edition of these dates", (*DATES,), LAW),
    ("bills if asked for", (*DATES, "--bills"), BILLS),
    ("corrections apart", (*DATES, "--corrections"), CORRECTIONS),
    ("of one subject", (*DATES, "--corrections", "Oakland, CA"), CORRECTIONS),
    ("of another", (*DATES, "--subject", "Massachusetts"), []),
    ("for an actor", (*DATES, "--corrections", "--for", "government"), CORRECTIONS[:1]),
    ("of a type", (*DATES, "--type", "vendor"), [BEGAN]),
    ("in a country", (*DATES, "--corrections", "--country", "AU"), []),
    ("of a measure", (*DATES, "--measure", "ban"), []),
    ("no edition of these dates", ("--since", "2020", "--until", "2026-10"), []),
]


@pytest.mark.parametrize(("words", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_a_feed_has_what_the_editions_brought(
    policies: Path, words: tuple[str, ...], expected: list[str]
) -> None:
    assert titles(read(policies, "changes", *words)) == expected


def test_an_entry_is_dated_by_its_edition_and_has_its_own_day(policies: Path) -> None:
    feed = read(policies, "changes", *DATES)
    _, entry = feed.entries
    assert (entry.id, entry.published, entry.updated) == (
        event_urn(f"{VENDOR}-began"),
        *["2026-11-22T00:00:00Z"] * 2,
    )
    assert entry.link == f"https://example.org/{VENDOR}"
    assert entry.summary.startswith("Those bound here follow this rule on face recognition. ")
    assert (feed.feed.updated, feed.feed.author) == (entry.updated, "The frtracker authors")


def test_a_correction_says_what_was_wrong(policies: Path) -> None:
    withdrawn, corrected = read(policies, "changes", *DATES, "--corrections").entries
    assert (
        "An earlier edition said: Port of Oakland, CA: ban for police began on 10 Feb 2020 ("
        in (corrected.summary)
    )
    assert "An earlier edition said: Oakland, CA: ban for other agencies expires" in (
        withdrawn.summary
    )
    assert {withdrawn.id, corrected.id} == {
        event_urn(f"{name}-corrected-2026.11.22") for name in (f"{OAKLAND}-ended", f"{PORT}-began")
    }


def test_a_feed_of_what_is_to_come(policies: Path) -> None:
    for words, expected in (((), [END]), (("--within", "6m"), []), (("--for", "police"), [])):
        assert titles(read(policies, "upcoming", "--as-of", "2026-11-30", *words)) == expected


def test_what_no_longer_comes_is_sent_once_as_cancelled(policies: Path) -> None:
    calendar = Calendar.from_ical(
        printed(policies, "upcoming", "--as-of", "2026-11-30", "-f", "ics")
    )
    events = {str(it["UID"]): it for it in calendar.walk("VEVENT")}
    cancelled = events.pop(f"{OAKLAND}-ended@frtracker")
    assert (str(cancelled["STATUS"]), int(cancelled["SEQUENCE"])) == ("CANCELLED", 1)
    assert cancelled["DTSTART"].dt.isoformat() == "2027-03-01"
    assert not cancelled.walk("VALARM")
    assert all(str(it["STATUS"]) != "CANCELLED" for it in events.values())
    for words in (("--as-of", "2027-03-02"), ("--as-of", "2026-11-30", "--for", "schools")):
        text = printed(policies, "upcoming", *words, "-f", "ics")
        assert "CANCELLED" not in text


def test_the_name_says_whom_it_is_limited_to(policies: Path) -> None:
    asked = ("Port of Oakland", "--for", "police", "--measure", "ban")
    feed = read(policies, "changes", *DATES, "--corrections", *asked)
    assert feed.feed.title == (
        "Face recognition rules (Port of Oakland, CA, ban, police): corrections"
    )
    text = printed(policies, "upcoming", "--country", "US", "-f", "ics")
    assert str(Calendar.from_ical(text)["NAME"]) == "Face recognition rules (in the United States)"


QUESTIONS = [
    ("changes", *DATES),
    ("changes", *DATES, "--bills"),
    ("changes", *DATES, "--corrections"),
    ("changes", *DATES, "--for", "police"),
    ("changes", *DATES, "Massachusetts"),
    ("changes", *DATES, "--region", "MA"),
    ("changes", *DATES, "--country", "US"),
    ("upcoming", "--as-of", "2026-11-30"),
]


def test_feeds_of_different_questions_have_different_ids_and_titles(policies: Path) -> None:
    feeds = [read(policies, *words).feed for words in QUESTIONS]
    feeds += [read_diff(earlier(policies), policies).feed]
    for name in ("id", "title"):
        assert len({it[name] for it in feeds}) == len(QUESTIONS) + 1
    titles = [it.title.removeprefix("Face recognition rules") for it in feeds]
    assert titles[1:2] == [": changes of law and bills"]
    assert titles[5:8] == [
        " (in Massachusetts): changes of law",
        " (in the United States): changes of law",
        ": changes of law to come",
    ]
    assert re.fullmatch(r" \(from edition [0-9a-f]{12} to [0-9a-f]{12}\): corrections", titles[8])


def test_the_corrections_between_two_editions(policies: Path) -> None:
    feed = read_diff(earlier(policies), policies)
    assert titles(feed) == CORRECTIONS
    assert {entry.updated for entry in feed.entries} == {"2026-11-22T00:00:00Z"}


def earlier(policies: Path) -> Path:
    return policies.parent.parent / policies.parent.name.replace("second", "first")


def read_diff(old: Path, new: Path) -> Any:
    result = CliRunner().invoke(main, ["diff", str(old), str(new), "-f", "atom"])
    assert result.exit_code == 0, result.stderr
    return followed.feed(result.stdout.encode())


def test_answers_alone_make_no_feed(policies: Path) -> None:
    kept = policies.parent / "editions" / "2026.11.22"
    result = CliRunner().invoke(main, ["diff", str(kept), str(policies), "-f", "atom"])
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "Error: the events of these editions cannot be compared\n"


@pytest.mark.parametrize("format_name", ["table", "csv", "json", "ics"])
def test_corrections_are_for_feeds(policies: Path, format_name: str) -> None:
    words = ["changes", "--corrections", "-f", format_name, "--policies", str(policies)]
    result = CliRunner().invoke(main, words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--corrections needs --format atom." in result.stderr


def test_a_feed_is_not_of_what_was_known_on_a_day(policies: Path) -> None:
    for command in ("changes", "upcoming"):
        words = [command, "--known-at", "2020", "-f", "atom", "--policies", str(policies)]
        result = CliRunner().invoke(main, words)
        assert (result.exit_code, result.stdout) == (2, "")
        assert "--known-at does not apply to a feed" in result.stderr


def test_the_feeds_of_the_shipped_record_begin_with_the_second_edition() -> None:
    """Nothing that the first edition had is news."""
    result = CliRunner().invoke(main, ["changes", "--until", "2026-11-22", "-f", "atom"])
    assert followed.feed(result.stdout.encode()).entries == []
