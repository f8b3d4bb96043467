//! A run's files and the catalogs it was made from, to the outbound server.
//!
//! Each file goes under a temporary name that no other call has ([`TemporaryName`]), its size is compared, then it
//! gets its own name; so two calls at a time do not meet in a file. A server that forbids such names or renames gets the
//! file under its own name at once. A name that exists is never overwritten: where it holds
//! the same bytes, that file is done already (so a second call after a failure finishes the rest, and two runs of one day
//! may share their catalogs); where it holds others, nothing is sent at all. Where a server does not let us look, the file
//! gets its name by a request that fails for an existing one: a link, or the exclusive creation of the file.
//! Fake data in production would be a disaster, so a destination that looks like it is refused.

use btcfake_core::text::note::Note;
use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use btcfake_core::breakage::BreakList;
use btcfake_core::format::file_name::{FileKind, VendorName};
use btcfake_core::format::input_role::InputRole;
use btcfake_core::record::run_record::RunRecord;
use btcfake_core::text::digest::ByteDigest;
use btcfake_core::text::visible::{quoted, shown_whole};

use super::client::{SftpClient, Work};
use super::packets::Attributes;
use super::problem::{SftpProblem, SftpProblemKind};
use super::session::{Expected, SftpSession};
use super::transfer::{Stop, Told, digest, in_folder, until_stopped, upload};
use crate::configuration::{SftpSettings, TemporaryName};
use crate::files::reading::{open_found, read_found};
use crate::terminal::console::shown_path;
use crate::terminal::failure::Failure;

/// The files that a run publishes, all of them checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RunFiles {
    /// The files: catalogs first, then what the run made.
    pub(crate) files: Vec<RunFile>,
    /// What should be told: catalogs that do not go.
    pub(crate) notes: Vec<Note>,
}

/// A file to publish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RunFile {
    /// Its name.
    pub(crate) name: String,
    /// Where it is.
    pub(crate) path: PathBuf,
    /// Its size in bytes.
    pub(crate) bytes: u64,
    /// Its SHA-256.
    pub(crate) sha256: String,
}

/// What is needed to tell whether a destination is production, and whether that is meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Production {
    /// The value of BTCFAKE_ENV.
    pub(crate) environment: Option<String>,
    /// Whether publishing to production is allowed, in so many words.
    pub(crate) allowed: bool,
}

/// What came of publishing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Published {
    /// The files, all of which are there now.
    pub(crate) files: Vec<PublishedFile>,
    /// What should be told.
    pub(crate) notes: Vec<Note>,
}

/// A file that is on the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PublishedFile {
    /// Its name.
    pub(crate) name: String,
    /// Its size in bytes.
    pub(crate) bytes: u64,
    /// Whether it was sent now; else the same bytes were there.
    pub(crate) sent: bool,
}

/// How long a file that is not whole must have been left alone to be taken away: a call that hears nothing for half a
/// minute ends, and clocks differ.
const LEFT_AFTER: Duration = Duration::from_secs(60 * 60);

/// What a call knows of the server's folder.
#[derive(Default)]
struct Known {
    /// What is there of each file; nothing as long as it is not known, or where there is no such name.
    files: Vec<Option<There>>,
    /// The files of broken tries that are not whole and may still be there.
    left: Vec<String>,
    /// Files that are not whole and that the server does not remove, each with its reason.
    stuck: BTreeMap<String, String>,
    /// What should be reported.
    notes: Vec<Note>,
    /// Whether the server forbids temporary names or renames, so that files are written under their own names.
    is_direct: bool,
}

/// Where files go.
struct Destination<'a> {
    folder: &'a str,
    temporary: &'a TemporaryName,
    /// The problem that the folder is not there.
    no_folder: SftpProblem,
}

/// What is on the server under the name of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum There {
    /// The file, which was sent now.
    Sent,
    /// The same bytes, from before or from another call.
    Found,
    /// Other bytes.
    Another,
}

impl Known {
    /// What is not whole and may still be there, for messages; nothing where there is none.
    fn left_behind(&self) -> Option<String> {
        let left = self.left.iter().map(|path| format!("{path} (the connection broke before it was removed)"));
        let stuck = self.stuck.iter().map(|(path, reason)| format!("{path} ({reason})"));
        let left: Vec<String> = left.chain(stuck).collect();
        (!left.is_empty()).then(|| format!("left there, to be removed by hand: {}", left.join(", ")))
    }

    /// The files of a run of which nothing is known to be there, and their places in the list.
    fn open<'a>(&self, run: &'a RunFiles) -> Vec<(usize, &'a RunFile)> {
        run.files.iter().enumerate().filter(|(at, _)| self.files[*at].is_none()).collect()
    }
}

