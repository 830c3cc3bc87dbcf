"""Words → the acts whose summary, exceptions, instrument or notes have them, best first."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Final

from frtracker import wording
from frtracker.answers.documents import Document, heading, identity, records
from frtracker.answers.here import relations_in
from frtracker.answers.status import UNFILTERED, Filters, rules_on
from frtracker.places.place import Place
from frtracker.places.subjects import subjects_by_key
from frtracker.record.load import Tables
from frtracker.record.tables import slug
from frtracker.timeline import Timeline
from frtracker.vocabulary import HELD_STATES

WEIGHTS: Final = MappingProxyType({"summary": 3, "exceptions": 3, "instrument": 2, "notes": 1})
"""What is searched, and how much a word counts there."""

_WORD: Final = re.compile(r"\w+(?:['’]\w+)*")
_SENTENCE: Final = re.compile(r"(?<=[.!?])(?<![ .(][A-Z]\.)(?<!\bNo\.)\s+(?=[A-Z\"'(])")
_STOP_WORDS: Final = {
    *(
        "a",
        "about",
        "also",
        "an",
        "and",
        "any",
        "are",
        "as",
        "at",
        "be",
        "been",
        "but",
        "by",
        "can",
    ),
    *("did", "do", "does", "for", "from", "had", "has", "have", "how", "if", "in", "into", "is"),
    *("it", "its", "may", "not", "of", "on", "or", "our", "that", "the", "their", "them", "they"),
    *("this", "those", "to", "was", "were", "what", "when", "where", "which", "who", "whom"),
    *("whose", "why", "will", "with"),
}

Term = tuple[str, ...]
"""The stems of a word, or of the words of a phrase."""


@dataclass(frozen=True)
class _Piece:
    """A sentence, or an exception, of an act: its words as (stem, start, end)."""

    field: str
    text: str
    words: tuple[tuple[str, int, int], ...]

    def spans(self, term: Term) -> list[list[int]]:
        """Where the term is in the text, as [start, end]."""
        stems, size = [stem for stem, _, _ in self.words], len(term)
        return [
            [self.words[at][1], self.words[at + size - 1][2]]
            for at in range(len(stems) - size + 1)
            if tuple(stems[at : at + size]) == term
        ]


def search(
    tables: Tables,
    timeline: Timeline,
    day: date,
    words: Sequence[str],
    *,
    filters: Filters = UNFILTERED,
    places: Sequence[Place] = (),
    in_force: bool = False,
) -> Document:
    """The acts with one of ``words`` at least, as plain JSON types; those with all of them first,
    then by how rare the words are, where they are (:data:`WEIGHTS`), and how many share a sentence.

    ``words``: a word matches all its forms; what is in quotes, or has a blank and is one of several
    texts, is a phrase. ``places``: only their own acts and rules of others that reach them.
    ``in_force``: only rules that are in force, or may be, on ``day``, of which each has its
    ``state``. ``hits``: the sentences in which the words are, ``spans`` from character to
    character. Raises ``ValueError`` where there is no word.
    """
    terms = _terms(words)
    if not terms:
        raise ValueError("There are no words to search for.")
    relations = relations_in(tables, places) if places else None
    states = {rule["policy_id"]: rule for own in rules_on(timeline, day).values() for rule in own}
    pieces = {policy_id: [*_pieces(rule)] for policy_id, rule in states.items()}
    found = {
        policy_id: [(piece, term) for piece in own for term in terms if piece.spans(term)]
        for policy_id, own in pieces.items()
    }
    having = Counter(term for own in found.values() for term in {term for _, term in own})
    worth = {term: math.log(1 + len(found) / (1 + having[term])) for term in terms}
    subjects, results = subjects_by_key(tables.subjects), []
    for row in records(timeline.policies):
        policy_id, subject = row["policy_id"], subjects[row["subject_key"]]
        rule, matches = states[policy_id], found[policy_id]
        shown = rule["state"] in HELD_STATES if in_force else rule["state"] != "not_yet"
        if not (matches and shown and filters.admits_act(subject, row)):
            continue
        if relations is None or policy_id in relations:
            results.append(
                {
                    **identity(subject),
                    **rule,
                    **_scored(matches, worth),
                    "relation": relations[policy_id] if relations else "own",
                }
            )
    results.sort(key=lambda result: (-result["all_words"], -result["score"], result["policy_id"]))
    whole = sum(result["all_words"] for result in results)
    opening = heading("search", tables, timeline.known_at, as_of=day.isoformat())
    cited = f"search for {' '.join(words)} as of {wording.recorded(opening['as_of'])}"
    return {
        **opening,
        "words": [*terms.values()],
        "in_force": in_force,
        "counts": {"all_words": whole, "some_words": len(results) - whole},
        "results": results,
        "cite_as": wording.citation(opening, cited),
    }


def _terms(words: Sequence[str]) -> dict[Term, str]:
    """By its stems each word or phrase that is searched for; words such as "the" only where there
    are no others."""
    texts = [f'"{it}"' if " " in it and '"' not in it else it for it in words]
    texts = texts if len(words) > 1 else [*words]
    parts = [part for text in texts for part in re.findall(r'"[^"]*"|[^\s"]+', text)]
    found: dict[Term, str] = {}
    for part in parts:
        phrase = [part] if part.startswith('"') else _WORD.findall(part)
        for text in phrase:
            if term := tuple(stem for stem, _, _ in _words(text)):
                found.setdefault(term, text.strip('"'))
    telling = {term: text for term, text in found.items() if text.lower() not in _STOP_WORDS}
    return telling or found


def _pieces(rule: Document) -> Iterator[_Piece]:
    for field in WEIGHTS:
        text = rule[field] or ""
        parts: Iterable[str] = text if isinstance(text, list) else _SENTENCE.split(text)
        for part in [text] if field == "instrument" else parts:
            yield _Piece(field, part, tuple(_words(part)))


def _words(text: str) -> Iterator[tuple[str, int, int]]:
    for match in _WORD.finditer(text):
        yield _stem(match[0].casefold()), match.start(), match.end()


@cache
def _stem(word: str) -> str:
    from snowballstemmer.english_stemmer import EnglishStemmer

    stem: str = EnglishStemmer().stemWord(slug(word) or word)
    return stem


def _scored(matches: Sequence[tuple[_Piece, Term]], worth: Mapping[Term, float]) -> Document:
    """The score of an act, and the fewest sentences that have all its words, the best first."""
    by_piece: dict[_Piece, set[Term]] = {}
    best: dict[Term, float] = {}
    for piece, term in matches:
        by_piece.setdefault(piece, set()).add(term)
        best[term] = max(best.get(term, 0), worth[term] * WEIGHTS[piece.field])

    def value(piece: _Piece) -> float:
        return WEIGHTS[piece.field] * sum(worth[term] for term in by_piece[piece] & missing)

    missing, hits = set(best), []
    score = sum(best.values()) + max(map(value, by_piece))
    while missing:
        piece = max(by_piece, key=value)
        spans = sorted(span for term in by_piece[piece] for span in piece.spans(term))
        hits.append({"field": piece.field, "text": piece.text, "spans": spans})
        missing -= by_piece[piece]
    return {
        "score": round(score, 3),
        "all_words": len(best) == len(worth),
        "hits": hits,
    }
