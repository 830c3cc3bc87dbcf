"""Whose rules apply in a place, as entries of a status document; and everything recorded of one
subject, act by act, with its sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from frtracker import wording
from frtracker.answers.coverage import coverage
from frtracker.answers.documents import (
    Document,
    days,
    grouped,
    heading,
    identity,
    is_live,
    listed,
    newest_first,
)
from frtracker.answers.status import UNFILTERED, Filters, headline, rules_on, status
from frtracker.codes import code_names
from frtracker.dates import parse
from frtracker.layers import Layer, Readings, layers
from frtracker.places.place import Place, of_country, of_region
from frtracker.places.subjects import Subject, subjects_by_key
from frtracker.record.columns import TABLES
from frtracker.record.load import Tables
from frtracker.timeline import Timeline
from frtracker.timeline.days import OPEN
from frtracker.vocabulary import ACTORS, BINDING_STATUSES, SUBJECT_TYPES


class InPlace:
    """The layers of a place, and the rules of their subjects.

    ``policies``: a rule is superseded by rows of its own subject only, so no others are read.
    ``layers``: nearest first; a union only where a rule of it covers the place, or is the
    place, and an agency only where it has an act.
    """

    def __init__(self, tables: Tables, place: Place, known_at: date | None = None) -> None:
        self._tables, self._place = tables, place
        possible = layers(subjects_by_key(tables.subjects), place)
        keys = {layer.key for layer in possible if layer.key}
        rows = tables.policies["subject_key"].isin(list(keys))
        self.policies = tables.policies[rows].reset_index(drop=True)
        self.readings = Readings(self.policies, known_at)
        self.layers = [
            layer
            for layer in possible
            if (layer.level != "supranational" and layer.role != "agency")
            or layer.role == "place"
            or self.readings.acts(layer, place)
        ]

    def entries(self, day: date, filters: Filters) -> dict[str, Document]:
        """By ``subject_key`` the status entry of each layer's subject, in which only rules that
        reach the place count."""
        by_timeline: dict[int, list[Layer]] = {}
        for layer in self.layers:
            if layer.key:
                timeline = self.readings.from_layer(layer, self._place)
                by_timeline.setdefault(id(timeline), []).append(layer)
        found: dict[str, Document] = {}
        for group in by_timeline.values():
            timeline = self.readings.from_layer(group[0], self._place)
            keys = frozenset(layer.key for layer in group)
            document = status(self._tables, timeline, day, filters=replace(filters, keys=keys))
            found |= {entry["subject_key"]: entry for entry in document["subjects"]}
        return found


def status_in_places(
    tables: Tables,
    timeline: Timeline,
    day: date,
    places: Sequence[Place],
    *,
    as_of_given: str = "",
    filters: Filters,
) -> Document:
    """The status document of ``places`` (none: of all subjects that ``filters`` lists), with the
    agencies and governments whose rules apply there.

    Every entry has its ``relation``: ``own``, or to the place asked about; those of others follow,
    and ``counts`` counts ``own`` alone. ``applies_here`` names the others in the entry of each
    place, which is there even where the record has no act of it (its positions are null). Asked
    about countries or regions, the others are the governments above them. Raises ``ValueError``
    where the rules of one of these differ from one country or region to another.
    """
    keys = frozenset(place.key for place in places)
    wanted = replace(filters, keys=keys)
    document = status(tables, timeline, day, as_of_given=as_of_given, filters=wanted)
    own = {entry["subject_key"]: entry for entry in document["subjects"]}
    others: dict[str, Document] = {}
    for place in places:
        here = applies_here(tables, place, day, known_at=timeline.known_at, filters=filters)
        others |= {other["subject_key"]: other for other in here}
        entry = own.get(place.key)
        if not (entry or filters.measures or filters.subject_types):
            # a place that is named is always answered for
            past = Filters(keys=frozenset({place.key}), everything=True)
            known = status(tables, timeline, day, filters=past)["subjects"]
            entry = known[0] if known else _bare(place)
        if entry:
            own[place.key or place.label] = {**entry, "applies_here": [*map(named, here)]}
    types = filters.subject_types or frozenset(SUBJECT_TYPES)
    for market in filters.markets if not places else ():
        asked = (of_region if "-" in market else of_country)(
            subjects_by_key(tables.subjects), market
        )
        for other in applies_here(tables, asked, day, known_at=timeline.known_at, filters=filters):
            if other["relation"] == "agency" or other["subject_type"] not in types:
                continue
            if others.setdefault(other["subject_key"], other) != other:
                whose = wording.with_article(other["subject"])
                where = wording.listed(code_names(filters.markets, prose=True))
                raise ValueError(
                    f"The rules of {whose} differ between {where}: ask about one at a time."
                )
    following = [other for key, other in others.items() if key not in own]
    return {**document, "subjects": [*own.values(), *following]}


def applies_here(
    tables: Tables, place: Place, day: date, *, known_at: date | None, filters: Filters
) -> list[Document]:
    """The status entries of the agencies and governments whose rules apply in ``place``, nearest
    first, each with its ``relation`` to it and only with rules that reach it.

    Listed as in any status document: what is in force, uncertain or scheduled on ``day``, or with
    ``filters.everything`` every rule known by then.
    """
    if place.is_vendor:
        return []
    here = InPlace(tables, place, known_at)
    # no filter of the question is about the place's neighbours but whose rules and which measures
    asked = replace(filters, keys=frozenset(), subject_types=frozenset(), markets=())
    entries, listed = here.entries(day, asked), []
    for layer in here.layers:
        if layer.role == "place" or layer.key not in entries:
            continue
        reaching = here.readings.acts(layer, place)
        rules = [
            rule
            for rule in entries[layer.key]["policies"]
            if rule["policy_id"] in reaching and set(rule["applies_to"]) & set(asked.for_actors)
        ]
        if rules and (filters.everything or any(map(is_live, rules))):
            entry = {**entries[layer.key], "policies": rules}
            listed.append({**entry, "relation": layer.relation, "applies_here": []})
    return listed


def named(entry: Document) -> Document:
    """Who the subject of an entry is, and its relation to the place asked about."""
    return {name: entry[name] for name in ("subject_key", "subject", "subject_type", "relation")}


def _bare(place: Place) -> Document:
    """The status entry of a place of which no act is known on the day."""
    return {
        **identity(_unrecorded(place)),
        **headline({}),
        "positions": dict.fromkeys(ACTORS),
        "next_change": None,
        "policies": [],
        "relation": "own",
        "applies_here": [],
    }


def _unrecorded(place: Place) -> Subject:
    return Subject(
        place.key, place.name, place.level, place.country, place.region, place.within, ()
    )


def histories(
    tables: Tables,
    timeline: Timeline,
    document: Document,
    subjects: Iterable[Subject],
    *,
    today: date | None = None,
) -> Iterator[Document]:
    """The whole history of each subject: its status on the day (null when nothing of it is known
    then), and every row of the record with its sources, what is in force first, then the newest.
    ``document``: the status document of the same day and timeline, with ``everything``; what became
    known after the day of knowledge is left out. Without ``applies_here``."""
    as_of = document["as_of"]
    entries = {entry["subject_key"]: entry for entry in document["subjects"]}
    rules = rules_on(timeline, date.fromisoformat(as_of))
    proofs = sources(tables, timeline.known_at)
    listed_from = timeline.rules.of_rows.listed_from < OPEN
    known = set(timeline.policies.loc[listed_from, "policy_id"])
    for subject in subjects:
        entry = entries.get(subject.key)
        where = subject.country, subject.region
        own = [rule for rule in rules.get(subject.key, ()) if rule["policy_id"] in known]
        history: Document = {
            **heading("show", tables, timeline.known_at, as_of=as_of, as_of_given=as_of),
            **identity(subject),
            "label": subject.label,
            "policy_id": None,
            "others": 0,
            "aliases": list(subject.aliases),
            "status": entry and {name: cell for name, cell in entry.items() if name != "policies"},
            "policies": with_sources(newest_first(own), proofs),
            "coverage": [] if own else coverage(tables, [subject.subject_type], ACTORS, [where]),
        }
        history["answer"] = wording.own_answer(history, entry, today)
        cited = f"{subject.label} on {wording.day_used(history)}"
        yield {**history, "cite_as": wording.citation(history, cited)}


def with_sources(rules: Iterable[Document], proofs: Mapping[str, list[Document]]) -> list[Document]:
    """The rules with their ``sources``: ``proofs`` (see :func:`sources`), or the best one alone."""
    unnamed: Document = dict.fromkeys(TABLES["sources"].names[2:])
    unnamed |= {**days("published_on", None, None), "supports": []}
    return [
        {
            **rule,
            "sources": proofs.get(rule["policy_id"]) or [{"url": rule["source_url"], **unnamed}],
        }
        for rule in rules
    ]


def sources(tables: Tables, known_at: date | None) -> dict[str, list[Document]]:
    """By ``policy_id`` its sources, the best first, without those that came after ``known_at``."""
    proofs: dict[str, list[Document]] = {}
    for policy_id, rows in grouped(tables.sources, "policy_id").items():
        for row in rows:
            published = parse(row["published_on"]) if row["published_on"] else None
            if not (published and known_at and published.low > known_at):
                ends = (published.low, published.high) if published else (None, None)
                source = {
                    **{name: cell or None for name, cell in row.items() if name != "policy_id"},
                    **days("published_on", *ends),
                    "supports": listed(row["supports"]),
                }
                proofs.setdefault(policy_id, []).append(source)
    return proofs


def history_in_place(
    tables: Tables, timeline: Timeline, day: date, place: Place, *, today: date | None = None
) -> Document:
    """The history of a place's own subject, empty where the record has none; ``applies_here``: the
    agencies and governments whose rules apply there, each with its ``status`` and ``policies``. Of
    a place given by the id of an act, ``policy_id``, that act alone is in ``policies``, without
    ``applies_here``; ``others`` is then the number of its subject's other acts."""
    subject = subjects_by_key(tables.subjects).get(place.key) or _unrecorded(place)
    own = Filters(keys=frozenset({subject.key}), everything=True)
    document = status(tables, timeline, day, filters=own)
    proofs = sources(tables, timeline.known_at)
    history = next(histories(tables, timeline, document, [subject], today=today))
    if place.policy_id:
        acts = history["policies"]
        chosen = [act for act in acts if act["policy_id"] == place.policy_id]
        only = {"policy_id": place.policy_id, "others": len(acts) - len(chosen)}
        return {**history, **only, "policies": chosen, "applies_here": []}
    here = applies_here(tables, place, day, known_at=timeline.known_at, filters=UNFILTERED)
    return {
        **history,
        "applies_here": [
            {
                **named(entry),
                "status": {name: cell for name, cell in entry.items() if name != "policies"},
                "policies": with_sources(entry["policies"], proofs),
            }
            for entry in here
        ],
    }