/// The run file of a folder: the one that is named, or the only one.
///
/// # Errors
/// None, or several of which none is named.
pub(crate) fn find_run(folder: &Path, named: Option<&Path>) -> Result<PathBuf, Failure> {
    if let Some(named) = named {
        let inside = folder.join(named);
        return Ok(if inside.is_file() { inside } else { named.to_owned() });
    }
    let listing = fs::read_dir(folder).map_err(|said| Failure::file(folder, "list", said))?;
    let mut runs: Vec<String> = listing
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| VendorName::parse(name).is_some_and(|name| name.kind == FileKind::Run))
        .collect();
    runs.sort();
    match &runs[..] {
        [] => Err(Failure::Other(format!(
            "{}: there is no run in this folder (no run_....json); `btcfake simulate` makes one",
            shown_path(folder)
        ))),
        [one] => Ok(folder.join(one)),
        several => Err(Failure::Usage(format!(
            "{}: there are {} runs in this folder; name one by --run: {}",
            shown_path(folder),
            several.len(),
            shown_whole(&several.join(", "))
        ))),
    }
}

/// The files that a run publishes: what it made, beside its run file, and the catalogs that it was made from, where they
/// were or in `local_dir`. All of them are what the run file says, to the byte.
///
/// # Errors
/// A file that is missing or was changed since.
pub(crate) fn run_files(run_file: &Path, local_dir: &Path) -> Result<RunFiles, Failure> {
    let bytes = read_found(run_file).map_err(|said| Failure::file(run_file, "read", said))?;
    let record =
        RunRecord::from_bytes(&bytes).map_err(|said| Failure::Other(format!("{}: {said}", shown_path(run_file))))?;
    let folder = run_file.parent().unwrap_or(Path::new(""));
    let mut found = RunFiles { files: Vec::new(), notes: Vec::new() };
    if !record.broken.is_empty() {
        let list = BreakList::behind(&record.broken).text();
        let text = format!("this feed was broken on purpose and goes as it is: {list}");
        found.notes.push(Note::remark(text));
    }
    for (role, kind) in [
        (InputRole::CourseCatalog, FileKind::CourseCatalog),
        (InputRole::StandaloneContent, FileKind::StandAloneContent),
    ] {
        let Some(input) = record.inputs.iter().find(|input| input.role == role) else {
            found.notes.push(Note::remark(format!("no {} goes: the run was made without one", kind.prefix())));
            continue;
        };
        if input.built_in {
            let text = format!("no {} goes: the run was made from the built-in sample", kind.prefix());
            found.notes.push(Note::remark(text));
            continue;
        }
        let name = plain(&input.name, run_file)?;
        let mut places: Vec<PathBuf> = input.path.iter().map(|path| folder.join(path)).collect();
        places.extend([folder.join(name), local_dir.join(name)]);
        let path = find_same(&places, input.bytes, &input.sha256)?;
        if VendorName::parse(name).is_none_or(|name| name.kind != kind) {
            let text = format!("{name} is no name that BTC gives to a {}; it goes as it is", kind.prefix());
            found.notes.push(Note::warning(text));
        }
        found.files.push(RunFile { name: name.to_owned(), path, bytes: input.bytes, sha256: input.sha256.clone() });
    }
    for output in &record.outputs {
        let name = plain(&output.name, run_file)?;
        let path = find_same(&[folder.join(name)], output.bytes, &output.sha256)?;
        found.files.push(RunFile { name: name.to_owned(), path, bytes: output.bytes, sha256: output.sha256.clone() });
    }
    Ok(found)
}

/// Whether a folder or a host looks like production: a word `prod` in its path or name, as in `prod1` or `retail-prod`.
pub(crate) fn is_production(place: &str) -> bool {
    let is_prod = |word: &str| ["prod", "prd", "production"].iter().any(|prod| word.eq_ignore_ascii_case(prod));
    let mut word = String::new();
    for c in place.chars().chain(['/']) {
        let ends = !c.is_alphabetic() || (c.is_uppercase() && word.ends_with(char::is_lowercase));
        if ends {
            if is_prod(&word) {
                return true;
            }
            word.clear();
        }
        if c.is_alphabetic() {
            word.push(c);
        }
    }
    false
}

/// Refuses a destination that looks like production, unless that is meant.
///
/// # Errors
/// A destination that is refused.
pub(crate) fn refuse_production(settings: &SftpSettings, production: &Production) -> Result<(), SftpProblem> {
    let path = settings.remote_path.as_deref().unwrap_or_default();
    let environment = production.environment.as_deref().unwrap_or_default();
    let why = if is_production(environment) {
        format!("BTCFAKE_ENV is {environment}")
    } else if is_production(path) {
        format!("the path {path} looks like production")
    } else if is_production(&settings.host) {
        format!("the host {} looks like production", settings.host)
    } else {
        return Ok(());
    };
    if production.allowed {
        return Ok(());
    }
    Err(production_problem(&settings.host, &why))
}

