//! State of a publication over all its attempts: which files are on the server, and what was left there.

use std::collections::BTreeMap;

use btcfake_core::text::note::Note;

use super::problem::{SftpProblem, SftpProblemKind};
use super::run_files::{RunFile, RunFiles};
use crate::terminal::failure::Failure;

/// What a call has learned about the remote folder, over all its attempts.
#[derive(Default)]
pub(super) struct PublishState {
    /// State of each file of the run; `None` if unknown or absent.
    pub(super) files: Vec<Option<FileState>>,
    /// Paths of partial files from broken attempts that may still exist.
    pub(super) left: Vec<String>,
    /// Paths of partial files that the server refuses to remove, each with its reason.
    pub(super) stuck: BTreeMap<String, String>,
    /// Notes to print.
    pub(super) notes: Vec<Note>,
    /// True if the server forbids temporary names or renames, so files are written under their own names.
    pub(super) is_direct: bool,
}

/// State of a file of the run on the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FileState {
    /// Sent by this call.
    Sent,
    /// Not sent: the same bytes exist, from before or from another call.
    Found,
    /// Not sent: other bytes exist.
    Another,
}

impl PublishState {
    /// Message about partial files that may still exist; `None` if there are none.
    pub(super) fn left_behind(&self) -> Option<String> {
        let left = self.left.iter().map(|path| format!("{path} (the connection broke before it was removed)"));
        let stuck = self.stuck.iter().map(|(path, reason)| format!("{path} ({reason})"));
        let left: Vec<String> = left.chain(stuck).collect();
        (!left.is_empty()).then(|| format!("left there, to be removed by hand: {}", left.join(", ")))
    }

    /// Removes a partial file from the record, because it was removed or never created.
    pub(super) fn forget(&mut self, path: &str) {
        self.left.retain(|left| left != path);
    }

    /// Files whose state is unknown or which are absent, with their indices.
    pub(super) fn open<'a>(&self, run: &'a RunFiles) -> Vec<(usize, &'a RunFile)> {
        run.files.iter().enumerate().filter(|(at, _)| self.files[*at].is_none()).collect()
    }

    /// Failure of a publication: the problem, and which files are on the server by now.
    pub(super) fn failure(&self, folder: &str, run: &RunFiles, problem: SftpProblem) -> Failure {
        let list = |wanted: &[Option<FileState>]| {
            let pairs = run.files.iter().zip(&self.files).filter(|(_, there)| wanted.contains(there));
            pairs.map(|(file, _)| file.name.as_str()).collect::<Vec<_>>().join(", ")
        };
        let whole = list(&[Some(FileState::Sent), Some(FileState::Found)]);
        let stopped = problem.kind == SftpProblemKind::Stopped;
        let left = self.left_behind();
        // If nothing was sent or found, the problem alone is the message.
        if whole.is_empty() && left.is_none() && !stopped {
            return problem.into_failure();
        }
        let mut message = match (stopped, whole.is_empty()) {
            (true, true) => "stopped before the end; nothing was sent".to_owned(),
            (true, false) => "stopped before the end".to_owned(),
            (false, _) => problem.to_string(),
        };
        if !whole.is_empty() {
            let (others, missing) = (list(&[Some(FileState::Another)]), list(&[None]));
            message.push_str(&format!("\nin {folder} now, whole: {whole}"));
            if !others.is_empty() {
                message.push_str(&format!("\nthere, with other bytes: {others}"));
            }
            if !missing.is_empty() {
                message.push_str(&format!("\nnot there: {missing}"));
            }
            if others.is_empty() {
                message.push_str("\nthe same call finishes the rest");
            }
        }
        if let Some(left) = left {
            message.push_str(&format!("\n{left}"));
        }
        Failure::Other(message)
    }
}
