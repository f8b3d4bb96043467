//! Two runs side by side, line by line.

use btcfake_core::format::employees::BadRows;
use btcfake_core::format::input_role::InputRole;
use btcfake_core::format::instant::instant_text;
use btcfake_core::format::non_completed::RequestIdStyle;
use btcfake_core::record::recipe::{Recipe, read_recipe};
use btcfake_core::record::run_record::InputRecord;
use btcfake_core::text::words::{counted, utc_text};

use super::entry::{HistoryEntry, HistoryLine};
use crate::page::words::{breakages_words, file_words, mix_words, size_text};

/// A line of the comparison: a label, and the value in each run, which is empty if the run does not have the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ShownRow {
    /// The label.
    pub(crate) label: String,
    /// The two runs' values.
    pub(crate) values: [String; 2],
}

impl ShownRow {
    /// Whether the two runs differ here.
    pub(crate) fn differs(&self) -> bool {
        self.values[0] != self.values[1]
    }
}

/// The lines of two runs in the order settings, files, summary.
pub(crate) fn rows(runs: [&HistoryEntry; 2]) -> Vec<ShownRow> {
    let mut rows: Vec<ShownRow> = Vec::new();
    for (side, run) in runs.into_iter().enumerate() {
        let recipe = read_recipe(&run.recipe).recipe.map(|recipe| recipe_lines(&recipe)).unwrap_or_default();
        let mut after = 0;
        // Seed and time are among the lines of the recipe.
        let is_listed = |line: &&HistoryLine| !["Run: Seed", "Run: Date and time"].contains(&line.label.as_str());
        for HistoryLine { label, value } in recipe.into_iter().chain(run.lines.iter().filter(is_listed).cloned()) {
            // A line that only the second run has is inserted after its predecessor there.
            let at = rows.iter().position(|row| row.label == label).unwrap_or_else(|| {
                rows.insert(after, ShownRow { label, values: Default::default() });
                after
            });
            rows[at].values[side] = value;
            after = at + 1;
        }
    }
    rows
}

fn recipe_lines(recipe: &Recipe) -> Vec<HistoryLine> {
    let settings = &recipe.settings;
    let is_fake_day = settings.request_id == RequestIdStyle::FakeDay;
    let yes_or_no = |is: bool| if is { "yes" } else { "no" }.to_owned();
    let line = |label: &str, value: String| HistoryLine { label: label.to_owned(), value };
    let mut lines = vec![
        line("Version", recipe.version.clone()),
        line("Date and time of the run", utc_text(&instant_text(settings.now))),
        line("Seed", settings.seed.to_string()),
        line("Time zone", settings.time_zone.name().to_owned()),
        line("Byte order mark", yes_or_no(settings.byte_order_mark)),
        line("RequestId style", if is_fake_day { "fake:DD" } else { "numbers" }.to_owned()),
        line("Bad rows skipped", yes_or_no(settings.bad_rows == BadRows::Skip)),
    ];
    lines.extend(settings.mix.map(|mix| line("Mix", mix_words(mix))));
    lines.extend((!recipe.breaks.is_empty()).then(|| line("Broken on purpose", breakages_words(&recipe.breaks))));
    let population = settings
        .population
        .map(|new| format!("{}, ids {}", counted(new.employee_count() as usize, "employee"), new.ids()));
    lines.extend(population.map(|population| line("New population", population)));
    let file_line = |role| recipe.files.iter().find(|file| file.role == role).map(file_text);
    lines
        .extend(InputRole::ALL.iter().copied().filter_map(|role| Some(line(file_words(role).label, file_line(role)?))));
    lines
}

fn file_text(file: &InputRecord) -> String {
    format!("{}, {}, SHA-256 {}…", file.name, size_text(file.bytes), file.sha256.get(..8).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_brought_together_in_the_order_of_both() {
        let run = |seed: u8, breaks: &str, lines: &[(&str, &str)]| HistoryEntry {
            at: 0,
            employees: 1,
            recipe: format!("recipe=1&version=1&now=2026-01-29T18:00:00Z&seed={seed}{breaks}"),
            lines: lines
                .iter()
                .map(|(label, value)| HistoryLine { label: (*label).to_owned(), value: (*value).to_owned() })
                .collect(),
        };
        let first = run(1, "", &[("Run: Seed", "1"), ("a", "1"), ("c", "3")]);
        let second = run(2, "&break=crlf@assignments", &[("a", "1"), ("b", "2"), ("c", "4")]);
        let found = rows([&first, &second]);
        let found: Vec<(&str, &str, &str, bool)> = found
            .iter()
            .map(|row| (row.label.as_str(), row.values[0].as_str(), row.values[1].as_str(), row.differs()))
            .collect();
        assert_eq!(found[2], ("Seed", "1", "2", true));
        assert_eq!(found[7], ("Broken on purpose", "", "Windows line ends (assignments)", true));
        assert_eq!(found[8..], [("a", "1", "1", false), ("b", "", "2", true), ("c", "3", "4", true)]);
    }
}
