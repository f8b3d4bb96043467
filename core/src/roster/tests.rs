//! Tests of the bytes of an edited employees.csv.

#![allow(clippy::panic)]

use proptest::prelude::*;

use super::*;
use crate::format::employees::{BadRows, Employee, EmployeeType, read};
use crate::plan::mix::Mix;
use crate::text::problem::{Problem, ProblemKind};
use EmployeeType::{A, B, F};

fn open(text: &str) -> Roster {
    Roster::open(text.as_bytes().to_vec()).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn file(roster: &Roster) -> String {
    String::from_utf8_lossy(&roster.file()).into_owned()
}

/// The number of an employee's row, active or switched off.
fn of(roster: &Roster, id: u64) -> usize {
    (0..roster.len()).find(|row| roster.id_of(*row) == Some(id)).unwrap_or_else(|| panic!("no row of {id}"))
}

/// Makes one edit and compares the file; then undoes it and compares with the original.
fn check(text: &str, edit: impl Fn(&mut Roster), expected: &str) {
    let mut roster = open(text);
    edit(&mut roster);
    assert_eq!(file(&roster), expected);
    while roster.undo().is_some() {}
    assert_eq!(file(&roster), text, "undone");
    while roster.redo().is_some() {}
    assert_eq!(file(&roster), expected, "redone");
}

#[test]
fn a_type_is_set_and_nothing_else_touched() {
    let set = |id, kind| {
        move |roster: &mut Roster| {
            let row = of(roster, id);
            assert_eq!(roster.set_type(&[row], kind).rows, 1);
        }
    };
    let head = "employee_id,employee_edu_type\n";
    check(&format!("{head}1,a\n2,a\n"), set(2, F), &format!("{head}1,a\n2,f\n"));
    check(
        &format!("\u{feff}{head}\"1\",\"A\"\r\n"),
        set(1, B),
        &format!("\u{feff}{head}\"1\",\"A\"\r\n").replace('A', "b"),
    );
    check(&format!("{head}1,\" A \"\n"), set(1, B), &format!("{head}1,\" b \"\n"));
    check(&format!("{head}1,bb\n"), set(1, B), &format!("{head}1,b\n"));
    check(&format!("{head}# 1,a  <- on \"leave\n"), set(1, F), &format!("{head}# 1,f  <- on \"leave\n"));
    check(
        "employee_edu_type,note,employee_id\n a ,\"one\n# two\",7\nb,,8",
        set(7, F),
        "employee_edu_type,note,employee_id\n f ,\"one\n# two\",7\nb,,8",
    );
}

#[test]
fn what_spreadsheets_leave_behind_stays_and_is_no_row() {
    let text = "sep=,\r\n,\r\n# note\r\nemployee_id,employee_edu_type\r\n,\r\n\"\",\" \"\r\n1,a\r\n\u{a0},\r\n########,a\r\n\
                \"\r\n\",\r\n2,b\r\n,,,\r\n";
    let set = |roster: &mut Roster| assert_eq!(roster.set_type(&[of(roster, 2)], F).rows, 1);
    check(text, set, &text.replace("2,b", "2,f"));
    let roster = open(text);
    let classes: Vec<Option<OriginalKind>> = (0..roster.len()).map(|row| roster.class_of(row)).collect();
    use OriginalKind::{Blank, Comment, Employee, Header};
    let expected =
        [Header, Blank, Comment, Header, Blank, Blank, Employee, Blank, Comment, Blank, Blank, Employee, Blank];
    assert_eq!(classes, expected.map(Some));
    assert_eq!((roster.tally().problems, roster.line_of(of(&roster, 2))), (0, 12));
}

#[test]
fn a_type_that_is_set_back_has_its_old_spelling() {
    let mut roster = open("employee_id,employee_edu_type\n1, A\n");
    let row = of(&roster, 1);
    let _ = roster.set_type(&[row], B);
    let _ = roster.set_type(&[row], A);
    assert_eq!((file(&roster).as_str(), roster.tally().edited), ("employee_id,employee_edu_type\n1, A\n", 0));
}

#[test]
fn employees_become_comments_and_come_back() {
    let head = "employee_id,employee_edu_type\n";
    let off = |id| move |roster: &mut Roster| assert_eq!(roster.switch_off(&[of(roster, id)]).rows, 1);
    let on = |id| move |roster: &mut Roster| assert_eq!(roster.switch_on(&[of(roster, id)]).rows, 1);
    check(&format!("{head}1,A\r\n2,b"), off(1), &format!("{head}# 1,A\r\n2,b"));
    check(&format!("{head}1,a\n2,b"), off(2), &format!("{head}1,a\n# 2,b"));
    check(
        "employee_id,employee_edu_type,note\n1,a,\"one\n2,b\"\n",
        off(1),
        "employee_id,employee_edu_type,note\n# 1,a,\"one\n# 2,b\"\n",
    );
    check(&format!("{head}  #\t1, B \r\n"), on(1), &format!("{head}1, B \r\n"));
    check(&format!("{head}# 1,a  <- on \"leave, till May\n"), on(1), &format!("{head}1,a\n"));
}

#[test]
fn an_off_employee_of_another_type_comes_back_with_it() {
    let mut roster = open("employee_id,employee_edu_type\n1,a\n");
    let row = of(&roster, 1);
    let _ = roster.switch_off(&[row]);
    let _ = roster.set_type(&[row], F);
    assert_eq!(file(&roster), "employee_id,employee_edu_type\n# 1,f\n");
    let _ = roster.switch_on(&[row]);
    assert_eq!(file(&roster), "employee_id,employee_edu_type\n1,f\n");
}

#[test]
fn comments_that_are_none_of_an_employee_stay_comments() {
    for comment in ["# 1", "# one, a", "# 1,c", "# ,a", "#", "# 1,a,b", "# a,1"] {
        let roster = open(&format!("employee_id,employee_edu_type\n{comment}\n"));
        assert_eq!(roster.tally().off, 0, "{comment}");
        assert_eq!(roster.class_of(1), Some(OriginalKind::Comment), "{comment}");
    }
    let roster = open("# 1,a\nemployee_id,employee_edu_type\n");
    assert_eq!(roster.class_of(0), Some(OriginalKind::Comment), "it would become the header");
}

#[test]
fn rows_are_added_below_the_last_and_removed() {
    let head = "employee_id,employee_edu_type\n";
    check(
        &format!("{head}1,a"),
        |roster| assert_eq!(roster.add(&[2, 3], B).rows, 2),
        &format!("{head}1,a\n2,b\n3,b\n"),
    );
    check(
        "note,employee_edu_type,x,employee_id\r\n,a,,1\r\n",
        |roster| assert_eq!(roster.add(&[2], F).rows, 1),
        "note,employee_edu_type,x,employee_id\r\n,a,,1\r\n,f,,2\r\n",
    );
    check(
        &format!("{head}1,a\n# note\n\n2,b"),
        |roster| assert_eq!(roster.remove(&(0..roster.len()).collect::<Vec<_>>()).rows, 3),
        &format!("{head}\n"),
    );
    check(
        &format!("{head}1,a\n"),
        |roster| {
            let _ = roster.remove(&[of(roster, 1)]);
            let _ = roster.add(&[1], B);
        },
        &format!("{head}1,b\n"),
    );
}

#[test]
fn nobody_gets_an_id_that_another_has() {
    let mut roster = open("employee_id,employee_edu_type\n1,a\n# 1,b\n# 2,b\n# 2,f\n3,c\n");
    let taken = |rows, id| Edited { rows, taken: 1, first_taken: Some(id) };
    assert_eq!(roster.add(&[1, 9], B), taken(1, 1));
    assert_eq!(roster.add(&[3], B), taken(0, 3));
    assert_eq!(roster.switch_on(&[2]), taken(0, 1));
    assert_eq!(roster.switch_on(&[3, 4]), taken(1, 2));
    let ids: Vec<u64> = roster.employees().iter().map(|employee| employee.id).collect();
    assert_eq!(ids, [1, 2, 9]);
}

#[test]
fn rows_with_problems_can_be_mended() {
    let text = "employee_id,employee_edu_type\n1,c\nx,a\n3\n4,a\n4,b\n5,\"a\n";
    let mut roster = open(text);
    assert_eq!((roster.tally().problems, roster.tally().employees), (5, [1, 0, 0]), "a repeated id counts once");
    let shown = roster.find(&Filter { show: Show::Problems, text: String::new() });
    let message: Vec<String> = shown.iter().filter_map(|row| roster.problem_of(*row)).collect();
    assert_eq!(message.len(), 5);
    assert!(message[0].starts_with("unknown employee type 'c'") && message[1].starts_with("employee_id 'x' is no id"));
    assert!(message[2].starts_with("1 field in this row") && message[4].starts_with("a quote opens here"));
    assert_eq!(message[3], "employee_id 4 stands in a row above already; keep one of the two rows");
    assert_eq!(roster.set_type(&shown[..1], F).rows, 1);
    assert_eq!(roster.switch_off(&shown[1..3]).rows, 2);
    assert_eq!(roster.remove(&[of(&roster, 4)]).rows, 1);
    assert_eq!(roster.remove(&shown[4..]).rows, 1);
    assert_eq!(file(&roster), "employee_id,employee_edu_type\n1,f\n# x,a\n# 3\n4,b\n");
    assert_eq!(roster.tally().problems, 0);
    while roster.undo().is_some() {}
    assert_eq!(file(&roster), text);
}

#[test]
fn a_row_that_is_not_utf8_can_only_be_removed() {
    let text = b"employee_id,employee_edu_type\n# \xE9\n1,a\xE9\n2,b\n";
    let mut roster = Roster::open(text.to_vec()).unwrap_or_else(|problems| panic!("{problems:?}"));
    assert_eq!(roster.file(), text);
    assert_eq!((roster.tally().problems, roster.switch_off(&[1, 2]).rows), (2, 0));
    assert_eq!(roster.remove(&[1, 2]).rows, 2);
    assert_eq!(file(&roster), "employee_id,employee_edu_type\n2,b\n");
}

#[test]
fn a_file_without_a_good_header_is_refused() {
    for text in ["", "1,a\n", "employee_id;employee_edu_type\n1;a\n"] {
        assert!(Roster::open(text.as_bytes().to_vec()).is_err(), "{text}");
    }
}

#[test]
fn rows_are_found() {
    let mut roster = open("# staff\nemployee_id,employee_edu_type,name\n1,a,Ann\n\n12,b,Bob\n# 2,f,Cy\n3,x,Di\n");
    let _ = roster.set_type(&[of(&roster, 12)], F);
    for (show, text, expected) in [
        (Show::All, "", &[0, 2, 4, 5, 6][..]),
        (Show::All, "1", &[2, 4]),
        (Show::All, " ANN ", &[2]),
        (Show::All, "staff", &[0]),
        (Show::Type(A), "", &[2]),
        (Show::Type(F), "", &[4]),
        (Show::Off, "", &[5]),
        (Show::Problems, "", &[6]),
        (Show::Edited, "", &[4]),
        (Show::Edited, "ann", &[]),
    ] {
        assert_eq!(roster.find(&Filter { show, text: text.to_owned() }), expected, "{show:?} {text}");
    }
}

#[test]
fn a_mix_is_an_edit() {
    let rows: String = (1..=10).map(|id| format!("{id},a\n")).collect();
    let text = format!("employee_id,employee_edu_type\n{rows}# 11,f\n");
    let mut roster = open(&text);
    assert_eq!(roster.apply_mix(Mix::USUAL, 42).rows, 4);
    assert_eq!(roster.tally().employees, [6, 3, 1]);
    assert_eq!(
        roster.to_undo(),
        Some("the mix 60 % complete all (a), 30 % one (b), 10 % none (f) changed 4 employees")
    );
    let mut alone = read(text.as_bytes(), BadRows::Refuse).value.rows;
    let _ = Mix::USUAL.apply(42, &mut alone);
    assert_eq!(roster.employees(), alone);
    assert_eq!(roster.apply_mix(Mix::USUAL, 42).rows, 0);
    assert_eq!(roster.edits(), 1);
}

/// A file of lines in many spellings; with `bad`, also lines with problems.
fn any_file(bad: bool) -> impl Strategy<Value = String> {
    let good = prop_oneof![
        (1..30u64, "[abfABF]").prop_map(|(id, kind)| format!("{id},{kind},")),
        (1..30u64, "[abf]").prop_map(|(id, kind)| format!("\"{id}\", {kind} ,\"x, \"\"y\"\"\"")),
        (30..60u64, "[abf]").prop_map(|(id, kind)| format!("{id},\"{kind}\",\"# two\nlines\"")),
        (1..60u64, "[abf]").prop_map(|(id, kind)| format!("# {id},{kind},")),
        Just("  # a note, \"open".to_owned()),
        Just("\"# quoted\",a,".to_owned()),
        Just(String::new()),
        Just("   ".to_owned()),
        Just(",,".to_owned()),
        Just("\"\", \u{a0},\"\n\"".to_owned()),
        Just("####,a,".to_owned()),
    ];
    let wrong = prop_oneof![
        (1..30u64).prop_map(|id| format!("{id},c,")),
        (1..30u64).prop_map(|id| format!("{id},b")),
        Just("x,a,".to_owned()),
    ];
    let line = if bad { prop_oneof![4 => good, 1 => wrong].boxed() } else { good.boxed() };
    let lines = proptest::collection::vec(line, 0..12);
    (lines, prop_oneof![Just("\n"), Just("\r\n"), Just("\r")], any::<bool>(), any::<bool>()).prop_map(
        |(lines, line_break, mark, last_break)| {
            let mut text = if mark { "\u{feff}".to_owned() } else { String::new() };
            text.push_str(&["# first,", "Employee_ID,employee_edu_type,note"].join(line_break));
            lines.iter().for_each(|line| {
                text.push_str(line_break);
                text.push_str(line);
            });
            if last_break {
                text.push_str(line_break);
            }
            text
        },
    )
}

#[derive(Clone, Debug)]
enum Edit {
    Type(Vec<usize>, EmployeeType),
    Off(Vec<usize>),
    On(Vec<usize>),
    Remove(Vec<usize>),
    Add(Vec<u64>, EmployeeType),
    Mix(u16, u64),
    Undo,
    Redo,
}

fn any_edit() -> impl Strategy<Value = Edit> {
    let rows = || proptest::collection::vec(0..16usize, 1..6);
    let kind = || prop_oneof![Just(A), Just(B), Just(F)];
    prop_oneof![
        (rows(), kind()).prop_map(|(rows, kind)| Edit::Type(rows, kind)),
        rows().prop_map(Edit::Off),
        rows().prop_map(Edit::On),
        rows().prop_map(Edit::Remove),
        (proptest::collection::vec(1..70u64, 1..4), kind()).prop_map(|(ids, kind)| Edit::Add(ids, kind)),
        (0..=1_000u16, any::<u64>()).prop_map(|(share, seed)| Edit::Mix(share, seed)),
        Just(Edit::Undo),
        Just(Edit::Redo),
    ]
}

fn make(roster: &mut Roster, edit: &Edit) {
    let _ = match edit {
        Edit::Type(rows, kind) => roster.set_type(rows, *kind),
        Edit::Off(rows) => roster.switch_off(rows),
        Edit::On(rows) => roster.switch_on(rows),
        Edit::Remove(rows) => roster.remove(rows),
        Edit::Add(ids, kind) => roster.add(ids, *kind),
        Edit::Mix(share, seed) => roster.apply_mix(Mix::USUAL.with_share(B, *share), *seed),
        Edit::Undo => roster.undo().map_or_else(Edited::default, |_| Edited::default()),
        Edit::Redo => roster.redo().map_or_else(Edited::default, |_| Edited::default()),
    };
}

/// Asserts that a reader of the roster's file finds what the roster reports.
fn check_read_back(roster: &Roster) -> Result<(), TestCaseError> {
    let bytes = roster.file();
    let reading = read(&bytes, BadRows::Refuse);
    let is_bad = |one: &&Problem| one.is_error() && one.kind != ProblemKind::NoEmployees;
    let refused = reading.problems.iter().filter(is_bad).count();
    prop_assert_eq!(refused > 0, roster.tally().problems > 0, "{:?}", reading.problems);
    let in_brief = |rows: &[Employee]| rows.iter().map(|row| (row.id, row.kind)).collect::<Vec<_>>();
    prop_assert_eq!(in_brief(&reading.value.rows), in_brief(&roster.employees()));
    let of_type = |kind| reading.value.rows.iter().filter(|row| row.kind == kind).count();
    prop_assert_eq!([A, B, F].map(of_type), roster.tally().employees);
    let reopened = Roster::open(bytes).map_err(|problems| TestCaseError::fail(format!("{problems:?}")))?;
    let (again, now) = (reopened.tally(), roster.tally());
    prop_assert_eq!((again.employees, again.problems), (now.employees, now.problems));
    Ok(())
}

proptest! {
    #[test]
    fn an_untouched_file_stays_as_it_is(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
        let mut file = b"employee_id,employee_edu_type\n".to_vec();
        file.extend(&bytes);
        if let Ok(roster) = Roster::open(file.clone()) {
            prop_assert_eq!(roster.file(), file);
        }
    }

    #[test]
    fn any_edits_read_back_and_are_undone(
        text in prop_oneof![any_file(false), any_file(true)], edits in proptest::collection::vec(any_edit(), 0..12),
    ) {
        let mut roster = open(&text);
        check_read_back(&roster)?;
        for edit in &edits {
            make(&mut roster, edit);
            check_read_back(&roster)?;
        }
        while roster.undo().is_some() {}
        prop_assert_eq!(file(&roster), text);
        prop_assert_eq!(roster.tally().edited, 0);
    }

    #[test]
    fn rows_that_were_not_touched_stay_byte_for_byte(
        text in any_file(true), edits in proptest::collection::vec(any_edit(), 0..8),
    ) {
        let before = open(&text);
        let mut roster = before.clone();
        edits.iter().filter(|edit| !matches!(edit, Edit::Add(..))).for_each(|edit| make(&mut roster, edit));
        let mut rest = file(&roster);
        // The original bytes of all untouched rows are in the result, in their order.
        for row in (0..before.len()).filter(|row| !roster.is_edited(*row)) {
            let piece = before.text_of(row);
            let at = rest.find(&piece);
            prop_assert!(at.is_some(), "{:?} is missing", piece);
            rest.drain(..at.unwrap_or_default() + piece.len());
        }
    }
}
