"""What the record is complete for: what coverage.csv says of a count, or of "no act recorded"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from frtracker.answers.documents import Document, Row, listed, records
from frtracker.record.load import Tables
from frtracker.vocabulary import LEVELS_OF, PROHIBITING_MEASURES


def coverage(
    tables: Tables,
    subject_types: Iterable[str],
    actors: Iterable[str],
    places: Sequence[tuple[str, str]] = (("", ""),),
    measures: Iterable[str] = (),
) -> list[Document]:
    """For each class of the ``measures`` (all by default): whether the acts for ``actors`` of these
    kinds of subjects in all ``places``, each a country and a region ('': everywhere), are on
    record, against which lists, as of which day (the earliest). [] without a kind of subject."""
    levels = {level for it in subject_types for level in LEVELS_OF.get(it, ())}
    wanted = {"bans" if it in PROHIBITING_MEASURES else "limits" for it in measures if it != "none"}
    cells = [(level, actor, it) for level in levels for actor in actors for it in places]
    found = []
    for name in sorted(wanted or {"bans", "limits"}) if cells else ():
        table = [row for row in records(tables.coverage) if row["measure_class"] == name]
        proofs = [row for cell in cells if (row := _proof(table, *cell))]
        complete = len(proofs) == len(cells)
        lists = sorted({it for row in proofs if complete for it in listed(row["lists"])})
        as_of = min(row["as_of"] for row in proofs) if complete else None
        of_class = {"measure_class": name, "complete": complete, "lists": lists, "as_of": as_of}
        found.append(of_class)
    return found


def _proof(table: Iterable[Row], level: str, actor: str, place: tuple[str, str]) -> Row | None:
    """The nearest row about the place or what it lies in, if it says "yes", as every row about a
    part of the place must too."""
    nearest, parts = None, []
    for row in table:
        pairs = [*zip((row["country"], row["region"]), place, strict=True)]
        if row["level"] == level and actor in listed(row["actors"]):
            if all(own in ("", asked) for own, asked in pairs):
                nearest = max(nearest or row, row, key=lambda it: (it["country"], it["region"]))
            elif all(asked in ("", own) for own, asked in pairs):
                parts.append(row)
    whole = nearest and all(row["complete"] == "yes" for row in (nearest, *parts))
    return nearest if whole else None
