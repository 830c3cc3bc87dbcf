"""How many people live where a rule applies, as parts of documents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from frtracker.answers.documents import Document
from frtracker.answers.status import Filters
from frtracker.layers import Readings
from frtracker.people import People
from frtracker.places.place import Place
from frtracker.places.subjects import subjects_by_key
from frtracker.record.load import Tables
from frtracker.timeline.rules import RANKED


def people(
    tables: Tables,
    day: date,
    *,
    places: Sequence[Place] = (),
    known_at: date | None = None,
    filters: Filters,
) -> list[Document]:
    """For each actor asked about, the people who live where one of their own governments has a rule
    for its own bodies on ``day``: see :mod:`frtracker.people`. Only the rules of ``places``, or of
    the subjects that ``filters`` admits."""
    subjects = subjects_by_key(tables.subjects)
    named = {place.key for place in places}
    keys = {it.key for it in subjects.values() if it.key in named or not named}
    keys = {key for key in keys if filters.admits(subjects[key], ())}
    living = People(Readings(tables.policies, known_at), subjects, keys)
    found = []
    for actor in filters.for_actors:
        count = living.on(actor, day)
        found.append(
            {
                "actor": actor,
                "prohibited_low": count.prohibited.low,
                "prohibited_high": count.prohibited.high,
                "levels": [
                    {
                        "measure": RANKED[rank][0],
                        "scope": RANKED[rank][1],
                        "people_low": people.low,
                        "people_high": people.high,
                    }
                    for rank, people in count.levels.items()
                ],
                "not_counted": list(count.not_counted),
                "prohibited_is_least": count.prohibited_is_least,
                "is_selected": bool(named or filters.subject_types),
            }
        )
    return found
