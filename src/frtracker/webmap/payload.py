"""What the page's script works with, in one JSON value.

Kept apart, so that a day can be exchanged without the rest:

- ``subjects``: who they are and where they are drawn; the same on every day
- ``policies``: what each act says, and its sources; the same on every day
- ``day``: what holds for each subject, and the state of each act
- ``vocabulary``: labels, definitions and order, from ``frtracker.vocabulary``
- ``boundaries``: one TopoJSON for each level, counties only where one is drawn

Empty and false members are left out.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from frtracker import boundaries, vocabulary
from frtracker.places import US_REGION_NAMES

if TYPE_CHECKING:
    from frtracker.table import Tables

Json = dict[str, Any]
Names = Mapping[boundaries.Level, Mapping[str, str]]

_FIXED: Final = [
    "measure",
    "scope",
    "uses",
    "applies_to",
    "reach",
    "territory",
    "decided_by",
    "introduced_on",
    "decided_on",
    "effective_on",
    "expires_on",
    "ends_when",
    "last_confirmed_on",
    "instrument",
]
_ON_THE_DAY: Final = ["state", "superseded_for", "start_presumed", "continuation_presumed"]
_SENTENCES: Final = ["status", "summary", "exceptions", "notes"]
_SOURCE: Final = ["url", "publisher", "title", "published_on"]


def payload(document: Mapping[str, Any], tables: Tables) -> Json:
    """The page's data for one status document. Raises ``KeyError`` for what no table knows."""
    listed = document["subjects"]
    rows = {row["subject_key"]: row for row in tables.subjects.to_dict("records")}
    outlines = {level: boundaries.topology(level) for level in boundaries.LEVELS}
    names = {level: _names(level, outline) for level, outline in outlines.items()}
    subjects = {each["key"]: _subject(each, rows[each["key"]], names) for each in listed}
    order = _order(tables)
    for each in subjects.values():
        each["policies"].sort(key=order.__getitem__)
    drawn = {each["shape"][1] for each in subjects.values() if "shape" in each}
    outlines["counties"] = boundaries.topology("counties", drawn)
    return {
        "day": {
            "as_of": document["as_of"],
            "held": {each["key"]: _held(each) for each in listed},
        },
        "subjects": subjects,
        "policies": _policies(listed, tables),
        "vocabulary": _vocabulary(),
        "boundaries": outlines,
    }


def _order(tables: Tables) -> dict[str, tuple[float, str]]:
    """Acts stand by their first recorded day; those without one last."""
    days = tables.policies[["introduced_on_low", "decided_on_low", "effective_on_low"]]
    first = days.where(days > 0).min(axis=1).fillna(math.inf)
    return {key: (day, key) for key, day in zip(tables.policies["policy_id"], first, strict=True)}


def _lean(record: Mapping[Any, Any]) -> Json:
    """Without empty and false members; the script takes what is absent for empty."""
    return {key: value for key, value in record.items() if value not in (None, "", [], {}, False)}


def _names(level: boundaries.Level, outline: Json) -> dict[str, str]:
    properties = (each["properties"] for each in outline["objects"][level]["geometries"])
    return {each[boundaries.KEYS[level]]: each["name"] for each in properties}


def _subject(entry: Json, row: Mapping[Any, Any], names: Names) -> Json:
    shape = _shape(entry, row, names)
    return _lean(
        {
            "name": entry["subject"],
            "type": entry["subject_type"],
            "where": _where(entry, names["countries"]),
            "country": entry["country"],
            "shape": shape,
            "at": None if shape or _is_national_agency(entry) else _point(row),
            "policies": [policy["policy_id"] for policy in entry["policies"]],
        }
    )


def _shape(entry: Json, row: Mapping[Any, Any], names: Names) -> list[str] | None:
    """The level and key of the subject's outline, if we have one."""
    level: boundaries.Level
    match entry["subject_type"]:
        case "country":
            level, key = "countries", entry["country"]
        case "state":
            level, key = "states", entry["region"]
        case "county":
            level, key = "counties", row["geoid"]
        case _:
            return None
    return [level, key] if key in names[level] else None


