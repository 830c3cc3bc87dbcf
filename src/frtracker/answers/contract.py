"""The documents as types: the JSON contract (``schema_version`` 2) for editors, type checkers and
``scripts/make_schemas.py``, which makes the JSON Schemas of them.

Dates are text as precise as they are known (``2021-06``), with their first and last possible day in
``…_low`` and ``…_high``. A list field is a list, ``[]`` when empty; anything else missing is None.
Fields may be added. What each means: :func:`frtracker.fields.describe`.
"""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired, TypeAlias, TypedDict

from frtracker.answers.documents import (
    Actor,
    AnyPosition,
    CertainLevel,
    IsoDay,
    Level,
    Measure,
    NextChange,
    Position,
    PositionChange,
    Scope,
    Use,
    Words,
)
from frtracker.answers.search import WEIGHTS
from frtracker.record.columns import TABLES
from frtracker.record.findings import Finding
from frtracker.timeline.rows import EFFECTS, KINDS
from frtracker.vocabulary import (
    CONFIDENCES,
    MEASURE_CLASSES,
    PROVISION_VALUES,
    PROVISIONS,
    REACHES,
    SEARCH_LEVELS,
    SOURCE_KINDS,
    STATES,
    STATUSES,
    SUBJECT_TYPES,
    VERDICTS,
)

SubjectType: TypeAlias = Annotated[str, Words("SubjectType", SUBJECT_TYPES)]
PlaceType: TypeAlias = Annotated[str, Words("PlaceType", (*SUBJECT_TYPES, "point"))]
Reach: TypeAlias = Annotated[str, Words("Reach", REACHES)]
Status: TypeAlias = Annotated[str, Words("Status", STATUSES)]
State: TypeAlias = Annotated[str, Words("State", STATES)]
Confidence: TypeAlias = Annotated[str, Words("Confidence", CONFIDENCES)]
SourceKind: TypeAlias = Annotated[str, Words("SourceKind", SOURCE_KINDS)]
SearchLevel: TypeAlias = Annotated[str, Words("SearchLevel", SEARCH_LEVELS)]
MeasureClass: TypeAlias = Annotated[str, Words("MeasureClass", MEASURE_CLASSES)]
EventKind: TypeAlias = Annotated[str, Words("EventKind", KINDS)]
Effect: TypeAlias = Annotated[str, Words("Effect", EFFECTS)]
SearchedField: TypeAlias = Annotated[str, Words("SearchedField", WEIGHTS)]
Provision: TypeAlias = Annotated[str, Words("Provision", PROVISIONS)]
ProvisionValue: TypeAlias = Annotated[str, Words("ProvisionValue", PROVISION_VALUES)]
Verdict: TypeAlias = Annotated[str, Words("Verdict", VERDICTS)]
TableName: TypeAlias = Annotated[str, Words("TableName", TABLES)]
Role: TypeAlias = Annotated[str, Words("Role", ("agency", "place", "above", "owner"))]
Relation: TypeAlias = Annotated[
    str, Words("Relation", ("own", "agency", "city", "county", "state", "country", "union"))
]


class Dataset(TypedDict):
    """The edition of the record."""

    policies: int
    reviewed_through: IsoDay | None
    edition: str
    files: dict[str, str]
    license: str


class _Answer(TypedDict):
    schema_version: Literal[2]
    known_at: IsoDay | None
    supposed: NotRequired[list[str]]
    dataset: Dataset


class _Cited(_Answer):
    cite_as: str


class _OnDay(_Cited):
    as_of: IsoDay


class _Named(TypedDict):
    subject_key: str | None
    subject: str
    subject_type: SubjectType | None


class _Subject(_Named):
    country: str | None
    region: str | None
    geoid: str | None
    geoidfq: str | None
    within: list[str]


class Neighbor(_Named):
    """An agency or government whose rules apply in the place."""

    relation: Relation


class _Headline(CertainLevel):
    applies_to: list[Actor]
    since: str | None
    since_low: IsoDay | None
    since_high: IsoDay | None
    until: str | None
    until_low: IsoDay | None
    until_high: IsoDay | None


class Standing(_Subject, _Headline):
    """A subject on the day. ``measure``, ``scope``, ``certain``, ``since`` and ``until`` are of its
    strictest position, ``applies_to`` the actors that have it."""

    positions: dict[Actor, Position | None]
    next_change: NextChange | None
    relation: Relation
    applies_here: list[Neighbor]


