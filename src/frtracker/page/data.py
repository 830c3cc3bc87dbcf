"""What the page's script works with, in one JSON value: the whole record, on all its days.

- ``opens``, ``opens_for``: the day shown at first, and whom the rules shown at first are for
- ``first``, ``last``: the days that can be shown, from the first act to the last change, or two
  years ahead; ``reviewed``: the last day whose decisions are in the answers, of the last review or
  of knowledge; ``today``: the day that the page is made for, not before ``reviewed``; ``recent``:
  the first and the last day of the strip of time as it opens
- ``subjects``: who they are and where they are drawn; ``policies``: what each act says,
  ``law`` counts from 1 which of its sources has the text of the law; ``sources``: its proofs, each
  stored once; what is shown of them when: ``page/history.py``
- ``above``: the rules of others that apply in a place, of its agencies first, as lists of (subject,
  acts), named by number; ``outlines``: which of these are for a country or US state that has no
  act; ``places``: what else the search finds
- ``searches``: by country or region, what was looked for without finding an act, and the day if it
  was the law itself; ``searched``: those of which the law itself was searched
- ``texts``: strings that are named by number; ``words``: sentences and templates; ``vocabulary``:
  labels, definitions and order; ``sheets``: what is drawn, see :mod:`frtracker.sheets`. Empty and
  false members are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from frtracker import outlines, sheets, vocabulary, wording
from frtracker.answers.coverage import coverage
from frtracker.answers.documents import grouped, latest_day, listed, records
from frtracker.answers.marks import is_of_law, law_searched, opening_sheet, outlined, spots_of
from frtracker.codes import US_REGION_NAMES, countries, long_geoid, region_kind
from frtracker.layers import Readings, layers
from frtracker.look import CATEGORIES
from frtracker.page.history import CHOICES, FLAGS, Interned, actors_number, day_number, history
from frtracker.page.places import places
from frtracker.people import People
from frtracker.places.place import Place, of_country, of_region, of_subject
from frtracker.places.subjects import Subject, subjects_by_key
from frtracker.timeline.days import EPOCH
from frtracker.timeline.rules import RANKED

if TYPE_CHECKING:
    from frtracker.record.load import Tables
    from frtracker.timeline import Timeline

Json = dict[str, Any]
Point = tuple[float, float]
Source = tuple[str, ...]
"""Address, text of the link, what follows it, and the address of a copy if there is one."""

Chain = tuple[tuple[str, tuple[str, ...]], ...]
"""(subject, its acts) of a place's agencies and of each government above it, nearest first; those
without an act left out."""

_RECENT: Final = date(2019, 1, 1)
"""The strip of time opens here: the years before have few rules."""
_AHEAD: Final = 2
"""Years after today that the strip of time shows."""
_OTHERS: Final = ("agency", "school", "supranational")
"""Types of the subjects whose rules apply in places that do not name them as what they lie in."""
_TEXTS: Final = ("territory", "decided_by", "instrument", "summary", "exceptions", "notes")


def data(tables: Tables, timeline: Timeline, day: date, *, actor: str = vocabulary.ANYONE) -> Json:
    """The page's data, to open on ``day`` with the rules for ``actor``. Raises ``KeyError`` for
    what no table knows."""
    everyone, acts = subjects_by_key(tables.subjects), _acts(timeline)
    with_acts = {act["subject_key"] for act in acts.values()}
    shown = [subject for key, subject in everyone.items() if key in with_acts]
    above, chains = _inheritance(tables, everyone), Interned[Chain]({(): 0})
    states, counties = outlines.names("states"), outlines.names("counties")
    subjects = _subjects(shown, tables)
    for subject, each in zip(shown, subjects, strict=True):
        if chain := above(of_subject(everyone, subject)):
            each["above"] = chains[chain]
    drawn = {each["shape"] for each in subjects if "shape" in each}
    others = {code: of_country(everyone, code) for code in countries()}
    others |= {code: of_region(everyone, code, name) for code, name in states.items()}
    reached = {code: above(place) for code, place in others.items() if code not in drawn}
    unowned = {code: chains[chain] for code, chain in reached.items() if chain}
    found = places(everyone, with_acts, lambda place: chains[above(place)])
    texts = Interned({"": 0})
    numbers = {subject.key: number for number, subject in enumerate(shown)}
    order = {policy_id: number for number, policy_id in enumerate(acts)}
    inherited = {act for chain in chains for _, ids in chain for act in ids}
    review = tables.edition.reviewed_through
    reviewed = min(timeline.known_at or date.max, date.fromisoformat(review) if review else day)
    today = max(day, reviewed)
    days = history(tables, timeline, today, acts, numbers, inherited, texts)
    ends = map(day_number, timeline.positions["valid_to"].dropna())
    days_of_change = [day_number(day), *days["events"]["last"], *ends]
    first = min(days_of_change)
    ahead = day_number(today.replace(year=min(today.year + _AHEAD, date.max.year), day=1))
    proofs = _proofs(tables, acts)
    every = sorted({source for own in proofs.values() for source in own})  # like by like: smaller
    sources = Interned((source, place) for place, source in enumerate(every))
    rows_of, policies = grouped(tables.sources, "policy_id"), []
    for policy_id, act in acts.items():
        rows = rows_of.get(policy_id, ())
        law = wording.law_text({**row, "supports": listed(row["supports"])} for row in rows)
        own = proofs[policy_id]
        policy = {
            **_policy(act, texts),
            "subject": numbers[act["subject_key"]] + 1,
            "sources": [sources[source] for source in own],
        }
        if law:
            policy["law"] = [address for address, *_ in own].index(law) + 1
        policies.append(policy)
    kinds = {*vocabulary.SUBJECT_TYPES} - vocabulary.MARKETED
    covered = coverage(tables, kinds, vocabulary.ACTORS)
    masthead = f"{wording.TEMPLATES['masthead']} ({wording.coverage(covered)})"
    known = "as_known" if timeline.known_at else "reviewed" if review else "without_acts"
    return {
        "opens": day_number(day),
        "opens_for": actor,
        "first": first,
        "last": max(*days_of_change, ahead),
        "today": day_number(today),
        "reviewed": None if known == "without_acts" else day_number(reviewed),
        "recent": [max(first, day_number(min(_RECENT, today))), ahead],
        "subjects": subjects,
        "policies": policies,
        "sources": list(sources),
        **days,
        "people": _people(tables, timeline, everyone, texts),
        "above": [
            [[numbers[key], [order[act] for act in ids]] for key, ids in chain] for chain in chains
        ],
        "outlines": unowned,
        "places": found,
        **_searches(tables),
        "texts": list(texts),
        "words": {
            "phrases": {
                **wording.TEMPLATES,
                "banned": wording.banned_in(covered),
                "masthead": masthead,
                "reviewed": wording.TEMPLATES[known],
                **_citing(tables),
            },
            "counted": dict(wording.COUNTED),
            "categories": {it.code: (it.label, it.definition) for it in CATEGORIES.values()},
        },
        "vocabulary": _vocabulary(),
        "sheets": _sheets(drawn & counties.keys()),
        "home": opening_sheet(tables),
    }


def _people(
    tables: Tables, timeline: Timeline, subjects: Mapping[str, Subject], texts: Interned[str]
) -> list[list[list[int]]]:
    """For each actor the days on which the number of people changes who live where one of their own
    governments may not use it, and the places of the number in the texts."""
    living = People(Readings(tables.policies, timeline.known_at), subjects)
    found = []
    for actor in vocabulary.ACTORS:
        days: list[int] = []
        numbers: list[int] = []
        for day, count in living.steps(actor):
            least = count.prohibited_is_least
            number = texts[wording.people_number(*count.prohibited, least=least)]
            if number != (numbers[-1] if numbers else 0):
                days.append(day - EPOCH)
                numbers.append(number)
        found.append([days, numbers])
    return found


def _acts(timeline: Timeline) -> dict[str, Json]:
    """The rows of the record by id, the newest first."""
    rows = records(timeline.policies)
    rows.sort(key=lambda act: latest_day(act) or 0, reverse=True)
    return {act["policy_id"]: act for act in rows}


def _lean(record: Mapping[Any, Any]) -> Json:
    """Without empty and false members; the script takes what is absent for empty."""
    return {key: value for key, value in record.items() if value not in (None, "", [], {}, 0)}


def _subjects(shown: Sequence[Subject], tables: Tables) -> list[Json]:
    """The subjects as the page's script reads them."""
    shapes, spots = outlined(shown), spots_of(tables.subjects)
    return [_subject(each, each.outline in shapes, spots[each.key]) for each in shown]


