"""A synthetic record of any size: the same seed and count, the same bytes.

Subjects have one to eight acts. An act supersedes the one before it, or stands beside it, or is a
proposal (a quarter are). Dates may be months, years, ``[A..B]`` or ``[..B]``; some acts are of low
confidence; some repeals come before what they lift, some are repealed. Free of errors.
"""

from __future__ import annotations

import csv
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from frtracker.dates import format_days, parse
from frtracker.places.gazetteer import us_places
from frtracker.record.columns import TABLES
from frtracker.record.tables import slug
from frtracker.vocabulary import BINDING_STATUSES

Row = dict[str, str]

FIRST = date(2012, 1, 1).toordinal()
TOGETHER = (
    ("police",), ("police",), ("police", "government"), ("police", "government", "schools"),
    ("government", "schools"), ("schools",), ("police", "government", "schools", "private"),
)  # fmt: skip
PROPOSALS = ("proposed", "failed", "failed", "vetoed", "pulled", "lapsed", "unknown")
USES = ("any", "any", "any", "live", "live;drone", "body_camera")


@dataclass
class _Subject:
    """One subject in the making: its acts, and which of them runs for each actor."""

    number: int
    about: Row
    actors: tuple[str, ...]
    rows: list[Row] = field(default_factory=list)
    running: dict[str, Row] = field(default_factory=dict)


def write_record(folder: Path, acts: int, seed: int = 6) -> Path:
    """Write ``policies.csv`` of ``acts`` rows with its ``subjects.csv``; the path of the first."""
    chance = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "policies.csv"
    with (
        path.open("w", newline="", encoding="utf-8") as policies,
        (folder / "subjects.csv").open("w", newline="", encoding="utf-8") as places,
    ):
        rows = csv.DictWriter(policies, TABLES["policies"].names, restval="", lineterminator="\n")
        known = csv.DictWriter(places, TABLES["subjects"].names, restval="", lineterminator="\n")
        rows.writeheader()
        known.writeheader()
        left = acts
        for number, place in enumerate(_subjects(acts)):
            subject = _Subject(number, place, chance.choice(TOGETHER))
            if place["subject_type"] == "company":
                subject.actors = ("private",)
            length = min(left, chance.choice((1, 2, 3, 3, 4, 4, 5, 5, 6, 8)))
            _live(chance, subject, length)
            rows.writerows(sorted(subject.rows, key=_first_recorded))
            known.writerow(place)
            left -= length
            if not left:
                return path
    raise AssertionError("too few subjects")


