"""The typed tables, put together: complete, in canonical order, with their edition."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from frtracker.record.schema.order import canonical_order, order_of_sources

COMPANIONS: Final = ("sources", "searches")
"""Tables that few questions need: they are made when they are first asked for."""


@dataclass(frozen=True, slots=True)
class Edition:
    """Which state of the data this is.

    ``policies``: number of rows; ``reviewed_through``: the latest ``reviewed_on`` ('' if there is
    no row); ``sha256``: of the bytes of policies.csv.
    """

    policies: int
    reviewed_through: str
    sha256: str


class _Late:
    """One of :data:`COMPANIONS` in :class:`Tables`: what makes it, then the table."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, tables: object, owner: type) -> pd.DataFrame:
        if tables is None:  # of the class itself: there is no default
            raise AttributeError(self._name)
        made: pd.DataFrame | Callable[[], pd.DataFrame] = vars(tables)[self._name]
        if not isinstance(made, pd.DataFrame):
            made = vars(tables)[self._name] = made()
        return made

    def __set__(self, tables: object, value: pd.DataFrame | Callable[[], pd.DataFrame]) -> None:
        vars(tables)[self._name] = value


@dataclass(frozen=True, kw_only=True)
class Tables:
    """The typed tables, free of errors.

    Frames have a RangeIndex, text columns dtype str ('' when empty). ``policies``: the columns of
    :class:`schema.TypedPolicies`, then the derived ones. Rows are in canonical order. ``subjects``:
    :class:`schema.TypedSubjects`, with every subject of ``policies`` in it (one that a borrowed
    subjects.csv lacks is added without place facts). ``sources``, ``searches``: as in the files,
    empty where absent; given as frames or as what makes them. ``skipped``: rules not checked, and
    why.
    """

    policies: pd.DataFrame
    subjects: pd.DataFrame
    sources: _Late = _Late()
    searches: _Late = _Late()
    skipped: tuple[str, ...]
    shipped: bool
    edition: Edition


def assembled(
    policies: pd.DataFrame,
    subjects: pd.DataFrame,
    companion: Callable[[str], pd.DataFrame],
    *,
    raw: bytes,
    shipped: bool,
    skipped: tuple[str, ...],
) -> Tables:
    """Typed frames, rows as in their files, as :class:`Tables`.

    ``companion``: gives each of :data:`COMPANIONS` when it is first needed. ``raw``: the bytes of
    policies.csv. No output depends on the order in which a file has its rows.
    """
    subjects = _complete(subjects, policies)
    policies = _taken(policies, canonical_order("policies", policies))

    def sources() -> pd.DataFrame:
        frame = companion("sources")
        return _taken(frame, order_of_sources(frame, policies["policy_id"]))

    def searches() -> pd.DataFrame:
        frame = companion("searches")
        return _taken(frame, canonical_order("searches", frame))

    return Tables(
        policies=policies,
        subjects=_taken(subjects, canonical_order("subjects", subjects)),
        sources=sources,
        searches=searches,
        skipped=skipped,
        shipped=shipped,
        edition=_edition(policies, raw),
    )


def _taken(frame: pd.DataFrame, order: npt.NDArray[np.int64]) -> pd.DataFrame:
    if (order[:-1] < order[1:]).all():
        return frame
    return frame.iloc[order].reset_index(drop=True)


def _complete(subjects: pd.DataFrame, policies: pd.DataFrame) -> pd.DataFrame:
    known = set(subjects["subject_key"].tolist())
    if known.issuperset(policies["subject_key"].tolist()):
        return subjects
    lacking = policies.loc[~policies["subject_key"].isin(known)].drop_duplicates("subject_key")
    added = lacking.reindex(columns=subjects.columns)
    text = ["within", "geoid", "aliases"]
    added[text] = ""
    return pd.concat([subjects, added.astype(subjects.dtypes)], ignore_index=True)


def _edition(policies: pd.DataFrame, raw: bytes) -> Edition:
    latest = ""
    if len(policies):
        latest = str(policies["reviewed_on"].iat[int(policies["reviewed_on_high"].argmax())])
    return Edition(len(policies), latest, hashlib.sha256(raw).hexdigest())
