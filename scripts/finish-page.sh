#!/usr/bin/env bash
# Trunk's hook after a build, for what Trunk cannot do. It splits the page's program in two, so that the first view waits only
# for the part that it needs (the rest is in web/src/page/later). It also adds hashes to the names of the files of page and
# worker, in index.html as well.
#
#   scripts/finish-page.sh    called by Trunk, which sets TRUNK_STAGING_DIR and TRUNK_SOURCE_DIR
set -euo pipefail
cd "$TRUNK_STAGING_DIR"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Where Trunk puts a wasm-opt that it downloads by itself.
PATH="$PATH:${XDG_CACHE_HOME:-$HOME/.cache}/trunk/wasm-opt-version_132/bin"
PATH="$PATH:$HOME/Library/Caches/dev.trunkrs.trunk/wasm-opt-version_132/bin"

sha256() { if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi | cut -c 1-16; }

rename_in_index() { # rename_in_index SED_SCRIPT
  sed "$1" index.html >"$work/index.html"
  cp "$work/index.html" index.html
}

# Makes a program small to transfer. Functions are sorted by name: similar ones have names with the same beginning, and compress
# better next to each other. Large functions that are called once are not inlined. No data has an address below 1024, because
# the stack is there.
make_small() { # make_small FROM TO
  wasm-opt -Os --enable-bulk-memory --enable-nontrapping-float-to-int --enable-simd --enable-reference-types --enable-multivalue \
    --low-memory-unused --one-caller-inline-max-function-size=0 --reorder-functions-by-name "$1" -o "$2"
}

# ---- The page's two parts. Trunk's own are those of the program before it is split.
wasm-split-cli "${CARGO_TARGET_DIR:-$TRUNK_SOURCE_DIR/target}/wasm32-unknown-unknown/page/btcfake-web.wasm" "$work/split"
wasm-bindgen --target web --no-typescript --keep-lld-exports --out-dir "$work" --out-name btcfake-web "$work/split/main.wasm"
make_small "$work/btcfake-web_bg.wasm" "$work/web.wasm" &
make_small "$work/split/split_later.wasm" "$work/later.wasm"
wait $!
# The page loads the later part into its memory itself, so the generated loader only has to report that.
loaded='{ __wasm_split_load_later: (report, data) => wasm.__indirect_function_table.get(report)(data, true) }'
sed "s|^import \* as \(.*\) from ['\"]./__wasm_split.js['\"];*$|const \1 = $loaded;|" "$work/btcfake-web.js" >"$work/web.js"
grep -q __wasm_split_load_later "$work/web.js"

hash=$(cat "$work/web.js" "$work/web.wasm" "$work/later.wasm" | sha256)
rm btcfake-web-*.js btcfake-web-*_bg.wasm
cp "$work/web.js" "btcfake-web-$hash.js"
cp "$work/web.wasm" "btcfake-web-${hash}_bg.wasm"
cp "$work/later.wasm" "btcfake-later-$hash.wasm"
rename_in_index "s/btcfake-web-[0-9a-f]*/btcfake-web-$hash/g; s/btcfake-later\./btcfake-later-$hash./g"

# ---- The worker's program. Its content is not changed: one file loads the other by a name inside.
hash=$(cat btcfake-worker.js btcfake-worker_bg.wasm | sha256)
mv btcfake-worker.js "btcfake-worker-$hash.js"
mv btcfake-worker_bg.wasm "btcfake-worker-${hash}_bg.wasm"
rename_in_index "s/btcfake-worker\(_bg\)\{0,1\}\./btcfake-worker-${hash}\1./g"
