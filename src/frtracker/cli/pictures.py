"""``map``, ``timeline`` and ``panel``: the page that people open, figures, a table for studies."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from frtracker import vocabulary
from frtracker.cli.console import STDOUT, DataProblem, print_data
from frtracker.cli.options import (
    AS_OF,
    COUNTRY,
    KNOWN_AT,
    PERIOD,
    RECORD,
    UNTIL,
    flag,
    option,
    output_options,
    subject_names,
)
from frtracker.cli.query import Query, command
from frtracker.vocabulary import ACTORS, ANYONE, MEASURES, SUBJECT_TYPES

_FOLDER: Final = Path("maps")
_MAX_PERIODS: Final = 1_200
_TREATING: Final = tuple(code for code in MEASURES if code != "none")


@command(
    *(AS_OF, KNOWN_AT, *RECORD),
    option(
        "--for actor",
        words=(*ACTORS, ANYONE),
        default="police",
        help="Whom the rules shown bind, in a picture and when the page opens. 'anyone' mixes "
        "them: each place by its strictest rule, whomever it binds.",
    ),
    option("--area", words=("us", "world", "both"), default="both", help="What a picture shows."),
    *output_options(
        *("html", "png", "svg"),
        format_help="A page with a slider of days, or a picture of the day (needs matplotlib). "
        "[default: what the ending of --output says, else html]",
        output_help="[default: maps/frtracker.html, .png or .svg]",
        default=f"{_FOLDER}/frtracker.{{}}",
    ),
    flag("--open open_it", help="Open what was written."),
)
def map(query: Query) -> None:
    """Write the map: one HTML file with all days that needs no network, or a picture of one day.
    Prints its path.

    \b
    frtracker map
    frtracker map --as-of 2021-06 -o june.html --open
    frtracker map --format svg --area us --for private
    """
    path, actor, day = query.path, query.actor, query.day
    if query.open_it and path == STDOUT:
        raise click.UsageError("--open needs a file: name one with --output")
    tables, timeline = query.tables, query.timeline()
    query.warn_beyond_review(day)
    content: str | bytes
    if query.format == "html":
        from frtracker.page import render

        content = render(tables, timeline, day, as_of_given=query.as_of_given, actor=actor)
    else:
        from frtracker.pictures.static_map import picture

        how = {"actor": actor, "area": query.area, "format_name": query.format}
        content = picture(tables, timeline, day, **how)
    if path.parent == _FOLDER:
        _FOLDER.mkdir(exist_ok=True)
    query.write(content)
    if path != STDOUT:
        print_data(f"{path}\n")
    if query.open_it:
        click.launch(str(path))


@command(
    click.Argument(["subjects"], nargs=-1, shell_complete=subject_names),
    option(
        "--kind",
        words=("spells", "counts"),
        default="spells",
        help="A bar for each time that something held, or how many held at once.",
    ),
    option(
        "--for actors", words=ACTORS, multiple=True, help="Only for these actors.  [default: all]"
    ),
    option(
        "--type types",
        words=SUBJECT_TYPES,
        multiple=True,
        help="Subjects of these types.  [default: city, county, state, country, supranational]",
    ),
    COUNTRY,
    option(
        "--since",
        type=PERIOD,
        default="2019-01",
        help="From the first day of this day, month or year.",
    ),
    *(UNTIL, *RECORD, *output_options("svg", "png", "html")),
)
def timeline(query: Query) -> None:
    """A figure: what held when, subject by subject, or how many places it held in.

    Without SUBJECTS: all places where something held. HTML has the figure and its table.

    \b
    frtracker timeline --for police --country US -o spells.svg
    frtracker timeline "Portland, ME" Virginia --until 2026-06 -f png -o some.png
    frtracker timeline --kind counts --for police -f html -o counts.html
    """
    from frtracker.places.subjects import subjects_by_key

    days, tables, places = query.first_and_last(), query.tables, query.places(*query.subjects)
    if bare := [place.label for place in places if not place.key]:
        raise DataProblem(f"no act of {'; '.join(bare)} is recorded: try `frtracker explain`")
    from frtracker.pictures import Choice, TooLarge, render

    keys = tuple(dict.fromkeys(place.key for place in places))
    shown = Choice(*days, keys, query.types, query.country, query.actors_in_order)
    subjects, drawn = subjects_by_key(tables.subjects), (query.kind, query.format)
    credit = f"frtracker, record reviewed through {tables.edition.reviewed_through}"
    try:
        figure = render(query.timeline(), subjects, shown, *drawn, credit=credit)
    except TooLarge as error:
        raise DataProblem(str(error)) from error
    query.write(figure, shown.last)


@command(
    option(
        "--from since",
        type=PERIOD,
        default="2018-01",
        help="The first period is the one with the first day of this day, month or year.",
    ),
    option("--to until", type=PERIOD, help="The last period is the one with its last day. [today]"),
    option(
        "--freq",
        words=vocabulary.PERIOD_MONTHS,
        help="Length of a period.  [default: month; with --sensitivity: year]",
    ),
    option("--for actor", words=ACTORS, default="police"),
    option(
        "--level levels",
        words=vocabulary.PANEL_LEVELS,
        multiple=True,
        default=("city",),
        help="Whose rules (may be repeated). Federal: national bodies.",
    ),
    option(
        "--reading",
        words=vocabulary.PANEL_READINGS,
        default="own",
        help="All rules of the subject, or all that binds there.",
    ),
    option(
        "--clock",
        words=vocabulary.PANEL_CLOCKS,
        default="effective",
        help="Count a rule from its first day in force, or from its decision.",
    ),
    option(
        "--measure measures",
        words=_TREATING,
        multiple=True,
        help="General rules that count as exposure (may be repeated).  "
        "[default: ban, moratorium, withdrawal]",
    ),
    COUNTRY,
    flag(
        "--all-subjects",
        help="Also subjects without an act for this actor, and all US states: zero where a search "
        "is documented, else missing.",
    ),
    flag(
        "--sensitivity",
        help="Instead: how many are exposed at the end of each period, by clock, with and without "
        "uncertain ones.",
    ),
    *(*RECORD, *output_options("csv", "parquet", "table")),
)
def panel(query: Query) -> None:
    """A table of subject × period with exposure, for studies. Its columns: docs/panel.md.

    \b
    frtracker panel --from 2018-01 --to 2025-12 --freq quarter -o panel.csv
    frtracker panel --level state --country US --all-subjects --reading all -f parquet -o us.parquet
    frtracker panel --sensitivity --level city --level state -f table
    """
    from frtracker import panel as panels
    from frtracker.text.sheet import render_frame

    first, last = query.first_and_last("--from", "--to")
    freq = query.freq or ("year" if query.sensitivity else "month")
    periods = panels.periods_between(first, last, freq)
    if len(periods) > _MAX_PERIODS:
        raise click.UsageError(
            f"--from {first} --to {last} are {len(periods):,} periods, and at most"
            f" {_MAX_PERIODS:,} are told: name a shorter time, or a longer --freq"
        )
    ends = [period.end_time.date() for period in periods]
    rules = {name: getattr(query, name) for name in ("actor", "levels", "reading", "country")}
    chosen = [code for code in _TREATING if code in query.measures]
    rules["measures"] = chosen or panels.PROHIBITING
    if query.sensitivity:
        if query.all_subjects or query.clock != "effective":
            raise click.UsageError("--sensitivity counts by both clocks, and only recorded acts")
        frame = panels.sensitivity(query.tables, ends, **rules)
    else:
        rules |= {"clock": query.clock, "all_subjects": query.all_subjects}
        frame = panels.panel(query.tables, first, last, freq=freq, **rules)
    query.write(render_frame(frame, query.format), ends[-1])
