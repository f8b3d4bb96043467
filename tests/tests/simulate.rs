//! `btcfake simulate`: files, output and exit code for inputs so small that the expected bytes can be derived by hand.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeSet;

use btcfake_tests::command_line::{Folder, Outcome};
use btcfake_tests::feed::{Feed, NOW, catalog, rows, small_catalog};
use btcfake_tests::sample_inputs::SampleInputs;
use serde_json::Value;

const COMPLETIONS_HEADER: &str = "\"UserId\",\"ContentId\",\"DateStarted\",\"DateCompleted\"\n";
const ASSIGNMENTS_HEADER: &str = "\"UserID\",\"CreateDate_text\",\"RequestId\",\"TrainingElementId\",\
                                  \"Start_Date_text\",\"DueDate_text\",\"ContentType\"\n";
const EMPLOYEES: &str = "employee_id,employee_edu_type\n900,f\n88,a\n90,b\n";
const ASSIGNED_COLUMNS: &str =
    "ba_id,content_id,assignment_date,update_date,assignment_begin_date,assignment_due_date,content_type\n";
const COMPLETED_COLUMNS: &str = "ba_id,content_id,completion_date\n";

/// A folder with three employees (900 f, 88 a, 90 b) and the small catalog.
fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("employees.csv", EMPLOYEES).write("catalog.csv", small_catalog());
    folder
}

/// Simulates the folder's employees and catalog at [`NOW`] with seed 7 into `out`, with more arguments.
fn simulate(folder: &Folder, more: &[&str]) -> Outcome {
    let mut arguments = vec!["simulate", "--employees", "employees.csv", "--standalone-content", "catalog.csv"];
    for (option, value) in [("--now", NOW), ("--seed", "7"), ("--out", "out")] {
        if !more.contains(&option) {
            arguments.extend([option, value]);
        }
    }
    arguments.extend(more);
    folder.run(&arguments)
}

/// The feed of [`simulate`].
fn feed(folder: &Folder, more: &[&str]) -> Feed {
    let _ = simulate(folder, more).exits(0);
    Feed::only(folder, "out")
}

fn json(outcome: &Outcome) -> Value {
    serde_json::from_str(&outcome.stdout).unwrap_or_else(|error| panic!("{error}: {}", outcome.stdout))
}

#[test]
fn three_employees_write_the_files_that_the_rules_name() {
    let folder = folder();
    let feed = feed(&folder, &["--request-id", "fake-day"]);
    let left = |employee: &str, contents: &[&str]| -> String {
        let row = |content: &&str| {
            format!(
                "\"{employee}\",\"2026-01-29T10:00:00Z\",\"fake:29\",\"{content}\",\"2026-01-26T00:01:00Z\",\
                 \"2026-01-31T13:13:59Z\",\"Media\"\n"
            )
        };
        contents.iter().map(row).collect()
    };
    let expected = [
        ASSIGNMENTS_HEADER,
        &left("900", &["1,000,001", "1,000,003", "1,000,002", "2,000"]),
        &left("90", &["1,000,003", "1,000,002", "2,000"]),
    ];
    assert_eq!(feed.assignments, expected.concat());
    assert!(feed.completions.starts_with(COMPLETIONS_HEADER), "{}", feed.completions);
    assert_eq!(feed.completed(), ["88 1,000,001", "88 1,000,003", "88 1,000,002", "88 2,000", "90 1,000,001"]);
    let dummy = "\"UserID\",\"CourseType\",\"CourseID\",\"ModuleName\",\"ContentId\",\"UserCourseStatus\",\
                 \"DateCourseStarted\",\"DateCompleted\"\n";
    assert!(feed.user_completion.starts_with(dummy.as_bytes()));
    assert_eq!(rows(&String::from_utf8(feed.user_completion).unwrap()).len(), 1);
}

#[test]
fn completions_lie_in_the_shift_one_after_another() {
    let folder = folder();
    let mut free_from = "2026-01-29T10:00:00Z".to_owned();
    for row in &feed(&folder, &[]).completion_rows()[..4] {
        assert!(row[2] >= free_from && row[2] < row[3] && row[3].as_str() <= NOW, "{row:?} after {free_from}");
        free_from.clone_from(&row[3]);
    }
}

#[test]
fn names_bear_todays_date_and_one_random_part() {
    let folder = folder();
    for (now, completions, others) in [
        (NOW, "2026_01_29", "2026_1_29"),
        ("2025-12-05T09:00:00Z", "2025_12_05", "2025_12_5"),
        ("2024-02-29T23:59:59Z", "2024_02_29", "2024_2_29"),
    ] {
        let feed = feed(&folder, &["--now", now, "--out", "out"]);
        let random = feed.run_name.strip_prefix(&format!("run_{others}_1_")).unwrap().strip_suffix(".json").unwrap();
        assert!(random.len() == 6 && random.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase()));
        assert_eq!(feed.completions_name, format!("ContentUserCompletion_V2_{completions}_1_{random}.csv"));
        assert_eq!(feed.assignments_name, format!("Non_Completed_Assignments_V2_{others}_1_{random}.csv"));
        assert_eq!(feed.user_completion_name, format!("UserCompletion_v2_{others}_1_{random}.csv"));
        std::fs::remove_dir_all(folder.path("out")).unwrap();
    }
}

