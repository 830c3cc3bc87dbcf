"""``explain``: what binds a place, layer by layer, as a document in plain JSON types."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from typing import Final

from frtracker import wording
from frtracker.answers.here import InPlace
from frtracker.answers.notes import citation, searches
from frtracker.answers.status import SCHEMA_VERSION, Document, Filters, status
from frtracker.dates import format_days
from frtracker.layers import Joint, JointPosition, Layer
from frtracker.places.place import Place
from frtracker.places.subjects import NameNotUnderstood
from frtracker.record.load import Tables
from frtracker.timeline.rules import RANK
from frtracker.version import __version__
from frtracker.vocabulary import ACTORS, HELD_STATES, LIVE_STATES, SUBJECT_TYPES

_FACTS: Final = ("summary", "exceptions", "notes")


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

    ``binds``: per actor the combined position (null: no row of any layer names the actor) with the
    layers that make it and what is in force besides (``also``). ``layers``: nearest first, each
    with the position that its rules make *here*, its rules (``reaches``: whether they pass down to
    the place), its next change, and what was searched where it has no act. Only plain dicts, lists,
    str, int, float, bool and None. Raises :class:`NameNotUnderstood` for a vendor or a company.
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
        keys = [layer.key for layer in self._layers if layer.key]
        everything = Filters(keys=frozenset(keys), for_actors=tuple(self._actors), everything=True)
        own = status(tables, self._readings.own, day, filters=everything)
        self._own = {entry["key"]: entry for entry in own["subjects"]}
        self._here = here.entries(day, everything)
        self._facts = {row["policy_id"]: row for row in self._policies.to_dict("records")}
        self._joint = Joint(self._readings, place, self._layers)

    def document(self, as_of_given: str) -> Document:
        place, known_at = self._place, self._readings.known_at
        layers = [self._layer(layer) for layer in self._layers]
        here = {actor: self._joint.on(actor, self._day) for actor in self._actors}
        document: Document = {
            "schema_version": SCHEMA_VERSION,
            "as_of": self._day.isoformat(),
            "as_of_given": as_of_given or self._day.isoformat(),
            "known_at": known_at.isoformat() if known_at else None,
            "dataset": asdict(self._tables.edition),
            "program": __version__,
            "place": {
                "label": place.label,
                "key": place.key or None,
                "level": place.level,
                "country": place.country or None,
                "region": place.region or None,
                "within": [up.name for up in place.parents if up.level not in ("state", "country")],
                "found_in": place.found_in,
                "latitude": place.latitude,
                "longitude": place.longitude,
            },
            "asked_for": list(self._actors),
            "binds": {
                actor: self._position(position, layers) if position else None
                for actor, position in here.items()
            },
            "layers": layers,
            "next": self._coming(layers),
            "presumed": list(self._presumptions(layers)),
            "notes": [*place.notes, *self._unclear(layers)],
        }
        document["citation"] = citation(document)
        return document

    def _layer(self, layer: Layer) -> Document:
        entry, own = self._here.get(layer.key), self._own.get(layer.key)
        reaching = self._readings.acts(layer, self._place)
        positions = entry["positions"] if entry else {}
        rules = [
            self._rule(rule, reaches=rule["policy_id"] in reaching)
            for rule in (own["policies"] if own else ())
            if set(rule["applies_to"]) & set(self._actors)
        ]
        recorded = any(f["subject_key"] == layer.key for f in self._facts.values())
        return {
            "level": layer.level,
            "name": layer.name,
            "key": layer.key or None,
            "role": layer.role,
            "joins": [actor for actor in layer.joins if actor in self._actors],
            "recorded": recorded,
            "searched": [] if recorded else searches(self._tables.searches, layer, self._place),
            "positions": {actor: positions.get(actor) for actor in self._actors},
            "rules": rules,
            "next_change": entry["next_change"] if entry else None,
        }

    def _rule(self, rule: Document, *, reaches: bool) -> Document:
        facts = self._facts[rule["policy_id"]]
        rows = self._tables.sources
        own = rows[rows["policy_id"] == rule["policy_id"]]
        sources = [{str(k): v for k, v in row.items()} for row in own.to_dict("records")]
        return {
            **rule,
            "reaches": reaches,
            **{name: facts[name] or None for name in _FACTS},
            "sources": [{k: v for k, v in s.items() if k != "policy_id"} for s in sources],
        }

    def _position(self, position: JointPosition, layers: Sequence[Document]) -> Document:
        makers = [layers[number] for number in position.makers]
        rules = {r["policy_id"]: r for layer in layers for r in layer["rules"]}
        named = [rules[i] for i in position.policy_ids if i in rules]
        ends = dict.fromkeys(rule["ends_when"] for rule in named if rule["ends_when"])
        change = self._joint.next_change(position.actor, self._day)
        return {
            "measure": position.measure,
            "scope": position.scope or None,
            "certain": position.certain,
            "at_least": _named(position.at_least),
            "since": format_days(*position.since) if position.since else None,
            "until": format_days(*position.until) if position.until else None,
            "ends_when": "; ".join(ends) or None,
            "start_presumed": position.start_presumed,
            "continuation_presumed": bool(named)
            and all(rule["continuation_presumed"] for rule in named),
            "lifted": position.lifted,
            "layers": [{k: m[k] for k in ("level", "name", "key", "role")} for m in makers],
            "policy_ids": list(position.policy_ids),
            "also": list(self._also(position, layers)),
            "next_change": self._next(change, layers),
        }

    def _also(self, position: JointPosition, layers: Sequence[Document]) -> Iterable[Document]:
        """What else is or may be in force here for the actor, highest-ranked first."""
        found = []
        for layer in layers:
            own = layer["positions"][position.actor]
            if own is None or position.actor not in layer["joins"]:
                continue
            ids = own["policy_ids"] if own["measure"] != "none" else []
            rules = [{**own, "policy_id": i} for i in ids] + own["also"]
            found += [
                {
                    "measure": rule["measure"],
                    "scope": rule["scope"],
                    "certain": rule["certain"],
                    "layer": layer["name"],
                    "policy_id": rule["policy_id"],
                }
                for rule in rules
                if rule["policy_id"] not in position.policy_ids
            ]
        return sorted(found, key=lambda r: -RANK[r["measure"], r["scope"] or ""])

    def _next(self, change: JointPosition | None, layers: Sequence[Document]) -> Document | None:
        if change is None:
            return None
        return {
            "on": change.day.isoformat(),
            "measure": change.measure,
            "scope": change.scope or None,
            "certain": change.certain,
            "at_least": _named(change.at_least),
            "layers": [layers[number]["name"] for number in change.makers],
            "policy_ids": list(change.policy_ids),
        }

    def _coming(self, layers: Sequence[Document]) -> list[Document]:
        """The next change of each layer, in order of days."""
        found = [
            {"layer": layer["name"], "level": layer["level"], **layer["next_change"]}
            for layer in layers
            if layer["next_change"]
        ]
        return sorted(found, key=lambda change: str(change["on"]))

    def _presumptions(self, layers: Iterable[Document]) -> Iterable[str]:
        for layer in layers:
            for rule in layer["rules"] if layer["joins"] else ():
                if rule["reaches"] and rule["state"] in LIVE_STATES and rule["measure"] != "none":
                    yield from (f"{rule['policy_id']}: {why}" for why in wording.doubts(rule))

    def _unclear(self, layers: Iterable[Document]) -> Iterable[str]:
        """An owner's rules for its own bodies, where the record does not say whose body it is."""
        for layer in layers:
            held = [r for r in layer["rules"] if not r["reaches"] and r["state"] in HELD_STATES]
            if layer["role"] == "owner" and held:
                yield (
                    f"{layer['name']} has rules for its own bodies; whether"
                    f" {self._place.name} is one of them the record does not say"
                )


def _named(position: tuple[str, str] | None) -> Document | None:
    return {"measure": position[0], "scope": position[1] or None} if position else None
