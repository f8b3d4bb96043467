//! A run's files and the catalogs it was made from, to the outbound server.
//!
//! Each file goes under a temporary name that no other call has (`.NAME.RANDOM.partial`), its size is compared, then it
//! gets its own name; so two calls at a time do not meet in a file. A name that exists is never overwritten: where it holds
//! the same bytes, that file is done already (so a second call after a failure finishes the rest, and two runs of one day
//! may share their catalogs); where it holds others, nothing is sent at all. Fake data in production would be a disaster,
//! so a destination that looks like it is refused.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use btcfake_core::breakage::BreakList;
use btcfake_core::digest::ByteDigest;
use btcfake_core::format::file_name::{FileKind, VendorName};
use btcfake_core::input::InputRole;
use btcfake_core::run_record::RunRecord;

use super::problem::{SftpProblem, SftpProblemKind};
use super::session::SftpSession;
use super::transfer::{Stop, Told, digest, in_folder, until_stopped, upload};
use super::{SftpClient, SftpSettings};
use crate::failure::Failure;
use crate::reading::{open_found, read_found};

/// The files that a run publishes, all of them checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RunFiles {
    /// The files: catalogs first, then what the run made.
    pub(crate) files: Vec<RunFile>,
    /// What should be told: catalogs that do not go.
    pub(crate) notes: Vec<String>,
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
    pub(crate) notes: Vec<String>,
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
struct Known {
    /// What is there of each file; nothing as long as it is not known, or where there is no such name.
    files: Vec<Option<There>>,
    /// The temporary files of broken tries.
    left: Vec<String>,
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
            folder.display()
        ))),
        [one] => Ok(folder.join(one)),
        several => Err(Failure::Usage(format!(
            "{}: there are {} runs in this folder; name one by --run: {}",
            folder.display(),
            several.len(),
            several.join(", ")
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
        RunRecord::from_bytes(&bytes).map_err(|said| Failure::Other(format!("{}: {said}", run_file.display())))?;
    let folder = run_file.parent().unwrap_or(Path::new(""));
    let mut found = RunFiles { files: Vec::new(), notes: Vec::new() };
    if !record.broken.is_empty() {
        let list = BreakList::behind(&record.broken).text();
        found.notes.push(format!("this feed was broken on purpose and goes as it is: {list}"));
    }
    for (role, kind) in [
        (InputRole::CourseCatalog, FileKind::CourseCatalog),
        (InputRole::StandaloneContent, FileKind::StandAloneContent),
    ] {
        let Some(input) = record.inputs.iter().find(|input| input.role == role) else {
            found.notes.push(format!("no {} goes: the run was made without one", kind.prefix()));
            continue;
        };
        if input.built_in {
            let note = format!("no {} goes: the run was made from the built-in sample", kind.prefix());
            found.notes.push(note);
            continue;
        }
        let name = plain(&input.name, run_file)?;
        let mut places: Vec<PathBuf> = input.path.iter().map(|path| folder.join(path)).collect();
        places.extend([folder.join(name), local_dir.join(name)]);
        let path = find_same(&places, input.bytes, &input.sha256)?;
        if VendorName::parse(name).is_none_or(|name| name.kind != kind) {
            let note = format!("warning: {name} is no name that BTC gives to a {}; it goes as it is", kind.prefix());
            found.notes.push(note);
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
        let mut known = Known { files: vec![None; run.files.len()], left: Vec::new() };
        let mut tries = 0;
        loop {
            let Err(problem) = self.publish_once(run, production, &mut known, told, stop).await else { break };
            if let Err(problem) = self.before_next_try(problem, &mut tries, told, stop).await {
                return Err(failed(folder, run, &known, problem));
            }
        }
        let files = run.files.iter().zip(known.files).map(|(file, there)| PublishedFile {
            name: file.name.clone(),
            bytes: file.bytes,
            sent: there == Some(There::Sent),
        });
        Ok(Published { files: files.collect(), notes: run.notes.clone() })
    }

    /// One try: what is known to be there is left alone.
    async fn publish_once(
        &mut self,
        run: &RunFiles,
        production: &Production,
        known: &mut Known,
        told: Told<'_>,
        stop: Stop<'_>,
    ) -> Result<(), SftpProblem> {
        let folder = self.remote_path()?;
        let no_folder = self.no_folder(folder);
        let host = &self.settings.host;
        let session = self.session(stop).await?;
        match until_stopped(stop, session.attributes(folder)).await? {
            Some(attributes) if attributes.may_be_folder() => {}
            _ => return Err(no_folder),
        }
        // A path that looks harmless may lead elsewhere.
        let real = match until_stopped(stop, session.real_path(folder)).await {
            // Not every server tells.
            Err(problem) if problem.kind == SftpProblemKind::Server => folder.to_owned(),
            real => real?,
        };
        if is_production(&real) && !production.allowed {
            return Err(production_problem(
                host,
                &format!("the path {folder} leads to {real}, which looks like production"),
            ));
        }
        until_stopped(stop, clear_leftovers(session, folder, run, &mut known.left)).await?;
        let mut others = Vec::new();
        for (at, file) in known.open(run) {
            match until_stopped(stop, what_is_there(session, folder, file, told)).await? {
                WhatIsThere::Nothing => {}
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
            match send(session, folder, file, &mut known.left, told, stop).await? {
                WhatIsThere::Same => known.files[at] = Some(There::Found),
                WhatIsThere::Nothing => known.files[at] = Some(There::Sent),
                WhatIsThere::Another(how) => {
                    known.files[at] = Some(There::Another);
                    return Err(another_is_there(session.shown(folder), &format!("{} ({how})", file.name)));
                }
            }
        }
        Ok(())
    }
}

fn another_is_there(place: String, which: &str) -> SftpProblem {
    let said = format!("there is another file of this name already: {which}");
    let mend = "nothing is overwritten; make a new run, or remove what is there";
    SftpProblem::new(SftpProblemKind::Exists, place, said, mend)
}

/// Takes away what broken calls left of a run's files: what this call's own tries did, and what nobody has written to for
/// long. Another call's file may be on its way.
async fn clear_leftovers(
    session: &mut SftpSession,
    folder: &str,
    run: &RunFiles,
    own: &mut Vec<String>,
) -> Result<(), SftpProblem> {
    let mut left = std::mem::take(own);
    let listed = match session.list(folder).await {
        // Who may only write there must not see what is there.
        Err(problem) if matches!(problem.kind, SftpProblemKind::PermissionDenied | SftpProblemKind::Server) => {
            Vec::new()
        }
        listed => listed?,
    };
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let is_old = |modified: u32| now.checked_sub(LEFT_AFTER).is_some_and(|limit| u64::from(modified) < limit.as_secs());
    for named in listed.iter().filter(|named| named.attributes.modified.is_some_and(is_old)) {
        let whole = name_of_partial(&named.name);
        if run.files.iter().any(|file| whole == Some(file.name.as_str())) {
            left.push(in_folder(folder, &named.name));
        }
    }
    for partial in left {
        match session.remove(&partial).await {
            // What cannot be removed does no harm.
            Ok(()) => {}
            Err(problem) if problem.may_pass() => return Err(problem),
            Err(_) => {}
        }
    }
    Ok(())
}

/// A name for a file that is not whole yet, which no other call has.
fn new_partial_name(name: &str) -> Result<String, SftpProblem> {
    let random = getrandom::u64().map_err(|said| {
        let said = format!("the system gives no random numbers: {said}");
        SftpProblem::new(SftpProblemKind::Local, "the transfer", said, "")
    })?;
    Ok(format!(".{name}.{random:016x}.partial"))
}

/// The name that a file on the server gets once it is whole; nothing where it is no file on its way.
fn name_of_partial(name: &str) -> Option<&str> {
    let (whole, random) = name.strip_prefix('.')?.strip_suffix(".partial")?.rsplit_once('.')?;
    (random.len() == 16 && random.bytes().all(|digit| digit.is_ascii_hexdigit())).then_some(whole)
}

enum WhatIsThere {
    Nothing,
    Same,
    Another(String),
}

async fn what_is_there(
    session: &mut SftpSession,
    folder: &str,
    file: &RunFile,
    told: Told<'_>,
) -> Result<WhatIsThere, SftpProblem> {
    let path = in_folder(folder, &file.name);
    let Some(attributes) = session.attributes(&path).await? else { return Ok(WhatIsThere::Nothing) };
    if let Some(size) = attributes.size.filter(|size| *size != file.bytes) {
        return Ok(WhatIsThere::Another(format!("{size} bytes, ours has {}", file.bytes)));
    }
    match digest(session, &path, &file.name, told).await {
        Ok((_, sha256)) if sha256 == file.sha256 => Ok(WhatIsThere::Same),
        Ok(_) => Ok(WhatIsThere::Another("the same size, other bytes".to_owned())),
        Err(problem) if problem.kind == SftpProblemKind::PermissionDenied => {
            Ok(WhatIsThere::Another("the same size; the server does not let us compare the bytes".to_owned()))
        }
        Err(problem) => Err(problem),
    }
}

/// Sends one file: under a temporary name, then under its own. What was there by then is the answer: nothing, or a file
/// that another call brought meanwhile.
async fn send(
    session: &mut SftpSession,
    folder: &str,
    file: &RunFile,
    left: &mut Vec<String>,
    told: Told<'_>,
    stop: Stop<'_>,
) -> Result<WhatIsThere, SftpProblem> {
    let partial = in_folder(folder, &new_partial_name(&file.name)?);
    left.push(partial.clone());
    let sent = until_stopped(stop, send_partial(session, &partial, file, told)).await;
    let (was_sent, problem) = match sent {
        // From here to the end of the renaming nobody stops it, so that what is there is known.
        Ok(()) => match session.rename(&partial, &in_folder(folder, &file.name)).await {
            Ok(()) => {
                left.pop();
                return Ok(WhatIsThere::Nothing);
            }
            Err(problem) => (true, problem),
        },
        Err(problem) => (false, problem),
    };
    if matches!(problem.kind, SftpProblemKind::Cut | SftpProblemKind::TimedOut) {
        return Err(problem);
    }
    // Best effort: the next try, or a later call, takes it away.
    let _ = tokio::time::timeout(Duration::from_secs(5), session.remove(&partial)).await;
    if was_sent {
        let there = until_stopped(stop, what_is_there(session, folder, file, told)).await?;
        if !matches!(there, WhatIsThere::Nothing) {
            return Ok(there);
        }
    }
    Err(problem)
}

async fn send_partial(
    session: &mut SftpSession,
    partial: &str,
    file: &RunFile,
    told: Told<'_>,
) -> Result<(), SftpProblem> {
    let (bytes, sha256) = upload(session, &file.path, partial, &file.name, told).await?;
    if (bytes, &sha256) != (file.bytes, &file.sha256) {
        let place = file.path.display().to_string();
        let said = "the file was changed while it was sent";
        return Err(SftpProblem::new(SftpProblemKind::Local, place, said, "make a new run"));
    }
    let size = session.attributes(partial).await?.and_then(|attributes| attributes.size);
    if size != Some(bytes) {
        let said = format!("the server has {} of {bytes} bytes", size.unwrap_or_default());
        return Err(SftpProblem::new(SftpProblemKind::WrongSize, session.shown(partial), said, "try again"));
    }
    Ok(())
}

fn failed(folder: &str, run: &RunFiles, known: &Known, problem: SftpProblem) -> Failure {
    let list = |wanted: &[Option<There>]| {
        let pairs = run.files.iter().zip(&known.files).filter(|(_, there)| wanted.contains(there));
        pairs.map(|(file, _)| file.name.as_str()).collect::<Vec<_>>().join(", ")
    };
    let whole = list(&[Some(There::Sent), Some(There::Found)]);
    let stopped = problem.kind == SftpProblemKind::Stopped;
    // Where nothing was sent or found, the problem says it all.
    if whole.is_empty() && stopped {
        return Failure::Other("stopped before the end; nothing was sent".to_owned());
    }
    if whole.is_empty() {
        return problem.into_failure();
    }
    let said = if stopped { "stopped before the end".to_owned() } else { problem.to_string() };
    let (others, missing) = (list(&[Some(There::Another)]), list(&[None]));
    let mut said = format!("{said}\nin {folder} now, whole: {whole}");
    if !others.is_empty() {
        said.push_str(&format!("\nthere, with other bytes: {others}"));
    }
    if !missing.is_empty() {
        said.push_str(&format!("\nnot there: {missing}"));
    }
    if others.is_empty() {
        said.push_str("\nthe same call finishes the rest");
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
        Err(Failure::Other(format!("{}: {name:?} is no plain name of a file", run_file.display())))
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
    let places: Vec<String> = places.iter().map(|path| path.display().to_string()).collect();
    Err(Failure::Other(match changed {
        Some(path) => format!(
            "{}: it is not what the run file says (its SHA-256 is another): it was changed since; nothing was sent",
            path.display()
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
    use btcfake_core::breakage::{Damage, Fault, FeedFile};
    use btcfake_core::digest::ByteDigest;
    use btcfake_core::run_record::OutputRecord;
    use btcfake_core::settings::Settings;

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
        let mut digest = ByteDigest::default();
        digest.update(b"x");
        let name = "ContentUserCompletion_V2_2026_01_29_1_5fccff.csv";
        fs::write(folder.path().join(name), b"x").unwrap();
        let damage = Damage {
            fault: Fault::MissingFile,
            of: FeedFile::Dummy,
            file: "UserCompletion_v2_2026_1_29_1_5fccff.csv".to_owned(),
            line: None,
            said: "the file is left out".to_owned(),
        };
        let settings = Settings::new(chrono::DateTime::UNIX_EPOCH, 1);
        let record = RunRecord::new(settings, Vec::new(), vec![OutputRecord::new(name, digest)]);
        let run_file = folder.path().join("run_2026_1_29_1_5fccff.json");
        fs::write(&run_file, record.with_damage(vec![damage]).to_bytes()).unwrap();
        let run = run_files(&run_file, folder.path()).unwrap();
        assert_eq!(run.files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), [name]);
        assert_eq!(run.notes[0], "this feed was broken on purpose and goes as it is: missing-file@dummy");
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
