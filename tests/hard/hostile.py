"""A record whose names and texts are hostile, and its twin whose are not."""

from __future__ import annotations

import re
from pathlib import Path

import inputs

NAMES = [
    text
    for text in inputs.HOSTILE
    if re.search("[A-Za-z0-9]", text) and ";" not in text and len(text) < 100
]
HARMLESS = [f"Harmless {number}" for number in range(len(NAMES))]


def record(folder: Path, names: list[str]) -> Path:
    """Vendors and cities that bear these names, which are all that is said of them."""
    policies, subjects, sources = inputs.rows(), inputs.rows("subjects"), inputs.rows("sources")
    for number, name in enumerate(names):
        for kind, code, region in (("vendor", "US", ""), ("city", "US", "US-CA")):
            policy_id = f"{kind}-{number}"
            called = f"{name} {number}"
            told = dict.fromkeys(("summary", "exceptions", "notes", "instrument"), name)
            row = dict.fromkeys(inputs.COLUMNS, "") | told | {
                "policy_id": policy_id, "subject": called, "subject_type": kind,
                "country": code, "region": region, "measure": "moratorium", "uses": "any",
                "applies_to": "police", "status": "adopted", "decided_on": "2020-06-10",
                "ends_when": name, "last_confirmed_on": "2021-01-01", "decided_by": name,
                "reach": "own" if kind == "city" else "", "confidence": "high",
                "source_url": f"https://example.org/{policy_id}?a='b'", "reviewed_on": "2026-11-22",
            }  # fmt: skip
            policies.append(row)
            place = {"latitude": "37.80", "longitude": "-122.22"} if kind == "city" else {}
            subject = dict.fromkeys(subjects[0], "") | place
            identity = ("subject", "subject_type", "country", "region")
            subjects.append(
                subject | {key: row[key] for key in identity}
                | {"aliases": f"the {kind} of number {number};{name} alias {kind} {number}"}
            )  # fmt: skip
            source = dict.fromkeys(sources[0], "")
            sources.append(
                source | {"policy_id": policy_id, "url": row["source_url"], "publisher": name,
                          "title": name, "published_on": "2021", "kind": "law",
                          "supports": "decided_on;last_confirmed_on"}
            )  # fmt: skip
    path = inputs.folder_with(folder, inputs.text_of(policies))
    (folder / "subjects.csv").write_text(inputs.text_of(subjects), "utf-8", newline="")
    (folder / "sources.csv").write_text(inputs.text_of(sources), "utf-8", newline="")
    return path
