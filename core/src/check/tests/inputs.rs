//! Inputs: every value that is not understood is a finding, and what spreadsheets put around a table is none.

use super::{COMPLETIONS, COMPLETIONS_HEADER, DUMMY, check_set, done, dummy, standalone};
use crate::check::{FileKind, GivenFile, check};

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
    assert_eq!(found[1], "4:1: a row without any value; remove it, or write its values");
    assert!(found[2].starts_with("5:"), "{found:?}");
    assert_eq!(report.files[0].rows, 2);
}
