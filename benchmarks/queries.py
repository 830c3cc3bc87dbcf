"""The questions of docs/export.md, as they are printed there."""

from __future__ import annotations

import re
from pathlib import Path

_PAGE = Path(__file__).resolve().parents[1] / "docs" / "export.md"

QUERIES = dict(
    re.findall(r"```sql\n-- an? (\w+)\n(.*?)```", _PAGE.read_text(encoding="utf-8"), re.DOTALL)
)
"""``day``, ``run`` and ``panel`` -> SQL."""
