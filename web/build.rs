//! Keeps the relocations in the page's program: scripts/finish-page.sh needs them to split it.

fn main() {
    if std::env::var("CARGO_CFG_TARGET_FAMILY").is_ok_and(|family| family == "wasm") {
        println!("cargo::rustc-link-arg-bin=btcfake-web=--emit-relocs");
    }
    println!("cargo::rerun-if-changed=build.rs");
}
