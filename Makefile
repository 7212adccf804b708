# Two commands matter: `make demo` shows the product, `make test` proves it.
.DEFAULT_GOAL := help
.PHONY: help setup dev demo test coverage browser drill machine faults cluster image production check format types contracts bench golden messages lock clean

PYTHON3 ?= python3
PY := .venv/bin/python
SERVE ?= 1
PORT ?= 8000
JOBS ?= auto
# Without compiled files each of the many processes would compile Django anew.
unexport PYTHONDONTWRITEBYTECODE
DEPLOY := PRODUCTION=1 SECRET_KEY=$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(60))') \
	ALLOWED_HOSTS=example.org SITE_URL=https://example.org TRUSTED_PROXIES=127.0.0.1 EMAIL_URL=smtp+tls://mail.example.org:587 \
	BACKUPS=/var/backups/materiality

help: ## List these commands
	@grep -hE '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

setup: ## Make .venv from the lock file
	@$(PYTHON3) bootstrap.py

dev:
	@$(PYTHON3) bootstrap.py --dev

demo: setup ## Show the product on a real case (SERVE=0: check it and write demo-report/)
	@SERVE=$(SERVE) PORT=$(PORT) $(PY) manage.py demo

test: dev ## Run the tests
	@$(PY) -m pytest -q -n $(JOBS) --maxprocesses 2 --dist loadfile $(ARGS)

coverage: dev ## Run the tests and say which branches they take; four rooms take at least 95 %
	@$(PY) -m pytest -q -n $(JOBS) --maxprocesses 2 --dist loadfile --cov --cov-report= $(ARGS)
	@$(PY) -m tests.coverage

browser: dev ## Go through the pages in Chromium: with and without scripts, axe, both themes
	@$(PY) -m pytest -q -m browser -n $(JOBS) --maxprocesses 2 --dist worksteal $(ARGS)

drill: dev ## Run the longer exercises: faults, coverage of intervals, second programs
	@$(PY) -m pytest -q -m 'drill and not machine' -n $(JOBS) --maxprocesses 2 --dist worksteal $(ARGS)

machine: dev ## Run the drills that want a machine to themselves: restores, an install, kills under load
	@$(PY) -m pytest -q -m machine $(ARGS)

faults: dev ## Break everything and count what it costs whoever answers: faults.json (SHORT=1: less often)
	@$(PY) -W ignore -m tests.faults $(if $(SHORT),--short) $(ARGS)

cluster: dev ## Three databases, two web hosts, a worker and a proxy in namespaces: end each in turn (root)
	@$(PY) -W ignore -m tests.cluster
	@$(PY) -W ignore -m tests.cluster --control

image: ## Build the container image from Debian's packages alone and try it, as root: debootstrap and buildah
	@deploy/image
	@tests/deploy/image.sh

production: ## Bring the site up on this Debian machine, as root: NAME=… MAIL=… make production
	@deploy/install

check: dev ## Format, lint, types, contracts, migrations, deployment
	@$(PY) -m ruff format --check .
	@$(PY) -m ruff check .
	@.venv/bin/djade --check --target-version 5.2 $$(find templates surveys -name '*.html')
	@.venv/bin/djhtml --check --tabwidth 2 templates surveys
	@.venv/bin/djcss --check --tabwidth 2 materiality/static/materiality/*.css surveys/static/surveys/*.css
	@$(PY) -m mypy materiality surveys manage.py
	@.venv/bin/lint-imports --no-cache
	@$(PY) -m tests.reachable
	@$(PY) -m tests.prose
	@$(PY) manage.py makemigrations --check --dry-run
	@$(DEPLOY) $(PY) manage.py check --deploy --fail-level WARNING

format: dev ## Put the code into shape
	@$(PY) -m ruff format . && $(PY) -m ruff check --fix .
	@.venv/bin/djade --target-version 5.2 $$(find templates surveys -name '*.html') || true
	@.venv/bin/djhtml --tabwidth 2 templates surveys
	@.venv/bin/djcss --tabwidth 2 materiality/static/materiality/*.css surveys/static/surveys/*.css

bench: dev ## Measure speed and size, against baselines of the same run
	@$(PY) -m tests.bench

golden: dev ## Write the golden files again; review the difference
	@GOLDEN=write $(PY) -m pytest -q tests/golden

messages: dev ## Collect and compile the translations
	@$(PY) -m tests.messages

lock: ## Resolve the dependencies anew: all of them first, so that the smaller files hold the same
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock" --extra s3 --group dev -o requirements-dev.lock pyproject.toml
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock" -c requirements-dev.lock --extra s3 -o requirements-s3.lock pyproject.toml
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock" -c requirements-dev.lock -o requirements.lock pyproject.toml

clean: ## Remove what the commands made, the demo's data included
	@rm -rf .venv .uv data demo-report staticfiles bench.json faults.json .mypy_cache .ruff_cache .pytest_cache
