# Everything a developer does with the product. `make` alone lists it.
# Every target prepares .venv first; when that is done already, this takes no time and no network.

PYTHON := .venv/bin/python
PYTEST := $(PYTHON) -m pytest
WITH_SERVERS := $(PYTHON) -m tests.servers
CASES ?= 1000000
NEXT_CASES ?= 20000
# Some machines forbid Python to keep what it compiled; every process would then compile it all again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint format bench faults deep lock messages screenshots

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## /\1|/p' $(firstword $(MAKEFILE_LIST)) | awk -F'|' '{ printf "  make %-10s %s\n", $$1, $$2 }'

setup: ## Prepare .venv; afterwards .venv/bin/python manage.py works
	@sh scripts/bootstrap

demo: setup ## Build a small office and run it (PORT=8000); Ctrl-C ends it
	@exec $(PYTHON) scripts/demo

test: setup ## Run the whole suite, on PostgreSQL and again on SQLite
	@sh scripts/ensure_packages
	@sh scripts/test

lint: setup ## Format, lint, types, import contracts, templates, migrations, translations
	@sh scripts/lint

format: setup ## Bring the code into shape
	@$(PYTHON) -m ruff format .
	@$(PYTHON) -m ruff check --fix .

bench: setup ## Measure, and print ratios to what the machine can do
	@sh scripts/ensure_packages
	@$(WITH_SERVERS) --durable -- $(PYTHON) -m tests.bench

faults: setup ## Kill, stop and restart real processes, at length
	@sh scripts/ensure_packages
	@$(WITH_SERVERS) --durable -- $(PYTEST) tests/faults -m "full or not full" -p no:randomly

deep: setup ## Mutate the rules, compare a million decisions and 20,000 next moments with the oracle, split a million amounts
	@$(PYTHON) -m tests.oracle --cases $(CASES)
	@$(PYTHON) -m tests.oracle --next --cases $(NEXT_CASES)
	@$(PYTEST) -q tests/rules -m "full or not full" --hypothesis-profile fresh
	@$(PYTHON) -m mutmut run
	@$(PYTHON) -m mutmut results

lock: setup ## Resolve requirements.lock anew from pyproject.toml
	@sh scripts/lock

messages: setup ## Collect and compile the translations
	@$(PYTHON) manage.py makemessages --locale pt_BR --no-wrap --no-location --ignore .venv --ignore .uv --ignore var
	@$(PYTHON) manage.py compilemessages --locale pt_BR --ignore .venv --ignore .uv

screenshots: setup ## Take the pictures of the documentation anew
	@scripts/screenshots
