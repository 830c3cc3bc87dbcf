"""The timelines behind the readings of a place: which rules of a layer count there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd

from frtracker.layers.layers import Layer, reaches
from frtracker.places.located import Site
from frtracker.timeline import Market, Timeline, build
from frtracker.timeline.days import Flags

_HERE: Final = "here"
_ELSEWHERE: Final = "elsewhere"


@dataclass(frozen=True)
class Readings:
    """The timelines behind the readings of one ``policies`` table, made when first asked for."""

    policies: pd.DataFrame
    known_at: date | None = None
    _made: dict[str, Timeline] = field(default_factory=dict, repr=False, compare=False)
    _counts: dict[object, Flags] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def _ids(self) -> list[str]:
        ids: list[str] = self.policies["policy_id"].tolist()
        return ids

    @cached_property
    def _territories(self) -> list[str]:
        """Of the acts of unions; '' for all others."""
        unions = self.policies["subject_type"] == "supranational"
        territories: list[str] = self.policies["territory"].where(unions, "").tolist()
        return territories

    @cached_property
    def _rows_of(self) -> Mapping[str, list[int]]:
        rows: dict[str, list[int]] = {}
        for row, key in enumerate(self.policies["subject_key"].tolist()):
            rows.setdefault(key, []).append(row)
        return rows

    @property
    def own(self) -> Timeline:
        """Every rule of every subject."""
        if "own" not in self._made:
            self._made["own"] = build(self.policies, known_at=self.known_at)
        return self._made["own"]

    def reaching(self, layer: Layer, site: Site) -> pd.Series:
        """Which rows of ``policies`` reach ``site`` from ``layer`` (bool; all other rows False)."""
        return (self.policies["subject_key"] == layer.key) & self._counting(layer, site)

    def acts(self, layer: Layer, site: Site) -> tuple[str, ...]:
        """The ids of the rules that :meth:`reaching` finds, in the order of the table."""
        rows = self._rows_of.get(layer.key, ())
        if not rows:
            return ()
        counts, ids = self._counting(layer, site), self._ids
        return tuple(ids[row] for row in rows if counts[row])

    def from_layer(self, layer: Layer, site: Site) -> Timeline:
        """The timeline in which of this layer's rules only those that reach ``site`` count."""
        if layer.role in ("place", "agency"):
            return self.own
        if layer.level == "supranational":
            name = f"territory {site.region or site.country}"
        else:
            name = "reach " + " ".join(sorted(reaches(layer, site)))
        if name not in self._made:
            self._made[name] = self._only(self._counting(layer, site))
        return self._made[name]

    def _counting(self, layer: Layer, site: Site) -> Flags:
        """Which rows would reach ``site`` if they were of this layer (bool, by position)."""
        if layer.role in ("place", "agency"):
            return np.ones(len(self.policies), dtype=bool)
        if layer.level == "supranational":
            return self._covering(site.region or site.country)
        return self._passing(reaches(layer, site))

    def _covering(self, code: str) -> Flags:
        if code not in self._counts:
            market = Market(code)
            named = [bool(t) and market.is_covered_by(t) for t in self._territories]
            self._counts[code] = np.array(named, dtype=bool)
        return self._counts[code]

    def _passing(self, words: frozenset[str]) -> Flags:
        if words not in self._counts:
            private = (self.policies["applies_to"] + ";").str.contains("private;", regex=False)
            passing = self.policies["reach"].isin(list(words)) | private
            self._counts[words] = passing.to_numpy()
        return self._counts[words]

    def _only(self, counts: Flags) -> Timeline:
        """A timeline in which only some rules make positions; the others still end what they
        supersede. The engine knows this distinction as a market: a rule that holds elsewhere."""
        marked = self.policies.assign(
            territory=pd.Series(
                ["" if each else _ELSEWHERE for each in counts], self.policies.index, dtype="str"
            )
        )
        made = build(marked, known_at=self.known_at, market=Market(_HERE))
        reaching = set(self.policies.loc[counts, "policy_id"])
        named = {
            (row.subject_key, actor)
            for row in self.policies.loc[counts, ["subject_key", "applies_to"]].itertuples()
            for actor in str(row.applies_to).split(";")
        }
        found = made.positions
        pairs = zip(found["subject_key"], found["actor"], strict=True)
        kept = np.array([pair in named for pair in pairs], dtype=bool)
        periods = self.own.periods
        return replace(
            self.own,
            positions=found[kept],
            periods=periods[periods["policy_id"].isin(reaching)],
        )
