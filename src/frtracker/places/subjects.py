"""Subjects by the names people use: ``Portland, ME``, ``portland-or``, ``Facebook``.

A name either means one subject or is refused with the candidates; it is never
guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType
from typing import Final

import pandas as pd

from frtracker.record.keys import slug
from frtracker.vocabulary import SUBJECT_TYPES

# Postal names (USPS Publication 28, appendix B), so that "Portland, Oregon" is understood.
_US_REGIONS: Final = """AL Alabama;AK Alaska;AZ Arizona;AR Arkansas;CA California;CO Colorado
CT Connecticut;DE Delaware;DC District of Columbia;FL Florida;GA Georgia;HI Hawaii;ID Idaho
IL Illinois;IN Indiana;IA Iowa;KS Kansas;KY Kentucky;LA Louisiana;ME Maine;MD Maryland
MA Massachusetts;MI Michigan;MN Minnesota;MS Mississippi;MO Missouri;MT Montana;NE Nebraska
NV Nevada;NH New Hampshire;NJ New Jersey;NM New Mexico;NY New York;NC North Carolina
ND North Dakota;OH Ohio;OK Oklahoma;OR Oregon;PA Pennsylvania;PR Puerto Rico;RI Rhode Island
SC South Carolina;SD South Dakota;TN Tennessee;TX Texas;UT Utah;VT Vermont;VA Virginia
WA Washington;WV West Virginia;WI Wisconsin;WY Wyoming"""
US_REGION_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {f"US-{entry[:2]}": entry[3:] for line in _US_REGIONS.splitlines() for entry in line.split(";")}
)
_COUNTRY_WORDS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"US": ("us", "usa"), "GB": ("gb", "uk")}
)


@dataclass(frozen=True, slots=True)
class Subject:
    """One subject of ``subjects.csv``."""

    key: str
    name: str
    subject_type: str
    country: str
    region: str
    within: tuple[str, ...]
    aliases: tuple[str, ...]

    @property
    def place(self) -> str:
        """Where it is, in short: ``ME`` in the United States, else the code; '' for a whole
        country, a state, a union, a vendor or a company."""
        if self.subject_type in ("state", "country", "supranational", "vendor", "company"):
            return ""
        if self.region:
            return self.region.removeprefix("US-")
        return self.country

    @property
    def label(self) -> str:
        """The name as printed where two could be meant: ``Portland, ME``."""
        return f"{self.name}, {self.place}" if self.place else self.name

    @property
    def described(self) -> str:
        """For lists of candidates: ``Portland, ME (city, us-me-portland)``."""
        return f"{self.label} ({SUBJECT_TYPES[self.subject_type].label}, {self.key})"


class NameNotUnderstood(LookupError):
    """No subject, or more than one, has the name. ``candidates`` are those that may be meant."""

    def __init__(self, name: str, candidates: Iterable[Subject], *, ambiguous: bool) -> None:
        self.name = name
        self.candidates = tuple(candidates)
        listed = "; ".join(subject.described for subject in self.candidates)
        if ambiguous:
            message = f"{name!r} is the name of more than one subject: {listed}"
        elif listed:
            message = f"no subject of the record is named {name!r}; near it: {listed}"
        else:
            message = (
                f"no subject of the record is named {name!r}, nor anything like it; that does not"
                " mean that nothing binds there: ask `frtracker explain` about a place"
            )
        super().__init__(message)


def subjects_by_key(subjects: pd.DataFrame) -> Mapping[str, Subject]:
    """The typed ``subjects`` table as :class:`Subject`, by ``subject_key``, in its order."""
    columns = ["subject_key", "subject", "subject_type", "country", "region", "within", "aliases"]
    return MappingProxyType(
        {
            key: Subject(key, name, kind, country, region, _items(within), _items(aliases))
            for key, name, kind, country, region, within, aliases in subjects[columns].itertuples(
                index=False, name=None
            )
        }
    )


def _items(cell: str) -> tuple[str, ...]:
    return tuple(cell.split(";")) if cell else ()


def _names(subject: Subject) -> set[str]:
    """Every spelling, as a slug, under which the subject is found."""
    bare = {slug(name) for name in (subject.name, *subject.aliases)}
    where: set[str] = set()
    if subject.subject_type != "state":  # "New York, NY" is the city
        where |= {slug(subject.region), slug(subject.region.partition("-")[2])}
        where.add(slug(US_REGION_NAMES.get(subject.region, "")))
    where |= set(_COUNTRY_WORDS.get(subject.country, (subject.country.lower(),)))
    where |= {slug(place) for place in subject.within}
    return {subject.key} | bare | {f"{name}-{place}" for name in bare for place in where if place}


def find(subjects: Mapping[str, Subject], name: str) -> Subject:
    """The one subject that ``name`` means.

    An exact key wins; then any spelling of name or alias, alone or followed by its state, country
    or county (``Portland ME``, ``portland-or``, ``Portland, Oregon``). Raises
    :class:`NameNotUnderstood`.
    """
    asked = slug(name)
    if asked in subjects:
        return subjects[asked]
    spellings = {key: _names(subject) for key, subject in subjects.items()}
    found = [subjects[key] for key, names in spellings.items() if asked and asked in names]
    if len(found) == 1:
        return found[0]
    if found:
        raise NameNotUnderstood(name, found, ambiguous=True)
    all_names = sorted({spelling for names in spellings.values() for spelling in names})
    near = set(get_close_matches(asked, all_names, n=5, cutoff=0.75))
    near |= {spelling for spelling in all_names if asked and spelling.startswith(f"{asked}-")}
    candidates = [subjects[key] for key, names in spellings.items() if names & near]
    raise NameNotUnderstood(name, candidates[:8], ambiguous=False)
