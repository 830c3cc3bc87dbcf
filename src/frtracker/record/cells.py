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
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Final
from urllib.parse import urlsplit

from frtracker import dates
from frtracker.record import iso
from frtracker.record.findings import Check, brief

Problem = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Test:
    """A check as applied to the cells of one kind.

    ``problem``: a cell's text -> the sentence that says what would be right, None if it is right.
    ``terms``: the words that it allows, where nothing else counts.
    """

    check: Check
    problem: Problem
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


def _test(code: str, statement: str) -> Callable[[Problem], Test]:
    """Make a function that judges a cell a test with this code."""
    return partial(Test, Check(code, "error", statement))


def _obeys(check: Check, obeys: Callable[[str], object], sentence: str) -> Test:
    """The test that a cell obeys, or else ``sentence`` is said, with the cell for its ``{}``."""
    return Test(check, lambda text: None if obeys(text) else sentence.format(repr(brief(text))))


REQUIRED: Final = _obeys(
    Check("R100", "error", "A required cell is filled."), bool, "is empty, and every row needs it"
)
ALONE: Final = _obeys(
    Check("R105", "error", "Each policy_id names one row only."),
    lambda text: False,  # of a text that stands in an earlier row, which the models find
    "{} names an earlier row already: give each its own",
)


# --- text

_DIRECTION = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_INVISIBLE = frozenset("\ufeff\u200b\u2060\u00ad")


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


def _inert(text: str, *, lines: bool) -> str | None:
    if text.isascii() and text.isprintable():
        return None
    for character in text:
        if _acts(character) and not (lines and character == "\n"):
            name = unicodedata.name(character, "a control character")
            return f"holds U+{ord(character):04X} ({name.lower()}): remove it"
    return None


def _tidied(text: str) -> str:
    if text.isascii() and "  " not in text and text.isprintable() and text == text.strip():
        return text
    lines = unicodedata.normalize("NFC", text).strip().split("\n")
    return "\n".join(re.sub(r"[^\S\n]{2,}", " ", line).strip() for line in lines)


_without_control = _test(
    "R116", "Text holds no control characters and none that turn its direction."
)
_normal = _obeys(
    Check("R117", "warning", "Text is in Unicode normal form NFC.", fixed_by_fmt=True),
    partial(unicodedata.is_normalized, "NFC"),
    "is not in Unicode normal form NFC: `frtracker fmt` mends it",
)
_tidy = _obeys(
    Check("R118", "warning", "Text has no leading, trailing or double blanks.", fixed_by_fmt=True),
    lambda text: not re.search(r"^\s|\s$|[^\S\n]{2}|[^\S\n]\n|\n[^\S\n]", text),
    "has leading, trailing or double blanks: `frtracker fmt` mends it",
)


def _text(*, lines: bool) -> Kind:
    inert = _without_control(partial(_inert, lines=lines))
    return Kind("text", (inert, _normal, _tidy), canonical=_tidied)


TEXT: Final = _text(lines=False)
LINES: Final = _text(lines=True)
"""Text of one or more lines."""


# --- words, ids, and lists of them, joined by ';'


def _list_of(pattern: str) -> str:
    return f"{pattern}(;{pattern})*"


def _split(text: str) -> list[str]:
    return list(dict.fromkeys(_tidied(word) for word in text.split(";") if word.strip()))


def _in_order(text: str, terms: tuple[str, ...] = ()) -> str:
    """In the order of ``terms``; words that are none of them keep their order, at the end."""
    place = {term: position for position, term in enumerate(terms)}
    words = _split(text)
    return ";".join(sorted(words, key=lambda it: place.get(it.removesuffix("~"), len(place))))


@_test("R102", "A list is joined by ';' without blanks and names nothing twice.")
def _listed(text: str) -> str | None:
    words = text.split(";")
    if any(word != word.strip() or not word for word in words):
        return f"{brief(text)!r} must be words joined by ';' with no blanks and none empty"
    if len(set(words)) == len(words):
        return None
    twice = next(word for word, number in Counter(words).items() if number > 1)
    return f"{brief(twice)!r} is named twice; once is right"


_any_alone = _obeys(
    Check("R103", "error", "'any' stands alone: it covers every other use."),
    lambda text: "any" not in text.split(";") or {*text.split(";")} == {"any"},
    "'any' covers every use: write 'any' alone, or the kinds alone",
)


def _known(terms: tuple[str, ...], *, many: bool) -> Problem:
    def problem(text: str) -> str | None:
        words = text.split(";") if many else [text]
        wrong = next((word for word in words if word and word not in terms), None)
        return None if wrong is None else f"{brief(wrong)!r} is none of {', '.join(terms)}"

    return problem


_WORDS = Check("R101", "error", "A cell with a closed vocabulary holds words of it.")


def word(terms: Iterable[str]) -> Kind:
    """One word of ``terms``."""
    terms = tuple(terms)
    return Kind("word", (Test(_WORDS, _known(terms, many=False), terms),), terms)


def words(terms: Iterable[str]) -> Kind:
    """Words of ``terms``; 'any', where there is one, stands alone."""
    terms = tuple(terms)
    tests = (_listed, Test(_WORDS, _known(terms, many=True)), _any_alone)
    return Kind(
        "list",
        tests if "any" in terms else tests[:2],
        terms,
        _list_of(f"({'|'.join(terms)})"),
        canonical=partial(_in_order, terms=terms),
    )


