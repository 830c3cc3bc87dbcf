"""What every field of a document and every column of a table means, each said once.

The columns of the record and of the timeline are described where they are defined
(:mod:`frtracker.record.columns`, :mod:`frtracker.timeline.columns`); here are all other names, and
those that mean something else in one type of :mod:`frtracker.answers.contract` or in one table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from frtracker.record.columns import TABLES
from frtracker.timeline.columns import (
    EVENTS,
    PERIODS,
    POSITIONS,
    RULE_STATES,
    Column,
    Kind,
    range_of,
)
from frtracker.vocabulary import ACTORS, PROVISIONS

_OWN: Final = MappingProxyType(
    {
        "accepted": "The number of warnings that a row of accepted.csv accepts.",
        "added": "The rows that only the new edition has.",
        "agencies": "Agencies and schools.",
        "all_words": "True if all words were found.",
        "also": "Rules in force besides those that make the position.",
        "answer": "The answer in one or more plain sentences.",
        "answers": "One SHA-256 over the answers: the positions of all subjects over time.",
        "applies_here": "The agencies and governments whose rules apply in the place; filled only"
        " where a place is asked about by name.",
        "as_of": "The day asked about; of a month or a year its last day.",
        "as_of_given": "The date as it was given: a day, a month or a year.",
        "at_least": "If uncertain, the lowest possible position; empty if possibly no rule is in"
        " force.",
        "ban": "Bans.",
        "ban_narrow": "Bans limited to some uses.",
        "before": "If uncertain, the position until then; empty if no act is on record for it.",
        "applies_there": "The ids of rules of others that apply in these places.",
        "besides": "The ids of other rules of these places that are in force; each can be compared"
        " by its id.",
        "bytes": "Size of the file.",
        "cancelled": "Events that were to come and no longer are, as the old edition had them.",
        "causes": "The rules that ended it, extended it or put it off.",
        "cells": "The number of cells that changed.",
        "change": "added, removed or changed.",
        "changed": "What is different.",
        "changes": "What changes on that day, the highest-ranked first.",
        "cite_as": "How to cite this answer, with its day and edition.",
        "code": "The code of the check or reason.",
        "column": "The column of policies.csv.",
        "companies": "Companies that use the technology.",
        "cannot_say": "Claims that the record leaves open, or that can mean several things.",
        "contradicted": "Claims of which the record says otherwise.",
        "conditions": "Rules in force that end on a condition, without a date.",
        "continuation_presumed": "True if no source shows the rule in force on the day, and it is"
        " presumed to go on.",
        "coordinates": "Longitude and latitude in degrees, WGS 84.",
        "corrections": "Events that the old edition had wrong, or missed, of rules that it has.",
        "counts": "How many.",
        "coverage": "How far the record goes, by class of measures: whether all acts are on"
        " record or only a selection; empty where that is not in question.",
        "dataset": "The edition of the record that this comes from.",
        "day": "The day.",
        "decided": "Subjects certainly under such a rule, counted from its decision.",
        "decided_or_uncertain": "Subjects possibly under such a rule, counted from its decision.",
        "edition": "One SHA-256 over all files of the record.",
        "edition_id": "The day of the edition, as 2026.11.22.",
        "effective": "Subjects certainly under such a rule, counted from its first day in force.",
        "effective_or_uncertain": "Subjects possibly under such a rule, counted from its first"
        " day in force.",
        "effects": "What it did to the position: tightened, loosened, extended, lifted or"
        " postponed.",
        "ended_on": "By actor, the day on which another rule ended this one for that actor.",
        "errors": "The number of errors.",
        "events": "What happened or is to happen, in order of the last possible day.",
        "features": "One feature for each subject that has a point, or an area.",
        "field": "The column in which the words were found.",
        "file": "Name of the file.",
        "files": "SHA-256 of each file of the record, by its name.",
        "filters": "What was asked about.",
        "findings": "Each error and warning, accepted warnings too.",
        "format": "The format of the export that the file belongs to.",
        "found_in": "Where the place was found: in the record, among the US places of the"
        " gazetteer, or by its coordinates in the outlines.",
        "from": "The start it had before.",
        "general": "Certain positions of general scope, by measure.",
        "geoidfq": "The same GEOID in the Census Bureau's long form (its GEOIDFQ, or GEO_ID), which"
        " no program takes for a number: 1600000US0203000.",
        "geometry": "Where the subject is.",
        "hits": "The fewest sentences that have all the words found, the best first.",
        "id": "The subject_key.",
        "in_force": "True if only rules in force on the day were searched.",
        "kind": "Which kind of document this is.",
        "known_at": "The date of knowledge: only what was publicly known on it was used; empty if"
        " not limited.",
        "label": "The name as printed where two could be meant: Portland, ME.",
        "law": "The events that are new on record: of rules that are new, or since the last review"
        " of the old edition.",
        "layers": "The layers of the place, the nearest first.",
        "license": "The address of the license of the data: CC BY 4.0.",
        "limit_days": "The number of days after which it is due, where one plays a part.",
        "line": "The line of the file on which the row begins; 1 is the header, 0 the whole file.",
        "markets": "ISO 3166 codes of countries and regions.",
        "measures": "Measures.",
        "media_type": "Media type of the file.",
        "message": "What is wrong and what would be right.",
        "moratorium": "Moratoriums.",
        "moratorium_narrow": "Moratoriums limited to some uses.",
        "more": "If not 0, this finding stands for so many of the same check that are not listed.",
        "name": "Path of the file in the folder.",
        "names_it": "True if the finding mentions the layer by name.",
        "narrow": "Certain positions of narrow scope, by measure.",
        "nearest": "The nearest true statement; null where there is none.",
        "new": "The text in the new edition; empty if there is none.",
        "not_compared": "The tables that only one of the editions has.",
        "not_coded": "How many other rules may have it too, for they are not coded for the"
        " provisions asked about; without any, how many are not coded at all.",
        "reported": "The provisions that were not read in the text, but in a report of it.",
        "otherwise": "How many other rules are coded for the provisions asked about, with other"
        " values.",
        "next": "The next change of each layer, the earliest first.",
        "next_change": "The first change after the day; empty if none is known.",
        "next_change_on": "The day of the next change of the position.",
        "none": "Subjects with acts on record and certainly no rule in force.",
        "old": "The text in the old edition; empty if there is none.",
        "on": "When it happened or is to happen, as precise as it is known.",
        "others": "Where one rule was asked about by its policy_id, how many other rules its"
        " subject has; else 0.",
        "oversight": "Oversight.",
        "oversight_narrow": "Oversight limited to some uses.",
        "own_terms": "True if the rule ended by its own terms.",
        "levels": "By measure and scope, the strictest first, the people with such a rule or a"
        " stricter one; what adds nobody is left out.",
        "not_checked": "Claims that could not be read.",
        "not_on_record": "Claims about a place or actor without an act on record.",
        "partly": "Claims of which a part is true.",
        "supported": "Claims that the record supports.",
        "not_counted": "The places with a rule whose people are not counted, because their number"
        " is not on record, or of a union because not all of its members are: the true numbers"
        " are higher.",
        "is_selected": "True if the rules of some subjects alone were counted.",
        "prohibited_is_least": "True if one of the places not counted has or may have such a rule.",
        "people": "How many people live where such rules apply, for each actor; only where it was"
        " asked for.",
        "people_high": "People certainly or possibly under such a rule, or a stricter one.",
        "people_low": "People certainly under such a rule, or a stricter one.",
        "prohibited_high": "People certainly or possibly under a general ban, moratorium or"
        " withdrawal.",
        "prohibited_low": "People certainly under a general ban, moratorium or withdrawal.",
        "place": "The place that was understood.",
        "places": "Cities, counties, states, countries and unions of countries.",
        "policies": "The rules and bills on record, each with its state on the day.",
        "positions": "By actor, the position on the day; null where no act is on record for that"
        " actor.",
        "position": "The position in words.",
        "previous": "The edition before; null for the first.",
        "presumed": "What is presumed or uncertain, rule by rule, in words.",
        "program": "The program that made this, with its version.",
        "prohibited_since": "Start of the run of any general ban, moratorium or withdrawal.",
        "properties": "The subject and its headline on the day.",
        "put_off": "If the start was postponed, from when to when.",
        "reaches": "True if the rule applies in the place.",
        "reason": "Why the row is due: its review is old (review), it has begun (start) or ended"
        " (end) since its review, or nothing has shown it in force lately (unconfirmed).",
        "reasons": "Why the row is due, the earliest reason first.",
        "recorded": "True if the layer has a row in policies.csv.",
        "relation": "own, or how the subject is related to the place asked about: its agency, or"
        " the city, county, state, country or union that it is in.",
        "removed": "The rows that only the old edition has.",
        "replaced_by": "Of the removed rows, by policy_id, those that another row replaced.",
        "restriction": "Restrictions.",
        "restriction_narrow": "Restrictions limited to some uses.",
        "results": "The rules and bills found, the best first.",
        "reviewed_through": "The latest day on which a row was reviewed.",
        "reviews": "Reviews of rows that come due.",
        "role": "What the layer is to the place: its own agency, the place itself, a government"
        " above it, or the owner of an agency or school.",
        "row": "The row by column, as text of the file.",
        "row_id": "The row: its policy_id; of subjects the subject_key, of sources the policy_id"
        " and the url, of provisions the policy_id and the provision; else the cells by which the"
        " table is sorted.",
        "rows": "How many records the file has; empty where it has none, as a page.",
        "schema_version": "The version of the shape of documents. It rises when a field changes"
        " its meaning or is removed; fields may be added.",
        "score": "How well it fits: higher is better; comparable within one answer only.",
        "scheduled": "The adopted rules that are not yet in effect, in words.",
        "searched": "What was searched for acts of the layer, where it has none on record; the"
        " latest first.",
        "searches": "What was searched in the countries or regions asked about; null without one.",
        "sentence": "The sentence that has most of the words.",
        "severity": "error or warning.",
        "sha256": "SHA-256 of the file.",
        "since": "Start of the unbroken run of the same measure and scope, as precise as it is"
        " known.",
        "since_text": "Since when, in words.",
        "skipped": "What was not checked, and why.",
        "some_words": "The number of results with some of the words.",
        "source_urls": "The best source of each of the rules, with spaces between.",
        "sources": "The pages that prove it, the best first.",
        "spans": "Where the words are in the text: first character and the one after the last.",
        "state": "The state of the rule on the day.",
        "stretches": "The number of stretches of days with another answer.",
        "subject": "Name of the subject: San Francisco, Massachusetts, Amazon.",
        "subjects": "The subjects listed, each with its positions and rules.",
        "superseded_for": "The actors for whom a rule that goes on for others has ended.",
        "supposed": "What is supposed and is not law, in words; only where something is.",
        "table": "The table.",
        "tables": "By table, the rows that differ.",
        "text": "The sentence.",
        "to": "The start it has now.",
        "type": "The type of GeoJSON object.",
        "uncertain": "Subjects whose strictest position is uncertain.",
        "until": "First day on which that run is over, as precise as it is known.",
        "verdict": "What the record says of the claim.",
        "version": "The version of the program.",
        "value": "The cell that the finding or reason is about.",
        "values": "The values of which the text has to have one.",
        "vendors": "Companies that sell or offer the technology.",
        "warnings": "The number of warnings that are not accepted.",
        "why": "The reason in words.",
        "withdrawal": "Withdrawals.",
        "where": "The provisions asked about.",
        "without": "The places asked about that have no rule of their own in force or to come.",
        "within": "The places it is in, below the state, the nearest first.",
        "withdrawal_narrow": "Withdrawals limited to some uses.",
        "words": "The words and phrases searched for.",
        # in one type or table only
        "ActorsChange.applies_to": "The actors whose position changes.",
        "AnswerCounts.changed": "Pairs of subject and actor of which an answer changed.",
        "AnswerCounts.answers": "Pairs of subject and actor with an answer in one of the editions.",
        "AnswersDiff.changed": "The stretches of days with another answer.",
        "ChangedAnswer.new": "The answer of the new edition; null if no act is on record.",
        "ChangedAnswer.old": "The answer of the old edition; null if no act is on record.",
        "ChangedRow.cells": "The cells that changed.",
        "ChangedRow.row": "The row in the new edition by column, as text of the file.",
        "ChangesDocument.since": "First day asked about.",
        "ChangesDocument.until": "Last day asked about.",
        "ComparedEdition.policies": "The number of rows in policies.csv.",
        "CheckDocument.claims": "The claims, in the order in which they were given.",
        "CheckDocument.columns": "Which column of the file was read for what; empty without a"
        " file.",
        "CheckedClaim.actors": "The actors claimed; none: any.",
        "CheckedClaim.applies_to": "The actors for whom the verdict is given.",
        "CheckedClaim.date": "The date claimed; null: the day asked about.",
        "CheckedClaim.line": "The line of the file; null without a file.",
        "CheckedClaim.measure": "What is claimed: a measure, prohibited, none or no_ban; null: any"
        " rule.",
        "CheckedClaim.place": "The place as it was written.",
        "CheckedClaim.policy_ids": "The rules that say so.",
        "CheckedClaim.source_urls": "The best source of each of these rules.",
        "CheckedClaim.why": "Why, in one sentence.",
        "CompareDocument.rules": "The rules compared, in the order of the places asked about.",
        "ComparedRule.provisions": "By provision, what the text says; null: nobody has coded it,"
        ' which is never "no".',
        "Correction.new": "The event as it is right; null if there is none.",
        "Correction.old": "The event as it was; null if it was missed.",
        "Coverage.places": "For places and agencies.",
        "Coverage.vendors": "For vendors and companies.",
        "Covered.as_of": "The earliest day of a comparison with the lists; empty if not complete.",
        "Covered.complete": "True if every act of the class that the lists name is on record.",
        "Dataset.policies": "The number of rows in policies.csv.",
        "DiffCounts.added": "The number of rows added.",
        "DiffCounts.changed": "The number of rows changed.",
        "DiffCounts.removed": "The number of rows removed.",
        "DiffDocument.answers": "The answers that differ; null where a cell of one of the editions"
        " is not valid.",
        "DiffDocument.new": "The new edition.",
        "DiffDocument.old": "The old edition.",
        "DueRule.since": "Since when the row is due for review.",
        "EditionChanges.answers": "Numbers of answers that changed.",
        "EditionChanges.tables": "By table, numbers of rows that changed.",
        "EditionDocument.changed": "How much differs from the edition before; null for the first.",
        "EditionDocument.policies": "By column of policies.csv, how many rows have which word.",
        "EditionDocument.rows": "By table, the number of rows.",
        "Event.certain": "False if it may not have happened, or may not happen.",
        "Event.kind": "What happened: introduced, decided, began, ended, failed, vetoed, pulled"
        " or lapsed.",
        "ExplainDocument.applies_to": "The actors asked about.",
        "ExplainDocument.notes": "What a reader must know of the place.",
        "Filters.applies_to": "Actors.",
        "Finding.accepted": "Why the warning is accepted; empty if it is not.",
        "Finding.column": "The column, if it is about one.",
        "Finding.policy_id": "The row of policies.csv, if it is about one.",
        "GroupCounts.uncertain": "Subjects whose strictest position is uncertain.",
        "IndexDocument.files": "The files, in order of name.",
        "JointChange.subjects": "The subjects whose rules make the new position.",
        "JointPosition.layers": "The layers whose rules make the position.",
        "Neighbor.relation": "What it is to the place: its agency, or the city, county, state,"
        " country or union that it is in.",
        "NeighborHistory.policies": "Its rules that apply in the place.",
        "NeighborHistory.status": "Its positions on the day, of the rules that apply in the place.",
        "PlaceLayer.applies_to": "The actors whose position the layer can make in the place.",
        "Review.on": "The day on which they come due.",
        "Rule.certain": "False if the state on the day is not certain.",
        "SearchCounts.all_words": "The number of results with all the words.",
        "ShowDocument.policy_id": "The rule, where one was asked about by its policy_id; else"
        " null.",
        "ShowDocument.aliases": "Other names people use: Facebook for Meta.",
        "ShowDocument.applies_here": "The agencies and governments whose rules apply in the"
        " place, with these rules; left out in the files of an export.",
        "ShowDocument.status": "Its positions on the day; null if nothing was on record by then.",
        "StaleDocument.policies": "The rows due for review, the longest due first.",
        "Standing.applies_to": "The actors that have the strictest position.",
        "Standing.measure": "The measure of the strictest position; if uncertain, the strictest"
        " possible.",
        "Standing.scope": "Scope of the strictest position: general or narrow; empty if the"
        " measure is none.",
        "Standing.since": "Start of the strictest position, if its actors share it.",
        "Standing.until": "First day on which the strictest position is over, if its actors share"
        " it.",
        "StatusDocument.counts": "How many of the subjects with the relation own have which"
        " strictest position.",
        "UpcomingDocument.until": "Last day asked about.",
        "changes.certain": "False if it may not have happened, or may not happen.",
        "changes.kind": "What happened: introduced, decided, began, ended, failed, vetoed, pulled"
        " or lapsed.",
        "TableDiff.changed": "The rows that both editions have and that differ.",
        "diff.actor": "The actor whose answer changed.",
        "diff.column": "The column that differs; empty for an answer.",
        "diff.new": "The text, or the answer in words, in the new edition; empty if there is none.",
        "diff.old": "The text, or the answer in words, in the old edition; empty if there is none.",
        "diff.table": "The table, or answers.",
        "diff.valid_from": "The first day with another answer.",
        "diff.valid_to": "The first day on which it is the same again; empty if there is none.",
        "map.actor": "The actor asked about, or anyone: the strictest rule of each place.",
        "map.applies_to": "The actors that have the position.",
        "map.measure": "The measure; empty if nothing is on record.",
        "map.since": "First day that can be named for the start.",
        "map.until": "First day on which the position is over.",
        "panel.certain": "Whether that position is certain.",
        "panel.country": "Its country, ISO 3166-1.",
        "panel.days": "Days in the period.",
        "panel.days_any": "Days on which some rule was certainly in force, of any measure,"
        " including narrow rules.",
        "panel.days_in_force": "Days on which the position was certainly a general ban,"
        " moratorium or withdrawal (or a general rule of the measures chosen with --measure).",
        "panel.event_time": "Periods since the one that contains first_treated: 0 in it, negative"
        " before. Empty if never treated.",
        "panel.ever_treated": "Whether there is such a day.",
        "panel.exposure": "days_in_force / days, from 0 to 1.",
        "panel.exposure_any": "days_any / days, from 0 to 1.",
        "panel.first_day": "First day of the period.",
        "panel.first_treated": "The first day that counts in days_in_force, inside the panel or"
        " not, scheduled days included. Empty: never.",
        "panel.geoid": "US Census GEOID of a place in the United States: 2 digits for a state, 5"
        " for a county, 7 for a city (10 for a town that is a county subdivision). Empty if there"
        " is none.",
        "panel.last_day": "Last day of the period, which is part of it.",
        "panel.level": "city, county, state, federal (a national public body, without region) or"
        " country.",
        "panel.measure": "The position on the last day: the highest-ranked rule in force for the"
        " actor, none if there is none. If uncertain, the highest possible. Empty: missing.",
        "panel.period": "2021-07, 2021-Q3 or 2021.",
        "panel.population": "How many people live there, as in subjects.csv, the same in every"
        " period; empty where none is on record.",
        "panel.recorded": "Whether policies.csv has a row for this subject and actor, failed"
        " proposals included.",
        "panel.region": "Its state or province, ISO 3166-2; empty if there is none.",
        "panel.reversed": "On the last day: the rule was in force and certainly no longer is."
        " Empty if it was, and it is uncertain whether it still is.",
        "panel.scope": "general or narrow; empty if measure is none or missing.",
        "panel.searched": "The latest search in searches.csv for its level in exactly its region"
        " or, for a subject without region, in its country. Empty: none.",
        "panel.subject": "Its name, as in policies.csv.",
        "panel.subject_key": "Stable key of the subject: us-ma, us-or-portland.",
        "panel.uncertain_days": "Days on which it may or may not have been one.",
        "panel.uncertain_days_any": "Days on which one may or may not have been.",
        "sensitivity.day": "Last day of a period.",
        "stale.since": "Since when the row is due for this reason.",
        "status.source_url": "The best source of the first of the rules.",
        "status.summary": "What the first of the rules says.",
        "timeline.certain": "Whether the position is certain; in counts, how many are.",
        "timeline.day": "The first day on which the numbers are these.",
        "timeline.uncertain": "How many may or may not have a rule.",
    }
)

_LIKE: Final = MappingProxyType(
    {
        "ActorsChange": "positions",
        "Answer": "positions",
        "ChangedAnswer": "positions",
        "CertainLevel": "positions",
        "PeopleFor": "positions",
        "PeopleLevel": "positions",
        "check": "CheckedClaim",
        "CodedProvision": "provisions",
        "ComparedRule": "Rule",
        "WantedProvision": "provisions",
        "compare": "Rule",
        "Covered": "coverage",
        "Entry": "Standing",
        "JointChange": "positions",
        "JointPosition": "positions",
        "LayerRule": "Rule",
        "Level": "positions",
        "NeighborHistory": "Neighbor",
        "Position": "positions",
        "PositionChange": "positions",
        "Properties": "Standing",
        "Search": "searches",
        "SearchResult": "Rule",
        "Source": "sources",
        "SourcedRule": "Rule",
        "search": "Rule",
        "show": "Rule",
        "upcoming": "changes",
        "status": "positions",
        "timeline": "positions",
    }
)
"""By type or table, the one whose fields mean the same, unless they are described for it alone."""

_COLUMNS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        **{name: {it.name: it.description for it in TABLES[name].columns} for name in TABLES},
        "positions": {it.name: it.description for it in POSITIONS},
        "periods": {it.name: it.description for it in PERIODS},
        "states": {it.name: it.description for it in RULE_STATES},
        "events": {it.name: it.description for it in EVENTS},
        "compare": {code: term.definition for code, term in PROVISIONS.items()},
    }
)


def describe(name: str, of: str = "") -> str:
    """What a field or column means, in one sentence or two.

    ``of``: the type of :mod:`frtracker.answers.contract` that has the field (``Event``), the
    command whose CSV has the column (``panel``) or the table (``policies``, ``positions``); without
    it, or where the name means the same there as elsewhere, the general meaning. Raises
    ``KeyError`` if nothing describes it.
    """
    base, _, end = name.rpartition("_")
    for scope in (of, _LIKE.get(of, ""), ""):
        if text := _described(name, scope):
            return text
        if end in ("low", "high") and (text := _described(base, scope)):
            return range_of(base, text.rstrip("."))[end == "high"].description
    actor, _, rest = name.partition("_")
    if actor in ACTORS and rest:
        return f"For {ACTORS[actor].label} alone: {describe(rest, 'positions')}"
    raise KeyError(f"{name} is described nowhere")


def _described(name: str, scope: str) -> str:
    """The meaning in one type or table; without it, the general one, else the first there is."""
    if scope:
        return _OWN.get(f"{scope}.{name}") or _COLUMNS.get(scope, {}).get(name, "")
    anywhere = (text for key, text in _OWN.items() if key.endswith(f".{name}"))
    columns = (texts[name] for texts in _COLUMNS.values() if name in texts)
    return _OWN.get(name) or next(columns, "") or next(anywhere, "")


def described(
    of: str, names: Iterable[str], kinds: Mapping[str, Kind] = MappingProxyType({})
) -> list[Column]:
    """The columns of a table, each with what it means; ``of`` as in :func:`describe`, ``kinds`` of
    those that are not text."""
    return [
        Column(name, kinds.get(name, "text"), describe(name, of), optional=True) for name in names
    ]
