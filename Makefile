# Every path below is relative: make itself cannot handle spaces in absolute ones.
PYTHON ?= python3
RUN = .venv/bin/python
WORKERS ?= 2

# Checks need settings but no server and no real secret.
CHECK_ENV = CAILAN_SECRET_KEY=only-for-checks DJANGO_SETTINGS_MODULE=cailan.config.settings

.PHONY: help up test check matrix lock clean ready ready-dev lint types contracts templates messages house

help:
	@echo "make up      from a fresh clone to the running demonstration"
	@echo "make test    all tests"
	@echo "make check   format, lint, types, import contracts, migrations, catalogues"
	@echo "make matrix  which requirement rows the last test run proved: docs/matrix.md"
	@echo "make lock    choose dependency versions anew, with hashes"
	@echo "make clean   remove everything built; data in ./var stay"

ready:
	@$(PYTHON) tools/bootstrap.py

ready-dev:
	@$(PYTHON) tools/bootstrap.py --dev

up: ready
	@exec $(RUN) -m cailan up --demo

test:
	@$(PYTHON) tools/bootstrap.py --dev --browser
	$(RUN) -m pytest -n $(WORKERS)
	$(RUN) -m tools.matrix

matrix: ready-dev
	$(RUN) -m tools.matrix

# `make -k check` goes on after a failure.
check: lint types contracts templates messages house

lint: ready-dev
	$(RUN) -m ruff check
	$(RUN) -m ruff format --check

types: ready-dev
	$(CHECK_ENV) $(RUN) -m mypy

contracts: ready-dev
	$(RUN) -c "from importlinter.cli import lint_imports_command as run; run()"

templates: ready-dev
	$(RUN) -m djlint --quiet --lint src

messages: ready-dev
	$(RUN) -m tools.messages check

house: ready-dev
	$(RUN) -m pytest -q tests/architecture

lock: ready-dev
	$(RUN) -m uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade requirements/base.in -o requirements/base.txt
	$(RUN) -m uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade requirements/dev.in -o requirements/dev.txt

clean:
	rm -rf .venv frontend/node_modules src/cailan/static/dist src/cailan/labels/data/fonts build dist .cache .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find src tests tools -name __pycache__ -type d -prune -exec rm -rf {} +
	find src -name '*.mo' -delete
