"""Files written whole or not at all; where the shipped record lies, and which edition it is."""

from __future__ import annotations

import csv
import errno
import hashlib
import io
import os
import secrets
from pathlib import Path
from typing import Final

_HINT: Final = 40
"""Characters of the target's name in that of the file beside it."""


def write_whole(path: Path, content: str | bytes) -> None:
    """Write ``content`` (text as UTF-8, line ends as they are) beside ``path``, then rename.

    A reader, or a crash at any moment, sees the old file or the new one, never a part; an
    exception, an interrupt too, leaves nothing beside it. A device or a pipe (``/dev/null``) is
    written to, never replaced. click's atomic files are not used: they rename even when writing
    failed. Raises ``OSError``.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    if path.exists() and not path.is_file():
        path.write_bytes(data)
        return
    target = Path(os.path.realpath(path)) if path.is_symlink() else path
    if target.is_symlink():  # links that lead to themselves
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    # a name may be as long as the system allows: the one beside it must not be longer
    aside = target.with_name(f".{target.name[:_HINT]}.{secrets.token_hex(8)}.part")
    try:
        with aside.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            aside.chmod(target.stat().st_mode & 0o777)
        aside.replace(target)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


PACKED: Final = Path(__file__).resolve().parent / "data"
"""Where an installed wheel has the record."""


def shipped_folder() -> Path:
    """Where the shipped record lies: in the package of a wheel, else the root of the checkout."""
    return PACKED if PACKED.is_dir() else PACKED.parents[2]


def shipped_edition() -> tuple[str, str]:
    """The latest ``reviewed_on`` and the sha256 of the shipped policies.csv.

    Standard library only: ``--version`` prints it without loading what reads tables. Raises
    ``OSError`` or ``ValueError`` if that cannot be read.
    """
    content = (shipped_folder() / "policies.csv").read_bytes()
    rows = csv.DictReader(io.StringIO(content.decode("utf-8"), newline=""))
    latest = max((row.get("reviewed_on") or "" for row in rows), default="")
    return latest, hashlib.sha256(content).hexdigest()
