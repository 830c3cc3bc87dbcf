"""Editions beside a record of a test, as a release keeps them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from frtracker.export.editions import edition
from frtracker.files import EDITIONS
from frtracker.record.editions import EditionFiles, edition_files

FIRST = "2026.01.01"


def keep(folder: Path, made: tuple[Mapping[str, Any], str]) -> Path:
    """Write what :func:`frtracker.export.editions.edition` made."""
    folder.mkdir(parents=True)
    text = json.dumps(made[0], ensure_ascii=False, indent=2) + "\n"
    (folder / "edition.json").write_text(text, "utf-8", newline="")
    (folder / "positions.csv").write_text(made[1], "utf-8", newline="")
    return folder


def release(policies: Path, before: EditionFiles | None = None) -> Path:
    """Keep an edition of the record beside it, after ``before``, else after one that was empty;
    returns ``policies``."""
    files = edition_files(str(policies))
    if before is None:
        text = files.texts["policies"]
        none = replace(text, frame=text.frame.head(0), lines=text.lines[:0])
        before = EditionFiles({**files.texts, "policies": none})
    made = edition(files, before, FIRST)
    keep(policies.parent / EDITIONS / made[0]["edition_id"], made)
    return policies
