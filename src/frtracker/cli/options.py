"""The options that commands share, each declared once, and how their words are read."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import click
from click.shell_completion import CompletionItem

from frtracker import wording
from frtracker.cli.output import STDOUT, Output
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


def _size(text: str) -> int:
    match = re.fullmatch(r"([1-9][0-9]{0,11}) ?([kmg]?b)?", text, re.ASCII | re.IGNORECASE)
    if match is None:
        raise ValueError(f"{text!r} is no size such as 500MB or 2GB")
    units = {"b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9}
    return int(match[1]) * units[(match[2] or "b").lower()]


def choice(*names: str, words: Iterable[str], **how: Any) -> click.Option:
    """An option that takes one of these words (``multiple``: several); a default is shown."""
    return click.Option(names, type=click.Choice(list(words)), show_default="default" in how, **how)


def subject_names(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Labels (``Portland, ME``) and aliases that begin with what was typed; none where the table
    of places cannot be read. Read without what reads tables: completion must be quick."""
    typed = incomplete.casefold()
    own = ctx.params.get("policies")
    path = Path(own).parent / "subjects.csv" if own else shipped_folder() / "subjects.csv"
    if not path.is_file():
        path = shipped_folder() / "subjects.csv"
    try:
        names = {name for name in _names(path) if name.casefold().startswith(typed)}
    except (OSError, ValueError, csv.Error):
        return []
    # the table may not have been checked
    return [CompletionItem(name) for name in sorted(names) if inert(name) == name]


def _names(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            columns = ("subject", "subject_type", "country", "region")
            yield wording.label({name: row.get(name) for name in columns})
            yield from (alias for alias in (row.get("aliases") or "").split(";") if alias)


# A day, month or year. (``click.DateTime`` would read 2021-06 as 1 June without a word.)
PERIOD: Final = Words("day|month|year", parse_period)

AS_OF: Final = click.Option(
    ["--as-of"],
    type=PERIOD,
    help="The day to tell of; of a month or year its last day. [default: today]",
)
KNOWN_AT: Final = click.Option(
    ["--known-at"],
    type=PERIOD,
    help="Answer as a careful reader of the world on that day (about the world's acts, not about "
    "earlier editions of this data).",
)
UNTIL: Final = click.Option(
    ["--until"], type=PERIOD, help="Through the last day of it.  [default: today]"
)
FOR: Final = choice("--for", "actors", words=ACTORS, multiple=True, help="Only for these actors.")
COUNTRY: Final = click.Option(
    ["--country"], default="", metavar="CODE", help="Only this country, by code or name."
)
FILTERS: Final = (
    click.Option(
        ["--subject", "names"],
        multiple=True,
        shell_complete=subject_names,
        help="Only this subject (may be repeated).",
    ),
    choice("--type", "types", words=SUBJECT_TYPES, multiple=True),
    click.Option(
        ["--country"], default="", metavar="CODE", help="By code or name. Vendors: that market."
    ),
    click.Option(
        ["--region"],
        default="",
        metavar="CODE",
        help="US-IL, Illinois, CA-ON. Vendors: that market.",
    ),
    choice("--measure", "measures", words=MEASURES, multiple=True, help="Only these."),
    FOR,
)
MAX_SIZE: Final = click.Option(
    ["--max-size", "max_bytes"],
    type=Words("size", _size),
    default="1GB",
    show_default=True,
    help="Refuse to read a file that is larger.",
)
RECORD: Final = (
    click.Option(
        ["--policies"],
        type=click.Path(path_type=Path),
        help="A policies.csv of your own, with its companions beside it. "
        "[default: the shipped record]",
    ),
    MAX_SIZE,
)

_FORMATS: Final = "csv json geojson parquet sqlite xlsx ics atom html png svg"
_ENDINGS: Final = {name: name for name in _FORMATS.split()} | {
    **{"md": "markdown", "markdown": "markdown", "htm": "html", "txt": "table", "xml": "atom"}
}
"""Endings of file names, and the formats they name."""
_VAGUE_ENDINGS: Final = ("txt", "xml")
"""These fit other formats too."""


class OutputOption(click.Option):
    """``--output``, which decides on the format too: the one given, else that of the file's ending,
    else the first of ``formats``. ``default``: the path, in which ``{}`` is the format."""

    def __init__(self, formats: tuple[str, ...], default: str, output_help: str) -> None:
        path = Target(path_type=Path, allow_dash=True, dir_okay=False)
        super().__init__(["-o", "--output", "path"], type=path, help=output_help)
        self._formats, self._default = formats, default

    def output(self, given: str | None, path: Path | None, safe_csv: bool) -> Output:
        """Raises ``UsageError`` where the ending of the file names another format."""
        chosen = self._format(given, path or STDOUT)
        if safe_csv and chosen != "csv":
            raise click.UsageError("--safe-csv goes with --format csv")
        return Output(chosen, path or Path(self._default.format(chosen)), safe_csv)

    def _format(self, given: str | None, path: Path) -> str:
        ending = path.suffix.lower().removeprefix(".")
        meant = _ENDINGS.get(ending, "")
        vague = ending in _VAGUE_ENDINGS and (given or meant not in self._formats)
        if not meant or vague:
            return given or self._formats[0]
        if given and given != meant:
            raise click.UsageError(f"--output {path} is {meant} by its name, --format says {given}")
        if meant not in self._formats:
            raise click.UsageError(f"--output {path}: the formats are {', '.join(self._formats)}")
        return meant


def output_options(
    *formats: str, format_help: str = "", output_help: str = "", default: str = "-"
) -> tuple[click.Option, ...]:
    """``--format`` and ``--output``, for CSV ``--safe-csv`` too."""
    safe_csv = click.Option(
        ["--safe-csv"],
        is_flag=True,
        help="With --format csv: put ' before cells that a spreadsheet would run as formulas.",
    )
    format_help = format_help or f"[default: {formats[0]}]"
    output_help = output_help or "Write to this file instead of standard output (-)."
    return (
        choice("-f", "--format", "format_name", words=formats, help=format_help),
        *((safe_csv,) if "csv" in formats else ()),
        OutputOption(formats, default, output_help),
    )


TEXTS: Final = output_options("table", "markdown", "csv", "json")
