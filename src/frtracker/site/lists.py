"""What the pages list: subjects, also those without an act, their positions on one day and on all,
the rules of others that apply there, what was looked for, and what is doubtful."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import dropwhile, groupby
from typing import Any, Final, NamedTuple

from frtracker import look, wording
from frtracker.answers.documents import Document, Row, is_live, listed, records
from frtracker.codes import US_REGION_NAMES, country_name, region_name
from frtracker.layers import Layer, Readings, layers
from frtracker.places.place import Place, of_subject
from frtracker.places.subjects import Subject
from frtracker.record.load import Tables
from frtracker.record.tables import subject_key
from frtracker.timeline import Timeline
from frtracker.timeline.days import turns
from frtracker.timeline.rules import RANK
from frtracker.vocabulary import ACTORS, HELD_STATES, MARKETED, MEASURES, SUBJECT_TYPES

_OVER: Final = "Ended, replaced or failed"
_TITLES: Final = {
    "in_force": "In force",
    "uncertain": "Uncertain",
    "scheduled": "Adopted, not yet in effect",
    "proposed": "Pending",
    "": _OVER,
}
"""By state of an act; every other state is under the last."""
_KINDS: Final = {
    **{
        code: (term.label.capitalize(), term.definition, f"is-{code}")
        for code, term in MEASURES.items()
        if code != "none"
    },
    "narrow": (
        "Narrow rules only",
        "Rules are in force, each for some uses only, such as body cameras or one product.",
        "is-any is-narrow",
    ),
    "uncertain": (
        "Uncertain",
        "A rule may be in force: a date is known only roughly, or an act is not established.",
        "is-any is-uncertain",
    ),
    "none": (
        "No rule in force",
        "Acts are recorded (proposed, failed, ended, or not begun), and none is in force.",
        "is-none",
    ),
}
"""Groups of the first page, from the strictest to no rule in force: title, definition, look."""


def groups(subjects: Iterable[Document]) -> Iterator[dict[str, Any]]:
    """The places and agencies of each group that has any, by country (the one with most first)."""
    members: dict[str, list[Document]] = {code: [] for code in _KINDS}
    for entry in subjects:
        if entry["subject_type"] not in MARKETED:
            code = "narrow" if entry["scope"] == "narrow" else entry["measure"]
            members[code if entry["certain"] else "uncertain"].append(entry)
    for code, (title, definition, appearance) in _KINDS.items():
        if members[code]:
            in_order = groupby(sorted(members[code], key=_place), lambda entry: _place(entry)[0])
            countries = [(country, list(entries)) for country, entries in in_order]
            countries.sort(key=lambda group: (-len(group[1]), group[0]))
            yield {
                "code": code,
                "title": title,
                "definition": definition,
                "look": appearance,
                "number": len(members[code]),
                "countries": countries,
            }


def _place(entry: Document) -> tuple[str, str, str, str]:
    region = entry["region"] or ""
    country = country_name(entry["country"]) if entry["country"] else "Unions of countries"
    return country, region_name(region), entry["subject"], entry["subject_key"]


def count_rows(columns: Sequence[Document]) -> Iterator[tuple[str, str, list[int]]]:
    """The look, the label and the numbers of each row of a table of places and agencies by
    position; ``columns``: the ``counts`` of a status document."""
    both = [(counts["places"], counts["agencies"]) for counts in columns]
    for code, term in MEASURES.items():
        if code != "none":
            numbers = [sum(group["general"][code] for group in groups) for groups in both]
            yield f"is-{code}", term.label, numbers
    narrow = [sum(sum(group["narrow"].values()) for group in groups) for groups in both]
    yield "is-any is-narrow", "limited to some uses", narrow
    for code, label in (("uncertain", "uncertain"), ("none", wording.NONE)):
        yield f"is-any is-{code}", label, [sum(group[code] for group in groups) for groups in both]


def marketed(subjects: Iterable[Document], kind: str) -> list[Document]:
    """The vendors or companies by name."""
    entries = (entry for entry in subjects if entry["subject_type"] == kind)
    return sorted(entries, key=lambda entry: (entry["subject"].lower(), entry["subject_key"]))


def ancestors(subjects: Mapping[str, Subject], pages: Mapping[str, Any]) -> dict[str, list[str]]:
    """By key of each page's subject, the keys of those around it that have one, nearest first."""
    return {
        key: [up.key for up in of_subject(subjects, subjects[key]).parents if up.key in pages]
        for key in pages
    }


