"""Which subjects, actors and days a figure shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from frtracker.panel.holding import stretches_of
from frtracker.places.subjects import Subject
from frtracker.timeline import Timeline
from frtracker.vocabulary import ACTORS, PLACE_TYPES


@dataclass(frozen=True)
class Choice:
    """What a figure is asked to show: the days ``first`` … ``last``, both included.

    ``keys``: the subjects, in the order to be drawn; empty: all of ``subject_types`` (empty: the
    governments of a territory) where something held. ``country``: ISO 3166-1, '' for all.
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

    def subjects(self, people: Mapping[str, Subject]) -> tuple[Subject, ...]:
        """The subjects asked for; of those not named, all in the order of ``people``."""
        types = self.subject_types or (() if self.keys else PLACE_TYPES)
        return tuple(
            people[key]
            for key in self.keys or people
            if (not types or people[key].subject_type in types)
            and (not self.country or people[key].country == self.country)
        )

    @property
    def whom(self) -> str:
        """``police and schools``; '' for all four."""
        labels = [ACTORS[code].label for code in self.actors]
        if len(labels) == len(ACTORS):
            return ""
        return " and ".join([", ".join(labels[:-1]), labels[-1]] if labels[1:] else labels)


def stretches(timeline: Timeline, choice: Choice) -> pd.DataFrame:
    """The stretches that touch the days of the figure and in which something may hold.

    One row per subject, actor and stretch of one answer, in order: ``key``, ``actor`` (str),
    ``start``, ``end`` (half-open ordinals, not cut to the figure), ``high``, ``low`` (ranks).
    """
    parts = []
    for actor in choice.actors:
        keys, found = stretches_of(timeline, actor)
        parts.append(_joined(pd.DataFrame({"key": keys, "actor": actor, **found})))
    table = pd.concat(parts, ignore_index=True)
    seen = (table["start"] <= choice.last.toordinal()) & (table["end"] > choice.first.toordinal())
    return table[seen & (table["high"] > 0)].reset_index(drop=True)


def _joined(table: pd.DataFrame) -> pd.DataFrame:
    """Neighbours with one answer as one: a hand-over inside a run is no change."""
    before = table.shift()
    same = (table[["key", "high", "low"]] == before[["key", "high", "low"]]).all(axis=1)
    fresh = (~(same & (table["start"] == before["end"]))).to_numpy()
    last = np.append(np.flatnonzero(fresh)[1:], len(table))[: fresh.sum()] - 1
    return table[fresh].assign(end=table["end"].to_numpy()[last])
