"""What a command was asked, and the reading and writing that it takes. The clock and the
environment enter here and nowhere else."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cached_property
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

import click

from frtracker.cli.console import (
    STDOUT,
    DataProblem,
    print_note,
    terminal,
    write_output,
)
from frtracker.dates import DayRange, days_after
from frtracker.record.findings import SameTable
from frtracker.vocabulary import ACTORS

if TYPE_CHECKING:
    from frtracker.answers.status import Filters
    from frtracker.places.place import Place
    from frtracker.places.subjects import NameNotUnderstood
    from frtracker.record.load import Tables
    from frtracker.text.terminal import Terminal
    from frtracker.timeline import Timeline

_MOST_CANDIDATES: Final = 10


class Query(SimpleNamespace):
    """The options and arguments of a call by their names, ``country`` and ``region`` as ISO writes
    them, the last ``day`` of ``--as-of`` and that ``known_on`` of ``--known-at``, ``format`` and
    ``path`` as what is written and where; raises ``UsageError`` where they cannot be."""

    format: str
    known_at: DayRange | None = None
    names: tuple[str, ...] = ()
    everything = safe_csv = no_pager = False
    color = "never"
    terminal: Terminal | None = None

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        market = given.get("country") or "", given.get("region") or ""
        self.country, self.region = _market_codes(*market) if any(market) else market
        if "as_of" in given:
            self.day = self.as_of.high if self.as_of else today()
            self.as_of_given = str(self.as_of or self.day)
        self.known_on = self.known_at.high if self.known_at else None
        if "target" in given:
            self.format, self.path = self.target(self.format)
            if self.format == "table" and self.path == STDOUT:
                self.terminal = terminal(self.color)
            if self.safe_csv and self.format != "csv":
                raise click.UsageError("--safe-csv goes with --format csv")

    @property
    def actors_in_order(self) -> tuple[str, ...]:
        return tuple(actor for actor in ACTORS if actor in self.actors) or tuple(ACTORS)

    @cached_property
    def tables(self) -> Tables:
        """The tables that ``--policies`` names, or the shipped record; what was skipped is noted.
        Raises :class:`DataError` where they have errors."""
        from frtracker.record import load

        tables = load.read(self.policies, max_bytes=self.max_bytes)
        for note in tables.skipped:
            print_note(f"note: {note}")
        return tables

    def timeline(self, market: str = "") -> Timeline:
        """As known at ``--known-at``; ``market``: the code of a country or of a part of one."""
        from frtracker.timeline import Market, build

        where = Market(market) if market else None
        return build(self.tables.policies, known_at=self.known_on, market=where)

    def filters(self) -> Filters:
        """The filters for a document, but for the names: see :meth:`places`."""
        from frtracker.answers.status import Filters

        return Filters(
            subject_types=frozenset(self.types),
            country=self.country,
            region=self.region,
            measures=frozenset(self.measures),
            for_actors=self.actors_in_order,
            everything=self.everything or "none" in self.measures,
        )

    def places(self, *arguments: str, notes: bool = True) -> list[Place]:
        """The place, body, vendor or company that each argument means, or each ``--subject``, in
        the country or region asked about; where others have the name too, it is noted."""
        if not arguments and not self.names:
            return []
        from frtracker.places.names import resolve

        places = []
        for name in arguments or self.names:
            try:
                place = resolve(self.tables, name, country=self.country, region=self.region)
            except ValueError as error:
                option = None if arguments else "--subject"
                raise click.BadParameter(str(error), param_hint=option) from error
            for note in place.notes if notes else ():
                print_note(f"note: {note}")
            places.append(place)
        return places

    def first_and_last(self, begin: str = "--since", end: str = "--until") -> tuple[date, date]:
        """The first day of ``since``, a year before the last where it is not given; the last day
        of ``until``. Raises ``UsageError`` where they are not in order."""
        last = self.until.high if self.until else today()
        try:
            first = self.since.low if self.since else days_after(last, "-1y")
        except OverflowError:
            first = date.min
        if last < first:
            raise click.UsageError(f"{begin} {first} lies after {end} {last}")
        return first, last

    def warn_beyond_review(self, day: date) -> None:
        """Note on standard error where ``day`` lies after the last review of the record."""
        reviewed = self.tables.edition.reviewed_through or ""
        if day.isoformat() > reviewed:
            print_note(
                f"note: {day} lies after the last review of the record ({reviewed}); "
                "acts since then are not in it"
            )

    def write(self, content: str | bytes, day: date | None = None) -> None:
        """Write it where ``--output`` says; ``day``: the last that it tells of."""
        if day:
            self.warn_beyond_review(day)
        if isinstance(content, str) and self.safe_csv:
            from frtracker.text.sheet import safe_csv

            content = safe_csv(content)
        write_output(content, self.path, self.terminal, paged=not self.no_pager)


def command(
    *params: click.Parameter, **settings: Any
) -> Callable[[Callable[[Query], None]], click.Command]:
    """The command that asks a function what these parameters say."""

    def made(function: Callable[[Query], None]) -> click.Command:
        def call(**given: Any) -> None:
            try:
                function(Query(**given))
            except SameTable as error:
                raise click.UsageError(str(error)) from error
            except LookupError as error:
                from frtracker.places.subjects import NameNotUnderstood

                if not isinstance(error, NameNotUnderstood):  # a bug
                    raise
                raise _not_understood(error, "--subject" if given.get("names") else "") from error

        return click.Command(
            function.__name__, callback=call, params=list(params), help=function.__doc__, **settings
        )

    return made


def today() -> date:
    """The day it is, in UTC; that of ``SOURCE_DATE_EPOCH`` where it is set."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not fixed:
        return datetime.now(UTC).date()
    try:
        return datetime.fromtimestamp(int(fixed), UTC).date()
    except (ValueError, OverflowError, OSError) as error:
        raise click.UsageError(f"SOURCE_DATE_EPOCH={fixed!r} is not a number of seconds") from error


