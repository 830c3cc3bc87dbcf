"""What a page says to search engines: JSON-LD in the words of schema.org."""

from __future__ import annotations

from typing import Any, Final

from frtracker import wording
from frtracker.answers.documents import Document
from frtracker.codes import code_name
from frtracker.export import MEDIA_TYPES
from frtracker.export.documents import Snapshot
from frtracker.page.elements import embedded_json
from frtracker.places.subjects import Subject
from frtracker.record.columns import LICENSE

_CONTEXT: Final = "https://schema.org"
_FORCE: Final = {"in_force": "InForce", "uncertain": ""}
"""By state of an act; every other is not in force."""
_FILES: Final = ("data/policies.csv", "data/positions.csv", "v2/all.json", "data/frtracker.sqlite")


def dataset(snapshot: Snapshot, url: str) -> str:
    """The record as a ``Dataset``; ``url``: the address of the site, '' if it has none."""
    edition, days = snapshot.status["dataset"], snapshot.timeline.positions["valid_from"]
    years = sorted(day.year for day in days if day.year > 1)
    return embedded_json(
        _lean(
            {
                "@context": _CONTEXT,
                "@type": "Dataset",
                "name": wording.TITLE,
                "description": "Laws, ordinances, policies and bills that ban, pause, limit or"
                " oversee facial recognition: who they apply to, since when, until when, with a"
                " source for each date.",
                "keywords": ["facial recognition", "face recognition", "ban", "law", "policy"],
                "url": url,
                "license": LICENSE,
                "isAccessibleForFree": True,
                "creator": {"@type": "Organization", "name": wording.AUTHORS},
                "citation": snapshot.status["cite_as"],
                "version": (edition["reviewed_through"] or "").replace("-", "."),
                "identifier": edition["edition"],
                "dateModified": edition["reviewed_through"],
                "temporalCoverage": f"{years[0]}/.." if years else "",
                "spatialCoverage": "World",
                "distribution": [
                    {
                        "@type": "DataDownload",
                        "name": name.rpartition("/")[2],
                        "encodingFormat": MEDIA_TYPES[name.rpartition(".")[2]],
                        "contentUrl": f"{url}{name}",
                    }
                    for name in _FILES
                ],
            }
        )
    )


def acts(document: Document, subject: Subject) -> str:
    """The acts of a subject as ``Legislation``; '' of a vendor or company, or without an act."""
    if subject.subject_type in ("vendor", "company") or not document["policies"]:
        return ""
    jurisdiction = {"@type": "AdministrativeArea", "name": subject.label}
    if subject.subject_type == "agency" and (subject.region or subject.country):
        jurisdiction["name"] = code_name(subject.region or subject.country)
    found = [
        _lean(
            {
                "@type": "Legislation",
                "name": act["instrument"] or act["policy_id"],
                "legislationIdentifier": act["policy_id"],
                "description": act["summary"],
                "legislationJurisdiction": jurisdiction,
                "legislationDate": act["decided_on"] if _is_plain(act["decided_on"]) else "",
                "legislationLegalForce": _force(act),
                "sameAs": wording.law_text(act["sources"]),
                "url": f"#{act['policy_id']}",
            }
        )
        for act in document["policies"]
    ]
    return embedded_json({"@context": _CONTEXT, "@graph": found})


def _is_plain(day: str | None) -> bool:
    """Whether a date is one that schema.org knows: a day, month or year."""
    return bool(day) and not str(day).startswith("[")


def _force(act: Document) -> str:
    force = _FORCE.get(act["state"], "NotInForce")
    if act["superseded_for"] and force == "InForce":
        force = "PartiallyInForce"
    return f"{_CONTEXT}/{force}" if force else ""


def _lean(record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if value}
