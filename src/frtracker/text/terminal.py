"""Text fitted to a terminal: wrapped at words, tables as wide as the screen or one block per row,
addresses as numbered notes, measures in the terminal's own colours."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Final

from frtracker.look import TERMINAL
from frtracker.text.blocks import Block, Heading, Item, Items, Paragraph, Table, one_line

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text

_NARROWEST: Final = 12
"""Columns of a table get at least this, or as much as they need: else it is written in blocks."""


@dataclass(frozen=True, slots=True)
class Terminal:
    """``width`` and ``height`` in characters; ``colour``: it may be coloured."""

    width: int
    height: int
    colour: bool = False


def fitted(blocks: Iterable[Block], terminal: Terminal) -> str:
    """No line is wider than the terminal, but for an address, which is never broken."""
    from rich.console import Console

    screen = Console(
        file=io.StringIO(),
        width=terminal.width,
        force_terminal=terminal.colour,
        color_system="standard" if terminal.colour else None,
        no_color=not terminal.colour,
        legacy_windows=False,
        highlight=False,
        markup=False,
        emoji=False,
        _environ={},
    )
    notes = count(1)
    is_first, after_heading = True, False
    for block in blocks:
        if not is_first and not after_heading:
            screen.print()
        for part in _parts(block, screen, notes):
            screen.print(part, soft_wrap=isinstance(part, str))
        is_first, after_heading = False, isinstance(block, Heading)
    assert isinstance(screen.file, io.StringIO)
    lines = screen.file.getvalue().split("\n")
    return "\n".join(line.rstrip() for line in lines).rstrip("\n")


def _parts(block: Block, screen: Console, notes: Iterator[int]) -> Iterator[RenderableType]:
    from rich.text import Text

    match block:
        case Heading(text):
            yield Text(one_line(text), style="bold")
        case Paragraph(text, strong):
            yield Text(one_line(text), style="bold" if strong else "")
        case Items(items):
            for item in items:
                yield from _item(item)
        case Table():
            yield from _table(block, screen, notes)


def _item(item: Item) -> Iterator[RenderableType]:
    from rich.padding import Padding
    from rich.table import Table as Grid
    from rich.text import Text

    if item.text:
        grid = Grid.grid(padding=0)
        grid.add_column(width=2, no_wrap=True)
        grid.add_column(overflow="fold")
        text = one_line(item.text)
        grid.add_row("-", _ranked(text) if item.strong else Text(text))
        yield Padding(grid, (0, 0, 0, 2 * item.step))
    if item.url:  # whole, to be copied
        yield f"{'  ' * item.step}{' ' if item.text else '-'} {one_line(item.url)}"


def _table(block: Table, screen: Console, notes: Iterator[int]) -> Iterator[RenderableType]:
    """Without columns that are empty; addresses as notes below it."""
    rows = [[one_line(cell) for cell in row] for row in block.rows]
    addresses: list[str] = []
    if block.links:
        for row in rows:
            if row[-1]:
                addresses.append(f"[{next(notes)}] {row[-1]}")
                row[-1] = addresses[-1].partition(" ")[0]
    shown = [n for n in range(len(block.columns)) if any(row[n] for row in rows)]
    columns = [one_line(block.columns[n]) for n in shown]
    cells = [[row[n] for n in shown] for row in rows]
    texts = [[name, *(row[n] for row in cells)] for n, name in enumerate(columns)]
    if widths := _widths(texts, screen.width - 2 * (len(columns) - 1)):
        yield _grid(columns, cells, widths, block)
    else:
        yield from _as_blocks(columns, cells, block)
    if addresses:
        yield ""
        yield from addresses


def _widths(columns: Sequence[Sequence[str]], room: int) -> list[int]:
    """How wide each column is, the widest narrowed until they fit; none breaks a word, nor is
    narrower than :data:`_NARROWEST` unless it needs no more. [] if they cannot fit. (rich narrows
    columns below their least width, and cuts what does not fit then.)"""
    from rich.cells import cell_len

    widths = [max(map(cell_len, texts)) for texts in columns]
    least = [
        max(
            min(width, _NARROWEST),
            max((cell_len(word) for text in texts for word in text.split()), default=0),
        )
        for width, texts in zip(widths, columns, strict=True)
    ]
    if sum(least) > room:
        return []
    while sum(widths) > room:
        spare = [(width > low, width) for width, low in zip(widths, least, strict=True)]
        widths[spare.index(max(spare))] -= 1
    return widths


def _grid(
    columns: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int], block: Table
) -> RenderableType:
    from rich import box
    from rich.table import Table as Grid

    grid = Grid(
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=(0, 1, 0, 0),
        header_style="bold",
    )
    for number, (name, width) in enumerate(zip(columns, widths, strict=True)):
        is_number = block.numbers and all(_is_number(row[number]) for row in rows)
        grid.add_column(name, justify="right" if is_number else "left", width=width)
    for row in rows:
        cells = zip(columns, row, strict=True)
        grid.add_row(*(_ranked(cell) if name == block.ranked else cell for name, cell in cells))
    return grid


def _as_blocks(
    columns: Sequence[str], rows: Sequence[Sequence[str]], block: Table
) -> Iterator[RenderableType]:
    """Each row under its first cell, a line for each further cell that is not empty; a row without
    a first cell belongs to the one before."""
    from rich.padding import Padding
    from rich.table import Table as Grid
    from rich.text import Text

    for number, row in enumerate(rows):
        if row[0]:
            if number:
                yield ""
            yield Text(row[0], style="bold")
        grid = Grid.grid(padding=(0, 1, 0, 0))
        grid.add_column(no_wrap=True)
        grid.add_column(overflow="fold")
        for name, cell in zip(columns[1:], row[1:], strict=True):
            if cell:
                grid.add_row(f"{name}:", _ranked(cell) if name == block.ranked else cell)
        yield Padding(grid, (0, 0, 0, 2))


def _ranked(text: str) -> Text:
    """The text with its measures in the terminal's own colours, by rank."""
    from rich.text import Text

    ranked = Text(text)
    for word, style in TERMINAL.items():
        ranked.highlight_regex(rf"\b{word}s?\b", style)
    return ranked


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdigit()
