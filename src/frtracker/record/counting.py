"""The lines of a CSV file, counted on their way to the csv module.

That module makes every cell of a record before anyone can see how many there are: a line of a
gigabyte of commas would fill the memory first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

# To the comma that ends the cell: quoted ("" is a quote in it), or plain.
_CELL: Final = re.compile(r'"(?:[^"]++|"")*+"?[^,]*+|[^,]*+')
_REST_OF_CELL: Final = re.compile(r'(?:[^"]++|"")*+"?[^,]*+')


class TooManyCells(Exception):
    """A record has more cells than are read."""


class CountedLines(Iterator[str]):
    """Lines for ``csv.reader``. Raises :class:`TooManyCells` from the line that brings a record
    to more than ``most`` cells (where the record runs over several lines, to twice as many); a
    record of ``most`` cells passes.

    ``length``: characters of the record so far. After each record, :meth:`next_record`.
    """

    def __init__(self, lines: Iterator[str], most: int) -> None:
        self._lines, self._most = lines, most
        self.next_record()

    def next_record(self) -> None:
        self.length = self._commas = 0

    def __next__(self) -> str:
        line = next(self._lines)
        goes_on = self.length > 0
        self.length += len(line)
        if goes_on or len(line) >= self._most:
            self._count(line, in_quotes=goes_on)
        return line

    def _count(self, line: str, *, in_quotes: bool) -> None:
        found = (_REST_OF_CELL if in_quotes else _CELL).match(line)
        while found and found.end() < len(line):
            self._commas += 1
            if self._commas >= self._most:
                raise TooManyCells
            found = _CELL.match(line, found.end() + 1)
