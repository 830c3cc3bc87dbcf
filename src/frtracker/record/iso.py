"""ISO 3166 codes: which are real. The list is made by ``scripts/make_iso3166.py``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType


@cache
def codes() -> Mapping[str, frozenset[str]]:
    """ISO 3166-1 alpha-2 code -> the ISO 3166-2 codes (``US-CA``) of its parts."""
    text = files("frtracker.record").joinpath("iso3166.txt").read_text(encoding="utf-8")
    lines = (line.split() for line in text.splitlines() if not line.startswith("#"))
    return MappingProxyType(
        {country: frozenset(f"{country}-{part}" for part in parts) for country, *parts in lines}
    )


def is_country(code: str) -> bool:
    """Whether ISO 3166-1 has the code (``US``)."""
    return code in codes()


def is_region(code: str) -> bool:
    """Whether ISO 3166-2 has the code (``US-CA``)."""
    return code in codes().get(code.partition("-")[0], frozenset())
