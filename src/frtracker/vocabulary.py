"""The closed vocabularies: every word that a cell may hold, and what it means.

Order is meaning: measures stand from the strictest to the mildest, and the
outputs list, rank and draw them in this order. Standard library only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Term:
    """One allowed word: ``code`` as written in the tables, ``label`` as printed.

    A measure is drawn in its ``colour``, on a dark page in ``dark_colour``, with its ``letter``.
    """

    code: str
    label: str
    definition: str
    colour: str = ""
    dark_colour: str = ""
    letter: str = ""


Vocabulary = Mapping[str, Term]


def _terms(*terms: Term) -> Vocabulary:
    return MappingProxyType({term.code: term for term in terms})


MEASURES: Final = _terms(
    Term("ban", "ban", "Use is forbidden, with no end set.", "#7d0f33", "#a13757", "B"),
    Term(
        "moratorium",
        "moratorium",
        "Use is forbidden until a date or a condition.",
        "#e3741b",
        "#e3741b",
        "M",
    ),
    Term(
        "withdrawal",
        "withdrawal",
        "A vendor, company or agency has stopped by its own decision, with no end set.",
        "#b07cc6",
        "#bc8fcf",
        "W",
    ),
    Term(
        "restriction",
        "restriction",
        "Use is allowed only on conditions.",
        "#1d4f91",
        "#4474b0",
        "R",
    ),
    Term(
        "oversight",
        "oversight",
        "Approval or reporting is the normal road to use.",
        "#239b7b",
        "#239b7b",
        "O",
    ),
    Term(
        "none",
        "none",
        "Lifts what it supersedes and puts nothing in its place.",
        "#d3cdc0",
        "#5b5a55",
    ),
)

SCOPES: Final = _terms(
    Term("general", "general", "The rule covers every use (`uses` is `any`)."),
    Term("narrow", "narrow", "The rule covers only the kinds of use it names."),
)

USES: Final = _terms(
    Term("any", "any use", "Every use of face recognition."),
    Term("live", "live recognition", "Recognition of passers-by in real time."),
    Term("body_camera", "body cameras", "Recognition on or with police body cameras."),
    Term("drone", "drones", "Recognition on or with drones."),
    Term("cctv", "camera networks", "Recognition in networks of fixed cameras."),
    Term("one_product", "one product", "One named product only."),
    Term("one_system", "one system", "One named installation, project or programme only."),
    Term("retail", "shops", "Shops and other businesses open to the public."),
    Term("housing", "housing", "Housing."),
    Term("workplace", "workplaces", "Hiring and work."),
    Term("other", "other uses", "Another limited kind of use, told in the summary."),
)

ACTORS: Final = _terms(
    Term("police", "police", "Police and other law enforcement bodies."),
    Term("government", "government", "Public bodies other than police and schools."),
    Term("schools", "schools", "Schools, school districts and universities."),
    Term("private", "private", "Private persons, businesses and landlords."),
)

ANYONE: Final = "anyone"
"""Instead of one actor: all of them, a place by its strictest rule. No cell holds it."""

SUBJECT_TYPES: Final = _terms(
    Term("city", "city", "Any municipality: city, town, village, commune."),
    Term("county", "county", "A county or parish."),
    Term("state", "state", "A first-level part of a country: state, province, canton, Land."),
    Term("country", "country", "A country."),
    Term("supranational", "supranational", "A union of countries whose law binds its members."),
    Term("agency", "agency", "A public body bound alone: a department, force, port, carrier."),
    Term("school", "school", "A school, school district or university."),
    Term("vendor", "vendor", "A company that sells or offers the technology."),
    Term("company", "company", "A company that uses the technology."),
)

REACHES: Final = _terms(
    Term("own", "own bodies", "The deciding government's own bodies."),
    Term("below", "bodies below", "Bodies of the places inside it, not its own."),
    Term("all", "everyone there", "Its own bodies and all places inside it."),
)

STATUSES: Final = _terms(
    Term("proposed", "proposed", "Introduced, no outcome yet."),
    Term("adopted", "adopted", "Passed, signed or imposed."),
    Term("announced", "announced", "Declared by the one that binds itself."),
    Term("failed", "failed", "Voted down or returned."),
    Term("vetoed", "vetoed", "Vetoed, and the veto stood."),
    Term("pulled", "pulled", "Taken back by its sponsors."),
    Term("lapsed", "lapsed", "Ended with its session, undecided."),
    Term("unknown", "outcome unknown", "Introduced; what became of it was not found."),
)

STATES: Final = _terms(
    Term("not_yet", "not yet", "Not introduced on that day; not listed."),
    Term("proposed", "proposed", "Introduced, not decided."),
    Term("scheduled", "scheduled", "Decided, not begun."),
    Term("in_force", "in force", "In force for at least one actor, certainly."),
    Term("uncertain", "uncertain", "In force or not: the record cannot tell."),
    Term("expired", "expired", "Ended by its own terms."),
    Term("superseded", "superseded", "Ended by a later rule."),
    Term("failed", "failed", "Voted down or returned."),
    Term("vetoed", "vetoed", "Vetoed."),
    Term("pulled", "pulled", "Taken back by its sponsors."),
    Term("lapsed", "lapsed", "Ended with its session."),
    Term("unknown", "outcome unknown", "What became of it was not found."),
)

HELD_STATES: Final = frozenset({"in_force", "uncertain"})
"""Something is or may be in force."""

LIVE_STATES: Final = HELD_STATES | {"scheduled"}
"""Something is, may be or will be in force: what reports list unless asked for everything."""

CONFIDENCES: Final = _terms(
    Term("high", "high", "A primary source, or several independent ones, agree."),
    Term("medium", "medium", "Rests on good secondary sources."),
    Term("low", "low", "Not established that the act exists or says this."),
)

SOURCE_KINDS: Final = _terms(
    Term("law", "law", "The law's text, an official code or a bill's page."),
    Term("government", "government", "Another page of a public body."),
    Term("company", "company", "The company's own page."),
    Term("news", "news", "Journalism."),
    Term("advocacy", "advocacy", "An advocacy group or a law firm."),
    Term("research", "research", "Research or a data set."),
)

SEARCH_LEVELS: Final = _terms(
    Term("country", "country", "The law of a country."),
    Term("federal", "federal", "The law of a federation's own bodies."),
    Term("state", "state", "The law of a state or province."),
    Term("local", "local", "Counties, cities and towns."),
    Term("agency", "agency", "Single public bodies, schools among them."),
    Term("company", "company", "Vendors and companies."),
)

BINDING_STATUSES: Final = frozenset({"adopted", "announced"})
"""Only rows with these statuses can be in force (CODEBOOK, the meaning of a day)."""

OUTCOME_STATUSES: Final = ("failed", "vetoed", "pulled", "lapsed")
"""What became of a proposal that never bound anyone, as far as it was found."""

PROHIBITING_MEASURES: Final = frozenset({"ban", "moratorium", "withdrawal"})
"""What counts for ``prohibited_since`` when it is general."""

PLACE_TYPES: Final = ("city", "county", "state", "country", "supranational")
"""Governments of a territory: these need ``reach`` on every binding rule."""

LOCATED_TYPES: Final = ("city", "agency", "school")
"""Subjects drawn as a point: these need coordinates (federal agencies excepted)."""

PANEL_LEVELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "city": "local",
        "county": "local",
        "state": "state",
        "federal": "federal",
        "country": "country",
    }
)
"""Levels of a panel, and the level of ``searches.csv`` that covers each."""

PANEL_READINGS: Final = ("own", "all")
PANEL_CLOCKS: Final = ("effective", "decided")

PERIOD_MONTHS: Final[Mapping[str, int]] = MappingProxyType({"month": 1, "quarter": 3, "year": 12})
"""Months in a period of a panel."""


def scope_of(uses: str) -> str:
    """``general`` or ``narrow``, of a cell of ``uses``."""
    return "general" if uses == "any" else "narrow"