fn production_problem(host: &str, why: &str) -> SftpProblem {
    let said = format!("{why}, and fake data must not get there; nothing was sent");
    SftpProblem::new(SftpProblemKind::NotAllowed, host, said, "check the settings, or give --allow-production")
}

/// Publishes a run's files. On return all of them are there.
///
/// # Errors
/// Whatever stands in the way; the text says exactly which files are there then.
pub(crate) async fn publish(
    settings: &SftpSettings,
    run: &RunFiles,
    production: &Production,
    told: Told<'_>,
    stop: Stop<'_>,
) -> Result<Published, Failure> {
    SftpClient::new(settings).publish(run, production, told, stop).await
}

impl SftpClient<'_> {
    /// As [`publish`].
    ///
    /// # Errors
    /// Whatever stands in the way.
    pub(crate) async fn publish(
        &mut self,
        run: &RunFiles,
        production: &Production,
        told: Told<'_>,
        stop: Stop<'_>,
    ) -> Result<Published, Failure> {
        refuse_production(self.settings, production).map_err(SftpProblem::into_failure)?;
        let folder = self.remote_path().map_err(SftpProblem::into_failure)?;
        let mut known = Known { files: vec![None; run.files.len()], ..Known::default() };
        let (settings, no_folder) = (self.settings, self.no_folder(folder));
        let to = Destination { folder, temporary: &settings.temporary_name, no_folder };
        let work = Publish { settings, to: &to, run, production, known: &mut known };
        let done = self.retrying(work, told, stop).await;
        if let Err(problem) = done {
            return Err(failed(folder, run, &known, problem));
        }
        let files = run.files.iter().zip(&known.files).map(|(file, there)| PublishedFile {
            name: file.name.clone(),
            bytes: file.bytes,
            sent: *there == Some(There::Sent),
        });
        let left = known.left_behind().map(Note::warning);
        let notes = run.notes.iter().chain(&known.notes).cloned().chain(left);
        Ok(Published { files: files.collect(), notes: notes.collect() })
    }
}

/// Publishes what is not known to be there.
struct Publish<'a> {
    settings: &'a SftpSettings,
    to: &'a Destination<'a>,
    run: &'a RunFiles,
    production: &'a Production,
    known: &'a mut Known,
}

impl Work for Publish<'_> {
    type Output = ();

    async fn once(&mut self, session: &mut SftpSession, told: Told<'_>, stop: Stop<'_>) -> Result<(), SftpProblem> {
        refuse_real_production(session, self.settings, self.to, self.production, stop).await?;
        publish_once(session, self.to, self.run, self.known, told, stop).await
    }
}

/// Refuses a path that looks harmless and leads to production.
async fn refuse_real_production(
    session: &mut SftpSession,
    settings: &SftpSettings,
    to: &Destination<'_>,
    production: &Production,
    stop: Stop<'_>,
) -> Result<(), SftpProblem> {
    let places = match until_stopped(stop, session.real_path(to.folder)).await {
        // Not every server answers this, nor to everybody.
        Err(problem) if problem.is_refusal() => return Ok(()),
        places => places?,
    };
    if let Some(real) = places.iter().find(|real| is_production(real)).filter(|_| !production.allowed) {
        let why = format!("the path {} leads to {real}, which looks like production", to.folder);
        return Err(production_problem(&settings.host, &why));
    }
    Ok(())
}

/// One try: what is known to be there is left alone.
async fn publish_once(
    session: &mut SftpSession,
    to: &Destination<'_>,
    run: &RunFiles,
    known: &mut Known,
    told: Told<'_>,
    stop: Stop<'_>,
) -> Result<(), SftpProblem> {
    // Some servers hide a folder that may only be written to: creating a file in it shows whether it is there.
    let is_hidden = match until_stopped(stop, session.attributes(to.folder)).await {
        Ok(Some(attributes)) if !attributes.may_be_folder() => return Err(to.no_folder.clone()),
        Ok(there) => there.is_none(),
        Err(problem) if problem.is_refusal() => false,
        Err(problem) => return Err(problem),
    };
    match send_missing(session, to, run, known, told, stop).await {
        Err(problem) if is_hidden && problem.kind != SftpProblemKind::Exists && problem.is_refusal() => {
            Err(to.no_folder.clone())
        }
        done => done,
    }
}