def _subjects(acts: int) -> Iterator[Row]:
    """More than enough vendors, companies and places, in the order of the record."""
    wanted = acts // 3 + 20
    for kind in ("vendor", "company"):
        for number in range(wanted // 20):
            yield {"subject": f"Firm {number:06d}", "subject_type": kind, "country": "US"}
    places = list(us_places())
    wards, named = Counter[int](), dict[tuple[str, str], Row]()
    for number in range(wanted):
        position = number * len(places) // wanted
        place = places[position]
        name = f"{place.name} {wards[position]:03d}"
        wards[position] += 1
        about = {
            "subject": name,
            "subject_type": "city",
            "country": "US",
            "region": place.region,
            "latitude": f"{place.latitude:.4f}",
            "longitude": f"{place.longitude:.4f}",
        }
        named.setdefault((place.region, slug(name)), about)
    yield from sorted(named.values(), key=lambda about: (about["region"], about["subject"]))


def _live(chance: random.Random, subject: _Subject, length: int) -> None:
    day = FIRST + chance.randrange(3500)
    while len(subject.rows) < length:
        if chance.random() < 0.25:
            _add(subject, _proposal(chance, day))
        elif len(subject.rows) + 3 <= length and chance.random() < 0.03:
            _repealed_in_time(chance, subject, day)
        else:
            _add_rule(chance, subject, _rule(chance, subject, day))
        day += chance.randrange(40, 700)


def _add(subject: _Subject, row: Row) -> Row:
    about = {key: subject.about.get(key, "") for key in ("subject", "subject_type", "country")}
    number = len(subject.rows)
    full = {
        "policy_id": f"act-{subject.number:07d}-{number}",
        **about,
        "region": subject.about.get("region", ""),
        "measure": "ban",
        "uses": "any",
        "applies_to": ";".join(subject.actors),
        "summary": f"Act {number} of {about['subject']} says when its bodies may use software that"
        " recognises people by their faces, who has to agree, and what is to be reported.",
        "instrument": f"Municipal Code, chapter {subject.number % 9973}, section {number}",
        "source_url": f"https://example.org/records/{subject.number}/acts/{number}/text.html",
        "confidence": "high",
        "reviewed_on": "2045-12-31",  # after all that has happened
        **row,
    }
    if about["subject_type"] == "city":
        full["reach"] = "all" if "private" in full["applies_to"] else "own"
    start = "effective_on" if full.get("effective_on") else "decided_on"
    if full.get("status") in BINDING_STATUSES and full.get(start, "").startswith("[.."):
        full[start] = full[start][3:-1]  # a rule needs a first possible day
    subject.rows.append(full)
    return full


def _proposal(chance: random.Random, day: int) -> Row:
    status = chance.choice(PROPOSALS)
    row = {"status": status, "introduced_on": _partial(chance, day)}
    if status not in ("proposed", "unknown"):
        row["decided_on"] = _partial(chance, day + chance.randrange(400, 700))
    return row


def _rule(chance: random.Random, subject: _Subject, day: int) -> Row:
    measure = chance.choice(("ban", "ban", "moratorium", "withdrawal", "restriction", "oversight"))
    row = {
        "measure": measure,
        "uses": chance.choice(USES),
        "status": chance.choice(("adopted", "adopted", "adopted", "announced")),
        "confidence": "low" if chance.random() < 0.03 else chance.choice(("high", "medium")),
        "decided_on": _partial(chance, day),
        "last_confirmed_on": _on(day + 400),
    }
    if chance.random() < 0.6:
        row["effective_on"] = _partial(chance, day + chance.choice((0, 30, 90, 200)), back=day)
    if measure == "moratorium" or (
        measure in ("restriction", "oversight") and chance.random() < 0.2
    ):
        if chance.random() < 0.3:
            row["ends_when"] = "until a state law"
        else:
            row["expires_on"] = _partial(chance, day + chance.randrange(700, 1800), back=day + 600)
    if subject.about["subject_type"] == "vendor" and chance.random() < 0.5:
        row["territory"] = chance.choice(("US", "US-IL", "CA", "CA;US", "DE"))
    if chance.random() < 0.05:
        row["decided_on"], row["effective_on"] = "", row["decided_on"]
    return row


def _add_rule(chance: random.Random, subject: _Subject, row: Row) -> None:
    """Mostly in place of what runs for all its actors, or for one of them, or as its repeal."""
    actors = subject.actors if chance.random() < 0.8 else (chance.choice(subject.actors),)
    row["applies_to"] = ";".join(actors)
    old = {id(found): found for actor in actors if (found := subject.running.get(actor))}
    clean = all(
        subject.running.get(actor) is found
        for found in old.values()
        for actor in actors
        if actor in found["applies_to"].split(";")
    )
    beside = chance.random() < 0.15
    if old and clean and not beside:
        row["supersedes"] = ";".join(sorted(found["policy_id"] for found in old.values()))
        if chance.random() < 0.2:
            row |= {"measure": "none", "uses": "any", "expires_on": "", "ends_when": ""}
    elif beside or old:
        row["uses"] = "retail" if actors == ("private",) else "cctv"
    made = _add(subject, row)
    if beside or (old and not clean):
        return
    for actor in actors:
        if made["measure"] == "none":
            subject.running.pop(actor, None)
        else:
            subject.running[actor] = made


def _repealed_in_time(chance: random.Random, subject: _Subject, day: int) -> None:
    """A rule that is repealed before its start, or about then, so that what it was to end goes on;
    at times the repeal is repealed as well."""
    coming = _rule(chance, subject, day)
    first = day + 300
    last = first + (chance.randrange(1, 40) if chance.random() < 0.3 else 0)
    coming |= {"decided_on": _on(day), "measure": "ban", "expires_on": "", "ends_when": ""}
    coming["effective_on"] = format_days(date.fromordinal(first), date.fromordinal(last))
    _add_rule(chance, subject, coming)
    made = subject.rows[-1]
    while made["measure"] != "none" or chance.random() < 0.3:
        repeal = {
            "measure": "none",
            "status": "adopted",
            "applies_to": made["applies_to"],
            "supersedes": made["policy_id"],
            "decided_on": _on(day + 50),
            "effective_on": _on(day + chance.choice((50, 300, 310))),
        }
        twice = made["measure"] == "none"
        made = _add(subject, repeal)
        if twice:
            break
    subject.running.clear()


def _on(day: int) -> str:
    return date.fromordinal(day).isoformat()


def _partial(chance: random.Random, day: int, back: int | None = None) -> str:
    """``day`` as some source might know it; never certainly before ``back``."""
    exact = date.fromordinal(day)
    kind = chance.random()
    if kind < 0.82:
        return exact.isoformat()
    if kind < 0.92:
        return f"{exact.year}-{exact.month:02d}"
    if kind < 0.95:
        return str(exact.year)
    first = max(day - chance.randrange(1, 60), back or FIRST)
    if kind < 0.98 and first < day:
        return format_days(date.fromordinal(first), exact)
    return f"[..{exact}]" if back is None else exact.isoformat()


def _first_recorded(row: Row) -> tuple[int, str]:
    """As :mod:`frtracker.record.tables` orders the acts of one subject."""
    days = [
        parse(row[name])
        for name in ("introduced_on", "decided_on", "effective_on")
        if row.get(name)
    ]
    first = (days.high if days.low == date.min else days.low for days in days)
    return min(first).toordinal(), row["policy_id"]
