//! Tests of every way in which two feeds can differ, through one function; of a feed and itself; and of a feed and an
//! edited copy.
#![allow(clippy::unwrap_used, clippy::panic)]

use proptest::prelude::*;

use super::{Change, FeedComparison, FeedTables, RowDifference, compare};
use crate::check::GivenFile;
use crate::check::own_run::OwnRun;
use crate::format::feed_file::FeedFile;
use crate::format::{completions, non_completed};

const COMPLETIONS: &str = "ContentUserCompletion_V2_2026_01_29_1_5fccff.csv";
const ASSIGNMENTS: &str = "Non_Completed_Assignments_V2_2026_1_29_1_5fccff.csv";

fn differences(before: &[(&str, &str)], after: &[(&str, &str)]) -> (FeedComparison, Vec<RowDifference>) {
    let [before, after] = [before, after].map(|files| -> Vec<GivenFile<'_>> {
        files.iter().map(|(name, text)| GivenFile { name, bytes: text.as_bytes() }).collect()
    });
    let [before, after] = [&before, &after].map(|files| FeedTables::read(files).unwrap());
    let mut found = Vec::new();
    let comparison = compare(&before, &after, &mut |difference| found.push(difference));
    (comparison, found)
}

/// Each difference as `line before -> line after: employee content columns`, and the counts of the file.
fn described((comparison, found): &(FeedComparison, Vec<RowDifference>)) -> Vec<String> {
    let id = |id: Option<u64>| id.map_or("?".to_owned(), |id| id.to_string());
    let mut lines: Vec<String> = found
        .iter()
        .map(|one| {
            let key = format!("{} {}", id(one.employee), id(one.content));
            match &one.change {
                Change::Added { after } => format!("added {}: {key}", after.line),
                Change::Gone { before } => format!("gone {}: {key}", before.line),
                Change::Changed { before, after, columns } => {
                    format!("changed {} -> {}: {key} {}", before.line, after.line, columns.join(" "))
                }
            }
        })
        .collect();
    for file in &comparison.files {
        let absent = file.absent.map(|side| format!(", absent {side:?}")).unwrap_or_default();
        lines.push(format!(
            "{} {}/{}: same {}, added {}, gone {}, changed {}, ids {}{absent}",
            file.file.name(),
            file.rows_before,
            file.rows_after,
            file.same,
            file.added,
            file.gone,
            file.changed,
            file.other_request_ids
        ));
    }
    lines
}

fn check_completions(before: &str, after: &str, expected: &[&str]) {
    let [before, after] = [before, after].map(|rows| format!("{}\n{rows}", completions::COLUMNS.join(",")));
    assert_eq!(described(&differences(&[(COMPLETIONS, &before)], &[(COMPLETIONS, &after)])), expected);
}

#[test]
fn the_files_of_a_sequence_are_one_table() {
    let head = completions::COLUMNS.join(",");
    let part = |rows: &str| format!("{head}\n{rows}");
    let (whole, first, second) =
        (part("1,7,s,e\n2,7,s,e\n3,7,s,e\n"), part("1,7,s,e\n2,7,s,e\n"), part("3,7,s,later\n"));
    let name = |sequence: &str| COMPLETIONS.replace("_1_5fccff", &format!("_{sequence}_5fccff"));
    let parts = [(&*name("10"), &*second), (&*name("9"), &*first)];
    let found = differences(&[(COMPLETIONS, &whole)], &parts);
    assert_eq!(
        described(&found),
        ["changed 4 -> 2: 3 7 DateCompleted", "completions 3/3: same 2, added 0, gone 0, changed 1, ids 0"]
    );
    let Change::Changed { before, after, .. } = &found.1[0].change else { panic!("{found:?}") };
    assert_eq!((&before.name, &after.name), (&None, &Some(name("10"))));
}

#[test]
fn rows_are_matched_by_employee_and_content() {
    const ROWS: &str = "1,\"1,000\",s,e\n2,\"1,000\",s,e\n";
    check_completions(ROWS, ROWS, &["completions 2/2: same 2, added 0, gone 0, changed 0, ids 0"]);
    check_completions(
        ROWS,
        "2,\"1,000\",s,later\n1,\"1,000\",s,e\n1,7,s,e\n",
        &[
            "added 4: 1 7",
            "changed 3 -> 2: 2 1000 DateCompleted",
            "completions 2/3: same 1, added 1, gone 0, changed 1, ids 0",
        ],
    );
    check_completions(
        ROWS,
        "",
        &["gone 2: 1 1000", "gone 3: 2 1000", "completions 2/0: same 0, added 0, gone 2, changed 0, ids 0"],
    );
}