/// Sends what is not there, once it is known that no other file has one of the names.
async fn send_missing(
    session: &mut SftpSession,
    to: &Destination<'_>,
    run: &RunFiles,
    known: &mut Known,
    told: Told<'_>,
    stop: Stop<'_>,
) -> Result<(), SftpProblem> {
    let folder = to.folder;
    let listed = until_stopped(stop, listing(session, to, run)).await?;
    until_stopped(stop, clear_leftovers(session, to, run, &listed, known)).await?;
    let mut others = Vec::new();
    let mut is_absent = vec![false; run.files.len()];
    for (at, file) in known.open(run) {
        match until_stopped(stop, what_is_there(session, folder, file, listed.get(&file.name), told)).await? {
            WhatIsThere::Nothing => is_absent[at] = true,
            WhatIsThere::Unknown => {}
            WhatIsThere::Same => known.files[at] = Some(There::Found),
            WhatIsThere::Another(how) => {
                known.files[at] = Some(There::Another);
                others.push(format!("{} ({how})", file.name));
            }
        }
    }
    if !others.is_empty() {
        return Err(another_is_there(session.shown(folder), &others.join(", ")));
    }
    for (at, file) in known.open(run) {
        match send(session, to, file, is_absent[at], known, told, stop).await? {
            WhatIsThere::Same => known.files[at] = Some(There::Found),
            WhatIsThere::Nothing | WhatIsThere::Unknown => known.files[at] = Some(There::Sent),
            WhatIsThere::Another(how) => {
                known.files[at] = Some(There::Another);
                return Err(another_is_there(session.shown(folder), &format!("{} ({how})", file.name)));
            }
        }
    }
    Ok(())
}

fn another_is_there(place: String, which: &str) -> SftpProblem {
    let said = format!("there is another file of this name already: {which}");
    let mend = "nothing is overwritten; make a new run, or remove what is there";
    SftpProblem::new(SftpProblemKind::Exists, place, said, mend)
}

/// What the server lists of a run's files and of their temporary names. Empty where it does not list: who may only write
/// there must not see what is there.
async fn listing(
    session: &mut SftpSession,
    to: &Destination<'_>,
    run: &RunFiles,
) -> Result<BTreeMap<String, Attributes>, SftpProblem> {
    let is_of_run = |name: &str| run.files.iter().any(|file| file.name == name);
    let is_wanted = |name: &str| is_of_run(name) || to.temporary.whole(name).is_some_and(is_of_run);
    match session.list(to.folder, &is_wanted).await {
        Err(problem) if does_not_list(&problem) => Ok(BTreeMap::new()),
        listed => Ok(listed?.names.into_iter().map(|named| (named.name, named.attributes)).collect()),
    }
}

/// Whether a folder is not listed, or its listing is of no use: what is there can be asked by name.
fn does_not_list(problem: &SftpProblem) -> bool {
    problem.is_refusal() || problem.kind == SftpProblemKind::TooLarge
}

/// Takes away what broken calls left of a run's files: what this call's own tries did, and what nobody has written to for
/// long. Another call's file may be on its way.
async fn clear_leftovers(
    session: &mut SftpSession,
    to: &Destination<'_>,
    run: &RunFiles,
    listed: &BTreeMap<String, Attributes>,
    known: &mut Known,
) -> Result<(), SftpProblem> {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let is_old = |modified: u32| now.checked_sub(LEFT_AFTER).is_some_and(|limit| u64::from(modified) < limit.as_secs());
    let is_of_run = |name: &str| run.files.iter().any(|file| file.name == name);
    let old = listed.iter().filter(|(name, attributes)| {
        attributes.modified.is_some_and(is_old) && to.temporary.whole(name).is_some_and(is_of_run)
    });
    for name in old.map(|(name, _)| name) {
        let path = in_folder(to.folder, name);
        if !known.left.contains(&path) && !known.stuck.contains_key(&path) {
            known.left.push(path);
        }
    }
    for path in known.left.clone() {
        take_away(session, &path, known).await?;
    }
    Ok(())
}

/// Removes a file that is not whole. One that the server does not remove is noted.
async fn take_away(session: &mut SftpSession, path: &str, known: &mut Known) -> Result<(), SftpProblem> {
    match session.remove(path).await {
        Err(problem) if !problem.is_refusal() => return Err(problem),
        Err(problem) if problem.kind != SftpProblemKind::NotFound => {
            known.stuck.insert(path.to_owned(), problem.said);
        }
        _ => {}
    }
    known.left.retain(|left| left != path);
    Ok(())
}

enum WhatIsThere {
    Nothing,
    /// The server does not let us look.
    Unknown,
    Same,
    Another(String),
}

