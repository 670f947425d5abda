SHELL := /bin/sh
.DEFAULT_GOAL := help

# uv from the machine, or our own private one.
UV := $(shell command -v uv 2>/dev/null || echo .uv/bin/uv)
# Rasa imports TensorFlow: without compiled bytecode every start would compile it anew.
export UV_COMPILE_BYTECODE := 1
export RASA_TELEMETRY_ENABLED := false

# The chat names the emergency numbers of the helplines when the server cannot.
WIDGET_INPUTS := facts/helplines.yml $(shell find widget -type f -not -path '*/node_modules/*' -not -path '*/dist/*' 2>/dev/null)

.PHONY: help chat test lint widget train adapt-encoder audit licences bench bench-parse bench-load bench-understanding bench-widget bench-hostile mutants clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-20s %s\n", $$1, $$2}'

chat: .venv/.synced widget/dist/widget.js ## Set up, train if needed, start, print the address (PORT=5005)
	@.venv/bin/skinfo chat $(if $(PORT),--port $(PORT))

test: .venv/.tests-synced widget/dist/widget.js lint ## Set up what tests need and run them all
	@sh scripts/get_chromium.sh
	@.venv/bin/skinfo train
	@.venv/bin/pytest

lint: .venv/.tests-synced ## Style, types, and the rule that the core never imports Rasa
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports --no-cache
	@.venv/bin/skinfo facts check

train: .venv/.synced ## Train the Rasa model if its inputs have changed
	@.venv/bin/skinfo train

adapt-encoder: .venv/.synced ## Teach the sentence encoder the examples of data/ anew (forty minutes, fetches PyTorch)
	@$(UV) run --no-sync --with torch python -m adaptation

widget: widget/dist/widget.js ## Build the website's chat

audit: .venv/.tests-synced ## Ask the package indexes for known vulnerabilities in what is locked
	@PATH="$(CURDIR)/.venv/bin:$$PATH" UV="$(UV)" .venv/bin/python -m supply_chain.audit

licences: .venv/.tests-synced ## List the licences of everything shipped in docs/licences.md
	@UV="$(UV)" .venv/bin/python -m supply_chain.licences

bench: .venv/.tests-synced widget/dist/widget.js ## Measure start-up, memory and time per turn
	@.venv/bin/skinfo train
	@.venv/bin/python -m bench.turns

bench-parse: .venv/.tests-synced ## Measure what understanding a message costs on one core
	@.venv/bin/skinfo train
	@.venv/bin/python -m bench.parse

bench-widget: .venv/.tests-synced widget/dist/widget.js ## Measure the website's chat beside two others from npm
	@sh scripts/get_chromium.sh
	@.venv/bin/skinfo train
	@.venv/bin/python -m bench.widget

bench-understanding: .venv/.tests-synced ## Train and measure our configuration beside the one rasa init proposes
	@.venv/bin/skinfo train
	@.venv/bin/python -m bench.understanding

bench-load: .venv/.tests-synced ## Measure our configuration beside stock Rasa and the bare floor, under load
	@.venv/bin/skinfo train
	@.venv/bin/python -m bench.load

mutants: .venv/.tests-synced ## Break the bot in many ways and report how many the conversation tests notice
	@.venv/bin/skinfo train
	@.venv/bin/python -m bench.mutants

bench-hostile: .venv/.tests-synced ## Throw 10,000 generated hostile messages at the running servers
	@.venv/bin/skinfo train
	@.venv/bin/python -m bench.hostile_inputs

clean: ## Remove everything that was built, trained or installed (not the conversations)
	rm -rf .venv .uv models widget/node_modules widget/dist

.uv/bin/uv:
	@sh scripts/get_uv.sh

.venv/.synced: pyproject.toml uv.lock | $(filter .uv/bin/uv,$(UV))
	@echo "• Installing Python and the packages (the first time takes a few minutes) …"
	@$(UV) sync --locked --inexact || { echo "error: the packages could not be installed; uv says why above" >&2; exit 2; }
	@touch $@

.venv/.tests-synced: pyproject.toml uv.lock | $(filter .uv/bin/uv,$(UV))
	@echo "• Installing Python and the packages, with those for tests …"
	@$(UV) sync --locked --all-groups || { echo "error: the packages could not be installed; uv says why above" >&2; exit 2; }
	@touch .venv/.synced $@

widget/dist/widget.js: .venv/.synced $(WIDGET_INPUTS)
	@echo "• Building the website's chat …"
	@PATH="$(CURDIR)/.venv/bin:$$PATH"; cd widget && \
		npm ci --no-audit --no-fund --loglevel=error && npm run --silent build || \
		{ echo "error: the website's chat could not be built; npm says why above" >&2; exit 2; }
	@touch $@
