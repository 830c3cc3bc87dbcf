"""What the record says of claims about a place, actors, a measure and a day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cache

from frtracker import wording
from frtracker.answers.claims import Claim
from frtracker.answers.documents import Document, heading, records
from frtracker.answers.over_time import History
from frtracker.answers.verdicts import ABSENT, BEST, LEAST, Stretch, over_days
from frtracker.dates import DayRange
from frtracker.places.names import resolve
from frtracker.places.place import Place, of_subject
from frtracker.places.subjects import NameNotUnderstood, subjects_by_key
from frtracker.record.load import Tables
from frtracker.vocabulary import ACTORS, VERDICTS


def check(tables: Tables, claims: Iterable[Claim], today: date) -> Document:
    """The ``check`` document: for each claim a verdict, why, and the nearest true statement, with
    sources. A claim without a day is about ``today``; one without actors about all whom the rules
    of the place name; one without a measure about any rule."""
    acts = {row["policy_id"]: row for row in records(tables.policies)}
    subjects = subjects_by_key(tables.subjects)

    @cache
    def history(place: Place) -> History:
        return History(tables, place)

    @cache
    def body(place: Place) -> History:
        return History(tables, place, alone=True)

    def places(keys: Iterable[str]) -> Iterator[Place]:
        return (of_subject(subjects, subjects[it]) for it in keys if it in subjects)

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
        here, around = history(place), map(history, places(up.key for up in place.parents))
        found = _judged(here, around, map(body, places(here.bodies)), claim, days)
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
    history: History,
    around: Iterable[History],
    bodies: Iterable[History],
    claim: Claim,
    days: DayRange,
) -> Document:
    """What the record says of a claim about a place: verdict, why, nearest, the rules that say
    so."""
    measure, own = claim.measure, history.own
    unproven = "supported" if measure in ABSENT else "contradicted"
    order = LEAST if measure in ABSENT else BEST
    stretches = {actor: history.stretches(actor, days) for actor in claim.actors or ACTORS}
    verdicts: dict[str, str] = {}
    for actor, on_days in stretches.items():
        verdict = over_days({it.verdict(measure) for it in on_days})
        verdicts[actor] = verdict if actor in own or verdict != unproven else "not_on_record"
    # of a claim without actors: whom a rule is for on these days, else whom any act names
    ruled = [actor for actor, on_days in stretches.items() if any(it.high for it in on_days)]
    whom = [*(claim.actors or ruled or [it for it in ACTORS if it in own] or ACTORS)]
    best = min((verdicts[actor] for actor in whom), key=order.index)
    whom_best = [actor for actor in whom if verdicts[actor] == best]
    rest = {actor: verdicts[actor] for actor in whom if measure or claim.actors}
    verdict = "partly" if best == "supported" and len({*rest.values()}) > 1 else best

    facts, turns, is_open = {}, set(), False
    for actor in whom_best:
        on_days = stretches[actor]
        turns |= {it.verdict(measure) for it in on_days} if len(on_days) > 1 else set()
        it = min(on_days, key=lambda it: (order.index(it.verdict(measure)), -_common(it, days)))
        last = min(it.end - 1, days.high.toordinal())
        facts[actor] = history.fact(actor, it, last, measure)
        is_open |= it.low != it.high and history.are_doubted(facts[actor].policy_ids)
    ids = [policy_id for it in facts.values() for policy_id in it.policy_ids]
    bills = history.bills(claim, days) if verdict == unproven else []
    unknown = [bill["policy_id"] for bill in bills if bill["state"] == "unknown"]
    if verdict == unproven and (unknown or is_open):
        verdict = "cannot_say"
    why = wording.claim_why(
        verdict,
        days=days,
        facts={actor: (it.head, it.tail) for actor, it in facts.items()},
        whom=claim.actors,
        rest=rest if verdict == "partly" else {},
        turns=turns if len(turns) > 1 else (),
        unknown=unknown,
    )
    if verdict == "contradicted":
        why = wording.joined([why, wording.claim_bills(bills)], "; ")
    ids += [bill["policy_id"] for bill in bills]
    true_for = whom_best if verdict != "not_on_record" else []
    nearest = ""
    is_so = any(it.is_so(measure) for on_days in stretches.values() for it in on_days)
    if verdict not in ("supported", "cannot_say") and not is_so:
        nearest, said, whom_of_bodies, further = _of_bodies(bodies, claim, days)
        if nearest:
            true_for = [*(true_for if verdict == "partly" else ()), *whom_of_bodies]
            verdict, why = "partly", wording.joined([why, said], "; ")
            ids += further
    # what is open of this place is not denied of it on a day nearby
    if not nearest and verdict != "supported" and not (unknown and measure in ABSENT):
        nearest, proofs = _nearest(history, around, claim, whom_best, days.low.toordinal())
        ids += proofs
    return {
        "verdict": verdict,
        "why": why,
        "nearest": nearest or None,
        "applies_to": [actor for actor in ACTORS if actor in true_for],
        "policy_ids": list(dict.fromkeys(ids)),
    }


def _of_bodies(
    bodies: Iterable[History], claim: Claim, days: DayRange
) -> tuple[str, str, list[str], list[str]]:
    """Rules of bodies of the place that are what is claimed, for these alone: the first of them,
    all in words, the actors and the rules; '' where none is."""
    texts, ids = [], []
    whom: dict[str, None] = {}
    for body in bodies if claim.measure not in ABSENT else ():
        facts = {}
        for actor in claim.actors or ACTORS:
            for it in body.stretches(actor, days):
                if it.is_so(claim.measure):
                    last = min(it.end - 1, days.high.toordinal())
                    facts[actor] = body.fact(actor, it, last, claim.measure)
        if facts:
            halves = {actor: (fact.head, fact.tail) for actor, fact in facts.items()}
            texts.append(f"{body.place.label}: {wording.claim_facts(halves)}")
            ids += [policy_id for fact in facts.values() for policy_id in fact.policy_ids]
            whom |= dict.fromkeys(facts)
    return texts[0] if texts else "", wording.claim_of_bodies(texts), [*whom], ids


def _common(it: Stretch, days: DayRange) -> int:
    return min(it.end, days.high.toordinal() + 1) - max(it.start, days.low.toordinal())


def _nearest(
    history: History,
    around: Iterable[History],
    claim: Claim,
    actors: Sequence[str],
    day: int,
) -> tuple[str, Sequence[str]]:
    """What is nearest to the day of which the claim is true, for the same actors if there is
    anything, else partly true; else the rules of a government around the place for its own bodies;
    and the rules that say so."""
    label, measure = history.place.label, claim.measure
    for whom in (claim.actors or actors, ACTORS):
        for verdict in ("supported", "partly"):
            found = [
                (max(it.start - day, day + 1 - it.end, 0), actor, it)
                for actor in whom
                if actor in history.own
                for it in history.stretches(actor)
                if it.verdict(measure) == verdict
            ]
            if found:
                _, actor, it = min(found, key=lambda it: it[0])
                close = min(max(day, it.start), it.end - 1)
                fact = history.fact(actor, it, close, measure)
                halves = (fact.head, fact.tail)
                if measure == "no_ban" and verdict == "supported":
                    halves = history.no_ban(actor, close)
                return f"{label}: {wording.claim_fact(*halves, [actor])}", fact.policy_ids
    on = DayRange(date.fromordinal(day), date.fromordinal(day))
    for above in around:
        for actor in (claim.actors or ACTORS) if measure not in ABSENT else ():
            (it,) = above.stretches(actor, on)
            fact = above.fact(actor, it, day, measure)
            if it.verdict(measure) == "supported" and history.reaching.isdisjoint(fact.policy_ids):
                text = wording.claim_fact(fact.head, fact.tail, [actor])
                return wording.claim_around(above.place.label, text), fact.policy_ids
    return "", ()
