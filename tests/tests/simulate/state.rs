//! What is open and what was completed before a run decide what is assigned.

use std::collections::BTreeSet;

use super::{ASSIGNED_COLUMNS, ASSIGNMENTS_HEADER, COMPLETED_COLUMNS, feed, folder, simulate};

#[test]
fn numeric_request_ids_are_numbers_and_all_different() {
    let folder = folder();
    folder.write(
        "assigned.csv",
        format!("{ASSIGNED_COLUMNS}900,31,2026-01-20 08:00:00,,,,\n90,32,2026-01-20 08:00:00,,,,\n900,33,2026-01-20 08:00:00,,,,\n"),
    );
    let rows = feed(&folder, &["--assignments", "assigned.csv"]).assignment_rows();
    let ids: BTreeSet<u64> = rows.iter().map(|row| row[2].parse().unwrap()).collect();
    assert_eq!(ids.len(), rows.len());
    assert_eq!(rows.len(), 10);
}

#[test]
fn open_assignments_come_first_with_their_own_dates() {
    let folder = folder();
    // 90 (b) completes the first by due; 88 (a) all of it; 900 (f) nothing; 77 is not in the run.
    folder.write(
        "assigned.csv",
        format!(
            "{ASSIGNED_COLUMNS}\
             900,50,2026-01-20 08:00:00,2026-01-20,2026-01-21T00:00:00Z,2026-01-30 10:00:00,Course\n\
             900,40,2026-01-20 08:00:00,2026-01-20,2026-01-21 01:00:00+01:00,2026-01-30T10:00:00Z,\n\
             900,60,2026-01-19 08:00:00.75,,NULL,\\N,null\n\
             90,70,NULL,,2026-01-22 00:00:00,,\"Say \"\"hi\"\", now\"\n\
             90,30,2026-01-20 08:00:00,,,2026-01-29 00:00:00,Media\n\
             90,71,2026-01-20 08:00:00,,2026-01-21 00:00:00,2026-01-29 00:00:00,Media\n\
             88,70,2026-01-20 08:00:00,,,,Media\n\
             77,70,2026-01-20 08:00:00,,,,Media\n"
        ),
    );
    let feed = feed(&folder, &["--assignments", "assigned.csv", "--request-id", "fake-day"]);
    let row = |text: &str| format!("{text}\n").replace('\'', "\"");
    let open = [
        row("'90','2026-01-20T08:00:00Z','fake:29','71','2026-01-21T00:00:00Z','2026-01-29T00:00:00Z','Media'"),
        row(
            "'90','2026-01-22T00:00:00Z','fake:29','70','2026-01-22T00:00:00Z','2026-01-29T00:00:00Z','Say ''hi'', now'",
        ),
        row("'900','2026-01-19T08:00:00Z','fake:29','60','2026-01-19T08:00:00Z','2026-01-26T08:00:00Z','Media'"),
        row("'900','2026-01-20T08:00:00Z','fake:29','40','2026-01-21T00:00:00Z','2026-01-30T10:00:00Z','Media'"),
        row("'900','2026-01-20T08:00:00Z','fake:29','50','2026-01-21T00:00:00Z','2026-01-30T10:00:00Z','Course'"),
    ];
    // All three assignments of 90 are due at the same time; 30 began first, so it is completed.
    let (head, new) = feed.assignments.split_once("\"900\",\"2026-01-29T10:00:00Z\"").unwrap();
    assert_eq!(head, format!("{ASSIGNMENTS_HEADER}{}", open.concat()));
    assert_eq!(new.lines().count(), 8);
    let done = ["88 70", "88 1,000,001", "88 1,000,003", "88 1,000,002", "88 2,000", "90 30"];
    assert_eq!(feed.completed(), done);
}