def relations_in(tables: Tables, places: Sequence[Place]) -> dict[str, str]:
    """By ``policy_id`` how each act of ``places`` and each rule of others that reaches them (no
    bills) is related to them: ``own``, ``agency``, ``state`` and so on."""
    relations: dict[str, str] = {}
    binding = tables.policies["status"].isin(BINDING_STATUSES)
    rules = set(tables.policies.loc[binding, "policy_id"])
    for place in places:
        here = InPlace(tables, place)
        for layer in here.layers if not place.is_vendor else ():
            for policy_id in rules.intersection(here.readings.acts(layer, place)):
                relations.setdefault(policy_id, layer.relation)
        own = tables.policies["subject_key"] == place.key
        relations |= dict.fromkeys(tables.policies.loc[own, "policy_id"], "own")
    return relations


def events_in_places(tables: Tables, document: Document, places: Sequence[Place]) -> Document:
    """A document of ``changes`` or ``upcoming`` limited to ``places``: their own acts and the rules
    of others that reach them (no bills), each with its ``relation``."""
    relations = relations_in(tables, places)
    events: Document = {
        name: [
            {**event, "relation": relations[event["policy_id"]]}
            for event in document[name]
            if event["policy_id"] in relations
        ]
        for name in ("events", "conditions", "cancelled")
        if name in document
    }
    reviews = [
        {**review, "policy_ids": [i for i in review["policy_ids"] if relations.get(i) == "own"]}
        for review in document.get("reviews", ())
    ]
    if "reviews" in document:
        events["reviews"] = [review for review in reviews if review["policy_ids"]]
    return {**document, **events}
