"""``map``, ``timeline`` and ``panel``: the page that people open, figures, a table for studies."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click

from frtracker.cli.options import (
    AS_OF,
    COUNTRY,
    KNOWN_AT,
    PERIOD,
    RECORD,
    UNTIL,
    choice,
    output_options,
    subject_names,
)
from frtracker.cli.output import STDOUT, DataProblem, Output, print_data, write_output
from frtracker.cli.query import Query, command, in_order, last_day
from frtracker.dates import DayRange
from frtracker.vocabulary import (
    ACTORS,
    ANYONE,
    MEASURES,
    PANEL_CLOCKS,
    PANEL_LEVELS,
    PANEL_READINGS,
    PERIOD_MONTHS,
    SUBJECT_TYPES,
)

_FOLDER: Final = Path("maps")
_MAX_PERIODS: Final = 1_200
_TREATING: Final = tuple(code for code in MEASURES if code != "none")


@command(
    *(AS_OF, KNOWN_AT, *RECORD),
    choice(
        *("--for", "actor"),
        words=(*ACTORS, ANYONE),
        default="police",
        help="Whom the rules shown bind, in a picture and when the page opens. 'anyone' mixes "
        "them: each place by its strictest rule, whomever it binds.",
    ),
    choice("--area", words=("us", "world", "both"), default="both", help="What a picture shows."),
    *output_options(
        *("html", "png", "svg"),
        format_help="A page with a slider of days, or a picture of the day (needs matplotlib). "
        "[default: what the ending of --output says, else html]",
        output_help="[default: maps/frtracker.html, .png or .svg]",
        default=f"{_FOLDER}/frtracker.{{}}",
    ),
    click.Option(["--open", "open_it"], is_flag=True, help="Open what was written."),
)
def map(query: Query, output: Output, actor: str, area: str, open_it: bool) -> None:
    """Write the map: one HTML file with all days that needs no network, or a picture of one day.
    Prints its path.

    \b
    frtracker map
    frtracker map --as-of 2021-06 -o june.html --open
    frtracker map --format svg --area us --for private
    """
    if open_it and output.path == STDOUT:
        raise click.UsageError("--open needs a file: name one with --output")
    day, tables, timeline = query.day, query.tables, query.timeline()
    query.warn_beyond_review(day)
    if output.path.parent == _FOLDER:
        _FOLDER.mkdir(exist_ok=True)
    content: str | bytes
    if output.format == "html":
        from frtracker.page import render

        content = render(tables, timeline, day, as_of_given=query.as_of_given, actor=actor)
    else:
        from frtracker.pictures import static_map

        content = static_map.picture(
            tables, timeline, day, actor=actor, area=area, format_name=output.format
        )
    write_output(content, output)
    if output.path != STDOUT:
        print_data(f"{output.path}\n")
    if open_it:
        click.launch(str(output.path))


@command(
    click.Argument(["subjects"], nargs=-1, shell_complete=subject_names),
    choice(
        "--kind",
        words=("spells", "counts"),
        default="spells",
        help="A bar for each time that something held, or how many held at once.",
    ),
    choice(
        *("--for", "actors"),
        words=ACTORS,
        multiple=True,
        help="Only for these actors.  [default: all]",
    ),
    choice(
        *("--type", "types"),
        words=SUBJECT_TYPES,
        multiple=True,
        help="Subjects of these types.  [default: city, county, state, country, supranational]",
    ),
    COUNTRY,
    click.Option(
        ["--since"],
        type=PERIOD,
        default="2019-01",
        show_default=True,
        help="From the first day of this day, month or year.",
    ),
    *(UNTIL, *RECORD, *output_options("svg", "png", "html")),
)
def timeline(
    query: Query,
    output: Output,
    subjects: tuple[str, ...],
    kind: str,
    since: DayRange,
    until: DayRange | None,
) -> None:
    """A figure: what held when, subject by subject, or how many places it held in.

    Without SUBJECTS: all places where something held. HTML has the figure and its table.

    \b
    frtracker timeline --for police --country US -o spells.svg
    frtracker timeline "Portland, ME" Virginia --until 2026-06 -f png -o some.png
    frtracker timeline --kind counts --for police -f html -o counts.html
    """
    from frtracker.places.subjects import subjects_by_key

    last = last_day(until)
    in_order(since.low, last, "--since", "--until")
    tables, places = query.tables, query.places(*subjects)
    if bare := [place.label for place in places if not place.key]:
        raise DataProblem(f"no act of {'; '.join(bare)} is recorded: try `frtracker explain`")
    keys = tuple(dict.fromkeys(place.key for place in places))
    from frtracker.pictures import Choice, TooLarge, render

    shown = Choice(since.low, last, keys, query.types, query.country, query.actors_in_order)
    edition = f"frtracker, record reviewed through {tables.edition.reviewed_through}"
    people = subjects_by_key(tables.subjects)
    try:
        content = render(query.timeline(), people, shown, kind, output.format, credit=edition)
    except TooLarge as error:
        raise DataProblem(str(error)) from error
    query.warn_beyond_review(last)
    write_output(content, output)


@command(
    click.Option(
        ["--from", "since"],
        type=PERIOD,
        default="2018-01",
        show_default=True,
        help="The first period is the one with the first day of this day, month or year.",
    ),
    click.Option(
        ["--to", "until"],
        type=PERIOD,
        help="The last period is the one with its last day. [today]",
    ),
    choice(
        "--freq",
        words=PERIOD_MONTHS,
        help="Length of a period.  [default: month; with --sensitivity: year]",
    ),
    choice("--for", "actor", words=ACTORS, default="police"),
    choice(
        *("--level", "levels"),
        words=PANEL_LEVELS,
        multiple=True,
        default=("city",),
        help="Whose rules (may be repeated). Federal: national bodies.",
    ),
    choice(
        "--reading",
        words=PANEL_READINGS,
        default="own",
        help="All rules of the subject, or all that binds there.",
    ),
    choice(
        "--clock",
        words=PANEL_CLOCKS,
        default="effective",
        help="Count a rule from its first day in force, or from its decision.",
    ),
    choice(
        *("--measure", "measures"),
        words=_TREATING,
        multiple=True,
        help="General rules that count as exposure (may be repeated).  "
        "[default: ban, moratorium, withdrawal]",
    ),
    COUNTRY,
    click.Option(
        ["--all-subjects"],
        is_flag=True,
        help="Also subjects without an act for this actor, and all US states: zero where a search "
        "is documented, else missing.",
    ),
    click.Option(
        ["--sensitivity"],
        is_flag=True,
        help="Instead: how many are exposed at the end of each period, by clock, with and without "
        "uncertain ones.",
    ),
    *(*RECORD, *output_options("csv", "parquet", "table")),
)
def panel(
    query: Query,
    output: Output,
    since: DayRange,
    until: DayRange | None,
    freq: str | None,
    clock: str,
    all_subjects: bool,
    sensitivity: bool,
    **rules: Any,
) -> None:
    """A table of subject × period with exposure, for studies. Its columns: docs/panel.md.

    \b
    frtracker panel --from 2018-01 --to 2025-12 --freq quarter -o panel.csv
    frtracker panel --level state --country US --all-subjects --reading all -f parquet -o us.parquet
    frtracker panel --sensitivity --level city --level state -f table
    """
    from frtracker import panel as panels
    from frtracker.text.panel import render

    first, last = since.low, last_day(until)
    in_order(first, last, "--from", "--to")
    freq = freq or ("year" if sensitivity else "month")
    periods = panels.periods_between(first, last, freq)
    if len(periods) > _MAX_PERIODS:
        raise click.UsageError(
            f"--from {first} --to {last} are {len(periods):,} periods, and at most"
            f" {_MAX_PERIODS:,} are told: name a shorter time, or a longer --freq"
        )
    if sensitivity and (all_subjects or clock != "effective"):
        raise click.UsageError("--sensitivity counts by both clocks, and only recorded acts")
    rules["country"] = query.country
    rules["measures"] = [code for code in _TREATING if code in query.measures] or panels.PROHIBITING
    if sensitivity:
        frame = panels.sensitivity(query.tables, [period.last for period in periods], **rules)
    else:
        rules |= {"freq": freq, "clock": clock, "all_subjects": all_subjects}
        frame = panels.panel(query.tables, first, last, **rules)
    query.warn_beyond_review(periods[-1].last)
    write_output(render(frame, output.format), output)
