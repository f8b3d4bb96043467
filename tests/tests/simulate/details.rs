//! The file of `--details`.

use super::{EMPLOYEES, feed, folder, simulate};

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

#[test]
fn details_in_a_folder_that_is_checked_are_passed_over() {
    let folder = folder();
    let _ = simulate(&folder, &["--details", "out/what.jsonl"]).exits(0);
    let outcome = folder.run(&["check", "out"]).exits(0);
    let line = "what.jsonl: details of a run (JSON lines): passed over, they are for people\n";
    assert!(outcome.stdout.contains(line), "{}", outcome.stdout);
}
