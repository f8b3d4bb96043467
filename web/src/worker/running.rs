//! One run, from the picked files to the blobs of the output files.

use btcfake_core::breakage::{BreakList, Damage, FeedBytes, break_feed};
use btcfake_core::format::input_role::InputRole;
use btcfake_core::inputs::input_file::InputFile;
use btcfake_core::inputs::reading::{FileProblems, Inputs, read_inputs};
use btcfake_core::plan::rhythm::SeriesDay;
use btcfake_core::plan::settings::Settings;
use btcfake_core::record::recipe::Recipe;
use btcfake_core::record::run_record::{InputRecord, OutputRecord, RunRecord};
use btcfake_core::report::figures::{Bar, Figures};
use btcfake_core::report::summary::Summary;
use btcfake_core::run::feed_names::FeedNames;
use btcfake_core::run::simulation::{Part, Simulation};
use btcfake_core::run::tally::Tally;
use btcfake_core::text::problem::Problem;
use btcfake_core::text::words::counted;
use web_sys::{Blob, File};

use super::output::{Output, Written};
use super::positions::Positions;
use super::reading::read;
use super::rows::content_text;
use super::voice::Voice;
use crate::messages::{Group, Outcome, OutputFile, Stage, ToPage};

/// After so many employees the page is told how far the run is.
const EMPLOYEES_AT_A_TIME: usize = 2_000;

const CSV: &str = "text/csv";
const JSON: &str = "application/json";

/// A run that is done, kept for tables and the ZIP.
pub(super) struct FinishedRun {
    /// Its number.
    pub(super) run: u32,
    /// The simulation, which tells any employee's day again.
    pub(super) simulation: Simulation,
    /// Who has something in which table.
    pub(super) positions: Positions,
    /// The files, the run file last.
    pub(super) files: Vec<Written>,
    /// The files that were picked, and what they were used as.
    pub(super) inputs: Vec<(InputRole, File)>,
    /// Who stands behind the bar of a chart that was chosen last.
    pub(super) behind: Option<(Bar, Vec<u32>)>,
    /// What the feed was broken by on purpose.
    pub(super) breaks: BreakList,
    recipe: String,
    tally: Tally,
    figures: Figures,
    broken: Vec<Damage>,
}

/// Runs the simulation.
///
/// # Errors
/// Why there are no results, in plain words.
pub(super) async fn run(
    run: u32,
    settings: Settings,
    break_list: &BreakList,
    files: Vec<(InputRole, File)>,
    voice: &Voice,
) -> Result<FinishedRun, String> {
    voice.say(&ToPage::Progress { run, stage: Stage::Reading }, []);
    let (read, records) = read_files(&files, &settings).await?;
    let (inputs, simulation) = (files, Simulation::new(read, settings));
    let mut feed = Feed::new(&simulation.file_names());
    feed.whole = (!break_list.is_empty()).then(FeedBytes::default);
    let mut figures = Figures::new(simulation.calendar());
    let mut positions = Positions::default();
    let of = simulation.employees();
    feed.write_heads(&simulation)?;
    for position in 0..of {
        if position % EMPLOYEES_AT_A_TIME == 0 {
            voice.say(&ToPage::Progress { run, stage: Stage::Simulating { done: position, of } }, []);
        }
        // One employee at a time, because that part's tally tells which tables the employee belongs into.
        let part = simulation.simulate_watched(position..position + 1, false, |day| figures.count(day));
        positions.note(position, &part.tally);
        feed.write_part(&part)?;
    }
    let tally = std::mem::take(&mut feed.tally);
    let recipe = Recipe { breaks: break_list.clone(), ..Recipe::new(settings, &records) }.to_string();
    let (files, broken) = match feed.whole.take() {
        Some(whole) => feed.finish_broken(&simulation, whole, break_list, records)?,
        None => (feed.finish(settings, None, records)?, Vec::new()),
    };
    let breaks = break_list.clone();
    Ok(FinishedRun { run, simulation, positions, files, inputs, behind: None, breaks, recipe, tally, figures, broken })
}

impl FinishedRun {
    /// What the page is told.
    pub(super) fn outcome(&self) -> Outcome {
        let summary = Summary::new(&self.simulation, self.tally.clone());
        let group = |title: &str, lines: &[(&str, String)]| Group {
            title: title.to_owned(),
            lines: lines.iter().map(|(label, value)| ((*label).to_owned(), value.clone())).collect(),
        };
        Outcome {
            employees: self.simulation.employees(),
            groups: summary.groups().iter().map(|one| group(one.title, &one.lines)).collect(),
            daily_doses: summary
                .daily_doses
                .iter()
                .map(|dose| content_text(dose.content_id, dose.name.as_deref()))
                .collect(),
            notes: summary.notes,
            broken: self.broken.iter().map(Damage::describe).collect(),
            files: self.files.iter().map(|written| written.file.clone()).collect::<Vec<OutputFile>>(),
            recipe: self.recipe.clone(),
            tables: self.positions.counts(),
            charts: self.figures.charts(self.simulation.inputs(), self.simulation.calendar()),
        }
    }

    /// The content of the files.
    pub(super) fn blobs(&self) -> impl Iterator<Item = Blob> {
        self.files.iter().map(|written| written.blob.clone())
    }
}

