"""The record on one self-contained page: a map, a slider of days, a legend, lists, the proofs.

Built on folium's Map; Leaflet's files come from the XStatic-Leaflet package. The page asks
nothing of any host (but for ``tiles``), and the same input gives the same bytes.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from frtracker.answers.status import status
from frtracker.page.page import page
from frtracker.page.payload import payload
from frtracker.vocabulary import ANYONE

if TYPE_CHECKING:
    from frtracker.record.load import Tables
    from frtracker.timeline import Timeline

__all__ = ["render"]


def render(
    tables: Tables,
    timeline: Timeline,
    day: date,
    *,
    as_of_given: str = "",
    actor: str = ANYONE,
    tiles: str = "",
) -> str:
    """The whole HTML of the map, opening on ``day`` with the rules for ``actor``.

    ``as_of_given``: how the day was asked for (``2021-06``). ``actor``: a code of
    ``vocabulary.ACTORS``, or ``ANYONE``; the reader may choose another. ``tiles``: the https
    address of a base map, with ``{z}``, ``{x}`` and ``{y}`` (else ``ValueError``); only then may
    the page ask anything of a host, and of that one only. Every policy's subject must be in the
    tables: ``KeyError``.
    """
    data = payload(tables, timeline, day, as_of_given=as_of_given, actor=actor)
    return page(status(tables, timeline, day, as_of_given=as_of_given), data, tiles=tiles)
