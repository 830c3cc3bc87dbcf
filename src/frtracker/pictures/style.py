"""The look of all figures: the map's colours and patterns, one font, axes of days."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from frtracker.dates import in_words
from frtracker.timeline.rules import RANKED
from frtracker.vocabulary import MEASURES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK: Final = "#2b2b2b"
FAINT: Final = "#6b6b6b"
LINE: Final = "#d9d6cf"
BAND: Final = "#f5f3ee"
EDGE: Final = 0.12  # inches between the words and the edge of the figure
_DPI: Final = 200
_MOST_PIXELS: Final = (1 << 16) - 1  # what matplotlib can draw
SOME_USES: Final = "some uses only"

Samples = Sequence[tuple[str, dict[str, Any]]]
"""Legend: label, and the arguments of a patch."""

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
)


@dataclass(frozen=True, order=True)
class Look:
    """How a position is drawn: its place in the order of positions (strict before mild) and
    whether it is certain. Without a rank: what is uncertain, whatever it may be."""

    uncertain: bool
    order: int

    @classmethod
    def of(cls, high: int, low: int) -> Look:
        return cls(bool(high != low), len(RANKED) - int(high))

    @property
    def measure(self) -> str:
        return RANKED[len(RANKED) - self.order][0]

    @property
    def narrow(self) -> bool:
        return RANKED[len(RANKED) - self.order][1] == "narrow"

    @property
    def colour(self) -> str:
        return MEASURES[self.measure].colour if self.order else FAINT

    @property
    def label(self) -> str:
        if not self.order:
            return "uncertain"
        return MEASURES[self.measure].label + (f" ({SOME_USES})" if self.narrow else "")


UNCERTAIN: Final = Look(uncertain=True, order=0)


def patch(look: Look) -> dict[str, Any]:
    """Arguments of a matplotlib patch for a position."""
    return _patch(look.colour, narrow=bool(look.order and look.narrow), uncertain=look.uncertain)


def _patch(colour: str, *, narrow: bool = False, uncertain: bool = False) -> dict[str, Any]:
    """As on the map: hatched where only some uses are covered, pale with a broken outline where
    uncertain."""
    return {
        "facecolor": "white" if narrow else mixed(colour, 0.35 if uncertain else 1),
        "hatch": "//////" if narrow else None,
        "hatchcolor": mixed(colour, 0.5 if uncertain else 1),
        "edgecolor": INK if uncertain else colour,
        "linewidth": 0.6,
        "linestyle": (0, (2.2, 1.6)) if uncertain else "solid",
    }


def mixed(colour: str, share: float) -> str:
    """``share`` of the colour on white paper."""
    parts = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(255 - (255 - part) * share):02x}" for part in parts)


def key_to(looks: Iterable[Look]) -> list[tuple[str, dict[str, Any]]]:
    """The legend of a figure whose bars have these looks: colour, pattern and outline apart."""
    seen = set(looks)
    named = {look.measure for look in seen}
    samples = [(m.label, _patch(m.colour)) for m in MEASURES.values() if m.code in named]
    if any(look.narrow for look in seen):
        samples.append((SOME_USES, _patch(FAINT, narrow=True)))
    if any(look.uncertain for look in seen):
        samples.append(("uncertain, at most this", _patch(FAINT, uncertain=True)))
    return samples


def frame(figure: Figure, title: str, note: str, samples: Samples, columns: int) -> None:
    """Title, legend and the small line below, on a figure of any height."""
    from matplotlib.patches import Patch

    width, height = figure.get_size_inches()
    figure.text(
        EDGE / width, 1 - 0.27 / height, title, fontsize=10.5, fontweight="bold", parse_math=False
    )
    figure.text(EDGE / width, 0.12 / height, note, fontsize=6.5, color=FAINT, parse_math=False)
    if samples:
        figure.legend(
            handles=[Patch(label=label, **look) for label, look in samples],
            loc="upper left",
            bbox_to_anchor=(EDGE / width, 1 - 0.4 / height),
            ncols=columns,
            frameon=False,
            borderpad=0,
            borderaxespad=0,
            handlelength=2.2,
            columnspacing=1.6,
            labelspacing=0.45,
            fontsize=7.5,
        )


def head_room(samples: Samples, columns: int) -> float:
    """Inches above the axes that title and legend need."""
    return 0.48 + 0.165 * -(-len(samples) // columns)


@contextmanager
def settings() -> Iterator[None]:
    """Our settings, and matplotlib's own defaults for the rest, whatever the user's are."""
    import matplotlib as mpl

    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(dict(_SETTINGS))
        yield


class TooLarge(ValueError):
    """The picture has more pixels than can be drawn."""


def saved(figure: Figure, format_name: str, title: str) -> bytes:
    """The figure as ``svg`` or ``png``, without the time and the versions of its making.

    Raises :class:`TooLarge` for a ``png`` of more pixels than can be drawn.
    """
    width, height = (round(inches * _DPI) for inches in figure.get_size_inches())
    if format_name == "png" and max(width, height) > _MOST_PIXELS:
        raise TooLarge(
            f"the picture would have {width:,} × {height:,} pixels, and at most {_MOST_PIXELS:,} a"
            " side can be drawn: show fewer subjects, or write an svg"
        )
    buffer = BytesIO()
    if format_name == "svg":
        metadata = {"Date": None, "Creator": None, "Title": title}
    else:
        metadata = {"Software": None, "Title": title}
    with warnings.catch_warnings():  # a letter that the font lacks is drawn as a box
        warnings.filterwarnings("ignore", r"Glyph \d+ ", UserWarning)
        figure.savefig(buffer, format=format_name, dpi=_DPI, metadata=metadata)
    return buffer.getvalue()


def days_axis(axes: Axes, first: date, last: date) -> None:
    """An axis of days from ``first`` through ``last``: years, or months where these are few."""
    axes.set_xlim(first.toordinal(), last.toordinal() + 1)
    ticks = list(_ticks(first, last))
    axes.set_xticks([day.toordinal() for day, _ in ticks], [label for _, label in ticks])
    axes.tick_params(axis="x", length=3, color=LINE)
    axes.grid(axis="x", color=LINE, linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("left", "right", "top"):
        axes.spines[side].set_visible(False)


def _ticks(first: date, last: date) -> Iterator[tuple[date, str]]:
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    step = next((s for s in (1, 3, 12, 24, 60, 120, 600) if months <= s * 14), 1200)
    for number in range(first.year * 12, last.year * 12 + 12, step):
        year, month = divmod(number, 12)
        day = date(year, month + 1, 1)
        if first <= day <= last:
            yield day, f"{year}" if step >= 12 else f"{year}-{month + 1:02d}"


def in_days(first: date, last: date) -> str:
    """``2019 to 2025`` where the years are whole, else both days."""
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return f"{first.year} to {last.year}" if first.year != last.year else f"{first.year}"
    return f"{in_words(first)} to {in_words(last)}"
