#!/usr/bin/env bash
# Builds both wheels for Linux, each for x86_64 and aarch64, into wheels/: make wheels.
#
#   scripts/wheels.sh    after `scripts/set-up.sh wheels`, with the page in dist/
#
# zig links them to glibc 2.28, and maturin refuses a wheel that needs a later one.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=/dev/null
source "${CARGO_TARGET_DIR:-target}/wheels.env"

build() { # build PACKAGE MACHINE
  local toolchain=TOOLCHAIN_$2
  echo "building the wheel of $1/ for $2"
  (
    [ -z "${!toolchain}" ] || export RUSTUP_TOOLCHAIN=${!toolchain}
    maturin build --quiet --locked --zig --target "$2-unknown-linux-gnu" --compatibility manylinux_2_28 \
      --manifest-path "$1/Cargo.toml" --out wheels
  )
}

rm -rf wheels databricks/dist
for machine in x86_64 aarch64; do
  build databricks "$machine"
  build helper "$machine"
done

# From there the bundle takes them.
mkdir databricks/dist
cp wheels/btcfake-*.whl databricks/dist/
ls wheels/*.whl