#[test]
fn a_byte_order_mark_goes_on_the_first_two_files_if_asked() {
    let plain = feed(&folder(), &[]);
    let marked = feed(&folder(), &["--bom"]);
    assert_eq!(marked.completions, format!("\u{feff}{}", plain.completions));
    assert_eq!(marked.assignments, format!("\u{feff}{}", plain.assignments));
    assert_eq!(marked.user_completion, plain.user_completion);
    assert!(!plain.completions.starts_with('\u{feff}') && !plain.user_completion.starts_with(b"\xEF\xBB\xBF"));
}

#[test]
fn everything_completed_leaves_the_header_alone() {
    let folder = folder();
    folder.write("employees.csv", "employee_id,employee_edu_type\n1,a\n2, A \n");
    let feed = feed(&folder, &[]);
    assert_eq!(feed.assignments, ASSIGNMENTS_HEADER);
    assert_eq!(feed.completion_rows().len(), 8);
}

#[test]
fn nothing_completed_leaves_the_other_header_alone() {
    let folder = folder();
    folder.write("employees.csv", "employee_id,employee_edu_type\n1,f\n2,F\n");
    let feed = feed(&folder, &[]);
    assert_eq!(feed.completions, COMPLETIONS_HEADER);
    assert_eq!(feed.assignment_rows().len(), 8);
}

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

#[test]
fn recommendations_are_done_last_or_dropped() {
    let folder = folder();
    folder.write("employees.csv", "employee_id,employee_edu_type\n88,a\n89,a\n90,b\n91,f\n92,a\n");
    folder.write("c.csv", format!("{COMPLETED_COLUMNS}88,501,2026-01-17\n88,502,2026-01-16\n88,503,2026-01-29\n"));
    let item = |ba_id: u64, content: &str| {
        format!(
            "{{\"ba_id\":{ba_id},\"recommended_content_id\":{content},\"recommended_content\":\"Name {ba_id}\",\"order\":1}}"
        )
    };
    let line = |ba_id: u64, items: &[String]| {
        format!(
            "{{\"ba_id\":{ba_id},\"body\":{{\"response\":{{\"ml_recommendations\":[{}]}},\"timing\":{{}}}}}}\n",
            items.join(",")
        )
    };
    let recorded = [
        line(88, &["2000", "501", "\"502\"", "503", "\"1,504\"", "1504", "\"x\"", "null"].map(|id| item(88, id))),
        "{\"ba_id\": 89, \"error\": \"timed out\"}\n".to_owned(),
        line(90, &[item(90, "601")]),
        line(91, &[item(91, "602")]),
        line(92, &[item(93, "603")]),
    ];
    folder.write("r.jsonl", recorded.concat());
    let outcome = simulate(&folder, &["--completions", "c.csv", "--recommendations", "r.jsonl", "--json"]).exits(0);
    let feed = Feed::only(&folder, "out");
    let (of_88, of_others): (Vec<String>, Vec<String>) =
        feed.completed().into_iter().partition(|row| row.starts_with("88 "));
    assert_eq!(of_88[4..], ["88 502", "88 1,504"]);
    let manager = |id: u64| ["1,000,001", "1,000,003", "1,000,002", "2,000"].map(|content| format!("{id} {content}"));
    assert_eq!(of_others, [manager(89).to_vec(), manager(90)[..1].to_vec(), manager(92).to_vec()].concat());
    assert!(!feed.assignments.contains("\"602\""), "a recommendation is no assignment");
    for warned in ["r.jsonl:1:1: warning: ", "r.jsonl:5:1: warning: "] {
        assert!(outcome.stderr.contains(warned), "{}", outcome.stderr);
    }
    let summary = json(&outcome);
    for (count, expected) in [
        ("failed_calls", 1),
        ("recommendations_received", 8),
        ("dropped_already_on_list", 2),
        ("dropped_completed_recently", 2),
    ] {
        assert_eq!(summary[count], expected, "{count}");
    }
    assert_eq!(summary["completions_ai"]["a"], 2);
}

#[test]
fn the_later_of_two_recorded_answers_counts() {
    let folder = folder();
    let line = |content: u64| {
        format!(
            "{{\"ba_id\":88,\"body\":{{\"response\":{{\"ml_recommendations\":[{{\"recommended_content_id\":{content}}}]}}}}}}\n"
        )
    };
    folder.write("r.jsonl", line(701) + &line(702));
    let outcome = simulate(&folder, &["--recommendations", "r.jsonl"]).exits(0);
    assert!(
        outcome.stderr.contains("r.jsonl:2:1: warning: an answer for 88 stands in line 1 already"),
        "{}",
        outcome.stderr
    );
    let completed = Feed::only(&folder, "out").completed();
    assert!(completed.contains(&"88 702".to_owned()) && !completed.contains(&"88 701".to_owned()));
}

