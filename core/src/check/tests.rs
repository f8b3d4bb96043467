//! Tests of every violation by its message and place, through one function.
#![allow(clippy::unwrap_used)]

use std::fmt::Write;

use proptest::prelude::*;

use super::own_run::{OwnRun, borrowed, check_owned, errors};
use super::*;
use crate::format::input_role::InputRole;
use crate::format::non_completed::RequestIdStyle;
use crate::plan::calendar::BusinessZone;
use crate::plan::settings::{Settings, parse_now};
use crate::text::chunks::SmallChunks;
use crate::text::digest::sha256;

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

#[test]
fn a_clean_set_is_clean() {
    let done_rows = completions(
        &(done(7, "1,915,085", "08:00:00", "08:05:00")
            + &done(7, "999", "08:05:00", "08:06:00")
            + &done(8, "2,000", "03:00:00", "03:00:01")),
    );
    let left_rows = assignments(&(left(9, "25661", "999") + &left(8, "25662", "1,915,085") + &left(8, "25663", "999")));
    check_set(
        &[
            (COMPLETIONS, done_rows.as_bytes()),
            (ASSIGNMENTS, left_rows.as_bytes()),
            (DUMMY, &dummy()),
            ("employees.csv", b"employee_id,employee_edu_type\r\n7,a\r\n8,b\r\n9,f\r\n"),
            ("StandAloneContent_v2_2026_1_29_1_x.csv", standalone(&["1,915,085", "999"]).as_bytes()),
            (
                "content_assignments.csv",
                b"ba_id,content_id,assignment_date,update_date,assignment_begin_date,assignment_due_date,content_type\n\
                  8,2000,2026-01-01 00:00:00,,,,\n9,999,2026-01-29 02:00:00.9,,2026-01-26 00:01:00,2026-01-31 13:13:59,\n",
            ),
            ("content_completion.csv", b"ba_id,content_id,completion_date\n8,77,2026-01-29\n"),
            ("answers.jsonl", b"{\"ba_id\": 7, \"error\": \"timeout\"}\n"),
        ],
        &[],
    );
    let marked = format!("\u{feff}{done_rows}");
    check_set(&[(COMPLETIONS, marked.as_bytes())], &[]);
    check_set(
        &[
            (COMPLETIONS, COMPLETIONS_HEADER.as_bytes()),
            (ASSIGNMENTS, ASSIGNMENTS_HEADER.as_bytes()),
            (DUMMY, &dummy()),
        ],
        &[],
    );
}

#[test]
fn kinds_are_recognised_by_header_then_by_name() {
    for (name, text, kind, rows) in [
        ("x.csv", "employee_id,employee_edu_type\n1,a\n", FileKind::Employees, 1),
        ("x.csv", "# hi\n\nemployee_id,type\n1,a\n", FileKind::Employees, 0),
        ("x.csv", "1,a\n2,b\n", FileKind::Employees, 0),
        ("employees.csv", "", FileKind::Employees, 0),
        ("employees.xlsx", "PK\u{3}\u{4}", FileKind::Employees, 0),
        ("x.csv", "ba_id,content_id,completion_date\n", FileKind::ContentCompletion, 0),
        ("x.csv", "ba_id,content_id,done\n", FileKind::ContentCompletion, 0),
        ("x.csv", "ba_id,content_id,assignment_date,assignment_begin_date\n", FileKind::ContentAssignments, 0),
        ("x.csv", "UserId,ContentId,DateCompleted\n", FileKind::ContentUserCompletion, 0),
        (DUMMY, COMPLETIONS_HEADER, FileKind::ContentUserCompletion, 0),
        ("x.csv", ASSIGNMENTS_HEADER, FileKind::NonCompletedAssignments, 0),
        ("ContentUserCompletion_V2_2026_02_31_1_x.csv", "rubbish", FileKind::ContentUserCompletion, 0),
        ("usercompletion_v2.csv", "", FileKind::UserCompletion, 0),
        ("coursecatalog_v2.csv", "", FileKind::CourseCatalog, 0),
        ("x.json", "\n{\"ba_id\": 1, \"error\": \"\"}\n{", FileKind::Recommendations, 1),
        ("x.json", "{\n \"outputs\": []\n}", FileKind::RunFile, 0),
        (RUN, "{", FileKind::RunFile, 0),
        ("notes.txt", "hello", FileKind::Unknown, 0),
        ("run_notes.txt", "hello", FileKind::Unknown, 0),
        ("x.json", "{}", FileKind::Unknown, 0),
        ("x.csv", "id,name\n1,x\n", FileKind::Unknown, 0),
    ] {
        let report = check(&[GivenFile { name, bytes: text.as_bytes() }]);
        assert_eq!((report.files[0].kind, report.files[0].rows), (kind, rows), "{name} {text}");
        assert!(!kind.describe().is_empty());
    }
    let courses = crate::format::course_catalog::COLUMNS.join(",");
    for (text, kind) in [
        (courses.clone(), FileKind::CourseCatalog),
        (courses.replace("ContentId,", ""), FileKind::CourseCatalog),
        (standalone(&[]).replace("Link,", ""), FileKind::StandAloneContent),
    ] {
        assert_eq!(check(&[GivenFile { name: "x", bytes: text.as_bytes() }]).files[0].kind, kind);
    }
    check_set(
        &[("notes.txt", b"hello")],
        &["notes.txt:1:1: neither the header nor the name is that of a kind that is known here: employees.csv, \
           StandAloneContent, CourseCatalog, content_assignments, content_completion, recorded recommendations (JSON lines \
           with ba_id), ContentUserCompletion, Non_Completed_Assignments, UserCompletion, or a run file (JSON with outputs)"],
    );
    let empty = "x.csv:1:1: the file is empty, and its name is not that of a kind that is known here";
    check_set(&[("x.csv", b"")], &[empty]);
    check_set(&[("x.csv", b"\xEF\xBB\xBF\r\n")], &[empty]);
    check_set(
        &[("btcfake.zip", b"PK\x03\x04...")],
        &[
            "btcfake.zip:1:1: this is not a CSV file: it looks like an Excel workbook or a ZIP archive. Save it as \"CSV UTF-8\" \
           and try again; what is in a ZIP archive must be unpacked first",
        ],
    );
    check_set(
        &[("x.csv", b"id;name\n1;x\n")],
        &[
            "x.csv:1:1: this is not a CSV file: it looks like a table whose fields are separated by semicolons; commas are \
           allowed. Save it as \"CSV UTF-8\" and try again",
        ],
    );
}

#[test]
fn inputs_have_the_problems_of_their_readers() {
    check_set(
        &[("staff.csv", b"employee_id,employee_edu_type\n1,a\n1,q\n")],
        &[
            "staff.csv:3:1: employee_id 1 stands in line 2 already; keep one of the two rows",
            "staff.csv:3:3: unknown employee type 'q': a (completes all), b (completes one) or f (completes none) is allowed",
        ],
    );
    let catalog = standalone(&["1", "1"]);
    check_set(
        &[("catalog.csv", catalog.as_bytes())],
        &["catalog.csv:3:1: ContentId 1 stands in line 2 already; keep one of the two rows"],
    );
}

