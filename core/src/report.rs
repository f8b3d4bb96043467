//! What a run has to tell: counts that add up part by part, the summary, and what happened to each employee.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::breakage::Damage;
use crate::catalog::Catalog;
use crate::employee::{DropReason, Origin, Source};
use crate::format::employees::EmployeeType;
use crate::format::instant::{instant_text, seconds_text};
use crate::manager::{Conflict, LeftOut};
use crate::mix::Mix;
use crate::new_population::NewPopulation;
use crate::simulation::{EmployeeDay, Simulation};
use crate::visible::shown_whole;

/// Up to this many employees, a summary tells each one's details without being asked.
pub const DETAILS_WITHOUT_ASKING: usize = 50;

/// Counts of a run or of a part of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Employees by type: a, b, f.
    pub employees: ByType,
    /// Assignments that were open before the run.
    pub open_assignments: u64,
    /// Daily Doses assigned.
    pub new_daily_doses: u64,
    /// Random contents assigned.
    pub new_random_contents: u64,
    /// Employees who got at least one Daily Dose.
    pub given_daily_dose: u64,
    /// Employees skipped for Daily Dose because they completed one this week.
    pub skipped_completed_this_week: u64,
    /// Employees skipped for Daily Dose because they have one open this week.
    pub skipped_open_this_week: u64,
    /// Daily Doses left out because the employee has them open.
    pub doses_left_out_open: u64,
    /// Daily Doses left out because the employee completed them in the past.
    pub doses_left_out_completed: u64,
    /// Employees for whom no random content remained.
    pub without_random_content: u64,
    /// Employees with at least one recommendation.
    pub employees_with_recommendations: u64,
    /// Recommendations received.
    pub recommendations_received: u64,
    /// Recommendations dropped because their content was on the list already.
    pub dropped_already_on_list: u64,
    /// Recommendations dropped because the employee completed them recently.
    pub dropped_completed_recently: u64,
    /// Calls of the recommender that failed.
    pub failed_calls: u64,
    /// The first of the employees whose calls failed, in the order of employees.csv.
    pub failed_calls_of: Vec<u64>,
    /// Completions that the manager is behind, by type of employee.
    pub completions_manager: ByType,
    /// Completions that the recommender is behind, by type of employee.
    pub completions_ai: ByType,
    /// Open assignments that are left.
    pub open_left: u64,
    /// New assignments that are left.
    pub new_left: u64,
}

/// A count for each type of employee.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByType {
    /// Those who complete all.
    pub a: u64,
    /// Those who complete one.
    pub b: u64,
    /// Those who complete nothing.
    pub f: u64,
}

impl ByType {
    /// The count of a type.
    pub fn of(&mut self, kind: EmployeeType) -> &mut u64 {
        match kind {
            EmployeeType::A => &mut self.a,
            EmployeeType::B => &mut self.b,
            EmployeeType::F => &mut self.f,
        }
    }

    /// All types together.
    #[must_use]
    pub fn total(self) -> u64 {
        self.a + self.b + self.f
    }

    fn add(&mut self, other: ByType) {
        self.a += other.a;
        self.b += other.b;
        self.f += other.f;
    }
}

impl Tally {
    /// Counts an employee's day.
    pub fn count(&mut self, day: &EmployeeDay<'_>) {
        let kind = day.employee.kind;
        *self.employees.of(kind) += 1;
        self.open_assignments += day.open.len() as u64;
        self.new_daily_doses += day.new.doses.len() as u64;
        self.new_random_contents += u64::from(day.new.random.is_some());
        self.without_random_content += u64::from(day.new.random.is_none());
        self.given_daily_dose += u64::from(!day.new.doses.is_empty());
        match day.new.conflict {
            Some((Conflict::CompletedThisWeek, _)) => self.skipped_completed_this_week += 1,
            Some((Conflict::OpenThisWeek, _)) => self.skipped_open_this_week += 1,
            None => {}
        }
        for (_, why) in &day.new.left_out {
            match why {
                LeftOut::AlreadyOpen => self.doses_left_out_open += 1,
                LeftOut::AlreadyCompleted => self.doses_left_out_completed += 1,
            }
        }
        self.count_recommendations(day);
        for (item, _) in day.completed() {
            match item.origin.source() {
                Source::Manager => *self.completions_manager.of(kind) += 1,
                Source::Ai => *self.completions_ai.of(kind) += 1,
            }
        }
        self.new_left += day.new_assignments_left().count() as u64;
    }

