"""Claims, and what is true of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from frtracker.dates import DayRange, parse
from frtracker.vocabulary import MEASURES, STATES
from frtracker.wording.phrases import (
    NONE,
    Entry,
    actors,
    alike,
    counted,
    from_day,
    joined,
    listed,
    on_day,
    only_in,
    recorded,
    through,
)
from frtracker.wording.positions import measure, position, since, until

CLAIMED_ABSENT: Final[Mapping[str, str]] = {"none": "no rule", "no_ban": "no ban"}
_MOST_MEANT: Final = 3
_MOST_BODIES: Final = 3
_MOST_RULES: Final = 4
_OTHERWISE: Final = {
    "partly": "only partly for",
    "cannot_say": "perhaps for",
    "contradicted": "not for",
    "not_on_record": "no act of its own on record for",
}


def claim_fact(head: str, tail: str, whom: Sequence[str]) -> str:
    """``ban for police, since 17 Sep 2019``"""
    return joined([f"{head} for {actors(whom)}", tail])


def claim_facts(facts: Mapping[str, tuple[str, str]]) -> str:
    """``ban for police, since 30 Jun 2020; oversight for schools, since Feb 2019``"""
    return "; ".join(claim_fact(*halves, codes) for halves, codes in alike(facts))


def claim_position(entry: Entry, *, only: bool = True) -> tuple[str, str]:
    """The halves of a fact: ``restriction``, ``since 3 Oct 2008``. ``only``: none is in force
    elsewhere."""
    where = only_in(entry.get("territory"), only=only)
    end = entry["until"] or ""
    if end and not parse(end).is_exact:
        lasting = f"until {from_day(end)}"
    else:
        lasting = through(end) if end else until(entry)
    return position(entry), joined([where, since(entry), lasting])


def claim_by(makers: Sequence[str], tail: str) -> str:
    """``by Illinois, since 3 Oct 2008``; no makers if there is but the place."""
    return joined([f"by {listed(makers)}" if makers else "", tail])


def claim_halves(facts: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """The halves of several facts of one actor as one: ``ban``, ``by Barre, since Sep 2025, and by
    Vermont, since 1 Jun 2025``"""
    (head, tail), *further = facts
    more = (joined([each if each != head else "", rest]) or each for each, rest in further)
    shown = [*more][: _MOST_RULES - 1]
    if len(further) > len(shown):
        shown.append(f"{counted('more', len(further) - len(shown))} like it")
    mark = "; " if any(";" in text for text in (tail, *shown)) else ", "
    return head, joined([tail, *(f"and {it}" for it in shown)], mark)


def claim_elsewhere(rules: Sequence[Entry]) -> tuple[str, str]:
    """The same of a vendor's rules for countries other than its own: ``ban in Italy and France``"""
    kinds: dict[str, list[str]] = {}
    for rule in rules:
        text = measure(rule) if rule["certain"] else f"uncertain: {measure(rule)}"
        kinds.setdefault(text, []).extend(rule["territory"] or ())
    heads = (joined([text, only_in(codes, only=False)], " ") for text, codes in kinds.items())
    return listed(heads), ""


def claim_around(label: str, fact: str) -> str:
    """``King County, WA: ban for police, since 17 Jun 2021, which does not reach the place``"""
    return f"{label}: {fact}, which does not reach the place"


def claim_of_bodies(facts: Sequence[str]) -> str:
    """``by a body there, Dutch police: moratorium for police, since 5 Jul 2019``; '' of none."""
    more = len(facts) - _MOST_BODIES
    shown = [*facts[:_MOST_BODIES], counted("more", more) if more > 0 else ""]
    whose = "by a body there" if len(facts) == 1 else "by bodies there"
    return f"{whose}, {joined(shown, '; ')}" if facts else ""


def claim_why(
    verdict: str,
    *,
    days: DayRange,
    facts: Mapping[str, tuple[str, str]],
    whom: Sequence[str],
    rest: Mapping[str, str],
    turns: Collection[str],
    unknown: Sequence[str],
) -> str:
    """Why a claim has its verdict, without a full stop. ``facts``: the halves of what is true for
    each actor on the ``days``; ``whom``: the actors of the claim; ``rest``: the verdicts for
    all, if they differ; ``turns``: those on these days, if there are several;
    ``unknown``: the bills of which the outcome is not known."""
    text = claim_facts(facts)
    if verdict == "not_on_record":
        for_whom = f" for {actors(whom)}" if whom else ""
        no_act = f"No act of its own{for_whom} is on record, which is not “no ban”"
        return no_act if text.startswith(NONE) else f"{no_act}; in force there: {text}"
    text = f"{recorded(str(days))}: {text}"
    if verdict == "cannot_say" and unknown:
        return f"{text}; whether {listed(unknown)} became law is not known"
    if verdict == "cannot_say":
        return f"{text}; the record leaves it open{' on some of these days' if turns else ''}"
    if turns:
        doubt = "perhaps " if "contradicted" not in turns and "cannot_say" in turns else ""
        text = f"{text}; {doubt}not on all of these days"
    others = {code: _OTHERWISE.get(it, "") for code, it in rest.items() if code not in facts}
    return joined([text, *(f"{said} {actors(of)}" for said, of in alike(others) if said)], "; ")


def claim_not_understood(reason: str, candidates: Sequence[tuple[str, str]]) -> str:
    """Why a name means no one place, with what it may mean."""
    meant = [words for words, _ in candidates[:_MOST_MEANT]]
    if len(candidates) > len(meant):
        meant.append(f"{len(candidates) - len(meant)} more")
    if reason.endswith("Did you mean"):
        return f"{reason} {joined(meant, '; ')}?"
    return joined([reason.rstrip(".:"), joined(meant, "; ")], ": ") + "."


def claim_reviewed(why: str, reviewed: str | None) -> str:
    """The reason as a sentence; ``reviewed``: the day of the last review, if the claim is about
    later days."""
    later = reviewed and f"the record was last reviewed on {recorded(reviewed)}"
    return f"{joined([why, later], '; ')}."


def claim_bills(bills: Sequence[Entry]) -> str:
    """``a proposal for that is on record: us-ma-2019-s1385 (lapsed)``; '' of none."""
    named = (f"{it['policy_id']} ({STATES[it['state']].label})" for it in bills)
    what = "a proposal for that is" if len(bills) == 1 else "proposals for that are"
    return f"{what} on record: {joined(named)}" if bills else ""


def claim(given: Entry) -> str:
    """``Baltimore, MD: ban for private users in Jun 2021``: a claim as it was read."""
    if given["verdict"] == "not_checked":
        return str(given["place"])
    measure = given["measure"] or "any rule"
    what = CLAIMED_ABSENT.get(measure) or (
        MEASURES[measure].label if measure in MEASURES else measure
    )
    whom = f" for {actors(given['actors'])}" if given["actors"] else ""
    day = f" {on_day(given['date'])}" if given["date"] else ""
    return f"{given['label'] or given['place']}: {what}{whom}{day}"