class Rule(CertainLevel):
    """A row of the record with its state on the day: every column of policies.csv but those of its
    subject."""

    policy_id: str
    state: State
    superseded_for: list[Actor]
    ended_on: dict[Actor, str]
    start_presumed: bool
    continuation_presumed: bool
    decided_by: str | None
    uses: list[Use]
    applies_to: list[Actor]
    reach: Reach | None
    territory: list[str] | None
    status: Status
    introduced_on: str | None
    introduced_on_low: IsoDay | None
    introduced_on_high: IsoDay | None
    decided_on: str | None
    decided_on_low: IsoDay | None
    decided_on_high: IsoDay | None
    effective_on: str | None
    effective_on_low: IsoDay | None
    effective_on_high: IsoDay | None
    expires_on: str | None
    expires_on_low: IsoDay | None
    expires_on_high: IsoDay | None
    ends_when: str | None
    last_confirmed_on: str | None
    last_confirmed_on_low: IsoDay | None
    last_confirmed_on_high: IsoDay | None
    supersedes: list[str]
    relates_to: list[str]
    instrument: str | None
    summary: str
    exceptions: list[str]
    source_url: str
    confidence: Confidence
    reviewed_on: IsoDay | None
    reviewed_on_low: IsoDay | None
    reviewed_on_high: IsoDay | None
    notes: str | None


class Source(TypedDict):
    """A page that proves something about a rule. Where the record has no table of sources, it is
    the rule's ``source_url`` alone."""

    url: str
    publisher: str | None
    title: str | None
    published_on: str | None
    published_on_low: IsoDay | None
    published_on_high: IsoDay | None
    kind: SourceKind | None
    supports: list[str]
    locator: str | None
    archived_url: str | None


class SourcedRule(Rule):
    """A rule with its sources."""

    sources: list[Source]


class LayerRule(SourcedRule):
    """A rule of one layer of a place."""

    reaches: bool


class Entry(Standing):
    """A subject of a status document, with its rules on record."""

    policies: list[Rule]


class Covered(TypedDict):
    """Whether the record is complete for a class of acts."""

    measure_class: MeasureClass
    complete: bool
    lists: list[str]
    as_of: IsoDay | None


class Coverage(TypedDict):
    """How far the record goes, for the two groups of subjects."""

    places: list[Covered]
    vendors: list[Covered]


class Filters(TypedDict):
    """What was asked about; an empty list means all."""

    applies_to: list[Actor]
    markets: list[str]
    measures: list[Measure]


class MeasureCounts(TypedDict):
    """Numbers of subjects by the measure of their strictest position."""

    ban: int
    moratorium: int
    withdrawal: int
    restriction: int
    oversight: int


class GroupCounts(TypedDict):
    """Numbers of subjects of one group by their strictest position, each counted once."""

    general: MeasureCounts
    narrow: MeasureCounts
    none: int
    uncertain: int


class Counts(TypedDict):
    """Numbers of the subjects listed whose ``relation`` is ``own``, by group."""

    places: GroupCounts
    agencies: GroupCounts
    vendors: GroupCounts
    companies: GroupCounts


class Search(TypedDict):
    """A search for acts, whether it found any or not."""

    country: str
    region: str | None
    level: SearchLevel
    searched_on: IsoDay
    finding: str


class PeopleLevel(Level):
    """People under a rule of a measure and scope, or a stricter one."""

    people_low: int
    people_high: int


class PeopleFor(TypedDict):
    """The people who live where one of their own governments has a rule for its own bodies."""

    actor: Actor
    prohibited_low: int
    prohibited_high: int
    levels: list[PeopleLevel]
    not_counted: list[str]
    prohibited_is_least: bool
    is_selected: bool


class StatusDocument(_OnDay):
    """Rules in force on a date: ``frtracker status --format json``, and ``all.json`` of an
    export."""

    kind: Literal["status"]
    as_of_given: str
    filters: Filters
    subjects: list[Entry]
    counts: Counts
    coverage: Coverage
    searches: list[Search] | None
    people: NotRequired[list[PeopleFor]]


class NeighborHistory(Neighbor):
    """The rules of an agency or government that apply in the place."""

    status: Standing
    policies: list[SourcedRule]


class ShowDocument(_OnDay, _Subject):
    """The history of one subject, rule by rule: ``frtracker show --format json``, and
    ``subjects/<key>.json`` of an export."""

    kind: Literal["show"]
    as_of_given: str
    label: str
    answer: str
    policy_id: str | None
    others: int
    aliases: list[str]
    status: Standing | None
    policies: list[SourcedRule]
    coverage: list[Covered]
    applies_here: NotRequired[list[NeighborHistory]]


