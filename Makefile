# One door. `make assess` and `make test` are all a newcomer needs; each sets itself up.
# Paths are relative: the repository may lie under a path with spaces or Chinese in it.

# PLAN      a folder of params/ (default: every plan)
# YEAR      assessment year (default: the plan's own)
# CHANCE    of a target, .66, and PROPOSED a target whose chance is asked, for target
# PERIOD    a month or quarter of a year in progress, 2026-09, for monitor (default: the newest known)
# KNOWN_BY  a date: only what was published by then
# REPORT_LANG  zh (default) or en: the language of the report
# SCENARIO  a file of params/<plan>/scenarios/: choices made otherwise, values assumed
# JOBS      notebooks at once (default: as many as there are cores)
# ENGINE    what executes them: fork (default on Linux), kernel, or dask (SCHEDULER= its address)
# FORCE     1: execute everything, whatever has not changed
# LIMIT     seconds a notebook may take (default: 120)
# PLANS     several plans, 'params/*'; YEARS their years, 2021-2025
# INDICATOR an indicator of the plan, for lab
# OF        closed plans of its family, for memory ('national-125 national-135')
# FORM      where to write an empty workbook, for new-plan; FROM the plan it follows
# FILE      one file to check, the form to write or to import, what is declared for overview
# AREA      an area of the plan, for template (default: the whole)
# OFFICE    an office of commitments.yml, for template: only its promises (default: all)
# YES       write without asking, for import
# PARAMS    a plan's folder of parameters that lies elsewhere, for check
# BAG       an evidence bag: zip or folder; EXPECT its evidence id, REGISTER the register it must stand in
# KEY       an ssh key that signs the bag; SM3=1 adds a manifest under GB/T 32905
# TSA       the address of a time stamp authority (RFC 3161), TSA_CA the certificate (PEM) it goes back to
# REMAKE    1: write a registered bag that is lost again; REBUILD=1 the register, from the bags
# REASON    why evidence is withdrawn; BY the id of what takes its place
# UNVERIFIED 1: replay a bag though neither id nor register is given
# WHEELS    a folder to install a replay's environment from, without network; CURRENT=1 replays in the current one
# A, B, C   editions (national-145/2023, national-145/2025+prudent), their folders, or bags; C several; CSV a file for the table of differences
# DATA      a folder of learning data for bench-quality (default: ../shared/bench)
# ARGS      further options of test, lab and lock; for test also files

# The interpreter .venv is made with, and the uv that makes it (UV= uses pip instead).
# VENV= runs in the active environment, say conda's: make assess PYTHON=python VENV=
PYTHON ?=
UV     ?= uv
VENV    = .venv

READY  = $(if $(VENV),.venv/.ready)
PY     = $(if $(VENV),.venv/bin/python,$(or $(PYTHON),python))
RUNTIME = uv export --locked --no-default-groups --no-emit-project --no-header --format requirements-txt
EXPORT = uv export --locked --all-groups --no-group lint --no-emit-project --no-header --format requirements-txt
LINTERS = uv export --locked --only-group lint --no-emit-project --no-header --format requirements-txt
# nbval measures inside its kernels only where source and file are named; a bare --cov hangs it.
COV    = --cov=helpers --cov-config=pyproject.toml
SPREAD = -n auto --dist loadscope --no-loadscope-reorder
OVERVIEW = uv export --locked --no-default-groups --extra overview --no-emit-project --no-header --no-annotate --format requirements-txt
given  = $(if $($1),--$2 '$($1)')
needs  = $(if $($1),,$(error make $@ needs $1=, $2))
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

# A variable of another name would be ignored in silence: `make assess plan=x` assesses everything.
VARIABLES = PLAN FROM YEAR CHANCE PROPOSED PERIOD KNOWN_BY REPORT_LANG SCENARIO JOBS ENGINE SCHEDULER FORCE LIMIT PLANS YEARS INDICATOR OF FORM FILE AREA OFFICE \
	YES PARAMS BAG EXPECT REGISTER KEY SM3 TSA TSA_CA REMAKE REBUILD REASON BY UNVERIFIED WHEELS CURRENT A B C CSV DATA ARGS PYTHON UV VENV
UNKNOWN := $(filter-out $(VARIABLES) MAKE%,$(foreach v,$(.VARIABLES),$(if $(findstring command,$(origin $v)),$v)))
ifneq ($(UNKNOWN),)
$(error no variable is called $(UNKNOWN); variables are in capitals: $(VARIABLES))
endif

