"""Bytes that a fuzzer led by coverage (atheris) makes of sound ones, into all that reads text.

    scripts/guided.sh [--seconds 30] [--seed 1]

Without atheris the same bytes are changed blindly, and that is said. A run is bounded by time and
ends with exit 1 at the first input that breaks a law below; the input is printed.
"""

from __future__ import annotations

import argparse
import codecs
import csv
import io
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "hard"))

try:
    import atheris
except ImportError:
    atheris = None

LONGEST = 4096


def load() -> None:
    """The modules under test; what atheris is to follow must be imported under its eye."""
    global cells, dates, form, inert, inputs, is_web, place, read_file, safe_csv, tables
    import inputs

    from frtracker import dates
    from frtracker.places import place
    from frtracker.record import cells, form, tables
    from frtracker.record.cells import is_web
    from frtracker.record.findings import inert
    from frtracker.record.read import read_file
    from frtracker.text.sheet import safe_csv


def text_of(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def plain(said: str) -> None:
    assert not any(map(inputs.acts, said)), f"not inert: {said!r}"


def a_table(data: bytes) -> None:
    """Any file is read, or refused in plain words; what is read is read again from its own text."""
    path = Path(tempfile.gettempdir()) / f"guided-{os.getpid()}.csv"
    path.write_bytes(data)
    found = read_file("policies", path, "policies.csv")
    for finding in found.findings:
        plain(str(finding))
    if found.readable:
        text = "".join(form.written(found.frame))
        path.write_text(text, "utf-8", newline="")
        again = read_file("policies", path, "policies.csv")
        assert again.frame.equals(found.frame), "the written table is read otherwise"
    path.unlink()


def a_date(data: bytes) -> None:
    text = text_of(data)
    for read in (dates.parse, dates.parse_period):
        try:
            days = read(text)
        except ValueError as error:
            plain(str(error))
        else:
            assert dates.parse(str(days)) == days, "a date is read back otherwise"


def a_cell(data: bytes) -> None:
    """Each rule on cells lets a text pass or says a plain sentence; what passes is harmless."""
    text = text_of(data)
    kinds = (
        cells.ID, cells.IDS, cells.NAMES, cells.DATE_RANGE, cells.EXACT_DAY, cells.COUNTRY_CODE,
        cells.REGION_CODE, cells.CODES, cells.GEOID_CODE, cells.LATITUDE_DEGREES, cells.LINES,
    )  # fmt: skip
    for kind in kinds:
        for check in kind.checks:
            plain(check.look(text) or "")
    assert refused(cells.URL, text) or is_web(text), "a link that leads off the web"
    assert refused(cells.TEXT, text) or not any(map(inputs.acts, text)), "text that acts"
    slug = tables.slug(text)
    assert slug == "" or not refused(cells.ID, slug)


def refused(kind: cells.Kind, text: str) -> bool:
    """Whether a check of the kind finds an error in the text."""
    wrong = [check.look(text) for check in kind.checks if check.severity == "error"]
    plain("".join(filter(None, wrong)))
    return any(wrong)


def a_name(data: bytes) -> None:
    try:
        point = place.parse_point(text_of(data))
    except ValueError as error:
        plain(str(error))
    else:
        assert point is None or (abs(point[0]) <= 90 and abs(point[1]) <= 180)


def a_line(data: bytes) -> None:
    text = text_of(data).replace("\r", "\n")  # the reader of tables lets none through
    plain(inert(text))
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerow([text, "x"])
    safe = safe_csv(buffer.getvalue()).removeprefix(codecs.BOM_UTF8.decode())
    ((cell, _),) = csv.reader(io.StringIO(safe, newline=""))
    assert cell in (text, f"'{text}"), "the cell is lost"


TARGETS: tuple[Callable[[bytes], None], ...] = (a_table, a_date, a_cell, a_name, a_line)


def one(data: bytes) -> None:
    """The first byte names the target."""
    if data:
        TARGETS[data[0] % len(TARGETS)](data[1 : 1 + LONGEST])


def seeds() -> Iterator[bytes]:
    table = inputs.text_of(inputs.rows()).encode()
    lines = table.splitlines(keepends=True)
    yield b"\0" + b"".join(lines[:3])
    yield b"\0" + b"".join(lines[:2]).replace(b"\n", b"\r\n")
    texts = (*inputs.HOSTILE, *inputs.REFUSED, *inputs.ODD_DATES, *inputs.ADDRESSES)
    for text in (*texts, "37.8,-122.2", "-33.8,151.2"):
        for number in range(1, len(TARGETS)):
            yield bytes([number]) + text.encode()[:LONGEST]


def guided(seconds: int, seed: int) -> None:
    with tempfile.TemporaryDirectory() as corpus:
        for number, data in enumerate(seeds()):
            Path(corpus, str(number)).write_bytes(data)
        words = [f"-max_total_time={seconds}", f"-seed={seed}", f"-max_len={LONGEST + 1}",
                 "-timeout=20", "-rss_limit_mb=2048", "-verbosity=0", "-print_final_stats=1",
                 f"-artifact_prefix={tempfile.gettempdir()}/", corpus]  # fmt: skip
        atheris.Setup([sys.argv[0], *words], one)
        atheris.Fuzz()


def blind(seconds: int, seed: int) -> None:
    """Sound bytes with a few of them changed, doubled or dropped."""
    chance, known, tried = random.Random(seed), list(seeds()), 0
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        data = bytearray(chance.choice(known))
        for _ in range(chance.randint(0, 4)):
            at = chance.randint(1, len(data))
            match chance.randrange(3):
                case 0:
                    data[at:at] = chance.randbytes(chance.randint(1, 4))
                case 1:
                    del data[at : at + chance.randint(1, 30)]
                case _:
                    data[at:at] = chance.choice(inputs.PIECES)
        try:
            one(bytes(data))
        except Exception:
            print(f"this input breaks it: {bytes(data)!r}", file=sys.stderr)
            raise
        tried += 1
    print(f"{tried} cases, seed {seed}, without guidance, nothing broke")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    if atheris is None:
        load()
        print("atheris is not installed here: the bytes are changed blindly", file=sys.stderr)
        blind(asked.seconds, asked.seed)
        return
    with atheris.instrument_imports(include=["frtracker"]):
        load()
    guided(asked.seconds, asked.seed)


if __name__ == "__main__":
    main()
