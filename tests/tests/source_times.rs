//! CI's times of sources: a file whose content is that of the last run keeps its time, any other is new for cargo.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)]

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../scripts/keep-source-times.py");

/// Writes a clone with a file of this content and time, and calls the script there.
fn run_in(clone: &Path, content: &str, time: SystemTime, target: &Path) -> SystemTime {
    fs::create_dir_all(clone).unwrap();
    let file = clone.join("a source.rs");
    fs::write(&file, content).unwrap();
    File::options().write(true).open(&file).unwrap().set_modified(time).unwrap();
    let call = |program: &str, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).current_dir(clone).output().unwrap();
        assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    };
    call("git", &["init", "--quiet"]);
    call("git", &["add", "."]);
    call("python3", &[SCRIPT, target.to_str().unwrap()]);
    fs::metadata(file).unwrap().modified().unwrap()
}

#[test]
fn a_file_keeps_its_time_only_with_the_content_and_the_folder_of_the_last_run() {
    let [first, second, third] = [1, 2, 3].map(|day| SystemTime::UNIX_EPOCH + Duration::from_secs(day * 86_400));
    for (what, clone, content, is_kept) in [
        ("the same file", "clone", "fn one() {}", true),
        ("another content", "clone", "fn two() {}", false),
        ("another folder", "other", "fn one() {}", false),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("target");
        let run = |clone: &str, content, time| run_in(&folder.path().join(clone), content, time, &target);
        assert_eq!(run("clone", "fn one() {}", first), first, "{what}");
        let expected = if is_kept { first } else { second };
        assert_eq!(run(clone, content, second), expected, "{what}");
        // The third run compares with the second.
        assert_eq!(run(clone, content, third), expected, "{what}");
    }
}
