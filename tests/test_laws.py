"""Random small tables: the engine against the slow reference, and the laws that hold of any table.

``reference.py`` writes out every possible world; here the engine has to say the same of every day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from math import prod

import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from frtracker.dates import format_days, parse
from frtracker.timeline import (
    Market,
    Timeline,
    build,
    next_changes,
    positions_on,
    states_on,
)
from frtracker.vocabulary import BINDING_STATUSES, MEASURES
from reference import (
    Answer,
    answers,
    complete,
    decision_span,
    in_force,
    rank,
    start_span,
    words,
)
from tables import policies

Row = dict[str, str]
Pair = tuple[str, str]  # subject_key, actor

FIRST = date(2021, 2, 22)
UNIVERSE = 14
DAYS = [FIRST + timedelta(days=n) for n in range(-1, UNIVERSE + 1)]
ACTORS = ("police", "government")
PLACE = {"subject_key": "us-ma-springfield"}
VENDOR = {"subject_key": "vendor-acme", "subject": "Acme", "subject_type": "vendor", "region": ""}
MOST_WORLDS = 600
DATE_COLUMNS = ("decided_on", "effective_on", "expires_on")


def runs(examples: int) -> settings:
    """The same examples on every run."""
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


# --- Random tables ----------------------------------------------------------------------------


def mostly(usual, *others, times: int = 3):
    return st.sampled_from([usual] * times + list(others))


def numbered(first: int, last: int) -> str:
    return format_days(FIRST + timedelta(days=first), FIRST + timedelta(days=last))


exact = st.integers(0, UNIVERSE - 1).map(lambda n: numbered(n, n))
interval = st.builds(
    lambda first, more: numbered(first, min(first + more, UNIVERSE - 1)),
    st.integers(0, UNIVERSE - 2),
    st.integers(1, 3),
)
at_the_latest = exact.map(lambda day: f"/{day}")
some_day = st.one_of(exact, exact, interval)
nothing = st.just("")
begun = st.one_of(  # decided_on, effective_on
    st.tuples(some_day, nothing),
    st.tuples(some_day, nothing),
    st.tuples(some_day, some_day),
    st.tuples(some_day, some_day),
    st.tuples(nothing, some_day),
    st.tuples(nothing, at_the_latest),
    st.tuples(at_the_latest, nothing),
)


@st.composite
def one_row(draw, number: int, earlier: Sequence[Row]) -> Row:
    subject = draw(mostly(PLACE, VENDOR))
    decided, effective = draw(begun)
    row = {
        **subject,
        "policy_id": f"act-{number}",
        "measure": draw(st.sampled_from(list(MEASURES)[:-1])),
        "uses": draw(mostly("any", "live")),
        "applies_to": draw(mostly("police", "government", "police;government")),
        "status": draw(mostly("adopted", "announced", "failed", times=8)),
        "confidence": draw(mostly("high", "low", times=4)),
        "introduced_on": draw(st.one_of(nothing, nothing, some_day)),
        "decided_on": decided,
        "effective_on": effective,
        "expires_on": draw(st.one_of(nothing, nothing, some_day)),
    }
    if subject is VENDOR:
        row["territory"] = draw(st.sampled_from(["", "", "US", "US-IL", "CA", "CA;US"]))
    if row["status"] not in BINDING_STATUSES:
        return row | {"effective_on": "", "expires_on": ""}
    before = [
        old["policy_id"]
        for old in earlier
        if old["subject_key"] == row["subject_key"] and old["status"] in BINDING_STATUSES
    ]
    if before:
        chosen = draw(st.lists(st.sampled_from(before), unique=True, max_size=2))
        row["supersedes"] = ";".join(sorted(chosen))
    if row.get("supersedes") and draw(mostly(True, False, times=1)):
        row |= {"measure": "none", "uses": "any"}
    if row["expires_on"] and parse(row["expires_on"]).high.toordinal() <= start_span(row)[0]:
        row["expires_on"] = ""
    return row


def doubt(row: Row) -> list[tuple[int, str]]:
    """How many days each date of the row may be, the widest last."""
    if row["status"] not in BINDING_STATUSES:
        return []
    first = FIRST.toordinal() - 8
    found = []
    for column in DATE_COLUMNS:
        if row[column]:
            low, high = (
                day.toordinal() for day in (parse(row[column]).low, parse(row[column]).high)
            )
            found.append((high - max(low, first) + 1, column))
    return sorted(found)


def affordable(rows: list[Row], most: int = MOST_WORLDS) -> list[Row]:
    """The rows with their widest dates made exact until the worlds can be counted."""
    while True:
        count = prod(
            prod(width for width, _ in doubt(row)) * (2 if row["confidence"] == "low" else 1)
            for row in rows
        )
        widest = max(rows, key=lambda row: [width for width, _ in doubt(row)][-1:])
        if count <= most or not doubt(widest) or doubt(widest)[-1][0] == 1:
            return rows
        column = doubt(widest)[-1][1]
        widest[column] = parse(widest[column]).high.isoformat()


@st.composite
def any_tables(draw, most_rows: int = 5) -> list[Row]:
    rows: list[Row] = []
    for number in range(draw(st.integers(1, most_rows))):
        rows.append(draw(one_row(number, rows)))
    return affordable(rows)


@st.composite
def repeals(draw) -> list[Row]:
    """Rules, repeals and repeals of repeals that may start in any order."""
    rows: list[Row] = []
    for number in range(draw(st.integers(2, 5))):
        row = {
            **PLACE,
            "policy_id": f"act-{number}",
            "measure": draw(st.sampled_from(["ban", "ban", "moratorium", "oversight"])),
            "uses": "any",
            "applies_to": "police",
            "status": "adopted",
            "confidence": draw(mostly("high", "low", times=6)),
            "decided_on": draw(some_day),
            "effective_on": "",
            "expires_on": "",
        }
        if number:
            chosen = draw(st.sets(st.integers(0, number - 1), max_size=2))
            row["supersedes"] = ";".join(f"act-{n}" for n in sorted(chosen))
            if chosen and draw(st.booleans()):
                row["measure"] = "none"
        rows.append(row)
    return affordable(rows)


tables = st.one_of(any_tables(), repeals())
knowledge = st.one_of(st.none(), st.none(), st.sampled_from(DAYS))
markets = st.sampled_from([None, None, "US", "US-IL", "CA"])


# --- What the engine says, in the reference's words -------------------------------------------


def two_days(row: pd.Series, name: str) -> tuple[date, date] | None:
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    return None if pd.isna(low) or pd.isna(high) else (low.date(), high.date())


def engine_answer(row: pd.Series) -> Answer:
    least = (row["at_least_measure"], row["at_least_scope"])
    return Answer(
        measure=row["measure"],
        scope=row["scope"] or None,
        certain=bool(row["certain"]),
        at_least=least if least[0] else None,
        since=two_days(row, "since"),
        until=two_days(row, "until"),
        prohibited_since=two_days(row, "prohibited"),
        policy_ids=frozenset(words({"ids": row["policy_ids"]}, "ids")),
        lifted=bool(row["lifted"]),
    )


def said_on(timeline: Timeline, day: date) -> dict[Pair, Answer]:
    found = positions_on(timeline, day)
    keys = list(zip(found["subject_key"], found["actor"], strict=True))
    assert len(keys) == len(set(keys)), "more than one position on one day"
    return {key: engine_answer(row) for key, (_, row) in zip(keys, found.iterrows(), strict=True)}


def said(timeline: Timeline) -> dict[date, dict[Pair, Answer]]:
    return {day: said_on(timeline, day) for day in DAYS}


def periods_said(timeline: Timeline) -> dict[tuple[str, str, date], str]:
    """(policy, actor, day) → ``all`` or ``some``; a day is in at most one period of a rule."""
    found: dict[tuple[str, str, date], str] = {}
    for row in timeline.periods.itertuples():
        for day in DAYS:
            at = pd.Timestamp(day)
            if row.start <= at and (pd.isna(row.end) or at < row.end):
                key = (row.policy_id, row.actor, day)
                assert key not in found
                found[key] = "all" if row.certain else "some"
    return found


def pairs_of(rows: Sequence[Mapping[str, str]]) -> list[Pair]:
    return sorted({(row["subject_key"], actor) for row in rows for actor in ACTORS})


def timeline_of(rows: Sequence[Row], known_at=None, market=None) -> Timeline:
    return build(policies(rows), known_at=known_at, market=Market(market) if market else None)


NULL = Answer(None)


def check_against_reference(rows: list[Row], known_at: date | None, market: str | None) -> None:
    timeline = timeline_of(rows, known_at, market)
    engine, periods = said(timeline), periods_said(timeline)
    for subject, actor in pairs_of(rows):
        expected = answers(rows, subject, actor, DAYS, known_at, market)
        for day in DAYS:
            got = engine[day].get((subject, actor), NULL)
            due = expected[day]
            if due.lifted is None:
                due = replace(due, lifted=got.lifted)
            assert (day, subject, actor, got) == (day, subject, actor, due)
        for policy_id, by_day in in_force(rows, subject, actor, DAYS, known_at).items():
            for day, worlds in by_day.items():
                assert (policy_id, day, periods.pop((policy_id, actor, day), "no")) == (
                    policy_id,
                    day,
                    worlds,
                )
    assert not periods


@runs(60)
@given(rows=tables, market=markets)
def test_engine_says_what_the_worlds_say(rows, market):
    check_against_reference(rows, None, market)


@runs(40)
@given(rows=tables, known_at=st.sampled_from(DAYS))
def test_engine_says_what_the_worlds_say_as_known_on_a_day(rows, known_at):
    check_against_reference(rows, known_at, None)


@pytest.mark.slow
@runs(1500)
@given(rows=tables, known_at=knowledge, market=markets)
def test_engine_says_what_the_worlds_say_at_length(rows, known_at, market):
    check_against_reference(rows, known_at, market)
