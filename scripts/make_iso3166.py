"""Write the list of ISO 3166 codes that the rules check against, and the names of countries.

    python scripts/make_iso3166.py

``iso3166.txt``: one line per country, its ISO 3166-1 alpha-2 code, then the second halves of its
ISO 3166-2 codes. ``countries.csv``: the words by which a country is understood; ``name`` is
that of its outline, where there is one; ``also`` has its names in its own languages. Codes are
facts; they are taken from the package ``pycountry``, which is needed here only and never at run
time, as are the names in other languages (Debian's iso-codes, in the same package).
"""

from __future__ import annotations

import csv
import gettext
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
LANGUAGES = """AL sq;AR es;AT de;BE nl fr de;BG bg;BO es;BR pt_BR;CH de fr it;CL es;CN zh_CN;CO es
CR es;CU es;CY el tr;CZ cs;DE de;DK da;DO es;EC es;EE et;ES es ca;FI fi sv;FR fr;GR el;HR hr;HU hu
IE ga;IS is;IT it;JP ja;KR ko;LI de;LT lt;LU fr de;LV lv;MA fr;MX es;NL nl;NO nb_NO nn;NZ mi;PA es
PE es;PL pl;PT pt;RO ro;RS sr sr@latin;SE sv;SI sl;SK sk;SN fr;TN fr;TR tr;TW zh_TW;UA uk;UY es"""
"""The languages of a country, as the package names them, whose readers are likely to ask."""
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
    languages = {
        entry[:2]: entry[3:].split() for line in LANGUAGES.splitlines() for entry in line.split(";")
    }
    rows = [("XK", "XKX", outlined["XK"], "")]
    for country in pycountry.countries:
        if country.alpha_2 in PARTS_OF_THE_US:
            continue
        common = getattr(country, "common_name", "")
        official = getattr(country, "official_name", "").removeprefix("the ")
        name = outlined.get(country.alpha_2) or common or country.name
        also = [*ALSO.get(country.alpha_2, []), common, country.name, official]
        also += [
            gettext.translation("iso3166-1", pycountry.LOCALES_DIR, [language]).gettext(each)
            for language in languages.get(country.alpha_2, ())
            for each in (country.name, common)
            if each
        ]
        names = [n for n in dict.fromkeys(also) if n and n != name and "," not in n]
        rows.append((country.alpha_2, country.alpha_3, name, ";".join(names)))
    with COUNTRIES.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([("code", "alpha_3", "name", "also"), *sorted(rows)])


if __name__ == "__main__":
    main()
