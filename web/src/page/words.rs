//! The words for files, sizes and counts.

use btcfake_core::format::input_role::InputRole;
use btcfake_core::text::words::counted;
use chrono::{Datelike, NaiveDateTime, Timelike};

/// What the page says about a place for a file.
pub(super) struct FileWords {
    /// The label.
    pub(super) label: &'static str,
    /// The id of its element.
    pub(super) id: &'static str,
    /// What the file is.
    pub(super) what: &'static str,
    /// What happens without it.
    pub(super) without: &'static str,
    /// Endings that the browser proposes.
    pub(super) accept: &'static str,
}

/// What the page says about the place for the file of a role.
pub(super) fn file_words(role: InputRole) -> FileWords {
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
    let accept = if role == InputRole::Recommendations {
        ".jsonl,.ndjson,.json,.txt"
    } else {
        ".csv,.tsv,.txt,.xlsx,.xlsm,.ods,text/csv"
    };
    FileWords { label, id, what, without, accept }
}

/// A size for people.
pub(super) fn size_text(bytes: u64) -> String {
    let in_units = |unit: u64, name: &str| format!("{}.{} {name}", bytes / unit, bytes % unit / (unit / 10));
    match bytes {
        0..1_000 => counted(usize::try_from(bytes).unwrap_or_default(), "byte"),
        1_000..1_000_000 => in_units(1_000, "kB"),
        1_000_000..1_000_000_000 => in_units(1_000_000, "MB"),
        _ => in_units(1_000_000_000, "GB"),
    }
}

/// A sentence, with a full stop where nothing ends it yet.
pub(super) fn ended(sentence: String) -> String {
    if sentence.is_empty() || sentence.ends_with(['.', '!', '?']) { sentence } else { sentence + "." }
}

/// A day and time for people: `Thursday, 29 January 2026, 18:00:00`.
pub(super) fn clock_text(clock: NaiveDateTime) -> String {
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
pub(super) fn problems_text(errors: usize, warnings: usize) -> String {
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
    fn sizes_are_short() {
        for (bytes, expected) in [
            (0, "0 bytes"),
            (1, "1 byte"),
            (999, "999 bytes"),
            (1_000, "1.0 kB"),
            (1_234_567, "1.2 MB"),
            (2_560_000_000, "2.5 GB"),
        ] {
            assert_eq!(size_text(bytes), expected);
        }
    }

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
