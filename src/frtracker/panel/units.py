"""Whom a panel follows, and where a zero is known: recorded acts and documented searches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import pandas as pd

from frtracker.places.subjects import US_REGION_NAMES
from frtracker.vocabulary import PANEL_LEVELS as LEVELS

if TYPE_CHECKING:
    from frtracker.record.load import Tables

_COLUMNS: Final = ("subject_key", "subject", "subject_type", "country", "region")
_NO_STATES: Final = frozenset({"US-PR"})  # a territory: in a panel only where it has an act


def units(
    tables: Tables, *, levels: Sequence[str], actor: str, everything: bool, country: str
) -> pd.DataFrame:
    """One row per subject to follow, ordered by level, then key.

    Columns ``subject_key``, ``subject``, ``subject_type``, ``country``, ``region``, ``level``
    (str), ``recorded`` (bool: a row of policies.csv names the subject and the actor), ``searched``
    (datetime64[s]: the latest search of that level in exactly its region, or, of a subject without
    region, in its country; NaT if none). With ``everything`` also subjects without such a row, and
    the 50 states of the United States and its District.
    """
    for level in levels:
        if level not in LEVELS:
            raise ValueError(f"level is {level!r}, not one of {', '.join(LEVELS)}")
    known = tables.subjects[list(_COLUMNS)]
    if everything and "state" in levels:
        states = known.loc[known["subject_type"] == "state", "region"]
        lacking = sorted(US_REGION_NAMES.keys() - set(states) - _NO_STATES)
        rows = [(code.lower(), US_REGION_NAMES[code], "state", "US", code) for code in lacking]
        known = pd.concat(
            [known, pd.DataFrame(rows, columns=list(_COLUMNS), dtype="str")], ignore_index=True
        )
    named = (";" + tables.policies["applies_to"] + ";").str.contains(f";{actor};", regex=False)
    recorded = known["subject_key"].isin(tables.policies.loc[named, "subject_key"])
    followed = known.assign(level=_levels(known, tables.policies), recorded=recorded)
    chosen = followed["level"].isin(list(levels)) & (recorded | everything)
    if country:
        chosen &= followed["country"] == country
    place = {level: number for number, level in enumerate(LEVELS)}
    followed = followed[chosen].sort_values(
        ["level", "subject_key"],
        key=lambda column: column.map(place) if column.name == "level" else column,
        ignore_index=True,
    )
    return followed.assign(searched=_searched(followed, tables.searches))


def _levels(subjects: pd.DataFrame, policies: pd.DataFrame) -> pd.Series:
    """The level of each subject, '' for those that no panel follows. Federal: a public body with
    no region, unless its rules hold in parts of a country only (a body of several regions)."""
    kind = subjects["subject_type"]
    levels = kind.where(kind.isin(list(LEVELS)), "")
    partial = policies["territory"].str.contains("-", regex=False)
    regional = policies.loc[partial, "subject_key"]
    national = (kind == "agency") & (subjects["region"] == "")
    return levels.mask(national & ~subjects["subject_key"].isin(regional), "federal")


def _searched(followed: pd.DataFrame, searches: pd.DataFrame) -> pd.Series:
    keys = ["country", "region", "level"]
    latest = searches.groupby(keys, sort=False)["searched_on"].max()
    levels = followed["level"].map(dict(LEVELS))
    wanted = pd.MultiIndex.from_arrays([followed["country"], followed["region"], levels])
    days = pd.to_datetime(pd.Series(latest.reindex(wanted).to_numpy(object), dtype="object"))
    return days.astype("datetime64[s]")
