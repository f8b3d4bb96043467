//! Tests of every kind of finding: the smallest files that yield it, and its row in docs/findings.md.
#![allow(clippy::panic, clippy::unwrap_used)]

use strum::VariantArray;

use super::tests::{
    ASSIGNMENTS, ASSIGNMENTS_HEADER, COMPLETIONS, COMPLETIONS_HEADER, DUMMY, RUN, assignments, completions, done,
    dummy, left, run_file, standalone,
};
use super::{Finding, FindingKind as Kind, GivenFile, check};

type Files = Vec<(&'static str, Vec<u8>)>;

const EMPLOYEES: &str = "employees.csv";
const CONTENTS: &str = "StandAloneContent_v2.csv";
const OPEN: &str = "content_assignments.csv";
const PAST: &str = "content_completion.csv";
const ANSWERS: &str = "recommendations.jsonl";
const NEXT_COMPLETIONS: &str = "ContentUserCompletion_V2_2026_01_30_1_aaaaaa.csv";
const NEXT_ASSIGNMENTS: &str = "Non_Completed_Assignments_V2_2026_1_30_1_aaaaaa.csv";
const NEXT_RUN: &str = "run_2026_1_30_1_aaaaaa.json";

fn file(name: &'static str, content: impl Into<Vec<u8>>) -> (&'static str, Vec<u8>) {
    (name, content.into())
}

fn of_completions(rows: &str) -> Files {
    vec![file(COMPLETIONS, completions(rows))]
}

fn of_assignments(rows: &str) -> Files {
    vec![file(ASSIGNMENTS, assignments(rows))]
}

fn of_employees(rows: &str) -> Files {
    vec![employees(rows)]
}

fn employees(rows: &str) -> (&'static str, Vec<u8>) {
    file(EMPLOYEES, format!("employee_id,employee_edu_type\n{rows}"))
}

fn content(row: &str) -> Files {
    vec![file(CONTENTS, standalone(&[]) + row + "\n")]
}

fn open(rows: &str) -> (&'static str, Vec<u8>) {
    file(OPEN, crate::format::assignments_table::COLUMNS.join(",") + "\n" + rows)
}

fn past(rows: &str) -> (&'static str, Vec<u8>) {
    file(PAST, crate::format::completions_table::COLUMNS.join(",") + "\n" + rows)
}

fn recommended(content: &str) -> (&'static str, Vec<u8>) {
    let item = format!("{{\"recommended_content_id\": {content}}}");
    file(ANSWERS, format!("{{\"ba_id\": 7, \"body\": {{\"response\": {{\"ml_recommendations\": [{item}]}}}}}}\n"))
}

/// All files that the check of the rules needs, for employee 7.
fn rules(kind: &str, contents: &[&str], done: &str, left: &str) -> Files {
    vec![
        employees(&format!("7,{kind}\n")),
        file(CONTENTS, standalone(contents)),
        open(""),
        past(""),
        file(COMPLETIONS, completions(done)),
        file(ASSIGNMENTS, assignments(left)),
    ]
}

/// Two days of a series.
fn days(first: [&str; 2], second: [&str; 2]) -> Files {
    let record = |day: u32| {
        let (version, seed, files): (_, _, [u8; 0]) = ("0.1.0", 7, []);
        let series = serde_json::json!({"from": "2026-01-29", "at": "10:00", "weekdays": false, "day": day});
        let now = format!("2026-01-{}T10:00:00Z", 28 + day);
        serde_json::json!({
            "version": version, "seed": seed, "now": now, "time_zone": "UTC", "series": series, "inputs": files, "outputs": files,
        })
        .to_string()
    };
    vec![
        file(COMPLETIONS, completions(first[0])),
        file(ASSIGNMENTS, assignments(first[1])),
        file(RUN, record(1)),
        file(NEXT_COMPLETIONS, completions(second[0])),
        file(NEXT_ASSIGNMENTS, assignments(second[1])),
        file(NEXT_RUN, record(2)),
    ]
}

/// The smallest files that yield a kind of finding.
fn examples() -> Vec<(Kind, Files)> {
    let row = done(7, "999", "08:00:00", "08:05:00");
    let header = COMPLETIONS_HEADER.trim_end();
    let with_header = |text: &str| vec![file(COMPLETIONS, format!("{text}\n"))];
    let next_day = |text: String| text.replace("2026-01-29T", "2026-01-30T");
    let dose = "\"2\",Name,,,Media,,,TRUE,2026-01-28T08:24:06Z,,,\n";
    let repeated_dose = days(["", &left(7, "1", "1")], ["", &(left(7, "1", "1") + &next_day(left(7, "2", "2")))]);
    vec![
        (Kind::UnknownFile, vec![file("x.csv", "")]),
        (Kind::OtherKind, vec![file(DUMMY, COMPLETIONS_HEADER)]),
        (Kind::BadFileName, vec![file("ContentUserCompletion_V2_2026_1_9_1_5fccff.csv", COMPLETIONS_HEADER)]),
        (Kind::TemplateName, vec![file("UserCompletion_v2_YYYY_m_d_1_000001.csv", dummy())]),
        (Kind::EmptyFile, vec![file(COMPLETIONS, "")]),
        (Kind::NotCsv, vec![file(EMPLOYEES, "%PDF-1.4\n")]),
        (Kind::Conversion, vec![file(EMPLOYEES, "employee_id;employee_edu_type\n1;a\n")]),
        (Kind::NotUtf8, vec![file(EMPLOYEES, b"employee_id,employee_edu_type\n1,\xFF\n")]),
        (Kind::ControlCharacter, of_completions(&row.replacen("\"7\"", "\"7\0\"", 1))),
        (Kind::ByteOrderMark, of_completions(&format!("\u{feff}{row}"))),
        (Kind::SeparatorLine, vec![file(COMPLETIONS, format!("sep=,\n{COMPLETIONS_HEADER}"))]),
        (Kind::LineEnding, vec![file(COMPLETIONS, format!("{header}\r\n"))]),
        (Kind::UnfinishedLine, vec![file(COMPLETIONS, header)]),
        (Kind::BlankLine, of_completions("\n")),
        (Kind::UnclosedQuote, of_completions(&row.replacen("\"7\"", "\"7", 1))),
        (Kind::SwallowedRow, vec![file(EMPLOYEES, "employee_id,employee_edu_type,note\n7,a,\"x\n8,b,x\"\n")]),
        (Kind::TextAfterQuote, of_completions(&row.replacen("\"7\"", "\"7\"x", 1))),
        (Kind::MissingQuotes, of_completions(&row.replacen("\"7\"", "7", 1))),
        (Kind::FieldCount, of_completions("\"7\",\"999\"\n")),
        (Kind::MissingHeader, vec![file(COMPLETIONS, row.clone())]),
        (Kind::RepeatedHeader, of_completions(COMPLETIONS_HEADER)),
        (Kind::MissingColumn, vec![file(EMPLOYEES, "employee_id\n7\n")]),
        (Kind::MisspeltColumn, with_header(&header.replace("UserId", "UserID"))),
        (Kind::SurplusColumn, with_header(&format!("{header},\"Store\""))),
        (Kind::RepeatedColumn, with_header(&format!("{header},\"UserId\""))),
        (Kind::ColumnOrder, with_header("\"ContentId\",\"UserId\",\"DateStarted\",\"DateCompleted\"")),
        (Kind::BadId, of_completions(&done(7, "1915085", "08:00:00", "08:05:00"))),
        (Kind::BadTime, of_completions(&row.replacen("29T08", "29 08", 1))),
        (Kind::BadFlag, content("1,,,,,,,WAHR,,,,")),
        (Kind::BadText, content("1,#NAME?,,,,,,TRUE,,,,")),
        (Kind::UnknownType, of_employees("7,q\n")),
        (Kind::RepeatedId, of_employees("7,a\n7,b\n")),
        (Kind::HiddenRow, of_employees("####,a\n7,a\n")),
        (Kind::NoEmployees, of_employees("")),
        (Kind::NoContents, vec![file(CONTENTS, standalone(&[]))]),
        (Kind::NoDailyDoses, content("1,,,,,,,FALSE,,,,")),
        (Kind::NoDates, vec![open("7,999,,,,,\n")]),
        (Kind::NotJson, vec![file(RUN, "[]")]),
        (Kind::BadJsonField, vec![file(RUN, "{\"outputs\": []}")]),
        (Kind::BadRecommendation, vec![recommended("\"1.048\"")]),
        (Kind::RepeatedAnswer, vec![file(ANSWERS, "{\"ba_id\": 7, \"error\": \"x\"}\n".repeat(2))]),
        (Kind::BrokenOnPurpose, vec![file(RUN, "{\"outputs\": [], \"broken\": [{\"kind\": \"crlf\"}]}")]),
        (Kind::Future, of_completions(&row.replace("01-29T", "02-05T"))),
        (Kind::NoDuration, of_completions(&done(7, "999", "08:00:00", "08:00:00"))),
        (Kind::LongTraining, of_completions(&done(7, "999", "08:00:00", "08:20:00"))),
        (
            Kind::RowsApart,
            of_completions(
                &(row.clone() + &done(8, "999", "08:00:00", "08:05:00") + &done(7, "998", "09:00:00", "09:05:00")),
            ),
        ),
        (Kind::TimeOrder, of_completions(&(row.clone() + &done(7, "998", "07:00:00", "07:05:00")))),
        (Kind::Overlap, of_completions(&(row.clone() + &done(7, "998", "08:01:00", "08:06:00")))),
        (Kind::RepeatedPair, of_completions(&(row.clone() + &done(7, "999", "09:00:00", "09:05:00")))),
        (Kind::DueBeforeStart, of_assignments(&left(7, "1", "999").replace("01-31T13:13:59", "01-25T13:13:59"))),
        (Kind::EmptyContentType, of_assignments(&left(7, "1", "999").replace("Media", ""))),
        (Kind::BadRequestId, of_assignments(&left(7, "x", "999"))),
        (Kind::RepeatedRequestId, of_assignments(&(left(7, "1", "999") + &left(7, "1", "998")))),
        (Kind::MixedRequestIds, of_assignments(&(left(7, "1", "999") + &left(7, "fake:29", "998")))),
        (
            Kind::OtherRun,
            vec![
                file(COMPLETIONS, COMPLETIONS_HEADER),
                file(DUMMY, dummy()),
                file(NEXT_ASSIGNMENTS, ASSIGNMENTS_HEADER),
            ],
        ),
        (Kind::MissingFile, vec![file(COMPLETIONS, COMPLETIONS_HEADER), file(ASSIGNMENTS, ASSIGNMENTS_HEADER)]),
        (
            Kind::UnrecordedFile,
            vec![
                file(COMPLETIONS, COMPLETIONS_HEADER),
                file(DUMMY, dummy()),
                file(RUN, run_file((EMPLOYEES, b""), &[(COMPLETIONS, COMPLETIONS_HEADER.as_bytes())])),
            ],
        ),
        (Kind::ChangedFile, vec![file(DUMMY, dummy()), file(RUN, run_file((EMPLOYEES, b""), &[(DUMMY, b"UserId\n")]))]),
        (
            Kind::StateNotCompared,
            vec![file(COMPLETIONS, COMPLETIONS_HEADER), file(NEXT_COMPLETIONS, COMPLETIONS_HEADER), open("")],
        ),
        (
            Kind::SeveralInputs,
            [of_completions(&row), of_employees("7,a\n"), vec![file("people.csv", employees("7,a\n8,b\n").1)]].concat(),
        ),
        (Kind::CompletedAndListed, [of_completions(&row), of_assignments(&left(7, "1", "999"))].concat()),
        (Kind::UnknownEmployee, [of_completions(&row), of_employees("8,a\n")].concat()),
        (Kind::TypeMismatch, [of_completions(&row), of_employees("7,f\n")].concat()),
        (
            Kind::EmployeeOrder,
            [of_completions(&(row.clone() + &done(6, "999", "08:00:00", "08:05:00"))), of_employees("6,a\n7,a\n")]
                .concat(),
        ),
        (
            Kind::UnknownContent,
            vec![file(CONTENTS, standalone(&["1"])), open(""), file(ASSIGNMENTS, assignments(&left(7, "1", "999")))],
        ),
        (
            Kind::UnexplainedCompletion,
            vec![file(CONTENTS, standalone(&["1"])), open(""), recommended("5"), file(COMPLETIONS, completions(&row))],
        ),
        (
            Kind::NewAssignmentDate,
            vec![
                open(""),
                file(
                    ASSIGNMENTS,
                    assignments(&(left(7, "1", "998") + &left(7, "2", "999").replace("29T02:00", "29T01:00"))),
                ),
            ],
        ),
        (
            Kind::NewAssignmentType,
            vec![open(""), file(ASSIGNMENTS, assignments(&left(7, "1", "999").replace("Media", "Course")))],
        ),
        (
            Kind::OutsideShift,
            vec![
                open(""),
                file(COMPLETIONS, completions(&done(7, "998", "01:00:00", "01:05:00"))),
                file(ASSIGNMENTS, assignments(&left(7, "1", "999"))),
            ],
        ),
        (Kind::MissingAssignment, rules("f", &["1", "2"], "", "")),
        (Kind::WrongAssignment, rules("f", &["1", "2", "3"], "", &(left(7, "1", "2") + &left(7, "2", "3")))),
        (Kind::MissingCompletion, [rules("a", &["1"], "", ""), vec![recommended("5")]].concat()),
        (Kind::ListOrder, rules("f", &["1", "2"], "", &(left(7, "1", "2") + &left(7, "2", "1")))),
        (
            Kind::OpenOrder,
            vec![
                open("7,998,2026-01-20 00:00:00,,,,\n7,999,2026-01-20 00:00:00,,,,\n"),
                file(ASSIGNMENTS, assignments(&(left(7, "1", "999") + &left(7, "2", "998")))),
            ],
        ),
        (
            Kind::LostAssignment,
            vec![
                open("7,999,2026-01-20 00:00:00,,,,\n"),
                past(""),
                employees("7,f\n"),
                file(COMPLETIONS, COMPLETIONS_HEADER),
                file(ASSIGNMENTS, ASSIGNMENTS_HEADER),
            ],
        ),
        (
            Kind::ChangedAssignment,
            vec![open("7,999,2026-01-20 00:00:00,,,,\n"), file(ASSIGNMENTS, assignments(&left(7, "1", "999")))],
        ),
        (Kind::CompletedBefore, vec![past("7,999,2026-01-20\n"), file(ASSIGNMENTS, assignments(&left(7, "1", "999")))]),
        (Kind::UnlistedBefore, days(["", ""], ["", &left(7, "1", "999")])),
        (Kind::RepeatedDose, [repeated_dose, vec![file(CONTENTS, standalone(&["1"]) + dose)]].concat()),
        (
            Kind::TypeOverDays,
            days([&(row.clone() + &done(7, "998", "08:05:00", "08:10:00")), ""], ["", &next_day(left(7, "1", "997"))]),
        ),
    ]
}

/// The finding of a kind in its example.
fn example(kind: Kind, files: &Files) -> Finding {
    let given: Vec<GivenFile<'_>> = files.iter().map(|(name, bytes)| GivenFile { name, bytes }).collect();
    let report = check(&given);
    let all: Vec<&Finding> = report.by_file().concat();
    let found = all.iter().find(|finding| finding.kind == kind);
    assert!(found.is_some(), "{} is not among {all:#?}", kind.id());
    (*found.copied().unwrap()).clone()
}

/// The rows of the table in docs/findings.md: id, severity, meaning, example.
fn documented() -> Vec<Vec<&'static str>> {
    let lines = include_str!("../../../docs/findings.md").lines().skip_while(|line| !line.starts_with("| Kind"));
    let rows = lines.filter(|line| line.starts_with("| `"));
    rows.map(|row| row.trim_matches('|').split(" | ").map(str::trim).collect()).collect()
}

