//! An explanation as text: sections of sentences, tables and file rows, the same on the command line and in the page.

use serde::{Deserialize, Serialize};

use super::explanation::{
    AssignmentFate, ConflictFound, Dose, Explanation, FileRows, ListItem, NamedContent, PastAssignment,
};
use crate::format::employees::EmployeeType;
use crate::format::identifier::content_id_text;
use crate::rules::manager::{Conflict, LeftOut};
use crate::rules::training::{DropReason, RECENT_DAYS};
use crate::text::visible::shown_whole;
use crate::text::words::{clock_in_style, counted, grouped, utc_text};

/// A section of an explanation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// The heading.
    pub title: String,
    /// Sentences.
    pub lines: Vec<String>,
    /// A table below the sentences.
    pub table: Option<SectionTable>,
    /// Rows of files, below the table.
    pub files: Vec<FileRows>,
}

impl Section {
    fn of(title: &str, lines: Vec<String>) -> Section {
        Section { title: title.to_owned(), lines, ..Section::default() }
    }

    /// The section with a table, unless that would have no rows.
    fn with_table(self, columns: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Section {
        let table = SectionTable { columns: columns.iter().map(ToString::to_string).collect(), rows: rows.collect() };
        Section { table: Some(table).filter(|table| !table.rows.is_empty()), ..self }
    }
}

/// A table of an explanation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SectionTable {
    /// The headings of its columns.
    pub columns: Vec<String>,
    /// The rows, each with one cell per column.
    pub rows: Vec<Vec<String>>,
}

impl Explanation {
    /// The explanation as sections, in the order of events.
    #[must_use]
    pub fn sections(&self) -> Vec<Section> {
        vec![
            self.employee(),
            self.what_was_open(),
            self.what_was_completed(),
            self.what_doses_were_given(),
            self.what_was_drawn(),
            self.what_was_recommended(),
            self.what_was_done(),
            self.what_stands_in_the_files(),
        ]
    }

