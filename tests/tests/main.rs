//! Tests of the program `btcfake` as a user runs it: one module per command or guarantee. One binary holds them all, so it
//! links once, and tests of all modules run in parallel.

#![cfg(not(target_family = "wasm"))]
#![allow(clippy::expect_used)]

mod all_or_none;
mod breaking;
mod diff;
mod explain;
mod faults;
mod mix;
mod outside_text;
mod recipe;
mod replay;
mod run;
mod sample;
mod sandbox;
mod secrets;
mod series;
mod server;
mod sftp_openssh;
mod sheets;
mod shell_completion;
mod simulate;
mod special_files;
mod standard_input;

use std::fs;
use std::path::Path;

/// `autotests` is off in Cargo.toml, so cargo runs no file by itself.
#[test]
fn every_file_of_tests_belongs_to_a_binary() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (modules, targets) = (include_str!("main.rs"), include_str!("../Cargo.toml"));
    for entry in fs::read_dir(folder.join("tests")).expect("the folder of tests") {
        let path = entry.expect("a file").path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let (module, target) = (format!("\nmod {name};\n"), format!("\nname = \"{name}\"\n"));
        assert!(name == "main" || modules.contains(&module) || targets.contains(&target), "{name} is never run");
    }
}
