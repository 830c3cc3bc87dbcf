"""Small helpers that the rules share: typed rows in, selections out."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd

from frtracker.vocabulary import BINDING_STATUSES

Mask = npt.NDArray[np.bool_]


def binding(policies: pd.DataFrame) -> Mask:
    """Rows that can be in force: adopted or announced."""
    return policies["status"].isin(BINDING_STATUSES).to_numpy()


def empty(frame: pd.DataFrame, column: str) -> Mask:
    """Where the cells of a text column are empty."""
    return (frame[column] == "").to_numpy()


def one_of(frame: pd.DataFrame, column: str, *words: str) -> Mask:
    """Where the cells of a column are one of ``words``."""
    return frame[column].isin(words).to_numpy()


def names(frame: pd.DataFrame, column: str, word: str) -> Mask:
    """Rows whose list cell in ``column`` holds ``word``; each distinct cell is split once."""
    codes, distinct = pd.factorize(frame[column])
    holds = np.array([word in cell.split(";") for cell in distinct.tolist()], dtype=bool)
    return holds[codes]


def text_at(frame: pd.DataFrame, row: int, column: str) -> str:
    """One text cell, by position."""
    return str(frame[column].iat[row])


def where(mask: Mask) -> list[int]:
    """Positions of the rows where ``mask`` holds."""
    rows: list[int] = np.flatnonzero(mask).tolist()
    return rows


def cells(frame: pd.DataFrame, mask: Mask, *columns: str) -> Iterator[tuple[int, list[str]]]:
    """Position and text of the rows where ``mask`` holds."""
    rows = where(mask)
    texts = [frame[column].iloc[rows].tolist() for column in columns]
    for position, row in enumerate(rows):
        yield row, [column[position] for column in texts]


def listed(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """One row for each word of the list cells: ``row`` (int64, position) and ``word`` (str)."""
    rows = np.flatnonzero(~empty(frame, column))
    words = [cell.split(";") for cell in frame[column].iloc[rows].tolist()]
    counts = np.array([len(each) for each in words], np.int64)
    flat = pd.Series([word for each in words for word in each], dtype="str")
    return pd.DataFrame({"row": np.repeat(rows, counts), "word": flat})


def start_low(policies: pd.DataFrame) -> npt.NDArray[np.int32]:
    """First possible day of the start: ``effective_on``, else ``decided_on`` (0 if neither).

    A partial start is cut to begin no earlier than the decision; one that certainly lies before
    the decision stands (retroactive).
    """
    effective = policies["effective_on_low"].to_numpy()
    decided = policies["decided_on_low"].to_numpy()
    retroactive = policies["effective_on_high"].to_numpy() < decided
    cut = np.where(retroactive, effective, np.maximum(effective, decided))
    return np.where(effective > 0, cut, decided)


def start_high(policies: pd.DataFrame) -> npt.NDArray[np.int32]:
    """Last possible day of the start: ``effective_on``, else ``decided_on`` (0 if neither)."""
    effective = policies["effective_on_high"].to_numpy()
    return np.where(effective > 0, effective, policies["decided_on_high"].to_numpy())
