"""Which rules pass down to a place from the governments above it, on whatever day.

The reading is that of :mod:`frtracker.layers`; the page shows those in force on its day.
"""

from __future__ import annotations

from frtracker.layers import Layer, Readings, governments
from frtracker.places.located import Site, country_name, of_subject
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
        name = country_name(code)
        return self._chain(Site(name, name, "country", "", code, "", name))

    def of_region(self, code: str, name: str) -> Chain:
        country = code.partition("-")[0]
        return self._chain(Site(name, name, "state", "", country, code, country_name(country)))

    def _chain(self, site: Site) -> Chain:
        above = (
            (layer.key, self._acts(layer, site))
            for layer in governments(self.subjects, site)
            if layer.key
        )
        return tuple((key, acts) for key, acts in above if acts)

    def _acts(self, layer: Layer, site: Site) -> tuple[str, ...]:
        union = layer.level == "supranational"
        where = (site.region or site.country) if union else ""
        if union and not {where, site.country} & self._named_by_unions:
            return ()
        return self._readings.acts(layer, site)
