"""What the page's script works with, in one JSON value: the whole record, on all its days.

- ``opens``, ``opens_for``: the day shown at first, and whom the rules shown at first are for;
  ``first``, ``last``: the days that the slider reaches, from the first act to the last change
- ``subjects``: who they are and where they are drawn; ``policies``: what each act says;
  ``sources``: its proofs, each stored once; what is shown of them when: ``page/history.py``
- ``above``: rules that pass down, as lists of (subject, acts), named by number; ``outlines``: which
  of these are for an outline that no subject owns
- ``searches``: by country or region, what was looked for without finding an act; ``searched``:
  those of which the law itself was searched
- ``texts``: strings that are named by number; ``words``: sentences and templates; ``vocabulary``:
  labels, definitions and order; ``boundaries``: a TopoJSON for each level, with the counties that
  are drawn; ``views``. Empty and false members are left out.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from frtracker import outlines, vocabulary, wording
from frtracker.answers.coverage import coverage
from frtracker.answers.documents import listed, records
from frtracker.layers import Readings, governments
from frtracker.look import CATEGORIES
from frtracker.page.history import Interned, day_number, history
from frtracker.places.place import Place, of_country, of_region, of_subject
from frtracker.places.subjects import Subject, subjects_by_key
from frtracker.timeline.rules import RANKED

if TYPE_CHECKING:
    from frtracker.record.load import Tables
    from frtracker.timeline import Timeline

Json = dict[str, Any]
Names = Mapping[outlines.Level, Mapping[str, str]]
Source = tuple[str, ...]
"""Address, text of the link, what follows it, and the address of a copy if there is one."""

Chain = tuple[tuple[str, tuple[str, ...]], ...]
"""(subject, its acts) of each government above, nearest first; those without an act left out."""

_VIEWS: Final = {
    "us": [[-125, 24.4], [-66.8, 49.6]],
    "world": [[-155, -50], [175, 74]],
    "europe": [[-11, 35.5], [33, 66]],
}
"""Corners of what each button shows, south-west and north-east, as longitude and latitude."""

_TEXTS: Final = ("territory", "decided_by", "instrument", "summary", "exceptions", "notes")


def data(tables: Tables, timeline: Timeline, day: date, *, actor: str = vocabulary.ANYONE) -> Json:
    """The page's data, to open on ``day`` with the rules for ``actor``. Raises ``KeyError`` for
    what no table knows."""
    everyone, acts = subjects_by_key(tables.subjects), _acts(timeline)
    with_acts = {act["subject_key"] for act in acts.values()}
    shown = [subject for key, subject in everyone.items() if key in with_acts]
    topologies = {level: outlines.topology(level) for level in outlines.LEVELS}
    names = {level: _names_of(level, each) for level, each in topologies.items()}
    above, chains = _inheritance(tables, everyone), Interned[Chain]({(): 0})
    rows = {row["subject_key"]: row for row in records(tables.subjects)}
    subjects = [_subject(each, rows[each.key], names) for each in shown]
    for subject, each in zip(shown, subjects, strict=True):
        if chain := above(of_subject(everyone, subject)):
            each["above"] = chains[chain]
    drawn = {each["shape"][1] for each in subjects if "shape" in each}
    topologies["counties"] = outlines.kept(topologies["counties"], "counties", drawn)
    others = {code: of_country(everyone, code) for code in names["countries"]}
    others |= {code: of_region(everyone, code, name) for code, name in names["states"].items()}
    reached = {code: above(place) for code, place in others.items() if code not in drawn}
    unowned = {code: chains[chain] for code, chain in reached.items() if chain}
    texts = Interned({"": 0})
    numbers = {subject.key: number for number, subject in enumerate(shown)}
    places = {policy_id: place for place, policy_id in enumerate(acts)}
    inherited = {act for chain in chains for _, ids in chain for act in ids}
    days = history(tables, timeline, acts, numbers, inherited, texts)
    ends = map(day_number, timeline.positions["valid_to"].dropna())
    days_of_change = [day_number(day), *days["events"]["day"], *ends]
    proofs = _proofs(tables, acts)
    every = sorted({source for own in proofs.values() for source in own})  # like by like: smaller
    sources = Interned((source, place) for place, source in enumerate(every))
    policies = [
        {
            **_policy(act, texts),
            "subject": numbers[act["subject_key"]] + 1,
            "sources": [sources[source] for source in proofs[policy_id]],
        }
        for policy_id, act in acts.items()
    ]
    kinds = {*vocabulary.SUBJECT_TYPES} - {"vendor", "company"}
    covered = wording.coverage(coverage(tables, kinds, vocabulary.ACTORS))
    masthead = f"{wording.TEMPLATES['masthead']} ({covered})"
    return {
        "opens": day_number(day),
        "opens_for": actor,
        "first": min(days_of_change),
        "last": max(days_of_change),
        "subjects": subjects,
        "policies": policies,
        "sources": list(sources),
        **days,
        "above": [
            [[numbers[key], [places[act] for act in ids]] for key, ids in chain] for chain in chains
        ],
        "outlines": unowned,
        **_searches(tables),
        "texts": list(texts),
        "words": {
            "phrases": {**wording.TEMPLATES, "masthead": masthead},
            "counted": dict(wording.COUNTED),
            "categories": dict(CATEGORIES),
        },
        "vocabulary": _vocabulary(),
        "boundaries": {level: _packed(each) for level, each in topologies.items()},
        "views": _VIEWS,
    }


def _acts(timeline: Timeline) -> dict[str, Json]:
    """The rows of the record by id, by their first recorded day, those without last."""

    def place(act: Json) -> tuple[float, str]:
        days = (act[f"{name}_on_low"] for name in ("introduced", "decided", "effective"))
        return min(filter(None, days), default=math.inf), act["policy_id"]

    return {act["policy_id"]: act for act in sorted(records(timeline.policies), key=place)}


def _lean(record: Mapping[Any, Any]) -> Json:
    """Without empty and false members; the script takes what is absent for empty."""
    return {key: value for key, value in record.items() if value not in (None, "", [], {}, 0)}


def _subject(subject: Subject, row: Json, names: Names) -> Json:
    """One subject as the page's script reads it; ``row`` is its row of ``subjects``; ``names``:
    by level and key, those of the places that have an outline."""
    around = subject.around
    if subject.country == "US" and len(around) > 1:  # a US place is known by its state
        around = around[:-1]
    is_unique = subject.subject_type in ("vendor", "company", "state")
    keys: dict[str, tuple[outlines.Level, str]] = {
        "country": ("countries", subject.country),
        "state": ("states", subject.region),
        "county": ("counties", subject.geoid),
    }
    level, key = keys.get(subject.subject_type, ("counties", ""))
    has_shape = key in names[level]
    # a circle on the capital would look like a local rule
    is_national = subject.subject_type == "agency" and not subject.region and not subject.within
    point = row["longitude"], row["latitude"]
    is_point = not (has_shape or is_national or math.isnan(sum(point)))
    return _lean(
        {
            "key": subject.key,
            "name": subject.name,
            "type": subject.subject_type,
            "inside" if is_unique else "where": ", ".join(around),
            "country": subject.country,
            "region": subject.region,
            "aliases": ";".join(subject.search_names),
            "shape": [level, key] if has_shape else None,
            "at": [round(degrees, 3) for degrees in point] if is_point else None,
        }
    )


def _policy(act: Json, texts: Interned[str]) -> Json:
    """What one act says, without whose it is and its sources."""
    is_doubted = act["confidence"] == "low"
    reviewed = f"{act['confidence']}; reviewed {wording.recorded(act['reviewed_on'])}"
    coverage = (
        wording.actors(listed(act["applies_to"])),
        wording.uses(listed(act["uses"])),
        act["reach"] and f"applies to {vocabulary.REACHES[act['reach']].label}",
        wording.only_in(listed(act["territory"])),
    )
    return _lean(
        {
            "id": act["policy_id"],
            "measure": act["measure"],
            "narrow": act["uses"] != "any",
            "coverage": texts[wording.joined(coverage, " · ")],
            "dates": wording.rule_dates(act, whole=True),
            **{name: act[name] for name in _TEXTS},
            "doubted": is_doubted,
            "confidence": texts[wording.NOT_ESTABLISHED if is_doubted else reviewed],
        }
    )


def _proofs(tables: Tables, acts: Mapping[str, Json]) -> dict[str, list[Source]]:
    """For each act its sources, the best one first."""
    recorded: dict[str, list[Source]] = {}
    for row in records(tables.sources):
        title, publisher, published = row["title"], row["publisher"], row["published_on"]
        where = title and publisher, row["locator"], wording.recorded(published)
        source: Source = row["url"], title or publisher or row["url"], wording.joined(where)
        source += (row["archived_url"],) if row["archived_url"] else ()
        recorded.setdefault(row["policy_id"], []).append(source)
    proofs = {}
    for policy_id, act in acts.items():
        best, own = act["source_url"], recorded.get(policy_id, [])
        first = [source for source in own if source[0] == best] or [(best, best, "")]
        proofs[policy_id] = first + [source for source in own if source[0] != best]
    return proofs


def _inheritance(tables: Tables, subjects: Mapping[str, Subject]) -> Callable[[Place], Chain]:
    """Which rules pass down to a place from the governments above it, on any day; nothing to
    a vendor, a company, a union."""
    readings, unions = Readings(tables.policies), tables.policies["subject_type"] == "supranational"
    # the rules of a union are read only where one of them names the place
    named = {code for cell in tables.policies.loc[unions, "territory"] for code in cell.split(";")}

    def above(place: Place) -> Chain:
        if place.is_vendor:
            return ()
        is_named = not named.isdisjoint((place.region or place.country, place.country))
        layers = (
            layer
            for layer in governments(subjects, place)
            if layer.key and (is_named or layer.level != "supranational")
        )
        acts = ((layer.key, readings.acts(layer, place)) for layer in layers)
        return tuple((key, ids) for key, ids in acts if ids)

    return above


def _names_of(level: outlines.Level, topology: Json) -> dict[str, str]:
    """The names of the places in a TopoJSON of one level, by key."""
    properties = (each["properties"] for each in topology["objects"][level]["geometries"])
    return {each[outlines.KEYS[level]]: each["name"] for each in properties}


def _packed(topology: Json) -> Json:
    """The topology with every arc (its first point, then steps) as one text of ASCII characters:
    https://developers.google.com/maps/documentation/utilities/polylinealgorithm"""
    numbers = ((value for point in arc for value in point) for arc in topology["arcs"])
    return {**topology, "arcs": ["".join(map(_encoded_number, arc)) for arc in numbers]}


