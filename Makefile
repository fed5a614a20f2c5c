# Every target does its own set-up; a second run of it starts in seconds.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
ARGS   ?=

.PHONY: help demo serve test test-contract test-sip check lint types unit suite bench-geofence bench-dispatch bench-responders soak lock clean setup setup-test

help: ## what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

demo: setup ## a flood warning to thousands of simulated phones (ARGS=--once to exit after it)
	@$(BIN)/tocsin demo $(ARGS)

serve: setup ## web, worker and built-in telco on this machine
	@$(BIN)/tocsin serve --simulator $(ARGS)

test: setup-test check suite ## everything that must hold before a change lands

check: lint types ## style, layers, types

lint: setup-test
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports

types: setup-test
	@$(BIN)/mypy

unit: setup-test ## the quick tests alone: seconds
	@$(BIN)/pytest -q -n 2 -m "not timed" tests/unit $(ARGS)

suite: setup-test ## every test, without style and types
ifdef ARGS
	@$(BIN)/pytest -n 2 --dist worksteal $(ARGS)
else
	@$(BIN)/pytest -n 2 --dist worksteal -m "not timed" --ignore=tests/browser
	@$(BIN)/pytest -n 0 -m timed --ignore=tests/browser
	@$(BIN)/pytest -n 2 --dist loadfile tests/browser # its loop is its own
endif

test-contract: setup-test tests/contract/npm/node_modules/.installed ## client and callbacks against programs others wrote
	@$(BIN)/pytest -n 0 tests/contract $(ARGS)

test-sip: setup-test ## a real phone call between two softphones, over SIP and RTP
	@scripts/check-system sip
	@TOCSIN_SIP=required $(BIN)/pytest -n 0 tests/sip $(ARGS)

setup: $(VENV)/.kernels $(VENV)/.translations node_modules/.installed ## what running needs
setup-test: setup $(VENV)/.test ## what testing needs on top

$(VENV)/bin/python:
	@scripts/check-system
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements/runtime.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing Python packages (once) …"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/runtime.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.kernels: $(VENV)/.runtime $(wildcard geofence/*.py geofence/kernels/*.py)
	@echo "Compiling the geofence (once) …"
	@$(BIN)/python -m geofence.compile
	@touch $@

$(VENV)/.translations: $(VENV)/.runtime $(wildcard web/translations/*/LC_MESSAGES/messages.po)
	@scripts/translations compile
	@touch $@

$(VENV)/.test: requirements/test.txt $(VENV)/.runtime
	@scripts/check-system test || echo "Going on: tests that need it will say so." >&2
	@echo "Installing test packages (once) …"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/test.txt
	@touch $@

node_modules/.installed: package.json package-lock.json
	@echo "Installing front-end and map packages (once) …"
	@npm ci --silent --ignore-scripts
	@touch $@

tests/contract/npm/node_modules/.installed: tests/contract/npm/package.json tests/contract/npm/package-lock.json
	@echo "Installing Prism and emulate (once) …"
	@cd $(@D)/.. && npm ci --silent --ignore-scripts
	@touch $@

soak: setup-test ## kill -9 again and again, for minutes: nobody missed, nobody told twice
	@SOAK_PEOPLE=20000 SOAK_KILLS=50 SOAK_WEB_KILLS=50 SOAK_CALLBACKS=100000 SOAK_QUEUED=1000000 \
	  $(BIN)/pytest -n 0 -v -rP --show-capture=stdout tests/scenario/test_worker_killed.py tests/scenario/test_web_killed.py \
	  tests/use_cases/telephony/test_shuffled_callbacks.py tests/use_cases/telephony/test_lane_switch.py $(ARGS)

bench-geofence: .venv-bench/.installed ## the geofence against its peers (ARGS="--sizes 1e6")
	@.venv-bench/bin/python -m bench.geofence $(ARGS)

bench-dispatch: .venv-bench/.kernels ## sending, callbacks, a million people, against peers (ARGS="--quick")
	@scripts/check-system bench || echo "Going on: what needs it will say so." >&2
	@.venv-bench/bin/python -m bench.dispatch $(ARGS)

bench-responders: setup ## volunteers simulated: rules compared, goals checked (ARGS="--cases 20000")
	@$(BIN)/python -m bench.responders $(ARGS)

# The peers stay out of the environment that the product runs in.
.venv-bench/.installed: requirements/bench.txt requirements/runtime.txt
	@$(PYTHON) -m venv .venv-bench
	@.venv-bench/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/runtime.txt
	@.venv-bench/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/bench.txt
	@.venv-bench/bin/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv-bench/.kernels: .venv-bench/.installed $(wildcard geofence/*.py geofence/kernels/*.py)
	@.venv-bench/bin/python -m geofence.compile
	@touch $@

lock: $(VENV)/bin/python ## resolve the lock files anew
	@$(BIN)/python -m pip install -q uv
	@for set in runtime test; do \
	  $(BIN)/uv pip compile -q pyproject.toml --group build $$( [ $$set = test ] && echo --group test ) \
	    --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate \
	    -o requirements/$$set.txt; done

clean: ## remove what was made here, keep what was recorded under var/
	@rm -rf $(VENV) node_modules tests/contract/npm/node_modules *.egg-info
