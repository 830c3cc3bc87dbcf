"""Whom a panel follows, and where a zero may be said: recorded acts and documented searches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import pandas as pd

from frtracker.places.subjects import US_REGION_NAMES

if TYPE_CHECKING:
    from frtracker.record.load import Tables

LEVELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "city": "local",
        "county": "local",
        "state": "state",
        "federal": "federal",
        "country": "country",
    }
)
"""Levels of a panel, and the level of ``searches.csv`` that speaks of them."""

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
        known = pd.concat([known, _lacking_states(known)], ignore_index=True)
    named = (";" + tables.policies["applies_to"] + ";").str.contains(f";{actor};", regex=False)
    recorded = known["subject_key"].isin(tables.policies.loc[named, "subject_key"])
    found = known.assign(level=_levels(known, tables.policies), recorded=recorded)
    kept = found["level"].isin(list(levels)) & (recorded | everything)
    if country:
        kept &= found["country"] == country
    found = found[kept]
    order = found["level"].map({level: i for i, level in enumerate(LEVELS)})
    found = found.assign(order=order).sort_values(["order", "subject_key"], ignore_index=True)
    return found.drop(columns="order").assign(searched=_searched(found, tables.searches))


def _levels(subjects: pd.DataFrame, policies: pd.DataFrame) -> pd.Series:
    """The level of each subject, '' for those that no panel follows. Federal: a public body with
    no region, unless its rules hold in parts of a country only (a body of several regions)."""
    kind = subjects["subject_type"]
    levels = kind.where(kind.isin(list(LEVELS)), "")
    partial = policies["territory"].str.contains("-", regex=False)
    regional = policies.loc[partial, "subject_key"]
    national = (kind == "agency") & (subjects["region"] == "")
    return levels.mask(national & ~subjects["subject_key"].isin(regional), "federal")


def _lacking_states(subjects: pd.DataFrame) -> pd.DataFrame:
    states = subjects.loc[subjects["subject_type"] == "state", "region"]
    lacking = sorted(US_REGION_NAMES.keys() - set(states) - _NO_STATES)
    return pd.DataFrame(
        [(code.lower(), US_REGION_NAMES[code], "state", "US", code) for code in lacking],
        columns=list(_COLUMNS),
    ).astype("str")


def _searched(found: pd.DataFrame, searches: pd.DataFrame) -> pd.Series:
    keys = ["country", "region", "level"]
    latest = searches.groupby(keys, sort=False)["searched_on"].max()
    asked = pd.MultiIndex.from_arrays(
        [found["country"], found["region"], found["level"].map(dict(LEVELS))], names=keys
    )
    days = pd.to_datetime(pd.Series(latest.reindex(asked).to_numpy(object), dtype="object"))
    return days.astype("datetime64[s]")
