"""Doubt upon doubt: chains of repeals inside one interval, and more worlds than can be held."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest

from frtracker.timeline import build
from reference import answers
from tables import policies

KEY = "us-ma-springfield"
DAYS = [date(2021, 2, 26) + timedelta(days=n) for n in range(14)]

Rows = list[dict[str, str]]


def rule(policy_id: str, days: str, supersedes: str = "", measure: str = "ban") -> dict[str, str]:
    return {
        "policy_id": policy_id,
        "measure": measure,
        "decided_on": days,
        "supersedes": supersedes,
    }


def lift(policy_id: str, days: str, supersedes: str) -> dict[str, str]:
    return rule(policy_id, days, supersedes, "none")


BEFORE = rule("before", "2019-01-01", measure="oversight")
CONTESTED: dict[str, Rows] = {
    "a repeal may come first": [
        BEFORE,
        rule("ban", "2021-03-01/2021-03-05", "before"),
        lift("gone", "2021-03-02/2021-03-06", "ban"),
    ],
    "a repeal may come on the same day": [
        BEFORE,
        rule("ban", "2021-03-01/2021-03-03", "before"),
        lift("gone", "2021-03-03/2021-03-05", "ban"),
    ],
    "a repeal comes after": [
        BEFORE,
        rule("ban", "2021-03-01/2021-03-03", "before"),
        lift("gone", "2021-03-04/2021-03-05", "ban"),
    ],
    "a repeal of a repeal": [
        BEFORE,
        rule("ban", "2021-03-01/2021-03-04", "before"),
        lift("gone", "2021-03-02/2021-03-05", "ban"),
        lift("back", "2021-03-01/2021-03-05", "gone"),
    ],
    "five in five days": [
        BEFORE,
        rule("ban", "2021-03-01/2021-03-05", "before"),
        *(
            lift(f"lift-{n}", "2021-03-01/2021-03-05", "ban" if n == 0 else f"lift-{n - 1}")
            for n in range(4)
        ),
    ],
    "two repeals of one rule": [
        BEFORE,
        rule("ban", "2021-03-01/2021-03-05", "before"),
        lift("gone", "2021-03-02/2021-03-03", "ban"),
        {**lift("gone-too", "2021-03-01/2021-03-06", "ban"), "confidence": "low"},
    ],
    "a hand-over": [
        BEFORE,
        rule("ban", "2021-03-01/2021-03-05", "before"),
        rule("milder", "2021-03-02/2021-03-06", "ban", "restriction"),
    ],
}
OVER: Rows = [
    {
        "policy_id": f"over-{year}",
        "measure": "moratorium",
        "decided_on": f"{year}-03",
        "expires_on": f"{year}-06",
    }
    for year in range(2001, 2007)
]
"""Six rules that ended years ago: sixteen million worlds, of which a later day sees one."""


def positions(rows: Rows) -> pd.DataFrame:
    return build(policies(rows)).positions


def on(table: pd.DataFrame, day: date) -> tuple[object, ...]:
    at = pd.Timestamp(day)
    (row,) = table[
        (table["start"] <= at) & (table["end"].isna() | (at < table["end"]))
    ].itertuples()
    least = row.at_least_measure or None
    return row.measure, row.certain, least, frozenset(row.policy_ids.split(";")) - {""}


@pytest.mark.parametrize("rows", CONTESTED.values(), ids=CONTESTED.keys())
def test_the_order_of_doubtful_starts_is_followed(rows):
    table, due = positions(rows), answers(rows, KEY, "police", DAYS)
    for day in DAYS:
        said = due[day]
        least = said.at_least[0] if said.at_least else None
        assert (day, *on(table, day)) == (
            day,
            said.measure,
            said.certain,
            least,
            said.policy_ids,
        )


@pytest.mark.parametrize("rows", CONTESTED.values(), ids=CONTESTED.keys())
def test_what_ended_long_ago_changes_nothing(rows):
    alone, after = positions(rows), positions([*OVER, *rows])
    assert [on(after, day) for day in DAYS] == [on(alone, day) for day in DAYS]


def test_days_are_told_one_by_one_where_worlds_are_too_many():
    rows = [
        *OVER,
        rule("ban", "2021-03-01/2021-03-05"),
        lift("gone", "2022-03-10/2022-03-12", "ban"),
    ]
    (row,) = positions(rows).loc[lambda t: t["policy_ids"].eq("ban") & t["certain"]].itertuples()
    days = ("start", "end", "since_low", "since_high", "until_low", "until_high")
    assert [str(getattr(row, name).date()) for name in days] == [
        "2021-03-05",
        "2022-03-10",
        "2021-03-01",
        "2021-03-05",
        "2022-03-10",
        "2022-03-12",
    ]
    assert (str(row.prohibited_low.date()), str(row.prohibited_high.date())) == (
        "2021-03-01",
        "2021-03-05",
    )


def test_where_not_even_one_day_can_be_counted_all_that_may_hold_is_uncertain():
    chain = [
        BEFORE,
        rule("ban", "2021", "before"),
        *(lift(f"lift-{n}", "2021", "ban" if n == 0 else f"lift-{n - 1}") for n in range(11)),
    ]
    assert on(positions(chain), date(2021, 6, 15)) == ("ban", False, None, {"ban"})