#[test]
fn order_quotes_and_line_ends_are_no_difference_but_the_spelling_of_a_value_is() {
    check_completions(
        "1,\"1,000\",s,e\n2,7,s,e\n",
        "\"2\",\"7\",\"s\",\"e\"\r\n1,\"1,000\",s,e",
        &["completions 2/2: same 2, added 0, gone 0, changed 0, ids 0"],
    );
    check_completions(
        "1,\"1,000\",s,e\n",
        "01,1000,s,e\n",
        &["changed 2 -> 2: 1 1000 UserId ContentId", "completions 1/1: same 0, added 0, gone 0, changed 1, ids 0"],
    );
}

#[test]
fn of_several_rows_of_one_pair_the_same_ones_are_matched_first() {
    check_completions(
        "1,7,s,a\n1,7,s,b\n1,7,s,c\n",
        "1,7,s,c\n1,7,s,d\n1,7,s,b\n",
        &["changed 2 -> 3: 1 7 DateCompleted", "completions 3/3: same 2, added 0, gone 0, changed 1, ids 0"],
    );
    check_completions(
        "1,7,s,a\n",
        "1,7,s,a\n1,7,s,a\n",
        &["added 3: 1 7", "completions 1/2: same 1, added 1, gone 0, changed 0, ids 0"],
    );
}

#[test]
fn a_row_that_cannot_be_read_is_compared_by_its_text() {
    check_completions(
        "x,7,s,e\n1,\"7,s,e\n2,7,s,e\n",
        "1,\"7,s,e\nx,8,s,e\n2,7,s,e\n",
        &["gone 2: ? ?", "added 3: ? ?", "completions 3/3: same 2, added 1, gone 1, changed 0, ids 0"],
    );
}

#[test]
fn request_ids_are_counted_by_themselves() {
    let file = |rows: &str| format!("{}\n{rows}", non_completed::COLUMNS.join(","));
    let before = file("1,c,25661,7,s,d,Media\n2,c,25662,7,s,d,Media\n");
    let after = file("1,c,25662,7,s,d,Media\n2,c,25663,7,s,other,Media\n");
    let found = differences(&[(ASSIGNMENTS, &before)], &[(ASSIGNMENTS, &after)]);
    assert_eq!(
        described(&found),
        ["changed 3 -> 3: 2 7 DueDate_text", "assignments 2/2: same 1, added 0, gone 0, changed 1, ids 2"]
    );
    let only_ids = file("1,c,1,7,s,d,Media\n2,c,2,7,s,d,Media\n");
    assert!(differences(&[(ASSIGNMENTS, &before)], &[(ASSIGNMENTS, &only_ids)]).0.is_same());
}

#[test]
fn equal_rows_are_matched_by_their_request_ids() {
    let file = |rows: &str| format!("{}\n{rows}", non_completed::COLUMNS.join(","));
    let (before, after) =
        (file("1,c,10,7,s,d,Media\n1,c,11,7,s,d,Media\n"), file("1,c,11,7,s,d,Media\n1,c,10,7,s,d,Media\n"));
    let found = differences(&[(ASSIGNMENTS, &before)], &[(ASSIGNMENTS, &after)]);
    assert_eq!(described(&found), ["assignments 2/2: same 2, added 0, gone 0, changed 0, ids 0"]);
}

#[test]
fn bytes_that_are_no_text_are_compared() {
    let file = |name: &[u8], ids: &str| {
        [completions::COLUMNS.join(",").as_bytes(), b"\n", ids.as_bytes(), b",", name, b",e\n"].concat()
    };
    for ids in ["1,7", "x,7"] {
        let [before, after] = [b"M\xE9", b"M\xE8"].map(|name| file(name, ids));
        let read = |bytes| FeedTables::read(&[GivenFile { name: COMPLETIONS, bytes }]).unwrap();
        let same = compare(&read(&before), &read(&before), &mut |_| ());
        let other = compare(&read(&before), &read(&after), &mut |_| ());
        assert_eq!((same.is_same(), other.is_same()), (true, false), "{ids}");
    }
}

