"""Which bytes were found valid by which rules.

Standard library only: the build of the wheel uses it too, and reading a table that is known to be
valid must not load what validates it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

# What a finding depends on beside the tables: the rules, the words, the dates, the outlines.
_RULES: Final = ("dates.py", "vocabulary.py", "record/*", "record/schema/*", "outlines/*.json")

MOST_REMEMBERED: Final = 100
"""Files that a memory holds."""

_LONGEST: Final = 100_000
"""Bytes: what is longer was not written here."""


def of_tables(contents: Iterable[tuple[str, bytes]]) -> str:
    """One name for these tables under these rules; ``contents``: table name and bytes."""
    digest = hashlib.sha256(_of_rules().encode())
    for name, content in sorted(contents):
        digest.update(f"\0{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _of_rules() -> str:
    package = Path(__file__).resolve().parent
    digest = hashlib.sha256()
    for pattern in _RULES:
        for path in sorted(package.glob(pattern)):
            if path.is_file():
                digest.update(f"\0{path.relative_to(package).as_posix()}\0".encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def recall(memory: Path | None, fingerprint: str) -> tuple[str, ...] | None:
    """The notes of an earlier reading of tables with this fingerprint that found no error; None if
    ``memory`` does not know it, or cannot be read."""
    if memory is None:
        return None
    path = memory / f"{fingerprint}.json"
    with suppress(OSError, ValueError, TypeError, KeyError, RecursionError):
        if not path.is_file() or path.stat().st_size > _LONGEST:
            return None
        told = json.loads(path.read_text(encoding="utf-8"))
        notes = told["notes"]
        if told["fingerprint"] == fingerprint and _is_list_of_texts(notes):
            return tuple(notes)
    return None


def _is_list_of_texts(notes: object) -> bool:
    return isinstance(notes, list) and all(isinstance(note, str) for note in notes)


def remember(memory: Path | None, fingerprint: str, notes: Iterable[str]) -> None:
    """Keep that tables with this fingerprint have no error; a memory that takes nothing costs time
    and changes nothing else."""
    if memory is None:
        return
    told = json.dumps({"fingerprint": fingerprint, "notes": list(notes)}) + "\n"
    with suppress(OSError):
        memory.mkdir(parents=True, exist_ok=True)
        aside = memory / f".{fingerprint}.part"
        aside.write_text(told, encoding="utf-8")
        aside.replace(memory / f"{fingerprint}.json")
        _forget_oldest(memory)


def _forget_oldest(memory: Path) -> None:
    """Every edit of a table is another table: only the latest are kept, left-over parts among
    them."""
    ages = {path: path.stat().st_mtime_ns for path in memory.iterdir() if path.is_file()}
    for path in sorted(ages, key=lambda path: ages[path], reverse=True)[MOST_REMEMBERED:]:
        path.unlink(missing_ok=True)
