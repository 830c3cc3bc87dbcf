"""Claims as people write them: in a table, under any names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final, TypeVar

from frtracker import wording
from frtracker.dates import DayRange, parse_period, readings
from frtracker.vocabulary import ACTORS

MEASURE_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ban": "ban bans outlawed",
        "prohibited": "prohibited prohibition prohibits banned barred forbidden not_allowed",
        "moratorium": "moratorium moratoria pause paused suspension suspended",
        "withdrawal": "withdrawal withdrew withdrawn stopped stopped_selling exit exited",
        "restriction": "restriction restrictions restricted limited limits regulation regulated",
        "oversight": "oversight approval reporting surveillance_ordinance ccops",
        "none": "none no_rule no_rules nothing no_law unregulated",
        "no_ban": "no_ban not_banned allowed permitted legal not_prohibited",
    }
)
"""What a claim may say of a rule, and the words by which people say it."""
_ACTOR_WORDS: Final = MappingProxyType(
    {
        "police": "police law_enforcement police_department police_departments cops sheriff",
        "government": "government agencies other_agencies city_agencies departments city state"
        " officials public_sector",
        "schools": "schools school education school_districts public_schools students",
        "private": "private private_users business businesses private_businesses companies landlord"
        " landlords retail stores private_sector",
    }
)
_ANYONE: Final = frozenset({"", "all", "any", "anyone", "everyone", "n_a", "na"})
_COLUMN_WORDS: Final = MappingProxyType(
    {
        "place": "place city jurisdiction location subject name company vendor entity municipality"
        " state country",
        "actors": "actor actors for whom for_whom who applies_to users agency",
        "measure": "measure policy status type rule kind claim action law",
        "date": "date as_of day on year month when",
        "region": "state region province state_abbr st",
        "country": "country nation",
    }
)
"""The names that a column of claims may have, the likeliest first. Not ``since`` or ``effective``:
these say when a rule began, and a claim is that it is in force."""

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Claim:
    """``place`` as it was written; ``actors``, ``measure``: codes of ``ACTORS`` and of
    :data:`MEASURE_WORDS`, empty if any is meant; ``days``: None for today. ``line``: of a file.
    ``wrong``: why it cannot be read."""

    place: str
    actors: tuple[str, ...] = ()
    measure: str = ""
    days: DayRange | None = None
    line: int = 0
    wrong: str = ""


def guessed_columns(header: Sequence[str]) -> dict[str, str]:
    """Which of the columns of a table has the place, the actors, the measure, the date, and the
    state or country of a place, each once; a ``state`` beside a ``city`` is the place's."""
    found: dict[str, str] = {}
    named = {_plain(name): name for name in header}
    for field, words in _COLUMN_WORDS.items():
        names = (named[word] for word in words.split() if word in named)
        if name := next((it for it in names if it not in found.values()), ""):
            found[field] = name
    return found


def claims_of(
    rows: Iterable[tuple[int, Mapping[str | None, Any]]], columns: Mapping[str, str]
) -> list[Claim]:
    """The claims of a table: its rows that are not blank, each with its line. ``columns`` says what
    is where. A claim with a cell that cannot be read, or with one that no column is for (of a row
    of ``csv.DictReader``, under None), is ``wrong``."""
    claims = []
    for line, row in rows:
        cells = {field: _visible(row.get(name) or "") for field, name in columns.items()}
        if any(cells.values()):
            claim = _claim(line, cells, columns)
            surplus = "more cells than columns: write a cell with a comma in quotation marks."
            claims.append(replace(claim, wrong=surplus) if row.get(None) else claim)
    return claims


def _claim(line: int, cells: Mapping[str, str], columns: Mapping[str, str]) -> Claim:
    wrong: list[str] = []

    def read(field: str, reader: Callable[[str], Value], otherwise: Value) -> Value:
        try:
            return reader(cells[field]) if cells.get(field) else otherwise
        except ValueError as error:
            wrong.append(f"{columns[field]}: {error}")
            return otherwise

    place = wording.joined(cells.get(name) for name in ("place", "region", "country"))
    if not place:
        wrong.append(f"{columns['place']}: empty.")
    actors: tuple[str, ...] = read("actors", actors_of, ())
    measure = read("measure", measure_of, "")
    days = read("date", days_of, None)
    return Claim(place, actors, measure, days, line, " ".join(wrong))


def actors_of(text: str) -> tuple[str, ...]:
    """The actors that the words of a claim mean, parted by ``;``, ``,`` or ``and``; none of all of
    them. Raises ``ValueError`` for another word."""
    words = [] if _plain(text) in _ANYONE else re.split(r"[;,&]|\band\b", text)
    meant = {_meant(word, _ACTOR_WORDS, ACTORS) for word in words if _plain(word) not in _ANYONE}
    return tuple(actor for actor in ACTORS if actor in meant)


def measure_of(text: str) -> str:
    """The same of a measure."""
    return "" if _plain(text) in _ANYONE else _meant(text, MEASURE_WORDS, MEASURE_WORDS)


def days_of(text: str) -> DayRange:
    """The day, month or year that a claim is about, also as spreadsheets and people write it if
    that has one meaning. Raises ``ValueError``."""
    found = readings(text)
    return parse_period(found[0] if len(found) == 1 else text)


def _meant(text: str, words: Mapping[str, str], codes: Iterable[str]) -> str:
    plain = _plain(text)
    for code, forms in words.items():
        if plain in (code, *forms.split()):
            return code
    raise ValueError(wording.not_one_of(text.strip(), [*codes]))


def _plain(text: str) -> str:
    return re.sub(r"[^a-z]+", "_", text.casefold()).strip("_")


def _visible(text: str) -> str:
    return "".join(it if it.isprintable() else " " for it in text).strip()
