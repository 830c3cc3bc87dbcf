"""What a text is made of, and the three ways to write it: plain, whole, for pipes and files;
Markdown; fitted to a terminal. A text is made once, as blocks; nothing of it is ever cut."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from frtracker.record.findings import inert


@dataclass(frozen=True, slots=True)
class Heading:
    """``top``: of the whole text."""

    text: str
    top: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """``strong``: the answer itself."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """``step``: how deep it lies; ``url``: an address that follows it; ``strong``: a name that
    begins a group."""

    text: str
    step: int = 0
    url: str = ""
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    items: Sequence[Item]


@dataclass(frozen=True, slots=True)
class Table:
    """``links``: the last column has addresses; ``numbers``: cells that are numbers are aligned
    as such; ``ranked``: the column that begins with a measure, if one does."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    links: bool = False
    numbers: bool = False
    ranked: str = ""


Block: TypeAlias = Heading | Paragraph | Items | Table


def plain(blocks: Iterable[Block]) -> str:
    """For pipes and files: every line whole, a blank line between blocks but after a heading."""
    parts: list[str] = []
    for block in blocks:
        parts.append("\n" if isinstance(block, Heading) else "\n\n")
        match block:
            case Heading(text) | Paragraph(text):
                parts.insert(-1, one_line(text))
            case Items(items):
                lines = ("  " * it.step + f"- {one_line(_line(it))}" for it in items)
                parts.insert(-1, "\n".join(lines))
            case Table():
                parts.insert(-1, table(block))
    return "".join(parts[:-1])


def markdown(blocks: Iterable[Block]) -> str:
    """Markdown in which nothing of the data acts as markup; addresses are links that show
    themselves."""
    parts = []
    for block in blocks:
        match block:
            case Heading(text, top):
                parts.append(f"{'#' if top else '##'} {_inline(text)}")
            case Paragraph(text, strong):
                mark = "**" * strong
                parts.append(f"{mark}{in_markdown(text)}{mark}")
            case Items(items):
                parts.append("\n".join(map(_markdown_item, items)))
            case Table():
                parts.append(table(block, markdown=True))
    return "\n\n".join(parts)


def _line(item: Item) -> str:
    return f"{item.text} {item.url}".strip()


def _markdown_item(item: Item) -> str:
    text = in_markdown(item.text)
    text = f"**{text}**" if item.strong else text
    link = f"<{one_line(item.url)}>" if item.url else ""
    return f"{'  ' * item.step}- {f'{text} {link}'.strip()}"


def table(block: Table, *, markdown: bool = False) -> str:
    """In Markdown, or in columns under a rule."""
    from tabulate import tabulate  # neither the map nor JSON needs it

    write = in_markdown if markdown else one_line
    address = "<{}>".format if markdown and block.links else write
    cells = [[*map(write, row[:-1]), row[-1] and address(row[-1])] for row in block.rows]
    style = "github" if markdown else "simple"
    names = [*map(write, block.columns)]  # those of laws side by side are names of places
    return tabulate(cells, headers=names, tablefmt=style, disable_numparse=not block.numbers)


def one_line(text: str) -> str:
    """The text without line breaks, and inert."""
    return inert(text.replace("\n", " "))


_MARKUP: Final = re.compile(
    r"[\\|`*_\[~$#]"
    r"|&(?=#?\w+;)"  # an entity
    r"|^>|^[+-](?=\s|-*$)"  # a quotation, an item, a rule
)


def in_markdown(text: str) -> str:
    """The text as one inert cell or line of Markdown: no markup, no table border, no tag, no
    formula, no item of a list."""
    return re.sub(r"^\d{1,9}(?=[.)](\s|$))", r"\g<0>\\", _inline(text))


def _inline(text: str) -> str:
    """The same within a line, where nothing is an item."""
    return _MARKUP.sub(r"\\\g<0>", one_line(text)).replace("<", "&lt;")
