//! The figures of a run as charts, with titles, labels, and notes on why something is empty.

use chrono::{DateTime, NaiveDateTime, Timelike};
use serde::{Deserialize, Serialize};

use super::figures::{Bar, Figures, ORIGINS};
use crate::format::employees::EmployeeType;
use crate::format::identifier::content_id_text;
use crate::inputs::run_inputs::Inputs;
use crate::plan::calendar::{BusinessZone, Calendar};
use crate::rules::manager::{LeftOut, WithoutDose};
use crate::rules::training::{Origin, Source};

/// The maximum number of contents in the chart of the most completed ones.
pub const MOST_COMPLETED: usize = 10;

/// A chart: rows of bars, with one bar per series in each row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chart {
    /// The heading.
    pub title: String,
    /// A sentence on what is counted.
    pub about: String,
    /// What a row is, as a column heading.
    pub rows_are: String,
    /// The names of the series.
    pub series: Vec<String>,
    /// The rows.
    pub rows: Vec<ChartRow>,
    /// Sentences on what is empty, and why. Each also reads on after a name and a colon, with a small letter.
    pub notes: Vec<String>,
}

/// A row of a chart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChartRow {
    /// The label.
    pub label: String,
    /// One bar per series, with its count.
    pub bars: Vec<(Bar, u64)>,
}

impl Figures {
    /// The figures as charts, in the order of display.
    #[must_use]
    pub fn charts(&self, inputs: &Inputs, calendar: &Calendar) -> Vec<Chart> {
        let mut charts = self.comparable_charts(inputs, calendar);
        charts.push(self.most_completed(inputs));
        charts
    }

    /// The charts whose rows are the same for any mix over the same inputs.
    #[must_use]
    pub fn comparable_charts(&self, inputs: &Inputs, calendar: &Calendar) -> Vec<Chart> {
        vec![
            self.by_type_and_source(inputs),
            self.over_the_shift(inputs, calendar.zone),
            self.assigned_against_completed(inputs),
            self.daily_doses_not_given(),
        ]
    }

    /// The note why nobody completed anything; `None` if somebody did.
    fn nothing_completed(&self, inputs: &Inputs) -> Option<String> {
        let is_idle = |kind: EmployeeType| inputs.employees.iter().all(|employee| employee.kind == kind);
        let why = if is_idle(EmployeeType::F) { "every employee completes none" } else { "all lists are empty" };
        let is_nothing = ORIGINS.iter().all(|origin| self.of(Bar::Completed(*origin)) == 0);
        is_nothing.then(|| format!("No completions, because {why}."))
    }

    /// The note why no recommendation is on a list; `None` if one is.
    fn nothing_recommended(&self, inputs: &Inputs) -> Option<String> {
        let why = if inputs.recommendations_given {
            "the file of them has none that counts"
        } else {
            "the run has no file of them"
        };
        (self.of(Bar::OnLists(Origin::Recommendation)) == 0).then(|| format!("No recommendations, because {why}."))
    }

    /// The note why nothing was open before the run; `None` if something was.
    fn nothing_open(&self, inputs: &Inputs) -> Option<String> {
        let is_given = inputs.given_tables.assignments;
        let why = if is_given { "the table of assignments has none" } else { "the run has no table of assignments" };
        (self.of(Bar::OnLists(Origin::Open)) == 0).then(|| format!("No open assignments, because {why}."))
    }

    fn row(&self, label: String, bars: &[Bar]) -> ChartRow {
        ChartRow { label, bars: bars.iter().map(|bar| (*bar, self.of(*bar))).collect() }
    }

    fn by_type_and_source(&self, inputs: &Inputs) -> Chart {
        let row = |kind: &EmployeeType| {
            let bars = [Bar::Completions(*kind, Source::Manager), Bar::Completions(*kind, Source::Ai)];
            self.row(format!("{} ({})", kind.describe(), kind.letter()), &bars)
        };
        Chart {
            rows: EmployeeType::ALL.iter().map(row).collect(),
            notes: self.nothing_completed(inputs).or_else(|| self.nothing_recommended(inputs)).into_iter().collect(),
            ..chart(
                "Who completed what",
                "Trainings by type of employee. Full colour: given by the manager; pale: recommended.",
                "Type",
                &["from the manager", "from recommendations"],
            )
        }
    }

