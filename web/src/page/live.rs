//! What the page knows about the helper and its live connections, and about what is asked of them.

use std::sync::Arc;

use btcfake_core::api::{CatalogFile, Connection, ConnectionState, Status, TestResult};
use btcfake_core::format::file_name::FileKind;
use leptos::prelude::*;
use web_sys::AbortSignal;

use crate::helper_client::RequestGuard;

/// The helper and its connections. A copy is a handle on the same.
#[derive(Clone, Copy)]
pub(crate) struct Live {
    /// Whether there is a helper.
    pub(crate) helper: RwSignal<HelperState>,
    /// The most recent catalogs in the helper's folder, or why they are not known.
    pub(crate) catalogs: RwSignal<Result<Vec<CatalogFile>, String>>,
    /// The tests of the connections, in the order of [`Connection::ALL`].
    pub(crate) tests: [RwSignal<TestState>; Connection::ALL.len()],
    /// What each connection is there for, in the same order.
    jobs: [Job; Connection::ALL.len()],
    /// When the state was read that came last.
    pub(crate) state_read_at: RwSignal<Option<String>>,
    /// What the user typed in as the helper's token; kept nowhere else.
    pub(crate) token: RwSignal<Option<String>>,
}

/// Whether there is a helper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum HelperState {
    /// There is none.
    Absent,
    /// The page comes from one that does not answer: it has ended, and the browser kept the page.
    Gone,
    /// It is asked what it is.
    Asking,
    /// It wants a token; whether it was given one that it does not take.
    TokenWanted {
        /// Whether one was given.
        refused: bool,
    },
    /// It has answered with its status.
    Found(Arc<Status>),
}

/// The test of a connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum TestState {
    /// It was not asked for.
    #[default]
    NotYet,
    /// It goes on, under a number.
    Going(u32),
    /// What came of it.
    Ended(TestResult),
}

/// What a connection is there for: something is fetched or published.
#[derive(Clone, Copy, Default)]
pub(crate) struct Job {
    /// How it stands.
    pub(crate) state: RwSignal<JobState>,
    stop: StoredValue<Option<RequestGuard>, LocalStorage>,
}

/// How a job stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum JobState {
    /// It was not asked for.
    #[default]
    Idle,
    /// It goes on, under a number.
    Going(u32, LiveStep),
    /// It was cancelled.
    Cancelled,
    /// It is done.
    Done(Arc<Done>),
    /// It came to nothing, and why.
    Failed(String),
    /// It came to nothing, and runs are to go on without it.
    GivenUp,
}

/// Who is at work on a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum LiveStep {
    /// The worker reports the ids of the employees, of a pick of the page.
    Ids(u32),
    /// The worker makes a ZIP, for the host that was typed in.
    Zip(Option<String>),
    /// The helper: how far it is in words, and how much of how much.
    Helper(String, Option<(u64, u64)>),
}

/// What came of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Done {
    /// In people's words.
    pub(crate) text: String,
    /// In two or three words: `fetched 09:12`.
    pub(crate) short: String,
    /// Whether nothing is missing of what was asked for.
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
            state_read_at: RwSignal::default(),
            token: RwSignal::default(),
        }
    }

    /// What a connection is there for.
    pub(crate) fn job(&self, connection: Connection) -> Job {
        self.jobs[connection as usize]
    }

    /// The test of a connection.
    pub(crate) fn test(&self, connection: Connection) -> RwSignal<TestState> {
        self.tests[connection as usize]
    }

    /// Where a connection goes, and the host that must be typed in, if it can be tried.
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

    /// The name of the most recent catalog of a kind in the helper's folder.
    pub(crate) fn catalog(&self, kind: FileKind) -> Option<String> {
        self.catalogs.with(|catalogs| {
            let catalogs = catalogs.as_ref().ok()?;
            catalogs.iter().find(|one| one.kind == kind && one.most_recent).map(|one| one.name.clone())
        })
    }

    /// The sources that failed and that nobody chose to go on without.
    pub(crate) fn failed(&self) -> Vec<Connection> {
        let is_failed = |connection: &Connection| {
            *connection != Connection::SftpOutbound
                && self.job(*connection).state.with(|state| matches!(state, JobState::Failed(_)))
        };
        Connection::ALL.into_iter().filter(is_failed).collect()
    }

    /// What keeps a run from being started, in plain words: a source that is at work, or one that failed and that
    /// nobody chose to go on without.
    pub(crate) fn missing(&self) -> Vec<String> {
        let going = Connection::ALL.into_iter().filter(|connection| self.job(*connection).is_going());
        let going = going.map(|connection| {
            format!("{} are still under way: wait, or cancel that where you asked for it.", subject(connection))
        });
        let failed = self.failed();
        if !failed.is_empty() && self.helper.with(|helper| *helper == HelperState::Gone) {
            let words = "The helper does not answer: start it and look again under \"Live sources\", or choose \"Go on \
                         without\" there.";
            return going.chain([words.to_owned()]).collect();
        }
        let failed = failed.into_iter().map(|connection| {
            format!(
                "{} could not be had: try again under \"Live sources\", or choose \"Go on without\" there.",
                subject(connection)
            )
        });
        going.chain(failed).collect()
    }
}

impl Job {
    /// Starts, under a number; what listens to the signal ends when the job does.
    pub(crate) fn start(self, number: u32, step: LiveStep) {
        self.stop.set_value(RequestGuard::new());
        self.state.set(JobState::Going(number, step));
    }

    /// What a request of this job listens to.
    pub(crate) fn signal(self) -> Option<AbortSignal> {
        self.stop.with_value(|stop| stop.as_ref().map(RequestGuard::signal))
    }

    /// Whether it goes on.
    pub(crate) fn is_going(self) -> bool {
        self.state.with(|state| matches!(state, JobState::Going(..)))
    }

    /// Whether it goes on under this number: what comes for another is dropped.
    pub(crate) fn is_current(self, number: u32) -> bool {
        self.state.with_untracked(|state| matches!(state, JobState::Going(current, _) if *current == number))
    }

    /// Tells how far the helper is.
    pub(crate) fn progress(self, number: u32, text: String, part: Option<(u64, u64)>) {
        if self.is_current(number) {
            self.state.set(JobState::Going(number, LiveStep::Helper(text, part)));
        }
    }

    /// Ends, and ends what listens.
    pub(crate) fn end(self, state: JobState) {
        self.state.set(state);
        self.stop.set_value(None);
    }
}

/// What a connection brings or takes, to begin a sentence with.
fn subject(connection: Connection) -> &'static str {
    match connection {
        Connection::SftpInbound => "The catalogs",
        Connection::SftpOutbound => "The files to publish",
        Connection::Recommender => "The recommendations",
        Connection::Databricks => "The open assignments and completions",
    }
}
