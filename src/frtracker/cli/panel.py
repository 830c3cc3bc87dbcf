"""``panel``: a table for studies."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from frtracker.cli.errors import optional_parts
from frtracker.cli.options import (
    Period,
    country_option,
    in_order,
    market_codes,
    output_options,
    policies_option,
    read_tables,
    today,
    warn_beyond_review,
)
from frtracker.cli.output import Output, write_output
from frtracker.dates import DayRange
from frtracker.vocabulary import ACTORS, MEASURES

_MOST_PERIODS = 1_200
_TREATING = tuple(code for code in MEASURES if code != "none")


def _in_bounds(first: date, last: date, freq: str) -> None:
    from frtracker.panel.spans import number_of

    count = number_of(last, freq) - number_of(first, freq) + 1
    if count > _MOST_PERIODS:
        raise click.UsageError(
            f"--from {first} --to {last} are {count:,} periods, and at most {_MOST_PERIODS:,} are"
            " told: name a shorter time, or a longer --freq"
        )


@click.command()
@click.option(
    "--from",
    "since",
    type=Period(),
    default="2018-01",
    show_default=True,
    help="The first period is the one with the first day of this day, month or year.",
)
@click.option(
    "--to", "until", type=Period(), help="The last period is the one with its last day. [today]"
)
@click.option(
    "--freq",
    type=click.Choice(["month", "quarter", "year"]),
    help="Length of a period.  [default: month; with --sensitivity: year]",
)
@click.option(
    "--for", "actor", type=click.Choice(list(ACTORS)), default="police", show_default=True
)
@click.option(
    "--level",
    "levels",
    type=click.Choice(["city", "county", "state", "federal", "country"]),
    multiple=True,
    default=("city",),
    show_default=True,
    help="Whose rules (may be repeated). Federal: national bodies.",
)
@click.option(
    "--reading",
    type=click.Choice(["own", "all"]),
    default="own",
    show_default=True,
    help="All rules of the subject, or all that binds there.",
)
@click.option(
    "--clock",
    type=click.Choice(["effective", "decided"]),
    default="effective",
    show_default=True,
    help="Count a rule from its first day in force, or from its decision.",
)
@click.option(
    "--measure",
    "measures",
    type=click.Choice(_TREATING),
    multiple=True,
    help="General rules that count as exposure (may be repeated).  "
    "[default: ban, moratorium, withdrawal]",
)
@country_option
@click.option(
    "--all-subjects",
    is_flag=True,
    help="Also subjects without an act for this actor, and all US states: zero where a search is "
    "documented, else missing.",
)
@click.option(
    "--sensitivity",
    is_flag=True,
    help="Instead: how many are exposed at the end of each period, by clock, with and without "
    "uncertain ones.",
)
@policies_option
@output_options("csv", "parquet", "table")
def panel(
    since: DayRange,
    until: DayRange | None,
    freq: str | None,
    actor: str,
    levels: tuple[str, ...],
    reading: str,
    clock: str,
    measures: tuple[str, ...],
    country: str,
    all_subjects: bool,
    sensitivity: bool,
    policies: Path | None,
    output: Output,
) -> None:
    """A table of subject × period with exposure, for studies. Its columns: docs/panel.md.

    \b
    frtracker panel --from 2018-01 --to 2025-12 --freq quarter -o panel.csv
    frtracker panel --level state --country US --all-subjects --reading all -f parquet -o us.parquet
    frtracker panel --sensitivity --level city --level state -f table
    """
    from frtracker.panel import PROHIBITING, spans
    from frtracker.panel import panel as make
    from frtracker.panel import sensitivity as compare
    from frtracker.text.panel import render

    last = until.high if until else today()
    in_order(since.low, last, "--from", "--to")
    freq = freq or ("year" if sensitivity else "month")
    _in_bounds(since.low, last, freq)
    country, _ = market_codes(country, "")
    if sensitivity and (all_subjects or clock != "effective"):
        raise click.UsageError("--sensitivity counts by both clocks, and only recorded acts")
    tables = read_tables(policies)
    chosen = tuple(code for code in _TREATING if code in measures) or PROHIBITING
    if sensitivity:
        periods = spans(since.low, last, freq)
        frame = compare(
            tables,
            [span.last for span in periods],
            actor=actor,
            levels=levels,
            reading=reading,
            measures=chosen,
            country=country,
        )
    else:
        frame = make(
            tables,
            since.low,
            last,
            freq=freq,
            actor=actor,
            levels=levels,
            reading=reading,
            clock=clock,
            measures=chosen,
            all_subjects=all_subjects,
            country=country,
        )
        periods = spans(since.low, last, freq)
    warn_beyond_review(tables, periods[-1].last)
    with optional_parts():
        write_output(render(frame, output.format), output)
