"""``explain``: what binds a place, layer by layer, as a document in plain JSON types."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from typing import Final

from frtracker import layers as binding
from frtracker.answers.notes import citation, doubts, searches
from frtracker.answers.status import SCHEMA_VERSION, Document, Filters, status
from frtracker.dates import format_days
from frtracker.layers import Layer, Readings, Stretch
from frtracker.places.located import Site
from frtracker.places.subjects import subjects_by_key
from frtracker.record.load import Tables
from frtracker.timeline import Timeline
from frtracker.timeline.rules import RANKED
from frtracker.version import __version__
from frtracker.vocabulary import ACTORS

_LIVE: Final = ("in_force", "uncertain", "scheduled")
_HELD: Final = ("in_force", "uncertain")
_FACTS: Final = ("summary", "exceptions", "notes")


def explain(
    tables: Tables,
    site: Site,
    day: date,
    *,
    actors: Sequence[str] = tuple(ACTORS),
    known_at: date | None = None,
    as_of_given: str = "",
) -> Document:
    """What binds ``site`` on ``day`` for ``actors``, and why.

    ``binds``: per actor the combined position (null: no row of any layer names the actor) with the
    layers that make it and what is in force besides (``also``). ``layers``: nearest first, each
    with the position that its rules make *here*, its rules (``reaches``: whether they pass down to
    the place), its next change, and what was searched where it has no act. Only plain dicts, lists,
    str, int, float, bool and None.
    """
    return _Explanation(tables, site, day, actors, known_at).document(as_of_given)


class _Explanation:
    def __init__(
        self, tables: Tables, site: Site, day: date, actors: Sequence[str], known_at: date | None
    ) -> None:
        self._tables, self._site, self._day = tables, site, day
        self._actors = [actor for actor in ACTORS if actor in actors]
        all_layers = binding.layers(subjects_by_key(tables.subjects), site)
        keys = {layer.key for layer in all_layers if layer.key}
        # a rule is superseded by rows of its own subject only: the others are not needed
        self._policies = tables.policies[tables.policies["subject_key"].isin(list(keys))]
        self._policies = self._policies.reset_index(drop=True)
        self._readings = Readings(self._policies, known_at)
        self._layers = [layer for layer in all_layers if self._matters(layer)]
        self._own = self._status(self._readings.own, keys)
        self._here = self._status_here()
        self._facts = {row["policy_id"]: row for row in self._policies.to_dict("records")}
        self._stretches = binding.combined(self._readings, site, self._layers)

    def _matters(self, layer: Layer) -> bool:
        """A union matters where a rule of it covers the place, or where it is the place."""
        if layer.level != "supranational" or layer.role == "place":
            return True
        return bool(self._readings.reaching(layer, self._site).any())

    def _status(self, timeline: Timeline, keys: Iterable[str]) -> dict[str, Document]:
        filters = Filters(keys=frozenset(keys), everything=True)
        found = status(self._tables, timeline, self._day, filters=filters)
        return {entry["key"]: entry for entry in found["subjects"]}

    def _status_here(self) -> dict[str, Document]:
        """The status entry of each layer's subject, in which only rules that reach here count."""
        groups: dict[int, tuple[Timeline, set[str]]] = {}
        for layer in self._layers:
            if layer.key:
                timeline = self._readings.from_layer(layer, self._site)
                groups.setdefault(id(timeline), (timeline, set()))[1].add(layer.key)
        found: dict[str, Document] = {}
        for timeline, keys in groups.values():
            found |= self._status(timeline, keys)
        return found

    def document(self, as_of_given: str) -> Document:
        site, known_at = self._site, self._readings.known_at
        layers = [self._layer(layer) for layer in self._layers]
        document: Document = {
            "schema_version": SCHEMA_VERSION,
            "as_of": self._day.isoformat(),
            "as_of_given": as_of_given or self._day.isoformat(),
            "known_at": known_at.isoformat() if known_at else None,
            "dataset": asdict(self._tables.edition),
            "program": __version__,
            "place": {
                "label": site.label,
                "key": site.key or None,
                "level": site.level,
                "country": site.country or None,
                "region": site.region or None,
                "within": [name for _, name in site.below_state],
                "found_in": site.found_in,
                "latitude": site.latitude,
                "longitude": site.longitude,
            },
            "asked_for": list(self._actors),
            "binds": self._binds(layers),
            "layers": layers,
            "next": self._coming(layers),
            "presumed": list(self._presumptions(layers)),
            "notes": [*site.notes, *self._unclear(layers)],
        }
        document["citation"] = citation(document)
        return document

    def _layer(self, layer: Layer) -> Document:
        entry, own = self._here.get(layer.key), self._own.get(layer.key)
        reaching = set(self._policies.loc[self._readings.reaching(layer, self._site), "policy_id"])
        positions = entry["positions"] if entry else {}
        rules = [
            self._rule(rule, reaches=rule["policy_id"] in reaching)
            for rule in (own["policies"] if own else ())
            if set(rule["applies_to"]) & set(self._actors)
        ]
        change = entry["next_change"] if entry else None
        if change and not set(change["actors"]) & set(self._actors):
            change = None
        recorded = any(f["subject_key"] == layer.key for f in self._facts.values())
        return {
            "level": layer.level,
            "name": layer.name,
            "key": layer.key or None,
            "role": layer.role,
            "joins": [actor for actor in layer.joins if actor in self._actors],
            "recorded": recorded,
            "searched": [] if recorded else searches(self._tables.searches, layer, self._site),
            "positions": {actor: positions.get(actor) for actor in self._actors},
            "rules": rules,
            "next_change": change,
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

    def _binds(self, layers: Sequence[Document]) -> dict[str, Document | None]:
        today = binding.on_day(self._stretches, self._day)
        return {
            actor: self._position(today[actor], layers) if actor in today else None
            for actor in self._actors
        }

    def _position(self, held: Stretch, layers: Sequence[Document]) -> Document:
        run = binding.run_of(self._stretches, held)
        makers = [layers[number] for number in held.makers]
        rules = {r["policy_id"]: r for layer in layers for r in layer["rules"]}
        named = [rules[i] for i in held.policy_ids if i in rules]
        ends = dict.fromkeys(rule["ends_when"] for rule in named if rule["ends_when"])
        change = binding.next_change(self._stretches, held.actor, self._day)
        presumed = run.start_presumed if run else held.start_presumed
        return {
            "measure": held.measure,
            "scope": held.scope or None,
            "certain": held.certain,
            "at_least": _named(held.at_least),
            "since": format_days(*run.since) if run else None,
            "until": format_days(*run.until) if run and run.until else None,
            "ends_when": "; ".join(ends) or None,
            "start_presumed": presumed,
            "continuation_presumed": bool(named)
            and all(rule["continuation_presumed"] for rule in named),
            "lifted": held.lifted,
            "layers": [{k: m[k] for k in ("level", "name", "key", "role")} for m in makers],
            "policy_ids": list(held.policy_ids),
            "also": list(self._also(held, layers)),
            "next_change": self._next(change, layers),
        }

    def _also(self, held: Stretch, layers: Sequence[Document]) -> Iterable[Document]:
        """What else is or may be in force here for the actor, highest-ranked first."""
        found = []
        for layer in layers:
            position = layer["positions"][held.actor]
            if position is None or held.actor not in layer["joins"]:
                continue
            ids = position["policy_ids"] if position["measure"] != "none" else []
            rules = [{**position, "policy_id": i} for i in ids] + position["also"]
            found += [
                {
                    "measure": rule["measure"],
                    "scope": rule["scope"],
                    "certain": rule["certain"],
                    "layer": layer["name"],
                    "policy_id": rule["policy_id"],
                }
                for rule in rules
                if rule["policy_id"] not in held.policy_ids
            ]
        return sorted(found, key=lambda r: -RANKED.index((r["measure"], r["scope"] or "")))

    def _next(self, change: Stretch | None, layers: Sequence[Document]) -> Document | None:
        if change is None:
            return None
        return {
            "on": change.start.isoformat(),
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
                if rule["reaches"] and rule["state"] in _LIVE and rule["measure"] != "none":
                    yield from (f"{rule['policy_id']}: {why}" for why in doubts(rule))

    def _unclear(self, layers: Iterable[Document]) -> Iterable[str]:
        """An owner's rules for its own bodies, where the record does not say whose body it is."""
        for layer in layers:
            held = [r for r in layer["rules"] if not r["reaches"] and r["state"] in _HELD]
            if layer["role"] == "owner" and held:
                yield (
                    f"{layer['name']} has rules for its own bodies; whether"
                    f" {self._site.name} is one of them the record does not say"
                )


def _named(position: tuple[str, str] | None) -> Document | None:
    return {"measure": position[0], "scope": position[1] or None} if position else None
