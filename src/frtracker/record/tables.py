"""The typed tables: dates as bounds, coordinates as numbers, keys; in canonical order; with their
edition."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from frtracker import dates
from frtracker.files import edition_of
from frtracker.record.columns import DATES, TABLES, Column
from frtracker.record.keys import subject_keys


@dataclass(frozen=True, slots=True)
class Edition:
    """Which state of the data this is.

    ``policies``: number of rows; ``reviewed_through``: the latest ``reviewed_on`` (None if there
    is no row); ``edition``: see :func:`frtracker.files.edition_of`; ``files``: name -> sha256 of
    its bytes.
    """

    policies: int
    reviewed_through: str | None
    edition: str
    files: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """The typed tables, free of errors, their rows in canonical order.

    Frames have a RangeIndex, text columns dtype str ('' when empty). ``policies``: the columns of
    the file, then ``…_low`` and ``…_high`` of each date (int32, day ordinals; 0 where empty, an
    open beginning 1), then ``subject_key`` (str). ``subjects``: the columns of the file with
    float64 coordinates (NaN where empty), then ``subject_key``; every subject of ``policies`` is
    in it (one that a borrowed subjects.csv lacks is added without place facts). ``sources``,
    ``searches``: as in the files, empty where absent. ``skipped``: what was not checked, and why.
    """

    policies: pd.DataFrame
    subjects: pd.DataFrame
    sources: pd.DataFrame
    searches: pd.DataFrame
    skipped: tuple[str, ...]
    shipped: bool
    edition: Edition


def typed(name: str, text: pd.DataFrame) -> pd.DataFrame:
    """The table ``name``, typed as in :class:`Tables`, rows as they are. Every cell is valid."""
    derived: dict[str, npt.NDArray[np.generic] | pd.Series] = {
        it.name: np.array([float(cell or "nan") for cell in text[it.name]], np.float64)
        for it in TABLES[name].columns
        if it.kind.name == "number"
    }
    if name == "policies":
        for column in DATES:
            derived[f"{column}_low"], derived[f"{column}_high"] = bounds(text[column])
    if name in ("policies", "subjects"):
        derived["subject_key"] = subject_keys(text)
    return text.assign(**derived)


def bounds(cells: pd.Series) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """First and last possible day of each recorded date, as ordinals; 0 where empty."""
    codes, distinct = pd.factorize(cells)
    days = [dates.parse(text) if text else None for text in distinct.tolist()]
    ranges = [(it.low.toordinal(), it.high.toordinal()) if it else (0, 0) for it in days]
    both = np.array(ranges, np.int32).reshape(-1, 2)[codes]
    return both[:, 0], both[:, 1]


def assemble(
    frames: Mapping[str, pd.DataFrame],
    *,
    raw: Mapping[str, bytes],
    shipped: bool,
    skipped: tuple[str, ...],
) -> Tables:
    """Typed frames, rows as in their files, as :class:`Tables`; ``raw``: the bytes of these files.

    No output depends on the order in which a file has its rows.
    """
    policies, subjects = frames["policies"], frames["subjects"]
    unknown = policies[~policies["subject_key"].isin(subjects["subject_key"])]
    if len(unknown):
        added = unknown.drop_duplicates("subject_key").reindex(columns=subjects.columns)
        added[["within", "geoid", "aliases"]] = ""
        subjects = pd.concat([subjects, added.astype(subjects.dtypes)], ignore_index=True)
    ordered = {}
    for name, frame in {**frames, "subjects": subjects}.items():
        order = canonical_order(name, frame, policies)
        moved = (order[:-1] > order[1:]).any()
        ordered[name] = frame.iloc[order].reset_index(drop=True) if moved else frame
    latest = str(policies["reviewed_on"].max()) if len(policies) else None
    files = {f"{name}.csv": hashlib.sha256(content).hexdigest() for name, content in raw.items()}
    edition = Edition(len(policies), latest, edition_of(files), files)
    return Tables(**ordered, skipped=skipped, shipped=shipped, edition=edition)


def canonical_order(
    table: str, frame: pd.DataFrame, policies: pd.DataFrame | None = None
) -> npt.NDArray[np.int64]:
    """Positions of the rows of a table, text or typed, in canonical order.

    By the columns of :attr:`Table.order`: the words of a vocabulary in its order, all else by its
    text; policies of one subject by their first recorded day. Rows of a table without an order
    stand as their policies do (without these, as the policies first appear in it), and for one
    policy as they are: in sources the best comes first, which is the curator's judgement.
    """
    if not TABLES[table].order:
        ids = frame if policies is None else policies.iloc[canonical_order("policies", policies)]
        place = {policy_id: at for at, policy_id in enumerate(dict.fromkeys(ids["policy_id"]))}
        rank = [place.get(policy_id, len(place)) for policy_id in frame["policy_id"]]
        return np.argsort(np.array(rank, np.int64), kind="stable")

    def ranked(column: str, rank: Callable[[str], int]) -> npt.NDArray[np.int64]:
        codes, distinct = pd.factorize(frame[column])
        return np.array([rank(text) for text in distinct.tolist()], np.int64)[codes]

    def by(column: Column) -> npt.NDArray[np.int64]:
        texts = column.kind.terms or sorted(frame[column.name].unique())
        place = {text: at for at, text in enumerate(texts)}
        return ranked(column.name, lambda text: place.get(text, len(place)))

    columns = {column.name: column for column in TABLES[table].columns}
    keys = [by(columns[name]) for name in TABLES[table].order]
    if table == "policies":
        days = [ranked(column, _first_day) for column in _FIRST_RECORDED]
        keys.insert(-1, np.minimum.reduce(days))
    return np.lexsort(keys[::-1])


_FIRST_RECORDED: Final = ("introduced_on", "decided_on", "effective_on")


def _first_day(text: str) -> int:
    return (dates.parse(text).first if dates.is_date(text) else date.max).toordinal()
