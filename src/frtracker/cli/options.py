"""What the commands share: their common options, reading, delivering. The clock and the environment
enter here and nowhere else."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from frtracker.dates import DayRange, parse_period

if TYPE_CHECKING:
    from frtracker.table import Tables
    from frtracker.timeline import Timeline

Command = TypeVar("Command", bound=Callable[..., Any])


class DataProblem(click.ClickException):
    """The data have errors, or the name is not understood: exit 1."""

    exit_code = 1


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


def today() -> date:
    fixed = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not fixed:
        return datetime.now(UTC).date()
    try:
        return datetime.fromtimestamp(int(fixed), UTC).date()
    except (ValueError, OverflowError, OSError) as error:
        raise click.UsageError(f"SOURCE_DATE_EPOCH={fixed!r} is not a number of seconds") from error


policies_option = click.option(
    "--policies",
    type=click.Path(path_type=Path),
    help="A policies.csv of your own, with its companions beside it. [default: the shipped record]",
)
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
    type=click.Path(path_type=Path, allow_dash=True, dir_okay=False),
    default=Path("-"),
    help="Write to this file instead of standard output (-).",
)


def format_option(*names: str) -> Callable[[Command], Command]:
    return click.option(
        "-f",
        "--format",
        "format_name",
        type=click.Choice(names),
        default=names[0],
        show_default=True,
    )


def deliver(text: str, output: Path) -> None:
    if str(output) == "-":
        click.echo(text.encode("utf-8"), nl=False)
        return
    from frtracker.writing import write_whole

    try:
        write_whole(output, text)
    except OSError as error:
        raise DataProblem(f"cannot write {output}: {error.strerror}; it is as it was") from error


def read_tables(policies: Path | None) -> Tables:
    from frtracker import table

    tables = table.read(policies)
    for note in tables.skipped:
        click.echo(f"note: {note}", err=True)
    return tables


def day_of(given: DayRange | None) -> tuple[date, str]:
    """The last day of the period, and how it was given."""
    if given is None:
        now = today()
        return now, now.isoformat()
    return given.high, str(given)


def timeline_of(tables: Tables, known_at: DayRange | None, market: str = "") -> Timeline:
    from frtracker.timeline import Market, build

    return build(
        tables.policies,
        known_at=known_at.high if known_at else None,
        market=Market(market) if market else None,
    )


def warn_beyond_review(tables: Tables, day: date) -> None:
    reviewed = tables.edition.reviewed_through
    if day.isoformat() > reviewed:
        click.echo(
            f"note: {day} lies after the last review of the record ({reviewed}); "
            "acts since then are not in it",
            err=True,
        )


def market_codes(country: str, region: str) -> tuple[str, str]:
    """Codes as ISO writes them; a region brings its country."""
    from frtracker.schema.iso import is_country, is_region

    country, region = country.upper(), region.upper()
    if country and not is_country(country):
        raise click.BadParameter(
            f"{country!r} is no ISO 3166-1 code such as US", param_hint="--country"
        )
    if region and not is_region(region):
        raise click.BadParameter(
            f"{region!r} is no ISO 3166-2 code such as US-IL", param_hint="--region"
        )
    if region and country and not region.startswith(f"{country}-"):
        raise click.UsageError(f"--region {region} is not in --country {country}")
    return country or region.partition("-")[0], region
