"""Write the generated parts of CODEBOOK.md, docs/export.md and docs/panel.md from the schema and
the vocabularies, and the versions in CITATION.cff from the record and the program.

A generated part is between ``<!-- generated: NAME -->`` and ``<!-- end generated -->``; everything
else on the page is written by hand. ``--check`` writes nothing, prints the difference and exits 1
if a page is stale.
"""

from __future__ import annotations

import argparse
import difflib
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from frtracker import vocabulary
from frtracker.export.tables import TABLES
from frtracker.fields import describe
from frtracker.files import shipped_edition, write_whole
from frtracker.panels import COLUMNS
from frtracker.record.checks import CHECKS
from frtracker.record.columns import FILES
from frtracker.record.findings import Check
from frtracker.version import __version__
from frtracker.vocabulary import Term, Vocabulary

CODEBOOK = Path(__file__).resolve().parents[1] / "CODEBOOK.md"
CITATION = CODEBOOK.with_name("CITATION.cff")
PANEL = CODEBOOK.parent / "docs" / "panel.md"
EXPORT = PANEL.with_name("export.md")

_PART = re.compile(
    r"(?P<open><!-- generated: (?P<name>[^>]+?) -->\n).*?(?P<close><!-- end generated -->)", re.S
)
_KINDS = {
    "id": "id",
    "text": "text",
    "word": "one word",
    "list": "list (`;`)",
    "date": "date",
    "day": "day",
    "country": "ISO 3166-1",
    "region": "ISO 3166-2",
    "url": "web address",
    "geoid": "digits",
    "number": "number",
    "count": "whole number",
}
_DTYPES = {
    "str": "text",
    "bool": "true, false",
    "boolean": "true, false",
    "datetime64[s]": "day",
    "float64": "number",
    "int64": "whole number",
    "Int64": "whole number",
}


def parts() -> dict[str, str]:
    """Name of each generated part of the codebook -> its Markdown, which ends with a line feed."""
    made = {f"columns of {table}.csv": _columns(table) for table in FILES}
    made |= {f"words of {name}": _words(terms) for name, terms in vocabularies().items()}
    made["rules"] = _table(
        ("check", "severity", "statement"),
        ((check.code, _severity(check), check.statement) for check in CHECKS),
    )
    return made


def panel_parts() -> dict[str, str]:
    """The same of docs/panel.md."""
    rows = ((f"`{it}`", _DTYPES[kind], describe(it, "panel")) for it, kind in COLUMNS.items())
    return {"columns": _table(("column", "type", "meaning"), rows)}


def export_parts() -> dict[str, str]:
    """The same of docs/export.md."""
    told = (
        f"### {it.name}\n\n{it.description}\n\n"
        + _table(
            ("column", "kind", "meaning"),
            ((f"`{c.name}`", c.kind, c.description) for c in it.columns),
        )
        for it in TABLES
    )
    return {"columns of the tables": "\n".join(told)}


def vocabularies() -> dict[str, Vocabulary]:
    """Every closed vocabulary of the package: ``MEASURES`` -> its terms."""
    return {
        name.lower(): value
        for name, value in vars(vocabulary).items()
        if isinstance(value, Mapping) and all(isinstance(term, Term) for term in value.values())
    }


def render(page: str, made: Mapping[str, str]) -> str:
    """The page with every generated part (``made``) made anew.

    Raises ``ValueError`` if the page lacks a part, has one twice or has one that is not made here.
    """
    found = [match["name"] for match in _PART.finditer(page)]
    if sorted(found) != sorted(made):
        missing, strange = sorted(set(made) - set(found)), sorted(set(found) - set(made))
        raise ValueError(
            f"generated parts: missing {missing or 'none'}, unknown {strange or 'none'},"
            " and each must be there once"
        )
    return _PART.sub(lambda match: match["open"] + made[match["name"]] + match["close"], page)


def cite(page: str) -> str:
    """The citation with the day of the record's last review, which is also the version of the data,
    and with the version of the program.

    Raises ``ValueError`` if the page lacks one of these lines or has one twice.
    """
    reviewed, _ = shipped_edition()
    for name, value in (
        ("version", reviewed.replace("-", ".")),
        ("date-released", f'"{reviewed}"'),
        ("    version", __version__),
    ):
        page, lines = re.subn(rf"^{name}: .*$", f"{name}: {value}", page, flags=re.M)
        if lines != 1:
            raise ValueError(f"{CITATION.name}: {name.strip()!r} is on {lines} lines, not on one")
    return page


def _columns(table: str) -> str:
    return _table(
        ("column", "form", "required", "meaning"),
        (
            (
                f"`{column.name}`",
                _KINDS[column.kind.name],
                "yes" if column.required else "",
                column.description,
            )
            for column in FILES[table].columns
        ),
    )


def _words(terms: Vocabulary) -> str:
    printed = any(term.label != term.code for term in terms.values())
    head = ("word", "printed as", "meaning") if printed else ("word", "meaning")
    return _table(
        head,
        (
            (f"`{term.code}`", *((term.label,) if printed else ()), term.definition)
            for term in terms.values()
        ),
    )


def _severity(check: Check) -> str:
    severity: str = check.severity
    if check.shipped and check.shipped != check.severity:
        severity += f"; {check.shipped} in the shipped record"
    if check.fixed_by_fmt:
        severity += "; `fmt` fixes it"
    return severity


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "".join(f"| {' | '.join(_cell(cell) for cell in line)} |\n" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if stale")
    check = parser.parse_args().check
    stale = 0
    pages = {
        CODEBOOK: lambda page: render(page, parts()),
        EXPORT: lambda page: render(page, export_parts()),
        PANEL: lambda page: render(page, panel_parts()),
        CITATION: cite,
    }
    for path, made in pages.items():
        old = path.read_text(encoding="utf-8")
        new = made(old)
        if old == new:
            continue
        if check:
            lines = old.splitlines(keepends=True), new.splitlines(keepends=True)
            sys.stdout.writelines(difflib.unified_diff(*lines, path.name, "as generated"))
            print(f"{path.name} is stale: run python scripts/make_docs.py", file=sys.stderr)
            stale = 1
        else:
            write_whole(path, new)
            print(f"rewrote {path.name}")
    return stale


if __name__ == "__main__":
    sys.exit(main())
