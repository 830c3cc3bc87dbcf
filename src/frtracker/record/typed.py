"""Sound text -> typed tables: dates as bounds, coordinates as numbers, the subject's key."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from frtracker import dates
from frtracker.record.keys import subject_keys
from frtracker.record.schema.names import DATE_COLUMNS


def bounds(cells: pd.Series) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """First and last possible day of each recorded date, as ordinals; 0 where empty."""
    codes, distinct = pd.factorize(cells)
    ranges = [_ordinals(text) if text else (0, 0) for text in distinct.tolist()]
    both = np.array(ranges, np.int32).reshape(-1, 2)[codes]
    return both[:, 0], both[:, 1]


def _ordinals(text: str) -> tuple[int, int]:
    days = dates.parse(text)
    return days.low.toordinal(), days.high.toordinal()


def policies(text: pd.DataFrame) -> pd.DataFrame:
    """The columns of the file, then ``c_low`` and ``c_high`` (int32), then ``subject_key``."""
    derived: dict[str, npt.NDArray[np.int32]] = {}
    for column in DATE_COLUMNS:
        derived[f"{column}_low"], derived[f"{column}_high"] = bounds(text[column])
    return text.assign(**derived, subject_key=subject_keys(text))


def subjects(text: pd.DataFrame) -> pd.DataFrame:
    """The columns of the file with float64 coordinates (NaN where empty) and ``subject_key``."""
    return text.assign(
        latitude=_numbers(text["latitude"]),
        longitude=_numbers(text["longitude"]),
        subject_key=subject_keys(text),
    )


def _numbers(cells: pd.Series) -> npt.NDArray[np.float64]:
    codes, distinct = pd.factorize(cells)
    return np.array([float(text) if text else np.nan for text in distinct.tolist()], np.float64)[
        codes
    ]
