"""What the record says of claims about a place, actors, a measure and a day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Final, NamedTuple

from frtracker import wording
from frtracker.answers.claims import Claim
from frtracker.answers.documents import Document, heading, records
from frtracker.answers.here import InPlace
from frtracker.answers.status import joint_position, rules_on
from frtracker.answers.verdicts import ABSENT, BEST, SAME, Stretch, over_days
from frtracker.dates import DayRange
from frtracker.layers import Joint
from frtracker.places.names import resolve
from frtracker.places.place import Place, of_subject
from frtracker.places.subjects import NameNotUnderstood, subjects_by_key
from frtracker.record.load import Tables
from frtracker.timeline.days import OPEN, to_ordinals
from frtracker.timeline.rules import RANK, RANKED
from frtracker.vocabulary import ACTORS, BINDING_STATUSES, VERDICTS


class _Period(NamedTuple):
    """A rule that is or may be in force for an actor on the days ``start`` to ``end``; ``layer``:
    its place in the list of layers."""

    actor: str
    start: int
    end: int
    rank: int
    certain: bool
    territory: str
    policy_id: str
    layer: int


_CELLS: Final = tuple(name for name in _Period._fields if name != "rank")


@dataclass(frozen=True, slots=True)
class _Fact:
    """What is true for an actor, in two halves between which the actor is named, and by which
    rules."""

    head: str
    tail: str
    policy_ids: tuple[str, ...]


class _History:
    """All that applies in a place, over time. ``own``: the actors whom its own acts name;
    ``reaching``: the ids of all rules that apply there."""

    def __init__(self, tables: Tables, place: Place) -> None:
        here = InPlace(tables, place)
        self.place = place
        self._layers = [it for it in here.layers if it.role == "place" or not place.is_vendor]
        self._timeline = here.readings.own
        own = here.policies["subject_key"] == place.key
        self._acts = {*here.policies.loc[own, "policy_id"]}
        self._joint = Joint(here.readings, place, self._layers)
        self._rules: dict[date, dict[str, Document]] = {}
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
                self._periods += (
                    _Period(rank=RANK[it["measure"], it["scope"]], **{n: it[n] for n in _CELLS})
                    for it in records(rows)
                )
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

    def fact(self, actor: str, it: Stretch, day: int, measure: str) -> _Fact:
        """What is true on a day of the stretch; if a rule that is not the strictest is what is
        claimed, that one."""
        ranks = it.shown(measure)
        of_rank = self._of_rank(actor, it, day, max(ranks))
        if it.high in ranks or not it.high:
            return of_rank
        strictest = self._of_rank(actor, it, day, it.high)
        besides = wording.joined([f"besides: {strictest.head}", strictest.tail])
        ids = dict.fromkeys((*of_rank.policy_ids, *strictest.policy_ids))
        return replace(of_rank, tail=wording.joined([of_rank.tail, besides]), policy_ids=(*ids,))

    def _of_rank(self, actor: str, it: Stretch, day: int, rank: int) -> _Fact:
        """The rules of one rank on a day of the stretch, since when and until when there are."""
        on = date.fromordinal(day)
        here = [p for p in self._periods if p.actor == actor and p.start <= day < p.end]
        rules, others = self._rules_on(on), set[int]()
        if self.place.is_vendor and not it.high:
            others = {*it.elsewhere, *it.maybe}
        if others:
            ids = dict.fromkeys(p.policy_id for p in here if p.rank in others)
            return _Fact(*wording.claim_elsewhere([rules[it] for it in ids]), (*ids,))
        if not rank:
            row = self._joint.on(actor, on)
            since = date.fromordinal(it.start) if it.start > 1 else None
            last = date.fromordinal(it.end - 1) if it.end < OPEN else None
            is_lifted = bool(row and row["lifted"])
            return _Fact(*wording.claim_no_rule(since, last, is_lifted=is_lifted), ())
        possible = [p for p in here if p.rank == rank]
        makers = [p for p in possible if p.certain] or possible
        least = [p for p in here if it.low < rank == it.high and p.rank == it.low]
        ids = dict.fromkeys(p.policy_id for p in (*makers, *least))
        row = {
            **{"measure": RANKED[rank][0], "scope": RANKED[rank][1], "lifted": False},
            **{"certain": it.surely_has(rank), "start_presumed": False},
            **dict.fromkeys(("since_low", "since_high", "until_low", "until_high")),
            "at_least_measure": RANKED[it.low][0] if least else "",
            "at_least_scope": RANKED[it.low][1] if least else "",
            "policy_ids": ";".join(dict.fromkeys(p.policy_id for p in makers)),
        }
        # of several countries no day is shared
        if row["certain"] and len({p.territory for p in makers}) == 1:
            days, of_run = self._run(actor, it, rank)
            first = [rules[p.policy_id] for p in of_run if p.start == of_run[0].start]
            row |= {**days, "start_presumed": all(rule["start_presumed"] for rule in first)}
            ids = dict.fromkeys(p.policy_id for p in of_run)
        territories = [rules[p.policy_id]["territory"] or [] for p in makers]
        codes = sorted({code for territory in territories for code in territory})
        is_limited = self.place.is_vendor and all(territories)
        position = {**joint_position(row, rules), "territory": codes if is_limited else None}
        names = [self._layers[p.layer].name for p in makers]
        by = list(dict.fromkeys(names)) if {*names} != {self.place.name} else []
        return _Fact(*wording.claim_position(position, by), (*ids,))

    def _run(self, actor: str, it: Stretch, rank: int) -> tuple[dict[str, date], list[_Period]]:
        """Since when and until when, without a gap around the stretch, a rule of the rank is or may
        be in force; and these rules, the first first."""
        whole = self._stretches[actor]
        first = last = whole.index(it)
        while first and whole[first - 1].may_have(rank):
            first -= 1
        while last + 1 < len(whole) and whole[last + 1].may_have(rank):
            last += 1
        start, end = whole[first].start, whole[last].end
        sure = [one for one in whole[first : last + 1] if one.surely_has(rank)]
        days = {"since_low": start, "since_high": sure[0].start}
        if end < OPEN:
            days |= {"until_low": sure[-1].end, "until_high": end}
        of_run = [p for p in self._periods if p.actor == actor and p.rank == rank]
        of_run = sorted((p for p in of_run if start <= p.start < end), key=lambda p: p.start)
        return {name: date.fromordinal(day) for name, day in days.items()}, of_run

    def bills(self, claim: Claim, days: DayRange) -> list[Document]:
        """The bills of the place for what is claimed, known by then."""
        ranks = SAME[claim.measure] - {0} if claim.measure not in ABSENT else ()
        whom = {*(claim.actors or ACTORS)}
        return [
            rule
            for rule in self._rules_on(days.high).values()
            if rule["policy_id"] in self._acts
            and rule["status"] not in BINDING_STATUSES
            and rule["state"] != "not_yet"
            and RANK[rule["measure"], rule["scope"] or ""] in ranks
            and whom & {*rule["applies_to"]}
        ]

    def _rules_on(self, on: date) -> dict[str, Document]:
        if on not in self._rules:
            own = rules_on(self._timeline, on).values()
            self._rules[on] = {rule["policy_id"]: rule for rules in own for rule in rules}
        return self._rules[on]


def check(tables: Tables, claims: Iterable[Claim], today: date) -> Document:
    """The ``check`` document: for each claim a verdict, why, and the nearest true statement, with
    sources. A claim without a day is about ``today``; one without actors about all whom the rules
    of the place name; one without a measure about any rule."""
    acts = {row["policy_id"]: row for row in records(tables.policies)}
    subjects = subjects_by_key(tables.subjects)

    @cache
    def history(place: Place) -> _History:
        return _History(tables, place)

    @cache
    def around(place: Place) -> list[_History]:
        above = (subjects[up.key] for up in place.parents if up.key in subjects)
        return [history(of_subject(subjects, subject)) for subject in above]

    @cache
    def judged(claim: Claim) -> Document:
        if claim.wrong:
            return {"verdict": "not_checked", "why": claim.wrong}
        days = claim.days or DayRange(today, today)
        try:
            place = resolve(tables, claim.place)
        except NameNotUnderstood as error:
            verdict = "cannot_say" if error.candidates else "not_on_record"
            return {
                "verdict": verdict,
                "why": wording.claim_not_understood(error.reason, error.candidates),
            }
        except ValueError as error:
            return {"verdict": "not_checked", "why": str(error)}
        found = _judged(history(place), around(place), claim, days)
        later = days.high.isoformat() > (tables.edition.reviewed_through or "")
        why = wording.claim_reviewed(found["why"], tables.edition.reviewed_through if later else "")
        return {**found, "why": why, "subject_key": place.key or None, "label": place.label}

    checked = []
    for claim in claims:
        document: Document = {
            "line": claim.line or None,
            "place": claim.place,
            "actors": [*claim.actors],
            "measure": claim.measure or None,
            "date": str(claim.days) if claim.days else None,
            **{"subject_key": None, "label": None, "nearest": None},
            **{"applies_to": [], "policy_ids": []},
            **judged(replace(claim, line=0)),
        }
        urls = dict.fromkeys(acts[it]["source_url"] for it in document["policy_ids"])
        checked.append({**document, "source_urls": [*urls]})
    opening = heading("check", tables, None, as_of=today.isoformat())
    verdicts = Counter(it["verdict"] for it in checked)
    number = wording.counted("claims", len(checked))
    return {
        **opening,
        "counts": {code: verdicts[code] for code in VERDICTS},
        "claims": checked,
        "cite_as": wording.citation(
            opening, f"check of {number} on {wording.recorded(opening['as_of'])}"
        ),
    }


def _judged(
    history: _History,
    around: Sequence[_History],
    claim: Claim,
    days: DayRange,
) -> Document:
    """What the record says of a claim about a place: verdict, why, nearest, the rules that say
    so."""
    measure, own = claim.measure, history.own
    unproven = "supported" if measure in ABSENT else "contradicted"
    stretches = {actor: history.stretches(actor, days) for actor in claim.actors or ACTORS}
    verdicts: dict[str, str] = {}
    for actor, on_days in stretches.items():
        verdict = over_days({it.verdict(measure) for it in on_days})
        verdicts[actor] = verdict if actor in own or verdict != unproven else "not_on_record"
    # of a claim without actors: whom a rule is for on these days, else whom any act names
    ruled = [actor for actor, on_days in stretches.items() if any(it.high for it in on_days)]
    whom = [*(claim.actors or ruled or [it for it in ACTORS if it in own] or ACTORS)]
    best = min((verdicts[actor] for actor in whom), key=BEST.index)
    whom_best = [actor for actor in whom if verdicts[actor] == best]
    is_part = best == "supported" and len(whom_best) < len(whom)
    verdict = "partly" if is_part and (measure or claim.actors) else best

    order = [*reversed(BEST)] if measure in ABSENT else BEST
    facts, turns = {}, set()
    for actor in whom_best:
        on_days = stretches[actor]
        turns |= {it.verdict(measure) for it in on_days} if len(on_days) > 1 else set()
        it = min(on_days, key=lambda it: (order.index(it.verdict(measure)), -_common(it, days)))
        facts[actor] = history.fact(actor, it, max(it.start, days.low.toordinal()), measure)
    why = wording.claim_why(
        verdict,
        days=days,
        facts={actor: (it.head, it.tail) for actor, it in facts.items()},
        whom=claim.actors,
        only=verdict != best,
        turns=turns if len(turns) > 1 else (),
    )
    ids = [policy_id for it in facts.values() for policy_id in it.policy_ids]
    nearest = ""
    if verdict == "contradicted":
        bills = history.bills(claim, days)
        why = wording.joined([why, wording.claim_bills(bills)], "; ")
        ids += [bill["policy_id"] for bill in bills]
    if verdict != "supported":
        nearest, further = _nearest(history, around, claim, whom_best, days.low.toordinal())
        ids += further
    return {
        "verdict": verdict,
        "why": why,
        "nearest": nearest or None,
        "applies_to": [] if verdict == "not_on_record" else whom_best,
        "policy_ids": list(dict.fromkeys(ids)),
    }


def _common(it: Stretch, days: DayRange) -> int:
    return min(it.end, days.high.toordinal() + 1) - max(it.start, days.low.toordinal())


def _nearest(
    history: _History,
    around: Sequence[_History],
    claim: Claim,
    actors: Sequence[str],
    day: int,
) -> tuple[str, Sequence[str]]:
    """What is nearest to the day of which the claim is true, for the same actors if there is
    anything, else partly true; else the rules of a government around the place for its own bodies;
    and the rules that say so."""
    label, measure = history.place.label, claim.measure
    for verdict in ("supported", "partly"):
        for whom in (claim.actors or actors, ACTORS):
            found = [
                (max(it.start - day, day + 1 - it.end, 0), actor, it)
                for actor in whom
                if actor in history.own
                for it in history.stretches(actor)
                if it.verdict(measure) == verdict
            ]
            if found:
                _, actor, it = min(found, key=lambda it: it[0])
                fact = history.fact(actor, it, min(max(day, it.start), it.end - 1), measure)
                return f"{label}: {wording.claim_fact(fact.head, fact.tail, [actor])}", (
                    fact.policy_ids
                )
    on = DayRange(date.fromordinal(day), date.fromordinal(day))
    for above in around:
        for actor in (claim.actors or ACTORS) if measure not in ABSENT else ():
            (it,) = above.stretches(actor, on)
            fact = above.fact(actor, it, day, measure)
            if it.verdict(measure) == "supported" and history.reaching.isdisjoint(fact.policy_ids):
                text = wording.claim_fact(fact.head, fact.tail, [actor])
                return wording.claim_around(above.place.label, text), fact.policy_ids
    return "", ()
