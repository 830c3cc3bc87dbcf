"""Events as text: one in a line, or all of ``changes`` and ``upcoming`` as a table or CSV."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta
from typing import Any, Final

from tabulate import tabulate

from frtracker import wording as phrases
from frtracker.answers.status import Document
from frtracker.dates import in_words, recorded
from frtracker.text.markdown import in_markdown

FORMATS: Final = ("table", "markdown", "csv", "json")

_PAST: Final = {"pulled": "pulled by its sponsors", "lapsed": "lapsed with its session"}
_COMING: Final = {"began": "begins", "ended": "ends"}


def title(event: Document, *, coming: bool = False, dated: bool = True) -> str:
    """One event in a line: ``Portland, OR: ban for private began`` (``begins``); of an event that
    is known only to lie in a range of days the last is named if ``dated``."""
    what = phrases.measure(event["measure"], event["scope"], _kinds(event))
    if event["measure"] == "none":
        what = "repeal"
    said = f"{phrases.label(event)}: {what} for {phrases.actors(event['actors'])} "
    if event["territory"] and event["subject_type"] != "supranational":
        said += f"in {event['territory'].replace(';', ', ')} "
    if event["put_off"]:
        days = (recorded(event["put_off"][name]) for name in ("from", "to"))
        return f"{said}put off from {' to '.join(days)}"
    kind = str(event["kind"])
    said += (_COMING if coming else _PAST).get(kind, kind)
    day = date.fromisoformat(event["on"])
    if event["kind"] == "ended" and event["cause"]:
        said += f", superseded by {' or '.join(event['causes'])}"
        said += " or by its own terms" * event["own_terms"]
    elif event["kind"] == "ended":
        last = "" if event["by"] else f" (last day {in_words(day - timedelta(days=1))})"
        said += f" by its own terms{last}"
    return f"{said}, by {in_words(day)}" if event["by"] and dated else said


def doubt(event: Document) -> str:
    """Why it is not certain that the event happens, in a word or two; '' where it is."""
    if event["confidence"] == "low":
        return "low confidence"
    return "" if event["certain"] else "uncertain"


def _kinds(event: Document) -> list[str]:
    return [] if event["uses"] == ["any"] else list(event["uses"])


_CSV_COLUMNS: Final = (
    "on",
    "by",
    "days",
    "kind",
    "effect",
    "key",
    "subject",
    "subject_type",
    "country",
    "region",
    "actors",
    "measure",
    "scope",
    "uses",
    "territory",
    "cause",
    "certain",
    "start_presumed",
    "confidence",
    "policy_id",
    "source_url",
    "relation",
)


def render(document: Document, format_name: str) -> str:
    """The text of a ``changes`` or ``upcoming`` document in one of :data:`FORMATS`."""
    if format_name == "json":
        return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    if format_name == "csv":
        return _as_csv(document)
    return _as_tables(document, markdown=format_name == "markdown")


def _as_csv(document: Document) -> str:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, _CSV_COLUMNS, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    for event in document["events"]:
        row = {"relation": "own", **event}
        writer.writerow({name: _plain(row[name]) for name in _CSV_COLUMNS})
    return buffer.getvalue()


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ";".join(value) if isinstance(value, list) else value


def _as_tables(document: Document, *, markdown: bool) -> str:
    first = document.get("since") or document["as_of"]
    days = [in_words(date.fromisoformat(day)) for day in (first, document["until"])]
    count = len(document["events"])
    head = f"{'From' if 'since' in document else 'After'} {days[0]} through {days[1]}"
    if document["known_at"]:
        head += f", as known on {in_words(date.fromisoformat(document['known_at']))}"
    parts = [f"{head}: {count} event{'' if count == 1 else 's'}"]
    if count:
        rows = [
            [
                ("by " if event["by"] else "") + event["on"],
                title(event, coming="as_of" in document, dated=False),
                ", ".join(event["effect"]),
                doubt(event),
                event["source_url"],
            ]
            for event in document["events"]
        ]
        headers = ["day", "what", "effect", "doubt", "source"]
        parts.append(_table(rows, headers, markdown=markdown))
    if document.get("conditions"):
        rows = [
            [
                phrases.label(rule),
                phrases.measure(rule["measure"], rule["scope"], _kinds(rule)),
                rule["ends_when"],
                rule["last_confirmed_on"] or "",
                rule["source_url"],
            ]
            for rule in document["conditions"]
        ]
        headers = ["subject", "rule", "ends", "last confirmed", "source"]
        parts.append("Ending on a condition, on no known day:")
        parts.append(_table(rows, headers, markdown=markdown))
    if document.get("reviews"):
        rows_due = sum(len(review["policy_ids"]) for review in document["reviews"])
        first_due = in_words(date.fromisoformat(document["reviews"][0]["on"]))
        parts.append(f"Reviews: {rows_due} rows come due, the first on {first_due}.")
    return "\n\n".join(parts) + "\n"


def _table(rows: list[list[str]], headers: list[str], *, markdown: bool) -> str:
    """The last cell of a row is an address; nothing in the others means anything to Markdown."""
    if markdown:
        rows = [[*map(in_markdown, row[:-1]), f"<{row[-1]}>"] for row in rows]
    style = "github" if markdown else "simple"
    return tabulate(rows, headers=headers, tablefmt=style, disable_numparse=True)
