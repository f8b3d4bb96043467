//! Download of the vendor's catalogs from the inbound server into a local folder.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use btcfake_core::format::file_name::{FolderEntry, VendorKind, VendorName, most_recent, passed_over_warnings};
use btcfake_core::text::note::Note;
use btcfake_core::text::words::number_text;
use chrono::{Days, NaiveDate};

use super::client::SftpClient;
use super::file_read::Expected;
use super::listing::{LONGEST_NAME, Listing};
use super::packets::Attributes;
use super::problem::{SftpProblem, SftpProblemKind};
use super::transfer::{clear_leftovers, download, in_folder, until_cancelled};
use crate::files::temporary_file::partial_name;
use crate::terminal::console::shown_path;

/// Catalog on the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RemoteCatalog {
    /// File name, without a folder, from which kind and date are parsed.
    pub(crate) name: String,
    /// Its kind.
    pub(crate) kind: VendorKind,
    /// The date in its name.
    pub(crate) date: NaiveDate,
    /// Size in bytes, if the server sends it.
    pub(crate) size: Option<u64>,
    /// Time of the last change, in seconds since 1970 (UTC).
    pub(crate) modified: Option<u32>,
    /// True if the listing shows a link; its target must be looked up before use.
    is_link: bool,
}

/// Result of downloading the most recent files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Downloaded {
    /// Local path of the course catalog; `None` if the server has none.
    pub(crate) course_catalog: Option<PathBuf>,
    /// Local path of StandAloneContent; `None` if the server has none.
    pub(crate) standalone_content: Option<PathBuf>,
    /// Notes to print: each file with its outcome, files passed over, missing kinds.
    pub(crate) notes: Vec<Note>,
}

/// Result of downloading the files of several days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct DownloadedDays {
    /// Every file and every missing kind: latest day first, within a day by kind and name.
    pub(crate) files: Vec<DayFile>,
    /// Problem that ended the download early.
    pub(crate) broken: Option<String>,
}

/// File of a day, or the note that one is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DayFile {
    /// The day.
    pub(crate) date: NaiveDate,
    /// The kind.
    pub(crate) kind: VendorKind,
    /// Name and size in bytes; `None` if the day has no file of this kind.
    pub(crate) file: Option<(String, u64)>,
    /// Outcome.
    pub(crate) state: DayState,
}

/// Outcome for one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DayState {
    /// Downloaded.
    Downloaded,
    /// Downloaded, replacing a file of this many bytes.
    Replaced(u64),
    /// Not downloaded: a file of the same name, size and time exists.
    AlreadyThere,
    /// The server has none.
    Missing,
    /// It could not be downloaded.
    Failed(String),
}

