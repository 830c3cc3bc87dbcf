"""A figure as a file: SVG, PNG, or a page with the figure and its table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Final

from frtracker.pictures import counts, spells, style
from frtracker.pictures.selection import Choice
from frtracker.places.subjects import Subject
from frtracker.timeline import Timeline

KINDS: Final = ("spells", "counts")

_PAGE: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 16px/1.45 system-ui, sans-serif; color: #2b2b2b; margin: 1.5rem; }}
h1 {{ font-size: 1.4rem; }}
figure {{ margin: 0; overflow-x: auto; }}
svg {{ max-width: 100%; min-width: 40rem; height: auto; }}
table {{ border-collapse: collapse; font-size: 14px; }}
caption {{ text-align: left; font-weight: bold; padding: 0.5rem 0; }}
th, td {{ text-align: left; padding: 0.2rem 0.9rem 0.2rem 0; border-bottom: 1px solid #d9d6cf; }}
</style>
</head>
<body>
<h1>{title}</h1>
<figure>
{svg}
</figure>
<table>
<caption>The same in words</caption>
<thead><tr>{head}</tr></thead>
<tbody>
{rows}
</tbody>
</table>
<p>{credit}</p>
</body>
</html>
"""


def render(
    timeline: Timeline,
    people: Mapping[str, Subject],
    choice: Choice,
    kind: str,
    format_name: str,
    *,
    credit: str = "",
) -> str | bytes:
    """The figure of ``kind`` (see ``KINDS``) as ``svg`` or ``html`` (text), or ``png`` (bytes).

    ``credit``: the small line below it. Raises ``ModuleNotFoundError`` without matplotlib,
    :class:`style.TooLarge` for a ``png`` of too many subjects.
    """
    if kind not in KINDS:
        raise ValueError(f"kind is {kind!r}, not one of {', '.join(KINDS)}")
    with style.settings():
        if kind == "spells":
            drawn = spells.lanes(timeline, people, choice)
            figure, title = spells.draw(drawn, choice, credit), spells.title(choice)
            head: Sequence[str] = spells.HEAD
            rows: Iterable[Sequence[str]] = spells.rows(drawn)
        else:
            made = counts.steps(timeline, people, choice)
            figure, title = counts.draw(made, choice, credit), counts.title(choice)
            head, rows = counts.head(made), counts.rows(made)
        if format_name == "png":
            return style.saved(figure, "png", title)
        svg = style.saved(figure, "svg", title).decode("utf-8")
    return svg if format_name == "svg" else _page(svg, title, head, rows, credit)


def _page(
    svg: str, title: str, head: Sequence[str], rows: Iterable[Sequence[str]], credit: str
) -> str:
    inline = svg[svg.index("<svg") :].rstrip()
    named = f'<svg role="img" aria-label="{escape(title)}; the table below says the same"'
    return _PAGE.format(
        title=escape(title),
        svg=inline.replace("<svg", named, 1),
        head="".join(f'<th scope="col">{escape(name)}</th>' for name in head),
        rows="\n".join(
            f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows
        ),
        credit=escape(credit),
    )
