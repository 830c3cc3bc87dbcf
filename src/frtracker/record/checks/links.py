"""Checks on rows that name policies: their successors, and their sources."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import accumulate

import numpy as np
import pandas as pd

from frtracker import wording
from frtracker.record.check import Link, Mask, Record, Rows, Violation
from frtracker.record.columns import RECORDED_DATES
from frtracker.record.findings import Check, brief
from frtracker.record.tables import bounds
from frtracker.timeline.days import OPEN
from frtracker.timeline.outlook import given_up
from frtracker.timeline.rules import ACTOR_CODES, read_rules

_Proof = partial(Check, severity="warning", needs="sources", shipped="error")


def _violations(links: Iterable[Link], message: str) -> Iterator[Violation]:
    for row, word, _ in links:
        yield Violation(row, "supersedes", word, message.format(word=brief(word)))


@Check("R050", "Only an adopted or announced row supersedes.")
def successor_binds(record: Record, rows: Rows) -> Iterator[Violation]:
    wrong = ~record.binding & ~rows.empty("supersedes")
    message = "the act is {status}, so it ends nothing: use relates_to"
    return rows.broken(wrong, "supersedes", message)


@Check("R051", "`supersedes` names rows that exist.")
def superseded_exists(record: Record, rows: Rows) -> Iterator[Violation]:
    for row, word, old in record.supersedes:
        if old < 0:
            yield Violation(row, "supersedes", word, _no_row(record, word))


def _no_row(record: Record, word: str) -> str:
    near = wording.did_you_mean(word, record.rows_of_ids, ": correct the id or add the row")
    return f"there is no row {brief(word)}{near}"


@Check("R052", "`supersedes` names adopted or announced rows.")
def superseded_binds(record: Record, rows: Rows) -> Iterator[Violation]:
    binds = record.binding
    wrong = (it for it in record.supersedes if it.old >= 0 and binds[it.row] and not binds[it.old])
    return _violations(wrong, "{word} was never in force: use relates_to")


@Check("R053", "`supersedes` names rows of the same subject.")
def same_subject(record: Record, rows: Rows) -> Iterator[Violation]:
    keys = rows.frame["subject_key"].tolist()
    wrong = (it for it in record.supersedes if it.old >= 0 and keys[it.row] != keys[it.old])
    return _violations(
        wrong, "{word} is about another subject: a rule only ends rules of its own subject"
    )


@Check("R054", "A row never supersedes itself.")
def not_itself(record: Record, rows: Rows) -> Iterator[Violation]:
    itself = (it for it in record.supersedes if it.old == it.row)
    return _violations(itself, "the row names itself: remove it")


@Check("R055", "A row does not supersede one that was certainly decided later.")
def decided_in_order(record: Record, rows: Rows) -> Iterator[Violation]:
    low, high = record.days.known_from_low, record.days.known_from_high
    wrong = (it for it in record.successions if high[it.row] < low[it.old] < OPEN)
    message = "{word} was decided later: it may supersede this row, or a date is wrong"
    return _violations(wrong, message)


@Check("R056", "A row shares an actor with each row it supersedes.")
def shares_an_actor(record: Record, rows: Rows) -> Iterator[Violation]:
    actors = rows.lists("applies_to")
    wrong = (it for it in record.successions if not {*actors[it.row]} & {*actors[it.old]})
    message = "{word} applies to none of these actors: remove it from supersedes"
    return _violations(wrong, message)


@Check("R057", "`supersedes` never leads back to its own row.")
def no_circle(record: Record, rows: Rows) -> Iterator[Violation]:
    for circle in _circles(record.successions):
        path = [brief(rows.text(row, "policy_id")) for row in circle[:6]]
        path += ["…"] * (len(circle) > 6) + path[:1]
        message = f"the rows supersede each other in a circle: {' -> '.join(path)}"
        yield Violation(circle[0], "supersedes", rows.text(circle[1], "policy_id"), message)


def _circles(links: Iterable[Link]) -> Iterator[list[int]]:
    """Each circle as positions, beginning with the first row of the file."""
    after: dict[int, list[int]] = {}
    for it in links:
        after.setdefault(it.row, []).append(it.old)
    done: set[int] = set()
    for start in sorted(after):
        path = {start: iter(after[start])} if start not in done else {}
        while path:
            here = next(reversed(path))
            following = next((row for row in path[here] if row not in done), None)
            if following is None:
                done.add(here)
                del path[here]
            elif following in path:
                members = list(path)
                circle = members[members.index(following) :]
                first = circle.index(min(circle))
                yield circle[first:] + circle[:first]
            else:
                path[following] = iter(after.get(following, ()))


@Check("R058", "A row supersedes a rule that is still in force, not one already superseded.")
def names_the_live_row(record: Record, rows: Rows) -> Iterator[Violation]:
    """A row is too late if another, certainly decided before it, has ended the rule for an actor by
    the first day on which this one can begin. Rows of one act, decided on the same day, may each
    name it; a row of low confidence ends nothing for sure, nor does one that was lifted itself."""
    actors, days = rows.lists("applies_to"), record.days
    successors: dict[tuple[int, str], list[int]] = {}
    for new, _, old in record.successions:
        for actor in sorted({*actors[new]} & {*actors[old]}):
            successors.setdefault((old, actor), []).append(new)
    low, high, decided_by = days.start_low, days.start_high, days.known_from_high.__getitem__
    low_confidence, lifts = rows.has("confidence", "low"), rows.has("measure", "none")
    reported: set[tuple[int, int]] = set()
    for (old, actor), group in successors.items():
        if len(group) == 1:
            continue
        enders = [
            row
            for row in sorted(group, key=decided_by)
            if not low_confidence[row]
            if not any(
                lifts[it] and low[it] <= high[row] for it in successors.get((row, actor), ())
            )
        ]
        first = [*accumulate(enders, lambda *two: min(two, key=high.__getitem__))]
        for new in group:
            earlier = bisect_left(enders, days.known_from_low[new], key=decided_by)
            if not earlier or low[new] < high[first[earlier - 1]] or (new, old) in reported:
                continue
            reported.add((new, old))
            live, seen = first[earlier - 1], {new}
            while live not in seen:
                seen.add(live)
                later = successors.get((live, actor), ())
                live = next((row for row in later if row not in seen), live)
            name, by, now = (rows.text(at, "policy_id") for at in (old, first[earlier - 1], live))
            listed = now in rows.text(new, "supersedes").split(";")
            fix = "remove it" if listed else f"name {brief(now)} instead"
            message = f"{brief(name)} was already superseded for {actor} by {brief(by)}: {fix}"
            yield Violation(new, "supersedes", name, message)


@Check("R059", "A rule of measure none supersedes what it lifts.")
def none_lifts_something(record: Record, rows: Rows) -> Iterator[Violation]:
    nothing = record.binding & rows.has("measure", "none") & rows.empty("supersedes")
    message = "a row with the measure none only lifts rules: name those that it ends, or delete it"
    return rows.broken(nothing, "supersedes", message)


@Check("R060", "`relates_to` names other rows that exist.")
def related_exists(record: Record, rows: Rows) -> Iterator[Violation]:
    for row, word, old in record.links("relates_to"):
        if old < 0:
            yield Violation(row, "relates_to", word, _no_row(record, word))
        if old == row:
            yield Violation(row, "relates_to", word, "the row names itself: remove it")


@Check(
    "R061",
    "The possible histories of the rules for one actor are few enough to compare.",
    "warning",
    title="too many possible histories",
)
def few_doubts(record: Record, rows: Rows) -> Iterator[Violation]:
    rules = read_rules(rows.frame.reset_index(drop=True))
    for members in given_up(rules):
        actor = ACTOR_CODES[int(rules.actor[members[0]])]
        message = (
            f"the {len(members)} rules for {actor} may have lifted one another in too many ways, on"
            " days known only roughly: their answers are uncertain; narrow some dates"
        )
        yield Violation(int(rules.policy[members].min()), "applies_to", actor, message)


_ACT = (
    *("subject_key", "instrument", "decided_by", "decided_on", "effective_on"),
    *("uses", "reach", "territory"),
)


@Check("R062", "Each rule of an act has only one row.")
def rule_stands_once(record: Record, rows: Rows) -> Iterator[Violation]:
    same = [*_ACT, "measure", "applies_to", "status", "introduced_on", "expires_on"]
    first = rows.frame.groupby(same)["policy_id"].transform("first")
    again = (first != rows.frame["policy_id"]).to_numpy()
    message = "{policy_id} is the same rule as {first}: merge the rows"
    return Rows(rows.frame.assign(first=first)).broken(again, "policy_id", message)


@Check(
    "R063",
    "An act has one measure for an actor, a kind of use and a day.",
    "warning",
    title="another measure for the same actor",
)
def one_measure(record: Record, rows: Rows) -> Iterator[Violation]:
    """Not an error: an act may ban one use and oversee another that has the same word here."""
    rules = rows.frame.assign(actor=rows.frame["applies_to"].str.split(";"), row=rows.frame.index)
    rules = rules[
        record.binding & ~rows.empty("instrument") & ~rows.has("measure", "none", "oversight")
    ]
    rules = rules.explode("actor")
    first = rules.groupby([*_ACT, "actor"])[["policy_id", "measure"]].transform("first")
    rules = rules.assign(first=first["policy_id"])[first["measure"] != rules["measure"]]
    columns = ["row", "measure", "first", "actor"]
    for row, measure, name, actor in rules[columns].drop_duplicates("row").to_numpy().tolist():
        message = f"{brief(name)} has another measure for {actor}: which is right?"
        yield Violation(row, "measure", measure, message)


@Check("R080", "A source is about a row of policies.csv.", table="sources", needs="policies")
def source_has_a_policy(record: Record, rows: Rows) -> Iterator[Violation]:
    lost = ~rows.frame["policy_id"].isin(record.rows_of_ids).to_numpy()
    message = "there is no row {policy_id} in policies.csv: correct the id, or delete this row"
    return rows.broken(lost, "policy_id", message)


@Check("R081", "Each page is listed once for each policy.", table="sources")
def source_stands_once(record: Record, rows: Rows) -> Iterator[Violation]:
    again = rows.frame.duplicated(["policy_id", "url"]).to_numpy()
    return rows.broken(again, "url", "{url} is listed twice for this policy: merge the rows")


@_Proof(
    "R082", "Every recorded date has a source that supports it.", title="dates without a source"
)
def date_has_a_source(record: Record, rows: Rows) -> Iterator[Violation]:
    sources = record.tables["sources"].frame
    proofs = sources["supports"].str.replace("~", "").str.split(";").explode()
    for column in RECORDED_DATES:
        proven = sources["policy_id"].loc[proofs.index[proofs == column]]
        unproven = ~rows.frame["policy_id"].isin(proven).to_numpy() & ~_without_source(record)
        message = (
            f"no source supports {{{column}}}: add {column} to `supports` of the row of sources.csv"
            f" that shows it ({column}~ if it is computed)"
        )
        yield from rows.broken(unproven & ~rows.empty(column), column, message)


@_Proof(
    "R083",
    "The source_url of a row is among its sources.",
    title="source_url without a row in sources.csv",
)
def best_source_is_listed(record: Record, rows: Rows) -> Iterator[Violation]:
    listed = pd.MultiIndex.from_frame(record.tables["sources"].frame[["policy_id", "url"]])
    best = pd.MultiIndex.from_frame(rows.frame[["policy_id", "source_url"]])
    message = "{source_url} is not among this policy's sources: add it to sources.csv"
    return rows.broken(~best.isin(listed) & ~_without_source(record), "source_url", message)


def _without_source(record: Record) -> Mask:
    """The policies that can be in force and have no source."""
    named = record.policies.frame["policy_id"].isin(record.tables["sources"].frame["policy_id"])
    return record.binding & ~named.to_numpy()


@Check("R085", "An adopted or announced rule has a source.", needs="sources")
def rule_has_a_source(record: Record, rows: Rows) -> Iterator[Violation]:
    message = "no source: add the page that shows the rule to sources.csv"
    return rows.broken(_without_source(record), "policy_id", message)


@Check(
    "R086",
    "No source was published after the review that used it.",
    table="sources",
    needs="policies",
)
def source_was_there(record: Record, rows: Rows) -> Iterator[Violation]:
    reviews = record.policies.frame[["policy_id", "reviewed_on", "reviewed_on_low"]]
    sources = rows.frame[["policy_id", "published_on"]].merge(reviews, "left", "policy_id")
    late = bounds(rows.frame["published_on"])[0] > sources["reviewed_on_low"].to_numpy()
    message = "published {published_on}, after reviewed_on {reviewed_on}: correct one of them"
    return Rows(sources).broken(late, "published_on", message)


@Check(
    "R084",
    "A source that proves a decision was not published certainly before it.",
    "warning",
    title="source older than the decision",
    table="sources",
    needs="policies",
)
def proof_is_not_early(record: Record, rows: Rows) -> Iterator[Violation]:
    decisions = record.policies.frame[["policy_id", "decided_on", "decided_on_low"]]
    sources = rows.frame[["policy_id", "published_on"]].merge(decisions, "left", "policy_id")
    published = bounds(rows.frame["published_on"])[1]
    proves = np.array(["decided_on" in columns for columns in rows.lists("supports")], dtype=bool)
    early = proves & (published > 0) & (published < sources["decided_on_low"].to_numpy())
    message = (
        "published {published_on}, before decided_on {decided_on}, for which it is cited: correct"
        " the date, or cite it for introduced_on"
    )
    return Rows(sources).broken(early, "published_on", message)