#[test]
fn the_dummy_file_is_a_copy_of_the_template() {
    let template = b"\xEF\xBB\xBFanything,\r\nat all \xFF";
    for (given, settings) in [
        (&["--user-completion-template", "template.csv"][..], &[][..]),
        (&[], &[("USER_COMPLETION_TEMPLATE_FILE", "template.csv")]),
    ] {
        let folder = folder();
        folder.write("template.csv", template);
        let base = ["simulate", "--employees", "employees.csv", "--out", "out"];
        let _ = folder.run_with(settings, &[&base[..], given].concat()).exits(0);
        assert_eq!(Feed::only(&folder, "out").user_completion, template);
    }
}

#[test]
fn a_missing_template_gives_way_to_the_built_in_one_with_a_warning() {
    let folder = folder();
    let outcome = simulate(&folder, &["--user-completion-template", "none.csv"]).exits(0);
    assert_eq!(outcome.stderr, "none.csv: warning: not there; the built-in template is used\n");
    let name = "\"UserID\",\"CourseType\",\"CourseID\"";
    assert!(Feed::only(&folder, "out").user_completion.starts_with(name.as_bytes()));
}

#[test]
fn a_refused_population_names_every_problem_and_writes_nothing() {
    let folder = folder();
    folder.write(
        "employees.csv",
        "# the team\r\nemployee_id,employee_edu_type\r\n1,a\r\n\r\n2,x\r\n-3,b\r\n1,f\r\n4\r\n",
    );
    let refused = simulate(&folder, &[]).exits(1);
    let lines: Vec<&str> = refused.stderr.lines().collect();
    let starts = [
        "employees.csv:5:3: unknown employee type 'x'",
        "employees.csv:6:1: employee_id '-3' is no id",
        "employees.csv:7:1: employee_id 1 stands in line 3 already",
        "employees.csv:8:2: 1 field in this row, but the header has 2",
        "refused for the 4 problems above; nothing was written",
    ];
    assert_eq!(lines.len(), starts.len(), "{}", refused.stderr);
    for (line, start) in lines.iter().zip(starts) {
        assert!(line.starts_with(start), "{line} / {start}");
    }
    assert_eq!(refused.stdout, "");
    assert_eq!(folder.names("out"), [""; 0]);
}

#[test]
fn bad_rows_are_left_out_and_listed_if_asked() {
    let folder = folder();
    folder.write("employees.csv", "employee_id,employee_edu_type\n#5,a\n1,a\n2,x\n1,f\n");
    let outcome = simulate(&folder, &["--skip-bad-rows", "--json"]).exits(0);
    for start in ["employees.csv:4:3: warning: unknown", "employees.csv:5:1: warning: employee_id 1 stands"] {
        assert!(outcome.stderr.contains(start), "{}", outcome.stderr);
    }
    let summary = json(&outcome);
    assert_eq!(
        (&summary["employees_total"], &summary["skipped_rows"], &summary["comment_rows"]),
        (&1.into(), &2.into(), &1.into())
    );
    assert_eq!(Feed::only(&folder, "out").completion_rows().len(), 4);
}

#[test]
fn dirty_catalog_rows_are_left_out_with_a_warning() {
    let folder = folder();
    folder.write("catalog.csv", small_catalog() + "\"x\",,,,,,,TRUE,,,,\n\"2,000\",,,,,,,TRUE,,,,\nshort\n");
    let outcome = simulate(&folder, &[]).exits(0);
    let starts = ["catalog.csv:7:1: warning: ", "catalog.csv:8:1: warning: ", "catalog.csv:9:6: warning: "];
    assert_eq!(outcome.stderr.lines().count(), 3, "{}", outcome.stderr);
    for (line, start) in outcome.stderr.lines().zip(starts) {
        assert!(line.starts_with(start), "{line}");
    }
}

#[test]
fn wrong_usage_exits_2_and_names_the_option() {
    let folder = folder();
    for (arguments, named) in [
        (&["--seed", "1.5"][..], "--seed"),
        (&["--seed", "18446744073709551616"], "--seed"),
        (&["--now", "yesterday"], "--now"),
        (&["--now", "9999-01-01T00:00:00Z"], "--now"),
        (&["--timezone", "Mars/Olympus"], "--timezone"),
        (&["--timezone", "America/New_Yorc"], "America/New_York"),
        (&["--request-id", "other"], "--request-id"),
        (&["--quiet", "--verbose"], "--quiet"),
        (&["--colour"], "--colour"),
        (&["--details", "employees.csv"], "--details"),
    ] {
        let outcome = simulate(&folder, arguments).exits(2);
        assert!(outcome.stderr.contains(named), "{arguments:?}: {}", outcome.stderr);
        assert_eq!(folder.names("out"), [""; 0], "{arguments:?}");
    }
    let _ = folder.run(&["simulatte"]).exits(2);
    let outcome = folder.run_with(&[("BUSINESS_TIMEZONE", "Nowhere")], &["simulate", "--employees", "employees.csv"]);
    assert!(outcome.exits(1).stderr.contains("BUSINESS_TIMEZONE"));
    assert_eq!(folder.text("employees.csv"), EMPLOYEES);
}

#[test]
fn a_file_that_is_not_there_is_named_with_the_one_that_was_meant() {
    let outcome = folder().run(&["simulate", "--employees", "employes.csv"]).exits(1);
    assert!(outcome.stderr.starts_with("employes.csv: cannot read it: "), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("Did you mean 'employees.csv'?"), "{}", outcome.stderr);
}

