"""The day's positions on one self-contained page: a map, a legend, lists, and the proofs.

Built on folium's Map; Leaflet's files come from the XStatic-Leaflet package. The page asks
nothing of any host, and the same input gives the same bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frtracker.webmap.page import page
from frtracker.webmap.payload import payload

if TYPE_CHECKING:
    from frtracker.table import Tables

__all__ = ["render"]


def render(document: dict[str, Any], tables: Tables) -> str:
    """The whole HTML of the map.

    ``document`` is the JSON of ``frtracker status --all``; ``tables`` gives what it leaves out:
    coordinates and ``geoid`` (``subjects``), the sentences (``policies``), the proofs
    (``sources``). Every policy and subject of the document must be in the tables: ``KeyError``.
    """
    return page(document, payload(document, tables))
