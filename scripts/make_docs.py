"""Write the generated parts of CODEBOOK.md from the schema and the vocabularies.

A generated part is between ``<!-- generated: NAME -->`` and ``<!-- end generated -->``; everything
else on the page is written by hand. ``--check`` writes nothing, prints the difference and exits 1
if the page is stale.
"""

from __future__ import annotations

import argparse
import difflib
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from frtracker import vocabulary
from frtracker.files import write_whole
from frtracker.record.checks import CHECKS
from frtracker.record.columns import FILES
from frtracker.record.findings import Check
from frtracker.vocabulary import Term, Vocabulary

CODEBOOK = Path(__file__).resolve().parents[1] / "CODEBOOK.md"

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
}


def parts() -> dict[str, str]:
    """Name of each generated part -> its Markdown, which ends with a line feed."""
    made = {f"columns of {table}.csv": _columns(table) for table in FILES}
    made |= {f"words of {name}": _words(terms) for name, terms in vocabularies().items()}
    made["rules"] = _table(
        ("check", "severity", "statement"),
        ((check.code, _severity(check), check.statement) for check in CHECKS),
    )
    return made


def vocabularies() -> dict[str, Vocabulary]:
    """Every closed vocabulary of the package: ``MEASURES`` -> its terms."""
    return {
        name.lower(): value
        for name, value in vars(vocabulary).items()
        if isinstance(value, Mapping) and all(isinstance(term, Term) for term in value.values())
    }


def render(page: str) -> str:
    """The page with every generated part made anew.

    Raises ``ValueError`` if the page lacks a part, has one twice or has one that is not made here.
    """
    made = parts()
    found = [match["name"] for match in _PART.finditer(page)]
    if sorted(found) != sorted(made):
        missing, strange = sorted(set(made) - set(found)), sorted(set(found) - set(made))
        raise ValueError(
            f"generated parts: missing {missing or 'none'}, unknown {strange or 'none'},"
            " and each must be there once"
        )
    return _PART.sub(lambda match: match["open"] + made[match["name"]] + match["close"], page)


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
    old = CODEBOOK.read_text(encoding="utf-8")
    new = render(old)
    if old == new:
        return 0
    if check:
        stale, fresh = old.splitlines(keepends=True), new.splitlines(keepends=True)
        sys.stdout.writelines(difflib.unified_diff(stale, fresh, CODEBOOK.name, "as generated"))
        print("CODEBOOK.md is stale: run python scripts/make_docs.py", file=sys.stderr)
        return 1
    write_whole(CODEBOOK, new)
    print(f"rewrote {CODEBOOK.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
