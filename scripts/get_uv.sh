#!/bin/sh
# Put uv, which manages everything else, into a private environment: .uv/ in this folder.
set -eu
cd "$(dirname "$0")/.."
fail() { printf 'error: %s\n  mend: %s\n' "$1" "$2" >&2; exit 2; }

python=""
for candidate in python3 python3.13 python3.12 python3.11 python3.10 python3.9 python3.8 python; do
    if command -v "$candidate" >/dev/null 2>&1 &&
        "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 8))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
[ -n "$python" ] || fail "no Python 3.8 or newer was found" "install one (Debian: apt-get install python3-venv), then run the command again"

echo "• Getting uv, which manages the rest (once) …"
rm -rf .uv
if "$python" -m venv .uv >/dev/null 2>&1; then
    .uv/bin/python -m pip install --quiet --disable-pip-version-check uv ||
        fail "uv could not be installed" "check the connection to the Python package index, then run the command again"
elif "$python" -m pip install --quiet --disable-pip-version-check --target .uv/lib uv; then
    mkdir -p .uv/bin
    ln -s ../lib/bin/uv .uv/bin/uv
else
    rm -rf .uv
    fail "neither venv nor pip works with $python" "install them (Debian: apt-get install python3-venv), then run the command again"
fi
