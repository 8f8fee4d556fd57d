# Needs Python 3.11 or newer, and make; everything else goes to .venv/ and build/, both ignored.
#
#   make demo    compile, draw and run examples/pipeline.py, then run it again from its plan
#   make test    format, lint, types, layers, and every test
#   make check   the same without the slow tests
#   make clean   remove .venv/, build/ and every cache
#
# PYTHON says which interpreter: make demo PYTHON=python3.13

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check --no-input
PROGRAM := examples/pipeline.py
PLAN := build/pipeline.plan.json
# Not typeshed_stubs/: other libraries chose the names that those describe.

# Pip's own settings and an active environment are the user's, not ours.
unexport PYTHONPATH
unexport PYTHONHOME
export FLYTE_STORE := $(CURDIR)/build/store

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test check static clean

help:
	@sed -n 's/^#   //p' Makefile

# Show a command as a user would type it, then run it.
define run
@printf '\n$$ %s\n' '$(strip $(1))'
@$(BIN)/$(strip $(1))
endef

demo: $(VENV)/installed
	@rm -rf $(FLYTE_STORE) && mkdir -p build
	$(call run, flyte-compile $(PROGRAM) --graph build/pipeline.svg -o build)
	$(call run, flyte-compile $(PROGRAM) --graph build/pipeline.png --format concise)
	$(call run, flyte run --no-progress --name demo $(PROGRAM) main --days 365)
	$(call run, flyte get action demo)
	$(call run, flyte run --no-progress --name demo-from-plan --source examples $(PLAN) main --days 365)
	@printf '\npictures: build/pipeline.svg build/pipeline.png\nplan:     $(PLAN)\n'

test: static
	$(call run, pytest -n 2 -q)

check: static
	$(call run, pytest -n 2 -q -m "not slow")

static: $(VENV)/installed-test
	$(call run, ruff format --check)
	$(call run, ruff check)
	$(call run, mypy)
	$(call run, lint-imports)

clean:
	rm -rf $(VENV) build dist .flyte .mypy_cache .ruff_cache .pytest_cache .hypothesis \
	    .import_linter_cache
	find compiler runtime tests examples benchmarks -name __pycache__ -prune -exec rm -rf {} +

# The stamps are older than pyproject.toml exactly when what it asks for may be missing.
$(VENV)/installed: pyproject.toml | $(VENV)/bin/python
	@echo 'installing flyte-compile into $(VENV)/'
	@$(PIP) install -e .
	@touch $@

$(VENV)/installed-test: pyproject.toml | $(VENV)/bin/python
	@echo 'installing flyte-compile and what its tests need into $(VENV)/'
	@$(PIP) install -e '.[test]'
	@touch $@ $(VENV)/installed

$(VENV)/bin/python:
	@command -v $(PYTHON) >/dev/null || { \
	    echo 'error: $(PYTHON) is not there; say which Python to use: make PYTHON=python3.11' >&2; \
	    exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "error: Python 3.11 or newer is needed, and $(PYTHON) is $$($(PYTHON) --version 2>&1);" \
	        'say which one to use: make PYTHON=python3.11' >&2; \
	    exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	    echo 'error: $(PYTHON) has no venv module; Debian and Ubuntu have it in python3-venv' >&2; \
	    exit 1; }
	@echo 'creating $(VENV)/ with '"$$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV)
