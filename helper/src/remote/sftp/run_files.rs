//! The files of a run that are published: found beside its run file, and checked against the size and SHA-256 there.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use btcfake_core::breakage::BreakList;
use btcfake_core::format::file_name::{VendorKind, VendorName};
use btcfake_core::format::input_role::InputRole;
use btcfake_core::record::publication::RunIdentity;
use btcfake_core::record::published_completions::{PublishedCompletion, first_completions};
use btcfake_core::record::run_record::RunRecord;
use btcfake_core::text::note::Note;
use btcfake_core::text::visible::{quoted, shown_whole};

use crate::files::reading::{digest_of, is_plain_name, read_found};
use crate::terminal::console::shown_path;
use crate::terminal::failure::{Failure, FileResult};

/// Files that a run publishes, all checked against its run file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct RunFiles {
    /// The files: catalogs first, then what the run made.
    pub(crate) files: Vec<RunFile>,
    /// Notes to print: catalogs that are not published, a feed broken on purpose.
    pub(crate) notes: Vec<Note>,
    /// The run, to compare it with the last publishing.
    pub(crate) identity: RunIdentity,
    /// Its first completions; empty for a feed that was broken on purpose, which the batch job may refuse.
    pub(crate) completed: Vec<PublishedCompletion>,
}

impl RunFiles {
    /// True if a file of the run has this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.files.iter().any(|file| file.name == name)
    }
}

/// A file to publish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RunFile {
    /// File name on the server.
    pub(crate) name: String,
    /// Local path.
    pub(crate) path: PathBuf,
    /// Its size in bytes.
    pub(crate) bytes: u64,
    /// SHA-256 in hexadecimal.
    pub(crate) sha256: String,
}

/// Path of a folder's run file: the named one, else the only one. In place of a folder, the run file itself may be given.
///
/// # Errors
/// A folder that cannot be listed or has no run file; `Usage` if it has several and none is named, or a run file has
/// another one beside it.
pub(crate) fn find_run(folder: &Path, named: Option<&Path>) -> Result<PathBuf, Failure> {
    if folder.is_file() {
        return match named {
            None => Ok(folder.to_owned()),
            Some(_) => {
                Err(Failure::Usage(format!("{}: that is a file; with --run, name the folder", shown_path(folder))))
            }
        };
    }
    if let Some(named) = named {
        let inside = folder.join(named);
        return Ok(if inside.is_file() { inside } else { named.to_owned() });
    }
    let listing = fs::read_dir(folder).of_file(folder, "list")?;
    let mut runs: Vec<String> = listing
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| VendorName::parse(name).is_some_and(|name| name.kind == VendorKind::Run))
        .collect();
    runs.sort();
    match &runs[..] {
        [] => {
            let message = "there is no run in this folder (no run_....json); `btcfake simulate` makes one";
            Err(Failure::at(shown_path(folder), message))
        }
        [one] => Ok(folder.join(one)),
        several => Err(Failure::Usage(format!(
            "{}: there are {} runs in this folder; name one by --run: {}",
            shown_path(folder),
            several.len(),
            shown_whole(&several.join(", "))
        ))),
    }
}

/// Files that a run publishes: its outputs from beside the run file, and its catalogs from their original place, from
/// beside the run file or from `local_dir`. Size and SHA-256 of each match the run file.
///
/// # Errors
/// A run file that cannot be read, or a file that is missing or was changed since.
pub(crate) fn run_files(run_file: &Path, local_dir: &Path) -> Result<RunFiles, Failure> {
    let bytes = read_found(run_file).of_file(run_file, "read")?;
    let record = RunRecord::from_bytes(&bytes).map_err(|message| Failure::at(shown_path(run_file), message))?;
    let folder = run_file.parent().unwrap_or(Path::new(""));
    let run_name = run_file.file_name().unwrap_or_default().to_string_lossy();
    let identity = RunIdentity::of(&record, &run_name);
    let mut found = RunFiles { identity, ..RunFiles::default() };
    if !record.broken.is_empty() {
        let list = BreakList::behind(&record.broken).text();
        let text = format!("this feed was broken on purpose and goes as it is: {list}");
        found.notes.push(Note::remark(text));
    }
    for (role, kind) in [
        (InputRole::CourseCatalog, VendorKind::CourseCatalog),
        (InputRole::StandaloneContent, VendorKind::StandAloneContent),
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
        let is_completions = VendorName::parse(name).is_some_and(|name| name.kind == VendorKind::ContentUserCompletion);
        if is_completions && found.completed.is_empty() && record.broken.is_empty() {
            found.completed = first_completions(&beginning(&path).of_file(&path, "read")?);
        }
        found.files.push(RunFile { name: name.to_owned(), path, bytes: output.bytes, sha256: output.sha256.clone() });
    }
    Ok(found)
}

/// The first bytes of a file.
fn beginning(path: &Path) -> io::Result<Vec<u8>> {
    const BEGINNING: u64 = 8 << 10;
    let mut bytes = Vec::new();
    File::open(path)?.take(BEGINNING).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn plain<'a>(name: &'a str, run_file: &Path) -> Result<&'a str, Failure> {
    let is_plain = is_plain_name(name)
        && !name.starts_with('.')
        && !name.contains(['/', '\\', ':'])
        && !name.chars().any(char::is_control);
    if is_plain {
        Ok(name)
    } else {
        Err(Failure::at(shown_path(run_file), format!("{} is no plain name of a file", quoted(name))))
    }
}

fn find_same(places: &[PathBuf], bytes: u64, sha256: &str) -> Result<PathBuf, Failure> {
    let mut changed = None;
    for path in places.iter().filter(|path| path.is_file()) {
        if digest_of(path).of_file(path, "read")? == (bytes, sha256.to_owned()) {
            return Ok(path.clone());
        }
        changed.get_or_insert(path);
    }
    if let Some(path) = changed {
        let message =
            "it is not what the run file says (its SHA-256 is another): it was changed since; nothing was sent";
        return Err(Failure::at(shown_path(path), message));
    }
    let places: Vec<String> = places.iter().map(|path| shown_path(path)).collect();
    Err(Failure::Other(format!("not found: {}; nothing was sent", places.join(" or "))))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use btcfake_core::breakage::{Damage, Fault};
    use btcfake_core::format::feed_file::FeedFile;
    use btcfake_core::plan::settings::Settings;
    use btcfake_core::record::run_record::OutputRecord;

    use super::*;

    /// Broken feed without its dummy file.
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
        let output = OutputRecord::of(name, b"x");
        let record = RunRecord::new(settings, Vec::new(), vec![output]);
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
