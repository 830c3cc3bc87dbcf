"""``map``, ``timeline`` and ``panel``: the map page, figures, a table for studies."""

from __future__ import annotations

import sys
from itertools import count
from pathlib import Path
from typing import Final

import click

from frtracker import vocabulary, wording
from frtracker.cli.console import STDOUT, DataProblem, print_data
from frtracker.cli.options import (
    AS_OF,
    COUNTRY,
    FILTERS,
    KNOWN_AT,
    PERIOD,
    RECORD,
    SUBJECTS,
    SUPPOSE,
    UNTIL,
    flag,
    option,
    output_options,
)
from frtracker.cli.query import Query, command
from frtracker.vocabulary import ACTORS, ANYONE, MEASURES

_FOLDER: Final = Path("maps")
_MAX_PERIODS: Final = 1_200
_TREATING: Final = tuple(code for code in MEASURES if code != "none")


def _is_terminal() -> bool:
    return sys.stdout.isatty()


@command(
    *(AS_OF, KNOWN_AT, SUPPOSE, *RECORD),
    option(
        "--for actor",
        words=(*ACTORS, ANYONE),
        default="police",
        help="Whose rules a picture shows, or the page when it opens; 'anyone' shows the strictest "
        "rule of each place.",
    ),
    option(
        "--area",
        words=("us", "world", "europe", "both"),
        default="both",
        help="What a picture shows.",
    ),
    *output_options(
        *("html", "png", "svg"),
        format_help="A page with all days, or a picture of one (needs matplotlib). "
        "[default: by the file extension of --output, else html]",
        output_help="[default: maps/map.html, .png or .svg]",
        default=f"{_FOLDER}/map.{{}}",
    ),
    flag("--open open_it", help="Open the file."),
)
def map(query: Query) -> None:
    """Write the map: an HTML file with all days that makes no network requests, or a picture of
    one day. Prints its path.

    \b
    frtracker map
    frtracker map --as-of 2021-06 -o june.html --open
    frtracker map --format svg --area us --for private
    """
    path, actor, day = query.path, query.actor, query.day
    if query.open_it and path == STDOUT:
        raise click.UsageError("--open needs a file: name one with --output.")
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
    SUBJECTS,
    option(
        "--kind",
        words=("spells", "counts", "people"),
        default="spells",
        help="A bar for each period of a rule, the number of subjects with a rule, or that of the "
        "people who live under a ban or moratorium, over time.",
    ),
    *FILTERS,
    option(
        "--since",
        type=PERIOD,
        default="2019-01",
        help="First day; a month or year means its first day.",
    ),
    *(UNTIL, SUPPOSE, *RECORD),
    *output_options(
        *("svg", "png", "html", "csv"),
        output_help="[default: in a terminal a new file, frtracker-timeline.svg; else standard "
        "output]",
    ),
)
def timeline(query: Query) -> None:
    """A figure of rules over time: a bar for each period, a count of places, or of people.

    Without SUBJECT or --type: all cities, counties, states, countries and unions with a rule. CSV
    has the numbers of the figure, HTML the figure and its table.

    \b
    frtracker timeline --for police --country US -o spells.svg
    frtracker timeline "Portland, ME" Virginia --until 2026-06 -o some.png
    frtracker timeline --kind counts --type city --country US --for police --measure ban -o bans.csv
    """
    from frtracker.places.subjects import subjects_by_key

    days, tables, places = query.first_and_last(), query.tables, query.places()
    if bare := [place.label for place in places if not place.key]:
        raise DataProblem(f"No act of {'; '.join(bare)} is on record: try frtracker explain.")
    from frtracker.pictures import Choice, TooLarge, render

    if query.kind == "people" and query.measures:
        raise click.UsageError(
            "--kind people counts bans, moratoriums and withdrawals: leave out --measure."
        )
    keys = tuple(dict.fromkeys(place.key for place in places))
    whose = (keys, query.types, query.markets, query.measures, query.actors_in_order)
    shown = Choice(*days, *whose, tables.supposed)
    subjects, drawn = subjects_by_key(tables.subjects), (query.kind, query.format)
    credit = f"frtracker, record {wording.reviewed_through(tables.edition.reviewed_through)}"
    try:
        rules = query.timeline(query.market(places), query.measures)
        figure = render(rules, subjects, shown, *drawn, credit=credit)
    except TooLarge as error:
        raise DataProblem(str(error)) from error
    in_new_file = not query.is_named and query.format != "csv" and _is_terminal()
    if in_new_file:
        names = (f"frtracker-timeline{f'-{n}' if n > 1 else ''}.{query.format}" for n in count(1))
        query.path = next(path for name in names if not (path := Path(name)).exists())
    query.write(figure, shown.last)
    if in_new_file:
        print_data(f"{query.path}\n")


