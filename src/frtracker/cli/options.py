"""The options that commands share, each declared once, and how their words are read."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Sequence
from copy import copy
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import click
from click.shell_completion import CompletionItem

from frtracker import wording
from frtracker.cli.console import STDOUT
from frtracker.cli.query import today
from frtracker.dates import DayRange, parse_period
from frtracker.files import shipped_folder
from frtracker.record.findings import inert
from frtracker.vocabulary import ACTORS, MEASURES, SUBJECT_TYPES


class Words(click.ParamType[Any]):
    """An option value read by a function that raises ``ValueError`` with a sentence for people."""

    def __init__(self, name: str, read: Callable[[str], Any]) -> None:
        self.name, self._read = name, read

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return self._read(value) if isinstance(value, str) else value
        except ValueError as error:
            self.fail(str(error), param, ctx)


class OneOf(click.Choice[str]):
    """One of a list of words, in capitals or not."""

    def __init__(self, words: Iterable[str]) -> None:
        super().__init__(list(words), case_sensitive=False)

    def get_invalid_choice_message(self, value: Any, ctx: click.Context | None) -> str:
        return wording.not_one_of(value, self.choices)


class Target(click.Path):
    """A file or folder to write; an empty name, which would be the current folder, is refused."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not str(value).strip():
            self.fail("The name is empty.", param, ctx)
        return super().convert(value, param, ctx)


class _Option(click.Option):
    """An option; ``aliases`` are further names that the help does not show."""

    def __init__(self, names: Sequence[str], aliases: Sequence[str] = (), **how: Any) -> None:
        super().__init__([*names, *aliases], **how)
        self._aliases = aliases

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        shown = copy(self)
        shown.opts = [name for name in self.opts if name not in self._aliases]
        return super(_Option, shown).get_help_record(ctx)


def option(names: str, *, words: Iterable[str] = (), aliases: str = "", **how: Any) -> click.Option:
    """An option with these names (``-f --format``), and ``aliases`` that the help leaves out; with
    ``words`` it takes one of these. Its default is shown."""
    if words:
        how["type"] = OneOf(words)
    return _Option(names.split(), aliases.split(), show_default="default" in how, **how)


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
        raise ValueError(f"{text!r} is not a size such as 500MB or 2GB.")
    units = {"b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9}
    return int(match[1]) * units[(match[2] or "b").lower()]


def _period(text: str) -> DayRange:
    word = text.strip().lower()
    if word not in _DAYS:
        return parse_period(text)
    day = today() + timedelta(days=_DAYS[word])
    return DayRange(day, day)


def _country(text: str) -> str:
    from frtracker.places.subjects import country_code

    return country_code(text)


def _supposition(text: str) -> Any:
    from frtracker.record.suppose import supposition

    return supposition(text)


def _countries(text: str) -> list[str]:
    try:
        return [_country(text)]
    except ValueError:
        if "," not in text:
            raise
    return [_country(part.strip()) for part in text.split(",")]


_DAYS: Final = {"yesterday": -1, "today": 0, "tomorrow": 1}
# click.DateTime would read 2021-06 as 1 June without a word
PERIOD: Final = Words("date", _period)
AS_OF: Final = option(
    "--as-of",
    type=PERIOD,
    help="Date to report on: a day, month or year; a month or year means its last day. "
    "[default: today]",
)
KNOWN_AT: Final = option(
    "--known-at",
    type=PERIOD,
    help="Use only what was publicly known on this date (not an earlier edition of the data).",
)
COUNTRY: Final = option(
    "--country", type=Words("country", _country), help="Only this country, by name or ISO code."
)
SUPPOSE: Final = option(
    "--suppose suppositions",
    type=Words("what", _supposition),
    multiple=True,
    help="What if: a proposal in force from a date (ID=2027-07-01; in place of another rule: "
    "ID=2027-07-01:replaces=ID2), or a rule that ends (ID:ends=2027-01-01). May be repeated.",
)
SINCE: Final = option(
    "--since", type=PERIOD, help="First day; a month or year means its first day."
)
UNTIL: Final = option(
    "--until",
    type=PERIOD,
    help="Last day; a month or year means its last day.  [default: today]",
)
FOR: Final = option(
    "--for actors", words=ACTORS, multiple=True, help="Only rules for these (may be repeated)."
)
SUBJECTS: Final = click.Argument(
    ["subjects"], nargs=-1, metavar="[SUBJECT]...", shell_complete=subject_names
)
FILTERS: Final = (
    option(
        "--subject names",
        multiple=True,
        metavar="NAME",
        shell_complete=subject_names,
        help="Only this subject, by any of its names (may be repeated).",
    ),
    option(
        "--type types",
        words=SUBJECT_TYPES,
        multiple=True,
        help="Only subjects of this type (may be repeated).",
    ),
    option(
        "--country countries",
        type=Words("country", _countries),
        multiple=True,
        help="Only this country, by name or ISO code (may be repeated). For vendors and companies: "
        "their rules in that market.",
    ),
    option(
        "--region regions",
        metavar="REGION",
        multiple=True,
        help="Only this state or province, as Illinois, IL, US-IL or CA-ON (may be repeated). For "
        "vendors and companies: their rules in that market.",
    ),
    option(
        "--measure measures",
        words=MEASURES,
        multiple=True,
        help="Only these measures (may be repeated).",
    ),
    FOR,
)
MAX_SIZE: Final = option(
    "--max-size max_bytes",
    type=Words("size", _size),
    default="1GB",
    help="Refuse to read larger files.",
)
_POLICIES: Final = option(
    "--policies",
    type=click.Path(path_type=Path),
    help="Use your own policies.csv; companion tables are read from the same folder. "
    "[default: the shipped record]",
)
_EDITION: Final = option(
    "--edition",
    metavar="EDITION",
    help="Answer from an older edition: its id (2026.11.22) or a git revision in a checkout, a "
    "folder, a wheel.",
)
QUIET: Final = flag("-q --quiet", help="Print no notes on standard error.")
RECORD: Final = (_POLICIES, _EDITION, MAX_SIZE, QUIET)

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
        help="In CSV, put ' before cells that a spreadsheet would run as formulas.",
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
        option(
            "-f --format",
            words=formats,
            help=format_help or f"[default: by the file extension of --output, else {formats[0]}]",
        ),
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
) -> tuple[str, Path, bool]:
    """The format, which is ``given``, or the one of the file's extension, or the first; the path,
    and whether it was named. Raises ``UsageError`` where the extension belongs to another format,
    or to none."""
    ending = path.suffix.lower().removeprefix(".") if path and path != STDOUT else ""
    meant = _ENDINGS.get(ending)
    if given and meant not in (None, given) and ending not in _VAGUE_ENDINGS:
        raise click.UsageError(f"--output {path} is {meant} by its extension, --format is {given}.")
    if ending and not given and meant not in formats:
        names = {name: f".{it}" for it, name in reversed(_ENDINGS.items()) if name in formats}
        known = [names[name] for name in formats if name in names]
        raise click.UsageError(
            f"--output {path}: the formats are {', '.join(formats)}. Use the extension"
            f" {', '.join(known)}, or name one with --format."
        )
    chosen = given or meant or formats[0]
    return chosen, path or Path(default.format(chosen)), path is not None


TEXTS: Final = output_options("table", "markdown", "csv", "json", "xlsx")
