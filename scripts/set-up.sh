#!/usr/bin/env bash
# Installs missing tools for builds and tests, and prints each step.
#
#   scripts/set-up.sh page        tools for the page: the wasm32 target, Trunk, wasm-bindgen, wasm-split-cli, wasm-opt
#   scripts/set-up.sh tests       these, and tools for tests: Node's packages, Chromium, Firefox, OpenSSH, schemathesis
#   scripts/set-up.sh api         schemathesis, for the tests of the API; prints its folder
#   scripts/set-up.sh valgrind    valgrind, by which instructions are counted (Linux)
#   scripts/set-up.sh check       cargo-machete, for the check of dependencies; prints its folder
#   scripts/set-up.sh databricks  Java and Spark, for the tests of the Python module; prints the folder of its Python
#   scripts/set-up.sh peers       other makers of test data, each in an environment of its own, and Java; prints their folder
#   scripts/set-up.sh wheels      maturin, zig and Rust's library for both processors, for the wheels
#   scripts/set-up.sh sshd        OpenSSH's server and client; no service is started
#
# Without missing tools it takes a second. Tools are installed into a folder in the user's cache; installed tools are never
# replaced. The paths are written to set-up.env, or wheels.env, in cargo's target folder, for the recipes of the Makefile.
#
# On most machines rustup installs targets of Rust, and Trunk is a downloaded program. If their servers cannot be reached,
# or with CI=true, Debian's packages and cargo are used; docs/building.md describes the difference.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly TRUNK_VERSION=0.21.14
readonly BINARYEN_VERSION=132.0.0
readonly WASM_SPLIT_VERSION=0.2.4
readonly MACHETE_VERSION=0.9.2
readonly CACHE="${XDG_CACHE_HOME:-$HOME/.cache}/btcfake"
readonly TOOLS="$CACHE/tools"
readonly TARGET="${CARGO_TARGET_DIR:-target}"
readonly ENVIRONMENT="$TARGET/set-up.env"

say() { printf 'set-up: %s\n' "$*" >&2; }
die() { printf 'set-up: %s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif have sudo; then sudo "$@"; else
    die "this needs root: $*"
  fi
}

debian_install() {
  have apt-get || die "cannot install $* here: install it by hand and call again"
  say "installing $* (apt-get)"
  local log
  log=$(mktemp)
  if ! { as_root apt-get -qq update &&
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends "$@"; } \
    >"$log" 2>&1; then
    cat "$log" >&2
    die "could not install $*"
  fi
  rm -f "$log"
}

# ---- Rust and its targets ------------------------------------------------------------------------------------------

has_target() { # has_target TARGET RUSTC...
  local target=$1 libraries
  shift
  libraries=$("$@" --print target-libdir --target "$target" 2>/dev/null) || return 1
  compgen -G "$libraries/libstd-*.rlib" >/dev/null
}

ensure_rust() {
  have cargo || die "cargo is missing: install Rust as https://rustup.rs says (one command), then call again"
}

ensure_target() { # ensure_target TARGET: sets toolchain to the one that has it, empty for the usual one
  toolchain=
  if has_target "$1" rustc; then return; fi
  if [ "${CI:-}" != true ] && have rustup; then
    say "adding the target $1 (rustup)"
    if timeout 300 rustup target add "$1" >&2; then return; fi
    say "rustup could not add it; Debian's Rust is next"
  fi
  debian_toolchain "$1"
}

ensure_wasm_target() {
  ensure_target wasm32-unknown-unknown
  WASM_TOOLCHAIN=$toolchain
}

# Debian ships rustc with the source of its library, but no compiled library of other targets. It is built here, once.
debian_toolchain() {
  if ! has_target "$1" /usr/bin/rustc; then
    debian_install rustc-web cargo-web rust-web-src lld-22
    have rust-lld || as_root ln -sf /usr/bin/lld-22 /usr/bin/rust-lld
    say "building the standard library for $1 (half a minute)"
    build_library "$1"
  fi
  if ! rustup toolchain list 2>/dev/null | grep -q '^web'; then rustup toolchain link web /usr; fi
  toolchain=web
}

