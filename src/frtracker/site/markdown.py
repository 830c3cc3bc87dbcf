"""A Markdown document as part of a page: headings that can be linked to, links kept in the site."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import PurePosixPath
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from frtracker.record.cells import is_web
from frtracker.record.tables import slug

_SCROLLED: Final = '<div class="wide" role="group" aria-label="Table" tabindex="0"><table'
_OF_REPOSITORY: Final = re.compile(r"<!-- repository -->.*?<!-- end repository -->", re.DOTALL)
_NAMES: Final = "name"


def render(text: str, pages: Mapping[str, str], acts: Mapping[str, str]) -> tuple[str, str]:
    """The first heading, and the rest of the document as safe HTML: any HTML in it is dropped, and
    so is what is between ``<!-- repository -->`` and ``<!-- end repository -->``, which leads
    to files that the site does not have. Tables whose first column is called ``name`` have it as
    the ids of their rows, and are stacked on a narrow screen.

    ``pages``: the file name of another document → its page. ``acts``: ``policy_id`` → its address;
    an id in code style becomes a link. A link that leads neither to the web, nor to a page, nor
    into the document becomes plain text.
    """
    parser = MarkdownIt("commonmark", {"xhtmlOut": False}).enable("table")
    parsed = parser.parse(_OF_REPOSITORY.sub("", text))
    tokens = list(_named_rows([token for token in parsed if token.type != "html_block"]))
    title = ""
    for at, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h1":
            title, tokens = tokens[at + 1].content, tokens[:at] + tokens[at + 3 :]
            break
    for token, content in pairwise(tokens):
        if token.type == "heading_open":
            token.attrSet("id", slug(content.content))
    for token in tokens:
        if token.children:
            token.children = _inline(token.children, pages, acts)
    html = parser.renderer.render(tokens, parser.options, {})
    html = html.replace("<table", _SCROLLED)
    return title, html.replace("</table>", "</table></div>")


def _named_rows(tokens: list[Token]) -> Iterator[Token]:
    """The tokens of a document; see :func:`render` for what becomes of names of rows."""
    rows = [at for at, token in enumerate(tokens) if token.type == "tr_open"]
    left_out: set[int] = set()
    is_named = False
    for at in rows:
        first, cell = tokens[at + 1], tokens[at + 2]  # of a row: its first cell, and what is in it
        if first.type == "th_open":
            is_named = cell.content == _NAMES
            if is_named:
                tokens[at - 2].attrSet("class", "stack")
        elif is_named:
            tokens[at].attrSet("id", slug(cell.content))
        if is_named:
            left_out |= {at + 1, at + 2, at + 3}
    return (token for at, token in enumerate(tokens) if at not in left_out)


def _inline(tokens: list[Token], pages: Mapping[str, str], acts: Mapping[str, str]) -> list[Token]:
    made: list[Token] = []
    opened: list[bool] = []
    for token in tokens:
        if token.type in ("html_inline", "image"):
            continue
        if token.type == "link_open":
            target = _target(str(token.attrGet("href") or ""), pages)
            opened.append(bool(target))
            if not target:
                continue
            token.attrSet("href", target)
            if is_web(target):
                token.attrSet("rel", "noopener noreferrer")
        elif token.type == "link_close" and not opened.pop():
            continue
        elif token.type == "code_inline" and token.content in acts and not any(opened):
            made.append(Token("link_open", "a", 1, attrs={"href": acts[token.content]}))
            made += [token, Token("link_close", "a", -1)]
            continue
        made.append(token)
    return made


def _target(address: str, pages: Mapping[str, str]) -> str:
    if is_web(address) or address.startswith("#"):
        return address
    path, mark, anchor = address.partition("#")
    page = pages.get(PurePosixPath(path).name, "")
    return f"{page}{mark}{anchor}" if page else ""
