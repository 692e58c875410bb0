# Everything runs from .venv, built from requirements.lock with nothing but python3 (>= 3.11) and pip.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.installed
UV_VERSION := 0.13.9
CASE ?= cases/nissan-2025
OUT ?= out
DIRS := replant $(wildcard tests benchmarks)

.DEFAULT_GOAL := help
.PHONY: help demo test test-fast check format bench bench-full docs lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# Wheels only, exact versions, every file checked against its hash; the index is whatever pip is configured to use.
$(READY): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "replant needs Python 3.11 or newer; try make PYTHON=python3.12")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements.lock
	$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

demo: $(READY) ## plan the case (CASE=cases/nissan-2025) and write the report to OUT=out
	$(BIN)/replant plan $(CASE) --out $(OUT)/

test: $(READY) ## every test, on two cores
	$(BIN)/python -m pytest -q -n 2 --dist loadfile

test-fast: $(READY) ## the tests that take seconds
	$(BIN)/python -m pytest -q -n 2 --dist loadfile -m "not slow and not browser"

check: $(READY) ## lint, format, types, floors
	$(BIN)/ruff check $(DIRS)
	$(BIN)/ruff format --check $(DIRS)
	$(BIN)/mypy --strict replant
	$(BIN)/lint-imports

format: $(READY) ## put the code in its one format and fix what can be fixed
	$(BIN)/ruff check --fix-only --exit-zero $(DIRS)
	$(BIN)/ruff format $(DIRS)

bench: $(READY) ## building, and public instances against peers, in minutes
	$(BIN)/python -m benchmarks

bench-full: $(READY) ## every public instance against every peer, in hours
	$(BIN)/python -m benchmarks --full --resume

docs: $(READY) ## build the documentation into site/
	$(BIN)/mkdocs build --strict

lock: ## resolve anew: uv.lock, and from it requirements.lock (needs the network)
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --only-binary :all: uv==$(UV_VERSION)
	$(BIN)/uv lock --no-build $(LOCK_OPTIONS)
	$(BIN)/uv export --quiet --frozen --no-emit-project --no-header --no-annotate --format requirements-txt --output-file requirements.lock

clean: ## remove what make made
	rm -rf .venv out site build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find replant tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