class _AboutRule(_Subject, Level):
    policy_id: str
    uses: list[Use]
    territory: list[str] | None
    ends_when: str | None
    confidence: Confidence
    summary: str
    source_url: str
    relation: NotRequired[Relation]


PutOff = TypedDict("PutOff", {"from": str, "to": str})
PutOff.__doc__ = "The recorded starts of a rule that was put off before it began."


class Event(_AboutRule):
    """Something that happened, or is to happen, to a rule or a bill."""

    event_id: str
    on: str
    on_low: IsoDay | None
    on_high: IsoDay
    kind: EventKind
    certain: bool
    applies_to: list[Actor]
    effects: list[Effect]
    causes: list[str]
    own_terms: bool
    put_off: PutOff | None
    start_presumed: bool


class Condition(_AboutRule):
    """A rule in force that ends on a condition, without a date."""

    applies_to: list[Actor]
    certain: bool
    continuation_presumed: bool
    last_confirmed_on: str | None
    last_confirmed_on_low: IsoDay | None
    last_confirmed_on_high: IsoDay | None


class ChangesDocument(_Cited):
    """What happened between two dates: ``frtracker changes --format json``."""

    kind: Literal["changes"]
    since: IsoDay
    until: IsoDay
    events: list[Event]


class Review(TypedDict):
    """Rules due for review on a day."""

    on: IsoDay
    policy_ids: list[str]


class UpcomingDocument(_OnDay):
    """What comes next: ``frtracker upcoming --format json``."""

    kind: Literal["upcoming"]
    until: IsoDay
    events: list[Event]
    conditions: list[Condition]
    reviews: list[Review]


class Hit(TypedDict):
    """A sentence in which words were found."""

    field: SearchedField
    text: str
    spans: list[list[int]]


class SearchResult(_Subject, Rule):
    """A rule or bill in which words were found, with its subject."""

    score: float
    all_words: bool
    hits: list[Hit]
    relation: Relation


class SearchCounts(TypedDict):
    """Numbers of results, also of those that a limit leaves out."""

    all_words: int
    some_words: int


class SearchDocument(_OnDay):
    """Rules and bills that mention certain words: ``frtracker search --format json``."""

    kind: Literal["search"]
    words: list[str]
    in_force: bool
    counts: SearchCounts
    results: list[SearchResult]


class ExplainedPlace(TypedDict):
    """The place that was understood."""

    label: str
    subject_key: str | None
    subject_type: PlaceType
    country: str | None
    region: str | None
    within: list[str]
    found_in: Literal["record", "gazetteer", "outlines"]
    latitude: float | None
    longitude: float | None


class LayerSearch(TypedDict):
    """A search for acts of a layer that has none on record."""

    searched_on: IsoDay
    level: SearchLevel
    region: str | None
    names_it: bool
    finding: str


class PlaceLayer(_Named):
    """One layer of a place: its own agency, the place, county, state, country or union."""

    role: Role
    applies_to: list[Actor]
    recorded: bool
    searched: list[LayerSearch]
    coverage: list[Covered]
    positions: dict[Actor, Position | None]
    policies: list[LayerRule]
    next_change: NextChange | None


class LayerName(_Named):
    """A layer that makes a position."""

    role: Role


class JointAlso(CertainLevel):
    """A rule in force in the place besides those that make the position."""

    uses: list[Use]
    policy_id: str
    subject: str


class JointChange(PositionChange):
    """The next change of the position of all layers together."""

    subjects: list[str]


class JointPosition(AnyPosition):
    """The position of all layers of a place together for one actor."""

    layers: list[LayerName]
    also: list[JointAlso]
    next_change: JointChange | None


class LayerChange(NextChange):
    """The next change of one layer."""

    subject: str


class ExplainDocument(_OnDay):
    """Rules that apply in a place, layer by layer: ``frtracker explain --format json``."""

    kind: Literal["explain"]
    answer: str
    as_of_given: str
    program: str
    place: ExplainedPlace
    applies_to: list[Actor]
    positions: dict[Actor, JointPosition | None]
    coverage: list[Covered]
    layers: list[PlaceLayer]
    next: list[LayerChange]
    presumed: list[str]
    notes: list[str]


class CodedProvision(TypedDict):
    """What the text of a rule says on one provision, and where."""

    value: ProvisionValue
    locator: str | None
    url: str
    note: str | None


class ComparedRule(_Subject, SourcedRule):
    """A rule with what its text says on each provision."""

    label: str
    provisions: dict[Provision, CodedProvision | None]


