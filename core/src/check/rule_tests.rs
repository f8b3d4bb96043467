//! Tests of findings that need the rules and the inputs of a run: each changes one thing of a correct run.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use super::CheckReport;
use super::own_run::{OwnRun, OwnedFile, check_owned, errors};
use crate::format::file_name::VendorName;
use crate::format::identifier::content_id_text;
use crate::format::input_role::InputRole;
use crate::rules::training::{Item, Origin};
use crate::run::split::{FilePart, Split};

const COMPLETIONS: usize = 0;
const ASSIGNMENTS: usize = 1;

/// Changes the lines of one file of a correct run, and checks it with its run file and its inputs. For each expected
/// text there must be a finding that contains it; if nothing is expected, there must be no finding.
fn check_changed(run: &OwnRun, file: usize, change: impl FnOnce(&mut Vec<String>), expected: &[&str]) {
    let mut outputs = run.outputs();
    change_lines(&mut outputs[file], change);
    let found = errors(&check_owned(&[run.with_record(outputs, Vec::new()), run.inputs()].concat()));
    assert_eq!(found.is_empty(), expected.is_empty(), "{found:#?}");
    for text in expected {
        assert!(found.iter().any(|message| message.contains(text)), "{text}: {found:#?}");
    }
}

fn change_lines((_, bytes): &mut OwnedFile, change: impl FnOnce(&mut Vec<String>)) {
    let text = String::from_utf8(std::mem::take(bytes)).unwrap();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    change(&mut lines);
    *bytes = lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect::<String>().into_bytes();
}

/// The last line: a new assignment of the random content.
fn last(lines: &mut [String]) -> &mut String {
    lines.last_mut().unwrap()
}

#[test]
fn a_missing_row_is_found() {
    let run = OwnRun::usual();
    check_changed(&run, ASSIGNMENTS, |lines| drop(lines.pop()), &["gets a random content in this run, "]);
    check_changed(&run, ASSIGNMENTS, |lines| drop(lines.remove(lines.len() - 2)), &["gets the Daily Dose"]);
    let completions = run.bytes().completions.iter().filter(|byte| **byte == b'\n').count();
    for line in (1..completions).step_by(7) {
        check_changed(&run, COMPLETIONS, |lines| drop(lines.remove(line)), &["employee "]);
    }
}

/// Without the run file, the drawn content is unknown, but one was certainly drawn.
#[test]
fn a_missing_random_content_is_found_without_the_run_file() {
    let run = OwnRun::usual();
    let mut outputs = run.outputs();
    change_lines(&mut outputs[ASSIGNMENTS], |lines| drop(lines.pop()));
    let found = errors(&check_owned(&[outputs, run.inputs()].concat()));
    assert!(found.len() == 1 && found[0].contains("gets a random content in this run, but"), "{found:#?}");
}

/// Appends a row like the last one, with a RequestId of its own: an assignment of a content, to an employee or that of the last row.
fn assign(lines: &mut Vec<String>, employee: Option<u64>, content: u64) {
    let mut row: Vec<String> = last(lines).split("\",\"").map(str::to_owned).collect();
    if let Some(employee) = employee {
        row[0] = format!("\"{employee}");
    }
    row[2] = "999999".to_owned();
    row[3] = content_id_text(content);
    lines.push(row.join("\",\""));
}

#[test]
fn a_surplus_row_is_found() {
    let run = OwnRun::usual();
    let other = run.simulation.inputs().catalog.others[0];
    check_changed(
        &run,
        ASSIGNMENTS,
        |lines| assign(lines, None, other),
        &["one random content a run, and this is another"],
    );
}

