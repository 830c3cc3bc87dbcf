"""Run the notebooks on the record as it is and keep their outputs.

``--check`` writes nothing and exits 1 if an output is stale: text must be equal, and a picture must
be there (its bytes depend on the version of matplotlib).
"""

from __future__ import annotations

import sys
from base64 import b64decode, b64encode
from io import BytesIO
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
KEPT = ("text/plain", "text/html", "image/png")


def run(path: Path) -> Any:
    """The notebook with fresh outputs, without what differs from run to run."""
    book = nbformat.read(path, 4)
    folder = {"metadata": {"path": str(ROOT)}}
    NotebookClient(book, timeout=300, kernel_name="python3", resources=folder).execute()
    for cell in book.cells:
        cell.metadata = {}
        if cell.cell_type == "code":
            cell.execution_count = None
            cell.outputs = [_plain(output) for output in cell.outputs]
    book.metadata = {name: book.metadata[name] for name in ("kernelspec", "language_info")}
    book.metadata["language_info"] = {"name": "python"}
    return book


def _plain(output: Any) -> Any:
    if "execution_count" in output:
        output.execution_count = None
    if "data" in output:
        output.data = {kind: output.data[kind] for kind in KEPT if kind in output.data}
        output.metadata = {}
        if "image/png" in output.data:
            output.data["image/png"] = _smaller(output.data["image/png"])
    return output


def _smaller(picture: str) -> str:
    """A picture in 128 colors and at most 1,200 pixels wide: a page, not a megabyte."""
    image = Image.open(BytesIO(b64decode(picture))).convert("RGB")
    image.thumbnail((1_200, image.height))
    buffer = BytesIO()
    image.quantize(128).save(buffer, "PNG", optimize=True)
    return b64encode(buffer.getvalue()).decode()


def texts(book: Any) -> list[Any]:
    """What the cells print: their text, and that there is a picture."""
    return [
        [
            output.get("text")
            or {k: k if k == "image/png" else str(v) for k, v in output.get("data", {}).items()}
            for output in cell.outputs
        ]
        for cell in book.cells
        if cell.cell_type == "code"
    ]


def main() -> None:
    stale = []
    for path in NOTEBOOKS:
        book = run(path)
        if "--check" not in sys.argv[1:]:
            path.write_text(nbformat.writes(book) + "\n", encoding="utf-8")
        elif texts(book) != texts(nbformat.read(path, 4)):
            stale.append(path.name)
    if stale:
        sys.exit(f"stale outputs in {', '.join(stale)}: run make notebooks")


if __name__ == "__main__":
    main()
