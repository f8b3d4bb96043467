//! What a run prints: the summary, its JSON, or nothing.

use btcfake_tests::command_line::Folder;
use btcfake_tests::feed::{Feed, NOW, small_catalog};
use btcfake_tests::sample_inputs::SampleInputs;
use serde_json::Value;

use super::{folder, json, simulate};

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
