//! The page's texts for files, faults, sizes, counts and times.

use btcfake_core::breakage::{BreakList, Breakage};
use btcfake_core::format::feed_file::FeedFile;
use btcfake_core::format::input_role::InputRole;
use btcfake_core::plan::mix::Mix;
pub(crate) use btcfake_core::text::words::size_text;
use btcfake_core::text::words::{counted, utc_text};
use chrono::{DateTime, NaiveDate, NaiveDateTime};

use crate::locale::clock_in_form;
pub(crate) use crate::locale::{day_text, stamp_text, time_text};

/// The texts about the file of a role.
pub(crate) struct FileWords {
    /// The label.
    pub(crate) label: &'static str,
    /// The id of its file field.
    pub(crate) id: &'static str,
    /// What the file is.
    pub(crate) what: &'static str,
    /// The consequence of not having it.
    pub(crate) without: &'static str,
    /// The file name extensions for the browser's file dialog.
    pub(crate) accept: &'static str,
}

/// The shares of a mix. No line breaks before a percent sign.
pub(crate) fn mix_words(mix: Mix) -> String {
    mix.text().replace(" %", "\u{a0}%")
}

/// The texts about the file of a role.
pub(crate) fn file_words(role: InputRole) -> FileWords {
    let (label, id, what, without) = match role {
        InputRole::Employees => (
            "Employees file",
            "employees-file",
            "employee_id and employee_edu_type (a, b or f).",
            "Every run needs it.",
        ),
        InputRole::StandaloneContent => (
            "StandAloneContent file",
            "standalone-content-file",
            "Trainings that a manager can assign.",
            "Without StandAloneContent, contents are made up: the batch job does not know them.",
        ),
        InputRole::CourseCatalog => (
            "Course catalog file",
            "course-catalog-file",
            "Names of more trainings.",
            "Without the course catalog, some trainings have no name.",
        ),
        InputRole::Assignments => (
            "Assignments table",
            "assignments-file",
            "What was assigned before: the table content_assignments.",
            "Without assignments, nothing is open when the run begins.",
        ),
        InputRole::Completions => (
            "Completions table",
            "completions-file",
            "What was completed before: the table content_completion.",
            "Without completions, nothing was completed in the past.",
        ),
        InputRole::Recommendations => (
            "Recorded recommendations (JSON lines)",
            "recommendations-file",
            "Answers of the Training Recommender.",
            "Without recommendations, there is manager training only.",
        ),
        InputRole::UserCompletionTemplate => (
            "UserCompletion template",
            "template-file",
            "The third file of the feed is a copy of it.",
            "Without it: a built-in one with a made-up row.",
        ),
    };
    FileWords { label, id, what, without, accept: accepted_endings(role) }
}

fn accepted_endings(role: InputRole) -> &'static str {
    match role {
        InputRole::Recommendations => ".jsonl,.ndjson,.json,.txt",
        InputRole::UserCompletionTemplate => ".csv,.txt,text/csv",
        _ => ".csv,.tsv,.txt,.xlsx,.xlsm,.ods,text/csv",
    }
}

/// The title of a file of the feed, and its purpose.
pub(crate) fn purpose(file: FeedFile) -> (&'static str, &'static str) {
    match file {
        FeedFile::Completions => ("Completions", "what was completed"),
        FeedFile::Assignments => ("Open assignments", "what is left to do"),
        FeedFile::Dummy => ("User completion", "a dummy that the batch job wants"),
    }
}

/// The file of the feed with this name; `None` for another file, such as the run file.
pub(crate) fn feed_file(name: &str) -> Option<FeedFile> {
    FeedFile::ALL.into_iter().find(|file| name.starts_with(file.kind().prefix()))
}

/// A fault with its file and its rows: `Repeated row (completions, 3 rows)`.
pub(crate) fn breakage_words(Breakage { fault, file, rows }: &Breakage) -> String {
    let rows = if fault.is_of_rows() { format!(", {}", counted(*rows as usize, "row")) } else { String::new() };
    format!("{} ({}{rows})", fault.title(), file.name())
}

/// Faults in one line, with a semicolon between them.
pub(crate) fn breakages_words(breaks: &BreakList) -> String {
    breaks.breakages().iter().map(breakage_words).collect::<Vec<_>>().join("; ")
}

