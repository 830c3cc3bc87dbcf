"""Rules on the dates of one row of policies.csv."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from frtracker.record.schema.frames import binding, cells, empty, one_of, start_low, where
from frtracker.record.schema.rule import Draft, Hit, row_rule


@row_rule("R020", "error", "An adopted or announced rule has a decided_on or an effective_on.")
def decided_or_effective(draft: Draft) -> Iterator[Hit]:
    rows = draft.policies
    wrong = binding(rows) & empty(rows, "decided_on") & empty(rows, "effective_on")
    for row, (status,) in cells(rows, wrong, "status"):
        message = (
            f"the rule is {status}, so it needs decided_on or effective_on: write an interval"
            " (/2020-12-31) if the day is not known"
        )
        yield Hit(row, "decided_on", "", message)


@row_rule("R021", "error", "A rule's end is not certainly on or before its start.")
def ends_after_start(draft: Draft) -> Iterator[Hit]:
    rows = draft.policies
    starts = start_low(rows)
    ends = rows["expires_on_high"].to_numpy()
    wrong = binding(rows) & (ends > 0) & (ends <= starts)
    for row, (end, effective, decided) in cells(
        rows, wrong, "expires_on", "effective_on", "decided_on"
    ):
        start = f"effective_on {effective}" if effective else f"decided_on {decided}"
        yield Hit(row, "expires_on", end, f"{end} is not after {start}")


@row_rule("R022", "error", "A decision is not certainly before the introduction.")
def decided_after_introduction(draft: Draft) -> Iterator[Hit]:
    rows = draft.policies
    decided = rows["decided_on_high"].to_numpy()
    wrong = (decided > 0) & (decided < rows["introduced_on_low"].to_numpy())
    for row, (decision, introduced) in cells(rows, wrong, "decided_on", "introduced_on"):
        message = f"{decision} is before introduced_on {introduced}: one of them is wrong"
        yield Hit(row, "decided_on", decision, message)


@row_rule("R023", "warning", "A start certainly before the decision is rare: a retroactive rule.")
def not_retroactive(draft: Draft) -> Iterator[Hit]:
    rows = draft.policies
    effective = rows["effective_on_high"].to_numpy()
    wrong = binding(rows) & (effective > 0) & (effective < rows["decided_on_low"].to_numpy())
    for row, (start, decided) in cells(rows, wrong, "effective_on", "decided_on"):
        message = f"{start} is before decided_on {decided}: right only if the rule is retroactive"
        yield Hit(row, "effective_on", start, message)


@row_rule("R024", "warning", "An adopted or announced rule says when it was decided.")
def not_effective_alone(draft: Draft) -> Iterator[Hit]:
    rows = draft.policies
    wrong = binding(rows) & empty(rows, "decided_on") & ~empty(rows, "effective_on")
    for row in where(wrong):
        message = "is empty, so the rule counts as known from its start: give it if a source does"
        yield Hit(row, "decided_on", "", message)


@row_rule("R025", "error", "A moratorium in force ends on a date or a condition.")
def moratorium_ends(draft: Draft) -> Iterator[Hit]:
    rows = draft.policies
    endless = empty(rows, "expires_on") & empty(rows, "ends_when")
    for row in where(binding(rows) & one_of(rows, "measure", "moratorium") & endless):
        message = "a moratorium needs expires_on or ends_when; without an end it is a ban"
        yield Hit(row, "expires_on", "", message)


@row_rule("R026", "error", "A ban in force has no end.")
def ban_has_no_end(draft: Draft) -> Iterator[Hit]:
    rows = draft.policies
    bans = binding(rows) & one_of(rows, "measure", "ban")
    for column in ("expires_on", "ends_when"):
        for row, (end,) in cells(rows, bans & ~empty(rows, column), column):
            message = "a ban has no end: a prohibition with one is a moratorium"
            yield Hit(row, column, end, message)


@row_rule("R027", "error", "A vetoed act says when it was vetoed.")
def veto_has_a_day(draft: Draft) -> Iterator[Hit]:
    rows = draft.policies
    for row in where(one_of(rows, "status", "vetoed") & empty(rows, "decided_on")):
        yield Hit(row, "decided_on", "", "a vetoed act needs decided_on, the day of the veto")


@row_rule("R028", "warning", "An act that failed, was pulled or lapsed says when.")
def failure_has_a_day(draft: Draft) -> Iterator[Hit]:
    rows = draft.policies
    over = one_of(rows, "status", "failed", "pulled", "lapsed")
    undated = empty(rows, "decided_on") & ~empty(rows, "introduced_on")
    for row, (status,) in cells(rows, over & undated, "status"):
        message = f"is empty: give the day the act {status}, or the interval in which it did"
        yield Hit(row, "decided_on", "", message.replace("act pulled", "act was pulled"))


@row_rule("R029", "warning", "An act that never bound anyone has at least one date.")
def proposal_has_a_date(draft: Draft) -> Iterator[Hit]:
    rows = draft.policies
    undated = empty(rows, "decided_on") & empty(rows, "introduced_on")
    wrong = ~binding(rows) & ~one_of(rows, "status", "vetoed") & undated
    for row, (status,) in cells(rows, wrong, "status"):
        message = f"a {status} act with neither introduced_on nor decided_on is never shown"
        if status == "unknown":
            message = message.replace("a unknown act", "an act of unknown outcome")
        yield Hit(row, "introduced_on", "", message + ": give one of them")


@row_rule(
    "R030", "warning", "An announced or conditional rule says when it was last shown in force."
)
def last_confirmed(draft: Draft) -> Iterator[Hit]:
    rows = draft.policies
    presumed = one_of(rows, "status", "announced") | ~empty(rows, "ends_when")
    lasting = binding(rows) & presumed & ~one_of(rows, "measure", "none")
    for row in where(lasting & empty(rows, "last_confirmed_on")):
        message = "is empty: give the latest day for which a source shows the rule in force"
        yield Hit(row, "last_confirmed_on", "", message)


RULES: Final = (
    decided_or_effective,
    ends_after_start,
    decided_after_introduction,
    not_retroactive,
    not_effective_alone,
    moratorium_ends,
    ban_has_no_end,
    veto_has_a_day,
    failure_has_a_day,
    proposal_has_a_date,
    last_confirmed,
)
