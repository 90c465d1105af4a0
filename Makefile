# Two commands do all the set-up: `make demo` and `make test`. Everything else is for working on packshot.
.PHONY: demo test test-core check docs walk container format bench behaviour fuzz lock clean help

PYTHON ?= python3
PHOTOS ?=
OUT ?= demo-out
# Environments: .venv holds the core (never torch), .venv-dev everything.
CORE := .venv
DEV := .venv-dev
# The tests start hundreds of interpreters: each would compile all it imports where the caller's environment forbids
# bytecode to be kept.
unexport PYTHONDONTWRITEBYTECODE

help:
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /	/' | expand -t 14

demo: $(CORE)/.ready ## set up the core and run the whole flow over photographs (PHOTOS=folder for your own)
	@if [ -z "$(PHOTOS)" ]; then $(CORE)/bin/python -m packshot.demo $(OUT)/photos; fi
	$(CORE)/bin/packshot run "$(if $(PHOTOS),$(PHOTOS),$(OUT)/photos)" -o $(OUT)/results || [ $$? -eq 3 ]
	@echo "report: $(abspath $(OUT))/results/report.html"

test: $(DEV)/.ready ## set up everything and run all tests (PROCESSES=3 at once; default: as many as cores)
	$(DEV)/bin/python tests/ensure_browser.py
	$(DEV)/bin/python -m pytest -n $(or $(PROCESSES),logical) --dist worksteal --durations 20

# What could differ without the extras: what is imported, the commands a seller types, and the examples of every room.
# One process: two would import and collect everything twice, which takes as long as the tests.
test-core: $(CORE)/.ready-test ## architecture, commands and examples, in an environment without the training extra
	$(CORE)/bin/python -m pytest -m "not train and not browser" src tests/test_architecture.py \
	  tests/e2e/test_command_line.py tests/e2e/test_frame_command.py tests/e2e/test_review.py

check: $(DEV)/.ready ## ruff, format, mypy strict
	$(DEV)/bin/ruff check
	$(DEV)/bin/ruff format --check
	$(DEV)/bin/mypy

docs: $(DEV)/.ready ## build the site into build/site; a broken link ends it
	NO_MKDOCS_2_WARNING=1 $(DEV)/bin/mkdocs build --quiet

walk: $(DEV)/.ready ## type the commands of every page in an empty folder (PAGES=docs/how-to/check.md BIN=folder)
	$(DEV)/bin/python docs/walk.py $(PAGES) $(if $(BIN),--bin $(BIN),)

container: $(DEV)/.ready ## do what the container does, without one (root, Linux; BIN=folder of an installed packshot)
	python3 packaging/try_container.py --bin $(if $(BIN),$(BIN),$(DEV)/bin)

reference: $(DEV)/.ready ## write the reference pages that come from the code
	$(DEV)/bin/python docs/generate.py

notebook: $(DEV)/.ready ## run the notebook and keep what it shows
	$(DEV)/bin/python docs/notebook.py

inventory: $(DEV)/.ready ## write NOTICE and the bill of materials
	$(DEV)/bin/python licences/inventory.py

wheel: $(CORE)/.ready ## build the wheel into dist/
	$(CORE)/bin/uv build --wheel --out-dir dist

format: $(DEV)/.ready ## put the code into the house's form
	$(DEV)/bin/ruff check --fix
	$(DEV)/bin/ruff format

bench: $(DEV)/.ready ## print every benchmark's table (PACKSHOT_DATA names the data)
	for file in $(filter-out benchmarks/behaviour%,$(wildcard benchmarks/*.py)); do echo "== $$file"; $(DEV)/bin/python $$file || exit 1; done

behaviour: $(DEV)/.ready ## whether every command still does what it did (RECORD=file keeps a new record)
	$(DEV)/bin/python benchmarks/behaviour.py $(if $(RECORD),--record $(RECORD),)

fuzz: $(DEV)/.ready ## change files until a reader breaks (SECONDS each, TARGET=decode for one; fuzz/README.md)
	$(DEV)/bin/python fuzz/run.py $(if $(TARGET),$(TARGET),all) --seconds $(if $(SECONDS),$(SECONDS),60)

lock: $(DEV)/.ready ## pin every package the environments install
	$(DEV)/bin/uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 \
	  --no-emit-index-url --no-annotate --quiet --output-file constraints.txt

clean: ## remove environments and caches
	rm -rf $(CORE) $(DEV) .mypy_cache .ruff_cache .pytest_cache

define environment
	$(PYTHON) -m venv $(1)
	$(1)/bin/python -m pip install --quiet uv
	$(1)/bin/uv pip install --quiet --python $(1)/bin/python --constraint constraints.txt --editable ".[$(2)]"
	touch $(3)
endef

$(CORE)/.ready: pyproject.toml constraints.txt
	$(call environment,$(CORE),demo$(,)catalogue,$@)

$(CORE)/.ready-test: pyproject.toml constraints.txt
	$(call environment,$(CORE),demo$(,)test,$@)

$(DEV)/.ready: pyproject.toml constraints.txt
	$(call environment,$(DEV),demo$(,)test$(,)train$(,)collect$(,)check$(,)bench$(,)docs$(,)fuzz,$@)

, := ,
