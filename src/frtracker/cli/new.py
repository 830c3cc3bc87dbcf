"""``new``: record one rule, asked for in the terminal or read from a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from frtracker import vocabulary
from frtracker.cli.console import DataProblem, print_data, print_note, writing
from frtracker.cli.options import MAX_SIZE, option
from frtracker.cli.query import Query, command, today
from frtracker.cli.upkeep import refuse_installed
from frtracker.files import write_whole
from frtracker.record.findings import DataError, Finding
from frtracker.vocabulary import LOCATED_TYPES, PLACE_TYPES

if TYPE_CHECKING:
    from frtracker.record.form import Change
    from frtracker.record.load import Tables
    from frtracker.record.new import Cells, NewRule

_BODIES: Final = ("vendor", "company", "agency", "supranational")


def _may_be_in_force(cells: Cells) -> bool:
    return cells["status"] in vocabulary.BINDING_STATUSES


def _may_end(cells: Cells) -> bool:
    return _may_be_in_force(cells) and cells["measure"] not in ("ban", "none")


def _always(cells: Cells) -> bool:
    return True


_QUESTIONS: Final[dict[str, tuple[str, Callable[[Cells], bool]]]] = {
    "measure": ("What does the rule do?", _always),
    "uses": ("For which uses? 'any', or kinds with ; between them", _always),
    "applies_to": ("Who must follow it? With ; between them", _always),
    "reach": ("Whose bodies does it reach?", lambda it: it["subject_type"] in PLACE_TYPES),
    "territory": ("Where does it apply? ISO codes", lambda it: it["subject_type"] in _BODIES),
    "status": ("What is its status?", _always),
    "decided_by": ("Who decided, if not the subject itself?", _always),
    "introduced_on": ("Introduced on", _always),
    "decided_on": ("Decided on (became law, was announced, or failed)", _always),
    "effective_on": ("In force from", _may_be_in_force),
    "expires_on": ("Expires on (the first day on which it no longer applies)", _may_end),
    "ends_when": ("Or ends when (a condition)", _may_end),
    "last_confirmed_on": (
        "Latest day on which a source shows it in force",
        lambda it: it["status"] == "announced" or bool(it.get("ends_when")),
    ),
    "supersedes": ("Which rules does it replace or end? Their ids", _may_be_in_force),
    "instrument": ("Official name or number of the act", _always),
    "summary": ("Summary: one sentence, at most 200 characters", _always),
    "exceptions": ("What does it leave out? With ; between them", _always),
    "confidence": ("How well is it established?", _always),
    "notes": ("Notes: what a careful reader must know", _always),
}
_OF_A_SOURCE: Final = {
    "url": "Address of the page",
    "publisher": "Who publishes it?",
    "title": "Title, as the page gives it",
    "published_on": "Published on",
    "kind": "What kind of source is it?",
    "supports": "Which columns does it prove?",
}
_OF_A_SUBJECT: Final = {
    "country": "Country, ISO 3166-1 code",
    "region": "Region, ISO 3166-2 code",
    "subject_type": "What is it?",
    "subject": "Name",
}
_OF_A_PLACE: Final = {
    "within": "Within which places below the state? Nearest first, with ; between them",
    "geoid": "US Census GEOID",
    "latitude": "Latitude, in degrees north",
    "longitude": "Longitude, in degrees east",
    "aliases": "Other names, with ; between them",
}


@command(
    option(
        "--from file",
        type=click.Path(path_type=Path, exists=True, dir_okay=False),
        help="Read the rule from this TOML file instead of asking: the columns of policies.csv as "
        "keys, [[sources]] for each source, [place] for what is new about the subject.",
    ),
    MAX_SIZE,
)
def new(query: Query) -> None:
    """Record one rule in the policies.csv of the current folder.

    Asks for the rule, its sources and, if it is new, its subject. Each answer is checked; the rows
    are written in canonical form once the tables are valid with them, and not at all otherwise.
    Prints the policy_id. If an act has several rules, record them one by one.

    \b
    frtracker new
    frtracker new --from eastwick.toml
    """
    from frtracker.record import load
    from frtracker.record.new import add, as_toml, completed

    path = Path("policies.csv")
    if not path.is_file():
        raise click.UsageError(
            "no policies.csv in this folder: run `frtracker new` in the folder of your record, such"
            " as a checkout of frtracker"
        )
    refuse_installed((path,))
    day = today()
    report = load.check((path,), day=day, max_bytes=query.max_bytes)
    if report.tables is None:
        raise DataError(report.errors)
    tables = report.tables
    taken = {*tables.policies["policy_id"], *tables.retired_ids["policy_id"]}
    given = _read(tables, query.file) if query.file else _asked(tables)
    rule = completed(given, taken, day)
    if not query.file:
        rule.policy["policy_id"] = _answer("policy_id", "Id", rule.policy["policy_id"])
    while True:
        changes, findings = add(path, rule, day, max_bytes=query.max_bytes)
        errors = [it for it in findings if it.severity == "error"]
        if not errors:
            break
        if query.file or not _asked_again(rule, errors):
            if not query.file:
                print_note("Your answers, to correct and use with --from:\n" + as_toml(rule))
            raise DataError(errors)
    known = {(it.code, it.column, it.message) for it in report.findings}
    for it in findings:
        if (it.code, it.column, it.message) not in known:
            print_note(str(it))
    added = {"policies.csv": 1, "sources.csv": len(rule.sources)}
    added["subjects.csv"] = len(rule.subjects)
    if not path.with_name("sources.csv").exists():
        added["sources.csv"] = 0
        print_note("note: there is no sources.csv in this folder; only source_url is kept")
    rows = ", ".join(f"{number} to {name}" for name, number in added.items() if number)
    if not query.file:
        click.confirm(f"Add rows ({rows})?", default=True, abort=True, err=True)
    _write(changes)
    print_note(f"added rows: {rows}")
    print_data(f"{rule.policy['policy_id']}\n")


def _write(changes: Sequence[Change]) -> None:
    """Write all files or, if one cannot be written, none."""
    written: list[Change] = []
    try:
        for change in changes:
            with writing(change.path):
                write_whole(change.path, change.text)
            written.append(change)
    except BaseException:
        for change in written:
            if change.before:
                write_whole(change.path, change.before)
            else:
                change.path.unlink()
        raise


def _read(tables: Tables, file: Path) -> NewRule:
    from frtracker.places.new_subjects import subject_rows
    from frtracker.places.subjects import NameNotUnderstood
    from frtracker.record.columns import IDENTITY
    from frtracker.record.new import from_toml

    try:
        rule, place = from_toml(file.read_text(encoding="utf-8"))
        if not rule.policy.get("subject_type"):
            identity, rule.subjects = subject_rows(tables, rule.policy.get("subject", ""))
            rule.policy |= identity
        elif not _is_known(tables, rule.policy):
            rule.subjects = [{name: rule.policy.get(name, "") for name in IDENTITY}]
    except (ValueError, NameNotUnderstood) as error:
        raise DataProblem(f"{file}: {error}") from error
    if place and not rule.subjects:
        raise DataProblem(f"{file}: {rule.policy['subject']} is in subjects.csv: leave out [place]")
    if rule.subjects:
        rule.subjects[0] |= place
    return rule


def _is_known(tables: Tables, cells: Cells) -> bool:
    from frtracker.record.columns import IDENTITY

    rows = zip(*(tables.subjects[name] for name in IDENTITY), strict=True)
    return tuple(cells.get(name, "") for name in IDENTITY) in rows


def _asked(tables: Tables) -> NewRule:
    from frtracker.record.new import NewRule, unproven
    from frtracker.record.tables import subject_key

    print_note(
        "Press Enter to leave an answer empty; type ? for help. Dates: 2021-06-30, 2021-06, 2021,"
        " or [2021-06-01..2021-06-15] for a day between two others."
    )
    identity, subjects = _asked_subject(tables)
    rule = NewRule(dict(identity), subjects)
    if subjects:
        _ask_about_place(subjects[0])
    same = tables.policies["subject_key"] == subject_key(**identity)
    ids = tables.policies.loc[same, "policy_id"].tolist()
    for name, (question, applies) in _QUESTIONS.items():
        if applies(rule.policy) and (ids or name != "supersedes"):
            if name == "supersedes":
                print_note(f"  on record: {', '.join(ids)}")
            usual = {"uses": "any", "confidence": "high"}.get(name, "")
            rule.policy[name] = _answer(name, question, usual)
    while True:
        print_note(f"Source {len(rule.sources) + 1}{' (the best one)' * (not rule.sources)}:")
        source: Cells = {}
        rule.sources.append(source)
        for name, question in _OF_A_SOURCE.items():
            usual = ";".join([*unproven(rule), "summary"]) if name == "supports" else ""
            source[name] = _answer(name, question, usual)
        missing = unproven(rule)
        hint = f" (none proves {', '.join(missing)} yet)" if missing else ""
        if not click.confirm(f"Another source?{hint}", default=bool(missing), err=True):
            return rule


def _asked_subject(tables: Tables) -> tuple[Cells, list[Cells]]:
    from frtracker.places.new_subjects import subject_rows
    from frtracker.places.subjects import NameNotUnderstood

    while True:
        text = click.prompt(
            "Subject (Portland, ME; Vermont; Amazon; a police department)", err=True
        )
        try:
            identity, rows = subject_rows(tables, text)
        except NameNotUnderstood as error:
            print_note(f"  {error}")
            if not click.confirm("Is it a new subject?", default=False, err=True):
                continue
            identity = {
                name: _answer(name, question, text if name == "subject" else "")
                for name, question in _OF_A_SUBJECT.items()
            }
            rows = [] if _is_known(tables, identity) else [dict(identity)]
        except ValueError as error:
            print_note(f"  {error}")
            continue
        words = ", ".join(filter(None, (identity["subject_type"], identity["region"])))
        state = "not in subjects.csv yet" if rows else "on record"
        print_note(f"  {identity['subject']} ({words}): {state}")
        return identity, rows


def _ask_about_place(row: Cells) -> None:
    located = row["subject_type"] in LOCATED_TYPES
    for name, question in _OF_A_PLACE.items():
        if name == "aliases" or (located and (name != "geoid" or row["country"] == "US")):
            row[name] = _answer(name, question, row.get(name, ""))


def _asked_again(rule: NewRule, errors: Sequence[Finding]) -> bool:
    """Ask once more for the cells that are wrong; False if one of them was not asked for."""
    for it in errors:
        print_note(str(it))
    columns = dict.fromkeys(it.column for it in errors)
    place = _OF_A_PLACE if rule.subjects else {}
    if not columns or not {*columns} <= {*_QUESTIONS, *place, "policy_id"}:
        return False
    for name in columns:
        cells = rule.subjects[0] if name in place else rule.policy
        question = place.get(name) or (_QUESTIONS[name][0] if name in _QUESTIONS else "Id")
        now = f" (now {cells[name]!r})" if cells.get(name) else ""
        cells[name] = _answer(name, question + now)
    return True


def _answer(name: str, question: str, usual: str = "") -> str:
    """The answer for a column, in canonical form; asked again until its checks pass."""
    from frtracker.record.new import COLUMNS, problem

    column = COLUMNS[name]
    few = column.kind.terms if name != "supports" else ()
    words = f" [{', '.join(few)}]" if few else ""
    while True:
        text = click.prompt(f"{question}{words}", default=usual, show_default=bool(usual), err=True)
        if text.strip() == "?":
            _explain(name)
            continue
        text = column.kind.canonical(text)
        wrong = problem(column, text)
        if not wrong:
            return text
        print_note(f"  {wrong}")


def _explain(name: str) -> None:
    from frtracker.record.new import COLUMNS

    column = COLUMNS[name]
    print_note(f"  {column.description}")
    for terms in vars(vocabulary).values():
        if isinstance(terms, Mapping) and (*terms,) == column.kind.terms:
            for code, term in terms.items():
                print_note(f"    {code}: {term.definition}")
