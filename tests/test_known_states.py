"""What the sources say held on a day, against what the record answers.

``known_states.csv`` is written from the sources, not from the program; anyone can add a line.
``expected``: ``null`` (no act recorded), ``none``, a measure, ``… (narrow)``, ``uncertain …``.
A line without ``actor`` asks about one rule: its ``subject`` is a policy_id, ``expected`` a state.
"""

from __future__ import annotations

import csv
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from frtracker.dates import parse_period
from frtracker.places.names import resolve
from frtracker.record import load as table
from frtracker.record.tables import slug
from frtracker.timeline import Timeline, build, positions_on, states_on

FILE = Path(__file__).with_name("known_states.csv")
with FILE.open(encoding="utf-8", newline="") as file:
    KNOWN = list(csv.DictReader(file))


@cache
def tables() -> table.Tables:
    return table.read()


@cache
def timeline(known_at: str) -> Timeline:
    day = parse_period(known_at).high if known_at else None
    return build(tables().policies, known_at=day)


@cache
def key_of(subject: str) -> str:
    return resolve(tables(), subject).key


def answer(as_of: str, known_at: str, subject: str, actor: str) -> str:
    if not actor:
        states = states_on(timeline(known_at), parse_period(as_of).high)
        [state] = states.loc[states["policy_id"] == subject, "state"]
        return str(state)
    key = key_of(subject)
    found = positions_on(timeline(known_at), parse_period(as_of).high)
    found = found[(found["subject_key"] == key) & (found["actor"] == actor)]
    if found.empty:
        return "null"
    position = found.iloc[0]
    narrow = " (narrow)" if position["scope"] == "narrow" else ""
    doubt = "" if position["certain"] else "uncertain "
    return f"{doubt}{position['measure']}{narrow}"


@pytest.mark.parametrize(
    "line",
    KNOWN,
    ids=[f"{n}-{slug(k['subject'])}-{k['as_of']}-{k['actor']}" for n, k in enumerate(KNOWN, 2)],
)
def test_the_record_answers_as_the_sources_do(line: dict[str, str]) -> None:
    said = answer(line["as_of"], line["known_at"], line["subject"], line["actor"])
    assert said == line["expected"], f"known_states.csv says so after {line['source']}"


def test_every_line_has_a_source() -> None:
    assert [line for line in KNOWN if not line["source"].startswith("http")] == []


def test_no_question_is_asked_twice() -> None:
    asked = Counter((k["as_of"], k["known_at"], k["subject"], k["actor"]) for k in KNOWN)
    assert [question for question, times in asked.items() if times > 1] == []
