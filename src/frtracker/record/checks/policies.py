"""Checks on one row of policies.csv: its dates, whom it applies to, and where."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np

from frtracker.record.check import Record, Rows, Violation, done_by_now
from frtracker.record.columns import RECORDED_DATES
from frtracker.record.findings import Check
from frtracker.vocabulary import PLACE_TYPES

_MARKETS = ("vendor", "company", "agency", "supranational")
_WITHOUT_REGION = ("country", "supranational", "vendor", "company")


_LONGEST_SUMMARY = 200


@Check("R046", "A summary has at most 200 characters.", "warning", title="long summaries")
def brief_summary(record: Record, rows: Rows) -> Iterator[Violation]:
    is_long = rows.frame["summary"].str.len().to_numpy() > _LONGEST_SUMMARY
    message = f"more than {_LONGEST_SUMMARY} characters: one plain sentence is enough"
    return rows.broken(is_long, "summary", message)


@Check("R047", "Exceptions are separated by '; ', and none is empty.")
def separated_exceptions(record: Record, rows: Rows) -> Iterator[Violation]:
    joined = rows.frame["exceptions"].str.contains(r"^;|;;|\s;|;(?! )|;\s*$").to_numpy(dtype=bool)
    message = "separate exceptions with a semicolon and a blank: 'emergencies; missing people'"
    return rows.broken(joined, "exceptions", message)


@Check("R020", "An adopted or announced rule has a decided_on or an effective_on.")
def decided_or_effective(record: Record, rows: Rows) -> Iterator[Violation]:
    undated = record.binding & rows.empty("decided_on") & rows.empty("effective_on")
    message = (
        "an {status} rule needs decided_on or effective_on: write an interval"
        " ([2020-01-01..2020-12-31]) if the day is not known"
    )
    return rows.broken(undated, "decided_on", message)


@Check("R021", "A rule's end is not certainly on or before its start.")
def ends_after_start(record: Record, rows: Rows) -> Iterator[Violation]:
    ends = rows.frame["expires_on_high"].to_numpy()
    ended = record.binding & (ends > 0) & (ends <= record.days.start_low)
    by_decision = rows.empty("effective_on")
    for where, start in ((~by_decision, "effective_on"), (by_decision, "decided_on")):
        message = f"{{expires_on}} is not after {start} {{{start}}}"
        yield from rows.broken(ended & where, "expires_on", message)


@Check("R022", "A decision is not certainly before the introduction.")
def decided_after_introduction(record: Record, rows: Rows) -> Iterator[Violation]:
    decided = rows.frame["decided_on_high"].to_numpy()
    early = (decided > 0) & (decided < rows.frame["introduced_on_low"].to_numpy())
    message = "{decided_on} is before introduced_on {introduced_on}: correct one of them"
    return rows.broken(early, "decided_on", message)


@Check(
    "R023",
    "A rule does not start before its decision, unless it is retroactive.",
    "warning",
    title="start before the decision",
)
def not_retroactive(record: Record, rows: Rows) -> Iterator[Violation]:
    effective = rows.frame["effective_on_high"].to_numpy()
    early = (effective > 0) & (effective < rows.frame["decided_on_low"].to_numpy())
    message = (
        "{effective_on} is before decided_on {decided_on}: right only if the rule is retroactive"
    )
    return rows.broken(record.binding & early, "effective_on", message)


@Check(
    "R024",
    "An adopted or announced rule has a decided_on.",
    "warning",
    title="no decided_on",
)
def not_effective_alone(record: Record, rows: Rows) -> Iterator[Violation]:
    undecided = record.binding & rows.empty("decided_on") & ~rows.empty("effective_on")
    message = (
        "empty, so the rule counts as known from its start: fill it in if a source has the day"
    )
    return rows.broken(undecided, "decided_on", message)


@Check("R025", "A moratorium in force ends on a date or a condition.")
def moratorium_ends(record: Record, rows: Rows) -> Iterator[Violation]:
    endless = rows.empty("expires_on") & rows.empty("ends_when")
    endless &= record.binding & rows.has("measure", "moratorium")
    message = "a moratorium needs expires_on or ends_when; without an end it is a ban"
    return rows.broken(endless, "expires_on", message)


@Check("R026", "A ban in force has no end.")
def ban_has_no_end(record: Record, rows: Rows) -> Iterator[Violation]:
    bans = record.binding & rows.has("measure", "ban")
    for column in ("expires_on", "ends_when"):
        message = "a ban has no end: a prohibition with one is a moratorium"
        yield from rows.broken(bans & ~rows.empty(column), column, message)


@Check("R027", "A vetoed act has the day of the veto.")
def veto_has_a_day(record: Record, rows: Rows) -> Iterator[Violation]:
    undated = rows.has("status", "vetoed") & rows.empty("decided_on")
    return rows.broken(undated, "decided_on", "a vetoed act needs decided_on, the day of the veto")


@Check(
    "R028",
    "An act that failed, was pulled or lapsed has the day on which it did.",
    "warning",
    title="no day on which the act failed",
)
def failure_has_a_day(record: Record, rows: Rows) -> Iterator[Violation]:
    undated = rows.empty("decided_on") & ~rows.empty("introduced_on")
    for status, ended in (("failed", "failed"), ("pulled", "was pulled"), ("lapsed", "lapsed")):
        message = f"empty: give the day on which the act {ended}, or an interval"
        yield from rows.broken(undated & rows.has("status", status), "decided_on", message)


@Check(
    "R029",
    "A proposal has an introduced_on or a decided_on.",
    "warning",
    title="proposals without a date",
)
def proposal_has_a_date(record: Record, rows: Rows) -> Iterator[Violation]:
    undated = rows.empty("decided_on") & rows.empty("introduced_on")
    undated &= ~record.binding & ~rows.has("status", "vetoed")
    unknown = rows.has("status", "unknown")
    message = (
        " with neither introduced_on nor decided_on is listed only from its review on: give one"
    )
    for where, act in ((~unknown, "a {status} act"), (unknown, "an act of unknown outcome")):
        yield from rows.broken(undated & where, "introduced_on", act + message)


@Check(
    "R030",
    "An announced or conditional rule has the latest day on which a source shows it in force.",
    "warning",
    title="no last_confirmed_on",
)
def last_confirmed(record: Record, rows: Rows) -> Iterator[Violation]:
    presumed = rows.has("status", "announced") | ~rows.empty("ends_when")
    presumed &= record.binding & ~rows.has("measure", "none") & rows.empty("last_confirmed_on")
    message = "empty: give the latest day on which a source shows the rule in force"
    return rows.broken(presumed, "last_confirmed_on", message)


@Check("R031", "An adopted or announced rule of a city, county, state, country or union has reach.")
def reach_is_given(record: Record, rows: Rows) -> Iterator[Violation]:
    without = record.binding & rows.has("subject_type", *PLACE_TYPES) & rows.empty("reach")
    message = "a {subject_type} rule needs reach: own, below or all"
    return rows.broken(without, "reach", message)


@Check("R032", "An agency, school, vendor or company has no reach.")
def reach_is_for_places(record: Record, rows: Rows) -> Iterator[Violation]:
    wrong = ~rows.has("subject_type", *PLACE_TYPES) & ~rows.empty("reach")
    return rows.broken(wrong, "reach", "leave it empty: no places are inside this {subject_type}")


@Check("R033", "A rule on private actors has the reach all, or own for a county.")
def private_reaches_all(record: Record, rows: Rows) -> Iterator[Violation]:
    partial = rows.has("subject_type", *PLACE_TYPES) & rows.has("reach", "own", "below")
    partial &= ~(rows.has("subject_type", "county") & rows.has("reach", "own"))
    private = np.array(["private" in actors for actors in rows.lists("applies_to")], dtype=bool)
    message = (
        "a rule on private actors has the reach 'all': if it reaches fewer public bodies, give"
        " these a row of their own"
    )
    return rows.broken(partial & private, "reach", message)


@Check("R034", "A rule of a company is on private actors only.")
def company_is_private(record: Record, rows: Rows) -> Iterator[Violation]:
    wrong = rows.has("subject_type", "company") & ~rows.has("applies_to", "private")
    message = "write 'private': a company uses the technology itself"
    return rows.broken(wrong, "applies_to", message)


@Check("R035", "Only vendors, companies, agencies and unions have a territory.")
def territory_is_for_markets(record: Record, rows: Rows) -> Iterator[Violation]:
    wrong = ~rows.has("subject_type", *_MARKETS) & ~rows.empty("territory")
    return rows.broken(wrong, "territory", "leave it empty: a {subject_type} is its own territory")


@Check("R036", "A rule of a union lists the members to which it applies.")
def union_names_members(record: Record, rows: Rows) -> Iterator[Violation]:
    nobody = rows.has("subject_type", "supranational") & rows.empty("territory")
    message = "empty: list the ISO codes of the members to which the rule applies (AT;BE;BG)"
    return rows.broken(nobody, "territory", message)


@Check("R037", "Every subject but a union has a country; a union has none.")
def country_is_given(record: Record, rows: Rows) -> Iterator[Violation]:
    union, empty = rows.has("subject_type", "supranational"), rows.empty("country")
    message = "leave it empty: the members are in territory"
    yield from rows.broken(union & ~empty, "country", message)
    message = "empty: give the ISO code of the {subject_type}'s country"
    yield from rows.broken(~union & empty, "country", message)


@Check("R038", "A region is in the row's country.")
def region_in_country(record: Record, rows: Rows) -> Iterator[Violation]:
    elsewhere = (rows.frame["region"].str[:2] != rows.frame["country"]).to_numpy()
    elsewhere = elsewhere & ~rows.empty("region") & ~rows.empty("country")
    return rows.broken(elsewhere, "region", "{region} is not in {country}: correct one of them")


@Check("R039", "States, and cities, counties and schools of the US, have a region.")
def region_is_given(record: Record, rows: Rows) -> Iterator[Violation]:
    local = rows.has("subject_type", "city", "county", "school") & rows.has("country", "US")
    without = (local | rows.has("subject_type", "state")) & rows.empty("region")
    message = "empty: give the ISO 3166-2 code of the {subject_type} (US-CA)"
    return rows.broken(without, "region", message)


@Check("R040", "Countries, unions, vendors and companies have no region.")
def region_is_for_places(record: Record, rows: Rows) -> Iterator[Violation]:
    wrong = rows.has("subject_type", *_WITHOUT_REGION) & ~rows.empty("region")
    message = "leave it empty for a {subject_type}; a market goes into territory"
    return rows.broken(wrong, "region", message)


@Check("R041", "The start of a rule that can be in force has a first possible day.")
def start_has_a_first_day(record: Record, rows: Rows) -> Iterator[Violation]:
    for column, where in (
        ("effective_on", record.binding),
        ("decided_on", record.binding & rows.empty("effective_on")),
    ):
        low, high = (rows.frame[f"{column}_{end}"].to_numpy() for end in ("low", "high"))
        open_start = (low == date.min.toordinal()) & (low < high)
        message = f"{{{column}}} has no first day: give the earliest on which it can have begun"
        yield from rows.broken(where & open_start, column, message)


@Check("R042", "Nothing recorded happened after the review that recorded it.")
def seen_by_its_review(record: Record, rows: Rows) -> Iterator[Violation]:
    """A start or an end may be in the future."""
    for column in ("introduced_on", "decided_on", "last_confirmed_on"):
        unseen = (rows.frame[f"{column}_low"] > rows.frame["reviewed_on_low"]).to_numpy()
        message = f"{{{column}}} is after reviewed_on {{reviewed_on}}: correct one of them"
        yield from rows.broken(unseen, column, message)


@Check("R048", "No review is after the day of the run.", "warning", title="reviews in the future")
def reviewed_by_now(record: Record, rows: Rows) -> Iterator[Violation]:
    return done_by_now(record, rows, "reviewed_on")


@Check("R043", "A rule is not shown in force certainly before its start or after its end.")
def confirmed_while_it_holds(record: Record, rows: Rows) -> Iterator[Violation]:
    low, high = (rows.frame[f"last_confirmed_on_{end}"].to_numpy() for end in ("low", "high"))
    ends, starts = rows.frame["expires_on_high"].to_numpy(), record.days.start_low
    early = record.binding & (high > 0) & (high < starts)
    message = "{last_confirmed_on} is before the rule can have begun: correct one of the dates"
    yield from rows.broken(early, "last_confirmed_on", message)
    message = "{last_confirmed_on} is not before expires_on {expires_on}: was the rule extended?"
    late = record.binding & (starts < ends) & (ends <= low)
    yield from rows.broken(late, "last_confirmed_on", message)


@Check(
    "R044", "No act on face recognition is older than 1990.", "warning", title="dates before 1990"
)
def of_our_time(record: Record, rows: Rows) -> Iterator[Violation]:
    for column in RECORDED_DATES:
        last = rows.frame[f"{column}_high"].to_numpy()
        old = (last > 0) & (last < date(1990, 1, 1).toordinal())
        yield from rows.broken(old, column, f"{{{column}}} is before 1990: is the century right?")


@Check("R045", "A rule without an end has no expires_on.")
def no_end_is_empty(record: Record, rows: Rows) -> Iterator[Violation]:
    never = rows.frame["expires_on_high"].to_numpy() >= date(9999, 1, 1).toordinal()
    return rows.broken(never, "expires_on", "{expires_on} is not an end: leave it empty")
