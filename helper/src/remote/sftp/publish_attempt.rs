//! One attempt to publish a run's files: what is there is compared, what is missing is sent and gets its name.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use btcfake_core::text::note::Note;
use btcfake_core::text::words::number_text;
use tokio_util::sync::CancellationToken;

use super::file_read::Expected;
use super::packets::Attributes;
use super::problem::{Optional, SftpProblem, SftpProblemKind};
use super::publish_state::{FileState, PublishState};
use super::run_files::{RunFile, RunFiles};
use super::session::SftpSession;
use super::transfer::{OnEvent, digest, in_folder, until_cancelled, upload};
use crate::configuration::TemporaryName;
use crate::terminal::console::shown_path;

/// Minimum age of a partial file before it is removed as abandoned. A call without an answer for half a minute ends,
/// and clocks differ, so an hour is safe.
const LEFT_AFTER: Duration = Duration::from_secs(60 * 60);

/// Time limit for removing a partial file after a problem.
const REMOVING: Duration = Duration::from_secs(5);

/// Destination of the files.
pub(super) struct Destination<'a> {
    pub(super) folder: &'a str,
    pub(super) temporary: &'a TemporaryName,
    /// Problem to report if the folder does not exist.
    pub(super) no_folder: SftpProblem,
}

/// One attempt to publish the files that are not yet published.
pub(super) struct Attempt<'a> {
    pub(super) session: &'a mut SftpSession,
    pub(super) to: &'a Destination<'a>,
    pub(super) run: &'a RunFiles,
    pub(super) state: &'a mut PublishState,
    pub(super) on_event: OnEvent<'a>,
    pub(super) cancel: &'a CancellationToken,
}

