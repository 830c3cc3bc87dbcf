"""Rules and acts: their states, dates, facts, sources and doubts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from frtracker.dates import ends, parse
from frtracker.vocabulary import (
    ACTORS,
    BINDING_STATUSES,
    CONFIDENCES,
    MEASURES,
    OUTCOME_STATUSES,
    REACHES,
    SEARCH_LEVELS,
    SOURCE_KINDS,
    STATES,
    STATUSES,
)
from frtracker.wording.phrases import (
    TEMPLATES,
    Entry,
    actors,
    from_day,
    joined,
    recorded,
    through,
    where,
)
from frtracker.wording.positions import ENDING, ENDING_BEGAN, last_confirmed, measure

NOT_ESTABLISHED: Final = "it is not established that the act exists or says this"
ARCHIVED: Final = TEMPLATES["archived"]

_DAYS: Final = {
    "introduced_on": "date of introduction",
    "decided_on": "date of the decision",
    "effective_on": "start date",
    "expires_on": "end date",
}
_SHOWN: Final = {
    **{"introduced_on": "introduction", "decided_on": "decision", "effective_on": "start"},
    **{"expires_on": "end", "ends_when": "end", "last_confirmed_on": "that it was in force"},
    **{"applies_to": "who it applies to", "status": "outcome", "summary": "what it says"},
    **{"decided_by": "who decided", "instrument": "name"},
}
"""Columns that a source proves, in words; any other by its name."""


def state(rule: Entry, *, doubt: bool = False) -> str:
    """``in force``; of a rule that has ended for some: ``in force for other agencies; ended for
    police``; of an act that only ends another: ``took effect``. ``doubt``: with what is uncertain
    or presumed."""
    text, gone = STATES[rule["state"]].label, rule["superseded_for"]
    if rule["measure"] == "none" and rule["state"] == "in_force":
        text = ENDING_BEGAN[0]
    if gone:
        text += f" for {actors(_still(rule))}"
    text = joined([text, _ended(rule)], "; ")
    if doubt and not rule["certain"] and rule["state"] != "uncertain":
        text += " (uncertain)"
    return f"{text}, start date not recorded" if doubt and rule["start_presumed"] else text


def rule_in_force(rule: Entry) -> str:
    """``in force: ban for other agencies; ended for police``"""
    text = f"{STATES[rule['state']].label}: {measure(rule)} for {actors(_still(rule))}"
    return joined([text, _ended(rule)], "; ")


def _still(rule: Entry) -> list[str]:
    return [actor for actor in rule["applies_to"] if actor not in rule["superseded_for"]]


def _ended(rule: Entry) -> str:
    """``ended for police 28 Jul 2022``: with the day where the document has it."""
    days = rule["ended_on"]
    gone = [joined([ACTORS[a].label, recorded(days.get(a))], " ") for a in rule["superseded_for"]]
    return f"ended for {', '.join(gone)}" if gone else ""


def rule_dates(rule: Entry, *, whole: bool = False) -> str:
    """``decided 31 Dec 2020, in effect from 1 Jul 2021``. ``whole``: of any act, parted by dots,
    from its introduction to its last confirmation."""
    decided, start = recorded(rule["decided_on"]), rule["effective_on"] or ""
    started = recorded(start) if not ends(start)[0] else f"from {from_day(start)}"
    unknown = "" if whole else "start date not recorded"
    days = [
        decided and f"{_outcome(rule)} {decided}",
        f"in effect {started}" if start else unknown,
        through(rule["expires_on"]),
        rule["ends_when"],
    ]
    if not whole:
        return joined(days)
    introduced, shown = recorded(rule["introduced_on"]), rule["last_confirmed_on"]
    days = [introduced and f"introduced {introduced}", *days, shown and last_confirmed(shown)]
    return joined(days, " · ")


def _outcome(act: Entry) -> str:
    """What happened to an act on the day of its decision: ``decided``; of a bill ``lapsed``."""
    status = act.get("status", "")
    return STATUSES[status].label if status in OUTCOME_STATUSES else "decided"


def act_measure(act: Entry) -> str:
    """``ban (drones only) for police``; ``end of an earlier rule for police``"""
    what = ENDING if act["measure"] == "none" else measure(act)
    return f"{what} for {actors(act['applies_to'])}"


def act_kind(act: Entry) -> str:
    """``ban, adopted``; words that are in no vocabulary stand as they are."""
    terms = ((MEASURES, act["measure"]), (STATUSES, act["status"]))
    return joined(words[code].label if code in words else code for words, code in terms)


def act_facts(act: Entry, *, whole: bool = False) -> list[tuple[str, str]]:
    """What is recorded of an act, as (name, text). ``whole``: with its measure, summary,
    exceptions and the ids of other acts, which pages have elsewhere."""
    presumed = act["status"] in BINDING_STATUSES and "not recorded; assumed to be the decision"
    facts = (
        ("outcome", STATUSES[act["status"]].label),
        ("measure", whole and act_measure(act)),
        ("reach", act["reach"] and REACHES[act["reach"]].label),
        ("where", where(act["territory"])),
        ("decided by", act["decided_by"]),
        ("introduced", recorded(act["introduced_on"])),
        (_outcome(act), recorded(act["decided_on"])),
        ("in effect from", recorded(act["effective_on"]) or presumed),
        ("ends", joined([through(act["expires_on"]), act["ends_when"]], " · ")),
        ("last confirmed", recorded(act["last_confirmed_on"])),
        ("summary", whole and act["summary"]),
        ("exceptions", whole and exceptions(act)),
        ("replaces", whole and joined(act["supersedes"])),
        ("see also", whole and joined(act["relates_to"])),
        ("confidence", CONFIDENCES[act["confidence"]].label),
        ("reviewed", recorded(act["reviewed_on"])),
        ("notes", act["notes"]),
    )
    return [(name, text) for name, text in facts if text]


def reach(code: str | None) -> str:
    """``applies to its own agencies only``; '' where none is recorded."""
    if not code:
        return ""
    if code == "own":
        return "applies to its own agencies only"
    whose = REACHES[code].definition
    return f"applies to {whose[0].lower()}{whose[1:].rstrip('.')}"


def exceptions(act: Entry) -> str:
    """What it leaves out, in one line."""
    return "; ".join(act["exceptions"])


def source(row: Entry) -> str:
    """``The Lens, Council approves ban, § 2, 18 Dec 2020 (news; shows decision)``; '' of an
    address of which nothing is recorded."""
    if not row["kind"]:
        return ""
    page = joined([row["publisher"], row["title"], row["locator"], recorded(row["published_on"])])
    copy = row["archived_url"] and f"{ARCHIVED}: {row['archived_url']}"
    return f"{page} ({joined([SOURCE_KINDS[row['kind']].label, shows(row), copy], '; ')})"


_SAYS: Final = frozenset({"applies_to", "instrument", "measure", "summary", "uses"})
"""What shows that a page is the text of an act, and not of a law by which its day is computed."""


def shows(row: Entry) -> str:
    """What a source proves: ``shows decision, start (computed), measure``; '' if that is not
    recorded."""
    names = dict.fromkeys(
        f"{_SHOWN.get(column.rstrip('~'), column.rstrip('~'))}{' (computed)' * ('~' in column)}"
        for column in row["supports"] or ()
    )
    return f"shows {joined(names)}" if names else ""


def law_text(sources: Iterable[Entry]) -> str:
    """The address of the law's own text among the sources of an act; '' where none has it."""
    laws = (row for row in sources if row["kind"] == "law")
    return next((it["url"] for it in laws if not _SAYS.isdisjoint(it["supports"])), "")


