"""The tables as pandera models, made from :mod:`frtracker.record.columns`: a column there is a
column here, with its description, and each test of its kind is a check named by its code.

``MODELS["policies"].validate(frame, lazy=True)`` judges a table as it stands in its file.
Loads pandera: only what validates imports this module.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd
import pandera.pandas as pa

from frtracker.record.cells import ALONE, REQUIRED, Test
from frtracker.record.columns import TABLES


def _check(test: Test) -> pa.Check:
    if test is REQUIRED:
        return pa.Check.ne("", name=test.check.code)
    if test.terms:
        return pa.Check.isin(["", *test.terms], name=test.check.code)
    if test is ALONE:
        return pa.Check(lambda cells: ~cells.duplicated() | (cells == ""), name=test.check.code)

    # Patterns too are judged here: pandas matches by another engine where pyarrow is installed.
    def obeys(cells: pd.Series) -> pd.Series:
        """True where the cell obeys; each distinct text is judged once."""
        codes, distinct = pd.factorize(cells)
        texts = distinct.tolist()
        good = np.array([not text or test.problem(text) is None for text in texts], dtype=bool)
        return pd.Series(good[codes], cells.index)

    return pa.Check(obeys, name=test.check.code)


MODELS: Final[Mapping[str, pa.DataFrameSchema]] = MappingProxyType(
    {
        table.name: pa.DataFrameSchema(
            {
                column.name: pa.Column(
                    "str",
                    [_check(test) for test in column.tests],
                    description=column.description,
                )
                for column in table.columns
            },
            name=table.name,
            description=table.description,
            strict=True,
            ordered=True,
        )
        for table in TABLES.values()
    }
)
"""Table name -> the model of its text, columns in the order of the file."""
