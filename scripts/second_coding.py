"""A second coding of a sample of the record: draw it, compare it, tell it.

    python scripts/second_coding.py sample --seed 20261128 [--rows 45] > to_code.csv
    python scripts/second_coding.py compare FIRST.csv SECOND.csv
    python scripts/second_coding.py page [--check]

``sample`` draws rows and prints a table to fill in: which act it is, and nothing of how the record
codes it. ``compare`` reads two such tables, filled in, and prints for each column in how many rows
they are the same, and Cohen's kappa for the measure. ``page`` writes docs/second_coding.md from
docs/second_coding.csv, one line for each row and column: what the record said, what the second
coder said, and who was right (agree, record, second, neither, open); and from
docs/second_coding_provisions.csv, the same for what the texts of laws say.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from frtracker.files import write_whole
from frtracker.record.editions import edition_files
from frtracker.vocabulary import PROVISIONS, scope_of

DOCS: Final = Path(__file__).resolve().parents[1] / "docs"
SHOWN: Final = ("policy_id", "subject", "subject_type", "country", "region", "instrument")
CODED: Final = (
    *("measure", "applies_to", "scope", "status"),
    *("decided_on", "effective_on", "expires_on", "ends_when"),
)
Row = dict[str, str]
Pairs = Sequence[tuple[str, str]]

HEAD: Final = """# A second coding

{rows} rows of the record of 22 November 2026 were drawn at random (seed 20261128) and coded again
from their sources by a second coder, who then said of each difference what speaks for whom.
`docs/second_coding.csv` has every cell of both, with the source; this page is made from it by
`scripts/second_coding.py`, which also draws a new sample and compares two codings.

## How far they agree

*The same*: in how many rows both wrote the same. Then, of the others, who was right.

| column | the same | record | second coder | neither | open | same in effect |
| --- | --: | --: | --: | --: | --: | --: |
"""
LIMITS: Final = """
## What this does not show

- The two coders shared a codebook and a search engine, and pages were read in excerpts: what
  neither could find is missing from both. Who was right is the second coder's judgment.
- 19 of the {rows} acts are named in the codebook, so that the second coder may have known how they
  were decided. On the other 26 the measure is the same in 25.
- A sample of rows says nothing about acts that are in no row: `coverage.csv` and `searches.csv` do.
- {rows} rows give rough numbers: the 95 % interval for the measure is from 85 to 99 %.

## Where they differ

What the record had on that day, and what the second coder had; the record may have been corrected
since.
"""
TEXTS: Final = """
## What the texts say

{rows} acts were coded twice for `provisions.csv`, by coders who had the same collected texts and
the codebook and did not see each other's work; each difference was then settled by the words that
they cite. They agree in {same} of {cells} cells (Cohen's kappa {kappa}; "not coded" is a value like
the others, and more than a third of the cells). For each provision, in how many acts both wrote the
same, kappa where there was more than one value, and who was right of the others. With {rows} acts a
kappa is a rough number: one other answer moves it far.

On 1 December 2026 two readers who had coded none of it judged the lines of the record against the
pages that these name: 728 of 752 could be opened, and the readers would have coded 26 of them
otherwise (3.6 %). The record follows them in 24, also where both coders had agreed.

| provision | the same | kappa | first coder | second coder | neither | open | corrected |
| --- | --: | --: | --: | --: | --: | --: | --: |
"""
TEXT_VERDICTS: Final = {
    "first": "as the first coder",
    "second": "as the second coder",
    "neither": "as neither",
    "open": "not coded",
    "corrected": "corrected by the later readers",
}
TITLES: Final = {
    "second": "The second coder was right",
    "neither": "Neither was right",
    "open": "Open: not settled by what could be read",
    "record": "The record was right",
}


def draw(policies: Iterable[Row], rows: int, seed: int) -> list[Row]:
    """The sample, in the order of the record; the same seed and record give the same rows."""
    ordered = list(policies)
    chosen = random.Random(seed).sample(range(len(ordered)), min(rows, len(ordered)))
    empty = dict.fromkeys(CODED, "")
    return [{name: ordered[at][name] for name in SHOWN} | empty for at in sorted(chosen)]


def policies_of(path: Path) -> list[Row]:
    """The rows of a policies.csv as text."""
    rows: list[Row] = edition_files(str(path)).texts["policies"].frame.to_dict("records")
    return rows


def coding(path: Path) -> dict[str, Row]:
    """A coding by ``policy_id``: a table that was filled in, or a policies.csv."""
    if path.name == "policies.csv":
        rows = policies_of(path)
        return {row["policy_id"]: row | {"scope": scope_of(row["uses"])} for row in rows}
    with path.open(encoding="utf-8", newline="") as file:
        return {row["policy_id"]: row for row in csv.DictReader(file)}


def _rows(name: str) -> list[Row]:
    with (DOCS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def kappa(pairs: Pairs) -> float:
    """Cohen's kappa: agreement beyond what the shares of the words alone would give."""
    count = len(pairs)
    first, second = (Counter(side) for side in zip(*pairs, strict=True))
    chance = sum(first[word] * second[word] for word in first) / count**2
    same = sum(one == other for one, other in pairs) / count
    return 1.0 if chance == 1 else (same - chance) / (1 - chance)


