//! Tests of checking the days of a series together: unchanged days yield no findings, and every disagreement between
//! days is found.

#![allow(clippy::unwrap_used)]

use btcfake_core::check::{CheckReport, GivenFile, check};
use btcfake_core::format::employees::BadRows;
use btcfake_core::format::input_role::InputRole;
use btcfake_core::format::standalone_content;
use btcfake_core::inputs::input_file::InputFile;
use btcfake_core::inputs::reading::read_inputs;
use btcfake_core::plan::rhythm::{Rhythm, SeriesPlan, parse_day, parse_time};
use btcfake_core::plan::settings::Settings;
use btcfake_core::record::run_record::{InputRecord, OutputRecord, RunRecord};
use btcfake_core::run::series::Series;
use btcfake_core::sample::{self, SampleRecipe};

/// The files of one day of a series, as text that tests can change.
struct Day {
    record: RunRecord,
    run_name: String,
    /// Completions, assignments, dummy: name and text.
    outputs: [(String, String); 3],
}

const COMPLETIONS: usize = 0;
const ASSIGNMENTS: usize = 1;

/// Makes `count` days of a series from `from` at time `at` over inputs.
fn days(inputs: &[InputFile<'_>], from: &str, count: u32, at: &str, change: impl Fn(&mut Settings)) -> Vec<Day> {
    days_of(rhythm(from, at, false), inputs, count, change)
}

fn rhythm(from: &str, at: &str, continues_sample: bool) -> Rhythm {
    Rhythm { from: parse_day(from).unwrap(), at: parse_time(at).unwrap(), weekdays: false, continues_sample }
}

/// Makes `count` days of a series over inputs.
fn days_of(rhythm: Rhythm, inputs: &[InputFile<'_>], count: u32, change: impl Fn(&mut Settings)) -> Vec<Day> {
    let mut settings = Settings::new(Default::default(), 11);
    change(&mut settings);
    let plan = SeriesPlan::new(rhythm, count, settings.time_zone).unwrap();
    let mut series = Series::new(plan, read_inputs(inputs, BadRows::Refuse).0, settings);
    let mut days = Vec::new();
    loop {
        let run = series.simulation();
        let (names, feed) = (run.file_names(), run.feed());
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let record = RunRecord::new(*run.settings(), inputs.iter().map(InputRecord::of).collect(), Vec::new());
        days.push(Day {
            record: RunRecord { series: Some(series.day()), ..record },
            run_name: names.run,
            outputs: [
                (names.completions, text(feed.completions)),
                (names.assignments, text(feed.assignments)),
                (names.user_completion, text(feed.user_completion)),
            ],
        });
        if !series.pass_over() {
            return days;
        }
    }
}

/// All findings for days and other files, as `file:line:column: text`.
fn found(days: &[Day], others: &[InputFile<'_>]) -> Vec<String> {
    let report = checked(days, others);
    let all = report.files.iter().flat_map(|file| &file.findings).chain(&report.disagreements);
    all.filter(|one| one.is_error()).map(|one| format!("{}:{one}", one.file)).collect()
}

/// Checks days and other files. The run files are updated to match the changed files.
fn checked(days: &[Day], others: &[InputFile<'_>]) -> CheckReport {
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for day in days {
        let outputs = day.outputs.iter().map(|(name, text)| OutputRecord::of(name, text.as_bytes()));
        let record = RunRecord { outputs: outputs.collect(), ..day.record.clone() };
        files.push((day.run_name.clone(), record.to_bytes()));
        files.extend(day.outputs.iter().map(|(name, text)| (name.clone(), text.clone().into_bytes())));
    }
    files.extend(others.iter().map(|file| (file.name.clone(), file.bytes.to_vec())));
    let given: Vec<GivenFile<'_>> = files.iter().map(|(name, bytes)| GivenFile { name, bytes }).collect();
    check(&given)
}

#[test]
fn a_series_as_it_is_made_has_no_disagreement() {
    for (from, at, zone, continues_sample) in [
        ("2026-01-29", "18:00", "UTC", false),
        ("2026-01-29", "18:00", "UTC", true),
        ("2026-01-25", "00:00:30", "UTC", true),
        ("2026-03-06", "02:30", "America/New_York", false),
        ("2026-03-06", "02:30", "America/New_York", true),
        ("2026-01-24", "13:13:59", "Pacific/Kiritimati", true),
    ] {
        let recipe = SampleRecipe { seed: 5, today: parse_day(from).unwrap(), employees: 80, contents: 60 };
        let sample: Vec<_> = sample::files(&recipe).collect();
        let inputs: Vec<InputFile<'_>> = InputRole::ALL
            .into_iter()
            .zip(&sample)
            .map(|(role, file)| InputFile::given(role, &file.name, file.bytes.as_slice()))
            .collect();
        let mix = (at == "18:00").then(|| "a=20,b=60,f=20".parse().unwrap());
        let mut days = days_of(rhythm(from, at, continues_sample), &inputs, 17, |settings| {
            settings.time_zone = zone.parse().unwrap();
            settings.mix = mix;
        });
        assert_eq!(found(&days, &[]), [""; 0], "{from} {at} {zone}");
        assert_eq!(found(&days, &inputs), [""; 0], "{from} {at} {zone}, with what it was made from");
        // With missing days there is less to compare, but still no finding.
        days.remove(3);
        days.remove(9);
        assert_eq!(found(&days, &inputs), [""; 0], "{from} {at} {zone}, without two days");
    }
}

/// The inputs of the small series: type a, b and f; four Daily Doses, of which 13, 12 and 11
/// are given, and three others.
fn small_inputs() -> Vec<InputFile<'static>> {
    let mut catalog = standalone_content::COLUMNS.join(",") + "\n";
    for (id, dose) in [(10, true), (11, true), (12, true), (13, true), (21, false), (22, false), (23, false)] {
        catalog.push_str(&format!("{id},Name,,,,,,{dose},2026-01-01T00:00:00Z,,,\n"));
    }
    let employees = "employee_id,employee_edu_type\n1,a\n2,b\n3,f\n".as_bytes();
    vec![
        InputFile::given(InputRole::Employees, "employees.csv", employees),
        InputFile::given(InputRole::StandaloneContent, "StandAloneContent_v2_2026_1_26_1_x.csv", catalog.into_bytes()),
    ]
}

/// Changes a series of three days from Monday on, and expects exactly the findings whose texts begin and end as given.
fn check_found(change: impl Fn(&mut [Day]), expected: &[[&str; 2]]) {
    let inputs = small_inputs();
    let mut days = days(&inputs, "2026-01-26", 3, "18:00", |_| ());
    change(&mut days);
    let found = found(&days, &inputs[1..]);
    let texts: Vec<&str> = found.iter().map(|one| one.splitn(4, ':').last().unwrap().trim()).collect();
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for (text, [begins, ends]) in texts.iter().zip(expected) {
        assert!(text.starts_with(begins) && text.ends_with(ends), "{text}\n  should be {begins} ... {ends}");
    }
}

/// The row of an employee and a content in a file of a day.
fn row(day: &Day, file: usize, employee: u64, content: u64) -> String {
    let content = format!("\"{content}\"");
    let is_it = |line: &&str| line.starts_with(&format!("\"{employee}\",")) && line.contains(&content);
    day.outputs[file].1.lines().find(is_it).map(|line| format!("{line}\n")).unwrap()
}

/// The first row of an employee in a file of a day.
fn first_row(day: &Day, file: usize, employee: u64) -> String {
    let is_it = |line: &&str| line.starts_with(&format!("\"{employee}\","));
    day.outputs[file].1.lines().find(is_it).map(|line| format!("{line}\n")).unwrap()
}

fn replace(day: &mut Day, file: usize, row: &str, by: &str) {
    assert!(day.outputs[file].1.contains(row), "{row}");
    day.outputs[file].1 = day.outputs[file].1.replace(row, by);
}

/// Adds a row at the end of the employee's rows, or at the end of the file.
fn add(day: &mut Day, file: usize, employee: u64, row: &str) {
    let text = &mut day.outputs[file].1;
    let last = text.rfind(&format!("\n\"{employee}\","));
    let at = last.map_or(text.len(), |last| text[last + 1..].find('\n').map_or(text.len(), |end| last + end + 2));
    text.insert_str(at, row);
}

#[test]
fn the_small_series_is_as_the_tests_think() {
    check_found(|_| (), &[]);
    let days = days(&small_inputs(), "2026-01-26", 3, "18:00", |_| ());
    for (day, file, employee, content) in [
        (0, COMPLETIONS, 1, 13),
        (0, COMPLETIONS, 2, 13),
        (0, ASSIGNMENTS, 2, 12),
        (1, COMPLETIONS, 2, 11),
        (2, COMPLETIONS, 2, 12),
        (0, ASSIGNMENTS, 3, 12),
        (1, ASSIGNMENTS, 3, 12),
        (2, ASSIGNMENTS, 3, 11),
    ] {
        let _ = row(&days[day], file, employee, content);
    }
}

#[test]
fn what_was_left_is_completed_or_left_a_day_later() {
    check_found(
        |days| {
            let row = row(&days[1], ASSIGNMENTS, 3, 12);
            replace(&mut days[1], ASSIGNMENTS, &row, "");
        },
        &[
            [
                "employee 3 has content 12 left here, but it is neither completed nor listed a day later in ContentUser",
                "it must be one of the two",
            ],
            [
                "employee 3 was assigned content 12 before this day, but Non_Completed_Assignments_V2_2026_1_27",
                "or assigned on this day",
            ],
        ],
    );
}

#[test]
fn an_open_assignment_keeps_its_dates_and_its_type() {
    check_found(
        |days| {
            let row = row(&days[2], ASSIGNMENTS, 3, 12);
            let other = row.replace("Media", "Course").replace("2026-01-31T13:13:59Z", "2026-01-31T13:14:59Z");
            replace(&mut days[2], ASSIGNMENTS, &row, &other);
        },
        &[
            [
                "DueDate_text is '2026-01-31T13:14:59Z', but Non_Completed_Assignments_V2_2026_1_27_1_",
                "for this open assignment",
            ],
            ["ContentType is 'Course', but Non_Completed_Assignments_V2_2026_1_27_1_", "for this open assignment"],
        ],
    );
}

#[test]
fn what_was_completed_is_not_completed_again() {
    let text = "it is not done again on that day or in the 12 days after";
    check_found(
        |days| {
            let third = first_row(&days[2], COMPLETIONS, 1);
            let content = third.split('"').nth(3).unwrap().to_owned();
            let again = third.replacen(&format!("\"{content}\""), "\"13\"", 1);
            replace(&mut days[2], COMPLETIONS, &third, &again);
        },
        &[["employee 1 completed content 13 on 2026-01-26, as ContentUserCompletion_V2_2026_01_26_1_", text]],
    );
}

#[test]
fn what_was_completed_is_not_listed_any_more() {
    check_found(
        |days| {
            let row = row(&days[0], ASSIGNMENTS, 2, 12).replace("\"12\"", "\"13\"");
            add(&mut days[1], ASSIGNMENTS, 2, &row);
            add(&mut days[2], ASSIGNMENTS, 2, &row);
        },
        &[
            ["employee 2 was assigned content 13 before this day, but", "or assigned on this day"],
            ["employee 2 completed content 13 on an earlier day, as ContentUser", "take this row out"],
            ["employee 2 completed content 13 on an earlier day, as ContentUser", "take this row out"],
        ],
    );
}

#[test]
fn daily_doses_are_given_once_a_week() {
    check_found(
        |days| {
            let row =
                row(&days[0], ASSIGNMENTS, 3, 12).replace("2026-01-26T10", "2026-01-27T10").replace("\"12\"", "\"10\"");
            add(&mut days[1], ASSIGNMENTS, 3, &row);
            add(&mut days[2], ASSIGNMENTS, 3, &row);
        },
        &[["employee 3 is given the Daily Dose 10, and was given one on 2026-01-26 already", "once a week"]],
    );
}

#[test]
fn nobody_changes_type() {
    let text = "that is neither type a (completes everything) nor b (one training) nor f (nothing)";
    check_found(
        |days| {
            let row = row(&days[0], ASSIGNMENTS, 2, 11);
            let done = self::row(&days[1], COMPLETIONS, 2, 11);
            replace(&mut days[1], COMPLETIONS, &done, "");
            add(&mut days[1], ASSIGNMENTS, 2, &row);
            add(&mut days[2], ASSIGNMENTS, 2, &row);
        },
        &[["employee 2 completed 0 and has 4 left on this day", text]],
    );
    check_found(
        |days| {
            for day in &mut days[1..] {
                let row = row(day, ASSIGNMENTS, 3, 11);
                replace(day, ASSIGNMENTS, &row, "");
            }
            let done = "\"3\",\"11\",\"2026-01-27T12:00:00Z\",\"2026-01-27T12:05:00Z\"\n";
            add(&mut days[1], COMPLETIONS, 3, done);
        },
        &[["employee 3 completed 1 and has", text]],
    );
}

/// Run files that name no series, only a state table each, do not relate the days to each other.
#[test]
fn only_run_files_say_that_days_belong_together() {
    check_found(
        |days| {
            let row = row(&days[1], ASSIGNMENTS, 3, 12);
            replace(&mut days[1], ASSIGNMENTS, &row, "");
            for day in days {
                day.record.series = None;
                let table = InputFile::given(InputRole::Assignments, "content_assignments.csv", &b""[..]);
                day.record.inputs.push(InputRecord::of(&table));
            }
        },
        &[],
    );
}

/// A Daily Dose with a future date in the state table, even that of a day's shift, does not count as given on that day.
/// A single day with its run file does not count as the one that begins with the tables.
#[test]
fn what_a_state_table_dates_ahead_is_as_it_should_be() {
    for assigned in ["2026-01-27 10:00:00", "2026-02-20 10:00:00"] {
        let mut inputs = small_inputs();
        let table = format!(
            "ba_id,content_id,assignment_date,update_date,assignment_begin_date,assignment_due_date,content_type\n\
             3,10,{assigned},,2026-02-20 10:00:00,2026-02-22 10:00:00,\n3,99,2026-02-21 00:00:00,,,,\n"
        );
        inputs.push(InputFile::given(InputRole::Assignments, "content_assignments.csv", table.into_bytes()));
        let past = "ba_id,content_id,completion_date\n".as_bytes();
        inputs.push(InputFile::given(InputRole::Completions, "content_completion.csv", past));
        let days = days(&inputs, "2026-01-26", 3, "18:00", |_| ());
        for days in [&days[..], &days[1..2]] {
            let report = checked(days, &inputs);
            assert!(report.is_clean() && report.files.iter().all(|file| file.findings.is_empty()), "{report:#?}");
        }
    }
}
