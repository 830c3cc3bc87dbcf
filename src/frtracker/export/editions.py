"""An edition as a folder of ``editions/`` keeps it."""

from __future__ import annotations

import hashlib
from typing import Final

from frtracker.answers.documents import SCHEMA_VERSION, Document
from frtracker.answers.editions import compare, described
from frtracker.files import edition_of
from frtracker.record.editions import EditionFiles
from frtracker.text.editions import answers_csv
from frtracker.timeline import build
from frtracker.version import __version__

_COUNTED: Final = ("subject_type", "measure", "status", "confidence")
_BROUGHT: Final = ("law", "corrections", "cancelled")


def edition(
    files: EditionFiles, before: EditionFiles | None = None, previous: str | None = None
) -> tuple[Document, str]:
    """The edition.json and positions.csv of an edition; ``before``: the files of the edition
    ``previous``. Raises :class:`frtracker.record.findings.DataError`."""
    answers = answers_csv(build(files.tables().policies).positions)
    policies, this = files.texts["policies"].frame, described(files)
    _, hashes = edition_of({f"{name}.csv": text.raw for name, text in files.texts.items()})
    changed, brought = None, Document({name: [] for name in _BROUGHT})
    if before:
        found = compare(before, files)
        brought = {name: found[name] for name in _BROUGHT}
        changed = {
            "tables": {it["table"]: it["counts"] for it in found["tables"]},
            "answers": found["answers"]["counts"],
        }
    document = {
        "kind": "edition",
        "schema_version": SCHEMA_VERSION,
        "edition_id": this["reviewed_through"].replace("-", "."),
        "version": __version__,
        "reviewed_through": this["reviewed_through"],
        "edition": this["edition"],
        "answers": hashlib.sha256(answers.encode()).hexdigest(),
        "files": hashes,
        "rows": {name: len(text.lines) for name, text in files.texts.items()},
        "policies": {
            name: policies[name].value_counts().sort_index().to_dict() for name in _COUNTED
        },
        "previous": previous,
        "changed": changed,
        **brought,
    }
    return document, answers
