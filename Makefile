# Two commands do everything on a machine that has only python3 (with venv) and make:
#   make demo   check the bundled story against the figures that ship with the package
#   make test   install the test tools and run every test
PYTHON ?= python3
VENV ?= .venv
EXTRAS ?= test
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --editable

.PHONY: demo test golden lint clean

demo: $(VENV)/.core
	@$(BIN)/tidewaiter demo

test: $(VENV)/.test
	$(BIN)/python -m pytest -n auto --dist loadgroup $(PYTEST)

# Rewrite the golden files of bulletins and charts; look at the difference before it is committed.
golden: $(VENV)/.test
	UPDATE_GOLDEN=1 $(BIN)/python -m pytest -k same_text_as_before tests/test_brief.py tests/real/test_bulletins.py
	$(BIN)/python tests/charts_world.py

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict
	$(BIN)/lint-imports
	$(BIN)/python benchmarks/module_sizes.py

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.core: pyproject.toml | $(BIN)/python
	@echo "Installing Tidewaiter into $(VENV) ..."
	@$(PIP) .
	@touch $@

$(VENV)/.test: pyproject.toml | $(BIN)/python
	@echo "Installing Tidewaiter and its test tools into $(VENV) ..."
	@$(PIP) '.[$(EXTRAS)]'
	@touch $@ $(VENV)/.core

$(VENV)/.dev: pyproject.toml | $(BIN)/python
	@$(PIP) '.[dev]'
	@touch $@ $(VENV)/.core $(VENV)/.test

clean:
	rm -rf $(VENV) build dist
