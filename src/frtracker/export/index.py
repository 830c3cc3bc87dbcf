"""``index.json``: what a folder holds, with counts and hashes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any, Final

from frtracker.export.snapshot import File, Snapshot
from frtracker.version import __version__

INDEX: Final = "index.json"


def index(files: Iterable[File], snapshot: Snapshot) -> File:
    """The list of ``files`` in order of name: ``name``, ``format``, ``media_type``, ``bytes``,
    ``sha256``, ``rows`` (null for pages), and which edition and day they are of."""
    listed = sorted(files, key=lambda file: file.name)
    status = snapshot.status
    document = {
        "schema_version": status["schema_version"],
        "program": f"frtracker {__version__}",
        "as_of": status["as_of"],
        "as_of_given": status["as_of_given"],
        "edition": status["dataset"],
        "files": [_entry(file) for file in listed],
    }
    text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    return File(INDEX, "json", "application/json", text.encode(), len(listed))


def _entry(file: File) -> dict[str, Any]:
    return {
        "name": file.name,
        "format": file.format,
        "media_type": file.media_type,
        "bytes": len(file.data),
        "sha256": hashlib.sha256(file.data).hexdigest(),
        "rows": file.rows,
    }
