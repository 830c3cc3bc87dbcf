"""An edition of the record wherever its files are (a folder, a wheel, a revision of a git checkout;
of any version), and the rows that differ between two."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from frtracker.dates import from_version_1
from frtracker.files import EDITIONS, PACKED, edition_of, shipped_folder
from frtracker.record.cells import ALONE, DATE_RANGE, REQUIRED
from frtracker.record.columns import TABLES
from frtracker.record.findings import DataError, Finding, brief
from frtracker.record.read import MAX_BYTES, Files, TextTable, absent, read_bytes, read_file
from frtracker.record.tables import Tables, assemble, row_ids, typed

_PACKED: Final = "frtracker/data/"
"""Where a wheel has the record."""
_INSIDE: Final = ("record", "data/record", ".")
"""Where a folder has it: an export, a site (whose other CSV files have more columns), a record."""
_HASH: Final = re.compile("[0-9a-f]{7,64}")


class NoEdition(LookupError):
    """No edition goes by that name, or its files are not here; the message says what can be
    named."""


@dataclass(frozen=True, slots=True)
class EditionFiles:
    """The tables of an edition that there are, as text, dates of version 1 in today's notation;
    cells are not judged."""

    texts: Mapping[str, TextTable]

    def tables(self) -> Tables:
        """The typed tables. Only the form of the cells is checked: an edition was right by the
        rules of its day. Raises :class:`DataError`."""
        from frtracker.record.check import check_cells

        findings = [it for text in self.texts.values() for it in check_cells(text)]
        if errors := [it for it in findings if it.severity == "error"]:
            raise DataError(errors)
        texts = {name: self.texts.get(name, absent(name)) for name in TABLES}
        frames = {name: typed(name, text.frame) for name, text in texts.items()}
        return assemble(frames, Files(texts, frozenset(self.texts), frozenset(), False), ())


def edition_files(name: str, *, max_bytes: int = MAX_BYTES) -> EditionFiles:
    """The files of the edition ``name``: a policies.csv with its companions; a folder with a
    record, an export or a site; a wheel; or, in the history of the checkout that the current folder
    or this program is in, a git revision, or the one whose record is an edition of ``editions/``
    (``2026.11.22``) or has a hash that begins so. Raises :class:`NoEdition`, and
    :class:`DataError` where a file cannot be read as its table or an id is empty or a duplicate."""
    path = Path(name)
    # not Path's own, which raise for a name that is too long
    is_folder, is_there = os.path.isdir(name), os.path.lexists(name)  # noqa: PTH112
    if is_folder:
        inside = (path / it for it in _INSIDE)
        folder = next((it for it in inside if (it / "policies.csv").is_file()), None)
        if folder is None:
            raise NoEdition(f"{name} is a folder without a policies.csv")
        path = folder / "policies.csv"
    elif is_there and path.suffix == ".whl":
        return _read(name, _in_wheel(path, max_bytes))
    if is_folder or is_there or path.suffix == ".csv":
        paths = {it: path if it == "policies" else path.with_name(f"{it}.csv") for it in TABLES}
        present = {it: own for it, own in paths.items() if it == "policies" or own.is_file()}
        return EditionFiles(
            _checked(
                {
                    it: read_file(it, own, str(own), max_bytes=max_bytes)
                    for it, own in present.items()
                }
            )
        )
    shipped = shipped_folder()
    kept = {it.parent.name: it for it in (shipped / EDITIONS).glob("*/edition.json")}
    kept |= {it.parent.name: it for it in Path(EDITIONS).glob("*/edition.json")}
    for checkout in (Path(), *(() if shipped == PACKED else (shipped,))):
        revision = _revision(checkout, name, kept.get(name))
        contents = _in_revision(checkout, revision, max_bytes) if revision else {}
        if "policies" in contents:  # the checkout may be of something else
            return _read(name, contents)
    if name in kept:
        raise NoEdition(
            f"the files of edition {name} are not here: name a folder or a wheel that has them, or"
            " run this in a checkout of the project"
        )
    or_kept = f", or in a checkout {' or '.join(sorted(kept))}" if kept else ""
    raise NoEdition(
        f"no edition {brief(name)!r}: name a folder with its policies.csv, a wheel, a git revision"
        f"{or_kept}"
    )


def _read(name: str, contents: Mapping[str, bytes]) -> EditionFiles:
    labels = {it: f"{name}:{it}.csv" for it in contents}
    return EditionFiles(
        _checked(
            {it: read_bytes(it, raw, Path(labels[it]), labels[it]) for it, raw in contents.items()}
        )
    )


def _checked(files: Mapping[str, TextTable]) -> dict[str, TextTable]:
    """The files in today's notation. Rows of policies are known by their id, so each needs one."""
    errors = [it for text in files.values() for it in text.findings if it.severity == "error"]
    if errors := [*errors, *_without_id(files["policies"])]:
        raise DataError(errors)
    today = {}
    for name, text in files.items():
        days = [column.name for column in TABLES[name].columns if column.kind is DATE_RANGE]
        written = {day: text.frame[day].map(from_version_1) for day in days}
        today[name] = replace(text, frame=text.frame.assign(**written))
    return today


