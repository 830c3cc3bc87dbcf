"""The page answers as ``status`` does, on every day and for every actor."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from hypothesis import settings

from frtracker import wording
from frtracker.page.history import FLAGS, doubts_of, lines_of, look_for
from frtracker.vocabulary import ACTORS

pytestmark = pytest.mark.browser

ANSWER = """([number, actor]) => {
  const { days, data } = FR;
  const day = days.number(number);
  const entries = data.subjects.map((_, i) => days.entry(i, day, actor));
  return Object.fromEntries(entries.filter((entry) => entry?.named).map((entry) => {
    const next = days.next(entry.subject, day, actor);
    const acts = days.listed(entry.subject, day).map(
      ([act, { state, text }]) => [data.policies[act].id, [state, text]]);
    return [data.subjects[entry.subject].key, {
      measure: entry.measure, scope: entry.scope || null, certain: entry.certain,
      applies_to: entry.rank ? days.actorCodes(entry.actors) : [], since: entry.since_on || null,
      until: entry.until_on || null, live: entry.live, scheduled: entry.scheduled,
      text: entry.text, facts: entry.facts, answer: entry.answer,
      next: next ? next.text : "", next_on: next ? days.iso(next.on) : null,
      lines: days.block(entry.subject, day).lines.map(({ actors, look, facts, others }) =>
        [actors, look ? look.position : null, facts, others]),
      doubts: days.block(entry.subject, day).doubts.map(
        ([act, reasons]) => [data.policies[act].id, reasons]).sort(),
      behind: days.behind(entry.subject, day).map((policy) => policy.id).sort(),
      acts: Object.fromEntries(acts)}];
  }));
}"""
HEADLINE = ("measure", "scope", "applies_to", "certain", "since", "until")
LIVE = ("in_force", "uncertain", "scheduled")


def filled(template, look):
    """A template with what the page fills in of a look."""
    names = ("position", "who", "facts", "since", "until", "whom")
    for name, text in zip(names, look[4:], strict=False):
        template = template.replace(f"{{{name}}}", text)
    return template


def shown_by_status(document, chosen, live):
    """What the page has to show, of the status document of the day."""
    found = {}
    for entry in document["subjects"]:
        positions = {actor: each for actor, each in entry["positions"].items() if each}
        rules, change = entry["policies"], entry["next_change"]
        kind = entry["subject_type"]
        looks = {actor: look_for([actor], positions, rules, kind) for actor in ACTORS}
        look = look_for(chosen, positions, rules, kind)
        behind = [row for row in rules if row["state"] in LIVE]
        found[entry["subject_key"]] = {
            **{name: entry[name] for name in HEADLINE},
            "live": entry["subject_key"] in live,
            "scheduled": (look.flags & FLAGS["scheduled"]) > 0,
            "text": filled(look[3], look),
            "facts": filled(look[6], look),
            "answer": filled(look[10], look),
            "next": wording.next_change(change),
            "next_on": change and change["on"],
            "lines": [
                [who, shown and shown[4], filled(facts, shown) if shown else facts, list(others)]
                for who, shown, facts, others in lines_of(positions, looks)
            ],
            "doubts": sorted([*doubt] for doubt in doubts_of(positions, rules)),
            "behind": sorted(row["policy_id"] for row in behind),
            "acts": {
                row["policy_id"]: [row["state"], wording.state(row, doubt=True)] for row in rules
            },
        }
    return found


DATES = ("introduced_on", "decided_on", "effective_on", "expires_on", "last_confirmed_on")


def turning_days(record, count):
    """Days on which a position begins or ends, first and last days that a row records, their eves
    and morrows, and days in between."""
    starts = record.timeline.positions["valid_from"]
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
    live = {each["subject_key"] for each in listed}
    found = page.evaluate(ANSWER, [day.isoformat(), actor or "anyone"])
    wanted = shown_by_status(everything, (actor,) if actor else ACTORS, live)
    assert found.keys() == wanted.keys(), (day, actor)
    for key, entry in wanted.items():
        if not entry["behind"]:  # the latest of those that are over
            assert len(found[key]["behind"]) == 1
            entry["behind"] = found[key]["behind"]
        assert found[key] == entry, (day, actor, key)


@pytest.mark.parametrize("actor", ["", *ACTORS])
def test_the_small_record(small, open_page, actor):
    page = open_page(small.page).page
    for day in turning_days(small, settings().max_examples // 12):
        compare(small, page, day, actor)


@pytest.mark.parametrize("actor", ["", *ACTORS])
def test_the_shipped_record(shipped, open_page, actor):
    page = open_page(shipped.page).page
    for day in turning_days(shipped, settings().max_examples // 12):
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


NONE = """() => FR.view.entries.filter((entry) => entry?.named && !entry.rank && entry.certain
  && !FR.legend.isMarketed(entry.subject)).length"""


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
        wanted = {
            measure: sum(group["general"][measure] for group in groups)
            for measure in groups[0]["general"]
        }
        wanted["narrow"] = sum(sum(group["narrow"].values()) for group in groups)
        wanted["uncertain"] = sum(group["uncertain"] for group in groups)
        assert {name: found.get(name, 0) for name in wanted} == wanted, (text, actor)
        counted = page.evaluate(NONE)
        assert counted == sum(group["none"] for group in groups)
