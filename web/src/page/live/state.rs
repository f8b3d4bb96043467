//! The state of the helper, its live connections, and the jobs on them.

use std::sync::Arc;

use btcfake_core::api::{CatalogFile, Connection, ConnectionState, Status, TestResult};
use btcfake_core::format::file_name::VendorKind;
use btcfake_core::record::publication::FeedInState;
use leptos::prelude::*;
use web_sys::AbortSignal;

use crate::helper_client::RequestGuard;

/// The helper and its connections. Copies are handles on the same state.
#[derive(Clone, Copy)]
pub(crate) struct Live {
    /// The state of the helper.
    pub(crate) helper: RwSignal<HelperState>,
    /// The most recent catalogs in the helper's folder, or why they are not known.
    pub(crate) catalogs: RwSignal<Result<Vec<CatalogFile>, String>>,
    /// The tests of the connections, in the order of [`Connection::ALL`].
    pub(crate) tests: [RwSignal<TestState>; Connection::ALL.len()],
    /// The job of each connection, in the same order.
    jobs: [Job; Connection::ALL.len()],
    /// The last reading of the state tables.
    pub(crate) state_reading: RwSignal<Option<StateReading>>,
    /// The token of the helper that people typed; kept nowhere else.
    pub(crate) token: RwSignal<Option<String>>,
}

/// A reading of the state tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StateReading {
    /// When it began (UTC), as the helper writes it.
    pub(crate) at: String,
    /// What the tables have of the feed that was published last; `None` if that is not known.
    pub(crate) feed: Option<FeedInState>,
}

/// The state of the helper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum HelperState {
    /// The page has no helper.
    Absent,
    /// The page comes from a helper that does not answer, for example because it has ended.
    Gone,
    /// The helper was asked for its status.
    Asking,
    /// The helper requires a token.
    TokenWanted {
        /// Whether it refused the token that it was given.
        refused: bool,
    },
    /// The helper has answered with its status.
    Found(Arc<Status>),
}

/// The test of a connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum TestState {
    /// It was not asked for.
    #[default]
    NotYet,
    /// The test is under way; its number.
    Going(u32),
    /// The result.
    Ended(TestResult),
}

/// The job of a connection: it fetches or publishes something.
#[derive(Clone, Copy, Default)]
pub(crate) struct Job {
    /// Its state.
    pub(crate) state: RwSignal<JobState>,
    stop: StoredValue<Option<RequestGuard>, LocalStorage>,
}

/// The state of a job.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum JobState {
    /// It was not asked for.
    #[default]
    Idle,
    /// The job is under way: its number, and its step.
    Going(u32, LiveStep),
    /// It was cancelled.
    Cancelled,
    /// It is done.
    Done(Arc<Done>),
    /// It failed; why.
    Failed(String),
    /// It failed, and people chose to run without it.
    GivenUp,
}

/// The step of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum LiveStep {
    /// The worker collects the ids of the employees. The number of the file's pick.
    Ids(u32),
    /// The worker makes a ZIP. The production host that people typed, if one was required.
    Zip(Option<String>),
    /// The helper works: its progress in words, and as done and total.
    Helper(String, Option<(u64, u64)>),
}

/// The result of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Done {
    /// The result in a sentence.
    pub(crate) text: String,
    /// The result in two or three words: `fetched 09:12`.
    pub(crate) short: String,
    /// Whether everything that was requested came.
    pub(crate) is_whole: bool,
    /// Further notes for the user.
    pub(crate) notes: Vec<String>,
}

impl Live {
    /// Nothing is known yet.
    pub(crate) fn new() -> Live {
        Live {
            helper: RwSignal::new(HelperState::Absent),
            catalogs: RwSignal::new(Ok(Vec::new())),
            tests: Default::default(),
            jobs: Default::default(),
            state_reading: RwSignal::default(),
            token: RwSignal::default(),
        }
    }

    /// The job of a connection.
    pub(crate) fn job(&self, connection: Connection) -> Job {
        self.jobs[connection as usize]
    }

    /// The test of a connection.
    pub(crate) fn test(&self, connection: Connection) -> RwSignal<TestState> {
        self.tests[connection as usize]
    }

