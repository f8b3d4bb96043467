//! One run of the history, stored as a text that all versions of the page can read.
//!
//! The first line names the format, the second has the time of the run and its number of employees, the third its recipe; the
//! others are the summary. Fields are separated by tabs. No file content is stored.

use std::fmt::Write;

use crate::messages::Outcome;

/// A run of the past.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct HistoryEntry {
    /// When it was made, in milliseconds since 1970-01-01T00:00:00Z.
    pub(crate) at: u64,
    /// How many employees it had.
    pub(crate) employees: usize,
    /// Its recipe.
    pub(crate) recipe: String,
    /// Its summary.
    pub(crate) lines: Vec<HistoryLine>,
}

/// A line of a summary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HistoryLine {
    /// Heading and label: `Completions: From recommendations`.
    pub(crate) label: String,
    /// The value.
    pub(crate) value: String,
}

/// The first line, which names the only format so far.
const FORMAT: &str = "btcfake run 1";

/// Labels that earlier versions of the page stored, with those of today.
const RENAMED: [(&str, &str); 5] = [
    ("Assignments: New Daily Doses", "Assignments: Daily Doses given"),
    ("Assignments: Left: open", "Assignments: Still open: from before"),
    ("Assignments: Left: new", "Assignments: Still open: new"),
    ("Completions: Manager", "Completions: From the manager"),
    ("Completions: AI", "Completions: From recommendations"),
];

/// The largest size of a stored text in bytes; further lines of the summary are left out.
const LONGEST: usize = 64 * 1024;

impl HistoryEntry {
    /// A run that was just made.
    pub(crate) fn new(at: u64, outcome: &Outcome) -> HistoryEntry {
        let of_group = outcome.groups.iter().flat_map(|group| {
            let line = |(label, value): &(String, String)| HistoryLine {
                label: format!("{}: {label}", group.title),
                value: value.clone(),
            };
            group.lines.iter().map(line).collect::<Vec<_>>()
        });
        let doses = HistoryLine { label: "Daily Doses".to_owned(), value: outcome.daily_doses.join("; ") };
        let notes = HistoryLine { label: "Notes".to_owned(), value: outcome.notes.join("; ") };
        let lines = of_group.chain([doses, notes]).filter(|line| !line.value.is_empty()).collect();
        HistoryEntry { at, employees: outcome.employees, recipe: outcome.recipe.clone(), lines }
    }

    /// The text to be stored.
    pub(crate) fn text(&self) -> String {
        let mut text = format!("{FORMAT}\n{}\t{}\n{}\n", self.at, self.employees, self.recipe);
        for line in &self.lines {
            let (label, value) = (on_one_line(&line.label), on_one_line(&line.value));
            if text.len() + label.len() + value.len() > LONGEST {
                break;
            }
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{label}\t{value}");
        }
        text
    }

    /// Reads a stored text; `None` if it has another format.
    pub(crate) fn read(text: &str) -> Option<HistoryEntry> {
        let mut lines = text.lines();
        if lines.next() != Some(FORMAT) {
            return None;
        }
        let (at, employees) = lines.next()?.split_once('\t')?;
        let at = at.parse().ok()?;
        let recipe = lines.next()?.to_owned();
        let line = |line: &str| {
            let (label, value) = line.split_once('\t')?;
            Some(match RENAMED.iter().find(|(before, _)| *before == label) {
                // The value is written as today, too, so that an old run and a new one differ in figures only.
                Some((_, now)) => {
                    HistoryLine { label: (*now).to_owned(), value: value.replace(", completes one ", ", one ") }
                }
                None => HistoryLine { label: label.to_owned(), value: value.to_owned() },
            })
        };
        Some(HistoryEntry { at, employees: employees.parse().ok()?, recipe, lines: lines.filter_map(line).collect() })
    }
}

fn on_one_line(text: &str) -> String {
    text.replace(['\t', '\n', '\r'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::feed::results::view_state::Headline;

    fn entry(lines: &[(&str, &str)]) -> HistoryEntry {
        let line =
            |(label, value): &(&str, &str)| HistoryLine { label: (*label).to_owned(), value: (*value).to_owned() };
        HistoryEntry {
            at: 1_500_000_000_000,
            employees: 3,
            recipe: "recipe=1".to_owned(),
            lines: lines.iter().map(line).collect(),
        }
    }

    #[test]
    fn a_stored_run_is_read_again() {
        for (kept, read) in [
            (entry(&[]), entry(&[])),
            (
                entry(&[("Employees: type a", "1,107"), ("é", "b c")]),
                entry(&[("Employees: type a", "1,107"), ("é", "b c")]),
            ),
            (entry(&[("a\tb", "c\n\td")]), entry(&[("a b", "c  d")])),
        ] {
            assert_eq!(HistoryEntry::read(&kept.text()), Some(read));
        }
    }

    #[test]
    fn a_run_that_an_earlier_version_stored_has_the_labels_of_today() {
        let figures = Headline { completed: 10, still_open: 7, doses: 5, recommended: 3 };
        for (doses, open, new, manager, recommended, all_and_one) in [
            ("New Daily Doses", "Left: open", "Left: new", "Manager", "AI", "completes all 2, completes one 1"),
            (
                "Daily Doses given",
                "Still open: from before",
                "Still open: new",
                "From the manager",
                "From recommendations",
                "completes all 2, one 1",
            ),
        ] {
            let recommended_value = format!("3 ({all_and_one})");
            let stored = [
                (format!("Assignments: {doses}"), "5 for 2 employees"),
                (format!("Assignments: {open}"), "4"),
                (format!("Assignments: {new}"), "3"),
                (format!("Completions: {manager}"), "7 (a 7, b 0)"),
                (format!("Completions: {recommended}"), &recommended_value),
            ];
            let stored: Vec<_> = stored.iter().map(|(label, value)| (label.as_str(), *value)).collect();
            let read = HistoryEntry::read(&entry(&stored).text()).map(|entry| entry.lines).unwrap_or_default();
            let lines: Vec<_> = read.iter().map(|line| (line.label.as_str(), line.value.as_str())).collect();
            assert_eq!(Headline::of_summary(lines.iter().copied()), Some(figures), "{stored:?}");
            assert_eq!(lines.last(), Some(&("Completions: From recommendations", "3 (completes all 2, one 1)")));
        }
    }

    #[test]
    fn a_long_summary_is_cut_to_what_is_kept() {
        let long = "x".repeat(LONGEST / 3);
        let kept = entry(&[("a", long.as_str()); 5]).text();
        assert!(kept.len() <= LONGEST);
        assert_eq!(HistoryEntry::read(&kept).map(|entry| entry.lines.len()), Some(2));
    }

    #[test]
    fn text_of_another_format_is_ignored() {
        for text in [
            "",
            "x",
            "btcfake run 1",
            "btcfake run 1\n",
            "btcfake run 1\nNaN\t1\nr\n",
            "btcfake run 1\n1\t-1\nr\n",
            "btcfake run 2\n1\t1\nr\n",
        ] {
            assert_eq!(HistoryEntry::read(text), None, "{text}");
        }
    }
}