/// The drawn content is recommended as well, so its completion alone does not show that it was assigned.
#[test]
fn a_second_random_content_is_found_if_the_drawn_one_is_recommended() {
    let usual = OwnRun::usual();
    let drawn_of = |position| {
        let day = usual.simulation.employee_day(position);
        let drawn = day.list.items.iter().find(|item| item.origin == Origin::RandomContent)?;
        (day.trainings.len() > 4).then_some((day.employee.id, drawn.content_id))
    };
    let (employee, drawn) = (0..usual.simulation.employee_count()).find_map(drawn_of).unwrap();
    let recommend = |role: InputRole, bytes: Vec<u8>| {
        if role != InputRole::Recommendations {
            return bytes;
        }
        let text = String::from_utf8(bytes).unwrap();
        let others = text.lines().filter(|line| !line.contains(&format!("\"ba_id\":{employee},\"body\"")));
        let recommendation = format!("{{\"recommended_content_id\": {drawn}}}");
        let own =
            format!("{{\"ba_id\":{employee},\"body\":{{\"response\":{{\"ml_recommendations\":[{recommendation}]}}}}}}");
        others.chain([own.as_str()]).flat_map(|line| [line, "\n"]).collect::<String>().into_bytes()
    };
    let run = OwnRun::over("2026-01-29T18:00:00Z", "2026-01-29".parse().unwrap(), |_| (), recommend);
    check_changed(&run, ASSIGNMENTS, |_| (), &[]);
    let another = *run.simulation.inputs().catalog.others.iter().find(|content| **content != drawn).unwrap();
    check_changed(
        &run,
        ASSIGNMENTS,
        |lines| assign(lines, Some(employee), another),
        &["one random content a run, and this is another"],
    );
}

#[test]
fn new_assignments_are_made_at_once_and_as_media() {
    let run = OwnRun::usual();
    let replace = |from: &'static str, to: &'static str| {
        move |lines: &mut Vec<String>| {
            let changed = last(lines).replacen(from, to, 1);
            assert_ne!(*last(lines), changed);
            *last(lines) = changed;
        }
    };
    let opens = "CreateDate_text of a new assignment is 2026-01-29T09:00:00Z; all new ones of this run have 2026-01-29T10:00:00Z";
    check_changed(&run, ASSIGNMENTS, replace("29T10:00:00Z", "29T09:00:00Z"), &[opens]);
    check_changed(&run, ASSIGNMENTS, replace("31T13:13:59Z", "31T13:13:58Z"), &["DueDate_text of a new assignment is"]);
    let media = "ContentType of a new assignment is 'Course'; new ones are Media";
    check_changed(&run, ASSIGNMENTS, replace("Media", "Course"), &[media]);
    let without_record = |outputs: Vec<OwnedFile>| errors(&check_owned(&[outputs, run.inputs()].concat()));
    let mut outputs = run.outputs();
    change_lines(&mut outputs[ASSIGNMENTS], replace("29T10:00:00Z", "29T09:00:00Z"));
    let found = without_record(outputs);
    assert!(found.len() == 1 && found[0].contains(opens), "{found:#?}");
}

/// Swaps rows of one employee, and whole employees, each with and without the run file.
#[test]
fn what_is_new_and_what_is_done_stand_in_the_order_of_the_list() {
    let run = OwnRun::usual();
    let check = |file: usize, is_sure_alone: bool, change: &dyn Fn(&mut Vec<String>), expected: &str| {
        check_changed(&run, file, change, &[expected]);
        let mut outputs = run.outputs();
        change_lines(&mut outputs[file], change);
        let found = errors(&check_owned(&[outputs, run.inputs()].concat()));
        assert_eq!(found.iter().any(|message| message.contains(expected)), is_sure_alone, "{found:#?}");
    };
    let user = |line: &str| line.split('"').nth(1).unwrap().to_owned();
    let swap_contents = |lines: &mut Vec<String>, column: usize, at: usize| {
        let content = |line: &String| line.split('"').nth(2 * column + 1).unwrap().to_owned();
        let (one, other) = (content(&lines[at]), content(&lines[at + 1]));
        for (line, from, to) in [(at, &one, &other), (at + 1, &other, &one)] {
            lines[line] = lines[line].replace(&format!("\"{from}\""), &format!("\"{to}\""));
        }
    };
    let order = "before it; what was open comes first, then Daily Doses in the order chosen, the random content";
    // The last employee's Daily Doses, the last of them and the random content.
    let lines = String::from_utf8(run.bytes().assignments).unwrap();
    let lines: Vec<&str> = lines.lines().collect();
    let doses = lines
        .windows(4)
        .rposition(|rows| rows.iter().all(|row| user(row) == user(rows[0])) && rows[0].contains("Media"))
        .unwrap();
    for at in doses..doses + 3 {
        check(ASSIGNMENTS, true, &|lines| swap_contents(lines, 3, at), order);
    }
    check(ASSIGNMENTS, true, &|lines| lines[doses..].rotate_left(4), "the employees stand in its order");
    // An employee of type a: every two neighbours, except recommendations, whose order is unknown.
    let position = (0..run.simulation.employee_count()).find(|position| {
        let day = run.simulation.employee_day(*position);
        let places: BTreeSet<u8> = day.list.items.iter().map(|item| item.origin as u8).collect();
        day.trainings.len() > 4 && places.len() == 4
    });
    let day = run.simulation.employee_day(position.unwrap());
    let completions = String::from_utf8(run.bytes().completions).unwrap();
    let first = completions.lines().position(|line| user(line) == day.employee.id.to_string()).unwrap();
    let is_sure = |item: &Item| {
        item.origin == Origin::Open || !day.recommendations.iter().any(|one| one.content_id == item.content_id)
    };
    for (at, items) in day.list.items.windows(2).enumerate() {
        if items[0].origin != Origin::Recommendation {
            let is_sure_alone = items.iter().all(is_sure);
            check(COMPLETIONS, is_sure_alone, &|lines| swap_contents(lines, 1, first + at), order);
        }
    }
}

