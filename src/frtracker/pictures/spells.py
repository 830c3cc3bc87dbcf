"""A bar for each spell of a rule: one lane per subject, and per group of actors whose bars are the
same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from frtracker import wording
from frtracker.dates import in_words
from frtracker.pictures import canvas, selection
from frtracker.pictures.look import BAND, FAINT, SOME_USES, Look, patch
from frtracker.pictures.selection import Choice
from frtracker.places.subjects import Subject
from frtracker.timeline import Timeline
from frtracker.timeline.days import OPEN
from frtracker.vocabulary import MEASURES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LANE: Final = 0.19  # inches; all lengths below too
_PLOT: Final = 6.2
_BOTTOM: Final = 0.55
_LETTER: Final = 0.067


@dataclass(frozen=True, slots=True)
class Bar:
    """One unbroken position on the days ``start`` to ``end`` (half-open ordinals)."""

    start: int
    end: int
    look: Look
    at_least: Look


@dataclass(frozen=True, slots=True)
class Lane:
    """One line of the figure. ``actors``: those whose bars these are."""

    subject: Subject
    actors: tuple[str, ...]
    bars: tuple[Bar, ...]


def lanes(timeline: Timeline, subjects: Mapping[str, Subject], choice: Choice) -> tuple[Lane, ...]:
    """The lanes of the figure: of subjects chosen by name in that order, each with a lane even
    if no rule is in force; of all others those with a bar, by the day of the first one."""
    bars_of: dict[str, dict[str, list[Bar]]] = {}
    table = selection.spells(timeline, choice)
    for key, actor, start, end, high, low in table.itertuples(index=False, name=None):
        bar = Bar(int(start), int(end), Look(int(high), certain=high == low), Look(int(low)))
        bars_of.setdefault(key, {}).setdefault(actor, []).append(bar)
    made = []
    for subject in choice.subjects(subjects):
        bars_by_actor = {a: tuple(bars) for a, bars in bars_of.get(subject.key, {}).items()}
        lines = [Lane(subject, tuple(who), bars) for bars, who in wording.alike(bars_by_actor)]
        if choice.keys and not lines:
            lines = [Lane(subject, choice.actors, ())]
        if lines:
            made.append(lines)
    if not choice.keys:
        made.sort(key=lambda lines: (min(lane.bars[0].start for lane in lines),
                                     lines[0].subject.label))  # fmt: skip
    return tuple(lane for lines in made for lane in lines)


def title(choice: Choice) -> str:
    """What the figure shows, in a line."""
    return f"Limits on face recognition{choice.whom}, {canvas.in_days(choice.first, choice.last)}"


def rows(drawn: Sequence[Lane]) -> Iterator[tuple[str, ...]]:
    """The figure as a table, its headings first."""
    yield ("subject", "for", "measure", "from", "through")
    for lane in drawn:
        name, whom = lane.subject.label, wording.actors(lane.actors)
        if not lane.bars:
            yield name, whom, wording.NONE, "", ""
        for bar in lane.bars:
            what = bar.look.label
            if not bar.look.certain:
                what = wording.uncertain(what, bar.at_least.label if bar.at_least.rank else None)
            start = in_words(date.fromordinal(bar.start)) if bar.start > 1 else ""
            end = "" if bar.end >= OPEN else in_words(date.fromordinal(bar.end - 1))
            yield name, whom, what, start, end


def draw(drawn: Sequence[Lane], choice: Choice, credit: str) -> Figure:
    """The figure; its height grows with the lanes."""
    from matplotlib.figure import Figure

    labels = [
        lane.subject.label
        if len(choice.actors) == 1 or not lane.bars
        else f"{lane.subject.label}: {wording.actors(lane.actors)}"
        for lane in drawn
    ]
    left = 0.3 + _LETTER * max((len(label) for label in labels), default=10)
    width = left + _PLOT + 0.3
    samples = _legend({bar.look for lane in drawn for bar in lane.bars})
    columns = 7 if width > 8.4 else 4
    tall = len(drawn) > 15
    top = canvas.head_room(samples, columns) + (0.25 if tall else 0.08)
    plot_height = _LANE * max(len(drawn), 1)
    height = top + plot_height + _BOTTOM

    figure = Figure(figsize=(width, height), facecolor="white")
    axes = figure.add_axes((left / width, _BOTTOM / height, _PLOT / width, plot_height / height))
    for number, lane in enumerate(drawn):
        if number % 2:
            axes.axhspan(number - 0.5, number + 0.5, color=BAND, linewidth=0, zorder=0)
        if not lane.bars:
            axes.annotate(
                wording.NONE, (choice.first.toordinal(), number), xytext=(3, 0),
                textcoords="offset points", va="center_baseline", fontsize=7, color=FAINT,
            )  # fmt: skip
        for bar in lane.bars:
            _draw_bar(axes, bar, number, choice)
    axes.set_ylim(max(len(drawn), 1) - 0.5, -0.5)
    axes.set_yticks(range(len(drawn)), labels, fontsize=7.5, parse_math=False)
    axes.tick_params(axis="y", length=0, pad=9)
    canvas.days_axis(axes, choice.first, choice.last)
    axes.tick_params(axis="x", labeltop=tall)
    note = f"Arrow: in force before, or goes on after, the days shown. {credit}"
    canvas.frame(figure, title(choice), note, samples, columns)
    return figure


def _legend(looks: Iterable[Look]) -> list[tuple[str, dict[str, Any]]]:
    """Colour, pattern and outline apart."""
    measures = {look.measure for look in looks}
    samples = [(m.label, patch(m.colour)) for m in MEASURES.values() if m.code in measures]
    if any(look.narrow for look in looks):
        samples.append((SOME_USES, patch(FAINT, narrow=True)))
    if not all(look.certain for look in looks):
        samples.append(("uncertain, at most this", patch(FAINT, certain=False)))
    return samples


def _draw_bar(axes: Axes, bar: Bar, number: int, choice: Choice) -> None:
    from matplotlib.patches import Rectangle
    from matplotlib.transforms import ScaledTranslation

    left, right = choice.first.toordinal(), choice.last.toordinal() + 1
    start, end = max(bar.start, left), min(bar.end, right)
    axes.add_patch(Rectangle((start, number - 0.32), end - start, 0.64, zorder=2, **bar.look.patch))
    for beyond, where, sign, shift in (
        (bar.start < left, left, "<", -3.2),
        (bar.end > right, right, ">", 3.2),
    ):
        if beyond:
            outside = ScaledTranslation(shift / 72, 0, axes.figure.dpi_scale_trans)
            axes.plot(
                [where], [number], marker=sign, markersize=4.5, color=bar.look.colour,
                markeredgewidth=0, clip_on=False, zorder=3, transform=axes.transData + outside,
            )  # fmt: skip
