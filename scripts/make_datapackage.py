"""Write datapackage.json, the Frictionless descriptor of the record tables.

    python scripts/make_datapackage.py [--check]

With ``--check`` nothing is written; the exit code is 1 if the file is not as it would be written.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from frtracker.files import shipped_edition, write_whole
from frtracker.record.columns import data_package, resources

TARGET = Path(__file__).resolve().parents[1] / "datapackage.json"


def text() -> str:
    package = data_package(resources(), shipped_edition()[0])
    return json.dumps(package, ensure_ascii=False, indent=2) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description="Write datapackage.json.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if it differs")
    if not parser.parse_args().check:
        write_whole(TARGET, text())
        print(f"wrote {TARGET.name}")
    elif not TARGET.exists() or TARGET.read_text(encoding="utf-8") != text():
        sys.exit(f"{TARGET.name} is not up to date: run python scripts/make_datapackage.py")


if __name__ == "__main__":
    main()
