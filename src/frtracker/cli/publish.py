"""``export`` and ``site``: a folder of files, or a static site, for one day."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib.metadata import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from frtracker import wording
from frtracker.cli.console import EXTRAS, DataProblem, print_data, print_note, writing
from frtracker.cli.options import AS_OF, RECORD, Target, Words, flag, option
from frtracker.cli.query import Query, command
from frtracker.export import FORMATS, NEEDS
from frtracker.export import export as export_files
from frtracker.files import INDEX, FolderRefused, listed, write_folder

if TYPE_CHECKING:
    from frtracker.export import File
    from frtracker.export.documents import Snapshot

_SITE = "index.html"
_FOLDER = click.Argument(["folder"], metavar="DIR", type=Target(path_type=Path, file_okay=False))


def _formats(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(","))
    for name in names:
        if name not in FORMATS:
            raise ValueError(wording.not_one_of(name, FORMATS))
    return names


@command(
    *(_FOLDER, AS_OF),
    option(
        "--only",
        type=Words("format,…", _formats),
        help=f"Only these formats, by commas: {','.join(FORMATS)}.",
    ),
    flag("--safe-csv", help="In CSV, put ' before cells that a spreadsheet would run as formulas."),
    *RECORD,
)
def export(query: Query) -> None:
    """Write the record as files for other programs: CSV, XLSX, JSON, Parquet, SQLite, GeoJSON,
    GeoParquet, a calendar, a feed, and an index with hashes. Prints the path of the folder.

    An earlier export in DIR is replaced, whole or not at all; other files in it are left alone.

    \b
    frtracker export out
    frtracker export out --as-of 2021-06 --only csv,parquet
    """
    formats = query.only or _installed(query)
    if query.safe_csv and "csv" not in formats:
        raise click.UsageError("--safe-csv needs --only csv, or all formats.")
    _write(query, export_files(_snapshot(query), formats, safe_csv=query.safe_csv))


@command(
    *(_FOLDER, AS_OF),
    option("--url", help="Address where it will be published, as https://example.org/faces/"),
    *RECORD,
)
def site(query: Query) -> None:
    """Write a static site: lists, the map, a page for each subject, changes, the method, downloads.

    It works without scripts, from disk and on any host. Prints the path of its first page.

    \b
    frtracker site public --url https://example.org/faces/
    """
    from frtracker.record.cells import is_web
    from frtracker.site.pages import site_files

    url = query.url or ""
    if url and not is_web(url):
        raise click.BadParameter(f"{url!r} is not an http or https address.", param_hint="--url")
    snapshot = _snapshot(query)
    if sys.stderr.isatty() and not query.quiet:
        print_note("making the pages …")
    card = bool(url) and find_spec("matplotlib") is not None
    if url and not card:
        query.note("The picture for links is left out: pip install 'frtracker[figures]' adds it")
    data = _installed(query)
    files = site_files(snapshot, url=url, issues=_issues(), card=card, formats=data)
    _write(query, files, first=_SITE)


def _installed(query: Query) -> tuple[str, ...]:
    """The formats that this installation can write; a note names each other one."""
    lacking = [name for name, modules in NEEDS.items() if None in map(find_spec, modules)]
    for name in lacking:
        _, extra = EXTRAS[NEEDS[name][0]]
        query.note(f"{name} files are left out: pip install 'frtracker[{extra}]' adds them")
    return tuple(name for name in FORMATS if name not in lacking)


def _issues() -> str:
    """The address of the project's issue tracker, as pyproject.toml has it; '' without one."""
    entries: list[str] = metadata("frtracker").get_all("Project-URL") or []
    named = dict(entry.split(", ", 1) for entry in entries)
    return named.get("Issues", "")


def _snapshot(query: Query) -> Snapshot:
    from frtracker.export.documents import take

    query.warn_beyond_review(query.day)
    tables, timeline, given = query.tables, query.timeline(), query.as_of_given
    return take(tables, timeline, query.day, as_of_given=given, released=query.released)


def _write(query: Query, files: Iterable[File], *, first: str = "") -> None:
    folder: Path = query.folder
    contents = {file.name: file.data for file in files}
    before = listed(folder / INDEX)
    if before and (_SITE in before) != (_SITE in contents):
        kind = "a site" if _SITE in before else "an export"
        raise DataProblem(f"{folder} contains {kind}: name another folder. Nothing was written.")
    try:
        with writing(folder):
            write_folder(folder, contents)
    except FolderRefused as error:
        raise DataProblem(f"{error}. Nothing was written.") from error
    if not query.quiet:
        size = sum(map(len, contents.values())) / 1e6
        print_note(f"{wording.counted('files', len(contents))}, {size:.1f} MB")
    print_data(f"{folder / first if first else folder}\n")
