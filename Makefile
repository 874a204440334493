PYTHON ?= python

.PHONY: check format lint types layers rules test bench samples

check: format lint types layers rules test

format:
	$(PYTHON) -m ruff format --check .

lint:
	$(PYTHON) -m ruff check .

types:
	$(PYTHON) -m mypy

layers:
	$(PYTHON) -c "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"

rules:
	$(PYTHON) -m secreview rules lint
	$(PYTHON) -m secreview rules test

test:
	$(PYTHON) -m pytest -n auto

bench:
	$(PYTHON) -m benchmarks

samples:
	$(PYTHON) examples/make_samples.py
