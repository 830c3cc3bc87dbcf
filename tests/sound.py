"""Four sound tables, and what the rules say of them with a few cells changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd

import records
from frtracker.record import cells, load
from frtracker.record.cells import Kind
from frtracker.record.check import Record, Rows, check_record
from frtracker.record.checks import CHECKS
from frtracker.record.findings import Finding
from frtracker.record.read import Files, TextTable
from frtracker.record.tables import typed

BASE = records.folder("base")

OAKLAND, OAKLAND_2021, OAKLAND_2022 = (f"us-ca-oakland-{year}" for year in (2019, 2021, 2022))
PORT, MASSACHUSETTS = "us-ca-oakland-port-2020", "us-ma-2020"
VENDOR, COMPANY, UNION = "vendor-example-2020", "company-shops-2021", "union-2024"


FILES = load.find([BASE / "policies.csv"])
SOUND = {name: text.frame for name, text in FILES.texts.items()}
KEY = {"policies": "policy_id", "subjects": "subject", "sources": "policy_id"}


def changed(name: str, changes: dict[str, dict[str, str]]) -> pd.DataFrame:
    """The sound table with these cells; a row that is not in it is made ``like`` another, but for
    the code of the place."""
    rows = {row[KEY[name]]: row for row in SOUND[name].to_dict("records")}
    for key, new in changes.items():
        row = dict(rows[new.get("like", key)])
        if "like" in new and "geoid" in row:
            row["geoid"] = ""
        rows[key] = row | {KEY[name]: key} | new
        rows[key].pop("like", None)
    return pd.DataFrame(list(rows.values()), dtype="str")[list(SOUND[name].columns)]


def meaning(**changes: dict[str, dict[str, str]]) -> list[Finding]:
    """What the rules on rows and tables find in the sound tables with these problems."""
    return meaning_of(SOUND | {name: changed(name, new) for name, new in changes.items()})


def meaning_of(texts: dict[str, pd.DataFrame]) -> list[Finding]:
    """What the rules on rows and tables find in these text tables."""
    rows = {name: Rows(typed(name, text)) for name, text in texts.items()}
    made = {name: text_table(name, text) for name, text in texts.items()}
    files = Files(made, present=frozenset(texts), borrowed=frozenset(), shipped=False)
    found, skipped = check_record(Record(files, rows), CHECKS)
    assert skipped == []
    return found


def text_table(name: str, frame: pd.DataFrame) -> TextTable:
    """The table as if read from a file."""
    lines = np.arange(len(frame)) + 2
    return TextTable(name, Path(f"{name}.csv"), f"{name}.csv", frame, lines, b"", ())


def problem_of(kind: Kind, code: str) -> Callable[[str], str | None]:
    """What the test with this code says of a cell of this kind."""
    return next(check.look for check in kind.checks if check.code == code)


def word_of(terms: Sequence[str], *, many: bool = False) -> Callable[[str], str | None]:
    return problem_of(cells.words(terms) if many else cells.word(terms), "R101")


def supported_columns(columns: Sequence[str], dates: Sequence[str]) -> Callable[[str], str | None]:
    return problem_of(cells.supports(columns, dates), "R119")


problems = SimpleNamespace(
    filled=cells.REQUIRED.look,
    word_of=word_of,
    listed=problem_of(cells.IDS, "R102"),
    any_alone=problem_of(cells.words(["any", "live"]), "R103"),
    slugged=problem_of(cells.ID, "R104"),
    reformatted=problem_of(cells.DATE_RANGE, "R123"),
    blanks=problem_of(cells.ID, "R124"),
    typed=problem_of(cells.ID, "R125"),
    dated=problem_of(cells.DATE_RANGE, "R106"),
    exact_day=problem_of(cells.EXACT_DAY, "R107"),
    country=problem_of(cells.COUNTRY_CODE, "R108"),
    region=problem_of(cells.REGION_CODE, "R109"),
    territory=problem_of(cells.CODES, "R110"),
    link=problem_of(cells.URL, "R111"),
    secure_link=problem_of(cells.URL, "R112"),
    geoid=problem_of(cells.GEOID_CODE, "R113"),
    latitude=problem_of(cells.LATITUDE_DEGREES, "R114"),
    longitude=problem_of(cells.LONGITUDE_DEGREES, "R115"),
    one_line=problem_of(cells.TEXT, "R116"),
    lines=problem_of(cells.LINES, "R116"),
    normal_form=problem_of(cells.TEXT, "R117"),
    telling=problem_of(cells.TEXT, "R121"),
    decoded=problem_of(cells.LINES, "R122"),
    supported_columns=supported_columns,
)
"""What each test says of a single cell."""


def p(**row: str) -> dict[str, str]:
    return row
