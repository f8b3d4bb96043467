//! The summary of a run, for people and programs.

use serde::{Deserialize, Serialize};

use crate::breakage::Damage;
use crate::format::instant::instant_text;
use crate::plan::mix::Mix;
use crate::plan::new_population::NewPopulation;
use crate::rules::manager::WithoutDose;
use crate::run::detail::content_words;
use crate::run::simulation::Simulation;
use crate::run::tally::{ByType, Tally};
use crate::text::visible::shown_whole;
use crate::text::words::{counted, number_text, utc_text};

/// The label of the number of failed calls in [`Summary::groups`].
pub const FAILED_CALLS: &str = "Failed calls";

/// A Daily Dose of the run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChosenDose {
    /// The content.
    pub content_id: u64,
    /// Its name, if known.
    pub name: Option<String>,
}

/// The summary of a run, as data and as text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// The version of the program.
    pub version: String,
    /// The environment named by the configuration, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    /// The seed, which repeats the run with the same inputs.
    pub seed: u64,
    /// The instant of the run (UTC).
    pub now: String,
    /// The business time zone.
    pub time_zone: String,
    /// The date of the run in that zone.
    pub today: String,
    /// `Start_Date` of new assignments (UTC).
    pub start_date: String,
    /// DueDate of new assignments (UTC).
    pub due_date: String,
    /// When the shift opens and the manager assigns (UTC).
    pub shift_opens: String,
    /// The number of employees.
    pub employees_total: u64,
    /// The number of comment rows of employees.csv.
    pub comment_rows: u64,
    /// The number of bad rows of employees.csv that were left out, if that was requested.
    pub skipped_rows: u64,
    /// The made-up population, if the run has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub population: Option<NewPopulation>,
    /// The mix, if the run has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mix: Option<Mix>,
    /// The number of employees whose type the mix changed.
    #[serde(default)]
    pub changed_by_mix: u64,
    /// The Daily Doses of the run, latest created first.
    pub daily_doses: Vec<ChosenDose>,
    /// True if the catalog is the built-in sample.
    pub built_in_catalog: bool,
    /// All counts.
    #[serde(flatten)]
    pub tally: Tally,
    /// Messages about results that may be other than intended, such as failed calls of the recommender.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// Messages about data that was left out or is missing.
    pub notes: Vec<String>,
    /// The names of the output files, the run file last.
    pub files: Vec<String>,
    /// The damage done on purpose; empty for an intact feed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub broken: Vec<Damage>,
}

impl Summary {
    /// The summary of a run. `tally` must have the counts of all its batches.
    #[must_use]
    pub fn new(simulation: &Simulation, tally: Tally) -> Summary {
        let (inputs, calendar, settings) = (simulation.inputs(), simulation.calendar(), simulation.settings());
        let names = simulation.file_names();
        let dose = |content_id: &u64| ChosenDose {
            content_id: *content_id,
            name: inputs.catalog.name(*content_id).map(str::to_owned),
        };
        Summary {
            version: crate::VERSION.to_owned(),
            environment: None,
            seed: settings.seed,
            now: instant_text(calendar.now),
            time_zone: settings.time_zone.name().to_owned(),
            today: calendar.today.to_string(),
            start_date: instant_text(calendar.window.start),
            due_date: instant_text(calendar.window.due),
            shift_opens: instant_text(calendar.shift.opens),
            employees_total: inputs.employees.len() as u64,
            comment_rows: inputs.comment_rows as u64,
            skipped_rows: inputs.skipped_rows as u64,
            population: settings.population,
            mix: settings.mix,
            changed_by_mix: simulation.changed_by_mix() as u64,
            daily_doses: inputs.catalog.chosen_doses.iter().map(dose).collect(),
            built_in_catalog: inputs.catalog_is_built_in,
            warnings: failed_calls_warning(&tally).into_iter().collect(),
            notes: notes(simulation),
            tally,
            files: vec![names.completions, names.assignments, names.user_completion, names.run],
            broken: Vec::new(),
        }
    }

