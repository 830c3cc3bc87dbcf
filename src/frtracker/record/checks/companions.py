"""The checks on the tables beside the rules: what their texts say, what is complete, which ids are
no longer used."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from frtracker.record.check import Record, Rows, Violation, done_by_now
from frtracker.record.findings import Check

_Coverage = partial(Check, table="coverage")
_Provisions = partial(Check, table="provisions")
_Retired = partial(Check, table="retired_ids", needs="policies")


@_Provisions("R160", "A provision is one of a row of policies.csv.", needs="policies")
def provision_has_a_policy(record: Record, rows: Rows) -> Iterator[Violation]:
    lost = ~rows.frame["policy_id"].isin(record.rows_of_ids).to_numpy()
    message = "there is no row {policy_id} in policies.csv: correct the id, or delete this row"
    return rows.broken(lost, "policy_id", message)


@_Provisions("R161", "Each provision of a rule is coded once.")
def provision_stands_once(record: Record, rows: Rows) -> Iterator[Violation]:
    again = rows.frame.duplicated(["policy_id", "provision"]).to_numpy()
    return rows.broken(again, "provision", "{provision} is coded twice for this rule: delete one")


@_Provisions("R162", "What a text says has its place there; what it does not say has none.")
def place_in_the_text(record: Record, rows: Rows) -> Iterator[Violation]:
    silent, bare = rows.has("value", "silent"), rows.empty("locator")
    message = "empty: name the section that says {value}, as numbered in the text"
    yield from rows.broken(~silent & bare, "locator", message)
    message = "{locator}: a text that is silent has no such place: leave it empty"
    yield from rows.broken(silent & ~bare, "locator", message)


@_Provisions("R163", "What is only partly so says in its note of which cases.")
def part_is_named(record: Record, rows: Rows) -> Iterator[Violation]:
    bare = rows.has("value", "partly") & rows.empty("note")
    return rows.broken(bare, "note", "empty: say of which cases, bodies or uses it is so")


@_Provisions(
    "R164",
    "A rule whose text names its end has `expires_on` or `ends_when`, and no other has.",
    needs="policies",
)
def end_is_recorded(record: Record, rows: Rows) -> Iterator[Violation]:
    ends = record.policies.frame[["policy_id", "expires_on", "ends_when"]]
    frame = rows.frame.merge(ends, "left", "policy_id")
    open_ended = (frame["expires_on"] == "") & (frame["ends_when"] == "")
    about = frame["provision"] == "sunset"
    named = frame["value"].isin(["yes", "partly"])
    message = "the text names its end, and {policy_id} has none: correct one of them"
    yield from rows.broken((about & named & open_ended).to_numpy(), "value", message)
    message = "the text names no end, and {policy_id} has one: correct one of them"
    silent = frame["value"].isin(["no", "silent"])
    yield from rows.broken((about & silent & ~open_ended).to_numpy(), "value", message)


@_Retired("R140", "A retired id is not used again in policies.csv.")
def retired_is_gone(record: Record, rows: Rows) -> Iterator[Violation]:
    back = rows.frame["policy_id"].isin(record.rows_of_ids).to_numpy()
    message = "{policy_id} is a row of policies.csv: a retired id is never used again"
    return rows.broken(back, "policy_id", message)


@_Retired("R141", "What replaced a retired id is a row of policies.csv.")
def replacement_is_there(record: Record, rows: Rows) -> Iterator[Violation]:
    lost = ~rows.frame["replaced_by"].isin(record.rows_of_ids).to_numpy()
    message = "there is no row {replaced_by} in policies.csv: name the row that replaced it"
    return rows.broken(lost, "replaced_by", message)


@Check(
    "R145",
    "No search is after the day of the run.",
    "warning",
    table="searches",
    title="searches in the future",
)
def searched_by_now(record: Record, rows: Rows) -> Iterator[Violation]:
    return done_by_now(record, rows, "searched_on")


@_Coverage(
    "R146",
    "No comparison is after the day of the run.",
    "warning",
    title="comparisons in the future",
)
def compared_by_now(record: Record, rows: Rows) -> Iterator[Violation]:
    return done_by_now(record, rows, "as_of")


@_Retired(
    "R147",
    "No id was retired after the day of the run.",
    "warning",
    needs="",
    title="ids retired in the future",
)
def retired_by_now(record: Record, rows: Rows) -> Iterator[Violation]:
    return done_by_now(record, rows, "retired_on")


@_Coverage("R142", "A complete class names the lists that it was compared with.")
def complete_has_lists(record: Record, rows: Rows) -> Iterator[Violation]:
    bare = rows.has("complete", "yes") & rows.empty("lists")
    message = "empty: name the lists that the class was compared with, or write 'selection'"
    return rows.broken(bare, "lists", message)


@_Coverage("R143", "Each class of acts has one row for each actor.")
def class_stands_once(record: Record, rows: Rows) -> Iterator[Violation]:
    known: dict[tuple[str, ...], int] = {}
    for row, actors in enumerate(rows.lists("actors")):
        place = tuple(rows.text(row, it) for it in ("level", "country", "region", "measure_class"))
        for actor in actors:
            if (first := known.setdefault((*place, actor), row)) != row:
                line = record.files.texts["coverage"].lines[first]
                message = f"{actor} of this class is already on line {line}: merge the rows"
                yield Violation(row, "actors", actor, message)


@_Coverage("R144", "The region of a class of acts is in its country.")
def region_of_the_class(record: Record, rows: Rows) -> Iterator[Violation]:
    abroad = (rows.frame["region"].str[:2] != rows.frame["country"]).to_numpy()
    message = "{region} is not in {country}: correct one of them"
    return rows.broken(abroad & ~rows.empty("region"), "region", message)
