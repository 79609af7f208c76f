# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Needs make and Python 3.11 or newer, nothing else. Everything it makes is in .venv and .cache.

PYTHON      ?= python3#    which Python .venv is made with
API         ?=#            which server is simulated: xivo15, xivo16 or wazo
SIMULATOR_ARGS ?=#         arguments for the simulated server, for example: make simulator SIMULATOR_ARGS='--port 9487 --state server.json'
DEMO_ARGS   ?=#            arguments for the demo
BENCH_ARGS  ?=#            arguments for the benchmark, for example: make bench BENCH_ARGS='--users 50 --growth 1'
PYTEST_ARGS ?=#            arguments for pytest, for example: make test-unit PYTEST_ARGS='-k user --cov'
LOAD_ARGS   ?=#            arguments for the load, for example: make load LOAD_ARGS='--users 1000 --apis wazo'
SOAK_ARGS   ?=#            arguments for the soak, for example: make soak SOAK_ARGS='--runs 100 --seed 2'
FUZZ_ARGS   ?=#            arguments for the random search, for example: make fuzz FUZZ_ARGS='--cases 500 --seed 1 --api wazo'
MUTATION_ARGS ?=#          arguments for the mutation run: files, --fresh
FAULTS_ARGS ?=#            arguments for the fault matrix, for example: make faults FAULTS_ARGS='--api xivo15 --one-of 10'
ANSIBLE_TEST_ARGS ?=#      arguments for ansible-test, for example: make ansible-integration ANSIBLE_TEST_ARGS='confd_user --diff'
JOBS        ?= auto#       how many tests at once: auto is one for each core, 0 one after the other
MATRIX_ARGS ?=#            arguments for nox, for example: make test-matrix MATRIX_ARGS='--tags 2.19 --python 3.13'
COLLECTIONS ?= $(USER_HOME)/.ansible/collections#  where `make install` puts the collection

# JOBS as a number, for what is not pytest.
PROCESSES    = $(or $(filter-out 0 auto,$(JOBS)),$(if $(filter auto,$(JOBS)),$(shell python3 -c 'import os; print(os.cpu_count())'),1))

CACHE       := $(CURDIR)/.cache
VENV        := $(CURDIR)/.venv
BIN         := $(VENV)/bin

# Ansible finds a collection by its path, so the tree gets one: a link for the demo and the tests,
# and for the gates, which would trip over links and caches, a clean copy.
LINK        := $(CACHE)/collections/ansible_collections/xivo/confd
COPY        := $(CACHE)/copy/ansible_collections/xivo/confd
DOCS        := $(CACHE)/docs
ARTIFACT     = $(CACHE)/dist/xivo-confd-$(shell sed -n 's/^version: //p' galaxy.yml).tar.gz

# The same environment whoever calls: no settings of the user's Ansible, and no address of a real server.
# Only pip keeps the user's home, for its own settings.
USER_HOME   := $(or $(HOME),$(CACHE)/home)
AS_USER     := HOME='$(USER_HOME)'
unexport $(filter ANSIBLE_% CONFD_% GALAXY_% PYTEST_% PYTHONDONTWRITEBYTECODE,$(.VARIABLES))
export HOME := $(CACHE)/home
export PATH := $(BIN):$(PATH)
export PYTHONPATH := $(CURDIR)/tests:$(CACHE)/collections
export ANSIBLE_CONFIG := $(CURDIR)/tests/ansible.cfg
export ANSIBLE_COLLECTIONS_PATH := $(CACHE)/collections
export HYPOTHESIS_STORAGE_DIRECTORY := $(CACHE)/hypothesis
export MYPY_CACHE_DIR := $(CACHE)/mypy
export RUFF_CACHE_DIR := $(CACHE)/ruff
# What Python compiles is kept, or each start of Ansible would take twice as long; outside of the copies and the tree.
export PYTHONPYCACHEPREFIX := $(CACHE)/python

# What pip installs are the releases of the lock files, which have hashes. They are wheels, since what a source
# distribution is built with would have no hash. Of reuse there is no wheel.
WHEELS      ?= --only-binary :all: --no-binary reuse
LOCKED       = -qq --no-compile --disable-pip-version-check --require-hashes $(WHEELS)
LOCK        := $(CACHE)/lock
PIN          = $(AS_USER) UV_CACHE_DIR=$(CACHE)/uv $(LOCK)/bin/uv pip compile --quiet --universal --upgrade --generate-hashes \
               $(WHEELS) --custom-compile-command 'make lock'

