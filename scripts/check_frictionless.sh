#!/usr/bin/env bash
# Validate the data package with frictionless, in an environment of its own: its dependencies are
# many, and none of them is ours. VENV names another place for it; FRICTIONLESS another version.
set -euo pipefail
cd "$(dirname "$0")/.."

venv=${VENV:-.venv-frictionless}
wanted=${FRICTIONLESS:-5.21.0}

if [ "$(cat "$venv/installed" 2>/dev/null)" != "$wanted" ]; then
  "${PYTHON:-python3}" -m venv "$venv"
  echo '*' >"$venv/.gitignore"
  "$venv/bin/python" -m pip --disable-pip-version-check install --quiet "frictionless==$wanted"
  echo "$wanted" >"$venv/installed"
fi

exec "$venv/bin/frictionless" validate datapackage.json
