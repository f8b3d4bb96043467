//! One run, from the picked files to the blobs of the output files.

use btcfake_core::breakage::{BreakList, Damage};
use btcfake_core::format::input_role::InputRole;
use btcfake_core::inputs::input_file::InputFile;
use btcfake_core::inputs::input_file::InputSource;
use btcfake_core::inputs::inputs_reader::FileProblems;
use btcfake_core::inputs::reading::read_inputs;
use btcfake_core::inputs::run_inputs::Inputs;
use btcfake_core::plan::settings::Settings;
use btcfake_core::record::publication::RunIdentity;
use btcfake_core::record::recipe::Recipe;
use btcfake_core::record::run_record::InputRecord;
use btcfake_core::report::charts::Chart;
use btcfake_core::report::figures::{Bar, Figures};
use btcfake_core::report::summary::{FAILED_CALLS, Summary};
use btcfake_core::run::simulation::Simulation;
use btcfake_core::run::tally::Tally;
use btcfake_core::text::problem::Problem;
use btcfake_core::text::words::{counted, number_text};
use web_sys::Blob;

use super::feed_files::{FeedFiles, FinishedFeed, Writers};
use super::output::Written;
use super::page_channel::PageChannel;
use super::picked_files::{PickedBytes, PickedFile, PickedFiles};
use super::positions::Positions;
use super::rows::content_text;
use crate::messages::{Group, Outcome, OutputFile, Stage, ToPage};

/// The time between two reports of progress, in milliseconds. The browser needs as long to show one as to simulate some ten
/// thousand employees.
const PROGRESS_EVERY: f64 = 300.0;

/// A run that is done, kept for tables and the ZIP.
pub(super) struct FinishedRun {
    /// Its number.
    pub(super) run: u32,
    /// The simulation, which can make any employee's day again.
    pub(super) simulation: Simulation,
    /// The employees in each table.
    pub(super) positions: Positions,
    /// The files, the run file last.
    pub(super) files: Vec<Written>,
    /// The picked files.
    pub(super) inputs: Vec<PickedFile>,
    /// The last chosen bar of a chart, and the positions of the employees behind it.
    pub(super) behind: Option<(Bar, Vec<u32>)>,
    /// The faults that the feed was given on purpose.
    pub(super) breaks: BreakList,
    recipe: String,
    tally: Tally,
    figures: Figures,
    broken: Vec<Damage>,
    identity: RunIdentity,
}

/// Runs the simulation.
///
/// # Errors
/// In plain words: a file that cannot be read or has errors, bytes that the browser cannot hold, or a fault that cannot be
/// made.
pub(super) async fn run(
    run: u32,
    settings: Settings,
    breaks: &BreakList,
    files: Vec<PickedFile>,
    kept: &PickedFiles,
    page: &PageChannel,
) -> Result<FinishedRun, String> {
    page.send(&ToPage::Progress { run, stage: Stage::Reading }, &[]);
    // The writers start while the files are read.
    let writers = Writers::start(about_so_many_employees(&files, &settings), breaks);
    let (read, records) = read_files(&files, kept, &settings).await?;
    let simulation = Simulation::new(read, settings);
    let mut feed = FeedFiles::begin(&simulation, breaks, writers).await;
    let (figures, positions) = simulate(run, &simulation, &mut feed, page).await?;
    let recipe = Recipe { breaks: breaks.clone(), ..Recipe::new(settings, &records) }.to_string();
    let FinishedFeed { files: written, tally, broken, record, .. } = feed.finish(&simulation, None, records).await?;
    Ok(FinishedRun {
        run,
        identity: RunIdentity::of(&record, &simulation.file_names().run),
        simulation,
        positions,
        files: written,
        inputs: files,
        behind: None,
        breaks: breaks.clone(),
        recipe,
        tally,
        figures,
        broken,
    })
}

/// Simulates all employees: their rows go into the feed, their figures and table positions are returned. The page gets the
/// progress.
async fn simulate(
    run: u32,
    simulation: &Simulation,
    feed: &mut FeedFiles<'_>,
    page: &PageChannel,
) -> Result<(Figures, Positions), String> {
    let mut figures = Figures::new(simulation.calendar());
    let mut positions = Positions::default();
    for batch in simulation.opening() {
        feed.take(batch)?;
        feed.wait_for_room().await?;
    }
    let (of, mut reported) = (simulation.employee_count(), 0.0);
    for slice in simulation.slices() {
        if js_sys::Date::now() - reported > PROGRESS_EVERY {
            page.send(&ToPage::Progress { run, stage: Stage::Simulating { done: slice.start, of } }, &[]);
            reported = js_sys::Date::now();
        }
        feed.take(simulation.simulate_watched(slice, false, |position, day| {
            figures.count(day);
            positions.note(position, day);
        }))?;
        feed.wait_for_room().await?;
    }
    Ok((figures, positions))
}