class WantedProvision(TypedDict):
    """A provision asked about."""

    provision: Provision
    values: list[ProvisionValue]


class CompareDocument(_OnDay):
    """Rules side by side, with what their texts say: ``frtracker compare --format json``."""

    kind: Literal["compare"]
    as_of_given: str
    filters: Filters
    where: list[WantedProvision]
    rules: list[ComparedRule]
    besides: list[str]
    applies_there: list[str]
    without: list[str]
    otherwise: int
    not_coded: int


class CheckedClaim(TypedDict):
    """A claim as it was read, and what the record says of it."""

    line: int | None
    place: str
    actors: list[Actor]
    measure: str | None
    date: str | None
    verdict: Verdict
    why: str
    nearest: str | None
    subject_key: str | None
    label: str | None
    applies_to: list[Actor]
    policy_ids: list[str]
    source_urls: list[str]


class VerdictCounts(TypedDict):
    """Numbers of claims by verdict."""

    supported: int
    partly: int
    contradicted: int
    cannot_say: int
    not_on_record: int
    not_checked: int


class CheckDocument(_OnDay):
    """Claims, checked against the record: ``frtracker check --format json``."""

    kind: Literal["check"]
    columns: dict[str, str]
    counts: VerdictCounts
    claims: list[CheckedClaim]


class Reason(TypedDict):
    """Why a row is due for review."""

    code: Literal["review", "end", "start", "unconfirmed"]
    since: IsoDay
    value: str | None
    limit_days: int | None
    why: str


class DueRule(_Subject):
    """A row that is due for review."""

    policy_id: str
    measure: Measure
    status: Status
    reviewed_on: IsoDay
    since: IsoDay
    reasons: list[Reason]


class StaleDocument(_Answer):
    """Rows due for review on a date: ``frtracker stale --format json``."""

    kind: Literal["stale"]
    as_of: IsoDay
    policies: list[DueRule]


class ComparedEdition(TypedDict):
    """One of two editions."""

    edition: str
    reviewed_through: IsoDay | None
    policies: int


class DiffCounts(TypedDict):
    """Numbers of rows, and of cells in the rows that changed."""

    added: int
    removed: int
    changed: int
    cells: int


class TableRow(TypedDict):
    """A row that only one edition has, by column, as text of the file."""

    row_id: str
    row: dict[str, str]


class ChangedCell(TypedDict):
    """A cell that is another in the new edition, as text of the files."""

    column: str
    old: str
    new: str


class ChangedRow(TableRow):
    """A row of which cells changed, as in the new edition."""

    cells: list[ChangedCell]


class TableDiff(TypedDict):
    """The rows of one table that differ."""

    table: TableName
    counts: DiffCounts
    added: list[TableRow]
    removed: list[TableRow]
    changed: list[ChangedRow]


class Answer(CertainLevel):
    """What an edition answers for a stretch of days."""

    at_least: Level | None
    territory: list[str] | None


class ChangedAnswer(_Subject):
    """A stretch of days with another answer."""

    actor: Actor
    valid_from: IsoDay
    valid_to: IsoDay | None
    old: Answer | None
    new: Answer | None


class AnswerCounts(TypedDict):
    """Numbers of answers, one for each subject and actor, and of stretches of days."""

    answers: int
    changed: int
    stretches: int


class AnswersDiff(TypedDict):
    """The answers that differ."""

    counts: AnswerCounts
    changed: list[ChangedAnswer]


class Correction(TypedDict):
    """An event as an edition had it, and as it is right."""

    old: Event | None
    new: Event | None


class DiffDocument(TypedDict):
    """What differs between two editions: ``frtracker diff --format json``."""

    kind: Literal["diff"]
    schema_version: Literal[2]
    old: ComparedEdition
    new: ComparedEdition
    tables: list[TableDiff]
    not_compared: list[TableName]
    replaced_by: dict[str, str]
    answers: AnswersDiff | None
    law: list[Event] | None
    corrections: list[Correction] | None
    cancelled: list[Event] | None


class EditionChanges(TypedDict):
    """How much differs from the edition before."""

    tables: dict[TableName, DiffCounts]
    answers: AnswerCounts


class EditionDocument(TypedDict):
    """A released edition and what it brought: ``editions/<id>/edition.json``."""

    kind: Literal["edition"]
    schema_version: Literal[2]
    edition_id: str
    version: str
    reviewed_through: IsoDay
    edition: str
    answers: str
    files: dict[str, str]
    rows: dict[TableName, int]
    policies: dict[str, dict[str, int]]
    previous: str | None
    changed: EditionChanges | None
    law: list[Event]
    corrections: list[Correction]
    cancelled: list[Event]