    /// The explanation as text.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        for section in self.sections() {
            text.push_str(&section.title);
            text.push('\n');
            section.lines.iter().for_each(|line| push_indented(&mut text, line));
            section.table.iter().for_each(|table| push_table(&mut text, table));
            for file in &section.files {
                push_indented(&mut text, &file.file);
                for row in &file.rows {
                    text.push_str("  ");
                    push_indented(&mut text, row);
                }
            }
        }
        text
    }

    fn employee(&self) -> Section {
        let line = self.line_text.as_ref().map(|text| format!(": {}", shown_whole(text))).unwrap_or_default();
        let place = match self.population {
            Some(population) => {
                // The header is the first line of a made-up file.
                format!("Number {} of the new population: {population}", grouped(self.line.saturating_sub(1) as usize))
            }
            None => format!("Line {} of {}{line}", self.line, self.employees_file),
        };
        let mut lines = vec![place, format!("In the run of {} with the seed {}", utc_text(&self.now), self.seed)];
        if let Some(before) = self.type_before_mix {
            lines.push(format!(
                "In {}: {} ({}); the mix of the run has changed the type.",
                self.employees_file,
                before.describe(),
                before.letter()
            ));
        }
        let kind = self.employee_type;
        let title = format!("Employee {}, {} ({})", self.employee_id, kind.describe(), kind.letter());
        Section::of(&title, lines)
    }

    fn what_was_open(&self) -> Section {
        let line = match (self.assigned_before.is_empty(), self.given_tables.assignments) {
            (true, true) => "Nothing: content_assignments has no row of this employee.".to_owned(),
            (true, false) => "Nothing: no content_assignments table was given to the run.".to_owned(),
            _ => {
                let open = self.assigned_before.iter().filter(|row| row.fate == AssignmentFate::Open).count();
                format!(
                    "{} of {} open. Times are UTC.",
                    grouped(open),
                    counted(self.assigned_before.len(), "assigned row")
                )
            }
        };
        let rows = self.assigned_before.iter().map(|row| {
            let [id, name] = cells(&row.content);
            let [assigned, begin, due] = [&row.assigned, &row.begin, &row.due].map(|instant| short(instant));
            vec![assignment_words(row), id, name, assigned, begin, due, line_cell(row.line)]
        });
        let columns = ["Outcome", "Content", "Name", "Assigned", "Begin", "Due", "Line"];
        Section::of("What was open", vec![line]).with_table(&columns, rows)
    }

    fn what_was_completed(&self) -> Section {
        let line = match (self.completed_before.is_empty(), self.given_tables.completions) {
            (true, true) => "Nothing: content_completion has no row of this employee.",
            (true, false) => "Nothing: no content_completion table was given to the run.",
            _ => "None of these is assigned again.",
        };
        let rows = self.completed_before.iter().map(|row| {
            let [id, name] = cells(&row.content);
            let dose = if row.is_daily_dose { "yes" } else { "no" };
            vec![short(&row.day), id, name, dose.to_owned(), line_cell(row.line)]
        });
        Section::of("What was completed in the past", vec![line.to_owned()])
            .with_table(&["Completed", "Content", "Name", "Daily Dose", "Line"], rows)
    }

    fn what_doses_were_given(&self) -> Section {
        let given = self.daily_doses.iter().filter(|dose| dose.given).count();
        let line = match &self.conflict {
            Some(conflict) => conflict_words(conflict),
            None if self.daily_doses.is_empty() => "None: the catalog has no Daily Dose.".to_owned(),
            None => format!("No conflict: {} of {} given.", grouped(given), grouped(self.daily_doses.len())),
        };
        let rows = self.daily_doses.iter().map(|dose| {
            let [id, name] = cells(&dose.content);
            vec![dose_words(dose).to_owned(), id, name]
        });
        Section::of("Daily Doses of the day", vec![line]).with_table(&["Outcome", "Content", "Name"], rows)
    }

    fn what_was_drawn(&self) -> Section {
        let draw = &self.random_content;
        let taken = draw.of - draw.remaining;
        let without = match taken {
            0 => String::new(),
            _ => format!(", without {} open or completed in the past", grouped(taken)),
        };
        let line = match &draw.drawn {
            Some(content) => format!(
                "{}, drawn from {}: those of the catalog that are no Daily Dose{without}.",
                content_words(content),
                counted(draw.remaining, "content")
            ),
            None => format!("None: of {} that are no Daily Dose none remains{without}.", counted(draw.of, "content")),
        };
        Section::of("Random content", vec![line])
    }

    fn what_was_recommended(&self) -> Section {
        let recommender = &self.recommender;
        let line = match &recommender.failed_call {
            Some(why) => format!("None: the call failed ({why})."),
            None if !recommender.asked => "None: no recommendations were given to the run.".to_owned(),
            None if recommender.recommendations.is_empty() => "None for this employee.".to_owned(),
            None => {
                let kept = recommender.recommendations.iter().filter(|one| one.dropped.is_none()).count();
                format!("{} of {} on the list.", grouped(kept), grouped(recommender.recommendations.len()))
            }
        };
        let rows = (1..).zip(&recommender.recommendations).map(|(order, one): (usize, _)| {
            let [id, name] = cells(&one.content);
            let place = one.place.map(|place| format!(" at place {place}")).unwrap_or_default();
            let fate = match one.dropped {
                None => format!("on the list{place}"),
                Some(DropReason::AlreadyOnList) => format!("dropped: already on the list{place}"),
                Some(DropReason::CompletedRecently) => format!(
                    "dropped: completed on {}, today or in the {RECENT_DAYS} days before",
                    short(one.completed_on.as_deref().unwrap_or_default())
                ),
            };
            vec![order.to_string(), fate, id, name]
        });
        Section::of("Recommendations", vec![line]).with_table(&["Place", "Outcome", "Content", "Name"], rows)
    }

    fn what_was_done(&self) -> Section {
        let items = self.list.len();
        let done = self.list.iter().filter(|item| item.done.is_some()).count();
        let why = match self.employee_type {
            _ if items == 0 => "The list is empty, so nothing was done.".to_owned(),
            EmployeeType::A => format!("Type a completes the whole list: all {} done.", grouped(items)),
            EmployeeType::B => {
                format!("Type b completes the first item and no more: {} of {} done.", grouped(done), grouped(items))
            }
            EmployeeType::F => format!("Type f completes nothing: none of {} done.", grouped(items)),
        };
        let shift = format!("The shift goes from {} to {}, UTC.", short(&self.shift_opens), short(&self.now));
        let rows = (1..).zip(&self.list).map(|(place, item): (usize, _)| self.list_cells(place, item));
        let columns = ["Place", "Started", "Completed", "Content", "Name", "Origin", "Source"];
        Section::of("The list, and what was done of it", vec![why, shift]).with_table(&columns, rows)
    }

    fn list_cells(&self, place: usize, item: &ListItem) -> Vec<String> {
        let [id, name] = cells(&item.content);
        let source = item.source.describe();
        // The date of the run is not repeated in every row.
        let day = self.now.split_inclusive('T').next().unwrap_or_default();
        let time = |instant: &String| match instant.strip_prefix(day) {
            Some(time) => clock_in_style(instant, true).unwrap_or_else(|| short(time)),
            None => short(instant),
        };
        let [started, completed] = match &item.done {
            Some((started, completed)) => [time(started), time(completed)],
            None => ["not done".to_owned(), String::new()],
        };
        vec![place.to_string(), started, completed, id, name, item.origin.describe().to_owned(), source.to_owned()]
    }

    fn what_stands_in_the_files(&self) -> Section {
        let rows: usize = self.rows.iter().map(|file| file.rows.len()).sum();
        let mut lines = vec![if rows == 0 { "None.".to_owned() } else { format!("{}.", counted(rows, "row")) }];
        if !self.breaks.is_empty() {
            lines.push(format!(
                "This feed was broken on purpose ({}). Here are the rows from before that: in its files they may read \
                 otherwise, stand twice or be missing.",
                self.breaks.text()
            ));
        }
        let files = self.rows.iter().filter(|file| !file.rows.is_empty()).map(shown_rows).collect();
        Section { files, ..Section::of("Rows in the files", lines) }
    }
}