    /// Adds the counts of the part that follows.
    pub fn add(&mut self, other: &Tally) {
        self.employees.add(other.employees);
        self.completions_manager.add(other.completions_manager);
        self.completions_ai.add(other.completions_ai);
        for (count, more) in [
            (&mut self.open_assignments, other.open_assignments),
            (&mut self.new_daily_doses, other.new_daily_doses),
            (&mut self.new_random_contents, other.new_random_contents),
            (&mut self.given_daily_dose, other.given_daily_dose),
            (&mut self.skipped_completed_this_week, other.skipped_completed_this_week),
            (&mut self.skipped_open_this_week, other.skipped_open_this_week),
            (&mut self.doses_left_out_open, other.doses_left_out_open),
            (&mut self.doses_left_out_completed, other.doses_left_out_completed),
            (&mut self.without_random_content, other.without_random_content),
            (&mut self.employees_with_recommendations, other.employees_with_recommendations),
            (&mut self.recommendations_received, other.recommendations_received),
            (&mut self.dropped_already_on_list, other.dropped_already_on_list),
            (&mut self.dropped_completed_recently, other.dropped_completed_recently),
            (&mut self.failed_calls, other.failed_calls),
            (&mut self.open_left, other.open_left),
            (&mut self.new_left, other.new_left),
        ] {
            *count += more;
        }
        let room = DETAILS_WITHOUT_ASKING.saturating_sub(self.failed_calls_of.len());
        self.failed_calls_of.extend(other.failed_calls_of.iter().take(room));
    }

    fn count_recommendations(&mut self, day: &EmployeeDay<'_>) {
        if day.failed_call.is_some() {
            self.failed_calls += 1;
            if self.failed_calls_of.len() < DETAILS_WITHOUT_ASKING {
                self.failed_calls_of.push(day.employee.id);
            }
        }
        self.employees_with_recommendations += u64::from(!day.recommendations.is_empty());
        self.recommendations_received += day.recommendations.len() as u64;
        for (_, why) in &day.list.dropped {
            match why {
                DropReason::AlreadyOnList => self.dropped_already_on_list += 1,
                DropReason::CompletedRecently => self.dropped_completed_recently += 1,
            }
        }
    }
}

/// One thing that happened to an employee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Detail {
    /// A training was completed.
    Completed {
        /// The employee.
        employee_id: u64,
        /// The employee's type.
        employee_type: EmployeeType,
        /// The content.
        content_id: u64,
        /// Its name, where one is known.
        content_name: Option<String>,
        /// Who is behind it.
        source: Source,
        /// Where it comes from.
        origin: Origin,
        /// DateStarted (UTC).
        started: String,
        /// DateCompleted (UTC).
        completed: String,
    },
    /// The employee gets no Daily Dose at all.
    DailyDoseSkipped {
        /// The employee.
        employee_id: u64,
        /// Why.
        reason: Conflict,
        /// The Daily Dose that is the reason.
        content_id: u64,
        /// Its name, where one is known.
        content_name: Option<String>,
    },
    /// One Daily Dose was left out.
    DailyDoseLeftOut {
        /// The employee.
        employee_id: u64,
        /// Why.
        reason: LeftOut,
        /// The Daily Dose.
        content_id: u64,
        /// Its name, where one is known.
        content_name: Option<String>,
    },
    /// No random content remained.
    NoRandomContent {
        /// The employee.
        employee_id: u64,
    },
    /// A recommendation was dropped.
    RecommendationDropped {
        /// The employee.
        employee_id: u64,
        /// Why.
        reason: DropReason,
        /// The content.
        content_id: u64,
        /// Its name, where one is known.
        content_name: Option<String>,
    },
    /// The call of the recommender failed; the employee goes on with manager training only.
    RecommenderFailed {
        /// The employee.
        employee_id: u64,
        /// Why.
        error: String,
    },
}

impl Detail {
    /// The employee whom it is about.
    #[must_use]
    pub fn employee_id(&self) -> u64 {
        match self {
            Self::Completed { employee_id, .. }
            | Self::DailyDoseSkipped { employee_id, .. }
            | Self::DailyDoseLeftOut { employee_id, .. }
            | Self::NoRandomContent { employee_id }
            | Self::RecommendationDropped { employee_id, .. }
            | Self::RecommenderFailed { employee_id, .. } => *employee_id,
        }
    }

