# report-rag: every target does its own set-up. Needs Python 3.11 to 3.13, pip and make.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
DEMO_DATA ?= demo-data
EVAL_DATA ?= eval-data
BENCH_SETS := zh_broker zh_tw_fin en_reports financebench
BENCH_DATA ?= bench-data
PIP := $(BIN)/pip install --quiet --disable-pip-version-check

.PHONY: demo test check serve eval bench bench-parse accept accept-service install install-dev clean

demo: install ## ingest the samples, ask, digest
	@echo "== report-rag ingest samples/reports"
	@$(BIN)/report-rag ingest samples/reports --data-dir $(DEMO_DATA)
	@echo; echo "== report-rag ask \"what does CICC say about AH premium\""
	@$(BIN)/report-rag ask "what does CICC say about AH premium" --data-dir $(DEMO_DATA)
	@echo; echo "== report-rag digest samples/reports/cicc-ah-premium-2025.pdf"
	@$(BIN)/report-rag digest samples/reports/cicc-ah-premium-2025.pdf --data-dir $(DEMO_DATA)

test: install-dev ## the tests; those on real reports run when DATA_DIR is set
	@$(BIN)/python -m pytest --numprocesses 2 --dist loadfile

check: install-dev ## lint, types, layers
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

accept: install-dev ## the long checks: of reading, on the real reports in the folder DATA_DIR, and accept-service
	@test -n "$(DATA_DIR)" || { echo "set DATA_DIR to a folder of real reports"; exit 2; }
	@echo "== table rows read by hand"; $(BIN)/python -m eval.golden tests/golden/tables.jsonl --pdfs $(DATA_DIR)
	@echo "== text inside the boxes of chunks"; $(BIN)/python -m eval.spans $$(ls $(DATA_DIR)/zh_broker/pdfs/*.pdf $(DATA_DIR)/financebench/pdfs/*.pdf | awk 'NR % 3 == 0' | head -20)
	@echo "== metadata read by hand"; $(BIN)/python -m eval.metadata tests/golden/metadata.jsonl --pdfs $(DATA_DIR)
	@echo "== hostile files"; $(BIN)/python tests/ingest/hostile_set.py $(DATA_DIR)/hostile
	@$(MAKE) --no-print-directory accept-service

accept-service: install-dev ## kills and deletes under load, on made-up reports (some twenty minutes)
	@echo "== kill -9 of server, worker and index engine under load"; $(BIN)/python tests/accept/kills.py
	@echo "== a report deleted while a thousand questions are asked"; $(BIN)/python tests/accept/deletes.py

eval: install-dev ## retrieval figures on the labelled sets in DATA_DIR, into docs/benchmarks.md
	@test -n "$(DATA_DIR)" || { echo "set DATA_DIR to a folder of labelled sets"; exit 2; }
	@for set in zh_broker financebench zh_tw_fin en_reports; do \
		$(BIN)/report-rag eval run $(DATA_DIR)/$$set --pdfs $(DATA_DIR)/financebench/pdfs --baselines --data-dir $(EVAL_DATA); done
	@for labels in zh_broker.en zh_broker.own financebench.zh; do \
		$(BIN)/report-rag eval run eval/data/$$labels.jsonl --pdfs $(DATA_DIR)/$${labels%.*}/pdfs --baselines --data-dir $(EVAL_DATA); done
	@$(BIN)/python -m eval.benchmarks $(EVAL_DATA) docs/benchmarks.md

bench: install ## time of embedding, of a question beside stock ways, and of many at once, over all labelled sets in DATA_DIR as one index
	@test -n "$(DATA_DIR)" || { echo "set DATA_DIR to a folder of labelled sets"; exit 2; }
	@$(BIN)/report-rag ingest $(BENCH_SETS:%=$(DATA_DIR)/%/pdfs) --data-dir $(BENCH_DATA) || test $$? = 1 # some files failed
	@echo; echo "== embedding"; $(BIN)/python -m eval.bench_embed --data-dir $(BENCH_DATA)
	@echo; echo "== questions"; $(BIN)/python -m eval.bench_query --data-dir $(BENCH_DATA) $(BENCH_SETS:%=$(DATA_DIR)/%/qa.jsonl)
	@echo; echo "== under load"; log=$(BENCH_DATA)/serve.log; : > $$log; \
	REPORT_RAG_DIGESTS=asked $(BIN)/report-rag serve --port 0 --data-dir $(BENCH_DATA) > $$log & server=$$!; \
	trap "kill $$server; wait $$server" EXIT; trap "exit 130" INT TERM; \
	until url=$$(sed -n 's/.* listens on \(.*\), the .*/\1/p' $$log); test -n "$$url"; do kill -0 $$server || exit 1; sleep 0.2; done; \
	$(BIN)/python -m eval.bench_load $$url $(BENCH_SETS:%=$(DATA_DIR)/%/qa.jsonl)

bench-parse: install ## pages a second: ours, layout everywhere, stream only, stock pymupdf4llm
	@test -n "$(DATA_DIR)" || { echo "set DATA_DIR to a folder of PDFs"; exit 2; }
	@$(BIN)/python -m eval.bench_parse $(DATA_DIR)/financebench/pdfs

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
	rm -rf $(VENV) $(DEMO_DATA) $(EVAL_DATA) $(BENCH_DATA)
