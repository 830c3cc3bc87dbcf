"""The canonical form of a table: one order of rows
(see :mod:`frtracker.record.schema.order`), and one way to write each cell.

Cells: NFC text without stray blanks; lists from a vocabulary in its order, territories by code,
``supports`` in the order of the columns, other lists as they stand.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

import pandas as pd

from frtracker.record.schema.models import MODELS
from frtracker.record.schema.names import PROVABLE
from frtracker.record.schema.order import canonical_order

_BLOCK: Final = 20_000


def canonical_cells(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The same rows with every cell in canonical form."""
    columns = MODELS[table].to_schema().columns
    return frame.assign(
        **{
            name: _each_distinct(frame[name], _writer(name, column.metadata))
            for name, column in columns.items()
        }
    )


def _each_distinct(cells: pd.Series, write: Callable[[str], str]) -> pd.Series:
    codes, distinct = pd.factorize(cells)
    written = pd.array([write(text) for text in distinct.tolist()], dtype="str")
    return pd.Series(written[codes], cells.index)


def _writer(name: str, metadata: dict[str, object]) -> Callable[[str], str]:
    if metadata["kind"] == "list":
        terms = PROVABLE if name == "supports" else metadata["terms"]
        assert isinstance(terms, tuple)
        if name == "territory":
            return lambda text: ";".join(sorted(_words(text)))
        return lambda text: ";".join(_in_order(_words(text), terms))
    return _text if metadata["kind"] == "text" else str.strip


def _words(text: str) -> list[str]:
    return list(dict.fromkeys(_text(word) for word in text.split(";") if word.strip()))


def _in_order(words: list[str], terms: Sequence[str]) -> list[str]:
    """In the order of ``terms``; words that are none of them keep their order, at the end."""
    place = {term: position for position, term in enumerate(terms)}
    return sorted(words, key=lambda word: place.get(word.removesuffix("~"), len(place)))


_BLANKS = re.compile(r"[^\S\n]{2,}")


def _text(text: str) -> str:
    if text.isascii() and "  " not in text and text.isprintable() and text == text.strip():
        return text
    lines = unicodedata.normalize("NFC", text).strip().split("\n")
    return "\n".join(_BLANKS.sub(" ", line).strip() for line in lines)


def written(frame: pd.DataFrame) -> Iterator[str]:
    """The table as CSV text, block by block; cells and order are taken as they are."""
    columns = list(frame.columns)
    yield _csv([columns])
    for begins in range(0, len(frame), _BLOCK):
        block = frame.iloc[begins : begins + _BLOCK]
        yield _csv(zip(*(block[name].tolist() for name in columns), strict=True))


def _csv(rows: Iterable[Sequence[str]]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue()


def canonical_text(table: str, frame: pd.DataFrame, policies: pd.DataFrame | None = None) -> str:
    """The whole file in canonical form and order."""
    cells = canonical_cells(table, frame)
    if table == "sources" and policies is not None:
        policies = canonical_cells("policies", policies)
    ordered = cells.iloc[canonical_order(table, cells, policies)]
    return "".join(written(ordered))
