"""Which files belong together: a policies.csv, its companions, the shipped data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from frtracker import shipped
from frtracker.record.schema.names import TABLES


@dataclass(frozen=True, slots=True)
class Files:
    """Table name -> path. What is not in ``paths`` is absent.

    ``labels``: how findings name each file. ``borrowed``: tables taken from the shipped data.
    ``shipped``: these are the shipped data.
    """

    paths: Mapping[str, Path]
    labels: Mapping[str, str]
    borrowed: frozenset[str]
    shipped: bool


def shipped_folder() -> Path:
    """Where the data of this installation are."""
    return shipped.folder()


def shipped_files() -> Files:
    folder = shipped_folder()
    return Files(
        {name: folder / f"{name}.csv" for name in TABLES},
        {name: f"{name}.csv" for name in TABLES},
        frozenset(),
        shipped=True,
    )


def find(files: Sequence[Path] = ()) -> Files:
    """The set of tables that the named files belong to; the shipped data if none is named.

    A file called subjects.csv, sources.csv or searches.csv is that companion, any other is the
    policies. Beside a named policies file its companions are looked for; places then come from
    the shipped subjects.csv if there is none. Companions named alone stand alone.

    Raises ``ValueError`` if two files are the same table.
    """
    ours = shipped_files()
    named: dict[str, Path] = {}
    for path in files:
        name = path.stem if path.suffix == ".csv" and path.stem in TABLES else "policies"
        if name in named:
            raise ValueError(f"{named[name]} and {path} are both taken for {name}.csv")
        named[name] = path
    if not named:
        return ours
    if all(_same(path, ours.paths[name]) for name, path in named.items()):
        folder = next(iter(named.values())).parent
        labels = {name: str(named.get(name, folder / f"{name}.csv")) for name in TABLES}
        return Files(ours.paths, labels, frozenset(), shipped=True)
    return _with_companions(named, ours)


def _with_companions(named: Mapping[str, Path], ours: Files) -> Files:
    paths, borrowed = dict(named), frozenset[str]()
    if "policies" in named:
        beside = {name: named["policies"].parent / f"{name}.csv" for name in TABLES}
        paths = {name: path for name, path in beside.items() if path.exists()} | paths
        if "subjects" not in paths and ours.paths["subjects"].exists():
            paths["subjects"] = ours.paths["subjects"]
            borrowed = frozenset({"subjects"})
    ordered = {name: paths[name] for name in TABLES if name in paths}
    labels = {name: str(path) for name, path in ordered.items()}
    return Files(ordered, labels, borrowed, shipped=False)


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except (OSError, ValueError):
        return False
