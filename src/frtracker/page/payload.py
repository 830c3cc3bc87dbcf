"""What the page's script works with, in one JSON value: the whole record, on all its days.

- ``opens``, ``opens_as``, ``opens_for``: the day shown at first, how it was asked for, and whom the
  rules shown at first bind; ``first``, ``last``: the first and last day that the slider reaches
- ``subjects``: who they are and where they are drawn
- ``policies``: what each act says; ``sources``: its proofs, each stored once
- ``positions``, ``periods``, ``states``, ``events``: see :mod:`frtracker.page.history`
- ``above``: rules that pass down, as lists of (subject, acts), named by number
- ``searches``: by country or region, what was looked for without finding an act
- ``texts``: strings that are named by number
- ``vocabulary``: labels, definitions and order, from ``frtracker.vocabulary``
- ``boundaries``: one TopoJSON for each level, its arcs as texts (see
  :mod:`frtracker.page.arcs`); counties only where one is drawn

Empty and false members are left out.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from frtracker import outlines as boundaries
from frtracker import vocabulary
from frtracker.page.above import Above, Reached
from frtracker.page.arcs import packed
from frtracker.page.history import Places, history
from frtracker.page.shared import Shared, day_number, records
from frtracker.page.subjects import Names, names_of, told
from frtracker.timeline.events import KINDS
from frtracker.timeline.rules import RANKED

if TYPE_CHECKING:
    from frtracker.record.load import Tables
    from frtracker.timeline import Timeline

Json = dict[str, Any]
Proof = tuple[str, str, int, int]

_TEXTS: Final = (
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
    "summary",
    "exceptions",
    "notes",
)

_CELLS: Final = (
    *_TEXTS,
    "policy_id",
    "subject_key",
    "measure",
    "uses",
    "applies_to",
    "confidence",
    "reviewed_on",
    "source_url",
)


def payload(
    tables: Tables,
    timeline: Timeline,
    day: date,
    *,
    as_of_given: str = "",
    actor: str = vocabulary.ANYONE,
) -> Json:
    """The page's data, to open on ``day`` with the rules for ``actor``. Raises ``KeyError`` for
    what no table knows."""
    above = Above(tables)
    order = _order(tables)
    acting = set(tables.policies["subject_key"])
    people = [subject for key, subject in above.people.items() if key in acting]
    outlines = {level: boundaries.topology(level) for level in boundaries.LEVELS}
    names = {level: names_of(level, outline) for level, outline in outlines.items()}
    texts: Shared[str] = Shared("")
    places = Places(
        {subject.key: number for number, subject in enumerate(people)},
        {policy_id: number for number, policy_id in enumerate(order)},
        texts,
    )
    chains: Shared[Reached] = Shared(())
    rows = {row["subject_key"]: row for row in records(tables.subjects)}
    subjects = [
        _lean({**told(each, rows[each.key], names), "above": chains.number(above.of(each))})
        for each in people
    ]
    drawn = {each["shape"][1] for each in subjects if "shape" in each}
    outlines["counties"] = boundaries.kept(outlines["counties"], "counties", drawn)
    days = history(timeline, places)
    sources: Shared[Proof] = Shared(*sorted(_proofs(tables, texts)))  # like beside like: smaller
    policies = _policies(tables, places, sources)
    bare = _outlines_without_subject(names, drawn, above, chains)
    return {
        "opens": day_number(day),
        "opens_as": as_of_given or day.isoformat(),
        "opens_for": actor,
        **_span(days, day),
        "subjects": subjects,
        "policies": [policies[policy_id] for policy_id in order],
        "sources": [list(source) for source in sources.values],
        **days,
        "above": [
            [[places.subjects[key], [places.policies[act] for act in acts]] for key, acts in chain]
            for chain in chains.values
        ],
        "outlines": bare,
        "searches": _searches(tables),
        "texts": texts.values,
        "vocabulary": _vocabulary(),
        "boundaries": {level: packed(outline) for level, outline in outlines.items()},
    }


def _order(tables: Tables) -> list[str]:
    """Acts stand by their first recorded day; those without one last."""
    days = tables.policies[["introduced_on_low", "decided_on_low", "effective_on_low"]]
    first = days.where(days > 0).min(axis=1).fillna(math.inf)
    return [key for _, key in sorted(zip(first, tables.policies["policy_id"], strict=True))]


def _span(days: Json, day: date) -> Json:
    """From the first act to the last change that is known to come; the shown day is inside."""
    opens = day_number(day) or 0
    turns = [each for each in days["events"]["day"] if each is not None]
    turns += [each for each in days["positions"]["end"] if each is not None]
    return {"first": min([opens, *turns]), "last": max([opens, *turns])}


def _lean(record: Mapping[Any, Any]) -> Json:
    """Without empty and false members; the script takes what is absent for empty."""
    return {key: value for key, value in record.items() if value not in (None, "", [], {}, 0)}


def _policies(tables: Tables, places: Places, sources: Shared[Proof]) -> Json:
    proofs: dict[str, list[Proof]] = {}
    named = zip(tables.sources["policy_id"].tolist(), _proofs(tables, places.texts), strict=True)
    for policy_id, proof in named:
        proofs.setdefault(policy_id, []).append(proof)
    found = {}
    for row in records(tables.policies, _CELLS):
        best = row["source_url"]
        own = sorted(proofs.get(row["policy_id"], []), key=lambda cells: cells[0] != best)
        if not any(cells[0] == best for cells in own):
            own.insert(0, (best, "", 0, 0))
        found[row["policy_id"]] = _lean(
            {
                "id": row["policy_id"],
                "subject": places.subjects[row["subject_key"]] + 1,
                "measure": row["measure"],
                "uses": places.texts.number(row["uses"]),
                "applies_to": places.texts.number(row["applies_to"]),
                **{name: row[name] for name in _TEXTS},
                "doubted": row["confidence"] == "low",
                "confidence": places.texts.number(row["confidence"]),
                "reviewed_on": places.texts.number(row["reviewed_on"]),
                "sources": [sources.number(cells) for cells in own],
            }
        )
    return found


def _proofs(tables: Tables, texts: Shared[str]) -> list[Proof]:
    """Address, title, publisher and day of each row of ``sources``."""
    columns = ["url", "title", "publisher", "published_on"]
    return [
        (url, title, texts.number(publisher), texts.number(published))
        for url, title, publisher, published in zip(
            *(tables.sources[name].tolist() for name in columns), strict=True
        )
    ]


def _outlines_without_subject(
    names: Names, drawn: Iterable[str], above: Above, chains: Shared[Reached]
) -> dict[str, int]:
    """For shapes that no subject owns: the rules that pass down to them, where there are any."""
    taken = set(drawn)
    found = {code: above.of_country(code) for code in names["countries"] if code not in taken}
    found |= {
        code: above.of_region(code, name)
        for code, name in names["states"].items()
        if code not in taken
    }
    return {code: chains.number(chain) for code, chain in found.items() if chain}


def _searches(tables: Tables) -> Json:
    found: dict[str, list[list[str]]] = {}
    for row in records(tables.searches):
        if row["level"] != "company":
            place = row["region"] or row["country"]
            cells = [row["level"], row["searched_on"], row["finding"]]
            found.setdefault(place, []).append(cells)
    return found


def _vocabulary() -> Json:
    def labels(terms: vocabulary.Vocabulary) -> dict[str, str]:
        return {code: term.label for code, term in terms.items()}

    return {
        "measures": [
            {"code": term.code, "label": term.label, "definition": term.definition}
            for term in vocabulary.MEASURES.values()
        ],
        "ranked": [list(position) for position in RANKED],
        "actors": labels(vocabulary.ACTORS),
        "uses": labels(vocabulary.USES),
        "types": labels(vocabulary.SUBJECT_TYPES),
        "states": labels(vocabulary.STATES),
        "kinds": list(KINDS),
        "reaches": labels(vocabulary.REACHES),
        "levels": labels(vocabulary.SEARCH_LEVELS),
    }
