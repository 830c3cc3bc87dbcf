"""``export`` and ``site``: a folder of files, or a static site, of one day."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from frtracker.cli.errors import optional_parts
from frtracker.cli.options import (
    Named,
    as_of_option,
    day_of,
    policies_option,
    read_tables,
    timeline_of,
    warn_beyond_review,
)
from frtracker.cli.output import DataProblem, print_data, print_note, writing
from frtracker.dates import DayRange
from frtracker.export.formats import FORMATS
from frtracker.export.formats import export as export_files
from frtracker.files import FolderRefused, write_folder

if TYPE_CHECKING:
    from frtracker.export.snapshot import File, Snapshot

folder_argument = click.argument(
    "folder", metavar="DIR", type=Named(path_type=Path, file_okay=False)
)


class Formats(click.ParamType[tuple[str, ...]]):
    """Names of formats with commas between."""

    name = "format,…"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        names = tuple(name.strip() for name in str(value).split(","))
        for name in names:
            if name not in FORMATS:
                self.fail(f"{name!r} is not one of {', '.join(FORMATS)}", param, ctx)
        return names


@click.command()
@folder_argument
@as_of_option
@click.option("--only", type=Formats(), help=f"Only these: {','.join(FORMATS)}.")
@click.option(
    "--safe-csv",
    is_flag=True,
    help="In CSV: put ' before cells that a spreadsheet would run as formulas.",
)
@policies_option
def export(
    folder: Path,
    as_of: DayRange | None,
    only: tuple[str, ...] | None,
    safe_csv: bool,
    policies: Path | None,
) -> None:
    """Write the record as files for other programs: CSV, JSON, Parquet, SQLite, GeoJSON, a
    calendar, a feed, and an index with hashes. Prints the path of the folder.

    An earlier export in DIR is replaced, whole or not at all; other files in it are left alone.

    \b
    frtracker export out
    frtracker export out --as-of 2021-06 --only csv,parquet
    """
    if safe_csv and only and "csv" not in only:
        raise click.UsageError("--safe-csv goes with --only csv, or with all formats")
    snapshot = _snapshot(as_of, policies)
    with optional_parts():
        files = export_files(snapshot, only or tuple(FORMATS), safe_csv=safe_csv)
    _write(folder, files)


@click.command()
@folder_argument
@as_of_option
@click.option("--url", default="", help="Where it will stand: https://example.org/faces/")
@policies_option
def site(folder: Path, as_of: DayRange | None, url: str, policies: Path | None) -> None:
    """Write a static site: lists, the map, a page per subject, changes, the method, downloads.

    It works without scripts, from disk and on any host. Prints the path of its first page.

    \b
    frtracker site public --url https://example.org/faces/
    """
    from frtracker.record.cells import is_web
    from frtracker.site.pages import site_files

    if url and not is_web(url):
        raise click.BadParameter(f"{url!r} is no http or https address", param_hint="--url")
    snapshot = _snapshot(as_of, policies)
    if sys.stderr.isatty():
        print_note("making the pages …")
    with optional_parts():
        files = site_files(snapshot, url=url)
    _write(folder, files, first="index.html")


def _snapshot(as_of: DayRange | None, policies: Path | None) -> Snapshot:
    from frtracker.export.snapshot import take

    day, given = day_of(as_of)
    tables = read_tables(policies)
    warn_beyond_review(tables, day)
    return take(tables, timeline_of(tables, None), day, as_of_given=given)


def _write(folder: Path, files: Iterable[File], *, first: str = "") -> None:
    contents = {file.name: file.data for file in files}
    try:
        with writing(folder):
            write_folder(folder, contents)
    except FolderRefused as error:
        raise DataProblem(f"{error}; nothing was written") from error
    print_note(f"{len(contents)} files, {sum(map(len, contents.values())) / 1e6:.1f} MB")
    print_data(f"{folder / first if first else folder}\n")
