# The few commands of the house. `make help` lists them.
PYTHON ?= python3
BIN = .venv/bin
export PORT HOST

.DEFAULT_GOAL := help
.PHONY: help run demo test lint lock words rules clocks machine pictures bench

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' $(MAKEFILE_LIST) | expand -t 18

run: ## install what is missing, then serve on http://127.0.0.1:8000 (HOST= and PORT= are honoured)
	@PYTHON=$(PYTHON) scripts/install.sh requirements.txt
	@exec $(BIN)/whistle serve

demo: ## the same with an invented district in instance/demo/
	@PYTHON=$(PYTHON) scripts/install.sh requirements.txt
	@WHISTLE_INSTANCE=instance/demo $(BIN)/whistle demo
	@WHISTLE_INSTANCE=instance/demo exec $(BIN)/whistle serve

test: ## everything the build server runs
	@PYTHON=$(PYTHON) scripts/install.sh requirements.txt requirements-dev.txt
	@scripts/test.sh

lint: ## put the code in order, then check it
	@PYTHON=$(PYTHON) scripts/install.sh requirements.txt requirements-dev.txt
	@$(BIN)/ruff check --fix . && $(BIN)/ruff format . && $(BIN)/mypy && $(BIN)/lint-imports --no-cache

lock: ## pin the newest allowed dependencies with their hashes
	@PYTHON=$(PYTHON) scripts/install.sh requirements.txt requirements-dev.txt
	@$(BIN)/uv pip compile --quiet --upgrade --generate-hashes --python-version 3.11 --no-emit-index-url \
		--no-annotate requirements.in -o requirements.txt
	@$(BIN)/uv pip compile --quiet --upgrade --generate-hashes --python-version 3.11 --no-emit-index-url \
		--no-annotate requirements-dev.in -o requirements-dev.txt

words: ## collect the words of all pages into the English catalogue
	@PYTHON=$(PYTHON) scripts/install.sh requirements.txt
	@$(BIN)/python -m whistle.web.catalogues

rules: ## write the rule tables in words into docs/rules.md
	@PYTHON=$(PYTHON) scripts/install.sh requirements.txt
	@$(BIN)/whistle rules --markdown > docs/rules.md.new && mv docs/rules.md.new docs/rules.md

clocks: ## reckon the clocks of random histories twice and compare (N= acts, 20000)
	@PYTHON=$(PYTHON) scripts/install.sh requirements.txt requirements-dev.txt
	@$(BIN)/python -m tests.rules.many_clocks $(N)

machine: ## let random people work on cases for long and check every step (N= stories on each database, 100)
	@PYTHON=$(PYTHON) scripts/install.sh requirements.txt requirements-dev.txt
	@WHISTLE_MACHINE_EXAMPLES=$(or $(N),100) WHISTLE_MACHINE_STEPS=30 $(BIN)/python -m pytest -q tests/stateful

pictures: ## photograph every page at 390 and 1280 px into pictures/
	@PYTHON=$(PYTHON) scripts/install.sh requirements.txt requirements-dev.txt
	@$(BIN)/python -m pytest -q tests/journeys --pictures pictures

bench: ## measure what the product costs, and write it into docs/benchmarks.md (twenty minutes, on a quiet machine)
	@PYTHON=$(PYTHON) scripts/install.sh requirements.txt
	@$(BIN)/python -m benchmarks
