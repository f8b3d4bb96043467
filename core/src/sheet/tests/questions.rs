//! Questions about what is ambiguous, and their answers.

use super::{cells, check_employees, xlsx};
use crate::format::employees::{self, BadRows};
use crate::format::input_role::InputRole;
use crate::sheet::{Choice, Choices, FoundColumn, Question, answered, question, read_as};

/// Answers the questions that a file leaves open one after another, each of which must be the expected one, and reads it
/// then. All answers at once are the same.
fn check_questions(bytes: Vec<u8>, asked: &[(Question, Choice, &str)], expected: &[&str]) {
    let (role, mut csv, mut choices) = (InputRole::Employees, bytes.clone(), Choices::NONE);
    for (expected, answer, note) in asked {
        assert_eq!(question(role, &csv, &Choices::NONE).as_ref(), Some(expected));
        assert_eq!(question(role, &bytes, &choices).as_ref(), Some(expected));
        let (next, found) = answered(role, &csv, &answer.clone().into()).unwrap();
        assert_eq!(found, *note);
        assert_eq!(answer.to_string().parse(), Ok(answer.clone()));
        csv = next;
        choices.add(answer.clone());
    }
    assert_eq!(question(role, &csv, &Choices::NONE), None);
    assert_eq!(question(role, &bytes, &choices), None);
    check_employees(&csv, expected);
    let reading = read_as(role, &bytes, &choices, |csv| employees::read(csv, BadRows::Refuse));
    let rows = reading.value.rows.iter().map(|one| format!("{}: {} {}", one.line, one.id, one.kind.letter()));
    assert_eq!(rows.collect::<Vec<_>>(), expected);
    let notes = reading.problems.iter().map(|one| one.kind.to_string());
    let parts = asked.iter().flat_map(|(.., note)| note.split("; ").filter(|part| !part.contains("line numbers")));
    assert!(parts.clone().all(|part| notes.clone().any(|one| one.contains(part))), "{reading:?}");
}

fn columns(names: &[&str]) -> Vec<FoundColumn> {
    names.iter().map(|name| FoundColumn { name: (*name).to_owned(), found: (*name).to_owned() }).collect()
}

fn column(wanted: &str, found: &[&str], chosen: &str) -> (Question, Choice) {
    let (wanted, found, chosen) = (wanted.to_owned(), columns(found), chosen.to_owned());
    (Question::Column { wanted: wanted.clone(), found }, Choice::Column { wanted, found: chosen })
}

fn of_sheets(names: &[&str], chosen: &str) -> (Question, Choice) {
    (Question::Sheet(names.iter().map(|name| (*name).to_owned()).collect()), Choice::Sheet(chosen.to_owned()))
}

#[test]
fn what_is_ambiguous_is_asked_one_question_at_a_time() {
    let (id, id_answer) = column("employee_id", &["id", "type", "store"], "id");
    let (kind, kind_answer) = column("employee_edu_type", &["type", "store"], "type");
    let (near, near_answer) = column("employee_id", &["Employee ID", "employee-id"], "employee-id");
    for separator in [",", ";", "\t"] {
        let text = |line: &str| line.replace(';', separator).into_bytes();
        check_questions(
            text("# of 2026\n\nid;type;store\n7;a;\"x, y\"\n"),
            &[
                (id.clone(), id_answer.clone(), "column 'id' read as employee_id"),
                (kind.clone(), kind_answer.clone(), "column 'type' read as employee_edu_type"),
            ],
            &["4: 7 a"],
        );
    }
    check_questions(
        b"Employee ID,employee_edu_type,employee-id\n7,a,8\n".to_vec(),
        &[(near.clone(), near_answer, "column 'employee-id' read as employee_id")],
        &["2: 8 a"],
    );
    let table = cells(&["A1=employee_id", "B1=employee_edu_type", "A2=#7", "B2=a"]);
    let other = cells(&["B3=Store 7", "B5=id", "C5=type", "D5=store", "B6=#8", "C6=b"]);
    let (sheets, first) = of_sheets(&["A", "B"], "B");
    let read = |row: u32| format!("read from sheet 'B' of an Excel workbook (xlsx), header in row {row}");
    check_questions(
        xlsx(&[("A", "visible", &table), ("B", "visible", &table)]),
        &[(sheets.clone(), first.clone(), &read(1))],
        &["2: 7 a"],
    );
    check_questions(
        xlsx(&[("A", "visible", &other), ("B", "visible", &other)]),
        &[
            (sheets, first, &format!("{}; passed over above the header: 1 row", read(5))),
            (id, id_answer, "column 'id' read as employee_id"),
            (kind, kind_answer, "column 'type' read as employee_edu_type"),
        ],
        &["6: 8 b"],
    );
}

