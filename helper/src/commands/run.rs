//! `btcfake run`: a whole live run. Catalogs, state, recommendations, simulation, output and publishing: configured
//! steps in order; others are skipped with a note.
//!
//! A configured source that fails stops the run before anything is written, because a feed that ignores known open
//! assignments is wrong. The recommender is the exception: after a failed call, only that employee has no
//! recommendations.

use std::path::{Path, PathBuf};

use btcfake_core::format::file_name::VendorKind;
use btcfake_core::format::input_role::InputRole;
use btcfake_core::format::instant::instant_text;
use btcfake_core::inputs::inputs_reader::InputsPart;
use btcfake_core::record::publication::{FeedInState, RunIdentity, StateOrigin};
use btcfake_core::record::run_record::RunRecord;
use btcfake_core::text::note::Note;
use btcfake_core::text::visible::shown_whole;
use btcfake_core::text::words::{counted, grouped};
use chrono::{DateTime, NaiveDate, Utc};
use clap::Args;

use super::sftp_connection::{configured_sftp, with_sftp_client};
use crate::commands::chosen_inputs::{employees_file, template_file};
use crate::commands::feed_arguments::{FeedArguments, OutputArguments};
use crate::commands::feed_order::FeedOrder;
use crate::commands::made_feed::{MadeFeed, make_feed_by};
use crate::configuration::{Configuration, DatabricksSettings, RecommenderSettings, SftpSettings, SftpSide};
use crate::feed::loaded_file::{LoadedFile, with_missing};
use crate::feed::parsing::GradualParsing;
use crate::feed::recent_file::most_recent_file;
use crate::remote::publications::Publications;
use crate::remote::recommender::journal::{Answers, Journal};
use crate::remote::recommender::{CallProgress, EmployeeAnswer, INSECURE_WARNING};
use crate::remote::sftp::{Downloaded, Production, SftpClient, SftpProblem, block_on, refuse_production, run_files};
use crate::remote::{databricks, recommender};
use crate::terminal::console::{self, Progress, shown_path};
use crate::terminal::failure::Failure;
use crate::terminal::interrupt;
use crate::terminal::pace::Pace;

/// Options of `run`.
#[derive(Debug, Args)]
pub(crate) struct RunArguments {
    /// Population and settings of the feed.
    #[command(flatten)]
    feed: FeedArguments,
    /// The folder of the feed, and what is printed.
    #[command(flatten)]
    output: OutputArguments,
    /// Continue a stopped run: the recommender is asked only for missing answers.
    #[arg(long)]
    resume: bool,
    /// Publish the feed to the outbound SFTP server [default: SFTP_PUBLISH_ENABLED].
    #[arg(long)]
    publish: bool,
    /// Publish even if the destination looks like production. The data is made up!
    #[arg(long)]
    allow_production: bool,
}

/// Runs the command.
///
/// # Errors
/// Refused inputs, a failed source or a failed output; then nothing was written. A failed publication leaves the feed
/// in its folder.
pub(crate) fn run(arguments: &RunArguments) -> Result<(), Failure> {
    interrupt::listen();
    let configuration = Configuration::read()?;
    configuration.print_warnings(arguments.output.quiet);
    let order = FeedOrder::new(&arguments.feed, &arguments.output, &configuration)?;
    let sources = LiveSources::new(arguments, &configuration)?;
    let mut live = LiveRun { order: &order, configuration: &configuration, notes: Vec::new() };
    let downloads = configuration.sftp_local_dir();
    let mut journal = sources.recommender.as_ref().map(|settings| Journal::of(&downloads, settings));
    let made = live.make(&sources, journal.as_mut(), arguments.resume);
    let feed = match journal {
        Some(journal) => journal.end(made)?,
        None => made?,
    };
    feed.report(&arguments.output);
    match &sources.publishing {
        Some((settings, production)) => live.publish(settings, production, &feed),
        None => Ok(()),
    }
}

