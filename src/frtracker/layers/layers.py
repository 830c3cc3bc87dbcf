"""The governments and bodies whose rules may bind a place, from the nearest to the farthest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from frtracker.places.located import Site
from frtracker.places.subjects import US_REGION_NAMES, Subject
from frtracker.record.keys import slug
from frtracker.vocabulary import ACTORS

Role = Literal["place", "agency", "above", "owner"]

_SURELY_OWN: Final = frozenset({"city", "country"})
"""Owners whose bodies are known from the record: a city's police force (its chain begins with the
city), a federal agency (no region). A body within a county or a state may be a district of its
own, such as a port or a railway, which the county's rules for its departments do not bind."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One government or body whose rules may bind a place.

    ``key`` is '' where the record has no subject for it. ``role``: the ``place`` asked about; one
    of its own ``agency`` bodies; a government ``above`` it; the ``owner`` of an agency asked about.
    ``joins``: the actors for whom its rules enter into what binds the place.
    """

    level: str
    name: str
    key: str
    role: Role
    joins: tuple[str, ...] = tuple(ACTORS)


def reaches(layer: Layer, site: Site) -> frozenset[str]:
    """The reaches of a government's rules that pass to ``site``. For a body of its own: not what
    is for the bodies of places inside only."""
    if layer.role == "above":
        return frozenset({"below", "all"})
    surely_own = site.level == "agency" and layer.level in _SURELY_OWN
    return frozenset({"own", "all"} if surely_own else {"all"})


def layers(subjects: Mapping[str, Subject], site: Site) -> tuple[Layer, ...]:
    """Everything that may bind ``site``, nearest first: own agencies, the place, then city, county,
    state, country, and each supranational subject (whether a rule of it covers the site is a
    matter of its ``territory``: see :meth:`Readings.reaching`)."""
    found = [*_agencies(subjects, site)]
    if site.level != "point":
        found.append(Layer(site.level, site.name, site.key, "place"))
    return (*found, *governments(subjects, site))


def governments(subjects: Mapping[str, Subject], site: Site) -> tuple[Layer, ...]:
    """Only the layers above ``site``, nearest first; none above a union."""
    if site.level == "supranational":
        return ()
    above: list[tuple[str, str, str]] = []
    prefix = (site.region or site.country).lower()
    for level, name in site.below_state:
        key = f"{prefix}-{slug(name)}"
        above.append((level, name, key if key in subjects else ""))
    if site.region and site.level not in ("state", "country"):
        above.append(("state", *_named(subjects, site.region, US_REGION_NAMES.get(site.region))))
    if site.level != "country":
        above.append(("country", *_named(subjects, site.country, site.country_name)))
    is_body = site.level in ("agency", "school")
    found = [
        Layer(level, name, key, "owner" if is_body and number == 0 else "above")
        for number, (level, name, key) in enumerate(above)
    ]
    unions = (s for s in subjects.values() if s.subject_type == "supranational")
    found += [Layer("supranational", s.name, s.key, "above") for s in unions]
    return tuple(found)


def _named(subjects: Mapping[str, Subject], code: str, name: str | None = None) -> tuple[str, str]:
    subject = subjects.get(code.lower())
    return (subject.name, subject.key) if subject else (name or code, "")


def _agencies(subjects: Mapping[str, Subject], site: Site) -> Iterable[Layer]:
    """The bodies of a government itself. A city's enter into what binds its police; a county's or
    a state's may be districts or railways, and a country's bind themselves: these are only told."""
    if site.level not in ("city", "county", "state", "country"):
        return
    for subject in subjects.values():
        if subject.subject_type in ("agency", "school") and _is_of(subject, site):
            joins = ("police",) if site.level == "city" and subject.subject_type == "agency" else ()
            yield Layer(subject.subject_type, subject.name, subject.key, "agency", joins)


def _is_of(body: Subject, site: Site) -> bool:
    if (body.country, body.region) != (site.country, site.region):
        return False
    if site.level == "city":
        return site.name in body.within
    if site.level == "county":
        return body.within[:1] == (site.name,)
    return not body.within


def inside(subjects: Mapping[str, Subject], site: Site) -> tuple[Subject, ...]:
    """The subjects that lie in a place, without itself: for the reading "inside"."""

    def lies_in(subject: Subject) -> bool:
        if subject.key == site.key or subject.subject_type in ("vendor", "company"):
            return False
        if subject.country != site.country:
            return False
        if site.level == "country":
            return True
        if subject.region != site.region or subject.subject_type == "country":
            return False
        return site.level == "state" or site.name in subject.within

    return tuple(subject for subject in subjects.values() if lies_in(subject))
