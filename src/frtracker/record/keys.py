"""The stable key of a subject, used in addresses, the map, the site and calendar ids."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

LONGEST_KEY: Final = 200
"""Characters: a key names files, and a system may allow 255 bytes with the ending."""

IDENTITY = ("country", "region", "subject_type", "subject")
"""The columns that say which subject a row is about."""


def slug(name: str) -> str:
    """A name in lower-case ASCII letters, digits and single hyphens. Other scripts than Latin are
    left out: how they are read depends on the language.

    >>> slug("Zürich, Stadt"), slug("Tromsø"), slug("Troms")
    ('zurich-stadt', 'tromso', 'troms')
    """
    if not name.isascii():
        from anyascii import anyascii

        name = "".join(
            anyascii(letter)
            for letter in unicodedata.normalize("NFKD", name)
            if letter.isascii() or unicodedata.name(letter, "").startswith("LATIN ")
        )
    return re.sub("[^a-z0-9]+", "-", name.lower()).strip("-")


@lru_cache(maxsize=100_000)
def subject_key(country: str, region: str, subject_type: str, subject: str) -> str:
    """The key of one subject.

    >>> subject_key("US", "US-OR", "city", "Portland"), subject_key("US", "US-MA", "state", "...")
    ('us-or-portland', 'us-ma')
    """
    match subject_type:
        case "state":
            return region.lower()
        case "country":
            return country.lower()
        case "vendor" | "company":
            return f"{subject_type}-{slug(subject)}"
        case "supranational":
            return slug(subject)
        case _:
            return f"{(region or country).lower()}-{slug(subject)}"


def unfit(key: str, subject_type: str, subject: str) -> str:
    """Why the key can name no file that every system keeps, or ''."""
    if subject_type not in ("state", "country") and not slug(subject):
        return "has no Latin letter or digit for a key: use the romanised name, and aliases"
    if re.fullmatch("con|prn|aux|nul|(com|lpt)[0-9]", key):
        return f"has the key {key!r}, a device of Windows that no file may be named after"
    if len(key) > LONGEST_KEY:
        return f"makes a key of {len(key):,} characters: use a name of at most {LONGEST_KEY}"
    return ""