/// The rows of a file, with invisible characters escaped.
fn shown_rows(file: &FileRows) -> FileRows {
    FileRows { file: file.file.clone(), rows: file.rows.iter().map(|row| shown_whole(row)).collect() }
}

fn assignment_words(row: &PastAssignment) -> String {
    match (row.fate, row.seconds_in_week) {
        (AssignmentFate::Open, None) => "open".to_owned(),
        (AssignmentFate::Open, Some(0)) => "open: a Daily Dose, not in this week".to_owned(),
        (AssignmentFate::Open, Some(seconds)) => {
            format!("open: a Daily Dose, {} of it in this week", length_words(seconds))
        }
        (AssignmentFate::Completed, _) => "not open: completed".to_owned(),
        (AssignmentFate::Superseded, _) => "does not count: assigned again later".to_owned(),
    }
}

fn conflict_words(conflict: &ConflictFound) -> String {
    let content = content_words(&conflict.content);
    let week = format!("the week from {} to {}", short(&conflict.monday), short(&conflict.sunday));
    let when = conflict.when.iter().map(|when| short(when)).collect::<Vec<_>>().join(" to ");
    match conflict.reason {
        Conflict::CompletedThisWeek => {
            format!("None: the Daily Dose {content} was completed on {when}, in {week}.")
        }
        Conflict::OpenThisWeek => format!(
            "None: the Daily Dose {content} is open from {when}, UTC, and {} of that lie in {week}: more than 24 hours.",
            length_words(conflict.seconds_in_week.unwrap_or_default())
        ),
    }
}

fn dose_words(dose: &Dose) -> &'static str {
    match dose.left_out {
        _ if dose.given => "given",
        Some(LeftOut::AlreadyOpen) => "left out: open already",
        Some(LeftOut::AlreadyCompleted) => "left out: completed in the past",
        None => "not given, for the conflict",
    }
}

/// A duration in hours, minutes and seconds, without the units that are 0: `24 h 1 s`.
fn length_words(seconds: i64) -> String {
    let parts = [(seconds / 3_600, "h"), (seconds / 60 % 60, "min"), (seconds % 60, "s")];
    parts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, unit)| format!("{count} {unit}"))
        .collect::<Vec<_>>()
        .join(" ")
}

/// An instant as messages show it, without seconds if they are 0: `2026-01-24 00:01`. A date stays as it is.
fn short(instant: &str) -> String {
    if let Some(clock) = clock_in_style(instant, false) {
        return clock;
    }
    let text = instant.trim_end_matches('Z').replace('T', " ");
    let to_the_minute = text.strip_suffix(":00").filter(|text| text.contains(':'));
    to_the_minute.unwrap_or(&text).to_owned()
}

fn content_words(content: &NamedContent) -> String {
    crate::run::detail::content_words(content.content_id, content.content_name.as_deref())
}

fn cells(content: &NamedContent) -> [String; 2] {
    let name = content.content_name.as_deref().map_or_else(|| "(no name)".to_owned(), shown_whole);
    [content_id_text(content.content_id), name]
}

fn line_cell(line: Option<u32>) -> String {
    line.map(|line| line.to_string()).unwrap_or_default()
}

fn push_indented(text: &mut String, line: &str) {
    text.push_str("  ");
    text.push_str(line);
    text.push('\n');
}

/// Appends the table with aligned columns, two spaces apart.
fn push_table(text: &mut String, table: &SectionTable) {
    let all = || std::iter::once(&table.columns).chain(&table.rows);
    let width = |column: usize| all().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let widths: Vec<usize> = (0..table.columns.len()).map(width).collect();
    for row in all() {
        let padded = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        push_indented(text, padded.collect::<Vec<_>>().join("  ").trim_end());
    }
}
