# One line per command; `make help` lists them. Needs python3 (3.11 to 3.13) and make, nothing else.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# One more than there are processors: tests wait for the servers they start.
WORKERS ?= $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) + 1)')
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: screenshots help serve node test replicas control fuzz bench prism lint types layers format lock wheel clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/runtime: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --require-hashes --no-deps -r requirements.lock
	$(PIP) install --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/development: requirements-dev.lock $(VENV)/runtime
	$(PIP) install --require-hashes --no-deps -r requirements-dev.lock
	@touch $@

serve: $(VENV)/runtime ## start the mock of both contracts on port 4010
	$(BIN)/understudy serve talkover talkturo

node: ## fetch the Node packages that the tests of exports run (needs node, npm)
	@$(PYTHON) tests/servers/node_packages.py

test: $(VENV)/development ## run all tests
	@$(PYTHON) tests/servers/node_packages.py || echo "Without these packages the tests of exports in Node are skipped."
	$(BIN)/python -m pytest --numprocesses $(WORKERS)

replicas: $(VENV)/development ## hold every conversation with two replicas behind nginx, one of which is killed in the middle
	UNDERSTUDY_REPLICAS=full $(BIN)/python -m pytest --numprocesses $(WORKERS) tests/system/test_replicas.py

control: $(VENV)/development ## fuzz the control API with Schemathesis' own numbers of examples
	UNDERSTUDY_CORPUS=full $(BIN)/python -m pytest tests/contracts/test_control_contract.py

fuzz: $(VENV)/development ## fuzz both mocks long, 500 examples per operation, then the control API, and all contracts of the tests on each store
	$(BIN)/understudy drift talkover --max-examples 500
	$(BIN)/understudy drift talkturo --max-examples 500
	UNDERSTUDY_CORPUS=full $(BIN)/python -m pytest --numprocesses $(WORKERS) tests/corpus tests/inference tests/stores/test_obedience.py tests/versions tests/contracts/test_control_contract.py

bench: $(VENV)/runtime ## measure the mock beside its peers (needs wrk, node, npm, java)
	$(BIN)/python bench/run.py --github

prism: $(VENV)/runtime ## hold `--compat prism` against the real Prism (needs node, npm)
	$(BIN)/python bench/prism/compare.py

screenshots: $(VENV)/development ## take the pictures in docs/screenshots/ (needs chromium)
	$(BIN)/python docs/screenshots.py

lint: $(VENV)/development ## check style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/development ## check types
	$(BIN)/mypy

layers: $(VENV)/development ## check that imports respect the layers
	$(BIN)/lint-imports

format: $(VENV)/development ## format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

wheel: $(VENV)/runtime ## build the wheel into dist/
	$(PIP) wheel --no-build-isolation --no-deps --wheel-dir dist .

lock: $(VENV)/development ## refresh both requirement locks
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --no-emit-index-url --extra build pyproject.toml --output-file requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --no-emit-index-url --extra build --group dev pyproject.toml --output-file requirements-dev.lock

clean: ## remove what was built
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
