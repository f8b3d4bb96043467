//! Inputs and options that are refused or left out, and files that are never overwritten.

use btcfake_tests::feed::{Feed, small_catalog};

use super::{EMPLOYEES, feed, folder, json, simulate};

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
