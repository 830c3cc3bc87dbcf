"""Write the list of ISO 3166 codes that the rules check against, and the names of countries.

    python scripts/make_iso3166.py

``iso3166.txt``: one line per country, its ISO 3166-1 alpha-2 code, then the second halves of its
ISO 3166-2 codes. ``countries.csv``: the words by which a country is understood; ``name`` is
that of its outline, where there is one. Codes are facts; they are taken from the package
``pycountry``, which is needed here only and never at run time.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from importlib.metadata import version
from pathlib import Path

import pycountry

from frtracker import outlines

COUNTRIES = Path(__file__).parents[1] / "src" / "frtracker" / "countries.csv"
PARTS_OF_THE_US = ("AS", "GU", "MP", "PR", "VI")
"""Countries of ISO 3166-1 that the record takes as parts of the United States."""
ALSO = {
    "AE": ["UAE"],
    "CD": ["Congo-Kinshasa", "Democratic Republic of the Congo"],
    "CG": ["Congo-Brazzaville"],
    "CI": ["Ivory Coast"],
    "CV": ["Cape Verde"],
    "GB": ["UK", "Great Britain", "Britain"],
    "MK": ["Macedonia"],
    "MM": ["Burma"],
    "NL": ["Holland"],
    "SZ": ["Swaziland"],
    "TL": ["East Timor"],
    "TR": ["Turkey"],
    "US": ["USA", "United States"],
    "VA": ["Vatican City", "Holy See"],
    "XK": ["Kosovo"],
}
TARGET = Path(__file__).parents[1] / "src" / "frtracker" / "record" / "iso3166.txt"


def main() -> None:
    parts: dict[str, list[str]] = defaultdict(list)
    for subdivision in pycountry.subdivisions:
        country, _, part = subdivision.code.partition("-")
        parts[country].append(part)
    lines = [f"# ISO 3166-1 alpha-2 and ISO 3166-2, from pycountry {version('pycountry')}"]
    lines += [
        " ".join([country.alpha_2, *sorted(parts[country.alpha_2])])
        for country in sorted(pycountry.countries, key=lambda c: c.alpha_2)
    ]
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    write_names()
    print(f"{TARGET.name}: {len(lines) - 1} countries, {sum(map(len, parts.values()))} parts")


def write_names() -> None:
    shapes = outlines.topology("countries")["objects"]["countries"]["geometries"]
    outlined = {s["properties"]["code"]: s["properties"]["name"] for s in shapes}
    rows = [("XK", "XKX", outlined["XK"], "")]
    for country in pycountry.countries:
        if country.alpha_2 in PARTS_OF_THE_US:
            continue
        common = getattr(country, "common_name", "")
        official = getattr(country, "official_name", "").removeprefix("the ")
        name = outlined.get(country.alpha_2) or common or country.name
        also = [*ALSO.get(country.alpha_2, []), common, country.name, official]
        names = [n for n in dict.fromkeys(also) if n and n != name and "," not in n]
        rows.append((country.alpha_2, country.alpha_3, name, ";".join(names)))
    with COUNTRIES.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([("code", "alpha_3", "name", "also"), *sorted(rows)])


if __name__ == "__main__":
    main()
