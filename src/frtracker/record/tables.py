"""The typed tables: dates as bounds, coordinates as numbers, keys, canonical order, edition."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from frtracker import dates
from frtracker.codes import long_geoid
from frtracker.files import edition_of
from frtracker.record.columns import DATES, FILES, IDENTITY, TABLES
from frtracker.record.read import Files, TextTable

NUMBERS: Final = frozenset({"number", "count"})
"""The kinds of cells that are float64, NaN where empty."""
LONGEST_KEY: Final = 200
"""Characters: a key names files, and a system may allow 255 bytes with the ending."""


@dataclass(frozen=True, slots=True)
class Edition:
    """The number of policies, the latest day of a review (None without a row), the hash of all
    files (:func:`frtracker.files.edition_of`), and that of each by its name."""

    policies: int
    reviewed_through: str | None
    edition: str
    files: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Tables:
    """The typed tables, free of errors, their rows in canonical order.

    Frames have a RangeIndex and the columns of the files, text as dtype str ('' when empty).
    ``policies`` has ``…_low`` and ``…_high`` of each date too (int32, day ordinals; 0 where empty,
    an open beginning 1); ``subjects`` float64 coordinates and population (NaN where empty) and
    ``geoidfq``, see :func:`frtracker.codes.long_geoid`; both ``subject_key``.
    A subject that a borrowed subjects.csv lacks is added without place facts. The tables after it
    are empty where absent. ``raw``: the bytes of the files that there are, by name. ``skipped``:
    what was not checked, and why. ``supposed``: what is supposed in these tables, in words, see
    :func:`frtracker.record.suppose.suppose`.
    """

    policies: pd.DataFrame
    subjects: pd.DataFrame
    sources: pd.DataFrame
    searches: pd.DataFrame
    coverage: pd.DataFrame
    provisions: pd.DataFrame
    retired_ids: pd.DataFrame
    skipped: tuple[str, ...]
    shipped: bool
    edition: Edition
    raw: Mapping[str, bytes]
    supposed: tuple[str, ...] = ()

    def __repr__(self) -> str:
        known = self.edition
        noun = "policy" if known.policies == 1 else "policies"
        return (
            f"<record: {known.policies} {noun}, reviewed through {known.reviewed_through},"
            f" edition {known.edition[:12]}>"
        )


def typed(name: str, text: pd.DataFrame) -> pd.DataFrame:
    """The table ``name``, typed as in :class:`Tables`, rows as they are. Every cell is valid."""
    frame = text.copy(deep=False)
    for it in FILES[name].columns:
        if it.kind.name in NUMBERS:
            frame[it.name] = np.array([float(cell or "nan") for cell in text[it.name]], np.float64)
    if name == "policies":
        for column in DATES:
            frame[f"{column}_low"], frame[f"{column}_high"] = bounds(text[column])
    if name in ("policies", "subjects"):
        rows = zip(*(text[it].tolist() for it in IDENTITY), strict=True)
        frame["subject_key"] = pd.Series([subject_key(*it) for it in rows], text.index, "str")
    if name == "subjects":
        frame["geoidfq"] = text["geoid"].map(long_geoid).astype("str")
    return frame


def bounds(cells: pd.Series) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """First and last possible day of each recorded date, as ordinals; 0 where empty."""
    codes, distinct = pd.factorize(cells)
    days = [dates.parse(text) if text else None for text in distinct.tolist()]
    ranges = [(it.low.toordinal(), it.high.toordinal()) if it else (0, 0) for it in days]
    both = np.array(ranges, np.int32).reshape(-1, 2)[codes]
    return both[:, 0], both[:, 1]


def assemble(frames: Mapping[str, pd.DataFrame], files: Files, skipped: tuple[str, ...]) -> Tables:
    """The typed ``frames`` of these files as :class:`Tables`: no output depends on the order in
    which a file has its rows."""
    policies, subjects = frames["policies"], frames["subjects"]
    unknown = policies[~policies["subject_key"].isin(subjects["subject_key"])]
    if len(unknown):
        added = unknown.drop_duplicates("subject_key").reindex(columns=subjects.columns)
        empty = {it.name: "" for it in TABLES["subjects"].columns if it.kind.name not in NUMBERS}
        added = added.astype(subjects.dtypes).fillna(empty)
        subjects = pd.concat([subjects, added], ignore_index=True)
    ordered: dict[str, Any] = {}
    for name in TABLES:
        frame = subjects if name == "subjects" else frames[name]
        order = canonical_order(name, frame, policies)
        moved = (order[:-1] > order[1:]).any()
        ordered[name] = frame.iloc[order].reset_index(drop=True) if moved else frame
    latest = str(policies["reviewed_on"].max()) if len(policies) else None
    raws = {f"{it}.csv": files.texts[it].raw for it in TABLES if files.texts[it].raw}
    edition = Edition(len(policies), latest, *edition_of(raws))
    return Tables(**ordered, skipped=skipped, shipped=files.shipped, edition=edition, raw=raws)


def canonical_order(
    table: str, frame: pd.DataFrame, policies: pd.DataFrame | None = None
) -> npt.NDArray[np.int64]:
    """Positions of the rows of a table, text or typed, in canonical order: by the columns of
    :attr:`Table.order`, the words of a vocabulary in its order; policies of one subject by their
    first recorded day. A table without an order follows its policies (without these, the order in
    which they first appear), and keeps the order of the rows of each: the best source is first."""
    if not FILES[table].order:
        ids = frame if policies is None else policies.iloc[canonical_order("policies", policies)]
        place = pd.Index(ids["policy_id"].unique()).get_indexer(pd.Index(frame["policy_id"]))
        return np.argsort(np.where(place < 0, len(ids), place), kind="stable")

    columns = {column.name: column for column in FILES[table].columns}
    keys = []
    for name in FILES[table].order:
        terms = columns[name].kind.terms or sorted(frame[name].unique())
        place = pd.Index(terms).get_indexer(pd.Index(frame[name]))
        keys.append(np.where(place < 0, len(terms), place))
    if table == "policies":
        recorded = ("introduced_on", "decided_on", "effective_on")
        days = np.array([frame[name].map(_first_day) for name in recorded], np.int64)
        keys.insert(-1, days.min(axis=0))
    return np.lexsort(keys[::-1])


def row_ids(text: TextTable) -> list[str]:
    """The ids of the rows of a table: the policy_id; of subjects the subject_key, of sources the
    policy_id and the url, of provisions the policy_id and the provision; of a table without a key
    the columns by which its rows stand. A second row with an id has `` (2)`` after it, and so
    on."""
    table, frame = FILES[text.name], text.frame
    if text.name == "subjects":
        ids = [subject_key(*row) for row in zip(*(frame[it] for it in IDENTITY), strict=True)]
    else:
        rows = frame[[*(table.key or table.order)]].to_numpy().tolist()
        ids = [" ".join(filter(None, row)) for row in rows]
    again = pd.Series(ids, dtype="str").groupby(ids).cumcount()
    return [f"{row_id} ({n + 1})" if n else row_id for row_id, n in zip(ids, again, strict=True)]


@lru_cache(maxsize=10_000)
def _first_day(text: str) -> int:
    return (dates.parse(text).first if dates.is_date(text) else date.max).toordinal()


def slug(name: str) -> str:
    """A name in lower-case ASCII letters, digits and single hyphens. Other scripts than Latin are
    left out: how they are read depends on the language.

    >>> slug("Zürich, Stadt"), slug("Tromsø"), slug("Troms")
    ('zurich-stadt', 'tromso', 'troms')
    """
    if not name.isascii():
        from anyascii import anyascii

        name = "".join(
            anyascii(letter)
            for letter in unicodedata.normalize("NFKD", name)
            if letter.isascii() or unicodedata.name(letter, "").startswith("LATIN ")
        )
    return re.sub("[^a-z0-9]+", "-", name.lower()).strip("-")


@lru_cache(maxsize=100_000)
def subject_key(country: str, region: str, subject_type: str, subject: str) -> str:
    """The key of one subject.

    >>> subject_key("US", "US-OR", "city", "Portland"), subject_key("US", "US-MA", "state", "...")
    ('us-or-portland', 'us-ma')
    """
    match subject_type:
        case "state":
            return region.lower()
        case "country":
            return country.lower()
        case "vendor" | "company":
            return f"{subject_type}-{slug(subject)}"
        case "supranational":
            return slug(subject)
        case _:
            return f"{(region or country).lower()}-{slug(subject)}"


def unfit(key: str, subject_type: str) -> str:
    """Why the key cannot name a file on every system, or ''."""
    if key.endswith("-") or (not key and subject_type == "supranational"):
        return "has no Latin letter or digit for a key: use the romanized name, and aliases"
    if re.fullmatch("con|prn|aux|nul|(com|lpt)[0-9]", key):
        return f"has the key {key!r}, which Windows reserves: use another name"
    if len(key) > LONGEST_KEY:
        return f"makes a key of {len(key):,} characters: use a name of at most {LONGEST_KEY}"
    return ""