#[test]
fn a_file_that_one_feed_lacks_is_a_difference() {
    let completions = format!("{}\n1,7,s,e\n", completions::COLUMNS.join(","));
    let assignments = format!("{}\n", non_completed::COLUMNS.join(","));
    let found =
        differences(&[(COMPLETIONS, &completions), (ASSIGNMENTS, &assignments)], &[(ASSIGNMENTS, &assignments)]);
    assert_eq!(
        described(&found),
        [
            "gone 2: 1 7",
            "completions 1/0: same 0, added 0, gone 1, changed 0, ids 0, absent After",
            "assignments 0/0: same 0, added 0, gone 0, changed 0, ids 0"
        ]
    );
    assert!(
        !differences(&[(COMPLETIONS, &completions), (ASSIGNMENTS, &assignments)], &[(COMPLETIONS, &completions)])
            .0
            .is_same()
    );
}

#[test]
fn what_cannot_be_compared_is_named() {
    let header = completions::COLUMNS.join(",");
    for (files, expected) in [
        (&[][..], "the feed has neither a ContentUserCompletion nor a Non_Completed_Assignments file"),
        (
            &[("x.csv", "employee_id,employee_edu_type\n")],
            "x.csv: this is no file of a feed (employees (employees.csv)); name ContentUserCompletion and \
             Non_Completed_Assignments files",
        ),
        (
            &[("a.csv", header.as_str()), ("b.csv", &header)],
            "a.csv and b.csv are of one kind; a feed has one file of each kind, or several with the sequence numbers 1, 2, 3",
        ),
        (
            &[(COMPLETIONS, "UserId,DateStarted,DateCompleted\n")],
            "ContentUserCompletion_V2_2026_01_29_1_5fccff.csv:1:33: the column ContentId is missing from the header; add it",
        ),
    ] {
        let given: Vec<GivenFile<'_>> =
            files.iter().map(|(name, text)| GivenFile { name, bytes: text.as_bytes() }).collect();
        let faults = FeedTables::read(&given).unwrap_err();
        assert_eq!(faults.iter().map(ToString::to_string).collect::<Vec<_>>(), [expected]);
    }
}

/// A row of a feed that was edited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Edit {
    Remove,
    Change,
    Add,
}

fn edits() -> impl Strategy<Value = Vec<(usize, Edit)>> {
    let edit = prop_oneof![Just(Edit::Remove), Just(Edit::Change), Just(Edit::Add)];
    proptest::collection::vec((any::<usize>(), edit), 0..20)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn an_edit_of_n_rows_gives_n_differences_and_a_feed_and_itself_none(edits in edits(), of_assignments in any::<bool>()) {
        let feed = OwnRun::usual().bytes();
        let texts = [feed.completions, feed.assignments].map(|bytes| String::from_utf8(bytes).unwrap());
        let names = [COMPLETIONS, ASSIGNMENTS];
        let before = [(names[0], texts[0].as_str()), (names[1], texts[1].as_str())];
        let edited = usize::from(of_assignments);
        let mut lines: Vec<String> = texts[edited].lines().map(str::to_owned).collect();
        let mut expected = [0, 0, 0];
        let mut touched = std::collections::BTreeSet::new();
        for (number, (at, edit)) in edits.into_iter().enumerate() {
            let at = 1 + at % (lines.len() - 1);
            if !touched.insert(lines[at].clone()) || lines[at].is_empty() {
                continue;
            }
            match edit {
                Edit::Remove => { expected[0] += 1; lines[at].clear(); }
                // The last field of both files.
                Edit::Change => { expected[1] += 1; let end = lines[at].len() - 1; lines[at].insert(end, 'x'); touched.insert(lines[at].clone()); }
                Edit::Add => {
                    expected[2] += 1;
                    let row = lines[at].split_once(',').unwrap().1;
                    let added = format!("\"{}\",{row}", 900_000_000 + number);
                    touched.insert(added.clone());
                    lines.push(added);
                }
            }
        }
        let text = format!("{}\n", lines.join("\n"));
        let mut after = before;
        after[edited].1 = &text;
        let (comparison, found) = differences(&before, &after);
        let counts = &comparison.files[edited];
        prop_assert_eq!([counts.gone, counts.changed, counts.added], expected);
        prop_assert_eq!(found.len(), expected.iter().sum::<usize>());
        prop_assert!(comparison.files[1 - edited].is_same());
        prop_assert!(differences(&after, &after).1.is_empty());
        prop_assert_eq!(counts.file, [FeedFile::Completions, FeedFile::Assignments][edited]);
    }
}
