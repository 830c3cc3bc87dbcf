"""Who ends whom: ``supersedes`` as links between bindings."""

from __future__ import annotations

import numpy as np
import pandas as pd

from frtracker.timeline.days import Index


def named_rows(policies: pd.DataFrame) -> tuple[Index, Index]:
    """(row, the row that it supersedes) for every id that ``supersedes`` names and that exists."""
    cells = policies["supersedes"]
    later = np.flatnonzero((cells != "").to_numpy())
    named = cells.iloc[later].reset_index(drop=True)
    several = named.str.contains(";", regex=False).to_numpy()
    parts = named[several].str.split(";").explode()
    names = pd.concat([named[~several], parts])
    later = later[names.index.to_numpy()]
    # One look-up for all: ids are distinct and come first, so the number of one is its row.
    codes, _ = pd.factorize(pd.concat([policies["policy_id"], names]))
    earlier = codes[len(policies) :]
    known = earlier < len(policies)
    order = np.argsort(later[known], kind="stable")
    return later[known][order].astype(np.int64), earlier[known][order]


def successions(
    policies: pd.DataFrame, rows: Index, actors: Index, actor_count: int
) -> tuple[Index, Index]:
    """(successor, predecessor): indices of bindings, where both rows bind and name the actor.
    ``rows`` and ``actors`` say of which row and actor each binding is."""
    later, earlier = named_rows(policies)
    place = np.full((len(policies), actor_count), -1, dtype=np.int64)
    place[rows, actors] = np.arange(len(rows))
    successor, predecessor = place[later].ravel(), place[earlier].ravel()
    both = (successor >= 0) & (predecessor >= 0)
    return successor[both], predecessor[both]