impl SftpClient<'_> {
    /// All catalogs in the remote folder, of any day, unordered.
    ///
    /// # Errors
    /// No remote folder in the settings, or any problem of connecting or listing.
    pub(crate) async fn list_catalogs(&mut self) -> Result<Vec<RemoteCatalog>, SftpProblem> {
        let folder = self.remote_path()?;
        let listed = loop {
            let tried = self.list_once(folder).await;
            if let Some(listed) = self.settled(tried).await? {
                break listed;
            }
        };
        let mut catalogs = Vec::new();
        for named in listed.names {
            let Some(name) = VendorName::parse(&named.name).filter(|name| VendorKind::CATALOGS.contains(&name.kind))
            else {
                continue;
            };
            let attributes = named.attributes;
            let is_link = attributes.is_link();
            if is_link || attributes.may_be_file() {
                catalogs.push(RemoteCatalog {
                    name: named.name,
                    kind: name.kind,
                    date: name.date,
                    size: attributes.size,
                    modified: attributes.modified,
                    is_link,
                });
            }
        }
        Ok(catalogs)
    }

    /// The catalog with the size of its target, if it is a link or if the listing shows no size; `None` if the target
    /// is no file.
    async fn looked_at(&mut self, catalog: RemoteCatalog) -> Result<Option<RemoteCatalog>, SftpProblem> {
        // The name of the partial file is longer and must fit, too.
        if partial_name(&catalog.name).len() > LONGEST_NAME {
            let message = "its name is too long for a file here";
            let mend = "have it renamed on the server";
            return Err(SftpProblem::new(SftpProblemKind::Server, catalog.name, message, mend));
        }
        if !catalog.is_link && catalog.size.is_some() {
            return Ok(Some(catalog));
        }
        let path = in_folder(self.remote_path()?, &catalog.name);
        let found = loop {
            let tried = self.look_once(&path, catalog.is_link).await;
            if let Some(found) = self.settled(tried).await? {
                break found;
            }
        };
        Ok(found.filter(Attributes::may_be_file).map(|found| RemoteCatalog {
            size: found.size,
            modified: found.modified.or(catalog.modified),
            ..catalog
        }))
    }

    /// Most recent catalog of a kind. A catalog whose attributes cannot be read, such as a link to a missing file, is
    /// skipped.
    async fn most_recent(
        &mut self,
        catalogs: &[RemoteCatalog],
        kind: VendorKind,
        today: NaiveDate,
        notes: &mut Vec<Note>,
    ) -> Result<Option<RemoteCatalog>, SftpProblem> {
        let entry = |catalog: &RemoteCatalog| FolderEntry {
            name: catalog.name.clone(),
            modified: Duration::from_secs(catalog.modified.unwrap_or_default().into()),
        };
        let mut entries: Vec<FolderEntry> = catalogs.iter().map(entry).collect();
        notes.extend(passed_over_warnings(&most_recent(&entries, kind, today).1, str::to_owned));
        while let Some(best) = most_recent(&entries, kind, today).0.map(|best| best.name.clone()) {
            let Some(catalog) = catalogs.iter().find(|catalog| catalog.name == best) else { return Ok(None) };
            match self.looked_at(catalog.clone()).await {
                Ok(Some(catalog)) => return Ok(Some(catalog)),
                Ok(None) => {}
                Err(problem) if concerns_one_file(problem.kind) => {
                    notes.push(Note::warning(format!("{problem}; it is passed over")));
                }
                Err(problem) => return Err(problem),
            }
            entries.retain(|entry| entry.name != best);
        }
        Ok(None)
    }

    /// Downloads the most recent file of each kind into a folder, which is created if missing.
    ///
    /// # Errors
    /// Any problem with the folder, the server or a file. A kind without a file on the server is only a note.
    pub(crate) async fn download_most_recent(
        &mut self,
        folder: &Path,
        today: NaiveDate,
    ) -> Result<Downloaded, SftpProblem> {
        let remote = self.remote_path()?;
        prepare(folder)?;
        let catalogs = self.list_catalogs().await?;
        let mut downloaded = Downloaded::default();
        for kind in VendorKind::CATALOGS {
            let notes = &mut downloaded.notes;
            let Some(catalog) = self.most_recent(&catalogs, kind, today, notes).await? else {
                downloaded.notes.push(Note::warning(format!("there is no {} in {remote}", kind.prefix())));
                continue;
            };
            let (size, state) = self.fetch(&catalog, folder).await?;
            downloaded.notes.push(Note::remark(state.describe(size)).at(&catalog.name));
            let path = folder.join(&catalog.name);
            match kind {
                VendorKind::CourseCatalog => downloaded.course_catalog = Some(path),
                _ => downloaded.standalone_content = Some(path),
            }
        }
        Ok(downloaded)
    }

    /// Downloads every catalog dated today or on one of the `days` days before. Every file gets the whole time of an
    /// operation: there may be hundreds.
    ///
    /// # Errors
    /// A folder that cannot be used, a listing that fails, or `Stopped`. Later problems are part of the result.
    pub(crate) async fn download_days(
        &mut self,
        folder: &Path,
        today: NaiveDate,
        days: u32,
    ) -> Result<DownloadedDays, SftpProblem> {
        prepare(folder)?;
        let mut by_day: BTreeMap<(NaiveDate, VendorKind), Vec<RemoteCatalog>> = BTreeMap::new();
        for catalog in self.list_catalogs().await? {
            by_day.entry((catalog.date, catalog.kind)).or_default().push(catalog);
        }
        let mut downloaded = DownloadedDays::default();
        for date in (0..=days).filter_map(|back| today.checked_sub_days(Days::new(back.into()))) {
            for kind in VendorKind::CATALOGS {
                let mut catalogs = by_day.remove(&(date, kind)).unwrap_or_default();
                catalogs.sort_by(|one, other| one.name.cmp(&other.name));
                let before = downloaded.files.len();
                for catalog in catalogs {
                    self.restart_clock();
                    let (name, size) = (catalog.name.clone(), catalog.size.unwrap_or_default());
                    let (size, state) = match self.fetch_behind(catalog, folder).await {
                        Ok(None) => continue,
                        Ok(Some(fetched)) => fetched,
                        Err(problem) if problem.kind == SftpProblemKind::Stopped => return Err(problem),
                        // Other files may be downloaded all the same; not after a failure of the server or the disk.
                        Err(problem) if concerns_one_file(problem.kind) => {
                            (size, DayState::Failed(problem.to_string()))
                        }
                        Err(problem) => {
                            downloaded.broken = Some(format!("{name}: {problem}"));
                            return Ok(downloaded);
                        }
                    };
                    downloaded.files.push(DayFile { date, kind, file: Some((name, size)), state });
                }
                if downloaded.files.len() == before {
                    downloaded.files.push(DayFile { date, kind, file: None, state: DayState::Missing });
                }
            }
        }
        Ok(downloaded)
    }

    /// Fetches the file behind a catalog's name; `None` if it is no file.
    async fn fetch_behind(
        &mut self,
        catalog: RemoteCatalog,
        folder: &Path,
    ) -> Result<Option<(u64, DayState)>, SftpProblem> {
        let Some(catalog) = self.looked_at(catalog).await? else { return Ok(None) };
        self.fetch(&catalog, folder).await.map(Some)
    }

    async fn fetch(&mut self, catalog: &RemoteCatalog, folder: &Path) -> Result<(u64, DayState), SftpProblem> {
        let local = folder.join(&catalog.name);
        let old = match fs::metadata(&local) {
            Ok(metadata) if metadata.is_file() && is_same(&metadata, catalog) => {
                return Ok((metadata.len(), DayState::AlreadyThere));
            }
            Ok(metadata) if metadata.is_file() => Some(metadata.len()),
            Ok(_) => {
                let place = shown_path(&local);
                return Err(SftpProblem::new(SftpProblemKind::Local, place, "it is there and no file", "move it away"));
            }
            Err(_) => None,
        };
        let remote = in_folder(self.remote_path()?, &catalog.name);
        let expected =
            Expected { size: catalog.size, modified: catalog.modified, largest: self.settings.limits.largest_file };
        let size = loop {
            let tried = self.fetch_once(&remote, folder, &catalog.name, expected).await;
            match self.settled(tried).await {
                Ok(None) => {}
                Ok(Some(size)) => break size,
                Err(problem) if problem.kind == SftpProblemKind::NotFound => {
                    let message = "the server has listed this file, and it is gone now";
                    return Err(SftpProblem { message: message.into(), mend: "try again".into(), ..problem });
                }
                Err(problem) => return Err(problem),
            }
        };
        Ok((size, old.map_or(DayState::Downloaded, DayState::Replaced)))
    }

    async fn list_once(&mut self, folder: &str) -> Result<Listing, SftpProblem> {
        // Only plain file names pass: none with a folder in it.
        let is_wanted =
            |name: &str| VendorName::parse(name).is_some_and(|name| VendorKind::CATALOGS.contains(&name.kind));
        let (session, _, cancel) = self.connected().await?;
        match until_cancelled(cancel, session.list(folder, &is_wanted)).await {
            Err(problem) if problem.kind == SftpProblemKind::NotFound => Err(self.no_folder(folder)),
            listed => listed,
        }
    }

    async fn look_once(&mut self, path: &str, is_link: bool) -> Result<Option<Attributes>, SftpProblem> {
        let (session, _, cancel) = self.connected().await?;
        match until_cancelled(cancel, session.attributes(path)).await {
            // If the listing shows no link, a refusal to show attributes is no problem: opening the file shows what it
            // is.
            Err(problem) if problem.is_refusal() && !is_link => Ok(Some(Attributes::default())),
            looked_at => looked_at,
        }
    }

    async fn fetch_once(
        &mut self,
        remote: &str,
        folder: &Path,
        name: &str,
        expected: Expected,
    ) -> Result<u64, SftpProblem> {
        let (session, on_event, cancel) = self.connected().await?;
        until_cancelled(cancel, download(session, remote, folder, name, expected, on_event)).await
    }
}