def without_acts(tables: Tables, subjects: Mapping[str, Subject]) -> dict[str, Subject]:
    """By key, the US states and territories and the countries that have no subject in the record,
    of countries those that have a search, an act in a place or agency, or a rule from above."""
    policies, searches = tables.policies, tables.searches
    of_places = policies[~policies["subject_type"].isin([*MARKETED])]
    unions = policies.loc[policies["subject_type"] == "supranational", "territory"]
    codes = {*of_places["country"], *searches["country"]}
    codes |= {code for cell in unions for code in listed(cell) if "-" not in code}
    states = US_REGION_NAMES if "US" in codes else ()
    places = [("state", region_name(code), "US", code) for code in states]
    places += [("country", country_name(code), code, "") for code in sorted(codes - {""})]
    found = {}
    for kind, name, country, region in places:
        key = subject_key(country, region, kind, name)
        if key not in subjects:
            found[key] = Subject(key, name, kind, country, region)
    return found


def of_others(
    readings: Readings, subjects: Mapping[str, Subject], place: Place, rules: Mapping[str, Document]
) -> Iterator[tuple[Layer, list[Document]]]:
    """The agencies and governments of which some of ``rules`` (by id) apply in ``place``, nearest
    first, with these rules; to a vendor or company none do."""
    for layer in layers(subjects, place) if not place.is_vendor else ():
        if layer.key and layer.role != "place":
            acts = readings.acts(layer, place)
            if reaching := [rules[act] for act in acts if act in rules]:
                yield layer, reaching


def searches_of(rows: Iterable[Row], subject: Subject) -> list[Row]:
    """What was looked for in a state or country, newest first; companies have no place."""
    if subject.subject_type not in ("state", "country"):
        return []
    region = subject.region if subject.subject_type == "state" else ""
    found = [
        row
        for row in rows
        if (row["country"], row["region"]) == (subject.country, region)
        and row["level"] != "company"
    ]
    return sorted(found, key=lambda row: str(row["searched_on"]), reverse=True)


def by_state(acts: Iterable[Document]) -> list[tuple[str, list[Document]]]:
    """Acts, as a history has them, under the titles of :data:`_TITLES`, in force first."""
    members: dict[str, list[Document]] = {title: [] for title in _TITLES.values()}
    for act in acts:
        is_live = act["measure"] != "none" or act["state"] not in HELD_STATES
        members[_TITLES.get(act["state"] if is_live else "", _OVER)].append(act)
    return [(title, own) for title, own in members.items() if own]


class InsideRow(NamedTuple):
    """A subject in the list of those inside a place. ``text``: what is in force there for whom, or
    comes next, '' without a rule of its own; ``inside``: how many inside it have one: ``3 cities,
    1 agency``."""

    key: str
    label: str
    look: str
    text: str
    inside: str


def inside_rows(
    keys: Iterable[str],
    everyone: Mapping[str, Subject],
    entries: Mapping[str, Document],
    further: Mapping[str, Iterable[str]],
) -> Iterator[InsideRow]:
    """One row for each of ``keys``. ``entries``: of a status document by key; ``further``: the keys
    of those inside each that are not among ``keys``."""
    for key in keys:
        entry, look_of, text = entries.get(key), "", ""
        if entry and _is_ruled(entry):
            look_of = look.classes(entry["measure"], entry["scope"], certain=entry["certain"])
            text = "; ".join(wording.brief_positions(entry["positions"]))
            text = text or f"next {wording.next_change(entry['next_change'])}"
        ruled = (it for it in further.get(key, ()) if it in entries and _is_ruled(entries[it]))
        kinds = Counter(everyone[it].subject_type for it in ruled)
        numbers = (wording.counted(kind, kinds[kind]) for kind in SUBJECT_TYPES if kinds[kind])
        yield InsideRow(key, everyone[key].label, look_of, text, wording.joined(numbers))


def _is_ruled(entry: Document) -> bool:
    return any(map(is_live, entry["policies"]))


def market_rows(
    entries: Iterable[Document], country: str
) -> Iterator[tuple[Document, str, list[str]]]:
    """The vendors and companies with rules for a country or a part of it, by name, each with the
    look of its strictest and what they are; a rule without a territory is for its own country."""
    for entry in sorted(entries, key=lambda it: (it["subject"].lower(), it["subject_key"])):
        rules = [
            rule
            for rule in entry["policies"]
            if is_live(rule)
            and country in {code[:2] for code in rule["territory"] or [entry["country"]]}
        ]
        if entry["subject_type"] in MARKETED and rules:
            rules.sort(key=lambda rule: RANK[rule["measure"], rule["scope"]], reverse=True)
            top = rules[0]
            looks_like = look.classes(top["measure"], top["scope"], certain=top["certain"])
            yield entry, looks_like, _in_market(rules, country)


def _in_market(rules: Iterable[Document], country: str) -> list[str]:
    """What rules of one company are: ``ban for police in Alberta and Quebec only``, each once."""
    places: dict[str, list[str]] = {}
    for rule in rules:
        text = f"{wording.also(rule, with_place=False)} for {wording.actors(in_force_for(rule))}"
        if rule["state"] == "scheduled":
            text = f"{text} ({look.CATEGORIES['scheduled'].label})"
        parts = [] if country in (rule["territory"] or [country]) else rule["territory"]
        places.setdefault(text, []).extend(parts)
    return [wording.joined([text, wording.only_in(codes)], " ") for text, codes in places.items()]


