"""Subjects of the record, and every spelling under which one is found.

``Portland, ME``, ``portland-or``, ``Portland, Ore.``, ``Facebook``, ``NYPD``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

import pandas as pd

from frtracker import wording
from frtracker.codes import (
    ABROAD_REGION_NAMES,
    US_REGION_NAMES,
    countries,
    country_name,
    region_name,
)
from frtracker.record.cells import is_country, is_region
from frtracker.record.tables import slug, subject_key

# As newspapers abbreviate states (AP Stylebook), where that is not the postal code with periods.
_NEWSPAPER: Final = """AL Ala;AK Alas;AZ Ariz;AR Ark;CA Calif;CA Cal;CO Colo;CT Conn;DE Del;FL Fla
IL Ill;IN Ind;KS Kan;KS Kans;MA Mass;MI Mich;MN Minn;MS Miss;MT Mont;NE Neb;NV Nev;NM N Mex;OK Okla
OR Ore;OR Oreg;PA Penn;PA Penna;TN Tenn;TX Tex;WA Wash;WV W Va;WI Wis;WI Wisc;WY Wyo
VI Virgin Islands;DC Washington DC"""

_DROPPED: Final = str.maketrans("", "", "'‘’ʻ`.")
_SHORT_WORDS: Final = {"saint": "st", "sainte": "ste", "fort": "ft", "mount": "mt"}
_LONG_WORDS: Final = re.compile(rf"\b(?:{'|'.join(_SHORT_WORDS)})\b")


@lru_cache(maxsize=50_000)
def spelling(name: str) -> str:
    """Make the form in which names are compared: no accents, apostrophes, periods or leading The;
    Saint and St., Fort and Ft., Mount and Mt. alike.

    >>> spelling("The Saint Louis"), spelling("St. Louis"), spelling("D.C.")
    ('st-louis', 'st-louis', 'dc')
    """
    plain = slug(name.translate(_DROPPED)).removeprefix("the-")
    return _LONG_WORDS.sub(lambda found: _SHORT_WORDS[found[0]], plain)


@lru_cache(maxsize=50_000)
def solid(name: str) -> str:
    """Its spelling without spaces and hyphens: De Kalb is DeKalb, Winston Salem is Winston-Salem.

    >>> solid("De Kalb"), solid("O Fallon"), solid("Winston-Salem")
    ('dekalb', 'ofallon', 'winstonsalem')
    """
    return spelling(name).replace("-", "")


def spellings(name: str) -> frozenset[str]:
    """All forms of a name: periods dropped (``N.Y.``), as its key has them (``ID.me``), and
    :func:`solid`."""
    return frozenset((spelling(name), slug(name), solid(name)))


@cache
def region_words() -> Mapping[str, str]:
    """Spelling → ISO 3166-2 code of a US state or territory: its name, its letters, its
    newspaper abbreviation."""
    words = {it: code for code, name in US_REGION_NAMES.items() for it in sorted(spellings(name))}
    for entry in ";".join(_NEWSPAPER.splitlines()).split(";"):
        words[slug(entry[3:])] = words[slug(entry[3:]).replace("-", "")] = f"US-{entry[:2]}"
    for code in US_REGION_NAMES:
        words[code[3:].lower()] = words[code.lower()] = code
    return words


@cache
def country_words() -> Mapping[str, str]:
    """Spelling → ISO 3166-1 alpha-2 code of a country: its name, its codes, other names in Latin
    letters."""
    words: dict[str, str] = {}
    for code, names in countries().items():
        words |= dict.fromkeys((code.lower(), *filter(None, map(spelling, names))), code)
    return {**{solid(word): code for word, code in words.items()}, **words}


def country_code(text: str) -> str:
    """The ISO 3166-1 alpha-2 code of a country given by its name or code. Raises ``ValueError``."""
    if code := country_words().get(spelling(text)):
        return code
    if is_country(text.upper()):
        return text.upper()
    names = (name for name, *_ in countries().values() if len(text) > 3)
    hint = wording.did_you_mean(text, names, ".")
    if spelling(text) in ("eu", "european-union"):
        hint = ". The European Union is a subject: --subject EU."
    raise ValueError(
        f"{text!r} is not a country: use its name or its ISO 3166-1 code, such as US{hint}"
    )


def region_code(text: str, within: Iterable[str] = ()) -> str:
    """The ISO 3166-2 code of a part of a country, given by its code, by its name, or a US state by
    its postal code; ``within``, codes of countries, ``ON`` will do for ``CA-ON``. Raises
    ``ValueError``."""
    code = text.upper()
    for country in within:
        if is_region(f"{country}-{code}"):
            return f"{country}-{code}"
    if known := region_words().get(spelling(text)):
        return known
    if is_region(code):
        return code
    names = {name: code for code, name in {**ABROAD_REGION_NAMES, **US_REGION_NAMES}.items()}
    for name, known in names.items():
        if spelling(name) == spelling(text):
            return known
    raise ValueError(
        f"{text!r} is not a region: use its name or its ISO 3166-2 code, such as US-IL or CA-ON"
        f"{wording.did_you_mean(text, names, '.')}"
    )


def market_codes(countries: Iterable[str], regions: Iterable[str]) -> tuple[str, ...]:
    """The codes of regions, and of countries given without one of their regions. Raises
    ``ValueError`` where some countries have a region among ``regions`` and others do not."""
    codes = tuple(dict.fromkeys(map(country_code, countries)))
    parts = tuple(dict.fromkeys(region_code(text, codes) for text in regions))
    around = {part.partition("-")[0] for part in parts}
    for part in parts if codes else ():
        if part.partition("-")[0] not in codes:
            raise ValueError(f"{part} is not in {' or '.join(codes)}.")
    if parts and (whole := [code for code in codes if code not in around]):
        raise ValueError(f"No region of {' or '.join(whole)} is given: ask about it separately.")
    return parts or codes


class NameNotUnderstood(LookupError):
    """A name that means no place or subject, or more than one. ``candidates``: (the words that mean
    one of them alone, what it is), largest first."""

    def __init__(self, message: str, candidates: Iterable[tuple[str, str]] = ()) -> None:
        self.reason, self.candidates = message, tuple(candidates)
        listed = "; ".join(f"{words} ({what})" for words, what in self.candidates)
        super().__init__(f"{message}: {listed}" if listed else message)


@dataclass(frozen=True, slots=True)
class Subject:
    """One subject of ``subjects.csv``. ``population``: 0 where none is on record."""

    key: str
    name: str
    subject_type: str
    country: str
    region: str
    within: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    geoid: str = ""
    population: int = 0

    @property
    def label(self) -> str:
        """The name as printed where two could be meant: ``Portland, ME``."""
        where = {"country": self.country, "region": self.region}
        return wording.label({"subject": self.name, "subject_type": self.subject_type, **where})

    @property
    def outline(self) -> str:
        """The code that an outline of it has (see :data:`frtracker.outlines.KEYS`), whether there
        is one or not; '' of what has none."""
        codes = {"country": self.country, "state": self.region, "county": self.geoid}
        return codes.get(self.subject_type, "")

    @property
    def around(self) -> tuple[str, ...]:
        """What it is in, the nearest first: Milwaukee County, Wisconsin, United States."""
        state = region_name(self.region) if self.subject_type != "state" else ""
        country = country_name(self.country) if self.subject_type != "country" else ""
        return tuple(filter(None, (*self.within, state, country)))

    @property
    def written(self) -> frozenset[str]:
        """Its name and aliases in the form in which names are compared."""
        return frozenset(map(spelling, (self.name, *self.aliases)))

    @property
    def names(self) -> frozenset[str]:
        """The spellings of its name and aliases."""
        return frozenset().union(*map(spellings, (self.name, *self.aliases)))

    @property
    def other_keys(self) -> frozenset[str]:
        """The keys that its aliases give: an earlier name is one, and its key leads on."""
        identity = self.country, self.region, self.subject_type
        keys = {subject_key(*identity, alias) for alias in self.aliases if slug(alias)}
        return frozenset(keys - {self.key})

    def is_called(self, asked: Set[str]) -> bool:
        """Whether one of the spellings is its key, or a name of it, alone or followed by where it
        is: county, state, country, each by any of their names."""
        names = self.names
        if not asked.isdisjoint((self.key, *names, *self.other_keys)):
            return True
        rest = {
            words[cut.end() :]
            for words in asked
            for cut in re.finditer("-", words)
            if words[: cut.start()].replace("-", "") in names
        }
        if not rest:
            return False
        where = set().union(*map(spellings, self.within)) | {self.country.lower()}
        where |= {word for word, code in country_words().items() if code == self.country}
        if self.subject_type != "state":  # "New York, NY" is the city
            where.add(self.region.partition("-")[2].lower())
            where |= {word for word, code in region_words().items() if code == self.region}
            where.add(spelling(region_name(self.region)))
        word = "|".join(map(re.escape, where))
        return any(re.fullmatch(f"(?:{word})(?:-(?:{word}))*", words) for words in rest)


def subjects_by_key(subjects: pd.DataFrame) -> Mapping[str, Subject]:
    """The typed ``subjects`` table as :class:`Subject`, by ``subject_key``, in its order."""
    names = ["subject_key", "subject", "subject_type", "country", "region"]
    people = subjects["population"].fillna(0).astype("int64").tolist()
    rows = subjects[[*names, "within", "aliases", "geoid"]].itertuples(index=False, name=None)
    found = {}
    for (key, name, kind, country, region, *lists, geoid), number in zip(rows, people, strict=True):
        within, aliases = (tuple(filter(None, cell.split(";"))) for cell in lists)
        found[key] = Subject(key, name, kind, country, region, within, aliases, geoid, number)
    return found
