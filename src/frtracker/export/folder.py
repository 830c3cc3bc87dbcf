"""A folder of files written whole or not at all."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from frtracker.export.index import INDEX
from frtracker.export.snapshot import File

_SAFE_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]*(\.[a-z0-9_-]+)*")


class FolderRefused(RuntimeError):
    """The folder holds something that is not ours to replace; the message says what."""


def is_safe(name: str) -> bool:
    """Whether ``name`` stays in its folder on every system: lower-case ASCII letters, digits,
    ``-``, ``_`` and single dots, parts joined by ``/``."""
    return all(_SAFE_NAME.fullmatch(part) for part in name.split("/"))


def write_folder(folder: Path, files: Iterable[File]) -> None:
    """Make ``folder`` hold ``files``, one of which is the index.

    They are written into a new folder beside it and moved in one by one, the index last. If
    anything fails before the end, all that was moved is put back. Files that the old index lists
    and the new one does not are removed; any other file is left alone, and one that stands in the
    way (not listed in the old index) is a reason to refuse.

    Raises ``ValueError`` for a name that could leave the folder, :class:`FolderRefused`,
    ``OSError``.
    """
    contents = {file.name: file.data for file in files}
    for name in contents:
        if not is_safe(name):
            raise ValueError(f"{name!r} is no safe name for a file")
    folder = folder.resolve()
    ours = _listed(folder)
    _refuse_strangers(folder, contents, ours)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent) as aside:
        new, old = Path(aside, "new"), Path(aside, "old")
        for name, data in contents.items():
            _place(new / name).write_bytes(data)
        _move_in(folder, new, old, sorted(contents, key=lambda name: (name == INDEX, name)))
    for name in ours - set(contents):
        _remove(folder, name)


def _listed(folder: Path) -> frozenset[str]:
    """What an earlier index says is ours. Names that would lead out of the folder are not."""
    path = folder / INDEX
    if not path.is_file():
        return frozenset()
    try:
        names = [entry["name"] for entry in json.loads(path.read_bytes())["files"]]
    except (ValueError, KeyError, TypeError):
        return frozenset()
    inside = {
        name
        for name in names
        if isinstance(name, str) and is_safe(name) and _is_inside(folder, folder / name)
    }
    return frozenset({*inside, INDEX})


def _is_inside(folder: Path, path: Path) -> bool:
    return path.parent.resolve().is_relative_to(folder)


def _refuse_strangers(folder: Path, contents: Mapping[str, bytes], ours: frozenset[str]) -> None:
    if folder.exists() and not folder.is_dir():
        raise FolderRefused(f"{folder} is a file: name a folder")
    for name in contents:
        target = folder / name
        parents = [folder / part for part in Path(name).parents if str(part) != "."]
        in_the_way = [p for p in parents if p.is_symlink() or (p.exists() and not p.is_dir())]
        if target.is_dir() or target.is_symlink() or (target.exists() and name not in ours):
            in_the_way.append(target)
        if in_the_way:
            raise FolderRefused(
                f"{in_the_way[0]} stands in the way and no earlier run of this command wrote it:"
                " name an empty or new folder"
            )


def _place(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _move_in(folder: Path, new: Path, old: Path, names: Iterable[str]) -> None:
    moved: list[str] = []
    try:
        for name in names:
            target = _place(folder / name)
            if target.exists():
                shutil.copy2(target, _place(old / name))
            moved.append(name)
            (new / name).replace(target)
    except BaseException:
        for name in reversed(moved):
            if (old / name).exists():
                (old / name).replace(folder / name)
            else:
                _remove(folder, name)
        raise


def _remove(folder: Path, name: str) -> None:
    """Remove a file, and the folders that it leaves empty."""
    path = folder / name
    path.unlink(missing_ok=True)
    for parent in path.parents:
        if parent == folder or any(parent.iterdir()):
            break
        parent.rmdir()
