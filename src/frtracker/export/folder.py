"""A folder of files written whole or not at all."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from frtracker.export.index import INDEX
from frtracker.export.snapshot import File

UNFINISHED: Final = ".frtracker-unfinished.json"
"""Lies in the folder while a run moves its files in; shaped as the index."""

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
    way (not listed in the old index) is a reason to refuse. A run that was killed on the way is
    made good by the next: until it is done, a list of what it may have written lies in the folder.
    Two runs at once wait for each other.

    Raises ``ValueError`` for a name that could leave the folder, :class:`FolderRefused`,
    ``OSError``.
    """
    contents = {file.name: file.data for file in files}
    for name in contents:
        if not is_safe(name):
            raise ValueError(f"{name!r} is no safe name for a file")
    folder = Path(os.path.realpath(folder))
    if folder.exists() and not folder.is_dir():
        raise FolderRefused(f"{folder} is a file: name a folder")
    is_new = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with _alone(folder):
            _replace(folder, contents)
    except BaseException:
        if is_new:
            with suppress(OSError):  # another run may have filled it
                folder.rmdir()
        raise


def _replace(folder: Path, contents: Mapping[str, bytes]) -> None:
    unfinished = folder / UNFINISHED
    before = _listed(unfinished)
    ours = before | _listed(folder / INDEX)
    _refuse_strangers(folder, contents, ours)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name[:40]}.", dir=folder.parent) as aside:
        new, old, listed = Path(aside, "new"), Path(aside, "old"), Path(aside, "list")
        for name, data in contents.items():
            _place(new / name).write_bytes(data)
        maybe = [{"name": name} for name in sorted({*ours, *contents})]
        listed.write_text(json.dumps({"files": maybe}) + "\n", encoding="utf-8")
        listed.replace(unfinished)
        moved: list[str] = []
        try:
            for name in sorted(contents, key=lambda name: (name == INDEX, name)):
                _move_in(folder, new, old, name, moved)
        except BaseException:
            _put_back(folder, old, moved)
            if not before:
                unfinished.unlink()
            raise
        for name in ours - set(contents):
            _remove(folder, name)
        unfinished.unlink()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One run at a time. Where the system locks no folders, runs are not kept apart."""
    try:
        import fcntl
    except ModuleNotFoundError:
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _listed(index: Path) -> frozenset[str]:
    """What an earlier index says is ours, itself too if it is ``index.json``. Names that would
    lead out of the folder are not."""
    if not index.is_file():
        return frozenset()
    try:
        names = [entry["name"] for entry in json.loads(index.read_bytes())["files"]]
    except (ValueError, KeyError, TypeError):
        return frozenset()
    names += [index.name]
    return frozenset(
        name
        for name in names
        if isinstance(name, str) and is_safe(name) and _is_inside(index.parent, index.parent / name)
    )


def _is_inside(folder: Path, path: Path) -> bool:
    return path.parent.resolve().is_relative_to(folder)


def _refuse_strangers(folder: Path, contents: Mapping[str, bytes], ours: frozenset[str]) -> None:
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


def _move_in(folder: Path, new: Path, old: Path, name: str, moved: list[str]) -> None:
    target = _place(folder / name)
    if target.exists():
        shutil.copy2(target, _place(old / name))
    moved.append(name)
    (new / name).replace(target)


def _put_back(folder: Path, old: Path, moved: Iterable[str]) -> None:
    for name in moved:
        if (old / name).exists():
            (old / name).replace(folder / name)
        else:
            _remove(folder, name)


def _remove(folder: Path, name: str) -> None:
    """Remove a file, and the folders that it leaves empty; a run before may have begun to."""
    path = folder / name
    path.unlink(missing_ok=True)
    for parent in path.parents:
        if parent == folder or (parent.exists() and any(parent.iterdir())):
            break
        if parent.exists():
            parent.rmdir()
