"""Which row names which: `supersedes` and `relates_to` as pairs of positions."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from frtracker.record.schema.frames import binding, listed


def links(policies: pd.DataFrame, column: str = "supersedes") -> pd.DataFrame:
    """One row for each id that a row names: ``row`` names ``word``, which stands at ``old``.

    ``row`` and ``old`` are positions (int64), ``old`` is -1 where no row has that id.
    """
    named = listed(policies, column)
    named["old"] = pd.Index(policies["policy_id"]).get_indexer(named["word"])
    return named


def sound_links(policies: pd.DataFrame) -> pd.DataFrame:
    """The links of ``supersedes`` between two binding rows of one subject."""
    named = links(policies)
    named = named[(named["old"] >= 0) & (named["old"] != named["row"])]
    bound, keys = binding(policies), policies["subject_key"].to_numpy()
    row, old = named["row"].to_numpy(), named["old"].to_numpy()
    sound = np.flatnonzero(bound[row] & bound[old] & (keys[row] == keys[old]))
    return named.iloc[sound]


def known_from(rows: pd.DataFrame) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Since when a rule is known: ``decided_on``, else its start (first and last day)."""
    decided = rows["decided_on_low"].to_numpy()
    low = np.where(decided > 0, decided, rows["effective_on_low"].to_numpy())
    last = rows["decided_on_high"].to_numpy()
    return low, np.where(decided > 0, last, rows["effective_on_high"].to_numpy())