    /// In people's words, without the employee.
    #[must_use]
    pub fn describe(&self) -> String {
        match self {
            Self::Completed { content_id, content_name, source, origin, started, completed, .. } => {
                let source = if *source == Source::Ai { "AI" } else { "manager" };
                let content = content_words(*content_id, content_name.as_deref());
                format!("completed {content} ({source}: {}), {started} to {completed}", origin.describe())
            }
            Self::DailyDoseSkipped { reason, content_id, content_name, .. } => {
                let content = content_words(*content_id, content_name.as_deref());
                match reason {
                    Conflict::CompletedThisWeek => format!("no Daily Dose: completed {content} this week"),
                    Conflict::OpenThisWeek => format!("no Daily Dose: has {content} open this week"),
                }
            }
            Self::DailyDoseLeftOut { reason, content_id, content_name, .. } => {
                let content = content_words(*content_id, content_name.as_deref());
                match reason {
                    LeftOut::AlreadyOpen => format!("Daily Dose {content} left out: open already"),
                    LeftOut::AlreadyCompleted => format!("Daily Dose {content} left out: completed in the past"),
                }
            }
            Self::NoRandomContent { .. } => "no random content: nothing remains to be given".to_owned(),
            Self::RecommendationDropped { reason, content_id, content_name, .. } => {
                let content = content_words(*content_id, content_name.as_deref());
                match reason {
                    DropReason::AlreadyOnList => format!("recommendation {content} dropped: on the list already"),
                    DropReason::CompletedRecently => {
                        format!("recommendation {content} dropped: completed in the last 12 days")
                    }
                }
            }
            Self::RecommenderFailed { error, .. } => {
                format!("no recommendations: the call failed ({})", shown_whole(error))
            }
        }
    }
}

/// Everything that there is to tell about an employee's day.
#[must_use]
pub fn details(day: &EmployeeDay<'_>, catalog: &Catalog) -> Vec<Detail> {
    let employee_id = day.employee.id;
    let recommended = recommended_names(day);
    let name =
        |content_id| catalog.name(content_id).or_else(|| recommended.get(&content_id).copied()).map(str::to_owned);
    let mut details = Vec::new();
    details.extend(day.failed_call.map(|error| Detail::RecommenderFailed { employee_id, error: error.to_owned() }));
    details.extend(day.new.conflict.map(|(reason, content_id)| Detail::DailyDoseSkipped {
        employee_id,
        reason,
        content_id,
        content_name: name(content_id),
    }));
    details.extend(day.new.left_out.iter().map(|(content_id, reason)| Detail::DailyDoseLeftOut {
        employee_id,
        reason: *reason,
        content_id: *content_id,
        content_name: name(*content_id),
    }));
    if day.new.random.is_none() {
        details.push(Detail::NoRandomContent { employee_id });
    }
    details.extend(day.list.dropped.iter().map(|(position, reason)| {
        let content_id = day.recommendations[*position].content_id;
        Detail::RecommendationDropped { employee_id, reason: *reason, content_id, content_name: name(content_id) }
    }));
    details.extend(day.completed().map(|(item, training)| Detail::Completed {
        employee_id,
        employee_type: day.employee.kind,
        content_id: item.content_id,
        content_name: name(item.content_id),
        source: item.origin.source(),
        origin: item.origin,
        started: seconds_text(training.started),
        completed: seconds_text(training.completed),
    }));
    details
}

/// The recommender's names of contents, for those that no catalog names; of two for one content, the first.
pub(crate) fn recommended_names<'a>(day: &EmployeeDay<'a>) -> FxHashMap<u64, &'a str> {
    let mut names = FxHashMap::default();
    for one in day.recommendations.iter().filter(|one| !one.name.is_empty()) {
        names.entry(one.content_id).or_insert(one.name.as_str());
    }
    names
}

/// A content for people: its id, and its name where it has one.
pub(crate) fn content_words(content_id: u64, name: Option<&str>) -> String {
    let id = crate::format::identifier::content_id_text(content_id);
    match name {
        Some(name) => format!("{id} \"{}\"", shown_whole(name)),
        None => id,
    }
}

/// A Daily Dose of the run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChosenDose {
    /// The content.
    pub content_id: u64,
    /// Its name, where one is known.
    pub name: Option<String>,
}

/// The summary of a run, for people and programs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// The version of the program.
    pub version: String,
    /// The environment that the configuration is for, where it names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    /// The seed, by which the run can be repeated.
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
    /// How many employees there are in all.
    pub employees_total: u64,
    /// How many rows of employees.csv are comments.
    pub comment_rows: u64,
    /// How many bad rows of employees.csv were left out, as asked.
    pub skipped_rows: u64,
    /// The made-up population, where the run has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub population: Option<NewPopulation>,
    /// The mix, where the run has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mix: Option<Mix>,
    /// How many employees have another type by the mix than in employees.csv.
    #[serde(default)]
    pub changed_by_mix: u64,
    /// The Daily Doses of the run, latest created first.
    pub daily_doses: Vec<ChosenDose>,
    /// Whether the catalog is the built-in sample.
    pub built_in_catalog: bool,
    /// All counts.
    #[serde(flatten)]
    pub tally: Tally,
    /// Things left out or missing, in people's words.
    pub notes: Vec<String>,
    /// The names of the files, the run file last.
    pub files: Vec<String>,
    /// What was broken on purpose.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub broken: Vec<Damage>,
}

