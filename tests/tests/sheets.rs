//! Spreadsheets as inputs of a run, of `check` and of `replay`, as a user names them.

#![allow(clippy::unwrap_used)]

use btcfake_tests::command_line::Folder;
use btcfake_tests::feed::{Feed, NOW, small_catalog};

/// Workbook of a spreadsheet program: employees 104 (a), 105 (b) and 106 (F) under "Employee ID" and "Employee Edu Type", a
/// comment in merged cells below, and a second sheet of notes.
const EMPLOYEES_XLSX: &[u8] = include_bytes!("../data/employees.xlsx");
/// Employees 104 (a) and 105 (b).
const EMPLOYEES_XLS: &[u8] = include_bytes!("../data/employees.xls");
/// Employees 104 (a) and 105 (b), as an OpenDocument file.
const EMPLOYEES_ODS: &[u8] = include_bytes!("../data/employees.ods");
/// Content 3002 of 104 and 3001 of 105, with real dates.
const ASSIGNMENTS_XLSX: &[u8] = include_bytes!("../data/content_assignments.xlsx");

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("catalog.csv", small_catalog());
    folder.write("employees.xlsx", EMPLOYEES_XLSX);
    folder.write("employees.ods", EMPLOYEES_ODS).write("open.xlsx", ASSIGNMENTS_XLSX);
    folder
}

fn run(folder: &Folder, employees: &str, assignments: &str, out: &str) -> (Feed, String) {
    let arguments = ["--employees", employees, "--assignments", assignments, "--standalone-content", "catalog.csv"];
    let settings = ["--now", NOW, "--seed", "1", "--out", out];
    let outcome = folder.run(&[&["simulate"], &arguments[..], &settings].concat()).exits(0);
    (Feed::only(folder, out), outcome.stderr)
}

#[test]
fn a_run_from_workbooks_is_that_from_csv_and_replay_repeats_it() {
    let folder = folder();
    folder.write("employees.csv", "employee_id,employee_edu_type\n104,a\n105,b\n106,f\n# end of list,\n");
    folder.write(
        "open.csv",
        "ba_id,content_id,assignment_date,update_date,assignment_begin_date,assignment_due_date,content_type\n\
         104,3002,2026-01-26 00:01:00,2026-01-26,2026-01-26 00:01:00,2026-01-31 13:13:59,Media\n\
         105,3001,2026-01-26 09:24:06,,,,\n",
    );
    let (from_csv, printed) = run(&folder, "employees.csv", "open.csv", "csv");
    assert_eq!(printed, "");
    let (from_xlsx, printed) = run(&folder, "employees.xlsx", "open.xlsx", "xlsx");
    assert_eq!((&from_xlsx.completions, &from_xlsx.assignments), (&from_csv.completions, &from_csv.assignments));
    assert_eq!(
        printed,
        "employees.xlsx:1:1: warning: read from sheet 'Staff' of an Excel workbook (xlsx), header in row 1; line and column in \
         messages are its row and column; columns read by another name: 'Employee ID' as employee_id, 'Employee Edu Type' as \
         employee_edu_type\n\
         open.xlsx:1:1: warning: read from sheet 'assign' of an Excel workbook (xlsx), header in row 1; line and column in \
         messages are its row and column\n"
    );
    // The run file names the workbook as it was given.
    assert_eq!(from_xlsx.run["inputs"][0]["bytes"], EMPLOYEES_XLSX.len());
    assert_eq!(from_xlsx.run["inputs"][0]["name"], "employees.xlsx");
    let run_file = format!("xlsx/{}", from_xlsx.run_name);
    let replayed = folder.run(&["replay", &run_file]).exits(0).stdout;
    assert!(replayed.ends_with("The run was repeated to the byte.\n"), "{replayed}");
    let explained = folder.run(&["explain", "104", "--run", &run_file]).exits(0).stdout;
    assert!(explained.contains("3,002"), "{explained}");
}

