"""The command line: read the words, call one function, print. The clock and the environment enter
here and nowhere else."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from frtracker import __version__
from frtracker.dates import DayRange, parse_period
from frtracker.findings import DataError
from frtracker.vocabulary import ACTORS, MEASURES, SUBJECT_TYPES

if TYPE_CHECKING:
    from frtracker.table import Tables
    from frtracker.timeline import Timeline

Command = TypeVar("Command", bound=Callable[..., Any])


class DataProblem(click.ClickException):
    """The data have errors, or the name is not understood: exit 1."""

    exit_code = 1


class _Group(click.Group):
    """Turns what the library raises into one plain message and the right exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except DataError as error:
            for finding in error.findings:
                click.echo(str(finding), err=True)
            raise DataProblem(f"{error}: nothing was written") from error
        except LookupError as error:
            if type(error).__name__ != "NameNotUnderstood":  # any other is a bug: let it show
                raise
            raise DataProblem(str(error)) from error
        except BrokenPipeError:
            # the reader has what it wanted; keep the interpreter from complaining at exit
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(0)


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


def _today() -> date:
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


def _deliver(text: str, output: Path) -> None:
    if str(output) == "-":
        click.echo(text.encode("utf-8"), nl=False)
        return
    from frtracker.writing import write_whole

    try:
        write_whole(output, text)
    except OSError as error:
        raise DataProblem(f"cannot write {output}: {error.strerror}; it is as it was") from error


def _read(policies: Path | None) -> Tables:
    from frtracker import table

    tables = table.read(policies)
    for note in tables.skipped:
        click.echo(f"note: {note}", err=True)
    return tables


def _day(given: DayRange | None, ctx_name: str = "--as-of") -> tuple[date, str]:
    """The last day of the period, and how it was given."""
    if given is None:
        today = _today()
        return today, today.isoformat()
    return given.high, str(given)


def _timeline(tables: Tables, known_at: DayRange | None, market: str = "") -> Timeline:
    from frtracker.timeline import Market, build

    return build(
        tables.policies,
        known_at=known_at.high if known_at else None,
        market=Market(market) if market else None,
    )


def _warn_beyond_review(tables: Tables, day: date) -> None:
    reviewed = tables.edition.reviewed_through
    if day.isoformat() > reviewed:
        click.echo(
            f"note: {day} lies after the last review of the record ({reviewed}); "
            "acts since then are not in it",
            err=True,
        )


