#!/usr/bin/env bash
# The Pythons of this machine that frtracker runs on, one path for each version, oldest first: those
# on the PATH, and those that pyenv keeps.
for minor in 11 12 13 14 15; do
  for it in "$(command -v "python3.$minor")" "${PYENV_ROOT:-$HOME/.pyenv}/versions/3.$minor".*/bin/python; do
    # what pyenv puts on the PATH may only say that the version is not chosen
    if [ -x "$it" ] && "$it" -c "import sys, ensurepip, venv; sys.exit(sys.version_info[:2] != (3, $minor))" 2>/dev/null; then
      echo "$it"
      break
    fi
  done
done
