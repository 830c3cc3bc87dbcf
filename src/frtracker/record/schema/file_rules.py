"""Rules on a file as a whole. The reader applies them; here stands what they say."""

from __future__ import annotations

from typing import Final

from frtracker.record.schema.rule import file_rule

MAX_BYTES: Final = 1_000_000_000
MAX_CELL: Final = 1_000_000
MAX_COLUMNS: Final = 1_000

READABLE: Final = file_rule("R001", "error", "The file is there and can be read.")
NOT_EMPTY: Final = file_rule("R002", "error", "The file has a header.")
NOT_HUGE: Final = file_rule("R003", "error", "The file is no larger than 1 GB.")
UTF_8: Final = file_rule("R004", "error", "The file is UTF-8 text.")
NO_NUL: Final = file_rule("R005", "error", "The file holds no NUL bytes.")
NO_BOM: Final = file_rule(
    "R006", "warning", "The file begins without a byte order mark.", cured_by_fmt=True
)
LINE_ENDS: Final = file_rule(
    "R007", "warning", "Lines end with a line feed alone.", cured_by_fmt=True
)
QUOTES: Final = file_rule("R008", "error", "Quotes are closed, and stand around whole cells.")
CELL_SIZE: Final = file_rule("R009", "error", "A cell holds at most 1 MB.")
COLUMN_COUNT: Final = file_rule("R010", "error", "A table has at most 1,000 columns.")
NO_MISSING_COLUMN: Final = file_rule("R011", "error", "Every column of the table is there.")
NO_EXTRA_COLUMN: Final = file_rule("R012", "error", "The table has no other columns.")
NO_DOUBLE_COLUMN: Final = file_rule("R013", "error", "Each column stands once.")
COLUMN_ORDER: Final = file_rule(
    "R014", "warning", "Columns stand in the order of the codebook.", cured_by_fmt=True
)
FIELD_COUNT: Final = file_rule("R015", "error", "Every record has a cell for each column.")
ROW_ORDER: Final = file_rule("R090", "warning", "Rows stand in canonical order.", cured_by_fmt=True)
FORM: Final = file_rule(
    "R091", "warning", "The file is written in canonical form.", cured_by_fmt=True
)

RULES: Final = (
    READABLE,
    NOT_EMPTY,
    NOT_HUGE,
    UTF_8,
    NO_NUL,
    NO_BOM,
    LINE_ENDS,
    QUOTES,
    CELL_SIZE,
    COLUMN_COUNT,
    NO_MISSING_COLUMN,
    NO_EXTRA_COLUMN,
    NO_DOUBLE_COLUMN,
    COLUMN_ORDER,
    FIELD_COUNT,
)
FORM_RULES: Final = (ROW_ORDER, FORM)
