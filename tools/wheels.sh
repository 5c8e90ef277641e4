#!/bin/sh
# Keeps the wheels of requirements-runtime.lock beside the bags: wheels/<first 12 of its SHA-256>/,
# one folder a lock. `make wheels` calls it from the repository root; it needs the network once.
#
# Every file is checked against the lock's hashes as it comes; SHA256SUMS says which came.
set -eu

lock=requirements-runtime.lock
digest=$(sha256sum "$lock" | cut -c1-12)
to=${WHEELS:-evidence/wheels/$digest}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# An environment made with uv has no pip.
"$1" -m venv "$scratch/venv"
mkdir -p "$to"
"$scratch/venv/bin/python" -m pip download --quiet --disable-pip-version-check --no-deps \
    --require-hashes --only-binary=:all: --dest "$to" --requirement "$lock"
cp "$lock" "$to/"
(cd "$to" && sha256sum -- *.whl > SHA256SUMS)
echo "$to: $(ls "$to"/*.whl | wc -l) wheels"
