"""Write the list of ISO 3166 codes that the rules check against.

    python scripts/make_iso3166.py

One line per country: its ISO 3166-1 alpha-2 code, then the second halves of its
ISO 3166-2 codes. Codes are facts; they are taken from the package ``pycountry``,
which is needed here only and never at run time.
"""

from __future__ import annotations

from collections import defaultdict
from importlib.metadata import version
from pathlib import Path

import pycountry

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
    print(f"{TARGET.name}: {len(lines) - 1} countries, {sum(map(len, parts.values()))} parts")


if __name__ == "__main__":
    main()
