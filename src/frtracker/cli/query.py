"""The options of a call, and the reading and writing that it takes. The clock and the
environment enter here and nowhere else."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Callable, Collection, Iterable
from datetime import UTC, date, datetime
from functools import cached_property
from itertools import chain
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

import click

from frtracker import wording
from frtracker.cli.console import (
    STDOUT,
    DataProblem,
    print_note,
    terminal,
    write_output,
)
from frtracker.dates import DayRange, days_after, in_words
from frtracker.files import EDITIONS, shipped_folder
from frtracker.record.findings import DataError, SameTable
from frtracker.vocabulary import ACTORS, MEASURES, SUBJECT_TYPES

if TYPE_CHECKING:
    from frtracker.answers.editions import Released
    from frtracker.answers.status import Filters
    from frtracker.places.place import Place
    from frtracker.places.subjects import NameNotUnderstood
    from frtracker.record.editions import EditionFiles
    from frtracker.record.load import Tables
    from frtracker.record.suppose import Supposition
    from frtracker.text.terminal import Terminal
    from frtracker.timeline import Timeline

_MOST_CANDIDATES: Final = 10


class Query(SimpleNamespace):
    """The options and arguments of a call by their names. ``markets``: the ISO codes of
    ``--country`` and ``--region``; ``day``: the last of ``--as-of``; ``known_on``: that of
    ``--known-at``; ``names``: SUBJECT and ``--subject``; ``format`` and ``path``: what is written
    and where, ``is_named``: by ``--output``. Raises ``UsageError`` where these contradict each
    other."""

    format: str
    known_at: DayRange | None = None
    names: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    suppositions: tuple[Supposition, ...] = ()
    edition: str | None = None
    markets: tuple[str, ...] = ()
    everything = safe_csv = quiet = no_pager = bills = todos = corrections = False
    color = "never"
    terminal: Terminal | None = None

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.names = (*self.subjects, *self.names)
        if given.get("countries") or given.get("regions"):
            self.markets = _markets(self.countries, self.regions)
        if "as_of" in given:
            self.day = self.as_of.high if self.as_of else today()
            self.as_of_given = str(self.as_of or self.day)
        self.known_on = self.known_at.high if self.known_at else None
        if "target" in given:
            self.format, self.path, self.is_named = self.target(self.format)
            if self.format == "table" and self.path == STDOUT:
                self.terminal = terminal(self.color)
            if self.safe_csv and self.format != "csv":
                raise click.UsageError("--safe-csv needs --format csv.")

    @property
    def actors_in_order(self) -> tuple[str, ...]:
        return tuple(actor for actor in ACTORS if actor in self.actors) or tuple(ACTORS)

    def note(self, text: str) -> None:
        """Print a line on standard error, unless ``--quiet``."""
        if not self.quiet:
            print_note(f"note: {text}")

    @cached_property
    def tables(self) -> Tables:
        """The tables that ``--policies`` or ``--edition`` names, or the shipped record, with what
        ``--suppose`` says; what was skipped is noted. Raises :class:`DataError` where they have
        errors."""
        from frtracker.record import load

        if self.edition and self.policies:
            raise click.UsageError("--policies and --edition exclude each other.")
        if self.edition:
            tables = self.edition_files(self.edition).tables()
        else:
            tables = load.read(self.policies, max_bytes=self.max_bytes)
        for note in tables.skipped if not self.edition else ():
            self.note(note)
        return self._supposing(tables) if self.suppositions else tables

    def _supposing(self, tables: Tables) -> Tables:
        from frtracker.record.suppose import suppose

        if self.known_on:
            raise click.UsageError("--suppose and --known-at exclude each other.")
        try:
            return suppose(tables, self.suppositions)
        except ValueError as error:
            raise click.BadParameter(str(error), param_hint="--suppose") from error

    def edition_files(self, name: str) -> EditionFiles:
        """The files of an edition; see :func:`frtracker.record.editions.edition_files`."""
        from frtracker.record.editions import NoEdition, edition_files

        try:
            return edition_files(name, max_bytes=self.max_bytes)
        except NoEdition as error:
            raise DataProblem(f"{error}.") from error
        except DataError as error:
            if len(error.findings) > 1:
                raise
            (finding,) = error.findings
            raise DataProblem(f"{finding.place}: {finding.message} [{finding.code}]") from error

    @cached_property
    def released(self) -> tuple[Released, ...]:
        """The editions that are kept beside the record, up to the day of its last review."""
        from frtracker.answers.editions import released

        folder = (self.policies.parent if self.policies else shipped_folder()) / EDITIONS
        through = self.tables.edition.reviewed_through or ""
        try:
            found = released(folder)
        except (OSError, ValueError, KeyError) as error:
            message = f"{folder} is not as `scripts/make_edition.py` writes it: {error}"
            raise DataProblem(message) from error
        return tuple(it for it in found if it.day.isoformat() <= through)

    def about(self) -> str:
        """Whom a feed or calendar is limited to: ``Boston, MA, police``, ``in Massachusetts, ban``;
        '' if it is not."""
        from frtracker.codes import code_names

        types = (SUBJECT_TYPES[it].label for it in self.types)
        measures = (MEASURES[it].label for it in self.measures)
        places = (place.label for place in self.places(notes=False))
        actors = wording.actors(self.actors_in_order) if self.actors else ""
        inside = (f"in {name}" for name in code_names(self.markets, prose=True))
        return wording.joined([*places, *inside, *types, *measures, actors])

    def timeline(self, market: str = "", measures: Collection[str] = ()) -> Timeline:
        """The timeline as known at ``--known-at``. ``market``: the country or region for vendors
        and companies; with ``measures`` of rules of these alone."""
        from frtracker.timeline import Market, build

        where = Market(market) if market else None
        rows = self.tables.policies
        return build(rows, known_at=self.known_on, market=where, measures=measures)

    def market(self, places: Collection[Place]) -> str:
        """The one country or region given, '' for none or several. Positions of vendors and
        companies differ from market to market: raises ``UsageError`` where there are several and
        ``--type`` or one of ``places`` is a vendor or company."""
        if len(self.markets) < 2:
            return "".join(self.markets)
        if {"vendor", "company"}.intersection(self.types) or any(it.is_vendor for it in places):
            raise click.UsageError(
                "Vendors and companies: use one --country or --region at a time, for their rules"
                " differ from market to market."
            )
        return ""

    def filters(self) -> Filters:
        """The filters for a document, but for the names: see :meth:`places`."""
        from frtracker.answers.status import Filters

        return Filters(
            subject_types=frozenset(self.types),
            markets=self.markets,
            measures=frozenset(self.measures),
            for_actors=self.actors_in_order,
            everything=self.everything or "none" in self.measures,
        )

    def places(self, *arguments: str, notes: bool = True) -> list[Place]:
        """The place, body, vendor or company that each argument means, or each SUBJECT, in the
        given countries or regions; prints a note where others have the name too."""
        if not arguments and not self.names:
            return []
        from frtracker.places.names import resolve

        places = []
        for name in arguments or self.names:
            try:
                place = resolve(self.tables, name, markets=self.markets)
            except ValueError as error:
                raise click.BadParameter(str(error)) from error
            for note in place.notes if notes else ():
                self.note(note)
            places.append(place)
        return places

    def first_and_last(self) -> tuple[date, date]:
        """The first day of ``--since``, a year before the last where it is not given; the last day
        of ``--until``. Raises ``UsageError`` where they are not in order."""
        last = self.until.high if self.until else today()
        try:
            first = self.since.low if self.since else days_after(last, "-1y")
        except OverflowError:
            first = date.min
        if last < first:
            raise click.UsageError(f"--since {first} is after --until {last}.")
        return first, last

    def warn_beyond_review(self, day: date) -> None:
        """Note where ``day`` is after the last review of the record."""
        reviewed = self.tables.edition.reviewed_through
        if reviewed and day.isoformat() > reviewed:
            reviewed_on = in_words(date.fromisoformat(reviewed))
            self.note(
                f"The record was last reviewed on {reviewed_on}; later acts are not included."
            )

    def write(self, content: str | bytes, day: date | None = None) -> None:
        """Write it where ``--output`` says; ``day``: the last that it reports on."""
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
                raise _not_understood(error) from error

        return click.Command(
            function.__name__, callback=call, params=list(params), help=function.__doc__, **settings
        )

    return made


def today() -> date:
    """The day it is where the command runs; that of ``SOURCE_DATE_EPOCH``, in UTC, where it is
    set."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not fixed:
        return datetime.now().astimezone().date()
    try:
        return datetime.fromtimestamp(int(fixed), UTC).date()
    except (ValueError, OverflowError, OSError) as error:
        raise click.UsageError(
            f"SOURCE_DATE_EPOCH={fixed!r} is not a number of seconds."
        ) from error


def _not_understood(error: NameNotUnderstood) -> DataProblem:
    """The reason, and every candidate as a command to copy: the running one with its words."""
    command = f"frtracker {click.get_current_context().info_name}"
    lines = [
        f"  {command} {quoted(words)}    ({what})"
        for words, what in error.candidates[:_MOST_CANDIDATES]
    ]
    if len(error.candidates) > _MOST_CANDIDATES:
        lines.append(f"  and {len(error.candidates) - _MOST_CANDIDATES} more")
    return DataProblem("\n".join([f"{error.reason}{':' if lines else ''}", *lines]))


def quoted(words: str) -> str:
    """As one word of a shell; in double quotes, which every shell has, where these suffice."""
    if re.fullmatch(r"[\w.-]+", words):
        return words
    return shlex.quote(words) if re.search(r'["$`\\!]', words) else f'"{words}"'


def _markets(countries: Iterable[Iterable[str]], regions: Iterable[str]) -> tuple[str, ...]:
    from frtracker.places.subjects import market_codes

    parts = [part.strip() for text in regions for part in text.split(",")]
    try:
        return market_codes(chain.from_iterable(countries), parts)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--region") from error
