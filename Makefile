# Omni needs Python 3.11 or newer (with venv) and make; everything else comes out of wheels into .venv and var/.
# `make` alone lists what there is.

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo demo-reset test pytest screenshots lint format messages bench bench-sourcing bench-confidence \
	bench-stock replay soak defects import audit manage lock

# The first Python that is new enough; name another with `make PYTHON=/path/to/python demo`.
PYTHON ?= $(or $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done), \
	$(shell command -v python3), \
	$(error Omni needs Python 3.11 or newer: install it, or name it with PYTHON=/path/to/python))

# Refuses what cannot work, builds .venv, and becomes the target: one process that gets Ctrl-C and SIGTERM.
OMNI = @exec $(PYTHON) omni/local/bootstrap.py

help:
	@echo 'make demo         open a real retailer at http://127.0.0.1:8000/ (PORT=8001 elsewhere, TRAFFIC=0 quiet)'
	@echo 'make demo-reset   forget the data of the demo; the next make demo begins anew'
	@echo 'make import       load the whole retailer (1.5 million lines) into the demo'
	@echo 'make audit        add up every ledger of the demo again'
	@echo 'make manage       any management command on the demo: make manage ARGS="shell"'
	@echo
	@echo 'make test         everything that checks the project (TEST_DATABASE_URL=... on a server of your own)'
	@echo 'make pytest       the tests alone: make pytest ARGS="tests/races -x"'
	@echo 'make screenshots  take a picture of each main screen, in both languages and themes (needs Chromium)'
	@echo 'make lint         what needs no server: lint, format, types, import contract'
	@echo 'make format       put code and templates into their form'
	@echo 'make messages     collect every sentence for its translators, and compile the translations'
	@echo 'make bench        measure orders, availability and pages (writes var/bench.json)'
	@echo 'make bench-sourcing  who serves ten thousand real baskets: parcels, km and time, beside the nearest store first'
	@echo 'make bench-confidence  how sure the stock is, where the true stock is hidden: calibration, promises lost'
	@echo 'make bench-stock  the same calls on 500,000 and on 20 million levels: what growth costs (loads for minutes)'
	@echo 'make replay       a real December day as pickups over HTTP, 20 times as fast (REPLAY_HOURS=0.5 is a few minutes)'
	@echo 'make soak         the house beside its model for a million wishes (SOAK_OPERATIONS=20000 SOAK_SEED=7)'
	@echo 'make defects      break the house in each known way, and see that its model notices'
	@echo 'make lock         write the lock files anew from pyproject.toml (UPGRADE=1 takes the newest)'

demo:
	$(OMNI) demo

demo-reset:
	$(OMNI) demo-reset

import:
	$(OMNI) import import completejourney $(ARGS)

audit:
	$(OMNI) manage audit $(ARGS)

manage:
	$(OMNI) manage $(ARGS)

test:
	$(OMNI) test

pytest:
	$(OMNI) test pytest

screenshots: export ARGS = tests/browser/test_main_screens.py -k picture
screenshots:
	@echo "The pictures are written to $${OMNI_VAR:-var}/test/var/screenshots/main/"
	$(OMNI) test pytest

lint:
	$(OMNI) test lint

format:
	$(OMNI) run -m ruff check --fix --exit-zero
	$(OMNI) run -m ruff format
	@find templates -name '*.html' -exec .venv/bin/djade --target-version 5.2 {} +

messages:
	$(OMNI) run manage.py catalogues $(ARGS)

bench:
	$(OMNI) bench $(ARGS)

bench-sourcing:
	$(OMNI) run -m bench.sourcing $(ARGS)

bench-confidence:
	$(OMNI) bench confidence

# ARGS="20000 100" loads so many skus × stores instead of 100,000 × 200.
bench-stock:
	$(OMNI) bench stock $(ARGS)

replay:
	$(OMNI) bench replay

soak: export ARGS = tests/machine/soak.py -q
soak:
	$(OMNI) test pytest

defects: export ARGS = tests/machine/test_machine.py -k finds_a_defect -q --numprocesses=auto --dist=worksteal
defects:
	$(OMNI) test pytest

# The locks hold versions and hashes only: no index, no host, no path.
COMPILE = run -m uv pip compile pyproject.toml --quiet --universal --generate-hashes --no-annotate \
	--custom-compile-command 'make lock' $(if $(UPGRADE),--upgrade)
lock:
	$(OMNI) $(COMPILE) --output-file requirements.txt
	$(OMNI) $(COMPILE) --extra dev --constraints requirements.txt --output-file requirements-dev.txt
	$(OMNI) $(COMPILE) --extra import --constraints requirements-dev.txt --output-file requirements-import.txt