def retired(row: Entry) -> str:
    """``us-ny-2019-s1 is us-ny-2019-a1 since 28 Nov 2026``: of an id that is no longer used."""
    return f"{row['policy_id']} is {row['replaced_by']} since {recorded(row['retired_on'])}"


def search(row: Entry, place: str = "") -> str:
    """``local, 22 Nov 2026: nothing found``"""
    level = SEARCH_LEVELS[row["level"]].label
    return f"{level}{place}, {recorded(row['searched_on'])}: {row['finding']}"


def doubts(rule: Entry) -> Iterator[str]:
    """What is presumed, computed or in doubt about a rule that is or may be in force."""
    if rule["confidence"] == "low":
        yield NOT_ESTABLISHED
    elif rule["state"] == "uncertain":
        yield "the recorded dates leave open whether it was in force on this date"
    if rule["start_presumed"]:
        decided = recorded(rule["decided_on"])
        yield f"start date not recorded; assumed to be the day of adoption ({decided})"
    if rule["continuation_presumed"]:
        yield f"assumed to continue; {last_confirmed(rule['last_confirmed_on'])}"
    for column in ("decided_on", "effective_on", "expires_on"):
        if any(f"{column}~" in row["supports"] for row in rule["sources"]):
            yield f"the {_DAYS[column]} is computed: {recorded(rule[column])}"


def reasons(rule: Entry) -> list[str]:
    """Why it is in doubt whether a rule is in force: what its act leaves open, else that the dates
    of others do."""
    return [*act_doubts({**rule, "introduced_on": None})] or [*doubts({**rule, "sources": []})]


def act_doubts(act: Entry) -> Iterator[str]:
    """What the record leaves open about an act, on any day."""
    if act["confidence"] == "low":
        yield NOT_ESTABLISHED
    for column, name in _DAYS.items():
        if act[column] and not parse(act[column]).is_exact:
            yield f"the {name} is not known exactly: {recorded(act[column])}"
    if act["status"] == "unknown":
        yield "its outcome was not found"