#[test]
fn the_state_tables_decide_what_is_given() {
    // Each case: a row of one of the state tables, and the open contents of employee 900 (f, completes nothing) after the run.
    let all = ["1,000,001", "1,000,003", "1,000,002", "2,000"];
    let (no_dose, given_and) = (["2,000"], |more: &'static str| [&[more][..], &all[..]].concat());
    let cases: [(&str, &str, Vec<&str>); 16] = [
        ("completed this week", "c 1000002,2026-01-26", no_dose.to_vec()),
        ("completed today", "c 1000004,2026-01-29", no_dose.to_vec()),
        ("completed tomorrow", "c 1000004,2026-01-30", all.to_vec()),
        ("completed last Sunday", "c 1000004,2026-01-25", all.to_vec()),
        ("completed another content this week", "c 31,2026-01-28", all.to_vec()),
        ("a chosen dose completed last year", "c 1000003,2025-01-28", vec!["1,000,001", "1,000,002", "2,000"]),
        ("the random content completed", "c 2000,2020-02-02", all[..3].to_vec()),
        ("a dose open this week", "a 1000004,2026-01-26 00:01:00,,,2026-01-31 13:13:59,", vec!["1,000,004", "2,000"]),
        (
            "a dose that fills 24 hours of the week",
            "a 1000004,2026-01-20 00:00:00,,,2026-01-27 00:00:00,",
            given_and("1,000,004"),
        ),
        ("one second more", "a 1000004,2026-01-20 00:00:00,,,2026-01-27 00:00:01,", vec!["1,000,004", "2,000"]),
        ("24 hours at the end", "a 1000004,2026-02-01 00:00:00,,,2026-03-01 00:00:00,", given_and("1,000,004")),
        (
            "one second more at the end",
            "a 1000004,2026-01-31 23:59:59,,,2026-03-01 00:00:00,",
            vec!["1,000,004", "2,000"],
        ),
        ("a dose open last week", "a 1000001,2026-01-19 00:01:00,,,2026-01-24 13:13:59,", all.to_vec()),
        ("another content open", "a 31,2026-01-26 00:01:00,,,2026-01-31 13:13:59,", given_and("31")),
        (
            "the random content open",
            "a 2000,2026-01-26 00:01:00,,,2026-01-31 13:13:59,",
            vec!["2,000", "1,000,001", "1,000,003", "1,000,002"],
        ),
        ("without a due date: seven days", "a 1000004,2026-01-20 00:00:01,,,,", vec!["1,000,004", "2,000"]),
    ];
    for (case, row, expected) in cases {
        let folder = folder();
        let (table, values) = row.split_once(' ').unwrap();
        folder.write("employees.csv", "employee_id,employee_edu_type\n900,f\n");
        folder.write(
            "a.csv",
            format!("{ASSIGNED_COLUMNS}{}", if table == "a" { format!("900,{values}\n") } else { String::new() }),
        );
        folder.write(
            "c.csv",
            format!("{COMPLETED_COLUMNS}{}", if table == "c" { format!("900,{values}\n") } else { String::new() }),
        );
        let feed = feed(&folder, &["--assignments", "a.csv", "--completions", "c.csv"]);
        let expected: Vec<String> = expected.iter().map(|content| format!("900 {content}")).collect();
        assert_eq!(feed.left(), expected, "{case}");
    }
}

#[test]
fn a_completed_pair_is_not_open_and_a_repeated_one_counts_once() {
    let folder = folder();
    folder.write("employees.csv", "employee_id,employee_edu_type\n900,f\n");
    folder.write(
        "a.csv",
        format!(
            "{ASSIGNED_COLUMNS}\
             900,31,2026-01-12 00:00:00,,,2026-01-20 00:00:00,Old\n\
             900,32,2026-01-14 00:00:00,,,2026-01-20 00:00:00,Later\n\
             900,32,2026-01-13 00:00:00,,,2026-01-20 00:00:00,Earlier\n\
             900,33,2026-01-14 00:00:00,,,2026-01-21 00:00:00,First\n\
             900,33,2026-01-14 00:00:00,,,2026-01-22 00:00:00,Second\n"
        ),
    );
    folder.write("c.csv", format!("{COMPLETED_COLUMNS}900,31,2026-01-10\n"));
    let rows = feed(&folder, &["--assignments", "a.csv", "--completions", "c.csv"]).assignment_rows();
    let open: Vec<String> = rows[..2].iter().map(|row| format!("{} {} {}", row[3], row[5], row[6])).collect();
    assert_eq!(open, ["32 2026-01-20T00:00:00Z Later", "33 2026-01-22T00:00:00Z Second"]);
    assert_eq!(rows.len(), 6);
}

#[test]
fn a_state_row_that_cannot_be_read_refuses_the_run() {
    let folder = folder();
    folder
        .write("a.csv", format!("{ASSIGNED_COLUMNS}1,2,soon,,,,\n"))
        .write("c.csv", format!("{COMPLETED_COLUMNS}x,2,2026-01-01\n"));
    let refused = simulate(&folder, &["--assignments", "a.csv", "--completions", "c.csv"]).exits(1);
    assert!(refused.stderr.starts_with("a.csv:2:5: "), "{}", refused.stderr);
    assert!(refused.stderr.contains("\nc.csv:2:1: "), "{}", refused.stderr);
    assert_eq!(folder.names("out"), [""; 0]);
}
