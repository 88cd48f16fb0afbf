# report-rag: every target does its own set-up. Needs Python 3.11 to 3.13, pip and make.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
DEMO_DATA ?= demo-data
PIP := $(BIN)/pip install --quiet --disable-pip-version-check

.PHONY: demo test check serve eval install install-dev clean

demo: install ## ingest the samples, ask, digest
	@echo "== report-rag ingest samples/reports"
	@$(BIN)/report-rag ingest samples/reports --data-dir $(DEMO_DATA)
	@echo; echo "== report-rag ask \"what does CICC say about AH premium\""
	@$(BIN)/report-rag ask "what does CICC say about AH premium" --data-dir $(DEMO_DATA)
	@echo; echo "== report-rag digest samples/reports/cicc-ah-premium-2025.pdf"
	@$(BIN)/report-rag digest samples/reports/cicc-ah-premium-2025.pdf --data-dir $(DEMO_DATA)

test: install-dev ## the tests; those on real reports run when DATA_DIR is set
	@$(BIN)/python -m pytest

check: install-dev ## lint, types, layers
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

serve: install ## the HTTP API on http://127.0.0.1:8000
	@$(BIN)/report-rag serve

install: $(VENV)/.installed
install-dev: $(VENV)/.installed-dev

# torch first and by exact version: a range may bring a build with several GB of CUDA libraries
$(VENV)/.installed: pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing report-rag into $(VENV) (about two minutes the first time) ..."
	@$(PIP) torch==2.13.0
	@$(PIP) --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	@$(PIP) --constraint constraints.txt --editable '.[dev]'
	@touch $@

clean: ## the virtual environment and the demo's data
	rm -rf $(VENV) $(DEMO_DATA)
