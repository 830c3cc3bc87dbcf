"""Which rules pass down to a place from the governments above it, on whatever day.

The reading is that of :mod:`frtracker.layers`; whether a rule is in force is for the page to tell.
"""

from __future__ import annotations

from collections.abc import Mapping

from frtracker.layers import Layer, Readings, governments
from frtracker.places.place import Place, of_country, of_region, of_subject
from frtracker.places.subjects import Subject, subjects_by_key
from frtracker.record.load import Tables

Reached = tuple[tuple[str, tuple[str, ...]], ...]
"""(subject, its acts) of each government above, nearest first; those without an act left out."""


class Above:
    """The rules from above for subjects and for outlines without one."""

    def __init__(self, tables: Tables) -> None:
        self._people = subjects_by_key(tables.subjects)
        self._readings = Readings(tables.policies)
        unions = tables.policies[tables.policies["subject_type"] == "supranational"]
        self._named_by_unions = {code for cell in unions["territory"] for code in cell.split(";")}

    def of(self, subject: Subject) -> Reached:
        """Nothing for a vendor, a company, a union."""
        if subject.subject_type in ("vendor", "company", "supranational"):
            return ()
        return self._reached(of_subject(self._people, subject))

    def of_country(self, code: str) -> Reached:
        return self._reached(of_country(self._people, code))

    def of_region(self, code: str, name: str) -> Reached:
        return self._reached(of_region(self._people, code, name))

    @property
    def people(self) -> Mapping[str, Subject]:
        return self._people

    def _reached(self, place: Place) -> Reached:
        above = (
            (layer.key, self._acts(layer, place))
            for layer in governments(self._people, place)
            if layer.key
        )
        return tuple((key, acts) for key, acts in above if acts)

    def _acts(self, layer: Layer, place: Place) -> tuple[str, ...]:
        union = layer.level == "supranational"
        where = (place.region or place.country) if union else ""
        if union and not {where, place.country} & self._named_by_unions:
            return ()
        return self._readings.acts(layer, place)