/// Every value of a used column that is neither empty nor understood is a finding at its place.
#[test]
fn no_value_of_an_input_is_lost_in_silence() {
    let contents = crate::format::standalone_content::COLUMNS.join(",");
    let courses = crate::format::course_catalog::COLUMNS.join(",");
    let assigned = crate::format::assignments_table::COLUMNS.join(",");
    let completed = crate::format::completions_table::COLUMNS.join(",");
    let course = ",".repeat(7) + "#NAME?,,1" + &",".repeat(16);
    let bad_course = ",".repeat(9) + "1E+06" + &",".repeat(16);
    let item = |fields: &str| {
        format!("{{\"ba_id\": 7, \"body\": {{\"response\": {{\"ml_recommendations\": [{{{fields}}}]}}}}}}\n")
    };
    for (head, row, expected) in [
        ("employee_id,employee_edu_type", "1.0,a", "2:1: employee_id '1.0' is no id"),
        ("employee_id,employee_edu_type", "1,aa", "2:3: unknown employee type 'aa'"),
        ("employee_id,employee_edu_type", "####,a", "2:1: this row counts as a comment"),
        (&contents, "1.048,,,,,,,TRUE,,,,", "2:1: ContentId '1.048' is no id"),
        (&contents, "1,#NAME?,,,,,,TRUE,,,,", "2:3: ContentName '#NAME?' is no text"),
        (&contents, "1,,,,,,,WAHR,,,,", "2:9: Daily_Dose_BA 'WAHR' is neither TRUE nor FALSE"),
        (&contents, "1,,,,,,,TRUE,1/2/2026,,,", "2:14: CreateDate '1/2/2026' cannot be read"),
        (&courses, &course, "2:8: ContentName '#NAME?' is no text"),
        (&courses, &bad_course, "2:10: ContentId '1E+06' is no id"),
        (&assigned, "NaN,2,2026-01-26 00:01:00,,,,", "2:1: ba_id 'NaN' is no id"),
        (&assigned, "1,2E5,2026-01-26 00:01:00,,,,", "2:3: content_id '2E5' is no id"),
        (&assigned, "1,2,1/2/2026 0:01:00,,,,", "2:5: assignment_date '1/2/2026 0:01:00' cannot be read"),
        (&assigned, "1,2,2026-01-26 00:01:00,NaT,,,", "2:25: update_date 'NaT' cannot be read"),
        (&assigned, "1,2,2026-01-26 00:01:00,,46000.5,,", "2:26: assignment_begin_date '46000.5' cannot be read"),
        (&assigned, "1,2,2026-01-26 00:01:00,,,####,", "2:27: assignment_due_date '####' cannot be read"),
        (&assigned, "1,2,2026-01-26 00:01:00,,,,nan", "2:28: content_type 'nan' is no text"),
        (&completed, "####,2,2026-01-26", "2:1: ba_id '####' is no id"),
        (&completed, "1,#N/A,2026-01-26", "2:3: content_id '#N/A' is no id"),
        (&completed, "1,2,1/2/2026", "2:5: completion_date '1/2/2026' cannot be read"),
        ("", &item("\"recommended_content_id\": \"1.048\""), "2:1: a recommendation for 7 is left out"),
        ("", &item("\"ba_id\": \"x\", \"recommended_content_id\": 5"), "2:1: a recommendation for 7 is left out"),
        ("", "{\"ba_id\": \"1.048\", \"error\": \"x\"}", "2:1: ba_id: '1.048' is no id"),
    ] {
        let good = if head.starts_with("employee_id") { "5,a\n" } else { "" };
        let text = format!("{head}\n{row}\n{good}");
        let name = if head.is_empty() { "recommendations.jsonl" } else { "x.csv" };
        let report = check(&[GivenFile { name, bytes: text.as_bytes() }]);
        let found: Vec<String> = report.files[0].findings.iter().map(ToString::to_string).collect();
        assert!(found.iter().any(|one| one.starts_with(expected)), "{text}: {found:?}");
        // Rows without values, as spreadsheets leave them behind, make no difference.
        let blank = format!("{text}{}", ",,\n\"\", \n".repeat(if head.is_empty() { 0 } else { 1_500 }));
        let report = check(&[GivenFile { name, bytes: blank.as_bytes() }]);
        assert_eq!(report.files[0].findings.iter().map(ToString::to_string).collect::<Vec<_>>(), found, "{row}");
    }
}

#[test]
fn what_spreadsheets_put_around_a_table_is_passed_over_in_inputs_and_named_in_vendor_files() {
    for (name, text, kind, rows) in [
        ("x.csv", "sep=,\n,,\nemployee_id,employee_edu_type\n1,a\n,,\n".to_owned(), FileKind::Employees, 1),
        (
            "x.csv",
            "content_completion.ba_id,content_completion.content_id,content_completion.completion_date\n1,2,2026-01-26\n"
                .to_owned(),
            FileKind::ContentCompletion,
            1,
        ),
        ("x.json", "[\n {\n  \"ba_id\": 1,\n  \"error\": \"x\"\n }\n]".to_owned(), FileKind::Recommendations, 1),
        (DUMMY, String::from_utf8(dummy()).unwrap() + &",,,,,,,\n\"\",,,,,,,\n".repeat(1_500), FileKind::UserCompletion, 1),
    ] {
        let report = check(&[GivenFile { name, bytes: text.as_bytes() }]);
        let file = &report.files[0];
        assert_eq!((file.kind, file.rows, file.findings.len()), (kind, rows, 0), "{name}: {:?}", file.findings);
    }
    let row = done(7, "999", "08:00:00", "08:05:00");
    let text = format!("sep=,\n{COMPLETIONS_HEADER}{row}\"\",\"\",\"\",\"\"\n{row}");
    let report = check(&[GivenFile { name: COMPLETIONS, bytes: text.as_bytes() }]);
    let found: Vec<String> = report.files[0].findings.iter().map(ToString::to_string).collect();
    assert_eq!(
        found[0],
        "1:1: the file begins with a line that names the separator (sep=); it should begin with its header"
    );
    assert_eq!(found[1], "4:1: a row without any value; remove it");
    assert!(found[2].starts_with("5:"), "{found:?}");
    assert_eq!(report.files[0].rows, 2);
}

