#!/usr/bin/env bash
# Trunk's hook after a build: adds a hash to the names of the two files of the worker's program, in index.html as well. Trunk
# itself does so for the page's program only.
set -euo pipefail
cd "$TRUNK_STAGING_DIR"

sha256() { if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi; }

hash=$(cat btcfake-worker.js btcfake-worker_bg.wasm | sha256 | cut -c 1-16)
# Their content is not changed: one loads the other by a name inside.
mv btcfake-worker.js "btcfake-worker-$hash.js"
mv btcfake-worker_bg.wasm "btcfake-worker-${hash}_bg.wasm"
sed "s/btcfake-worker\(_bg\)\{0,1\}\./btcfake-worker-${hash}\1./g" index.html >index.html.new
mv index.html.new index.html