.DEFAULT_GOAL = help
.PHONY: setup lint audit check coverage protocol judgement lint-plan memory target close template import assess monitor overview pdf docx brief snapshot archive register withdraw sheet wheels verify replay compare notebooks lab new-plan docs test test-all bench-quality bench-speed bench-faults bench-tamper font lock clean help

.venv/.ready: requirements.lock
	@PYTHON='$(PYTHON)' UV='$(UV)' sh tools/setup.sh

# The linters are no part of what an assessment or a test is installed with.
.venv/.lint: requirements-lint.lock .venv/.ready
	@UV='$(UV)' sh tools/setup.sh requirements-lint.lock
# Neither is what writes Parquet.
.venv/.overview: requirements-overview.lock .venv/.ready
	@UV='$(UV)' sh tools/setup.sh requirements-overview.lock

setup: $(READY)

check: $(READY)      ## check the inputs of a plan (PLAN=) or one file (FILE=)
	@$(PY) -m helpers check $(call given,PLAN,plan) $(call given,PARAMS,params) $(if $(FILE),'$(FILE)')

coverage: $(READY)   ## every sentence of a plan's text: promise, direction or uncovered (PLAN=)
	@$(PY) -m helpers coverage $(call given,PLAN,plan)

lint-plan: $(READY)  ## go through a draft: PLAN=, or FILE= a text (.txt .md .docx); page and Word with marks
	@$(if $(PLAN)$(FILE),,$(call needs,PLAN,a plan or FILE= a text))$(PY) -m helpers lint '$(or $(FILE),$(PLAN))'

memory: $(READY)     ## let a plan's forecasts learn from closed plans: PLAN= OF=
	@$(call needs,PLAN,a plan)$(call needs,OF,the closed plans)$(PY) -m helpers memory --plan '$(PLAN)' $(foreach p,$(OF),--of '$p')

judgement: $(READY)  ## draft the evaluator's words on a year: PLAN= YEAR= KNOWN_BY= FILE=
	@$(PY) -m helpers judgement $(call given,PLAN,plan) $(call given,YEAR,year) $(call given,KNOWN_BY,known-by) $(call given,FILE,file)

target: $(READY)     ## which target has which chance: PLAN= INDICATOR= YEAR=2030 CHANCE=.66 PROPOSED= KNOWN_BY=
	@$(call needs,PLAN,a plan)$(PY) -m helpers target $(call given,PLAN,plan) $(call given,INDICATOR,indicator) $(call given,YEAR,year) \
		$(call given,CHANCE,chance) $(call given,PROPOSED,proposed) $(call given,KNOWN_BY,known-by)

close: $(READY)      ## a plan that has ended: final words, lessons, all in one evidence bag: PLAN= KNOWN_BY=
	@$(call needs,PLAN,a plan)$(PY) -m helpers close $(call given,PLAN,plan) $(call given,KNOWN_BY,known-by)

template: $(READY)   ## the Excel form for offices: PLAN= YEAR= AREA= OFFICE= FILE=
	@$(PY) -m helpers template $(call given,PLAN,plan) $(call given,YEAR,year) $(call given,AREA,area) $(call given,OFFICE,office) $(call given,FILE,file)

import: $(READY)     ## read back FILE= a form, a folder of them, a judgement's workbook or .docx: PLAN= YEAR=; YES=1 writes
	@$(call needs,FILE,a filled form)$(PY) -m helpers import $(call given,PLAN,plan) $(call given,YEAR,year) $(if $(YES),--yes) $(if $(FILE),'$(FILE)')

assess: $(READY)     ## check, execute and assemble: PLAN= YEAR= KNOWN_BY= SCENARIO= JOBS= FORCE=1
	@$(PY) -m helpers assess $(call given,PLAN,plan) $(call given,YEAR,year) \
		$(call given,PLANS,plans) $(call given,YEARS,years) $(call given,KNOWN_BY,known-by) $(call given,REPORT_LANG,report-lang) $(call given,SCENARIO,scenario) \
		$(call given,ENGINE,engine) $(call given,SCHEDULER,scheduler) $(call given,JOBS,jobs) $(call given,LIMIT,limit) \
		$(if $(filter-out 0,$(FORCE)),--force)

snapshot: $(READY)   ## keep copies of a plan's sources, with their digests: PLAN=
	@$(PY) -m helpers snapshot $(call given,PLAN,plan)

