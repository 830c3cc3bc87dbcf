"""The subjects of a panel, and their positions over time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from frtracker import wording
from frtracker.codes import US_REGION_NAMES, long_geoid
from frtracker.dates import DayRange
from frtracker.layers import Readings, layers, parts_in, ranked, spells
from frtracker.places import gazetteer
from frtracker.places.place import of_subject
from frtracker.places.subjects import Subject, subjects_by_key
from frtracker.vocabulary import PANEL_CLOCKS, PANEL_LEVELS, PANEL_READINGS

if TYPE_CHECKING:
    from frtracker.record.load import Tables

_IDENTITY: Final = ["subject_key", "subject", "subject_type", "country", "region", "geoid"]
_KNOWN: Final = [*_IDENTITY, "population"]
_TERRITORIES: Final = frozenset({"US-AS", "US-GU", "US-MP", "US-PR", "US-VI"})
"""US territories, which are not states: in a panel only if they have an act."""


def units(
    tables: Tables,
    *,
    levels: Sequence[str],
    actor: str,
    everything: bool,
    markets: Collection[str] = (),
    keys: Collection[str] = (),
    subject_types: Collection[str] = (),
) -> pd.DataFrame:
    """The subjects of a panel, one per row, by level, then key: identity, ``population`` (float64,
    NaN where none is on record), ``level`` (str),
    ``recorded`` (bool: policies.csv has a row for this subject and actor), ``searched``
    (datetime64[s]: the latest search at this level in exactly this region, or in the country for a
    subject without region; NaT if none). ``everything`` adds subjects without such a row, the 50 US
    states and the District of Columbia. Empty filters select all.

    Raises ``ValueError`` for an unknown level.
    """
    for code in levels:
        if code not in PANEL_LEVELS:
            raise ValueError(f"level {wording.not_one_of(code, PANEL_LEVELS)}")
    known, policies = tables.subjects[_KNOWN], tables.policies
    if everything and "state" in levels:
        states = known.loc[known["subject_type"] == "state", "region"]
        lacking = sorted(US_REGION_NAMES.keys() - set(states) - _TERRITORIES)
        rows = [(code.lower(), US_REGION_NAMES[code], "state", "US", code, "") for code in lacking]
        known = pd.concat([known, pd.DataFrame(rows, columns=_IDENTITY, dtype="str")])
    named = (";" + policies["applies_to"] + ";").str.contains(f";{actor};", regex=False)
    recorded = known["subject_key"].isin(policies.loc[named, "subject_key"])

    # Federal: an agency without region, unless its rules apply only in parts of a country.
    kind = known["subject_type"]
    regional = policies.loc[policies["territory"].str.contains("-", regex=False), "subject_key"]
    national = (kind == "agency") & (known["region"] == "")
    level = kind.mask(national & ~known["subject_key"].isin(regional), "federal")
    chosen = level.isin(list(levels)) & (recorded | everything)
    for names, codes in (
        (("country", "region"), markets),
        (("subject_key",), keys),
        (("subject_type",), subject_types),
    ):
        if codes:
            chosen &= known[[*names]].isin([*codes]).any(axis=1)
    in_order = pd.CategoricalDtype([*PANEL_LEVELS])
    followed = known.assign(level=level, recorded=recorded)[chosen].astype({"level": in_order})
    followed = followed.sort_values(["level", "subject_key"], ignore_index=True)
    followed = followed.astype({"level": "str"})
    unnumbered = (followed["level"] == "state") & (followed["geoid"] == "")
    if unnumbered.any():
        codes = followed["region"].map(gazetteer.state_geoids()).fillna("").astype("str")
        followed["geoid"] = followed["geoid"].mask(unnumbered, codes)
    followed["geoidfq"] = followed["geoid"].map(long_geoid).astype("str")

    keys = ["country", "region", "level"]
    latest = tables.searches.groupby(keys, sort=False)["searched_on"].max()
    wanted = followed.assign(level=followed["level"].map(dict(PANEL_LEVELS)))[keys]
    days = latest.reindex(pd.MultiIndex.from_frame(wanted)).to_numpy(object)
    return followed.assign(searched=pd.to_datetime(pd.Series(days)).astype("datetime64[s]"))


def on_clock(policies: pd.DataFrame, clock: str) -> pd.DataFrame:
    """The typed ``policies`` table by one clock. ``effective``: unchanged. ``decided``: each rule
    starts, and ends what it supersedes, on its decision; without a recorded decision, on its start.

    Raises ``ValueError`` for an unknown clock.
    """
    if clock not in PANEL_CLOCKS:
        raise ValueError(f"clock {wording.not_one_of(clock, PANEL_CLOCKS)}")
    if clock == "effective":
        return policies
    low, latest = policies["decided_on_low"], policies["effective_on_high"]
    high = policies["decided_on_high"]
    # The decision precedes the start in every possible world, unless the rule is retroactive.
    high = high.mask((latest >= low) & (latest < high), latest)
    known = policies["decided_on"] != ""
    days = [
        str(DayRange(date.fromordinal(first), date.fromordinal(last))) if last else ""
        for first, last in zip(low.tolist(), high.tolist(), strict=True)
    ]
    texts = pd.Series(days, index=policies.index, dtype="str")
    return policies.assign(
        effective_on=policies["effective_on"].mask(known, texts),
        effective_on_low=policies["effective_on_low"].mask(known, low),
        effective_on_high=latest.mask(known, high),
    )


def spells_of(
    units: pd.DataFrame, tables: Tables, *, actor: str, reading: str, clock: str
) -> pd.DataFrame:
    """The positions of the units for one actor (int64): from ``start`` up to ``end`` (half-open
    ordinals) the position of ``unit`` (a row of ``units``) is at most ``high`` and certainly at
    least ``low`` (indexes into ``RANKED``). Rows of one unit never overlap; a day without a row has
    rank 0.

    ``reading``: ``own`` (the subject's own rules) or ``all`` (all rules that apply there);
    ``clock``: see :func:`on_clock`. Raises ``ValueError`` for any other word.
    """
    if reading not in PANEL_READINGS:
        raise ValueError(f"reading {wording.not_one_of(reading, PANEL_READINGS)}")
    readings = Readings(on_clock(tables.policies, clock))
    parts = readings.own.positions
    unit = pd.Index(units["subject_key"]).get_indexer(pd.Index(parts["subject_key"]))
    chosen = (unit >= 0) & (parts["actor"] == actor)
    parts = ranked(parts.assign(unit=unit)[chosen])
    if reading == "all":
        people, found = subjects_by_key(tables.subjects), [parts.iloc[:0]]
        for number, row in enumerate(units[_IDENTITY].itertuples(index=False, name=None)):
            subject = people.get(row[0]) or Subject(*row[:5])
            place = of_subject(people, subject)
            here = parts_in(readings, place, layers(people, place), [actor])
            found.append(here.assign(unit=number))
        parts = pd.concat(found)
    return spells(parts, ["unit"]).astype(np.int64)
