"""Keep what a release answered: hashes, counts and positions, in a folder of editions/.

    python scripts/make_edition.py RECORD

RECORD is a folder with the record of the release as it was published (`git archive TAG '*.csv'`);
dates of version 1 are read. The folder is named after the last day of review, 2026.11.22, and has
``positions.csv``, as `frtracker export` writes it, and ``edition.json``: the edition and the sha256
of each file, rows, how many policies have which words, the sha256 of the positions. `frtracker diff
editions/2026.11.22 policies.csv` says which answers are others today. Positions are derived by the
program that runs, so that a difference is one of the record.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

from frtracker.files import edition_of, write_whole
from frtracker.record.columns import TABLES
from frtracker.record.load import read_edition
from frtracker.record.read import read_file
from frtracker.record.tables import typed
from frtracker.text.sheet import as_csv
from frtracker.timeline import build
from frtracker.timeline.columns import POSITIONS
from frtracker.version import __version__

EDITIONS = Path(__file__).resolve().parents[1] / "editions"
COUNTED = ("subject_type", "measure", "status", "confidence")


def edition(record: Path) -> tuple[str, dict[str, str]]:
    """The name of the folder, and its files by name."""
    paths = {name: record / f"{name}.csv" for name in TABLES if (record / f"{name}.csv").exists()}
    policies = read_edition(paths["policies"])
    frame = build(typed("policies", policies)).positions
    positions = as_csv([column.name for column in POSITIONS], frame.to_dict("records"))
    whole, files = edition_of({path.name: path.read_bytes() for path in paths.values()})
    reviewed = policies["reviewed_on"].max()
    described = {
        "edition_id": reviewed.replace("-", "."),
        "version": __version__,
        "reviewed_through": reviewed,
        "edition": whole,
        "files": files,
        "rows": {name: len(read_file(name, path, name).lines) for name, path in paths.items()},
        "policies": {
            name: policies[name].value_counts().sort_index().to_dict() for name in COUNTED
        },
        "positions": {
            "rows": len(frame),
            "sha256": hashlib.sha256(positions.encode()).hexdigest(),
        },
    }
    text = json.dumps(described, indent=2) + "\n"
    return described["edition_id"], {"edition.json": text, "positions.csv": positions}


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
