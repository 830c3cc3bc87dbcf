"""Where rules hold: which of them make the position of their subject."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from frtracker.timeline.days import Flags


@dataclass(frozen=True)
class Market:
    """The country (``US``) or part of one (``US-IL``) that a question is about."""

    code: str

    def is_covered_by(self, territory: str) -> bool:
        """An empty territory is everywhere; a country covers its parts, not the reverse."""
        codes = territory.split(";") if territory else []
        return not codes or self.code in codes or self.code.partition("-")[0] in codes


def counting(policies: pd.DataFrame, market: Market | None) -> Flags:
    """Which rules may make their subject's position, given where they hold.

    No territory means everywhere for a vendor, and for a company or agency its own country.
    """
    places = policies["territory"]
    limited = (places != "").to_numpy(copy=True)
    if market is None:
        limited &= (policies["subject_type"] == "vendor").to_numpy()
    else:
        at_home = policies["subject_type"].isin(["company", "agency"]) & (places == "")
        places = places.mask(at_home, policies["country"])
        limited |= at_home.to_numpy() & (places != "").to_numpy()
    counts = np.ones(len(policies), dtype=bool)
    rows = np.flatnonzero(limited)
    found = pd.MultiIndex.from_arrays([places.iloc[rows], policies["country"].iloc[rows]])
    codes, distinct = found.factorize()
    covers = [
        country in territory.split(";") if market is None else market.is_covered_by(territory)
        for territory, country in distinct
    ]
    counts[rows] = np.array(covers, dtype=bool)[codes]
    return counts
