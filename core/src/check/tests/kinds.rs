//! The kind of a file, by its content and its name.

use super::{ASSIGNMENTS_HEADER, COMPLETIONS_HEADER, DUMMY, RUN, check_set, dummy, standalone};
use crate::check::{FileKind, GivenFile, check};
use crate::format::input_role::InputRole;

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
fn names_follow_the_vendors_pattern() {
    let check_name = |name: &str, expected: &[&str]| {
        let expected: Vec<String> = expected.iter().map(|message| format!("{name}:1:1: {message}")).collect();
        let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
        check_set(&[(name, COMPLETIONS_HEADER.as_bytes())], &expected);
    };
    check_name(
        "ContentUserCompletion_V2_2026_01_09_12_0a9zzz.csv",
        &[
            "ContentUserCompletion_V2_2026_01_09_1_0a9zzz.csv is missing; the files of a kind are numbered from 1 on; if this is \
           the only one, call it so",
        ],
    );
    check_name(
        "ContentUserCompletion_V2_2026_1_9_1_5fccff.csv",
        &["the name is not spelled as the vendor does; it should be ContentUserCompletion_V2_2026_01_09_1_5fccff.csv"],
    );
    check_name(
        "contentusercompletion_v2_2026_01_09_02_5fccff.CSV",
        &[
            "the name is not spelled as the vendor does; it should be ContentUserCompletion_V2_2026_01_09_2_5fccff.csv",
            "ContentUserCompletion_V2_2026_01_09_1_5fccff.csv is missing; the files of a kind are numbered from 1 on; if this is \
             the only one, call it so",
        ],
    );
    check_set(
        &[("UserCompletion_v2_2026_1_9_2_5fccff.csv", &dummy())],
        &[
            "UserCompletion_v2_2026_1_9_2_5fccff.csv:1:1: the number before the last part of the name is 2; it should be 1: \
           UserCompletion_v2_2026_1_9_1_5fccff.csv",
        ],
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
fn a_text_in_utf_16_is_recognised_however_long_it_is() {
    for rows in [1, 20_000] {
        let text = format!("\u{feff}ba_id,content_id,completion_date\n{}", "7,300,2026-01-21\n".repeat(rows));
        let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let report = check(&[GivenFile { name: "x.csv", bytes: &bytes }]);
        assert_eq!(report.files[0].kind, FileKind::of_input(InputRole::Completions), "{rows} rows");
    }
}
