"""How many subjects have which position, day by day: stacked steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from frtracker.dates import in_words
from frtracker.look import mixed
from frtracker.pictures import canvas
from frtracker.pictures.look import BAND, FAINT, LINE, UNCERTAIN, Look
from frtracker.pictures.selection import Choice, spells
from frtracker.places.subjects import Subject
from frtracker.timeline import Timeline
from frtracker.timeline.days import Days
from frtracker.timeline.rules import RANKED

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_WIDTH: Final = 8.0  # inches, as the lengths below
_PLOT_HEIGHT: Final = 3.6
_LEFT: Final = 0.45
_BOTTOM: Final = 0.55
_COLUMNS: Final = 4


@dataclass(frozen=True)
class Steps:
    """From each of ``days`` (ordinals, the first is that of the figure) up to the next, how many
    subjects have the headline position of each look: ``counts`` of shape (looks, days)."""

    days: Days
    looks: tuple[Look, ...]
    counts: Days


def steps(timeline: Timeline, subjects: Mapping[str, Subject], choice: Choice) -> Steps:
    """Count each subject once on a day, by its highest-ranked position among the actors chosen;
    of equals a certain one; as uncertain, where that is. Days without a change are left out."""
    place = {subject.key: i for i, subject in enumerate(choice.subjects(subjects))}
    table = spells(timeline, choice)
    table = table[table["subject_key"].isin(list(place))]
    unit = table["subject_key"].map(place).to_numpy(np.int64)
    start, end, high, low = (
        table[name].to_numpy(np.int64) for name in ("start", "end", "high", "low")
    )
    first, last = choice.first.toordinal(), choice.last.toordinal()
    days = np.unique(np.concatenate([[first], start, end]))
    days = days[(days >= first) & (days <= last)]
    is_on = (start[:, None] <= days) & (days < end[:, None])
    highest, lowest = (np.zeros((len(place), len(days)), dtype=np.int64) for _ in range(2))
    np.maximum.at(highest, unit, is_on * high[:, None])
    np.maximum.at(lowest, unit, is_on * low[:, None])
    ranks = range(len(RANKED) - 1, 0, -1)
    having = {Look(rank): (highest == rank) & (lowest == rank) for rank in ranks}
    having[UNCERTAIN] = highest > lowest
    looks = tuple(look for look, cells in having.items() if cells.any())
    counts = np.array([having[look].sum(axis=0) for look in looks], dtype=np.int64)
    counts = counts.reshape(len(looks), len(days))
    changed = np.append([True], (counts[:, 1:] != counts[:, :-1]).any(axis=0))
    return Steps(days[changed], looks, counts[:, changed])


def title(choice: Choice) -> str:
    """What the figure shows, in a line."""
    what = "Subjects" if choice.subject_types or choice.keys else "Places"
    days = canvas.in_days(choice.first, choice.last)
    return f"{what} with a limit on face recognition{choice.whom}, {days}"


def rows(made: Steps) -> Iterator[tuple[str, ...]]:
    """The figure as a table, its headings first: the counts from each day on."""
    yield ("from", *(look.label for look in made.looks))
    for day, column in zip(made.days.tolist(), made.counts.T.tolist(), strict=True):
        yield (in_words(date.fromordinal(day)), *map(str, column))


def draw(made: Steps, choice: Choice, credit: str) -> Figure:
    """The figure; ``credit`` is the small line below it."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    last = made.counts[:, -1].tolist()
    samples = [
        (f"{look.label}: {count}", _layer(look))
        for look, count in zip(made.looks, last, strict=True)
    ]
    height = canvas.head_room(samples, _COLUMNS) + 0.05 + _PLOT_HEIGHT + _BOTTOM
    figure = Figure(figsize=(_WIDTH, height), facecolor="white")
    axes = figure.add_axes(
        (_LEFT / _WIDTH, _BOTTOM / height, (_WIDTH - _LEFT - 0.3) / _WIDTH, _PLOT_HEIGHT / height)
    )
    days = np.append(made.days, choice.last.toordinal() + 1)
    floor = np.zeros(len(days), dtype=np.int64)
    for look, counts in zip(made.looks, made.counts, strict=True):
        ceiling = floor + np.append(counts, counts[-1])
        axes.fill_between(days, floor, ceiling, step="post", **_layer(look))
        floor = ceiling
    canvas.days_axis(axes, choice.first, choice.last)
    axes.set_ylim(0, max(1, int(floor.max(initial=0))) * 1.06)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="y", color=LINE, linewidth=0.6)
    note = f"Numbers: on {in_words(choice.last)}. {credit}"
    canvas.frame(figure, title(choice), note, samples, _COLUMNS)
    return figure


def _layer(look: Look) -> dict[str, Any]:
    """Without an outline, which would show where a layer is empty; so dots say uncertain."""
    drawn = look.patch | {"linewidth": 0, "linestyle": "solid"}
    if look == UNCERTAIN:
        return drawn | {"facecolor": BAND, "hatch": "....", "hatchcolor": FAINT}
    return drawn | ({"facecolor": mixed(look.colour, 0.2)} if look.narrow else {})
