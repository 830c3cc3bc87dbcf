"""The closed vocabularies: every word that a cell may contain, and what it means.

Order is meaning: measures are listed from the strictest to the mildest, and every output lists,
ranks and draws them in this order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Term:
    """One allowed word: ``code`` as written in the tables, ``label`` as printed (by default the
    code in plain words). A measure is drawn in its ``colour``, on a dark page in ``dark_colour``
    (by default the same), with its ``letter``."""

    code: str
    definition: str
    colour: str = ""
    letter: str = ""
    dark_colour: str = ""
    label: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "label", self.label or self.code.replace("_", " "))
        object.__setattr__(self, "dark_colour", self.dark_colour or self.colour)


Vocabulary = Mapping[str, Term]


def _terms(*terms: Term) -> Vocabulary:
    return MappingProxyType({term.code: term for term in terms})


MEASURES: Final = _terms(
    Term("ban", "Use is prohibited, with no end set.", "#641034", "B", "#ffe9c9"),
    Term("moratorium", "Use is prohibited until a date or a condition.", "#a12247", "M", "#f7bd86"),
    Term(
        "withdrawal",
        "A vendor, company or agency has stopped by its own decision, with no end set.",
        "#d5544e",
        "W",
        "#e78a62",
    ),
    Term("restriction", "Use is allowed only on conditions.", "#e58c5a", "R", "#cb5f5b"),
    Term("oversight", "Use requires prior approval or reporting.", "#efc283", "O", "#94374f"),
    Term(
        "none", "Lifts what it supersedes and puts nothing in its place.", "#e6e4de", "", "#343735"
    ),
)

SCOPES: Final = _terms(
    Term("general", "The rule covers every use (`uses` is `any`)."),
    Term("narrow", "The rule covers only the kinds of use it names."),
)

USES: Final = _terms(
    Term("any", "Every use of face recognition.", label="any use"),
    Term("live", "Recognition of passers-by in real time.", label="live recognition"),
    Term("body_camera", "Recognition on or with police body cameras.", label="body cameras"),
    Term("drone", "Recognition on or with drones.", label="drones"),
    Term("cctv", "Recognition in networks of fixed cameras.", label="camera networks"),
    Term("one_product", "One named product only."),
    Term("one_system", "One named installation, project or program only."),
    Term("retail", "Shops and other businesses open to the public.", label="shops"),
    Term("housing", "Housing."),
    Term("workplace", "Hiring and work.", label="workplaces"),
    Term(
        "scraping",
        "Building face databases from images scraped from the internet or cameras.",
        label="scraping of faces",
    ),
    Term(
        "licence_photos",
        "Driver's license and ID photographs: issuing and searching them.",
        label="license photographs",
    ),
    Term("pupils", "Recognizing students: attendance, meals, exams."),
    Term("immigration", "Searches for immigration enforcement.", label="immigration enforcement"),
    Term("casinos", "Casinos."),
    Term("traffic_cameras", "Speed, red-light, toll and plate cameras."),
    Term("identity_checks", "Proving who someone is: accounts, airports, borders."),
    Term("recordings", "Searches of recorded images after the event.", label="recorded images"),
    Term("other", "Another limited kind of use, described in the summary.", label="other uses"),
)

ACTORS: Final = _terms(
    Term("police", "Police and other law enforcement bodies."),
    Term("government", "Public bodies other than police and schools.", label="other agencies"),
    Term("schools", "Schools, school districts and universities."),
    Term("private", "Private persons, businesses and landlords.", label="private users"),
)

ANYONE: Final = "anyone"
"""Instead of one actor: all of them, a place by its strictest rule. No cell contains it."""

SUBJECT_TYPES: Final = _terms(
    Term("city", "Any municipality: city, town, village, commune."),
    Term("county", "A county or parish."),
    Term("state", "A first-level part of a country: state, province, canton, Land."),
    Term("country", "A country."),
    Term(
        "supranational",
        "A union of countries whose law applies in its members.",
        label="union of countries",
    ),
    Term("agency", "A public body with rules of its own: a department, force, port, carrier."),
    Term("school", "A school, school district or university."),
    Term("vendor", "A company that sells or offers the technology."),
    Term("company", "A company that uses the technology."),
)

MARKETED: Final = frozenset({"vendor", "company"})
"""Subjects that are no places."""

REACHES: Final = _terms(
    Term("own", "The deciding government's own agencies.", label="own agencies"),
    Term("below", "Local agencies inside it, not its own.", label="agencies below"),
    Term("all", "Its own agencies and those of all places inside it.", label="everyone there"),
)

STATUSES: Final = _terms(
    Term("proposed", "Introduced, no outcome yet."),
    Term("adopted", "Passed, signed or imposed."),
    Term("announced", "Declared by the one that it applies to."),
    Term("failed", "Voted down or returned."),
    Term("vetoed", "Vetoed, and the veto was not overridden."),
    Term("pulled", "Taken back by its sponsors."),
    Term("lapsed", "Ended with its session, undecided."),
    Term("unknown", "Introduced; what became of it was not found.", label="outcome unknown"),
)

STATES: Final = _terms(
    Term("not_yet", "Not introduced on that day; not listed."),
    Term("proposed", "Introduced, not decided."),
    Term("scheduled", "Decided, not begun."),
    Term("in_force", "In force for at least one actor, certainly."),
    Term("uncertain", "In force or not: the record leaves it open."),
    Term("expired", "Ended by its own terms."),
    Term("superseded", "Ended by a later rule.", label="replaced"),
    Term("failed", "Voted down or returned."),
    Term("vetoed", "Vetoed."),
    Term("pulled", "Taken back by its sponsors."),
    Term("lapsed", "Ended with its session."),
    Term("unknown", "What became of it was not found.", label="outcome unknown"),
)

HELD_STATES: Final = frozenset({"in_force", "uncertain"})
"""Something is or may be in force."""

LIVE_STATES: Final = HELD_STATES | {"scheduled"}
"""Something is, may be or will be in force: what reports list unless asked for everything."""

CONFIDENCES: Final = _terms(
    Term("high", "A primary source, or several independent ones, agree."),
    Term("medium", "Rests on good secondary sources."),
    Term("low", "Not established that the act exists or says this."),
)

SOURCE_KINDS: Final = _terms(
    Term("law", "The law's text, an official code or a bill's page."),
    Term("government", "Another page of a public body."),
    Term("company", "The company's own page."),
    Term("news", "Journalism."),
    Term("advocacy", "An advocacy group or a law firm."),
    Term("research", "Research or a data set."),
)

SEARCH_LEVELS: Final = _terms(
    Term("country", "The law of a country."),
    Term("federal", "The law of a federation's own bodies."),
    Term("state", "The law of a state or province."),
    Term("local", "Counties, cities and towns."),
    Term("agency", "Single public bodies, schools among them."),
    Term("company", "Vendors and companies."),
)

LEVELS_OF: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "city": ("local",),
        "county": ("local",),
        "state": ("state",),
        "country": ("country", "federal"),
        "agency": ("agency",),
        "school": ("agency",),
        "vendor": ("company",),
        "company": ("company",),
    }
)
"""The levels of ``searches.csv`` and ``coverage.csv`` at which the acts of such a subject are."""

MEASURE_CLASSES: Final = _terms(
    Term("bans", "Bans, moratoriums and withdrawals.", label="bans and moratoriums"),
    Term("limits", "Restrictions and oversight.", label="restrictions and oversight"),
    Term("bills", "Proposals that failed or are pending."),
)

COMPLETENESS: Final = _terms(
    Term("yes", "Every act of the class that the lists name is on record or left out by name."),
    Term("selection", "Acts that were found; there may be others."),
)

PROVISION_GROUPS: Final[Mapping[str, Vocabulary]] = MappingProxyType(
    {
        "What it covers": _terms(
            Term(
                "acquisition",
                "Buying, getting or keeping the technology is forbidden or limited too, not only"
                " using it.",
                label="getting or keeping it",
            ),
            Term(
                "contracts",
                "It covers agreements under which others use it, or let it be used.",
                label="contracts with others",
            ),
            Term("asking_others", "Asking others to use it, or for its results, is limited."),
            Term("using_results", "Using results that others got with it is limited."),
        ),
        "What it allows": _terms(
            Term(
                "unasked_receipt",
                "Receiving results that nobody asked for is no breach.",
                label="results not asked for",
            ),
            Term(
                "own_devices",
                "Signing in to a device or an account with one's own face.",
                label="unlocking devices",
            ),
            Term(
                "redaction",
                "Hiding faces before a recording is released.",
                label="hiding faces in recordings",
            ),
            Term("missing_persons", "Finding or identifying missing, abducted or dead people."),
            Term("child_abuse", "Cases of sexual abuse or exploitation of children."),
            Term(
                "federal_partners",
                "Use that federal law requires or federal bodies run, or that of an airport.",
                label="federal bodies and airports",
            ),
            Term(
                "court_order",
                "Use with a warrant or an order of a court.",
                label="with a warrant",
            ),
            Term(
                "emergency",
                "A danger to life, terrorism or another emergency.",
                label="emergencies",
            ),
        ),
        "Who must answer for it": _terms(
            Term(
                "legislative_approval",
                "A council or legislature has to approve a use, or can lift the ban.",
                label="approval by the council or legislature",
            ),
            Term(
                "agency_policy",
                "Who uses it has to have a written policy for it.",
                label="written policy",
            ),
            Term(
                "notice_or_consent",
                "People have to get notice, or to agree, before or when their faces are read.",
            ),
            Term(
                "public_report",
                "Uses or breaches have to be reported to the public or to an authority.",
                label="reports",
            ),
            Term(
                "audit",
                "Somebody has to test its accuracy, or to check that the rules are kept.",
                label="audits and tests",
            ),
            Term("logging", "Each use or each receipt of results has to be recorded."),
            Term(
                "deletion",
                "Data or results have to be deleted: what a breach yields, or all after a time.",
                label="deletion of data",
            ),
        ),
        "How it is enforced": _terms(
            Term(
                "private_right_of_action",
                "A person who is harmed, or anyone, can go to court.",
                label="people can sue",
            ),
            Term("damages", "A court can award money to who was harmed."),
            Term("legal_fees", "Who wins in court gets lawyers' fees paid."),
            Term(
                "notice_before_suit",
                "Who wants to sue has to give notice first, and time to put it right.",
            ),
            Term(
                "evidence_excluded",
                "What a breach yields may not be used as evidence.",
            ),
            Term(
                "not_sole_basis",
                "A match alone is not enough, for a search, an arrest or another decision.",
                label="match alone not enough",
            ),
            Term("discipline", "Employees who break it are disciplined."),
            Term("fine_or_crime", "Breaking it is an offense, or is fined."),
        ),
        "How it ends": _terms(
            Term("sunset", "The text itself names its end: a date or a condition."),
            Term("review", "Somebody has to examine by a date whether the rule is still right."),
        ),
    }
)
"""What the text of an act may say, by what it is about, see ``provisions.csv``."""

PROVISIONS: Final[Vocabulary] = MappingProxyType(
    {code: term for terms in PROVISION_GROUPS.values() for code, term in terms.items()}
)

PROVISION_VALUES: Final = _terms(
    Term("yes", "The text says so, of all that the rule covers."),
    Term("partly", "The text says so of some cases, bodies or uses only: which, says the note."),
    Term("no", "The text itself says that it is not so."),
    Term("silent", "The whole text was read and does not speak of it."),
    Term("unclear", "The text speaks of it, and can be read both ways."),
)
"""Without a line in ``provisions.csv`` nobody has coded it, which is never "no"."""

CLAIMED: Final = (*MEASURES, "prohibited", "no_ban")
"""What a claim may say of a rule: a measure, any that prohibits, none, or no such one."""

VERDICTS: Final = _terms(
    Term("supported", "The record says so, of every day and actor that the claim is about."),
    Term(
        "partly",
        "The record says so of some of its days, actors, bodies or uses, or a like measure.",
    ),
    Term("contradicted", "The record says otherwise."),
    Term("cannot_say", "The record leaves it open, or the claim can mean several things."),
    Term("not_on_record", "The record has no act of the place for the actor: not “no ban”."),
    Term("not_checked", "The claim could not be read."),
)
"""What the record says of a claim."""

BINDING_STATUSES: Final = frozenset({"adopted", "announced"})
"""Only rows with these statuses can be in force (CODEBOOK, the meaning of a day)."""

OUTCOME_STATUSES: Final = ("failed", "vetoed", "pulled", "lapsed")
"""The outcome of a proposal that never took effect, as far as it is known."""

PROHIBITING_MEASURES: Final = frozenset({"ban", "moratorium", "withdrawal"})
"""What counts for ``prohibited_since`` when it is general."""

PLACE_TYPES: Final = ("city", "county", "state", "country", "supranational")
"""Governments of a territory: these need ``reach`` on every adopted or announced rule."""

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
