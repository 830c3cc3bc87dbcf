"""How many people live where a rule applies, for each actor on any day; nobody counted twice.

A person lives in the innermost recorded place, and counts by the strictest rule of that place and
of the county, state and country around it, each for its own bodies: its agencies' rules and those
of others that reach it included. So the figure says for how many people *one of their own
governments* has a rule, not what every body at work there may do. The rules of a federation for
its own bodies alone (``reach``: own) are left out: nobody's own police is meant by them. A country
is taken for one if a state or province of it is on record.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from frtracker.layers import Readings, layers, parts_in, spells
from frtracker.places.place import of_subject
from frtracker.places.subjects import Subject
from frtracker.timeline.days import OPEN
from frtracker.timeline.rules import RANK, RANKED
from frtracker.vocabulary import ACTORS, PLACE_TYPES, PROHIBITING_MEASURES

_PROHIBITED: Final = min(RANK[measure, "general"] for measure in PROHIBITING_MEASURES)

_MEMBERS: Final = " (its members that are not on record)"
_SPELL: Final = ["start", "end", "low", "high", "home"]

Ranks = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Home:
    """A recorded place. ``people``: those who live in no recorded place inside it, 0 where no
    number is on record, and of a union: its rules need not apply in all of its members, of which
    each recorded one counts by itself. ``around``: its number in the list of the nearest recorded
    place around it, which comes before it, or -1."""

    subject: Subject
    people: int
    around: int
    is_counted: bool


class Range(NamedTuple):
    """Certainly ``low`` people, possibly ``high``."""

    low: int
    high: int


class Count(NamedTuple):
    """The people of one actor on one day. ``levels``: by rank (places in ``RANKED``), the strictest
    first, those with this rule or a stricter one; a rank that adds none is left out.
    ``prohibited``: with a general ban, moratorium or withdrawal. ``not_counted``: the places with a
    rule that no place around them has, whose number of people is not on record, or of a union not
    of all members; ``prohibited_is_least``: one of them has or may have such a prohibition."""

    prohibited: Range
    levels: Mapping[int, Range]
    not_counted: tuple[str, ...] = ()
    prohibited_is_least: bool = False


class People:
    """The people under the rules of ``readings`` in the places among ``subjects``, all of them by
    key. ``keys``: whose rules count, all by default."""

    def __init__(
        self,
        readings: Readings,
        subjects: Mapping[str, Subject],
        keys: Collection[str] | None = None,
    ) -> None:
        federations = {it.country for it in subjects.values() if it.subject_type == "state"}
        self.homes = _homes(subjects)
        self._steps: dict[str, tuple[Ranks, Ranks, Ranks]] = {}
        parts = []
        for at, home in enumerate(self.homes):
            if keys is None or home.subject.key in keys:
                place = of_subject(subjects, home.subject)
                of = layers(subjects, place)
                if place.level == "country" and place.country in federations:
                    of = tuple(replace(it, role="above") if it.role == "place" else it for it in of)
                own = parts_in(readings, place, of, tuple(ACTORS))
                parts.append(spells(own, ["actor"]).assign(home=at))
        self._spells = pd.concat(parts) if parts else pd.DataFrame(columns=["actor", *_SPELL])

    def on(self, actor: str, day: date) -> Count:
        """Of one day."""
        days, low, high = self._ranks(actor)
        at = int(np.searchsorted(days, day.toordinal(), side="right")) - 1
        if at < 0:
            return Count(Range(0, 0), {})
        return self._count(low[at], high[at])

    def steps(self, actor: str) -> Iterator[tuple[int, Count]]:
        """Each day (ordinal) on which a rule changes, with the people from that day on."""
        for day, low, high in zip(*self._ranks(actor), strict=True):
            yield int(day), self._count(low, high)

    def _ranks(self, actor: str) -> tuple[Ranks, Ranks, Ranks]:
        """The days on which something changes, and for each the lowest and the highest rank of each
        home: what it has itself, or what is around it if that is higher."""
        if actor not in self._steps:
            own = self._spells[self._spells["actor"] == actor]
            days = np.unique(own[["start", "end"]].to_numpy(np.int64))
            days = days[days < OPEN]
            low = np.zeros((len(days), len(self.homes)), np.int64)
            high = np.zeros_like(low)
            for start, end, least, most, home in own[_SPELL].to_numpy(np.int64).tolist():
                first, last = np.searchsorted(days, [start, end])
                low[first:last, home], high[first:last, home] = least, most
            for at, it in enumerate(self.homes):
                # businesses are nobody's own: only what reaches a place applies there
                if it.around >= 0 and actor != "private":
                    for ranks in (low, high):
                        np.maximum(ranks[:, at], ranks[:, it.around], out=ranks[:, at])
            self._steps[actor] = days, low, high
        return self._steps[actor]

    def _count(self, low: Ranks, high: Ranks) -> Count:
        people = np.array([home.people for home in self.homes], np.int64)
        counted = {
            rank: Range(int(people[low >= rank].sum()), int(people[high >= rank].sum()))
            for rank in range(len(RANKED) - 1, 0, -1)
        }
        before, levels = Range(0, 0), {}
        for rank, found in counted.items():
            if found != before:
                levels[rank] = before = found
        ranks = high.tolist()
        bare = {
            home.subject.label + _MEMBERS * (home.subject.subject_type == "supranational"): rank
            for home, rank in zip(self.homes, ranks, strict=True)
            if not home.is_counted and rank > (ranks[home.around] if home.around >= 0 else 0)
        }
        is_least = max(bare.values(), default=0) >= _PROHIBITED
        return Count(counted[_PROHIBITED], levels, tuple(bare), is_least)


def _homes(subjects: Mapping[str, Subject]) -> list[Home]:
    """The recorded places, each after what is around it."""
    places = [it for it in subjects.values() if it.subject_type in PLACE_TYPES]
    around = {
        it.key: next((up.key for up in of_subject(subjects, it).parents if up.key in subjects), "")
        for it in places
    }
    order = [*reversed(PLACE_TYPES)]
    places.sort(key=lambda it: order.index(it.subject_type))
    at = {place.key: number for number, place in enumerate(places)}
    counted = {
        it.key: it.population
        for it in places
        if it.subject_type != "supranational" and it.population
    }
    rest = dict(counted)
    for key, number in counted.items():
        up = around[key]
        while up and up not in counted:
            up = around[up]
        if up:
            rest[up] -= number
    return [
        Home(it, max(rest.get(it.key, 0), 0), at.get(around[it.key], -1), it.key in counted)
        for it in places
    ]
