"""What the commands share: their common options, and reading. The clock and the environment
enter here and nowhere else."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from frtracker.cli.completion import subject_names
from frtracker.cli.output import STDOUT, DataProblem, Output, print_note
from frtracker.dates import DayRange, parse_period
from frtracker.vocabulary import ACTORS, MEASURES, SUBJECT_TYPES

if TYPE_CHECKING:
    from frtracker.answers.status import Filters
    from frtracker.places.place import Place
    from frtracker.places.subjects import NameNotUnderstood
    from frtracker.record.load import Tables
    from frtracker.timeline import Timeline

Command = TypeVar("Command", bound=Callable[..., Any])

DEFAULT_FOLDER: Final = Path("maps")
_MOST_CANDIDATES: Final = 10
_MAX_SIZE: Final = "frtracker.max_size"
"""Where the context keeps what ``--max-size`` says."""

_FORMATS: Final = "csv json geojson parquet sqlite xlsx ics atom html png svg"
_ENDINGS: Final = {f".{name}": name for name in _FORMATS.split()} | {
    **{".md": "markdown", ".markdown": "markdown", ".htm": "html"},
    **{".txt": "table", ".xml": "atom"},
}
"""Endings of file names, and the formats they name."""
_VAGUE_ENDINGS: Final = frozenset({".txt", ".xml"})
"""These fit other formats too."""


class Period(click.ParamType[DayRange]):
    """A day, month or year. (``click.DateTime`` would read 2021-06 as 1 June without a word.)"""

    name = "day|month|year"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> DayRange:
        if isinstance(value, DayRange):
            return value
        try:
            return parse_period(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class Named(click.Path):
    """A file or folder to write; an empty name, which would be the current folder, is refused."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not str(value).strip():
            self.fail("the name is empty", param, ctx)
        return super().convert(value, param, ctx)


