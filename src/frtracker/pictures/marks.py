"""Marks on the map of a picture: letters, clocks, and circles pushed off each other."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from frtracker import wording
from frtracker.pictures.look import INK, Look
from frtracker.timeline.rules import rank_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from frtracker.record.load import Tables

CLOCK: Final = "◷"
_DOT: Final = 7.4  # points: how wide a circle is
_PLAIN: Final[dict[str, Any]] = {"facecolor": "white", "edgecolor": "none"}
_MIDDLE: Final[dict[str, Any]] = {"ha": "center", "va": "center_baseline"}

Points = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Mark:
    """What is drawn of a subject on the day. ``scheduled``: an adopted rule is not yet in effect.
    ``whom``: the actors, where the rule could be taken for one on the police."""

    look: Look
    scheduled: bool = False
    whom: str = ""


def mark_of(entry: Mapping[str, Any], actors: Collection[str]) -> Mark:
    """The mark of an entry of the status document for these actors together."""
    scheduled = any(
        row["state"] == "scheduled"
        and row["measure"] != "none"
        and any(actor in actors for actor in row["applies_to"])
        for row in entry["policies"]
    )
    mixed = len(actors) > 1 and entry["measure"] != "none" and "police" not in entry["applies_to"]
    look = Look(rank_of(entry["measure"], general=entry["scope"] != "narrow"), entry["certain"])
    return Mark(look, scheduled, wording.actors(entry["applies_to"]) if mixed else "")


def sign(axes: Axes, at: tuple[float, float], mark: Mark) -> None:
    """Put the letter of a shape, and what else is marked, at a point of the axes."""
    look = mark.look
    if look.letter:
        box = {"boxstyle": "round,pad=0.12", **_PLAIN} if look.narrow or not look.certain else None
        axes.text(
            *at, look.letter, color=look.ink, weight="bold", bbox=box, clip_on=True, fontsize=7.5,
            **_MIDDLE,
        )  # fmt: skip
    offset: dict[str, Any] = {"textcoords": "offset points", "ha": "center"}
    if mark.whom:
        box = {"boxstyle": "round,pad=0.2", **_PLAIN}
        axes.annotate(mark.whom, at, (0, -6.5), va="top", fontsize=5, bbox=box, **offset)
    if mark.scheduled:
        axes.annotate(CLOCK, at, (7.5, 4.5), va="center", fontsize=8, **offset)


def circles(
    figure: Figure,
    axes: Axes,
    tables: Tables,
    marks: Mapping[str, Mark],
    projection: str,
    regions: set[str] | None,
) -> None:
    """Draw the subjects that are points as circles off each other, each tied to its place by a
    line. ``regions``: None is everywhere but in the United States."""
    import geopandas as gpd

    rows = tables.subjects
    rows = rows[rows["latitude"].notna() & rows["subject_key"].isin(marks)]
    rows = rows[~rows["subject_type"].isin(["country", "state", "county"])]
    inside = rows["region"].isin(regions) if regions is not None else rows["country"] != "US"
    is_local = (rows["region"] != "") | (rows["within"] != "") | (rows["subject_type"] != "agency")
    rows = rows[inside & is_local]
    if rows.empty:
        return
    spots = gpd.GeoSeries.from_xy(rows["longitude"], rows["latitude"], crs=4326).to_crs(projection)
    places = np.column_stack([spots.x, spots.y])
    figure.draw_without_rendering()
    scale = 72 / figure.dpi
    points = axes.transData.transform(places) * scale
    moved = axes.transData.inverted().transform(spread(points, _DOT + 0.8) / scale)
    for key, place, there in zip(rows["subject_key"], places, moved, strict=True):
        look = marks[key].look
        edge = "white" if look.certain and not look.narrow else look.patch["edgecolor"]
        axes.plot(*zip(place, there, strict=True), color=INK, linewidth=0.5, zorder=4)
        axes.plot(
            *there, marker="o", markersize=_DOT, markerfacecolor=look.patch["facecolor"],
            markeredgecolor=edge, markeredgewidth=1.3 if look.narrow else 0.7, zorder=5,
        )  # fmt: skip
        if look.letter:
            x, y = map(float, there)
            axes.text(
                x, y, look.letter, fontsize=5, weight="bold", color=look.ink, zorder=6,
                clip_on=True, **_MIDDLE,
            )  # fmt: skip


def spread(points: Points, gap: float) -> Points:
    """New places, no two nearer than ``gap``: near pairs are pushed apart, step by step, and all
    are drawn a little back; nothing is left to chance."""
    places = points.astype(float).copy()
    angles = np.arange(len(points)) * 2.399963  # the golden angle parts those in one spot
    for step in range(160):
        between = places[None, :, :] - places[:, None, :]
        distance = np.hypot(between[..., 0], between[..., 1])
        same = (distance < 0.01) & ~np.eye(len(points), dtype=bool)
        between[same] = np.column_stack([np.cos(angles), np.sin(angles)])[np.nonzero(same)[1]]
        distance = np.where(same, 1.0, distance)
        near = np.triu(same | (distance < gap), 1)
        if not near.any():
            break
        apart = (gap - np.minimum(distance, gap) + 0.1) / 2 / np.maximum(distance, 0.01)
        move = between * np.where(near, apart, 0)[..., None] * 0.6
        places += move.sum(axis=0) - move.sum(axis=1)
        if step < 110:
            places += (points - places) * 0.02
    return places
