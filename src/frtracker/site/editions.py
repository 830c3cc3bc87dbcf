"""The released editions: their addresses, the files published with them, what each brought."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import groupby
from typing import Final, NamedTuple

from frtracker import wording
from frtracker.answers.changes import first_day, of_rules
from frtracker.answers.documents import Document
from frtracker.answers.editions import Released, brought
from frtracker.export import File
from frtracker.files import EDITIONS

PAGE: Final = f"{EDITIONS}/index.html"
"""Of the list of them."""

Years = list[tuple[str, list[Document]]]


class Edition(NamedTuple):
    """A released edition as the site shows it. ``folder``: ``editions/2026.11.22/``; ``files``:
    published as they were kept. Of its events, by year, the latest first: ``rules``, ``bills`` (of
    ``law``), ``corrections``, ``cancelled``."""

    name: str
    folder: str
    document: Document
    files: tuple[File, ...]
    rules: Years
    bills: Years
    corrections: Years
    cancelled: Years

    @property
    def words(self) -> str:
        """``edition 2026.11.22 (98545d752d29, 359 rows)``"""
        return wording.edition({**self.document, "policies": self.document["rows"]["policies"]})


def newest_first(released: Iterable[Released]) -> list[Edition]:
    """The editions for the site."""
    return [_edition(it) for it in reversed([*released])]


def _edition(edition: Released) -> Edition:
    name, document = edition.name, edition.document
    folder = f"{EDITIONS}/{name}/"
    law = [*brought(document, name, corrections=False)]
    rules = of_rules(law)
    return Edition(
        name,
        folder,
        document,
        (*_files(edition),),
        _by_year(rules),
        _by_year(event for event in law if event["kind"] not in wording.RULE_EVENTS),
        _by_year(brought(document, name, corrections=True)),
        _by_year(document["cancelled"]),
    )


def _files(edition: Released) -> Iterator[File]:
    for path in (edition.folder / name for name in ("edition.json", "positions.csv")):
        with suppress(FileNotFoundError):
            name, kind = f"{EDITIONS}/{edition.name}/{path.name}", path.suffix.removeprefix(".")
            yield File(name, kind, path.read_bytes())


def _by_year(events: Iterable[Document]) -> Years:
    latest_first = sorted(events, key=first_day, reverse=True)
    years = groupby(latest_first, key=lambda event: first_day(event)[:4])
    return [(year, list(own)) for year, own in years]
