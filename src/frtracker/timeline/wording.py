"""Positions in words: the text columns of a table of positions, from numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from frtracker.timeline.bindings import ACTOR_CODES, RANKED, Bindings
from frtracker.timeline.days import Flags, Index


def words(distinct: Sequence[str], codes: Index) -> ExtensionArray:
    """The text (str) that each code stands for."""
    return pd.array(list(distinct), dtype="str").take(codes)


def faces(b: Bindings, pair: Index, highest: Index, lowest: Index) -> dict[str, object]:
    """What the rows of a table of positions say, all but their reasons: ``subject_key``,
    ``actor``, ``measure``, ``scope``, ``certain``, ``at_least_measure``, ``at_least_scope``."""
    measures, scopes = zip(*RANKED, strict=True)
    sure = highest == lowest
    floor = np.where(sure, 0, lowest)
    return {
        "subject_key": b.pairs.subjects.array.take(b.pairs.subject[pair]),
        "actor": words(ACTOR_CODES, b.pairs.actor[pair]),
        "measure": words(measures, highest),
        "scope": words(scopes, highest),
        "certain": sure,
        "at_least_measure": words(("", *measures[1:]), floor),
        "at_least_scope": words(scopes, floor),
    }


def joined(cells: pd.Series, row: Index, group: Index, count: int) -> ExtensionArray:
    """For each of ``count`` groups the distinct words of its cells (lists joined by ``;``), in the
    order of the table; '' where there are none. Entry ``k`` is the cell ``row[k]``, of
    ``group[k]``."""
    told = (cells != "").to_numpy()[row]
    row, group = row[told], group[told]
    alone = np.bincount(group, minlength=count)[group] == 1
    of_group = np.full(count, -1, dtype=np.int64)
    of_group[group[alone]] = row[alone]
    texts: ExtensionArray = cells.array.take(of_group, allow_fill=True, fill_value="")
    several = ~alone
    if several.any():
        numbers, lists = _lists(cells, row[several], group[several])
        texts[numbers] = pd.array(lists, dtype="str")
    return texts


def told_where(territories: pd.Series, row: Index, group: Index, count: int) -> ExtensionArray:
    """For each of ``count`` groups where its rules hold, as :func:`joined`; '' where one of them
    has no territory, for that is everywhere."""
    texts = joined(territories, row, group, count)
    limited = (territories != "").to_numpy()[row]
    everywhere = np.zeros(count, dtype=bool)
    everywhere[group[~limited]] = True
    somewhere = group[limited]
    texts[somewhere[everywhere[somewhere]]] = ""
    return texts


def _lists(cells: pd.Series, row: Index, group: Index) -> tuple[Index, list[str]]:
    order = np.lexsort((row, group))
    numbers, firsts = np.unique(group[order], return_index=True)
    parts = cells.array.take(row[order]).tolist()
    stops = [*firsts[1:].tolist(), len(parts)]
    lists = [
        ";".join(dict.fromkeys(";".join(parts[first:stop]).split(";")))
        for first, stop in zip(firsts.tolist(), stops, strict=True)
    ]
    return numbers, lists


def repeal_began(b: Bindings, pair: Index, day: Index) -> Flags:
    """For each pair and day whether a repeal for that pair began on that day, or may have."""
    repeals = np.flatnonzero(b.rank == 0)
    repeals = repeals[np.argsort(b.pair[repeals], kind="stable")]
    of_pair = b.pair[repeals]
    first, past = (np.searchsorted(of_pair, pair, side) for side in ("left", "right"))
    length = past - first
    asked = np.repeat(np.arange(len(pair)), length)
    offset = np.arange(len(asked)) - np.repeat(np.cumsum(length) - length, length)
    repeal = repeals[np.repeat(first, length) + offset]
    began = (b.start_low[repeal] <= day[asked]) & (day[asked] <= b.start_high[repeal])
    found: Flags = np.bincount(asked[began], minlength=len(pair)) > 0
    return found
