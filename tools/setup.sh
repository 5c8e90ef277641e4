#!/bin/sh
# Makes .venv from requirements.lock; `make` calls it from the repository root. Named another lock,
# it adds what that holds to the .venv there is.
# PYTHON= names the interpreter; UV= (empty) or no uv on PATH means pip.
#
# .venv/.ready is written last: an environment without it is made again from nothing.
set -eu

oldest=3.11   # requires-python in pyproject.toml
env=.venv
python=${PYTHON:-}
uv=${UV-uv}

fail() { echo "setup: $*" >&2; exit 1; }
new_enough() {
    "$1" -c "import sys; sys.exit(sys.version_info < tuple(map(int, '$oldest'.split('.'))))" 2>/dev/null
}

# A caller's settings may say how to reach an index (proxy, mirror, certificates: the hashes
# hold whatever the mirror), but not where the packages go.
unset PYTHONPATH PYTHONHOME VIRTUAL_ENV CONDA_PREFIX UV_SYSTEM_PYTHON UV_PYTHON
unset PIP_TARGET PIP_PREFIX PIP_ROOT PIP_CONSTRAINT PIP_REQUIREMENT PIP_NO_DEPS PIP_DRY_RUN
export PIP_USER=0 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONNOUSERSITE=1

if [ -n "$python" ]; then
    new_enough "$python" || fail "PYTHON=$python is not Python $oldest or newer; name another, or none"
fi

# What is installed without resolving is asked afterwards whether anything is missing.
complete() {
    told=$("$@" 2>&1) || fail "requirements.lock does not fit this Python or system:
$told
remove $env, name another Python with PYTHON=, or run \`make lock\`"
}

with_uv() {
    echo "setup: making $env with uv"
    rm -rf "$env"
    "$uv" venv --quiet ${python:+--python "$python"} "$env"
    "$uv" pip sync --quiet --require-hashes --compile-bytecode \
        --python "$env/bin/python" requirements.lock
    complete "$uv" pip check --python "$env/bin/python"
}

with_pip() {
    if [ -z "$python" ]; then
        for python in python3 python3.14 python3.13 python3.12 python3.11; do
            new_enough "$python" && break
        done
    fi
    if ! new_enough "$python"; then
        name=python3
        if command -v python3 >/dev/null; then name=python$oldest; fi   # python3 is too old
        fail "Python $oldest or newer is missing; install it with: apt-get install $name $name-venv"
    fi
    "$python" -c "import venv, ensurepip" 2>/dev/null || {
        version=$("$python" -c "import sys; print('%d.%d' % sys.version_info[:2])")
        fail "$python has no venv and ensurepip; install them with: apt-get install python$version-venv"
    }

    echo "setup: making $env with pip (a few minutes the first time)"
    rm -rf "$env"
    "$python" -m venv "$env"
    # The lock is complete, so nothing is resolved: pip before 24 takes an extra (coverage[toml]) as
    # not pinned as soon as an index offers a newer version of it.
    "$env/bin/python" -m pip install --quiet --no-compile --no-deps --require-hashes \
        -r requirements.lock
    complete "$env/bin/python" -m pip check
    # Uncompiled packages triple the cost of a run. A file for another Python may fail: no harm.
    "$env/bin/python" -m compileall -q -j 0 "$env"/lib/python*/site-packages >/dev/null || true
}

if [ $# -gt 0 ]; then
    echo "setup: adding $1 to $env"
    if [ -n "$uv" ] && "$uv" --version >/dev/null 2>&1; then
        "$uv" pip install --quiet --no-deps --require-hashes --python "$env/bin/python" -r "$1"
    elif "$env/bin/python" -m pip --version >/dev/null 2>&1; then
        "$env/bin/python" -m pip install --quiet --no-deps --require-hashes -r "$1"
    else
        fail "$env was made with uv, which is not here now; remove $env, or install uv"
    fi
    name=${1#requirements-}
    touch "$env/.${name%.lock}"
    exit
fi

if [ -n "$uv" ] && "$uv" --version >/dev/null 2>&1; then with_uv; else with_pip; fi

# `import helpers` then works in every kernel without PYTHONPATH. The path is relative, hence
# ASCII: Python 3.11 reads .pth files in the locale, and a Chinese path would fail under LC_ALL=C.
"$env/bin/python" - <<'END'
import os, sysconfig
site = sysconfig.get_path("purelib")
with open(os.path.join(site, "plan_assessment.pth"), "w", encoding="ascii") as pth:
    pth.write(os.path.relpath("src", site) + "\n")
END
# Our own code too: where PYTHONDONTWRITEBYTECODE is set, as in many images, every notebook would
# compile it anew. By content, not by time: what is edited is compiled, however fast.
"$env/bin/python" -m compileall -q --invalidation-mode checked-hash src/helpers || true
touch "$env/.ready"
