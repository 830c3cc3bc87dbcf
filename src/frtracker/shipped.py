"""Where the shipped record lies, and which edition it is.

Standard library only: ``--version`` tells it without loading what reads tables.
"""

from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path


def folder() -> Path:
    """The package's ``data`` in a wheel, else the root of the checkout."""
    package = Path(__file__).resolve().parent
    inside = package / "data"
    return inside if inside.is_dir() else package.parent.parent


def edition() -> tuple[str, str]:
    """The latest ``reviewed_on`` and the sha256 of the shipped policies.csv.

    Raises ``OSError`` or ``ValueError`` if that cannot be read.
    """
    content = (folder() / "policies.csv").read_bytes()
    rows = csv.DictReader(io.StringIO(content.decode("utf-8"), newline=""))
    latest = max((row.get("reviewed_on") or "" for row in rows), default="")
    return latest, hashlib.sha256(content).hexdigest()
