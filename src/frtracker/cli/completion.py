"""Names of subjects for the shell, read without what reads tables: completion must be quick."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from frtracker import wording
from frtracker.record.findings import inert


def subject_names(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Labels (``Portland, ME``), keys and aliases that begin with what was typed; none where the
    table of places cannot be read."""
    typed = incomplete.casefold()
    try:
        names = filter(_is_inert, _names(_table(ctx)))  # the table may not have been checked
        found = sorted({name for name in names if name.casefold().startswith(typed)})
    except (OSError, ValueError, csv.Error):
        return []
    return [CompletionItem(name) for name in found]


def _is_inert(name: str) -> bool:
    return inert(name) == name


def _table(ctx: click.Context) -> Path:
    from frtracker import shipped

    own = ctx.params.get("policies")
    beside = Path(own).parent / "subjects.csv" if own else None
    return beside if beside and beside.is_file() else shipped.folder() / "subjects.csv"


def _names(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            columns = ("subject", "subject_type", "country", "region")
            yield wording.label({name: row.get(name) for name in columns})
            yield from (alias for alias in (row.get("aliases") or "").split(";") if alias)