    /// The same summary with the damage done on purpose and the names of the remaining files. The counts stay those of
    /// the intact run.
    #[must_use]
    pub fn with_damage(self, files: Vec<String>, broken: Vec<Damage>) -> Summary {
        Summary { files, broken, ..self }
    }

    /// The counts as labelled lines, in groups.
    #[must_use]
    pub fn groups(&self) -> Vec<SummaryGroup> {
        let tally = &self.tally;
        let completions = |of: ByType| {
            let [all, a, b] = [of.total(), of.a, of.b].map(number_text);
            format!("{all} (completes all {a}, one {b})")
        };
        let environment = self.environment.iter().map(|name| ("Environment", shown_whole(name)));
        let now = utc_text(&self.now);
        let run = vec![
            ("Seed", self.seed.to_string()),
            ("Date and time", format!("{now} (today is {} in {})", utc_text(&self.today), self.time_zone)),
            ("New assignments", format!("from {} to {}", utc_text(&self.start_date), utc_text(&self.due_date))),
            ("Shift", format!("from {} to {now}", utc_text(&self.shift_opens))),
        ];
        vec![
            SummaryGroup::new("Run", environment.chain(run).collect()),
            SummaryGroup::new("Employees", self.employee_lines()),
            SummaryGroup::new("Assignments", self.assignment_lines()),
            SummaryGroup::new(
                "Recommendations",
                vec![
                    ("Received", for_employees(tally.recommendations_received, tally.employees_with_recommendations)),
                    ("Dropped: on the list already", number_text(tally.dropped_already_on_list)),
                    ("Dropped: completed in the last 12 days", number_text(tally.dropped_completed_recently)),
                    (FAILED_CALLS, failed_calls(tally)),
                ],
            ),
            SummaryGroup::new(
                "Completions",
                vec![
                    ("Total", number_text(tally.completions_manager.total() + tally.completions_ai.total())),
                    ("From the manager", completions(tally.completions_manager)),
                    ("From recommendations", completions(tally.completions_ai)),
                ],
            ),
        ]
    }

    fn employee_lines(&self) -> Vec<(&'static str, String)> {
        let mut lines = vec![("Total", number_text(self.employees_total)), ("By type", by_type(self.tally.employees))];
        lines.extend(self.population.map(|population| ("New population", population.to_string())));
        lines.extend(self.mix.map(|mix| {
            let changed = number_text(self.changed_by_mix);
            ("Mix", format!("{} ({changed} of them with another type than in employees.csv)", mix.text()))
        }));
        lines.push(("Comment rows", number_text(self.comment_rows)));
        lines.push(("Bad rows left out", number_text(self.skipped_rows)));
        lines
    }

    fn assignment_lines(&self) -> Vec<(&'static str, String)> {
        let tally = &self.tally;
        let skipped = |why| number_text(tally.without_dose(why));
        vec![
            ("Open before", number_text(tally.open_assignments)),
            ("Daily Doses given", for_employees(tally.new_daily_doses, tally.given_daily_dose)),
            ("New random contents", number_text(tally.new_random_contents)),
            ("Skipped for Daily Dose: completed one this week", skipped(WithoutDose::CompletedThisWeek)),
            ("Skipped for Daily Dose: one open this week", skipped(WithoutDose::OpenThisWeek)),
            ("Skipped for Daily Dose: completed all before", skipped(WithoutDose::AllCompleted)),
            ("Skipped for Daily Dose: all open or completed", skipped(WithoutDose::AllOpenOrCompleted)),
            ("Skipped for Daily Dose: none in the catalog", skipped(WithoutDose::NoneInCatalog)),
            ("Daily Doses left out: open already", number_text(tally.doses_left_out_open)),
            ("Daily Doses left out: completed in the past", number_text(tally.doses_left_out_completed)),
            ("Employees without a random content", number_text(tally.without_random_content)),
            ("Still open: from before", number_text(tally.open_left)),
            ("Still open: new", number_text(tally.new_left)),
        ]
    }