# How much of the core its tests go through. A selection of tests is not asked. tests/conftest.py says which tests count.
# The slowest tests are named.
COVERED     := --cov=plugins/module_utils --cov-fail-under=95 --cov-report=term --durations=15

# The importer of Galaxy would run ansible-lint within three minutes, which a busy machine exceeds; it is a gate already.
# How every gate starts. Those of the copy see no git repository above it and no other place of the collection.
gate         = @printf '\n== %s\n' '$(1)' &&
GATES        = @$(MAKE) --no-print-directory -j $(PROCESSES) $(if $(filter output-sync,$(.FEATURES)),--output-sync=target) \
               USER_HOME='$(USER_HOME)' sanity lint docs
within       = cd $(1)/ansible_collections/xivo/confd && GIT_CEILING_DIRECTORIES=$(CACHE) ANSIBLE_COLLECTIONS_PATH=$(1) \
               PYTHONPATH=
IN_COPY     := $(call within,$(CACHE)/copy)

.DEFAULT_GOAL := help

##@ To use it

.PHONY: help
help: ## show this list
	@awk -F ':.*## ' '/^##@ /{printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*## /{printf "  make %-17s %s\n", $$1, $$2}' Makefile

.PHONY: demo
demo: $(VENV)/.demo-ready collection ## provision a simulated server and watch it
	@$(BIN)/python -m demo.demo $(if $(API),--api $(API)) $(DEMO_ARGS)

.PHONY: simulator
simulator: $(VENV)/.demo-ready collection ## run a simulated server until Ctrl-C, and say how to use it
	@export $(AS_USER); exec $(BIN)/python -m demo.server $(if $(API),--api $(API)) $(SIMULATOR_ARGS)

.PHONY: build
build: $(VENV)/.demo-ready copy ## build what Ansible Galaxy gets
	@$(BIN)/ansible-galaxy collection build --force --output-path $(CACHE)/dist $(COPY)
	@SOURCE_DATE_EPOCH=$${SOURCE_DATE_EPOCH:-$$(git log -1 --format=%ct 2>/dev/null)} \
	    $(BIN)/python tests/release/repack.py $(ARTIFACT)

.PHONY: install
install: build ## install it where your Ansible finds it, or in COLLECTIONS=dir
	@env -u ANSIBLE_COLLECTIONS_PATH $(AS_USER) \
	    $(BIN)/ansible-galaxy collection install --force --offline -p '$(COLLECTIONS)' $(ARTIFACT)

##@ To change it

.PHONY: setup
setup: $(VENV)/.test-ready collection ## install all tools of the tests into .venv (the other targets do it by themselves)

.PHONY: test
test: setup ## all of the following: the gates, then the tests, of which a sample on the younger generations
	$(GATES)
	$(call gate,pytest: all tests and the coverage of the core) pytest -n $(JOBS) $(or $(PYTEST_ARGS),$(COVERED))

.PHONY: test-all
test-all: setup ## the same with every test on every generation
	$(GATES)
	$(call gate,pytest: all tests on all generations) HYPOTHESIS_PROFILE=all pytest -n $(JOBS) --all-generations $(PYTEST_ARGS)

.PHONY: test-unit test-contract test-integration test-browser test-release
test-unit: setup ## only the tests of the core
test-contract: setup ## only the comparison of the simulator with recorded servers
test-integration: setup ## only playbooks against the simulator
test-browser: setup ## only the HTML report in a headless browser, left out without one
test-release: build setup ## only the artifact and the execution environment
test-unit test-contract test-integration test-browser test-release:
	$(call gate,pytest: tests/$(@:test-%=%)) pytest -n $(JOBS) $(PYTEST_ARGS) tests/$(@:test-%=%)

.PHONY: ldap
ldap: setup ## fetch the module with which the guide about a directory is tried; without it, its test is left out
	@$(AS_USER) $(BIN)/python -m support.ldap_module

