"""Rules on one row of policies.csv: whom it binds, and where."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from frtracker.record.schema.frames import binding, cells, empty, names, one_of, where
from frtracker.record.schema.rule import Draft, Hit, row_rule
from frtracker.vocabulary import PLACE_TYPES

_MARKETS = ("vendor", "company", "agency", "supranational")
_WITHOUT_REGION = ("country", "supranational", "vendor", "company")


@row_rule("R031", "error", "A binding rule of a city, county, state, country or union has reach.")
def reach_is_given(draft: Draft) -> Iterator[Hit]:
    rows = draft.policies
    wrong = binding(rows) & one_of(rows, "subject_type", *PLACE_TYPES) & empty(rows, "reach")
    for row, (kind,) in cells(rows, wrong, "subject_type"):
        message = f"the rule of a {kind} needs reach: own, below or all"
        yield Hit(row, "reach", "", message)


@row_rule("R032", "error", "An agency, school, vendor or company has no reach.")
def reach_is_for_places(draft: Draft) -> Iterator[Hit]:
    rows = draft.policies
    wrong = ~one_of(rows, "subject_type", *PLACE_TYPES) & ~empty(rows, "reach")
    for row, (reach, kind) in cells(rows, wrong, "reach", "subject_type"):
        yield Hit(row, "reach", reach, f"leave it empty: no places lie inside this {kind}")


@row_rule("R033", "error", "A rule on private actors reaches all.")
def private_reaches_all(draft: Draft) -> Iterator[Hit]:
    rows = draft.policies
    places = one_of(rows, "subject_type", *PLACE_TYPES)
    partial = one_of(rows, "reach", "own", "below")
    for row, (reach,) in cells(
        rows, places & partial & names(rows, "applies_to", "private"), "reach"
    ):
        message = (
            "a rule on private actors is 'all'; if its public actors are bound less far, give"
            " them a row of their own"
        )
        yield Hit(row, "reach", reach, message)


@row_rule("R034", "error", "A rule of a company is on private actors only.")
def company_is_private(draft: Draft) -> Iterator[Hit]:
    rows = draft.policies
    wrong = one_of(rows, "subject_type", "company") & ~one_of(rows, "applies_to", "private")
    for row, (actors,) in cells(rows, wrong, "applies_to"):
        message = "a company uses the technology itself: applies_to is 'private'"
        yield Hit(row, "applies_to", actors, message)


@row_rule("R035", "error", "Only vendors, companies, agencies and unions have a territory.")
def territory_is_for_markets(draft: Draft) -> Iterator[Hit]:
    rows = draft.policies
    wrong = ~one_of(rows, "subject_type", *_MARKETS) & ~empty(rows, "territory")
    for row, (territory, kind) in cells(rows, wrong, "territory", "subject_type"):
        message = f"leave it empty: a {kind} is its own territory"
        yield Hit(row, "territory", territory, message)


@row_rule("R036", "error", "A rule of a union names the members it binds.")
def union_names_members(draft: Draft) -> Iterator[Hit]:
    rows = draft.policies
    wrong = one_of(rows, "subject_type", "supranational") & empty(rows, "territory")
    for row in where(wrong):
        message = "is empty: list the ISO codes of the members that this rule binds (AT;BE;BG)"
        yield Hit(row, "territory", "", message)


@row_rule("R037", "error", "Every subject but a union has a country; a union has none.")
def country_is_given(draft: Draft) -> Iterator[Hit]:
    rows = draft.policies
    union = one_of(rows, "subject_type", "supranational")
    for row, (country, kind) in cells(
        rows, union != empty(rows, "country"), "country", "subject_type"
    ):
        message = (
            "leave it empty: the members are in territory"
            if country
            else f"is empty: give the ISO code of the {kind}'s country"
        )
        yield Hit(row, "country", country, message)


@row_rule("R038", "error", "A region lies in the row's country.")
def region_in_country(draft: Draft) -> Iterator[Hit]:
    rows = draft.policies
    same = rows["region"].str[:2].eq(rows["country"]).to_numpy()
    wrong = ~empty(rows, "region") & ~empty(rows, "country") & ~same
    for row, (region, country) in cells(rows, wrong, "region", "country"):
        yield Hit(row, "region", region, f"{region} is not in {country}: one of them is wrong")


@row_rule("R039", "error", "States, and cities, counties and schools of the US, have a region.")
def region_is_given(draft: Draft) -> Iterator[Hit]:
    rows = draft.policies
    local = one_of(rows, "subject_type", "city", "county", "school")
    needs = one_of(rows, "subject_type", "state") | (local & one_of(rows, "country", "US"))
    for row, (kind,) in cells(rows, needs & empty(rows, "region"), "subject_type"):
        message = f"is empty: a {kind} here needs its ISO 3166-2 code (US-CA)"
        yield Hit(row, "region", "", message)


@row_rule("R040", "error", "Countries, unions, vendors and companies have no region.")
def region_is_for_places(draft: Draft) -> Iterator[Hit]:
    rows = draft.policies
    wrong = one_of(rows, "subject_type", *_WITHOUT_REGION) & ~empty(rows, "region")
    for row, (region, kind) in cells(rows, wrong, "region", "subject_type"):
        message = f"leave it empty for a {kind}; a market goes into territory"
        yield Hit(row, "region", region, message)


RULES: Final = (
    reach_is_given,
    reach_is_for_places,
    private_reaches_all,
    company_is_private,
    territory_is_for_markets,
    union_names_members,
    country_is_given,
    region_in_country,
    region_is_given,
    region_is_for_places,
)
