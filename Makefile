# Shifen: the commands of the house.  `make` alone lists them.

PYTHON ?= python3
export PYTHON

VENV := .venv/bin
FLASK := $(VENV)/flask --app wsgi
LOCK := $(VENV)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --extra postgres --extra redis

.PHONY: help run serve test soak lint bench catalogues lock clean prepare install install-test

help:
	@echo 'make run         open the shop with its demo on http://127.0.0.1:8000 (PORT=... for another port)'
	@echo 'make serve       start for real customers: no demo, refuses to start without the required settings'
	@echo 'make test        install what the tests need and run all of them'
	@echo 'make soak        tell the points book random stories for MINUTES=10 (SEED=... to tell them again, DATABASE=postgresql)'
	@echo 'make bench       run the benchmarks and print one table'
	@echo 'make lint        style, types, layers, templates'
	@echo 'make catalogues  collect the texts of the shop into its translation catalogues'
	@echo 'make lock        resolve the dependencies of pyproject.toml into requirements/'
	@echo 'make clean       remove what can be made again (data in instance/ stays)'

run: install
	@$(MAKE) --no-print-directory prepare
	@$(FLASK) demo load --if-empty
	@$(FLASK) setup
	@$(VENV)/python scripts/supervise.py

serve: export SHOP_ENV := production
serve: install
	@$(MAKE) --no-print-directory prepare
	@$(FLASK) setup
	@$(VENV)/python scripts/supervise.py

# What stands between installed packages and an open shop: texts, assets, tables.
prepare:
	@if [ -d shop/translations ]; then $(VENV)/pybabel --quiet compile -d shop/translations; fi
	@$(FLASK) assets build
	@$(FLASK) db upgrade

# One process more than cores: a test often waits for a server or a database.
test: PROCESSES ?= $(shell cores=$$(getconf _NPROCESSORS_ONLN); echo $$((cores < 4 ? cores + 1 : 4)))
test: install-test lint
	@if [ -d shop/translations ]; then $(VENV)/pybabel --quiet compile -d shop/translations; fi
	@$(FLASK) assets build
	@$(VENV)/python -m pytest --numprocesses $(PROCESSES) --dist loadfile --no-loadscope-reorder

soak: MINUTES ?= 10
soak: DATABASE ?= sqlite
soak: install-test
	@$(VENV)/python -m tests.model.soak --minutes $(MINUTES) --database $(DATABASE) $(if $(SEED),--seed $(SEED))

lint:
	@$(VENV)/ruff check --quiet .
	@$(VENV)/ruff format --quiet --check .
	@$(VENV)/mypy --no-error-summary
	@$(VENV)/lint-imports --no-logo
	@$(VENV)/djlint --lint --quiet shop/templates

bench: install-test
	@$(FLASK) assets build
	@$(VENV)/python -m bench

catalogues: install-test
	@$(VENV)/python scripts/catalogues.py

lock:
	@$(LOCK) pyproject.toml -o requirements/run.txt
	@$(LOCK) --extra test --constraints requirements/run.txt pyproject.toml -o requirements/test.txt

clean:
	@rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache shop/static/dist bench/results
	@find shop tests migrations scripts -name __pycache__ -type d -prune -exec rm -rf {} +
	@find shop -name '*.mo' -delete

install:
	@scripts/install.sh run

install-test:
	@scripts/install.sh test