def _subject(subject: Subject, is_outlined: bool, spots: Sequence[Point]) -> Json:
    """``spots``: where on the plane its circles are."""
    around = subject.around
    if subject.country == "US" and len(around) > 1:  # a US place is known by its state
        around = around[:-1]
    is_unique = subject.subject_type in ("vendor", "company", "state")
    kind = wording.kind(subject.subject_type, subject.region)
    return _lean(
        {
            "key": subject.key,
            "name": subject.name,
            "type": subject.subject_type,
            "kind": kind if kind != vocabulary.SUBJECT_TYPES[subject.subject_type].label else "",
            "inside" if is_unique else "where": ", ".join(around),
            "country": subject.country,
            "region": subject.region,
            "geoidfq": long_geoid(subject.geoid),
            "aliases": ";".join(subject.aliases),
            "shape": subject.outline if is_outlined else None,
            "at": list(spots),
        }
    )


def _policy(act: Json, texts: Interned[str]) -> Json:
    """What one act says, without whose it is and its sources."""
    is_doubted = act["confidence"] == "low"
    reviewed = f"{act['confidence']}; reviewed {wording.recorded(act['reviewed_on'])}"
    lists = {name: listed(act[name]) for name in ("uses", "applies_to", "territory")}
    narrow = act["uses"] != "any"
    what = {**act, **lists, "scope": "narrow" if narrow else "general"}
    has_places = act["subject_type"] in ("county", "state", "country")
    reach = wording.reach(act["reach"]) if has_places and act["applies_to"] != "private" else ""
    return _lean(
        {
            "id": act["policy_id"],
            "measure": act["measure"],
            "narrow": narrow,
            "actors": actors_number(lists["applies_to"]),
            "what": texts[wording.act_measure(what)],
            "reach": texts[wording.joined([reach, wording.only_in(lists["territory"])])],
            "dates": wording.rule_dates(act, whole=True),
            **{name: act[name] for name in _TEXTS},
            "doubted": is_doubted,
            "confidence": texts[wording.NOT_ESTABLISHED if is_doubted else reviewed],
        }
    )


