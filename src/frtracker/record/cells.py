"""The kinds of cells: what a cell may hold, what is said of one that holds something else, and how
`frtracker fmt` writes it. Models, findings and the data package read it here. Of an empty cell only
:data:`REQUIRED` is asked."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache, partial
from importlib.resources import files
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

from frtracker import dates
from frtracker.record.findings import Check, brief


@dataclass(frozen=True, slots=True)
class Kind:
    """``name``: text, id, word, list, date, day, country, region, url, geoid or number.

    ``terms``: the words that may stand, in their order. ``pattern``: a first test of a whole cell,
    anchored by definition, in what XML Schema's and Python's expressions share. ``limit``: the
    largest absolute value of a number. ``canonical``: writes a cell in its canonical form.
    """

    name: str
    checks: tuple[Check, ...]
    terms: tuple[str, ...] = ()
    pattern: str = ""
    limit: int = 0
    canonical: Callable[[str], str] = str.strip


_Check = partial(Check, table="")


def _obeys(
    check: Check, obeys: Callable[[str], object], sentence: str, *, many: bool = False
) -> Check:
    """The check that a cell obeys, of a list each word, or else ``sentence`` is said, with what
    does not for its ``{}``."""

    def look(text: str) -> str | None:
        parts = [word for word in text.split(";") if word] if many else [text]
        wrong = next((part for part in parts if not obeys(part)), None)
        return None if wrong is None else sentence.format(repr(brief(wrong)))

    return check(look)


REQUIRED: Final = _obeys(
    _Check("R100", "A required cell is filled."), bool, "is empty, and every row needs it"
)
ALONE: Final = _obeys(
    _Check("R105", "Each policy_id names one row only."),
    lambda text: False,  # of a text that stands in an earlier row, which the models find
    "{} names an earlier row already: give each its own",
)


# --- text

# Control, direction and invisible characters, halves of pairs, and what Unicode reserves for none:
# XML may not hold U+FFFE and U+FFFF.
_LAST = "".join(
    chr(plane | last) for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF)
)
_ACTING = re.compile(
    rf"[\x00-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff"
    rf"\ud800-\udfff\ufdd0-\ufdef{_LAST}]"
)


def _text(*, allowed: str) -> Kind:
    @_Check("R116", "Text holds no control characters and none that turn its direction.")
    def inert(text: str) -> str | None:
        for character in _ACTING.findall(text):
            if character not in allowed:
                name = unicodedata.name(character, "a control character").lower()
                return f"holds U+{ord(character):04X} ({name}): remove it"
        return None

    return Kind("text", (inert, _normal, _tidy, _telling, _decoded), canonical=_tidied)


def _tidied(text: str) -> str:
    if text.isascii() and "  " not in text and text.isprintable() and text == text.strip():
        return text
    lines = unicodedata.normalize("NFC", text).strip().split("\n")
    return "\n".join(re.sub(r"[^\S\n]{2,}", " ", line).strip() for line in lines)


_normal = _obeys(
    _Check("R117", "Text is in Unicode normal form NFC.", "warning", fixed_by_fmt=True),
    partial(unicodedata.is_normalized, "NFC"),
    "is not in Unicode normal form NFC: `frtracker fmt` mends it",
)
_tidy = _obeys(
    _Check("R118", "Text has no leading, trailing or double blanks.", "warning", fixed_by_fmt=True),
    lambda text: not re.search(r"^\s|\s$|[^\S\n]{2}|[^\S\n]\n|\n[^\S\n]", text),
    "has leading, trailing or double blanks: `frtracker fmt` mends it",
)
_PLACEHOLDER = re.compile(
    r"(?i:#?n/?a|null|none|unknown|not (?:known|available|applicable)|tb[ad]|to ?do)"
    r"|nan|NaN|[-\u2010-\u2015.?*_/]+"  # Nan is a province
)
_telling = _obeys(
    _Check("R121", "Text is no placeholder: what is not known is left empty."),
    lambda text: not _PLACEHOLDER.fullmatch(text),
    "{} says nothing: leave the cell empty, or write what is known",
)


@_Check("R122", "Text was not read in a wrong encoding (Ã¼ for ü).")
def _decoded(text: str) -> str | None:
    for part in () if text.isascii() else re.split("[ \n]", text):
        right = word = part.strip("\"'‘’‚“”„«»‹›()[].,:;!?")  # É» alone would be right
        with suppress(UnicodeError):
            right = word.encode("cp1252").decode("utf-8")
        if right != word or "\ufffd" in word:
            cure = "write the letter lost" if right == word else f"write {brief(right)!r}"
            return f"{brief(word)!r} was read in a wrong encoding: {cure}"
    return None


TEXT: Final = _text(allowed="")
LINES: Final = _text(allowed="\n")
"""Text of one or more lines."""


# --- words, ids, and lists of them, joined by ';'


def _split(text: str) -> list[str]:
    return list(dict.fromkeys(_tidied(word) for word in text.split(";") if word.strip()))


def _list(pattern: str, *checks: Check, terms: tuple[str, ...] = ()) -> Kind:
    """In canonical form in the order of ``terms``; words that are none of them keep their order, at
    the end."""
    place = {term: position for position, term in enumerate(terms)}

    def canonical(text: str) -> str:
        words = _split(text)
        return ";".join(sorted(words, key=lambda it: place.get(it.removesuffix("~"), len(place))))

    return Kind("list", checks, terms, f"{pattern}(;{pattern})*", canonical=canonical)


@_Check("R102", "A list is joined by ';' without blanks and names nothing twice.")
def _listed(text: str) -> str | None:
    words = text.split(";")
    if any(word != word.strip() or not word for word in words):
        return f"{brief(text)!r} must be words joined by ';' with no blanks and none empty"
    twice = next((word for word, number in Counter(words).items() if number > 1), None)
    return None if twice is None else f"{brief(twice)!r} is named twice; once is right"


_any_alone = _obeys(
    _Check("R103", "'any' stands alone: it covers every other use."),
    lambda text: "any" not in text.split(";") or {*text.split(";")} == {"any"},
    "'any' covers every use: write 'any' alone, or the kinds alone",
)


def _known(terms: tuple[str, ...], *, many: bool) -> Check:
    check = _Check("R101", "A cell with a closed vocabulary holds words of it.")
    return _obeys(check, terms.__contains__, f"{{}} is none of {', '.join(terms)}", many=many)


def word(terms: Iterable[str]) -> Kind:
    """One word of ``terms``."""
    return Kind("word", (_known(tuple(terms), many=False),), tuple(terms))


def words(terms: Iterable[str]) -> Kind:
    """Words of ``terms``; 'any', where there is one, stands alone."""
    terms = tuple(terms)
    checks = (_listed, _known(terms, many=True), *([_any_alone] if "any" in terms else []))
    return _list(f"({'|'.join(terms)})", *checks, terms=terms)


def supports(columns: Iterable[str], dates: Collection[str]) -> Kind:
    """Names of ``columns``; those of ``dates`` may be followed by '~'."""

    @_Check("R119", "`supports` names columns of policies.csv; '~' follows dates only.")
    def provable(text: str) -> str | None:
        for word in text.split(";"):
            name = word.removesuffix("~")
            if name and name not in columns:
                return f"{brief(word)!r} is no column that a source can prove"
            if word.endswith("~") and name not in dates:
                return f"{brief(word)!r}: '~' (computed) is for dates; write {brief(name)!r}"
        return None

    columns = tuple(columns)
    words = "|".join(f"{name}~?" if name in dates else name for name in columns)
    return _list(f"({words})", _listed, provable, terms=columns)


_SLUG = "[a-z0-9]+(-[a-z0-9]+)*"
_slug = _obeys(
    _Check("R104", "A policy_id is made of lower-case letters, digits and single hyphens."),
    re.compile(_SLUG).fullmatch,
    "{} is not a slug: use a-z, 0-9 and single hyphens (us-ca-oakland-2019)",
)
ID: Final = Kind("id", (_slug,), pattern=_SLUG)
IDS: Final = _list(_SLUG, _listed)
"""``policy_id`` values; the checks on rows say whether they exist."""
NAMES: Final = _list("[^;]+", *TEXT.checks, _listed)


# --- days

_POINT = "[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?"
_DAY = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"


@_Check("R106", "A date is a day, month, year, [A..B] or [..B] that exists.")
def _date(text: str) -> str | None:
    try:
        dates.parse(dates.from_version_1(brief(text)))
    except ValueError as error:
        return str(error)
    return None


@_Check("R107", "The day of a review or a search is one exact day.")
def _day(text: str) -> str | None:
    wrong = f"{text!r} must be one day (2026-11-22)"
    return _date.look(text) or (None if re.fullmatch(_DAY, text) else wrong)


@_Check("R120", "A date is not in the notation of version 1, A/B or /B.", fixed_by_fmt=True)
def _notation(text: str) -> str | None:
    today = dates.from_version_1(text)
    if today == text:
        return None
    return f"{text!r} is in the notation of version 1: `frtracker fmt` writes {today!r}"


# Strings with a pattern: a date of a data package is a day, and would refuse months and intervals.
DATE_RANGE: Final = Kind(
    "date",
    (_date, _notation),
    pattern=rf"({_POINT}|\[({_POINT})?\.\.{_POINT}\])",
    canonical=lambda text: dates.evened(dates.from_version_1(text.strip())),
)
EXACT_DAY: Final = Kind("day", (_day,), pattern=_DAY)


# --- places


@cache
def iso_codes() -> Mapping[str, frozenset[str]]:
    """ISO 3166-1 alpha-2 code -> the ISO 3166-2 codes (``US-CA``) of its parts, from the list that
    ``scripts/make_iso3166.py`` makes."""
    text = files("frtracker.record").joinpath("iso3166.txt").read_text(encoding="utf-8")
    lines = (line.split() for line in text.splitlines() if not line.startswith("#"))
    return MappingProxyType(
        {country: frozenset(f"{country}-{part}" for part in parts) for country, *parts in lines}
    )


def is_country(code: str) -> bool:
    """Whether ISO 3166-1 has the code (``US``)."""
    return code in iso_codes()


def is_region(code: str) -> bool:
    """Whether ISO 3166-2 has the code (``US-CA``)."""
    return code in iso_codes().get(code[:2], ())


_COUNTRY = "[A-Z]{2}"
_REGION = "[A-Z]{2}-[A-Z0-9]{1,3}"
_GEOID = "([0-9]{2}|[0-9]{5}|[0-9]{7}|[0-9]{10})"

_country = _obeys(
    _Check("R108", "A country is a code of ISO 3166-1 alpha-2."),
    is_country,
    "{} is no country of ISO 3166-1 (two letters: US, GB)",
)
_region = _obeys(
    _Check("R109", "A region is a code of ISO 3166-2."),
    is_region,
    "{} is no region of ISO 3166-2 (US-CA, CA-QC); leave it empty if unsure",
)
_geoid = _obeys(
    _Check("R113", "A geoid is a US Census GEOID of 2, 5, 7 or 10 digits."),
    re.compile(_GEOID).fullmatch,
    "{} is no GEOID: 2 digits for a state, 5 for a county, 7 for a place, 10 for a county"
    " subdivision",
)
_territory = _obeys(
    _Check("R110", "A territory is a list of codes of ISO 3166-1 or ISO 3166-2."),
    lambda code: is_country(code) or is_region(code),
    "{} is no code of ISO 3166 (US, US-IL)",
    many=True,
)


def _degrees(limit: int, code: str, name: str) -> Kind:
    form = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{1,12})?")
    check = _obeys(
        _Check(code, f"A {name} is a number from -{limit} to {limit}."),
        lambda text: form.fullmatch(text) and abs(float(text)) <= limit,
        f"{{}} is not a number from -{limit} to {limit} (37.77)",
    )
    return Kind("number", (check,), limit=limit)


COUNTRY_CODE: Final = Kind("country", (_country,), pattern=_COUNTRY)
REGION_CODE: Final = Kind("region", (_region,), pattern=_REGION)
CODES: Final = replace(
    _list(f"({_COUNTRY}|{_REGION})", _listed, _territory),
    canonical=lambda text: ";".join(sorted(_split(text))),
)
GEOID_CODE: Final = Kind("geoid", (_geoid,), pattern=_GEOID)
LATITUDE_DEGREES: Final = _degrees(90, "R114", "latitude")
LONGITUDE_DEGREES: Final = _degrees(180, "R115", "longitude")


# --- web addresses

_HOST = re.compile(r"(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_][\w-]*")


@_Check("R111", "A link is a whole http or https address.")
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


_secure = _obeys(
    _Check("R112", "A link is an https address where the site has one.", "warning"),
    lambda text: not text.startswith("http://"),
    "plain http: give the https address if the site has one",
)
URL: Final = Kind("url", (_link, _secure), pattern="https?://[^\\s]+")


def is_web(address: str) -> bool:
    """Whether a link may lead there: only to the web."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme.lower() in ("http", "https") and bool(parts.netloc)
