//! Reads all input files of a run and collects the problems of every file.

use crate::format::employees::BadRows;
use crate::inputs::input_file::{InputFile, InputSource};
use crate::inputs::inputs_reader::{FileProblems, InputsPart, InputsReader, OnlyOne};
use crate::inputs::rows_of_one::RowsOfOne;
use crate::inputs::run_inputs::Inputs;
use crate::text::chunks::{OneAfterAnother, Workers};

/// Reads all files of a run. Built-in files replace a missing StandAloneContent or template, but appear in the run
/// record only if [`InputFile::missing`] was added to `files` beforehand. If the problems include an error, the run is
/// refused: do not generate anything from the returned inputs.
#[must_use]
pub fn read_inputs(files: &[InputFile<'_>], bad_rows: BadRows) -> (Inputs, Vec<FileProblems>) {
    let files: Vec<InputSource<'_>> = files.iter().map(InputSource::of).collect();
    read_sources(&files, bad_rows, &OneAfterAnother)
}

/// As [`read_inputs`]. Files that may be large, of employees, state and recommendations, are read in chunks.
#[must_use]
pub fn read_sources(
    files: &[InputSource<'_>],
    bad_rows: BadRows,
    workers: &impl Workers,
) -> (Inputs, Vec<FileProblems>) {
    let mut reader = InputsReader::new(bad_rows, workers);
    reader.read_up_to(InputsPart::All, files);
    reader.finish()
}

/// As [`read_sources`], for one employee: also returns the employee's rows, and drops the recorded answers for others.
#[must_use]
pub fn read_for_one(
    files: &[InputSource<'_>],
    bad_rows: BadRows,
    one: OnlyOne,
    workers: &impl Workers,
) -> (Inputs, RowsOfOne, Vec<FileProblems>) {
    let mut reader = InputsReader::for_one(bad_rows, one, workers);
    reader.read_up_to(InputsPart::All, files);
    reader.finish_for_one()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;
    use crate::format::assignments_table;
    use crate::format::input_role::InputRole;
    use crate::inputs::inspection::inspect;
    use crate::text::chunks::SmallChunks;

    const ROWS: [&str; 9] = [
        "1,2,2026-01-26 00:01:00,,,,\n",
        "1,3,2026-01-26 00:01:00,,,,\"two\nlines\"\n",
        "2,3,2026-01-26 00:01:00,,,,x\r\n",
        "x,3,2026-01-26 00:01:00,,,,\"1,2,3\n1,2,,,,,\n\"\n",
        "\n",
        "\"",
        "1,2\n",
        "\u{feff}1,2,2026-01-26 00:01:00,,,,y\n",
        "2,9,,,,,\n",
    ];

    const ANSWERS: [&str; 9] = [
        "{\"ba_id\": 1, \"body\": {\"response\": {\"ml_recommendations\": [{\"recommended_content_id\": 5}]}}}\n",
        "{\"ba_id\": 2, \"body\": {\"response\": \"none\"}}\r\n",
        "{\"ba_id\": 1, \"error\": \"timed out\"} {\"ba_id\": 2, \"error\": \"x\"}\n",
        "{\"ba_id\": 2,\n\"body\": {\"response\": {}}}\n",
        "[{\"ba_id\": 1, \"error\": \"x\"}]\n",
        "\n",
        "nothing\n",
        "{\"ba_id\": 2, \"body\": {\"response\": {\"ml_recommendations\": [{\"ba_id\": 1}, 7]}}}\n",
        "{\"body\": 1}\n",
    ];

    proptest! {
        #[test]
        fn files_are_read_in_parts_as_a_whole(
            part in 1_usize..200,
            rows in proptest::collection::vec(select(&ROWS[..]), 0..12),
            answers in proptest::collection::vec(select(&ANSWERS[..]), 0..12),
        ) {
            let table = format!("{}\n{}", assignments_table::COLUMNS.join(","), rows.concat());
            let files = [
                InputFile::given(InputRole::Employees, "e", b"employee_id,employee_edu_type\n1,a\n2,b\n".as_slice()),
                InputFile::given(InputRole::Assignments, "a", table.into_bytes()),
                InputFile::given(InputRole::Recommendations, "r", answers.concat().into_bytes()),
            ];
            let sources: Vec<InputSource<'_>> = files.iter().map(InputSource::of).collect();
            let (whole, problems) = read_inputs(&files, BadRows::Refuse);
            let (in_chunks, of_parts) = read_sources(&sources, BadRows::Refuse, &SmallChunks(part));
            prop_assert_eq!(of_parts, problems);
            prop_assert_eq!(format!("{in_chunks:?}"), format!("{whole:?}"));
        }
    }

    fn check(role: InputRole, bytes: &[u8], expected: &str) {
        let inspected = inspect(role, bytes, BadRows::Refuse).problems;
        let (_, of_run) = read_inputs(&[InputFile::given(role, "x", bytes.to_vec())], BadRows::Refuse);
        for problems in [&inspected, &of_run[0].problems] {
            let found: Vec<String> = problems.iter().map(ToString::to_string).collect();
            assert_eq!(found, [expected]);
        }
    }

    #[test]
    fn a_file_without_readable_rows_is_described_as_what_it_is() {
        for (role, bytes, expected) in [
            (InputRole::Employees, "employee_id,employee_edu_type\n1,a\n", "1 employee"),
            (InputRole::Employees, "employee_id,employee_edu_type\n1,x\n", "0 employees"),
            (
                InputRole::Completions,
                "employee_id,employee_edu_type\n1,a\n",
                "another kind of file: employees (employees.csv)",
            ),
            (InputRole::Employees, "", "an empty file"),
            (InputRole::Employees, "name,note\nx,y\n", "a table without the column employee_id"),
            (InputRole::Employees, "PK\u{3}\u{4}", "a table that cannot be converted"),
            (InputRole::Recommendations, "hello\n", "no recorded answers"),
        ] {
            let found = inspect(role, bytes.as_bytes(), BadRows::Refuse).contents;
            assert!(found.starts_with(expected), "{bytes:?}: {found}");
        }
    }

    #[test]
    fn a_file_of_another_kind_is_called_that() {
        let table = format!("{}\n1,2,,,,,\n", assignments_table::COLUMNS.join(","));
        check(
            InputRole::StandaloneContent,
            table.as_bytes(),
            "1:1: this is another kind of file, state table content_assignments: it belongs under Assignments table \
             (--assignments)",
        );
        check(
            InputRole::Recommendations,
            b"employee_id,employee_edu_type\n1,a\n2,b\n",
            "1:1: this is another kind of file, employees (employees.csv): it belongs under Employees file (--employees)",
        );
        check(
            InputRole::Employees,
            b"{\"ba_id\": 1, \"error\": \"\"}\n",
            "1:1: this is another kind of file, recorded recommendations (JSON lines): it belongs under Recorded \
             recommendations (--recommendations)",
        );
        check(
            InputRole::Completions,
            b"\"UserId\",\"ContentId\",\"DateStarted\",\"DateCompleted\"\n",
            "1:1: this is another kind of file, vendor file of completions (ContentUserCompletion): a run makes it, and does \
             not read it",
        );
        check(
            InputRole::Completions,
            b"ba_id,content_id\n",
            "1:17: the column completion_date is missing from the header; add it",
        );
    }
}
