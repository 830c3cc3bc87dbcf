"""How much a count depends on the clock, and on counting what is only possible."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from frtracker.panel.frame import PROHIBITING, counted, surely_and_perhaps, treating
from frtracker.panel.holding import CLOCKS

if TYPE_CHECKING:
    from frtracker.record.load import Tables


def sensitivity(
    tables: Tables,
    days: Sequence[date],
    *,
    actor: str = "police",
    levels: Sequence[str] = ("city",),
    reading: str = "own",
    measures: Sequence[str] = PROHIBITING,
    country: str = "",
) -> pd.DataFrame:
    """How many subjects are under a general rule of ``measures`` on each day, by each clock.

    One row per day. Columns ``day`` (datetime64[s]); ``effective``, ``decided`` (int64: those
    surely under it); ``effective_or_uncertain``, ``decided_or_uncertain`` (int64: those that may
    be). Raises ``ValueError`` as :func:`frtracker.panel.panel` does.
    """
    chosen = treating(measures)
    columns: dict[str, object] = {
        "day": np.array(days, dtype="datetime64[D]").astype("datetime64[s]")
    }
    for clock in CLOCKS:
        found = counted(
            tables, actor=actor, levels=levels, reading=reading, clock=clock, country=country
        )
        ranks = [found.held.on(day.toordinal(), len(found.units)) for day in days]
        flags = [surely_and_perhaps(high, low, chosen) for high, low in ranks]
        columns[clock] = np.array([surely.sum() for surely, _ in flags], dtype=np.int64)
        columns[f"{clock}_or_uncertain"] = np.array(
            [perhaps.sum() for _, perhaps in flags], dtype=np.int64
        )
    return pd.DataFrame(columns)
