# The only entry points. Each works alone on a fresh clone.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
EDITABLE := -e ./nlp -e ./sdk -e ./bots
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.DEFAULT_GOAL := help
.PHONY: help run demo test check bench generate format clean

help: ## List the entry points
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1	\2/p' $(MAKEFILE_LIST) | expand -t 16

run: $(VENV)/runtime ## Start everything, play one complaint, keep serving until Ctrl-C
	@$(BIN)/citizen-gateway up --development --story

demo: $(VENV)/runtime ## Play one complaint through its whole life, and end
	@$(BIN)/citizen-gateway demo

test: $(VENV)/development ## Run all tests, real servers included
	@$(BIN)/python -m pytest --quiet --numprocesses 2 --dist loadfile

check: $(VENV)/development ## Imports, style, types, and whether generated files are fresh
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy citizen_gateway nlp/src sdk/src bots/src
	@$(BIN)/citizen-gateway export-openapi --check
	@$(BIN)/python sdk/generate.py --check openapi/openapi.json sdk/src/citizen_gateway_sdk --reference docs/reference
	@$(BIN)/python bots/catalogue.py --check
	@$(BIN)/python locales/traditional.py --check

bench: $(VENV)/development ## Measure on this machine
	@$(BIN)/citizen-gateway bench intake
	@$(BIN)/citizen-gateway bench grid
	@$(BIN)/citizen-gateway bench sdk
	@$(BIN)/citizen-gateway bench points

generate: $(VENV)/development ## Write anew what is generated: contract, SDK, message template
	@$(BIN)/citizen-gateway export-openapi
	@$(BIN)/python sdk/generate.py openapi/openapi.json sdk/src/citizen_gateway_sdk --reference docs/reference
	@$(BIN)/python bots/catalogue.py
	@$(BIN)/python locales/traditional.py

format: $(VENV)/development ## Lay the code out
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix --exit-zero --quiet .

clean: ## Remove what was installed and all data of the private engines
	rm -rf $(VENV) var

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=…")'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/runtime: $(VENV)/bin/python constraints.txt pyproject.toml nlp/pyproject.toml sdk/pyproject.toml bots/pyproject.toml
	@echo "Installing into $(VENV) (once; about a minute)"
	@$(PIP) $(EDITABLE) -e .
	@touch $@

$(VENV)/development: $(VENV)/runtime
	@echo "Installing what tests and checks need (once)"
	@$(PIP) $(EDITABLE) -e '.[dev]'
	@touch $@
