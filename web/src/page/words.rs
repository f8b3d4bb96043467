//! The words for files, sizes and counts.

use btcfake_core::format::input_role::InputRole;
use btcfake_core::text::words::counted;
pub(crate) use btcfake_core::text::words::size_text;
use chrono::{Datelike, NaiveDateTime, Timelike};

/// What the page says about a place for a file.
pub(crate) struct FileWords {
    /// The label.
    pub(crate) label: &'static str,
    /// The id of its element.
    pub(crate) id: &'static str,
    /// What the file is.
    pub(crate) what: &'static str,
    /// What happens without it.
    pub(crate) without: &'static str,
    /// Endings that the browser proposes.
    pub(crate) accept: &'static str,
}

/// What the page says about the place for the file of a role.
pub(crate) fn file_words(role: InputRole) -> FileWords {
    let (label, id, what, without) = match role {
        InputRole::Employees => (
            "Employees CSV",
            "employees-file",
            "Who takes part: one employee a row, with the columns employee_id and employee_edu_type (a completes all \
             training, b completes one, f completes none).",
            "Every run needs it.",
        ),
        InputRole::StandaloneContent => (
            "StandAloneContent CSV",
            "standalone-content-file",
            "The trainings that a manager can assign, as the vendor sends them: StandAloneContent_v2_….csv.",
            "Without it: a built-in sample, which the real batch job does not know.",
        ),
        InputRole::CourseCatalog => (
            "Course catalog CSV",
            "course-catalog-file",
            "Names of more trainings, as the vendor sends them: CourseCatalog_V2_….csv.",
            "Without it: trainings that StandAloneContent lacks are shown without a name.",
        ),
        InputRole::Assignments => (
            "Assignments table CSV",
            "assignments-file",
            "What was assigned before: the table content_assignments, saved as CSV.",
            "Without it: nothing is open when the run begins.",
        ),
        InputRole::Completions => (
            "Completions table CSV",
            "completions-file",
            "What was completed before: the table content_completion, saved as CSV.",
            "Without it: nothing was completed in the past.",
        ),
        InputRole::Recommendations => (
            "Recorded recommendations (JSON lines)",
            "recommendations-file",
            "Answers of the Training Recommender, one JSON object a line.",
            "Without it: the employees go on with manager training only.",
        ),
        InputRole::UserCompletionTemplate => (
            "UserCompletion template CSV",
            "template-file",
            "The third file of the feed is a copy of this one; nothing reads it, but the batch job wants it there.",
            "Without it: a built-in one with a made-up row.",
        ),
    };
    let accept = if role == InputRole::Recommendations { ".jsonl,.ndjson,.json,.txt" } else { ".csv,.txt,text/csv" };
    FileWords { label, id, what, without, accept }
}

/// A sentence, with a full stop where nothing ends it yet.
pub(crate) fn ended(sentence: String) -> String {
    if sentence.is_empty() || sentence.ends_with(['.', '!', '?']) { sentence } else { sentence + "." }
}

/// A day and time for people: `Thursday, 29 January 2026, 18:00:00`.
pub(crate) fn clock_text(clock: NaiveDateTime) -> String {
    const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    format!(
        "{}, {} {} {}, {:02}:{:02}:{:02}",
        DAYS[clock.weekday().num_days_from_monday() as usize],
        clock.day(),
        MONTHS[clock.month0() as usize],
        clock.year(),
        clock.hour(),
        clock.minute(),
        clock.second()
    )
}

/// Errors and warnings, counted.
pub(crate) fn problems_text(errors: usize, warnings: usize) -> String {
    match (errors, warnings) {
        (errors, 0) => counted(errors, "error"),
        (0, warnings) => counted(warnings, "warning"),
        (errors, warnings) => format!("{} and {}", counted(errors, "error"), counted(warnings, "warning")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_once() {
        for (text, expected) in [("", ""), ("no id", "no id."), ("Did you mean '1-10'?", "Did you mean '1-10'?")] {
            assert_eq!(ended(text.to_owned()), expected);
        }
    }

    #[test]
    fn problems_are_counted_by_severity() {
        assert_eq!(problems_text(1, 0), "1 error");
        assert_eq!(problems_text(0, 2), "2 warnings");
        assert_eq!(problems_text(1_200, 1), "1,200 errors and 1 warning");
    }
}
