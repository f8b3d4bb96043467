//! Tests of every violation by its message and place, through one function.
#![allow(clippy::unwrap_used)]

mod agreement;
mod any_files;
mod inputs;
mod kinds;
mod one_fault;
mod run_files;
mod shape;
mod values;

use crate::check::{GivenFile, check};
use crate::text::digest::sha256;
use std::fmt::Write;

pub(super) const COMPLETIONS: &str = "ContentUserCompletion_V2_2026_01_29_1_5fccff.csv";
pub(super) const ASSIGNMENTS: &str = "Non_Completed_Assignments_V2_2026_1_29_1_5fccff.csv";
pub(super) const DUMMY: &str = "UserCompletion_v2_2026_1_29_1_5fccff.csv";
pub(super) const RUN: &str = "run_2026_1_29_1_5fccff.json";

pub(super) const COMPLETIONS_HEADER: &str = "\"UserId\",\"ContentId\",\"DateStarted\",\"DateCompleted\"\n";
pub(super) const ASSIGNMENTS_HEADER: &str = "\"UserID\",\"CreateDate_text\",\"RequestId\",\"TrainingElementId\",\"Start_Date_text\",\"DueDate_text\",\"ContentType\"\n";

/// Checks files, and compares all findings as `name:line:column: text`. Long vendor names are shortened to their kind.
fn check_set(files: &[(&str, &[u8])], expected: &[&str]) {
    let given: Vec<GivenFile<'_>> = files.iter().map(|(name, bytes)| GivenFile { name, bytes }).collect();
    let report = check(&given);
    let mut found = Vec::new();
    for one in report.files.iter().flat_map(|file| &file.findings).chain(&report.disagreements) {
        found.push(format!("{}:{one}", short(&one.file)));
    }
    assert_eq!(found, expected);
    let findings = report.files.iter().flat_map(|file| &file.findings).chain(&report.disagreements);
    assert_eq!(report.is_clean(), findings.into_iter().all(|finding| !finding.is_error()));
}

fn short(name: &str) -> &str {
    match name {
        COMPLETIONS => "C",
        ASSIGNMENTS => "A",
        DUMMY => "U",
        RUN => "R",
        other => other,
    }
}

/// Checks the rows of a file of completions.
fn check_completions(rows: &str, expected: &[&str]) {
    check_set(&[(COMPLETIONS, completions(rows).as_bytes())], expected);
}

/// Checks the rows of a file of assignments.
fn check_assignments(rows: &str, expected: &[&str]) {
    check_set(&[(ASSIGNMENTS, assignments(rows).as_bytes())], expected);
}

pub(super) fn completions(rows: &str) -> String {
    format!("{COMPLETIONS_HEADER}{rows}")
}

pub(super) fn assignments(rows: &str) -> String {
    format!("{ASSIGNMENTS_HEADER}{rows}")
}

/// A row of completions, on the day of the file, from one time of day to another.
pub(super) fn done(employee: u64, content: &str, from: &str, to: &str) -> String {
    format!("\"{employee}\",\"{content}\",\"2026-01-29T{from}Z\",\"2026-01-29T{to}Z\"\n")
}

/// A row of assignments.
pub(super) fn left(employee: u64, request: &str, content: &str) -> String {
    format!(
        "\"{employee}\",\"2026-01-29T02:00:00Z\",\"{request}\",\"{content}\",\"2026-01-26T00:01:00Z\",\"2026-01-31T13:13:59Z\",\"Media\"\n"
    )
}

pub(super) fn standalone(ids: &[&str]) -> String {
    let mut text = crate::format::standalone_content::COLUMNS.join(",") + "\n";
    for (index, id) in ids.iter().enumerate() {
        let dose = if index == 0 { "TRUE" } else { "" };
        let _ = writeln!(text, "\"{id}\",Name,,,Media,,,{dose},2026-01-28T08:24:06Z,,,");
    }
    text
}

pub(super) fn dummy() -> Vec<u8> {
    crate::format::user_completion::built_in_template()
}

/// A run file that names an input and the outputs.
pub(super) fn run_file(input: (&str, &[u8]), outputs: &[(&str, &[u8])]) -> String {
    let entry = |(name, bytes): &(&str, &[u8])| serde_json::json!({"role": "employees", "name": name, "bytes": bytes.len(), "sha256": sha256(bytes)});
    serde_json::json!({
        "version": "0.1.0", "seed": 7, "now": "2026-01-29T10:00:00Z",
        "inputs": [entry(&input)], "outputs": outputs.iter().map(entry).collect::<Vec<_>>(),
    })
    .to_string()
}
