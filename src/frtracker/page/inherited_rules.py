"""Which rules pass down to a place from the governments above it, on whatever day.

The reading is that of :mod:`frtracker.layers`; the page shows those in force on its day.
"""

from __future__ import annotations

from frtracker.layers import Layer, Readings, governments
from frtracker.places.place import Place, of_country, of_region, of_subject
from frtracker.places.subjects import Subject, subjects_by_key
from frtracker.record.load import Tables

Chain = tuple[tuple[str, tuple[str, ...]], ...]
"""(subject, its acts) of each government above, nearest first; those without an act left out."""


class InheritedRules:
    """The rules from above for subjects and for outlines without one."""

    def __init__(self, tables: Tables) -> None:
        self.subjects = subjects_by_key(tables.subjects)
        self._readings = Readings(tables.policies)
        unions = tables.policies[tables.policies["subject_type"] == "supranational"]
        self._named_by_unions = {code for cell in unions["territory"] for code in cell.split(";")}

    def of(self, subject: Subject) -> Chain:
        """Nothing for a vendor, a company, a union."""
        if subject.subject_type in ("vendor", "company", "supranational"):
            return ()
        return self._chain(of_subject(self.subjects, subject))

    def of_country(self, code: str) -> Chain:
        return self._chain(of_country(self.subjects, code))

    def of_region(self, code: str, name: str) -> Chain:
        return self._chain(of_region(self.subjects, code, name))

    def _chain(self, place: Place) -> Chain:
        above = (
            (layer.key, self._acts(layer, place))
            for layer in governments(self.subjects, place)
            if layer.key
        )
        return tuple((key, acts) for key, acts in above if acts)

    def _acts(self, layer: Layer, place: Place) -> tuple[str, ...]:
        union = layer.level == "supranational"
        where = (place.region or place.country) if union else ""
        if union and not {where, place.country} & self._named_by_unions:
            return ()
        return self._readings.acts(layer, place)
