"""A bar for each time that something held: one lane per subject, and per group of actors whose
bars are the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from frtracker.dates import in_words
from frtracker.pictures import style
from frtracker.pictures.selection import Choice, stretches
from frtracker.pictures.style import Look
from frtracker.places.subjects import Subject
from frtracker.timeline import Timeline
from frtracker.timeline.days import OPEN
from frtracker.timeline.rules import RANKED
from frtracker.vocabulary import ACTORS, MEASURES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HEAD: Final = ("subject", "for", "measure", "from", "through")

_LANE: Final = 0.19  # inches; all lengths below too
_PLOT: Final = 6.2
_BOTTOM: Final = 0.55
_LETTER: Final = 0.067


@dataclass(frozen=True, slots=True)
class Bar:
    """One unbroken answer on the days ``start`` to ``end`` (half-open ordinals)."""

    start: int
    end: int
    high: int
    low: int


@dataclass(frozen=True, slots=True)
class Lane:
    """One line of the figure. ``actors``: those whose bars these are."""

    subject: Subject
    actors: tuple[str, ...]
    bars: tuple[Bar, ...]


def lanes(timeline: Timeline, people: Mapping[str, Subject], choice: Choice) -> tuple[Lane, ...]:
    """The lanes of the figure: of subjects asked for by name in that order, each with a lane even
    if nothing held; of all others those with a bar, by the day of the first one."""
    found: dict[str, dict[str, list[Bar]]] = {}
    for key, actor, *numbers in stretches(timeline, choice).itertuples(index=False, name=None):
        found.setdefault(key, {}).setdefault(actor, []).append(Bar(*map(int, numbers)))
    made = []
    for subject in choice.subjects(people):
        groups: dict[tuple[Bar, ...], list[str]] = {}
        for actor, bars in found.get(subject.key, {}).items():
            groups.setdefault(tuple(bars), []).append(actor)
        lines = [Lane(subject, tuple(actors), bars) for bars, actors in groups.items()]
        if choice.keys and not lines:
            lines = [Lane(subject, choice.actors, ())]
        if lines:
            made.append(lines)
    if not choice.keys:
        made.sort(key=lambda lines: (_first_day(lines), lines[0].subject.label))
    return tuple(lane for lines in made for lane in lines)


def _first_day(lines: Sequence[Lane]) -> int:
    return min(bar.start for lane in lines for bar in lane.bars)


def title(choice: Choice) -> str:
    """What the figure shows, in a line."""
    whom = f" for {choice.whom}" if choice.whom else ""
    return f"Limits on face recognition{whom}, {style.in_days(choice.first, choice.last)}"


def rows(drawn: Sequence[Lane]) -> Iterator[tuple[str, ...]]:
    """The figure as a table: see ``HEAD``."""
    for lane in drawn:
        name, whom = lane.subject.label, ", ".join(ACTORS[code].label for code in lane.actors)
        if not lane.bars:
            yield name, whom, "nothing in force", "", ""
        for bar in lane.bars:
            through = "" if bar.end >= OPEN else _day(bar.end - 1)
            yield name, whom, _said(bar), _day(bar.start), through


def _day(ordinal: int) -> str:
    return in_words(date.fromordinal(ordinal)) if ordinal > 1 else ""


def _said(bar: Bar) -> str:
    said = _position(bar.high)
    if bar.high == bar.low:
        return said
    return f"uncertain: {said} or {_position(bar.low)}"


def _position(rank: int) -> str:
    measure, scope = RANKED[rank]
    return MEASURES[measure].label + (" (some uses only)" if scope == "narrow" else "")


def draw(drawn: Sequence[Lane], choice: Choice, credit: str) -> Figure:
    """The figure; its height grows with the lanes."""
    from matplotlib.figure import Figure

    labels = [_label(lane, choice) for lane in drawn]
    left = 0.3 + _LETTER * max((len(label) for label in labels), default=10)
    width = left + _PLOT + 0.3
    samples = style.key_to(Look.of(bar.high, bar.low) for lane in drawn for bar in lane.bars)
    columns = 7 if width > 8.4 else 4
    tall = len(drawn) > 15
    top = style.head_room(samples, columns) + (0.25 if tall else 0.08)
    plot_height = _LANE * max(len(drawn), 1)
    height = top + plot_height + _BOTTOM

    figure = Figure(figsize=(width, height), facecolor="white")
    axes = figure.add_axes((left / width, _BOTTOM / height, _PLOT / width, plot_height / height))
    for number, lane in enumerate(drawn):
        if number % 2:
            axes.axhspan(number - 0.5, number + 0.5, color=style.BAND, linewidth=0, zorder=0)
        if not lane.bars:
            _say_nothing(axes, number, choice)
        for bar in lane.bars:
            _draw_bar(axes, bar, number, choice)
    axes.set_ylim(max(len(drawn), 1) - 0.5, -0.5)
    axes.set_yticks(range(len(drawn)), labels, fontsize=7.5, parse_math=False)
    axes.tick_params(axis="y", length=0, pad=9)
    style.days_axis(axes, choice.first, choice.last)
    axes.tick_params(axis="x", labeltop=tall)
    note = f"Arrow: held before, or goes on after, the days shown. {credit}"
    style.frame(figure, title(choice), note, samples, columns)
    return figure


def _label(lane: Lane, choice: Choice) -> str:
    if len(choice.actors) == 1 or not lane.bars:
        return lane.subject.label
    return f"{lane.subject.label}: {', '.join(ACTORS[code].label for code in lane.actors)}"


def _say_nothing(axes: Axes, number: int, choice: Choice) -> None:
    axes.annotate(
        "nothing in force",
        (choice.first.toordinal(), number),
        xytext=(3, 0),
        textcoords="offset points",
        va="center_baseline",
        fontsize=7,
        color=style.FAINT,
    )


def _draw_bar(axes: Axes, bar: Bar, number: int, choice: Choice) -> None:
    from matplotlib.patches import Rectangle
    from matplotlib.transforms import ScaledTranslation

    left, right = choice.first.toordinal(), choice.last.toordinal() + 1
    start, end = max(bar.start, left), min(bar.end, right)
    look = Look.of(bar.high, bar.low)
    axes.add_patch(
        Rectangle((start, number - 0.32), end - start, 0.64, zorder=2, **style.patch(look))
    )
    for beyond, where, sign, shift in (
        (bar.start < left, left, "<", -3.2),
        (bar.end > right, right, ">", 3.2),
    ):
        if beyond:
            outside = ScaledTranslation(shift / 72, 0, axes.figure.dpi_scale_trans)
            axes.plot(
                [where],
                [number],
                marker=sign,
                markersize=4.5,
                color=look.colour,
                markeredgewidth=0,
                clip_on=False,
                zorder=3,
                transform=axes.transData + outside,
            )
