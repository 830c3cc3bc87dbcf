"""The kinds of cells: what a cell may hold, what is said of one that holds something else, and how
`frtracker fmt` writes it.

A kind has one or more tests, each with its words, its pattern or its function once: the models
make pandera checks of them, findings their sentences, the data package the pattern. An empty cell
fails no test but :data:`REQUIRED`.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final
from urllib.parse import urlsplit

from frtracker import dates
from frtracker.record import iso
from frtracker.record.findings import Check, brief

FILLED: Final = Check("R100", "error", "A required cell is filled.")
WORD: Final = Check("R101", "error", "A cell with a closed vocabulary holds words of it.")
LIST: Final = Check(
    "R102", "error", "A list is joined by ';' without blanks and names nothing twice."
)
ANY: Final = Check("R103", "error", "'any' stands alone: it covers every other use.")
SLUG: Final = Check(
    "R104", "error", "A policy_id is made of lower-case letters, digits and single hyphens."
)
UNIQUE: Final = Check("R105", "error", "Each policy_id names one row only.")
DATE: Final = Check("R106", "error", "A date is a day, month, year, A/B or /B that exists.")
DAY: Final = Check("R107", "error", "The day of a review or a search is one exact day.")
COUNTRY: Final = Check("R108", "error", "A country is a code of ISO 3166-1 alpha-2.")
REGION: Final = Check("R109", "error", "A region is a code of ISO 3166-2.")
TERRITORY: Final = Check(
    "R110", "error", "A territory is a list of codes of ISO 3166-1 or ISO 3166-2."
)
LINK: Final = Check("R111", "error", "A link is a whole http or https address.")
HTTPS: Final = Check("R112", "warning", "A link is an https address where the site has one.")
GEOID: Final = Check("R113", "error", "A geoid is a US Census GEOID of 2, 5, 7 or 10 digits.")
LATITUDE: Final = Check("R114", "error", "A latitude is a number from -90 to 90.")
LONGITUDE: Final = Check("R115", "error", "A longitude is a number from -180 to 180.")
CONTROL: Final = Check(
    "R116", "error", "Text holds no control characters and none that turn its direction."
)
NFC: Final = Check("R117", "warning", "Text is in Unicode normal form NFC.", fixed_by_fmt=True)
BLANKS: Final = Check(
    "R118", "warning", "Text has no leading, trailing or double blanks.", fixed_by_fmt=True
)
SUPPORTS: Final = Check(
    "R119", "error", "`supports` names columns of policies.csv; '~' follows dates only."
)


@dataclass(frozen=True, slots=True)
class Test:
    """A check as applied to the cells of one kind.

    ``problem``: a cell's text -> the sentence that says what would be right, None if it is right.
    ``terms``: the words that it allows, where nothing else counts.
    """

    check: Check
    problem: Callable[[str], str | None]
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """``name``: text, id, word, list, date, day, country, region, url, geoid or number.

    ``terms``: the words that may stand, in their order. ``pattern``: a first test of a whole cell,
    anchored by definition, in what XML Schema's and Python's expressions share. ``limit``: the
    largest absolute value of a number. ``canonical``: writes a cell in its canonical form.
    """

    name: str
    tests: tuple[Test, ...]
    terms: tuple[str, ...] = ()
    pattern: str = ""
    limit: int = 0
    canonical: Callable[[str], str] = str.strip


def _listed(pattern: str) -> str:
    return f"{pattern}(;{pattern})*"


def _filled(text: str) -> str | None:
    return None if text else "is empty, and every row needs it"


def _named_before(text: str) -> str | None:
    """Of a text that stands in an earlier row too, which the models find."""
    return f"{brief(text)!r} names an earlier row already: give each its own"


REQUIRED: Final = Test(FILLED, _filled)
ALONE: Final = Test(UNIQUE, _named_before)


# --- text

_DIRECTION = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_INVISIBLE = frozenset("\ufeff\u200b\u2060\u00ad")
_STRAY_BLANKS = re.compile(r"^\s|\s$|[^\S\n]{2}|[^\S\n]\n|\n[^\S\n]")
_BLANKS = re.compile(r"[^\S\n]{2,}")


def _acts(character: str) -> bool:
    """Control, direction and invisible characters, and those that Unicode reserves for none:
    XML may not hold U+FFFE and U+FFFF."""
    code = ord(character)
    return (
        unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}
        or character in _DIRECTION
        or character in _INVISIBLE
        or code & 0xFFFE == 0xFFFE
        or 0xFDD0 <= code <= 0xFDEF
    )


def _inert(text: str, *, lines: bool = False) -> str | None:
    if text.isascii() and text.isprintable():
        return None
    for character in text:
        if _acts(character) and not (lines and character == "\n"):
            name = unicodedata.name(character, "a control character")
            return f"holds U+{ord(character):04X} ({name.lower()}): remove it"
    return None


def _normal_form(text: str) -> str | None:
    if unicodedata.is_normalized("NFC", text):
        return None
    return "is not in Unicode normal form NFC: `frtracker fmt` mends it"


def _tidy_blanks(text: str) -> str | None:
    if _STRAY_BLANKS.search(text):
        return "has leading, trailing or double blanks: `frtracker fmt` mends it"
    return None


def _tidied(text: str) -> str:
    if text.isascii() and "  " not in text and text.isprintable() and text == text.strip():
        return text
    lines = unicodedata.normalize("NFC", text).strip().split("\n")
    return "\n".join(_BLANKS.sub(" ", line).strip() for line in lines)


_TIDY = (Test(NFC, _normal_form), Test(BLANKS, _tidy_blanks))
TEXT: Final = Kind("text", (Test(CONTROL, _inert), *_TIDY), canonical=_tidied)
"""One line of plain text."""
LINES: Final = Kind("text", (Test(CONTROL, partial(_inert, lines=True)), *_TIDY), canonical=_tidied)
"""Plain text of one or more lines."""


# --- words, ids and lists of them, joined by ';'


def _split(text: str) -> list[str]:
    return list(dict.fromkeys(_tidied(word) for word in text.split(";") if word.strip()))


def _in_order(text: str, terms: Sequence[str]) -> str:
    """In the order of ``terms``; words that are none of them keep their order, at the end."""
    place = {term: position for position, term in enumerate(terms)}
    words = _split(text)
    return ";".join(sorted(words, key=lambda it: place.get(it.removesuffix("~"), len(place))))


def _list(text: str) -> str | None:
    words = text.split(";")
    if any(word != word.strip() or not word for word in words):
        return f"{brief(text)!r} must be words joined by ';' with no blanks and none empty"
    if len(set(words)) == len(words):
        return None
    twice = next(word for word, number in Counter(words).items() if number > 1)
    return f"{brief(twice)!r} is named twice; once is right"


def _any_alone(text: str) -> str | None:
    words = text.split(";")
    if "any" in words and len(set(words)) > 1:
        return "'any' covers every use: write 'any' alone, or the kinds alone"
    return None


def word(terms: Iterable[str]) -> Kind:
    """One word of ``terms``."""
    terms = tuple(terms)
    return Kind("word", (Test(WORD, partial(_words, terms), terms),), terms)


def words(terms: Iterable[str]) -> Kind:
    """Words of ``terms``; 'any', where there is one, stands alone."""
    terms = tuple(terms)
    alone = (Test(ANY, _any_alone),) if "any" in terms else ()
    return Kind(
        "list",
        (_LIST, Test(WORD, lambda text: _words(terms, *text.split(";"))), *alone),
        terms,
        _listed(f"({'|'.join(terms)})"),
        canonical=partial(_in_order, terms=terms),
    )


def _words(terms: tuple[str, ...], *words: str) -> str | None:
    wrong = next((word for word in words if word and word not in terms), None)
    return None if wrong is None else f"{brief(wrong)!r} is none of {', '.join(terms)}"


def supports(columns: Iterable[str], dates: Collection[str]) -> Kind:
    """Names of ``columns``; those of ``dates`` may be followed by '~'."""
    columns = tuple(columns)

    def problem(text: str) -> str | None:
        for word in text.split(";"):
            name = word.removesuffix("~")
            if name and name not in columns:
                return f"{brief(word)!r} is no column that a source can prove"
            if word.endswith("~") and name not in dates:
                return f"{brief(word)!r}: '~' (computed) is for dates; write {brief(name)!r}"
        return None

    words = "|".join(f"{name}~?" if name in dates else name for name in columns)
    return Kind(
        "list",
        (_LIST, Test(SUPPORTS, problem)),
        columns,
        _listed(f"({words})"),
        canonical=partial(_in_order, terms=columns),
    )


_LIST: Final = Test(LIST, _list)
_SLUG: Final = "[a-z0-9]+(-[a-z0-9]+)*"


def _slug(text: str) -> str | None:
    if re.fullmatch(_SLUG, text):
        return None
    return f"{brief(text)!r} is not a slug: use a-z, 0-9 and single hyphens (us-ca-oakland-2019)"


ID: Final = Kind("id", (Test(SLUG, _slug),), pattern=_SLUG)
IDS: Final = Kind("list", (_LIST,), pattern=_listed(_SLUG), canonical=partial(_in_order, terms=()))
"""``policy_id`` values; the checks on rows say whether they exist."""
NAMES: Final = Kind(
    "list", (*TEXT.tests, _LIST), pattern=_listed("[^;]+"), canonical=partial(_in_order, terms=())
)


# --- days

_MONTH_DAY = "(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?"
_POINT = f"[0-9]{{4}}(-{_MONTH_DAY})?"


def _date(text: str) -> str | None:
    try:
        dates.parse(brief(text))
    except ValueError as error:
        return str(error)
    return None


def _day(text: str) -> str | None:
    problem = _date(text)
    if problem is None and not dates.parse(text).is_exact:
        return f"{text!r} must be one day (2026-11-22)"
    return problem


# A string with a pattern, for the data package knows days only: a month, a year and an interval
# are recorded dates here, and its type for dates would refuse them.
DATE_RANGE: Final = Kind("date", (Test(DATE, _date),), pattern=f"(({_POINT})?/)?{_POINT}")
"""A day, month, year, A/B or /B."""
EXACT_DAY: Final = Kind(
    "day", (Test(DAY, _day),), pattern="[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
)


# --- places

_COUNTRY = "[A-Z]{2}"
_REGION = "[A-Z]{2}-[A-Z0-9]{1,3}"


def _country(text: str) -> str | None:
    if iso.is_country(text):
        return None
    return f"{brief(text)!r} is no country of ISO 3166-1 (two letters: US, GB)"


def _region(text: str) -> str | None:
    if iso.is_region(text):
        return None
    return f"{brief(text)!r} is no region of ISO 3166-2 (US-CA, CA-QC); leave it empty if unsure"


def _territory(text: str) -> str | None:
    for code in text.split(";"):
        if code and not (iso.is_country(code) or iso.is_region(code)):
            return f"{brief(code)!r} is no code of ISO 3166 (US, US-IL)"
    return None


_GEOID = "([0-9]{2}|[0-9]{5}|[0-9]{7}|[0-9]{10})"


def _geoid(text: str) -> str | None:
    if re.fullmatch(_GEOID, text):
        return None
    return (
        f"{brief(text)!r} is no GEOID: 2 digits for a state, 5 for a county, 7 for a place,"
        " 10 for a county subdivision"
    )


def degrees(limit: int, check: Check) -> Kind:
    """A number from ``-limit`` to ``limit``."""

    def problem(text: str) -> str | None:
        if re.fullmatch(r"-?[0-9]{1,3}(?:\.[0-9]{1,12})?", text) and abs(float(text)) <= limit:
            return None
        return f"{brief(text)!r} is not a number from -{limit} to {limit} (37.77)"

    return Kind("number", (Test(check, problem),), limit=limit)


COUNTRY_CODE: Final = Kind("country", (Test(COUNTRY, _country),), pattern=_COUNTRY)
REGION_CODE: Final = Kind("region", (Test(REGION, _region),), pattern=_REGION)
CODES: Final = Kind(
    "list",
    (_LIST, Test(TERRITORY, _territory)),
    pattern=_listed(f"({_COUNTRY}|{_REGION})"),
    canonical=lambda text: ";".join(sorted(_split(text))),
)
GEOID_CODE: Final = Kind("geoid", (Test(GEOID, _geoid),), pattern=_GEOID)
LATITUDE_DEGREES: Final = degrees(90, LATITUDE)
LONGITUDE_DEGREES: Final = degrees(180, LONGITUDE)


# --- web addresses

_HOST = re.compile(r"(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_][\w-]*")


def _link(text: str) -> str | None:
    wrong = f"{brief(text)!r} is not a whole web address (https://example.org/page)"
    if " " in text or not text.isprintable():
        return f"{wrong}: it holds blanks or control characters"
    if re.search(r'[<>"`\\{}|^]', text):
        return f'{wrong}: percent-encode the characters < > " ` \\ {{ }} | ^'
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return wrong
    if parts.scheme not in {"http", "https"}:
        return f"{wrong}: only http and https are allowed"
    if host.endswith("."):
        return f"{wrong}: write the host without its final dot"
    if "@" in parts.netloc or not _HOST.fullmatch(host):
        return wrong
    return None


def _secure(text: str) -> str | None:
    if text.startswith("http://"):
        return "plain http: give the https address if the site has one"
    return None


URL: Final = Kind("url", (Test(LINK, _link), Test(HTTPS, _secure)), pattern="https?://[^\\s]+")