@command(
    option(
        "--since",
        aliases="--from",
        type=PERIOD,
        default="2018-01",
        help="First period: the one that contains this date, or its first day.",
    ),
    option(
        "--until",
        aliases="--to",
        type=PERIOD,
        help="Last period: the one that contains this date, or its last day.  [default: today]",
    ),
    option(
        "--freq",
        words=vocabulary.PERIOD_MONTHS,
        help="Length of a period.  [default: month; with --sensitivity: year]",
    ),
    option("--for actor", words=ACTORS, default="police", help="Whose use the rules limit."),
    option(
        "--level levels",
        words=vocabulary.PANEL_LEVELS,
        multiple=True,
        default=("city",),
        help="Whose rules to list (may be repeated); federal means national bodies.",
    ),
    option(
        "--reading",
        words=vocabulary.PANEL_READINGS,
        default="own",
        help="The rules of the subject alone, or all rules that apply there.",
    ),
    option(
        "--clock",
        words=vocabulary.PANEL_CLOCKS,
        default="effective",
        help="Count a rule from its first day in force, or from the day it was decided.",
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
        help="Include subjects without an act for this actor, and all US states: zero where a "
        "search is documented, else missing.",
    ),
    flag(
        "--sensitivity",
        help="Count instead how many subjects are exposed at the end of each period, by clock, "
        "with and without uncertain rules.",
    ),
    *(*RECORD, *output_options("csv", "xlsx", "parquet", "table")),
)
def panel(query: Query) -> None:
    """A table of subjects and periods with exposure to rules, for studies. Columns: docs/panel.md.

    \b
    frtracker panel --since 2018-01 --until 2025-12 --freq quarter -o panel.csv
    frtracker panel --level state --country US --all-subjects --reading all -f parquet -o us.parquet
    frtracker panel --sensitivity --level city --level state -f table
    """
    from frtracker import panels
    from frtracker.answers.documents import heading
    from frtracker.text.sheet import render_frame

    first, last = query.first_and_last()
    freq = query.freq or ("year" if query.sensitivity else "month")
    periods = panels.periods_between(first, last, freq)
    if len(periods) > _MAX_PERIODS:
        raise click.UsageError(
            f"--since {first} --until {last} has {len(periods):,} periods; the most is"
            f" {_MAX_PERIODS:,}. Use a shorter range or a longer --freq."
        )
    ends = [period.end_time.date() for period in periods]
    rules = {name: getattr(query, name) for name in ("actor", "levels", "reading")}
    rules["markets"] = [query.country] if query.country else []
    chosen = [code for code in _TREATING if code in query.measures]
    rules["measures"] = chosen or panels.PROHIBITING
    if query.sensitivity:
        if query.all_subjects or query.clock != "effective":
            raise click.UsageError(
                "--sensitivity counts by both clocks and only recorded acts: leave out --clock and"
                " --all-subjects."
            )
        frame = panels.sensitivity(query.tables, ends, **rules)
    else:
        rules |= {"clock": query.clock, "all_subjects": query.all_subjects}
        frame = panels.panel(query.tables, first, last, freq=freq, **rules)
    days = {"since": first.isoformat(), "until": last.isoformat()}
    kind = "sensitivity" if query.sensitivity else "panel"
    asked = {
        name: ["yes"] if value is True else [value] if isinstance(value, str) else value
        for name, value in {**rules, "freq": freq}.items()
        if value
    }
    document = heading(kind, query.tables, None, **days)
    cited = wording.citation(document, f"panel from {first} through {last}")
    query.write(
        render_frame(frame, query.format, {**document, "filters": asked, "cite_as": cited}),
        ends[-1],
    )
