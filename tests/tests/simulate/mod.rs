//! `btcfake simulate`: files, output and exit code for inputs so small that the expected bytes can be derived by hand.
#![allow(clippy::unwrap_used, clippy::panic)]

mod details;
mod files;
mod recommendations;
mod refusals;
mod repeating;
mod settings;
mod state;
mod summary;

use btcfake_tests::command_line::{Folder, Outcome};
use btcfake_tests::feed::{Feed, NOW, small_catalog};
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