/// Advice if a file of the page does not arrive. `endings` are those of the files to let through.
pub(crate) fn blocked_file_advice(endings: &str) -> String {
    format!(
        "If the page comes from a btcfake of your own, see whether that still runs, and start it again. Otherwise most often a \
         company's proxy, a firewall or a virus scanner holds a file of the page back: ask the people who look after your \
         network (IT support) to let files ending in {endings} through from this page's address."
    )
}

/// A sentence with a full stop, unless it has an end mark.
pub(crate) fn ended(sentence: String) -> String {
    if sentence.is_empty() || sentence.ends_with(['.', '!', '?']) { sentence } else { sentence + "." }
}

/// A text of the helper with instants and sizes as the page writes them, by the locale.
pub(crate) fn in_form(text: &str) -> String {
    with_clocks(&with_sizes(text))
}

/// A text with each number of bytes as a size: `6.1 MB` for `6,098,409 bytes`.
fn with_sizes(text: &str) -> String {
    let (mut sized, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once(" bytes") {
        let is_of_number = |last: char| last.is_ascii_digit() || last == ',';
        let (words, number) = before.split_at(before.trim_end_matches(is_of_number).len());
        match number.replace(',', "").parse() {
            Ok(bytes) if words.ends_with([' ', '(']) => sized += &format!("{words}{}", size_text(bytes)),
            _ => sized += &format!("{before} bytes"),
        }
        rest = after;
    }
    sized + rest
}

/// A text with its instants written as the locale does.
fn with_clocks(text: &str) -> String {
    let is_of_instant = |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | ':');
    let pieces = text.split_inclusive(|character| !is_of_instant(character)).map(|piece| {
        let (instant, rest) = piece.split_at(piece.find('Z').map_or(0, |at| at + 1));
        utc_text(instant) + rest
    });
    pieces.collect()
}

/// A day in full: `Thursday, January 29, 2026`.
pub(crate) fn full_day_text(date: NaiveDate) -> String {
    clock_in_form(date.into(), r#""dateStyle":"full""#)
}

/// A day without its year and a time to the minute, in short and on one line: `Thu, Jan 29, 18:00`.
pub(crate) fn short_clock(clock: NaiveDateTime) -> String {
    clock_in_form(clock, r#""weekday":"short","day":"numeric","month":"short","hour":"2-digit","minute":"2-digit""#)
        .replace(' ', "\u{a0}")
}

/// The time of this computer's clock at an instant, in milliseconds since 1970-01-01T00:00:00Z.
pub(crate) fn local_clock(milliseconds: f64) -> NaiveDateTime {
    let minutes = js_sys::Date::new(&milliseconds.into()).get_timezone_offset();
    #[allow(clippy::cast_possible_truncation, reason = "milliseconds of this age")]
    let local = (milliseconds - minutes * 60_000.0) as i64;
    DateTime::from_timestamp_millis(local).unwrap_or_default().naive_utc()
}

/// The numbers of errors and warnings in words.
pub(crate) fn problems_text(errors: usize, warnings: usize) -> String {
    match (errors, warnings) {
        (errors, 0) => counted(errors, "error"),
        (0, warnings) => counted(warnings, "warning"),
        (errors, warnings) => format!("{} and {}", counted(errors, "error"), counted(warnings, "warning")),
    }
}

/// A note as a sentence. Notes begin with a small letter, because the command line prints "Note: " before them.
pub(crate) fn sentence(note: &str) -> String {
    capitalised(format!("{note}."))
}

/// A text with a capital letter at its start.
pub(crate) fn capitalised(mut text: String) -> String {
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
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
    fn bytes_are_a_size() {
        for (text, expected) in [
            ("c.csv: downloaded (6,098,409 bytes)", "c.csv: downloaded (6.1 MB)"),
            ("(20 bytes), in place of one of 5,120 bytes", "(20 bytes), in place of one of 5.1 kB"),
            ("longer than 100,000 bytes", "longer than 100.0 kB"),
            ("c1234 bytes, bytes", "c1234 bytes, bytes"),
            ("nothing", "nothing"),
        ] {
            assert_eq!(with_sizes(text), expected);
        }
    }

    #[test]
    fn problems_are_counted_by_severity() {
        assert_eq!(problems_text(1, 0), "1 error");
        assert_eq!(problems_text(0, 2), "2 warnings");
        assert_eq!(problems_text(1_200, 1), "1,200 errors and 1 warning");
    }
}
