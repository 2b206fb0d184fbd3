# Everything a stranger needs: `make demo` and `make test`. Both set up what they need first.
PYTHON ?= python3
UV = $$($(PYTHON) tools/bootstrap.py)
RUN = .venv/bin
OUT ?= demo-out
SECONDS ?= 30
# An office whose network has a certificate authority of its own is trusted as Debian trusts it.
export UV_SYSTEM_CERTS ?= 1

.PHONY: help demo test lint setup pictures pathways fuzz system clean

help:
	@echo "make demo      set up, then play one whole referral into $(OUT)/"
	@echo "make test      set up, then run every test (SQLite and PostgreSQL)"
	@echo "make lint      ruff, mypy --strict on protocols/, import contracts"
	@echo "make pictures  draw the app's screens into docs/screens/"
	@echo "make pathways  write each country's pathway, one page a language, into docs/pathways/"
	@echo "make fuzz      try every reader of untrusted bytes for SECONDS=30 each"
	@echo "make system    install the Debian packages that the app's window needs (root)"

.venv/.set-up: uv.lock pyproject.toml tools/bootstrap.py
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] < (3, 11))' \
	  || { echo "Amana needs Python 3.11 or later; set PYTHON=python3.11"; exit 1; }
	@$(UV) sync --quiet --locked --all-extras --no-python-downloads --python "$$(command -v $(PYTHON))"
	@touch $@

setup: .venv/.set-up

demo: setup
	@$(RUN)/python tools/window.py --install
	@$(RUN)/amana demo --out $(OUT)

test: setup
	@$(RUN)/python tools/window.py --install
	@$(RUN)/pytest -n auto --dist loadscope -rs tests

lint: setup
	@$(RUN)/ruff check .
	@$(RUN)/ruff format --check .
	@$(RUN)/mypy
	@$(RUN)/lint-imports

pictures: setup
	@$(RUN)/python tools/window.py --install
	@test -d $(OUT)/phones || $(RUN)/amana demo --out $(OUT) --no-pictures --no-window
	@$(RUN)/python -m mobile.commands.pictures --demo $(OUT) --out docs/screens

pathways: setup
	@$(RUN)/python tools/pathways.py

# In an environment of its own: nobody needs a fuzzer to run or test Amana.
fuzz:
	@UV_PROJECT_ENVIRONMENT=.tools/fuzz $(UV) sync --quiet --locked --all-extras --group fuzz --no-python-downloads --python "$$(command -v $(PYTHON))"
	@.tools/fuzz/bin/python -m tests.fuzz --seconds $(SECONDS)

system:
	@$(PYTHON) tools/window.py --install

clean:
	rm -rf .venv .tools $(OUT)