/// What is on the server under a file's name: `listed` is what a listing has of it. Where the server's answers differ, the
/// file's bytes decide.
async fn what_is_there(
    session: &mut SftpSession,
    folder: &str,
    file: &RunFile,
    listed: Option<&Attributes>,
    told: Told<'_>,
) -> Result<WhatIsThere, SftpProblem> {
    let path = in_folder(folder, &file.name);
    let looked_at = match session.attributes(&path).await {
        Ok(None) if listed.is_none() => return Ok(WhatIsThere::Nothing),
        Ok(looked_at) => looked_at,
        Err(problem) if problem.is_refusal() => None,
        Err(problem) => return Err(problem),
    };
    let is_there = looked_at.is_some() || listed.is_some();
    let sizes: Vec<u64> = [looked_at.as_ref(), listed].into_iter().flatten().filter_map(|there| there.size).collect();
    if let Some(size) = sizes.iter().max().filter(|_| !sizes.contains(&file.bytes)) {
        return Ok(WhatIsThere::Another(format!("{size} bytes, ours has {}", file.bytes)));
    }
    let expected = Expected { size: Some(file.bytes), modified: None, largest: file.bytes };
    match digest(session, &path, &file.name, expected, told).await {
        Ok((_, sha256)) if sha256 == file.sha256 => Ok(WhatIsThere::Same),
        Ok(_) => Ok(WhatIsThere::Another("the same size, other bytes".to_owned())),
        Err(problem) if problem.kind == SftpProblemKind::TooLarge => {
            Ok(WhatIsThere::Another(format!("more bytes than ours, which has {}", file.bytes)))
        }
        Err(problem) if problem.kind == SftpProblemKind::NotFound => Ok(WhatIsThere::Nothing),
        Err(problem) if problem.is_refusal() && is_there => {
            Ok(WhatIsThere::Another("the same size; the server does not let us compare the bytes".to_owned()))
        }
        Err(problem) if problem.is_refusal() => Ok(WhatIsThere::Unknown),
        Err(problem) => Err(problem),
    }
}

/// Sends one file: under a temporary name and then under its own, or at once under its own. What was there by then is the
/// answer: nothing, or a file that another call brought meanwhile.
async fn send(
    session: &mut SftpSession,
    to: &Destination<'_>,
    file: &RunFile,
    is_absent: bool,
    known: &mut Known,
    told: Told<'_>,
    stop: Stop<'_>,
) -> Result<WhatIsThere, SftpProblem> {
    let random = getrandom::u64().map_err(|said| {
        let said = format!("the system gives no random numbers: {said}");
        SftpProblem::new(SftpProblemKind::Local, "the transfer", said, "")
    })?;
    if let Some(name) = to.temporary.of(&file.name, random).filter(|_| !known.is_direct) {
        let partial = in_folder(to.folder, &name);
        let Some(hindrance) = send_by(session, to, file, &partial, is_absent, known, told, stop).await? else {
            return Ok(WhatIsThere::Nothing);
        };
        match until_stopped(stop, what_is_there(session, to.folder, file, None, told)).await? {
            WhatIsThere::Nothing | WhatIsThere::Unknown => {}
            there => return Ok(there),
        }
        known.is_direct = true;
        known.notes.push(Note::warning(format!(
            "{}; files are written under their own names at once (SFTP_OUTBOUND_TEMPORARY_NAME=none does so from \
             the start)",
            hindrance.said_at()
        )));
    }
    send_directly(session, to, file, known, told, stop).await
}

/// Sends a file under a temporary name, then gives it its own. What keeps it from having such a name, or from getting its
/// own one, comes back.
#[allow(clippy::too_many_arguments)]
async fn send_by(
    session: &mut SftpSession,
    to: &Destination<'_>,
    file: &RunFile,
    partial: &str,
    is_absent: bool,
    known: &mut Known,
    told: Told<'_>,
    stop: Stop<'_>,
) -> Result<Option<SftpProblem>, SftpProblem> {
    let mut created = false;
    known.left.push(partial.to_owned());
    let sending = send_bytes(session, to, file, partial, &mut created, &mut known.notes, told);
    let sent = until_stopped(stop, sending).await;
    let hindrance = match sent {
        // From here to the end of the renaming nobody stops it, so that what is there is known. A server that hides this
        // file may hide another one, too.
        Ok(seen) => match give_name(session, to, file, partial, is_absent && seen.is_shown(), known).await {
            Ok(()) => return Ok(None),
            Err(problem) if problem.is_refusal() => Ok(Some(problem)),
            Err(problem) => Err(problem),
        },
        Err(problem) if problem.kind == SftpProblemKind::NotFound && !created => {
            known.left.retain(|left| left != partial);
            return Err(to.no_folder.clone());
        }
        Err(problem) if problem.is_refusal() && !created => {
            known.left.retain(|left| left != partial);
            return Ok(Some(problem));
        }
        Err(problem) => Err(problem),
    };
    let is_broken = hindrance.as_ref().is_err_and(SftpProblem::is_broken);
    if !is_broken {
        // Best effort: the next try, or a later call, takes it away.
        let _ = tokio::time::timeout(REMOVING, take_away(session, partial, known)).await;
    }
    hindrance
}

