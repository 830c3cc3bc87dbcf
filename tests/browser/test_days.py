"""The page answers as ``status`` does, on every day and for every actor."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from frtracker.vocabulary import ACTORS

pytestmark = pytest.mark.browser

ANSWER = """([number, actor]) => {
  const { days, data } = FR;
  const day = days.number(number);
  const entries = data.subjects.map((_, i) => days.entry(i, day, days.actorsOf(actor)));
  return Object.fromEntries(entries.filter(Boolean).map((entry) => {
    const every = days.entry(entry.subject, day, days.actorsOf("anyone"));
    const positions = Object.fromEntries(Object.entries(every.rows).map(
      ([name, row]) => [name, days.position(row, day)]));
    const acts = Object.fromEntries(days.actsOf[entry.subject].map(
      (act) => [data.policies[act].id, days.state(act, day)]));
    return [data.subjects[entry.subject].key, {
      headline: days.headline(entry), positions, acts, live: entry.live,
      scheduled: entry.scheduled, next: days.nextChange(entry.subject, day)}];
  }));
}"""
HEADLINE = ("measure", "scope", "for", "certain", "since", "until")
POSITION = (
    "measure", "scope", "certain", "at_least", "since", "until", "ends_when", "start_presumed",
    "continuation_presumed", "lifted", "territory", "policy_ids",
)  # fmt: skip
CHANGE = ("actors", "measure", "scope", "certain")
STATE = ("state", "certain", "superseded_for", "start_presumed", "continuation_presumed")


def only(record, names):
    return {name: record[name] for name in names}


def by_id(rules):
    return sorted(rules, key=lambda rule: rule["policy_id"])


def said_by_status(document, live):
    """The status document in the form of the page's answer."""
    found = {}
    for entry in document["subjects"]:
        change = entry["next_change"]
        found[entry["key"]] = {
            "headline": only(entry, HEADLINE),
            "positions": {
                actor: {**only(held, POSITION), "also": by_id(held["also"])}
                for actor, held in entry["positions"].items()
                if held
            },
            "acts": {row["policy_id"]: only(row, STATE) for row in entry["policies"]},
            "live": entry["key"] in live,
            "next": change and {"on": change["on"], **only(change["changes"][0], CHANGE)},
        }
    return found


def said_by_page(answer):
    found = {}
    for key, entry in answer.items():
        found[key] = {
            "headline": only(entry["headline"], HEADLINE),
            "positions": {
                actor: {**only(held, POSITION), "also": by_id(held["also"])}
                for actor, held in entry["positions"].items()
            },
            "acts": {
                policy: only(state, STATE)
                for policy, state in entry["acts"].items()
                if state["state"] != "not_yet"
            },
            "live": entry["live"],
            "next": entry["next"],
        }
    return found


DATES = ("introduced_on", "decided_on", "effective_on", "expires_on", "last_confirmed_on")


def turning_days(record, count):
    """Days on which a position begins or ends, first and last days that a row records, their eves
    and morrows, and days in between."""
    starts = record.timeline.positions["start"]
    turns = sorted({each.date() for each in starts if each.year > 2000})
    rows = record.timeline.policies
    named = sorted(
        {
            date.fromordinal(ordinal)
            for name in DATES
            for end in ("low", "high")
            for ordinal in rows[f"{name}_{end}"]
            if ordinal > date(2000, 1, 1).toordinal()
        }
    )
    chance = random.Random(7)
    chosen = [
        day + timedelta(days=n)
        for days in (turns, named)
        for n in (-1, 0, 1)
        for day in chance.sample(days, min(count, len(days)))
    ]
    between = [date(chance.randint(2012, 2027), chance.randint(1, 12), 15) for _ in range(count)]
    return sorted({*chosen, *between})


def compare(record, page, day, actor):
    everything = record.status(day, actor=actor)
    listed = record.status(day, actor=actor, everything=False)["subjects"]
    live = {each["key"] for each in listed}
    found = said_by_page(page.evaluate(ANSWER, [day.isoformat(), actor or "anyone"]))
    wanted = said_by_status(everything, live)
    assert found.keys() == wanted.keys(), (day, actor)
    for key, entry in wanted.items():
        assert found[key] == entry, (day, actor, key)


@pytest.mark.parametrize("actor", ["", *ACTORS])
def test_the_small_record(small, open_page, actor):
    page = open_page(small.page).page
    for day in turning_days(small, 10):
        compare(small, page, day, actor)


@pytest.mark.parametrize("actor", ["", *ACTORS])
def test_the_shipped_record(shipped, open_page, actor):
    page = open_page(shipped.page).page
    for day in turning_days(shipped, 12):
        compare(shipped, page, day, actor)


def test_a_day_is_read_as_as_of_reads_it(small, open_page):
    page = open_page(small.page).page
    read = (
        "text => { const n = FR.days.number(text); return n === undefined ? null : FR.days.iso(n) }"
    )
    for text, day in [
        ("2021", "2021-12-31"),
        ("2020-02", "2020-02-29"),
        ("2021-06-15", "2021-06-15"),
        ("2021-02-30", None),
        ("2021-13", None),
        ("June", None),
        ("", None),
    ]:
        assert page.evaluate(read, text) == day


def test_the_counts_are_those_of_status(shipped, open_page):
    page = open_page(shipped.page).page
    for text, actor in [("2021-06-30", "police"), ("2020-01-31", ""), ("2026-11-22", "private")]:
        day = date.fromisoformat(text)
        page.evaluate(
            "([day, actor]) => FR.app.go(FR.days.number(day), actor)", [text, actor or "anyone"]
        )
        counts = shipped.status(day, actor=actor)["counts"]
        groups = [counts["places"], counts["agencies"]]
        found = page.evaluate("FR.legend.counts()")
        for scope in ("general", "narrow"):
            for measure in groups[0][scope]:
                total = sum(group[scope][measure] for group in groups)
                assert found.get(f"{measure} {scope}", 0) == total, (text, actor, measure, scope)
        for name in ("none", "uncertain"):
            assert found.get(name, 0) == sum(group[name] for group in groups)
