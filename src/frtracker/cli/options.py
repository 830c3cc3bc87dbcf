"""The options that commands share, each declared once, and how their words are read."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any, Final

import click
from click.shell_completion import CompletionItem

from frtracker import wording
from frtracker.dates import parse_period
from frtracker.files import shipped_folder
from frtracker.record.findings import inert
from frtracker.vocabulary import ACTORS, MEASURES, SUBJECT_TYPES


class Words(click.ParamType[Any]):
    """What a function reads; it raises ``ValueError`` with a sentence for people."""

    def __init__(self, name: str, read: Callable[[str], Any]) -> None:
        self.name, self._read = name, read

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return self._read(value) if isinstance(value, str) else value
        except ValueError as error:
            self.fail(str(error), param, ctx)


class Target(click.Path):
    """A file or folder to write; an empty name, which would be the current folder, is refused."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not str(value).strip():
            self.fail("the name is empty", param, ctx)
        return super().convert(value, param, ctx)


def option(names: str, *, words: Iterable[str] = (), **how: Any) -> click.Option:
    """An option of these names (``-f --format``); with ``words`` it takes one of these. Its default
    is shown."""
    if words:
        how["type"] = click.Choice(list(words))
    return click.Option(names.split(), show_default="default" in how, **how)


def flag(names: str, *, help: str) -> click.Option:
    return click.Option(names.split(), is_flag=True, help=help)


def subject_names(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Labels (``Portland, ME``) and aliases that begin with what was typed; none where the table
    of places cannot be read. Read without what reads tables: completion must be quick."""
    own = ctx.params.get("policies")
    path = (Path(own).parent if own else shipped_folder()) / "subjects.csv"
    if not path.is_file():
        path = shipped_folder() / "subjects.csv"
    names: set[str] = set()
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                names.update((wording.label(row), *(row["aliases"] or "").split(";")))
    except (OSError, ValueError, KeyError, csv.Error):
        return []
    typed = incomplete.casefold()
    # the table may not have been checked
    sound = (name for name in names if name and inert(name) == name)
    return [CompletionItem(name) for name in sorted(sound) if name.casefold().startswith(typed)]


def _size(text: str) -> int:
    match = re.fullmatch(r"([1-9][0-9]{0,11}) ?([kmg]?b)?", text, re.ASCII | re.IGNORECASE)
    if match is None:
        raise ValueError(f"{text!r} is no size such as 500MB or 2GB")
    units = {"b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9}
    return int(match[1]) * units[(match[2] or "b").lower()]


# click.DateTime would read 2021-06 as 1 June without a word
PERIOD: Final = Words("day|month|year", parse_period)

AS_OF: Final = option(
    "--as-of",
    type=PERIOD,
    help="The day to tell of; of a month or year its last day. [default: today]",
)
KNOWN_AT: Final = option(
    "--known-at",
    type=PERIOD,
    help="Answer as a careful reader of the world on that day (about the world's acts, not about "
    "earlier editions of this data).",
)
COUNTRY: Final = option("--country", metavar="CODE", help="Only this country, by code or name.")
UNTIL: Final = option("--until", type=PERIOD, help="Through the last day of it.  [default: today]")
FOR: Final = option("--for actors", words=ACTORS, multiple=True, help="Only for these actors.")
FILTERS: Final = (
    option(
        "--subject names",
        multiple=True,
        shell_complete=subject_names,
        help="Only this subject (may be repeated).",
    ),
    option("--type types", words=SUBJECT_TYPES, multiple=True),
    option("--country", metavar="CODE", help="By code or name. Vendors: that market."),
    option("--region", metavar="CODE", help="US-IL, Illinois, CA-ON. Vendors: that market."),
    option("--measure measures", words=MEASURES, multiple=True, help="Only these."),
    FOR,
)
MAX_SIZE: Final = option(
    "--max-size max_bytes",
    type=Words("size", _size),
    default="1GB",
    help="Refuse to read a file that is larger.",
)
_POLICIES: Final = option(
    "--policies",
    type=click.Path(path_type=Path),
    help="A policies.csv of your own, with its companions beside it. [default: the shipped record]",
)
RECORD: Final = (_POLICIES, MAX_SIZE)

_ENDINGS: Final = {
    **{name: name for name in ("csv", "json", "geojson", "parquet", "sqlite", "xlsx")},
    **{name: name for name in ("ics", "atom", "html", "png", "svg")},
    **{"md": "markdown", "markdown": "markdown", "htm": "html", "txt": "table", "xml": "atom"},
}
"""Endings of file names, and the formats they name."""
_VAGUE_ENDINGS: Final = ("txt", "xml")
"""These fit other formats too."""


def output_options(
    *formats: str, format_help: str = "", output_help: str = "", default: str = "-"
) -> tuple[click.Option, ...]:
    """``--format`` and ``--output``, for CSV ``--safe-csv`` too. ``default``: the path, in which
    ``{}`` is the format."""
    safe_csv = flag(
        "--safe-csv",
        help="With --format csv: put ' before cells that a spreadsheet would run as formulas.",
    )
    for_terminals = (
        option(
            "--color",
            words=("auto", "always", "never"),
            default="auto",
            help="Colors, and lines as wide as the terminal.",
        ),
        flag("--no-pager", help="Never show a long answer in $PAGER."),
    )
    return (
        option("-f --format", words=formats, help=format_help or f"[default: {formats[0]}]"),
        *((safe_csv,) if "csv" in formats else ()),
        *(for_terminals if "table" in formats else ()),
        option(
            "-o --output target",
            type=Target(path_type=Path, allow_dash=True, dir_okay=False),
            callback=lambda ctx, param, path: partial(_output, formats, default, path),
            help=output_help or "Write to this file instead of standard output (-).",
        ),
    )


def _output(
    formats: tuple[str, ...], default: str, path: Path | None, given: str | None
) -> tuple[str, Path]:
    """The format, which is ``given``, or by the ending of the file's name, or the first, and the
    path. Raises ``UsageError`` where the ending names another format."""
    ending = path.suffix.lower().removeprefix(".") if path else ""
    meant = _ENDINGS.get(ending)
    if meant is None or (ending in _VAGUE_ENDINGS and (given or meant not in formats)):
        meant = given or formats[0]
    elif given and given != meant:
        raise click.UsageError(f"--output {path} is {meant} by its name, --format says {given}")
    elif meant not in formats:
        raise click.UsageError(f"--output {path}: the formats are {', '.join(formats)}")
    return meant, path or Path(default.format(meant))


TEXTS: Final = output_options("table", "markdown", "csv", "json")
