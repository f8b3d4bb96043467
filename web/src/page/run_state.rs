//! The states of the worker, of the last run, of its tables, and of its ZIP.

use std::sync::Arc;

use crate::messages::{Outcome, TableRows};
use crate::page::object_url::ObjectUrl;

/// The state of the worker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum WorkerState {
    /// It is being started.
    Starting,
    /// It listens.
    Ready,
    /// It never listened; the browser's reason.
    NotStarted(String),
    /// It broke down; the browser's reason.
    Dead(String),
}

/// The state of the last requested run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum RunState {
    /// There was none.
    NotYet,
    /// A run was requested while something was missing.
    Blocked,
    /// It is under way.
    Running(RunStart),
    /// It was cancelled.
    Cancelled,
    /// It failed; why.
    Failed(String),
    /// It is done; there are results.
    Done,
}

/// A run that was started.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct RunStart {
    /// Its number.
    pub(crate) run: u32,
    /// The number of changes of inputs and settings at its start.
    pub(crate) edits: u32,
    /// The time of its start, in milliseconds since 1970-01-01T00:00:00Z.
    pub(crate) at: f64,
}

/// The results of a run.
pub(crate) struct Results {
    /// The start of the run.
    pub(crate) start: RunStart,
    /// The duration in milliseconds.
    pub(crate) milliseconds: u64,
    /// The worker's results.
    pub(crate) outcome: Outcome,
    /// The addresses of its files, in the order of the outcome.
    pub(crate) urls: Vec<ObjectUrl>,
}

/// The state of a table of the last run.
#[derive(Clone)]
pub(crate) enum TableState {
    /// No rows were requested.
    Empty,
    /// Rows were requested, under a number; the last rows stay in view.
    Waiting(u32, Option<Arc<TableRows>>),
    /// The rows.
    Filled(Arc<TableRows>),
}

/// The ZIP of the last run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ArchiveState {
    /// It was not requested, or was downloaded.
    Idle,
    /// The worker makes it.
    Packing,
    /// It could not be made; why.
    Failed(String),
    /// The worker no longer has the run.
    Gone,
}

impl TableState {
    /// The rows to show.
    pub(crate) fn rows(&self) -> Option<&Arc<TableRows>> {
        match self {
            Self::Empty => None,
            Self::Waiting(_, rows) => rows.as_ref(),
            Self::Filled(rows) => Some(rows),
        }
    }
}
