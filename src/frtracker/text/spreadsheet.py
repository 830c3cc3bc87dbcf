"""CSV that a spreadsheet may open: no cell of it is run as a formula."""

from __future__ import annotations

import csv
import io
import re
from typing import Final

_ACTS: Final = re.compile(r"'*[\s\x00]*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n]")
_NUMBER: Final = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


def neutral(text: str) -> str:
    """The same CSV with ``'`` before every cell that a spreadsheet would take for a formula, and
    every cell in quotes. Numbers stay numbers. A cell that begins so already gets one more: taking
    one away from every such cell gives the text back.

    >>> neutral("name\\n=1+1\\n-3.5\\n")
    '"name"\\n"\\'=1+1"\\n"-3.5"\\n'
    """
    before = csv.field_size_limit(len(text) + 1)
    try:
        rows = list(csv.reader(io.StringIO(text, newline="")))
    finally:
        csv.field_size_limit(before)
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerows([_neutral(cell) for cell in row] for row in rows)
    return buffer.getvalue()


def _neutral(cell: str) -> str:
    return f"'{cell}" if _ACTS.match(cell) and not _NUMBER.fullmatch(cell) else cell
