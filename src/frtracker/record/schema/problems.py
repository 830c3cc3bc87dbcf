"""What can be wrong with a single cell: each a small function that says it, or nothing."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection
from urllib.parse import urlsplit

from frtracker import dates
from frtracker.record import iso
from frtracker.record.findings import brief

Problem = Callable[[str], str | None]
"""A cell's text -> the sentence that says what would be right, or None if it is right."""


def filled(text: str) -> str | None:
    return None if text else "is empty, and every row needs it"


def word_of(terms: Collection[str], *, many: bool = False) -> Problem:
    """Each word (one, or several joined by ';') is one of ``terms``."""
    known = frozenset(terms)

    def problem(text: str) -> str | None:
        words = text.split(";") if many else [text]
        wrong = [word for word in words if word and word not in known]
        if not wrong:
            return None
        return f"{brief(wrong[0])!r} is none of {', '.join(terms)}"

    return problem


def listed(text: str) -> str | None:
    words = text.split(";")
    if any(word != word.strip() or not word for word in words):
        return f"{brief(text)!r} must be words joined by ';' with no blanks and none empty"
    if len(set(words)) == len(words):
        return None
    twice = next(word for word, number in Counter(words).items() if number > 1)
    return f"{brief(twice)!r} is named twice; once is right"


def any_alone(text: str) -> str | None:
    words = text.split(";")
    if "any" in words and len(set(words)) > 1:
        return "'any' covers every use: write 'any' alone, or the kinds alone"
    return None


_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def slugged(text: str) -> str | None:
    if _SLUG.fullmatch(text):
        return None
    return f"{brief(text)!r} is not a slug: use a-z, 0-9 and single hyphens (us-ca-oakland-2019)"


def dated(text: str) -> str | None:
    try:
        dates.parse(brief(text))
    except ValueError as error:
        return str(error)
    return None


def exact_day(text: str) -> str | None:
    problem = dated(text)
    if problem is None and not dates.parse(text).is_exact:
        return f"{text!r} must be one day (2026-11-22)"
    return problem


def country(text: str) -> str | None:
    if iso.is_country(text):
        return None
    return f"{brief(text)!r} is no country of ISO 3166-1 (two letters: US, GB)"


def region(text: str) -> str | None:
    if iso.is_region(text):
        return None
    return f"{brief(text)!r} is no region of ISO 3166-2 (US-CA, CA-QC); leave it empty if unsure"


def territory(text: str) -> str | None:
    for code in text.split(";"):
        if code and not (iso.is_country(code) or iso.is_region(code)):
            return f"{brief(code)!r} is no code of ISO 3166 (US, US-IL)"
    return None


_HOST = re.compile(r"(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_][\w-]*")
_PLAIN_LINK = re.compile(
    r"https?://(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]*"
    r"(?:[/?#][!#-;=?-\[\]_a-z~]*)?"
)


def link(text: str) -> str | None:
    if _PLAIN_LINK.fullmatch(text):
        return None
    wrong = f"{brief(text)!r} is not a whole web address (https://example.org/page)"
    if any(character.isspace() or not character.isprintable() for character in text):
        return f"{wrong}: it holds blanks or control characters"
    if any(character in '<>"`\\{}|^' for character in text):
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


def secure_link(text: str) -> str | None:
    if text.startswith("http://"):
        return "plain http: give the https address if the site has one"
    return None


def geoid(text: str) -> str | None:
    if re.fullmatch(r"[0-9]{2}|[0-9]{5}|[0-9]{7}|[0-9]{10}", text):
        return None
    return (
        f"{brief(text)!r} is no GEOID: 2 digits for a state, 5 for a county, 7 for a place,"
        " 10 for a county subdivision"
    )


def number_within(limit: int) -> Problem:
    def problem(text: str) -> str | None:
        if re.fullmatch(r"-?[0-9]{1,3}(?:\.[0-9]{1,12})?", text) and abs(float(text)) <= limit:
            return None
        return f"{brief(text)!r} is not a number from -{limit} to {limit} (37.77)"

    return problem


_DIRECTION = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_INVISIBLE = frozenset("\ufeff\u200b\u2060\u00ad")


def inert_text(*, lines: bool) -> Problem:
    """No control, direction or invisible characters; ``lines``: line feeds may stand."""

    def acts(character: str) -> bool:
        if character == "\n":
            return not lines
        return (
            unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}
            or character in _DIRECTION
            or character in _INVISIBLE
            or _is_noncharacter(ord(character))
        )

    def problem(text: str) -> str | None:
        if text.isascii() and text.isprintable():
            return None
        for character in text:
            if acts(character):
                name = unicodedata.name(character, "a control character")
                return f"holds U+{ord(character):04X} ({name.lower()}): remove it"
        return None

    return problem


def _is_noncharacter(code: int) -> bool:
    """Reserved by Unicode for no character at all; XML may not hold U+FFFE and U+FFFF."""
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


def normal_form(text: str) -> str | None:
    if unicodedata.is_normalized("NFC", text):
        return None
    return "is not in Unicode normal form NFC: `frtracker fmt` mends it"


_BLANKS = re.compile(r"^\s|\s$|[^\S\n]{2}|[^\S\n]\n|\n[^\S\n]")


def tidy_blanks(text: str) -> str | None:
    if _BLANKS.search(text):
        return "has leading, trailing or double blanks: `frtracker fmt` mends it"
    return None


def supported_columns(columns: Collection[str], dated_columns: Collection[str]) -> Problem:
    def problem(text: str) -> str | None:
        for word in text.split(";"):
            name = word.removesuffix("~")
            if name and name not in columns:
                return f"{brief(word)!r} is no column that a source can prove"
            if word.endswith("~") and name not in dated_columns:
                return f"{brief(word)!r}: '~' (computed) is for dates; write {brief(name)!r}"
        return None

    return problem