def _proofs(tables: Tables, acts: Mapping[str, Json]) -> dict[str, list[Source]]:
    """For each act its sources, the best one first."""
    recorded: dict[str, list[Source]] = {}
    for row in records(tables.sources):
        title, publisher, published = row["title"], row["publisher"], row["published_on"]
        where = title and publisher, row["locator"], wording.recorded(published)
        source: Source = row["url"], title or publisher or row["url"], wording.joined(where)
        source += (row["archived_url"],) if row["archived_url"] else ()
        recorded.setdefault(row["policy_id"], []).append(source)
    proofs = {}
    for policy_id, act in acts.items():
        best, own = act["source_url"], recorded.get(policy_id, [])
        first = [source for source in own if source[0] == best] or [(best, best, "")]
        proofs[policy_id] = first + [source for source in own if source[0] != best]
    return proofs


def _inheritance(tables: Tables, subjects: Mapping[str, Subject]) -> Callable[[Place], Chain]:
    """Which rules of others apply in a place on any day: of its agencies, and of the governments
    above it those that pass down; nothing to a vendor, a company, a union."""
    readings, unions = Readings(tables.policies), tables.policies["subject_type"] == "supranational"
    others = {key: it for key, it in subjects.items() if it.subject_type in _OTHERS}
    # the rules of a union are read only where one of them names the place
    named = {code for cell in tables.policies.loc[unions, "territory"] for code in cell.split(";")}

    def above(place: Place) -> Chain:
        if place.is_vendor:
            return ()
        is_named = not named.isdisjoint((place.region or place.country, place.country))
        reaching = (
            layer
            for layer in layers(others, place)
            if layer.key and layer.role != "place"
            if is_named or layer.level != "supranational"
        )
        acts = ((layer.key, readings.acts(layer, place)) for layer in reaching)
        return tuple((key, ids) for key, ids in acts if ids)

    return above


