#!/usr/bin/env bash
# The fuzzer led by coverage, with atheris in a folder of its own: it has builds for some Pythons
# only, and the tracker needs none. Where it has none, guided.py says so and goes on without it.
set -euo pipefail
cd "$(dirname "$0")/.."

python=${PYTHON:-python3}
folder=${ATHERIS_HOME:-.atheris}
wanted="${ATHERIS:-3.0.0} $("$python" -c 'import sys; print(sys.version.split()[0])')"

if [ "$(cat "$folder/installed" 2>/dev/null)" != "$wanted" ]; then
  rm -rf "$folder"
  mkdir -p "$folder"
  echo '*' >"$folder/.gitignore"
  if "$python" -m pip --disable-pip-version-check install --quiet --only-binary :all: \
    --target "$folder" "atheris==${wanted% *}"; then
    echo "$wanted" >"$folder/installed"
  else
    echo "atheris ${wanted% *} cannot be installed for Python ${wanted#* }" >&2
  fi
fi

PYTHONPATH="$folder${PYTHONPATH:+:$PYTHONPATH}" exec "$python" scripts/guided.py "$@"
