"""The sheets: outlines as they are drawn, and where on them a place is."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest

from frtracker import sheets
from frtracker.record import load
from frtracker.sheets import SHEETS

SPHERE = f"+R={sheets.RADIUS * 1000} +type=crs"
PROJECTIONS = {
    "us": "+proj=aea +lon_0=-96 +lat_0=37.5 +lat_1=29.5 +lat_2=45.5",
    "US-AK": "+proj=aea +lon_0=-154 +lat_0=50 +lat_1=55 +lat_2=65",
    "US-HI": "+proj=aea +lon_0=-157.5 +lat_0=20.5 +lat_1=19 +lat_2=22",
    "world": "+proj=eqearth +lon_0=0",
    "europe": "+proj=laea +lon_0=11 +lat_0=52",
}
FRAMES = {
    **{name: sheet.frames[0] for name, sheet in SHEETS.items()},
    **{code: f for f in SHEETS["us"].frames for code in ("US-AK", "US-HI") if code in f.regions},
}


@pytest.mark.parametrize("name", PROJECTIONS)
def test_the_formulas_are_those_of_proj(name):
    frame = FRAMES[name]
    lon, lat = (each.ravel() for each in np.meshgrid([-170.0, -100, -60, 0, 40], [5.0, 40, 60, 75]))
    wanted = np.column_stack(pyproj.Proj(f"{PROJECTIONS[name]} {SPHERE}")(lon, lat)) / 1000
    assert np.allclose((frame.place(lon, lat) - frame.shift) / frame.scale, wanted, atol=1e-6)


def test_every_state_and_country_is_drawn_on_its_sheet():
    counts = {
        (name, layer): len(sheets.outlines(name, layer))
        for name in SHEETS
        for layer in ("states", "countries", "enlarged")
    }
    assert {key: count for key, count in counts.items() if count} == {
        ("us", "states"): 56,
        ("us", "enlarged"): 3,
        ("world", "states"): 56,
        ("world", "countries"): 229,
        ("europe", "countries"): 65,
    }


@pytest.mark.parametrize("name", SHEETS)
def test_all_lies_in_the_box_of_its_sheet_and_boxes_lie_apart(name):
    box = SHEETS[name].box
    for layer in ("states", "countries", "enlarged"):
        for code, rings in sheets.outlines(name, layer).items():
            x, y = np.concatenate(rings).T
            assert box[0] <= x.min(), code
            assert x.max() <= box[2], code
            assert box[1] <= y.min(), code
            assert y.max() <= box[3], code
    others = [sheet.box for other, sheet in SHEETS.items() if other != name]
    assert all(box[2] < other[0] or other[2] < box[0] for other in others)


def test_insets_do_not_cover_the_main_part_or_each_other():
    _, *insets = SHEETS["us"].frames
    enlarged = SHEETS["us"].enlarged
    elsewhere = {code for frame in insets for code in frame.regions}
    for frame in (*insets, enlarged):
        west, south, east, north = frame.box
        for code, rings in sheets.outlines("us", "states").items():
            if code in frame.regions and frame is not enlarged:
                continue
            if code in elsewhere and frame is enlarged:
                continue
            x, y = np.concatenate(rings).T
            assert not ((west < x) & (x < east) & (south < y) & (y < north)).any(), code


@pytest.mark.parametrize(
    ("name", "layer"),
    [("us", "states"), ("us", "enlarged"), ("world", "countries"), ("world", "states"),
     ("europe", "countries")],
)  # fmt: skip
def test_a_label_lies_well_inside_its_outline(name, layer):
    shapes = sheets.outlines(name, layer)
    for shape in sheets.topology(name)["objects"][layer]["geometries"]:
        rings = shapes[shape["properties"]["code"]]
        x, y = np.concatenate(rings).T
        if np.ptp(x) > 0.3 < np.ptp(y):  # smaller ones are a dot
            assert sheets.is_inside(np.array([shape["properties"]["at"]]), rings).all(), shape


@pytest.mark.parametrize(
    ("lon", "lat", "region", "count"),
    [
        pytest.param(-71.06, 42.36, "US-MA", 3, id="Boston: enlarged too"),
        pytest.param(-122.42, 37.77, "US-CA", 2, id="San Francisco: in the US and in the world"),
        pytest.param(-149.9, 61.2, "US-AK", 2, id="Anchorage: in its inset"),
        pytest.param(-157.86, 21.31, "US-HI", 2, id="Honolulu"),
    ],
)
def test_a_place_is_on_every_sheet_that_shows_it(lon, lat, region, count):
    (found,) = sheets.spots([lon], [lat], ["US"], [region])
    assert len(found) == count


def test_a_place_in_europe_is_on_two_sheets_and_one_beyond_it_on_one():
    paris, delhi = sheets.spots([2.35, 77.2], [48.85, 28.6], ["FR", "IN"], ["", ""])
    assert len(paris) == 2
    assert len(delhi) == 1


def test_every_place_of_the_record_lies_in_its_outline():
    """Of coasts less is drawn than there is: a harbor city is moved ashore."""
    rows = load.read(None).subjects
    is_point = ~rows["subject_type"].isin(["country", "state", "county"])
    rows = rows[
        rows["latitude"].notna() & is_point & ((rows["country"] != "US") | (rows["region"] != ""))
    ]
    spots = sheets.spots(rows["longitude"], rows["latitude"], rows["country"], rows["region"])
    for row, found in zip(rows.itertuples(), spots, strict=True):
        code = row.region if row.country == "US" else row.country
        assert found, row.subject_key
        for x, y in found:
            layers = [
                sheets.outlines(name, layer).get(code)
                for name, sheet in SHEETS.items()
                if sheet.box[0] <= x <= sheet.box[2]
                for layer in ("states", "countries", "enlarged")
            ]
            point = np.array([[x, y]])
            around = point + 0.2 * np.array([(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)])
            assert any(rings and sheets.is_inside(around, rings).any() for rings in layers), row


def test_a_place_off_the_coast_moves_ashore_and_one_far_away_stays():
    near, far = sheets.spots([-70.9, -60.0], [42.36, 42.36], ["US", "US"], ["US-MA", "US-MA"])
    shapes = sheets.outlines("us", "states")["US-MA"]
    assert sheets.is_inside(np.array(near[:1]), shapes).all()
    assert not sheets.is_inside(np.array(far[:1]), shapes).any()
