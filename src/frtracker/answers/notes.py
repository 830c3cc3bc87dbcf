"""Supporting parts of an explanation: searches, and how to cite it."""

from __future__ import annotations

import re
from typing import Final

import pandas as pd

from frtracker import wording as phrases
from frtracker.answers.status import Document
from frtracker.layers import Layer
from frtracker.places.place import Place

_SEARCHED: Final = {
    "agency": ("agency",),
    "school": ("agency",),
    "city": ("local",),
    "county": ("local",),
    "state": ("state",),
    "country": ("country", "federal"),
}


def searches(table: pd.DataFrame, layer: Layer, place: Place) -> list[Document]:
    """What was searched for acts of ``layer``, newest first; [] = not searched.

    Of local searches those that name the place, else all of its state; else of its country.
    """
    rows = table[table["country"] == place.country]
    rows = rows[rows["level"].isin(_SEARCHED.get(layer.level, ()))]
    below_country = layer.level != "country"
    own = rows[rows["region"] == place.region] if below_country else rows.iloc[:0]
    rows = own if len(own) else rows[rows["region"] == ""]
    word = re.compile(rf"\b{re.escape(layer.name)}\b")
    found: list[Document] = [
        {
            "searched_on": row["searched_on"],
            "level": row["level"],
            "region": row["region"] or None,
            "names_it": bool(word.search(row["finding"])),
            "finding": row["finding"],
        }
        for row in rows.to_dict("records")
    ]
    named = [row for row in found if row["names_it"]] if below_country else []
    return sorted(named or found, key=lambda row: str(row["searched_on"]), reverse=True)


def citation(document: Document) -> str:
    """Program, edition of the data, place and day, in one line."""
    edition = document["dataset"]
    return (
        f"frtracker {document['program']}, data reviewed through {edition['reviewed_through']}"
        f" ({edition['policies']} policies, sha256 {edition['sha256'][:12]}): what binds"
        f" {document['place']['label']} on {phrases.day_used(document)}."
    )
