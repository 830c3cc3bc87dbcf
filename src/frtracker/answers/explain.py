"""``explain``: what binds a place, layer by layer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

import pandas as pd

from frtracker import wording
from frtracker.answers.documents import Document, days, heading, records
from frtracker.answers.here import InPlace
from frtracker.answers.history import sources
from frtracker.answers.status import Filters, as_of_makers, status
from frtracker.layers import Joint, JointPosition, Layer
from frtracker.places.place import Place
from frtracker.places.subjects import NameNotUnderstood
from frtracker.record.load import Tables
from frtracker.timeline.rules import RANK
from frtracker.version import __version__
from frtracker.vocabulary import ACTORS, HELD_STATES, LIVE_STATES, SUBJECT_TYPES

_LAYER: Final = ("subject_key", "subject", "subject_type", "role")
_SEARCHED: Final = {
    "agency": ("agency",),
    "school": ("agency",),
    "city": ("local",),
    "county": ("local",),
    "state": ("state",),
    "country": ("country", "federal"),
}
"""Whose acts a search looked for that may have found one of such a subject."""


def explain(
    tables: Tables,
    place: Place,
    day: date,
    *,
    actors: Sequence[str] = tuple(ACTORS),
    known_at: date | None = None,
    as_of_given: str = "",
) -> Document:
    """What binds ``place`` on ``day`` for ``actors``, and why.

    ``positions``: per actor what holds of all layers together (null: no row of any of them names
    the actor), with the layers that make it and what is in force besides (``also``). ``layers``:
    nearest first, each with the position that its rules make *here*, its rules (``reaches``:
    whether they pass down to the place; ``sources``), its next change, and what was searched where
    it has no act. Raises :class:`NameNotUnderstood` for a vendor or a company.
    """
    if place.is_vendor:
        kind = SUBJECT_TYPES[place.level].label
        raise NameNotUnderstood(
            f"{place.name} is a {kind}, not a place: `frtracker show` tells its history"
        )
    return _Explanation(tables, place, day, actors, known_at).document(as_of_given)


class _Explanation:
    def __init__(
        self,
        tables: Tables,
        place: Place,
        day: date,
        actors: Sequence[str],
        known_at: date | None,
    ) -> None:
        self._tables, self._place, self._day = tables, place, day
        self._actors = [actor for actor in ACTORS if actor in actors]
        here = InPlace(tables, place, known_at)
        self._policies, self._readings, self._layers = here.policies, here.readings, here.layers
        keys = frozenset(layer.key for layer in self._layers if layer.key)
        everything = Filters(keys=keys, for_actors=tuple(self._actors), everything=True)
        own = status(tables, self._readings.own, day, filters=everything)
        self._own = {entry["subject_key"]: entry for entry in own["subjects"]}
        self._here = here.entries(day, everything)
        self._sources = sources(tables, known_at)
        self._joint = Joint(self._readings, place, self._layers)

    def document(self, as_of_given: str) -> Document:
        place, as_of = self._place, self._day.isoformat()
        layers = [self._layer(layer) for layer in self._layers]
        here = {actor: self._joint.on(actor, self._day) for actor in self._actors}
        asked = {"as_of": as_of, "as_of_given": as_of_given or as_of}
        document: Document = {
            **heading("explain", self._tables, self._readings.known_at, **asked),
            "program": __version__,
            "place": {
                "label": place.label,
                "subject_key": place.key or None,
                "subject_type": place.level,
                "country": place.country or None,
                "region": place.region or None,
                "within": [up.name for up in place.parents if up.level not in ("state", "country")],
                "found_in": place.found_in,
                "latitude": place.latitude,
                "longitude": place.longitude,
            },
            "applies_to": list(self._actors),
            "positions": {
                actor: self._position(position, layers) if position else None
                for actor, position in here.items()
            },
            "layers": layers,
            "next": sorted(
                (
                    {"subject": each["subject"], **each["next_change"]}
                    for each in layers
                    if each["next_change"]
                ),
                key=lambda change: str(change["on"]),
            ),
            "presumed": list(self._presumptions(layers)),
            "notes": [*place.notes, *self._unclear(layers)],
        }
        document["citation"] = wording.citation(document)
        return document

    def _layer(self, layer: Layer) -> Document:
        entry, own = self._here.get(layer.key), self._own.get(layer.key)
        reaching = self._readings.acts(layer, self._place)
        positions = entry["positions"] if entry else {}
        is_recorded = bool(self._policies["subject_key"].eq(layer.key).any())
        return {
            "subject_key": layer.key or None,
            "subject": layer.name,
            "subject_type": layer.level,
            "role": layer.role,
            "applies_to": [actor for actor in layer.joins if actor in self._actors],
            "recorded": is_recorded,
            "searched": [] if is_recorded else _searches(self._tables.searches, layer, self._place),
            "positions": {actor: positions.get(actor) for actor in self._actors},
            "policies": [
                {
                    **rule,
                    "reaches": rule["policy_id"] in reaching,
                    "sources": self._sources.get(rule["policy_id"], []),
                }
                for rule in (own["policies"] if own else ())
                if set(rule["applies_to"]) & set(self._actors)
            ],
            "next_change": entry["next_change"] if entry else None,
        }

    def _position(self, position: JointPosition, layers: Sequence[Document]) -> Document:
        rules = {r["policy_id"]: r for layer in layers for r in layer["policies"]}
        change = self._joint.next_change(position.actor, self._day)
        return {
            "measure": position.measure,
            "scope": position.scope or None,
            "certain": position.certain,
            "at_least": _level(position.at_least),
            **days("since", *(position.since or (None, None))),
            **days("until", *(position.until or (None, None))),
            "start_presumed": position.start_presumed,
            **as_of_makers([rules[i] for i in position.policy_ids if i in rules]),
            "lifted": position.lifted,
            "layers": [{name: layers[n][name] for name in _LAYER} for n in position.makers],
            "policy_ids": list(position.policy_ids),
            "also": self._also(position, layers),
            "next_change": change
            and {
                "on": change.day.isoformat(),
                "measure": change.measure,
                "scope": change.scope or None,
                "certain": change.certain,
                "at_least": _level(change.at_least),
                "subjects": [layers[number]["subject"] for number in change.makers],
                "policy_ids": list(change.policy_ids),
            },
        }

    def _also(self, position: JointPosition, layers: Sequence[Document]) -> list[Document]:
        """What else is or may be in force here for the actor, highest-ranked first."""
        found: list[Document] = []
        for layer in layers:
            own = layer["positions"][position.actor]
            if own is None or position.actor not in layer["applies_to"]:
                continue
            ids = own["policy_ids"] if own["measure"] != "none" else []
            for rule in (*({**own, "policy_id": i} for i in ids), *own["also"]):
                if rule["policy_id"] not in position.policy_ids:
                    cells = {name: rule[name] for name in ("measure", "scope", "certain")}
                    policy_id = rule["policy_id"]
                    found.append({**cells, "subject": layer["subject"], "policy_id": policy_id})
        return sorted(found, key=lambda rule: -RANK[rule["measure"], rule["scope"] or ""])

    def _presumptions(self, layers: Iterable[Document]) -> Iterable[str]:
        for layer in layers:
            for rule in layer["policies"] if layer["applies_to"] else ():
                if rule["reaches"] and rule["state"] in LIVE_STATES and rule["measure"] != "none":
                    yield from (f"{rule['policy_id']}: {why}" for why in wording.doubts(rule))

    def _unclear(self, layers: Iterable[Document]) -> Iterable[str]:
        """An owner's rules for its own bodies, where the record does not say whose body it is."""
        for layer in layers:
            held = [r for r in layer["policies"] if not r["reaches"] and r["state"] in HELD_STATES]
            if layer["role"] == "owner" and held:
                yield (
                    f"{layer['subject']} has rules for its own bodies; whether"
                    f" {self._place.name} is one of them the record does not say"
                )


def _searches(table: pd.DataFrame, layer: Layer, place: Place) -> list[Document]:
    """What was searched for acts of ``layer``, newest first; [] = not searched.

    Of local searches those that name the place, else all of its state; else of its country.
    """
    rows = table[table["country"] == place.country]
    rows = rows[rows["level"].isin(_SEARCHED.get(layer.level, ()))]
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


def _level(position: tuple[str, str] | None) -> Document | None:
    return {"measure": position[0], "scope": position[1] or None} if position else None
