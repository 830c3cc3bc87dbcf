"""Puts into the wheel the fingerprint of its tables: `make check` found them valid, so an installed
program need not check them at every start."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

TABLES = ("policies", "subjects", "sources", "searches")


class Fingerprint(BuildHookInterface[Any]):
    """A standard wheel gets ``frtracker/data/validated/<fingerprint>.json``."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version != "standard":  # an editable install reads the root files, which change
            return
        root = Path(self.root)
        sys.path.insert(0, str(root / "src"))
        from frtracker.fingerprint import of_tables

        name = of_tables(
            (f"{table} shipped", (root / f"{table}.csv").read_bytes()) for table in TABLES
        )
        folder = Path(self.directory) / "validated"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{name}.json"
        path.write_text(json.dumps({"fingerprint": name, "notes": []}) + "\n", encoding="utf-8")
        build_data["force_include"][str(path)] = f"frtracker/data/validated/{name}.json"
