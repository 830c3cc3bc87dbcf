"""Build the source archive and a wheel from it, install the wheel into a clean environment and use
it from another folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import venv
import zipfile
from pathlib import Path

from frtracker.cli.console import EXTRAS
from frtracker.record.columns import FILES
from frtracker.record.load import check

ROOT = Path(__file__).resolve().parent.parent
MUST_CARRY = {
    "frtracker/py.typed",
    *(f"frtracker/data/{name}.csv" for name in FILES),
    "frtracker/countries.csv",
    *("frtracker/openapi.json", "frtracker/schemas/status.json"),
    *("frtracker/assets/figure.html", "frtracker/site/templates/subject.html"),
    *(f"frtracker/outlines/{name}.json" for name in ("countries", "states", "counties")),
}

VALIDATES_ITS_OWN = """
import sys
from frtracker.cli import main
main(["status", "--as-of", "2021-06", "-o", "status.txt"], standalone_mode=False)
sys.exit("status validates the tables of its own wheel" if "pandera" in sys.modules else 0)
"""


LACKS_WHAT_EXTRAS_BRING = """
import sys
from importlib.util import find_spec
found = [name for name in sys.argv[1:] if find_spec(name)]
sys.exit(f"a plain installation has {', '.join(found)}" if found else 0)
"""


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command from ``cwd``; its standard output. A failure ends the script."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=environment, text=True, capture_output=True
    )
    if done.returncode:
        sys.exit(
            f"{' '.join(map(str, command))} gave {done.returncode}:\n{done.stdout}{done.stderr}"
        )
    return done.stdout


def main() -> None:
    report = check([ROOT / "policies.csv"])  # what the wheel carries is not validated again
    if report.errors:
        sys.exit("\n".join(map(str, report.errors)))
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        run(sys.executable, "-m", "build", "--outdir", here, ROOT, cwd=ROOT)
        wheel = next(here.glob("frtracker-*.whl"))
        missing = MUST_CARRY - set(zipfile.ZipFile(wheel).namelist())
        if missing:
            sys.exit(f"{wheel.name} lacks {', '.join(sorted(missing))}")

        venv.create(here / "clean", with_pip=True)
        binaries = here / "clean" / "bin"
        pip = (binaries / "python", "-m", "pip", "--disable-pip-version-check", "install", "-q")
        run(*pip, "-c", ROOT / "constraints.txt", wheel, cwd=here)

        elsewhere = here / "elsewhere"
        elsewhere.mkdir()
        frtracker = binaries / "frtracker"
        document = json.loads(
            run(frtracker, "status", "--as-of", "2021-06", "-f", "json", cwd=elsewhere)
        )
        amazon = next(s for s in document["subjects"] if s["subject_key"] == "vendor-amazon")
        if (amazon["measure"], amazon["since"]) != ("moratorium", "2020-06-10"):
            sys.exit(f"the wheel's record says of Amazon: {amazon['measure']}, {amazon['since']}")
        run(binaries / "python", "-c", VALIDATES_ITS_OWN, cwd=elsewhere)
        run(binaries / "python", "-c", LACKS_WHAT_EXTRAS_BRING, *EXTRAS, cwd=elsewhere)
        for words in (
            "validate",
            "show Boston",
            "explain 47.6,-122.33",
            "changes",
            "export a",
            "site b",
        ):
            run(frtracker, *words.split(), cwd=elsewhere)
        path = elsewhere / run(frtracker, "map", "--as-of", "2021-06", cwd=elsewhere).strip()
        if "</html>" not in path.read_text(encoding="utf-8"):
            sys.exit(f"{path} is no whole page")
        print(f"{wheel.name}: {wheel.stat().st_size // 1024} KB, its commands work without extras")


if __name__ == "__main__":
    main()
