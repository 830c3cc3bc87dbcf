"""All that applies in a place over time: of stretches of days which rules, on a day since when."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any, Final, NamedTuple, TypeVar

from frtracker import wording
from frtracker.answers.claims import Claim
from frtracker.answers.documents import Document, records
from frtracker.answers.here import InPlace
from frtracker.answers.status import joint_position, rules_on
from frtracker.answers.verdicts import ABSENT, LIKE, SAME, Stretch
from frtracker.dates import DayRange
from frtracker.layers import Joint
from frtracker.places.place import Place
from frtracker.record.load import Tables
from frtracker.timeline.days import OPEN, to_ordinals
from frtracker.timeline.rules import RANK, RANKED
from frtracker.vocabulary import ACTORS, BINDING_STATUSES


class _Period(NamedTuple):
    """A rule that is or may be in force for an actor on the days ``start`` to ``end``; ``layer``:
    its place in the list of layers; ``uses``: to which it is limited."""

    actor: str
    start: int
    end: int
    rank: int
    certain: bool
    territory: str
    policy_id: str
    layer: int
    uses: str

    @property
    def kind(self) -> tuple[int, str, str]:
        """What rules of a rank have in common that follow each other without an end."""
        return self.layer, self.territory, self.uses


Span = TypeVar("Span", bound="Stretch | _Period")
_CELLS: Final = tuple(name for name in _Period._fields if name not in ("rank", "uses"))


@dataclass(frozen=True, slots=True)
class Fact:
    """What is true for an actor, in two halves between which the actor is named, and by which
    rules."""

    head: str
    tail: str
    policy_ids: tuple[str, ...]


class History:
    """All that applies in a place, over time; ``alone``: its own rules only.

    ``own``: the actors whom its own acts name; ``reaching``: the ids of all rules that apply there;
    ``bodies``: the keys of its agencies and schools.
    """

    def __init__(self, tables: Tables, place: Place, *, alone: bool = False) -> None:
        here = InPlace(tables, place)
        self.place = place
        self._layers = [
            it for it in here.layers if it.role == "place" or not (place.is_vendor or alone)
        ]
        self._timeline = here.readings.own
        own = here.policies["subject_key"] == place.key
        self._doubted = {*here.policies.loc[here.policies["confidence"] == "low", "policy_id"]}
        self._acts = {*here.policies.loc[own, "policy_id"]}
        self.bodies = [it.key for it in here.layers if it.role == "agency"]
        self._joint = Joint(here.readings, place, self._layers)
        self._rules: dict[date, dict[str, Document]] = {}
        uses = dict(zip(here.policies["policy_id"], here.policies["uses"], strict=True))
        itself = [at for at, it in enumerate(self._layers) if it.role in ("place", "agency")]
        parts = self._joint.parts
        self.own = set(parts.loc[parts["layer"].isin(itself), "actor"])
        self.reaching: set[str] = set()
        self._periods: list[_Period] = []
        for at, layer in enumerate(self._layers):
            if layer.joins and (acts := here.readings.acts(layer, place)):
                self.reaching.update(acts)
                table = here.readings.from_layer(layer, place).periods
                of_layer = (table["subject_key"] == layer.key) & table["actor"].isin(layer.joins)
                days = {"start": to_ordinals(table["valid_from"])}
                days |= {"end": to_ordinals(table["valid_to"])}
                rows = table.assign(**days, layer=at)[of_layer & (table["measure"] != "none")]
                for it in records(rows):
                    rank = RANK[it["measure"], it["scope"]]
                    limits = uses[it["policy_id"]] if it["scope"] == "narrow" else ""
                    cells = {name: it[name] for name in _CELLS}
                    self._periods.append(_Period(rank=rank, uses=limits, **cells))
        self._stretches = {actor: [*self._sweep(actor)] for actor in ACTORS}

    def _sweep(self, actor: str) -> Iterable[Stretch]:
        spells = self._joint.spells
        columns = ["start", "end", "low", "high"]
        strictest = spells.loc[spells["actor"] == actor, columns].to_numpy().tolist()
        rules = [it for it in self._periods if it.actor == actor]
        days = {1, OPEN, *(day for start, end, *_ in strictest for day in (start, end))}
        days |= {day for it in rules for day in (it.start, it.end)}
        last: Stretch | None = None
        for start, end in pairwise(sorted(days)):
            low, high = next((it[2:] for it in strictest if it[0] <= start < it[1]), (0, 0))
            ranks: dict[str, set[int]] = {"sure": set(), "maybe": set(), "elsewhere": set()}
            for rule in rules:
                if rule.start <= start < rule.end:
                    sure = "elsewhere" if self.place.is_vendor and rule.territory else "sure"
                    ranks[sure if rule.certain else "maybe"].add(rule.rank)
            kinds = {name: frozenset(found) for name, found in ranks.items()}
            it = Stretch(start, end, low, high, **kinds)
            if last and replace(last, start=start, end=end) == it:
                it = replace(last, end=end)
            elif last:
                yield last
            last = it
        if last:
            yield last

    def stretches(self, actor: str, days: DayRange | None = None) -> list[Stretch]:
        """All, or those that touch the ``days``."""
        first, last = (days.low.toordinal(), days.high.toordinal()) if days else (1, OPEN)
        return [it for it in self._stretches[actor] if it.start <= last and it.end > first]

    def fact(self, actor: str, it: Stretch, day: int, measure: str) -> Fact:
        """What is true on a day of the stretch; if a rule that is not the strictest is what is
        claimed, that one first."""
        ranks = it.shown(measure)
        own = [max(ranks)] if it.high in ranks or not it.high else [max(ranks), it.high]
        facts = [self._of_rank(actor, it, day, rank) for rank in own]
        ids = dict.fromkeys(policy_id for fact in facts for policy_id in fact.policy_ids)
        return Fact(*wording.claim_halves([(fact.head, fact.tail) for fact in facts]), (*ids,))

    def _of_rank(self, actor: str, it: Stretch, day: int, rank: int) -> Fact:
        """The rules of one rank on a day of the stretch, and since when and until when each is in
        force: two makers, or a rule on one use and one on another, have days of their own."""
        on = date.fromordinal(day)
        here = [p for p in self._periods if p.actor == actor and p.start <= day < p.end]
        rules, others = self._rules_on(on), set[int]()
        if self.place.is_vendor and not it.high:
            others = {*it.elsewhere, *it.maybe}
        if others:
            ids = dict.fromkeys(p.policy_id for p in here if p.rank in others)
            return Fact(*wording.claim_elsewhere([rules[it] for it in ids]), (*ids,))
        if not rank:
            without = [it for it in self._stretches[actor] if not (it.low or it.elsewhere)]
            sure = [it for it in without if not (it.high or it.maybe)]
            joint = self._joint.on(actor, on)
            row = _row(0) | _days(_touching(without, day), _touching(sure, day))
            row |= {"lifted": bool(joint and joint["lifted"])}
            return Fact(*wording.claim_position(joint_position(row, {})), ())

        makers = [p for p in here if p.rank == rank]
        makers = [p for p in makers if p.certain] or makers
        is_sure = it.surely_has(rank)
        if self.place.is_vendor and is_sure:  # what is not limited to countries says more
            makers = [p for p in makers if not p.territory] or makers
        floor = [p for p in here if it.low < rank == it.high and p.rank == it.low]
        groups: dict[object, list[_Period]] = {}
        for maker in makers:
            groups.setdefault(maker.kind if is_sure else "", []).append(maker)
        parts: dict[tuple[str, str], list[_Period]] = {}
        ids = {}
        for group in groups.values():
            row = _row(rank, certain=is_sure, floor=it.low if floor else 0)
            row |= {"policy_ids": ";".join(dict.fromkeys(p.policy_id for p in group))}
            days, run = self._run(group[0], day) if is_sure else ({}, group)
            row |= days
            is_over = row["until_high"] is not None
            proofs = [*group, *(p for p in run if is_over or p.start <= day)]
            ids |= dict.fromkeys(p.policy_id for p in proofs)
            codes = {code for p in group for code in rules[p.policy_id]["territory"] or ()}
            is_limited = self.place.is_vendor and all(p.territory for p in group)
            entry = joint_position(row, rules)
            entry |= {"territory": sorted(codes) if is_limited else None}
            parts.setdefault(wording.claim_position(entry, only=len(groups) == 1), []).extend(group)
        is_own = {self._layers[p.layer].name for p in makers} == {self.place.name}
        halves = []
        for (head, tail), group in parts.items():
            names = dict.fromkeys(self._layers[p.layer].name for p in group)
            halves.append((head, wording.claim_by([] if is_own else [*names], tail)))
        ids |= dict.fromkeys(p.policy_id for p in floor)
        return Fact(*wording.claim_halves(halves), (*ids,))

    def _run(self, maker: _Period, day: int) -> tuple[dict[str, Any], list[_Period]]:
        """Since when and until when, without a gap around the day, rules of one kind are in force;
        and these rules, the first first."""
        ranked = [p for p in self._periods if (p.actor, p.rank) == (maker.actor, maker.rank)]
        like = [p for p in ranked if p.kind == maker.kind]
        unlike = [p for p in ranked if p.kind != maker.kind]
        # of two rules, each uncertain, one can surely be in force
        joint: Sequence[Stretch | _Period] = [
            it
            for it in self._stretches[maker.actor]
            if it.low == it.high == maker.rank
            and not any(p.start < it.end and it.start < p.end for p in unlike)
        ]
        run = sorted(_touching(like, day), key=lambda p: p.start)
        sure = _touching([*joint, *(p for p in like if p.certain)], day)
        days = _days(run, sure) if sure else {}
        then = self._rules_on(date.fromordinal(run[0].start))
        first = [then[p.policy_id] for p in run if p.start == run[0].start]
        return {**days, "start_presumed": all(rule["start_presumed"] for rule in first)}, run

    def no_ban(self, actor: str, day: int) -> tuple[str, str]:
        """The halves of the fact that there surely is no prohibition around the day."""
        without = [it for it in self._stretches[actor] if it.verdict("no_ban") == "supported"]
        run = _touching(without, day)
        _, tail = wording.claim_position(joint_position(_row(0) | _days(run, run), {}))
        return wording.CLAIMED_ABSENT["no_ban"], tail

    def bills(self, claim: Claim, days: DayRange) -> list[Document]:
        """The bills of the place for what is claimed, known by then; if what became of one is not
        known, also for what is like it, or against a claim that there is no rule."""
        same, like = SAME[claim.measure], LIKE[claim.measure]
        unknown = {*range(1, len(RANKED))} - same if claim.measure in ABSENT else same | like
        ranks = same - {0} if claim.measure not in ABSENT else ()
        whom = {*(claim.actors or ACTORS)}
        return [
            rule
            for rule in self._rules_on(days.high).values()
            if rule["policy_id"] in self._acts
            and rule["status"] not in BINDING_STATUSES
            and rule["state"] != "not_yet"
            and RANK[rule["measure"], rule["scope"] or ""]
            in (unknown if rule["state"] == "unknown" else ranks)
            and whom & {*rule["applies_to"]}
        ]

    def are_doubted(self, policy_ids: Collection[str]) -> bool:
        """Whether one of the rules is so weakly proven that it contradicts nothing."""
        return not self._doubted.isdisjoint(policy_ids)

    def _rules_on(self, on: date) -> dict[str, Document]:
        if on not in self._rules:
            own = rules_on(self._timeline, on).values()
            self._rules[on] = {rule["policy_id"]: rule for rules in own for rule in rules}
        return self._rules[on]


def _touching(spans: Sequence[Span], day: int) -> list[Span]:
    """Those that follow each other without a gap around a day."""
    run = [it for it in spans if it.start <= day < it.end]
    while run:
        start, end = min(it.start for it in run), max(it.end for it in run)
        wider = [it for it in spans if it.start <= end and start <= it.end]
        if len(wider) == len(run):
            break
        run = wider
    return run


def _days(run: Sequence[Span], sure: Sequence[Span]) -> dict[str, date | None]:
    """Since when and until when there is what is so on the days of the ``run``, and surely so on
    those of ``sure``."""
    days = {
        "since_low": min((it.start for it in run), default=1),
        "since_high": min((it.start for it in sure), default=1),
        "until_low": max((it.end for it in sure), default=OPEN),
        "until_high": max((it.end for it in run), default=OPEN),
    }
    return {name: date.fromordinal(day) if 1 < day < OPEN else None for name, day in days.items()}


def _row(rank: int, *, certain: bool = True, floor: int = 0) -> dict[str, Any]:
    """As a row of positions, of a rank of which no more is known."""
    least = RANKED[floor] if floor else ("", "")
    return {
        **{"measure": RANKED[rank][0], "scope": RANKED[rank][1], "certain": certain},
        **{"at_least_measure": least[0], "at_least_scope": least[1], "policy_ids": ""},
        **dict.fromkeys(("since_low", "since_high", "until_low", "until_high")),
        **{"start_presumed": False, "lifted": False},
    }
