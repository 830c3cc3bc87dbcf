"""What all figures share: what they show, how a position looks, legend, axes of days, the file."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from textwrap import wrap
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from frtracker import layers, wording
from frtracker.answers.status import Filters
from frtracker.codes import code_name, code_names
from frtracker.dates import in_words
from frtracker.look import DARK_INK, ink, mixed
from frtracker.places.subjects import Subject
from frtracker.timeline import Timeline
from frtracker.timeline.rules import RANKED
from frtracker.vocabulary import ACTORS, MEASURES, PLACE_TYPES, SUBJECT_TYPES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK: Final = "#2b2b2b"
FAINT: Final = "#6b6b6b"
LINE: Final = "#d9d6cf"
BAND: Final = "#f5f3ee"
SOME_USES: Final = "some uses only"

BLANKS: Final[dict[str, dict[str, Any]]] = {
    "none": {"facecolor": MEASURES["none"].colour, "edgecolor": "#b9b3a6"},
    "searched": {"facecolor": "#efeee9", "edgecolor": "#b9b3a6"},
    "others": {"facecolor": "#efeee9", "edgecolor": INK, "linewidth": 0.7},
    "unsearched": {"facecolor": "#faf9f7", "edgecolor": "#b9b3a6"},
}
"""Places without a rule in force: the arguments of a matplotlib patch."""

_PLURALS: Final = {
    **{"city": "cities", "county": "counties", "state": "states", "country": "countries"},
    **{"supranational": "unions", "agency": "agencies", "school": "schools"},
    **{"vendor": "vendors", "company": "companies"},
}
_BOTTOM: Final = 0.55  # inches below the axes
_NOTE_LETTER, _NOTE_LINE = 0.0465, 0.115  # inches that a letter of the note is wide, a line high
_TITLE_LETTER: Final = 0.0089  # inches that a letter of the title is wide, for each point of size
_DPI: Final = 200
_MAX_PIXELS: Final = (1 << 16) - 1  # what matplotlib can draw

_SETTINGS: Final = (
    ("font.family", "DejaVu Sans"),  # comes with matplotlib: the same letters everywhere
    ("font.size", 8),
    ("svg.hashsalt", "frtracker"),
    ("svg.fonttype", "path"),
    ("hatch.linewidth", 1.1),
    ("text.color", INK),
    ("axes.edgecolor", LINE),
    ("xtick.color", INK),
    ("ytick.color", INK),
    ("legend.frameon", False),
    ("legend.borderpad", 0),
    ("legend.borderaxespad", 0),
    ("legend.fontsize", 7.5),
)


@dataclass(frozen=True, slots=True)
class Look:
    """The look of a position. ``rank``: its place in ``RANKED``; 0 is no rule in force or, of an
    uncertain one, any."""

    rank: int
    certain: bool = True

    @property
    def measure(self) -> str:
        return RANKED[self.rank][0]

    @property
    def narrow(self) -> bool:
        return RANKED[self.rank][1] == "narrow"

    @property
    def colour(self) -> str:
        return MEASURES[self.measure].colour if self.rank else FAINT

    @property
    def label(self) -> str:
        if not self.rank and not self.certain:
            return "uncertain"
        return MEASURES[self.measure].label + (f" ({SOME_USES})" if self.narrow else "")

    @property
    def letter(self) -> str:
        return MEASURES[self.measure].letter if self.certain else "?"

    @property
    def ink(self) -> str:
        """The colour of the letter on it."""
        plain = self.certain and not self.narrow and self.rank
        return ink(self.colour) if plain else DARK_INK

    @property
    def patch(self) -> dict[str, Any]:
        """Arguments of a matplotlib patch."""
        if not self.rank and self.certain:
            return {**BLANKS["none"], "linewidth": 0.5}
        return patch(self.colour, narrow=self.narrow, certain=self.certain)


UNCERTAIN: Final = Look(0, certain=False)
"""Any uncertain position."""


def patch(colour: str, *, narrow: bool = False, certain: bool = True) -> dict[str, Any]:
    """Arguments of a matplotlib patch: hatched where only some uses are covered, pale with a
    broken outline where uncertain."""
    return {
        "facecolor": "white" if narrow else mixed(colour, 1 if certain else 0.35),
        "hatch": "//////" if narrow else None,
        "hatchcolor": mixed(colour, 1 if certain else 0.5),
        "edgecolor": colour if certain else INK,
        "linewidth": 0.6,
        "linestyle": "solid" if certain else (0, (2.2, 1.6)),
    }


@dataclass(frozen=True)
class Choice:
    """What a figure shows: the days ``first`` … ``last``, both included. ``keys``: the subjects, in
    the order to be drawn; empty: all of ``subject_types`` (empty: the governments of a territory)
    with a rule in force. ``markets``: ISO codes of countries and of parts of them, empty for all.
    ``measures``: those that the timeline to be drawn was made of, empty for all. ``supposed``: what
    is supposed and not law, in words."""

    first: date
    last: date
    keys: tuple[str, ...] = ()
    subject_types: tuple[str, ...] = ()
    markets: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    actors: tuple[str, ...] = tuple(ACTORS)
    supposed: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"the figure ends on {self.last}, before it begins on {self.first}")

    def subjects(
        self, subjects: Mapping[str, Subject], policies: pd.DataFrame
    ) -> tuple[Subject, ...]:
        """The subjects of ``keys``; without keys all that match, in the order of ``subjects``.
        ``policies``: of the timeline."""
        types = self.subject_types or (() if self.keys else PLACE_TYPES)
        filters = Filters(subject_types=frozenset(types), markets=self.markets)
        territories = policies.groupby("subject_key")["territory"].agg(list)
        chosen = (subjects[key] for key in self.keys or subjects)
        return tuple(it for it in chosen if filters.admits(it, territories.get(it.key, ())))

    def spells(self, timeline: Timeline, by: Sequence[str]) -> pd.DataFrame:
        """The spells (:func:`frtracker.layers.spells`) that touch the days of the figure and in
        which a rule may be in force for one of the actors; they are not cut to the figure."""
        table = timeline.positions
        parts = layers.ranked(table[table["actor"].isin(self.actors)])
        found = layers.spells(parts, by)
        first, last = self.first.toordinal(), self.last.toordinal()
        return found[(found["start"] <= last) & (found["end"] > first) & (found["high"] > 0)]

    @property
    def whose(self) -> str:
        """``US cities and counties``; ``places``; ``schools in Illinois and Ontario (Canada)``"""
        nouns = [_PLURALS[it] for it in SUBJECT_TYPES if it in self.subject_types]
        noun = wording.listed(nouns or ["named subjects" if self.keys else "places"])
        if self.markets == ("US",):
            return f"US {noun}"
        return f"{noun} in {wording.listed(map(code_name, self.markets))}" if self.markets else noun

    @property
    def title(self) -> str:
        """``US cities with a ban on face recognition for police, 2019 to 2025``"""
        words = self._measure_words
        only = f" ({', '.join(words)})" if words else ""
        if self.keys:
            what = f"Rules on face recognition{only}"
        elif words and not {"withdrawal", "oversight", "none"}.intersection(self.measures):
            rules = " or ".join(f"a {word}" for word in words)
            what = f"{self.whose} with {rules} on face recognition"
        else:
            what = f"{self.whose} with a rule on face recognition{only}"
        what = f"{what[:1].upper()}{what[1:]}{self._actors_and_days}"
        return wording.what_if(what, self.supposed)

    @property
    def people_title(self) -> str:
        """``People in Illinois under a ban or moratorium … for police, 2019 to 2025``"""
        names = code_names(self.markets if not self.subject_types else (), prose=True)
        whose = f" in {wording.listed(names)}" if names else ""
        what = f"People{whose} under a ban or moratorium on face recognition"
        if self.keys or self.subject_types:
            what += f" by the rules of {self.whose} alone"
        return wording.what_if(f"{what}{self._actors_and_days}", self.supposed)

    @property
    def nothing(self) -> str:
        """What is written where no rule that the figure shows is in force."""
        words = self._measure_words
        return f"no {' or '.join(words)} in force" if words else wording.NONE

    @property
    def nothing_drawn(self) -> str:
        """What is written below a figure without a rule."""
        return f"{self.nothing.capitalize()} on these days."

    @property
    def _measure_words(self) -> list[str]:
        return [term.label for code, term in MEASURES.items() if code in self.measures]

    @property
    def _actors_and_days(self) -> str:
        """`` for police and schools, 2019 to 2025``: nothing of all four actors, and of years that
        are not whole both days."""
        first, last = self.first, self.last
        whom = f" for {wording.listed(ACTORS[code].label for code in self.actors)}"
        days = f"{in_words(first)} to {in_words(last)}"
        if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
            days = f"{first.year} to {last.year}" if first.year != last.year else f"{first.year}"
        return f"{whom if len(self.actors) < len(ACTORS) else ''}, {days}"


def sheet(
    choice: Choice,
    title: str,
    note: str,
    samples: Sequence[tuple[str, dict[str, Any]]],
    *,
    left: float,
    plot: tuple[float, float],
    gap: float,
) -> tuple[Figure, Axes]:
    """A figure with title, legend (labels, and the arguments of a patch) and a small line below.
    Its axes of ``plot`` inches, ``left`` inches from its edge and ``gap`` below the legend, have
    the days of the choice: as years, or months where these are few."""
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch

    width = left + plot[0] + 0.3
    columns = 7 if width > 8.4 else 4
    lines = wrap(note, int((width - 0.24) / _NOTE_LETTER))
    bottom = _BOTTOM + _NOTE_LINE * (len(lines) - 1)
    height = 0.48 + 0.165 * -(-len(samples) // columns) + gap + plot[1] + bottom
    figure = Figure(figsize=(width, height), facecolor="white")
    edge = 0.12 / width
    size = min(10.5, (width - 0.24) / len(title) / _TITLE_LETTER)
    figure.text(edge, 1 - 0.27 / height, title, fontsize=size, fontweight="bold", parse_math=False)
    below: dict[str, Any] = {"fontsize": 6.5, "color": FAINT, "linespacing": 1.25}
    figure.text(edge, 0.12 / height, "\n".join(lines), parse_math=False, **below)
    if samples:
        figure.legend(
            handles=[Patch(label=label, **look) for label, look in samples], loc="upper left",
            bbox_to_anchor=(edge, 1 - 0.4 / height), ncols=columns, handlelength=2.2,
            columnspacing=1.6, labelspacing=0.45,
        )  # fmt: skip

    axes = figure.add_axes((left / width, bottom / height, plot[0] / width, plot[1] / height))
    first, last = choice.first, choice.last
    axes.set_xlim(first.toordinal(), last.toordinal() + 1)
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    step = next((s for s in (1, 3, 12, 24, 60, 120, 600) if months <= s * 14), 1200)
    days = [date(n // 12, n % 12 + 1, 1) for n in range(first.year * 12, last.year * 12 + 12, step)]
    days = [day for day in days if first <= day <= last]
    labels = [f"{day.year}" if step >= 12 else f"{day.year}-{day.month:02d}" for day in days]
    axes.set_xticks([day.toordinal() for day in days], labels)
    axes.tick_params(axis="x", length=3, color=LINE)
    axes.grid(axis="x", color=LINE, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[["left", "right", "top"]].set_visible(False)
    return figure, axes


@contextmanager
def settings() -> Iterator[None]:
    """Our settings, and matplotlib's own defaults for the rest, independent of the user's."""
    import matplotlib as mpl

    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(dict(_SETTINGS))
        yield


class TooLarge(ValueError):
    """The picture has more pixels than can be drawn."""


def saved(figure: Figure, format_name: str, title: str) -> bytes:
    """The figure as ``svg`` or ``png``, without the time and the versions of its making. Raises
    :class:`TooLarge` for a ``png`` of more pixels than can be drawn."""
    width, height = (round(inches * _DPI) for inches in figure.get_size_inches())
    if format_name == "png" and max(width, height) > _MAX_PIXELS:
        raise TooLarge(
            f"The picture would be {width:,} × {height:,} pixels, and the most is {_MAX_PIXELS:,} a"
            " side: show fewer subjects, or write an SVG."
        )
    buffer = BytesIO()
    unwanted = ("Date", "Creator") if format_name == "svg" else ("Software",)
    metadata = {**dict.fromkeys(unwanted), "Title": title}
    with warnings.catch_warnings():  # a letter that the font lacks is drawn as a box
        warnings.filterwarnings("ignore", r"Glyph \d+ ", UserWarning)
        figure.savefig(buffer, format=format_name, dpi=_DPI, metadata=metadata)
    return buffer.getvalue()
