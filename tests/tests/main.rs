//! Tests of the program `btcfake` as a user runs it, one module per command or guarantee, and of a script of CI. One binary
//! holds them all, so it links once, and tests of all modules run in parallel.

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
mod source_times;
mod special_files;
mod standard_input;

use std::fs;
use std::path::{Path, PathBuf};

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

/// The table of invariants in ARCHITECTURE.md names the tests that guard each, after their file.
#[test]
fn every_test_that_guards_an_invariant_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let text = fs::read_to_string(root.join("ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    let (_, invariants) = text.split_once("\n## Invariants\n").expect("the table of invariants");
    let rows = invariants.lines().take_while(|line| !line.starts_with("## "));
    let files: Vec<PathBuf> =
        ["core", "helper", "web", "tests"].iter().flat_map(|package| rust_files(&root.join(package))).collect();
    let mut tests = 0;
    for guards in rows.filter_map(|row| row.split('|').nth(2)) {
        let mut file = "";
        for name in guards.split('`').skip(1).step_by(2) {
            if name.ends_with(".rs") {
                file = name;
                assert!(files.iter().any(|path| path.ends_with(file)), "there is no {file}");
            } else if !file.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') {
                let text_of = |path: &PathBuf| fs::read_to_string(path).expect("a readable file");
                let mut texts = files.iter().filter(|path| path.ends_with(file)).map(text_of);
                assert!(texts.any(|text| text.contains(&format!("fn {name}("))), "{file} has no test {name}");
                tests += 1;
            }
        }
    }
    assert!(tests > 100, "only {tests} names were found");
}

/// All Rust files of a package.
fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a readable folder").map(|entry| entry.expect("an entry").path());
    let files = entries
        .filter(|path| !path.ends_with("node_modules"))
        .flat_map(|path| if path.is_dir() { rust_files(&path) } else { vec![path] });
    files.filter(|path| path.extension().is_some_and(|extension| extension == "rs")).collect()
}