/// How long the removal of a file may take when something else went wrong.
const REMOVING: Duration = Duration::from_secs(5);

/// Gives a file that was sent its own name, and looks whether it has it.
async fn give_name(
    session: &mut SftpSession,
    to: &Destination<'_>,
    file: &RunFile,
    partial: &str,
    is_absent: bool,
    known: &mut Known,
) -> Result<(), SftpProblem> {
    let path = in_folder(to.folder, &file.name);
    if is_absent {
        // Some servers rename over a file, and one may have come while ours was sent.
        if is_there(session, to.folder, &file.name).await? {
            return Err(another_is_there(session.shown(to.folder), &file.name));
        }
        session.rename(partial, &path).await?;
    } else {
        // A server may rename over a file that it does not let us see; a link never replaces one.
        session.link(partial, &path).await?;
    }
    let seen = check_size(session, to, file, &file.name).await?;
    let partial_name = partial.rsplit('/').next().unwrap_or(partial);
    let only_said = match is_absent {
        _ if seen.is_shown() => None,
        true => is_there(session, to.folder, partial_name).await?.then_some("renamed"),
        false => can_link_again(session, partial, &path).await?.then_some("linked"),
    };
    if let Some(done) = only_said {
        let said = format!("the server reported that it {done} it, and the file is not there");
        return Err(SftpProblem::new(SftpProblemKind::Server, session.shown(&path), said, "ask who runs it"));
    }
    if !is_absent {
        return take_away(session, partial, known).await;
    }
    let note = match seen {
        Seen::Whole | Seen::Sizeless => None,
        Seen::Absent => Some("it was sent and is not there any more; somebody may have taken it"),
        Seen::Hidden => Some("the server does not show it under its own name, so it was not compared"),
    };
    known.notes.extend(note.map(|note| Note::warning(format!("{}: {note}", file.name))));
    known.left.retain(|left| left != partial);
    Ok(())
}

/// Whether a file that has a second name, by the server's word, can be given it once more: then it does not have it.
async fn can_link_again(session: &mut SftpSession, from: &str, to: &str) -> Result<bool, SftpProblem> {
    match session.link(from, to).await {
        Err(problem) if problem.is_refusal() => Ok(false),
        linked => linked.map(|()| true),
    }
}

/// Whether the server shows a file of this name: by its attributes, or by a listing where it refuses these.
async fn is_there(session: &mut SftpSession, folder: &str, name: &str) -> Result<bool, SftpProblem> {
    match session.attributes(&in_folder(folder, name)).await {
        Err(problem) if problem.is_refusal() => {}
        looked_at => return Ok(looked_at?.is_some()),
    }
    match session.list(folder, &|listed| listed == name).await {
        Err(problem) if does_not_list(&problem) => Ok(false),
        listed => Ok(!listed?.names.is_empty()),
    }
}

/// Writes a file under its own name. A file that is there is never touched.
async fn send_directly(
    session: &mut SftpSession,
    to: &Destination<'_>,
    file: &RunFile,
    known: &mut Known,
    told: Told<'_>,
    stop: Stop<'_>,
) -> Result<WhatIsThere, SftpProblem> {
    let path = in_folder(to.folder, &file.name);
    let mut created = false;
    let sending = send_bytes(session, to, file, &path, &mut created, &mut known.notes, told);
    let Err(problem) = until_stopped(stop, sending).await else { return Ok(WhatIsThere::Nothing) };
    if created {
        known.left.push(path.clone());
        if !problem.is_broken() {
            let _ = tokio::time::timeout(REMOVING, take_away(session, &path, known)).await;
        }
        return Err(problem);
    }
    if problem.kind == SftpProblemKind::NotFound {
        return Err(to.no_folder.clone());
    }
    if !problem.is_refusal() {
        return Err(problem);
    }
    match until_stopped(stop, what_is_there(session, to.folder, file, None, told)).await? {
        WhatIsThere::Nothing => Err(problem),
        WhatIsThere::Unknown => {
            let said = format!("cannot create the file, or another one of this name is there: {}", problem.said);
            Err(SftpProblem { said, ..problem })
        }
        there => Ok(there),
    }
}

