# `make map` and `make test` do all their own set-up: they need Python 3.11 or newer with venv, make
# and, the first time, a network.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := -m pip --disable-pip-version-check install --quiet
PIP := $(BIN)/python $(INSTALL) --constraint constraints.txt
WITH_EXTRAS := .[export,figures,notebooks,outlines]
DEFAULT_TESTS := -m pytest -n 2 -m "not browser and not slow"
# Without the limit of fifteen minutes: one of these tests may take an hour.
AT_LENGTH := -m pytest -n 2 --hypothesis-profile=long -o faulthandler_timeout=0
QUICK := $(addprefix tests/,test_timeline.py test_table.py test_cli.py test_export.py test_library.py)
LOWEST := .venv-lowest
PAGE := tests/browser

.DEFAULT_GOAL := help
.PHONY: help map maps notebooks test coverage lowest quick walls mutants spark check lint wheel clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 10

map: $(VENV)/run.stamp ## write the map of today, maps/map.html
	@path=$$($(BIN)/frtracker map) && \
	  echo "Wrote $$path: open it in a browser, no network needed. The command is $(BIN)/frtracker."

maps: $(VENV)/dev.stamp ## rebuild the committed files in maps/, as of the record's last review
	@day=$$($(BIN)/python -c 'from frtracker.files import shipped_edition; print(shipped_edition()[0])') && \
	  $(BIN)/frtracker map --as-of $$day --output maps/frtracker.html && \
	  $(BIN)/frtracker map --as-of $$day --format png --output maps/frtracker.png

notebooks: $(VENV)/dev.stamp ## run the notebooks and keep their outputs, on this record
	$(BIN)/python scripts/make_notebooks.py

test: $(VENV)/dev.stamp ## run the tests
	$(BIN)/python $(DEFAULT_TESTS)

coverage: $(VENV)/dev.stamp ## run the tests, the long ones too, and show what none of them reaches
	$(BIN)/python -m pytest -n 2 -m "not browser" --cov

lowest: $(LOWEST)/stamp ## run the tests on the lowest versions of our dependencies that pyproject.toml allows
	$(LOWEST)/bin/python $(DEFAULT_TESTS) --ignore tests/test_lock.py

quick: $(VENV)/dev.stamp ## run some tests of whole calls: for another Python, with VENV and PYTHON
	$(BIN)/python -m pytest -n 2 -m "not browser and not slow" $(QUICK)

walls: $(VENV)/dev.stamp ## the long runs, for which CI has no time: random input, tables, kills (hours)
	$(BIN)/python scripts/fuzz.py --long
	$(BIN)/python $(AT_LENGTH) -m slow tests/test_laws.py tests/test_export.py tests/hard
	$(BIN)/python $(AT_LENGTH) -m browser tests/browser/test_days.py

mutants: $(VENV)/dev.stamp ## change the code one small way at a time and list what no test notices
	for part in dates checks cells timeline places layers; do $(BIN)/python scripts/mutants.py $$part; done

spark: $(VENV)/dev.stamp ## ask a million made-up acts in Spark what docs/export.md asks (needs Java)
	PYTHON=$(BIN)/python scripts/check_spark.sh

check: lint wheel $(PAGE)/node_modules/.stamp ## everything: lint, types, the built wheel, the browser and the long tests
	$(BIN)/python -m pytest -n 2 -m "browser or slow"
	$(BIN)/python scripts/fuzz.py --seconds 40
	PYTHON=$(BIN)/python scripts/guided.sh --seconds 30

lint: $(VENV)/dev.stamp $(PAGE)/node_modules/.stamp
	$(PAGE)/node_modules/.bin/biome check --config-path=$(PAGE) --error-on-warnings src/frtracker/assets
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/reuse lint --quiet
	$(BIN)/mypy
	$(BIN)/frtracker validate
	$(BIN)/frtracker fmt --check
	$(BIN)/python scripts/make_docs.py --check
	$(BIN)/python scripts/make_datapackage.py --check
	$(BIN)/python scripts/make_schemas.py --check
	$(BIN)/python scripts/second_coding.py page --check
	PYTHON=$(BIN)/python scripts/check_frictionless.sh

wheel: $(VENV)/dev.stamp
	$(BIN)/python scripts/check_wheel.py

clean: ## remove the environment and what was built
	rm -rf $(VENV) $(LOWEST) $(PAGE)/node_modules .venv-frictionless .venv-spark .atheris dist .coverage .coverage.* \
	  .mutants .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/bin/python $(LOWEST)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "frtracker needs Python 3.11 or newer; name one: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "Python's venv module is missing. On Debian or Ubuntu: apt install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv $(@D)/..

$(VENV)/run.stamp: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Setting up $(VENV): about a minute, the first time only."
	@$(PIP) --editable .
	@touch $@

$(VENV)/dev.stamp: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Setting up $(VENV) for development: a few minutes, the first time only."
	@$(PIP) --upgrade pip
	@$(PIP) --editable '$(WITH_EXTRAS)' --group dev
	@touch $@ $(VENV)/run.stamp

# What our dependencies need in turn is as in constraints.txt: a release of theirs is no news of ours.
$(LOWEST)/stamp: pyproject.toml constraints.txt lower-bounds.txt | $(LOWEST)/bin/python
	awk -F== 'NR == FNR {low[tolower($$1)]; next} !(tolower($$1) in low)' \
	  lower-bounds.txt constraints.txt > $(LOWEST)/others.txt
	$(LOWEST)/bin/python $(INSTALL) --constraint constraints.txt --upgrade pip
	$(LOWEST)/bin/python $(INSTALL) --constraint lower-bounds.txt --constraint $(LOWEST)/others.txt \
	  --editable '$(WITH_EXTRAS)' --group tests
	@touch $@

$(PAGE)/node_modules/.stamp: $(PAGE)/package.json $(PAGE)/package-lock.json
	@command -v npm >/dev/null || { echo "npm is missing: the page's linter and axe-core come from it" >&2; exit 1; }
	npm ci --prefix $(PAGE) --no-audit --no-fund --loglevel=error
	@touch $@
