"""What all figures share: settings, title and legend, axes of days, and the file."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from frtracker.dates import in_words
from frtracker.pictures.look import FAINT, INK, LINE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LEGEND: Final[dict[str, Any]] = {
    "frameon": False,
    "borderpad": 0,
    "borderaxespad": 0,
    "fontsize": 7.5,
}
_EDGE: Final = 0.12  # inches between the words and the edge of the figure
_DPI: Final = 200
_MAX_PIXELS: Final = (1 << 16) - 1  # what matplotlib can draw

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


def frame(figure: Figure, title: str, note: str, samples: Samples, columns: int) -> None:
    """Draw the title, the legend and the small line below, on a figure of any height."""
    from matplotlib.patches import Patch

    width, height = figure.get_size_inches()
    left = _EDGE / width
    figure.text(left, 1 - 0.27 / height, title, fontsize=10.5, fontweight="bold", parse_math=False)
    figure.text(left, 0.12 / height, note, fontsize=6.5, color=FAINT, parse_math=False)
    if samples:
        figure.legend(
            handles=[Patch(label=label, **look) for label, look in samples], loc="upper left",
            bbox_to_anchor=(left, 1 - 0.4 / height), ncols=columns, handlelength=2.2,
            columnspacing=1.6, labelspacing=0.45, **LEGEND,
        )  # fmt: skip


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
    if format_name == "png" and max(width, height) > _MAX_PIXELS:
        raise TooLarge(
            f"the picture would have {width:,} × {height:,} pixels, and at most {_MAX_PIXELS:,} a"
            " side can be drawn: show fewer subjects, or write an svg"
        )
    buffer = BytesIO()
    unwanted = ("Date", "Creator") if format_name == "svg" else ("Software",)
    metadata = {**dict.fromkeys(unwanted), "Title": title}
    with warnings.catch_warnings():  # a letter that the font lacks is drawn as a box
        warnings.filterwarnings("ignore", r"Glyph \d+ ", UserWarning)
        figure.savefig(buffer, format=format_name, dpi=_DPI, metadata=metadata)
    return buffer.getvalue()


def days_axis(axes: Axes, first: date, last: date) -> None:
    """An axis of days from ``first`` through ``last``: years, or months where these are few."""
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
    for side in ("left", "right", "top"):
        axes.spines[side].set_visible(False)


def in_days(first: date, last: date) -> str:
    """``2019 to 2025`` where the years are whole, else both days."""
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return f"{first.year} to {last.year}" if first.year != last.year else f"{first.year}"
    return f"{in_words(first)} to {in_words(last)}"
