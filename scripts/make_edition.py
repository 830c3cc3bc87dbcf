"""Keep a released edition: its hashes, counts, answers, and what it brought, in editions/.

    python scripts/make_edition.py RECORD

RECORD is what `--edition` takes: a folder, a wheel, a git revision; dates of version 1 are read.
The folder is named after the last day of review, 2026.11.22, and has ``positions.csv``, the answers
(whose sha256 is the second hash of an edition), and ``edition.json``: the edition and the sha256 of
each file, rows, how many policies have which words, and, since the edition before it, the numbers
of rows and answers that changed, the events new on record, the corrections, and the events that no
longer will happen. The ids of its events go into ``tests/released_event_ids.txt``. All is derived
by the program that runs, so that a difference is one of the record.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from frtracker.answers.editions import described, released
from frtracker.export.editions import edition
from frtracker.export.feed import event_urn
from frtracker.files import write_whole
from frtracker.record.editions import edition_files
from frtracker.timeline import build

ROOT = Path(__file__).resolve().parents[1]
EDITIONS = ROOT / "editions"
IDS = ROOT / "tests" / "released_event_ids.txt"


def main() -> None:
    parser = argparse.ArgumentParser(description="Write a folder of editions/.")
    parser.add_argument("record")
    files = edition_files(parser.parse_args().record)
    day = described(files)["reviewed_through"]
    earlier = [it for it in released(EDITIONS) if it.day.isoformat() < day]
    previous = earlier[-1].name if earlier else None
    before = edition_files(previous) if previous else None
    document, answers = edition(files, before, previous)
    folder = EDITIONS / document["edition_id"]
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    for name, content in (("edition.json", text), ("positions.csv", answers)):
        write_whole(folder / name, content)
        print(f"wrote editions/{folder.name}/{name}")
    events = build(files.tables().policies).events["event_id"]
    known = IDS.read_text("utf-8").splitlines() if IDS.exists() else []
    lines = {*known, *(f"{it}@frtracker {event_urn(it)}" for it in events)}
    write_whole(IDS, "".join(f"{line}\n" for line in sorted(lines)))


if __name__ == "__main__":
    main()
