"""What every output says of a date, a position, a rule, a change, an event: one phrase each."""

from __future__ import annotations

from typing import Any

import pytest

from frtracker import wording
from frtracker.vocabulary import ACTORS, MEASURES

BAN = {
    "measure": "ban",
    "scope": "general",
    "certain": True,
    "at_least": None,
    "lifted": False,
    "since": "2021-07-01",
    "start_presumed": False,
    "until": None,
    "ends_when": None,
    "continuation_presumed": False,
    "last_confirmed_on": None,
    "uses": ["any"],
}
NONE = BAN | {"measure": "none", "scope": None, "uses": []}
RESTRICTION = {"measure": "restriction", "scope": "general"}

RECORDED = [
    ("2021-07-01", "1 Jul 2021", "through 30 Jun 2021"),
    ("2020-03-01", "1 Mar 2020", "through 29 Feb 2020"),
    ("2021-06", "Jun 2021", "expires in Jun 2021, day not known"),
    ("2021", "2021", "expires in 2021, day not known"),
    ("[2019-09-17..2019-10-16]", "between 17 Sep and 16 Oct 2019",
     "expires between 17 Sep and 16 Oct 2019, day not known"),
    ("[2020-12-17..2021-05-03]", "between 17 Dec 2020 and 3 May 2021",
     "expires between 17 Dec 2020 and 3 May 2021, day not known"),
    ("[2023..2025-07-15]", "between 2023 and 15 Jul 2025",
     "expires between 2023 and 15 Jul 2025, day not known"),
    ("[2020-12-03..2020-12-06]", "between 3 and 6 Dec 2020",
     "expires between 3 and 6 Dec 2020, day not known"),
    ("[2020-12..2020-12-06]", "between Dec and 6 Dec 2020",
     "expires between Dec and 6 Dec 2020, day not known"),
    ("[2023-01..2023-04]", "between Jan and Apr 2023",
     "expires between Jan and Apr 2023, day not known"),
    ("[..2024-11-20]", "by 20 Nov 2024", "expires by 20 Nov 2024, day not known"),
    ("0001-01-01", "1 Jan 1", "expires on 1 Jan 1, day not known"),
    ("", "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words", "end"), RECORDED)
def test_a_recorded_date(text: str, words: str, end: str) -> None:
    assert (wording.recorded(text), wording.through(text)) == (words, end)


SINCE = [
    ("2021-07-01", False, "since 1 Jul 2021"),
    ("2021-07-01", True, "adopted 1 Jul 2021, start date not recorded"),
    ("2021-06", False, "since Jun 2021"),
    ("[2019-09-17..2019-10-16]", False, "since a day between 17 Sep and 16 Oct 2019"),
    # the first possible day is no day of the decision
    (
        "[2019-09-17..2019-10-16]",
        True,
        "since a day between 17 Sep and 16 Oct 2019, start date not recorded",
    ),
    ("[..2024-11-20]", False, "by 20 Nov 2024"),
    (None, False, ""),
]


@pytest.mark.parametrize(("since", "presumed", "words"), SINCE)
def test_since_when(since: str | None, presumed: bool, words: str) -> None:
    assert wording.since(BAN | {"since": since, "start_presumed": presumed}) == words


def test_a_column_has_dates_as_recorded() -> None:
    cells = [
        wording.since_cell(BAN | {"since": since, "start_presumed": presumed})
        for since, presumed in (
            ("2021-07-01", False),
            ("2021-07-01", True),
            ("[2020-02-01..2020-02-13]", True),
            (None, False),
        )
    ]
    assert cells == [
        "2021-07-01",
        "adopted 2021-07-01",
        "[2020-02-01..2020-02-13], start date not recorded",
        "",
    ]


UNTIL = [
    ({"until": "2023-01-01"}, "through 31 Dec 2022"),
    ({"ends_when": "until a law"}, "until a law"),
    ({"until": "2023-09-27", "ends_when": "until 1 July 2022 or leave is given"},
     "through 26 Sep 2023, by its own terms until 1 July 2022 or leave is given"),
    ({"ends_when": "until a law", "continuation_presumed": True, "last_confirmed_on": "2024-10-30"},
     "until a law; last confirmed 30 Oct 2024"),
    ({"continuation_presumed": True}, "not confirmed since it began"),
    ({}, ""),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "words"), UNTIL)
def test_until_when(cells: dict[str, Any], words: str) -> None:
    assert wording.until(BAN | cells) == words


POSITIONS = [
    (BAN, "ban"),
    (BAN | {"scope": "narrow", "uses": ["drone", "body_camera"]},
     "ban (body cameras, drones only)"),
    (BAN | {"certain": False}, "uncertain: ban or no rule"),
    (BAN | {"certain": False, "at_least": RESTRICTION},
     "uncertain: up to ban, at least restriction"),
    (NONE, "no rule in force"),
    (NONE | {"lifted": True}, "no rule in force (lifted)"),
]  # fmt: skip