    /// The address of a connection, and the production host that people must type; `None` if it is not configured, or wrongly.
    pub(crate) fn configured(&self, connection: Connection) -> Option<(String, Option<String>)> {
        self.helper.with(|helper| {
            let HelperState::Found(status) = helper else { return None };
            status.connections.iter().find(|one| one.connection == connection).and_then(|one| match &one.state {
                ConnectionState::Configured { address, production_host } => {
                    Some((address.clone(), production_host.clone()))
                }
                ConnectionState::NotConfigured | ConnectionState::Wrong { .. } => None,
            })
        })
    }

    /// Whether the live sources are those of a sandbox.
    pub(crate) fn is_sandbox(&self) -> bool {
        self.helper.with(|helper| matches!(helper, HelperState::Found(status) if status.sandbox))
    }

    /// The name of the most recent catalog of a kind in the helper's folder.
    pub(crate) fn catalog(&self, kind: VendorKind) -> Option<String> {
        self.catalogs.with(|catalogs| {
            let catalogs = catalogs.as_ref().ok()?;
            catalogs.iter().find(|one| one.kind == kind && one.most_recent).map(|one| one.name.clone())
        })
    }

    /// The sources that failed, without those that people chose to run without.
    pub(crate) fn failed(&self) -> Vec<Connection> {
        let is_failed = |connection: &Connection| {
            *connection != Connection::SftpOutbound
                && self.job(*connection).state.with(|state| matches!(state, JobState::Failed(_)))
        };
        Connection::ALL.into_iter().filter(is_failed).collect()
    }

    /// The reasons against starting a run, in sentences: jobs under way, and sources that failed and that people did not choose
    /// to run without.
    pub(crate) fn missing(&self) -> Vec<String> {
        let going = Connection::ALL.into_iter().filter(|connection| self.job(*connection).is_going());
        let going = going.map(|connection| {
            format!("{} are still on their way: wait until they have arrived, or cancel that.", subject(connection))
        });
        let failed = self.failed();
        if !failed.is_empty() && self.helper.with(|helper| *helper == HelperState::Gone) {
            let words = "The helper does not answer: start it and look again under \"Live sources\", or choose \"Go on \
                         without\" there.";
            return going.chain([words.to_owned()]).collect();
        }
        let failed = failed.into_iter().map(|connection| {
            format!(
                "{} could not be fetched: try again under \"Live sources\", or choose \"Go on without\" there.",
                subject(connection)
            )
        });
        going.chain(failed).collect()
    }
}

impl Job {
    /// Starts the job under a number, with a new signal that aborts its requests when it ends.
    pub(crate) fn start(self, number: u32, step: LiveStep) {
        self.stop.set_value(RequestGuard::new());
        self.state.set(JobState::Going(number, step));
    }

    /// The signal for a request of this job.
    pub(crate) fn signal(self) -> Option<AbortSignal> {
        self.stop.with_value(|stop| stop.as_ref().map(RequestGuard::signal))
    }

    /// Whether it is under way.
    pub(crate) fn is_going(self) -> bool {
        self.state.with(|state| matches!(state, JobState::Going(..)))
    }

    /// Whether it is under way under this number. Answers for other numbers are dropped.
    pub(crate) fn is_current(self, number: u32) -> bool {
        self.state.with_untracked(|state| matches!(state, JobState::Going(current, _) if *current == number))
    }

    /// Sets the helper's progress, if the number is current.
    pub(crate) fn progress(self, number: u32, text: String, part: Option<(u64, u64)>) {
        if self.is_current(number) {
            self.state.set(JobState::Going(number, LiveStep::Helper(text, part)));
        }
    }

    /// Ends the job with a state, and aborts its requests.
    pub(crate) fn end(self, state: JobState) {
        self.state.set(state);
        self.stop.set_value(None);
    }
}

/// What a connection brings or takes, as the subject of a sentence.
fn subject(connection: Connection) -> &'static str {
    match connection {
        Connection::SftpInbound => "The catalogs",
        Connection::SftpOutbound => "The files to publish",
        Connection::Recommender => "The recommendations",
        Connection::Databricks => "The open assignments and completions",
    }
}
