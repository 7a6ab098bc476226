# `make` alone lists the targets. Everything is installed in .venv; nothing outside this directory is touched.
.DEFAULT_GOAL := help
.PHONY: help setup demo demo-reset run test check format bench reliability wheelhouse try-install screens lock clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup:  ## make the environment in .venv, tools for tests included
	@sh requirements/install dev

demo:  ## build the demonstration city and serve it (PORT=8000)
	@sh requirements/install run
	@exec .venv/bin/shuangbai demo

demo-reset:  ## throw the demonstration city away and build it anew
	@sh requirements/install run
	@exec .venv/bin/shuangbai demo --reset

run:  ## serve the data in SHUANGBAI_DATA (./var), web and job worker
	@sh requirements/install run
	@exec .venv/bin/shuangbai serve

test: setup  ## all tests, on SQLite and again on PostgreSQL
	@.venv/bin/python -m tests.run $(ARGS)

check: setup  ## lint, types, layers, migrations, templates, consistency
	@.venv/bin/python -m checks

format: setup  ## write the code in the one format
	@.venv/bin/ruff check --quiet --fix --exit-zero . && .venv/bin/ruff format --quiet .

bench: setup  ## measure beside hand-written SQL on the same database
	@.venv/bin/python -m bench $(ARGS)

reliability: setup  ## load and faults: ARGS="load", "kills", "imports", "disk", "away", "clocks"
	@.venv/bin/python -m reliability $(ARGS)

wheelhouse:  ## everything a server without a network needs, in OUT=directory
	@sh deploy/wheelhouse $(OUT)

try-install: setup  ## follow the install guide on this machine and clear it away: ARGS='--yes' (root, Debian)
	@.venv/bin/python -m tests.install $(ARGS)

screens: setup  ## take the pictures in docs/screens anew
	@SCREENS=1 .venv/bin/python -m pytest -q tests/browser/test_screens.py

lock: setup  ## resolve requirements/*.txt again from pyproject.toml
	@sh requirements/lock

clean:  ## remove the environment and caches; the data in var stays
	@rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis dist build
	@find . -name __pycache__ -not -path './.git/*' -prune -exec rm -rf {} +
