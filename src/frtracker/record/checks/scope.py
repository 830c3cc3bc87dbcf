"""Checks on one row of policies.csv: whom it applies to, and where."""

from __future__ import annotations

from collections.abc import Iterator

from frtracker.record.check import Record, Rows, Violation
from frtracker.record.findings import Check
from frtracker.vocabulary import PLACE_TYPES

_MARKETS = ("vendor", "company", "agency", "supranational")
_WITHOUT_REGION = ("country", "supranational", "vendor", "company")


@Check("R031", "error", "A binding rule of a city, county, state, country or union has reach.")
def reach_is_given(record: Record, rows: Rows) -> Iterator[Violation]:
    return rows.violations(
        record.binding & rows.has("subject_type", *PLACE_TYPES) & rows.empty("reach"),
        "reach",
        "the rule of a {subject_type} needs reach: own, below or all",
    )


@Check("R032", "error", "An agency, school, vendor or company has no reach.")
def reach_is_for_places(record: Record, rows: Rows) -> Iterator[Violation]:
    return rows.violations(
        ~rows.has("subject_type", *PLACE_TYPES) & ~rows.empty("reach"),
        "reach",
        "leave it empty: no places lie inside this {subject_type}",
    )


@Check("R033", "error", "A rule on private actors reaches all.")
def private_reaches_all(record: Record, rows: Rows) -> Iterator[Violation]:
    partial = rows.has("subject_type", *PLACE_TYPES) & rows.has("reach", "own", "below")
    return rows.violations(
        partial & rows.lists("applies_to", "private"),
        "reach",
        "a rule on private actors is 'all'; if its public actors are bound less far, give them a"
        " row of their own",
    )


@Check("R034", "error", "A rule of a company is on private actors only.")
def company_is_private(record: Record, rows: Rows) -> Iterator[Violation]:
    return rows.violations(
        rows.has("subject_type", "company") & ~rows.has("applies_to", "private"),
        "applies_to",
        "a company uses the technology itself: applies_to is 'private'",
    )


@Check("R035", "error", "Only vendors, companies, agencies and unions have a territory.")
def territory_is_for_markets(record: Record, rows: Rows) -> Iterator[Violation]:
    return rows.violations(
        ~rows.has("subject_type", *_MARKETS) & ~rows.empty("territory"),
        "territory",
        "leave it empty: a {subject_type} is its own territory",
    )


@Check("R036", "error", "A rule of a union names the members it binds.")
def union_names_members(record: Record, rows: Rows) -> Iterator[Violation]:
    return rows.violations(
        rows.has("subject_type", "supranational") & rows.empty("territory"),
        "territory",
        "is empty: list the ISO codes of the members that this rule binds (AT;BE;BG)",
    )


@Check("R037", "error", "Every subject but a union has a country; a union has none.")
def country_is_given(record: Record, rows: Rows) -> Iterator[Violation]:
    union, empty = rows.has("subject_type", "supranational"), rows.empty("country")
    message = "leave it empty: the members are in territory"
    yield from rows.violations(union & ~empty, "country", message)
    message = "is empty: give the ISO code of the {subject_type}'s country"
    yield from rows.violations(~union & empty, "country", message)


@Check("R038", "error", "A region lies in the row's country.")
def region_in_country(record: Record, rows: Rows) -> Iterator[Violation]:
    elsewhere = (rows.frame["region"].str[:2] != rows.frame["country"]).to_numpy()
    return rows.violations(
        elsewhere & ~rows.empty("region") & ~rows.empty("country"),
        "region",
        "{region} is not in {country}: one of them is wrong",
    )


@Check("R039", "error", "States, and cities, counties and schools of the US, have a region.")
def region_is_given(record: Record, rows: Rows) -> Iterator[Violation]:
    local = rows.has("subject_type", "city", "county", "school") & rows.has("country", "US")
    return rows.violations(
        (local | rows.has("subject_type", "state")) & rows.empty("region"),
        "region",
        "is empty: a {subject_type} here needs its ISO 3166-2 code (US-CA)",
    )


@Check("R040", "error", "Countries, unions, vendors and companies have no region.")
def region_is_for_places(record: Record, rows: Rows) -> Iterator[Violation]:
    return rows.violations(
        rows.has("subject_type", *_WITHOUT_REGION) & ~rows.empty("region"),
        "region",
        "leave it empty for a {subject_type}; a market goes into territory",
    )
