"""What the page's search finds beside the subjects of the record: complete, unambiguous, small."""

from __future__ import annotations

import gzip
from typing import Any

import pytest

import records
from frtracker.codes import US_REGION_NAMES, countries
from frtracker.page.elements import embedded_json
from frtracker.page.places import MIN_PEOPLE, places
from frtracker.places.gazetteer import named, us_places
from frtracker.places.place import Place
from frtracker.places.subjects import spelling, subjects_by_key
from frtracker.record import load
from frtracker.record.columns import TABLES
from frtracker.record.tables import slug


def unpacked(text: str) -> list[str]:
    """Names as ``places.js`` reads them."""
    return text.split(";") if text else []


class Found:
    """The data of a record's page, with the names unpacked."""

    def __init__(self, path: str) -> None:
        files = [records.folder(path) / f"{name}.csv" for name in TABLES] if path else None
        tables = load.check(files).tables if files else load.read(None)
        self.subjects = subjects_by_key(tables.subjects)
        self.shown = set(tables.policies["subject_key"])
        self.asked: list[Place] = []
        self.data = places(self.subjects, self.shown, self.chain)
        rows = self.data["regions"]
        names = dict(zip(rows["code"], map(unpacked, rows["names"]), strict=True))
        towns = dict(zip(rows["code"], rows["towns"], strict=True))
        self.towns = {code: own[: towns[code]] for code, own in names.items()}
        self.counties = {code: own[towns[code] :] for code, own in names.items()}
        self.parts = {key: unpacked(names) for key, names in self.data["parts"].items()}
        self.keys = [f"{code.lower()}-{slug(name)}" for code, own in names.items() for name in own]

    def chain(self, place: Place) -> int:
        self.asked.append(place)
        return len(place.within) and self.numbers(place)

    def numbers(self, place: Place) -> int:
        """A number for each county that the record has, 0 for all others."""
        return next((sum(up.key.encode()) for up in place.parents[:-2] if up.key), 0)

    def column(self, name: str, code: str) -> Any:
        rows = self.data["regions"]
        return rows[name][rows["code"].index(code)]


@pytest.fixture(scope="module", params=["", "map"], ids=["shipped", "small"])
def found(request: pytest.FixtureRequest) -> Found:
    return Found(request.param)


def test_every_place_of_the_gazetteer_is_found(found: Found) -> None:
    large = [us for us in us_places() if us.population >= MIN_PEOPLE]
    assert len(large) == 7_648
    names = {
        (code, spelling(each))
        for code, towns in found.towns.items()
        for town in towns
        for each in (town, town.rpartition(", ")[0])
    }
    names |= {(key[:5].upper(), spelling(it)) for key, own in found.parts.items() for it in own}
    recorded = (found.subjects[key] for key in found.shown)
    names |= {(subject.region, name) for subject in recorded for name in subject.names}
    assert [us.label for us in large if (us.region, spelling(us.name)) not in names] == []


def test_every_county_of_the_gazetteer_is_found(found: Found) -> None:
    everywhere = {(us.region, us.county) for us in us_places()}
    names = {(code, county) for code, own in found.counties.items() for county in own}
    names |= {(key[:5].upper(), it) for key, own in found.parts.items() for it in own}
    # the county is the state, the record has it, or it is a city of the same name
    left = {(region, it) for region, it in everywhere - names if it and not it.endswith(" city")}
    known = {it.name for it in found.subjects.values() if it.subject_type == "county"}
    assert {it for _, it in left} - known == {"District of Columbia", "Guam"}
    assert "San Francisco County" in found.parts["us-ca-san-francisco"]


def test_keys_are_unique_and_collide_with_no_subject(found: Found) -> None:
    assert len(set(found.keys)) == len(found.keys)
    assert not found.shown & set(found.keys)
    regions = {code.lower() for code in US_REGION_NAMES}
    assert set(found.parts) <= {*found.keys, *found.shown, *regions}


@pytest.mark.parametrize(
    ("region", "name"),
    [
        ("US-AZ", "Phoenix"),
        ("US-NV", "Las Vegas"),
        ("US-NV", "Reno"),
        ("US-CA", "Brentwood, Contra Costa County"),
        ("US-CA", "Brentwood, Los Angeles County"),
        ("US-PR", "Mayagüez"),
    ],
)
def test_places_without_an_act_are_towns_of_their_state(found, region, name) -> None:
    assert name in found.towns[region]


def test_a_place_in_a_city_that_is_a_county_leads_to_the_city(found: Found) -> None:
    assert {"Queens", "Brooklyn", "Manhattan"} <= set(found.parts["us-ny-new-york-city"])
    assert "Washington" in found.parts["us-dc"]
    assert not any("Queens" in towns for towns in found.towns.values())


def test_towns_stand_by_size(found: Found) -> None:
    assert found.towns["US-AZ"][:3] == ["Phoenix", "Tucson", "Mesa"]
    for code, towns in found.towns.items():
        largest = [name.rpartition(", ")[0] or name for name in towns[:3]]
        people = [max(us.population for us in named(name, code, "city")) for name in largest]
        assert people == sorted(people, reverse=True)
    (large, _), (middling, _) = found.column("large", "US-AZ"), found.column("middling", "US-AZ")
    assert 8 < large < middling < len(found.towns["US-AZ"])


def test_towns_of_a_county_on_record_have_its_chain() -> None:
    found = Found("map")
    ((chain, towns),) = found.column("others", "US-WA").items()
    names = {found.towns["US-WA"][town] for town in towns}
    assert chain == found.numbers(next(it for it in found.asked if "King County" in it.within))
    assert {"Seattle", "Bellevue", "Renton"} <= names
    assert not {"Spokane", "Tacoma"} & names
    assert found.column("others", "US-AZ") == {}


def test_states_and_countries_have_all_their_names(found: Found) -> None:
    assert set(found.data["regions"]["code"]) == set(US_REGION_NAMES)
    assert found.column("words", "US-MA").split(";") == ["Massachusetts", "MA", "mass"]
    assert {code: tuple(unpacked(names)) for code, names in found.data["countries"].items()} == (
        countries()
    )
    assert "Deutschland" in countries()["DE"]


def test_points_are_near_where_the_places_are(found: Found) -> None:
    """Of two towns that are far apart, one lies on the sheet where it is from the other."""
    cells = found.data["cells"]
    left, bottom, width, height = found.column("box", "US-NV")
    points = found.column("points", "US-NV")

    def point(name: str) -> tuple[float, float]:
        number = found.towns["US-NV"].index(name)
        column, row = (cells.index(letter) + 0.5 for letter in points[2 * number : 2 * number + 2])
        return left + column / len(cells) * width, bottom + row / len(cells) * height

    (vegas_x, vegas_y), (reno_x, reno_y) = point("Las Vegas"), point("Reno")
    assert vegas_x > reno_x
    assert vegas_y < reno_y
    assert len(points) == 2 * (len(found.towns["US-NV"]) + len(found.counties["US-NV"]))


def test_no_name_has_the_character_between_names() -> None:
    names = [us.name for us in us_places() if us.population >= MIN_PEOPLE]
    names += [name for own in countries().values() for name in own]
    assert not [name for name in names if ";" in name]


def test_the_data_stay_small(found: Found) -> None:
    data = embedded_json(found.data).encode()
    assert len(data) <= 175_000
    assert len(gzip.compress(data, 9)) <= 76_000