impl Attempt<'_> {
    /// Publishes the files.
    ///
    /// # Errors
    /// An existing file with other bytes, or any problem of the server, the network or the local disk.
    pub(super) async fn publish(&mut self) -> Result<(), SftpProblem> {
        // Some servers hide a write-only folder: only creating a file in it shows whether it exists.
        let looked_at = until_cancelled(self.cancel, self.session.attributes(self.to.folder)).await.unless_refused()?;
        let is_hidden = match looked_at {
            Some(Some(attributes)) if !attributes.may_be_folder() => {
                return Err(self.to.no_folder.clone().of_a_file());
            }
            looked_at => looked_at == Some(None),
        };
        match self.send_missing().await {
            Err(problem) if is_hidden && problem.kind != SftpProblemKind::Exists && problem.is_refusal() => {
                Err(self.to.no_folder.clone())
            }
            done => done,
        }
    }

    /// Sends missing files, after checking that no other file has one of their names.
    async fn send_missing(&mut self) -> Result<(), SftpProblem> {
        let (run, cancel) = (self.run, self.cancel);
        let listed = until_cancelled(cancel, self.listing()).await?;
        until_cancelled(cancel, self.clear_leftovers(&listed)).await?;
        let mut others = Vec::new();
        let mut is_absent = vec![false; run.files.len()];
        for (at, file) in self.state.open(run) {
            match until_cancelled(cancel, self.remote_file(file, listed.get(&file.name))).await? {
                RemoteFile::Nothing => is_absent[at] = true,
                RemoteFile::Unknown => {}
                RemoteFile::Same => self.state.files[at] = Some(FileState::Found),
                RemoteFile::Another(how) => {
                    self.state.files[at] = Some(FileState::Another);
                    others.push(format!("{} ({how})", file.name));
                }
            }
        }
        if !others.is_empty() {
            return Err(another_is_there(self.session.shown(self.to.folder), &others.join(", ")));
        }
        for (at, file) in self.state.open(run) {
            match self.send(file, is_absent[at]).await? {
                RemoteFile::Same => self.state.files[at] = Some(FileState::Found),
                RemoteFile::Nothing | RemoteFile::Unknown => self.state.files[at] = Some(FileState::Sent),
                RemoteFile::Another(how) => {
                    self.state.files[at] = Some(FileState::Another);
                    let which = format!("{} ({how})", file.name);
                    return Err(another_is_there(self.session.shown(self.to.folder), &which));
                }
            }
        }
        Ok(())
    }

    /// Listing of the run's files and their temporary names. Empty if the listing is refused, as it may be for a
    /// write-only user, or too large.
    async fn listing(&mut self) -> Result<BTreeMap<String, Attributes>, SftpProblem> {
        let (run, temporary) = (self.run, self.to.temporary);
        let is_wanted = |name: &str| run.has(name) || temporary.whole(name).is_some_and(|name| run.has(name));
        match self.session.list(self.to.folder, &is_wanted).await {
            Err(problem) if does_not_list(&problem) => Ok(BTreeMap::new()),
            listed => Ok(listed?.names.into_iter().map(|named| (named.name, named.attributes)).collect()),
        }
    }

    /// Removes partial files of this run: those of this call's own attempts, and those that are older than
    /// `LEFT_AFTER`. Newer ones may belong to another call.
    async fn clear_leftovers(&mut self, listed: &BTreeMap<String, Attributes>) -> Result<(), SftpProblem> {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let is_old =
            |modified: u32| now.checked_sub(LEFT_AFTER).is_some_and(|limit| u64::from(modified) < limit.as_secs());
        for (name, attributes) in listed {
            let is_partial = self.to.temporary.whole(name).is_some_and(|name| self.run.has(name));
            let path = in_folder(self.to.folder, name);
            if is_partial
                && attributes.modified.is_some_and(is_old)
                && !self.state.left.contains(&path)
                && !self.state.stuck.contains_key(&path)
            {
                self.state.left.push(path);
            }
        }
        for path in self.state.left.clone() {
            self.take_away(&path).await?;
        }
        Ok(())
    }

    /// Removes a partial file. If the server refuses, the file is recorded as stuck.
    async fn take_away(&mut self, path: &str) -> Result<(), SftpProblem> {
        match self.session.remove(path).await {
            Err(problem) if !problem.is_refusal() => return Err(problem),
            Err(problem) if problem.kind != SftpProblemKind::NotFound => {
                self.state.stuck.insert(path.to_owned(), problem.message);
            }
            _ => {}
        }
        self.state.forget(path);
        Ok(())
    }

    /// Removes a partial file after a problem, unless that broke the connection. Best effort: the next attempt, or a
    /// later call, removes it.
    async fn take_away_after(&mut self, problem: Option<&SftpProblem>, path: &str) {
        if !problem.is_some_and(SftpProblem::is_broken) {
            let _ = tokio::time::timeout(REMOVING, self.take_away(path)).await;
        }
    }

    /// State of a file's name on the server. `listed` is its entry in a listing. If the server's answers disagree, the
    /// file's bytes decide.
    async fn remote_file(&mut self, file: &RunFile, listed: Option<&Attributes>) -> Result<RemoteFile, SftpProblem> {
        let path = in_folder(self.to.folder, &file.name);
        let looked_at = match self.session.attributes(&path).await.unless_refused()? {
            Some(None) if listed.is_none() => return Ok(RemoteFile::Nothing),
            looked_at => looked_at.flatten(),
        };
        let is_there = looked_at.is_some() || listed.is_some();
        let sizes: Vec<u64> =
            [looked_at.as_ref(), listed].into_iter().flatten().filter_map(|there| there.size).collect();
        let ours = number_text(file.bytes);
        if let Some(size) = sizes.iter().max().filter(|_| !sizes.contains(&file.bytes)) {
            return Ok(RemoteFile::Another(format!("{} bytes, ours has {ours}", number_text(*size))));
        }
        let expected = Expected { size: Some(file.bytes), modified: None, largest: file.bytes };
        match digest(self.session, &path, &file.name, expected, self.on_event).await {
            Ok((_, sha256)) if sha256 == file.sha256 => Ok(RemoteFile::Same),
            Ok(_) => Ok(RemoteFile::Another("the same size, other bytes".to_owned())),
            Err(problem) if problem.kind == SftpProblemKind::TooLarge => {
                Ok(RemoteFile::Another(format!("more bytes than ours, which has {ours}")))
            }
            Err(problem) if problem.kind == SftpProblemKind::NotFound => Ok(RemoteFile::Nothing),
            Err(problem) if problem.is_refusal() && is_there => {
                Ok(RemoteFile::Another("the same size; the server does not let us compare the bytes".to_owned()))
            }
            Err(problem) if problem.is_refusal() => Ok(RemoteFile::Unknown),
            Err(problem) => Err(problem),
        }
    }

    /// Sends one file: under a temporary name with a rename, or under its own name. Returns what was there by then:
    /// nothing, or a file that another call created meanwhile.
    async fn send(&mut self, file: &RunFile, is_absent: bool) -> Result<RemoteFile, SftpProblem> {
        let random = getrandom::u64().map_err(|message| {
            let message = format!("the system gives no random numbers: {message}");
            SftpProblem::new(SftpProblemKind::Local, "the transfer", message, "")
        })?;
        if let Some(name) = self.to.temporary.of(&file.name, random).filter(|_| !self.state.is_direct) {
            let partial = in_folder(self.to.folder, &name);
            let Some(hindrance) = self.send_by(file, &partial, is_absent).await? else {
                return Ok(RemoteFile::Nothing);
            };
            match until_cancelled(self.cancel, self.remote_file(file, None)).await? {
                RemoteFile::Nothing | RemoteFile::Unknown => {}
                there => return Ok(there),
            }
            self.state.is_direct = true;
            self.state.notes.push(Note::warning(format!(
                "{}: {}; files are written under their own names at once (SFTP_OUTBOUND_TEMPORARY_NAME=none does so from \
                 the start)",
                hindrance.place, hindrance.message
            )));
        }
        self.send_directly(file).await
    }

    /// Sends a file under a temporary name, then renames it. Returns the problem if the server refuses the temporary
    /// name or the rename.
    async fn send_by(
        &mut self,
        file: &RunFile,
        partial: &str,
        is_absent: bool,
    ) -> Result<Option<SftpProblem>, SftpProblem> {
        let mut created = false;
        self.state.left.push(partial.to_owned());
        let hindrance = match until_cancelled(self.cancel, self.send_bytes(file, partial, &mut created)).await {
            // Not stopped from here to the end of the rename, so that the result is state. A server that hides the
            // partial file may hide another file under the final name, too.
            Ok(visibility) => match self.give_name(file, partial, is_absent && visibility.is_shown()).await {
                Ok(()) => return Ok(None),
                Err(problem) if problem.is_refusal() => Ok(Some(problem)),
                Err(problem) => Err(problem),
            },
            Err(problem) if problem.is_refusal() && !created => {
                self.state.forget(partial);
                return match problem.kind {
                    SftpProblemKind::NotFound => Err(self.to.no_folder.clone()),
                    _ => Ok(Some(problem)),
                };
            }
            Err(problem) => Err(problem),
        };
        self.take_away_after(hindrance.as_ref().err(), partial).await;
        hindrance
    }

    /// Renames or links an uploaded file to its own name and checks the result.
    async fn give_name(&mut self, file: &RunFile, partial: &str, is_absent: bool) -> Result<(), SftpProblem> {
        let path = in_folder(self.to.folder, &file.name);
        if is_absent {
            // Some servers overwrite on rename, and another file may have come while this one was sent.
            if self.is_there(&file.name).await? {
                return Err(another_is_there(self.session.shown(self.to.folder), &file.name));
            }
            self.session.rename(partial, &path).await?;
        } else {
            // A server may overwrite a file that it does not show; a hard link never replaces one.
            self.session.link(partial, &path).await?;
        }
        let visibility = self.check_size(file, &file.name).await?;
        let only_said = match is_absent {
            _ if visibility.is_shown() => None,
            true => self.is_there(name_of(partial)).await?.then_some("renamed"),
            // A hard link that can be made once more was not made before.
            false => self.session.link(partial, &path).await.unless_refused()?.map(|()| "linked"),
        };
        if let Some(done) = only_said {
            let message = format!("the server reported that it {done} it, and the file is not there");
            let place = self.session.shown(&path);
            return Err(SftpProblem::new(SftpProblemKind::Server, place, message, "ask who runs it"));
        }
        if !is_absent {
            return self.take_away(partial).await;
        }
        let note = match visibility {
            Visibility::Whole | Visibility::Sizeless => None,
            Visibility::Absent => Some("it was sent and is not there any more; somebody may have taken it"),
            Visibility::Hidden => Some("the server does not show it under its own name, so it was not compared"),
        };
        self.state.notes.extend(note.map(|note| Note::warning(format!("{}: {note}", file.name))));
        self.state.forget(partial);
        Ok(())
    }

    /// True if the server shows a file of this name: by its attributes or, if those are refused, by a listing.
    async fn is_there(&mut self, name: &str) -> Result<bool, SftpProblem> {
        match self.session.attributes(&in_folder(self.to.folder, name)).await.unless_refused()? {
            Some(looked_at) => Ok(looked_at.is_some()),
            None => Ok(self.listed(name).await?.flatten().is_some()),
        }
    }

    /// A file's attributes by a listing of the folder; `Some(None)` if the listing does not contain the file, `None` if
    /// the server does not list the folder.
    async fn listed(&mut self, name: &str) -> Result<Option<Option<Attributes>>, SftpProblem> {
        match self.session.list(self.to.folder, &|listed| listed == name).await {
            Err(problem) if does_not_list(&problem) => Ok(None),
            listed => Ok(Some(listed?.names.into_iter().next().map(|named| named.attributes))),
        }
    }

    /// Writes a file under its own name, by exclusive creation: an existing file is never overwritten.
    async fn send_directly(&mut self, file: &RunFile) -> Result<RemoteFile, SftpProblem> {
        let path = in_folder(self.to.folder, &file.name);
        let mut created = false;
        let sent = until_cancelled(self.cancel, self.send_bytes(file, &path, &mut created)).await;
        let Err(problem) = sent else { return Ok(RemoteFile::Nothing) };
        if created {
            self.state.left.push(path.clone());
            self.take_away_after(Some(&problem), &path).await;
            return Err(problem);
        }
        if problem.kind == SftpProblemKind::NotFound {
            return Err(self.to.no_folder.clone());
        }
        if !problem.is_refusal() {
            return Err(problem);
        }
        match until_cancelled(self.cancel, self.remote_file(file, None)).await? {
            RemoteFile::Nothing => Err(problem),
            RemoteFile::Unknown => {
                let message =
                    format!("cannot create the file, or another one of this name is there: {}", problem.message);
                Err(SftpProblem { message, ..problem })
            }
            there => Ok(there),
        }
    }

    /// Uploads a new file and compares its size. If the server does not show the size, a note is added.
    async fn send_bytes(&mut self, file: &RunFile, path: &str, created: &mut bool) -> Result<Visibility, SftpProblem> {
        let (bytes, sha256) = upload(self.session, &file.path, path, &file.name, created, self.on_event).await?;
        if (bytes, &sha256) != (file.bytes, &file.sha256) {
            let place = shown_path(&file.path);
            let message = "the file was changed while it was sent";
            return Err(SftpProblem::new(SftpProblemKind::Local, place, message, "make a new run"));
        }
        let visibility = self.check_size(file, name_of(path)).await?;
        let note = Note::warning(format!("{}: the server does not show its size, so it was not compared", file.name));
        if visibility != Visibility::Whole && !self.state.notes.contains(&note) {
            self.state.notes.push(note);
        }
        Ok(visibility)
    }

    /// Compares the size of an uploaded file with its attributes, else with its entry in a listing.
    ///
    /// # Errors
    /// `WrongSize` if the server shows another size; any problem that breaks the connection.
    async fn check_size(&mut self, file: &RunFile, name: &str) -> Result<Visibility, SftpProblem> {
        let path = in_folder(self.to.folder, name);
        let looked_at = self.session.attributes(&path).await.unless_refused()?;
        let size_of = |there: Option<Option<Attributes>>| there.flatten().and_then(|there| there.size);
        if size_of(looked_at) == Some(file.bytes) {
            return Ok(Visibility::Whole);
        }
        let listed = self.listed(name).await?;
        if size_of(listed) == Some(file.bytes) {
            return Ok(Visibility::Whole);
        }
        if let Some(size) = size_of(looked_at).or(size_of(listed)) {
            let message = format!("the server has {} of {} bytes", number_text(size), number_text(file.bytes));
            return Err(SftpProblem::new(SftpProblemKind::WrongSize, self.session.shown(&path), message, "try again"));
        }
        Ok(match (looked_at, listed) {
            (Some(Some(_)), _) | (_, Some(Some(_))) => Visibility::Sizeless,
            (None, None) => Visibility::Hidden,
            _ => Visibility::Absent,
        })
    }
}

/// What exists on the server under the name of a file of the run.
enum RemoteFile {
    /// No file.
    Nothing,
    /// The server does not show whether a file exists.
    Unknown,
    /// A file with the same bytes.
    Same,
    /// A file with other bytes, or with bytes that cannot be compared; the text describes the difference.
    Another(String),
}

/// What the server shows of an uploaded file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Visibility {
    /// The file with its full size.
    Whole,
    /// The file without a size.
    Sizeless,
    /// No such file.
    Absent,
    /// Nothing: looking is refused.
    Hidden,
}

impl Visibility {
    /// True if the server shows that the file exists.
    fn is_shown(self) -> bool {
        matches!(self, Self::Whole | Self::Sizeless)
    }
}

fn another_is_there(place: String, which: &str) -> SftpProblem {
    let message = format!("there is another file of this name already: {which}");
    let mend = "nothing is overwritten; make a new run, or remove what is there";
    SftpProblem::new(SftpProblemKind::Exists, place, message, mend)
}

/// True if a listing is refused or too large; files can still be looked up by name.
fn does_not_list(problem: &SftpProblem) -> bool {
    problem.is_refusal() || problem.kind == SftpProblemKind::TooLarge
}

fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