#[test]
fn trainings_lie_in_the_shift() {
    let run = OwnRun::usual();
    let early = |lines: &mut Vec<String>| {
        let from = lines[1].find("2026-01-29T").unwrap();
        let row = lines[1].clone();
        lines[1] = format!("{}\"2026-01-29T01:00:00Z\",\"2026-01-29T01:05:00Z\"", &row[..from - 1]);
    };
    check_changed(&run, COMPLETIONS, early, &["2:", "DateStarted 2026-01-29T01:00:00Z is before the shift"]);
}

#[test]
fn request_ids_have_no_leading_zero() {
    let run = OwnRun::usual();
    let zero = |lines: &mut Vec<String>| {
        let row: Vec<String> = last(lines).split("\",\"").map(str::to_owned).collect();
        *last(lines) = last(lines).replacen(&row[2], &format!("0{}", row[2]), 1);
    };
    check_changed(&run, ASSIGNMENTS, zero, &["begins with 0; write"]);
}

#[test]
fn a_run_has_three_files() {
    let run = OwnRun::usual();
    for missing in 0..3 {
        let mut outputs = run.outputs();
        let (name, _) = outputs.remove(missing);
        for set in [outputs.clone(), run.with_record(outputs.clone(), Vec::new())] {
            let found = errors(&check_owned(&set));
            let message = format!("{name} is missing; a run has this file too");
            assert!(found.len() == 1 && found[0].ends_with(&message), "{found:#?}");
        }
        assert_eq!(errors(&check_owned(&outputs[..1])), Vec::<String>::new(), "one file alone says nothing of others");
    }
}

/// A run of the past over today's state: assignments from after the run, and one that is due before it starts.
#[test]
fn rows_of_the_state_tables_are_no_fault_of_the_run() {
    let odd_row = |role: InputRole, mut bytes: Vec<u8>| {
        if role == InputRole::Assignments {
            let text = String::from_utf8(bytes.clone()).unwrap();
            let mut employees: Vec<&str> = text.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
            employees.dedup();
            for employee in employees {
                let row = format!("{employee},77,2026-01-20 00:00:00,,2026-01-20 00:00:00,2026-01-10 00:00:00,\n");
                bytes.extend(row.bytes());
            }
        }
        bytes
    };
    let run = OwnRun::over("2026-01-02T18:00:00Z", "2026-01-29".parse().unwrap(), |_| (), odd_row);
    let feed = run.with_record(run.outputs(), Vec::new());
    assert_eq!(errors(&check_owned(&[feed, run.inputs()].concat())), Vec::<String>::new());
    let alone = check_owned(&run.outputs());
    assert_eq!(errors(&alone), Vec::<String>::new());
    let found_messages: Vec<String> = alone.files[ASSIGNMENTS].findings.iter().map(ToString::to_string).collect();
    assert!(found_messages.iter().any(|message| message.contains("is before Start_Date_text")), "{found_messages:?}");
    assert!(found_messages.iter().any(|message| message.contains("lies in the future")), "{found_messages:?}");
    let due = |lines: &mut Vec<String>| {
        let from = last(lines).find("2026-01-03T13:13:59Z").unwrap();
        let changed = last(lines)[from..].replacen("2026-01-03", "2025-01-03", 1);
        let start = last(lines)[..from].to_owned();
        *last(lines) = start + &changed;
    };
    check_changed(&run, ASSIGNMENTS, due, &["DueDate_text of a new assignment is 2025-01-03T13:13:59Z"]);
}

