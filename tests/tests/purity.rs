//! The purity of the core is checked by lints: clippy refuses code that uses an entry of core/clippy.toml, for each
//! entry.
//!
//! tests/data/impure.rs uses every entry once. The test passes it directly to clippy's driver, without cargo. The few
//! crates that it uses are stubs, because clippy only compares the paths of functions and types.

#![cfg(not(target_family = "wasm"))]
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

#[test]
fn every_entry_of_the_core_s_clippy_configuration_bites() {
    let messages = messages_of_clippy(&data("impure.rs"));
    let entries = entries();
    assert!(entries.len() > 50, "{entries:?}");
    let silent: Vec<&String> = entries.iter().filter(|entry| !messages.contains(&format!("`{entry}`"))).collect();
    assert!(silent.is_empty(), "clippy does not refuse {silent:?}:\n{messages}");
}

#[test]
fn pure_code_is_not_refused() {
    let folder = tempfile::tempdir().unwrap();
    let pure = folder.path().join("pure.rs");
    std::fs::write(&pure, "/// Doubles.\npub fn double(number: u64) -> u64 { number * 2 }\n").unwrap();
    assert_eq!(messages_of_clippy(&pure), "");
}

/// The paths that core/clippy.toml forbids.
fn entries() -> Vec<String> {
    let configuration = std::fs::read_to_string(core_folder().join("clippy.toml")).unwrap();
    let path = |line: &str| Some(line.split_once("path = \"")?.1.split_once('"')?.0.to_owned());
    configuration.lines().filter_map(path).collect()
}

fn messages_of_clippy(file: &Path) -> String {
    let folder = tempfile::tempdir().unwrap();
    let mut clippy = Command::new("clippy-driver");
    clippy.env("CLIPPY_CONF_DIR", core_folder()).args([
        "--edition",
        "2024",
        "--crate-type",
        "lib",
        "--emit",
        "metadata",
    ]);
    for (name, code) in STUBS {
        let library = stub(folder.path(), name, code);
        clippy.arg("--extern").arg(format!("{name}={}", library.display()));
    }
    let output = run(clippy.arg("-o").arg(folder.path().join("checked.rmeta")).arg(file));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Stubs of the functions and types of other crates that impure.rs uses.
const STUBS: [(&str, &str); 3] = [
    ("chrono", "pub struct Utc; impl Utc { pub fn now() {} } pub struct Local; impl Local { pub fn now() {} }"),
    (
        "rand",
        "pub fn rng() {} pub fn random() {} pub fn random_range() {} pub fn random_bool() {} pub fn make_rng() {}",
    ),
    ("getrandom", "pub fn fill() {} pub fn u32() {} pub fn u64() {}"),
];

fn stub(folder: &Path, name: &str, code: &str) -> PathBuf {
    let (source, library) = (folder.join(format!("{name}.rs")), folder.join(format!("lib{name}.rmeta")));
    std::fs::write(&source, code).unwrap();
    let mut rustc = Command::new("rustc");
    rustc.args(["--edition", "2024", "--crate-type", "lib", "--emit", "metadata", "--crate-name", name]);
    let output = run(rustc.arg("-o").arg(&library).arg(&source));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    library
}

fn run(command: &mut Command) -> Output {
    command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"))
}

fn core_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../core")
}

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name)
}
