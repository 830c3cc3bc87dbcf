"""Files and folders written whole or not at all; where the shipped record is, and which edition
it is."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final

INDEX: Final = "index.json"
"""Lists the files of a folder that is ours: ``{"files": [{"name": …}, …]}``."""

UNFINISHED: Final = ".frtracker-unfinished.json"
"""It is in the folder while a run moves its files in; shaped as the index."""

_HINT: Final = 40
"""Characters of the target's name in that of the folder next to it: the target's may be as long as
the system allows."""

_SAFE_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]*(\.[a-z0-9_-]+)*")


def write_whole(path: Path, content: str | bytes) -> None:
    """Write ``content`` (text as UTF-8, line ends as they are) beside ``path``, then rename: at any
    moment there is the old file or the new one, never a part, and a failure leaves nothing beside
    it; what a killed run left there is cleared away. A device or a pipe (``/dev/null``) is written
    to, never replaced. (click's atomic files rename even when writing failed.) Raises
    ``OSError``."""
    data = content.encode("utf-8") if isinstance(content, str) else content
    if path.exists() and not path.is_file():
        path.write_bytes(data)
        return
    target = Path(os.path.realpath(path)) if path.is_symlink() else path
    if target.is_symlink():  # links that lead to themselves
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))

    def write(aside: Path) -> None:
        new = aside / target.name
        with new.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            new.chmod(target.stat().st_mode & 0o777)
        new.replace(target)

    _beside(target, write)


class DoesNotFit(ValueError):
    """What is to be written is more than its format takes; the message says what to use."""


class FolderRefused(RuntimeError):
    """The folder contains something that is not ours to replace; the message says what."""


def is_safe(name: str) -> bool:
    """Whether ``name`` stays in its folder on every system: lower-case ASCII letters, digits,
    ``-``, ``_`` and single dots, parts joined by ``/``."""
    return all(_SAFE_NAME.fullmatch(part) for part in name.split("/"))


def write_folder(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Make ``folder`` contain ``contents`` (by name), one of which is the index.

    They are written into a new folder next to it and moved in one by one, the index last; if
    anything fails, all is put back. Files that the old index lists and the new one does not are
    removed, any other is left alone, and one in the way is a reason to refuse. What a killed run
    may have written is listed in the folder, and made good by the next, which also clears away what
    that left next to it. Runs wait for each other.
    Raises ``ValueError`` for a name that leaves the folder, :class:`FolderRefused`, ``OSError``.
    """
    for name in contents:
        if not is_safe(name):
            raise ValueError(f"{name!r} is not a safe file name")
    folder = Path(os.path.realpath(folder))
    if folder.exists() and not folder.is_dir():
        raise FolderRefused(f"{folder} is a file, not a folder")
    is_new = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with _locked(folder):
            _replace(folder, contents)
    except BaseException:
        if is_new:
            with suppress(OSError):  # another run may have filled it
                folder.rmdir()
        raise


def _replace(folder: Path, contents: Mapping[str, bytes]) -> None:
    unfinished = folder / UNFINISHED
    before = listed(unfinished)
    ours = before | listed(folder / INDEX)
    _refuse_strangers(folder, contents, ours)

    def write(aside: Path) -> None:
        new, old, names = aside / "new", aside / "old", aside / "list"
        for name, data in contents.items():
            _with_parent(new / name).write_bytes(data)
        maybe = [{"name": name} for name in sorted({*ours, *contents})]
        names.write_text(json.dumps({"files": maybe}) + "\n", encoding="utf-8")
        names.replace(unfinished)
        moved: list[str] = []
        try:
            for name in sorted(contents, key=lambda name: (name == INDEX, name)):
                target = _with_parent(folder / name)
                if target.exists():
                    shutil.copy2(target, _with_parent(old / name))
                moved.append(name)
                (new / name).replace(target)
        except BaseException:
            for name in moved:
                if (old / name).exists():
                    (old / name).replace(folder / name)
                else:
                    _remove(folder, name)
            if not before:
                unfinished.unlink()
            raise
        for name in ours - set(contents):
            _remove(folder, name)
        unfinished.unlink()

    _beside(folder, write)


def _beside(target: Path, write: Callable[[Path], None]) -> None:
    """Call ``write`` with a new folder next to the target, gone afterwards. Its run has it locked:
    those that nobody has were left by killed runs, and go too."""
    hint = f".{target.name[:_HINT]}."
    is_aside = re.compile(rf"{re.escape(hint)}[0-9a-f]{{16}}\.part").fullmatch
    with suppress(OSError):  # a folder that may be written to, not listed
        for left in [path for path in target.parent.iterdir() if is_aside(path.name)]:
            with suppress(OSError), _locked(left, wait=False):
                shutil.rmtree(left)
    while True:
        aside = target.with_name(f"{hint}{os.urandom(8).hex()}.part")
        try:
            aside.mkdir()
            with ExitStack() as held:
                with suppress(FileNotFoundError):
                    held.enter_context(_locked(aside))
                if aside.exists():  # else another run took it for left before it was locked
                    write(aside)
                    return
        finally:
            shutil.rmtree(aside, ignore_errors=True)


@contextmanager
def _locked(folder: Path, *, wait: bool = True) -> Iterator[None]:
    """One run at a time. Where the system locks no folders, runs are not kept apart. Without
    ``wait``, raises ``OSError`` where another run has it locked, or none can."""
    try:
        import fcntl
    except ModuleNotFoundError:
        if not wait:
            raise OSError(errno.ENOTSUP, os.strerror(errno.ENOTSUP)) from None
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        if wait:
            with suppress(OSError):
                fcntl.flock(handle, fcntl.LOCK_EX)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)


