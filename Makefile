# Each target makes .venv and installs what it needs; a second call finds everything in place.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: chat test lint types check index eval bench help clean

help: ## show the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

chat: $(VENV)/.installed ## install, build a missing index, open the page
	$(BIN)/python app.py --open

test: $(VENV)/.installed-dev ## install and run the tests
	$(BIN)/python -m pytest

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed-dev
	$(BIN)/mypy

check: lint types ## lint, types, import rules
	$(BIN)/lint-imports

index: $(VENV)/.installed
	$(BIN)/qa index

eval: $(VENV)/.installed-dev ## scores on dev, and the same questions for three common pipelines
	$(BIN)/python -m eval run --set dev
	$(BIN)/python -m eval peers --set dev

bench: $(VENV)/.installed-dev ## seconds, memory and index time on this machine
	$(BIN)/python -m eval bench

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@

clean:
	rm -rf $(VENV)