#[test]
fn a_name_that_exists_is_never_overwritten() {
    let folder = folder();
    let first = feed(&folder, &[]);
    for taken in [&first.completions_name, &first.assignments_name, &first.user_completion_name, &first.run_name] {
        let folder = self::folder();
        folder.write(&format!("out/{taken}"), "mine");
        let outcome = simulate(&folder, &[]).exits(1);
        assert!(
            outcome.stderr.contains(taken.as_str()) && outcome.stderr.contains("exists already"),
            "{}",
            outcome.stderr
        );
        assert_eq!(folder.names("out"), [taken.as_str()]);
        assert_eq!(folder.text(&format!("out/{taken}")), "mine");
    }
}

#[test]
fn the_seed_and_the_instant_decide_every_byte() {
    let folder = Folder::new();
    let sample = SampleInputs::write(&folder, 300, 100);
    let inputs: Vec<&str> = sample.options_of(&["--employees", "--standalone-content"]).collect();
    let run = |seed: &str, now: &str, out: &str| {
        let _ = folder.run(&[&["simulate", "--now", now, "--seed", seed, "--out", out], &inputs[..]].concat()).exits(0);
        Feed::only(&folder, out)
    };
    let (one, again) = (run("1", NOW, "one"), run("1", NOW, "deep/er/again"));
    assert_eq!(
        (&one.completions, &one.assignments, &one.run_name),
        (&again.completions, &again.assignments, &again.run_name)
    );
    let other_seed = run("2", NOW, "seed");
    assert_ne!(one.completions, other_seed.completions);
    assert_ne!(one.run_name, other_seed.run_name);
    let other_now = run("1", "2026-01-29T18:00:01Z", "now");
    assert_ne!(one.run_name, other_now.run_name);
}

#[test]
fn without_a_seed_one_is_drawn_and_named_and_repeats_the_run() {
    let folder = folder();
    let base = ["simulate", "--employees", "employees.csv", "--standalone-content", "catalog.csv", "--now", NOW];
    let outcome = folder.run(&[&base[..], &["--out", "drawn"]].concat()).exits(0);
    let line = outcome.stdout.lines().find(|line| line.trim_start().starts_with("Seed ")).unwrap();
    let seed = line.split_whitespace().last().unwrap();
    let _ = folder.run(&[&base[..], &["--out", "repeated", "--seed", seed]].concat()).exits(0);
    let (drawn, repeated) = (Feed::only(&folder, "drawn"), Feed::only(&folder, "repeated"));
    assert_eq!(drawn.completions, repeated.completions);
    assert_eq!(drawn.assignments, repeated.assignments);
    assert_eq!(drawn.completions_name, repeated.completions_name);
    let another = folder.run(&[&base[..], &["--out", "another"]].concat()).exits(0);
    assert_ne!(outcome.stdout, another.stdout);
}

#[test]
fn an_employee_gets_the_same_in_a_file_of_ten_and_of_a_thousand() {
    let folder = Folder::new();
    let sample = SampleInputs::write(&folder, 1_000, 200);
    let text = folder.text(sample.path("--employees"));
    let is_employee = |line: &&str| line.starts_with(|c: char| c.is_ascii_digit());
    let employees: Vec<&str> = text.lines().filter(is_employee).collect();
    assert_eq!(employees.len(), 1000);
    let file = |employees: &[&str]| format!("employee_id,employee_edu_type\n{}\n", employees.join("\n"));
    let ten: Vec<&str> = employees.iter().step_by(100).copied().collect();
    let mut shuffled = employees.clone();
    shuffled
        .sort_by_key(|line| line.bytes().fold(7u64, |key, byte| (key ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)));
    folder.write("ten.csv", file(&ten)).write("shuffled.csv", file(&shuffled));
    // Rows of each of the ten, without the RequestId, which numbers the rows of a file.
    let rows_of_ten = |population: &str, out: &str| -> Vec<Vec<Vec<String>>> {
        let run = ["simulate", "--now", NOW, "--seed", "3", "--out", out, "--request-id", "fake-day"];
        let inputs = sample.options_with(|option, path| if option == "--employees" { population } else { path });
        let _ = folder.run(&run.into_iter().chain(inputs).collect::<Vec<_>>()).exits(0);
        let feed = Feed::only(&folder, out);
        let all = [feed.completion_rows(), feed.assignment_rows()].concat();
        let id = |line: &str| line.split(',').next().unwrap().trim().to_owned();
        ten.iter().map(|line| all.iter().filter(|row| row[0] == id(line)).cloned().collect()).collect()
    };
    let alone = rows_of_ten("ten.csv", "a");
    assert!(alone.iter().all(|rows| !rows.is_empty()));
    assert_eq!(alone, rows_of_ten(sample.path("--employees"), "b"));
    assert_eq!(alone, rows_of_ten("shuffled.csv", "c"));
}