def listed(index: Path) -> frozenset[str]:
    """What an earlier index says is ours, itself too. Names that would lead out of the folder are
    not."""
    if not index.is_file():
        return frozenset()
    try:
        names = [entry["name"] for entry in json.loads(index.read_bytes())["files"]]
    except (ValueError, KeyError, TypeError):
        return frozenset()
    folder = index.parent
    return frozenset(
        name
        for name in [*names, index.name]
        if isinstance(name, str)
        and is_safe(name)
        and (folder / name).parent.resolve().is_relative_to(folder)
    )


def _refuse_strangers(folder: Path, contents: Mapping[str, bytes], ours: frozenset[str]) -> None:
    for name in contents:
        target = folder / name
        parents = [folder / part for part in Path(name).parents if str(part) != "."]
        in_the_way = [p for p in parents if p.is_symlink() or (p.exists() and not p.is_dir())]
        if target.is_dir() or target.is_symlink() or (target.exists() and name not in ours):
            in_the_way.append(target)
        if in_the_way:
            raise FolderRefused(
                f"{in_the_way[0]} exists, and no earlier run of this command wrote it: use an empty"
                " or new folder"
            )


def _with_parent(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _remove(folder: Path, name: str) -> None:
    """Remove a file, and the folders that it leaves empty; a run before may have begun to."""
    path = folder / name
    path.unlink(missing_ok=True)
    for parent in path.parents:
        if parent == folder or (parent.exists() and any(parent.iterdir())):
            break
        if parent.exists():
            parent.rmdir()


NOT_RECORD: Final = "accepted.csv"
"""Lies beside the record and is about its checks: no edition has it."""

EDITIONS: Final = "editions"
"""Folder beside the record in which its released editions are kept."""

PACKED: Final = Path(__file__).resolve().parent / "data"
"""Where an installed wheel has the record."""


def shipped_folder() -> Path:
    """Where the shipped record is: in the package of a wheel, else the root of the checkout."""
    return PACKED if PACKED.is_dir() else PACKED.parents[2]


def edition_of(contents: Mapping[str, bytes]) -> tuple[str, dict[str, str]]:
    """The edition of a record, as ``sha256sum *.csv | sha256sum`` gives it without
    :data:`NOT_RECORD`, and the sha256 of each of its files, by name."""
    import hashlib

    files = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    lines = (f"{digest}  {name}\n" for name, digest in sorted(files.items()))
    return hashlib.sha256("".join(lines).encode()).hexdigest(), files


def shipped_edition() -> tuple[str, str]:
    """The latest ``reviewed_on`` of the shipped record and its edition, by the standard library
    alone. Raises ``OSError`` or ``ValueError`` if that cannot be read."""
    paths = (path for path in shipped_folder().glob("*.csv") if path.name != NOT_RECORD)
    contents = {path.name: path.read_bytes() for path in paths}
    rows = csv.DictReader(io.StringIO(contents["policies.csv"].decode("utf-8"), newline=""))
    latest = max((row.get("reviewed_on") or "" for row in rows), default="")
    return latest, edition_of(contents)[0]