/// Configured connections of the run; `None` for those to skip.
struct LiveSources {
    inbound: Option<SftpSettings>,
    databricks: Option<DatabricksSettings>,
    recommender: Option<RecommenderSettings>,
    publishing: Option<(SftpSettings, Production)>,
    /// What was published to the outbound server before.
    publications: Option<Publications>,
}

impl LiveSources {
    /// Resolves all connections first, so that a wrong configuration is reported before any request.
    fn new(arguments: &RunArguments, configuration: &Configuration) -> Result<LiveSources, Failure> {
        let publishing = if arguments.publish || configuration.publish_enabled()? {
            let settings = configured_sftp(configuration, SftpSide::Outbound)?;
            let _set = SftpClient::new(&settings).remote_path().map_err(SftpProblem::into_failure)?;
            let environment = configuration.environment()?;
            let production = Production { environment, allowed: arguments.allow_production };
            refuse_production(&settings, &production).map_err(SftpProblem::into_failure)?;
            Some((settings, production))
        } else {
            None
        };
        let outbound = configuration.sftp(SftpSide::Outbound);
        Ok(LiveSources {
            inbound: configuration.sftp(SftpSide::Inbound)?,
            databricks: configuration.databricks()?,
            recommender: configuration.recommender()?,
            publishing,
            // A run that publishes nothing needs no valid outbound server.
            publications: outbound.ok().flatten().map(|settings| Publications::of(configuration, &settings)),
        })
    }
}

/// Steps of a live run.
struct LiveRun<'a> {
    order: &'a FeedOrder<'a>,
    configuration: &'a Configuration,
    /// Additional notes for the summary.
    notes: Vec<Note>,
}

