"""The files for maps: what their standards ask for, and that they say what `status` says."""

from __future__ import annotations

import io
import json
import warnings
from datetime import date
from pathlib import Path
from typing import get_type_hints

import geopandas as gpd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely

from frtracker import outlines
from frtracker.answers.contract import Properties
from frtracker.export import export
from frtracker.export.documents import take
from frtracker.export.geo import PROPERTIES, rounded
from frtracker.fields import describe
from frtracker.places.subjects import subjects_by_key
from frtracker.record import load as table
from frtracker.timeline import build
from frtracker.vocabulary import ACTORS

DAY = date(2026, 11, 22)
POINTS, AREAS = "subjects.geojson", "areas.geojson"


@pytest.fixture(scope="module")
def snapshot():
    tables = table.read()
    return take(tables, build(tables.policies), DAY)


@pytest.fixture(scope="module")
def files(snapshot):
    return {file.name: file for file in export(snapshot, ["geojson", "geoparquet"])}


@pytest.fixture(scope="module")
def features(files):
    """By file and key."""
    return {
        name: {feature["id"]: feature for feature in json.loads(files[name].data)["features"]}
        for name in (POINTS, AREAS)
    }


def numbers(coordinates):
    """Every coordinate of nested lists."""
    if isinstance(coordinates, list):
        for each in coordinates:
            yield from numbers(each)
    else:
        yield coordinates


@pytest.mark.parametrize("name", [POINTS, AREAS])
def test_geojson_keeps_to_its_standard(files, features, name):
    document = json.loads(files[name].data)
    assert document["type"] == "FeatureCollection"
    assert "crs" not in document
    assert (document["kind"], document["as_of"]) == ("geojson", "2026-11-22")
    assert len(features[name]) == len(document["features"]) == files[name].rows
    for key, feature in features[name].items():
        assert feature["type"] == "Feature"
        assert feature["properties"]["subject_key"] == key
        assert all(round(it, 6) == it for it in numbers(feature["geometry"]["coordinates"]))
        shape = shapely.geometry.shape(feature["geometry"])
        west, south, east, north = shape.bounds
        assert -180 <= west <= east <= 180
        assert -90 <= south <= north <= 90
    longitude, latitude = features[POINTS]["us-ma-boston"]["geometry"]["coordinates"]
    assert (round(longitude), round(latitude)) == (-71, 42)


@pytest.mark.parametrize("level", outlines.LEVELS)
def test_every_outline_becomes_a_valid_area(level):
    for shape in map(rounded, outlines.load(level)["geometry"]):
        assert shape.is_valid
        for part in shapely.get_parts(shape):
            assert part.exterior.is_ccw
            assert not any(hole.is_ccw for hole in part.interiors)
            west, _, east, _ = part.bounds
            assert east - west < 180, "cut at the 180th meridian"


def test_areas_are_those_subjects_that_have_an_outline(snapshot, features):
    on_record = {entry["subject_key"]: entry for entry in snapshot.status["subjects"]}
    kinds = {key: entry["subject_type"] for key, entry in on_record.items()}
    assert {kinds[key] for key in features[AREAS]} == {"country", "state", "county"}
    without = {key for key in on_record if key not in features[AREAS]}
    # of a state abroad there is none, nor of a union, whose members change
    assert {key for key in without if kinds[key] in ("country", "state", "county")} == {
        key for key in without if kinds[key] == "state" and on_record[key]["country"] != "US"
    }
    assert "european-union" in without
    subjects = subjects_by_key(snapshot.tables.subjects)
    assert {subjects[key].geoid[:2] for key in features[AREAS] if key.startswith("us-ma")} == {"25"}


@pytest.mark.parametrize(
    ("point", "inside", "outside"),
    [
        ("us-ma-boston", "us-ma", "us-me"),
        ("us-ca-san-francisco", "us-ca", "us-or"),
        ("us-wa-seattle", "us-wa-king-county", "us-or"),
        ("us-or-portland", "us-or", "us-wa-king-county"),
    ],
)
def test_a_point_lies_in_its_area(features, point, inside, outside):
    place = shapely.geometry.shape(features[POINTS][point]["geometry"])
    for key, is_there in ((inside, True), (outside, False)):
        shape = shapely.geometry.shape(features[AREAS][key]["geometry"])
        assert shape.contains(place) is is_there, key


