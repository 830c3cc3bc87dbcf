"""A record whose names and texts are hostile, its twin whose are not, and one whose every text is
hostile at once."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import inputs

import records
from frtracker.record import cells
from frtracker.record.columns import FILES, TABLES, Column

NAMES = [
    text
    for text in inputs.HOSTILE
    if re.search("[A-Za-z0-9]", text) and ";" not in text and len(text) < 100
]
HARMLESS = [f"Harmless {number}" for number in range(len(NAMES))]


def record(folder: Path, names: list[str]) -> Path:
    """Vendors and cities that bear these names, which are all that is said of them."""
    policies, subjects, sources = inputs.rows(), inputs.rows("subjects"), inputs.rows("sources")
    for number, name in enumerate(names):
        for kind, code, region in (("vendor", "US", ""), ("city", "US", "US-CA")):
            policy_id = f"{kind}-{number}"
            called = f"{name} {number}"
            told = dict.fromkeys(("summary", "exceptions", "notes", "instrument"), name)
            row = dict.fromkeys(inputs.COLUMNS, "") | told | {
                "policy_id": policy_id, "subject": called, "subject_type": kind,
                "country": code, "region": region, "measure": "moratorium", "uses": "any",
                "applies_to": "police", "status": "adopted", "decided_on": "2020-06-10",
                "ends_when": name, "last_confirmed_on": "2021-01-01", "decided_by": name,
                "reach": "own" if kind == "city" else "", "confidence": "high",
                "source_url": f"https://example.org/{policy_id}?a='b'", "reviewed_on": "2026-11-22",
            }  # fmt: skip
            policies.append(row)
            place = {"latitude": "37.80", "longitude": "-122.22"} if kind == "city" else {}
            subject = dict.fromkeys(subjects[0], "") | place
            identity = ("subject", "subject_type", "country", "region")
            subjects.append(
                subject | {key: row[key] for key in identity}
                | {"aliases": f"the {kind} of number {number};{name} alias {kind} {number}"}
            )  # fmt: skip
            source = dict.fromkeys(sources[0], "")
            sources.append(
                source | {"policy_id": policy_id, "url": row["source_url"], "publisher": name,
                          "title": name, "published_on": "2021", "kind": "law",
                          "supports": "decided_on;last_confirmed_on"}
            )  # fmt: skip
    path = inputs.folder_with(folder, inputs.text_of(policies))
    (folder / "subjects.csv").write_text(inputs.text_of(subjects), "utf-8", newline="")
    (folder / "sources.csv").write_text(inputs.text_of(sources), "utf-8", newline="")
    return path


# --- every text of every table

ACTING = (
    *inputs.HOSTILE,
    "score <b 90 or >95, R&D",
    "<svg onload=window.ran=1><a href=javascript:window.ran=1>x</a>",
    "</title></style></textarea><script>window.ran=1</script>",
    "<![CDATA[x]]></summary><entry><title>x</title></entry>",
    "&#60;b&#62; &amp;lt; &nbsp; x",
    "javascript:window.ran=1",
    "https://evil.example/x www.evil.example x@evil.example",
    "**b** __i__ ~~s~~ `c` ![i](https://evil.example/i)",
    "::error::x %0A::error::y",
    "\\n \\, \\; \\N \"q\" “q” 'q'",
    "BEGIN:VALARM",
    "\U0001f44d\U0001f3fd מתי",
)
_SHORT = [it for it in ACTING if len(it) < 100 and it[-1] != ";"]
_IN_LIST = [it for it in _SHORT if ";" not in it]


def text(kind: cells.Kind) -> str:
    """All that acts, in one cell."""
    if kind is cells.NAMES:
        return " ".join(_IN_LIST)
    return ("\n" if kind is cells.LINES else " ").join(re.sub("; ?", "; ", it) for it in _SHORT)


def _named(number: int) -> str:
    """Part of what acts, no longer than a name may be: five of these are all."""
    return " ".join(_IN_LIST[number::5])


TEXTS = [
    (table.name, column)
    for table in FILES.values()
    for column in table.columns
    if column.kind in (cells.TEXT, cells.LINES, cells.NAMES)
    and (table.name, column.name) not in (("accepted", "id"), ("accepted", "code"))
]
"""The columns in which people write what they want."""


def _tables() -> dict[str, list[inputs.Row]]:
    tables = {table: records.rows("base", table) for table in TABLES}
    warning = {"table": "policies", "id": "union-2024", "code": "R046", "reason": "-"}
    tables["accepted"] = [warning]
    names = {
        row["subject"]: f"{row['subject']} {_named(number)}"
        for number, row in enumerate(it for it in tables["subjects"] if it["geoid"] != "25")
    }
    for table, rows in tables.items():
        for number, row in enumerate(rows):
            for column in FILES[table].columns:
                name = column.name
                if name in ("subject", "within"):
                    row[name] = names.get(row[name], row[name])
                elif name == "locator" and row.get("value") == "silent":
                    pass  # which has no place in its text
                elif (table, column) in TEXTS and (row[name] or name != "ends_when"):
                    begin = f"{table} {name} {number}"
                    again = f";{begin} again" if column.kind is cells.NAMES else ""
                    row[name] = f"{begin}: {text(column.kind)}{again}"
                elif name == "population_url" and not row["population"]:
                    pass
                elif column.kind is cells.URL:
                    row[name] = f"{row[name] or 'https://example.org/'}?a='b'&lt;c&d=(e)"
            if row.get("subject_type") == "city":
                row |= {"geoid": ""} if table == "subjects" else {}
    return tables


def everywhere(folder: Path) -> tuple[Path, Path]:
    """Two editions of a record that is hostile in every text of every table: the earlier lacks the
    vendor's act, has another day of the port's, and an end of the company's that was still to
    come. The later has an end to come."""
    made = []
    for name in ("earlier", "later"):
        tables = _tables()
        union, company, vendor, *_, port, _ = tables["policies"]
        union["expires_on"] = "2027-06-01" if name == "later" else ""
        if name == "earlier":
            company["expires_on"] = "2027-03-01"
            port["decided_on"] = "2020-02-10"
            for table in ("policies", "sources"):
                tables[table] = [
                    it for it in tables[table] if it["policy_id"] != vendor["policy_id"]
                ]
        (folder / name).mkdir(parents=True)
        for table, rows in tables.items():
            records.write(folder / name, table, rows)
        made.append(folder / name / "policies.csv")
    return made[0], made[1]


def cells_of(folder: Path, table: str, column: Column) -> list[str]:
    """The texts, or names, in the cells of a column."""
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        found = [row[column.name] for row in csv.DictReader(file)]
    is_list = column.kind is cells.NAMES
    return [it for cell in found for it in (cell.split(";") if is_list else [cell]) if it]