class Size(click.ParamType[int]):
    """A number of bytes: ``500MB``, ``2GB``, ``800kB``, ``1000``."""

    name = "size"
    _units = {"": 1, "b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9}  # noqa: RUF012

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        match = re.fullmatch(
            r"([1-9][0-9]{0,11}) ?([kmg]?b)?", str(value), re.ASCII | re.IGNORECASE
        )
        if match is None:
            self.fail(f"{value!r} is no size such as 500MB or 2GB", param, ctx)
        return int(match[1]) * self._units[(match[2] or "").lower()]


@dataclass
class FilterOptions:
    """What :func:`filter_options` ask for; empty means all. Codes become those that ISO writes;
    raises ``UsageError`` for one that is none."""

    names: tuple[str, ...]
    types: tuple[str, ...]
    country: str
    region: str
    measures: tuple[str, ...]
    actors: tuple[str, ...]

    def __post_init__(self) -> None:
        self.country, self.region = market_codes(self.country, self.region)

    @property
    def market(self) -> str:
        return self.region or self.country

    def of(self, *, everything: bool = False) -> Filters:
        """The same for a document, but for the names: see :meth:`places`."""
        from frtracker.answers.status import Filters

        return Filters(
            subject_types=frozenset(self.types),
            country=self.country,
            region=self.region,
            measures=frozenset(self.measures),
            for_actors=tuple(a for a in ACTORS if a in self.actors) or tuple(ACTORS),
            everything=everything or "none" in self.measures,
        )

    def places(self, tables: Tables) -> list[Place]:
        """What the names mean, in the country or region asked about."""
        return places_named(
            tables, self.names, "--subject", country=self.country, region=self.region
        )


def choice_option(*names: str, words: Iterable[str], **how: Any) -> Callable[[Command], Command]:
    """An option that takes one of these words (``multiple``: several); a default is shown."""
    option: Callable[[Command], Command] = click.option(
        *names, type=click.Choice(list(words)), show_default="default" in how, **how
    )
    return option


for_option = choice_option(
    "--for", "actors", words=ACTORS, multiple=True, help="Only for these actors."
)
country_option = click.option(
    "--country", default="", metavar="CODE", help="Only this country, by code or name."
)
_FILTERS: Final = (
    click.option(
        "--subject",
        "names",
        multiple=True,
        shell_complete=subject_names,
        help="Only this subject (may be repeated).",
    ),
    choice_option("--type", "types", words=SUBJECT_TYPES, multiple=True),
    click.option(
        "--country", default="", metavar="CODE", help="By code or name. Vendors: that market."
    ),
    click.option(
        "--region", default="", metavar="CODE", help="US-IL, Illinois, CA-ON. Vendors: that market."
    ),
    choice_option("--measure", "measures", words=MEASURES, multiple=True, help="Only these."),
    for_option,
)


def filter_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--subject --type --country --region --measure --for``, as one argument ``filters``."""

    @wraps(command)
    def with_filters(*args: Any, **options: Any) -> Any:
        given = {field.name: options.pop(field.name) for field in fields(FilterOptions)}
        return command(*args, filters=FilterOptions(**given), **options)

    for option in reversed(_FILTERS):
        with_filters = option(with_filters)
    return with_filters


def _remember_max_size(ctx: click.Context, param: click.Parameter, value: int) -> None:
    ctx.meta[_MAX_SIZE] = value


max_size_option = click.option(
    "--max-size",
    type=Size(),
    default="1GB",
    show_default=True,
    expose_value=False,
    callback=_remember_max_size,
    help="Refuse to read a file that is larger.",
)
_policies_option = click.option(
    "--policies",
    type=click.Path(path_type=Path),
    help="A policies.csv of your own, with its companions beside it. [default: the shipped record]",
)


def policies_option(command: Command) -> Command:
    """``--policies`` and ``--max-size``."""
    return _policies_option(max_size_option(command))


def max_bytes() -> int:
    """What ``--max-size`` of the running command says."""
    return int(click.get_current_context().meta[_MAX_SIZE])


as_of_option = click.option(
    "--as-of",
    type=Period(),
    help="The day to tell of; of a month or year its last day. [default: today]",
)
known_at_option = click.option(
    "--known-at",
    type=Period(),
    help="Answer as a careful reader of the world on that day (about the world's acts, not about "
    "earlier editions of this data).",
)


_safe_csv_option = click.option(
    "--safe-csv",
    is_flag=True,
    help="With --format csv: put ' before cells that a spreadsheet would run as formulas.",
)


def output_options(
    *formats: str, format_help: str = "", output_help: str = "", default: Path | None = STDOUT
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """``--format`` and ``--output``, for CSV ``--safe-csv`` too, as one argument ``output``.

    The ending of the file's name decides the format where none is given, else the first of
    ``formats`` is written. ``default``: the path where none is given; None lets it be
    ``maps/frtracker`` with the format's ending.
    """
    format_option = choice_option(
        *("-f", "--format", "format_name"),
        words=formats,
        help=format_help or f"[default: {formats[0]}]",
    )
    path_option = click.option(
        "-o",
        "--output",
        "path",
        type=Named(path_type=Path, allow_dash=True, dir_okay=False),
        help=output_help or "Write to this file instead of standard output (-).",
    )

    def with_options(command: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(command)
        def with_output(
            *args: Any,
            format_name: str | None,
            path: Path | None,
            safe_csv: bool = False,
            **others: Any,
        ) -> Any:
            chosen = _format(formats, format_name, path or STDOUT)
            if safe_csv and chosen != "csv":
                raise click.UsageError("--safe-csv goes with --format csv")
            path = path or default or DEFAULT_FOLDER / f"frtracker.{chosen}"
            return command(*args, output=Output(chosen, path, safe_csv), **others)

        with_output = path_option(with_output)
        if "csv" in formats:
            with_output = _safe_csv_option(with_output)
        return format_option(with_output)

    return with_options


def _format(formats: tuple[str, ...], given: str | None, path: Path) -> str:
    """Raises ``UsageError`` where the ending of the file names another format."""
    ending = path.suffix.lower()
    meant = _ENDINGS.get(ending, "")
    if not meant or (ending in _VAGUE_ENDINGS and (given or meant not in formats)):
        return given or formats[0]
    if given and given != meant:
        raise click.UsageError(f"--output {path} is {meant} by its name, --format says {given}")
    if meant not in formats:
        raise click.UsageError(f"--output {path}: the formats are {', '.join(formats)}")
    return meant


def today() -> date:
    """The day it is, in UTC; that of ``SOURCE_DATE_EPOCH`` where it is set."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not fixed:
        return datetime.now(UTC).date()
    try:
        return datetime.fromtimestamp(int(fixed), UTC).date()
    except (ValueError, OverflowError, OSError) as error:
        raise click.UsageError(f"SOURCE_DATE_EPOCH={fixed!r} is not a number of seconds") from error


def day_of(given: DayRange | None) -> tuple[date, str]:
    """The last day of the period, and how it was given."""
    if given is None:
        now = today()
        return now, now.isoformat()
    return given.high, str(given)


def in_order(first: date, last: date, begin: str, end: str) -> None:
    """Raises ``UsageError`` where the day of option ``begin`` lies after that of ``end``."""
    if last < first:
        raise click.UsageError(f"{begin} {first} lies after {end} {last}")


def places_named(
    tables: Tables,
    names: Iterable[str],
    option: str = "",
    *,
    country: str = "",
    region: str = "",
    notes: bool = True,
) -> list[Place]:
    """The place, body, vendor or company that each name means; where others have the name too, it
    is said (``notes``).

    Raises :class:`DataProblem` with every candidate as a command to copy: the running one, with
    the words in place of the argument or ``option``.
    """
    from frtracker.places.names import resolve
    from frtracker.places.subjects import NameNotUnderstood

    places = []
    for name in names:
        try:
            place = resolve(tables, name, country=country, region=region)
        except NameNotUnderstood as error:
            raise not_understood(error, option) from error
        except ValueError as error:
            raise click.BadParameter(str(error), param_hint=option or None) from error
        for note in place.notes if notes else ():
            print_note(f"note: {note}")
        places.append(place)
    return places


def not_understood(error: NameNotUnderstood, option: str = "") -> DataProblem:
    """The reason and the candidates, each as a command to copy."""
    command = f"frtracker {click.get_current_context().info_name} {option}".rstrip()
    shown = [
        f"  {command} {_quoted(words)}    ({what})"
        for words, what in error.candidates[:_MOST_CANDIDATES]
    ]
    if len(error.candidates) > _MOST_CANDIDATES:
        shown.append(f"  and {len(error.candidates) - _MOST_CANDIDATES} more")
    return DataProblem("\n".join([f"{error.reason}{':' if shown else ''}", *shown]))


def _quoted(words: str) -> str:
    """As one word of a shell; in double quotes, which every shell has, where these suffice."""
    if re.fullmatch(r"[\w.-]+", words):
        return words
    return shlex.quote(words) if re.search(r'["$`\\!]', words) else f'"{words}"'


def market_codes(country: str, region: str) -> tuple[str, str]:
    """Codes as ISO writes them, given as these, as names or as postal codes (``Germany``, ``UK``,
    ``Louisiana``, ``LA``); a region brings its country."""
    if not country and not region:
        return "", ""
    from frtracker.places.subjects import country_words, region_words, spelling
    from frtracker.record.iso import is_country, is_region

    country = country_words().get(spelling(country), country.upper())
    inside = f"{country}-{region.upper()}"
    region = inside if is_region(inside) else region_words().get(spelling(region), region.upper())
    if country and not is_country(country):
        raise click.BadParameter(
            f"{country!r} is no ISO 3166-1 code such as US, nor the name of a country",
            param_hint="--country",
        )
    if region and not is_region(region):
        raise click.BadParameter(
            f"{region!r} is no ISO 3166-2 code such as US-IL, nor the name of a US state",
            param_hint="--region",
        )
    if region and country and not region.startswith(f"{country}-"):
        raise click.UsageError(f"--region {region} is not in --country {country}")
    return country or region.partition("-")[0], region


def read_tables(policies: Path | None) -> Tables:
    """The tables that ``--policies`` names, or the shipped record; what was skipped is told.

    Raises :class:`DataError` where they have errors.
    """
    from frtracker.record import load

    tables = load.read(policies, max_bytes=max_bytes())
    for note in tables.skipped:
        print_note(f"note: {note}")
    return tables


def timeline_of(tables: Tables, known_at: DayRange | None, market: str = "") -> Timeline:
    """The timeline of the tables, as known on the last day of ``known_at``; ``market``: a code of a
    country or a part of one, '' for none."""
    from frtracker.timeline import Market, build

    return build(
        tables.policies,
        known_at=known_at.high if known_at else None,
        market=Market(market) if market else None,
    )


def warn_beyond_review(tables: Tables, day: date) -> None:
    """Note on standard error where ``day`` lies after the last review of the record."""
    reviewed = tables.edition.reviewed_through or ""
    if day.isoformat() > reviewed:
        print_note(
            f"note: {day} lies after the last review of the record ({reviewed}); "
            "acts since then are not in it"
        )