#[test]
fn names_follow_the_vendors_pattern() {
    let check_name = |name: &str, expected: &[&str]| {
        let expected: Vec<String> = expected.iter().map(|message| format!("{name}:1:1: {message}")).collect();
        let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
        check_set(&[(name, COMPLETIONS_HEADER.as_bytes())], &expected);
    };
    check_name("ContentUserCompletion_V2_2026_01_09_12_0a9zzz.csv", &[]);
    check_name(
        "ContentUserCompletion_V2_2026_1_9_1_5fccff.csv",
        &["the name is not spelled as the vendor does; it should be ContentUserCompletion_V2_2026_01_09_1_5fccff.csv"],
    );
    check_name(
        "contentusercompletion_v2_2026_01_09_02_5fccff.CSV",
        &["the name is not spelled as the vendor does; it should be ContentUserCompletion_V2_2026_01_09_2_5fccff.csv"],
    );
    check_name(
        "ContentUserCompletion_V2_2026_01_09_1_5FCCF.csv",
        &["the last part of the name is '5FCCF'; it should be six characters of 0-9 and a-z"],
    );
    check_name(
        "ContentUserCompletion_V2_2026_02_30_1_5fccff.csv",
        &["the name is not of the vendor's pattern: the date 2026-02-30 does not exist; name it like \
           ContentUserCompletion_V2_2026_01_29_1_5fccff.csv"],
    );
    check_name(
        "ContentUserCompletion_V2_2026_01_29_1_5fccff.\u{441}sv",
        &[
            "the name is not of the vendor's pattern; name it like ContentUserCompletion_V2_2026_01_29_1_5fccff.csv. The name \
           holds U+0441, not the Latin letter c",
        ],
    );
    check_name(
        "done (1).csv",
        &["the name is not of the vendor's pattern; name it like ContentUserCompletion_V2_2026_01_29_1_5fccff.csv"],
    );
    check_set(
        &[("Non_Completed_Assignments_V2_2026_01_09_1_5fccff.csv", ASSIGNMENTS_HEADER.as_bytes())],
        &["Non_Completed_Assignments_V2_2026_01_09_1_5fccff.csv:1:1: the name is not spelled as the vendor does; it \
           should be Non_Completed_Assignments_V2_2026_1_9_1_5fccff.csv"],
    );
    check_set(
        &[(DUMMY, COMPLETIONS_HEADER.as_bytes())],
        &[
            "U:1:1: the name begins like that of a UserCompletion_v2 file, but what is in it is a ContentUserCompletion_V2 \
           file; name it like ContentUserCompletion_V2_2026_01_29_1_5fccff.csv",
        ],
    );
    let template = [("UserCompletion_v2_YYYY_m_d_1_000001.csv", dummy())];
    check_set(
        &[(template[0].0, &template[0].1)],
        &[
            "UserCompletion_v2_YYYY_m_d_1_000001.csv:1:1: the name has no date in it: this is a template, no file of a run",
        ],
    );
}

#[test]
fn lines_end_with_lf() {
    let rows = done(7, "999", "08:00:00", "08:05:00") + &done(8, "999", "08:00:00", "08:05:00");
    let text = completions(&rows);
    check_set(
        &[(COMPLETIONS, text.replace('\n', "\r\n").as_bytes())],
        &["C:1:51: 3 lines end with CRLF, this one first; they should end with LF"],
    );
    check_set(
        &[(COMPLETIONS, text.replacen('\n', "\r", 1).as_bytes())],
        &["C:1:51: the line ends with a lone CR; it should end with LF"],
    );
    check_set(
        &[(COMPLETIONS, text.trim_end().as_bytes())],
        &["C:3:56: the last line does not end with LF: the file may have been cut off; end it with LF"],
    );
    check_set(
        &[(COMPLETIONS, &text.as_bytes()[..text.len() - 30])],
        &["C:3:27: the file is cut off here, amid its last line; complete it, and end it with LF"],
    );
}

#[test]
fn blank_lines_and_empty_files_are_reported() {
    let blank = |line: u32| format!("C:{line}:1: a blank line; remove it");
    check_completions(
        &("\n".to_owned() + &done(7, "999", "08:00:00", "08:05:00") + "  \n"),
        &[blank(2).as_str(), blank(4).as_str()],
    );
    let empty =
        "C:1:1: the file is empty; its first line should be \"UserId\",\"ContentId\",\"DateStarted\",\"DateCompleted\"";
    check_set(&[(COMPLETIONS, b"")], &[empty]);
    check_set(&[(COMPLETIONS, b"\xEF\xBB\xBF")], &[empty]);
    check_set(&[(COMPLETIONS, b"\n")], &[blank(1).as_str(), empty]);
}

#[test]
fn bytes_are_utf_8_without_stray_marks() {
    let row = done(7, "999", "08:00:00", "08:05:00");
    check_completions(
        &format!("\u{feff}{row}"),
        &["C:2:1: a byte order mark (U+FEFF) amid the file; remove it, it may stand at the very start only"],
    );
    check_set(
        &[(COMPLETIONS, format!("\u{feff}\u{feff}{COMPLETIONS_HEADER}").as_bytes())],
        &["C:1:1: a byte order mark (U+FEFF) amid the file; remove it, it may stand at the very start only"],
    );
    let mut bytes = assignments(&left(7, "1", "999").replace("Media", "M\u{e9}dia")).into_bytes();
    check_set(&[(ASSIGNMENTS, &bytes)], &[]);
    let at = bytes.iter().position(|byte| *byte == 0xC3).unwrap();
    bytes[at] = 0xFF;
    check_set(
        &[(ASSIGNMENTS, &bytes)],
        &["A:2:86: byte 0xFF is not UTF-8 text; save the file with the encoding UTF-8 (in Excel: \"CSV UTF-8\")"],
    );
    check_set(
        &[(ASSIGNMENTS, b"\xFF\xFE\"\0U\0")],
        &[
            "A:1:1: this is not a CSV file: it looks like text in the encoding UTF-16. Save it as \"CSV UTF-8\" and try again",
        ],
    );
    let marked = [b"\xEF\xBB\xBF".to_vec(), dummy()].concat();
    check_set(
        &[(DUMMY, &marked)],
        &["U:1:1: the file begins with a byte order mark; this one should begin with its header"],
    );
}

#[test]
fn every_field_stands_in_quotes() {
    let row = done(7, "1,999", "08:00:00", "08:05:00");
    check_completions(&row.replacen("\"7\"", "7", 1), &["C:2:1: no double quotes around '7'; write \"7\""]);
    check_completions(
        "7,999,2026-01-29T08:00:00Z,\"2026-01-29T08:05:00Z\"\n",
        &["C:2:1: no double quotes around '7', and 2 more fields of this line; write \"7\""],
    );
    check_set(
        &[(COMPLETIONS, COMPLETIONS_HEADER.replace('"', "").as_bytes())],
        &["C:1:1: no double quotes around 'UserId', and 3 more fields of this line; write \"UserId\""],
    );
    let media = |kind: &str| left(7, "1", "999").replace("\"Media\"", kind);
    check_assignments(&(media("\"say \"\"hi\"\",\r\nyou\"") + &left(8, "2", "999")), &[]);
    check_assignments(
        &media("\"say \"hi\"\""),
        &[
            "A:2:90: text follows a closing quote; double a quote that belongs to the field (\"\"), or put a comma and a quote before the next field",
        ],
    );
    check_assignments(
        &(media("\"Media") + &left(8, "1", "999")),
        &["A:2:84: a quote opens here and is never closed; close it at the end of the field"],
    );
    check_completions(
        &(row.replacen("999\"", "999", 1) + &done(8, "999", "08:00:00", "08:05:00")),
        &["C:2:5: a quote opens here and is not closed at the end of the field; write \"1,999\""],
    );
    check_completions(
        &row.replacen("\"7\"", "\"7", 1),
        &["C:2:1: a quote opens here and is not closed at the end of the field; write \"7\""],
    );
}

