"""Rules over the years: a bar for each spell of a subject, or the number of subjects, or of people,
over time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from importlib.resources import files
from itertools import product
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from frtracker import wording
from frtracker.dates import in_words
from frtracker.layers import Readings
from frtracker.look import mixed
from frtracker.people import People as Living
from frtracker.people import Range
from frtracker.pictures import canvas
from frtracker.pictures.canvas import (
    BAND,
    FAINT,
    INK,
    LINE,
    SOME_USES,
    UNCERTAIN,
    Choice,
    Look,
    patch,
)
from frtracker.places.subjects import Subject
from frtracker.text.sheet import as_csv
from frtracker.timeline import Timeline
from frtracker.timeline.days import OPEN
from frtracker.timeline.rules import RANKED
from frtracker.vocabulary import MEASURES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LANE: Final = 0.19  # inches, as the lengths of all that is drawn
_LETTER: Final = 0.067


@dataclass(frozen=True, slots=True)
class Bar:
    """One unbroken position on the days ``start`` to ``end`` (half-open ordinals)."""

    start: int
    end: int
    look: Look
    at_least: Look


class Spells:
    """A bar for each spell of a rule: one lane per subject, and per group of actors whose bars are
    the same. Of subjects chosen by name in that order, each with a lane even if no rule is in
    force; of all others those with a bar, by the day of the first one. ``lanes``: the subject, the
    actors whose bars these are, the bars."""

    def __init__(self, timeline: Timeline, people: Mapping[str, Subject], choice: Choice) -> None:
        self.choice = choice
        table = choice.spells(timeline, ["subject_key", "actor"])
        bars: dict[tuple[str, str], tuple[Bar, ...]] = {}
        for key, actor, start, end, high, low in table.itertuples(index=False, name=None):
            bar = Bar(start, end, Look(high, certain=high == low), Look(low))
            bars[key, actor] = (*bars.get((key, actor), ()), bar)
        begun = table.groupby("subject_key")["start"].min()
        shown: Iterable[Subject] = choice.subjects(people, timeline.policies)
        if not choice.keys:
            shown = (subject for subject in shown if subject.key in begun)
            shown = sorted(shown, key=lambda subject: (begun[subject.key], subject.label))
        self.lanes: list[tuple[Subject, list[str], tuple[Bar, ...]]] = []
        for subject in shown:
            own = ((actor, bars.get((subject.key, actor))) for actor in choice.actors)
            alike = wording.alike({actor: drawn for actor, drawn in own if drawn})
            lines = alike or [((), [*choice.actors])]
            self.lanes += [(subject, actors, drawn) for drawn, actors in lines]

    def rows(self) -> Iterator[tuple[str, ...]]:
        """The figure as a table, its headings first."""
        yield ("subject", "for", "measure", "from", "through")
        for subject, actors, bars in self.lanes:
            name, whom = subject.label, wording.actors(actors)
            if not bars:
                yield name, whom, self.choice.nothing, "", ""
            for bar in bars:
                what = bar.look.label
                if not bar.look.certain:
                    floor = bar.at_least.label if bar.at_least.rank else None
                    what = wording.uncertain(what, floor)
                start = in_words(date.fromordinal(bar.start)) if bar.start > 1 else ""
                end = "" if bar.end >= OPEN else in_words(date.fromordinal(bar.end - 1))
                yield name, whom, what, start, end

    def series(self) -> Iterator[dict[str, Any]]:
        """A row for each bar and actor, with the columns of :meth:`columns`."""
        for subject, actors, bars in self.lanes:
            for bar, actor in product(bars, actors):
                measure, scope = RANKED[bar.look.rank]
                least, least_scope = ("", "") if bar.look.certain else RANKED[bar.at_least.rank]
                yield {
                    "subject_key": subject.key,
                    "subject": subject.name,
                    "actor": actor,
                    "measure": measure,
                    "scope": scope,
                    "certain": bar.look.certain,
                    "at_least_measure": least if least_scope else None,
                    "at_least_scope": least_scope or None,
                    "valid_from": _iso(bar.start) if bar.start > 1 else None,
                    "valid_to": _iso(bar.end) if bar.end < OPEN else None,
                }

    @staticmethod
    def columns() -> list[str]:
        """``measure`` and ``scope`` are what the subject may have at most where the spell is not
        ``certain``, ``at_least_…`` what it has at least; days as in :mod:`frtracker.timeline`."""
        return [
            *("subject_key", "subject", "actor", "measure", "scope", "certain"),
            *("at_least_measure", "at_least_scope", "valid_from", "valid_to"),
        ]

    def draw(self, credit: str) -> Figure:
        """The figure; its height grows with the lanes."""
        lanes, choice = self.lanes, self.choice
        note = "Arrow: in force before, or goes on after, the days shown."
        note = note if any(bars for *_, bars in lanes) else choice.nothing_drawn
        labels = [
            f"{it.label}: {wording.actors(whom)}" if bars and len(choice.actors) > 1 else it.label
            for it, whom, bars in lanes
        ]
        tall = len(lanes) > 15
        figure, axes = canvas.sheet(
            choice,
            choice.title,
            f"{note} {credit}",
            _legend({bar.look for *_, bars in lanes for bar in bars}),
            left=0.3 + _LETTER * max((len(label) for label in labels), default=10),
            plot=(6.2, _LANE * max(len(lanes), 1)),
            gap=0.25 if tall else 0.08,
        )
        for number, (_, _, bars) in enumerate(lanes):
            if number % 2:
                axes.axhspan(number - 0.5, number + 0.5, color=BAND, linewidth=0, zorder=0)
            if not bars:
                axes.annotate(
                    choice.nothing, (choice.first.toordinal(), number), xytext=(3, 0),
                    textcoords="offset points", va="center_baseline", fontsize=7, color=FAINT,
                )  # fmt: skip
            for bar in bars:
                _draw_bar(axes, bar, number, choice)
        axes.set_ylim(max(len(lanes), 1) - 0.5, -0.5)
        axes.set_yticks(range(len(lanes)), labels, fontsize=7.5, parse_math=False)
        axes.tick_params(axis="y", length=0, pad=9)
        axes.tick_params(axis="x", labeltop=tall)
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


class Counts:
    """How many subjects have the headline position of each look, day by day: stacked steps. Each is
    counted once on a day, by its highest-ranked position among the actors chosen; of equals
    a certain one; as uncertain, where that is. ``counts`` (int64): a column for each look, a row
    for each day (ordinal) on which one changes, the first is that of the figure."""

    def __init__(self, timeline: Timeline, people: Mapping[str, Subject], choice: Choice) -> None:
        self.choice = choice
        spells = choice.spells(timeline, ["subject_key"])
        shown = [subject.key for subject in choice.subjects(people, timeline.policies)]
        spells = spells[spells["subject_key"].isin(shown)]
        start, end, high, low = spells[["start", "end", "high", "low"]].to_numpy(np.int64).T
        first, last = choice.first.toordinal(), choice.last.toordinal()
        days = np.unique(np.concatenate([[first], start, end]))
        days = days[(days >= first) & (days <= last)]
        is_on = pd.DataFrame((start[:, None] <= days) & (days < end[:, None]), columns=days)
        counts = is_on.groupby(np.where(high == low, high, 0)).sum().T.iloc[:, ::-1]
        counts = counts.loc[:, counts.any()].rename(columns=lambda rank: Look(rank, rank > 0))
        self.counts = counts[counts.ne(counts.shift()).any(axis=1) | (days == first)]

    def rows(self) -> Iterator[tuple[str, ...]]:
        """The figure as a table, its headings first: the counts from each day on."""
        yield ("from", *(look.label for look in self.counts))
        for day, *numbers in self.counts.itertuples(name=None):
            yield (in_words(date.fromordinal(day)), *map(str, numbers))

    def series(self) -> Iterator[dict[str, Any]]:
        """A row for each day on which a number changes, with the columns of :meth:`columns`: the
        numbers from that day on."""
        for day, numbers in self.counts.iterrows():
            now = {look: int(number) for look, number in zip(self.counts, numbers, strict=True)}
            yield {
                "day": _iso(int(str(day))),
                "certain": sum(number for look, number in now.items() if look.certain),
                "uncertain": now.get(UNCERTAIN, 0),
                **{_column(rank): now.get(Look(rank), 0) for rank in self._ranks()},
            }

    def columns(self) -> list[str]:
        """``day``, ``certain`` and ``uncertain``, then a column for each position that is counted,
        whether it occurs or not: ``ban``, ``ban_narrow``."""
        return ["day", "certain", "uncertain", *map(_column, self._ranks())]

    def _ranks(self) -> Iterator[int]:
        for rank in range(len(RANKED) - 1, 0, -1):
            if not self.choice.measures or RANKED[rank][0] in self.choice.measures:
                yield rank

    def draw(self, credit: str) -> Figure:
        """The figure; ``credit`` is the small line below it."""
        from matplotlib.ticker import MaxNLocator

        last = self.choice.last
        note = f"Numbers: on {in_words(last)}."
        note = f"{note if len(self.counts.columns) else self.choice.nothing_drawn} {credit}"
        now = self.counts.iloc[-1]
        samples = [(f"{look.label}: {now[look]}", _layer(look)) for look in self.counts]
        figure, axes = canvas.sheet(
            self.choice, self.choice.title, note, samples, left=0.62, plot=(7.25, 3.6), gap=0.05
        )
        axes.set_ylabel(f"number of {self.choice.whose}", fontsize=7.5)
        days = [*self.counts.index, last.toordinal() + 1]
        floor = np.zeros(len(days), dtype=np.int64)
        for look, numbers in self.counts.items():
            ceiling = floor + np.append(numbers, now[look])
            axes.fill_between(days, floor, ceiling, step="post", **_layer(look))
            floor = ceiling
        axes.set_ylim(0, max(1, int(floor.max(initial=0))) * 1.06)
        axes.yaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="y", color=LINE, linewidth=0.6)
        return figure


class People:
    """How many people live where one of their own governments has a general ban, moratorium or
    withdrawal for its own bodies, for each actor over the days: see :mod:`frtracker.people`. The
    rules of the subjects chosen. ``steps``: by actor, the people from each day (ordinal) on, the
    first of which is that of the figure."""

    def __init__(self, timeline: Timeline, people: Mapping[str, Subject], choice: Choice) -> None:
        self.choice = choice
        keys = {subject.key for subject in choice.subjects(people, timeline.policies)}
        living = Living(Readings(timeline.policies, timeline.known_at), people, keys)
        first, last = choice.first.toordinal(), choice.last.toordinal()
        self.steps: dict[str, list[tuple[int, Range]]] = {}
        bare: dict[str, None] = {}
        for actor in choice.actors:
            if (count := living.on(actor, choice.last)).prohibited_is_least:
                bare |= dict.fromkeys(count.not_counted)
            steps = [(first, living.on(actor, choice.first).prohibited)]
            for day, count in living.steps(actor):
                if first < day <= last and count.prohibited != steps[-1][1]:
                    steps.append((day, count.prohibited))
            self.steps[actor] = steps
        self._not_counted = wording.not_counted([*bare])

    def rows(self) -> Iterator[tuple[str, ...]]:
        """The figure as a table, its headings first."""
        yield ("for", "from", "people")
        for actor, steps in self.steps.items():
            for day, people in steps:
                text = wording.people_range(people.low, people.high)
                yield wording.actors([actor]), in_words(date.fromordinal(day)), text

    def series(self) -> Iterator[dict[str, Any]]:
        """A row for each actor and day on which a number changes, with the columns of
        :meth:`columns`."""
        for actor, steps in self.steps.items():
            for day, people in steps:
                numbers = {"people_low": people.low, "people_high": people.high}
                yield {"day": _iso(day), "actor": actor, **numbers}

    @staticmethod
    def columns() -> list[str]:
        """``people_low``: those certainly so, ``people_high``: certainly or possibly."""
        return ["day", "actor", "people_low", "people_high"]

    def draw(self, credit: str) -> Figure:
        """The figure; ``credit`` is the small line below it."""
        last, drawn = self.choice.last, {it: s for it, s in self.steps.items() if s[-1][1].high}
        drawn = drawn or self.steps
        whose = "Rules of their own city, county, state or country."
        note = f"{whose} On {in_words(last)}; pale: uncertain."
        note = wording.joined([note, self._not_counted, credit], " ")
        samples = []
        for number, (actor, steps) in enumerate(drawn.items()):
            now = wording.people_range(steps[-1][1].low, steps[-1][1].high)
            colour = _LINES[number]
            samples.append((f"{wording.actors([actor])}: {now}", {"facecolor": colour}))
        figure, axes = canvas.sheet(
            self.choice, self.choice.people_title, note, samples, left=0.72, plot=(7.15, 3.6),
            gap=0.05,
        )  # fmt: skip
        axes.set_ylabel("millions of people", fontsize=7.5)
        end = last.toordinal() + 1
        for number, steps in enumerate(drawn.values()):
            colour = _LINES[number]
            days = [*(day for day, _ in steps), end]
            low, high = (
                [*(people[side] / 1e6 for _, people in steps), steps[-1][1][side] / 1e6]
                for side in (0, 1)
            )
            axes.fill_between(days, low, high, step="post", color=mixed(colour, 0.3), linewidth=0)
            axes.step(days, low, where="post", color=colour, linewidth=1.4)
        axes.set_ylim(bottom=0)
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="y", color=LINE, linewidth=0.6)
        return figure


_LINES: Final = (INK, MEASURES["ban"].colour, MEASURES["withdrawal"].colour, FAINT)


def _layer(look: Look) -> dict[str, Any]:
    """Without an outline, which would show where a layer is empty; so dots say uncertain."""
    drawn = look.patch | {"linewidth": 0, "linestyle": "solid"}
    if look == UNCERTAIN:
        return drawn | {"facecolor": BAND, "hatch": "....", "hatchcolor": FAINT}
    return drawn | ({"facecolor": mixed(look.colour, 0.2)} if look.narrow else {})


def _column(rank: int) -> str:
    measure, scope = RANKED[rank]
    return measure if scope == "general" else f"{measure}_{scope}"


def _iso(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat()


_KINDS: Final[Mapping[str, type[Spells] | type[Counts] | type[People]]] = {
    "spells": Spells,
    "counts": Counts,
    "people": People,
}


def render(
    timeline: Timeline,
    subjects: Mapping[str, Subject],
    choice: Choice,
    kind: str,
    format_name: str,
    *,
    credit: str = "",
) -> str | bytes:
    """The figure as ``svg`` or ``html`` (text), or ``png`` (bytes); its numbers as ``csv`` (text,
    without matplotlib). ``kind``: ``spells``, ``counts`` or ``people``. ``credit``: the small line
    below it. Raises ``ModuleNotFoundError`` without matplotlib, :class:`TooLarge` for a ``png`` of
    too many subjects."""
    if kind not in _KINDS:
        raise ValueError(f"kind is {kind!r}, not one of {', '.join(_KINDS)}")
    figure = _KINDS[kind](timeline, subjects, choice)
    credit = wording.joined([wording.supposed(choice.supposed), credit], " ")
    if format_name == "csv" and choice.supposed:
        said = wording.joined(choice.supposed, "; ")
        rows = ({**row, "supposed": said} for row in figure.series())
        return as_csv([*figure.columns(), "supposed"], rows)
    if format_name == "csv":
        return as_csv(figure.columns(), figure.series())
    title = choice.people_title if kind == "people" else choice.title
    with canvas.settings():
        drawn = figure.draw(credit)
        if format_name == "png":
            return canvas.saved(drawn, "png", title)
        svg = canvas.saved(drawn, "svg", title).decode("utf-8")
    return (
        svg
        if format_name == "svg"
        else _page(svg, title, [*figure.rows()], choice.nothing_drawn, credit)
    )


_TABLE: Final = """<table>
<caption>The same in words</caption>
<thead><tr>{}</tr></thead>
<tbody>
{}
</tbody>
</table>"""


def _page(svg: str, title: str, table: Sequence[Sequence[str]], nothing: str, credit: str) -> str:
    """``table``: the headings, then the rows; ``nothing``: the words for it if it has none."""
    title, (head, *rows) = escape(title), table
    words = _TABLE.format(
        "".join(f'<th scope="col">{escape(name)}</th>' for name in head),
        "\n".join(
            f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows
        ),
    )
    described = f'<svg role="img" aria-label="{title}; the words below say the same"'
    template = (files("frtracker") / "assets" / "figure.html").read_text(encoding="utf-8")
    return template.format(
        title=title,
        svg=svg[svg.index("<svg") :].rstrip().replace("<svg", described, 1),
        words=words if rows and len(head) > 1 else f"<p>{escape(nothing)}</p>",
        credit=escape(credit),
    )