#[test]
fn opendocument_is_read() {
    let (feed, printed) = run(&folder(), "employees.ods", "open.xlsx", "ods");
    assert_eq!(feed.completed().len(), 6, "{:?}", feed.completed());
    assert!(printed.contains("sheet 'Staff' of an OpenDocument workbook (ods)"), "{printed}");
}

#[test]
fn an_old_workbook_is_refused_whole_or_damaged() {
    let folder = folder();
    for length in [EMPLOYEES_XLS.len(), EMPLOYEES_XLS.len() / 2, 600, 8] {
        folder.write("old.xls", &EMPLOYEES_XLS[..length]);
        let outcome = folder.run(&["simulate", "--employees", "old.xls", "--out", "out"]).exits(1);
        let refusal = "old.xls:1:1: this is not a CSV file: it looks like an old Excel workbook.";
        assert!(outcome.stderr.starts_with(refusal), "{length}: {outcome:?}");
    }
    assert!(folder.names("out").is_empty());
}

#[test]
fn check_takes_workbooks_for_what_is_in_them() {
    let folder = folder();
    let outcome = folder.run(&["check", "employees.xlsx", "open.xlsx"]).exits(0);
    assert!(
        outcome.stdout.starts_with("employees.xlsx: employees (employees.csv), 3 rows: 1 warning\n"),
        "{outcome:?}"
    );
    assert!(outcome.stdout.contains("open.xlsx: state table content_assignments, 2 rows: 1 warning\n"), "{outcome:?}");
    folder.write("bad.csv", "Employee ID;employee_edu_type\n7;a\n8;x\n");
    let outcome = folder.run(&["check", "bad.csv"]).exits(1);
    assert!(
        outcome.stderr.contains("bad.csv:1:1: warning: semicolons read as separators; columns read by another name"),
        "{outcome:?}"
    );
    assert!(outcome.stderr.contains("bad.csv:3:3: unknown employee type 'x'"), "{outcome:?}");
}

#[test]
fn a_damaged_workbook_is_refused_before_anything_is_written() {
    let folder = folder();
    folder.write("cut.xlsx", &EMPLOYEES_XLSX[..EMPLOYEES_XLSX.len() / 2]);
    let outcome = folder.run(&["simulate", "--employees", "cut.xlsx", "--out", "out"]).exits(1);
    assert!(outcome.stderr.starts_with("cut.xlsx:1:1: this workbook or archive is damaged ("), "{outcome:?}");
    assert!(folder.names("out").is_empty());
}

/// Checks that employees.csv under another name and form is refused with an option in the message, and makes the run of
/// `employee_id,employee_edu_type`, `104,a`, `105,b` with that option; that the run is repeated from run file and recipe; and
/// that the recipe has the same command line.
fn check_answered(folder: &Folder, name: &str, content: &[u8], options: &[&str]) {
    folder.write(name, content).write("plain.csv", "employee_id,employee_edu_type\n104,a\n105,b\n");
    let simulate = |employees: &str, options: &[&str], out: &str| {
        let arguments = ["simulate", "--employees", employees, "--standalone-content", "catalog.csv", "--now", NOW];
        folder.run(&[&arguments[..], &["--seed", "1", "--out", out], options].concat())
    };
    for given in (0..options.len()).step_by(2) {
        let refused = simulate(name, &options[..given], "refused").exits(1).stderr;
        let wanted = format!("{} {}", options[given], for_shell(options[given + 1]));
        assert!(
            refused.contains(&format!("To answer, add {wanted}")) || refused.contains(&format!("or {wanted}")),
            "{refused}"
        );
    }
    let out = |kind: &str| format!("{kind}-{name}");
    let _ = simulate(name, options, &out("answered")).exits(0);
    let _ = simulate("plain.csv", &[], &out("plain")).exits(0);
    let (answered, plain) = (Feed::only(folder, &out("answered")), Feed::only(folder, &out("plain")));
    assert_eq!((&answered.completions, &answered.assignments), (&plain.completions, &plain.assignments));
    assert_eq!(answered.run["inputs"][0]["name"], name);
    assert_eq!(answered.run["inputs"][0]["bytes"], content.len());
    let run_file = format!("{}/{}", out("answered"), answered.run_name);
    let replayed = folder.run(&["replay", &run_file]).exits(0).stdout;
    assert!(replayed.ends_with("The run was repeated to the byte.\n"), "{replayed}");
    let _ = folder.run(&["explain", "104", "--run", &run_file]).exits(0);
    let recipe = folder.run(&["recipe", &run_file, "--code"]).exits(0).stdout;
    let _ = folder.run(&["replay", recipe.trim(), "--out", &out("recipe")]).exits(0);
    assert_eq!(Feed::only(folder, &out("recipe")).completions, answered.completions);
    let checked = folder.run(&[&["check", name], options].concat()).exits(0).stdout;
    assert!(checked.starts_with(&format!("{name}: employees (employees.csv), 2 rows")), "{checked}");
}