.PHONY: properties
properties: setup ## only the properties, two thousand random servers and lists for each, which takes an hour
	$(call gate,pytest: properties) HYPOTHESIS_PROFILE=long pytest -n $(JOBS) $(PYTEST_ARGS) tests/unit/bulk/test_properties.py

.PHONY: load soak
load: setup ## 10,000 users: create, change, purge, export and audit them, with figures
	@$(BIN)/python -m benchmark.load $(LOAD_ARGS)
soak: setup ## 500 runs in a row on one server, with random changes and faults
	@$(BIN)/python -m support.soak $(SOAK_ARGS)

.PHONY: fuzz
fuzz: setup ## random servers, lists and faults: whose things stay whose, three thousand cases of each generation
	@$(BIN)/python -m fuzz --jobs $(PROCESSES) $(FUZZ_ARGS)

.PHONY: test-matrix
test-matrix: setup ## units and playbooks on every supported ansible-core and Python that this machine has
	$(call gate,nox: versions of ansible-core and Python) USER_HOME='$(USER_HOME)' nox $(MATRIX_ARGS) -- -n $(PROCESSES) $(PYTEST_ARGS)

.PHONY: coverage
coverage: setup ## only how much of the core its tests go through: branches too, at least 95 %
	$(call gate,pytest: coverage of the core) pytest -q -n $(JOBS) $(COVERED) $(PYTEST_ARGS) tests/unit

.PHONY: mutation
mutation: setup ## count the small mistakes in planner, comparison and client that no test notices (an hour)
	$(call gate,mutmut: mistakes that tests notice) nice python -m mutation --jobs $(PROCESSES) $(MUTATION_ARGS)

.PHONY: bench
bench: setup ## measure how long the ways to provision users take, which takes half an hour
	@$(BIN)/python -m benchmark $(BENCH_ARGS)

.PHONY: faults
faults: setup ## every fault at every request of a run, and two runs at once: hours on two cores, JOBS=8 for eight processes
	$(call gate,faults: how many cases survive) python -m faults --jobs $(PROCESSES) $(FAULTS_ARGS)

.PHONY: generate
generate: setup ## write what follows from the tables of fields and the layers: documentation, the role's arguments, the map of the code
	@$(BIN)/python -m support.generate

.PHONY: pictures
pictures: setup ## take the pictures of the audit page again, with chromium and chromedriver
	@$(BIN)/python -m support.audit_picture

.PHONY: lock
lock: ## renew the lock files: the newest releases that requirements/*.in allow, with hashes for every platform
	@$(AS_USER) $(PYTHON) -m venv $(LOCK)
	@$(AS_USER) $(LOCK)/bin/python -m pip install $(LOCKED) -r requirements/lock.txt
	@$(PIN) --python-version 3.11 requirements/lock.in -o requirements/lock.txt
	@$(PIN) --python-version 3.11 requirements/demo.in -o requirements/demo.txt
	@$(PIN) --python-version 3.11 -c requirements/demo.txt requirements/test.in -o requirements/test.txt
	@$(PIN) --python-version 3.10 requirements/matrix.in -o requirements/matrix.txt
	@$(PIN) --python-version 3.11 --no-deps requirements/ldap.in -o requirements/ldap.txt
	@git diff --stat -- requirements

# Without --offline, ansible-lint asks servers for newer schemas and its newest release, and installs the collection.
.PHONY: lint
lint: typecheck build ## style, documentation, licences, and what Galaxy asks for
	$(call gate,ruff check: likely bugs and style) $(IN_COPY) ruff check
	$(call gate,ruff format: layout of Python) $(IN_COPY) ruff format --check
	$(call gate,yamllint: layout of YAML) $(IN_COPY) yamllint --strict .
	$(call gate,ansible-lint: roles and playbooks) $(IN_COPY) ansible-lint --profile=production --offline
	$(call gate,antsibull-docs: documentation of modules and roles) $(IN_COPY) antsibull-docs lint-collection-docs --plugin-docs .
	$(call gate,antsibull-changelog: change log fragments) $(IN_COPY) antsibull-changelog lint
	$(call gate,reuse: every file has a licence) $(IN_COPY) reuse lint --lines
	$(call gate,galaxy-importer: the built collection) $(IN_COPY) \
	    GALAXY_IMPORTER_RUN_ANSIBLE_LINT=false python -m galaxy_importer.main $(ARTIFACT) >$(CACHE)/importer.log 2>&1 && ! grep -qE '^(ERROR|WARNING):' $(CACHE)/importer.log && \
	    tail -n 1 $(CACHE)/importer.log || { cat $(CACHE)/importer.log; false; }