    fn assigned_against_completed(&self, inputs: &Inputs) -> Chart {
        let row =
            |origin: &Origin| self.row(origin.describe().to_owned(), &[Bar::OnLists(*origin), Bar::Completed(*origin)]);
        Chart {
            rows: ORIGINS.iter().map(row).collect(),
            notes: self.nothing_open(inputs).into_iter().chain(self.nothing_recommended(inputs)).collect(),
            ..chart(
                "On the lists, and completed",
                "Pale: on the employees' lists; full colour: completed. Recommendations do not stay open.",
                "Origin",
                &["on the lists", "completed"],
            )
        }
    }

    fn over_the_shift(&self, inputs: &Inputs, zone: BusinessZone) -> Chart {
        let row = |part: usize| self.row(clock_text(self.parts().begins(part), zone), &[Bar::InPart(part)]);
        Chart {
            rows: (0..self.parts().count()).map(row).collect(),
            notes: self.nothing_completed(inputs).into_iter().collect(),
            ..chart(
                "Over the shift",
                &format!("Completions in each {} minutes, {}.", self.parts().length / 60, clock_words(zone)),
                "From",
                &["completed"],
            )
        }
    }

    fn daily_doses_not_given(&self) -> Chart {
        let employees = WithoutDose::ALL.map(|why| (why.describe().to_owned(), Bar::Skipped(why)));
        let doses = [
            ("left out: open already", Bar::LeftOut(LeftOut::AlreadyOpen)),
            ("left out: completed in the past", Bar::LeftOut(LeftOut::AlreadyCompleted)),
        ];
        let doses = doses.map(|(label, bar)| (label.to_owned(), bar));
        let rows: Vec<ChartRow> =
            employees.into_iter().chain(doses).map(|(label, bar)| self.row(label, &[bar])).collect();
        let are_all_given = rows.iter().flat_map(|row| &row.bars).all(|(_, count)| *count == 0);
        Chart {
            rows,
            notes: are_all_given
                .then(|| "Every employee is given all Daily Doses of the day.".to_owned())
                .into_iter()
                .collect(),
            ..chart(
                "Daily Doses not given, by reason",
                "Employees without a Daily Dose, and single Daily Doses that were left out.",
                "Reason",
                &["not given"],
            )
        }
    }

    fn most_completed(&self, inputs: &Inputs) -> Chart {
        let mut contents: Vec<_> = self.contents.iter().map(|(id, count)| (std::cmp::Reverse(*count), *id)).collect();
        // Of contents completed equally often, the lower id comes first.
        contents.sort();
        let row = |(_, content_id): &(_, u64)| {
            let id = content_id_text(*content_id);
            let label = inputs.content_name(*content_id).map_or_else(|| id.clone(), |name| format!("{id} {name}"));
            self.row(label, &[Bar::Content(*content_id)])
        };
        Chart {
            rows: contents.iter().take(MOST_COMPLETED).map(row).collect(),
            notes: self.nothing_completed(inputs).into_iter().collect(),
            ..chart(
                "Contents most completed",
                "Completions of each content, ten at the most.",
                "Content",
                &["completed"],
            )
        }
    }
}

impl Chart {
    /// The sum of all bars.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.rows.iter().flat_map(|row| &row.bars).map(|(_, count)| count).sum()
    }

    /// The label of a bar: `completes all (a), from recommendations`. In a chart with one series, the label of the row alone.
    #[must_use]
    pub fn bar_label(&self, row: &ChartRow, series: usize) -> String {
        match self.series.get(series) {
            Some(name) if self.series.len() > 1 => format!("{}, {name}", row.label),
            _ => row.label.clone(),
        }
    }

    /// The label of a bar; `None` if the chart does not have it.
    #[must_use]
    pub fn label_of(&self, bar: Bar) -> Option<String> {
        self.rows.iter().find_map(|row| {
            let series = row.bars.iter().position(|(one, _)| *one == bar)?;
            Some(self.bar_label(row, series))
        })
    }
}