fn for_shell(value: &str) -> String {
    if value.contains([' ', '#']) { format!("'{value}'") } else { value.to_owned() }
}

#[test]
fn a_question_about_a_file_is_answered_by_the_option_that_its_message_names() {
    let folder = folder();
    let rows = ";Typ;Name\n104;a;x\n105;b;y\n";
    check_answered(
        &folder,
        "german.csv",
        format!("Personalnummer neu{rows}").as_bytes(),
        &["--column", "employees.employee_id=Personalnummer neu", "--column", "employees.employee_edu_type=Typ"],
    );
    check_answered(
        &folder,
        "nameless.csv",
        rows.as_bytes(),
        &["--column", "employees.employee_id=#1", "--column", "employees.employee_edu_type=Typ"],
    );
    check_answered(&folder, "rows.csv", b"104,a\n105,b\n", &["--header", "employees=none"]);
    check_answered(
        &folder,
        "western.csv",
        b"employee_id,employee_edu_type,name\n104,a,Zo\xE9\n105,b,x\n",
        &["--encoding", "employees=windows-1252"],
    );
}

#[test]
fn an_answer_that_fits_no_file_is_refused() {
    let folder = folder();
    folder.write("e.csv", "employee_id,employee_edu_type\n104,a\n");
    let refused = |options: &[&str], code: u8| {
        let all = [&["simulate", "--employees", "e.csv", "--now", NOW, "--out", "out"], options].concat();
        folder.run(&all).exits(code.into()).stderr
    };
    for (options, code, message) in [
        (
            &["--sheet", "assignments=x"][..],
            2,
            "--sheet assignments=x answers a question about assignments, and no file",
        ),
        (&["--sheet", "employees=x"], 1, "e.csv:1:1: this file is no workbook, so it has no sheet 'x'"),
        (
            &["--column", "employees.employee_id=x"],
            1,
            "no column has the name 'x'; the columns are 'employee_id', 'employee_edu_type'",
        ),
        (&["--sheet", "employees=x", "--sheet", "employees=y"], 2, "answer the same question"),
    ] {
        let found = refused(options, code);
        assert!(found.contains(message), "{options:?}: {found}");
    }
    assert!(folder.names("out").is_empty());
    let outcome = folder.run(&["check", "e.csv", "--sheet", "employees=x"]).exits(2);
    assert!(outcome.stderr.contains("no file of that input is read by it"), "{outcome:?}");
}

#[test]
fn check_names_the_file_of_which_another_is_a_copy_in_json() {
    let folder = folder();
    folder
        .write("e.csv", "employee_id,employee_edu_type\n104,a\n")
        .write("more/e.csv", "employee_id,employee_edu_type\n104,a\n");
    let outcome = folder.run(&["check", "e.csv", "more/e.csv", "--json"]).exits(0).stdout;
    let report: serde_json::Value = serde_json::from_str(&outcome).unwrap();
    assert_eq!(report["files"][0].get("copy_of"), None);
    assert_eq!(report["files"][1]["copy_of"], "e.csv");
}