/// Writes a new file on the server and compares its size. A server that does not show it costs a note.
async fn send_bytes(
    session: &mut SftpSession,
    to: &Destination<'_>,
    file: &RunFile,
    path: &str,
    created: &mut bool,
    notes: &mut Vec<Note>,
    told: Told<'_>,
) -> Result<Seen, SftpProblem> {
    let (bytes, sha256) = upload(session, &file.path, path, &file.name, created, told).await?;
    if (bytes, &sha256) != (file.bytes, &file.sha256) {
        let place = shown_path(&file.path);
        let said = "the file was changed while it was sent";
        return Err(SftpProblem::new(SftpProblemKind::Local, place, said, "make a new run"));
    }
    let name = path.rsplit('/').next().unwrap_or(path);
    let seen = check_size(session, to, file, name).await?;
    let note = Note::warning(format!("{}: the server does not show its size, so it was not compared", file.name));
    if seen != Seen::Whole && !notes.contains(&note) {
        notes.push(note);
    }
    Ok(seen)
}

/// What a server shows of a file that was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seen {
    /// It has all its bytes.
    Whole,
    /// It is there; the server does not show how many bytes it has.
    Sizeless,
    /// The server says that it is not there.
    Absent,
    /// The server does not let us look.
    Hidden,
}

impl Seen {
    /// Whether the server shows that the file is there.
    fn is_shown(self) -> bool {
        matches!(self, Self::Whole | Self::Sizeless)
    }
}

/// Compares the size of a file that was sent with what the server says of it: by its attributes, else by a listing.
///
/// # Errors
/// `WrongSize`: the server shows another size.
async fn check_size(
    session: &mut SftpSession,
    to: &Destination<'_>,
    file: &RunFile,
    name: &str,
) -> Result<Seen, SftpProblem> {
    let path = in_folder(to.folder, name);
    let looked_at = match session.attributes(&path).await {
        Err(problem) if problem.is_refusal() => None,
        looked_at => Some(looked_at?),
    };
    let size = looked_at.flatten().and_then(|there| there.size);
    if size == Some(file.bytes) {
        return Ok(Seen::Whole);
    }
    let listed = match session.list(to.folder, &|listed| listed == name).await {
        Err(problem) if does_not_list(&problem) => None,
        listed => Some(listed?.names.into_iter().next()),
    };
    let listed_size = listed.as_ref().and_then(Option::as_ref).and_then(|named| named.attributes.size);
    if listed_size == Some(file.bytes) {
        return Ok(Seen::Whole);
    }
    match (looked_at, size.or(listed_size)) {
        (_, Some(size)) => {
            let said = format!("the server has {size} of {} bytes", file.bytes);
            Err(SftpProblem::new(SftpProblemKind::WrongSize, session.shown(&path), said, "try again"))
        }
        (Some(Some(_)), None) => Ok(Seen::Sizeless),
        (_, None) => Ok(match (looked_at, listed) {
            (_, Some(Some(_))) => Seen::Sizeless,
            (Some(None), _) | (_, Some(None)) => Seen::Absent,
            _ => Seen::Hidden,
        }),
    }
}

fn failed(folder: &str, run: &RunFiles, known: &Known, problem: SftpProblem) -> Failure {
    let list = |wanted: &[Option<There>]| {
        let pairs = run.files.iter().zip(&known.files).filter(|(_, there)| wanted.contains(there));
        pairs.map(|(file, _)| file.name.as_str()).collect::<Vec<_>>().join(", ")
    };
    let whole = list(&[Some(There::Sent), Some(There::Found)]);
    let stopped = problem.kind == SftpProblemKind::Stopped;
    let left = known.left_behind();
    // Where nothing was sent or found, the problem says it all.
    if whole.is_empty() && left.is_none() && !stopped {
        return problem.into_failure();
    }
    let mut said = match (stopped, whole.is_empty()) {
        (true, true) => "stopped before the end; nothing was sent".to_owned(),
        (true, false) => "stopped before the end".to_owned(),
        (false, _) => problem.to_string(),
    };
    if !whole.is_empty() {
        let (others, missing) = (list(&[Some(There::Another)]), list(&[None]));
        said.push_str(&format!("\nin {folder} now, whole: {whole}"));
        if !others.is_empty() {
            said.push_str(&format!("\nthere, with other bytes: {others}"));
        }
        if !missing.is_empty() {
            said.push_str(&format!("\nnot there: {missing}"));
        }
        if others.is_empty() {
            said.push_str("\nthe same call finishes the rest");
        }
    }
    if let Some(left) = left {
        said.push_str(&format!("\n{left}"));
    }
    Failure::Other(said)
}

fn plain<'a>(name: &'a str, run_file: &Path) -> Result<&'a str, Failure> {
    let is_plain = Path::new(name).file_name().is_some_and(|plain| plain == name)
        && !name.starts_with('.')
        && !name.contains(['/', '\\', ':'])
        && !name.chars().any(char::is_control);
    if is_plain {
        Ok(name)
    } else {
        Err(Failure::Other(format!("{}: {} is no plain name of a file", shown_path(run_file), quoted(name))))
    }
}