    /// The summary as text.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        for group in self.groups() {
            text.push_str(group.title);
            text.push('\n');
            for (label, value) in group.lines {
                text.push_str(&format!("  {label:<48} {value}\n"));
            }
        }
        text.push_str("Daily Doses\n");
        for dose in &self.daily_doses {
            text.push_str(&format!("  {}\n", content_words(dose.content_id, dose.name.as_deref())));
        }
        text.push_str("Files\n");
        for file in &self.files {
            text.push_str(&format!("  {}\n", shown_whole(file)));
        }
        if !self.broken.is_empty() {
            text.push_str("Broken on purpose\n");
        }
        for damage in &self.broken {
            text.push_str(&format!("  {}\n", damage.describe()));
        }
        text + &self.messages()
    }

    /// The warnings, then the notes, a line each.
    #[must_use]
    pub fn messages(&self) -> String {
        let line = |(severity, message): (&str, &String)| format!("{severity}: {}\n", shown_whole(message));
        let warnings = self.warnings.iter().map(|message| ("Warning", message));
        warnings.chain(self.notes.iter().map(|message| ("Note", message))).map(line).collect()
    }
}

/// A group of lines of a summary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SummaryGroup {
    /// The heading.
    pub title: &'static str,
    /// The lines, each with label and value.
    pub lines: Vec<(&'static str, String)>,
}

impl SummaryGroup {
    fn new(title: &'static str, lines: Vec<(&'static str, String)>) -> SummaryGroup {
        SummaryGroup { title, lines }
    }
}

fn notes(simulation: &Simulation) -> Vec<String> {
    let inputs = simulation.inputs();
    let mut notes = Vec::new();
    if inputs.catalog_is_built_in {
        notes.push(
            "no StandAloneContent file: the contents are those of the built-in sample, which the real batch job does \
             not know"
                .to_owned(),
        );
    }
    match (inputs.given_tables.assignments, inputs.given_tables.completions) {
        (true, true) => {}
        (false, false) => notes.push("no state tables: nothing is taken as open or completed in the past".to_owned()),
        (true, false) => {
            notes.push("no content_completion table: nothing is taken as completed in the past".to_owned());
        }
        (false, true) => notes.push("no content_assignments table: nothing is taken as open".to_owned()),
    }
    if !inputs.recommendations_given {
        notes.push("no recommendations: the employees go on with manager training only".to_owned());
    }
    notes
}

/// The warning about failed calls with their reasons, the most frequent first; `None` if no call failed.
fn failed_calls_warning(tally: &Tally) -> Option<String> {
    let mut reasons: Vec<(&String, &u64)> = tally.failed_calls_by_reason.iter().collect();
    reasons.sort_by_key(|(_, calls)| std::cmp::Reverse(**calls));
    let reasons: Vec<String> =
        reasons.iter().map(|(reason, calls)| format!("{} {reason}", number_text(**calls))).collect();
    (tally.failed_calls > 0).then(|| {
        format!(
            "{} of {} calls of the recommender failed, and these employees go on with manager training only: {}",
            number_text(tally.failed_calls),
            number_text(tally.employees.total()),
            reasons.join("; ")
        )
    })
}

/// The number of failed calls, with the ids of the first employees concerned.
fn failed_calls(tally: &Tally) -> String {
    if tally.failed_calls == 0 {
        return number_text(0);
    }
    let mut of: Vec<String> = tally.failed_calls_of.iter().map(u64::to_string).collect();
    let more = tally.failed_calls - tally.failed_calls_of.len() as u64;
    if more > 0 {
        of.push(format!("{} more", number_text(more)));
    }
    format!("{}: {}", number_text(tally.failed_calls), of.join(", "))
}

fn by_type(of: ByType) -> String {
    format!("{} complete all, {} one, {} none", number_text(of.a), number_text(of.b), number_text(of.f))
}

fn for_employees(things: u64, employees: u64) -> String {
    format!("{} for {}", number_text(things), counted(usize::try_from(employees).unwrap_or(usize::MAX), "employee"))
}
