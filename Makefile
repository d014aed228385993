# Each target does all the set-up it needs: Python 3.11 or later, make and a package index are enough.
#
#   make demo    a business day, told as a story        make lock    pin what pyproject.toml asks for
#   make test    everything that CI checks              make protos  generate the code of the protocol
#   make lint | types | layers | unit                   make format  format, and repair what ruff can
#   make reference  the pages that follow from tables    make pictures  the guides' pictures; needs Chromium
#
# PYTHON names the interpreter, WORKERS the number of test processes.

PYTHON ?= python3
WORKERS ?= 2

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
UNFINISHED := $(VENV)/.unfinished

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint format types layers unit lock protos reference pictures

help:
	@sed -n '/^$$/q;s/^# \{0,1\}//p' Makefile

setup: $(INSTALLED)

# .unfinished stands while the environment is being made: found at the start, it means that an earlier attempt was
# broken off, and then the environment is made again from nothing.
$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Waitan needs Python 3.11 or later; name one: make PYTHON=python3.11 ..." >&2; exit 1; }
	@if [ -e $(UNFINISHED) ] || ! $(BIN)/python -m pip --version >/dev/null 2>&1; then \
		echo "Making $(VENV) ..."; rm -rf $(VENV) && mkdir $(VENV) && touch $(UNFINISHED) && $(PYTHON) -m venv $(VENV); fi
	@touch $(UNFINISHED)
	@echo "Installing what requirements.lock pins (about a minute the first time) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--no-deps --no-build-isolation --editable .
	@rm $(UNFINISHED)
	@touch $@

demo: setup
	@$(BIN)/waitan demo

test: lint types layers unit

lint: setup
	$(BIN)/ruff check
	$(BIN)/ruff format --check

format: setup
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format

types: setup
	$(BIN)/mypy

layers: setup
	$(BIN)/lint-imports

unit: setup
	$(BIN)/pytest -n $(WORKERS) --dist worksteal

lock: setup
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --extra dev --output-file requirements.lock pyproject.toml
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --constraint requirements.lock --output-file requirements-run.lock pyproject.toml

protos: setup
	$(BIN)/python protos/generate.py

reference: setup
	$(BIN)/python docs/reference/generate.py

pictures: setup
	PYTHONPATH=.:protos $(BIN)/python docs/images/generate.py