impl LiveRun<'_> {
    /// Asks the sources in order, and makes the feed from their answers.
    fn make(
        &mut self,
        sources: &LiveSources,
        journal: Option<&mut Journal>,
        is_taken_up: bool,
    ) -> Result<MadeFeed, Failure> {
        let mut files = vec![employees_file(self.order)?];
        let mut parsing = GradualParsing::new(self.order.settings.bad_rows, self.quiet());
        // A refused file stops the run here, before any request.
        parsing.parse_up_to(InputsPart::Employees, &files)?;
        let ids = parsing.employee_ids();
        files.extend(template_file(self.order)?);
        self.order.check_places(&files)?;
        files.extend(self.catalogs(sources.inbound.as_ref())?);
        self.order.refuse_idle_choices(&files)?;
        let asked_at = Utc::now();
        files.extend(self.state(sources.databricks.as_ref(), &ids)?);
        self.compare_state(sources, &files, &ids, asked_at);
        let recommender = sources.recommender.as_ref().zip(journal);
        if recommender.is_some() {
            // Its calls may take an hour: what refuses the run must show before them.
            parsing.parse_up_to(InputsPart::CatalogsAndState, &files)?;
        }
        files.extend(self.recommendations(recommender, is_taken_up, &ids)?);
        let files = with_missing(files, &self.order.settings);
        let notes = std::mem::take(&mut self.notes);
        make_feed_by(self.order, &files, notes, || parsing.finish(&files))
    }

    fn catalogs(&mut self, inbound: Option<&SftpSettings>) -> Result<Vec<LoadedFile>, Failure> {
        let today = self.order.settings.time_zone.date_of(self.order.settings.now);
        let folder = self.configuration.sftp_local_dir();
        let mut read: fn(InputRole, &Path) -> Result<LoadedFile, Failure> = LoadedFile::read_found;
        let [standalone_content, course_catalog] = match inbound {
            Some(settings) => {
                read = LoadedFile::downloaded;
                self.download(settings, &folder, today)?
            }
            None => {
                let in_folder = |kind| most_recent_file(&folder, kind, today, self.quiet());
                let found = [in_folder(VendorKind::StandAloneContent)?, in_folder(VendorKind::CourseCatalog)?];
                let place = shown_path(&folder);
                let skipped = match found {
                    [None, None] => format!("SFTP inbound is not configured, and there is no catalog in {place}"),
                    _ => format!("SFTP inbound is not configured: the catalogs are those in {place}"),
                };
                self.step(&skipped);
                self.notes.push(Note::remark(skipped));
                found
            }
        };
        let found = [(InputRole::StandaloneContent, standalone_content), (InputRole::CourseCatalog, course_catalog)];
        let files = found.into_iter().filter_map(|(role, path)| Some(read(role, &path?)));
        files.map(|file| file.map(|file| self.order.with_choices(file))).collect()
    }

    /// Downloads both catalogs, `StandAloneContent` first. Other files in the folder are not used: they may be of
    /// another day or server.
    fn download(
        &mut self,
        settings: &SftpSettings,
        folder: &Path,
        today: NaiveDate,
    ) -> Result<[Option<PathBuf>; 2], Failure> {
        self.step(&format!("downloading the catalogs from {}", settings.host.name));
        let Downloaded { standalone_content, course_catalog, notes } =
            with_sftp_client(settings, self.quiet(), async |client| {
                client.download_most_recent(folder, today).await.map_err(SftpProblem::into_failure)
            })?;
        notes.iter().for_each(|note| self.step(&shown_whole(&note.to_string())));
        let remote = settings.remote_path.as_deref().unwrap_or_default();
        if standalone_content.is_none() {
            let message = format!("there is no StandAloneContent in {remote}; check SFTP_INBOUND_REMOTE_PATH");
            return Err(Failure::at(&settings.host.name, message));
        }
        self.notes.extend(notes.into_iter().filter(|note| note.is_warning));
        Ok([standalone_content, course_catalog])
    }

    fn state(&mut self, databricks: Option<&DatabricksSettings>, ids: &[u64]) -> Result<Vec<LoadedFile>, Failure> {
        let Some(settings) = databricks else {
            self.step("Databricks is not configured: nothing is known of the past");
            return Ok(Vec::new());
        };
        self.step(&format!("asking Databricks about {}", counted(ids.len(), "employee")));
        let mut progress = Progress::new(self.quiet());
        let mut listener = |message: &str| progress.show(message.to_owned());
        let state = block_on(async {
            let cancel = interrupt::cancellation();
            databricks::read_state(settings, ids, &mut listener, &cancel).await
        });
        progress.clear();
        let state = state?;
        let (open, completed) = (state.assignment_rows, state.completion_rows);
        self.step(&format!("{}, {}", counted(open, "open assignment"), counted(completed, "past completion")));
        Ok(vec![
            LoadedFile::fetched(InputRole::Assignments, "content_assignments.csv", state.assignments),
            LoadedFile::fetched(InputRole::Completions, "content_completion.csv", state.completions),
        ])
    }

    fn recommendations(
        &mut self,
        recommender: Option<(&RecommenderSettings, &mut Journal)>,
        is_taken_up: bool,
        ids: &[u64],
    ) -> Result<Option<LoadedFile>, Failure> {
        let Some((settings, journal)) = recommender else {
            self.step("the recommender is not configured: manager training only");
            return Ok(None);
        };
        if settings.tls_insecure {
            self.warn(INSECURE_WARNING);
        }
        let known = self.known_answers(journal, is_taken_up, ids)?;
        let before = ids.iter().filter(|id| known.has(**id)).count();
        self.step(&format!("asking the recommender about {}", counted(ids.len() - before, "employee")));
        let mut progress = Progress::new(self.quiet());
        let pace = Pace::new(before);
        let mut listener = |asked: &EmployeeAnswer, at: CallProgress| {
            if asked.failure().is_none() {
                journal.keep(&asked.line);
            }
            let (done, all) = (grouped(at.done), grouped(at.total));
            progress.show(format!(
                "{done} of {all} employees, {} failed{}",
                grouped(at.failed),
                pace.words(at.done, at.total)
            ));
        };
        let outcome = block_on(async {
            let cancel = interrupt::cancellation();
            recommender::ask_all(settings, ids, &known, &mut listener, &cancel).await
        });
        progress.clear();
        let outcome = outcome?;
        self.step(&format!("{} of {} failed", grouped(outcome.failed), counted(ids.len() - before, "call")));
        if !outcome.mends.is_empty() {
            let mends: Vec<&str> = outcome.mends.iter().copied().collect();
            let note = format!("what may help against failed calls of the recommender: {}", mends.join("; "));
            self.step(&note);
            self.notes.push(Note::remark(note));
        }
        if let Some(why) = &outcome.gave_up {
            self.warn(why);
        }
        Ok(Some(LoadedFile::fetched(InputRole::Recommendations, "recommendations.jsonl", outcome.recording)))
    }

    /// Answers of a stopped run, if this run resumes it (`is_taken_up`). Otherwise none, with a warning if there are
    /// answers, which this run will replace.
    fn known_answers(&mut self, journal: &mut Journal, is_taken_up: bool, ids: &[u64]) -> Result<Answers, Failure> {
        if !is_taken_up {
            journal.left().iter().filter(|_| !self.quiet()).for_each(console::warn);
            return Ok(Answers::default());
        }
        let (answers, note) = journal.take_up(ids)?;
        self.step(&note);
        self.notes.push(Note::remark(note));
        Ok(answers)
    }

    /// Warns, before the recommender is asked, if the state does not have the completions of the last publication. For a run
    /// to publish, also if the state is older than that publication for another reason.
    fn compare_state(&mut self, sources: &LiveSources, files: &[LoadedFile], ids: &[u64], asked_at: DateTime<Utc>) {
        let Some(last) = sources.publications.as_ref().and_then(Publications::last) else { return };
        let completions = files.iter().map(LoadedFile::source).find(|input| input.role == InputRole::Completions);
        let feed = completions.and_then(|input| last.in_state(&input.source.whole(), ids));
        let origin = StateOrigin::Read { at: &instant_text(asked_at), feed: feed.as_ref() };
        let concern = match &sources.publishing {
            Some(_) => {
                let inputs = files.iter().map(|file| file.identity().clone()).collect();
                let record = RunRecord::new(self.order.settings, inputs, Vec::new());
                RunIdentity::of(&record, "").concern(origin, &last)
            }
            None => feed.as_ref().and_then(FeedInState::concern),
        };
        if let Some(concern) = concern {
            self.warn(concern.to_string());
        }
    }

    fn publish(&self, settings: &SftpSettings, production: &Production, feed: &MadeFeed) -> Result<(), Failure> {
        self.step(&format!("publishing to {}", settings.host.name));
        let run = run_files(&feed.run_file, &self.configuration.sftp_local_dir())?;
        let published = with_sftp_client(settings, self.quiet(), async |client| client.publish(&run, production).await);
        let published = published.map_err(|failure| {
            let folder = shown_path(&self.order.folder);
            Failure::Other(format!(
                "{failure}\nThe feed is whole in {folder}; `btcfake publish {folder} --run {}` sends it",
                shown_path(&feed.run_file)
            ))
        })?;
        let unwritten = Publications::of(self.configuration, settings).add(&run.identity, &run.completed);
        let notes = published.notes.iter().chain(&unwritten);
        notes.for_each(|note| self.step(&shown_whole(&note.to_string())));
        let folder = settings.remote_path.as_deref().unwrap_or_default();
        self.step(&format!("{} published to {}:{folder}", counted(published.files.len(), "file"), settings.host.name));
        Ok(())
    }

    /// True if only failures and results are printed.
    fn quiet(&self) -> bool {
        self.order.output.quiet
    }

    /// Prints a warning, unless quiet, and keeps it for the summary.
    fn warn(&mut self, text: impl Into<String>) {
        let warning = Note::warning(text);
        if !self.quiet() {
            console::note(&warning);
        }
        self.notes.push(warning);
    }

    /// Prints a step or its result to standard error, unless quiet.
    fn step(&self, message: &str) {
        if !self.quiet() {
            console::print_diagnostic(message);
        }
    }
}
