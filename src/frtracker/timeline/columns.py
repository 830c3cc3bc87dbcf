"""The columns of the four tables of the timeline, each with its kind and meaning."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from frtracker.timeline.rows import EFFECTS, KINDS
from frtracker.vocabulary import ACTORS, MEASURES, SCOPES, STATES

Kind = Literal["text", "list", "flag", "day", "number", "count"]


@dataclass(frozen=True, slots=True)
class Column:
    """``kind``: text, list (of texts, joined by ``;`` in a table of texts), flag (true or false),
    day, number, or count (a whole number). Only an ``optional`` one is missing at times: any other
    list is empty instead. ``terms``: the words that it has, where these are known."""

    name: str
    kind: Kind
    description: str
    optional: bool = False
    terms: tuple[str, ...] = ()


def word(
    name: str,
    terms: Iterable[str],
    description: str,
    *,
    kind: Kind = "text",
    optional: bool = False,
) -> Column:
    return Column(name, kind, description, optional, tuple(terms))


def range_of(name: str, what: str) -> tuple[Column, Column]:
    """The columns of a range of days."""
    return (
        Column(f"{name}_low", "day", f"{what}: the first possible day.", optional=True),
        Column(f"{name}_high", "day", f"{what}: the last possible day.", optional=True),
    )


KEY: Final = Column("subject_key", "text", "Key of the subject: us-or-portland.")
_POLICY: Final = Column("policy_id", "text", "The rule.")
_ACTOR: Final = word("actor", ACTORS, "Who it is about: police, government, schools or private.")
_STRETCH: Final = (
    Column("valid_from", "day", "First day of the stretch."),
    Column("valid_to", "day", "First day after the stretch; empty if it goes on.", optional=True),
)
_TERRITORY: Final = Column(
    "territory",
    "list",
    "ISO 3166 codes of where it applies; empty = everywhere, or the subject's own place.",
    optional=True,
)
_PRESUMED: Final = Column(
    "start_presumed",
    "flag",
    "True if the start is not recorded; the day of the decision is used instead.",
)

POSITIONS: Final = (
    KEY,
    _ACTOR,
    word(
        "measure",
        MEASURES,
        "The position: the highest-ranked measure in force; if uncertain, the highest possible; "
        "none = acts are on record, but no rule is in force.",
    ),
    word("scope", SCOPES, "general or narrow; empty if the measure is none.", optional=True),
    Column("certain", "flag", "False if the record cannot tell."),
    word(
        "at_least_measure",
        MEASURES,
        "If uncertain, the lowest possible position; empty if possibly no rule is in force.",
        optional=True,
    ),
    word("at_least_scope", SCOPES, "Scope of that lowest position.", optional=True),
    _TERRITORY,
    Column("policy_ids", "list", "The rules that make the position."),
    Column("lifted", "flag", "True if a repeal or a court lifted the rule that was in force."),
    _PRESUMED,
    *_STRETCH,
    *range_of("since", "Start of the unbroken run of the same measure and scope"),
    *range_of("until", "First day on which that run is over"),
    *range_of("prohibited_since", "Start of the run of any general ban, moratorium or withdrawal"),
)
"""One row = a stretch of days in which one subject's position for one actor is the same."""

PERIODS: Final = (
    _POLICY,
    KEY,
    _ACTOR,
    word("measure", MEASURES, "Its measure."),
    word(
        "scope",
        SCOPES,
        "general or narrow; empty for a rule that only lifts another.",
        optional=True,
    ),
    _TERRITORY,
    Column("certain", "flag", "False if it may not be in force on these days."),
    *_STRETCH,
)
"""One row = one rule for one actor, in force on ``[valid_from, valid_to)``, certainly or not."""

RULE_STATES: Final = (
    _POLICY,
    KEY,
    word(
        "state",
        STATES,
        "What it is on these days: proposed, scheduled, in_force, expired and so on.",
    ),
    Column("certain", "flag", "False if it may be in another state."),
    word(
        "superseded_for",
        ACTORS,
        "Actors for whom the rule has ended while it goes on for others.",
        kind="list",
    ),
    _PRESUMED,
    Column(
        "continuation_presumed",
        "flag",
        "True if no source shows that it is still in force, and it may have ended.",
    ),
    *_STRETCH,
)
"""One row = one rule in one state, on ``[valid_from, valid_to)``."""

EVENTS: Final = (
    Column("event_id", "text", "Names the event for ever; calendars and feeds use it too."),
    _POLICY,
    KEY,
    word("kind", KINDS, "introduced, decided, began, ended, failed, vetoed, pulled or lapsed."),
    word("applies_to", ACTORS, "The actors for whom it happens.", kind="list"),
    Column(
        "causes", "list", "The rules that ended it, or may have; or that had the earlier start."
    ),
    word(
        "effects", EFFECTS, "What it does to the position of these actors as a whole.", kind="list"
    ),
    Column("certain", "flag", "False if it may not happen."),
    Column("own_terms", "flag", "True if it ended, or may have, by its own terms."),
    _PRESUMED,
    *range_of("on", "When it happens"),
)
"""One row = one event of one rule: what was introduced, decided, began or ended."""
