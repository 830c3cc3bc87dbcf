"""The rows of subjects.csv for a subject that may be new."""

from __future__ import annotations

from dataclasses import replace

from frtracker.places import gazetteer
from frtracker.places.names import resolve
from frtracker.places.place import Place
from frtracker.record.columns import IDENTITY
from frtracker.record.load import Tables


def subject_rows(tables: Tables, text: str) -> tuple[dict[str, str], list[dict[str, str]]]:
    """The identity of the subject that ``text`` means, by column, and the rows that subjects.csv
    lacks: its own, and those of the county it is in. Raises as :func:`resolve`, and ``ValueError``
    for a point."""
    place = resolve(tables, text)
    if place.level == "point":
        raise ValueError("a subject has a name: write it as 'Eastwick, VT'")
    identity = _identity(place)
    return identity, [] if place.key else rows_of(tables, place)


def rows_of(tables: Tables, place: Place) -> list[dict[str, str]]:
    """The row of a place that the record lacks, with what the gazetteer knows about it, and those
    of the places it is within, if these are new too."""
    row = _identity(place) | {"within": ";".join(place.within)}
    if place.latitude is not None and place.longitude is not None:
        row |= {"latitude": f"{place.latitude:.4f}", "longitude": f"{place.longitude:.4f}"}
    if place.level == "state":
        row["geoid"] = gazetteer.state_geoids().get(place.region, "")
    if place.level == "county":
        county, *_ = gazetteer.named(place.name, place.region, "county")
        row["geoid"] = county.county_geoid
    rows = [row]
    known = {*tables.subjects[["region", "subject"]].itertuples(index=False, name=None)}
    for parent in place.parents:
        if parent.subject_type == "county" and (parent.region, parent.name) not in known:
            around = replace(place, name=parent.name, level="county", parents=())
            rows += rows_of(tables, replace(around, latitude=None, longitude=None))
    return rows


def _identity(place: Place) -> dict[str, str]:
    values = (place.country, place.region, place.level, place.name)
    return dict(zip(IDENTITY, values, strict=True))
