"""What `frtracker fmt` does: each file as it should be written, beside how it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from frtracker.record import load as table
from frtracker.record.findings import DataError, inert
from frtracker.record.schema import form
from frtracker.record.schema.file_rules import MAX_BYTES


@dataclass(frozen=True, slots=True)
class Change:
    """A file that is not in canonical form: ``text`` is what it should hold."""

    path: Path
    before: str
    text: str

    def diff(self) -> str:
        """A unified diff, its lines safe for a terminal; each ends with a line feed."""
        lines = unified_diff(
            self.before.splitlines(),
            self.text.splitlines(),
            f"{self.path} (now)",
            f"{self.path} (canonical)",
            lineterm="",
        )
        body = "".join(inert(line) + "\n" for line in lines)
        return body or f"{self.path}: line ends or a byte order mark differ\n"


def changes(files: Sequence[Path] = (), *, max_bytes: int = MAX_BYTES) -> tuple[Change, ...]:
    """The changes that bring a policies.csv and its companions into canonical form.

    ``files`` and ``max_bytes`` as for :func:`frtracker.record.load.check`. Cells with errors are
    written as they are; raises :class:`DataError` if a file cannot be read as a table at all.
    """
    return tuple(_changes(table.texts(files, max_bytes=max_bytes)))


def _changes(texts: Sequence[table.TextFile]) -> Iterator[Change]:
    broken = [finding for text in texts for finding in text.findings if not text.sound]
    if broken:
        raise DataError(broken)
    policies = next((text.frame for text in texts if text.name == "policies"), None)
    for text in texts:
        right = form.canonical_text(text.name, text.frame, policies)
        before = text.raw.decode("utf-8")
        if right != before:
            yield Change(text.path, before, right)
