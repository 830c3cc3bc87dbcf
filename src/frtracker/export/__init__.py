"""The record of one day as files for other programs: their formats, and the index of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from frtracker.files import INDEX
from frtracker.version import __version__

if TYPE_CHECKING:
    from frtracker.export.documents import Snapshot

FORMATS: Final[Mapping[str, str]] = {
    "csv": "delimited",
    "json": "documents",
    "parquet": "columnar",
    "sqlite": "sqlite",
    "xlsx": "spreadsheet",
    "geojson": "geo",
    "geoparquet": "geo",
    "ics": "calendar",
    "atom": "feed",
}
"""Name of a format → the module of this package whose function ``<name>_files`` makes its files of
a snapshot. By name, so that help and completion can list the formats without loading pandas."""

NEEDS: Final[Mapping[str, tuple[str, ...]]] = {
    "parquet": ("pyarrow",),
    "geoparquet": ("geopandas", "pyarrow"),
}
"""Format → the modules that it needs and that a plain installation lacks; the extra that brings the
first brings all."""

MEDIA_TYPES: Final[Mapping[str, str]] = {
    "atom": "application/atom+xml",
    "css": "text/css",
    "csv": "text/csv",
    "geojson": "application/geo+json",
    "html": "text/html",
    "ics": "text/calendar",
    "json": "application/json",
    "jsonl": "application/jsonl",
    "parquet": "application/vnd.apache.parquet",
    "png": "image/png",
    "sqlite": "application/vnd.sqlite3",
    "txt": "text/plain",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xml": "application/xml",
}
"""By the ending of a file's name."""


@dataclass(frozen=True, slots=True)
class File:
    """One file of a folder that is written whole: ``name`` is its path there, with ``/``, ``rows``
    how many records it contains (None for what has none, as a page)."""

    name: str
    format: str
    data: bytes
    rows: int | None = None


def json_file(
    name: str,
    document: Mapping[str, Any],
    rows: int,
    *,
    format: str = "json",
    indent: int | None = 2,
) -> File:
    text = json.dumps(document, ensure_ascii=False, indent=indent, allow_nan=False)
    return File(name, format, f"{text}\n".encode(), rows)


def export(
    snapshot: Snapshot, formats: Iterable[str] = tuple(FORMATS), *, safe_csv: bool = False
) -> tuple[File, ...]:
    """The files of ``formats`` (names of :data:`FORMATS`) and, last, ``index.json``.

    ``safe_csv``: a spreadsheet runs no cell of the CSV files as a formula. The same snapshot gives
    the same bytes. Raises ``ModuleNotFoundError`` without the library that a format needs,
    ``KeyError`` for an unknown format."""
    wanted = set(formats)
    if unknown := wanted - set(FORMATS):
        raise KeyError(f"no such format: {', '.join(sorted(unknown))}")
    files: list[File] = []
    for name, module in FORMATS.items():
        if name in wanted:
            maker = getattr(import_module(f"frtracker.export.{module}"), f"{name}_files")
            files += maker(snapshot, safe=True) if safe_csv and name == "csv" else maker(snapshot)
    return (*files, index(files, snapshot))


def index(files: Iterable[File], snapshot: Snapshot) -> File:
    """``index.json``: the ``files`` in order of name, with ``name``, ``format``, ``media_type``,
    ``bytes``, ``sha256``, ``rows`` (null where there are none), their dataset and day, and the
    hash of the answers."""
    import hashlib

    listed: list[dict[str, Any]] = [
        {
            "name": file.name,
            "format": file.format,
            "media_type": MEDIA_TYPES[file.name.rpartition(".")[2]],
            "bytes": len(file.data),
            "sha256": hashlib.sha256(file.data).hexdigest(),
            "rows": file.rows,
        }
        for file in sorted(files, key=lambda file: file.name)
    ]
    document = {
        "kind": "index",
        "schema_version": snapshot.status["schema_version"],
        "program": f"frtracker {__version__}",
        **{name: snapshot.status[name] for name in ("as_of", "as_of_given", "dataset")},
        "answers": snapshot.answers,
        "files": listed,
    }
    return json_file(INDEX, document, len(listed))