class ValidateDocument(TypedDict):
    """What the checks found: ``frtracker validate --format json``."""

    kind: Literal["validate"]
    schema_version: Literal[2]
    errors: int
    warnings: int
    accepted: int
    findings: list[Finding]
    skipped: list[str]


class Point(TypedDict):
    """A point of GeoJSON."""

    type: Literal["Point"]
    coordinates: list[float]


class Polygon(TypedDict):
    """An area of GeoJSON: its outer ring, then its holes."""

    type: Literal["Polygon"]
    coordinates: list[list[list[float]]]


class MultiPolygon(TypedDict):
    """Several areas of GeoJSON."""

    type: Literal["MultiPolygon"]
    coordinates: list[list[list[list[float]]]]


class _Police(TypedDict):
    police_measure: Measure | None
    police_scope: Scope | None
    police_certain: bool | None
    police_since: str | None
    police_since_low: IsoDay | None
    police_since_high: IsoDay | None
    police_until: str | None
    police_until_low: IsoDay | None
    police_until_high: IsoDay | None
    police_at_least_measure: Measure | None
    police_reach: Reach | None


class _Government(TypedDict):
    government_measure: Measure | None
    government_scope: Scope | None
    government_certain: bool | None
    government_since: str | None
    government_since_low: IsoDay | None
    government_since_high: IsoDay | None
    government_until: str | None
    government_until_low: IsoDay | None
    government_until_high: IsoDay | None
    government_at_least_measure: Measure | None
    government_reach: Reach | None


class _Schools(TypedDict):
    schools_measure: Measure | None
    schools_scope: Scope | None
    schools_certain: bool | None
    schools_since: str | None
    schools_since_low: IsoDay | None
    schools_since_high: IsoDay | None
    schools_until: str | None
    schools_until_low: IsoDay | None
    schools_until_high: IsoDay | None
    schools_at_least_measure: Measure | None
    schools_reach: Reach | None


class _Private(TypedDict):
    private_measure: Measure | None
    private_scope: Scope | None
    private_certain: bool | None
    private_since: str | None
    private_since_low: IsoDay | None
    private_since_high: IsoDay | None
    private_until: str | None
    private_until_low: IsoDay | None
    private_until_high: IsoDay | None
    private_at_least_measure: Measure | None
    private_reach: Reach | None


class Properties(_Police, _Government, _Schools, _Private):
    """A subject with its strictest position on the day, and with that of each actor, all null where
    no act is on record for it. No value is a list, which a Shapefile cannot contain."""

    subject_key: str
    subject: str
    subject_type: SubjectType
    country: str | None
    region: str | None
    geoid: str | None
    geoidfq: str | None
    applies_to: str | None
    source_url: str | None
    measure: Measure
    scope: Scope | None
    certain: bool
    since: str | None
    since_low: IsoDay | None
    since_high: IsoDay | None
    until: str | None
    until_low: IsoDay | None
    until_high: IsoDay | None


class Feature(TypedDict):
    """A subject on a map."""

    type: Literal["Feature"]
    id: str
    geometry: Point | Polygon | MultiPolygon
    properties: Properties


class GeojsonDocument(TypedDict):
    """The subjects that have a point, and those that have an area (RFC 7946): ``subjects.geojson``
    and ``areas.geojson`` of an export."""

    type: Literal["FeatureCollection"]
    kind: Literal["geojson"]
    schema_version: Literal[2]
    as_of: IsoDay
    dataset: Dataset
    features: list[Feature]


class IndexedFile(TypedDict):
    """One file of a folder."""

    name: str
    format: str
    media_type: str
    bytes: int
    sha256: str
    rows: int | None


class IndexDocument(TypedDict):
    """The files of a folder: ``index.json`` of an export or a site."""

    kind: Literal["index"]
    schema_version: Literal[2]
    program: str
    as_of: IsoDay
    as_of_given: str
    dataset: Dataset
    answers: str
    files: list[IndexedFile]


DOCUMENTS = (
    StatusDocument,
    ShowDocument,
    ExplainDocument,
    ChangesDocument,
    UpcomingDocument,
    SearchDocument,
    CompareDocument,
    CheckDocument,
    StaleDocument,
    DiffDocument,
    EditionDocument,
    ValidateDocument,
    GeojsonDocument,
    IndexDocument,
)
"""The type of every kind of document."""
