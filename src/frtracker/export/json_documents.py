"""The JSON documents: one for all subjects, one for each."""

from __future__ import annotations

from collections.abc import Iterator

from frtracker.export.snapshot import File, Snapshot
from frtracker.text.history import render as history_text
from frtracker.text.status import render as status_text


def json_documents(snapshot: Snapshot) -> Iterator[File]:
    """``all.json`` (what ``status --all --format json`` prints) and ``subjects/<key>.json`` (what
    ``show --format json`` prints), each with its ``schema_version``."""
    subjects = snapshot.status["subjects"]
    yield _file("all.json", status_text(snapshot.status, "json"), len(subjects))
    for key, document in snapshot.histories.items():
        text = history_text(document, "json")
        yield _file(f"subjects/{key}.json", text, len(document["acts"]))


def _file(name: str, text: str, count: int) -> File:
    return File(name, "json", "application/json", text.encode(), count)
