"""The outlines: complete, valid, and where ISO 3166 says they are."""

from __future__ import annotations

import json
import re
from importlib.resources import files

import geopandas as gpd
import pytest
from shapely import Point

from frtracker import outlines as boundaries

LEVELS = ("countries", "states", "counties")
COLUMNS = {
    "countries": ["code", "name", "geometry"],
    "states": ["code", "geoid", "name", "geometry"],
    "counties": ["geoid", "name", "region", "geometry"],
}
CODE = {"countries": r"[A-Z]{2}", "states": r"US-[A-Z]{2}", "counties": r"\d{5}"}
COUNT = {"countries": 230, "states": 56, "counties": 3230}


@pytest.fixture(scope="module")
def levels():
    return {level: gpd.GeoDataFrame(boundaries.load(level), crs=4326) for level in LEVELS}


@pytest.mark.parametrize("level", LEVELS)
def test_the_shapes_are_those_that_gdal_reads(levels, level):
    """GDAL keeps rings without a surface, which make a shape invalid."""
    key = boundaries.KEYS[level]
    path = files("frtracker.outlines") / f"{level}.json"
    read = gpd.read_file(path, layer=level).set_crs(4326)
    read = read.sort_values(key, ignore_index=True)
    ours = levels[level]
    assert ours[COLUMNS[level][:-1]].equals(read[COLUMNS[level][:-1]])
    sound = read.geometry.is_valid
    assert sound.sum() >= 0.98 * len(read)
    assert ours.geometry[sound].geom_equals_exact(read.geometry[sound], 0).all()
    pairs = zip(ours.geometry[~sound], read.geometry[~sound].make_valid(), strict=True)
    assert all(one.symmetric_difference(other).area == 0 for one, other in pairs)


@pytest.mark.parametrize("level", LEVELS)
def test_every_shape_is_named_valid_and_on_the_globe(levels, level):
    frame = levels[level]
    key = frame[boundaries.KEYS[level]]
    assert list(frame.columns) == COLUMNS[level]
    assert len(frame) == COUNT[level]
    assert key.is_unique
    assert key.is_monotonic_increasing
    assert key.map(lambda code: bool(re.fullmatch(CODE[level], code))).all()
    assert (frame.drop(columns="geometry") != "").all(axis=None)
    assert frame.drop(columns="geometry").notna().all(axis=None)
    assert frame.geometry.is_valid.all()
    assert not frame.geometry.is_empty.any()
    west, south, east, north = frame.total_bounds
    assert west >= -180
    assert east <= 180
    assert south >= -60
    assert north <= 84


@pytest.mark.parametrize(
    ("level", "lon", "lat", "code"),
    [
        pytest.param("countries", -98.0, 39.0, "US", id="the middle of the United States"),
        pytest.param(
            "countries", -66.1, 18.3, "US", id="Puerto Rico, a part of the US in our data"
        ),
        pytest.param("countries", 17.0, -22.5, "NA", id="Namibia, whose code is no missing value"),
        pytest.param("countries", 33.5, 35.3, "CY", id="Northern Cyprus"),
        pytest.param("countries", 44.5, 9.6, "SO", id="Somaliland"),
        pytest.param("countries", 20.9, 42.6, "XK", id="Kosovo"),
        pytest.param("countries", 34.1, 45.2, "UA", id="Crimea"),
        pytest.param("countries", 36.9, 45.2, "RU", id="Taman, across the strait from Crimea"),
        pytest.param("countries", -13.2, 26.5, "EH", id="Western Sahara"),
        pytest.param("countries", -9.6, 30.4, "MA", id="Morocco"),
        pytest.param("countries", 37.6, 55.75, "RU", id="Moscow"),
        pytest.param("countries", -175.0, 66.5, "RU", id="Chukotka, beyond the 180th meridian"),
        pytest.param("countries", 12.45, 43.94, "SM", id="San Marino, small but there"),
        pytest.param("states", -122.42, 37.77, "US-CA", id="San Francisco"),
        pytest.param("states", -77.02, 38.9, "US-DC", id="Washington"),
        pytest.param("states", -120.5, 43.9, "US-OR", id="Oregon, mended"),
        pytest.param("counties", -122.33, 47.6, "53033", id="Seattle lies in King County"),
        pytest.param("counties", -87.91, 43.04, "55079", id="Milwaukee"),
    ],
)
def test_a_point_lies_in_one_shape_only(levels, level, lon, lat, code):
    frame = levels[level]
    assert frame[boundaries.KEYS[level]][frame.covers(Point(lon, lat))].tolist() == [code]


def test_the_pacific_is_empty(levels):
    """Shapes that cross the 180th meridian must not paint a band around the world."""
    countries = levels["countries"]
    for lat in range(-50, 60, 5):
        assert not countries.covers(Point(-150.0, lat)).any(), lat


def test_a_county_knows_its_state(levels):
    numbers = levels["states"].set_index("geoid").code
    counties = levels["counties"]
    assert (counties.geoid.str[:2].map(numbers) == counties.region).all()


@pytest.mark.parametrize("level", LEVELS)
def test_the_topology_to_embed_has_the_same_shapes(levels, level):
    key = boundaries.KEYS[level]
    geometries = boundaries.topology(level)["objects"][level]["geometries"]
    properties = [geometry["properties"] for geometry in geometries]
    assert sorted(each[key] for each in properties) == levels[level][key].tolist()
    if level != "counties":
        shapes = levels[level].set_index(key).geometry
        for each in properties:
            point = Point(each["lon"], each["lat"])
            assert shapes[each[key]].distance(point) < 0.02, each["name"]


def test_a_part_of_a_topology_is_whole_and_small(tmp_path):
    wanted = {"53033", "06075"}
    part = boundaries.kept(boundaries.topology("counties"), "counties", wanted)
    path = tmp_path / "part.json"
    path.write_text(json.dumps(part), encoding="utf-8")
    drawn = gpd.read_file(path, layer="counties").set_crs(4326).set_index("geoid").geometry
    whole = boundaries.load("counties").set_index("geoid")["geometry"]
    assert set(drawn.index) == wanted
    assert all(drawn[code].equals(whole[code]) for code in wanted)
    assert path.stat().st_size < 5_000
    assert boundaries.kept(boundaries.topology("counties"), "counties", set())["arcs"] == []


def test_an_unknown_level_is_refused():
    with pytest.raises(ValueError, match="'cities' is not one of countries, states, counties"):
        boundaries.load("cities")


def test_the_files_stay_small_and_say_where_they_come_from():
    folder = files("frtracker.outlines")
    sizes = {level: len((folder / f"{level}.json").read_bytes()) for level in LEVELS}
    assert sizes["countries"] < 200_000
    assert sizes["states"] < 120_000
    assert sizes["counties"] < 1_000_000
    provenance = (folder / "PROVENANCE.md").read_text(encoding="utf-8")
    for words in ("world-atlas` 2.0.2", "us-atlas` 3.0.1", "ISC", "public\ndomain"):
        assert words in provenance
