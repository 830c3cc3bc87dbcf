"""The four tables as pandera models. The descriptions are the data dictionary.

The models describe the tables as they stand in the files: every cell is text, '' where
nothing is recorded. ``Typed…`` add the columns that :mod:`frtracker.record.load` derives.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import pandera.pandas as pa

from frtracker import vocabulary
from frtracker.record.schema import fields
from frtracker.record.schema.names import PROVABLE, RECORDED_DATES


class _Table(pa.DataFrameModel):
    class Config:
        strict = True


class Policies(_Table):
    """One row is one rule of one act."""

    policy_id: str = fields.identifier(
        "A slug that never changes: us-ca-san-francisco-2019.", unique=True
    )
    subject: str = fields.text(
        "Who is bound, or whose territory: San Francisco, Massachusetts, Amazon. The identity of"
        " a subject is its country, region, subject_type and subject together.",
        required=True,
    )
    subject_type: str = fields.word(
        "What kind of subject it is.", vocabulary.SUBJECT_TYPES, required=True
    )
    country: str = fields.country(
        "ISO 3166-1 alpha-2 code of the subject's country; of a vendor or company, its home."
        " Empty for a supranational subject only."
    )
    region: str = fields.region(
        "ISO 3166-2 code of the state or province the subject lies in or is; empty where there"
        " is none, and for countries, supranational subjects, vendors and companies."
    )
    decided_by: str = fields.text(
        "The body that acted, when it is not the subject: a regulator, a court, a board."
    )
    measure: str = fields.word(
        "What the rule does, from the strictest to the mildest.",
        vocabulary.MEASURES,
        required=True,
    )
    uses: str = fields.words(
        "The kinds of use it is limited to, or 'any'. Its scope is general if 'any', else narrow.",
        vocabulary.USES,
    )
    applies_to: str = fields.words(
        "The actors it binds; they do not overlap. For a vendor: whom it no longer serves, or"
        " serves on conditions only. For a company: private.",
        vocabulary.ACTORS,
    )
    reach: str = fields.word(
        "How far down the rule of a government goes: its own bodies, those of the places inside"
        " it, or all. Empty for agencies, schools, vendors and companies.",
        vocabulary.REACHES,
    )
    territory: str = fields.territory(
        "ISO 3166 codes of where the rule of a vendor, company, agency or supranational body"
        " holds; empty = everywhere, or the subject's own place."
    )
    status: str = fields.word(
        "The last recorded outcome of the act.", vocabulary.STATUSES, required=True
    )
    introduced_on: str = fields.date("When it was introduced.")
    decided_on: str = fields.date(
        "Final passage, signature or announcement, or the day on which it failed."
    )
    effective_on: str = fields.date(
        "The first day on which it holds; empty if no source gives or bounds it."
    )
    expires_on: str = fields.date(
        "The first day on which it no longer holds, when the act itself names an end."
    )
    ends_when: str = fields.text("The condition that ends it, when that is no date.")
    last_confirmed_on: str = fields.date(
        "The latest day for which a source shows the rule in force."
    )
    supersedes: str = fields.identifiers(
        "Adopted or announced rows of the same subject that end for the actors named here."
    )
    relates_to: str = fields.identifiers(
        "Rows that belong to its story without effect on the answer: a bill, its later version."
    )
    instrument: str = fields.text("Official name, number or citation of the act.")
    summary: str = fields.text(
        "What the rule says, in one plain sentence of our own.", required=True, lines=True
    )
    exceptions: str = fields.text("What it leaves out; empty if none is known.", lines=True)
    source_url: str = fields.link("The best single source; all are in sources.csv.")
    confidence: str = fields.word(
        "How well it is established that the act exists and says this.",
        vocabulary.CONFIDENCES,
        required=True,
    )
    reviewed_on: str = fields.day("When the row was last checked against its sources.")
    notes: str = fields.text("What a careful reader must know.", lines=True)


class Subjects(_Table):
    """One row is one subject, with the facts that are the same for all its rules."""

    subject: str = fields.text("Name, as in policies.csv.", required=True)
    subject_type: str = fields.word(
        "What kind of subject it is.", vocabulary.SUBJECT_TYPES, required=True
    )
    country: str = fields.country("ISO 3166-1 alpha-2 code, as in policies.csv.")
    region: str = fields.region("ISO 3166-2 code, as in policies.csv.")
    within: str = fields.names(
        "The places it lies in, below the state, nearest first: Milwaukee;Milwaukee County. Each"
        " is a subject of its own. Empty: its parent is the region, else the country."
    )
    geoid: str = fields.geoid("US Census GEOID of a place in the United States.")
    latitude: str = fields.latitude("Degrees north, WGS 84.")
    longitude: str = fields.longitude("Degrees east, WGS 84.")
    aliases: str = fields.names("Other names people use: Facebook for Meta.")


class Sources(_Table):
    """One row is one page that proves something about one policy; best first."""

    policy_id: str = fields.identifier("The row of policies.csv it speaks about.", unique=False)
    url: str = fields.link("Address of the page.")
    publisher: str = fields.text("Who publishes it.", required=True)
    title: str = fields.text("Title, as the source gives it.", required=True)
    published_on: str = fields.date("When it was published; empty if it does not say.")
    kind: str = fields.word("What sort of source it is.", vocabulary.SOURCE_KINDS, required=True)
    supports: str = fields.supports(
        "The columns of the row that it proves; effective_on~ = computed from it.",
        PROVABLE,
        RECORDED_DATES,
    )


class Searches(_Table):
    """One row is one search made: nothing found is not the same as never looked."""

    country: str = fields.country("ISO 3166-1 alpha-2 code of the country searched.", required=True)
    region: str = fields.region("ISO 3166-2 code of the region searched; empty = whole country.")
    level: str = fields.word("Whose acts were looked for.", vocabulary.SEARCH_LEVELS, required=True)
    searched_on: str = fields.day("When the search was made.")
    finding: str = fields.text(
        "What was searched and what was found, in plain words.", required=True, lines=True
    )


MODELS: Final[Mapping[str, type[pa.DataFrameModel]]] = MappingProxyType(
    {"policies": Policies, "subjects": Subjects, "sources": Sources, "searches": Searches}
)
"""Table name -> model, in the order in which findings are reported."""


class _Bounds(pa.DataFrameModel):
    """Day ordinals (``datetime.date.toordinal``), 0 where the cell is empty; ``/B`` begins at 1."""

    introduced_on_low: pa.Int32 = pa.Field(ge=0)
    introduced_on_high: pa.Int32 = pa.Field(ge=0)
    decided_on_low: pa.Int32 = pa.Field(ge=0)
    decided_on_high: pa.Int32 = pa.Field(ge=0)
    effective_on_low: pa.Int32 = pa.Field(ge=0)
    effective_on_high: pa.Int32 = pa.Field(ge=0)
    expires_on_low: pa.Int32 = pa.Field(ge=0)
    expires_on_high: pa.Int32 = pa.Field(ge=0)
    last_confirmed_on_low: pa.Int32 = pa.Field(ge=0)
    last_confirmed_on_high: pa.Int32 = pa.Field(ge=0)
    reviewed_on_low: pa.Int32 = pa.Field(ge=0)
    reviewed_on_high: pa.Int32 = pa.Field(ge=0)


class TypedPolicies(Policies, _Bounds):
    """policies.csv with each date's bounds and the subject's key."""

    subject_key: str = pa.Field(description="Stable slug of the subject.")


class TypedSubjects(Subjects):
    """subjects.csv with numbers for coordinates (NaN where empty) and the subject's key."""

    # In the file these two are text like every cell; typed, they are numbers.
    latitude: float = pa.Field(ge=-90, le=90, nullable=True)  # type: ignore[assignment]
    longitude: float = pa.Field(ge=-180, le=180, nullable=True)  # type: ignore[assignment]
    subject_key: str = pa.Field(unique=True, description="Stable slug of the subject.")
