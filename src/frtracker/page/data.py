"""What the page's script works with, in one JSON value: the whole record, on all its days.

- ``opens``, ``opens_for``: the day shown at first, and whom the rules shown at first are for;
  ``first``, ``last``: the days that the slider reaches, from the first act to the last change
- ``subjects``: who they are and where they are drawn
- ``policies``: what each act says; ``sources``: its proofs, each stored once
- ``headlines``, ``looks``, ``panels``, ``blocks``, ``behind``, ``states``, ``events``,
  ``changes``: see :mod:`frtracker.page.history`
- ``above``: rules that pass down, as lists of (subject, acts), named by number; ``outlines``: which
  of these are for an outline that no subject owns
- ``searches``: by country or region, what was looked for without finding an act; ``searched``:
  those of which the law itself was searched
- ``texts``: strings that are named by number; ``words``: sentences and templates
- ``vocabulary``: labels, definitions and order, from ``frtracker.vocabulary``
- ``boundaries``: one TopoJSON for each level; counties only where one is drawn; ``views``

Empty and false members are left out.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from frtracker import outlines, vocabulary, wording
from frtracker.answers.documents import listed, records
from frtracker.layers import Readings, governments
from frtracker.look import CATEGORIES
from frtracker.page import geometry
from frtracker.page.history import Index, Interned, day_number, history
from frtracker.places.place import Place, of_country, of_region, of_subject
from frtracker.places.subjects import US_REGION_NAMES, Subject, subjects_by_key
from frtracker.timeline.rules import RANKED

if TYPE_CHECKING:
    from frtracker.record.load import Tables
    from frtracker.timeline import Timeline

Json = dict[str, Any]
Source = tuple[str, str, str]
"""Address, text of the link, what stands after it."""

Chain = tuple[tuple[str, tuple[str, ...]], ...]
"""(subject, its acts) of each government above, nearest first; those without an act left out."""

_TEXTS: Final = ("territory", "decided_by", "instrument", "summary", "exceptions", "notes")


def data(tables: Tables, timeline: Timeline, day: date, *, actor: str = vocabulary.ANYONE) -> Json:
    """The page's data, to open on ``day`` with the rules for ``actor``. Raises ``KeyError`` for
    what no table knows."""
    inherited = _Inherited(tables)
    acts = _acts(timeline)
    with_acts = {act["subject_key"] for act in acts.values()}
    shown = [each for key, each in inherited.subjects.items() if key in with_acts]
    topologies = geometry.topologies()
    names = {level: geometry.names_of(level, each) for level, each in topologies.items()}
    chains: Interned[Chain] = Interned(())
    rows = {row["subject_key"]: row for row in records(tables.subjects)}
    subjects = [
        _subject(each, rows[each.key], names, chains.number(inherited.of(each))) for each in shown
    ]
    drawn = {each["shape"][1] for each in subjects if "shape" in each}
    topologies["counties"] = outlines.kept(topologies["counties"], "counties", drawn)
    unowned = _outlines_without_subject(names, drawn, inherited, chains)
    index = Index(
        {subject.key: number for number, subject in enumerate(shown)},
        {policy_id: number for number, policy_id in enumerate(acts)},
        frozenset(act for chain in chains.values for _, ids in chain for act in ids),
    )
    days = history(tables, timeline, acts, index)
    ends = map(day_number, timeline.positions["valid_to"].dropna())
    days_of_change = [day_number(day) or 0, *days["events"]["day"], *(end or 0 for end in ends)]
    proofs = _sources(tables)
    sources: Interned[Source] = Interned(  # like beside like: smaller
        *sorted(source for each in proofs.values() for source in each)
    )
    policies = [
        _policy(act, index, sources, proofs.get(policy_id, [])) for policy_id, act in acts.items()
    ]
    return {
        "opens": day_number(day),
        "opens_for": actor,
        "first": min(days_of_change),
        "last": max(days_of_change),
        "subjects": subjects,
        "policies": policies,
        "sources": sources.values,
        **days,
        "above": [
            [[index.subjects[key], [index.policies[act] for act in ids]] for key, ids in chain]
            for chain in chains.values
        ],
        "outlines": unowned,
        **_searches(tables),
        "texts": index.texts.values,
        "words": {
            "phrases": dict(wording.TEMPLATES),
            "counted": dict(wording.COUNTED),
            "categories": dict(CATEGORIES),
        },
        "vocabulary": _vocabulary(),
        "boundaries": {level: geometry.packed(each) for level, each in topologies.items()},
        "views": geometry.VIEWS,
    }


def _acts(timeline: Timeline) -> dict[str, Json]:
    """The rows of the record by id, by their first recorded day, those without last."""
    days = timeline.policies[["introduced_on_low", "decided_on_low", "effective_on_low"]]
    first = days.where(days > 0).min(axis=1).fillna(math.inf)
    order = sorted(
        zip(first, timeline.policies["policy_id"], records(timeline.policies), strict=True),
        key=lambda act: act[:2],
    )
    return {policy_id: row for _, policy_id, row in order}


def _lean(record: Mapping[Any, Any]) -> Json:
    """Without empty and false members; the script takes what is absent for empty."""
    return {key: value for key, value in record.items() if value not in (None, "", [], {}, 0)}


def _subject(subject: Subject, row: Mapping[Any, Any], names: geometry.Names, chain: int) -> Json:
    """One subject as the page's script reads it; ``row`` is its row of ``subjects``."""
    where = _where(subject, names["countries"])
    unique = subject.subject_type in ("vendor", "company", "state")
    shape = geometry.shape_of(subject, row["geoid"], names)
    return _lean(
        {
            "key": subject.key,
            "name": subject.name,
            "type": subject.subject_type,
            "inside" if unique else "where": where,
            "country": subject.country,
            "region": subject.region,
            "aliases": ";".join(subject.search_names),
            "shape": shape,
            "at": None if shape else geometry.point_of(subject, row),
            "above": chain,
        }
    )