fn find_same(places: &[PathBuf], bytes: u64, sha256: &str) -> Result<PathBuf, Failure> {
    let mut changed = None;
    for path in places.iter().filter(|path| path.is_file()) {
        if digest_of(path)? == (bytes, sha256.to_owned()) {
            return Ok(path.clone());
        }
        changed.get_or_insert(path);
    }
    let places: Vec<String> = places.iter().map(|path| shown_path(path)).collect();
    Err(Failure::Other(match changed {
        Some(path) => format!(
            "{}: it is not what the run file says (its SHA-256 is another): it was changed since; nothing was sent",
            shown_path(path)
        ),
        None => format!("not found: {}; nothing was sent", places.join(" or ")),
    }))
}

fn digest_of(path: &Path) -> Result<(u64, String), Failure> {
    let mut file = open_found(path).map_err(|said| Failure::file(path, "read", said))?;
    let mut digest = ByteDigest::default();
    let mut buffer = vec![0; 1 << 20];
    loop {
        match file.read(&mut buffer).map_err(|said| Failure::file(path, "read", said))? {
            0 => return Ok(digest.finish()),
            read => digest.update(&buffer[..read]),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use btcfake_core::breakage::{Damage, Fault};
    use btcfake_core::format::feed_file::FeedFile;
    use btcfake_core::plan::settings::Settings;
    use btcfake_core::record::recorder::OutputRecorder;

    use super::*;

    #[test]
    fn production_is_a_word_of_the_path_or_host() {
        for (place, expected) in [
            ("/inbound/BTC/retailData/prod/vendor/mySephoraLearningV2", true),
            ("/inbound/BTC/retailData/prod1/vendor", true),
            ("/inbound/retail-prod", true),
            ("/inbound/PROD/x", true),
            ("/inbound/retailProd/x", true),
            ("upload/prod_2", true),
            ("/production", true),
            ("prod", true),
            ("/inbound/BTC/retailData/dev1/vendor/mySephoraLearningV2", false),
            ("/inbound/BTC/retailData/qa1/vendor", false),
            ("/products/reproduce/proddy", false),
            ("sftp-prod.example.com", true),
            ("prod.sftp.example.com", true),
            ("sftp.prod2.example.com", true),
            ("SFTPPRD01.example.com", false),
            ("internal-sftp.sephoraus.com", false),
            ("products.example.com", false),
            ("127.0.0.1", false),
            ("", false),
        ] {
            assert_eq!(is_production(place), expected, "{place}");
        }
    }

    /// A feed without its dummy file, as it was broken.
    #[test]
    fn a_broken_feed_goes_as_it_is_and_is_named_so() {
        let folder = tempfile::tempdir().unwrap();
        let name = "ContentUserCompletion_V2_2026_01_29_1_5fccff.csv";
        fs::write(folder.path().join(name), b"x").unwrap();
        let damage = Damage {
            fault: Fault::MissingFile,
            of: FeedFile::Dummy,
            file: "UserCompletion_v2_2026_1_29_1_5fccff.csv".to_owned(),
            line: None,
            text: "the file is left out".to_owned(),
        };
        let settings = Settings::new(chrono::DateTime::UNIX_EPOCH, 1);
        let record = RunRecord::new(settings, Vec::new(), vec![OutputRecorder::record(name, b"x")]);
        let run_file = folder.path().join("run_2026_1_29_1_5fccff.json");
        fs::write(&run_file, RunRecord { broken: vec![damage], ..record }.to_bytes()).unwrap();
        let run = run_files(&run_file, folder.path()).unwrap();
        assert_eq!(run.files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), [name]);
        assert_eq!(run.notes[0].text, "this feed was broken on purpose and goes as it is: missing-file@dummy");
    }

    #[test]
    fn the_only_run_of_a_folder_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        assert!(find_run(folder.path(), None).unwrap_err().to_string().contains("there is no run"));
        fs::write(path("run_2026_1_29_1_5fccff.json"), "{}").unwrap();
        fs::write(path("notes.json"), "{}").unwrap();
        assert_eq!(find_run(folder.path(), None).unwrap(), path("run_2026_1_29_1_5fccff.json"));
        fs::write(path("run_2026_1_30_1_abcdef.json"), "{}").unwrap();
        assert!(find_run(folder.path(), None).unwrap_err().to_string().contains("name one by --run"));
        let named = Path::new("run_2026_1_30_1_abcdef.json");
        assert_eq!(find_run(folder.path(), Some(named)).unwrap(), path("run_2026_1_30_1_abcdef.json"));
    }
}