monitor: $(READY)    ## where the year leads before it is over: PLAN= PERIOD=2026-09 KNOWN_BY=
	@$(PY) -m helpers monitor $(call given,PLAN,plan) $(call given,PERIOD,period) $(call given,KNOWN_BY,known-by) \
		$(call given,REPORT_LANG,report-lang) $(call given,ENGINE,engine)

archive: $(READY)    ## keep an edition as evidence: PLAN= YEAR= KNOWN_BY= SCENARIO= REPORT_LANG= KEY= SM3=1 TSA= TSA_CA= REMAKE=1
	@$(PY) -m helpers archive $(call given,PLAN,plan) $(call given,YEAR,year) \
		$(call given,KNOWN_BY,known-by) $(call given,SCENARIO,scenario) $(call given,REPORT_LANG,report-lang) $(call given,KEY,key) $(if $(SM3),--sm3) $(if $(REMAKE),--remake) $(call given,TSA,tsa) $(call given,TSA_CA,tsa-ca)

register: $(READY)   ## list the evidence: PLAN= YEAR= EXPECT= the beginning of an id; REBUILD=1 from the bags
	@$(PY) -m helpers register $(call given,PLAN,plan) $(call given,YEAR,year) $(call given,EXPECT,expect) $(if $(REBUILD),--rebuild)

withdraw: $(READY)   ## register that evidence counts no more: EXPECT= REASON=, BY= what takes its place
	@$(PY) -m helpers register $(call given,EXPECT,expect) --withdraw '$(REASON)' $(call given,BY,by)

sheet: $(READY)      ## 证据清单, one printed page: BAG=; registers what was printed of its edition
	@$(PY) -m helpers sheet $(if $(BAG),'$(BAG)')

wheels: $(READY)     ## keep what a replay installs, beside the bags (WHEELS= another folder)
	@WHEELS='$(WHEELS)' sh tools/wheels.sh '$(PY)'

verify: $(READY)     ## check an evidence bag: BAG= EXPECT= REGISTER= TSA_CA=
	@$(call needs,BAG,a zip or folder under evidence/)$(PY) -m helpers verify $(if $(BAG),'$(BAG)') $(call given,EXPECT,expect) $(call given,REGISTER,register) $(call given,TSA_CA,tsa-ca)

replay: $(READY)     ## run an evidence bag again: BAG= and EXPECT= or REGISTER= (or UNVERIFIED=1), WHEELS= CURRENT=1
	@$(call needs,BAG,a zip or folder under evidence/)$(PY) -m helpers replay $(if $(BAG),'$(BAG)') $(call given,EXPECT,expect) $(call given,REGISTER,register) \
		$(if $(UNVERIFIED),--unverified) $(call given,WHEELS,wheels) $(if $(CURRENT),--current) $(call given,JOBS,jobs)

compare: $(READY)    ## editions, scenarios or bags side by side: A= B= C='…' CSV=, or PLAN=
	@$(PY) -m helpers compare $(if $(A),'$(A)') $(if $(B),'$(B)') $(if $(C),$(C)) $(call given,PLAN,plan) $(call given,YEAR,year) \
		$(call given,KNOWN_BY,known-by) $(call given,CSV,csv) $(if $(PLAN),$(call given,REPORT_LANG,report-lang))

overview: $(if $(VENV),.venv/.overview)  ## a province in one view: PLANS='params/county-*' YEAR= KNOWN_BY= FILE= what is declared
	@$(call needs,PLANS,a pattern of folders)$(PY) -m helpers overview $(call given,PLANS,plans) $(call given,YEAR,year) $(call given,KNOWN_BY,known-by) \
		$(call given,REPORT_LANG,report-lang) $(call given,FILE,file)

pdf: $(READY)        ## print an assessment to PDF: PLAN= YEAR= KNOWN_BY=
	@$(HANDOUT)

docx: $(READY)       ## an assessment as a Word document: PLAN= YEAR= KNOWN_BY=
	@$(HANDOUT)

brief: $(READY)      ## one A4 page of an assessment: PLAN= YEAR= KNOWN_BY=
	@$(HANDOUT)

notebooks: $(READY)  ## execute the committed notebooks again, on the example plan
	@$(PY) -m helpers refresh $(call given,ENGINE,engine)

