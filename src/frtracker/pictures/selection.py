"""Which subjects, actors and days a figure shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from frtracker.panel.treatment import ranked_positions
from frtracker.places.subjects import Subject
from frtracker.timeline import Timeline
from frtracker.vocabulary import ACTORS, PLACE_TYPES


@dataclass(frozen=True)
class Choice:
    """What a figure shows: the days ``first`` … ``last``, both included.

    ``keys``: the subjects, in the order to be drawn; empty: all of ``subject_types`` (empty: the
    governments of a territory) with a rule in force. ``country``: ISO 3166-1, '' for all.
    """

    first: date
    last: date
    keys: tuple[str, ...] = ()
    subject_types: tuple[str, ...] = ()
    country: str = ""
    actors: tuple[str, ...] = tuple(ACTORS)

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"the figure ends on {self.last}, before it begins on {self.first}")

    def subjects(self, subjects: Mapping[str, Subject]) -> tuple[Subject, ...]:
        """The subjects of ``keys``; without keys all that match, in the order of ``subjects``."""
        types = self.subject_types or (() if self.keys else PLACE_TYPES)
        return tuple(
            subjects[key]
            for key in self.keys or subjects
            if (not types or subjects[key].subject_type in types)
            and (not self.country or subjects[key].country == self.country)
        )

    @property
    def whom(self) -> str:
        """`` for police and schools``; '' for all four actors."""
        labels = [ACTORS[code].label for code in self.actors]
        if len(labels) == len(ACTORS):
            return ""
        return f" for {', '.join(labels[:-1])}{' and ' if labels[1:] else ''}{labels[-1]}"


def spells(timeline: Timeline, choice: Choice) -> pd.DataFrame:
    """The spells that touch the days of the figure and in which a rule may be in force.

    One row per subject, actor and unbroken position, by actor as chosen: ``subject_key``,
    ``actor`` (str), ``start``, ``end`` (half-open ordinals, not cut to the figure), ``high``,
    ``low`` (ranks). A hand-over inside a run is no change.
    """
    table = ranked_positions(timeline)
    table = pd.concat([table[table["actor"] == actor] for actor in choice.actors])
    before = table.shift()
    face = ["subject_key", "actor", "high", "low"]
    goes_on = (table[face] == before[face]).all(axis=1) & (table["start"] == before["end"])
    firsts = dict.fromkeys([*face, "start"], "first")
    columns = ["subject_key", "actor", "start", "end", "high", "low"]
    table = table.groupby((~goes_on).cumsum()).agg({**firsts, "end": "last"})[columns]
    seen = (table["start"] <= choice.last.toordinal()) & (table["end"] > choice.first.toordinal())
    return table[seen & (table["high"] > 0)].reset_index(drop=True)