impl DayState {
    /// Text for people about the outcome for a file of this many bytes.
    fn describe(&self, size: u64) -> String {
        match self {
            Self::Downloaded => format!("downloaded ({} bytes)", number_text(size)),
            Self::Replaced(old) => {
                format!("downloaded ({} bytes), in place of one of {} bytes", number_text(size), number_text(*old))
            }
            Self::AlreadyThere => format!("already there ({} bytes)", number_text(size)),
            Self::Missing => "missing".to_owned(),
            Self::Failed(problem) => problem.clone(),
        }
    }
}

/// True if local file and catalog agree in size and time; a download keeps the server's time. Size alone is not enough:
/// a new catalog may be as long as the one before.
fn is_same(here: &fs::Metadata, there: &RemoteCatalog) -> bool {
    let since_1970 = here.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    Some(here.len()) == there.size
        && there.modified.is_none_or(|seconds| since_1970.is_some_and(|here| here.as_secs() == u64::from(seconds)))
}

fn concerns_one_file(kind: SftpProblemKind) -> bool {
    matches!(
        kind,
        SftpProblemKind::NotFound
            | SftpProblemKind::PermissionDenied
            | SftpProblemKind::WrongSize
            | SftpProblemKind::TooLarge
            | SftpProblemKind::Unsupported
            | SftpProblemKind::Server
    )
}

fn prepare(folder: &Path) -> Result<(), SftpProblem> {
    fs::create_dir_all(folder).map_err(|message| SftpProblem::local(folder, "create", message))?;
    clear_leftovers(folder)
}