/// Reads all files of a run, with the built-in ones where none was given, and tells what the run file says about them.
pub(super) async fn read_files(
    files: &[(InputRole, File)],
    settings: &Settings,
) -> Result<(Inputs, Vec<InputRecord>), String> {
    let mut given = Vec::new();
    let mut made_up = InputFile::new_population(settings);
    for role in InputRole::ALL {
        if role == InputRole::Employees && made_up.is_some() {
            given.extend(made_up.take());
        } else if let Some((_, file)) = files.iter().find(|(one, _)| *one == role) {
            let bytes = read(file).await.map_err(|why| format!("{}: {why}", file.name()))?;
            given.push(InputFile::given(role, &file.name(), bytes));
        } else if role == InputRole::StandaloneContent {
            given.push(InputFile::built_in_catalog());
        } else if role == InputRole::UserCompletionTemplate {
            given.push(InputFile::built_in_template());
        }
    }
    let records = given.iter().map(InputRecord::of).collect();
    let (inputs, problems) = read_inputs(&given, settings.bad_rows);
    let refused: Vec<String> = problems.iter().filter_map(refusal).collect();
    if refused.is_empty() { Ok((inputs, records)) } else { Err(refused.join("; ")) }
}

fn refusal(file: &FileProblems) -> Option<String> {
    let errors = file.problems.iter().filter(|problem| problem.is_error()).count();
    let first = file.problems.iter().find(|problem| Problem::is_error(problem))?;
    Some(format!("{} has {}, the first at {}:{first}", file.name, counted(errors, "error"), file.name))
}

/// The files of a run while they are written.
pub(super) struct Feed {
    completions: Output,
    assignments: Output,
    user_completion: Output,
    /// All of it, where it will be broken: that takes the whole in memory.
    whole: Option<FeedBytes>,
    run_file_name: String,
    /// What was counted so far.
    pub(super) tally: Tally,
}

impl Feed {
    /// Files under these names, with nothing in them.
    pub(super) fn new(names: &FeedNames) -> Feed {
        Feed {
            completions: Output::new(&names.completions, CSV),
            assignments: Output::new(&names.assignments, CSV),
            user_completion: Output::new(&names.user_completion, CSV),
            whole: None,
            run_file_name: names.run.clone(),
            tally: Tally::default(),
        }
    }

    /// What comes before the employees, and the whole dummy file.
    pub(super) fn write_heads(&mut self, simulation: &Simulation) -> Result<(), String> {
        let assignments = simulation.assignments_head(&mut self.tally);
        self.write(&simulation.completions_head(), &assignments, simulation.user_completion())
    }

    fn write(&mut self, completions: &[u8], assignments: &[u8], user_completion: &[u8]) -> Result<(), String> {
        if let Some(whole) = &mut self.whole {
            whole.completions.extend_from_slice(completions);
            whole.assignments.extend_from_slice(assignments);
            whole.user_completion.extend_from_slice(user_completion);
            return Ok(());
        }
        self.completions.write(completions)?;
        self.assignments.write(assignments)?;
        self.user_completion.write(user_completion)
    }

    /// What came of the next employees.
    pub(super) fn write_part(&mut self, part: &Part) -> Result<(), String> {
        self.write(&part.completions, &part.assignments, b"")?;
        self.tally.add(&part.tally);
        Ok(())
    }

    /// The files, the run file last.
    pub(super) fn finish(
        self,
        settings: Settings,
        series: Option<SeriesDay>,
        inputs: Vec<InputRecord>,
    ) -> Result<Vec<Written>, String> {
        let files = vec![self.completions.finish()?, self.assignments.finish()?, self.user_completion.finish()?];
        let record = RunRecord { series, ..RunRecord::new(settings, inputs, outputs_of(&files)) };
        with_run_file(files, &self.run_file_name, &record)
    }

    /// The same of a feed that is broken on purpose, and what was broken.
    fn finish_broken(
        self,
        simulation: &Simulation,
        whole: FeedBytes,
        break_list: &BreakList,
        inputs: Vec<InputRecord>,
    ) -> Result<(Vec<Written>, Vec<Damage>), String> {
        let broken = break_feed(simulation, whole, break_list).map_err(|error| error.to_string())?;
        let mut files = Vec::new();
        for (name, bytes) in broken.files {
            let mut output = Output::new(&name, CSV);
            output.write(&bytes)?;
            files.push(output.finish()?);
        }
        let record = RunRecord::new(*simulation.settings(), inputs, outputs_of(&files));
        let record = record.with_damage(broken.damage.clone());
        Ok((with_run_file(files, &self.run_file_name, &record)?, broken.damage))
    }
}

fn outputs_of(files: &[Written]) -> Vec<OutputRecord> {
    files.iter().map(|written| written.record.clone()).collect()
}

/// The files with the run file behind them.
fn with_run_file(mut files: Vec<Written>, name: &str, record: &RunRecord) -> Result<Vec<Written>, String> {
    let mut run_file = Output::new(name, JSON);
    run_file.write(&record.to_bytes())?;
    files.push(run_file.finish()?);
    Ok(files)
}
