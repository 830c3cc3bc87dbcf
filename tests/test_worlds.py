"""Doubt upon doubt: chains of repeals inside one interval, and more worlds than can be held."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest

from frtracker.timeline import Timeline, build, outlook, periods_on
from frtracker.timeline import worlds as engine
from frtracker.timeline.outlook import given_up
from frtracker.timeline.rules import read_rules
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
        rule("ban", "[2021-03-01..2021-03-05]", "before"),
        lift("gone", "[2021-03-02..2021-03-06]", "ban"),
    ],
    "a repeal may come on the same day": [
        BEFORE,
        rule("ban", "[2021-03-01..2021-03-03]", "before"),
        lift("gone", "[2021-03-03..2021-03-05]", "ban"),
    ],
    "a repeal comes after": [
        BEFORE,
        rule("ban", "[2021-03-01..2021-03-03]", "before"),
        lift("gone", "[2021-03-04..2021-03-05]", "ban"),
    ],
    "a repeal of a repeal": [
        BEFORE,
        rule("ban", "[2021-03-01..2021-03-04]", "before"),
        lift("gone", "[2021-03-02..2021-03-05]", "ban"),
        lift("back", "[2021-03-01..2021-03-05]", "gone"),
    ],
    "five in five days": [
        BEFORE,
        rule("ban", "[2021-03-01..2021-03-05]", "before"),
        *(
            lift(f"lift-{n}", "[2021-03-01..2021-03-05]", "ban" if n == 0 else f"lift-{n - 1}")
            for n in range(4)
        ),
    ],
    "two repeals of one rule": [
        BEFORE,
        rule("ban", "[2021-03-01..2021-03-05]", "before"),
        lift("gone", "[2021-03-02..2021-03-03]", "ban"),
        {**lift("gone-too", "[2021-03-01..2021-03-06]", "ban"), "confidence": "low"},
    ],
    "a hand-over": [
        BEFORE,
        rule("ban", "[2021-03-01..2021-03-05]", "before"),
        rule("milder", "[2021-03-02..2021-03-06]", "ban", "restriction"),
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
        (table["valid_from"] <= at) & (table["valid_to"].isna() | (at < table["valid_to"]))
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
        rule("ban", "[2021-03-01..2021-03-05]"),
        lift("gone", "[2022-03-10..2022-03-12]", "ban"),
    ]
    (row,) = positions(rows).loc[lambda t: t["policy_ids"].eq("ban") & t["certain"]].itertuples()
    days = ("valid_from", "valid_to", "since_low", "since_high", "until_low", "until_high")
    assert [str(getattr(row, name).date()) for name in days] == [
        "2021-03-05",
        "2022-03-10",
        "2021-03-01",
        "2021-03-05",
        "2022-03-10",
        "2022-03-12",
    ]
    assert (str(row.prohibited_since_low.date()), str(row.prohibited_since_high.date())) == (
        "2021-03-01",
        "2021-03-05",
    )


SURE = rule("z", "2023-01-01")
YEAR = "2021"


def chain(count: int) -> Rows:
    """Bans of low confidence, each on some day of a year of its own in place of the one before."""
    return [
        {**rule(f"r{n}", str(2000 + n), f"r{n - 1}" if n else ""), "confidence": "low"}
        for n in range(count)
    ]


MANY: dict[str, Rows] = {
    "four bans, three of them repealed in the same year": [
        {**row, "decided_on": "2020-06-01", "effective_on": YEAR}
        for row in (
            rule("r0", ""),
            *(rule(f"r{n}", "", f"r{n - 1}") for n in (1, 2, 3)),
            *(lift(f"x{n}", "", f"r{n + 1}") for n in (0, 1, 2)),
        )
    ],
    "twelve in one chain": chain(12),
    "twelve unlinked": [
        {**rule(f"r{n}", str(2000 + n)), "expires_on": "2022", "measure": "moratorium"}
        for n in range(12)
    ],
    "six bans with six repeals": [
        *(rule(f"r{n}", YEAR, f"r{n - 1}" if n else "") for n in range(6)),
        *(lift(f"x{n}", YEAR, f"r{n}") for n in range(6)),
    ],
    "a dozen repeals of one another": [
        BEFORE,
        rule("ban", YEAR, "before"),
        *(lift(f"lift-{n}", YEAR, "ban" if n == 0 else f"lift-{n - 1}") for n in range(11)),
    ],
    "a dozen repeals of one rule": [
        BEFORE,
        rule("ban", YEAR, "before"),
        *(lift(f"lift-{n}", YEAR, "ban") for n in range(12)),
    ],
}
KNOT: Rows = [
    BEFORE,
    *(rule(f"r{n}", YEAR, "before", "moratorium") for n in range(7)),
    *(
        lift(f"x{n}", YEAR, ";".join(sorted(f"r{(n + step) % 7}" for step in (0, 1, 3))))
        for n in range(7)
    ),
]
"""Each of seven repeals may come before three of seven rules, or after: more orders than are looked
at."""


@pytest.mark.parametrize("rows", MANY.values(), ids=MANY.keys())
def test_what_is_certain_in_every_world_is_certain_beside_any_doubt(rows):
    table = positions([*rows, SURE])
    assert on(table, date(2026, 1, 1))[:2] == ("ban", True)
    assert given_up(read_rules(policies([*rows, SURE]))) == []


def test_more_orders_than_are_looked_at_are_uncertain_for_their_own_group_alone():
    day = date(2021, 6, 15)
    (members,) = given_up(read_rules(policies(KNOT)))
    assert len(members) == len(KNOT)
    assert on(positions(KNOT), day)[:3] == ("moratorium", False, None)
    restriction = rule("sure", "2020-01-01", measure="restriction")
    assert on(positions([*KNOT, restriction]), day)[:3] == ("moratorium", False, "restriction")
    assert on(positions([*KNOT, SURE]), date(2023, 1, 1))[:2] == ("ban", True)
    timeline = build(policies([*KNOT, SURE]))
    assert {"began", "ended"} <= set(timeline.events["kind"])
    assert not timeline.events.loc[timeline.events["policy_id"].eq("r0"), "certain"].iloc[-1]


EVERYTHING = {**CONTESTED, **MANY}


@pytest.mark.parametrize("cells", [2, 20, 60])
@pytest.mark.parametrize("rows", EVERYTHING.values(), ids=EVERYTHING.keys())
def test_what_may_hold_may_hold_where_worlds_are_too_many(rows, cells, monkeypatch):
    """A repeal may come before what it lifts, which then ends nothing: what came before goes on."""
    every = build(policies(rows))
    monkeypatch.setattr(engine, "MAX_CELLS", cells)
    few = build(policies(rows))
    assert_lives_lie_inside(every, few)
    for day in [*DAYS, date(2022, 6, 1), date(2026, 1, 1)]:
        due, told = certain_on(every, day), certain_on(few, day)
        assert due.keys() <= told.keys()
        assert all(due.get(policy_id, False) for policy_id in told if told[policy_id])


def assert_lives_lie_inside(every: Timeline, few: Timeline) -> None:
    """What fewer worlds say of the life of a rule leaves room for what all of them say."""
    for exact, wide in zip(every.lives, few.lives, strict=True):
        for kind in ("began", "ended"):
            if exact[f"{kind}_high"]:
                assert wide[f"{kind}_low"] <= exact[f"{kind}_low"]
                assert wide[f"{kind}_high"] >= exact[f"{kind}_high"]
            assert wide[f"{kind}_certain"] <= exact[f"{kind}_certain"]
        assert wide["over"] >= exact["over"]
        assert wide["own_terms"] >= exact["own_terms"]
        assert exact["causes"] & ~wide["causes"] == 0


def certain_on(timeline: Timeline, day: date) -> dict[str, bool]:
    rows = periods_on(timeline, day)
    return dict(zip(rows["policy_id"], rows["certain"], strict=True))


IN_TURN: Rows = [
    rule("a", "2021-03-01"),
    {**rule("b", "[2021-06-01..2021-06-30]", "a"), "expires_on": "2022-06"},
    rule("c", "2023-02-01", "b", "oversight"),
    lift("x", "[2023-06-01..2023-09-30]", "c"),
]
LIVES = {
    1: """
        a began 2021-03-01 2021-03-01 False False
        b began 2021-06-01 2021-06-30 False False
        a ended 2021-03-01 2021-06-30 False False b
        b ended 2021-06-01 2022-06-30 False True c
        c began 2023-02-01 2023-02-01 False False
        x began 2023-06-01 2023-09-30 False False
        c ended 2023-02-01 2023-09-30 False False x""",
    8: """
        a began 2021-03-01 2021-03-01 True False
        b began 2021-06-01 2021-06-30 True False
        b ended 2022-06-01 2022-06-30 True True c
        c began 2023-02-01 2023-02-01 True False
        x began 2023-06-01 2023-09-30 True False
        c ended 2023-06-01 2023-09-30 True False x""",
}
"""Where not one day, and where each day by itself, can be told out: id, kind, first and last day,
whether certain, whether by its own terms, the rules that may be the cause."""


@pytest.mark.parametrize("cells", LIVES)
def test_each_event_keeps_the_days_that_it_can_have(cells, monkeypatch):
    monkeypatch.setattr(engine, "MAX_CELLS", cells)
    told = [
        f"{row.policy_id} {row.kind} {row.on_low:%Y-%m-%d} {row.on_high:%Y-%m-%d} {row.certain}"
        f" {row.own_terms} {row.causes}".rstrip()
        for row in build(policies(IN_TURN)).events.itertuples()
    ]
    assert told == [line.strip() for line in LIVES[cells].strip().splitlines()]
    lost = given_up(read_rules(policies(IN_TURN)))
    assert len(lost) == (cells == 1)  # that each day by itself can be told out is enough


@pytest.mark.parametrize("cells", [1, 8])
def test_a_repeal_that_may_have_come_before_a_rule_does_not_end_it(cells, monkeypatch):
    monkeypatch.setattr(engine, "MAX_CELLS", cells)
    rows = [rule("a", "2021-03-01"), {**lift("x", "2021-01-01", "a"), "confidence": "low"}]
    events = build(policies(rows)).events
    assert [*zip(events["policy_id"], events["kind"], strict=True)] == [
        ("x", "began"),
        ("a", "began"),
    ]


def test_a_chain_of_a_thousand_rules_is_followed():
    rows = [
        rule(f"r{n:04d}", (date(2000, 1, 1) + timedelta(n)).isoformat(), f"r{n - 1:04d}" * (n > 0))
        for n in range(1000)
    ]
    assert on(positions(rows), date(2026, 1, 1)) == ("ban", True, None, {"r0999"})


def test_places_with_rules_of_one_shape_are_told_out_in_halves(monkeypatch):
    """Side by side they have too many worlds, each by itself has not: none is left out; and so
    where they are more than are read at a time."""
    rows = [
        {**rule(f"{name}{n}", f"[2021-0{month}-0{n}..2021-0{month}-0{n + 2}]"), "subject_key": name}
        for month, name in enumerate("abcdefgh", 1)
        for n in (1, 2)
    ]
    whole = build(policies(rows))
    monkeypatch.setattr(engine, "_BLOCK", 3)
    blocks = build(policies(rows))
    pd.testing.assert_frame_equal(blocks.positions, whole.positions)
    monkeypatch.undo()
    monkeypatch.setattr(outlook, "_ABREAST", 4)
    monkeypatch.setattr(engine, "MAX_CELLS", 150)
    halved = build(policies(rows))
    assert given_up(read_rules(policies(rows))) == []
    pd.testing.assert_frame_equal(halved.positions, whole.positions)
    pd.testing.assert_frame_equal(halved.events, whole.events)
