//! The three files of a feed: names, bytes, headers, and the window and shift of their dates.

use btcfake_tests::feed::{Feed, NOW, rows, small_catalog};

use super::{ASSIGNMENTS_HEADER, COMPLETIONS_HEADER, EMPLOYEES, feed, folder, simulate};

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