@pytest.mark.parametrize(("position", "words"), POSITIONS)
def test_a_position(position: dict[str, Any], words: str) -> None:
    assert wording.position(position) == words


def test_actors_that_share_a_position_are_told_together() -> None:
    entry = {"police": BAN, "government": BAN, "schools": NONE, "private": None}
    assert wording.positions(entry) == (
        "police, other agencies: ban, since 1 Jul 2021; schools: no rule in force, since 1 Jul 2021"
    )


# what a position becomes: certain, its cells before, its cells after, the words
BEFORE_AND_AFTER = [
    (NONE, RESTRICTION | {"certain": True}, "1 Jan 2023: restriction for police"),
    (BAN, {"measure": "none", "certain": True}, "1 Jan 2023: no rule in force for police"),
    (None, RESTRICTION | {"certain": True}, "1 Jan 2023: restriction for police"),
    # a ban that may give way to a restriction on an unknown day
    (BAN, {"certain": False, "at_least": RESTRICTION},
     "1 Jan 2023 or later: may become restriction for police"),
    (BAN, {"certain": False}, "1 Jan 2023 or later: may end for police"),
    (NONE, {"certain": False}, "1 Jan 2023 or later: may become ban for police"),
    (None, {"certain": False}, "1 Jan 2023 or later: may become ban for police"),
    (BAN | RESTRICTION, {"certain": False, "at_least": RESTRICTION},
     "1 Jan 2023 or later: may become ban for police"),
    (BAN | {"certain": False}, {"certain": False, "at_least": RESTRICTION},
     "1 Jan 2023: uncertain: up to ban, at least restriction for police"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "words"), BEFORE_AND_AFTER)
def test_a_change(before: dict[str, Any] | None, after: dict[str, Any], words: str) -> None:
    change = {**BAN, **after, "on": "2023-01-01", "applies_to": ["police"], "before": before}
    assert wording.next_change(change) == words
    assert wording.next_change(change, iso=True).startswith("2023-01-01")


def test_all_that_changes_on_a_day_is_told() -> None:
    changes = [{**BAN, "applies_to": ["police"]}, {**NONE, "applies_to": ["schools", "private"]}]
    assert wording.next_change({"on": "2022-08-10", "changes": changes}) == (
        "10 Aug 2022: ban for police; no rule in force for schools, private users"
    )
    assert wording.next_change(None) == ""


def rule(**cells: Any) -> dict[str, Any]:
    return {
        "policy_id": "a",
        "state": "in_force",
        "measure": "ban",
        "scope": "general",
        "uses": ["any"],
        "applies_to": ["police", "government"],
        "superseded_for": [],
        "ended_on": {},
        **cells,
    }


RULE_STATES = [
    (rule(), "in force", "in force: ban for police, other agencies"),
    (rule(superseded_for=["police"]), "in force for other agencies; ended for police",
     "in force: ban for other agencies; ended for police"),
    (rule(superseded_for=["police"], ended_on={"police": "2022-07-28"}),
     "in force for other agencies; ended for police 28 Jul 2022",
     "in force: ban for other agencies; ended for police 28 Jul 2022"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "state", "words"), RULE_STATES)
def test_what_holds_for_some_actors_is_not_told_for_all(
    given: dict[str, Any], state: str, words: str
) -> None:
    assert (wording.state(given), wording.rule_in_force(given)) == (state, words)


def test_what_else_is_in_force_is_one_phrase_for_each_measure() -> None:
    many = ["AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES"]
    also = [
        {**BAN, "territory": ["IT"]},
        {**BAN, "territory": ["FR"]},
        {**BAN, **RESTRICTION, "territory": many},
        {**NONE, "measure": "oversight", "territory": None},
    ]
    also = [{**each, "policy_id": "c"} for each in also]
    assert wording.others(BAN | {"also": also}) == [
        "ban in Italy and France only",
        "restriction in 9 countries",
        "oversight",
    ]


ACT = {
    "status": "adopted",
    "confidence": "high",
    "introduced_on": "2020",
    "decided_on": "[2020-12-03..2020-12-06]",
    "effective_on": "2021-07-01",
    "expires_on": "",
    "ends_when": "until a law",
    "last_confirmed_on": "2024-10-30",
}
NOT_ESTABLISHED = "it is not established that the act exists or says this"
RULE = ACT | {
    "state": "in_force",
    "start_presumed": False,
    "continuation_presumed": False,
    "sources": [{"supports": "decided_on;effective_on~"}],
}


def test_the_days_of_an_act() -> None:
    assert wording.rule_dates(ACT, whole=True) == (
        "introduced 2020 · decided between 3 and 6 Dec 2020 · in effect from 1 Jul 2021"
        " · until a law · last confirmed 30 Oct 2024"
    )
    proposed = dict.fromkeys(ACT, "") | {"introduced_on": "2020-02"}
    assert wording.rule_dates(proposed, whole=True) == "introduced Feb 2020"
    assert wording.rule_dates(proposed) == "start date not recorded"


