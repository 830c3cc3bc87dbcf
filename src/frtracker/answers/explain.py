"""``explain``: the rules that apply in a place, layer by layer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

import pandas as pd

from frtracker import wording
from frtracker.answers.coverage import coverage
from frtracker.answers.documents import Document, Row, heading, is_live, records
from frtracker.answers.here import InPlace, sources, with_sources
from frtracker.answers.status import Filters, change_of, joint_position, rules_on
from frtracker.layers import Joint, Layer
from frtracker.places.place import Place
from frtracker.places.subjects import NameNotUnderstood
from frtracker.record.load import Tables
from frtracker.timeline.rules import RANK
from frtracker.version import __version__
from frtracker.vocabulary import ACTORS, HELD_STATES, LEVELS_OF, SUBJECT_TYPES

_LAYER: Final = ("subject_key", "subject", "subject_type", "role")


def explain(
    tables: Tables,
    place: Place,
    day: date,
    *,
    actors: Sequence[str] = tuple(ACTORS),
    known_at: date | None = None,
    as_of_given: str = "",
    today: date | None = None,
) -> Document:
    """What applies in ``place`` on ``day`` to ``actors``, and why.

    ``answer``: in one or more plain sentences, whose tense is that of ``day`` on ``today``
    (present without it).

    ``positions``: per actor what all layers together come to (null: no row of any of them names
    the actor), with the layers that make it and what is in force besides (``also``). ``layers``:
    nearest first, each with the position that its rules make *here*, its rules (``reaches``:
    whether they pass down to the place; ``sources``), its next change, and what was searched where
    it has no act. Raises :class:`NameNotUnderstood` for a vendor or a company.
    """
    if place.is_vendor:
        kind = SUBJECT_TYPES[place.level].label
        raise NameNotUnderstood(f"{place.name} is a {kind}, not a place: see `frtracker show`")
    actors = [actor for actor in ACTORS if actor in actors]
    here = InPlace(tables, place, known_at)
    joint, rules = Joint(here.readings, place, here.layers), rules_on(here.readings.own, day)
    layers = _layers(tables, place, day, here, rules, actors)
    by_id = {rule["policy_id"]: rule for own in rules.values() for rule in own}
    where = place.country, place.region
    asked = {"as_of": day.isoformat(), "as_of_given": as_of_given or day.isoformat()}
    document: Document = {
        **heading("explain", tables, known_at, **asked),
        "program": __version__,
        "place": {
            "label": place.label,
            "subject_key": place.key or None,
            "subject_type": place.level,
            "country": place.country or None,
            "region": place.region or None,
            "within": list(place.within),
            **{name: getattr(place, name) for name in ("found_in", "latitude", "longitude")},
        },
        "applies_to": actors,
        "positions": {
            actor: (row := joint.on(actor, day))
            and _position(row, joint.next_change(actor, day), layers, by_id)
            for actor in actors
        },
        "coverage": coverage(tables, [it["subject_type"] for it in layers], actors, [where]),
        "layers": layers,
        "next": sorted(
            (
                {"subject": layer["subject"], **layer["next_change"]}
                for layer in layers
                if layer["next_change"]
            ),
            key=lambda change: str(change["on"]),
        ),
        "presumed": [
            f"{rule['policy_id']}: {why}"
            for layer in layers
            for rule in layer["policies"]
            if layer["applies_to"] and rule["reaches"] and is_live(rule)
            for why in wording.doubts(rule)
        ],
        "notes": [*place.notes, *_unclear(place, layers)],
    }
    document["answer"] = wording.answer(document, today)
    subject = f"rules that apply in {place.label} on {wording.day_used(document)}"
    document["cite_as"] = wording.citation(document, subject)
    return document


def _layers(
    tables: Tables,
    place: Place,
    day: date,
    here: InPlace,
    own: Mapping[str, list[Document]],
    actors: Sequence[str],
) -> list[Document]:
    reaching = here.entries(day, Filters(for_actors=tuple(actors), everything=True))
    proofs = sources(tables, here.readings.known_at)
    layers, where = [], (place.country, place.region)
    for layer in here.layers:
        entry, passing = reaching.get(layer.key), here.readings.acts(layer, place)
        positions = entry["positions"] if entry else {}
        rules = with_sources(own.get(layer.key, ()), proofs)
        layers.append(
            {
                "subject_key": layer.key or None,
                "subject": layer.name,
                "subject_type": layer.level,
                "role": layer.role,
                "applies_to": [actor for actor in layer.joins if actor in actors],
                "recorded": bool(rules),
                "searched": [] if rules else _searches(tables.searches, layer, place),
                "coverage": [] if rules else coverage(tables, [layer.level], actors, [where]),
                "positions": {actor: positions.get(actor) for actor in actors},
                "policies": [
                    {**rule, "reaches": rule["policy_id"] in passing}
                    for rule in rules
                    if rule["state"] != "not_yet" and set(rule["applies_to"]) & set(actors)
                ],
                "next_change": entry["next_change"] if entry else None,
            }
        )
    return layers


def _position(
    row: Row, change: Row | None, layers: Sequence[Document], rules: Mapping[str, Document]
) -> Document:
    position, actor = joint_position(row, rules), row["actor"]
    also = []  # what else is or may be in force here for the actor
    for layer in layers:
        own = layer["positions"][actor]
        if own and actor in layer["applies_to"]:
            ids = own["policy_ids"] if own["measure"] != "none" else []
            for rule in (*({**own, "policy_id": i} for i in ids), *own["also"]):
                if rule["policy_id"] not in position["policy_ids"]:
                    cells = {n: rule[n] for n in ("measure", "scope", "certain", "policy_id")}
                    uses = rules[rule["policy_id"]]["uses"]
                    also.append({**cells, "uses": uses, "subject": layer["subject"]})
    return {
        **position,
        "layers": [{name: layers[n][name] for name in _LAYER} for n in row["makers"]],
        "also": sorted(also, key=lambda rule: -RANK[rule["measure"], rule["scope"] or ""]),
        "next_change": change
        and {
            "on": change["valid_from"].isoformat(),
            **change_of(change, row, rules),
            "subjects": [layers[number]["subject"] for number in change["makers"]],
        },
    }


def _unclear(place: Place, layers: Iterable[Document]) -> Iterable[str]:
    """An owner's rules for its own bodies, where the record does not say whose body it is; a
    county's for where no municipality governs, where it does not say whether one does."""
    for layer in layers:
        in_force = [r for r in layer["policies"] if not r["reaches"] and r["state"] in HELD_STATES]
        if layer["role"] == "owner" and in_force:
            yield (
                f"{layer['subject']} has rules for its own bodies; the record does not say"
                f" whether {place.name} is one of them"
            )
        private = any("private" in rule["applies_to"] for rule in in_force)
        if private and layer["subject_type"] == "county" and place.found_in != "record":
            yield (
                f"a rule of {layer['subject']} applies where no municipality governs; the record"
                " does not say whether one governs here"
            )


def _searches(table: pd.DataFrame, layer: Layer, place: Place) -> list[Document]:
    """What was searched for acts of ``layer``, newest first; [] = not searched.

    Of local searches those that name the place, else all of its state; else of its country.
    """
    rows = table[table["country"] == place.country]
    rows = rows[rows["level"].isin(LEVELS_OF.get(layer.level, ()))]
    below_country = layer.level != "country"
    own = rows[rows["region"] == place.region] if below_country else rows.iloc[:0]
    rows = own if len(own) else rows[rows["region"] == ""]
    word = re.compile(rf"\b{re.escape(layer.name)}\b")
    found: list[Document] = [
        {
            "searched_on": row["searched_on"],
            "level": row["level"],
            "region": row["region"] or None,
            "names_it": bool(word.search(row["finding"])),
            "finding": row["finding"],
        }
        for row in records(rows)
    ]
    named = [row for row in found if row["names_it"]] if below_country else []
    return sorted(named or found, key=lambda row: str(row["searched_on"]), reverse=True)