def supports(columns: Iterable[str], dates: Collection[str]) -> Kind:
    """Names of ``columns``; those of ``dates`` may be followed by '~'."""
    columns = tuple(columns)

    @_test("R119", "`supports` names columns of policies.csv; '~' follows dates only.")
    def provable(text: str) -> str | None:
        for word in text.split(";"):
            name = word.removesuffix("~")
            if name and name not in columns:
                return f"{brief(word)!r} is no column that a source can prove"
            if word.endswith("~") and name not in dates:
                return f"{brief(word)!r}: '~' (computed) is for dates; write {brief(name)!r}"
        return None

    words = "|".join(f"{name}~?" if name in dates else name for name in columns)
    canonical = partial(_in_order, terms=columns)
    return Kind("list", (_listed, provable), columns, _list_of(f"({words})"), canonical=canonical)


_SLUG = "[a-z0-9]+(-[a-z0-9]+)*"
_slug = _obeys(
    Check("R104", "error", "A policy_id is made of lower-case letters, digits and single hyphens."),
    re.compile(_SLUG).fullmatch,
    "{} is not a slug: use a-z, 0-9 and single hyphens (us-ca-oakland-2019)",
)
ID: Final = Kind("id", (_slug,), pattern=_SLUG)
IDS: Final = Kind("list", (_listed,), pattern=_list_of(_SLUG), canonical=_in_order)
"""``policy_id`` values; the checks on rows say whether they exist."""
NAMES: Final = Kind("list", (*TEXT.tests, _listed), pattern=_list_of("[^;]+"), canonical=_in_order)


# --- days

_POINT = "[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?"


@_test("R106", "A date is a day, month, year, [A..B] or [..B] that exists.")
def _date(text: str) -> str | None:
    try:
        dates.parse(dates.from_version_1(brief(text)))
    except ValueError as error:
        return str(error)
    return None


@_test("R107", "The day of a review or a search is one exact day.")
def _day(text: str) -> str | None:
    problem = _date.problem(text)
    is_day = dates.is_date(text) and text[0] != "[" and dates.parse(text).is_exact
    if problem is None and not is_day:
        return f"{text!r} must be one day (2026-11-22)"
    return problem


def _in_notation(text: str) -> str | None:
    today = dates.from_version_1(text)
    if today == text:
        return None
    return f"{text!r} is in the notation of version 1: `frtracker fmt` writes {today!r}"


_NOTATION = Check(
    "R120", "error", "A date is not in the notation of version 1, A/B or /B.", fixed_by_fmt=True
)
# Strings with a pattern: a date of a data package is a day, and would refuse months and intervals.
DATE_RANGE: Final = Kind(
    "date",
    (_date, Test(_NOTATION, _in_notation)),
    pattern=rf"({_POINT}|\[({_POINT})?\.\.{_POINT}\])",
    canonical=lambda text: dates.evened(dates.from_version_1(text.strip())),
)
EXACT_DAY: Final = Kind("day", (_day,), pattern="[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")


# --- places

_COUNTRY = "[A-Z]{2}"
_REGION = "[A-Z]{2}-[A-Z0-9]{1,3}"
_GEOID = "([0-9]{2}|[0-9]{5}|[0-9]{7}|[0-9]{10})"

_country = _obeys(
    Check("R108", "error", "A country is a code of ISO 3166-1 alpha-2."),
    lambda text: iso.is_country(text),
    "{} is no country of ISO 3166-1 (two letters: US, GB)",
)
_region = _obeys(
    Check("R109", "error", "A region is a code of ISO 3166-2."),
    lambda text: iso.is_region(text),
    "{} is no region of ISO 3166-2 (US-CA, CA-QC); leave it empty if unsure",
)
_geoid = _obeys(
    Check("R113", "error", "A geoid is a US Census GEOID of 2, 5, 7 or 10 digits."),
    re.compile(_GEOID).fullmatch,
    "{} is no GEOID: 2 digits for a state, 5 for a county, 7 for a place, 10 for a county"
    " subdivision",
)


@_test("R110", "A territory is a list of codes of ISO 3166-1 or ISO 3166-2.")
def _territory(text: str) -> str | None:
    for code in text.split(";"):
        if code and not (iso.is_country(code) or iso.is_region(code)):
            return f"{brief(code)!r} is no code of ISO 3166 (US, US-IL)"
    return None


def _degrees(limit: int, code: str, name: str) -> Kind:
    form = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{1,12})?")
    test = _obeys(
        Check(code, "error", f"A {name} is a number from -{limit} to {limit}."),
        lambda text: form.fullmatch(text) and abs(float(text)) <= limit,
        f"{{}} is not a number from -{limit} to {limit} (37.77)",
    )
    return Kind("number", (test,), limit=limit)


COUNTRY_CODE: Final = Kind("country", (_country,), pattern=_COUNTRY)
REGION_CODE: Final = Kind("region", (_region,), pattern=_REGION)
CODES: Final = Kind(
    "list",
    (_listed, _territory),
    pattern=_list_of(f"({_COUNTRY}|{_REGION})"),
    canonical=lambda text: ";".join(sorted(_split(text))),
)
GEOID_CODE: Final = Kind("geoid", (_geoid,), pattern=_GEOID)
LATITUDE_DEGREES: Final = _degrees(90, "R114", "latitude")
LONGITUDE_DEGREES: Final = _degrees(180, "R115", "longitude")


# --- web addresses

_HOST = re.compile(r"(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_][\w-]*")


@_test("R111", "A link is a whole http or https address.")
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
    Check("R112", "warning", "A link is an https address where the site has one."),
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
