"""Which subject lies in which, as far as the site has pages."""

from __future__ import annotations

from collections.abc import Mapping

from frtracker.answers.status import Document
from frtracker.record.keys import slug

Histories = Mapping[str, Document]


def ancestors(document: Document, pages: Histories) -> list[str]:
    """Keys of the subjects around it that have a page, the nearest first."""
    region, country = document["region"] or "", document["country"] or ""
    around = [f"{(region or country).lower()}-{slug(name)}" for name in document["within"]]
    if document["subject_type"] not in ("vendor", "company"):
        around += [region.lower(), country.lower()]
    return [key for key in dict.fromkeys(around) if key in pages and key != document["key"]]


def children(pages: Histories) -> dict[str, list[str]]:
    """Key of each subject → keys of those whose nearest ancestor it is, in order of name."""
    found: dict[str, list[str]] = {}
    for key, document in pages.items():
        for parent in ancestors(document, pages)[:1]:
            found.setdefault(parent, []).append(key)
    return {
        parent: sorted(keys, key=lambda key: (pages[key]["subject"], key))
        for parent, keys in found.items()
    }
