"""The columns of the tables that other programs read, each with its kind and its meaning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["text", "flag", "day", "number"]


@dataclass(frozen=True, slots=True)
class Column:
    """``kind``: text, flag (true or false), day, or number. Only an ``optional`` one has gaps."""

    name: str
    kind: Kind
    description: str
    optional: bool = False


def range_of(name: str, what: str) -> tuple[Column, Column]:
    """The columns of a range of days."""
    return (
        Column(f"{name}_low", "day", f"{what}: the first day that it can be.", optional=True),
        Column(f"{name}_high", "day", f"{what}: the last day that it can be.", optional=True),
    )


KEY: Final = Column("subject_key", "text", "Key of the subject: us-or-portland.")
_ACTOR: Final = Column("actor", "text", "Whom it is about: police, government, schools, private.")
_STRETCH: Final = (
    Column("valid_from", "day", "First day of the stretch."),
    Column("valid_to", "day", "First day after it; empty if it goes on.", optional=True),
)
_TERRITORY: Final = Column(
    "territory",
    "text",
    "ISO 3166 codes (;) of where it holds; empty = everywhere, or the subject's own place.",
    optional=True,
)

POSITIONS: Final = (
    KEY,
    _ACTOR,
    Column(
        "measure",
        "text",
        "The position: the highest measure in force, of an uncertain one the highest possible; "
        "none = acts are recorded and none is in force.",
    ),
    Column("scope", "text", "general or narrow; empty where the measure is none.", optional=True),
    Column("certain", "flag", "False where the record cannot tell."),
    Column(
        "at_least_measure",
        "text",
        "Of an uncertain position the lowest possible; empty where possibly nothing holds.",
        optional=True,
    ),
    Column("at_least_scope", "text", "Scope of that lowest position.", optional=True),
    _TERRITORY,
    Column("policy_ids", "text", "The rules (;) that make the position.", optional=True),
    Column("lifted", "flag", "None is in force because a repeal or a court lifted what was."),
    Column("start_presumed", "flag", "The run begins on a decision; its start is not recorded."),
    *_STRETCH,
    *range_of("since", "Start of the unbroken run of the same measure and scope"),
    *range_of("until", "First day on which that run no longer holds"),
    *range_of("prohibited_since", "Start of the run of any general ban, moratorium or withdrawal"),
)
"""One row = a stretch of days in which one subject's position for one actor is the same."""

PERIODS: Final = (
    Column("policy_id", "text", "The rule."),
    KEY,
    _ACTOR,
    Column("measure", "text", "Its measure."),
    Column("scope", "text", "general or narrow; empty for a rule that only lifts.", optional=True),
    _TERRITORY,
    Column("certain", "flag", "False where it may not be in force in these days."),
    *_STRETCH,
)
"""One row = one rule for one actor, in force on ``[valid_from, valid_to)``, certainly or not."""
