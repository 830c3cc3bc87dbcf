"""The meaning of a day, slow and obvious: every possible world is written out and looked at.

Written from the design's sentences alone, as a second opinion on ``frtracker.timeline``; it shares
no code with it. "Enumerate the possible worlds (each doubtful date on each of its days, each
low-confidence act there or not); what holds in all of them is certain."

A *row* is a mapping with the columns of ``policies.csv`` (what it leaves out is as in
``tables.USUAL``). A *world* gives every rule of one subject and actor its days, or its absence.
Days are ordinals inside, :class:`datetime.date` outside. More than 12 doubtful rules for one
subject and actor are out of scope.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product

from frtracker.dates import parse
from frtracker.vocabulary import BINDING_STATUSES, MEASURES, PROHIBITING_MEASURES
from tables import USUAL

Row = Mapping[str, str]
Span = tuple[int, int]
Position = tuple[str, str]  # measure, scope
NOTHING: Position = ("none", "")
FIRST_DAY = date.min.toordinal()


@dataclass(frozen=True)
class Answer:
    """What is to be said of one subject and actor on one day."""

    measure: str | None  # None: no row names the actor yet
    scope: str | None = None
    certain: bool = True
    at_least: Position | None = None
    since: tuple[date, date] | None = None
    until: tuple[date, date] | None = None
    prohibited_since: tuple[date, date] | None = None
    policy_ids: frozenset[str] = frozenset()
    lifted: bool = False


@dataclass(frozen=True)
class Placed:
    """One rule in one world: the days that this world gives it."""

    row: Row
    start: int
    expiry: int | None


World = tuple[Placed, ...]


def complete(rows: Iterable[Row]) -> list[Row]:
    """The rows with all that a test left out, as ``tables.policies`` fills them in."""
    return [USUAL | {"policy_id": f"act-{n}"} | dict(row) for n, row in enumerate(rows)]


# --- What a single row says -------------------------------------------------------------------


def words(row: Row, column: str) -> list[str]:
    """A cell that lists several values separates them by ``;``."""
    return [word for word in row.get(column, "").split(";") if word]


def span(row: Row, column: str) -> Span | None:
    """A date is "kept as precise as its source": its first and its last possible day."""
    text = row.get(column, "")
    if not text:
        return None
    days = parse(text)
    return days.low.toordinal(), days.high.toordinal()


def start_span(row: Row) -> Span | None:
    """The days on which the rule may start.

    "Start = ``effective_on``; if empty, ``decided_on``." "Decision <= start in every world; only
    an ``effective_on`` that ends before ``decided_on`` begins is retroactive and stands."
    """
    decided, effective = span(row, "decided_on"), span(row, "effective_on")
    if effective is None:
        return decided
    if decided is None or effective[1] < decided[0]:
        return effective
    return max(effective[0], decided[0]), effective[1]


def decision_span(row: Row) -> Span | None:
    """The days on which the row may have been decided.

    "With no ``decided_on``, known from its start"; and since the decision is never after the
    start, a day after the last possible start is no possible day of decision.
    """
    decided, start = span(row, "decided_on"), start_span(row)
    if decided is None:
        return start
    if start is None or start[1] < decided[0]:
        return decided
    return decided[0], min(decided[1], start[1])


def scope_of(row: Row) -> str:
    """As designed, "*scope* is derived: general = ``any``, else narrow"."""
    return "general" if row["uses"] == "any" else "narrow"


def decided_after(row: Row, known_at: int | None) -> bool:
    """Decided certainly after known-at: "a row decided later does not exist yet"."""
    decision = decision_span(row)
    return known_at is not None and decision is not None and decision[0] > known_at


def may_be_missing(row: Row, known_at: int | None) -> bool:
    """The rule exists in some worlds only.

    "Each low-confidence act there or not", and "known-at inside a partial ``decided_on``:
    uncertain".
    """
    decision = decision_span(row)
    undecided = known_at is not None and decision is not None and decision[1] > known_at
    return row["confidence"] == "low" or undecided


def dated_from(row: Row, column: str) -> int | None:
    """The first possible day of a date; of ``[..B]``, which has none, B."""
    days = span(row, column)
    return days and (days[1] if days[0] == FIRST_DAY else days[0])


def listed_from(row: Row, known_at: int | None) -> int | None:
    """The first day on which the row makes the position ``none`` at least; None = never.

    "``null`` = no row names the actor, or all that do are ``not_yet``": a row is listed from the
    first possible day of its earliest date. Under known-at "a row decided later does not exist
    yet, or is at most ``proposed`` if introduced". Where the design is silent: an introduction or
    decision "on B at the latest" has no first day, and lists the row from B; a row without a
    day is listed, and known, from its review.
    """
    introduced, decided = dated_from(row, "introduced_on"), dated_from(row, "decided_on")
    if decided_after(row, known_at) or (introduced and decision_span(row) is None):
        unknown = known_at is not None and introduced is not None and introduced > known_at
        return None if unknown else introduced
    start = start_span(row) if row["status"] in BINDING_STATUSES else None
    found = [day for day in (introduced, decided, start[0] if start else None) if day]
    if found:
        return min(found)
    reviewed = span(row, "reviewed_on")
    if reviewed and (known_at is None or reviewed[0] <= known_at):
        return reviewed[0]
    return None


def counts(row: Row, market: str | None) -> bool:
    """Whether the rule may make the position.

    "For a vendor only a rule with empty ``territory``, or one that names its whole home country,
    makes the position." Asked about a market, "every rule counts whose territory is empty or
    covers it".
    """
    territory = words(row, "territory")
    if row["subject_type"] != "vendor" or not territory:
        return True
    if market is None:
        return row["country"] in territory
    return market in territory or market.split("-")[0] in territory


# --- Possible worlds --------------------------------------------------------------------------


def days_of(possible: Span, floor: int) -> list[int]:
    """Each day of a doubtful date.

    ``[..B]`` begins with the calendar. Of the days before ``floor``, where nothing else is
    recorded, only the order matters: a few at either end stand for all of them.
    """
    low, high = possible
    if low >= floor - 4:
        return list(range(low, high + 1))
    return [*range(low, min(low + 4, high + 1)), *range(max(low + 4, floor - 4), high + 1)]


def floor_of(rows: Sequence[Row], days: Sequence[int]) -> int:
    """The first day before which nothing is recorded but the open beginning of a ``[..B]``."""
    columns = ("decided_on", "effective_on", "expires_on")
    spans = [span(row, column) for row in rows for column in columns]
    ends = [end for found in spans if found for end in found if end > FIRST_DAY]
    return min([*ends, *days])


def rules_of(rows: Sequence[Row], subject_key: str, actor: str, known_at: int | None) -> list[Row]:
    """The rows that can be in force for the actor.

    "Only adopted and announced rows can be in force"; ``applies_to`` names the actors.
    """
    return [
        row
        for row in rows
        if row["subject_key"] == subject_key
        and actor in words(row, "applies_to")
        and row["status"] in BINDING_STATUSES
        and not decided_after(row, known_at)
    ]


def worlds(rules: Sequence[Row], known_at: int | None, floor: int) -> Iterator[World]:
    """Every world: "unknown days belong to rows and are independent"."""
    choices: list[list[Placed | None]] = []
    for row in rules:
        start, expiry = start_span(row), span(row, "expires_on")
        if start is None:
            raise ValueError(f"{row['policy_id']}: neither decided_on nor effective_on")
        ends: list[int | None] = list(days_of(expiry, floor)) if expiry else [None]
        places: list[Placed | None] = [
            Placed(row, day, end) for day in days_of(start, floor) for end in ends
        ]
        choices.append([None, *places] if may_be_missing(row, known_at) else places)
    for world in product(*choices):
        yield tuple(placed for placed in world if placed)


# --- One world --------------------------------------------------------------------------------


def superseding(world: World, placed: Placed) -> list[Placed]:
    """The rules of this world that supersede ``placed``; all of them name the same actor.

    "``supersedes``: rows that end **for the actors named in this row**".
    """
    return [other for other in world if placed.row["policy_id"] in words(other.row, "supersedes")]


def begins(world: World, placed: Placed) -> bool:
    """Whether it begins: "lifted by a ``none`` row on or before its own start", it never does.

    A ``none`` row that is itself lifted on or before its start does not begin and lifts nothing.
    """
    return not any(
        other.row["measure"] == "none" and other.start <= placed.start and begins(world, other)
        for other in superseding(world, placed)
    )


def end_of(world: World, placed: Placed) -> int | None:
    """The end, "the earliest of ``expires_on`` and the start of a row that supersedes it".

    What never begins "ends nothing"; a successor that is itself over ends it all the same.
    """
    ends = [other.start for other in superseding(world, placed) if begins(world, other)]
    if placed.expiry is not None:
        ends.append(placed.expiry)
    return min(ends) if ends else None


@dataclass(frozen=True)
class Stretch:
    """Days of one world on which the same rules hold: from ``start`` to the next stretch."""

    start: int
    holding: frozenset[str]
    position: Position
    repealed: bool = False  # a repeal ended a rule on ``start``


def stretches(world: World, market: str | None) -> list[Stretch]:
    """The world's whole history, oldest first, beginning before all time.

    Half-open: a rule holds where ``start <= day`` and its end, if any, is later. "Position = the
    highest-ranked rule in force".
    """
    lives = [(p, p.start, end_of(world, p)) for p in world if begins(world, p)]
    repeals = {
        end
        for p, start, end in lives
        for other in superseding(world, p)
        if other.row["measure"] == "none" and begins(world, other) and start < other.start == end
        if p.row["measure"] != "none" and counts(p.row, market)
    }
    changes = sorted({day for _, start, end in lives for day in (start, end) if day is not None})
    history = []
    for day in [FIRST_DAY - 1, *changes]:
        rows = [p.row for p, start, end in lives if start <= day and (end is None or day < end)]
        holding = frozenset(row["policy_id"] for row in rows)
        history.append(Stretch(day, holding, highest(rows, market), day in repeals))
    return history


def rank(position: Position) -> tuple[bool, int]:
    """The order: "scope first (general before narrow), then ban > moratorium > …"; none is last."""
    measure, scope = position
    return scope != "general", list(MEASURES).index(measure)


def made_by(row: Row) -> Position:
    """The position that the rule makes alone; a ``none`` row "puts nothing in its place"."""
    return NOTHING if row["measure"] == "none" else (row["measure"], scope_of(row))


def highest(rows: Iterable[Row], market: str | None) -> Position:
    """The position that these rules make together."""
    return min((made_by(row) for row in rows if counts(row, market)), key=rank, default=NOTHING)


def index_on(history: Sequence[Stretch], day: int) -> int:
    """The stretch that the day lies in."""
    return bisect_right([stretch.start for stretch in history], day) - 1


def run(history: Sequence[Stretch], day: int, of: frozenset[Position]) -> tuple[int, int | None]:
    """The unbroken run of days around ``day`` whose position is one of ``of``: [since, until)."""
    first = last = index_on(history, day)
    while first > 0 and history[first - 1].position in of:
        first -= 1
    while last + 1 < len(history) and history[last + 1].position in of:
        last += 1
    until = history[last + 1].start if last + 1 < len(history) else None
    return history[first].start, until


# --- All worlds together ----------------------------------------------------------------------

PROHIBITED = frozenset((measure, "general") for measure in PROHIBITING_MEASURES)


def dates(low: int, high: int) -> tuple[date, date]:
    return date.fromordinal(low), date.fromordinal(high)


def answers(
    rows: Iterable[Row],
    subject_key: str,
    actor: str,
    days: Sequence[date],
    known_at: date | None = None,
    market: str | None = None,
) -> dict[date, Answer]:
    """The position of one subject and actor on each of ``days``."""
    table = complete(rows)
    known = known_at.toordinal() if known_at else None
    named = [
        row
        for row in table
        if row["subject_key"] == subject_key and actor in words(row, "applies_to")
    ]
    listed = [day for row in named if (day := listed_from(row, known)) is not None]
    rules = rules_of(table, subject_key, actor, known)
    ordinals = [day.toordinal() for day in days]
    every = list(worlds(rules, known, floor_of(rules, ordinals)))
    histories = [stretches(world, market) for world in every]
    by_id = {row["policy_id"]: row for row in rules}
    found = {}
    for day, ordinal in zip(days, ordinals, strict=True):
        if not listed or ordinal < min(listed):
            found[day] = Answer(None)
        else:
            found[day] = on_day(ordinal, histories, by_id, market)
    return found


def answer(
    rows: Iterable[Row],
    subject_key: str,
    actor: str,
    day: date,
    known_at: date | None = None,
    market: str | None = None,
) -> Answer:
    """The position of one subject and actor on one day."""
    return answers(rows, subject_key, actor, [day], known_at, market)[day]


def on_day(
    day: int,
    histories: Sequence[Sequence[Stretch]],
    by_id: Mapping[str, Row],
    market: str | None,
) -> Answer:
    """The day in all worlds: "what holds in all of them is certain".

    "When uncertain: the highest-ranked of the possible positions, ``at_least`` = the
    lowest-ranked (null if none is possible)".
    """
    today = [history[index_on(history, day)] for history in histories]
    possible = sorted({stretch.position for stretch in today}, key=rank)
    best, least = possible[0], possible[-1]
    certain = len(possible) == 1
    held = certain and best != NOTHING
    since, until = around(histories, day, frozenset({best})) if held else (None, None)
    prohibited = all(stretch.position in PROHIBITED for stretch in today)
    makers = frozenset(
        policy_id
        for stretch in today
        if stretch.position == best
        for policy_id in stretch.holding
        if made_by(by_id[policy_id]) == best and counts(by_id[policy_id], market)
    )
    return Answer(
        measure=best[0],
        scope=best[1] or None,
        certain=certain,
        at_least=None if certain or least == NOTHING else least,
        since=since,
        until=until,
        prohibited_since=around(histories, day, PROHIBITED)[0] if prohibited else None,
        policy_ids=makers,
        lifted=lifted(histories, day, makers) if best == NOTHING else False,
    )


def around(
    histories: Sequence[Sequence[Stretch]], day: int, of: frozenset[Position]
) -> tuple[tuple[date, date], tuple[date, date] | None]:
    """The run in all worlds: "``since`` = start of the unbroken run (``[A..B]`` where in doubt);
    ``until`` = the first day the run no longer holds, null if open".

    It is open as soon as one world leaves it open.
    """
    runs = [run(history, day, of) for history in histories]
    sinces = [since for since, _ in runs]
    untils = [until for _, until in runs if until is not None]
    ended = len(untils) == len(runs)
    return (
        dates(min(sinces), max(sinces)),
        dates(min(untils), max(untils)) if ended else None,
    )


def lifted(histories: Sequence[Sequence[Stretch]], day: int, repeals: frozenset[str]) -> bool:
    """Whether "a repeal ended what was certainly in force for that actor, and for no other reason":
    a ``none`` row holds in some world, and in every world the run of none began with a repeal."""
    runs_of_none = [run(history, day, frozenset({NOTHING}))[0] for history in histories]
    return bool(repeals) and all(
        history[index_on(history, since)].repealed
        for history, since in zip(histories, runs_of_none, strict=True)
    )


def in_force(
    rows: Iterable[Row],
    subject_key: str,
    actor: str,
    days: Sequence[date],
    known_at: date | None = None,
) -> dict[str, dict[date, str]]:
    """Each rule of the subject and actor on each day: in force in all, some or no worlds."""
    known = known_at.toordinal() if known_at else None
    rules = rules_of(complete(rows), subject_key, actor, known)
    ordinals = [day.toordinal() for day in days]
    floor = floor_of(rules, ordinals)
    histories = [stretches(world, None) for world in worlds(rules, known, floor)]
    found: dict[str, dict[date, str]] = {row["policy_id"]: {} for row in rules}
    for day, ordinal in zip(days, ordinals, strict=True):
        today = [history[index_on(history, ordinal)].holding for history in histories]
        for policy_id, by_day in found.items():
            there = [policy_id in holding for holding in today]
            by_day[day] = "all" if all(there) else "some" if any(there) else "no"
    return found


Happening = tuple[date, date, bool, set[str]]


def happenings(
    rows: Iterable[Row], subject_key: str, actor: str, known_at: date | None = None
) -> dict[tuple[str, str, str], Happening]:
    """When each rule of the subject and actor begins and ends: (kind, policy_id, actor) → between
    which days over the worlds in which it does, whether it does in all of them, and by what.

    Only what is in force on a day begins or ends. What ends a rule: the rules that begin on that
    day in its place, and its own terms ('') where none of them does.
    """
    known = known_at.toordinal() if known_at else None
    rules = rules_of(complete(rows), subject_key, actor, known)
    every = list(worlds(rules, known, floor_of(rules, [date(2021, 1, 1).toordinal()])))
    days: dict[tuple[str, str, str], list[int]] = {}
    causes: dict[str, set[str]] = {}
    for world in every:
        for placed in world:
            end = end_of(world, placed)
            if not begins(world, placed) or (end is not None and end <= placed.start):
                continue
            name = placed.row["policy_id"]
            days.setdefault(("began", name, actor), []).append(placed.start)
            if end is not None:
                days.setdefault(("ended", name, actor), []).append(end)
                heirs = superseding(world, placed)
                by = {o.row["policy_id"] for o in heirs if o.start == end and begins(world, o)}
                causes.setdefault(name, set()).update(by or {""})
    return {
        key: (*dates(min(found), max(found)), len(found) == len(every),
              causes[key[1]] if key[0] == "ended" else set())
        for key, found in days.items()
    }  # fmt: skip


def undecided(row: Row, days: Sequence[date]) -> dict[date, set[str]]:
    """The states, in all worlds, of a row that binds nobody: "``proposed`` (until ... decided)".

    Only for a row whose introduction and outcome have a day; decided on or after it.
    """
    introduced, decided = span(row, "introduced_on"), span(row, "decided_on")
    assert introduced
    assert decided
    outcomes = [
        (first, last)
        for first in range(introduced[0], introduced[1] + 1)
        for last in range(decided[0], decided[1] + 1)
        if first <= last
    ]
    return {
        day: {
            "not_yet" if day.toordinal() < first else "proposed" if day.toordinal() < last
            else row["status"]
            for first, last in outcomes
        }
        for day in days
    }  # fmt: skip
