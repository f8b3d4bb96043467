//! Publication of a run on the outbound server: its files, and the catalogs it was made from.
//!
//! Each file is uploaded under a temporary name that no other call uses, its size is compared, and it is renamed; so two
//! calls at a time never write to the same file. If a server forbids such names or renames, the file is written under
//! its own name directly. An existing file is never overwritten. If it has the same bytes, it counts as published: a
//! second call after a failure finishes the rest, and two runs of one day may share their catalogs. If it has other
//! bytes, nothing is sent. If a server does not show whether a file exists, the file gets its name by a request that
//! fails for an existing one: a hard link, or exclusive creation. A destination that looks like production is refused.

use btcfake_core::text::note::Note;
use btcfake_core::text::production::is_production;

use super::client::SftpClient;
use super::problem::{Optional, SftpProblem};
use super::production_guard::{Production, production_problem, refuse_production};
use super::publish_attempt::{Attempt, Destination};
use super::publish_state::{FileState, PublishState};
use super::run_files::RunFiles;
use super::transfer::until_cancelled;
use crate::terminal::failure::Failure;

/// Result of publishing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Published {
    /// Published files: the whole run.
    pub(crate) files: Vec<PublishedFile>,
    /// Notes to print.
    pub(crate) notes: Vec<Note>,
}

/// File that is on the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PublishedFile {
    /// File name.
    pub(crate) name: String,
    /// Its size in bytes.
    pub(crate) bytes: u64,
    /// True if this call sent it; false if the same bytes existed.
    pub(crate) sent: bool,
}

impl SftpClient<'_> {
    /// Publishes a run's files. On success all of them are on the server.
    ///
    /// # Errors
    /// A production destination, an existing file with other bytes, or any problem of connecting or sending. The
    /// message lists the files that are on the server by then.
    pub(crate) async fn publish(&mut self, run: &RunFiles, production: &Production) -> Result<Published, Failure> {
        refuse_production(self.settings, production).map_err(SftpProblem::into_failure)?;
        let folder = self.remote_path().map_err(SftpProblem::into_failure)?;
        let mut state = PublishState { files: vec![None; run.files.len()], ..PublishState::default() };
        let (settings, no_folder) = (self.settings, self.no_folder(folder));
        let to = Destination { folder, temporary: &settings.temporary_name, no_folder };
        let done = loop {
            let tried = self.publish_once(&to, run, production, &mut state).await;
            match self.settled(tried).await {
                Ok(None) => {}
                settled => break settled,
            }
        };
        if let Err(problem) = done {
            return Err(state.failure(folder, run, problem));
        }
        let files = run.files.iter().zip(&state.files).map(|(file, there)| PublishedFile {
            name: file.name.clone(),
            bytes: file.bytes,
            sent: *there == Some(FileState::Sent),
        });
        let left = state.left_behind().map(Note::warning);
        let notes = run.notes.iter().chain(&state.notes).cloned().chain(left);
        Ok(Published { files: files.collect(), notes: notes.collect() })
    }

    /// Publishes the files that are not known to be on the server.
    async fn publish_once(
        &mut self,
        to: &Destination<'_>,
        run: &RunFiles,
        production: &Production,
        state: &mut PublishState,
    ) -> Result<(), SftpProblem> {
        let host = &self.settings.host.name;
        let (session, on_event, cancel) = self.connected().await?;
        // Optional: not every server answers this request, nor for every user.
        let places = until_cancelled(cancel, session.real_path(to.folder)).await.unless_refused()?.unwrap_or_default();
        if let Some(real) = places.iter().find(|real| is_production(real)).filter(|_| !production.allowed) {
            let why = format!("the path {} leads to {real}, which looks like production", to.folder);
            return Err(production_problem(host, &why));
        }
        Attempt { session, to, run, state, on_event, cancel }.publish().await
    }
}
