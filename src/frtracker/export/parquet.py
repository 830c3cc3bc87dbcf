"""``positions``, ``periods`` and ``policies`` as Parquet, for DuckDB, Spark, BigQuery and the
like."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

import pandas as pd

from frtracker.export.columns import (
    DERIVED_KEY,
    PERIODS,
    POSITIONS,
    Column,
    bounds,
    recorded,
    rows,
)
from frtracker.export.snapshot import File, Snapshot


class ExtraMissing(RuntimeError):
    """A format needs a library that is not installed; the message says which and how to get it."""


def parquet(snapshot: Snapshot) -> Iterator[File]:
    """Days are ``date32``, flags ``bool``, all else strings; null where empty.

    ``policies`` keeps its dates as recorded and has each as ``…_low`` and ``…_high`` beside it.
    Raises :class:`ExtraMissing` without pyarrow.
    """
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError as error:
        raise ExtraMissing(
            "Parquet files need pyarrow: pip install 'frtracker[export]', "
            "or name the other formats with --only"
        ) from error
    timeline = snapshot.timeline
    yield _file("positions", timeline.positions, POSITIONS)
    yield _file("periods", timeline.periods, PERIODS)
    policies = (*recorded("policies"), *bounds(), DERIVED_KEY)
    yield _file("policies", snapshot.tables.policies, policies)


def _file(name: str, frame: pd.DataFrame, columns: Sequence[Column]) -> File:
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds: dict[str, Any] = {
        "text": pa.string(),
        "flag": pa.bool_(),
        "day": pa.date32(),
        "number": pa.float64(),
    }
    fields = [pa.field(c.name, kinds[c.kind], nullable=c.optional) for c in columns]
    values = list(zip(*rows(frame, columns), strict=True)) or [()] * len(fields)
    arrays = [pa.array(cells, field.type) for cells, field in zip(values, fields, strict=True)]
    sink = BytesIO()
    pq.write_table(pa.Table.from_arrays(arrays, schema=pa.schema(fields)), sink)
    media_type = "application/vnd.apache.parquet"
    return File(f"{name}.parquet", "parquet", media_type, sink.getvalue(), len(frame))