def compare(first: dict[str, Row], second: dict[str, Row]) -> str:
    """The agreement of two codings on the rows that both have, one line for each column."""
    shared = [policy_id for policy_id in first if policy_id in second]
    lines = []
    for column in CODED:
        pairs = [(first[it][column], second[it][column]) for it in shared]
        same = sum(one == other for one, other in pairs)
        lines.append(f"{column}: {same} of {len(pairs)}")
        lines += [
            f"  {policy_id}: {one or '(empty)'} | {other or '(empty)'}"
            for policy_id, (one, other) in zip(shared, pairs, strict=True)
            if one != other
        ]
    measures = [(first[it]["measure"], second[it]["measure"]) for it in shared]
    return "\n".join([*lines, f"kappa of measure: {kappa(measures):.2f}", ""])


def page(rows: Sequence[Row]) -> str:
    """docs/second_coding.md, of the lines of docs/second_coding.csv."""
    number = len({row["policy_id"] for row in rows})
    text = HEAD.format(rows=number)
    for column in CODED:
        own = [row for row in rows if row["column"] == column]
        others = Counter(row["verdict"] for row in own if row["record"] != row["second"])
        cells = (others[name] for name in ("record", "second", "neither", "open", "agree"))
        same = len(own) - others.total()
        text += f"| `{column}` | {same} of {len(own)} | {' | '.join(map(str, cells))} |\n"
    measures = [(row["record"], row["second"]) for row in rows if row["column"] == "measure"]
    text += f"\nCohen's kappa for the measure is {kappa(measures):.2f}.\n"
    text += LIMITS.format(rows=number)
    for verdict, title in TITLES.items():
        lines = [_line(row) for row in rows if row["verdict"] == verdict]
        text += "\n".join([f"\n### {title}\n", *lines, ""])
    return text


def _line(row: Row) -> str:
    same = row["record"] == row["second"]
    both = f"both {row['record']}" if same else ""
    cells = f"record {row['record'] or 'empty'}, second coder {row['second'] or 'empty'}"
    note = f": {row['note']}" if row["note"] else ""
    return f"- `{row['policy_id']}`, {row['column']}: {both or cells}{note}."


def texts(rows: Sequence[Row]) -> str:
    """What is said of docs/second_coding_provisions.csv: agreement for each provision."""
    acts = list(dict.fromkeys(row["policy_id"] for row in rows))
    everything = [(row["first"], row["second"]) for row in rows]
    same = sum(one == other for one, other in everything)
    text = TEXTS.format(
        rows=len(acts), cells=len(rows), same=same, kappa=f"{kappa(everything):.2f}"
    )
    for provision in PROVISIONS:
        own = [row for row in rows if row["provision"] == provision]
        pairs = [(row["first"], row["second"]) for row in own]
        both = sum(one == other for one, other in pairs)
        varied = f"{kappa(pairs):.2f}" if len({word for pair in pairs for word in pair}) > 1 else ""
        verdicts = Counter(row["verdict"] for row in own if row["verdict"] != "agree")
        cells = (
            verdicts[name] or "" for name in ("first", "second", "neither", "open", "corrected")
        )
        marks = " | ".join(map(str, cells))
        text += f"| `{provision}` | {both} of {len(pairs)} | {varied} | {marks} |\n"
    lines = [
        f"- `{row['policy_id']}`, {row['provision']}: first coder {row['first']}, second coder"
        f" {row['second']}; {TEXT_VERDICTS[row['verdict']]}: {row['note']}."
        for row in rows
        if row["verdict"] != "agree"
    ]
    return "\n".join([f"{text}\nThe acts: {', '.join(f'`{it}`' for it in acts)}.\n", *lines, ""])


def main() -> None:
    parser = argparse.ArgumentParser(description="A second coding of a sample of the record.")
    commands = parser.add_subparsers(dest="command", required=True)
    sample = commands.add_parser("sample")
    sample.add_argument("--rows", type=int, default=45)
    sample.add_argument("--seed", type=int, required=True)
    both = commands.add_parser("compare")
    both.add_argument("first", type=Path)
    both.add_argument("second", type=Path)
    commands.add_parser("page").add_argument("--check", action="store_true")
    asked = parser.parse_args()
    if asked.command == "sample":
        policies = policies_of(DOCS.parent / "policies.csv")
        writer = csv.DictWriter(sys.stdout, [*SHOWN, *CODED], lineterminator="\n")
        writer.writeheader()
        writer.writerows(draw(policies, asked.rows, asked.seed))
    elif asked.command == "compare":
        print(compare(coding(asked.first), coding(asked.second)), end="")
    else:
        text = page(_rows("second_coding.csv")) + texts(_rows("second_coding_provisions.csv"))
        target = DOCS / "second_coding.md"
        if not asked.check:
            write_whole(target, text)
        elif not target.exists() or target.read_text(encoding="utf-8") != text:
            sys.exit(f"{target.name} is stale: run python scripts/second_coding.py page")


if __name__ == "__main__":
    main()