/// The rows of a feed's file in several files of its kind.
fn split_in(outputs: &mut Vec<OwnedFile>, file: usize, most_bytes: usize) -> Vec<usize> {
    let (name, bytes) = outputs.remove(file);
    let head = bytes.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    let mut split = Split::new(&bytes[..head], most_bytes);
    let mut parts = split.push(&bytes[head..]);
    parts.extend(split.finish());
    let name = VendorName::parse(&name).unwrap();
    let files = parts
        .into_iter()
        .map(|FilePart { sequence, bytes }| (VendorName { sequence, ..name.clone() }.spelled(), bytes));
    let at = outputs.len();
    outputs.extend(files);
    (at..outputs.len()).collect()
}

#[test]
fn several_files_of_a_kind_are_checked_as_one() {
    let run = OwnRun::usual();
    let whole = run.outputs();
    let mut outputs = whole.clone();
    let completions = split_in(&mut outputs, COMPLETIONS, 4_000);
    let assignments = split_in(&mut outputs, 0, 9_000);
    assert!(completions.len() > 2 && assignments.len() > 2);
    let feed = run.with_record(outputs.clone(), Vec::new());
    let set = [feed.clone(), run.inputs()].concat();
    assert_eq!(errors(&check_owned(&set)), Vec::<String>::new());
    let rows = |report: &CheckReport| report.files.iter().map(|file| file.rows).sum::<usize>();
    assert_eq!(rows(&check_owned(&outputs)), rows(&check_owned(&whole)));

    // A row of the first file again, in the third line of the second.
    let second =
        set.iter().position(|(name, _)| name.starts_with("ContentUserCompletion") && name.contains("_29_2_")).unwrap();
    let first =
        set.iter().position(|(name, _)| name.starts_with("ContentUserCompletion") && name.contains("_29_1_")).unwrap();
    let mut changed = set.clone();
    let text = String::from_utf8(set[second].1.clone()).unwrap();
    let row = String::from_utf8(set[first].1.clone()).unwrap().lines().nth(1).unwrap().to_owned();
    let mut lines: Vec<&str> = text.lines().collect();
    lines.insert(2, &row);
    changed[second].1 = format!("{}\n", lines.join("\n")).into_bytes();
    let found = errors(&check_owned(&changed));
    let place = format!("{}:3:", set[second].0);
    let message = "stand in line 2 already";
    assert!(found.iter().any(|one| one.starts_with(&place) && one.contains(message)), "{message}: {found:#?}");

    // A file without its header, and a missing file, with the run file and without it.
    changed[second].1 = set[second].1.iter().copied().skip_while(|byte| *byte != b'\n').skip(1).collect();
    let found = errors(&check_owned(&changed));
    assert!(found.iter().any(|one| one.starts_with(&format!("{}:1:1: ", set[second].0))), "{found:#?}");
    let lost = outputs.iter().position(|(name, _)| *name == set[second].0).unwrap();
    for files in [feed, outputs] {
        let given: Vec<_> =
            files.iter().enumerate().filter(|(index, _)| *index != lost).map(|(_, file)| file.clone()).collect();
        let found = errors(&check_owned(&given));
        assert!(found.iter().any(|one| one.contains(&set[second].0)), "{found:#?}");
    }
}

#[test]
fn a_sequence_with_an_unreadable_file_is_checked_file_by_file() {
    let run = OwnRun::usual();
    let mut outputs = run.outputs();
    let parts = split_in(&mut outputs, COMPLETIONS, 4_000);
    let utf_16 = "\u{feff}\"UserId\"\n".repeat(9).encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (unreadable, message) in [(Vec::new(), "the file is empty"), (utf_16, "UTF-16")] {
        for part in [parts[0], parts[1]] {
            let mut changed = outputs.clone();
            changed[part].1.clone_from(&unreadable);
            let found = errors(&check_owned(&changed));
            let place = format!("{}:1:1: ", changed[part].0);
            assert!(matches!(&found[..], [one] if one.starts_with(&place) && one.contains(message)), "{found:#?}");
        }
    }
}
