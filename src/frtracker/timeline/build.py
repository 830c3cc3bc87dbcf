"""Rules → periods → positions: the timeline, from which every output reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import islice
from typing import Final

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from frtracker.timeline.days import OPEN, Days, Flags, Index, horizon, recorded_days, to_days
from frtracker.timeline.outlook import RUN_COLUMNS, STRETCH_COLUMNS, Outlook, study
from frtracker.timeline.rules import ACTOR_CODES, RANKED, Market, Rules, read_rules
from frtracker.timeline.worlds import LIFE_COLUMNS, MAX_BIT, cut_pairs

_BLOCK: Final = 8_000  # pairs whose worlds are looked at before they are put into columns
_STRETCH: Final = {name: place for place, name in enumerate(STRETCH_COLUMNS)}


@dataclass(frozen=True)
class Lives:
    """When every rule begins, ends and is over: arrays in the order of ``rules``.

    ``table``: int64, (rules, :data:`frtracker.timeline.worlds.LIFE_COLUMNS`). ``ended``, ``cause``,
    of another length: "this rule may be ended by that one". ``held``: the periods, int64,
    (periods, 4): rule, first day, first day after, whether certain.
    """

    table: Days
    ended: Index
    cause: Index
    held: Days

    def column(self, name: str) -> Days:
        """Return one of :data:`frtracker.timeline.worlds.LIFE_COLUMNS`."""
        return self.table[:, LIFE_COLUMNS.index(name)]


@dataclass(frozen=True)
class Timeline:
    """What held, for whom, in which days, as known on ``known_at`` and asked of ``market``.

    Four tables, described column by column in :mod:`frtracker.timeline.columns`: ``positions``
    (subject × actor), ``periods`` (rule × actor), ``states`` (rule) and ``events``. A day is in a
    row when ``valid_from <= d`` and (``valid_to`` is NaT or
    ``d < valid_to``). A pair without a position: no act
    is recorded for that actor on that day. ``states`` and ``events`` are made when first read.

    ``policies``: the rows as a reader on ``known_at`` knows them. ``rules``, ``lives``: what the
    four tables are made of, read once for all that is asked of it.
    """

    policies: pd.DataFrame
    rules: Rules
    lives: Lives
    positions: pd.DataFrame
    periods: pd.DataFrame
    known_at: date | None = None
    market: Market | None = None

    @cached_property
    def states(self) -> pd.DataFrame:
        """The state of each row in its stretches of days, from the first day there is."""
        from frtracker.timeline.states import states

        return states(self)

    @cached_property
    def events(self) -> pd.DataFrame:
        """What was introduced and decided, what began and ended, in order."""
        from frtracker.timeline.events import events

        return events(self)


def build(
    policies: pd.DataFrame,
    *,
    known_at: date | None = None,
    market: Market | None = None,
    counts: Flags | None = None,
) -> Timeline:
    """Make the timeline of the typed ``policies`` table (see :mod:`frtracker.record.load`).

    ``known_at``: answer as a careful reader of the world on that day. ``market``: count the rules
    that hold in that country or part of one, instead of those that hold at the subject's home.
    ``counts``: which rows may make a position (bool, by position), instead of ``market``; the
    others still end what they supersede.
    """
    policies = policies.reset_index(drop=True)
    rules = read_rules(policies, known_at=horizon(known_at), market=market, counts=counts)
    found = _joined_blocks(list(_blocks(rules)))
    lives = np.zeros((len(rules), len(LIFE_COLUMNS)), dtype=np.int64)
    lives[found.of_rule] = found.lives
    place = pd.Series(rules.predecessor).groupby(rules.predecessor).cumcount().to_numpy()
    causes = lives[rules.predecessor, LIFE_COLUMNS.index("causes")]
    may_end = (causes >> np.minimum(place, MAX_BIT) & 1).astype(bool)
    held = found.held[np.lexsort((found.held[:, 1], found.held[:, 0]))]
    return Timeline(
        policies=_as_known(policies, rules, horizon(known_at)),
        rules=rules,
        lives=Lives(lives, rules.predecessor[may_end], rules.successor[may_end], held),
        positions=_positions(policies, rules, found),
        periods=_periods(policies, rules, held),
        known_at=known_at,
        market=market,
    )


@dataclass(frozen=True)
class _Block:
    """What the worlds say of some pairs, in columns (int64).

    ``rows``: (rows, 3): pair, first day, first day after; ``stretches``: of each row; ``makers``:
    (n, 2): rule, the row that it makes. ``of_rule``, ``lives``: rule, its life;
    ``held``: see :class:`Lives`.
    """

    rows: Days
    stretches: Days
    makers: Index
    of_rule: Index
    lives: Days
    held: Days


def _blocks(rules: Rules) -> Iterator[_Block]:
    """Study every pair, in blocks so that not all that is found is held piece by piece."""
    listed_from = rules.pairs.listed_from.tolist()
    unruled = np.ones(len(rules.pairs), dtype=bool)
    unruled[rules.pair] = False
    bare = np.flatnonzero(unruled & (rules.pairs.listed_from < OPEN))
    yield _block(rules, [], bare)  # in their one world nothing holds

    pairs = cut_pairs(rules)
    while block := list(islice(pairs, _BLOCK)):
        asked = [(pair, listed_from[number]) for number, _, pair in block]
        distinct = list(dict.fromkeys(asked))  # an act for several actors is studied once
        outlooks = dict(zip(distinct, study(distinct), strict=True))
        studied = [
            (n, members, outlooks[it]) for (n, members, _), it in zip(block, asked, strict=True)
        ]
        yield _block(rules, studied, bare[:0])


def _block(rules: Rules, studied: Sequence[tuple[int, Index, Outlook]], bare: Index) -> _Block:
    none = np.zeros(0, dtype=np.int64)
    numbers = np.array([number for number, _, _ in studied], dtype=np.int64)
    days = [outlook.days for _, _, outlook in studied]
    counts = np.array([len(each) for each in days], dtype=np.int64)
    start = np.concatenate([none, *days])
    pair = np.repeat(numbers, counts)
    firsts = np.cumsum(counts) - counts
    end = np.append(start[1:], OPEN)
    end[np.cumsum(counts) - 1] = OPEN
    stretches = _stacked([o.stretches for _, _, o in studied], len(STRETCH_COLUMNS))

    # Every rule on every day of its pair, rule by rule: how surely it is in force.
    of_rule = np.concatenate([none, *(members for _, members, _ in studied)])
    sizes = np.array([len(members) for _, members, _ in studied], dtype=np.int64)
    width = np.repeat(counts, sizes)
    rule = np.repeat(of_rule, width)
    begin = np.cumsum(width) - width
    row = np.arange(len(rule)) - np.repeat(begin - np.repeat(firsts, sizes), width)
    level = np.concatenate([none, *(o.level.ravel() for _, _, o in studied)])
    edge = np.zeros(len(rule), dtype=bool)
    edge[begin] = True

    makes = (level > 0) & rules.counts[rule] & (rules.rank[rule] == stretches[row, 0])
    fresh = np.zeros(len(start), dtype=bool)  # neighbours that say the same are one
    fresh[firsts] = True
    fresh[1:] |= (stretches[1:] != stretches[:-1]).any(axis=1)
    fresh[row[1:][(makes[1:] != makes[:-1]) & ~edge[1:]]] = True
    first = np.flatnonzero(fresh)
    last = np.append(first[1:], len(start)) - 1 if len(first) else first
    making = np.flatnonzero(makes & fresh[row])
    makers = np.column_stack([rule[making], (np.cumsum(fresh) - 1)[row[making]]])
    listed = np.column_stack([bare, rules.pairs.listed_from[bare], np.full(len(bare), OPEN)])

    edge[1:] |= level[1:] != level[:-1]
    turn = np.flatnonzero(edge)
    over = np.append(turn[1:], len(rule)) - 1 if len(turn) else turn
    held = np.column_stack([rule[turn], start[row[turn]], end[row[over]], level[turn] == 2])
    return _Block(
        rows=np.concatenate([np.column_stack([pair[first], start[first], end[last]]), listed]),
        stretches=np.concatenate(
            [stretches[first], np.zeros((len(bare), len(STRETCH_COLUMNS)), dtype=np.int64)]
        ),
        makers=makers,
        of_rule=of_rule,
        lives=_stacked([o.lives for _, _, o in studied], len(LIFE_COLUMNS)),
        held=held[level[turn] > 0],
    )


def _stacked(parts: Sequence[Days], width: int) -> Days:
    return np.concatenate([np.zeros((0, width), dtype=np.int64), *parts])


def _joined_blocks(blocks: Sequence[_Block]) -> _Block:
    """All blocks as one, its rows in order of pairs and days."""
    shift = 0
    makers = []
    for block in blocks:
        makers.append(block.makers + np.array([0, shift]))
        shift += len(block.rows)
    rows, stretches, of_rule, lives, held = (
        np.concatenate([getattr(block, name) for block in blocks])
        for name in ("rows", "stretches", "of_rule", "lives", "held")
    )
    order = np.lexsort((rows[:, 1], rows[:, 0]))
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    made = np.concatenate(makers)
    made[:, 1] = place[made[:, 1]]
    return _Block(rows[order], stretches[order], made, of_rule, lives, held)


def _positions(policies: pd.DataFrame, rules: Rules, found: _Block) -> pd.DataFrame:
    pair, start, end = found.rows.T
    highest, lowest = found.stretches[:, 0], found.stretches[:, 1]
    maker, row = found.makers.T
    measures, scopes = zip(*RANKED, strict=True)
    sure = highest == lowest
    floor = np.where(sure, 0, lowest)
    policy = rules.policy[maker]
    since = found.stretches[:, _STRETCH["since_low"]]

    # The run begins with a rule whose start is presumed.
    wide = OPEN + 1
    of = np.flatnonzero(rules.start_presumed & rules.counts)
    presumed = (rules.pair[of] * len(RANKED) + rules.rank[of]) * wide + rules.start_low[of]
    asked = (pair * len(RANKED) + highest) * wide + since
    return pd.DataFrame(
        {
            "subject_key": rules.pairs.subjects.array.take(rules.pairs.subject[pair]),
            "actor": _words(ACTOR_CODES, rules.pairs.actor[pair]),
            "measure": _words(measures, highest),
            "scope": _words(scopes, highest),
            "certain": sure,
            "at_least_measure": _words(("", *measures[1:]), floor),
            "at_least_scope": _words(scopes, floor),
            "territory": _where(policies["territory"], policy, row, len(pair)),
            "policy_ids": _joined(policies["policy_id"], policy, row, len(pair)),
            "lifted": found.stretches[:, _STRETCH["lifted"]] > 0,
            "start_presumed": np.isin(asked, presumed) & (since > 0),
            "valid_from": to_days(start),
            "valid_to": to_days(end),
            **{name: to_days(found.stretches[:, _STRETCH[name]]) for name in RUN_COLUMNS},
        }
    )


def _periods(policies: pd.DataFrame, rules: Rules, held: Days) -> pd.DataFrame:
    rule, start, end, certain = held.T
    texts = policies[["policy_id", "subject_key", "measure", "territory"]].take(rules.policy[rule])
    return pd.DataFrame(
        {
            "policy_id": texts["policy_id"].array,
            "subject_key": texts["subject_key"].array,
            "actor": _words(ACTOR_CODES, rules.actor[rule]),
            "measure": texts["measure"].array,
            "scope": _words([scope for _, scope in RANKED], rules.rank[rule]),
            "territory": texts["territory"].array,
            "certain": certain.astype(bool),
            "valid_from": to_days(start),
            "valid_to": to_days(end),
        }
    )


def _words(distinct: Sequence[str], codes: Index) -> ExtensionArray:
    """The text (str) that each code stands for."""
    return pd.array(list(distinct), dtype="str").take(codes)


def _joined(cells: pd.Series, row: Index, group: Index, count: int) -> ExtensionArray:
    """For each of ``count`` groups the distinct words of its cells (lists joined by ``;``), in the
    order of the table; '' where there are none. Entry ``k`` is the cell ``row[k]``, of
    ``group[k]``."""
    told = (cells != "").to_numpy()[row]
    row, group = row[told], group[told]
    alone = np.bincount(group, minlength=count)[group] == 1
    of_group = np.full(count, -1, dtype=np.int64)
    of_group[group[alone]] = row[alone]
    texts: ExtensionArray = cells.array.take(of_group, allow_fill=True, fill_value="")
    row, group = row[~alone], group[~alone]
    if len(row):
        order = np.lexsort((row, group))
        numbers, firsts = np.unique(group[order], return_index=True)
        parts = cells.array.take(row[order]).tolist()
        stops = [*firsts[1:].tolist(), len(parts)]
        lists = [
            ";".join(dict.fromkeys(";".join(parts[first:stop]).split(";")))
            for first, stop in zip(firsts.tolist(), stops, strict=True)
        ]
        texts[numbers] = pd.array(lists, dtype="str")
    return texts


def _where(territories: pd.Series, row: Index, group: Index, count: int) -> ExtensionArray:
    """For each of ``count`` groups where its rules hold, as :func:`_joined`; '' where one of them
    has no territory, for that is everywhere."""
    texts = _joined(territories, row, group, count)
    limited = (territories != "").to_numpy()[row]
    everywhere = np.zeros(count, dtype=bool)
    everywhere[group[~limited]] = True
    somewhere = group[limited]
    texts[somewhere[everywhere[somewhere]]] = ""
    return texts


def _as_known(policies: pd.DataFrame, rules: Rules, known_at: int) -> pd.DataFrame:
    """The rows as a reader on ``known_at`` knows them: nothing of what was found out, decided or
    shown later. A row decided later is a proposal, without the days and links of its rule."""
    if known_at == OPEN:
        return policies
    unheard = rules.of_rows.known_from_low > known_at
    later = {}
    for name in ("introduced_on", "decided_on", "last_confirmed_on"):
        low, _ = recorded_days(policies, name)
        later[name] = low > known_at
    # Whether what became of a proposal was found is known when it is last shown to be pending.
    shown = later["introduced_on"] | later["last_confirmed_on"]
    lost = (policies["status"] == "unknown").to_numpy() & shown
    open_ended = (rules.of_rows.known_from_low == OPEN) & ~lost
    unheard &= ~open_ended
    cleared = {"decided_on": unheard, "effective_on": unheard, "expires_on": unheard} | {
        name: later[name] for name in ("introduced_on", "last_confirmed_on")
    }
    columns = {"status": policies["status"].mask(unheard, "proposed")}
    for name in ("supersedes", "ends_when"):
        columns[name] = policies[name].mask(unheard, "")
    for name, gone in cleared.items():
        columns[name] = policies[name].mask(gone, "")
        for end in ("low", "high"):
            columns[f"{name}_{end}"] = policies[f"{name}_{end}"].mask(gone, 0)
    return policies.assign(**columns)
