"""Rules side by side, with what their texts say."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from frtracker.vocabulary import ACTORS, PROVISION_VALUES, PROVISIONS
from frtracker.wording.acts import act_facts, state
from frtracker.wording.phrases import Entry, actors, counted, day_used, joined

NOT_CODED: Final = "not coded"
LEGEND: Final = (
    "“not coded”: nobody has read the text for it, which is never “no”. “silent”: the whole text"
    " was read and does not speak of it. “reported”: not read in the text, but in a report of it."
)
OTHER_RULES: Final = MappingProxyType(
    {
        "besides": "Other rules of these places in force, each to be compared by its id",
        "applies_there": "Rules of others that apply there, each to be compared by its id",
    }
)
"""Titles of the lists of ids beside a comparison."""
REPORTED: Final = "reported:"
"""A locator on a page that is not the text begins so, see the codebook."""
NOT_LIVE: Final = "No such rule of its own in force or to come on record"
_FACTS: Final = ("in effect from", "ends", "reach", "where")


def compared(rule: Entry) -> dict[str, str]:
    """What is recorded of a rule, by name; '' where that is nothing."""
    facts = dict(act_facts(rule, whole=True))
    return {
        "measure": facts["measure"],
        "on this date": state(rule),
        **{name: facts.get(name, "") for name in _FACTS},
    }


def provision(said: Entry | None) -> str:
    """``yes, 19B.2(d)``; ``yes, reported`` of a page that is not the text; ``silent``; ``not
    coded``"""
    if said is None:
        return NOT_CODED
    where = "reported" if is_reported(said) else said["locator"]
    return joined([PROVISION_VALUES[said["value"]].label, where])


def is_reported(said: Entry | None) -> bool:
    """Whether it was not read in the text, but in a report of it."""
    return said is not None and (said["locator"] or "").startswith(REPORTED)


def comparison(document: Entry) -> str:
    """``2 rules side by side, 1 Dec 2026``; of a question ``Rules whose text says “people can sue:
    yes”, 1 Dec 2026: 2``, and how many others say otherwise or are not coded for it."""
    number, whose = len(document["rules"]), document["filters"]["applies_to"]
    limit = f" for {actors(whose)}" if len(whose) < len(ACTORS) else ""
    if not document["where"]:
        together = "" if number == 1 else " side by side"
        return f"{counted('rules', number)}{limit}{together}, {day_used(document)}"
    texts = (
        f"{PROVISIONS[it['provision']].label}: {' or '.join(it['values'])}"
        for it in document["where"]
    )
    says = joined((f"“{text}”" for text in texts), " and ")
    found = f"Rules{limit} whose text says {says}, {day_used(document)}: {number or 'none'}"
    others = (counted(it, document[it]) for it in ("otherwise", "not_coded") if document[it])
    return joined([found, *others], "; ")