#[test]
fn headers_are_exact() {
    let check_header = |header: &str, expected: &[&str]| {
        check_set(&[(COMPLETIONS, format!("{header}\n").as_bytes())], expected);
    };
    let right = "\"UserId\",\"ContentId\",\"DateStarted\",\"DateCompleted\"";
    check_header(
        "\"UserID\",\"ContentId\",\"DateBegun\",\"DateCompleted\"",
        &[
            "C:1:1: the column 'UserID' should be called UserId",
            "C:1:22: the column 'DateBegun' should be called DateStarted",
        ],
    );
    check_header(
        "\"UserId\",\"DateStarted\",\"DateCompleted\"",
        &[format!("C:1:10: the column ContentId is missing from the header, which should be {right}").as_str()],
    );
    check_header(
        "\"UserId\",\"ContentId\",\"DateStarted\"",
        &[format!("C:1:35: the column DateCompleted is missing from the header, which should be {right}").as_str()],
    );
    check_header(
        "\"UserId\",\"ContentId\",\"DateCompleted\",\"DateStarted\"",
        &[format!(
            "C:1:22: the columns DateCompleted, DateStarted stand in the wrong order; the header should be {right}"
        )
        .as_str()],
    );
    check_header(
        "\"UserId\",\"ContentId\",\"DateStarted\",\"DateCompleted\",\"Store\",\"UserId\"",
        &[
            "C:1:52: the column 'Store' does not belong here; remove it",
            "C:1:60: the column 'UserId' stands in the header twice; remove it",
        ],
    );
    check_header(
        done(7, "999", "08:00:00", "08:05:00").trim_end(),
        &[format!("C:1:1: the header is missing; the first line should be {right}").as_str()],
    );
}

#[test]
fn rows_are_checked_under_a_header_that_is_wrong() {
    let swapped = "\"UserId\",\"ContentId\",\"DateCompleted\",\"DateStarted\"\n\"7\",\"999\",\"2026-01-29T08:05:00Z\",\"2026-01-29T08:00:00Z\"\n";
    let report = check(&[GivenFile { name: COMPLETIONS, bytes: swapped.as_bytes() }]);
    assert_eq!(report.files[0].findings.len(), 1);
    let missing = COMPLETIONS_HEADER.replace("\"ContentId\",", "") + &done(7, "1999", "08:00:00", "08:05:00");
    let report = check(&[GivenFile { name: COMPLETIONS, bytes: missing.as_bytes() }]);
    let last = report.files[0].findings.last().unwrap().to_string();
    assert_eq!(last, "2:5: ContentId '1999' does not have its thousands separators in place; write 1,999");
}

#[test]
fn rows_have_as_many_fields_as_the_header() {
    check_completions(
        "\"7\",\"999\"\n\"7\",\"999\",\"\",\"\",\"\"\n",
        &[
            "C:2:10: 2 fields in this row, but the header has 4; add what is missing, with a comma before each field. The row is '\"7\",\"999\"'",
            "C:3:17: 5 fields in this row, but the header has 4; remove what is too much, or put a field that holds a comma into double quotes. The row is '\"7\",\"999\",\"\",\"\",\"\"'",
        ],
    );
    check_set(
        &[(DUMMY, [dummy(), b"\"1\"\r\na,b,c,d,e,f,\"g\nh\",i".to_vec()].concat().as_slice())],
        &[
            "U:3:4: 1 field in this row, but the header has 8; add what is missing, with a comma before each field. The row is '\"1\"'",
        ],
    );
}

#[test]
fn a_row_of_another_width_is_reported_as_that_and_not_by_its_quotes() {
    let row = done(7, "999", "08:00:00", "08:05:00");
    for (wrong, found) in
        [(row.replace('\n', ",\n"), "5 fields"), ("# done\n".to_owned(), "1 field"), ("7,999\n".to_owned(), "2 fields")]
    {
        let report = check(&[GivenFile { name: COMPLETIONS, bytes: completions(&wrong).as_bytes() }]);
        let texts: Vec<&str> = report.files[0].findings.iter().map(|finding| &*finding.text).collect();
        assert!(matches!(texts[..], [text] if text.starts_with(&format!("{found} in this row"))), "{wrong}: {texts:?}");
    }
    // A comma in a field without quotes.
    let split = row.replace("\"7\",\"999\"", "7,1,999").replace("\"2026", "2026").replace("Z\"", "Z");
    check_completions(&split, &["C:2:1: no double quotes around '7', and 4 more fields of this line; write \"7\""]);
}

#[test]
fn ids_are_spelled_as_the_vendor_does() {
    for (id, message) in [
        ("0", Some("UserId '0' is no employee's id: digits only, from 1 to 9223372036854775807")),
        ("", Some("UserId '' is no employee's id: digits only, from 1 to 9223372036854775807")),
        ("1,234", Some("UserId '1,234' is not in plain digits; write 1234")),
        ("007", Some("UserId '007' is not in plain digits; write 7")),
        (" 7", Some("UserId ' 7' is not in plain digits; write 7")),
        ("9223372036854775807", None),
    ] {
        let row = done(7, "999", "08:00:00", "08:05:00").replacen("\"7\"", &format!("\"{id}\""), 1);
        let expected = message.map(|message| format!("C:2:1: {message}"));
        check_completions(&row, &expected.iter().map(String::as_str).collect::<Vec<_>>());
    }
    for (id, message) in [
        ("1,915,085", None),
        ("1915085", Some("ContentId '1915085' does not have its thousands separators in place; write 1,915,085")),
        ("19,15085", Some("ContentId '19,15085' does not have its thousands separators in place; write 1,915,085")),
        ("0,915", Some("ContentId '0,915' is not in plain digits; write 915")),
        ("x", Some("ContentId 'x' is no content's id; write it like 1,915,085")),
    ] {
        let expected = message.map(|message| format!("C:2:5: {message}"));
        let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
        check_completions(&done(7, id, "08:00:00", "08:05:00"), &expected);
    }
}

