"""What is drawn of each subject on a day, for a reader who asks about some actors: the same on
pictures and on the first page of the site."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from frtracker import outlines, sheets, wording
from frtracker.answers.documents import Document, records
from frtracker.answers.status import headline
from frtracker.codes import countries
from frtracker.places.subjects import Subject, subjects_by_key
from frtracker.sheets import SHEETS, Numbers, Point
from frtracker.timeline.rules import rank_of
from frtracker.vocabulary import MARKETED

if TYPE_CHECKING:
    import pandas as pd

    from frtracker.record.load import Tables


@dataclass(frozen=True, slots=True)
class Mark:
    """``rank``: see :func:`frtracker.timeline.rules.rank_of`; ``scheduled``: an adopted rule is not
    yet in effect; ``whom``: the actors, where the rule could be taken for one on the police;
    ``is_for_others``: nothing is in force for the chosen actors, but a rule for others is."""

    rank: int
    certain: bool = True
    scheduled: bool = False
    whom: str = ""
    is_for_others: bool = False

    @property
    def is_drawn(self) -> bool:
        """Whether a place without an outline is drawn: not for bills that failed."""
        return bool(self.rank or not self.certain or self.scheduled or self.is_for_others)


@dataclass(frozen=True, slots=True)
class Circle:
    """``mark``: that of the strictest of the subjects it stands for, the first of ``keys``."""

    mark: Mark
    spot: Point
    keys: list[str]


def opening_sheet(tables: Tables) -> sheets.Name:
    """The sheet that a map opens on: the world, if the record has no place in the United States."""
    of_places = ~tables.policies["subject_type"].isin([*MARKETED])
    return "us" if "US" in {*tables.policies.loc[of_places, "country"]} else "world"


def marks_of(document: Document, actors: Collection[str]) -> dict[str, Mark]:
    """By key the mark of each subject with an act by then. ``document``: a status document that
    lists everything."""
    return {entry["subject_key"]: mark_of(entry, actors) for entry in document["subjects"]}


def mark_of(entry: Document, actors: Collection[str]) -> Mark:
    """The mark of an entry of a status document for these actors together."""
    own = {a: it for a, it in entry["positions"].items() if it and a in actors}
    head = headline(own)
    rank = rank_of(head["measure"], general=head["scope"] != "narrow")
    scheduled = any(
        row["state"] == "scheduled"
        and row["measure"] != "none"
        and not {*actors}.isdisjoint(row["applies_to"])
        for row in entry["policies"]
    )
    is_mixed = len(actors) > 1 and rank and "police" not in head["applies_to"]
    nothing = rank == 0 and head["certain"]
    return Mark(
        rank,
        head["certain"],
        scheduled,
        wording.actors(head["applies_to"]) if is_mixed else "",
        bool(nothing and for_others(entry["positions"], actors)),
    )


def for_others(positions: Mapping[str, Any], actors: Collection[str]) -> dict[str, Any]:
    """The positions of other actors with a rule that is or may be in force."""
    others = {a: it for a, it in positions.items() if it and a not in actors}
    return {actor: it for actor, it in others.items() if it["measure"] != "none"}


def outlined(subjects: Iterable[Subject]) -> dict[str, str]:
    """By the code of its outline the key of each subject that has one: a country, a state or a
    county, never what has the code of another type."""
    codes = {code for level in outlines.LEVELS for code in outlines.names(level)}
    return {it.outline: it.key for it in subjects if it.outline in codes}


def spots_of(subjects: pd.DataFrame) -> dict[str, list[Point]]:
    """By key where on the plane the circles of each row of ``subjects`` are: of all with
    coordinates and without an outline but national agencies, whose circle on the capital would look
    like a local rule; none of the others."""
    areas = {*outlined(subjects_by_key(subjects).values()).values()}
    national = (subjects["subject_type"] == "agency") & (subjects["region"] == "")
    national &= subjects["within"] == ""
    bare = subjects["subject_key"].isin(list(areas)) | national
    lon, lat = subjects["longitude"].mask(bare), subjects["latitude"].mask(bare)
    spots = sheets.spots(lon, lat, subjects["country"], subjects["region"])
    return dict(zip(subjects["subject_key"], spots, strict=True))


def unplaced(
    tables: Tables, marks: Mapping[str, Mark], names: Collection[sheets.Name]
) -> list[Subject]:
    """The subjects with a mark, but vendors and companies, that are drawn on no sheet: without
    outline and coordinates; those of countries that the sheets ``names`` show and, where these show
    other countries than the United States, of countries without an outline and unions. The United
    States are one: sheets show the states."""
    shapes = [it for name in names for it in sheets.topology(name)["objects"].values()]
    shown = {it["properties"]["code"][:2] for layer in shapes for it in layer["geometries"]}
    shown |= {"", *countries()} - outlines.names("countries").keys() if shown != {"US"} else set()
    subjects, spots = subjects_by_key(tables.subjects), spots_of(tables.subjects)
    areas = {key for code, key in outlined(subjects.values()).items() if code != "US"}
    return [
        subject
        for key, subject in subjects.items()
        if key in marks and marks[key].is_drawn and not spots[key] and key not in areas
        if subject.subject_type not in MARKETED
        if subject.country in shown
    ]


def circles(
    tables: Tables, marks: Mapping[str, Mark], name: sheets.Name, gap: float
) -> list[Circle]:
    """The circles of a sheet, those nearer than ``gap`` (in units) as one, the strictest first."""
    rows = tables.subjects
    rows = rows[rows["subject_key"].isin([key for key, it in marks.items() if it.is_drawn])]
    west, _, east, _ = SHEETS[name].box
    places = sorted(
        (-marks[key].rank, key, spot)
        for key, own in spots_of(rows).items()
        for spot in own
        if west <= spot[0] <= east
    )
    groups = sheets.clusters([spot for _, _, spot in places], gap)
    members = [[places[number] for number in group] for group in groups]
    return [Circle(marks[it[0][1]], it[0][2], [key for _, key, _ in it]) for it in members]


class Outline(NamedTuple):
    """A shape of a sheet: ``key``: of its subject, where the record has one; ``at``: for a letter;
    ``rings``: see :func:`frtracker.sheets.rings_of`."""

    layer: str
    code: str
    name: str
    key: str
    at: Point
    rings: tuple[Numbers, ...]


def outlines_of(tables: Tables, marks: Mapping[str, Mark], name: sheets.Name) -> Iterator[Outline]:
    """The outlines of a sheet, those that are drawn over others later: of countries and states all,
    of counties those with a mark."""
    subjects = subjects_by_key(tables.subjects)
    keys = outlined(it for key, it in subjects.items() if key in marks)
    counties = keys.keys() & outlines.names("counties")
    source = sheets.topology(name)
    if name == "us" and counties:
        degrees = outlines.kept(outlines.topology("counties"), "counties", counties)
        source = sheets.with_counties(source, degrees)
    for layer in ("countries", "states", "counties", "enlarged"):
        rings = sheets.rings_of(source, layer)
        for shape in source["objects"].get(layer, {"geometries": []})["geometries"]:
            code, label, at = (shape["properties"][it] for it in ("code", "name", "at"))
            if code != "US":  # its states are drawn
                own = code.lower()  # of what has no act, but may have a page
                key = keys.get(code, "" if own in subjects else own)
                yield Outline(layer, code, label, key, at, rings[code])


def law_searched(searches: pd.DataFrame) -> set[str]:
    """Codes of the countries and parts of countries whose own law was searched."""
    return {row["region"] or row["country"] for row in records(searches) if is_of_law(row)}


def is_of_law(search: Mapping[str, Any]) -> bool:
    """Whether a search was of the law of the country or state that it names."""
    return search["level"] in (("state",) if search["region"] else ("country", "federal"))