@click.group(
    cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(None, "--version", message="%(version)s")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Is face recognition banned here, for whom, on that day, and who says so?

    \b
    frtracker status --as-of 2021-06
    frtracker show "Portland, ME"
    frtracker map --open
    """
    if os.environ.get("NO_COLOR"):
        ctx.color = False


@main.command()
@as_of_option
@known_at_option
@click.option("--subject", "names", multiple=True, help="Only this subject (may be repeated).")
@click.option("--type", "types", multiple=True, type=click.Choice(list(SUBJECT_TYPES)))
@click.option("--country", default="", metavar="CODE", help="ISO 3166-1: US. Vendors: that market.")
@click.option("--region", default="", metavar="CODE", help="ISO 3166-2: US-IL. Vendors: that market.")
@click.option(
    "--measure", "measures", multiple=True, type=click.Choice(list(MEASURES)), help="Only these."
)
@click.option(
    "--for", "actors", multiple=True, type=click.Choice(list(ACTORS)), help="Only for these actors."
)
@click.option("--all", "everything", is_flag=True, help="Also subjects where nothing holds or is to come.")
@policies_option
@format_option("table", "markdown", "csv", "json")
@output_option
def status(
    as_of: DayRange | None,
    known_at: DayRange | None,
    names: tuple[str, ...],
    types: tuple[str, ...],
    country: str,
    region: str,
    measures: tuple[str, ...],
    actors: tuple[str, ...],
    everything: bool,
    policies: Path | None,
    format_name: str,
    output: Path,
) -> None:
    """What holds on a day, for whom, since when and until when.

    \b
    frtracker status --as-of 2021-06
    frtracker status --as-of 2021-06 --for police --country US
    frtracker status --subject "Portland, OR" --format json
    """
    from frtracker.places import find, subjects_by_key
    from frtracker.report import Filters, tables as texts
    from frtracker.report import status as status_document

    day, given = _day(as_of)
    tables = _read(policies)
    people = subjects_by_key(tables.subjects)
    country, region = _market(country, region)
    filters = Filters(
        keys=frozenset(find(people, name).key for name in names),
        subject_types=frozenset(types),
        country=country,
        region=region,
        measures=frozenset(measures),
        for_actors=tuple(a for a in ACTORS if a in actors) or tuple(ACTORS),
        everything=everything,
    )
    timeline = _timeline(tables, known_at, region or country)
    document = status_document(tables, timeline, day, as_of_given=given, filters=filters)
    _warn_beyond_review(tables, day)
    _deliver(texts.render(document, format_name), output)


def _market(country: str, region: str) -> tuple[str, str]:
    """Codes as ISO writes them; a region brings its country."""
    from frtracker.schema.iso import is_country, is_region

    country, region = country.upper(), region.upper()
    if country and not is_country(country):
        raise click.BadParameter(f"{country!r} is no ISO 3166-1 code such as US", param_hint="--country")
    if region and not is_region(region):
        raise click.BadParameter(f"{region!r} is no ISO 3166-2 code such as US-IL", param_hint="--region")
    if region and country and not region.startswith(f"{country}-"):
        raise click.UsageError(f"--region {region} is not in --country {country}")
    return country or region.partition("-")[0], region


@main.command()
@click.argument("subject")
@as_of_option
@known_at_option
@policies_option
@format_option("table", "markdown", "csv", "json")
@output_option
def show(
    subject: str,
    as_of: DayRange | None,
    known_at: DayRange | None,
    policies: Path | None,
    format_name: str,
    output: Path,
) -> None:
    """The whole history of one subject, act by act, with its sources.

    \b
    frtracker show "Portland, ME"
    frtracker show Facebook --as-of 2022
    """
    from frtracker.places import find, subjects_by_key
    from frtracker.report import history
    from frtracker.report.history import render

    day, _ = _day(as_of)
    tables = _read(policies)
    found = find(subjects_by_key(tables.subjects), subject)
    document = history(tables, _timeline(tables, known_at), day, found)
    _deliver(render(document, format_name), output)


@main.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@format_option("table", "json", "github")
@output_option
@click.pass_context
def validate(
    ctx: click.Context, files: tuple[Path, ...], format_name: str, output: Path
) -> None:
    """Check the tables against every rule; exit 1 if any has an error.

    FILES: a policies.csv (its companions are found beside it), or any of the four tables.

    \b
    frtracker validate
    frtracker validate my/policies.csv --format github
    """
    from frtracker import findings, table

    report = table.check(files)
    _deliver(findings.render(report, format_name), output)
    if any(finding.severity == "error" for finding in report.findings):
        ctx.exit(1)


@main.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Write nothing; print the difference and exit 1 if any.")
@click.pass_context
def fmt(ctx: click.Context, files: tuple[Path, ...], check: bool) -> None:
    """Put the tables into canonical order and form.

    \b
    frtracker fmt
    frtracker fmt --check my/policies.csv
    """
    from frtracker import canonical
    from frtracker.writing import write_whole

    changes = canonical.changes(files)
    for change in changes:
        if check:
            click.echo(change.diff(), nl=False)
            continue
        try:
            write_whole(change.path, change.text)
        except OSError as error:
            raise DataProblem(f"cannot write {change.path}: {error.strerror}; it is as it was") from error
        click.echo(f"rewrote {change.path}", err=True)
    if check and changes:
        ctx.exit(1)


@main.command(name="map")
@as_of_option
@known_at_option
@policies_option
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, allow_dash=True, dir_okay=False),
    default=Path("maps/frtracker.html"),
    show_default=True,
)
@click.option("--open", "open_it", is_flag=True, help="Open the page in the browser.")
def map_(
    as_of: DayRange | None,
    known_at: DayRange | None,
    policies: Path | None,
    output: Path,
    open_it: bool,
) -> None:
    """Write the map of a day: one HTML file that needs no network. Prints its path.

    \b
    frtracker map
    frtracker map --as-of 2021-06 -o june.html --open
    """
    from frtracker import webmap
    from frtracker.report import Filters
    from frtracker.report import status as status_document

    if open_it and str(output) == "-":
        raise click.UsageError("--open needs a file: name one with --output")
    day, given = _day(as_of)
    tables = _read(policies)
    document = status_document(
        tables,
        _timeline(tables, known_at),
        day,
        as_of_given=given,
        filters=Filters(everything=True),
    )
    _warn_beyond_review(tables, day)
    page = webmap.render(document, tables)
    if str(output) == "maps/frtracker.html":
        output.parent.mkdir(exist_ok=True)
    _deliver(page, output)
    if str(output) != "-":
        click.echo(output)
    if open_it:
        click.launch(str(output))