#[test]
fn every_kind_has_an_example_and_a_row_in_the_documentation() {
    let (examples, rows) = (examples(), documented());
    let kinds: Vec<Kind> = examples.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(kinds, Kind::VARIANTS);
    let ids: Vec<String> = kinds.iter().map(|kind| format!("`{}`", kind.id())).collect();
    assert_eq!(rows.iter().map(|row| row[0]).collect::<Vec<_>>(), ids);
    for ((kind, files), row) in examples.iter().zip(rows) {
        let [_, severity, meaning, text] = row.try_into().unwrap();
        let finding = example(*kind, files);
        assert_eq!(finding.to_string(), text, "{}", kind.id());
        let is_there = severity.contains(if finding.is_error() { "error" } else { "warning" });
        assert!(is_there && !meaning.is_empty(), "{}: {severity} | {meaning}", kind.id());
    }
}

#[test]
fn an_id_is_the_same_in_json() {
    for kind in Kind::VARIANTS {
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.id());
    }
}

#[test]
fn a_finding_has_field_and_data() {
    let of = |kind: Kind| {
        let (_, files) = examples().into_iter().find(|(of, _)| *of == kind).unwrap();
        let Finding { field, data, .. } = example(kind, &files);
        (field.unwrap_or_default(), serde_json::to_value(data).unwrap())
    };
    for (kind, field, data) in [
        (Kind::BadId, "ContentId", serde_json::json!({"found": "1915085"})),
        (Kind::UnknownType, "", serde_json::json!({"found": "q"})),
        (Kind::RepeatedId, "employee_id", serde_json::json!({"found": "7", "other_line": 2})),
        (Kind::RepeatedPair, "ContentId", serde_json::json!({"employee_id": 7, "content_id": 999, "other_line": 2})),
        (
            Kind::CompletedAndListed,
            "TrainingElementId",
            serde_json::json!({"employee_id": 7, "content_id": 999, "other_file": COMPLETIONS, "other_line": 2}),
        ),
        (Kind::MissingAssignment, "", serde_json::json!({"employee_id": 7})),
    ] {
        assert_eq!(of(kind), (field.to_owned(), data), "{}", kind.id());
    }
}