#[test]
fn instants_are_exact_and_not_in_the_future() {
    let with = |started: &str| done(7, "999", "08:00:00", "08:05:00").replacen("2026-01-29T08:00:00Z", started, 1);
    for (started, message) in [
        (
            "2026-01-29 08:00:00",
            Some("DateStarted '2026-01-29 08:00:00' is not written as the vendor does; write 2026-01-29T08:00:00Z"),
        ),
        (
            "2026-01-29T09:00:00+01:00",
            Some(
                "DateStarted '2026-01-29T09:00:00+01:00' is not written as the vendor does; write 2026-01-29T08:00:00Z",
            ),
        ),
        (
            "2026-02-30T08:00:00Z",
            Some("DateStarted '2026-02-30T08:00:00Z' does not exist; check the day of the month and the time of day"),
        ),
        (
            "2026-01-29T24:00:00Z",
            Some("DateStarted '2026-01-29T24:00:00Z' does not exist; check the day of the month and the time of day"),
        ),
        ("soon", Some("DateStarted 'soon' is no instant; write it like 2025-12-22T10:43:05Z")),
        ("2026-01-29T07:50:00Z", None),
    ] {
        let expected = message.map(|message| format!("C:2:11: {message}"));
        check_completions(&with(started), &expected.iter().map(String::as_str).collect::<Vec<_>>());
    }
    check_completions(
        &done(7, "999", "08:00:00", "08:00:00"),
        &[
            "C:2:34: DateCompleted 2026-01-29T08:00:00Z is not after DateStarted 2026-01-29T08:00:00Z; a training takes a second or more",
        ],
    );
    check_completions(&done(7, "999", "08:00:00", "08:05:00").replace("2026-01-29T", "2024-02-29T"), &[]);
    let over_midnight = |started: &str, completed: &str| {
        let row = done(7, "999", "08:00:00", "08:05:00");
        row.replace("01-29T08:00:00", started).replace("01-29T08:05:00", completed)
    };
    check_completions(&over_midnight("01-30T23:50:00", "01-30T23:59:59"), &[]);
    check_completions(
        &over_midnight("01-30T23:50:00", "01-31T00:00:00"),
        &[
            "C:2:34: DateCompleted 2026-01-31T00:00:00Z lies in the future, seen from the date in the file's name; at the latest it is 2026-01-30T23:59:59Z",
        ],
    );
    let day = |text: String| text.replace("01-29", "02-05");
    check_completions(
        &(day(done(7, "1", "08:00:00", "08:05:00")) + &day(done(8, "1", "08:00:00", "08:05:00"))),
        &[
            "C:2:9: 2 rows lie in the future, this one first, seen from the date in the file's name; at the latest it is 2026-01-30T23:59:59Z. Is the date in the name right?",
        ],
    );
    check_assignments(
        &left(7, "1", "999").replace("2026-01-29T02", "2026-02-01T02"),
        &[
            "A:2:5: CreateDate_text 2026-02-01T02:00:00Z lies in the future, seen from the date in the file's name; at the latest it is 2026-01-30T23:59:59Z; if it was so before the run, give the content_assignments that says so",
        ],
    );
}

#[test]
fn completions_follow_one_another() {
    check_completions(
        &(done(7, "999", "08:00:00", "08:05:00")
            + &done(8, "5", "08:00:00", "08:05:00")
            + &done(7, "999", "09:00:00", "09:05:00")),
        &[
            "C:4:1: the rows of employee 7 stand apart: others stand between line 2 and this one; keep one employee's rows together",
            "C:4:5: employee 7 and content 999 stand in line 2 already; keep one of the two rows",
        ],
    );
    check_completions(
        &(done(7, "1", "08:00:00", "08:05:00") + &done(7, "2", "07:00:00", "07:05:00")),
        &[
            "C:3:9: DateStarted 2026-01-29T07:00:00Z is before 2026-01-29T08:00:00Z in line 2; an employee's rows stand in order of time",
        ],
    );
    check_completions(
        &(done(7, "1", "08:00:00", "08:20:00")
            + &done(7, "2", "08:05:00", "08:10:00")
            + &done(7, "3", "08:15:00", "08:30:00")),
        &[
            "C:2:32: a training of 0:20:00 hours; the longest takes 15 minutes",
            "C:3:9: employee 7 starts content 2 at 2026-01-29T08:05:00Z, before content 1 of line 2 has ended at 2026-01-29T08:20:00Z; an employee does one training after another",
            "C:4:9: employee 7 starts content 3 at 2026-01-29T08:15:00Z, before content 1 of line 2 has ended at 2026-01-29T08:20:00Z; an employee does one training after another",
        ],
    );
    let shared = done(7, "1", "08:00:00", "08:00:01") + &done(7, "2", "08:00:00", "08:00:01");
    check_completions(&(shared + &done(7, "3", "08:00:01", "08:00:02")), &[]);
}

#[test]
fn assignments_have_good_request_ids_and_dates() {
    check_assignments(&(left(7, "fake:29", "1") + &left(7, "fake:29", "2")), &[]);
    check_assignments(
        &(left(7, "12", "1") + &left(7, "12", "2") + &left(7, "x", "3") + &left(7, "", "4")),
        &[
            "A:3:28: RequestId 12 stands in line 2 already; every row has a number of its own",
            "A:4:28: RequestId 'x' is neither a whole number such as 25661 nor fake: and the day in two digits, fake:29",
            "A:5:28: RequestId '' is neither a whole number such as 25661 nor fake: and the day in two digits, fake:29",
        ],
    );
    check_assignments(
        &(left(7, "fake:30", "1") + &left(7, "12", "2")),
        &[
            "A:2:28: RequestId 'fake:30' should name the day of the file in two digits, fake:29",
            "A:3:28: RequestIds of two styles: 1 row has a number (first in line 3), 1 row has fake: and a day (first in line 2); use one of the two",
        ],
    );
    check_assignments(
        &left(7, "1", "999").replace("2026-01-31T13:13:59Z", "2026-01-25T00:00:00Z").replace("Media", " "),
        &[
            "A:2:61: DueDate_text 2026-01-25T00:00:00Z is before Start_Date_text 2026-01-26T00:01:00Z; an assignment is due after it starts; if it was so before the run, give the content_assignments that says so",
            "A:2:84: ContentType is empty; write the kind of content, usually Media",
        ],
    );
    check_assignments(
        &(left(7, "1", "1,999") + &left(7, "2", "1,999")),
        &["A:3:32: employee 7 and content 1,999 stand in line 2 already; keep one of the two rows"],
    );
}

#[test]
fn many_findings_of_one_kind_end_with_their_number() {
    let rows: String = (0..1_500).map(|_| "\n").collect();
    let report = check(&[GivenFile { name: COMPLETIONS, bytes: completions(&rows).as_bytes() }]);
    assert_eq!((report.files[0].findings.len(), report.files[0].counts()), (1_001, (1_500, 0)));
    let last = report.files[0].findings.last().unwrap().to_string();
    assert_eq!(last, "1002:1: and 500 more like the 1,000 before, up to line 1501");
    assert_eq!(report.by_file()[0].iter().map(|finding| finding.count).sum::<usize>(), 1_500);
    // The same applies to inputs, refused or not.
    let employees = "employee_id,employee_edu_type\n7,a\n".to_owned() + &"x,a\n".repeat(1_200);
    let contents = standalone(&["1"]) + &"no id,,,,,,,,,,,\n".repeat(1_200);
    let last = "1003:1: and 200 more like the 1,000 before, up to line 1202";
    for (name, text, counts) in
        [("employees.csv", employees, (1_200, 0)), ("StandAloneContent.csv", contents, (0, 1_200))]
    {
        let report = check(&[GivenFile { name, bytes: text.as_bytes() }]);
        let file = &report.files[0];
        assert_eq!((file.findings.len(), file.counts()), (1_001, counts), "{name}");
        assert!(file.findings.iter().any(|problem| problem.to_string() == last), "{name}: {:#?}", file.findings.last());
    }
}

