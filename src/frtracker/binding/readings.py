"""The timelines behind the readings of a place: which rules of a layer count there."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from frtracker.binding.layers import Layer, reaches
from frtracker.sites import Site
from frtracker.timeline import Market, Timeline, build

_HERE: Final = "here"
_ELSEWHERE: Final = "elsewhere"


@dataclass(frozen=True)
class Readings:
    """The timelines behind the readings of one ``policies`` table, made when first asked for."""

    policies: pd.DataFrame
    known_at: date | None = None
    _made: dict[str, Timeline] = field(default_factory=dict, repr=False, compare=False)

    @property
    def own(self) -> Timeline:
        """Every rule of every subject."""
        if "own" not in self._made:
            self._made["own"] = build(self.policies, known_at=self.known_at)
        return self._made["own"]

    def reaching(self, layer: Layer, site: Site) -> pd.Series:
        """Which rows of ``policies`` reach ``site`` from ``layer`` (bool; all other rows False)."""
        return (self.policies["subject_key"] == layer.key) & self._counting(layer, site)

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

    def _counting(self, layer: Layer, site: Site) -> pd.Series:
        """Which rows would reach ``site`` if they were of this layer."""
        if layer.role in ("place", "agency"):
            return pd.Series(True, index=self.policies.index)
        if layer.level == "supranational":
            market = Market(site.region or site.country)
            unions: pd.Series = self.policies["subject_type"] == "supranational"
            named = [bool(t) and market.is_covered_by(t) for t in self.policies["territory"]]
            return unions & pd.Series(named, index=unions.index, dtype=bool)
        private = (self.policies["applies_to"] + ";").str.contains("private;", regex=False)
        return self.policies["reach"].isin(list(reaches(layer, site))) | private

    def _only(self, counts: pd.Series) -> Timeline:
        """A timeline in which only some rules make positions; the others still end what they
        supersede. The engine knows this distinction as a market: a rule that holds elsewhere."""
        marked = self.policies.assign(
            territory=pd.Series(
                ["" if each else _ELSEWHERE for each in counts], index=counts.index, dtype="str"
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
