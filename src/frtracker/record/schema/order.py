"""The canonical order of the rows of a table. Loads no validator: every reading needs it.

Policies by country, region, subject_type (in the order of the vocabulary), subject, first recorded
day, policy_id; subjects by the same key; sources in the order of their policies, and for one policy
as they stand (best first is the curator's judgement); searches by country, region, level,
searched_on.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from frtracker import dates
from frtracker.vocabulary import SEARCH_LEVELS, SUBJECT_TYPES

_LAST: Final = 1 << 30
_FIRST_RECORDED: Final = ("introduced_on", "decided_on", "effective_on")


def canonical_order(
    table: str, frame: pd.DataFrame, policies: pd.DataFrame | None = None
) -> npt.NDArray[np.int64]:
    """Positions of the rows in canonical order. ``policies`` puts sources into order; without
    it, sources follow the first appearance of their policies."""
    if table == "sources":
        ids = frame if policies is None else policies.iloc[canonical_order("policies", policies)]
        return order_of_sources(frame, ids["policy_id"])
    keys = [_by_text(frame["country"]), _by_text(frame["region"])]
    if table == "searches":
        keys += [_by_term(frame["level"], list(SEARCH_LEVELS)), _by_text(frame["searched_on"])]
    else:
        keys += [_by_term(frame["subject_type"], list(SUBJECT_TYPES)), _by_text(frame["subject"])]
    if table == "policies":
        first = np.minimum.reduce([_first_day(frame[column]) for column in _FIRST_RECORDED])
        keys += [first, _by_text(frame["policy_id"])]
    return np.lexsort(keys[::-1])


def order_of_sources(frame: pd.DataFrame, ids: Iterable[str]) -> npt.NDArray[np.int64]:
    """Positions of the rows of sources in the order in which ``ids`` has their policies first."""
    place: dict[str, int] = {}
    for policy_id in ids:
        place.setdefault(policy_id, len(place))
    rank = [place.get(policy_id, _LAST) for policy_id in frame["policy_id"].tolist()]
    return np.argsort(np.array(rank, np.int64), kind="stable")


def _by_text(cells: pd.Series) -> npt.NDArray[np.int64]:
    codes, distinct = pd.factorize(cells)
    rank = np.empty(len(distinct), np.int64)
    rank[sorted(range(len(distinct)), key=distinct.tolist().__getitem__)] = np.arange(len(distinct))
    return rank[codes]


def _by_term(cells: pd.Series, terms: list[str]) -> npt.NDArray[np.int64]:
    codes, distinct = pd.factorize(cells)
    known = [terms.index(text) if text in terms else len(terms) for text in distinct.tolist()]
    return np.array(known, np.int64)[codes]


def _first_day(cells: pd.Series) -> npt.NDArray[np.int64]:
    codes, distinct = pd.factorize(cells)
    return np.array([_day(text) for text in distinct.tolist()], np.int64)[codes]


def _day(text: str) -> int:
    """The first day that is recorded; of ``/B``, which has none, the last."""
    try:
        days = dates.parse(text)
    except ValueError:
        return _LAST
    return (days.high if text.startswith("/") else days.low).toordinal()
