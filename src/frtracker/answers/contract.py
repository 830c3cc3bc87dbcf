"""The documents as types: the JSON contract (``schema_version`` 2) for editors and type checkers.

Dates are text as precise as they are known (``2021-06``), with their first and last possible day in
``…_low`` and ``…_high``. A list field is a list, ``[]`` when empty; anything else missing is None.
Fields may be added. A rule is a :data:`Document`: the columns of policies.csv, its ``state`` on the
day and, where proof is shown, its ``sources``.
"""

from __future__ import annotations

from typing import TypedDict

from frtracker.answers.documents import Change, Document, Level, NextChange, Position


class Dataset(TypedDict):
    """The edition of the record: number of rules, date of the last review, hashes of the files."""

    policies: int
    reviewed_through: str | None
    edition: str
    files: dict[str, str]


class _Answer(TypedDict):
    kind: str
    schema_version: int
    known_at: str | None
    dataset: Dataset


class _Cited(_Answer):
    cite_as: str


class _OnDay(_Cited):
    as_of: str


class _Named(TypedDict):
    subject_key: str | None
    subject: str
    subject_type: str | None


class _Subject(_Named):
    country: str | None
    region: str | None
    geoid: str | None
    within: list[str]


class Neighbor(_Named):
    """An agency or government whose rules apply in the place: ``relation`` is agency, city, county,
    state, country or union."""

    relation: str


class Standing(_Subject, Level):
    """A subject on the day. ``measure``, ``scope``, ``certain``, ``since`` and ``until`` are of its
    strictest position, ``applies_to`` the actors that have it. ``positions``: by actor, None where
    no act is on record for it."""

    applies_to: list[str]
    certain: bool
    since: str | None
    since_low: str | None
    since_high: str | None
    until: str | None
    until_low: str | None
    until_high: str | None
    positions: dict[str, Position | None]
    next_change: NextChange | None
    relation: str
    applies_here: list[Neighbor]


class Entry(Standing):
    """A subject of a status document, with its rules on record."""

    policies: list[Document]


class Covered(TypedDict):
    """Whether the record is complete for a class of acts, against which lists, since when."""

    measure_class: str
    complete: bool
    lists: list[str]
    as_of: str | None


class Filtered(TypedDict):
    """The actors, countries or regions and measures asked about; empty means all."""

    applies_to: list[str]
    markets: list[str]
    measures: list[str]


class StatusDocument(_OnDay):
    """``frtracker status --format json``. ``searches``: what was searched in the country or region
    asked about, None without one."""

    as_of_given: str
    filters: Filtered
    subjects: list[Entry]
    counts: dict[str, Document]
    coverage: dict[str, list[Covered]]
    searches: list[dict[str, str | None]] | None


class NeighborHistory(Neighbor):
    """The rules of an agency or government that apply in the place."""

    status: Standing
    policies: list[Document]


class ShowDocument(_OnDay, _Subject):
    """``frtracker show --format json``. ``answer``: one or more plain sentences. ``status`` is None
    if nothing was on record by that day. Asked for one rule by its id, ``policy_id`` is that id and
    ``others`` the number of the subject's other rules."""

    as_of_given: str
    label: str
    answer: str
    policy_id: str | None
    others: int
    aliases: list[str]
    status: Standing | None
    policies: list[Document]
    coverage: list[Covered]
    applies_here: list[NeighborHistory]


class _Rule(Level):
    policy_id: str
    subject_key: str | None
    subject: str
    subject_type: str
    country: str | None
    region: str | None
    geoid: str | None
    within: list[str]
    uses: list[str]
    territory: list[str] | None
    ends_when: str | None
    confidence: str
    summary: str
    source_url: str


class Event(_Rule):
    """Something that happened to a rule: ``kind`` is introduced, decided, began, ended, failed,
    vetoed, pulled or lapsed; ``causes`` the rules that ended it."""

    on: str
    on_low: str | None
    on_high: str
    kind: str
    certain: bool
    applies_to: list[str]
    effects: list[str]
    causes: list[str]
    own_terms: bool
    put_off: dict[str, str] | None
    start_presumed: bool


class Condition(_Rule):
    """A rule in force that ends on a condition, without a date."""

    certain: bool
    continuation_presumed: bool
    last_confirmed_on: str | None
    last_confirmed_on_low: str | None
    last_confirmed_on_high: str | None


class ChangesDocument(_Cited):
    """``frtracker changes --format json``."""

    since: str
    until: str
    events: list[Event]


class Review(TypedDict):
    """Rules due for review on a day."""

    on: str
    policy_ids: list[str]


class UpcomingDocument(_OnDay):
    """``frtracker upcoming --format json``."""

    until: str
    events: list[Event]
    conditions: list[Condition]
    reviews: list[Review]


class Hit(TypedDict):
    """A sentence found. ``field``: summary, exceptions, instrument or notes; ``spans``: where the
    words are in ``text``, from character to character."""

    field: str
    text: str
    spans: list[list[int]]


class SearchDocument(_OnDay):
    """``frtracker search --format json``. A result is a subject, its rule and the ``hits``
    (:class:`Hit`), with ``all_words``, ``score`` and ``relation``."""

    words: list[str]
    in_force: bool
    counts: dict[str, int]
    results: list[Document]


class ExplainedPlace(TypedDict):
    """The place that was understood. ``found_in``: record, gazetteer or outlines."""

    label: str
    subject_key: str | None
    subject_type: str
    country: str | None
    region: str | None
    within: list[str]
    found_in: str
    latitude: float | None
    longitude: float | None


class LayerDocument(_Named):
    """One layer of a place: its own agency, the place, county, state, country or union."""

    role: str
    applies_to: list[str]
    recorded: bool
    searched: list[Document]
    coverage: list[Covered]
    positions: dict[str, Position | None]
    policies: list[Document]
    next_change: NextChange | None


class LayerChange(TypedDict):
    """The next change of one layer."""

    subject: str
    on: str
    changes: list[Change]


class ExplainDocument(_OnDay):
    """``frtracker explain --format json``. ``answer``: one or more plain sentences; ``positions``:
    by actor, of all layers together."""

    answer: str

    as_of_given: str
    program: str
    place: ExplainedPlace
    applies_to: list[str]
    positions: dict[str, Document | None]
    coverage: list[Covered]
    layers: list[LayerDocument]
    next: list[LayerChange]
    presumed: list[str]
    notes: list[str]