build_library() {
  local target=$1 work libraries
  work=$(mktemp -d)
  libraries=$(/usr/bin/rustc --print target-libdir --target "$target")
  mkdir "$work/src"
  printf '#![no_std]\n' >"$work/src/lib.rs"
  printf '[package]\nname = "nothing"\nversion = "0.0.0"\nedition = "2024"\n[workspace]\n' >"$work/Cargo.toml"
  # As in Rust's own build, the crate panic_abort is compiled with panic=abort.
  printf '%s\n' '#!/bin/sh' 'case " $* " in *" --crate-name panic_abort "*) set -- "$@" -Cpanic=abort ;; esac' \
    'exec /usr/bin/rustc "$@"' >"$work/rustc"
  chmod +x "$work/rustc"
  (
    cd "$work"
    RUSTC="$work/rustc" RUSTC_BOOTSTRAP=1 RUSTFLAGS=-Cembed-bitcode=yes CARGO_TARGET_DIR="$work/target" \
      /usr/bin/cargo build --quiet --release --target "$target" -Zbuild-std=std,panic_abort,proc_macro
  ) >&2
  as_root mkdir -p "$libraries"
  find "$work/target/$target/release/deps" -name '*.rlib' ! -name 'libnothing*' -exec cp {} "$work/" \;
  as_root cp "$work"/*.rlib "$libraries/"
  rm -rf "$work"
}

# ---- Trunk, wasm-bindgen, wasm-split-cli, wasm-opt -----------------------------------------------------------------

locked_version() { # locked_version CRATE: the version that Cargo.lock names
  awk -v crate="\"$1\"" '$1 == "name" && $3 == crate { getline; gsub(/"/, "", $3); print $3; exit }' Cargo.lock
}

trunk_asset() { # the name of Trunk's ready-made program for this machine, or nothing
  case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) echo trunk-x86_64-unknown-linux-gnu.tar.gz ;;
    Linux-aarch64) echo trunk-aarch64-unknown-linux-gnu.tar.gz ;;
    Darwin-x86_64) echo trunk-x86_64-apple-darwin.tar.gz ;;
    Darwin-arm64) echo trunk-aarch64-apple-darwin.tar.gz ;;
  esac
}

ensure_trunk() {
  readonly TRUNK_ROOT="$TOOLS/trunk-$TRUNK_VERSION"
  [ -x "$TRUNK_ROOT/bin/trunk" ] && return
  local asset
  asset=$(trunk_asset)
  if [ "${CI:-}" != true ] && [ -n "$asset" ] && have curl; then
    say "downloading Trunk $TRUNK_VERSION"
    mkdir -p "$TRUNK_ROOT/bin"
    if curl -fsSL --connect-timeout 10 --max-time 300 \
      "https://github.com/trunk-rs/trunk/releases/download/v$TRUNK_VERSION/$asset" | tar -xz -C "$TRUNK_ROOT/bin"; then
      return
    fi
    rm -rf "$TRUNK_ROOT"
  fi
  say "building Trunk $TRUNK_VERSION (some minutes, once)"
  CARGO_PROFILE_DEV_DEBUG=0 CARGO_TARGET_DIR="$CACHE/build" \
    cargo install --quiet --locked --profile dev --root "$TRUNK_ROOT" "trunk@$TRUNK_VERSION" >&2
  rm -rf "$CACHE/build"
}

ensure_wasm_bindgen() {
  local version
  version=$(locked_version wasm-bindgen)
  [ -n "$version" ] || die "Cargo.lock names no wasm-bindgen"
  readonly WASM_BINDGEN_ROOT="$TOOLS/wasm-bindgen-$version"
  [ -x "$WASM_BINDGEN_ROOT/bin/wasm-bindgen" ] && return
  say "building wasm-bindgen $version (two minutes, once)"
  CARGO_PROFILE_DEV_DEBUG=0 CARGO_TARGET_DIR="$CACHE/build" \
    cargo install --quiet --profile dev --root "$WASM_BINDGEN_ROOT" "wasm-bindgen-cli@$version" >&2
  rm -rf "$CACHE/build"
}

ensure_wasm_split() {
  readonly WASM_SPLIT_ROOT="$TOOLS/wasm-split-$WASM_SPLIT_VERSION"
  [ -x "$WASM_SPLIT_ROOT/bin/wasm-split-cli" ] && return
  say "building wasm-split-cli $WASM_SPLIT_VERSION (a minute, once)"
  CARGO_PROFILE_DEV_DEBUG=0 CARGO_TARGET_DIR="$CACHE/build" \
    cargo install --quiet --locked --profile dev --features build-binary --root "$WASM_SPLIT_ROOT" \
    "wasm_split_cli_support@$WASM_SPLIT_VERSION" >&2
  rm -rf "$CACHE/build"
}

ensure_node() {
  if ! have node || ! have npm; then
    if have brew; then brew install --quiet node >&2; else debian_install nodejs npm; fi
  fi
}

ensure_wasm_opt() {
  readonly BINARYEN_ROOT="$TOOLS/binaryen-$BINARYEN_VERSION"
  [ -x "$BINARYEN_ROOT/node_modules/.bin/wasm-opt" ] && return
  if [ "${CI:-}" != true ] && ! have npm; then
    say "no npm here: Trunk will download wasm-opt by itself"
    TRUNK_MAY_DOWNLOAD=yes
    return
  fi
  ensure_node
  say "installing wasm-opt (npm's binaryen $BINARYEN_VERSION)"
  npm install --silent --no-fund --no-audit --prefix "$BINARYEN_ROOT" "binaryen@$BINARYEN_VERSION" >&2
}

# ---- Tools for tests -----------------------------------------------------------------------------------------------

ensure_browser_packages() {
  ensure_node
  local stamp=tests/browser/node_modules/.package-lock.json
  if [ ! -e "$stamp" ] || [ tests/browser/package-lock.json -nt "$stamp" ]; then
    say "installing the browser tests' packages (npm)"
    npm ci --silent --no-fund --no-audit --prefix tests/browser >&2
    touch "$stamp"
  fi
}

find_chromium() {
  local candidate
  for candidate in "${CHROMIUM:-}" chromium-headless-shell chromium chromium-browser google-chrome google-chrome-stable \
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" \
    "/Applications/Chromium.app/Contents/MacOS/Chromium"; do
    [ -n "$candidate" ] && command -v "$candidate" 2>/dev/null && return
  done
  (cd tests/browser && node -e 'const p = require("playwright-core").chromium.executablePath();
    if (require("node:fs").existsSync(p)) console.log(p); else process.exit(1)') 2>/dev/null
}

# The headless shell is Chromium without windows: the tests take two thirds of the processor time in it.
ensure_chromium() {
  [ "${CI:-}" != true ] || have chromium-headless-shell || debian_install chromium-headless-shell
  CHROMIUM=$(find_chromium) && return
  if [ "${CI:-}" != true ]; then
    say "downloading a Chromium for the tests (Playwright)"
    (cd tests/browser && timeout 600 npx playwright-core install chromium >&2) || true
    CHROMIUM=$(find_chromium) && return
  fi
  debian_install chromium
  CHROMIUM=$(find_chromium) || die "no Chromium found: install one, or name it in CHROMIUM"
}

find_firefox() {
  local candidate
  for candidate in "${FIREFOX:-}" firefox-esr firefox "/Applications/Firefox.app/Contents/MacOS/firefox"; do
    [ -n "$candidate" ] && command -v "$candidate" 2>/dev/null && return
  done
  return 1
}

ensure_firefox() {
  FIREFOX=$(find_firefox) && return
  debian_install firefox-esr
  FIREFOX=$(find_firefox) || die "no Firefox found: install one, or name it in FIREFOX"
}

find_sshd() { PATH="$PATH:/usr/sbin:/usr/local/sbin" command -v sshd; }

# The tests start their own sshd on a high port of loopback. Debian's package would start a public one during installation,
# unless policy-rc.d forbids it.
ensure_sshd() {
  if find_sshd >/dev/null && have sftp; then return; fi
  local policy=/usr/sbin/policy-rc.d ours=
  if have apt-get && [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod 755 "$policy"
    ours=yes
  fi
  local failed=
  (debian_install openssh-server openssh-client) || failed=yes
  if [ -n "$ours" ]; then
    as_root rm -f "$policy"
    # It must not start at the next boot either.
    if have systemctl; then as_root systemctl --quiet disable ssh.service ssh.socket >/dev/null 2>&1 || true; fi
  fi
  if [ -n "$failed" ] || ! find_sshd >/dev/null; then
    die "no sshd here: install OpenSSH's server by hand and call again"
  fi
}

# Sets `python` to a Python that can create virtual environments.
find_python() {
  for python in python3 python3.13 python3.12 python3.11; do
    if have "$python" && "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then break; fi
    python=
  done
  if [ -z "$python" ] || ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    debian_install python3 python3-venv
    python=/usr/bin/python3
  fi
}

folder_for() { # folder_for NAME FILE...: the folder of tools in the versions that files name
  local name=$1 sum
  shift
  sum=$(cat "$@" | cksum | cut -d' ' -f1)
  echo "$TOOLS/$name-$sum"
}

install_hashed() { # install_hashed ENVIRONMENT OPTION...: packages in the versions that a file names with their hashes
  local environment=$1
  shift
  "$environment/bin/pip" install --quiet --disable-pip-version-check --require-hashes --only-binary :all: "$@" >&2
}

install_requirements() { # install_requirements FOLDER WHAT FILE: a virtual environment with the packages of FILE, once
  local python
  [ -e "$1/installed" ] && return
  find_python
  say "installing $2 (pip)"
  rm -rf "$1"
  "$python" -m venv "$1"
  install_hashed "$1" --requirement "$3"
  touch "$1/installed"
}

ensure_schemathesis() {
  local requirements=tests/api/requirements.txt
  SCHEMATHESIS_ROOT=$(folder_for schemathesis "$requirements")
  install_requirements "$SCHEMATHESIS_ROOT" schemathesis "$requirements"
}

ensure_java() {
  if java -version >/dev/null 2>&1; then return; fi
  if have brew; then brew install --quiet openjdk@17 >&2; else debian_install openjdk-17-jre-headless; fi
}

install_sources() { # install_sources FOLDER WHAT FILE PACKAGE: as install_requirements, with one package that comes as source
  local packing=tests/databricks/packing.txt python
  [ -e "$1/installed" ] && return
  find_python
  say "installing $2 (pip)"
  rm -rf "$1"
  "$python" -m venv "$1"
  install_hashed "$1" --requirement "$packing"
  install_hashed "$1" --no-binary "$4" --no-build-isolation --requirement "$3"
  touch "$1/installed"
}

# Spark and maturin.
ensure_spark() {
  local requirements=tests/databricks/requirements.txt
  SPARK_ROOT=$(folder_for spark "$requirements" tests/databricks/packing.txt)
  install_sources "$SPARK_ROOT" "Spark, half a gigabyte" "$requirements" pyspark
}

# What BTC Fake is compared with.
ensure_peers() {
  local name
  PEERS_ROOT=$(folder_for peers tests/peers/*.txt)
  for name in duckdb faker mimesis notebook; do
    install_requirements "$PEERS_ROOT/$name" "$name" "tests/peers/$name.txt"
  done
  install_sources "$PEERS_ROOT/snowfakery" snowfakery tests/peers/snowfakery.txt python-baseconv
  install_sources "$PEERS_ROOT/dbldatagen" "dbldatagen with Spark, half a gigabyte" tests/peers/dbldatagen.txt pyspark
}

# maturin and zig, by which the wheels are linked for older systems, in the versions of scripts/wheels.txt.
ensure_maturin() {
  local requirements=scripts/wheels.txt
  MATURIN_ROOT=$(folder_for maturin "$requirements")
  install_requirements "$MATURIN_ROOT" "maturin and zig" "$requirements"
}

# What scripts/wheels.sh reads: the folder of maturin, and the toolchain of each processor.
ensure_wheels() {
  local machine toolchain
  ensure_rust
  ensure_maturin
  mkdir -p "$TARGET"
  # shellcheck disable=SC2016  # The reader of the file expands its own PATH.
  printf 'export PATH="%s:$PATH"\n' "$MATURIN_ROOT/bin" >"$TARGET/wheels.env"
  for machine in x86_64 aarch64; do
    ensure_target "$machine-unknown-linux-gnu"
    printf 'TOOLCHAIN_%s=%s\n' "$machine" "$toolchain" >>"$TARGET/wheels.env"
  done
}

# valgrind runs on Linux; elsewhere instructions are not counted.
ensure_valgrind() { have valgrind || [ "$(uname -s)" != Linux ] || debian_install valgrind; }

# cargo-machete finds unused dependencies.
ensure_machete() {
  readonly MACHETE_ROOT="$TOOLS/cargo-machete-$MACHETE_VERSION"
  [ -x "$MACHETE_ROOT/bin/cargo-machete" ] && return
  say "building cargo-machete $MACHETE_VERSION (two minutes, once)"
  CARGO_PROFILE_DEV_DEBUG=0 CARGO_TARGET_DIR="$CACHE/build" \
    cargo install --quiet --locked --profile dev --root "$MACHETE_ROOT" "cargo-machete@$MACHETE_VERSION" >&2
  rm -rf "$CACHE/build"
}

# ---- Paths of the tools --------------------------------------------------------------------------------------------

browser() { # browser NAME: the line for a browser: the one found now, else the one that an earlier call for the tests found
  if [ -n "${!1:-}" ]; then printf 'export %s=%q\n' "$1" "${!1}"; else grep "^export $1=" "$ENVIRONMENT" 2>/dev/null || true; fi
}

write_environment() {
  mkdir -p "$TARGET"
  local new
  # A name of its own: two recipes may set up at a time.
  new=$(mktemp "$ENVIRONMENT.XXXXXX")
  {
    # shellcheck disable=SC2016  # The reader of the file expands its own PATH.
    printf 'export PATH="%s:%s:%s:%s:$PATH"\n' \
      "$TRUNK_ROOT/bin" "$WASM_BINDGEN_ROOT/bin" "$WASM_SPLIT_ROOT/bin" "$BINARYEN_ROOT/node_modules/.bin"
    [ -n "${TRUNK_MAY_DOWNLOAD:-}" ] || printf 'export TRUNK_OFFLINE=true\n'
    [ -z "${WASM_TOOLCHAIN:-}" ] || printf 'export WASM_TOOLCHAIN=%q\n' "$WASM_TOOLCHAIN"
    browser CHROMIUM
    browser FIREFOX
  } >"$new"
  mv "$new" "$ENVIRONMENT"
}

ensure_page() { ensure_rust; ensure_wasm_target; ensure_trunk; ensure_wasm_bindgen; ensure_wasm_split; ensure_wasm_opt; }
ensure_tests() { ensure_page; ensure_browser_packages; ensure_chromium; ensure_firefox; ensure_sshd; ensure_schemathesis; ensure_machete; }

case "${1:-}" in
  page) ensure_page ;;
  tests) ensure_tests ;;
  check) ensure_rust; ensure_machete; echo "$MACHETE_ROOT"; exit ;;
  api) ensure_schemathesis; echo "$SCHEMATHESIS_ROOT"; exit ;;
  databricks) ensure_rust; ensure_java; ensure_spark; echo "$SPARK_ROOT"; exit ;;
  peers) ensure_rust; ensure_java; ensure_peers; echo "$PEERS_ROOT"; exit ;;
  wheels) ensure_wheels; exit ;;
  valgrind) ensure_valgrind; exit ;;
  sshd) ensure_sshd; exit ;;
  *) die "usage: scripts/set-up.sh page|check|tests|api|databricks|peers|wheels|valgrind|sshd" ;;
esac
write_environment
