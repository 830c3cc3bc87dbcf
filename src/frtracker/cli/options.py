"""What the commands share: their common options, and reading. The clock and the environment
enter here and nowhere else."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from frtracker.cli.delivery import SAFE_CSV, DataProblem, tell
from frtracker.cli.values import Named, Period, Size
from frtracker.dates import DayRange

if TYPE_CHECKING:
    from frtracker.places.place import Place
    from frtracker.places.subjects import NameNotUnderstood
    from frtracker.record.load import Tables
    from frtracker.timeline import Timeline

Command = TypeVar("Command", bound=Callable[..., Any])

_MAX_SIZE: Final = "frtracker.max_size"
_MOST_CANDIDATES: Final = 10


def today() -> date:
    """The day it is, in UTC; that of ``SOURCE_DATE_EPOCH`` where it is set."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not fixed:
        return datetime.now(UTC).date()
    try:
        return datetime.fromtimestamp(int(fixed), UTC).date()
    except (ValueError, OverflowError, OSError) as error:
        raise click.UsageError(f"SOURCE_DATE_EPOCH={fixed!r} is not a number of seconds") from error


def _remember(key: str) -> Callable[[click.Context, click.Parameter, Any], Any]:
    def callback(ctx: click.Context, param: click.Parameter, value: Any) -> Any:
        ctx.meta[key] = value
        return value

    return callback


max_size_option = click.option(
    "--max-size",
    type=Size(),
    default="1GB",
    show_default=True,
    expose_value=False,
    callback=_remember(_MAX_SIZE),
    help="Refuse to read a file that is larger.",
)
_safe_csv_option = click.option(
    "--safe-csv",
    is_flag=True,
    expose_value=False,
    callback=_remember(SAFE_CSV),
    help="With --format csv: put ' before cells that a spreadsheet would run as formulas.",
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
output_option = click.option(
    "-o",
    "--output",
    type=Named(path_type=Path, allow_dash=True, dir_okay=False),
    default=Path("-"),
    help="Write to this file instead of standard output (-).",
)


def format_option(*names: str) -> Callable[[Command], Command]:
    """``--format``; a command that writes CSV has ``--safe-csv`` too."""
    option: Callable[[Command], Command] = click.option(
        "-f",
        "--format",
        "format_name",
        type=click.Choice(names),
        default=names[0],
        show_default=True,
    )
    if "csv" not in names:
        return option

    def with_safe_csv(command: Command) -> Command:
        return option(_safe_csv_option(command))

    return with_safe_csv


def read_tables(policies: Path | None) -> Tables:
    """The tables that ``--policies`` names, or the shipped record; what was skipped is told.

    Raises :class:`DataError` where they have errors.
    """
    from frtracker.record import load as table

    tables = table.read(policies, max_bytes=max_bytes(), memory=_memory())
    for note in tables.skipped:
        tell(f"note: {note}")
    return tables


def _memory() -> Path:
    """Where this machine keeps which tables were found valid."""
    from platformdirs import user_cache_path

    return user_cache_path("frtracker") / "validated"


def day_of(given: DayRange | None) -> tuple[date, str]:
    """The last day of the period, and how it was given."""
    if given is None:
        now = today()
        return now, now.isoformat()
    return given.high, str(given)


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
    """Tell where ``day`` lies after the last review of the record."""
    reviewed = tables.edition.reviewed_through
    if day.isoformat() > reviewed:
        tell(
            f"note: {day} lies after the last review of the record ({reviewed}); "
            "acts since then are not in it"
        )


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
    from frtracker.places.place import resolve
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
            tell(f"note: {note}")
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