lab: $(READY)        ## open copies of the notebooks in JupyterLab, under scratch/; with PLAN= INDICATOR= one of them, filled in
	@$(if $(INDICATOR),$(call needs,PLAN,the plan of the indicator))mkdir -p scratch/lab && cp -n notebooks/lab/*.ipynb scratch/lab/; page=scratch/lab; $(if $(INDICATOR),page=$$($(PY) -m helpers open '$(PLAN)' '$(INDICATOR)' $(call given,YEAR,year) \
		$(call given,KNOWN_BY,known-by) $(call given,SCENARIO,scenario)) || exit $$?;) \
		JUPYTER_PREFER_ENV_PATH=1 JUPYTER_CONFIG_PATH=tools/jupyter ASSESSMENT_LIVE=1 $(PY) -m jupyterlab --ServerApp.root_dir=. --LabApp.default_url="/lab/tree/$$page" $(ARGS)

new-plan: $(READY)   ## a plan of another place: PLAN=, FILE= a filled workbook (FORM= writes an empty one); FROM= the plan it follows
	@$(PY) -m helpers new-plan $(if $(PLAN),'$(PLAN)') $(call given,FROM,from) $(call given,FILE,file) $(call given,FORM,form)

docs: $(READY)       ## the documents as a site, site/index.html, without network
	@$(PY) -m mkdocs build --quiet --clean
	@echo open site/index.html

test: $(READY)       ## the tests that answer in minutes, notebooks included; ARGS= chooses
	@$(PY) -m pytest $(or $(ARGS),$(SPREAD) -m 'not slow')

test-all: $(READY)   ## the slow tests too, with coverage and its floor
	@$(PY) -m pytest $(SPREAD) $(COV) $(ARGS)

lint: $(if $(VENV),.venv/.lint)  ## the sources' style, format and types: ruff and mypy
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check --quiet .
	@$(PY) -m mypy

audit: $(READY)      ## known weaknesses of the locked packages, where somebody can be asked
	@PATH="$(if $(filter uv,$(UV)),,$(dir $(UV)):)$$PATH" $(PY) tools/audit.py

bench-quality: $(READY)  ## quality of forecasts and chances, cross-validated
	@$(PY) benchmarks/quality.py $(if $(DATA),'$(DATA)')

bench-speed: $(READY)  ## what a notebook costs, beside papermill and others; ARGS=
	@$(PY) benchmarks/speed.py $(ARGS)

bench-faults: $(READY)  ## killed runs, full disks, dead workers; ARGS=
	@$(PY) benchmarks/faults.py $(ARGS)

bench-tamper: $(READY)  ## faults planted in a bag (BAG=), found or missed
	@$(call needs,BAG,a bag)$(PY) benchmarks/tamper.py '$(BAG)'

font: $(READY)       ## make the report's font subset again
	@$(PY) tools/make_font.py

lock:                ## lock the dependencies again after a change in pyproject.toml
	uv lock $(ARGS)
	{ echo '# One truth: pyproject.toml -> uv.lock -> this file. Made by `make lock`:'; \
	  echo '#   $(EXPORT)'; \
	  $(EXPORT); } > requirements.lock.new
	cmp -s requirements.lock.new requirements.lock || cp requirements.lock.new requirements.lock
	rm requirements.lock.new
	{ echo '# What runs an assessment, of requirements.lock; made by `make lock`:'; \
	  echo '#   $(RUNTIME)'; \
	  $(RUNTIME); } > requirements-runtime.lock
	{ echo '# What `make lint` needs beside requirements.lock; made by `make lock`:'; \
	  echo '#   $(LINTERS)'; \
	  $(LINTERS); } > requirements-lint.lock
	{ echo '# What `make overview` writes Parquet with; made by `make lock`:'; \
	  echo '#   $(OVERVIEW)'; \
	  $(OVERVIEW) | awk '/^[^ ]/ { ours = /^duckdb==/ } ours'; } > requirements-overview.lock
	@$(MAKE) test ARGS=tests/test_environment.py

clean:               ## remove editions and caches; .venv stays
	rm -rf data/processed/* scratch site .cache .coverage .coverage.* .pytest_cache .hypothesis htmlcov
	find . \( -name .git -o -name .venv \) -prune -o \
		\( -name __pycache__ -o -name .ipynb_checkpoints \) -prune -exec rm -rf {} +

help:                ## print this list
	@echo "make VERB [VARIABLE=value ...]"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-15s%s\n", $$1, $$2 }' Makefile
