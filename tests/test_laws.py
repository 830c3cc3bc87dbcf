"""Random small tables: the engine against the slow reference, and the laws that hold of any table.

``reference.py`` writes out every possible world; here the engine has to say the same of every day.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise, product
from math import prod
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from frtracker.answers.changes import upcoming
from frtracker.answers.explain import explain
from frtracker.dates import format_days, parse
from frtracker.export.calendar import calendar
from frtracker.export.feed import feed
from frtracker.places.place import of_subject
from frtracker.places.subjects import subjects_by_key
from frtracker.timeline import (
    Market,
    Timeline,
    build,
    next_changes,
    periods_on,
    positions_on,
    states_on,
)
from frtracker.timeline import worlds as engine
from frtracker.timeline.days import OPEN
from frtracker.timeline.outlook import given_up
from frtracker.timeline.rules import read_rules
from frtracker.vocabulary import BINDING_STATUSES, MEASURES, OUTCOME_STATUSES
from reference import (
    Answer,
    answers,
    complete,
    decided_after,
    decision_span,
    happenings,
    in_force,
    may_be_missing,
    rank,
    start_span,
    undecided,
    words,
)
from tables import policies, record
from test_worlds import assert_lives_lie_inside

Row = dict[str, str]
Pair = tuple[str, str]  # subject_key, actor

FIRST = date(2021, 2, 22)
UNIVERSE = 14
DAYS = [FIRST + timedelta(days=n) for n in range(-1, UNIVERSE + 1)]
ACTORS = ("police", "government")
PLACE = {"subject_key": "us-ma-springfield"}
VENDOR = {"subject_key": "vendor-acme", "subject": "Acme", "subject_type": "vendor", "region": ""}
MOST_WORLDS = 600
USUAL = 100  # examples: hypothesis' own default
DATE_COLUMNS = ("decided_on", "effective_on", "expires_on")


def runs(examples: int) -> settings:
    """The same examples on every run; as many more where the profile asks more of all."""
    return settings(
        max_examples=examples * settings().max_examples // USUAL,
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
at_the_latest = exact.map(lambda day: f"[..{day}]")
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
        "reviewed_on": "2026-11-22",
        "introduced_on": draw(st.one_of(nothing, nothing, some_day)),
        "decided_on": decided,
        "effective_on": effective,
        "expires_on": draw(st.one_of(nothing, nothing, some_day)),
    }
    if subject is VENDOR:
        row["territory"] = draw(st.sampled_from(["", "", "US", "US-IL", "CA", "CA;US"]))
    if row["status"] not in BINDING_STATUSES:
        dates = draw(st.sampled_from([{}, {}, {"decided_on": "", "introduced_on": ""}]))
        return row | {"effective_on": "", "expires_on": "", "reviewed_on": draw(exact)} | dates
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
def repeals(draw, doubt: bool = True) -> list[Row]:
    """Rules, repeals and repeals of repeals that start in any order, close together."""
    rows: list[Row] = []
    length = draw(st.sampled_from([3, 5, 8]))
    more = st.integers(0, 3) if doubt else st.just(0)
    for number in range(draw(st.integers(2, 5))):
        row = {
            **PLACE,
            "policy_id": f"act-{number}",
            "measure": draw(st.sampled_from(["ban", "ban", "moratorium", "oversight"])),
            "uses": "any",
            "applies_to": "police",
            "status": "adopted",
            "confidence": draw(mostly("high", "low", times=6)) if doubt else "high",
            "decided_on": numbered(first := draw(st.integers(0, length)), first + draw(more)),
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


tables = st.one_of(any_tables(), repeals(), repeals(doubt=False))
knowledge = st.one_of(st.none(), st.none(), st.sampled_from(DAYS))
markets = st.sampled_from([None, None, "US", "US-IL", "CA"])


# --- What the engine says, in the reference's words -------------------------------------------


def two_days(row: Mapping[str, Any], name: str) -> tuple[date, date] | None:
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    return None if pd.isna(low) or pd.isna(high) else (low.date(), high.date())


def engine_answer(row: Mapping[str, Any]) -> Answer:
    least = (row["at_least_measure"], row["at_least_scope"])
    return Answer(
        measure=row["measure"],
        scope=row["scope"] or None,
        certain=bool(row["certain"]),
        at_least=least if least[0] else None,
        since=two_days(row, "since"),
        until=two_days(row, "until"),
        prohibited_since=two_days(row, "prohibited_since"),
        policy_ids=frozenset(words({"ids": row["policy_ids"]}, "ids")),
        lifted=bool(row["lifted"]),
    )


def by_pair(rows: Sequence[Mapping[str, Any]]) -> dict[Pair, Answer]:
    found = {(row["subject_key"], row["actor"]): engine_answer(row) for row in rows}
    assert len(found) == len(rows), "more than one position on one day"
    return found


def said(timeline: Timeline) -> dict[date, dict[Pair, Answer]]:
    """The positions of every day, as ``start <= day and (end is None or day < end)``."""
    rows = timeline.positions.to_dict("records")
    spans = [
        (row["valid_from"].date(), None if pd.isna(row["valid_to"]) else row["valid_to"].date())
        for row in rows
    ]
    return {
        day: by_pair(
            [
                row
                for row, (start, end) in zip(rows, spans, strict=True)
                if start <= day and (end is None or day < end)
            ]
        )
        for day in DAYS
    }


def periods_said(timeline: Timeline) -> dict[tuple[str, str, date], str]:
    """(policy, actor, day) → ``all`` or ``some``; a day is in at most one period of a rule."""
    found: dict[tuple[str, str, date], str] = {}
    for row in timeline.periods.itertuples():
        for day in DAYS:
            at = pd.Timestamp(day)
            if row.valid_from <= at and (pd.isna(row.valid_to) or at < row.valid_to):
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


@runs(60)
@given(rows=repeals(doubt=False))
def test_engine_says_what_is_so_where_nothing_is_in_doubt(rows):
    check_against_reference(rows, None, None)


@pytest.mark.slow
@runs(800)
@given(rows=tables, known_at=knowledge, market=markets)
def test_engine_says_what_the_worlds_say_at_length(rows, known_at, market):
    check_against_reference(rows, known_at, market)


@pytest.mark.slow
@runs(400)
@given(rows=tables, known_at=knowledge)
def test_all_that_is_said_of_a_table_is_what_the_worlds_say(rows, known_at):
    check_against_reference(rows, known_at, None)
    check_events(rows, known_at)
    check_states(rows, known_at)
    check_next_changes(rows, known_at)
    check_explain(rows, known_at)
    check_ids(rows, known_at)


def test_a_decision_is_never_after_its_start_as_known_on_a_day():
    """Decided by 27 February in every world, for it was in force then."""
    row = {**PLACE, "decided_on": "[2021-02-27..2021-03-02]", "effective_on": "2021-02-27"}
    check_against_reference(complete([row]), date(2021, 3, 1), None)


# --- Laws that hold of any table --------------------------------------------------------------


def face(found: Answer) -> tuple[object, ...]:
    return found.measure or "none", found.scope, found.certain, found.at_least


def possible(found: Answer) -> tuple[tuple[bool, int], tuple[bool, int]]:
    """The best and the worst of what may hold, as ranks; null is none."""
    best = (found.measure or "none", found.scope or "")
    worst = best if found.certain else found.at_least or ("none", "")
    return rank(best), rank(worst)


def content(frame: pd.DataFrame) -> set[tuple[object, ...]]:
    """The rows of a table of the timeline as a set; lists in cells in no order."""
    listed = [column for column in ("policy_ids", "territory") if column in frame]
    plain = frame.assign(
        **{c: frame[c].map(lambda text: frozenset(text.split(";"))) for c in listed}
    )
    return {
        tuple(None if cell is pd.NaT else cell for cell in row)
        for row in plain.astype(object).itertuples(index=False)
    }


@runs(20)
@given(data=st.data(), rows=tables)
def test_order_of_rows_is_irrelevant(data, rows):
    rows = complete(rows)
    one, other = timeline_of(rows), timeline_of(data.draw(st.permutations(rows)))
    assert content(one.positions) == content(other.positions)
    assert content(one.periods) == content(other.periods)


@runs(20)
@given(rows=tables, extra=any_tables(most_rows=2))
def test_rows_of_another_subject_change_nothing(rows, extra):
    other = [
        {
            **row,
            "subject_key": f"{row['subject_key']}-elsewhere",
            "policy_id": f"else-{row['policy_id']}",
            "supersedes": "",
        }
        for row in extra
    ]
    rows = complete(rows)
    keys = {row["subject_key"] for row in rows}
    both = timeline_of([*other, *rows])
    for name in ("positions", "periods"):
        alone, mixed = getattr(timeline_of(rows), name), getattr(both, name)
        assert content(alone) == content(mixed[mixed["subject_key"].isin(keys)])


@runs(40)
@given(rows=tables)
def test_positions_change_only_on_recorded_days(rows):
    """The first and the last possible day of a recorded date, as far as they remain."""
    recorded = {
        end
        for row in rows
        for dated in (row, row | {"effective_on": start_text(row)})
        for column in (*DATE_COLUMNS, "introduced_on", "reviewed_on")
        if dated.get(column)
        for end in (parse(dated[column]).low, parse(dated[column]).high)
    }
    by_day = said(timeline_of(rows))
    for before, day in pairwise(DAYS):
        for pair in pairs_of(rows):
            was, now = (by_day[d].get(pair, NULL) for d in (before, day))
            assert day in recorded or face(was) == face(now), (day, pair)


def start_text(row: Mapping[str, str]) -> str:
    days = start_span(row)
    return format_days(*map(date.fromordinal, days)) if days else ""


@st.composite
def narrowed(draw) -> tuple[list[Row], list[Row]]:
    """A table, and the same with one date narrowed inside what remains of it."""
    rows = draw(tables)
    remaining = {"decided_on": decision_span, "effective_on": start_span}
    wide = []
    for number, row in enumerate(rows):
        for column in DATE_COLUMNS:
            if not row[column]:
                continue
            written = parse(row[column])
            days = (written.low.toordinal(), written.high.toordinal())
            days = remaining.get(column, lambda _, days=days: days)(row)
            if days[0] < days[1]:
                wide.append((number, column, max(days[0], days[1] - 10), days[1]))
    assume(wide)
    number, column, low, high = draw(st.sampled_from(wide))
    first = draw(st.integers(low, high))
    last = draw(st.integers(first, high))
    text = format_days(date.fromordinal(first), date.fromordinal(last))
    return rows, [row | {column: text} if n == number else row for n, row in enumerate(rows)]


@runs(45)
@given(both=narrowed(), known_at=knowledge)
def test_narrowing_a_date_never_turns_yes_into_no(both, known_at):
    wide, narrow = (timeline_of(rows, known_at) for rows in both)
    wide_said, narrow_said = said(wide), said(narrow)
    for day in DAYS:
        for pair in pairs_of(both[0]):
            best, worst = possible(wide_said[day].get(pair, NULL))
            now_best, now_worst = possible(narrow_said[day].get(pair, NULL))
            assert best <= now_best <= now_worst <= worst, (day, pair)
    wide_periods, narrow_periods = periods_said(wide), periods_said(narrow)
    assert wide_periods.keys() >= narrow_periods.keys(), "a no became a perhaps or a yes"
    for key, worlds in wide_periods.items():
        assert worlds == "some" or narrow_periods.get(key) == "all", key


@runs(20)
@given(rows=tables)
def test_known_at_the_end_of_time_is_no_known_at(rows):
    check_end_of_time(rows)


def test_row_without_a_day_is_known_at_the_end_of_time():
    """Listed from its review, whatever is asked."""
    row = {**PLACE, "status": "lapsed", "reviewed_on": "2021-02-27"}
    check_end_of_time(complete([row]))


def check_end_of_time(rows: Sequence[Row]) -> None:
    now, later = timeline_of(rows), timeline_of(rows, date.max)
    pd.testing.assert_frame_equal(now.positions, later.positions)
    pd.testing.assert_frame_equal(now.periods, later.periods)
    for day in DAYS[::4]:
        pd.testing.assert_frame_equal(states_on(now, day), states_on(later, day))


@runs(25)
@given(rows=tables, known_at=knowledge, market=markets)
def test_positions_are_gapless_and_half_open(rows, known_at, market):
    timeline = timeline_of(rows, known_at, market)
    for _, stretches in timeline.positions.groupby(["subject_key", "actor"]):
        starts, ends = list(stretches["valid_from"]), list(stretches["valid_to"])
        assert pd.notna(starts).all()
        assert ends[:-1] == starts[1:]
        assert pd.isna(ends[-1])
        assert all(start < end for start, end in zip(starts, ends[:-1], strict=False))
    by_day = said(timeline)
    for day in DAYS[::3]:
        assert by_pair(positions_on(timeline, day).to_dict("records")) == by_day[day]


def chains(length: int) -> list[Row]:
    """A ban, a rule that follows it, and repeals each of which lifts the one before: every
    combination of exact, doubtful and unproven starts, a subject each."""
    starts = [(4, 4), (5, 5), (3, 5), (4, 6), None]  # None: on the fifth day, if it was at all
    rows = []
    for number, chosen in enumerate(product(starts, repeat=length)):
        base = {"subject_key": f"us-ma-{number}", "policy_id": f"{number}-0"}
        rows.append({**base, "decided_on": numbered(0, 0)})
        for place, start in enumerate(chosen, 1):
            rows.append({
                **base,
                "policy_id": f"{number}-{place}",
                "measure": "oversight" if place == 1 else "none",
                "decided_on": numbered(*(start or (5, 5))),
                "confidence": "high" if start else "low",
                "supersedes": f"{number}-{place - 1}",
            })  # fmt: skip
    return rows


def test_engine_says_what_the_worlds_say_of_every_short_chain_of_repeals():
    rows = chains(2)
    for number in range(0, len(rows), 3):
        check_against_reference(complete(rows[number : number + 3]), None, None)


WIDE = [(3, 8), (4, 9), (3, 3), (6, 6)]
ORDERS = [
    ("oversight", "none", "none"),
    ("oversight", "none", "restriction"),
    ("restriction", "oversight", "none"),
    ("none", "none", "oversight"),
]


@pytest.mark.parametrize("measures", ORDERS)
def test_engine_says_what_the_worlds_say_of_weeks_of_doubt(measures):
    """Rules that follow each other, each on any day of a week: which came first matters."""
    for starts in product(WIDE, repeat=3):
        rows = [{**PLACE, "policy_id": "act-0", "decided_on": numbered(0, 0)}]
        rows += [
            {
                **PLACE,
                "policy_id": f"act-{place}",
                "measure": measure,
                "decided_on": numbered(*start),
                "supersedes": f"act-{place - 1}",
            }
            for place, (measure, start) in enumerate(zip(measures, starts, strict=True), 1)
        ]
        # an heir beside the repeal, and ahead of it in the table
        heir = {"policy_id": "act-9", "measure": "oversight", "uses": "live"}
        rows[1:1] = [{**PLACE, **heir, "decided_on": numbered(9, 9), "supersedes": "act-1"}]
        check_against_reference(complete(rows), None, None)


BETWEEN = [  # measure, first and last possible day of its start, what it supersedes
    [("ban", (0, 0), ""), ("moratorium", (4, 10), "act-0"), ("moratorium", (4, 10), "act-0;act-1"),
     ("none", (3, 7), "act-0;act-2"), ("oversight", (2, 2), "act-0")],
    [("ban", (0, 0), ""), ("moratorium", (4, 11), "act-0"), ("moratorium", (4, 12), "act-0;act-1"),
     ("none", (3, 8), "act-0;act-2"), ("oversight", (2, 2), "act-0")],
]  # fmt: skip


@pytest.mark.parametrize("rules", BETWEEN)
def test_what_holds_for_a_single_day_of_a_long_doubt_is_seen(rules):
    """Oversight ends in every world: with a moratorium that a repeal may end a day later, or, if
    the repeal comes first, with the moratorium before it."""
    rows = [
        {**PLACE, "measure": measure, "decided_on": numbered(*start), "supersedes": old}
        for measure, start, old in rules
    ]
    check_against_reference(complete(rows), None, None)


@runs(25)
@given(rows=tables, known_at=knowledge)
def test_states_agree_with_the_worlds(rows, known_at):
    check_states(rows, known_at)


def check_states(rows: Sequence[Row], known_at: date | None) -> None:
    timeline = timeline_of(rows, known_at)
    worlds: dict[tuple[str, date], set[str]] = {}
    for pair in pairs_of(rows):
        for policy_id, by_day in in_force(rows, *pair, DAYS, known_at).items():
            for day, said_of_it in by_day.items():
                worlds.setdefault((policy_id, day), set()).add(said_of_it)
    for day in DAYS[::2]:
        for row in states_on(timeline, day).itertuples():
            there = worlds.get((row.policy_id, day), set())
            due = "in_force" if "all" in there else "uncertain" if "some" in there else None
            got = row.state if row.state in ("in_force", "uncertain") else None
            assert (day, row.policy_id, got) == (day, row.policy_id, due)


def test_states_of_a_proposal_agree_with_the_worlds():
    """Every introduction and outcome within a few days, exact or not."""
    spans = [(first, first + more) for first in range(2, 7) for more in range(3)]
    rows = complete(
        {
            "subject_key": f"us-ma-{number}",
            "status": OUTCOME_STATUSES[number % len(OUTCOME_STATUSES)],
            "introduced_on": numbered(*introduced),
            "decided_on": numbered(*decided),
        }
        for number, (introduced, decided) in enumerate(product(spans, repeat=2))
        if introduced[0] <= decided[0]
    )
    timeline = timeline_of(rows)
    possible = [undecided(row, DAYS) for row in rows]
    for day in DAYS:
        found = states_on(timeline, day)
        for row, state, certain in zip(possible, found["state"], found["certain"], strict=True):
            assert state in row[day]
            assert certain == (len(row[day]) == 1)


@runs(30)
@given(rows=tables, known_at=knowledge)
def test_next_change_is_the_next_day_with_another_position(rows, known_at):
    check_next_changes(rows, known_at)


def test_next_change_of_what_holds_at_least():
    """An uncertain ban, and a narrow restriction at least that becomes a general one."""
    rows = [
        {"policy_id": "a", "measure": "restriction", "uses": "live", "decided_on": "2021-02-23"},
        {"policy_id": "b", "decided_on": "2021-02-23", "confidence": "low"},
        {"policy_id": "c", "measure": "restriction", "decided_on": "2021-02-26"},
    ]
    check_next_changes(complete(rows), None)


def check_next_changes(rows: Sequence[Row], known_at: date | None) -> None:
    timeline = timeline_of(rows, known_at)
    by_day = said(timeline)
    for number in range(0, len(DAYS) - 1, 2):
        day = DAYS[number]
        coming = next_changes(timeline, day)
        got = {(row.subject_key, row.actor): row.valid_from.date() for row in coming.itertuples()}
        assert len(got) == len(coming)
        for pair in pairs_of(rows):
            due = [
                later
                for before, later in pairwise(DAYS[number:])
                if face(by_day[before].get(pair, NULL)) != face(by_day[later].get(pair, NULL))
            ]
            told = got.get(pair)
            told = told if told in DAYS else None  # a change after the days that are looked at
            assert (day, pair, told) == (day, pair, due[0] if due else None)


@runs(60)
@given(rows=tables, known_at=knowledge, cells=st.integers(10, 200))
def test_groups_day_by_day_say_what_all_worlds_together_say(rows, known_at, cells):
    """Where all worlds are too many, each linked group is looked at by itself, day by day: what
    holds is the same, and runs are at most told less closely."""
    every, table = timeline_of(rows, known_at), policies(rows)
    rules = read_rules(table, known_at=known_at.toordinal() if known_at else OPEN)
    assert given_up(rules) == []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "MAX_CELLS", cells)
        few, lost = timeline_of(rows, known_at), given_up(rules)
    unsettled = {
        (table["policy_id"][int(rules.policy[rule])], ACTORS[int(rules.actor[rule])])
        for members in lost
        for rule in members
    }
    due, got = periods_said(every), periods_said(few)
    for key in due.keys() | got.keys():
        if key[:2] in unsettled:  # then whatever may hold is uncertain
            assert key in got
            assert got[key] == "some" or due[key] == "all"
        else:
            assert due.get(key) == got.get(key)
    assert_lives_lie_inside(every, few)
    exact, close = said(every), said(few)
    left_out = {
        (table.set_index("policy_id")["subject_key"][name], actor) for name, actor in unsettled
    }
    for day in DAYS:
        for pair in exact[day].keys() - left_out:
            one, other = exact[day][pair], close[day][pair]
            bare = {"since": None, "until": None, "prohibited_since": None, "lifted": False}
            assert replace(one, **bare) == replace(other, **bare)
            for inner, outer in (
                (one.since, other.since),
                (one.until, other.until),
                (one.prohibited_since, other.prohibited_since),
            ):
                if inner and outer:
                    assert outer[0] <= inner[0]
                    assert inner[1] <= outer[1]


# --- Laws of what happened, of states, and of what was known ----------------------------------

Span = tuple[date, date]


def possible_runs(timeline: Timeline) -> dict[tuple[str, str], list[tuple[date, date | None]]]:
    """(policy, actor) → the unbroken stretches in which the rule is possible; None: open."""
    found: dict[tuple[str, str], list[tuple[date, date | None]]] = {}
    for row in timeline.periods.itertuples():
        end = None if pd.isna(row.valid_to) else row.valid_to.date()
        stretches = found.setdefault((row.policy_id, row.actor), [])
        if stretches and stretches[-1][1] == row.valid_from.date():
            stretches[-1] = stretches[-1][0], end
        else:
            stretches.append((row.valid_from.date(), end))
    return found


def day_of(day: Any) -> date:
    return date.min if pd.isna(day) else day.date()


def happened(timeline: Timeline, kind: str) -> list[tuple[str, str, Span, Any]]:
    """(policy, actor, first and last day, row) of every event of a kind, one for each actor."""
    return [
        (row.policy_id, actor, (day_of(row.on_low), day_of(row.on_high)), row)
        for row in timeline.events.itertuples()
        if row.kind == kind
        for actor in row.applies_to.split(";")
    ]


def lies_in(day: date | None, span: Span) -> bool:
    return day is not None and span[0] <= day <= span[1]


@runs(60)
@given(rows=tables, known_at=knowledge, market=markets)
def test_every_event_touches_a_period_of_each_of_its_actors(rows, known_at, market):
    timeline = timeline_of(rows, known_at, market)
    assert timeline.events["event_id"].is_unique
    stretches = possible_runs(timeline)
    for policy, actor, span, _ in happened(timeline, "began"):
        starts = [start for start, _ in stretches.get((policy, actor), ())]
        assert any(lies_in(start, span) for start in starts), (policy, actor, span, starts)
    for policy, actor, span, row in happened(timeline, "ended"):
        own = stretches.get((policy, actor), ())
        assert any(
            lies_in(end, span) if row.certain else start < span[1] and (not end or span[0] <= end)
            for start, end in own
        ), (policy, actor, span, own)


@runs(60)
@given(rows=tables, known_at=knowledge, market=markets)
def test_every_beginning_and_end_of_a_period_has_its_event(rows, known_at, market):
    """A rule handed over with its measure and scope ends in the successor's one event; a rule that
    puts another off has the event of the rule that it puts off."""
    timeline = timeline_of(rows, known_at, market)
    began, ended = happened(timeline, "began"), happened(timeline, "ended")
    put_off = {
        (policy, actor)
        for row in timeline.events.itertuples()
        if "postponed" in row.effects.split(";")
        for policy in row.causes.split(";")
        for actor in row.applies_to.split(";")
    }
    heirs = {
        (old, row["policy_id"]) for row in rows for old in row.get("supersedes", "").split(";")
    }
    for (policy, actor), stretches in possible_runs(timeline).items():
        for start, end in stretches:
            told = [span for name, who, span, _ in began if (name, who) == (policy, actor)]
            assert any(lies_in(start, span) for span in told) or (policy, actor) in put_off
            told = [span for name, who, span, _ in ended if (name, who) == (policy, actor)]
            told += [
                span
                for name, who, span, row in began
                if who == actor and (policy, name) in heirs and "extended" in row.effects.split(";")
            ]
            assert end is None or any(lies_in(end, span) for span in told), (policy, actor, end)


@runs(60)
@given(rows=tables, known_at=knowledge)
def test_events_say_what_the_worlds_say(rows, known_at):
    check_events(rows, known_at)


def test_a_rule_begins_at_the_latest_on_the_day_before_what_ends_it():
    row = {**PLACE, "effective_on": "[..2021-02-22]", "expires_on": "2021-02-22"}
    check_events(complete([row]), None)


def check_events(rows: Sequence[Row], known_at: date | None) -> None:
    """Between which days each rule begins and ends over the worlds in which it does, whether in
    all of them, and by what."""
    timeline = timeline_of(rows, known_at)
    due = {}
    for pair in pairs_of(rows):
        due |= happenings(rows, *pair, known_at)
    got: dict[tuple[str, str, str], Any] = {}
    for kind in ("began", "ended"):
        for policy, actor, span, row in happened(timeline, kind):
            key = (kind, policy, actor)
            assert key not in got
            causes = {*row.causes.split(";")} - {""} | ({""} if row.own_terms else set())
            got[key] = (*span, bool(row.certain), causes)
    put_off = {
        ("began", row["policy_id"], actor)
        for row in rows
        if row["measure"] == "none"
        for actor in ACTORS
    }
    known = known_at.toordinal() if known_at else None
    doubted = {row["policy_id"] for row in rows if may_be_missing(row, known)}
    for key, (low, high, happens, causes) in due.items():
        certain = happens and not causes & doubted
        if key not in got and (key in put_off or key[0] == "ended"):
            continue  # told in one event with another: see the law above
        assert key in got, key
        assert got[key][1:3] == (high, certain), (key, got[key], low, high, certain)
        assert got[key][0] == low or low < FIRST - timedelta(days=1), (key, got[key], low)
        assert key[0] == "began" or got[key][3] == causes, (key, got[key], causes)
    assert got.keys() <= due.keys()


@runs(10)
@given(rows=tables, known_at=knowledge)
def test_explain_says_what_the_worlds_say(rows, known_at):
    check_explain(rows, known_at)


def check_explain(rows: Sequence[Row], known_at: date | None) -> None:
    """Of a city with no layer above it that has a rule, as a document: on each fourth day."""
    tables = record(rows)
    subjects = subjects_by_key(tables.subjects)
    if PLACE["subject_key"] not in subjects:
        return
    place = of_subject(subjects, subjects[PLACE["subject_key"]])
    asked = DAYS[::4]
    due = {actor: answers(rows, place.key, actor, asked, known_at, None) for actor in ACTORS}
    for day in asked:
        found = explain(tables, place, day, actors=ACTORS, known_at=known_at)["positions"]
        for actor in ACTORS:
            expected = replace(due[actor][day], prohibited_since=None)  # not in this document
            assert (day, actor, explained(found[actor])) == (day, actor, expected)


def explained(position: Mapping[str, Any] | None) -> Answer:
    if position is None:
        return NULL
    days = {side: position[side] and parse(position[side]) for side in ("since", "until")}
    least = position["at_least"]
    return Answer(
        measure=position["measure"],
        scope=position["scope"],
        certain=position["certain"],
        at_least=(least["measure"], least["scope"] or "") if least else None,
        policy_ids=frozenset(position["policy_ids"]),
        lifted=position["lifted"],
        **{side: (span.low, span.high) if span else None for side, span in days.items()},
    )


def check_ids(rows: Sequence[Row], known_at: date | None) -> None:
    """No two events of a calendar or a feed have one id."""
    tables = record(rows)
    coming = upcoming(tables, timeline_of(rows, known_at), FIRST - timedelta(3000), date.max)
    told = [{**event, "learnt_on": "2026-11-22", "edition": "e"} for event in coming["events"]]
    cases = (
        (calendar(coming, bills=True, todos=True).decode(), r"(?m)^UID:.*"),
        (feed({**coming, "learnt_through": "", "events": told}, bills=True), r"<id>.*</id>"),
    )
    for text, pattern in cases:
        found = re.findall(pattern, text)
        assert len(found) >= len(told)
        assert len(found) == len(set(found))


@runs(60)
@given(rows=tables, known_at=knowledge)
def test_the_state_of_a_rule_agrees_with_its_periods(rows, known_at):
    timeline = timeline_of(rows, known_at)
    stretches = possible_runs(timeline)
    actors = {row["policy_id"]: row["applies_to"].split(";") for row in rows}
    ends = {day for told in stretches.values() for run in told for day in run if day}
    near = {day + timedelta(n) for day in ends if day > date.min for n in (-1, 0, 1)}
    for day in sorted(near | set(DAYS)):
        held = periods_on(timeline, day)
        for row in states_on(timeline, day).itertuples():
            mine = held[held["policy_id"] == row.policy_id]
            told = [s for actor in actors[row.policy_id]
                    for s in stretches.get((row.policy_id, actor), ())]  # fmt: skip
            at = (day, row.policy_id, row.state)
            assert (row.state == "in_force") == bool(mine["certain"].any()), at
            assert (row.state == "uncertain") == (len(mine) > 0 and not mine["certain"].any()), at
            if row.state in ("scheduled", "proposed", "not_yet"):
                assert not told or any(start > day for start, _ in told), at
            if row.state in ("superseded", "expired"):
                assert all(end is not None and end <= day for _, end in told), at
            for actor in row.superseded_for.split(";") if row.superseded_for else ():
                own = stretches.get((row.policy_id, actor), ())
                assert all(end is not None and end <= day for _, end in own), (*at, actor)


@runs(40)
@given(rows=tables, known_at=knowledge, market=markets)
def test_states_of_a_rule_are_gapless_and_half_open(rows, known_at, market):
    states = timeline_of(rows, known_at, market).states
    for _, told in states.groupby("policy_id"):
        starts, ends = list(told["valid_from"]), list(told["valid_to"])
        assert pd.isna(starts[0]) or starts[0].date() == date.min
        assert ends[:-1] == starts[1:]
        assert pd.isna(ends[-1])
    assert set(states["policy_id"]) == {row["policy_id"] for row in rows}


@runs(60)
@given(rows=tables, known_at=st.sampled_from(DAYS))
def test_nothing_that_came_later_is_known(rows, known_at):
    """What was introduced, decided, found out or shown after the day is in no table."""
    timeline = timeline_of(rows, known_at)
    for row in timeline.policies.to_dict("records"):
        for column in ("introduced_on", "decided_on", "last_confirmed_on"):
            assert row[f"{column}_low"] <= known_at.toordinal(), (row["policy_id"], column)
            assert bool(row[column]) == (row[f"{column}_high"] > 0)
        if not row["decided_on"] and row["status"] not in OUTCOME_STATUSES:
            binds = row["status"] in BINDING_STATUSES
            assert binds or not (row["effective_on"] or row["expires_on"] or row["supersedes"])
    told = timeline.events
    recorded = told[~told["kind"].isin(["began", "ended"])]
    assert all(pd.isna(low) or low.date() <= known_at for low in recorded["on_low"])
    unheard = {row["policy_id"] for row in rows if decided_after(row, known_at.toordinal())}
    for table in (timeline.periods, told[told["kind"] != "introduced"]):
        assert not unheard & set(table["policy_id"])
    assert not unheard & {i for ids in timeline.positions["policy_ids"] for i in ids.split(";")}
    own = timeline.states[timeline.states["policy_id"].isin(unheard)]
    assert set(own["state"]) <= {"not_yet", "proposed"}
    assert not any(unheard & set(cause.split(";")) for cause in told["causes"])