def _without_id(policies: TextTable) -> Iterator[Finding]:
    ids = policies.frame["policy_id"]
    for row in (ids.duplicated() | (ids == "")).to_numpy().nonzero()[0].tolist():
        value, line = str(ids.iat[row]), int(policies.lines[row])
        first = int(policies.lines[ids.tolist().index(value)])
        wrong = f"duplicate policy_id {brief(value)!r} (first used on line {first})"
        check, message = ALONE if value else REQUIRED, wrong if value else "empty"
        message += ": rows are known by it"
        yield check.finding(message, line, "policy_id", value, policies.label)


def _in_wheel(path: Path, max_bytes: int) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(path) as wheel:
            sizes = {it.filename: it.file_size for it in wheel.infolist()}
            names = {name: f"{_PACKED}{name}.csv" for name in TABLES}
            names = {name: packed for name, packed in names.items() if packed in sizes}
            if "policies" not in names:
                raise NoEdition(f"{path} has no {_PACKED}policies.csv: not a wheel of frtracker")
            _refuse_large(str(path), sum(sizes[it] for it in names.values()), max_bytes)
            return {name: wheel.read(packed) for name, packed in names.items()}
    except NoEdition:
        raise
    except Exception as error:  # of a damaged archive zipfile raises what its decoders do
        raise NoEdition(f"{path} cannot be read as a wheel: {error}") from error


def _refuse_large(name: str, size: int, max_bytes: int) -> None:
    if size > max_bytes:
        raise NoEdition(f"the record of {name} is larger than {max_bytes:,} bytes")


def _revision(checkout: Path, name: str, kept: Path | None) -> str:
    """The commit that is meant, '' if the folder is in no checkout or no commit is; ``kept``: the
    edition.json of that name."""
    digest = ""
    if kept:
        digest = json.loads(kept.read_bytes())["edition"]
    elif name.startswith("-"):  # an option of git
        return ""
    elif commit := _git(checkout, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}"):
        return commit.decode().strip()
    elif _HASH.fullmatch(name):
        digest = name
    if not digest:
        return ""
    paths = [f"{it}.csv" for it in TABLES]
    for older in _git(checkout, "rev-list", "HEAD", "--", *paths).decode().split():
        contents = _in_revision(checkout, older)
        whole, _ = edition_of({f"{it}.csv": raw for it, raw in contents.items()})
        if contents and whole.startswith(digest):
            return older
    return ""


def _in_revision(checkout: Path, commit: str, max_bytes: int = MAX_BYTES) -> dict[str, bytes]:
    """The record tables of a commit, from the folder in it that ``checkout`` is."""
    asked = "".join(f"{commit}:./{name}.csv\n" for name in TABLES)
    sizes = _git(checkout, "cat-file", "--batch-check=%(objectsize)", asked=asked).decode()
    _refuse_large(commit, sum(int(it) for it in sizes.split("\n") if it.isdigit()), max_bytes)
    stream = io.BytesIO(_git(checkout, "cat-file", "--batch=%(objectsize)", asked=asked))
    contents = {}
    for name in TABLES:
        size = stream.readline().strip()
        if size.isdigit():  # else the name and "missing"
            contents[name] = stream.read(int(size))
            stream.readline()
    return contents


def _git(folder: Path, *words: str, asked: str = "") -> bytes:
    """What git prints about the repository around a folder; nothing if it fails or is not there.
    Only of its commands that run no program that a repository names."""
    call = ["git", "-C", str(folder), *words]
    try:
        return subprocess.check_output(call, input=asked.encode(), stderr=subprocess.DEVNULL)
    except (OSError, ValueError, subprocess.CalledProcessError):
        return b""


def difference(name: str, old: TextTable, new: TextTable) -> dict[str, Any]:
    """What differs between two editions of the table ``name``: rows ``added``, ``removed`` and
    ``changed``, each with its ``row_id`` and the ``row`` with every column, of those that changed
    the new one and ``cells``, what differs (``column``, ``old``, ``new``; '' where nothing is
    recorded); ``counts``. In the order of the new edition, removed rows in that of the old.

    Cells are compared as text: ``2021-07`` and ``[2021-07-01..2021-07-31]`` differ. A row is known
    by its id (:func:`frtracker.record.tables.row_ids`): one whose id changed is one removed and one
    added.
    """
    before, after = (
        dict(zip(row_ids(it), it.frame.to_dict("records"), strict=True)) for it in (old, new)
    )
    changed: list[dict[str, Any]] = [
        {
            "row_id": row_id,
            "row": row,
            "cells": [
                {"column": column, "old": before[row_id][column], "new": text}
                for column, text in row.items()
                if text != before[row_id][column]
            ],
        }
        for row_id, row in after.items()
        if row_id in before and row != before[row_id]
    ]
    added, removed = (
        [{"row_id": row_id, "row": row} for row_id, row in own.items() if row_id not in other]
        for own, other in ((after, before), (before, after))
    )
    counts = {
        **{"added": len(added), "removed": len(removed), "changed": len(changed)},
        "cells": sum(len(row["cells"]) for row in changed),
    }
    return {
        **{"table": name, "counts": counts},
        **{"added": added, "removed": removed, "changed": changed},
    }