@pytest.mark.parametrize("name", [POINTS, AREAS])
def test_a_feature_says_what_status_says(snapshot, features, name):
    entries = {entry["subject_key"]: entry for entry in snapshot.status["subjects"]}
    days = ("since", "since_low", "since_high", "until", "until_low", "until_high")
    for key, feature in features[name].items():
        properties, entry = feature["properties"], entries[key]
        assert tuple(properties) == PROPERTIES
        assert not any(isinstance(it, list | dict) for it in properties.values())
        for each in ("subject", "geoid", "region", "measure", "scope", "certain", *days):
            assert properties[each] == entry[each]
        assert (properties["applies_to"] or "").split(";") == (entry["applies_to"] or [""])
        for actor in ACTORS:
            position = entry["positions"][actor] or {}
            for each in ("measure", "scope", "certain", *days):
                assert properties[f"{actor}_{each}"] == position.get(each)
        rules = {rule["policy_id"]: rule for rule in entry["policies"]}
        of_first = [entry["positions"][actor]["policy_ids"][0] for actor in entry["applies_to"][:1]]
        source = rules[of_first[0]]["source_url"] if of_first else None
        assert properties["source_url"] == source


@pytest.mark.parametrize(
    ("key", "measure", "applies_to", "police", "private"),
    [
        ("us-la-new-orleans", "ban", "government", "restriction", None),
        ("us-me", "ban", "government;schools", "restriction", None),
        ("us-ny", "ban", "schools", "none", "none"),
        ("us-or-portland", "ban", "police;government;private", "ban", "ban"),
    ],
)
def test_a_ban_for_others_is_not_one_for_the_police(
    features, key, measure, applies_to, police, private
):
    found = features[POINTS][key]["properties"]
    assert (found["measure"], found["applies_to"]) == (measure, applies_to)
    assert (found["police_measure"], found["private_measure"]) == (police, private)


@pytest.mark.parametrize("name", [POINTS, AREAS])
def test_gdal_reads_it_and_makes_a_shapefile_of_it(files, tmp_path, name):
    path = tmp_path / name
    path.write_bytes(files[name].data)
    found = gpd.read_file(path)
    assert found.crs.to_epsg() == 4326
    assert len(found) == files[name].rows
    assert [*found.columns] == ["id", *PROPERTIES, "geometry"]
    types = dict(zip(*(pyogrio.read_info(path)[it] for it in ("fields", "dtypes")), strict=True))
    assert types["geoid"] == types["applies_to"] == types["police_measure"] == "object"
    assert types["certain"] == "bool"
    assert types["since_low"] == types["police_since_high"] == "datetime64[D]"
    target = tmp_path / "shapes.shp"
    with warnings.catch_warnings():  # a Shapefile has names of ten letters
        warnings.simplefilter("ignore")
        found.to_file(target)
    read = gpd.read_file(target)
    assert len(read) == len(found)
    assert read["police_mea"].dropna().tolist() == found["police_measure"].dropna().tolist()


def test_geoparquet_has_the_areas_and_their_types(files, features):
    data = io.BytesIO(files["areas.parquet"].data)
    schema = {field.name: field.type for field in pq.read_schema(data)}
    for name in PROPERTIES:
        wanted = pa.bool_() if name.endswith("certain") else pa.large_string()
        if name.endswith(("_low", "_high")):
            wanted = pa.date32()
        assert schema[name] == wanted, name
    areas = gpd.read_parquet(data)
    assert areas.crs == "OGC:CRS84"
    assert areas["subject_key"].tolist() == [*features[AREAS]]
    for row, feature in zip(pq.read_table(data).to_pylist(), features[AREAS].values(), strict=True):
        own = {n: it.isoformat() if isinstance(it, date) else it for n, it in row.items()}
        assert {name: own[name] for name in PROPERTIES} == feature["properties"]
        assert shapely.from_wkb(row["geometry"]) == shapely.geometry.shape(feature["geometry"])


def test_without_acts_the_files_are_empty_and_typed(snapshot, files):
    before = take(snapshot.tables, snapshot.timeline, date(1990, 1, 1))
    made = {file.name: file for file in export(before, ["geojson", "geoparquet"])}
    assert [made[name].rows for name in (POINTS, AREAS, "areas.parquet")] == [0, 0, 0]
    assert json.loads(made[AREAS].data)["features"] == []
    empty, full = (pq.read_schema(io.BytesIO(it["areas.parquet"].data)) for it in (made, files))
    assert empty.types == full.types


def test_the_properties_are_those_of_the_contract_and_described():
    assert {*PROPERTIES} == {*get_type_hints(Properties)}
    for name in PROPERTIES:
        assert describe(name, "Properties").endswith(".")
    assert describe("police_since_low", "Properties").startswith("For police alone: ")


def test_the_guide_names_the_properties():
    guide = Path(__file__).parents[1].joinpath("docs", "export.md").read_text(encoding="utf-8")
    own = [name for name in PROPERTIES if not name.startswith((*ACTORS,))]
    assert [name for name in own if f"`{name}`" not in guide] == []
    assert [actor for actor in ACTORS if f"`{actor}_`" not in guide] == []