/// A chart without rows.
fn chart(title: &str, about: &str, rows_are: &str, series: &[&str]) -> Chart {
    Chart {
        title: title.to_owned(),
        about: about.to_owned(),
        rows_are: rows_are.to_owned(),
        series: series.iter().map(|name| (*name).to_owned()).collect(),
        rows: Vec::new(),
        notes: Vec::new(),
    }
}

/// The name of the clock in the labels of the shift's parts.
fn clock_words(zone: BusinessZone) -> String {
    if zone == BusinessZone::UTC { "UTC".to_owned() } else { format!("by the clock of {}", zone.name()) }
}

/// A time of day in UTC; in a zone with another offset, preceded by the local time.
fn clock_text(instant: i64, zone: BusinessZone) -> String {
    let instant = DateTime::from_timestamp(instant, 0).unwrap_or_default();
    let minutes = |time: NaiveDateTime| format!("{:02}:{:02}", time.hour(), time.minute());
    let (local, utc) = (minutes(zone.wall_clock(instant)), minutes(instant.naive_utc()));
    if local == utc { format!("{utc} UTC") } else { format!("{local} ({utc} UTC)") }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::format::employees::BadRows;
    use crate::format::input_role::InputRole;
    use crate::format::instant::parse_instant;
    use crate::format::standalone_content;
    use crate::inputs::input_file::InputFile;
    use crate::inputs::reading::read_inputs;
    use crate::plan::settings::Settings;
    use crate::run::simulation::Simulation;
    use crate::sample;

    #[test]
    fn times_are_those_of_the_wall_clock_and_of_utc() {
        let instant = parse_instant("2026-01-29T10:00:00Z").unwrap().timestamp();
        for (zone, expected) in
            [("UTC", "10:00 UTC"), ("Africa/Abidjan", "10:00 UTC"), ("America/New_York", "05:00 (10:00 UTC)")]
        {
            assert_eq!(clock_text(instant, zone.parse().unwrap()), expected);
        }
    }

    #[test]
    fn daily_doses_that_everybody_is_given_are_noted() {
        let now = parse_instant("2026-01-29T18:00:00Z").unwrap();
        let contents = standalone_content::read(&sample::built_in_standalone_content()).value;
        let dose = contents.iter().rfind(|content| content.is_daily_dose).unwrap().id;
        for (completed, notes) in [(String::new(), 1), (format!("7,{dose},2026-01-28\n"), 0)] {
            let completions = format!("ba_id,content_id,completion_date\n{completed}");
            let files = [
                InputFile::given(InputRole::Employees, "e", b"employee_id,employee_edu_type\n7,a\n".as_slice()),
                InputFile::given(InputRole::Completions, "c", completions.into_bytes()),
            ];
            let run = Simulation::new(read_inputs(&files, BadRows::Refuse).0, Settings::new(now, 1));
            let mut figures = Figures::new(run.calendar());
            let _ = run.simulate_watched(0..1, false, |_, day| figures.count(day));
            assert_eq!(figures.daily_doses_not_given().notes.len(), notes, "{completed}");
        }
    }

    #[test]
    fn bars_have_names() {
        let bars = |kind| [(Bar::Completions(kind, Source::Manager), 3), (Bar::Completions(kind, Source::Ai), 1)];
        let row = ChartRow { label: "completes all (a)".to_owned(), bars: bars(EmployeeType::A).to_vec() };
        let chart = Chart { rows: vec![row], ..chart("Title", "About.", "Type", &["x", "y"]) };
        assert_eq!(
            chart.label_of(Bar::Completions(EmployeeType::A, Source::Ai)).as_deref(),
            Some("completes all (a), y")
        );
        assert_eq!(chart.label_of(Bar::Completions(EmployeeType::B, Source::Ai)), None);
        assert_eq!(chart.total(), 4);
    }
}
