# One door. `make assess` and `make test` are all a newcomer needs; each sets itself up.
# Paths are relative: the repository may lie under a path with spaces or Chinese in it.

# PLAN      a folder of params/ (default: every plan)
# YEAR      assessment year (default: the plan's own)
# KNOWN_BY  a date: only what was published by then
# REPORT_LANG  zh (default) or en: the language of the report
# JOBS      notebooks at once (default: as many as there are cores)
# FILE      one file to check
# DATA      a folder of learning data for bench-quality (default: ../shared/bench)
# ARGS      further options of test, lab and lock; for test also files

# The interpreter .venv is made with, and the uv that makes it (UV= uses pip instead).
# VENV= runs in the active environment, say conda's: make assess PYTHON=python VENV=
PYTHON ?=
UV     ?= uv
VENV    = .venv

READY  = $(if $(VENV),.venv/.ready)
PY     = $(if $(VENV),.venv/bin/python,$(or $(PYTHON),python))
EXPORT = uv export --locked --all-groups --no-emit-project --no-header --format requirements-txt
# nbval measures inside its kernels only where source and file are named; a bare --cov hangs it.
COV    = --cov=helpers --cov-config=pyproject.toml
given  = $(if $($1),--$2 '$($1)')
HANDOUT = $(PY) -m helpers $@ $(call given,PLAN,plan) $(call given,YEAR,year) \
	$(call given,KNOWN_BY,known-by) $(call given,REPORT_LANG,report-lang)

# One text encoding whatever the locale, and only this repository's modules.
export PYTHONUTF8 = 1
ifneq ($(VENV),)
unexport PYTHONPATH PYTHONHOME
else
export PYTHONPATH = $(CURDIR)/src
endif

# uv, Jupyter and matplotlib keep files in HOME; in a container it may be missing.
ifeq ($(shell test -w "$$HOME" && echo yes),)
export HOME = $(CURDIR)/.cache/home
endif

.DEFAULT_GOAL = help
.PHONY: setup check assess pdf docx brief notebooks lab test bench-quality font lock clean help

.venv/.ready: requirements.lock
	@PYTHON='$(PYTHON)' UV='$(UV)' sh tools/setup.sh

setup: $(READY)

check: $(READY)      ## check the inputs of a plan (PLAN=) or one file (FILE=)
	@$(PY) -m helpers check $(call given,PLAN,plan) $(if $(FILE),'$(FILE)')

assess: $(READY)     ## check, execute and assemble: PLAN= YEAR= KNOWN_BY= JOBS=
	@$(PY) -m helpers assess $(call given,PLAN,plan) $(call given,YEAR,year) \
		$(call given,KNOWN_BY,known-by) $(call given,REPORT_LANG,report-lang) $(call given,JOBS,jobs)

pdf: $(READY)        ## print an assessment to PDF: PLAN= YEAR= KNOWN_BY=
	@$(HANDOUT)

docx: $(READY)       ## an assessment as a Word document: PLAN= YEAR= KNOWN_BY=
	@$(HANDOUT)

brief: $(READY)      ## one A4 page of an assessment: PLAN= YEAR= KNOWN_BY=
	@$(HANDOUT)

notebooks: $(READY)  ## execute the committed notebooks again, on the example plan
	@$(PY) -m helpers refresh

lab: $(READY)        ## open the notebooks in JupyterLab
	@$(PY) -m jupyterlab $(ARGS) notebooks

test: $(READY)       ## every test, notebooks and coverage included; ARGS= chooses
	@$(PY) -m pytest $(or $(ARGS),$(COV))

bench-quality: $(READY)  ## quality of forecasts and chances, cross-validated
	@$(PY) benchmarks/quality.py $(if $(DATA),'$(DATA)')

font: $(READY)       ## make the report's font subset again
	@$(PY) tools/make_font.py

lock:                ## lock the dependencies again after a change in pyproject.toml
	uv lock $(ARGS)
	{ echo '# One truth: pyproject.toml -> uv.lock -> this file. Made by `make lock`:'; \
	  echo '#   $(EXPORT)'; \
	  $(EXPORT); } > requirements.lock.new
	cmp -s requirements.lock.new requirements.lock || cp requirements.lock.new requirements.lock
	rm requirements.lock.new
	@$(MAKE) test ARGS=tests/test_environment.py

clean:               ## remove editions and caches; .venv stays
	rm -rf data/processed/* .cache .coverage .coverage.* .pytest_cache .hypothesis htmlcov
	find . \( -name .git -o -name .venv \) -prune -o \
		\( -name __pycache__ -o -name .ipynb_checkpoints \) -prune -exec rm -rf {} +

help:                ## print this list
	@echo "make VERB [VARIABLE=value ...]"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-15s%s\n", $$1, $$2 }' Makefile
