"""Names of countries and of their parts by their ISO 3166 codes."""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

# Postal names (USPS Publication 28, appendix B), so that "Portland, Oregon" is understood.
_US_REGIONS: Final = """AL Alabama;AK Alaska;AS American Samoa;AZ Arizona;AR Arkansas;CA California
CO Colorado;CT Connecticut;DE Delaware;DC District of Columbia;FL Florida;GA Georgia;GU Guam
HI Hawaii;ID Idaho;IL Illinois;IN Indiana;IA Iowa;KS Kansas;KY Kentucky;LA Louisiana;ME Maine
MD Maryland;MA Massachusetts;MI Michigan;MN Minnesota;MS Mississippi;MO Missouri;MT Montana
NE Nebraska;NV Nevada;NH New Hampshire;NJ New Jersey;NM New Mexico;NY New York;NC North Carolina
ND North Dakota;MP Northern Mariana Islands;OH Ohio;OK Oklahoma;OR Oregon;PA Pennsylvania
PR Puerto Rico;RI Rhode Island;SC South Carolina;SD South Dakota;TN Tennessee;TX Texas
VI U.S. Virgin Islands;UT Utah;VT Vermont;VA Virginia;WA Washington;WV West Virginia;WI Wisconsin
WY Wyoming"""
US_REGION_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {f"US-{entry[:2]}": entry[3:] for line in _US_REGIONS.splitlines() for entry in line.split(";")}
)

_NO_STATES: Final = {"US-DC": "federal district"} | dict.fromkeys(
    ("US-AS", "US-GU", "US-MP", "US-PR", "US-VI"), "territory"
)

_ABROAD: Final = """AR-C Buenos Aires City;AU-QLD Queensland;AU-SA South Australia;BR-BA Bahia
BR-DF Federal District;BR-PE Pernambuco;BR-PR Paraná;BR-SP São Paulo;CA-AB Alberta
CA-BC British Columbia;CA-ON Ontario;CA-QC Quebec;CH-SG St. Gallen;CH-VD Vaud;CH-ZH Zurich
CN-GD Guangdong;CN-JS Jiangsu;CN-SH Shanghai;CN-TJ Tianjin;DE-HH Hamburg
FR-PAC Provence-Alpes-Côte d'Azur;GB-ENG England;GB-ESS Essex;GB-MAN Manchester
GB-NAY North Ayrshire;GB-SCT Scotland;GB-WLS Wales;IT-25 Lombardy;SE-AC Västerbotten"""
ABROAD_REGION_NAMES: Final[dict[str, str]] = {
    code: name
    for line in _ABROAD.splitlines()
    for code, _, name in (entry.partition(" ") for entry in line.split(";"))
}
"""Of the parts of other countries that the record names."""

_EU: Final = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
EU_MEMBERS: Final = frozenset(_EU.split())
"""The member states of the European Union since 1 February 2020."""


_LEVELS: Final[Mapping[int, str]] = MappingProxyType({2: "040", 5: "050", 7: "160", 10: "060"})
"""By digits of a GEOID the Census Bureau's summary level: state, county, place, subdivision."""


def long_geoid(geoid: str) -> str:
    """A GEOID in the Census Bureau's long form (GEOIDFQ, or GEO_ID in its tables), which no program
    takes for a number; '' without one.

    >>> long_geoid("0203000"), long_geoid("25"), long_geoid("")
    ('1600000US0203000', '0400000US25', '')
    """
    return f"{_LEVELS[len(geoid)]}0000US{geoid}" if geoid else ""


@cache
def countries() -> Mapping[str, tuple[str, ...]]:
    """ISO 3166-1 alpha-2 code → its name, its alpha-3 code and other names of a country, those in
    its own languages too."""
    text = files("frtracker").joinpath("countries.csv").read_text(encoding="utf-8")
    return {
        row["code"]: (row["name"], row["alpha_3"], *filter(None, row["also"].split(";")))
        for row in csv.DictReader(text.splitlines())
    }


def country_name(code: str) -> str:
    """The name of a country by its alpha-2 code; the code itself where there is none."""
    return countries().get(code, (code,))[0]


def region_name(code: str) -> str:
    """The English name of a part of a country by its ISO 3166-2 code: of US states and the parts
    that the record names; the code itself for any other."""
    return US_REGION_NAMES.get(code) or ABROAD_REGION_NAMES.get(code, code)


def region_kind(code: str) -> str:
    """What a part of a country is, by its ISO 3166-2 code: ``state``, ``territory`` and ``federal
    district`` of the United States; ``region`` of other countries, which have many words for it."""
    if not code.startswith("US-"):
        return "region"
    return _NO_STATES.get(code, "state")


def code_name(code: str) -> str:
    """``Canada``, ``Alberta (Canada)``, ``Illinois``"""
    if "-" not in code:
        return country_name(code)
    if code in US_REGION_NAMES:
        return US_REGION_NAMES[code]
    return f"{region_name(code)} ({country_name(code[:2])})"


_WITH_ARTICLE: Final = frozenset({"AE", "GB", "NL", "PH", "US", "US-DC", "US-MP", "US-VI"})


def code_names(codes: Collection[str], *, prose: bool = False) -> list[str]:
    """The names of a territory; of many members of the European Union their number. In ``prose``
    with the article that a name takes."""
    if len(codes) > len(EU_MEMBERS) // 2 and EU_MEMBERS.issuperset(codes):
        return [f"{len(codes)} EU member states"]
    articles = _WITH_ARTICLE if prose else ()
    return [f"{'the ' * (code in articles)}{code_name(code)}" for code in codes]
