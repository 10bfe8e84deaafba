# Everything here sets itself up: `make test` on a fresh Debian 12 needs python3.11, make and git, and nothing else.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
DATA ?= candour-data
CALLS ?= 100000
SEED ?= 1
DATABASE ?= sqlite
REPORTS ?= 1000
KILLS ?= 500

# Qt needs these even without a screen; the store's tests start a PostgreSQL of their own.
QT_PACKAGES := libglib2.0-0 libgl1 libegl1 libxkbcommon0 libfontconfig1 libdbus-1-3
# And these to open a real window.
WINDOW_PACKAGES := libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxcb-xkb1
HAS_SCREEN := $(if $(filter-out 0,$(HEADLESS)),,$(DISPLAY)$(WAYLAND_DISPLAY))
SYSTEM_PACKAGES := $(QT_PACKAGES) postgresql $(if $(HAS_SCREEN),$(WINDOW_PACKAGES))
AUDIO_PACKAGES := espeak-ng sox

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore
export PIP_NO_INPUT := 1

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help force-bundle test lint demo run bench canary walk soak shift launch-table screenshots prompts texts prism system venv lock clean

help:  ## say what can be made
	@echo "make TARGET, where TARGET is one of:"
	@sed -n 's/^\([a-z][a-z-]*\):.*## \(.*\)/  \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-18s%s\n", $$1, $$2 }'

demo: system venv  ## one call from the telephone to the force, on real parts (HEADLESS=1: without a screen)
	@HEADLESS=$(HEADLESS) $(BIN)/python -m tests.demo

test: system venv lint  ## lint, then every test
	@echo "== tests"
	@$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist worksteal

run: venv  ## the service, with its data in candour-data/ (DATA=… for another folder); founded on the first run
	@test -f $(DATA)/config.toml || $(BIN)/candour init $(DATA)
	@exec $(BIN)/candour --config $(DATA)/config.toml serve

bench: system venv  ## ratios within one run, as a table and as JSON lines
	@$(BIN)/python -m tests.bench

canary: system venv  ## callers' numbers sought, in every form, in everything the service writes and shows
	@$(BIN)/python -m tests.canary

walk: venv  ## 100,000 random callers, with faults, none of whom may be lost (CALLS=… SEED=…)
	@$(BIN)/python -m tests.walk --calls $(CALLS) --seed $(SEED)

shift: system venv  ## a night of ten calls at the desk, with console and service killed between; nothing may be lost
	@$(BIN)/python -m tests.shift

launch-table: venv  ## the table since the launch, of fifteen months lived through the product's own writes (a minute)
	@$(BIN)/python -m tests.launch --seed $(SEED)

soak: venv  ## 1,000 reports on their way while processes are killed 500 times (REPORTS=… KILLS=… SEED=… DATABASE=postgresql)
	@$(BIN)/python -m tests.soak --reports $(REPORTS) --kills $(KILLS) --seed $(SEED) --database $(DATABASE)

screenshots: system venv  ## the README's pictures
	@$(BIN)/python -m tests.screenshots

lint: venv  ## ruff, mypy and the import contracts
	@echo "== ruff check"
	@$(BIN)/ruff check
	@echo "== ruff format --check"
	@$(BIN)/ruff format --check
	@echo "== mypy --strict"
	@$(BIN)/mypy --strict
	@echo "== lint-imports"
	@$(BIN)/lint-imports

prompts: venv  ## the prompts' audio, made anew where its words have changed
	@$(call have,$(AUDIO_PACKAGES))
	@$(BIN)/python -m voice_prompts.make_audio
	@$(BIN)/candour prompts check

texts: venv  ## what the console says, into the catalogues of its languages (LANGUAGE=cy begins one)
	@$(BIN)/python -m tests.texts $(LANGUAGE)

prism: venv  ## one call's REST through an independent validating proxy (npm; OPENAPI=/path/to/twilio_api_v2010.json)
	@OPENAPI=$(OPENAPI) $(BIN)/python -m tests.prism

system:  ## Debian's packages for Qt and PostgreSQL (installs them as root; otherwise says how)
	@$(call have,$(SYSTEM_PACKAGES))

venv: $(INSTALLED)  ## the virtual environment in .venv, from requirements.lock

$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Candour needs Python 3.11 or newer; PYTHON=/path/to/python3.11 names one." >&2; exit 1; }
	@missing=; $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || missing=' python3-venv'; \
	$(call installed_from_debian,$$missing)
	@echo "== virtual environment in $(VENV) (a minute or two, the first time)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

# Sees that Debian's packages named here are installed; quick when they are.
define have
command -v dpkg-query >/dev/null || { \
		echo "Not Debian: please see that the equivalents of these are installed: $1"; exit 0; }; \
	missing=; for package in $1; do \
		dpkg-query -W -f '$${Status}' $$package 2>/dev/null | grep -q '^install ok installed$$' \
			|| missing="$$missing $$package"; \
	done; \
	$(call installed_from_debian,$$missing)
endef

# Installs the packages named in a shell variable, if any: as root at once, otherwise it says what to type and stops.
define installed_from_debian
if [ -n "$1" ]; then \
		if [ "$$(id -u)" -eq 0 ]; then \
			echo "== Debian packages:$1"; \
			apt-get update --quiet --quiet \
			&& DEBIAN_FRONTEND=noninteractive apt-get install --quiet --quiet --yes --no-install-recommends $1; \
		else \
			echo "Something is missing on this machine. Please type this, then run make again:" >&2; \
			echo "  sudo apt-get update && sudo apt-get install --yes --no-install-recommends$1" >&2; \
			exit 1; \
		fi; \
	fi
endef

lock:  ## work requirements.lock out again from pyproject.toml
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT \
	&& $(PYTHON) -m venv "$$folder" && "$$folder/bin/python" -m pip install --quiet uv \
	&& "$$folder/bin/uv" pip compile pyproject.toml --quiet --all-extras --group dev --generate-hashes \
		--no-emit-index-url --no-emit-find-links --no-header --universal --python-version 3.11 \
		--output-file requirements.lock

force-bundle: venv  ## candour-force as one file, candour-force.pyz, for PCs like this one; it opens a report first
	@$(BIN)/python -m tests.force_bundle

clean:  ## remove the virtual environment and every cache
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find ivr console shared voice_prompts tests -name __pycache__ -type d -prune -exec rm -rf {} +
