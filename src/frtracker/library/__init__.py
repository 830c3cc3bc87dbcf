"""The questions as functions, for notebooks and programs. ``help(frtracker)`` is the overview.

Every function takes the tables of :func:`load` first; :class:`Filter` has the filters that they
share.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, Unpack, cast, overload

import pandas as pd

from frtracker import panels, wording
from frtracker.answers import changes as _changes
from frtracker.answers import compare as _compare
from frtracker.answers import explain as _explain
from frtracker.answers import here as _here
from frtracker.answers import people as _people
from frtracker.answers import search as _search
from frtracker.answers import status as _status
from frtracker.answers.contract import (
    ChangesDocument,
    CompareDocument,
    ExplainDocument,
    SearchDocument,
    ShowDocument,
    StatusDocument,
    UpcomingDocument,
)
from frtracker.answers.documents import Document
from frtracker.dates import days_after
from frtracker.export.tables import with_geoids
from frtracker.files import write_whole
from frtracker.library.asked import Asked, Day, Filter, Where, Words, asked, days, known_on
from frtracker.library.asked import span as _span
from frtracker.library.asked import words as _words
from frtracker.places.names import resolve
from frtracker.places.subjects import subjects_by_key
from frtracker.record.columns import TABLES
from frtracker.record.editions import edition_files
from frtracker.record.load import Tables, read
from frtracker.text import changes as _changes_text
from frtracker.text import search as _search_text
from frtracker.text import status as _status_text
from frtracker.timeline import build
from frtracker.vocabulary import (
    ACTORS,
    ANYONE,
    MEASURES,
    PANEL_LEVELS,
    PROVISION_VALUES,
    PROVISIONS,
    SUBJECT_TYPES,
)

if TYPE_CHECKING:
    import folium

Kind: TypeAlias = Literal["status", "show", "changes", "upcoming", "explain", "search", "compare"]

_PANEL_TYPES: Final = ("city", "county", "state", "country", "agency")
_KINDS: Final = {
    **dict.fromkeys(("all_words", "certain", "continuation_presumed", "lifted"), "bool"),
    **dict.fromkeys(("own_terms", "start_presumed"), "bool"),
    "score": "float64",
}
"""Columns that are not text."""


def load(policies: str | Path | None = None, *, edition: str | Path | None = None) -> Tables:
    """Load the record: the validated tables of the shipped record, or of your own policies.csv and
    the companion tables in its folder.

    ``edition``: an older edition, as for ``--edition``: its id (``2026.11.22``) or a git revision
    in a checkout, a folder, a wheel; only its cells are checked. Raises ``FileNotFoundError``,
    ``LookupError`` for an edition that is not here, and ``frtracker.record.findings.DataError`` if
    the data have errors (``.findings`` lists them).
    """
    if edition is not None:
        if policies is not None:
            raise ValueError("policies and edition exclude each other")
        return edition_files(str(edition)).tables()
    if policies is not None:
        Path(policies).stat()
    return read(None if policies is None else Path(policies))


# --- tables


def status(
    tables: Tables,
    as_of: Day,
    *,
    known_at: Day | None = None,
    everything: bool = False,
    **filters: Unpack[Filter],
) -> pd.DataFrame:
    """Rules in force on a date: one row per subject and actor with an act on record.

    Columns are those of ``frtracker status --format csv``. Listed are subjects with a rule in
    force, uncertain or scheduled; ``everything`` adds those with none. With ``subjects``, a
    ``country`` or a ``region``, the rules of others that apply there follow (``relation``).
    """
    document = _status_document(tables, as_of, known_at=known_at, everything=everything, **filters)
    return _frame(_status_text.COLUMNS, _status_text.positions(document))


def show(tables: Tables, subject: str, as_of: Day, *, known_at: Day | None = None) -> pd.DataFrame:
    """The whole history of one subject: one row per rule, with its state on the date and the
    addresses of its sources (``sources``). Columns are those of ``frtracker show --format csv``.

    Rules of others that apply there follow (``relation``). ``subject``: any of its names, a US
    place by name and state, or a ``policy_id``.
    """
    document = _show_document(tables, subject, as_of, known_at=known_at)
    return _frame(_status_text.HISTORY_COLUMNS, _status_text.history_rows(document))


def changes(
    tables: Tables,
    since: Day,
    until: Day,
    *,
    known_at: Day | None = None,
    **filters: Unpack[Filter],
) -> pd.DataFrame:
    """What was introduced, decided, began, ended or failed between two dates: one row per event.

    Columns are those of ``frtracker changes --format csv``. With ``subjects``, the rules of others
    that apply there are included (``relation``).
    """
    return _events(_changes_document(tables, since, until, known_at=known_at, **filters))


def upcoming(
    tables: Tables,
    as_of: Day,
    *,
    within: str = "24m",
    known_at: Day | None = None,
    **filters: Unpack[Filter],
) -> pd.DataFrame:
    """Scheduled starts and ends after a date: one row per event, columns as in :func:`changes`.

    ``within``: ``90d``, ``24m`` or ``2y``. Rules that end on a condition have no date; they are in
    ``document("upcoming", …)["conditions"]``.
    """
    return _events(_upcoming_document(tables, as_of, within=within, known_at=known_at, **filters))


def positions(
    tables: Tables, *, known_at: Day | None = None, **filters: Unpack[Filter]
) -> pd.DataFrame:
    """Positions over time: one row per subject, actor and stretch of days with one position.

    Columns are those of positions.csv (``docs/export.md``), dates as ``datetime64``. A row covers
    the days with ``valid_from <= day`` and (``valid_to`` is NaT or ``day < valid_to``). With a
    ``country`` or ``region``, a vendor's rules count if they apply in that market.
    """
    question = asked(tables, known_at, **filters)
    return question.limit(with_geoids(question.in_market.positions, tables))


def periods(
    tables: Tables, *, known_at: Day | None = None, **filters: Unpack[Filter]
) -> pd.DataFrame:
    """When each rule was in force: one row per rule, actor and stretch of days.

    Columns are those of periods.csv (``docs/export.md``), dates as ``datetime64``.
    """
    question = asked(tables, known_at, **filters)
    return question.limit(with_geoids(question.timeline.periods, tables))


def states(
    tables: Tables, *, known_at: Day | None = None, **filters: Unpack[Filter]
) -> pd.DataFrame:
    """The state of each rule over time: one row per rule and stretch of days in one state
    (proposed, scheduled, in_force, uncertain, expired, superseded, …).

    Columns are those of states.csv (``docs/export.md``), dates as ``datetime64``.
    """
    question = asked(tables, known_at, **filters)
    return question.limit(with_geoids(question.timeline.states, tables))


def events(
    tables: Tables, *, known_at: Day | None = None, **filters: Unpack[Filter]
) -> pd.DataFrame:
    """Every event on record, past and scheduled: one row per rule, kind and cause.

    Columns are those of events.csv (``docs/export.md``), dates as ``datetime64``. :func:`changes`
    has more columns, for the events between two dates.
    """
    question = asked(tables, known_at, **filters)
    return question.limit(with_geoids(question.timeline.events, tables))


def sources(
    tables: Tables, *, known_at: Day | None = None, **filters: Unpack[Filter]
) -> pd.DataFrame:
    """The sources of each rule, best first: one row per rule and page, columns of sources.csv.

    ``known_at`` leaves out pages published later.
    """
    question = asked(tables, known_at, **filters)
    pages = _here.sources(tables, question.known_on)
    ids = question.rules()["policy_id"]
    rows = ({"policy_id": it, **page} for it in ids for page in pages.get(it, ()))
    return _frame(TABLES["sources"].names, rows)


def search(
    tables: Tables,
    words: Words,
    as_of: Day,
    *,
    in_force: bool = False,
    known_at: Day | None = None,
    **filters: Unpack[Filter],
) -> pd.DataFrame:
    """Rules whose summary, exceptions, instrument or notes mention certain words: one row per rule
    with its state on the date and the sentence found. Columns are those of ``frtracker search
    --format csv``.

    Words match in all their forms; a phrase is in quotes (``'"body cameras"'``). Rules with all
    words come first (``all_words``), then by ``score``. ``in_force``: only rules that are, or may
    be, in force on the date.
    """
    document = _search_document(
        tables, words, as_of, in_force=in_force, known_at=known_at, **filters
    )
    return _frame(_search_text.COLUMNS, _search_text.rows(document))


def panel(
    tables: Tables,
    since: Day,
    until: Day,
    *,
    freq: str = "month",
    actor: str = "police",
    level: Words = (),
    reading: str = "own",
    clock: str = "effective",
    measure: Words = (),
    all_subjects: bool = False,
    sensitivity: bool = False,
    **where: Unpack[Where],
) -> pd.DataFrame:
    """A panel for studies: one row per subject and period (``docs/panel.md`` has the columns).

    - ``freq``: month, quarter or year
    - ``level``: city, county, state, federal, country; by default city, or all of them if
      ``subjects`` or ``subject_type`` is given
    - ``reading``: own (the subject's rules) or all (all rules that apply there)
    - ``clock``: effective (rules count from their start) or decided (from their decision)
    - ``measure``: general rules that count as exposure; by default ban, moratorium, withdrawal
    - ``all_subjects``: include subjects without an act for the actor, and all US states
    - ``sensitivity``: instead, the number of exposed subjects at the end of each period, by clock
    """
    question = asked(tables, **where)
    filters = question.filters
    types = _words("subject_type", [*filters.subject_types], _PANEL_TYPES)
    default = tuple(PANEL_LEVELS) if question.places or types else ("city",)
    treating = [code for code in MEASURES if code != "none"]
    how: dict[str, Any] = {
        "actor": actor,
        "levels": _words("level", level, PANEL_LEVELS) or default,
        "reading": reading,
        "measures": _words("measure", measure, treating) or panels.PROHIBITING,
        "markets": filters.markets,
        "keys": question.keys,
        "subject_types": types,
    }
    first, last = _span(since, until)
    if sensitivity:
        ends = [period.end_time.date() for period in panels.periods_between(first, last, freq)]
        return panels.sensitivity(tables, ends, **how)
    how |= {"freq": freq, "clock": clock, "all_subjects": all_subjects}
    return panels.panel(tables, first, last, **how)


def _events(document: Document) -> pd.DataFrame:
    rows = ({"relation": "own", **event} for event in document["events"])
    return _frame(_changes_text.COLUMNS, rows)


def _frame(columns: Iterable[str], rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """A table with these columns, as in CSV: text unless in ``_KINDS``, NaN where missing."""
    names = [*columns]
    cells = [[_cell(row[name]) for name in names] for row in rows]
    frame = pd.DataFrame(cells, columns=names, dtype=object)
    return frame.astype({name: _KINDS.get(name, "str") for name in names})


def _cell(value: Any) -> Any:
    text = ";".join(value) if isinstance(value, list) else value
    return None if text == "" else text


# --- documents


def explain(
    tables: Tables, place: str, as_of: Day, *, known_at: Day | None = None, actor: Words = ()
) -> ExplainDocument:
    """All rules that apply in a place, layer by layer, as a document.

    ``place``: a subject by any of its names, a country, a US state or county, a US place of 500
    people or more by name and state, or ``LAT,LON``.
    """
    question = asked(tables, known_at, actor=actor)
    document = _explain.explain(
        tables,
        resolve(tables, place),
        days(as_of).high,
        actors=question.filters.for_actors,
        known_at=question.known_on,
        as_of_given=str(as_of),
    )
    return cast("ExplainDocument", document)


def _status_document(
    tables: Tables,
    as_of: Day,
    *,
    known_at: Day | None = None,
    everything: bool = False,
    people: bool = False,
    **filters: Unpack[Filter],
) -> Document:
    question, day = asked(tables, known_at, everything=everything, **filters), days(as_of).high
    places, asked_for = question.places, question.filters
    how: dict[str, Any] = {"as_of_given": str(as_of), "filters": asked_for}
    if places or asked_for.markets:
        document = _here.status_in_places(tables, question.in_market, day, places, **how)
    else:
        document = _status.status(tables, question.timeline, day, **how)
    if people:
        if asked_for.measures:
            raise ValueError("people are counted by all measures: leave out measure")
        counts = _people.people(
            tables, day, places=places, known_at=question.known_on, filters=asked_for
        )
        document = {**document, "people": counts}
    return document


def _show_document(
    tables: Tables, subject: str, as_of: Day, *, known_at: Day | None = None
) -> Document:
    timeline, day = build(tables.policies, known_at=known_on(known_at)), days(as_of).high
    return _here.history_in_place(tables, timeline, day, resolve(tables, subject))


def _changes_document(
    tables: Tables,
    since: Day,
    until: Day,
    *,
    known_at: Day | None = None,
    **filters: Unpack[Filter],
) -> Document:
    question, (first, last) = asked(tables, known_at, **filters), _span(since, until)
    document = _changes.changes(tables, question.timeline, first, last, filters=question.filters)
    return _in_places(document, question)


def _upcoming_document(
    tables: Tables,
    as_of: Day,
    *,
    within: str = "24m",
    known_at: Day | None = None,
    **filters: Unpack[Filter],
) -> Document:
    question, day = asked(tables, known_at, **filters), days(as_of).high
    last = days_after(day, within)
    document = _changes.upcoming(tables, question.timeline, day, last, filters=question.filters)
    return _in_places(document, question)


def _search_document(
    tables: Tables,
    words: Words,
    as_of: Day,
    *,
    in_force: bool = False,
    known_at: Day | None = None,
    **filters: Unpack[Filter],
) -> Document:
    question, day = asked(tables, known_at, **filters), days(as_of).high
    texts = (words,) if isinstance(words, str) else tuple(words)
    how: dict[str, Any] = {"filters": question.filters, "places": question.places}
    return _search.search(tables, question.timeline, day, texts, in_force=in_force, **how)


def _compare_document(
    tables: Tables,
    as_of: Day,
    *,
    where: Mapping[str, Words] = MappingProxyType({}),
    known_at: Day | None = None,
    **filters: Unpack[Filter],
) -> Document:
    question, day = asked(tables, known_at, **filters), days(as_of).high
    for provision in where:
        _words("where", provision, PROVISIONS)
    said = {it: _words(it, values, PROVISION_VALUES) for it, values in where.items()}
    how: dict[str, Any] = {"filters": question.filters, "as_of_given": str(as_of)}
    places = question.places
    return _compare.compare(tables, question.timeline, day, places=places, where=said, **how)


def _in_places(document: Document, question: Asked) -> Document:
    if not question.places:
        return document
    return _here.events_in_places(question.tables, document, question.places)


_DOCUMENTS: Final[Mapping[str, Callable[..., Any]]] = MappingProxyType(
    {
        "status": _status_document,
        "show": _show_document,
        "changes": _changes_document,
        "upcoming": _upcoming_document,
        "explain": explain,
        "search": _search_document,
        "compare": _compare_document,
    }
)


@overload
def document(
    kind: Literal["status"], tables: Tables, as_of: Day, **options: Any
) -> StatusDocument: ...
@overload
def document(
    kind: Literal["show"], tables: Tables, subject: str, as_of: Day, **options: Any
) -> ShowDocument: ...
@overload
def document(
    kind: Literal["changes"], tables: Tables, since: Day, until: Day, **options: Any
) -> ChangesDocument: ...
@overload
def document(
    kind: Literal["upcoming"], tables: Tables, as_of: Day, **options: Any
) -> UpcomingDocument: ...
@overload
def document(
    kind: Literal["explain"], tables: Tables, place: str, as_of: Day, **options: Any
) -> ExplainDocument: ...
@overload
def document(
    kind: Literal["search"], tables: Tables, words: Words, as_of: Day, **options: Any
) -> SearchDocument: ...
@overload
def document(
    kind: Literal["compare"], tables: Tables, as_of: Day, **options: Any
) -> CompareDocument: ...
def document(kind: Kind, tables: Tables, *what: Any, **options: Any) -> Any:
    """An answer as a document of plain types, the same as ``--format json``.

    ``kind``: status, show, changes, upcoming, explain or search, the other arguments those of the
    function of that name (of status also ``people=True``, which counts the people who live where
    the rules apply); or ``compare``, rules of ``subjects`` side by side, with ``where`` those whose
    text says so (``{"private_right_of_action": "yes"}``).
    :mod:`frtracker.answers.contract` has the fields.
    """
    _words("kind", kind, _DOCUMENTS)
    return _DOCUMENTS[kind](tables, *what, **options)


# --- pictures


def map(
    tables: Tables, as_of: Day, *, known_at: Day | None = None, actor: str = "police"
) -> folium.Map:
    """The interactive map as a ``folium.Map``: it displays itself in a notebook, takes more folium
    elements, and ``save`` writes it as one file with all dates.

    It opens on ``as_of`` with the rules for ``actor``: one actor, or ``anyone`` for the strictest
    rule of each place.
    """
    from frtracker.page import policy_map

    _words("actor", actor, (*ACTORS, ANYONE))
    timeline, day = build(tables.policies, known_at=known_on(known_at)), days(as_of).high
    return policy_map(tables, timeline, day, as_of_given=str(as_of), actor=actor)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that displays itself in a notebook. ``format``: png or svg."""

    content: bytes
    format: str

    def save(self, path: str | Path) -> None:
        """Write the picture to a file, whole or not at all."""
        write_whole(Path(path), self.content)

    def __repr__(self) -> str:
        return f"<{self.format} picture>"

    def _repr_png_(self) -> bytes | None:
        return self.content if self.format == "png" else None

    def _repr_svg_(self) -> str | None:
        return self.content.decode() if self.format == "svg" else None


def map_picture(
    tables: Tables,
    as_of: Day,
    *,
    known_at: Day | None = None,
    actor: str = "police",
    area: str = "both",
    format: str = "png",
) -> Picture:
    """The map of one date as a picture (needs matplotlib). ``area``: us, world, europe, or both
    the first two; ``format``: png or svg; ``actor``: see :func:`map`."""
    from frtracker.pictures.static_map import picture

    for name, word, allowed in (
        ("actor", actor, (*ACTORS, ANYONE)),
        ("area", area, ("us", "world", "europe", "both")),
        ("format", format, ("png", "svg")),
    ):
        _words(name, word, allowed)
    timeline, day = build(tables.policies, known_at=known_on(known_at)), days(as_of).high
    content = picture(tables, timeline, day, actor=actor, area=area, format_name=format)
    return Picture(content, format)


def chart(
    tables: Tables,
    since: Day,
    until: Day,
    *,
    kind: str = "counts",
    format: str = "png",
    **filters: Unpack[Filter],
) -> Picture:
    """The figure of ``frtracker timeline`` (needs matplotlib). ``kind``: counts (the number of
    places with a rule in force, over time), spells (one bar per rule period) or people (who live
    under a ban or moratorium, over time); ``format``: png or svg."""
    from frtracker.pictures import Choice, render

    _words("kind", kind, ("counts", "spells", "people"))
    _words("format", format, ("png", "svg"))
    question = asked(tables, **filters)
    for place in question.places:
        if not place.key:
            raise ValueError(f"no act of {place.label} is on record: ask explain() about it")
    (first, last), keys = _span(since, until), tuple(place.key for place in question.places)
    types, measures = (
        tuple(code for code in order if code in codes)
        for order, codes in (
            (SUBJECT_TYPES, question.filters.subject_types),
            (MEASURES, question.filters.measures),
        )
    )
    markets, actors = question.filters.markets, question.filters.for_actors
    shown = Choice(first, last, keys, types, markets, measures, actors)
    credit = f"frtracker, record {wording.reviewed_through(tables.edition.reviewed_through)}"
    timeline = build(tables.policies, market=question.market, measures=measures)
    drawn = render(timeline, subjects_by_key(tables.subjects), shown, kind, format, credit=credit)
    return Picture(drawn.encode() if isinstance(drawn, str) else drawn, format)
