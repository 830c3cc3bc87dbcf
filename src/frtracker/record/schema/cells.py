"""Rules on single cells; the models apply them, :mod:`frtracker.record.schema.problems` judges.

An empty cell breaks no rule but :data:`FILLED`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from frtracker.record.findings import Severity
from frtracker.record.schema.problems import Problem
from frtracker.record.schema.rule import Rule


@dataclass(frozen=True, slots=True)
class CellCheck:
    """A rule as applied to one column; empty cells are passed over unless it ``sees_empty``."""

    rule: Rule
    problem: Problem
    sees_empty: bool = False

    def passes(self, cells: pd.Series) -> pd.Series:
        """True where the cell obeys; each distinct text is judged once."""
        codes, distinct = pd.factorize(cells)
        good = np.array([self._is_good(text) for text in distinct.tolist()], dtype=bool)
        return pd.Series(good[codes], cells.index)

    def _is_good(self, text: str) -> bool:
        return (text == "" and not self.sees_empty) or self.problem(text) is None


def _rule(code: str, severity: Severity, statement: str, *, cured_by_fmt: bool = False) -> Rule:
    return Rule(code, severity, statement, cured_by_fmt=cured_by_fmt)


FILLED: Final = _rule("R100", "error", "A required cell is filled.")
WORD: Final = _rule("R101", "error", "A cell with a closed vocabulary holds words of it.")
LIST: Final = _rule(
    "R102", "error", "A list is joined by ';' without blanks and names nothing twice."
)
ANY: Final = _rule("R103", "error", "'any' stands alone: it covers every other use.")
SLUG: Final = _rule(
    "R104", "error", "A policy_id is made of lower-case letters, digits and single hyphens."
)
UNIQUE: Final = _rule("R105", "error", "Each policy_id names one row only.")
DATE: Final = _rule("R106", "error", "A date is a day, month, year, A/B or /B that exists.")
DAY: Final = _rule("R107", "error", "The day of a review or a search is one exact day.")
COUNTRY: Final = _rule("R108", "error", "A country is a code of ISO 3166-1 alpha-2.")
REGION: Final = _rule("R109", "error", "A region is a code of ISO 3166-2.")
TERRITORY: Final = _rule(
    "R110", "error", "A territory is a list of codes of ISO 3166-1 or ISO 3166-2."
)
LINK: Final = _rule("R111", "error", "A link is a whole http or https address.")
HTTPS: Final = _rule("R112", "warning", "A link is an https address where the site has one.")
GEOID: Final = _rule("R113", "error", "A geoid is a US Census GEOID of 2, 5, 7 or 10 digits.")
LATITUDE: Final = _rule("R114", "error", "A latitude is a number from -90 to 90.")
LONGITUDE: Final = _rule("R115", "error", "A longitude is a number from -180 to 180.")
CONTROL: Final = _rule(
    "R116", "error", "Text holds no control characters and none that turn its direction."
)
NFC: Final = _rule("R117", "warning", "Text is in Unicode normal form NFC.", cured_by_fmt=True)
BLANKS: Final = _rule(
    "R118", "warning", "Text has no leading, trailing or double blanks.", cured_by_fmt=True
)
SUPPORTS: Final = _rule(
    "R119", "error", "`supports` names columns of policies.csv; '~' follows dates only."
)

RULES: Final = (
    FILLED,
    WORD,
    LIST,
    ANY,
    SLUG,
    UNIQUE,
    DATE,
    DAY,
    COUNTRY,
    REGION,
    TERRITORY,
    LINK,
    HTTPS,
    GEOID,
    LATITUDE,
    LONGITUDE,
    CONTROL,
    NFC,
    BLANKS,
    SUPPORTS,
)
