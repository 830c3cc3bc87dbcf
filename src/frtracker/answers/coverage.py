"""What the record is complete for: what coverage.csv says of a count, or of "no act recorded"."""

from __future__ import annotations

from collections.abc import Iterable

from frtracker.answers.documents import Document, Row, listed, records
from frtracker.record.load import Tables
from frtracker.vocabulary import LEVELS_OF, PROHIBITING_MEASURES


def coverage(
    tables: Tables,
    subject_types: Iterable[str],
    actors: Iterable[str],
    *,
    country: str = "",
    region: str = "",
    measures: Iterable[str] = (),
) -> list[Document]:
    """For each class of the ``measures`` (all by default): whether the acts for ``actors`` of these
    kinds of subjects in a country or region (everywhere by default) are all on record, against
    which lists, as of which day at the earliest. [] without a kind of subject."""
    levels = {level for it in subject_types for level in LEVELS_OF.get(it, ())}
    wanted = ["bans" if it in PROHIBITING_MEASURES else "limits" for it in measures if it != "none"]
    table, cells = records(tables.coverage), [(it, actor) for it in levels for actor in actors]
    classes: list[Document] = []
    for name in sorted({*wanted}) or ["bans", "limits"] if cells else ():
        proofs = [
            _whole(
                (
                    row
                    for row in table
                    if (row["measure_class"], row["level"]) == (name, level)
                    and actor in listed(row["actors"])
                ),
                (country, region),
            )
            for level, actor in cells
        ]
        rows = [row for row in proofs if row]
        complete = len(rows) == len(proofs)
        lists = sorted({it for row in rows for it in listed(row["lists"])}) if complete else []
        as_of = min(row["as_of"] for row in rows) if complete else None
        found = {"measure_class": name, "complete": complete, "lists": lists, "as_of": as_of}
        classes.append(found)
    return classes


def _whole(rows: Iterable[Row], place: tuple[str, str]) -> Row | None:
    """The nearest row about the place (country, region) or what it lies in, if it says "yes", as
    every row about a part of the place must too."""
    nearest, whole = None, True
    for row in rows:
        where = row["country"], row["region"]
        if all(own in ("", asked) for own, asked in zip(where, place, strict=True)):
            nearest = max(nearest or row, row, key=lambda it: (it["country"], it["region"]))
        elif all(asked in ("", own) for own, asked in zip(where, place, strict=True)):
            whole = whole and row["complete"] == "yes"
    return nearest if whole and nearest and nearest["complete"] == "yes" else None
