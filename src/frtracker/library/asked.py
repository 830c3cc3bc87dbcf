"""What a call of the library asks about: its dates, codes, words and names, checked."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Final, TypeAlias, TypedDict

import pandas as pd

from frtracker.answers.documents import records
from frtracker.answers.status import Filters
from frtracker.dates import DayRange, parse_period
from frtracker.places.names import resolve
from frtracker.places.place import Place
from frtracker.places.subjects import market_codes, subjects_by_key
from frtracker.record.load import Tables
from frtracker.timeline import Market, Timeline, build
from frtracker.vocabulary import ACTORS, MEASURES, SUBJECT_TYPES
from frtracker.wording import not_one_of

_MARKETED: Final = frozenset({"vendor", "company"})

Day: TypeAlias = str | date
Words: TypeAlias = str | Iterable[str]


class Where(TypedDict, total=False):
    """Whose rules: ``subjects`` (names as people write them), ``subject_type`` (city, county,
    state, country, supranational, agency, school, vendor, company), ``country`` and ``region``
    (ISO 3166 codes or names). All by default."""

    subjects: Words
    subject_type: Words
    country: Words
    region: Words


class Filter(Where, total=False):
    """And which rules: ``measure`` (ban, moratorium, withdrawal, restriction, oversight, none),
    ``actor`` (police, government, schools, private). All by default."""

    measure: Words
    actor: Words


@dataclass(frozen=True)
class Asked:
    """The filters of a call, the places that ``subjects`` names, and what was known when."""

    tables: Tables
    filters: Filters
    places: tuple[Place, ...]
    known_on: date | None

    @cached_property
    def timeline(self) -> Timeline:
        return build(self.tables.policies, known_at=self.known_on)

    @cached_property
    def market(self) -> Market | None:
        """The one country or region asked about, None for none or several. Raises ``ValueError`` if
        several are asked about vendors or companies, whose rules differ from market to market."""
        markets, types = self.filters.markets, self.filters.subject_types
        if len(markets) < 2:
            return Market(markets[0]) if markets else None
        if not _MARKETED.isdisjoint(types) or any(place.is_vendor for place in self.places):
            raise ValueError("vendors and companies take one country or region at a time")
        return None

    @cached_property
    def in_market(self) -> Timeline:
        """The timeline in which a vendor's rules count if they apply in the country or region."""
        if not self.market:
            return self.timeline
        return build(self.tables.policies, known_at=self.known_on, market=self.market)

    @property
    def keys(self) -> frozenset[str]:
        """Subject keys of the places; '' for a place without an act, which selects no row."""
        return frozenset(place.key for place in self.places)

    def rules(self, *, every_measure: bool = False) -> pd.DataFrame:
        """Rows of policies.csv that match the filters; ``every_measure``: of any measure."""
        people, filters = subjects_by_key(self.tables.subjects), self.filters
        filters = replace(filters, keys=self.keys)
        if every_measure:
            filters = replace(filters, measures=frozenset())
        policies = self.tables.policies
        matches = [filters.admits_act(people[it["subject_key"]], it) for it in records(policies)]
        return policies[pd.Series(matches, policies.index, dtype=bool)]  # [] would select columns

    def limit(self, table: pd.DataFrame) -> pd.DataFrame:
        """The rows of a table of the timeline that match the filters. A position belongs to a
        subject, every other row to a rule."""
        if "policy_id" in table:
            kept = table["policy_id"].isin(self.rules()["policy_id"])
        else:  # the position may be of a measure that only one of the subject's rules has
            rules = self.rules(every_measure=True)
            if len(self.filters.markets) > 1:  # what counts differs from one to another
                rules = rules[~rules["subject_type"].isin(list(_MARKETED))]
            kept = table["subject_key"].isin(rules["subject_key"])
            kept &= table["measure"].isin([*(self.filters.measures or MEASURES)])
        if "actor" in table:
            kept &= table["actor"].isin(self.filters.for_actors)
        table = table[kept].reset_index(drop=True)
        blank = {str(n): it.where(it != "") for n, it in table.items() if it.dtype == "str"}
        return table.assign(**blank)


def asked(
    tables: Tables,
    known_at: Day | None = None,
    *,
    subjects: Words = (),
    subject_type: Words = (),
    country: Words = (),
    region: Words = (),
    measure: Words = (),
    actor: Words = (),
    everything: bool = False,
) -> Asked:
    """Check the filters of a call. Raises ``ValueError`` for an invalid date, code or word, and
    ``NameNotUnderstood`` for a name."""
    markets = market_codes(_several(country), _several(region))
    actors = words("actor", actor, ACTORS)
    measures = frozenset(words("measure", measure, MEASURES))
    filters = Filters(
        subject_types=frozenset(words("subject_type", subject_type, SUBJECT_TYPES)),
        markets=markets,
        measures=measures,
        for_actors=tuple(code for code in ACTORS if code in actors) or tuple(ACTORS),
        everything=everything or "none" in measures,
    )
    places = tuple(resolve(tables, name, markets=markets) for name in _several(subjects))
    return Asked(tables, filters, places, known_on(known_at))


def words(name: str, given: Words, allowed: Collection[str]) -> tuple[str, ...]:
    """One word or several; raises ``ValueError`` for one that is not allowed."""
    for word in (several := _several(given)):
        if word not in allowed:
            raise ValueError(f"{name} {not_one_of(word, allowed)}")
    return several


def _several(given: Words) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)


def days(given: Day) -> DayRange:
    """The days of a date, month or year. Raises ``ValueError`` if the date is invalid."""
    if isinstance(given, str):
        return parse_period(given)
    if not isinstance(given, date) or given != given:  # NaT is an instance of date
        raise ValueError(f"{given!r} is not a date: write '2021-06-30', '2021-06' or '2021'")
    day = given.date() if isinstance(given, datetime) else given
    return DayRange(day, day)


def known_on(known_at: Day | None) -> date | None:
    return None if known_at is None else days(known_at).high


def span(since: Day, until: Day) -> tuple[date, date]:
    """The first day of ``since`` and the last of ``until``, in order."""
    first, last = days(since).low, days(until).high
    if last < first:
        raise ValueError(f"since {first} is after until {last}")
    return first, last