def in_force_for(rule: Document) -> list[str]:
    """For whom a rule is in force that may have ended for some."""
    return [actor for actor in rule["applies_to"] if actor not in rule["superseded_for"]]


class PositionRow(NamedTuple):
    """A position as a row of a table. ``also``: other rules in force, as (policy_id, text)."""

    text: str
    where: str
    since: str
    until: str
    look: str
    also: tuple[tuple[str, str], ...]


def position_rows(positions: Mapping[str, Document | None]) -> list[tuple[PositionRow, list[str]]]:
    """Positions of a status document, each with the actors that share it; last, without actors,
    what is in force besides for all of them."""
    rows = {
        actor: PositionRow(
            wording.position(each),
            wording.where(each["territory"]),
            wording.since(each).removeprefix("since "),
            wording.until(each),
            look.classes(each["measure"], each["scope"], certain=each["certain"]),
            tuple((rule["policy_id"], wording.also(rule)) for rule in each["also"]),
        )
        for actor, each in positions.items()
        if each
    }
    found = wording.alike(rows)
    if len(found) < 2:
        return found
    shared = [it for it in found[0][0].also if all(it in row.also for row, _ in found)]
    if not shared:
        return found
    apart = [
        (row._replace(also=tuple(it for it in row.also if it not in shared)), actors)
        for row, actors in found
    ]
    return [*apart, (PositionRow("", "", "", "", "", tuple(shared)), [])]


class Spell(NamedTuple):
    """A position in time: its first and last day, None where it is open."""

    first: date | None
    last: date | None
    text: str
    look: str


def past_positions(timeline: Timeline) -> dict[str, list[tuple[tuple[Spell, ...], list[str]]]]:
    """By key of subject: all its positions, the earliest first, hand-overs left out, with the
    actors that share them."""
    table = timeline.positions
    face = ["measure", "scope", "certain", "at_least_measure", "at_least_scope", "lifted"]
    columns = ["subject_key", "actor", *face, "territory"]
    table = table[turns(*(table[name].to_numpy() for name in columns))]
    # from the first to an open end there is no gap
    table = table.assign(valid_to=table.groupby(["subject_key", "actor"])["valid_from"].shift(-1))
    spells: dict[str, dict[str, tuple[Spell, ...]]] = {}
    for row in records(table):
        of_actor = spells.setdefault(row["subject_key"], {})
        of_actor[row["actor"]] = (*of_actor.get(row["actor"], ()), _spell(row))
    return {key: wording.alike(by_actor) for key, by_actor in spells.items()}


def from_first_rule(
    past: Iterable[tuple[tuple[Spell, ...], list[str]]],
) -> list[tuple[tuple[Spell, ...], list[str]]]:
    """The same without "no rule in force" before the first rule, where only bills were; an actor
    who never had a rule is left out."""
    ruled = {
        actor: tuple(dropwhile(lambda spell: spell.look == "is-none", spells))
        for spells, actors in past
        for actor in actors
    }
    return wording.alike({actor: ruled[actor] for actor in ACTORS if ruled.get(actor)})


def _spell(row: Row) -> Spell:
    floor = row["at_least_measure"]
    at_least = {"measure": floor, "scope": row["at_least_scope"]} if floor else None
    territory = wording.only_in(listed(row["territory"]))
    return Spell(
        row["valid_from"] if row["valid_from"].year > 1 else None,
        row["valid_to"] - timedelta(days=1) if row["valid_to"] else None,
        wording.joined([wording.position({**row, "at_least": at_least}), territory]),
        look.classes(row["measure"], row["scope"], certain=row["certain"]),
    )


def looks(past: Iterable[tuple[Sequence[Spell], Sequence[str]]]) -> list[tuple[str, str]]:
    """The looks of a subject's positions, the strictest first, with what they mean."""
    found = {spell.look for spells, _ in past for spell in spells}
    return [
        (each, wording.joined([label, limits, doubt]))
        for code, term in MEASURES.items()
        for narrow, limits in (("", ""), (" is-narrow", "some uses only"))
        for uncertain, doubt in (("", ""), (" is-uncertain", "uncertain"))
        if (each := f"is-{code}{narrow}{uncertain}") in found
        and (label := wording.NONE if code == "none" else term.label)
    ]


def doubts(rules: Iterable[Document]) -> Iterator[tuple[str, str]]:
    """What the record leaves open or only assumes: a sentence, and the act that it is about."""
    for rule in rules:
        about_rule = wording.doubts(rule) if is_live(rule) else ()
        for text in dict.fromkeys([*about_rule, *wording.act_doubts(rule)]):
            yield f"{text[0].upper()}{text[1:]}.", rule["policy_id"]