def _where(subject: Subject, countries: Mapping[str, str]) -> str:
    """What a reader needs beside the name: ``Milwaukee County, Wisconsin``; ``Germany``."""
    if subject.subject_type in ("country", "supranational"):
        return ""
    chain = list(subject.within)
    if subject.subject_type != "state" and subject.region:
        chain.append(US_REGION_NAMES.get(subject.region, ""))
    if subject.country != "US" or not any(chain):
        chain.append(countries.get(subject.country, subject.country))
    return ", ".join(name for name in chain if name)


def _policy(act: Json, index: Index, sources: Interned[Source], proofs: list[Source]) -> Json:
    """One act; its best source first."""
    best = act["source_url"]
    reviewed = f"{act['confidence']}; reviewed {wording.recorded(act['reviewed_on'])}"
    is_doubted = act["confidence"] == "low"
    if not any(source[0] == best for source in proofs):
        proofs = [(best, best, ""), *proofs]
    return _lean(
        {
            "id": act["policy_id"],
            "subject": index.subjects[act["subject_key"]] + 1,
            "measure": act["measure"],
            "narrow": act["uses"] != "any",
            "coverage": index.texts.number(_coverage(act)),
            "dates": wording.rule_dates(act, whole=True),
            **{name: act[name] for name in _TEXTS},
            "doubted": is_doubted,
            "confidence": index.texts.number(wording.NOT_ESTABLISHED if is_doubted else reviewed),
            "sources": [
                sources.number(source)
                for source in sorted(proofs, key=lambda source: source[0] != best)
            ],
        }
    )


def _coverage(act: Json) -> str:
    """Whom and what an act covers: ``police · body cameras · binds own bodies · in US only``."""
    reach = f"binds {vocabulary.REACHES[act['reach']].label}" if act["reach"] else ""
    who, uses = (listed(act[name]) for name in ("applies_to", "uses"))
    parts = (
        wording.actors(who),
        wording.uses(uses),
        reach,
        wording.only_in(listed(act["territory"])),
    )
    return wording.joined(parts, " · ")


def _sources(tables: Tables) -> dict[str, list[Source]]:
    """For each act its sources."""
    sources: dict[str, list[Source]] = {}
    for row in records(tables.sources):
        title, publisher, published = row["title"], row["publisher"], row["published_on"]
        rest = publisher if title else "", wording.recorded(published)
        source = (row["url"], title or publisher or row["url"], ", ".join(filter(None, rest)))
        sources.setdefault(row["policy_id"], []).append(source)
    return sources


class _Inherited:
    """Which rules pass down to a place from the governments above it, on whatever day."""

    def __init__(self, tables: Tables) -> None:
        self.subjects = subjects_by_key(tables.subjects)
        self._readings = Readings(tables.policies)
        unions = tables.policies[tables.policies["subject_type"] == "supranational"]
        self._named_by_unions = {code for cell in unions["territory"] for code in cell.split(";")}

    def of(self, subject: Subject) -> Chain:
        """Nothing for a vendor, a company, a union."""
        if subject.subject_type in ("vendor", "company", "supranational"):
            return ()
        return self.above(of_subject(self.subjects, subject))

    def above(self, place: Place) -> Chain:
        """The rules of a union only where one of them names the place."""
        codes = {place.region or place.country, place.country}
        is_named = not codes.isdisjoint(self._named_by_unions)
        above = (
            (layer.key, self._readings.acts(layer, place))
            for layer in governments(self.subjects, place)
            if layer.key and (is_named or layer.level != "supranational")
        )
        return tuple((key, acts) for key, acts in above if acts)


def _outlines_without_subject(
    names: geometry.Names, drawn: Iterable[str], inherited: _Inherited, chains: Interned[Chain]
) -> dict[str, int]:
    """For shapes that no subject owns: the rules that pass down to them, where there are any."""
    subjects, owned = inherited.subjects, set(drawn)
    places = {code: of_country(subjects, code) for code in names["countries"]}
    places |= {code: of_region(subjects, code, name) for code, name in names["states"].items()}
    above = {code: inherited.above(place) for code, place in places.items() if code not in owned}
    return {code: chains.number(chain) for code, chain in above.items() if chain}


def _searches(tables: Tables) -> Json:
    searches: dict[str, list[list[str]]] = {}
    searched = set()
    for row in records(tables.searches):
        place = row["region"] or row["country"]
        if row["level"] != "company":
            where = wording.search({**row, "finding": ""})
            searches.setdefault(place, []).append([where, row["finding"]])
        if row["level"] == "state" if "-" in place else row["level"] in ("country", "federal"):
            searched.add(place)
    return {"searches": searches, "searched": sorted(searched)}


def _vocabulary() -> Json:
    return {
        "measures": [
            {
                "code": term.code,
                "label": term.label,
                "definition": term.definition,
                "letter": term.letter,
                "act": "repeal" if term.code == "none" else term.label,
            }
            for term in vocabulary.MEASURES.values()
        ],
        "ranked": RANKED,
        "actors": {
            **{code: term.label for code, term in vocabulary.ACTORS.items()},
            vocabulary.ANYONE: vocabulary.ANYONE,
        },
        "types": {code: term.label for code, term in vocabulary.SUBJECT_TYPES.items()},
        "states": list(vocabulary.STATES),
        "live": sorted(vocabulary.LIVE_STATES),
    }
