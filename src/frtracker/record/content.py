"""The bytes of a file, and whether they are text at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, TypeAlias

from frtracker.record.findings import Finding
from frtracker.record.schema import file_rules as rules
from frtracker.record.schema.rule import Rule

_BOM = b"\xef\xbb\xbf"
_PIECE = 1 << 20

Content: TypeAlias = bytes | Finding


class Unusable(Exception):
    """Nothing of the file can be read; ``finding`` says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding


def unusable(rule: Rule, label: str, message: str, line: int = 0) -> Unusable:
    """The exception that says what is wrong in the file called ``label``."""
    return Unusable(rule.finding(message, file=label, line=line))


def content_of(path: Path, label: str, *, max_bytes: int = rules.MAX_BYTES) -> Content:
    """The bytes of a file, or why there are none. A pipe gives its bytes once only."""
    try:
        return _bytes(path, label, max_bytes)
    except Unusable as error:
        return error.finding


def _bytes(path: Path, label: str, max_bytes: int) -> bytes:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            raw = b"" if size > max_bytes else _to_its_end(file, size, max_bytes)
    except FileNotFoundError:
        raise unusable(rules.READABLE, label, "there is no such file") from None
    except IsADirectoryError:
        message = "is a folder; name the CSV file in it"
        raise unusable(rules.READABLE, label, message) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "the name is not allowed"
        raise unusable(rules.READABLE, label, f"cannot be read: {reason}") from None
    if max(size, len(raw)) > max_bytes:
        raise unusable(rules.NOT_HUGE, label, f"is larger than {max_bytes:,} bytes: split it")
    if not raw.removeprefix(_BOM).strip():
        raise unusable(rules.NOT_EMPTY, label, "is empty: the first line names the columns")
    return raw


def _to_its_end(file: BinaryIO, size: int, max_bytes: int) -> bytes:
    """To its end, one byte beyond ``max_bytes``, or a NUL byte, after which nothing can be right.

    A pipe and a device have no size, and may have no end; a file may have grown meanwhile.
    """
    blocks: list[bytes] = []
    left = max_bytes + 1
    while left and (block := file.read(min(left, max(size + 1, _PIECE)))):
        blocks.append(block)
        left -= len(block)
        if b"\0" in block:
            break
    return blocks[0] if len(blocks) == 1 else b"".join(blocks)


def encoding(raw: bytes, label: str) -> Iterator[Finding]:
    """What is odd about the bytes. Raises :class:`Unusable` where they are no text in UTF-8."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise unusable(rules.UTF_8, label, "is UTF-16: save it as UTF-8")
    if (nul := raw.find(b"\0")) >= 0:
        message = "holds a NUL byte: this is not a text file, or it is damaged"
        raise unusable(rules.NO_NUL, label, message, _line_of(raw, nul))
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        byte = raw[error.start]
        message = f"the byte 0x{byte:02X} is not UTF-8: save the file as UTF-8"
        raise unusable(rules.UTF_8, label, message, _line_of(raw, error.start)) from None
    if raw.startswith(_BOM):
        message = "begins with a byte order mark: `frtracker fmt` removes it"
        yield rules.NO_BOM.finding(message, file=label, line=1)
    if (at := raw.find(b"\r")) >= 0:
        message = "has carriage returns at line ends: `frtracker fmt` writes plain line feeds"
        yield rules.LINE_ENDS.finding(message, file=label, line=_line_of(raw, at))


def _line_of(raw: bytes, position: int) -> int:
    return raw.count(b"\n", 0, position) + 1
