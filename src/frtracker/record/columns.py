"""The four tables: every column once, with its kind and its meaning. This is the data dictionary.

The tables are described as they stand in their files: every cell is text, '' where nothing is
recorded. :mod:`frtracker.record.models` makes pandera models of them; reader, checks, canonical
form, data package, exports and documents read them here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from frtracker import vocabulary
from frtracker.record import cells
from frtracker.record.keys import IDENTITY


@dataclass(frozen=True, slots=True)
class Column:
    """``required``: every row fills it. ``unique``: no two rows have the same. ``provable``: a
    source can prove it (column ``supports`` of sources.csv)."""

    kind: cells.Kind
    description: str
    required: bool = False
    unique: bool = False
    provable: bool = False
    name: str = field(init=False)

    def __set_name__(self, owner: type, name: str) -> None:
        object.__setattr__(self, "name", name)

    @property
    def tests(self) -> tuple[cells.Test, ...]:
        return (*self.required * (cells.REQUIRED,), *self.kind.tests, *self.unique * (cells.ALONE,))


def columns_of(model: type) -> tuple[Column, ...]:
    """The columns of a table, in the order in which they stand in its file."""
    return tuple(value for value in vars(model).values() if isinstance(value, Column))


@dataclass(frozen=True, slots=True)
class Table:
    """``model``: the class that names its columns. ``order``: the columns by which its rows stand;
    without, they stand in the order of their policies. ``key``: the columns that name a row, if
    any do. ``references``: columns that name a row of another table -> that table."""

    name: str
    title: str
    model: type
    order: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    references: tuple[tuple[tuple[str, ...], str], ...] = ()

    @property
    def columns(self) -> tuple[Column, ...]:
        return columns_of(self.model)

    @property
    def names(self) -> tuple[str, ...]:
        """The columns in the order in which they stand in the file."""
        return tuple(column.name for column in self.columns)

    @property
    def description(self) -> str:
        return (self.model.__doc__ or "").strip()


class Policies:
    """One row is one rule of one act."""

    policy_id = Column(
        cells.ID, "A slug that never changes: us-ca-san-francisco-2019.", required=True, unique=True
    )
    subject = Column(
        cells.TEXT,
        "Who is bound, or whose territory: San Francisco, Massachusetts, Amazon. The identity"
        " of a subject is its country, region, subject_type and subject together.",
        required=True,
    )
    subject_type = Column(
        cells.word(vocabulary.SUBJECT_TYPES), "What kind of subject it is.", required=True
    )
    country = Column(
        cells.COUNTRY_CODE,
        "ISO 3166-1 alpha-2 code of the subject's country; of a vendor or company, its home."
        " Empty for a supranational subject only.",
    )
    region = Column(
        cells.REGION_CODE,
        "ISO 3166-2 code of the state or province the subject lies in or is; empty where"
        " there is none, and for countries, supranational subjects, vendors and companies.",
    )
    decided_by = Column(
        cells.TEXT,
        "The body that acted, when it is not the subject: a regulator, a court, a board.",
        provable=True,
    )
    measure = Column(
        cells.word(vocabulary.MEASURES),
        "What the rule does, from the strictest to the mildest.",
        required=True,
        provable=True,
    )
    uses = Column(
        cells.words(vocabulary.USES),
        "The kinds of use it is limited to, or 'any'. Its scope is general if 'any', else narrow.",
        required=True,
        provable=True,
    )
    applies_to = Column(
        cells.words(vocabulary.ACTORS),
        "The actors it binds; they do not overlap. For a vendor: whom it no longer serves, or"
        " serves on conditions only. For a company: private.",
        required=True,
        provable=True,
    )
    reach = Column(
        cells.word(vocabulary.REACHES),
        "How far down the rule of a government goes: its own bodies, those of the places"
        " inside it, or all. Empty for agencies, schools, vendors and companies.",
        provable=True,
    )
    territory = Column(
        cells.CODES,
        "ISO 3166 codes of where the rule of a vendor, company, agency or supranational body"
        " holds; empty = everywhere, or the subject's own place.",
        provable=True,
    )
    status = Column(
        cells.word(vocabulary.STATUSES),
        "The last recorded outcome of the act.",
        required=True,
        provable=True,
    )
    introduced_on = Column(cells.DATE_RANGE, "When it was introduced.", provable=True)
    decided_on = Column(
        cells.DATE_RANGE,
        "Final passage, signature or announcement, or the day on which it failed.",
        provable=True,
    )
    effective_on = Column(
        cells.DATE_RANGE,
        "The first day on which it holds; empty if no source gives or bounds it.",
        provable=True,
    )
    expires_on = Column(
        cells.DATE_RANGE,
        "The first day on which it no longer holds, when the act itself names an end.",
        provable=True,
    )
    ends_when = Column(
        cells.TEXT, "The condition that ends it, when that is no date.", provable=True
    )
    last_confirmed_on = Column(
        cells.DATE_RANGE,
        "The latest day for which a source shows the rule in force.",
        provable=True,
    )
    supersedes = Column(
        cells.IDS,
        "Adopted or announced rows of the same subject that end for the actors named here.",
    )
    relates_to = Column(
        cells.IDS,
        "Rows that belong to its story without effect on the answer: a bill, its later version.",
    )
    instrument = Column(cells.TEXT, "Official name, number or citation of the act.", provable=True)
    summary = Column(
        cells.LINES,
        "What the rule says, in one plain sentence of our own.",
        required=True,
        provable=True,
    )
    exceptions = Column(cells.LINES, "What it leaves out; empty if none is known.", provable=True)
    source_url = Column(cells.URL, "The best single source; all are in sources.csv.", required=True)
    confidence = Column(
        cells.word(vocabulary.CONFIDENCES),
        "How well it is established that the act exists and says this.",
        required=True,
    )
    reviewed_on = Column(
        cells.EXACT_DAY, "When the row was last checked against its sources.", required=True
    )
    notes = Column(cells.LINES, "What a careful reader must know.")


DATES: Final = tuple(it.name for it in columns_of(Policies) if it.kind.name in ("date", "day"))
"""The date columns of policies.csv, each typed as a pair ``_low``, ``_high``."""

RECORDED_DATES: Final = tuple(it.name for it in columns_of(Policies) if it.kind.name == "date")
"""Dates about the act itself: each needs a source (``reviewed_on`` is ours)."""

# In `supports` the days come first, with the condition that stands for one.
_PROVABLE = sorted(
    (it.name for it in columns_of(Policies) if it.provable),
    key=lambda name: name not in (*RECORDED_DATES, "ends_when"),
)


class Subjects:
    """One row is one subject, with the facts that are the same for all its rules."""

    subject = Column(cells.TEXT, "Name, as in policies.csv.", required=True)
    subject_type = Column(
        cells.word(vocabulary.SUBJECT_TYPES), "What kind of subject it is.", required=True
    )
    country = Column(cells.COUNTRY_CODE, "ISO 3166-1 alpha-2 code, as in policies.csv.")
    region = Column(cells.REGION_CODE, "ISO 3166-2 code, as in policies.csv.")
    within = Column(
        cells.NAMES,
        "The places it lies in, below the state, nearest first: Milwaukee;Milwaukee County."
        " Each is a subject of its own. Empty: its parent is the region, else the country.",
    )
    geoid = Column(cells.GEOID_CODE, "US Census GEOID of a place in the United States.")
    latitude = Column(cells.LATITUDE_DEGREES, "Degrees north, WGS 84.")
    longitude = Column(cells.LONGITUDE_DEGREES, "Degrees east, WGS 84.")
    aliases = Column(cells.NAMES, "Other names people use: Facebook for Meta.")


class Sources:
    """One row is one page that proves something about one policy; best first."""

    policy_id = Column(cells.ID, "The row of policies.csv it speaks about.", required=True)
    url = Column(cells.URL, "Address of the page.", required=True)
    publisher = Column(cells.TEXT, "Who publishes it.", required=True)
    title = Column(cells.TEXT, "Title, as the source gives it.", required=True)
    published_on = Column(cells.DATE_RANGE, "When it was published; empty if it does not say.")
    kind = Column(cells.word(vocabulary.SOURCE_KINDS), "What sort of source it is.", required=True)
    supports = Column(
        cells.supports(_PROVABLE, RECORDED_DATES),
        "The columns of the row that it proves; effective_on~ = computed from it.",
        required=True,
    )


class Searches:
    """One row is one search made: nothing found is not the same as never looked."""

    country = Column(
        cells.COUNTRY_CODE, "ISO 3166-1 alpha-2 code of the country searched.", required=True
    )
    region = Column(
        cells.REGION_CODE, "ISO 3166-2 code of the region searched; empty = whole country."
    )
    level = Column(
        cells.word(vocabulary.SEARCH_LEVELS), "Whose acts were looked for.", required=True
    )
    searched_on = Column(cells.EXACT_DAY, "When the search was made.", required=True)
    finding = Column(
        cells.LINES, "What was searched and what was found, in plain words.", required=True
    )


_TABLES = (
    Table(
        "policies",
        "Rules on face recognition",
        Policies,
        order=(*IDENTITY, "policy_id"),
        key=("policy_id",),
        references=((IDENTITY, "subjects"),),
    ),
    Table("subjects", "Whom they bind, and where", Subjects, order=IDENTITY, key=IDENTITY),
    Table(
        "sources",
        "The pages that prove them",
        Sources,
        key=("policy_id", "url"),
        references=((("policy_id",), "policies"),),
    ),
    # no key: the same place may be searched twice on one day
    Table(
        "searches",
        "Searches made, also those that found nothing",
        Searches,
        order=("country", "region", "level", "searched_on"),
    ),
)

TABLES: Final[Mapping[str, Table]] = MappingProxyType({table.name: table for table in _TABLES})
"""The record tables, in the order in which findings are reported."""
