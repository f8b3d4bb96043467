#!/usr/bin/env bash
# Tests the Python module with real Spark on loopback, classic and by Spark Connect: make databricks-tests.
#
#   scripts/databricks-tests.sh VENV BTCFAKE    an environment as set-up.sh makes it, and the native program
#
# The module is built by the development profile, whose build of the core the native tests share.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly VENV=$1 BTCFAKE=$2
TARGET=$(realpath -m "${CARGO_TARGET_DIR:-target}")/databricks
readonly TARGET
mkdir -p "$TARGET"

echo "building the Python module"
export CARGO_TARGET_DIR="${TARGET%/databricks}"
rm -rf "$TARGET/wheels" "$TARGET/site"
"$VENV/bin/maturin" build --quiet --locked --profile dev --manifest-path databricks/Cargo.toml --out "$TARGET/wheels" \
  >"$TARGET/build.log" 2>&1 || { cat "$TARGET/build.log" >&2; exit 1; }
"$VENV/bin/pip" install --quiet --disable-pip-version-check --no-index --no-deps --target "$TARGET/site" "$TARGET"/wheels/*.whl

echo "checking the Python package with ruff and mypy"
"$VENV/bin/ruff" check --quiet --no-cache databricks tests/databricks
"$VENV/bin/ruff" format --quiet --no-cache --check databricks tests/databricks
MYPYPATH=databricks/python "$VENV/bin/mypy" --config-file databricks/pyproject.toml --cache-dir "$TARGET/mypy" \
  databricks/python/btcfake | grep -v '^Success' || [ "${PIPESTATUS[0]}" = 0 ]

echo "testing inside Spark, classic and by Spark Connect"
export BTCFAKE PYTHONPATH="$TARGET/site" PYTHONDONTWRITEBYTECODE=1
"$VENV/bin/python" tests/databricks/one_spark.py "$TARGET" --quiet >"$TARGET/tests.log" 2>&1 || { cat "$TARGET/tests.log" >&2; exit 1; }