impl FinishedRun {
    /// The report for the page.
    pub(super) fn outcome(&self) -> Outcome {
        let summary = Summary::new(&self.simulation, self.tally.clone());
        // The page lists the employees of failed calls itself, and its history keeps no ids.
        let value = |label: &str, value: &str| match label {
            FAILED_CALLS => number_text(self.tally.failed_calls),
            _ => value.to_owned(),
        };
        let group = |title: &str, lines: &[(&str, String)]| Group {
            title: title.to_owned(),
            lines: lines.iter().map(|(label, text)| ((*label).to_owned(), value(label, text))).collect(),
        };
        let charts = self.figures.charts(self.simulation.inputs(), self.simulation.calendar());
        Outcome {
            employees: self.simulation.employee_count(),
            tally: self.tally.clone(),
            groups: summary.groups().iter().map(|one| group(one.title, &one.lines)).collect(),
            daily_doses: summary
                .daily_doses
                .iter()
                .map(|dose| content_text(dose.content_id, dose.name.as_deref()))
                .collect(),
            warnings: summary.warnings,
            notes: summary.notes,
            broken: self.broken.iter().map(Damage::describe).collect(),
            files: self.files.iter().map(|written| written.file.clone()).collect::<Vec<OutputFile>>(),
            recipe: self.recipe.clone(),
            identity: self.identity.clone(),
            tables: self.positions.counts(),
            french: french_labels(&charts, &self.simulation),
            charts,
        }
    }

    /// The content of the files.
    pub(super) fn blobs(&self) -> impl Iterator<Item = Blob> {
        self.files.iter().map(|written| written.blob.clone())
    }
}

/// The chart labels of contents that have French names.
fn french_labels(charts: &[Chart], simulation: &Simulation) -> Vec<(u64, String)> {
    let bars = charts.iter().flat_map(|chart| &chart.rows).filter_map(|row| row.bars.first());
    let label = |(bar, _): &(Bar, u64)| match bar {
        Bar::Content(id) => Some((*id, content_text(*id, Some(simulation.inputs().catalog.french_name(*id)?)))),
        _ => None,
    };
    bars.filter_map(label).collect()
}

/// An estimate of the number of employees before the files are read: a row of employees.csv has some twelve bytes.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number of rows")]
fn about_so_many_employees(files: &[PickedFile], settings: &Settings) -> usize {
    let rows = |picked: &PickedFile| (picked.file.size() / 12.0) as usize;
    let in_file = || files.iter().find(|picked| picked.pick.role == InputRole::Employees).map_or(0, rows);
    settings.population.map_or_else(in_file, |population| population.employee_count() as usize)
}

/// Reads all files of a run, with built-in ones for those not given, and makes their records for the run file: of a CSV that was
/// made by people's answers, that of the original file.
pub(super) async fn read_files(
    files: &[PickedFile],
    kept: &PickedFiles,
    settings: &Settings,
) -> Result<(Inputs, Vec<InputRecord>), String> {
    let is_needed = |role: InputRole| role != InputRole::Employees || settings.population.is_none();
    let (mut given, mut still_there) = (Vec::new(), Vec::new());
    for picked in files.iter().filter(|picked| is_needed(picked.pick.role)) {
        let name = picked.file.name();
        still_there.push((name.clone(), picked.still_there()));
        let PickedBytes { bytes, sha256 } = kept.get(picked).await.map_err(|why| format!("{name}: {why}"))?;
        given.push((&picked.pick, name, bytes, sha256));
    }
    let roles: Vec<InputRole> = given.iter().map(|(pick, ..)| pick.role).collect();
    let mut all = InputFile::missing(&roles, settings);
    let mut records: Vec<InputRecord> = all.iter().map(InputRecord::of).collect();
    for (pick, name, bytes, sha256) in &given {
        let file = InputFile::given(pick.role, name, bytes.as_slice());
        let digest = (bytes.len() as u64, sha256.clone());
        records.push(match &pick.original {
            Some(original) => original.clone().record(pick.role),
            None => InputRecord::of_digested(InputSource::of(&file), digest),
        });
        all.push(file);
    }
    all.sort_by_key(|file| file.role);
    records.sort_by_key(|record| record.role);
    let (inputs, problems) = read_inputs(&all, settings.bad_rows);
    for (name, is_still_there) in still_there {
        is_still_there.await.map_err(|why| format!("{name}: {why}"))?;
    }
    let refused: Vec<String> = problems.iter().filter_map(refusal).collect();
    if refused.is_empty() { Ok((inputs, records)) } else { Err(refused.join("; ")) }
}

fn refusal(file: &FileProblems) -> Option<String> {
    let errors = file.problems.iter().filter(|problem| problem.is_error()).count();
    let first = file.problems.iter().find(|problem| Problem::is_error(problem))?;
    Some(format!("{} has {}, the first at {}:{first}", file.name, counted(errors, "error"), file.name))
}
