"""The kinds of cells: what a cell may contain, the message where it contains something else, and
how `frtracker fmt` writes it. Models, findings and the data package read it here. An empty cell is
judged by :data:`REQUIRED` alone."""

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

from frtracker import dates, wording
from frtracker.codes import ABROAD_REGION_NAMES, US_REGION_NAMES, countries
from frtracker.record.findings import Check, brief


@dataclass(frozen=True, slots=True)
class Kind:
    """``name``: text, id, word, list, date, day, country, region, url, geoid or number.

    ``checks``: of a word, the last is the one on its vocabulary. ``terms``: the allowed words, in
    their order. ``pattern``: a first test of a whole cell,
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
    """The check that a cell, or each word of a list, obeys. ``sentence`` is the message, with what
    is wrong in place of ``{}``."""

    def look(text: str) -> str | None:
        parts = [word for word in text.split(";") if word] if many else [text]
        wrong = next((part for part in parts if not obeys(part)), None)
        return None if wrong is None else sentence.format(repr(brief(wrong)))

    return check(look)


REQUIRED: Final = _obeys(
    _Check("R100", "A required cell is filled."), bool, "empty: every row needs it"
)
ALONE: Final = _obeys(
    _Check("R105", "Each policy_id names only one row."),
    lambda text: False,  # asked only about a text that an earlier row has
    "duplicate policy_id {}",
)


# --- text

# Control, direction and invisible characters, halves of pairs, and what Unicode reserves for none:
# XML may not contain U+FFFE and U+FFFF.
_LAST = "".join(
    chr(plane | last) for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF)
)
_ACTING = re.compile(
    rf"[\x00-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff"
    rf"\ud800-\udfff\ufdd0-\ufdef{_LAST}]"
)


def _text(*, allowed: str) -> Kind:
    @_Check("R116", "Text has no control characters and none that change its direction.")
    def inert(text: str) -> str | None:
        for character in _ACTING.findall(text):
            if character not in allowed:
                name = unicodedata.name(character, "a control character").lower()
                return f"contains U+{ord(character):04X} ({name}): remove it"
        return None

    return Kind("text", (_decoded, inert, _normal, _tidy, _telling), canonical=_tidied)


def _tidied(text: str) -> str:
    if text.isascii() and "  " not in text and text.isprintable() and text == text.strip():
        return text
    lines = unicodedata.normalize("NFC", text).strip().split("\n")
    return "\n".join(re.sub(r"[^\S\n]{2,}", " ", line).strip() for line in lines)


_normal = _obeys(
    _Check(
        "R117",
        "Text is in Unicode normal form NFC.",
        "warning",
        fixed_by_fmt=True,
        title="not in Unicode normal form NFC",
    ),
    partial(unicodedata.is_normalized, "NFC"),
    "not in Unicode normal form NFC: `frtracker fmt` fixes it",
)
_tidy = _obeys(
    _Check(
        "R118",
        "Text has no leading, trailing or double blanks.",
        "warning",
        fixed_by_fmt=True,
        title="leading, trailing or double blanks",
    ),
    lambda text: not re.search(r"^\s|\s$|[^\S\n]{2}|[^\S\n]\n|\n[^\S\n]", text),
    "leading, trailing or double blanks: `frtracker fmt` removes them",
)
_PLACEHOLDER = re.compile(
    r"(?i:#?n/?a|null|none|unknown|not (?:known|available|applicable)|tb[ad]|to ?do)"
    r"|nan|NaN|[-\u2010-\u2015.?*_/#]+"  # Nan is a province
    r"|#[A-Z/0]+[!?]"  # as a spreadsheet shows an error
)
_telling = _obeys(
    _Check("R121", "A cell is not a placeholder: what is unknown is left empty."),
    lambda text: not _PLACEHOLDER.fullmatch(text),
    "{} is a placeholder: leave the cell empty, or write what is known",
)


@_Check(
    "R122",
    "Text was not read in the wrong encoding (Ã¼ for ü).",
    title="text read in the wrong encoding",
)
def _decoded(text: str) -> str | None:
    for part in () if text.isascii() else re.split("[ \n]", text):
        right = word = part.strip("\"'‘’‚“”„«»‹›()[].,:;!?")  # É» alone would be right
        # of Windows, of the web, and of spreadsheets on a Mac, in which ’É would be a letter too
        for encoding in ("cp1252", "latin-1", *["mac_roman"] * ("√" in word)):
            with suppress(UnicodeError):
                right = word.encode(encoding).decode("utf-8")
                break
        if right != word or "\ufffd" in word:
            fix = "write the lost letter" if right == word else f"write {brief(right)!r}"
            return f"{brief(word)!r} was read in the wrong encoding: {fix}"
    return None


TEXT: Final = _text(allowed="")
LINES: Final = _text(allowed="\n")
"""Text of one or more lines."""


# --- words, ids, and lists of them, joined by ';'


_blanks = _obeys(
    _Check(
        "R124",
        "A cell other than text has no blanks around it.",
        fixed_by_fmt=True,
        title="blanks around cells",
    ),
    lambda text: text == text.strip(),
    "{} begins or ends with a blank: `frtracker fmt` removes it",
)


@_Check("R125", "A cell other than text has plain hyphens, and no other blanks than spaces.")
def _typed(text: str) -> str | None:
    for character in text:
        category = unicodedata.category(character)
        name = unicodedata.name(character, "a control character").lower()
        if (category == "Pd" and character != "-") or character == "\N{MINUS SIGN}":
            return f"'{brief(text)}' contains U+{ord(character):04X} ({name}): type '-'"
        if category in ("Cc", "Cf", "Zl", "Zp") or (category == "Zs" and character != " "):
            return f"'{brief(text)}' contains U+{ord(character):04X} ({name}): remove it"
    return None


_TYPED: Final = (_blanks, _typed)


def _split(text: str) -> list[str]:
    return list(dict.fromkeys(_tidied(word) for word in text.split(";") if word.strip()))


def _list(pattern: str, *checks: Check, terms: tuple[str, ...] = ()) -> Kind:
    """In canonical form in the order of ``terms``; other words keep their order, at
    the end."""
    place = {term: position for position, term in enumerate(terms)}

    def canonical(text: str) -> str:
        words = _split(text)
        return ";".join(sorted(words, key=lambda it: place.get(it.removesuffix("~"), len(place))))

    return Kind("list", checks, terms, f"{pattern}(;{pattern})*", canonical=canonical)


_semicolons = _obeys(
    _Check("R126", "A list other than names is joined by semicolons, not by commas."),
    lambda text: "," not in text,
    "{}: join words with ';', not with a comma",
)


@_Check("R102", "A list is joined by ';' without blanks and has no word twice.")
def _listed(text: str) -> str | None:
    words = text.split(";")
    if any(word != word.strip() or not word for word in words):
        return f"{brief(text)!r}: join words with ';' and no blanks, as `frtracker fmt` does"
    twice = next((word for word, number in Counter(words).items() if number > 1), None)
    return None if twice is None else f"{brief(twice)!r} is listed twice"


_LISTED: Final = (*_TYPED, _semicolons, _listed)
"""Of a list of anything but names, which may have commas."""


_any_alone = _obeys(
    _Check("R103", "'any' is alone in its cell: it covers every other use."),
    lambda text: "any" not in text.split(";") or {*text.split(";")} == {"any"},
    "'any' covers every use: write 'any' alone, or only the kinds",
)


def _known(terms: tuple[str, ...], *, many: bool) -> Check:
    @_Check("R101", "A cell with a closed vocabulary has only words of it.")
    def known(text: str) -> str | None:
        parts = [word for word in text.split(";") if word] if many else [text]
        wrong = next((part for part in parts if part not in terms), None)
        if wrong is None:
            return None
        return wording.not_one_of(brief(wrong), terms).removesuffix(".")

    return known


def word(terms: Iterable[str]) -> Kind:
    """One word of ``terms``."""
    return Kind("word", (*_TYPED, _known(tuple(terms), many=False)), tuple(terms))


def words(terms: Iterable[str]) -> Kind:
    """Words of ``terms``; 'any', where there is one, is alone in its cell."""
    terms = tuple(terms)
    checks = (*_LISTED, _known(terms, many=True), *([_any_alone] if "any" in terms else []))
    return _list(f"({'|'.join(terms)})", *checks, terms=terms)


def supports(columns: Iterable[str], dates: Collection[str]) -> Kind:
    """Names of ``columns``; those of ``dates`` may be followed by '~'."""

    @_Check("R119", "`supports` lists columns of policies.csv; '~' follows only dates.")
    def provable(text: str) -> str | None:
        for word in text.split(";"):
            name = word.removesuffix("~")
            if name and name not in columns:
                near = wording.did_you_mean(name, columns)
                return f"{brief(word)!r} is not a column that a source can prove{near}"
            if word.endswith("~") and name not in dates:
                return f"{brief(word)!r}: '~' (computed) is for dates only: write {brief(name)!r}"
        return None

    columns = tuple(columns)
    words = "|".join(f"{name}~?" if name in dates else name for name in columns)
    return _list(f"({words})", *_LISTED, provable, terms=columns)


_SLUG = "[a-z0-9]+(-[a-z0-9]+)*"


@_Check("R104", "A policy_id is made of lower-case letters, digits and single hyphens.")
def _slug(text: str) -> str | None:
    if re.fullmatch(_SLUG, text):
        return None
    message = f"{brief(text)!r} is not an id: use a-z, 0-9 and single hyphens"
    near = re.sub("[^a-z0-9]+", "-", text[:80].lower()).strip("-")
    return f"{message}. Did you mean {near!r}?" if near else f"{message} (us-ca-oakland-2019)"


ID: Final = Kind("id", (*_TYPED, _telling, _slug), pattern=_SLUG)
IDS: Final = _list(_SLUG, _telling, *_LISTED)
"""``policy_id`` values; the checks on rows find those that do not exist."""
NAMES: Final = _list("[^;]+", *TEXT.checks, _listed)


# --- days

_POINT = "[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?"
_DAY = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"


@_Check(
    "R123",
    "A date is written year first (2021-06-30), not as a spreadsheet shows it.",
    title="dates changed by a spreadsheet",
)
def _reformatted(text: str) -> str | None:
    readings = dates.readings(text[:80])
    if len(readings) > 1:
        readings = tuple(
            f"{it} ({first} first)" for it, first in zip(readings, ("month", "day"), strict=True)
        )
    cause = "a spreadsheet may have changed the column"
    return f"{brief(text)!r}: write {' or '.join(readings)}; {cause}" if readings else None


@_Check("R106", "A date is a day, month, year, [A..B] or [..B] that exists.")
def _date(text: str) -> str | None:
    try:
        dates.parse(dates.from_version_1(brief(text)))
    except ValueError as error:
        if re.fullmatch("[0-9]{1,2}[. -]+[A-Za-z]{3,9}", text):
            return f"{text!r} has no year (a spreadsheet may have removed it): see the source"
        return str(error).removesuffix(".")
    return None


@_Check("R107", "The day of a review or a search is one exact day.")
def _day(text: str) -> str | None:
    wrong = f"{text!r} must be one day (2026-11-22)"
    return _date.look(text) or (None if re.fullmatch(_DAY, text) else wrong)


@_Check(
    "R120",
    "A date is not in the notation of version 1, A/B or /B.",
    fixed_by_fmt=True,
    title="dates in the notation of version 1",
)
def _notation(text: str) -> str | None:
    today = dates.from_version_1(text)
    if today == text:
        return None
    return f"{text!r} is in the notation of version 1: `frtracker fmt` writes {today!r}"


# Strings with a pattern: a date of a data package is a day, and would refuse months and intervals.
DATE_RANGE: Final = Kind(
    "date",
    (*_TYPED, _telling, _reformatted, _date, _notation),
    pattern=rf"({_POINT}|\[({_POINT})?\.\.{_POINT}\])",
    canonical=lambda text: dates.evened(dates.from_version_1(text.strip())),
)
EXACT_DAY: Final = Kind("day", (*_TYPED, _telling, _reformatted, _day), pattern=_DAY)

CAUSES: Final = (*_TYPED, _decoded, _telling, _semicolons, _reformatted)
"""Each explains a whole cell: where one of them finds something, no other check is reported."""


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

_OTHER_CODES: Final = {"UK": "GB", "USA": "US", "EL": "GR"}


@cache
def _codes_by_name() -> Mapping[str, tuple[str, ...]]:
    """The codes of the countries and regions that have a name, in small letters."""
    named: dict[str, tuple[str, ...]] = {}
    regions = {**US_REGION_NAMES, **ABROAD_REGION_NAMES}
    names = [(code, name) for code, also in countries().items() for name in also]
    for code, name in (*names, *regions.items()):
        named[name.casefold()] = (*named.get(name.casefold(), ()), code)
    return named


def _meant(text: str, *kinds: Callable[[str], bool]) -> str:
    """The end of a message: the code of one of these ``kinds`` that is meant by a name, a code of
    another list, or one in other letters."""
    upper = text.strip().upper()
    near = [_OTHER_CODES.get(upper, upper), f"US-{upper}", upper.replace("UK-", "GB-")]
    near += _codes_by_name().get(text.strip().casefold(), ())
    right = next((it for it in near if any(is_kind(it) for is_kind in kinds)), None)
    return f". Did you mean {right!r}?" if right else ""


@_Check("R108", "A country is a code of ISO 3166-1 alpha-2.")
def _country(text: str) -> str | None:
    wrong = f"{brief(text)!r} is not an ISO 3166-1 code (US, GB)"
    return None if is_country(text) else wrong + _meant(text, is_country)


@_Check("R109", "A region is a code of ISO 3166-2.")
def _region(text: str) -> str | None:
    wrong = f"{brief(text)!r} is not an ISO 3166-2 code (US-CA, CA-QC)"
    meant = _meant(text, is_region) or ": leave it empty if unsure"
    return None if is_region(text) else wrong + meant


@_Check("R113", "A geoid is a US Census GEOID of 2, 5, 7 or 10 digits.")
def _geoid(text: str) -> str | None:
    if re.fullmatch(_GEOID, text):
        return None
    digits = re.sub(r"""^=?["']+|["']+$|\.0+$""", "", text)  # as spreadsheets write numbers
    right = next((it for it in (digits, f"0{digits}") if re.fullmatch(_GEOID, it)), "")
    zero = f". Did you mean {right!r}?" if right else ""
    return (
        f"{brief(text)!r} is not a GEOID: 2 digits for a state, 5 for a county, 7 for a place, 10"
        f" for a county subdivision{zero}"
    )


@_Check("R110", "A territory is a list of codes of ISO 3166-1 or ISO 3166-2.")
def _territory(text: str) -> str | None:
    for code in text.split(";"):
        if code and not is_country(code) and not is_region(code):
            meant = _meant(code, is_country, is_region)
            return f"{brief(code)!r} is not an ISO 3166 code (US, US-IL){meant}"
    return None


def _degrees(limit: int, code: str, name: str) -> Kind:
    form = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{1,12})?")

    def obeys(text: str) -> bool:
        return form.fullmatch(text) is not None and abs(float(text)) <= limit

    @_Check(code, f"A {name} is a number from -{limit} to {limit}.")
    def check(text: str) -> str | None:
        point = text.replace(",", ".", 1)
        meant = f". Did you mean {point!r}?" if obeys(point) else ""
        if limit < 180 and form.fullmatch(text) and abs(float(text)) <= 180:
            meant = ". Is it the longitude?"
        wrong = f"{brief(text)!r} is not a number from -{limit} to {limit} (37.77){meant}"
        return None if obeys(text) else wrong

    return Kind("number", (*_TYPED, _telling, check), limit=limit)


