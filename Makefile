# BTC Fake's commands. Each installs the tools that it needs and prints its steps.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
# Two recipes share make's job server. Cargo and rustc in them have none of its files, and would warn of that.
unexport MAKEFLAGS MFLAGS

TARGET := $(or $(CARGO_TARGET_DIR),target)
TOOLS := $(TARGET)/set-up.env
TESTS := tests/browser/*.test.js
PAGE_SOURCES := $(shell find core/src web -type f) Cargo.toml Cargo.lock core/Cargo.toml index.html Trunk.toml scripts/finish-page.sh
BINARY_SOURCES := $(shell find core/src helper -type f) Cargo.toml Cargo.lock core/Cargo.toml

# Builds the program. With the dependencies of two tests, cargo's units equal those of `cargo test`, so nothing is compiled twice.
PROGRAM := cargo build --quiet --locked --bin btcfake --test recipe --test rooms

.PHONY: help serve build page wheels test program-tests other-tests check counts native-tests api-tests databricks-tests wasm-tests browser-tests pictures bench bench-peers clean

help: ## List the commands.
	@echo "BTC Fake: make COMMAND, with one of"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

serve: build ## Build everything and serve the page at http://127.0.0.1:8787 (without .env: with the sandbox).
	@$(TARGET)/release/btcfake serve --open $$([ -e .env ] || echo --sandbox)

build: page $(TARGET)/release/btcfake ## Build the page and the program that carries it (target/release/btcfake).
	@echo "built: $(TARGET)/release/btcfake"

page: dist/index.html ## Build the page alone, into dist/, for any web server.

dist/index.html: $(PAGE_SOURCES)
	@scripts/set-up.sh page
	@echo "building the page (a minute or two, the first time)"
	@source $(TOOLS); RUSTUP_TOOLCHAIN=$${WASM_TOOLCHAIN:-$${RUSTUP_TOOLCHAIN:-}}; \
	  if [ -n "$$RUSTUP_TOOLCHAIN" ]; then export RUSTUP_TOOLCHAIN; else unset RUSTUP_TOOLCHAIN; fi; \
	  offline=$${TRUNK_OFFLINE:+--offline}; unset NO_COLOR TRUNK_OFFLINE; \
	  trunk build --release --skip-version-check $$offline
	@touch $@

$(TARGET)/release/btcfake: dist/index.html $(BINARY_SOURCES)
	@echo "building the program"
	@cargo build --quiet --release --locked -p btcfake
	@touch $@

wheels: dist/index.html ## Build the Python wheels for Linux on x86_64 and aarch64, into wheels/: the program, and the package for Databricks.
	@scripts/set-up.sh wheels
	@scripts/wheels.sh

# Many steps keep one processor busy, or wait: so two go side by side. The browsers' tests have little beside them.
test: ## Pass all tests: format, lints, docs, core, command line, server, API, wasm, Spark, the page in Chromium and Firefox.
	@scripts/set-up.sh tests
	@$(MAKE) --no-print-directory check
	@$(MAKE) --no-print-directory --jobs=2 program-tests page
	@$(MAKE) --no-print-directory --jobs=2 browser-tests other-tests
	@echo "all tests passed"

# A make of its own takes its steps in order, and ends with the first that fails.
program-tests:
	@$(MAKE) --no-print-directory native-tests databricks-tests

other-tests:
	@$(MAKE) --no-print-directory wasm-tests api-tests counts

check: ## Check format, lints, docs, dependencies and the direction of imports.
	@machete=$$(scripts/set-up.sh check); \
	  echo "checking that every dependency is used"; \
	  "$$machete/bin/cargo-machete" --skip-target-dir . >/dev/null || "$$machete/bin/cargo-machete" --skip-target-dir .
	@echo "checking the format"
	@cargo fmt --all --check
	@echo "checking with clippy"
	@cargo clippy --quiet --locked --workspace --all-targets -- -D warnings
	@echo "checking the docs"
	@RUSTDOCFLAGS="-D warnings" cargo doc --quiet --locked --workspace --no-deps --document-private-items
	@echo "checking the direction of imports"
	@cargo test --quiet --locked --test rooms --test purity --test recipe

# Most tests of the helper wait for a network, so more run in parallel than there are processors. The page's functions are tested
# with a core that compiles quickly.
native-tests: ## Test core, command line, server, and the page's functions that need no browser.
	@echo "testing natively"
	@RUST_TEST_THREADS=$$((4 * $$(getconf _NPROCESSORS_ONLN))) cargo test --quiet --locked
	@cargo test --quiet --locked -p btcfake-web --lib --config profile.dev.package.btcfake-core.opt-level=0

api-tests: ## Test the API against its own description, with schemathesis.
	@schemathesis=$$(scripts/set-up.sh api); \
	  echo "testing the API"; \
	  $(PROGRAM); \
	  $$schemathesis/bin/python tests/api/check_api.py $(abspath $(TARGET))/debug/btcfake

# The development profile: what the tests have compiled is measured, with the core at -O1, where a release build would cost CI
# minutes.
counts: ## Compare the instructions of four runs with the recorded counts (RECORD=yes records new ones).
	@scripts/set-up.sh valgrind
	@echo "counting instructions"
	@$(PROGRAM)
	@scripts/count-instructions.py $(TARGET)/debug/btcfake $(if $(RECORD),--record)

databricks-tests: ## Test the Python module with real Spark, classic and by Spark Connect.
	@spark=$$(scripts/set-up.sh databricks); \
	  $(PROGRAM); \
	  scripts/databricks-tests.sh "$$spark" $(abspath $(TARGET))/debug/btcfake

# Two tests run here, and compiling an optimised core for them would take longer than they do without.
wasm-tests: ## Test that wasm gives the same bytes.
	@scripts/set-up.sh page
	@echo "testing in wasm"
	@source $(TOOLS); RUSTUP_TOOLCHAIN=$${WASM_TOOLCHAIN:-$${RUSTUP_TOOLCHAIN:-}}; \
	  if [ -n "$$RUSTUP_TOOLCHAIN" ]; then export RUSTUP_TOOLCHAIN; else unset RUSTUP_TOOLCHAIN; fi; \
	  CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER=wasm-bindgen-test-runner \
	  cargo test --quiet --locked --target wasm32-unknown-unknown -p btcfake-tests --test digests \
	    --config profile.dev.package.btcfake-core.opt-level=0

browser-tests: dist/index.html ## Test the page in headless browsers (TESTS=FILE for one file).
	@scripts/set-up.sh tests
	@echo "testing the page in Chromium and Firefox"
	@$(PROGRAM)
	@source $(TOOLS); BTCFAKE=$(abspath $(TARGET))/debug/btcfake node --test --test-concurrency=2 --test-timeout=900000 $(TESTS)

pictures: dist/index.html ## Take the pictures of the guides anew, from the real page.
	@scripts/set-up.sh tests
	@$(PROGRAM)
	@source $(TOOLS); BTCFAKE=$(abspath $(TARGET))/debug/btcfake node tests/browser/pictures.js

bench: dist/index.html ## Measure the core, the commands at up to 10 million employees, a live run and the page (SIZES=2000,100000 for others).
	@cargo bench --quiet --locked -p btcfake-core
	@echo "building the program"
	@cargo build --quiet --release --locked -p btcfake
	@scripts/bench.py $(TARGET)/release/btcfake $(if $(SIZES),--sizes $(SIZES))
	@scripts/measure-a-live-run.sh
	@scripts/set-up.sh tests
	@source $(TOOLS); BTCFAKE=$(abspath $(TARGET))/release/btcfake node tests/browser/measure.js

bench-peers: ## Compare the program with other makers of test data at the same job.
	@peers=$$(scripts/set-up.sh peers); \
	  echo "building the program"; \
	  cargo build --quiet --release --locked -p btcfake; \
	  scripts/bench-peers.py $(TARGET)/release/btcfake "$$peers"

clean: ## Remove what was built (not the tools).
	@cargo clean --quiet
	@rm -rf dist
