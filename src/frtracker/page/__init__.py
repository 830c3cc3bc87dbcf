"""The record on one self-contained page: a map, a strip of time, a legend, lists, the proofs.

The page is a folium map with parts of our own added to it. It asks nothing of any host, and the
same input gives the same bytes.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from frtracker.answers.status import Filters, status
from frtracker.page.data import data
from frtracker.page.elements import Page, map_with_parts
from frtracker.page.history import CHOICES
from frtracker.vocabulary import ANYONE

if TYPE_CHECKING:
    import folium

    from frtracker.record.load import Tables
    from frtracker.timeline import Timeline


def policy_map(
    tables: Tables,
    timeline: Timeline,
    day: date,
    *,
    as_of_given: str = "",
    actor: str = ANYONE,
    in_site: bool = False,
) -> folium.Map:
    """The map, opening on ``day`` with the rules for ``actor``.

    ``as_of_given``: how the day was asked for (``2021-06``). ``actor``: a code of
    ``vocabulary.ACTORS``, or ``ANYONE``; the reader may choose another. ``in_site``: it links to
    the other pages of the site. Every policy's subject must be in the tables: ``KeyError``.
    """
    documents = (
        status(tables, timeline, day, as_of_given=as_of_given, filters=Filters(for_actors=actors))
        for actors in (CHOICES[ANYONE], CHOICES[actor])
    )
    shown = data(tables, timeline, day, actor=actor)
    return map_with_parts(Page(shown, *documents, in_site=in_site))


def render(tables: Tables, timeline: Timeline, day: date, **options: Any) -> str:
    """The whole HTML of :func:`policy_map`, with its options."""
    return policy_map(tables, timeline, day, **options).get_root().render()