_PEOPLE = "[1-9][0-9]{0,10}"


@_Check("R127", "A population is a whole number of people, without separators.")
def _whole(text: str) -> str | None:
    digits = re.sub(r"[ ,.'\u2019\u00a0\u202f](?=[0-9]{3}(?![0-9]))", "", text)
    meant = f". Did you mean {digits}?" if re.fullmatch(_PEOPLE, digits) else ""
    wrong = f"{brief(text)!r} is not a number of people (675647){meant}"
    return None if re.fullmatch(_PEOPLE, text) else wrong


COUNTRY_CODE: Final = Kind("country", (*_TYPED, _country), pattern=_COUNTRY)
REGION_CODE: Final = Kind("region", (*_TYPED, _telling, _region), pattern=_REGION)
CODES: Final = replace(
    _list(f"({_COUNTRY}|{_REGION})", *_LISTED, _territory),
    canonical=lambda text: ";".join(sorted(_split(text))),
)
GEOID_CODE: Final = Kind("geoid", (*_TYPED, _telling, _geoid), pattern=_GEOID)
PEOPLE: Final = Kind("count", (*_TYPED, _telling, _whole), pattern=_PEOPLE)
LATITUDE_DEGREES: Final = _degrees(90, "R114", "latitude")
LONGITUDE_DEGREES: Final = _degrees(180, "R115", "longitude")


