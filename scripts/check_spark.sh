#!/usr/bin/env bash
# Ask the questions of docs/export.md of a million made-up acts in Spark, and compare the answers
# with DuckDB's. PySpark is in an environment of its own: it is large, and nothing of ours needs it.
# VENV names another place for it; PYSPARK another version. Words after it: see benchmarks/spark.py.
set -euo pipefail
cd "$(dirname "$0")/.."

venv=${VENV:-.venv-spark}
wanted=${PYSPARK:-4.3.0}

if ! command -v java >/dev/null; then
  echo "java is missing, which Spark runs on. On Debian or Ubuntu: apt install default-jre-headless" >&2
  exit 1
fi
if [ "$(cat "$venv/installed" 2>/dev/null)" != "$wanted" ]; then
  "${PYTHON:-python3}" -m venv "$venv"
  echo '*' >"$venv/.gitignore"
  "$venv/bin/python" -m pip --disable-pip-version-check install --quiet "pyspark==$wanted"
  echo "$wanted" >"$venv/installed"
fi

exec "${PYTHON:-python3}" benchmarks/spark.py --spark "$venv/bin/python" "$@"
