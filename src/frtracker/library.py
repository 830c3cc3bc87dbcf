"""The questions as plain functions, for notebooks and programs: tables in, tables out.

Days are given as the command line takes them: a day, month or year as text, or a ``date``. Of a
month or year ``as_of``, ``until`` and ``known_at`` mean its last day, ``since`` its first. With
``known_at`` the answer is that of a careful reader of the world on that day.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from frtracker.answers.changes import changes as changes_between
from frtracker.answers.changes import upcoming as coming_after
from frtracker.answers.documents import Document
from frtracker.answers.explain import explain as explain_document
from frtracker.answers.here import events_in_places
from frtracker.answers.status import Filters
from frtracker.answers.status import status as status_document
from frtracker.dates import DayRange, days_after, parse_period
from frtracker.panel import panel as make_panel
from frtracker.places.names import resolve
from frtracker.record.load import Tables, read
from frtracker.text.status import COLUMNS
from frtracker.text.status import positions as position_rows
from frtracker.timeline import Market, Timeline, build
from frtracker.vocabulary import ACTORS, ANYONE

if TYPE_CHECKING:
    import folium

__all__ = ["changes", "explain", "load", "make_panel", "periods", "positions", "status", "upcoming"]

Day = str | date


def load(policies: str | Path | None = None) -> Tables:
    """The validated tables: of the shipped record, or of a policies.csv of your own. Raises
    :class:`frtracker.record.findings.DataError` (``.findings``) if the data have errors."""
    return read(None if policies is None else Path(policies))


def positions(tables: Tables, *, known_at: Day | None = None, market: str = "") -> pd.DataFrame:
    """What held in which stretch of days: one row per subject, actor and stretch; columns as of
    :class:`frtracker.timeline.Timeline`. A day is in a row when ``valid_from <= day`` and
    (``valid_to`` is NaT or ``day < valid_to``). ``market``: an ISO code such as ``US`` or
    ``US-IL``; then a vendor's rules count where they hold."""
    return _timeline(tables, known_at, market).positions


def periods(tables: Tables, *, known_at: Day | None = None) -> pd.DataFrame:
    """When each rule was in force: one row per rule, actor and stretch; columns as of
    :class:`frtracker.timeline.Timeline`."""
    return _timeline(tables, known_at).periods


def status(
    tables: Tables,
    as_of: Day,
    *,
    known_at: Day | None = None,
    market: str = "",
    everything: bool = False,
) -> pd.DataFrame:
    """What held on a day: one row per subject and actor for whom an act is recorded.

    Columns: those of ``frtracker status --format csv``. ``certain``, ``start_presumed``,
    ``continuation_presumed``, ``lifted``: bool; all else text (lists joined by ``;``) or None.
    Subjects are those about which something is in force, uncertain or scheduled; with
    ``everything`` all with a row known on that day. Raises ``ValueError`` for a day that is none.
    """
    timeline, filters = _timeline(tables, known_at, market), Filters(everything=everything)
    document = status_document(tables, timeline, _days(as_of).high, filters=filters)
    return pd.DataFrame(list(position_rows(document)), columns=list(COLUMNS))


def changes(
    tables: Tables,
    since: Day,
    until: Day,
    *,
    known_at: Day | None = None,
    subjects: Iterable[str] = (),
) -> pd.DataFrame:
    """What was introduced, decided, began, ended or failed between two days: one row per event.

    Columns as in ``frtracker changes --format json``, lists as lists. ``subjects``: names as people
    write them; then also the rules of others that apply there, each with its ``relation``. Raises
    ``ValueError`` for a day that is none, :class:`frtracker.places.subjects.NameNotUnderstood`.
    """
    timeline = _timeline(tables, known_at)
    document = changes_between(tables, timeline, _days(since).low, _days(until).high)
    return _events(tables, document, subjects)


def upcoming(
    tables: Tables, as_of: Day, *, within: str = "24m", subjects: Iterable[str] = ()
) -> pd.DataFrame:
    """Scheduled starts and ends after a day, one row per event, columns and errors as of
    :func:`changes`. ``within``: ``90d``, ``24m`` or ``2y``."""
    day = _days(as_of).high
    document = coming_after(tables, _timeline(tables, None), day, days_after(day, within))
    return _events(tables, document, subjects)


def explain(tables: Tables, place: str, as_of: Day, *, known_at: Day | None = None) -> Document:
    """What binds a place, layer by layer, as plain JSON types. ``place``: a subject by any of its
    names, a US place of 500 people or more by name and state, or ``LAT,LON``. Raises
    ``LookupError`` with the candidates for a name that is not understood."""
    known_on = None if known_at is None else _days(known_at).high
    return explain_document(tables, resolve(tables, place), _days(as_of).high, known_at=known_on)


def map(
    tables: Tables, as_of: Day, *, known_at: Day | None = None, actor: str = ANYONE
) -> folium.Map:
    """The page of ``frtracker map`` as a ``folium.Map``: it shows itself in a notebook, takes
    further folium elements, and ``save`` writes it, all days and all proofs in one file. It opens
    on ``as_of`` with the rules for ``actor`` (``police``, ``government``, ``schools``, ``private``
    or ``anyone``); another is a ``ValueError``."""
    from frtracker.page import policy_map

    if actor not in (*ACTORS, ANYONE):
        raise ValueError(f"{actor!r} is none of {', '.join((*ACTORS, ANYONE))}")
    timeline, day = _timeline(tables, known_at), _days(as_of).high
    return policy_map(tables, timeline, day, as_of_given=str(as_of), actor=actor)


def _days(given: Day) -> DayRange:
    return DayRange(given, given) if isinstance(given, date) else parse_period(given)


def _timeline(tables: Tables, known_at: Day | None, market: str = "") -> Timeline:
    known_on = None if known_at is None else _days(known_at).high
    return build(tables.policies, known_at=known_on, market=Market(market) if market else None)


def _events(tables: Tables, document: Document, names: Iterable[str]) -> pd.DataFrame:
    places = [resolve(tables, name) for name in names]
    asked = events_in_places(tables, document, places) if places else document
    return pd.DataFrame(asked["events"])