# --- web addresses

_HOST = re.compile(r"(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_][\w-]*")


@_Check("R111", "A link is a whole http or https address.")
def _link(text: str) -> str | None:
    wrong = f"{brief(text)!r} is not a whole web address (https://example.org/page)"
    if " " in text or not text.isprintable():
        return f"{wrong}: it contains blanks or control characters"
    if re.search(r'[<>"`\\{}|^]', text):
        return f'{wrong}: percent-encode the characters < > " ` \\ {{ }} | ^'
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return wrong
    if not parts.scheme and _HOST.match(text):
        return f"{wrong}: write https:// before it"
    if parts.scheme not in {"http", "https"}:
        return f"{wrong}: only http and https are allowed"
    if host.endswith("."):
        return f"{wrong}: write the host without its final dot"
    if "@" in parts.netloc or not _HOST.fullmatch(host):
        return wrong
    return None


_secure = _obeys(
    _Check(
        "R112", "A link is an https address where the site has one.", "warning", title="plain http"
    ),
    lambda text: not text.startswith("http://"),
    "not https: give the https address if the site has one",
)
URL: Final = Kind("url", (_blanks, _link, _secure), pattern="https?://[^\\s]+")


def is_web(address: str) -> bool:
    """Whether a link may lead there: only to the web."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme.lower() in ("http", "https") and bool(parts.netloc)