#[test]
fn the_json_summary_adds_up_with_the_files() {
    let folder = Folder::new();
    let sample = SampleInputs::write(&folder, 500, 100);
    let run =
        ["simulate", "--now", NOW, "--seed", "3", "--out", "out", "--json", "--quiet", "--details", "details.jsonl"];
    let summary = json(&folder.run(&run.into_iter().chain(sample.options()).collect::<Vec<_>>()).exits(0));
    let feed = Feed::only(&folder, "out");
    let count = |name: &str| summary[name].as_u64().unwrap_or_else(|| panic!("{name}: {summary}"));
    let by_type = |name: &str| ["a", "b", "f"].iter().map(|kind| summary[name][kind].as_u64().unwrap()).sum::<u64>();
    let completions = by_type("completions_manager") + by_type("completions_ai");
    assert_eq!(completions, feed.completion_rows().len() as u64);
    assert_eq!(count("open_left") + count("new_left"), feed.assignment_rows().len() as u64);
    assert_eq!(by_type("employees"), count("employees_total"));
    assert_eq!(count("employees_total"), 500);
    let assigned = count("open_assignments") + count("new_daily_doses") + count("new_random_contents");
    assert_eq!(assigned - by_type("completions_manager"), feed.assignment_rows().len() as u64);
    assert_eq!(
        summary["files"],
        serde_json::json!([feed.completions_name, feed.assignments_name, feed.user_completion_name, feed.run_name])
    );
    assert_eq!((&summary["seed"], &summary["now"]), (&3.into(), &NOW.into()));
    assert!(summary.get("details").is_none(), "above 50 employees only when asked");

    let details: Vec<Value> =
        folder.text("details.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of = |event: &str| details.iter().filter(|detail| detail["event"] == event).collect::<Vec<_>>();
    let completed = of("completed");
    let plain = |id: &str| id.replace(',', "").parse::<u64>().unwrap();
    for (detail, row) in completed.iter().zip(feed.completion_rows()) {
        assert_eq!((&detail["employee_id"], &detail["content_id"]), (&plain(&row[0]).into(), &plain(&row[1]).into()));
        assert_eq!((&detail["started"], &detail["completed"]), (&row[2].clone().into(), &row[3].clone().into()));
    }
    assert_eq!(completed.len() as u64, completions);
    assert_eq!(completed.iter().filter(|detail| detail["source"] == "ai").count() as u64, by_type("completions_ai"));
    let skipped = count("skipped_completed_this_week") + count("skipped_open_this_week");
    assert_eq!(of("daily_dose_skipped").len() as u64, skipped);
    assert_eq!(
        of("daily_dose_left_out").len() as u64,
        count("doses_left_out_open") + count("doses_left_out_completed")
    );
    assert_eq!(
        of("recommendation_dropped").len() as u64,
        count("dropped_already_on_list") + count("dropped_completed_recently")
    );
    assert_eq!(of("recommender_failed").len() as u64, count("failed_calls"));
    assert_eq!(of("no_random_content").len() as u64, count("without_random_content"));
    assert!(skipped > 0 && count("failed_calls") > 0 && count("open_left") > 0, "the sample has all of it");
}

#[test]
fn up_to_fifty_employees_are_printed_in_full() {
    let population = |count: u64| {
        (1..=count).fold("employee_id,employee_edu_type\n".to_owned(), |text, id| text + &format!("{id},b\n"))
    };
    for (employees, more, is_listed) in [(50, None, true), (51, None, false), (51, Some("--verbose"), true)] {
        for format in [None, Some("--json")] {
            let folder = folder();
            folder.write("employees.csv", population(employees));
            let arguments: Vec<&str> = more.into_iter().chain(format).collect();
            let stdout = simulate(&folder, &arguments).exits(0).stdout;
            let expected = if is_listed { usize::try_from(employees).unwrap() } else { 0 };
            let word = if format.is_some() {
                "\"event\": \"completed\""
            } else {
                "completed 1,000,001 \"First dose\" (manager: Daily Dose)"
            };
            assert_eq!(stdout.matches(word).count(), expected, "{employees} {more:?} {format:?}");
        }
    }
}

#[test]
fn quiet_prints_nothing() {
    let folder = folder();
    // All causes of warnings: bad rows, dirty catalogs, placeholders, a file from the future, no template.
    folder.write("employees.csv", "employee_id,employee_edu_type\n1,a\n2,x\n");
    folder.write("sftp/StandAloneContent_v2_2026_1_29_1_abc.csv", small_catalog() + "bad\n");
    folder.write("sftp/StandAloneContent_v2_2027_1_29_1_abc.csv", "");
    folder.write(
        ".env",
        "SFTP_LOCAL_DIR=sftp\nOUTPUT_DIR=your_output_dir_here\nUSER_COMPLETION_TEMPLATE_FILE=none.csv\n",
    );
    let outcome =
        folder.run(&["simulate", "--employees", "employees.csv", "--now", NOW, "--skip-bad-rows", "--quiet"]).exits(0);
    assert_eq!((outcome.stdout.as_str(), outcome.stderr.as_str()), ("", ""));
    assert_eq!(folder.names("generated_files").len(), 4);
}

#[test]
fn settings_come_from_the_environment_and_env_and_the_environment_wins() {
    let folder = folder();
    folder.write("people/staff.csv", EMPLOYEES).write("template.csv", "dummy\n");
    folder.write("sftp/StandAloneContent_v2_2026_1_29_1_abc.csv", small_catalog());
    folder.write(
        ".env",
        "# settings\nEMPLOYEES_FILE=people/staff.csv\nOUTPUT_DIR='from env file'\nSFTP_LOCAL_DIR=\"sftp\"\n\
         USER_COMPLETION_TEMPLATE_FILE=template.csv\nBUSINESS_TIMEZONE=Asia/Tokyo\nSFTP_INBOUND_PASSWORD=secret\n",
    );
    let _ = folder.run(&["simulate", "--now", "2026-01-29T18:00:00Z"]).exits(0);
    let feed = Feed::only(&folder, "from env file");
    assert_eq!(feed.completed().len(), 5);
    assert_eq!(feed.user_completion, b"dummy\n");
    assert!(feed.run_name.starts_with("run_2026_1_30_1_"), "in Tokyo it is the 30th: {}", feed.run_name);
    let _ = folder
        .run_with(&[("OUTPUT_DIR", "from environment"), ("BUSINESS_TIMEZONE", "UTC")], &["simulate", "--now", NOW])
        .exits(0);
    assert!(Feed::only(&folder, "from environment").run_name.starts_with("run_2026_1_29_1_"));
    let _ = folder
        .run_with(&[("OUTPUT_DIR", "x")], &["simulate", "--now", NOW, "--out", "from option", "--timezone", "UTC"])
        .exits(0);
    assert!(Feed::only(&folder, "from option").run_name.starts_with("run_2026_1_29_1_"));
    assert_eq!(folder.names("x"), [""; 0]);
}

#[test]
fn without_any_setting_the_usual_places_serve() {
    let folder = Folder::new();
    folder.write("input/employees.csv", EMPLOYEES);
    folder.write("downloaded_files/StandAloneContent_v2_2026_1_29_1_abc.csv", small_catalog());
    let _ = folder.run(&["simulate", "--now", NOW]).exits(0);
    assert_eq!(Feed::only(&folder, "generated_files").completed().len(), 5);
}

#[test]
fn placeholders_count_as_not_set_with_a_warning() {
    let folder = folder();
    folder.write(".env", "OUTPUT_DIR=your_output_dir_here\n");
    let outcome = folder.run_with(&[("EMPLOYEES_FILE", "employees.csv")], &["simulate", "--now", NOW]).exits(0);
    assert!(outcome.stderr.contains("warning: OUTPUT_DIR is still the placeholder"), "{}", outcome.stderr);
    assert_eq!(folder.names("generated_files").len(), 4);
}

#[test]
fn a_broken_env_file_is_named_without_its_secrets() {
    let folder = folder();
    folder.write(".env", "# passwords\nSFTP_INBOUND_PASSWORD='hunter2 and\n");
    let outcome = simulate(&folder, &[]);
    assert_eq!(outcome.code, Some(1), "{outcome:?}");
    assert!(outcome.stderr.contains(".env:2:1: ") && outcome.stderr.contains("SFTP_INBOUND_PASSWORD"), "{outcome:?}");
    assert!(!outcome.stderr.contains("hunter2"), "{}", outcome.stderr);
    // Unquoted values may have any characters of passwords; the byte order mark and line ends are those of Notepad.
    folder.write(".env", "\u{feff}SFTP_INBOUND_PASSWORD=hunter2 'and #$x\r\nOUTPUT_DIR=my out\r\n");
    let _ = folder.run(&["simulate", "--employees", "employees.csv", "--now", NOW]).exits(0);
    assert_eq!(folder.names("my out").len(), 4);
}

#[test]
fn the_most_recent_catalog_of_the_folder_is_taken() {
    let folder = folder();
    let dose = |id: &str| catalog(&[[id, "Dose", "TRUE", "2026-01-01T00:00:00Z"]]);
    for (name, id) in [
        ("StandAloneContent_v2_2026_01_28_1_zzz.csv", "1"),
        ("StandAloneContent_v2_2026_1_30_2_aaa.csv", "2"),
        ("standalonecontent_V2_2026_01_30_10_abc.CSV", "3"),
        ("StandAloneContent_v2_2026_1_30_11_abc.csv.filepart", "4"),
        ("StandAloneContent_v2_2026_1_31_1_abc.csv", "5"),
        ("StandAloneContent_v2_2026_2_30_1_abc.csv", "6"),
        ("StandAloneContent_v3_2026_1_30_12_abc.csv", "7"),
        ("CourseCatalog_V2_2025_1_30_1_abc.csv", "8"),
        ("notes.txt", "9"),
    ] {
        folder.write(&format!("sftp/{name}"), dose(id));
    }
    let columns = "CourseId,CourseName,CourseAdminName,CourseTags,ModuleName,ModuleId,ModuleDescription,ContentName,\
        ContentAdminName,ContentId,ContentDescriptions,ContentType,ContentId_List,ContentTags,CreateDate,Link_Content,\
        Course_Link,DailyDose,DailyDoseBAs,CourseDailyDose,CourseDailyDoseBAs,CourseNameFrench,\
        CourseDescriptionFrench,ContentNameFrench,ContentDescriptionFrench,Description\n";
    folder.write(
        "sftp/CourseCatalog_V2_2025_1_30_1_abc.csv",
        format!("{columns},,,,,,,A name from a course,,77,,,,,,,,,,,,,,,,\n"),
    );
    folder.write("sftp/StandAloneContent_v2_2026_1_30_99_abc.csv/inside.txt", "a folder of that name");
    folder.write(
        "c.csv",
        "{\"ba_id\":88,\"body\":{\"response\":{\"ml_recommendations\":[{\"recommended_content_id\":77}]}}}\n",
    );
    let arguments =
        ["simulate", "--employees", "employees.csv", "--now", NOW, "--out", "out", "--recommendations", "c.csv"];
    let outcome = folder.run_with(&[("SFTP_LOCAL_DIR", "sftp")], &arguments).exits(0);
    assert!(outcome.stdout.contains("  3 \"Dose\"\n"), "{}", outcome.stdout);
    assert!(
        outcome.stdout.contains("completed 77 \"A name from a course\" (AI: recommendation)"),
        "{}",
        outcome.stdout
    );
    assert_eq!(
        outcome.stderr,
        "sftp/StandAloneContent_v2_2026_1_31_1_abc.csv: warning: passed over: its date is after tomorrow\n"
    );
    // Of files with the same date and number, the one that was changed last is taken.
    folder.write("sftp/StandAloneContent_v2_2026_1_30_10_later.csv", dose("10"));
    let out = ["simulate", "--employees", "employees.csv", "--now", NOW, "--out", "out2"];
    let outcome = folder.run_with(&[("SFTP_LOCAL_DIR", "sftp")], &out).exits(0);
    assert!(outcome.stdout.contains("  10 \"Dose\"\n"), "{}", outcome.stdout);
}

#[test]
fn without_a_catalog_the_built_in_sample_is_announced() {
    let folder = folder();
    let outcome = folder.run(&["simulate", "--employees", "employees.csv", "--now", NOW, "--out", "out"]).exits(0);
    assert!(
        outcome.stdout.contains("Note: no StandAloneContent file: the contents are those of the built-in sample"),
        "{}",
        outcome.stdout
    );
    let feed = Feed::only(&folder, "out");
    assert_eq!(feed.completion_rows().len(), 5);
    let built_in: Vec<&Value> =
        feed.run["inputs"].as_array().unwrap().iter().filter(|input| input["built_in"] == true).collect();
    assert_eq!(built_in.len(), 2);
}

#[test]
fn the_window_and_the_shift_at_every_edge() {
    // Each case: `now`, the zone, then CreateDate, Start_Date and DueDate of new assignments.
    for (now, zone, created, start, due) in [
        // A Monday before 00:01: the week before, and a shift of one hour that opens before any new window.
        ("2026-01-26T00:00:59Z", "UTC", "2026-01-25T16:00:59Z", "2026-01-19T00:01:00Z", "2026-01-31T13:13:59Z"),
        // A Monday at 00:01 and before 01:01: the shift opens an hour before `now`.
        ("2026-01-26T00:01:00Z", "UTC", "2026-01-25T23:01:00Z", "2026-01-26T00:01:00Z", "2026-01-31T13:13:59Z"),
        ("2026-01-26T01:01:00Z", "UTC", "2026-01-26T00:01:00Z", "2026-01-26T00:01:00Z", "2026-01-31T13:13:59Z"),
        ("2026-01-26T05:00:00Z", "UTC", "2026-01-26T00:01:00Z", "2026-01-26T00:01:00Z", "2026-01-31T13:13:59Z"),
        ("2026-01-26T09:00:00Z", "UTC", "2026-01-26T01:00:00Z", "2026-01-26T00:01:00Z", "2026-01-31T13:13:59Z"),
        ("2026-01-31T13:13:58Z", "UTC", "2026-01-31T05:13:58Z", "2026-01-26T00:01:00Z", "2026-01-31T13:13:59Z"),
        ("2026-01-31T13:13:59Z", "UTC", "2026-01-31T05:13:59Z", "2026-01-26T00:01:00Z", "2026-02-07T13:13:59Z"),
        ("2026-02-01T12:00:00Z", "UTC", "2026-02-01T04:00:00Z", "2026-01-26T00:01:00Z", "2026-02-07T13:13:59Z"),
        // Year's end and leap day; a fraction of a second is cut, an offset counts.
        ("2026-01-01T00:30:00.999Z", "UTC", "2025-12-31T16:30:00Z", "2025-12-29T00:01:00Z", "2026-01-03T13:13:59Z"),
        ("2024-02-29T10:00:00+01:00", "UTC", "2024-02-29T01:00:00Z", "2024-02-26T00:01:00Z", "2024-03-02T13:13:59Z"),
        // New York: forward on Sunday, 8 March 2026 (UTC-5 to UTC-4), back on Sunday, 1 November 2026.
        (
            "2026-03-08T12:00:00Z",
            "America/New_York",
            "2026-03-08T04:00:00Z",
            "2026-03-02T05:01:00Z",
            "2026-03-14T17:13:59Z",
        ),
        (
            "2026-11-01T12:00:00Z",
            "america/new_york",
            "2026-11-01T04:00:00Z",
            "2026-10-26T04:01:00Z",
            "2026-11-07T18:13:59Z",
        ),
        // Cairo went forward on a Friday at midnight (24 April 2026): the Saturday is in summer time.
        (
            "2026-04-23T12:00:00Z",
            "Africa/Cairo",
            "2026-04-23T04:00:00Z",
            "2026-04-19T22:01:00Z",
            "2026-04-25T10:13:59Z",
        ),
        // Tokyo is a day ahead.
        ("2026-01-25T16:30:00Z", "Asia/Tokyo", "2026-01-25T15:01:00Z", "2026-01-25T15:01:00Z", "2026-01-31T04:13:59Z"),
    ] {
        let folder = folder();
        let feed = feed(&folder, &["--now", now, "--timezone", zone]);
        let row = &feed.assignment_rows()[0];
        assert_eq!((row[1].as_str(), row[4].as_str(), row[5].as_str()), (created, start, due), "{now} {zone}");
        let cut = feed.run["now"].as_str().unwrap();
        for row in feed.completion_rows() {
            assert!(row[2].as_str() >= created && row[2] < row[3] && row[3].as_str() <= cut, "{now} {zone} {row:?}");
        }
    }
}

#[test]
fn the_run_file_records_all_that_the_run_was_made_from() {
    let folder = folder();
    let feed = feed(&folder, &["--timezone", "Europe/Paris", "--request-id", "fake-day", "--skip-bad-rows"]);
    let run = &feed.run;
    assert_eq!((&run["seed"], &run["now"], &run["time_zone"]), (&7.into(), &NOW.into(), &"Europe/Paris".into()));
    let inputs = run["inputs"].as_array().unwrap();
    let file = |role: &str| inputs.iter().find(|input| input["role"] == role).unwrap();
    assert_eq!(file("employees")["name"], "employees.csv");
    assert_eq!(file("employees")["path"], "../employees.csv");
    assert_eq!(file("employees")["bytes"], EMPLOYEES.len());
    assert_eq!(file("standalone_content")["sha256"], btcfake_core::text::digest::sha256(small_catalog().as_bytes()));
}

/// Regression: a device or link was replaced by a file, for instance `/dev/stdout` by `--details /dev/stdout`.
#[cfg(unix)]
#[test]
fn details_go_through_a_link_and_leave_it_there() {
    let folder = folder();
    folder.write("target.jsonl", "old\n");
    std::os::unix::fs::symlink("target.jsonl", folder.path("link.jsonl")).unwrap();
    let outcome = simulate(&folder, &["--details", "link.jsonl"]);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    assert!(std::fs::symlink_metadata(folder.path("link.jsonl")).unwrap().is_symlink());
    assert!(folder.text("target.jsonl").lines().all(|line| line.starts_with('{')));
}

/// A link's target counts, whether it exists or not.
#[cfg(unix)]
#[test]
fn details_through_a_link_replace_no_file_of_a_run() {
    let made = feed(&folder(), &[]);
    for (target, text) in [
        ("employees.csv", "that is a file of the run itself"),
        ("catalog.csv", "that is a file of the run itself"),
        (&*format!("out/{}", made.completions_name), "that is the name of a feed's file"),
        ("UserCompletion_v2_2026_1_29_1_abcdef.csv", "that is the name of a feed's file"),
        ("out/run_2026_1_29_1_abcdef.json", "that is the name of a feed's file"),
    ] {
        let folder = folder();
        std::os::unix::fs::symlink(target, folder.path("one.jsonl")).unwrap();
        std::os::unix::fs::symlink("one.jsonl", folder.path("two.jsonl")).unwrap();
        let before = folder.names(".");
        for details in ["one.jsonl", "two.jsonl"] {
            let outcome = simulate(&folder, &["--details", details]).exits(2);
            assert!(outcome.stderr.contains(&format!("--details {details}: {text}")), "{target}: {}", outcome.stderr);
            assert_eq!(folder.names("out"), [""; 0], "{target}");
            assert_eq!((folder.names("."), folder.text("employees.csv")), (before.clone(), EMPLOYEES.to_owned()));
        }
    }
}

/// Regression: `--details` with a folder was noticed after the feed was written, which led to exit code 1 with a run.
#[test]
fn details_that_cannot_be_written_leave_no_feed() {
    let folder = folder();
    std::fs::create_dir(folder.path("details")).unwrap();
    for details in ["details", "none/details.jsonl"] {
        let outcome = simulate(&folder, &["--details", details]);
        assert_ne!(outcome.code, Some(0), "{details}: {outcome:?}");
        assert_eq!(folder.names("out"), [""; 0], "{details}");
        assert_eq!(folder.names("."), ["catalog.csv", "details", "employees.csv", "out"], "{details}");
    }
}

#[test]
fn details_can_lie_in_the_runs_own_folder() {
    let folder = folder();
    let _ = simulate(&folder, &["--details", "out/details.jsonl", "--quiet"]).exits(0);
    assert_eq!(folder.text("out/details.jsonl").lines().count(), 5);
}

#[test]
fn an_old_details_file_is_replaced() {
    let folder = folder();
    folder.write("details.jsonl", "old\n");
    let _ = simulate(&folder, &["--details", "details.jsonl", "--quiet"]).exits(0);
    assert_eq!(folder.text("details.jsonl").lines().count(), 5);
}