@cache  # most steps are short: few numbers, over and over
def _encoded_number(value: int) -> str:
    rest = ~(value << 1) if value < 0 else value << 1
    groups = []
    while rest >= 0x20:
        groups.append(chr((0x20 | (rest & 0x1F)) + 63))
        rest >>= 5
    return "".join([*groups, chr(rest + 63)])


def _searches(tables: Tables) -> Json:
    searches: dict[str, list[list[str]]] = {}
    searched = set()
    for row in records(tables.searches):
        place = row["region"] or row["country"]
        if row["level"] != "company":
            where = wording.search({**row, "finding": ""})
            searches.setdefault(place, []).append([where, row["finding"]])
        if row["level"] in (("state",) if "-" in place else ("country", "federal")):
            searched.add(place)
    return {"searches": searches, "searched": sorted(searched)}


def _vocabulary() -> Json:
    labels = {
        name: {code: term.label for code, term in words.items()}
        for name, words in (("actors", vocabulary.ACTORS), ("types", vocabulary.SUBJECT_TYPES))
    }
    labels["actors"][vocabulary.ANYONE] = vocabulary.ANYONE
    return {
        "measures": [
            {
                **{name: getattr(term, name) for name in ("code", "label", "definition", "letter")},
                "act": "repeal" if term.code == "none" else term.label,
            }
            for term in vocabulary.MEASURES.values()
        ],
        "ranked": RANKED,
        **labels,
        "states": list(vocabulary.STATES),
        "live": sorted(vocabulary.LIVE_STATES),
    }
