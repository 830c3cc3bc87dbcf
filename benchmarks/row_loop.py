"""The positions of a day by a plain loop over rows, one subject and actor after the other.

Written from the sentences of the codebook; it shares no code with ``frtracker.timeline``. Of a day
that is known only as a range it tries every day that could make a difference, world by world.
More than 12 doubtful rules for one subject and actor are out of its scope.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import NamedTuple

import pandas as pd

NEVER = 4_000_000
ORDER = ("oversight", "restriction", "withdrawal", "moratorium", "ban")
Pair = tuple[str, str]
COLUMNS = (
    "policy_id", "subject_key", "subject_type", "country", "measure", "uses", "applies_to",
    "territory", "status", "supersedes", "confidence",
    *(
        f"{name}_{side}"
        for name in ("introduced_on", "decided_on", "effective_on", "expires_on", "reviewed_on")
        for side in ("low", "high")
    ),
)  # fmt: skip


class Answer(NamedTuple):
    """The strictest position that some world has, and the mildest; 0 is none, then narrow ones
    by ``ORDER``, then general ones."""

    rank: int
    lowest: int
    policy_ids: frozenset[str]
    territory: frozenset[str]


@dataclass(frozen=True, slots=True)
class Rule:
    policy_id: str
    rank: int
    first: int
    last: int
    end_first: int
    end_last: int
    doubted: bool
    counts: bool
    supersedes: frozenset[str]
    territory: str

    @property
    def doubtful(self) -> bool:
        return self.doubted or self.first < self.last or self.end_first < self.end_last


Fate = tuple[int, int]  # the first day, the first day after its own end
World = dict[str, tuple[Rule, int, int]]


def positions(policies: pd.DataFrame, as_of: date) -> dict[Pair, Answer]:
    """What holds on a day for everyone for whom an act is listed by then."""
    day = as_of.toordinal()
    rules: dict[Pair, list[Rule]] = {}
    listed: dict[Pair, int] = {}
    columns = [policies[name].tolist() for name in COLUMNS]
    for values in zip(*columns, strict=True):
        row = dict(zip(COLUMNS, values, strict=True))
        rule, since = _read(row)
        for actor in row["applies_to"].split(";"):
            pair = (row["subject_key"], actor)
            listed[pair] = min(since, listed.get(pair, NEVER))
            if rule:
                rules.setdefault(pair, []).append(rule)
    return {
        pair: _answer(rules.get(pair, []), day) for pair, since in listed.items() if since <= day
    }


def _read(row: dict) -> tuple[Rule | None, int]:
    """The rule of a row, if it binds, and the day from which the row is listed."""
    decided, decided_last = row["decided_on_low"], row["decided_on_high"]
    first, last = row["effective_on_low"], row["effective_on_high"]
    if not last:
        first, last = decided, decided_last
    elif first < decided <= last:
        first = decided
    binds = row["status"] in ("adopted", "announced") and last > 0
    dated = [
        row[f"{name}_high"] if row[f"{name}_low"] == 1 else row[f"{name}_low"]
        for name in ("introduced_on", "decided_on")
    ]
    listed = [day for day in (*dated, first if binds else 0) if day]
    since = min(listed) if listed else row["reviewed_on_low"]
    if not binds:
        return None, since
    places = row["territory"].split(";")
    rule = Rule(
        policy_id=row["policy_id"],
        rank=_rank(row["measure"], row["uses"]),
        first=first,
        last=last,
        end_first=row["expires_on_low"] or NEVER,
        end_last=row["expires_on_high"] or NEVER,
        doubted=row["confidence"] == "low",
        counts=row["subject_type"] != "vendor" or places == [""] or row["country"] in places,
        supersedes=frozenset(row["supersedes"].split(";")),
        territory=row["territory"],
    )
    return rule, since


def _rank(measure: str, uses: str) -> int:
    return 0 if measure == "none" else ORDER.index(measure) + 1 + 5 * (uses == "any")


def _answer(rules: list[Rule], day: int) -> Answer:
    highest, lowest, makers = _outlook(rules, day)
    return Answer(
        highest,
        lowest,
        frozenset(rule.policy_id for rule in makers),
        _where(makers),
    )


def _where(makers: list[Rule]) -> frozenset[str]:
    """Wherever one of the rules holds; empty: everywhere."""
    if any(rule.territory == "" for rule in makers):
        return frozenset()
    return frozenset(code for rule in makers for code in rule.territory.split(";"))


def _outlook(rules: list[Rule], day: int) -> tuple[int, int, list[Rule]]:
    """The strictest and the mildest position that some world has, and the rules that make the
    strictest."""
    ranks: set[int] = set()
    held: dict[str, Rule] = {}
    for world in _worlds(rules, day):
        now = [rule for rule in _in_force(world, day) if rule.counts]
        ranks.add(max((rule.rank for rule in now), default=0))
        held.update((rule.policy_id, rule) for rule in now)
    return max(ranks), min(ranks), [rule for rule in held.values() if rule.rank == max(ranks)]


def _worlds(rules: list[Rule], day: int) -> Iterator[World]:
    orders = _days_around(rules) if any(rule.doubtful for rule in rules) else []
    fates = [list(_fates(rule, day, orders)) for rule in rules]
    for chosen in product(*fates):
        yield {
            rule.policy_id: (rule, *fate) for rule, fate in zip(rules, chosen, strict=True) if fate
        }


def _days_around(rules: list[Rule]) -> list[int]:
    """Days that let the starts of repeals and of what they lift fall in any order; none where
    their order is known."""
    by_id = {rule.policy_id: rule for rule in rules}
    found = set()
    for repeal in (rule for rule in rules if rule.rank == 0):
        for old in (by_id[name] for name in repeal.supersedes if name in by_id):
            if repeal.last > old.first and repeal.first <= old.last:
                found |= {repeal.first, repeal.last, old.first, old.last}
    near = range(-len(rules), len(rules) + 1)
    return sorted({day + step for day in found for step in near})


def _fates(rule: Rule, day: int, orders: list[int]) -> Iterator[Fate | None]:
    if rule.doubted:
        yield None
    if rule.first == rule.last:
        starts = [rule.first]
    else:
        watched = {min(max(rule.first, day), rule.last), rule.last, min(rule.last, day + 1)}
        starts = sorted(watched | {at for at in orders if rule.first <= at <= rule.last})
    ends = {rule.end_first if rule.end_first <= day else rule.end_last, rule.end_last}
    yield from product(starts, ends)


def _in_force(world: World, day: int) -> Iterator[Rule]:
    begun = {name for name, (_, start, _) in world.items() if start <= day and _begins(world, name)}
    ended = {old for name in begun for old in world[name][0].supersedes}
    for name in begun - ended:
        rule, _, end = world[name]
        if day < end:
            yield rule


def _begins(world: World, name: str) -> bool:
    """A repeal on or before its start, that itself begins, keeps a rule from beginning."""
    start = world[name][1]
    return not any(
        rule.rank == 0 and name in rule.supersedes and at <= start and _begins(world, other)
        for other, (rule, at, _) in world.items()
    )
