"""Keep what a release answered: hashes, counts and positions, in a folder of editions/.

    python scripts/make_edition.py RECORD

RECORD is a folder with the record of the release as it was published (`git archive TAG '*.csv'`);
dates of version 1 are read. The folder is named after the last day of review, 2026.11.22, and has
``edition.json`` (sha256 and rows of each file, the edition over all, the sha256 of the answers) and
``positions.csv``. `frtracker diff editions/2026.11.22 policies.csv` says which answers are others
today. Positions are derived by the program that runs, so that a difference is one of the record.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
from pathlib import Path

from frtracker.answers.editions import COLUMNS, answers
from frtracker.files import edition_of, write_whole
from frtracker.record.columns import TABLES
from frtracker.record.load import read_edition
from frtracker.record.read import read_file
from frtracker.record.tables import typed
from frtracker.timeline import build

EDITIONS = Path(__file__).resolve().parents[1] / "editions"


def edition(record: Path) -> tuple[str, dict[str, str]]:
    """The name of the folder, and its files by name."""
    paths = {name: record / f"{name}.csv" for name in TABLES if (record / f"{name}.csv").exists()}
    policies = read_edition(paths["policies"])
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(answers(build(typed("policies", policies)).positions))
    positions = buffer.getvalue()
    whole, files = edition_of({path.name: path.read_bytes() for path in paths.values()})
    reviewed = policies["reviewed_on"].max()
    described = {
        "reviewed_through": reviewed,
        "edition": whole,
        "answers": hashlib.sha256(positions.encode()).hexdigest(),
        "files": {
            path.name: {
                "rows": len(read_file(name, path, path.name).lines),
                "sha256": files[path.name],
            }
            for name, path in paths.items()
        },
    }
    return reviewed.replace("-", "."), {
        "edition.json": json.dumps(described, indent=2) + "\n",
        "positions.csv": positions,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Write a folder of editions/.")
    parser.add_argument("record", type=Path)
    name, files = edition(parser.parse_args().record)
    (EDITIONS / name).mkdir(parents=True, exist_ok=True)
    for file, text in files.items():
        write_whole(EDITIONS / name / file, text)
        print(f"wrote editions/{name}/{file}")


if __name__ == "__main__":
    main()