#[test]
fn files_of_one_run_share_date_and_random_part() {
    let other = "Non_Completed_Assignments_V2_2026_1_30_1_aaaaaa.csv";
    let message = format!(
        "{other}:1:1: its name has the date 2026-01-30 where {COMPLETIONS} has 2026-01-29 and the last part aaaaaa where \
         {COMPLETIONS} has 5fccff; the files of one run share date and last part"
    );
    let set: [(&str, &[u8]); 3] =
        [(other, ASSIGNMENTS_HEADER.as_bytes()), (COMPLETIONS, COMPLETIONS_HEADER.as_bytes()), (DUMMY, &dummy())];
    check_set(&set, &[message.as_str()]);
    let second = "ContentUserCompletion_V2_2026_01_30_1_aaaaaa.csv";
    let row = done(7, "999", "08:00:00", "08:05:00");
    let two_days: [(&str, &[u8]); 6] = [
        (COMPLETIONS, &completions(&row).into_bytes()),
        (second, COMPLETIONS_HEADER.as_bytes()),
        (other, &assignments(&left(7, "1", "999")).into_bytes()),
        (ASSIGNMENTS, ASSIGNMENTS_HEADER.as_bytes()),
        (DUMMY, &dummy()),
        ("UserCompletion_v2_2026_1_30_1_aaaaaa.csv", &dummy()),
    ];
    check_set(&two_days, &[]);
}

#[test]
fn what_is_completed_is_not_listed() {
    check_set(
        &[
            (COMPLETIONS, completions(&done(7, "999", "08:00:00", "08:05:00")).as_bytes()),
            (ASSIGNMENTS, assignments(&(left(7, "1", "998") + &left(7, "2", "999"))).as_bytes()),
            (DUMMY, &dummy()),
        ],
        &[
            "A:3:32: employee 7 has completed content 999 in ContentUserCompletion_V2_2026_01_29_1_5fccff.csv line 2, so it is no longer open; take this row out",
        ],
    );
}

#[test]
fn employees_do_what_their_type_says() {
    let done_rows = done(1, "1", "08:00:00", "08:05:00")
        + &done(2, "1", "08:00:00", "08:05:00")
        + &done(2, "2", "08:05:00", "08:06:00")
        + &done(3, "1", "08:00:00", "08:05:00")
        + &done(5, "1", "08:00:00", "08:05:00");
    let left_rows = left(1, "1", "3") + &left(3, "2", "3") + &left(4, "3", "3") + &left(6, "4", "1");
    check_set(
        &[
            (COMPLETIONS, completions(&done_rows).as_bytes()),
            (ASSIGNMENTS, assignments(&left_rows).as_bytes()),
            (DUMMY, &dummy()),
            ("employees.csv", b"employee_id,employee_edu_type\n1,a\n2,b\n3,f\n4,b\n"),
        ],
        &[
            "C:4:1: employee 2 is of type b, who completes one training, but has completed 2 trainings; this is the second",
            "C:5:1: employee 3 is of type f, who completes nothing, but has completed 1 training",
            "C:6:1: employee 5 is not in employees.csv; every employee of a run is",
            "A:2:1: employee 1 is of type a, who completes everything, but has 1 training left here",
            "A:4:1: employee 4 is of type b, who completes one training, but has completed none in ContentUserCompletion_V2_2026_01_29_1_5fccff.csv",
            "A:5:1: employee 6 is not in employees.csv; every employee of a run is",
        ],
    );
}

#[test]
fn employees_stand_in_the_order_of_the_population() {
    let rows = done(2, "1", "08:00:00", "08:05:00") + &done(1, "1", "08:00:00", "08:05:00");
    check_set(
        &[
            (COMPLETIONS, completions(&rows).as_bytes()),
            ("employees.csv", b"employee_id,employee_edu_type\n1,a\n2,b\n"),
        ],
        &[
            "C:3:1: employee 1 stands after employee 2, but before in employees.csv (lines 2 and 3); the employees stand in its order",
        ],
    );
}

#[test]
fn contents_are_known_and_completions_have_a_reason() {
    let catalog = standalone(&["1", "2"]);
    let done_rows = completions(&(done(7, "5", "08:00:00", "08:05:00") + &done(7, "6", "08:05:00", "08:06:00")));
    let old = left(7, "1", "3").replace("2026-01-29T02", "2026-01-20T02");
    let left_rows = assignments(&(old.clone() + &left(7, "2", "4") + &left(7, "3", "1")));
    let unknown = |line: u32, content: u32| {
        format!(
            "A:{line}:32: content {content} is in no catalog that was given, so it cannot be assigned anew; if it was open \
             before, give the content_assignments that says so"
        )
    };
    let dummy = dummy();
    let set: [(&str, &[u8]); 4] = [
        ("StandAloneContent.csv", catalog.as_bytes()),
        (COMPLETIONS, done_rows.as_bytes()),
        (ASSIGNMENTS, left_rows.as_bytes()),
        (DUMMY, &dummy),
    ];
    // Without the table, all of it may have been open before the run.
    check_set(&set, &[]);
    let no_row: (&str, &[u8]) = (
        "content_assignments.csv",
        b"ba_id,content_id,assignment_date,update_date,assignment_begin_date,assignment_due_date,content_type\n",
    );
    let row = [no_row.1, b"7,4,2026-01-29 02:00:00,,2026-01-26 00:01:00,2026-01-31 13:13:59,\n"].concat();
    let table: (&str, &[u8]) = ("content_assignments.csv", &row);
    let open_first = assignments(&(left(7, "2", "4") + &left(7, "1", "3") + &left(7, "3", "1")));
    check_set(&[set[0], set[1], (ASSIGNMENTS, open_first.as_bytes()), set[3], table], &[unknown(3, 3).as_str()]);
    let recommended: (&str, &[u8]) = (
        "answers.jsonl",
        b"{\"ba_id\": 7, \"body\": {\"response\": {\"ml_recommendations\": [{\"recommended_content_id\": 5}]}}}\n",
    );
    check_set(&[set[0], set[1], recommended], &[]);
    check_set(
        &[set[0], set[1], recommended, no_row],
        &[
            "C:3:5: nothing explains why employee 7 completed content 6: it is in no catalog, assignment or recommendation that was given",
        ],
    );
}

