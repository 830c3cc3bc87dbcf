"""The data dictionary: every column of the record tables once, with its kind and its meaning.

In the files every cell is text, empty if nothing is recorded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from frtracker import vocabulary, wording
from frtracker.record import cells
from frtracker.record.cells import ALONE, REQUIRED
from frtracker.record.findings import Check

IDENTITY: Final = ("country", "region", "subject_type", "subject")
"""The columns that say which subject a row is about."""


@dataclass(frozen=True, slots=True)
class Column:
    """``required``: every row fills it. ``unique``: no two rows have the same. ``provable``: a
    source can prove it (column ``supports`` of sources.csv). ``later``: the first release did not
    have it; a file without it is read as one in which it is empty."""

    kind: cells.Kind
    description: str
    required: bool = False
    unique: bool = False
    provable: bool = False
    later: bool = False
    name: str = field(init=False)

    def __set_name__(self, owner: type, name: str) -> None:
        object.__setattr__(self, "name", name)

    @property
    def checks(self) -> tuple[Check, ...]:
        return (*self.required * (REQUIRED,), *self.kind.checks, *self.unique * (ALONE,))


_required = partial(Column, required=True)
_proven = partial(Column, provable=True)
_required_proven = partial(Column, required=True, provable=True)


@dataclass(frozen=True, slots=True)
class Table:
    """``order``: the columns by which its rows stand; without, they stand in the order of their
    policies. ``key``: the columns that name a row, if any do."""

    name: str
    title: str
    description: str
    columns: tuple[Column, ...]
    order: tuple[str, ...] = ()
    key: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


def _columns(model: type) -> tuple[Column, ...]:
    return tuple(value for value in vars(model).values() if isinstance(value, Column))


class Policies:
    """One row is one rule of one act."""

    policy_id = _required(
        cells.ID, "A slug that never changes: us-ca-san-francisco-2019.", unique=True
    )
    subject = _required(
        cells.TEXT,
        "Who must follow the rule, or whose territory: San Francisco, Massachusetts, Amazon. The"
        " identity of a subject is its country, region, subject_type and subject together.",
    )
    subject_type = _required(cells.word(vocabulary.SUBJECT_TYPES), "What kind of subject it is.")
    country = Column(
        cells.COUNTRY_CODE,
        "ISO 3166-1 alpha-2 code of the subject's country; for a vendor or company, its home."
        " Empty for supranational subjects only.",
    )
    region = Column(
        cells.REGION_CODE,
        "ISO 3166-2 code of the state or province the subject is or is in; empty where"
        " there is none, and for countries, supranational subjects, vendors and companies.",
    )
    decided_by = _proven(
        cells.TEXT,
        "The body that acted, if it is not the subject: a regulator, a court, a board.",
    )
    measure = _required_proven(cells.word(vocabulary.MEASURES), "What the rule does.")
    uses = _required_proven(
        cells.words(vocabulary.USES),
        "The kinds of use the rule is limited to, or 'any'. 'any' makes its scope general, anything"
        " else narrow.",
    )
    applies_to = _required_proven(
        cells.words(vocabulary.ACTORS),
        "The actors it applies to; they do not overlap. For a vendor: whom it no longer serves, or"
        " serves only on conditions. For a company: private.",
    )
    reach = _proven(
        cells.word(vocabulary.REACHES),
        "How far down a government's rule applies: to its own bodies, to those of the places"
        " inside it, or to all. Empty for agencies, schools, vendors and companies.",
    )
    territory = _proven(
        cells.CODES,
        "ISO 3166 codes of where the rule of a vendor, company, agency or supranational body"
        " applies; empty = everywhere, or the subject's own place.",
    )
    status = _required_proven(
        cells.word(vocabulary.STATUSES), "The last recorded outcome of the act."
    )
    introduced_on = _proven(cells.DATE_RANGE, "When it was introduced.")
    decided_on = _proven(
        cells.DATE_RANGE, "Final passage, signature or announcement, or the day it failed."
    )
    effective_on = _proven(
        cells.DATE_RANGE, "The first day it is in force; empty if no source gives or bounds it."
    )
    expires_on = _proven(
        cells.DATE_RANGE,
        "The first day it is no longer in force, if the act itself names an end.",
    )
    ends_when = _proven(cells.TEXT, "The condition that ends it, if it does not end on a date.")
    last_confirmed_on = _proven(
        cells.DATE_RANGE, "The latest day for which a source shows the rule in force."
    )
    supersedes = Column(
        cells.IDS,
        "Adopted or announced rows of the same subject that this rule ends, for the actors named in"
        " this row.",
    )
    relates_to = Column(
        cells.IDS,
        "Related rows, without effect on any answer: a bill, its later version.",
    )
    instrument = _proven(cells.TEXT, "Official name, number or citation of the act.")
    summary = _required_proven(
        cells.LINES, "What the rule says, in one plain sentence in our own words."
    )
    exceptions = _proven(cells.LINES, "What it does not cover; empty if nothing is known.")
    source_url = _required(cells.URL, "The best single source; all are in sources.csv.")
    confidence = _required(
        cells.word(vocabulary.CONFIDENCES),
        "How well it is established that the act exists and says this.",
    )
    reviewed_on = _required(cells.EXACT_DAY, "When the row was last checked against its sources.")
    notes = Column(cells.LINES, "What a careful reader must know.")


DATES: Final = tuple(it.name for it in _columns(Policies) if it.kind.name in ("date", "day"))
"""The date columns of policies.csv, each typed as a pair ``_low``, ``_high``."""

RECORDED_DATES: Final = tuple(it.name for it in _columns(Policies) if it.kind.name == "date")
"""Dates about the act itself: each needs a source (``reviewed_on`` is ours)."""

# In `supports` the days come first, with the condition that stands for one.
_FIRST = (*RECORDED_DATES, "ends_when")
_PROVABLE = sorted(
    (it.name for it in _columns(Policies) if it.provable), key=lambda it: it not in _FIRST
)


class Subjects:
    """One row is one subject, with the facts that are the same for all its rules."""

    subject = _required(cells.TEXT, "Name, as in policies.csv.")
    subject_type = _required(cells.word(vocabulary.SUBJECT_TYPES), "What kind of subject it is.")
    country = Column(cells.COUNTRY_CODE, "ISO 3166-1 alpha-2 code, as in policies.csv.")
    region = Column(cells.REGION_CODE, "ISO 3166-2 code, as in policies.csv.")
    within = Column(
        cells.NAMES,
        "The places it is in, below the state, nearest first: Milwaukee;Milwaukee County."
        " Each is a subject of its own. Empty: its parent is the region, else the country.",
    )
    geoid = Column(cells.GEOID_CODE, "US Census GEOID of a place in the United States.")
    latitude = Column(cells.LATITUDE_DEGREES, "Degrees north, WGS 84.")
    longitude = Column(cells.LONGITUDE_DEGREES, "Degrees east, WGS 84.")
    aliases = Column(
        cells.NAMES,
        "Other and earlier names: Facebook for Meta. The key that one gives leads to the subject.",
    )
    population = Column(
        cells.PEOPLE,
        "How many people live there, as the source gives it; empty where none was found, and for"
        " what is no place.",
        later=True,
    )
    population_on = Column(
        cells.DATE_RANGE, "The day of that count or estimate: 2020-04-01.", later=True
    )
    population_url = Column(cells.URL, "The page or file that shows the figure.", later=True)


class Sources:
    """One row is one page that proves something about one rule; best first."""

    policy_id = _required(cells.ID, "The row of policies.csv it is about.")
    url = _required(cells.URL, "Address of the page.")
    publisher = _required(cells.TEXT, "Who publishes it.")
    title = _required(cells.TEXT, "Title, as given there.")
    published_on = Column(cells.DATE_RANGE, "When it was published; empty if it does not say.")
    kind = _required(cells.word(vocabulary.SOURCE_KINDS), "What kind of source it is.")
    supports = _required(
        cells.supports(_PROVABLE, RECORDED_DATES),
        "The columns of the row that it proves; effective_on~ = computed from what it says.",
    )
    locator = Column(
        cells.TEXT,
        "Where on the page it says so: a section, a page, a paragraph, as numbered there.",
        later=True,
    )
    archived_url = Column(
        cells.URL, "Address of an archived copy of the page, as the archive gives it.", later=True
    )


class Searches:
    """One row is one search: "searched, nothing found" is not "never searched"."""

    country = _required(cells.COUNTRY_CODE, "ISO 3166-1 alpha-2 code of the country searched.")
    region = Column(
        cells.REGION_CODE, "ISO 3166-2 code of the region searched; empty = whole country."
    )
    level = _required(cells.word(vocabulary.SEARCH_LEVELS), "Whose acts were searched for.")
    searched_on = _required(cells.EXACT_DAY, "When the search was made.")
    finding = _required(cells.LINES, "What was searched and what was found, in plain words.")


class Coverage:
    """One row is one class of acts, and whether all of them are on record or a selection."""

    level = _required(cells.word(vocabulary.SEARCH_LEVELS), "Whose acts.")
    country = Column(cells.COUNTRY_CODE, "ISO 3166-1 alpha-2 code; empty = every country.")
    region = Column(cells.REGION_CODE, "ISO 3166-2 code; empty = the whole country.")
    measure_class = _required(cells.word(vocabulary.MEASURE_CLASSES), "What the acts do.")
    actors = _required(cells.words(vocabulary.ACTORS), "Who the acts apply to.")
    complete = _required(cells.word(vocabulary.COMPLETENESS), "Whether all of them are on record.")
    lists = Column(
        cells.NAMES,
        "The independent lists that the record was compared with, row by row; at least one if"
        " complete.",
    )
    as_of = _required(cells.EXACT_DAY, "The date of that comparison.")
    note = Column(cells.LINES, "How the acts were searched for, and what is known to be missing.")


class Provisions:
    """One row is what the text of one rule says on one question; without a row nobody has coded
    it, which is never "no"."""

    policy_id = _required(cells.ID, "The row of policies.csv whose text it is.")
    provision = _required(cells.word(vocabulary.PROVISIONS), "The question.")
    value = _required(cells.word(vocabulary.PROVISION_VALUES), "What the text says on it.")
    locator = Column(
        cells.TEXT, "Where in the text, as numbered there: 19B.2(d). Empty if it is silent."
    )
    url = _required(cells.URL, "Address of the page where the text was read.")
    note = Column(cells.LINES, "Of which cases it is true, if not of all; what is doubtful.")


class RetiredIds:
    """One row is one released policy_id that is no longer used."""

    policy_id = _required(cells.ID, "The id that was retired; no row takes it again.", unique=True)
    replaced_by = _required(cells.ID, "The row of policies.csv that took its place.")
    retired_on = _required(cells.EXACT_DAY, "When it was retired.")


class Accepted:
    """One row is one warning that is true of the world: counted, not listed. It belongs to the
    checks, not to the record: no edition or export has it, and no other record borrows it."""

    table = _required(
        cells.word(("policies", "subjects", "sources", "provisions")),
        "The table that the warning is about.",
    )
    id = _required(
        cells.TEXT,
        "The row: its policy_id; of subjects its subject_key (us-ca-oakland); of sources its"
        " policy_id and its url, of provisions its policy_id and its provision, with a space"
        " between them.",
    )
    code = _required(cells.TEXT, "The check that warns: R023.")
    reason = _required(cells.LINES, "Why the row is right as it is.")


def _table(
    model: type, title: str, order: tuple[str, ...], key: tuple[str, ...], name: str = ""
) -> Table:
    name = name or model.__name__.lower()
    description = " ".join((model.__doc__ or "").split())  # Python 3.13 takes the indents away
    return Table(name, title, description, _columns(model), order, key)


_SEARCHED = ("country", "region", "level", "searched_on")
_SAID = ("policy_id", "provision")
_CLASS = ("level", "country", "region", "measure_class", "actors")
_TABLES = (
    _table(Policies, "Rules on face recognition", (*IDENTITY, "policy_id"), ("policy_id",)),
    _table(Subjects, "Who they apply to, and where", IDENTITY, IDENTITY),
    _table(Sources, "The pages that prove them", (), ("policy_id", "url")),
    # no key: the same place may be searched twice on one day
    _table(Searches, "Searches, including those that found nothing", _SEARCHED, ()),
    _table(Coverage, "What is complete and what is a selection", _CLASS, ()),
    _table(Provisions, "What the texts say", _SAID, _SAID),
    _table(RetiredIds, "Ids that were replaced", ("policy_id",), ("policy_id",), "retired_ids"),
)
TABLES: Final[Mapping[str, Table]] = MappingProxyType({table.name: table for table in _TABLES})
"""The record tables, in the order in which findings are reported."""

ACCEPTED: Final = _table(
    Accepted,
    "Warnings that were accepted",
    ("table", "id", "code"),
    ("table", "id", "code"),
)
FILES: Final[Mapping[str, Table]] = MappingProxyType({**TABLES, ACCEPTED.name: ACCEPTED})
"""Every table that `frtracker validate` and `frtracker fmt` read: those of the record, and the
accepted warnings."""


LICENSE: Final = "https://creativecommons.org/licenses/by/4.0/"
"""Of the record and of what follows from it: Creative Commons Attribution 4.0 International."""

CREDITS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "GeoNames (CC BY 4.0)": "https://www.geonames.org/",
        "Natural Earth (public domain)": "https://www.naturalearthdata.com/",
        "US Census Bureau (public domain)": "https://www.census.gov/",
    }
)
"""Where places, their coordinates and outlines are from."""


def data_package(resources: Iterable[Mapping[str, Any]], reviewed_through: str) -> dict[str, Any]:
    """A Data Package (version 2 of the standard) of ``resources``, in plain JSON types; its version
    is the day of the last review."""
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "frtracker",
        "title": "Bans, pauses and limits on face recognition",
        "description": (
            "Laws, orders and announcements that ban or limit face recognition, and notable"
            " proposals: who they apply to, since when, until when, and who says so. One row of"
            " policies is one rule of one act; which rules are in force on a date follows from the"
            " dates of several rows."
        ),
        **({"version": reviewed_through.replace("-", ".")} if reviewed_through else {}),
        "licenses": [
            {
                "name": "CC-BY-4.0",
                "title": "Creative Commons Attribution 4.0 International",
                "path": LICENSE,
            }
        ],
        "contributors": [{"title": wording.AUTHORS, "roles": ["creator"]}],
        "sources": [
            {"title": "The pages listed row by row in the table of sources", "path": "sources.csv"},
            *({"title": title, "path": address} for title, address in CREDITS.items()),
        ],
        "keywords": ["face recognition", "policy", "law", "moratorium"],
        "resources": [*resources],
    }


def resources(tables: Mapping[str, Table] = FILES) -> list[dict[str, Any]]:
    """The files of ``tables`` as resources of a data package; `frtracker validate` is stricter."""
    return [
        resource((it.name, it.title, it.description), map(_field, it.columns), it.key, _links(it))
        for it in tables.values()
    ]


def resource(
    about: tuple[str, str, str],
    fields: Iterable[Mapping[str, Any]],
    key: Sequence[str],
    links: Iterable[tuple[Sequence[str], str, Sequence[str]]],
) -> dict[str, Any]:
    """A CSV file as a resource of a data package. ``about``: name, title and description of the
    table; ``links``: columns, and the table and its columns that they refer to."""
    name, title, description = about
    schema: dict[str, Any] = {"fields": [*fields], "missingValues": [""]}
    if key:
        schema["primaryKey"] = [*key]
    foreign = [
        {"fields": [*own], "reference": {"resource": other, "fields": [*theirs]}}
        for own, other, theirs in links
    ]
    if foreign:
        schema["foreignKeys"] = foreign
    return {
        "name": name,
        "path": f"{name}.csv",
        "type": "table",
        "title": title,
        "description": description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }


def _links(table: Table) -> Iterator[tuple[tuple[str, ...], str, tuple[str, ...]]]:
    for other in (TABLES["policies"], TABLES["subjects"]):
        if other.key != table.key and {*other.key} <= {*table.names}:
            yield other.key, other.name, other.key


def _field(column: Column) -> dict[str, Any]:
    kind = column.kind
    flags = {"required": column.required, "unique": column.unique}
    constraints: dict[str, Any] = {name: True for name, given in flags.items() if given}
    if kind.name == "word":
        constraints["enum"] = list(kind.terms)
    elif kind.name == "count":
        constraints["minimum"] = 1
    elif kind.pattern:
        constraints["pattern"] = kind.pattern
    elif kind.limit:
        constraints |= {"minimum": -kind.limit, "maximum": kind.limit}
    return {
        "name": column.name,
        "type": {"number": "number", "count": "integer"}.get(kind.name, "string"),
        "description": column.description,
        **({"constraints": constraints} if constraints else {}),
    }