#[test]
fn a_missing_header_is_added_and_a_foreign_encoding_is_read_when_people_say_so() {
    let header = |first_row: &str| Question::Header { first_row: first_row.to_owned() };
    check_questions(
        b"7\ta\r\n8\tb\r\n".to_vec(),
        &[(header("7\ta"), Choice::Header, "header added: employee_id,employee_edu_type; line numbers count it")],
        &["2: 7 a", "3: 8 b"],
    );
    let western = Question::WesternEuropean { shown: "Montr\u{e9}al\u{2019}s".to_owned() };
    check_questions(
        b"employee_id,employee_edu_type,store\n7,a,\"Montr\xE9al\x92s\"\n".to_vec(),
        &[(western, Choice::WesternEuropean, "read as Windows-1252 (Western European)")],
        &["2: 7 a"],
    );
    for bytes in [
        &b"employee_id,employee_edu_type\n7,\x81\xE9\n"[..], // a byte without a character in it
        b"\xEF\xBB\xBF\xE9\n",
        b"id\n7\n",
        b"\"employee_id,employee_edu_type\"\n\"7,\xE9\"\n", // all columns in one
        b"",
    ] {
        assert_eq!(question(InputRole::Employees, bytes, &Choices::NONE), None, "{bytes:?}");
    }
}

#[test]
fn an_answer_that_does_not_fit_is_refused() {
    let column = |found: &str| Choice::Column { wanted: "employee_id".to_owned(), found: found.to_owned() };
    let other = Choice::Column { wanted: "x".to_owned(), found: "id".to_owned() };
    let sheet = || Choice::Sheet("Nosuch".to_owned());
    for (bytes, answer) in [
        (&b"id,type\n7,a\n"[..], column("Nosuch")),
        (b"id,type\n7,a\n", column("#3")),
        (b"id,id\n7,a\n", column("id")),
        (b"id,type\n7,a\n", other),
        (b"id,type\n7,a\n", sheet()),
        ("id,t\u{e9}\n7,a\n".as_bytes(), Choice::WesternEuropean),
        (b"", column("id")),
        (b"", Choice::Header),
        (&xlsx(&[("Staff", "visible", "")]), sheet()),
        (b"PK\x03\x04", column("id")),
    ] {
        assert!(answered(InputRole::Employees, bytes, &answer.clone().into()).is_err(), "{answer:?}");
    }
    assert!(answered(InputRole::Recommendations, b"{}", &Choice::Header.into()).is_err());
}

#[test]
fn an_answer_about_a_text_is_applied_whatever_the_first_name_looks_like() {
    // Without the blank, it begins as a ZIP archive does.
    let bytes = b" PK\x03\x04,id\na,7\n";
    let answer = Choice::Column { wanted: "employee_id".to_owned(), found: "id".to_owned() };
    let (csv, _) = answered(InputRole::Employees, bytes, &answer.into()).unwrap();
    assert_eq!(csv, b"PK\x03\x04,employee_id\na,7\n");
}

#[test]
fn what_is_no_table_leaves_no_question_open() {
    for bytes in
        [&b"[{\"id\":7,\"type\":\"a\"}]"[..], b"\x1F\x8B\x08 , ; , ;", b"{\\rtf1 id,type}", b"<?xml a=\"1,2\"?>"]
    {
        assert_eq!(question(InputRole::Employees, bytes, &Choices::NONE), None, "{bytes:?}");
    }
}
