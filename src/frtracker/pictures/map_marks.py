"""What stands on the map of a picture: how a position looks, letters, marks, circles."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from frtracker import wording as phrases
from frtracker.pictures import style
from frtracker.vocabulary import MEASURES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from frtracker.record.load import Tables

LETTERS: Final = {code: code[0].upper() for code in MEASURES if code != "none"}
_DARK: Final = frozenset({"ban", "restriction"})
BASES: Final[dict[str, dict[str, Any]]] = {
    "none": ({"facecolor": MEASURES["none"].colour, "hatch": "....", "edgecolor": "#a9a294"}),
    "searched": ({"facecolor": "#faf8f4", "hatch": "///", "edgecolor": "#cdc8bb"}),
    "unsearched": ({"facecolor": "#faf8f4", "edgecolor": "#cdc8bb"}),
}
BASE_LABELS: Final = {
    "none": "acts recorded, none in force",
    "searched": "searched, nothing found",
    "unsearched": "not searched",
}
_DOT: Final = 7.4  # points: how wide a circle is

Points = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Held:
    """What a subject has on the day."""

    measure: str
    narrow: bool
    certain: bool
    scheduled: bool
    whom: str = ""
    """Whom it binds, where it could be taken for a rule on the police."""

    @property
    def patch(self) -> dict[str, Any]:
        if self.measure == "none":
            return {**BASES["none"], "linewidth": 0.5}
        order = next(look for look in _looks() if (look.measure, look.narrow) == self.key)
        return style.patch(style.Look(not self.certain, order.order))

    @property
    def key(self) -> tuple[str, bool]:
        return self.measure, self.narrow

    @property
    def letter(self) -> str:
        return LETTERS.get(self.measure, "") if self.certain else "?"

    @property
    def ink(self) -> str:
        is_dark = self.measure in _DARK and not self.narrow and self.certain
        return "white" if is_dark else "#16130c"


def _looks() -> Iterable[style.Look]:
    return (style.Look(False, order) for order in range(1, 11))


def held_by(entry: dict[str, Any], actors: Collection[str]) -> Held:
    """What an entry of the status document says of these actors together."""
    scheduled = any(
        row["state"] == "scheduled"
        and row["measure"] != "none"
        and any(actor in actors for actor in row["applies_to"])
        for row in entry["policies"]
    )
    mixed = len(actors) > 1 and entry["measure"] != "none" and "police" not in entry["for"]
    return Held(
        entry["measure"],
        entry["scope"] == "narrow",
        entry["certain"],
        scheduled,
        phrases.actors(entry["for"]) if mixed else "",
    )


def sign(axes: Axes, at: tuple[float, float], held: Held, size: float) -> None:
    """Put the letter and the marks of ``held`` at a point of the axes; ``size`` in points."""
    words: dict[str, Any] = {"ha": "center", "va": "center_baseline", "fontsize": size}
    if held.letter:
        halo = {"boxstyle": "round,pad=0.12", "facecolor": "white", "edgecolor": "none"}
        box = halo if held.narrow or not held.certain else None
        axes.text(*at, held.letter, color=held.ink, weight="bold", bbox=box, clip_on=True, **words)
    if held.whom:
        axes.annotate(
            held.whom, at, (0, -6.5), textcoords="offset points", ha="center", va="top", fontsize=5,
            bbox={"boxstyle": "round,pad=0.2", "facecolor": "white", "edgecolor": "none"},
        )  # fmt: skip
    if held.scheduled:
        axes.annotate(
            "◷", at, (7.5, 4.5), textcoords="offset points", fontsize=8, ha="center", va="center"
        )


def circles(
    figure: Figure,
    axes: Axes,
    tables: Tables,
    held: dict[str, Held],
    projection: str,
    regions: set[str] | None,
) -> None:
    """Circles off each other, each tied to its place by a line. ``regions``: None is everywhere
    but in the United States."""
    import geopandas as gpd

    rows = tables.subjects
    rows = rows[rows["latitude"].notna() & rows["subject_key"].isin(held)]
    rows = rows[~rows["subject_type"].isin(["country", "state", "county"])]
    inside = rows["region"].isin(regions) if regions is not None else rows["country"] != "US"
    rows = rows[
        inside
        & ((rows["region"] != "") | (rows["within"] != "") | (rows["subject_type"] != "agency"))
    ]
    if rows.empty:
        return
    spots = gpd.GeoSeries.from_xy(rows["longitude"], rows["latitude"], crs=4326).to_crs(projection)
    own = np.column_stack([spots.x, spots.y])
    figure.draw_without_rendering()
    scale = 72 / figure.dpi
    pixels = axes.transData.transform(own)
    moved = axes.transData.inverted().transform(spread(pixels * scale, _DOT + 0.8) / scale)
    for key, place, there in zip(rows["subject_key"], own, moved, strict=True):
        each = held[key]
        axes.plot(*zip(place, there, strict=True), color=style.INK, linewidth=0.5, zorder=4)
        look = each.patch
        axes.plot(
            *there, marker="o", markersize=_DOT, markerfacecolor=look["facecolor"],
            markeredgecolor=look["edgecolor"] if each.narrow or not each.certain else "white",
            markeredgewidth=1.3 if each.narrow else 0.7, zorder=5,
        )  # fmt: skip
        if each.letter:
            axes.text(
                float(there[0]), float(there[1]), each.letter, fontsize=5, weight="bold",
                ha="center", va="center_baseline", color=each.ink, zorder=6, clip_on=True,
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
        near = np.triu(np.where(same, True, distance < gap), 1)
        if not near.any():
            break
        push = np.where(
            near, (gap - np.minimum(distance, gap) + 0.1) / 2 / np.maximum(distance, 0.01), 0
        )
        move = between * push[..., None] * 0.6
        places += move.sum(axis=0) - move.sum(axis=1)
        if step < 110:
            places += (points - places) * 0.02
    return places
