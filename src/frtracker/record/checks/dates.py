"""Checks on the dates of one row of policies.csv."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from frtracker.record.check import Record, Rows, Violation
from frtracker.record.findings import Check


@Check("R020", "error", "An adopted or announced rule has a decided_on or an effective_on.")
def decided_or_effective(record: Record, rows: Rows) -> Iterator[Violation]:
    return rows.violations(
        record.binding & rows.empty("decided_on") & rows.empty("effective_on"),
        "decided_on",
        "the rule is {status}, so it needs decided_on or effective_on: write an interval"
        " ([2020-01-01..2020-12-31]) if the day is not known",
    )


@Check("R021", "error", "A rule's end is not certainly on or before its start.")
def ends_after_start(record: Record, rows: Rows) -> Iterator[Violation]:
    ends = rows.frame["expires_on_high"].to_numpy()
    ended = record.binding & (ends > 0) & (ends <= record.days.start_low)
    by_decision = rows.empty("effective_on")
    for where, start in (
        (ended & ~by_decision, "effective_on"),
        (ended & by_decision, "decided_on"),
    ):
        message = f"{{expires_on}} is not after {start} {{{start}}}"
        yield from rows.violations(where, "expires_on", message)


@Check("R022", "error", "A decision is not certainly before the introduction.")
def decided_after_introduction(record: Record, rows: Rows) -> Iterator[Violation]:
    decided = rows.frame["decided_on_high"].to_numpy()
    return rows.violations(
        (decided > 0) & (decided < rows.frame["introduced_on_low"].to_numpy()),
        "decided_on",
        "{decided_on} is before introduced_on {introduced_on}: one of them is wrong",
    )


@Check("R023", "warning", "A start certainly before the decision is rare: a retroactive rule.")
def not_retroactive(record: Record, rows: Rows) -> Iterator[Violation]:
    effective = rows.frame["effective_on_high"].to_numpy()
    early = (effective > 0) & (effective < rows.frame["decided_on_low"].to_numpy())
    message = (
        "{effective_on} is before decided_on {decided_on}: right only if the rule is retroactive"
    )
    return rows.violations(record.binding & early, "effective_on", message)


@Check("R024", "warning", "An adopted or announced rule says when it was decided.")
def not_effective_alone(record: Record, rows: Rows) -> Iterator[Violation]:
    return rows.violations(
        record.binding & rows.empty("decided_on") & ~rows.empty("effective_on"),
        "decided_on",
        "is empty, so the rule counts as known from its start: give it if a source does",
    )


@Check("R025", "error", "A moratorium in force ends on a date or a condition.")
def moratorium_ends(record: Record, rows: Rows) -> Iterator[Violation]:
    endless = rows.empty("expires_on") & rows.empty("ends_when")
    return rows.violations(
        record.binding & rows.has("measure", "moratorium") & endless,
        "expires_on",
        "a moratorium needs expires_on or ends_when; without an end it is a ban",
    )


@Check("R026", "error", "A ban in force has no end.")
def ban_has_no_end(record: Record, rows: Rows) -> Iterator[Violation]:
    bans = record.binding & rows.has("measure", "ban")
    for column in ("expires_on", "ends_when"):
        message = "a ban has no end: a prohibition with one is a moratorium"
        yield from rows.violations(bans & ~rows.empty(column), column, message)


@Check("R027", "error", "A vetoed act says when it was vetoed.")
def veto_has_a_day(record: Record, rows: Rows) -> Iterator[Violation]:
    undated = rows.has("status", "vetoed") & rows.empty("decided_on")
    message = "a vetoed act needs decided_on, the day of the veto"
    return rows.violations(undated, "decided_on", message)


@Check("R028", "warning", "An act that failed, was pulled or lapsed says when.")
def failure_has_a_day(record: Record, rows: Rows) -> Iterator[Violation]:
    undated = rows.empty("decided_on") & ~rows.empty("introduced_on")
    for status, said in (("failed", "failed"), ("pulled", "was pulled"), ("lapsed", "lapsed")):
        message = f"is empty: give the day the act {said}, or the interval in which it did"
        yield from rows.violations(undated & rows.has("status", status), "decided_on", message)


@Check("R029", "warning", "An act that never bound anyone has at least one date.")
def proposal_has_a_date(record: Record, rows: Rows) -> Iterator[Violation]:
    undated = rows.empty("decided_on") & rows.empty("introduced_on")
    undated &= ~record.binding & ~rows.has("status", "vetoed")
    unknown = rows.has("status", "unknown")
    for where, act in (
        (undated & ~unknown, "a {status} act"),
        (undated & unknown, "an act of unknown outcome"),
    ):
        message = (
            f"{act} with neither introduced_on nor decided_on is never shown: give one of them"
        )
        yield from rows.violations(where, "introduced_on", message)


@Check("R030", "warning", "An announced or conditional rule says when it was last shown in force.")
def last_confirmed(record: Record, rows: Rows) -> Iterator[Violation]:
    presumed = rows.has("status", "announced") | ~rows.empty("ends_when")
    lasting = record.binding & presumed & ~rows.has("measure", "none")
    return rows.violations(
        lasting & rows.empty("last_confirmed_on"),
        "last_confirmed_on",
        "is empty: give the latest day for which a source shows the rule in force",
    )


@Check("R041", "error", "The start of a rule that can be in force has a first possible day.")
def start_has_a_first_day(record: Record, rows: Rows) -> Iterator[Violation]:
    for column, where in (
        ("effective_on", record.binding),
        ("decided_on", record.binding & rows.empty("effective_on")),
    ):
        low, high = (rows.frame[f"{column}_{end}"].to_numpy() for end in ("low", "high"))
        open_start = (low == date.min.toordinal()) & (low < high)
        message = f"{{{column}}} has no first day: give the earliest on which it can have begun"
        yield from rows.violations(where & open_start, column, message)