#[test]
fn open_assignments_come_first_and_in_order() {
    let open = |employee: u64, content: u64, due: &str| {
        format!("{employee},{content},2026-01-29 02:00:00,,2026-01-26 00:01:00,2026-01-{due} 13:13:59,\n")
    };
    let header =
        "ba_id,content_id,assignment_date,update_date,assignment_begin_date,assignment_due_date,content_type\n";
    let table = format!("{header}{}{}{}", open(10, 1, "31"), open(9, 3, "30"), open(9, 2, "31"));
    let earlier = left(9, "1", "3").replace("2026-01-31", "2026-01-30");
    let check = |rows: String, expected: &[&str]| {
        let set: [(&str, &[u8]); 2] =
            [(ASSIGNMENTS, &assignments(&rows).into_bytes()), ("content_assignments.csv", table.as_bytes())];
        check_set(&set, expected);
    };
    check(earlier.clone() + &left(9, "2", "2") + &left(10, "3", "1") + &left(4, "4", "8"), &[]);
    check(
        left(9, "1", "2") + &earlier.replace("\"1\"", "\"2\"") + &left(4, "3", "8") + &left(10, "4", "1"),
        &[
            "A:3:32: the open assignment of content 3 to employee 9 belongs before that of line 2; they stand by employee, due, begin and content",
            "A:5:33: employee 10 had content 1 open before the run, but it stands after the new assignment of line 4; open ones come first",
        ],
    );
}

#[test]
fn what_was_open_is_completed_or_listed_with_its_own_dates() {
    let table = "ba_id,content_id,assignment_date,update_date,assignment_begin_date,assignment_due_date,content_type\n\
                 7,1,2026-01-20 00:00:00,,,,\n\
                 7,2,2026-01-28 00:00:00,,2026-01-26 00:01:00,2026-01-31 13:13:59,Course\n\
                 7,2,2026-01-20 00:00:00,,,,\n\
                 7,3,2026-01-20 00:00:00,,,,\n\
                 7,4,2026-01-20 00:00:00,,,,\n\
                 8,1,2026-01-20 00:00:00,,,,\n";
    let past = "ba_id,content_id,completion_date\n7,4,2025-01-01\n7,5,2025-01-01\n7,6,2026-01-17\n7,7,2026-01-16\n";
    let done_rows = completions(
        &(done(7, "3", "08:00:00", "08:05:00")
            + &done(7, "6", "08:05:00", "08:06:00")
            + &done(7, "7", "08:06:00", "08:07:00")),
    );
    let left_rows = assignments(&(left(7, "1", "2") + &left(7, "2", "5")));
    check_set(
        &[
            (COMPLETIONS, done_rows.as_bytes()),
            (ASSIGNMENTS, left_rows.as_bytes()),
            (DUMMY, &dummy()),
            ("content_assignments.csv", table.as_bytes()),
            ("content_completion.csv", past.as_bytes()),
        ],
        &[
            "C:3:5: employee 7 completed content 6 on 2026-01-17, as content_completion.csv says; it is not done again on that day or in the 12 days after",
            "A:2:5: CreateDate_text is '2026-01-29T02:00:00Z', but content_assignments.csv has '2026-01-28T00:00:00Z' for this open assignment",
            "A:2:82: ContentType is 'Media', but content_assignments.csv has 'Course' for this open assignment",
            "A:3:32: employee 7 completed content 5 before, as content_completion.csv says, so it is not open; take this row out",
            "content_assignments.csv:2:1: employee 7 has content 1 open here, but it is neither completed nor listed in ContentUserCompletion_V2_2026_01_29_1_5fccff.csv and Non_Completed_Assignments_V2_2026_1_29_1_5fccff.csv; it must be one of the two",
        ],
    );
}

#[test]
fn a_run_file_knows_its_files() {
    let employees: (&str, &[u8]) = ("employees.csv", b"employee_id,employee_edu_type\n7,a\n");
    let outputs: [(&str, &[u8]); 3] =
        [(COMPLETIONS, COMPLETIONS_HEADER.as_bytes()), (ASSIGNMENTS, ASSIGNMENTS_HEADER.as_bytes()), (DUMMY, &dummy())];
    let record = run_file(employees, &outputs);
    let record: (&str, &[u8]) = (RUN, record.as_bytes());
    check_set(&[outputs[0], outputs[1], outputs[2], record, employees], &[]);
    check_set(&[record], &[]);
    check_set(
        &[outputs[0], outputs[1], record],
        &["R:1:1: the output UserCompletion_v2_2026_1_29_1_5fccff.csv is named here but was not given"],
    );
    let changed = COMPLETIONS_HEADER.replace('\n', "\n\n");
    check_set(
        &[(COMPLETIONS, changed.as_bytes()), outputs[1], outputs[2], record],
        &[
            "C:2:1: a blank line; remove it",
            "C:1:1: it has 52 bytes, but run_2026_1_29_1_5fccff.json says that 51 were written; it is not the same file",
        ],
    );
    let other: &[u8] = b"employee_id,employee_edu_type\n8,a\n";
    let message = format!(
        "employees.csv:1:1: its SHA-256 is {}, but run_2026_1_29_1_5fccff.json says {}; it was changed after it was read, or is another file",
        sha256(other),
        sha256(employees.1)
    );
    check_set(&[record, (employees.0, other)], &[message.as_str()]);
}

#[test]
fn a_run_file_has_its_fields() {
    check_set(
        &[(
            RUN,
            b"{\"seed\": -1, \"inputs\": [], \"now\": \"2026-01-29T08:00:00Z\", \"outputs\": [{}, {\"name\": \"x\"}, {\"name\": \"x\"}]}",
        )],
        &[
            "R:1:1: the field version is missing; it should be the version of the program, as text",
            "R:1:1: the field seed should be the seed of the run, a whole number",
            "R:1:1: outputs[0] has no name; each file has name, bytes and sha256",
            "R:1:1: outputs[1] (x) has no bytes; write its size as a number",
            "R:1:1: outputs[1] (x) has no sha256; write it as 64 hexadecimal digits",
            "R:1:1: outputs[2] (x) has no bytes; write its size as a number",
            "R:1:1: outputs[2] (x) has no sha256; write it as 64 hexadecimal digits",
            "R:1:1: outputs[2] (x) is named twice; each file of a run has a name of its own",
        ],
    );
    let record = run_file(("employees.csv", b""), &[]);
    for (field, value, reason) in [
        ("time_zone", "\"Mars/Base\"", "Mars/Base"),
        ("request_id", "\"zzz\"", "'zzz' is no value that is allowed: numeric"),
        ("bad_rows", "7", "stands where"),
        ("population", "5", "an object with employees, first_id and last_id"),
    ] {
        let wrong = record.replacen('{', &format!("{{\"{field}\": {value}, "), 1);
        let report = check(&[GivenFile { name: RUN, bytes: wrong.as_bytes() }]);
        let found: Vec<&str> = report.files[0].findings.iter().map(|finding| &*finding.text).collect();
        assert!(
            matches!(found[..], [text] if text.starts_with(&format!("the field {field}: ")) && text.contains(reason)),
            "{found:?}"
        );
    }
    check_set(
        &[(RUN, b"{\n \"outputs\": [}")],
        &["R:2:14: not JSON (no JSON value stands here); a run file is one JSON object"],
    );
    check_set(&[(RUN, b"[]")], &["R:1:1: not a JSON object; a run file is one JSON object"]);
}

