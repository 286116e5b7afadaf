# Everything a stranger needs: make run, make test. Nothing but Python 3.11 and make must be there before.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PORT   ?= 8000
JOBS   ?= auto
export PORT

.PHONY: run test check bench setup lint lock clean

run: setup
	@exec $(BIN)/qcp serve

test: setup
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal

check: setup lint
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup
	$(BIN)/python -m tests.bench

setup: $(VENV)/ready
	@$(BIN)/python assets.py

$(VENV)/ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# The locks hold versions and hashes, and no registry's address.
lock: setup
	$(BIN)/uv pip compile pyproject.toml --extra dev --generate-hashes --no-emit-index-url --python-version 3.11 \
		--universal --no-header --no-annotate --quiet -o requirements.lock

clean:
	rm -rf $(VENV) node_modules app/static/vendor var build *.egg-info
