"""``panel``: a table for studies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from frtracker.cli.errors import optional_parts
from frtracker.cli.options import (
    Period,
    choice_option,
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
from frtracker.vocabulary import (
    ACTORS,
    MEASURES,
    PANEL_CLOCKS,
    PANEL_LEVELS,
    PANEL_READINGS,
    PERIOD_MONTHS,
)

_MAX_PERIODS = 1_200
_TREATING = tuple(code for code in MEASURES if code != "none")


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
@choice_option(
    "--freq",
    words=PERIOD_MONTHS,
    help="Length of a period.  [default: month; with --sensitivity: year]",
)
@choice_option("--for", "actor", words=ACTORS, default="police")
@choice_option(
    "--level",
    "levels",
    words=PANEL_LEVELS,
    multiple=True,
    default=("city",),
    help="Whose rules (may be repeated). Federal: national bodies.",
)
@choice_option(
    "--reading",
    words=PANEL_READINGS,
    default="own",
    help="All rules of the subject, or all that binds there.",
)
@choice_option(
    "--clock",
    words=PANEL_CLOCKS,
    default="effective",
    help="Count a rule from its first day in force, or from its decision.",
)
@choice_option(
    "--measure",
    "measures",
    words=_TREATING,
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
    clock: str,
    all_subjects: bool,
    sensitivity: bool,
    policies: Path | None,
    output: Output,
    **asked: Any,
) -> None:
    """A table of subject × period with exposure, for studies. Its columns: docs/panel.md.

    \b
    frtracker panel --from 2018-01 --to 2025-12 --freq quarter -o panel.csv
    frtracker panel --level state --country US --all-subjects --reading all -f parquet -o us.parquet
    frtracker panel --sensitivity --level city --level state -f table
    """
    from frtracker import panel as panels
    from frtracker.text.panel import render

    last = until.high if until else today()
    in_order(since.low, last, "--from", "--to")
    freq = freq or ("year" if sensitivity else "month")
    periods = panels.periods_between(since.low, last, freq)
    if len(periods) > _MAX_PERIODS:
        raise click.UsageError(
            f"--from {since.low} --to {last} are {len(periods):,} periods, and at most"
            f" {_MAX_PERIODS:,} are told: name a shorter time, or a longer --freq"
        )
    if sensitivity and (all_subjects or clock != "effective"):
        raise click.UsageError("--sensitivity counts by both clocks, and only recorded acts")
    measures = tuple(code for code in _TREATING if code in asked["measures"])
    asked["measures"] = measures or panels.PROHIBITING
    asked["country"], _ = market_codes(asked["country"], "")
    tables = read_tables(policies)
    if sensitivity:
        frame = panels.sensitivity(tables, [period.last for period in periods], **asked)
    else:
        frame = panels.panel(
            tables, since.low, last, freq=freq, clock=clock, all_subjects=all_subjects, **asked
        )
    warn_beyond_review(tables, periods[-1].last)
    with optional_parts():
        write_output(render(frame, output.format), output)