#[test]
fn the_settings_of_a_run_file_are_compared_with_the_files() {
    let run = OwnRun::usual();
    let outputs = run.with_record(run.outputs(), Vec::new());
    let of_day = |day: u32, from: &str| serde_json::json!({"from": from, "at": "18:00", "weekdays": false, "day": day});
    for (field, value, expected) in [
        ("byte_order_mark", true.into(), &[("byte-order-mark", 2)][..]),
        ("byte_order_mark", false.into(), &[]),
        ("request_id", "fake-day".into(), &[("bad-request-id", 1)]),
        ("request_id", "numeric".into(), &[]),
        ("seed", 12.into(), &[("other-run", 1)]),
        ("now", "2026-01-29T18:00:01Z".into(), &[("other-run", 1)]),
        ("series", of_day(2, "2026-01-28"), &[]),
        ("series", of_day(3, "2026-01-28"), &[("bad-json-field", 1)]),
        ("series", of_day(0, "2026-01-28"), &[("bad-json-field", 1)]),
        ("series", of_day(u32::MAX, "2026-01-28"), &[("bad-json-field", 1)]),
    ] {
        let mut outputs = outputs.clone();
        let record = &mut outputs.last_mut().unwrap().1;
        let mut fields: serde_json::Value = serde_json::from_slice(record).unwrap();
        fields[field] = value;
        *record = fields.to_string().into_bytes();
        let report = check_owned(&outputs);
        let mut found: Vec<(&str, usize)> = Vec::new();
        for finding in report.by_file().concat() {
            match found.iter_mut().find(|(kind, _)| *kind == finding.kind.id()) {
                Some((_, count)) => *count += 1,
                None => found.push((finding.kind.id(), 1)),
            }
        }
        assert_eq!(found, expected, "{field}: {report:?}");
    }
}

/// Makes a run from a sample, and checks it alone and together with all its inputs.
fn check_own_run(now: &str, zone: &str, change: impl Fn(&mut Settings)) {
    let zone: BusinessZone = zone.parse().unwrap();
    let run = OwnRun::new(now, zone.date_of(parse_now(now).unwrap()), |settings| {
        settings.time_zone = zone;
        change(settings);
    });
    let outputs = run.with_record(run.outputs(), Vec::new());
    check_set(&borrowed(&outputs), &[]);
    let report = check_owned(&[outputs, run.inputs()].concat());
    assert_eq!(errors(&report), Vec::<String>::new(), "{now}");
    assert!(report.files.iter().all(|file| file.rows > 0 && file.kind != FileKind::Unknown));
}

#[test]
fn the_programs_own_runs_are_clean() {
    check_own_run("2026-01-29T18:00:00Z", "UTC", |_| ());
    check_own_run("2026-01-26T00:00:30Z", "UTC", |settings| settings.byte_order_mark = true);
    check_own_run("2026-01-29T23:30:00Z", "Pacific/Kiritimati", |settings| {
        settings.request_id = RequestIdStyle::FakeDay;
    });
    check_own_run("2026-01-31T05:00:00Z", "Pacific/Honolulu", |_| ());
    check_own_run("2026-01-29T18:00:00Z", "UTC", |settings| settings.mix = "a=10,b=50,f=40".parse().ok());
}

const ANY_NAME: [&str; 11] = [
    COMPLETIONS,
    ASSIGNMENTS,
    DUMMY,
    RUN,
    "employees.csv",
    "StandAloneContent_v2.csv",
    "CourseCatalog_V2.csv",
    "content_assignments.csv",
    "content_completion.csv",
    "recommendations.jsonl",
    "é",
];

proptest! {
    #[test]
    fn any_bytes_under_any_name_are_checked(
        files in prop::collection::vec((0..ANY_NAME.len(), prop::collection::vec(any::<u8>(), 0..200)), 0..5),
    ) {
        let given: Vec<GivenFile<'_>> =
            files.iter().map(|(name, bytes)| GivenFile { name: ANY_NAME[*name], bytes }).collect();
        let _ = check(&given);
    }

    #[test]
    fn any_change_of_a_good_set_is_checked(
        changes in prop::collection::vec((any::<prop::sample::Index>(), "[\"\n\r,7x\u{feff}]{0,2}", 0..4_usize), 0..8),
    ) {
        let mut texts = [
            completions(&(done(7, "1,999", "08:00:00", "08:05:00") + &done(8, "5", "08:00:00", "08:05:00"))),
            assignments(&(left(8, "1", "1,999") + &left(9, "2", "5"))),
            String::from_utf8(dummy()).unwrap(),
            run_file((COMPLETIONS, b""), &[(COMPLETIONS, b"")]),
        ];
        for (index, insert, file) in changes {
            let at = index.index(texts[file].chars().count());
            let at = texts[file].char_indices().nth(at).map_or(0, |(at, _)| at);
            texts[file].insert_str(at, &insert);
        }
        let names = [COMPLETIONS, ASSIGNMENTS, DUMMY, RUN];
        let given: Vec<GivenFile<'_>> =
            names.iter().zip(&texts).map(|(name, text)| GivenFile { name, bytes: text.as_bytes() }).collect();
        let _ = check(&given);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_feed_is_checked_in_parts_as_a_whole(
        part in prop_oneof![1_usize..300, 300_usize..20_000],
        edits in proptest::collection::vec((0..2_usize, any::<proptest::sample::Index>(), "[\"\n\r,x0]{0,3}"), 0..6),
    ) {
        let run = OwnRun::usual();
        let mut outputs = run.outputs();
        for (file, at, text) in edits {
            let bytes = &mut outputs[file].1;
            let at = at.index(bytes.len());
            bytes.splice(at..(at + 1).min(bytes.len()), text.bytes());
        }
        let files = [run.with_record(outputs, Vec::new()), run.inputs()].concat();
        let sources: Vec<SourceFile<'_>> =
            files.iter().map(|(name, bytes)| SourceFile { name, source: bytes, chosen: None }).collect();
        prop_assert_eq!(check_sources(&sources, &SmallChunks(part)), check_owned(&files));
    }
}

#[test]
fn a_text_in_utf_16_is_recognised_however_long_it_is() {
    for rows in [1, 20_000] {
        let text = format!("\u{feff}ba_id,content_id,completion_date\n{}", "7,300,2026-01-21\n".repeat(rows));
        let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let report = check(&[GivenFile { name: "x.csv", bytes: &bytes }]);
        assert_eq!(report.files[0].kind, FileKind::of_input(InputRole::Completions), "{rows} rows");
    }
}