def _not_understood(error: NameNotUnderstood, option: str) -> DataProblem:
    """The reason, and every candidate as a command to copy: the running one, with the words in
    place of the argument or ``option``."""
    command = f"frtracker {click.get_current_context().info_name} {option}".rstrip()
    lines = [
        f"  {command} {_quoted(words)}    ({what})"
        for words, what in error.candidates[:_MOST_CANDIDATES]
    ]
    if len(error.candidates) > _MOST_CANDIDATES:
        lines.append(f"  and {len(error.candidates) - _MOST_CANDIDATES} more")
    return DataProblem("\n".join([f"{error.reason}{':' if lines else ''}", *lines]))


def _quoted(words: str) -> str:
    """As one word of a shell; in double quotes, which every shell has, where these suffice."""
    if re.fullmatch(r"[\w.-]+", words):
        return words
    return shlex.quote(words) if re.search(r'["$`\\!]', words) else f'"{words}"'


def _market_codes(country: str, region: str) -> tuple[str, str]:
    """Codes as ISO writes them, given as these, as names or as postal codes (``Germany``, ``UK``,
    ``Louisiana``, ``LA``); a region brings its country."""
    from frtracker.places.subjects import country_words, region_words, spelling
    from frtracker.record.cells import is_country, is_region

    country = country_words().get(spelling(country), country.upper())
    inside = f"{country}-{region.upper()}"
    region = inside if is_region(inside) else region_words().get(spelling(region), region.upper())
    if country and not is_country(country):
        wrong = f"{country!r} is no ISO 3166-1 code such as US, nor the name of a country"
        raise click.BadParameter(wrong, param_hint="--country")
    if region and not is_region(region):
        wrong = f"{region!r} is no ISO 3166-2 code such as US-IL, nor the name of a US state"
        raise click.BadParameter(wrong, param_hint="--region")
    if region and country and not region.startswith(f"{country}-"):
        raise click.UsageError(f"--region {region} is not in --country {country}")
    return country or region.partition("-")[0], region