def _is_national_agency(entry: Json) -> bool:
    """Told of in its country's list: a circle on the capital would look like a local rule."""
    return entry["subject_type"] == "agency" and not entry["region"] and not entry["within"]


def _point(row: Mapping[Any, Any]) -> list[float] | None:
    latitude, longitude = float(row["latitude"]), float(row["longitude"])
    if math.isnan(latitude) or math.isnan(longitude):
        return None
    return [round(latitude, 4), round(longitude, 4)]


def _where(entry: Json, countries: Mapping[str, str]) -> str:
    """What a reader needs beside the name: ``Milwaukee County, Wisconsin``; ``Germany``."""
    if entry["subject_type"] in ("country", "supranational"):
        return ""
    country = entry["country"] or ""
    chain = list(entry["within"])
    if entry["subject_type"] != "state" and entry["region"]:
        chain.append(US_REGION_NAMES.get(entry["region"], ""))
    if country != "US" or not any(chain):
        chain.append(countries.get(country, country))
    return ", ".join(name for name in chain if name)


def _held(entry: Json) -> Json:
    positions = {actor: held for actor, held in entry["positions"].items() if held}
    return _lean(
        {
            "measure": entry["measure"],
            "scope": entry["scope"],
            "uncertain": not entry["certain"],
            "for": entry["for"],
            "since": entry["since"],
            "until": entry["until"],
            "positions": {actor: _position(each) for actor, each in positions.items()},
            "next": _doubt(entry["next_change"]) if entry["next_change"] else None,
            "states": {each["policy_id"]: _state(each) for each in entry["policies"]},
        }
    )


def _doubt(record: Mapping[str, Any]) -> Json:
    rest = {key: value for key, value in record.items() if key != "certain"}
    return _lean({**rest, "uncertain": not record["certain"]})


def _position(position: Mapping[str, Any]) -> Json:
    return _doubt({**position, "also": [_doubt(each) for each in position["also"]]})


def _state(policy: Mapping[str, Any]) -> Json:
    kept = {name: policy.get(name) for name in _ON_THE_DAY}
    return _lean({**kept, "uncertain": not policy["certain"]})


def _policies(listed: Iterable[Json], tables: Tables) -> Json:
    rows = {row["policy_id"]: row for row in tables.policies.to_dict("records")}
    sources: dict[str, list[Json]] = {}
    for source in tables.sources.to_dict("records"):
        cells = _lean({name: source[name] for name in _SOURCE})
        sources.setdefault(source["policy_id"], []).append(cells)
    return {
        each["policy_id"]: _policy(
            each, rows[each["policy_id"]], sources.get(each["policy_id"], [])
        )
        for subject in listed
        for each in subject["policies"]
    }


def _policy(entry: Json, row: Mapping[Any, Any], sources: list[Json]) -> Json:
    best = entry["source_url"]
    ordered = sorted(sources, key=lambda source: source.get("url") != best)
    if not any(source.get("url") == best for source in sources):
        ordered.insert(0, {"url": best})
    return _lean(
        {
            **{name: entry.get(name) for name in _FIXED},
            **{name: row[name] for name in _SENTENCES},
            "doubted": entry["confidence"] == "low",
            "sources": ordered,
        }
    )


def _vocabulary() -> Json:
    def labels(terms: vocabulary.Vocabulary) -> dict[str, str]:
        return {code: term.label for code, term in terms.items()}

    return {
        "measures": [
            {"code": term.code, "label": term.label, "definition": term.definition}
            for term in vocabulary.MEASURES.values()
        ],
        "actors": labels(vocabulary.ACTORS),
        "uses": labels(vocabulary.USES),
        "types": labels(vocabulary.SUBJECT_TYPES),
        "states": labels(vocabulary.STATES),
        "reaches": labels(vocabulary.REACHES),
    }