def test_a_source_in_a_line() -> None:
    page = {
        "publisher": "Town code", "title": "Chapter 9", "locator": "§ 2", "published_on": "2021-06",
        "kind": "law", "supports": ["measure", "uses"], "archived_url": "https://archive.example/2",
    }  # fmt: skip
    assert wording.source(page) == (
        "Town code, Chapter 9, § 2, Jun 2021"
        " (law; shows measure, uses; archived copy: https://archive.example/2)"
    )
    bare = page | {"locator": None, "published_on": None, "supports": [], "archived_url": None}
    assert wording.source(bare) == "Town code, Chapter 9 (law)"
    assert wording.source(bare | {"kind": None}) == ""


def test_what_is_doubtful_about_an_act() -> None:
    assert list(wording.act_doubts(ACT)) == [
        "the date of introduction is not known exactly: 2020",
        "the date of the decision is not known exactly: between 3 and 6 Dec 2020",
    ]
    low = ACT | {"confidence": "low", "status": "unknown", "introduced_on": "", "decided_on": ""}
    assert list(wording.act_doubts(low)) == [NOT_ESTABLISHED, "its outcome was not found"]


DOUBTS = [
    ({}, []),
    ({"confidence": "low"}, [NOT_ESTABLISHED]),
    ({"state": "uncertain"},
     ["the recorded dates leave open whether it was in force on this date"]),
    ({"start_presumed": True},
     ["start date not recorded; assumed to be the day of adoption (between 3 and 6 Dec 2020)"]),
    ({"continuation_presumed": True}, ["assumed to continue; last confirmed 30 Oct 2024"]),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "words"), DOUBTS)
def test_what_is_doubtful_about_a_rule(cells: dict[str, Any], words: list[str]) -> None:
    computed = "the start date is computed: 1 Jul 2021"
    assert list(wording.doubts(RULE | cells)) == [*words, computed]


def event(**cells: Any) -> dict[str, Any]:
    return {
        "on": "2023-01-01",
        "on_low": "2023-01-01",
        "on_high": "2023-01-01",
        "kind": "ended",
        "applies_to": ["police"],
        "causes": [],
        "own_terms": False,
        "effects": [],
        "put_off": None,
        "measure": "ban",
        "scope": "narrow",
        "uses": ["drone"],
        "territory": None,
        "subject": "Portland",
        "subject_type": "city",
        "country": "US",
        "region": "US-OR",
        **cells,
    }


CAME = {"on": "[2022-12-01..2023-01-01]", "on_low": "2022-12-01"}
EVENTS = [
    (event(), False,
     "ban (drones only) for police expired (last day 31 Dec 2022)"),
    (event(), True, "ban (drones only) for police expires (last day 31 Dec 2022)"),
    (event(causes=["b"]), False, "ban (drones only) for police ended, replaced by b"),
    (event(causes=["b", "c"], own_terms=True, **CAME), False,
     "ban (drones only) for police ended, replaced by b or c or expired,"
     " between 1 Dec 2022 and 1 Jan 2023"),
    (event(kind="began", scope="general", uses=["any"]), True, "ban for police begins"),
    (event(kind="began", measure="none", scope=None), False,
     "end of an earlier rule for police took effect"),
    (event(kind="decided", put_off={"from": "2026-08-02", "to": "2027-12-02"}), False,
     "ban (drones only) for police put off from 2 Aug 2026 to 2 Dec 2027"),
    (event(kind="lapsed"), False, "bill: ban (drones only) for police lapsed with its session"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "coming", "words"), EVENTS)
def test_an_event(given: dict[str, Any], coming: bool, words: str) -> None:
    mark = "," if words.startswith("bill:") else ":"
    assert wording.event(given, coming=coming) == f"Portland, OR{mark} {words}"


LABELS = [
    ("city", "US", "US-OR", "Portland, OR"),
    ("city", "CH", "CH-VD", "Portland, Vaud"),
    ("agency", "GB", "", "Portland, United Kingdom"),
    ("state", "US", "US-OR", "Portland"),
    ("vendor", "US", "", "Portland"),
    ("supranational", "", "", "Portland"),
]


@pytest.mark.parametrize(("kind", "country", "region", "words"), LABELS)
def test_the_label_of_a_subject(kind: str, country: str, region: str, words: str) -> None:
    entry = {"subject": "Portland", "subject_type": kind, "country": country, "region": region}
    assert wording.label(entry) == words


def test_one_and_many() -> None:
    assert [wording.counted("events", count) for count in (0, 1, 2)] == [
        "0 events",
        "1 event",
        "2 events",
    ]
    assert wording.strictest_for(list(ACTORS)) == "by the strictest rule for anyone"
    assert wording.strictest_for(["police"]) == "by the strictest rule for police"


def test_the_page_counts_every_measure() -> None:
    assert wording.COUNTED["events"] == ("{count} event", "{count} events")
    assert set(MEASURES) <= set(wording.COUNTED)