def _sheets(counties: Collection[str]) -> dict[str, Json]:
    """The sheets with their frames and outlines, those of some ``counties`` among them."""
    drawn = {name: dict(sheets.topology(name)) for name in sheets.SHEETS}
    if counties:
        recorded = outlines.kept(outlines.topology("counties"), "counties", counties)
        drawn["us"] = sheets.with_counties(drawn["us"], recorded)
    return {
        name: {
            "box": sheet.box,
            "frames": [[it.title, it.box] for it in (*sheet.frames[1:], sheet.enlarged) if it],
            "outlines": _packed(drawn[name]),
        }
        for name, sheet in sheets.SHEETS.items()
    }


def _packed(topology: Json) -> Json:
    """The topology with every arc (its first point, then steps) as one text of ASCII characters:
    https://developers.google.com/maps/documentation/utilities/polylinealgorithm"""
    numbers = ((value for point in arc for value in point) for arc in topology["arcs"])
    layers = {
        name: [
            [
                it["properties"]["code"],
                it["properties"]["name"],
                *it["properties"]["at"],
                it["arcs"],
            ]
            for it in layer["geometries"]
        ]
        for name, layer in topology["objects"].items()
    }
    arcs = ["".join(map(_encoded_number, arc)) for arc in numbers]
    return {"step": topology["transform"]["scale"][0], "arcs": arcs, "layers": layers}


@cache  # most steps are short: few numbers, over and over
def _encoded_number(value: int) -> str:
    rest = ~(value << 1) if value < 0 else value << 1
    groups = []
    while rest >= 0x20:
        groups.append(chr((0x20 | (rest & 0x1F)) + 63))
        rest >>= 5
    return "".join([*groups, chr(rest + 63)])


def _searches(tables: Tables) -> Json:
    searches: dict[str, list[list[str]]] = {}
    for row in records(tables.searches):
        place = row["region"] or row["country"]
        is_own = is_of_law(row)
        if row["level"] != "company":
            where = wording.search({**row, "finding": ""})
            day = [wording.recorded(row["searched_on"])] * is_own
            searches.setdefault(place, []).append([where, row["finding"], *day])
    return {"searches": searches, "searched": sorted(law_searched(tables.searches))}


def _citing(tables: Tables) -> dict[str, str]:
    """How what is shown is cited, and which edition it is of."""
    document = {"dataset": asdict(tables.edition), "supposed": tables.supposed}
    return {
        "cite": wording.citation(document, "{subject} on {day}"),
        "edition": wording.joined(
            [wording.edition(asdict(tables.edition)), wording.supposed(tables.supposed)]
        ),
        "supposed": wording.joined(tables.supposed, "; "),
    }


def _vocabulary() -> Json:
    labels = {
        name: {code: term.label for code, term in words.items()}
        for name, words in (("actors", vocabulary.ACTORS), ("types", vocabulary.SUBJECT_TYPES))
    }
    labels["actors"] |= {vocabulary.ANYONE: vocabulary.ANYONE}
    kinds = {code: region_kind(code) for code in US_REGION_NAMES}
    labels["kinds"] = {code: kind for code, kind in kinds.items() if kind != "state"}
    labels["whose"] = dict(wording.WHOSE_PEOPLE)
    labels["whom"] = {code: wording.some(actors) for code, actors in CHOICES.items()}
    return {
        "measures": [
            {name: getattr(term, name) for name in ("code", "label", "definition", "letter")}
            for term in vocabulary.MEASURES.values()
        ],
        "ranked": RANKED,
        **labels,
        "flags": FLAGS,
        "states": list(vocabulary.STATES),
        "live": sorted(vocabulary.LIVE_STATES),
    }