.PHONY: docs
docs: setup ## build the documentation as HTML, in .cache/docs/html
	@rm -rf $(DOCS) && mkdir -p -m 755 $(DOCS)/tree/docs/reference && cp -r README.md playbooks docs $(DOCS)/tree/
	# Galaxy shows the README without the other files, so its links are absolute. In the site, they lead to its own pages.
	@sed -i.bak 's#](https://github.com/xivo-confd/ansible-collection-confd/blob/main/#](#g' $(DOCS)/tree/README.md
	$(call gate,antsibull-docs: reference of modules and roles) antsibull-docs --config-file docs/site/antsibull-docs.cfg \
	    collection --use-current --squash-hierarchy --dest-dir $(DOCS)/tree/docs/reference xivo.confd
	# Empty, because it knows no environment variables of modules. docs/docsite has them.
	@rm $(DOCS)/tree/docs/reference/environment_variables.rst
	$(call gate,sphinx: documentation without warnings) \
	    sphinx-build -W --keep-going -q -b html -c docs/site $(DOCS)/tree/docs $(DOCS)/html && \
	    $(BIN)/python -m support.audit_picture --page $(DOCS)/html/example_audit.html && echo '$(DOCS)/html/index.html'

.PHONY: typecheck
typecheck: setup copy ## only the types of the plugins
	$(call gate,mypy: types of the plugins) $(IN_COPY) \
	    MYPYPATH=$(CACHE)/copy mypy $(addprefix -p ansible_collections.xivo.confd.plugins.,module_utils action filter lookup)

.PHONY: sanity
sanity: setup ## only ansible-test sanity
	$(call gate,ansible-test sanity) python -m sanity $(CACHE)/sanity '$(USER_HOME)'

.PHONY: ansible-units ansible-integration
ansible-units: setup ## ansible-test units
	$(call gate,ansible-test units) python -m sanity.tests $(CACHE)/ansible-units units $(ANSIBLE_TEST_ARGS)
ansible-integration: setup ## ansible-test integration: every module against the simulator of API, or a target of ANSIBLE_TEST_ARGS
	$(call gate,ansible-test integration) python -m sanity.tests $(CACHE)/ansible-integration integration \
	    --api $(or $(API),xivo15) $(ANSIBLE_TEST_ARGS)

.PHONY: release
release: test ## test, and leave the artifact for Galaxy in .cache/dist; the change log must have its version
	$(call gate,release: change log and version) python tests/release/check.py $(ARTIFACT) && \
	    tested=$$(sha256sum <$(ARTIFACT)) && $(MAKE) --no-print-directory build && \
	    if [ "$$tested" != "$$(sha256sum <$(ARTIFACT))" ]; then echo 'The tested artifact was another one.' >&2; exit 1; fi && \
	    echo 'Publish it: ansible-galaxy collection publish $(ARTIFACT)'

.PHONY: clean
clean: ## remove everything that make made
	rm -rf $(VENV) $(CACHE)

# What the targets above stand on.

$(VENV)/.demo-ready: requirements/demo.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer, please: make PYTHON=python3.12")'
	@echo 'Installing Ansible and the simulator into .venv ...'
	@$(AS_USER) $(PYTHON) -m venv $(VENV)
	@$(AS_USER) $(BIN)/python -m pip install $(LOCKED) -r $<
	@touch $@

$(VENV)/.test-ready: requirements/test.txt $(VENV)/.demo-ready
	@echo 'Installing the tools of the tests into .venv ...'
	@$(AS_USER) $(BIN)/python -m pip install $(LOCKED) -r $<
	@touch $@

.PHONY: collection
collection:
	@mkdir -p $(HOME) $(dir $(LINK)) && ln -sfn ../../../.. $(LINK)

.PHONY: copy
copy:
	@rm -rf $(COPY) && mkdir -p $(HOME) $(COPY)
	@$(PYTHON) tests/release/tree.py $(COPY)
