"""Rules on subjects.csv, and on the subjects that policies.csv names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd

from frtracker.record.findings import brief
from frtracker.record.keys import IDENTITY, unfit
from frtracker.record.schema.frames import cells, empty, listed, one_of, text_at, where
from frtracker.record.schema.rule import Draft, Hit, row_rule, table_rule
from frtracker.vocabulary import LOCATED_TYPES

_INSIDE = ("city", "county", "agency", "school")


def _named(frame: pd.DataFrame, row: int) -> str:
    """A subject with what tells it from others of its name: Portland (city, US-OR)."""
    country, region, kind, name = (text_at(frame, row, column) for column in IDENTITY)
    return f"{brief(name)} ({', '.join(part for part in (kind, region or country) if part)})"


@table_rule(
    "R070",
    "error",
    "Every subject of policies.csv is in subjects.csv.",
    needs=("subjects",),
    borrowed="warning",
)
def subject_is_known(draft: Draft) -> Iterator[Hit]:
    rows = draft.policies
    known = pd.MultiIndex.from_frame(draft.subjects[list(IDENTITY)])
    first = ~rows.duplicated(list(IDENTITY)).to_numpy()
    missing = first & ~pd.MultiIndex.from_frame(rows[list(IDENTITY)]).isin(known)
    holders = dict(zip(draft.subjects["subject_key"], draft.subjects["subject_type"], strict=True))
    for row, (subject, kind, key) in cells(rows, missing, "subject", "subject_type", "subject_key"):
        message = f"{_named(rows, row)} is not in subjects.csv: add it, or spell it as there"
        wrong = unfit(key, kind, subject)
        if not wrong and holders.get(key, kind) != kind:
            wrong = f"has the key {key!r}, as another subject has: use a name that tells them apart"
        holders[key] = ""  # another spelling of it in this file is no subject of its own
        if wrong:
            yield Hit(row, "subject", subject, f"{_named(rows, row)} {wrong}", severity="error")
        else:
            yield Hit(row, "subject", subject, message)


@table_rule("R071", "error", "Each subject stands once in subjects.csv.", table="subjects")
def subject_stands_once(draft: Draft) -> Iterator[Hit]:
    rows = draft.subjects
    for row, (subject,) in cells(rows, rows.duplicated(list(IDENTITY)).to_numpy(), "subject"):
        yield Hit(row, "subject", subject, f"{_named(rows, row)} stands twice: join the rows")


@table_rule(
    "R072",
    "error",
    "Each subject has a key of its own, made of its name, that can name a file.",
    table="subjects",
)
def key_is_its_own(draft: Draft) -> Iterator[Hit]:
    rows = draft.subjects
    holder = rows.drop_duplicates("subject_key").reset_index().set_index("subject_key")["index"]
    again = rows["subject_key"].duplicated() & ~rows.duplicated(list(IDENTITY))
    for row, (subject, key) in cells(rows, again.to_numpy(), "subject", "subject_key"):
        message = (
            f"{_named(rows, row)} has the same key {brief(key)!r} as"
            f" {_named(rows, int(holder[key]))}: give it the longer name that tells them apart"
        )
        yield Hit(row, "subject", subject, message)
    for row, wrong in _unfit(rows):
        yield Hit(row, "subject", text_at(rows, row, "subject"), wrong)


def _unfit(rows: pd.DataFrame) -> Iterator[tuple[int, str]]:
    columns = (rows[name].tolist() for name in ("subject_key", "subject_type", "subject"))
    for row, subject in enumerate(zip(*columns, strict=True)):
        if wrong := unfit(*subject):
            yield row, wrong


@table_rule(
    "R073",
    "error",
    "`within` names other subjects of the same country and region, below the state.",
    table="subjects",
)
def within_is_known(draft: Draft) -> Iterator[Hit]:
    rows = draft.subjects
    places = rows[rows["subject_type"].isin(_INSIDE)]
    known = pd.MultiIndex.from_frame(places[["country", "region", "subject"]])
    named = listed(rows, "within")
    named = named[one_of(rows, "subject_type", *_INSIDE)[named["row"].to_numpy()]]
    holders = rows.iloc[named["row"].to_numpy()]
    asked = pd.MultiIndex.from_arrays([holders["country"], holders["region"], named["word"]])
    itself = (holders["subject"].to_numpy() == named["word"].to_numpy()) & ~np.asarray(
        asked.isin(known[known.duplicated()])
    )
    wrong = named[itself | ~asked.isin(known)]
    for row, word in zip(wrong["row"].tolist(), wrong["word"].tolist(), strict=True):
        region = text_at(rows, row, "region") or text_at(rows, row, "country") or "no country"
        message = (
            f"{_named(rows, row)} lies in {brief(word)!r}, which is no other city, county,"
            f" agency or school of {region}: add it as a subject, or correct the name"
        )
        yield Hit(row, "within", word, message)


@row_rule("R074", "error", "Only places below the state lie `within` others.", table="subjects")
def within_is_for_places(draft: Draft) -> Iterator[Hit]:
    rows = draft.subjects
    wrong = ~one_of(rows, "subject_type", *_INSIDE) & ~empty(rows, "within")
    for row, (within, kind) in cells(rows, wrong, "within", "subject_type"):
        yield Hit(row, "within", within, f"leave it empty: a {kind} lies in no city or county")


@row_rule("R075", "error", "A city, an agency or a school has coordinates.", table="subjects")
def place_has_a_point(draft: Draft) -> Iterator[Hit]:
    rows = draft.subjects
    federal = one_of(rows, "subject_type", "agency") & empty(rows, "region") & empty(rows, "within")
    needs = one_of(rows, "subject_type", *LOCATED_TYPES) & ~federal
    for column in ("latitude", "longitude"):
        for row in where(needs & rows[column].isna().to_numpy()):
            message = f"{_named(rows, row)} needs latitude and longitude: it is drawn as a point"
            yield Hit(row, column, "", message)


@row_rule("R076", "error", "Coordinates come as a pair.", table="subjects")
def point_is_whole(draft: Draft) -> Iterator[Hit]:
    rows = draft.subjects
    located = one_of(rows, "subject_type", *LOCATED_TYPES)
    no_latitude, no_longitude = (
        rows["latitude"].isna().to_numpy(),
        rows["longitude"].isna().to_numpy(),
    )
    for row in where((no_latitude != no_longitude) & ~located):
        column = "latitude" if no_latitude[row] else "longitude"
        message = f"{_named(rows, row)} has one coordinate only: give both or none"
        yield Hit(row, column, "", message)


RULES: Final = (
    subject_is_known,
    subject_stands_once,
    key_is_its_own,
    within_is_known,
    within_is_for_places,
    place_has_a_point,
    point_is_whole,
)