impl Summary {
    /// The summary of a run whose parts were all counted.
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
            notes: notes(simulation),
            tally,
            files: vec![names.completions, names.assignments, names.user_completion, names.run],
            broken: Vec::new(),
        }
    }

    /// The same with what was broken on purpose, and with the names of the files that are there in spite of it. The counts
    /// stay those of the run.
    #[must_use]
    pub fn with_damage(self, files: Vec<String>, broken: Vec<Damage>) -> Summary {
        Summary { files, broken, ..self }
    }

    /// The counts as labelled lines for people, in groups.
    #[must_use]
    pub fn groups(&self) -> Vec<SummaryGroup> {
        let tally = &self.tally;
        let completions = |of: ByType| format!("{} (a {}, b {})", number(of.total()), number(of.a), number(of.b));
        let environment = self.environment.iter().map(|name| ("Environment", shown_whole(name)));
        let run = vec![
            ("Seed", self.seed.to_string()),
            ("Date and time", format!("{} (today is {} in {})", self.now, self.today, self.time_zone)),
            ("New assignments", format!("from {} to {}", self.start_date, self.due_date)),
            ("Shift", format!("from {} to {}", self.shift_opens, self.now)),
        ];
        vec![
            SummaryGroup::new("Run", environment.chain(run).collect()),
            SummaryGroup::new("Employees", self.employee_lines()),
            SummaryGroup::new(
                "Assignments",
                vec![
                    ("Open before", number(tally.open_assignments)),
                    (
                        "New Daily Doses",
                        format!("{} for {} employees", number(tally.new_daily_doses), number(tally.given_daily_dose)),
                    ),
                    ("New random contents", number(tally.new_random_contents)),
                    ("Skipped for Daily Dose: completed one this week", number(tally.skipped_completed_this_week)),
                    ("Skipped for Daily Dose: one open this week", number(tally.skipped_open_this_week)),
                    ("Daily Doses left out: open already", number(tally.doses_left_out_open)),
                    ("Daily Doses left out: completed in the past", number(tally.doses_left_out_completed)),
                    ("Employees without a random content", number(tally.without_random_content)),
                    ("Left: open", number(tally.open_left)),
                    ("Left: new", number(tally.new_left)),
                ],
            ),
            SummaryGroup::new(
                "Recommendations",
                vec![
                    (
                        "Received",
                        format!(
                            "{} for {} employees",
                            number(tally.recommendations_received),
                            number(tally.employees_with_recommendations)
                        ),
                    ),
                    ("Dropped: on the list already", number(tally.dropped_already_on_list)),
                    ("Dropped: completed in the last 12 days", number(tally.dropped_completed_recently)),
                    ("Failed calls", failed_calls(tally)),
                ],
            ),
            SummaryGroup::new(
                "Completions",
                vec![("Manager", completions(tally.completions_manager)), ("AI", completions(tally.completions_ai))],
            ),
        ]
    }

    fn employee_lines(&self) -> Vec<(&'static str, String)> {
        let mut lines = vec![("Total", number(self.employees_total)), ("By type", by_type(self.tally.employees))];
        lines.extend(self.population.map(|population| ("New population", population.to_string())));
        lines.extend(self.mix.map(|mix| {
            let changed = number(self.changed_by_mix);
            ("Mix", format!("{} ({changed} of them with another type than in employees.csv)", mix.text()))
        }));
        lines.push(("Comment rows", number(self.comment_rows)));
        lines.push(("Bad rows left out", number(self.skipped_rows)));
        lines
    }

    /// The summary as text for people.
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
        for note in &self.notes {
            text.push_str(&format!("Note: {}\n", shown_whole(note)));
        }
        text
    }
}

/// Some lines of a summary that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SummaryGroup {
    /// The heading.
    pub title: &'static str,
    /// Label and value of each line.
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
    match inputs.state_given {
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

/// How many calls failed, and whose.
fn failed_calls(tally: &Tally) -> String {
    if tally.failed_calls == 0 {
        return number(0);
    }
    let mut of: Vec<String> = tally.failed_calls_of.iter().map(u64::to_string).collect();
    let more = tally.failed_calls - tally.failed_calls_of.len() as u64;
    if more > 0 {
        of.push(format!("{} more", number(more)));
    }
    format!("{}: {}", number(tally.failed_calls), of.join(", "))
}

fn by_type(of: ByType) -> String {
    format!("a {}, b {}, f {}", number(of.a), number(of.b), number(of.f))
}

fn number(number: u64) -> String {
    crate::format::identifier::content_id_text(number)
}
