//! The vendor's catalogs, from the inbound server into a folder.

use btcfake_core::text::note::Note;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use btcfake_core::format::file_name::{FileKind, FolderEntry, VendorName, most_recent, passed_over_warnings};
use chrono::{Days, NaiveDate};

use super::client::{SftpClient, Work};
use super::packets::Attributes;
use super::problem::{SftpProblem, SftpProblemKind};
use super::session::{Expected, Listing, SftpSession};
use super::transfer::{Stop, Told, clear_leftovers, download, in_folder, is_catalog, partial_name, until_stopped};
use crate::configuration::SftpSettings;
use crate::terminal::console::shown_path;
use crate::terminal::failure::Failure;

/// A catalog on the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Catalog {
    /// Its name there: one that tells a kind and a date, without any folder.
    pub(crate) name: String,
    /// Its kind.
    pub(crate) kind: FileKind,
    /// The date in its name.
    pub(crate) date: NaiveDate,
    /// Its size in bytes, where the server says it.
    pub(crate) size: Option<u64>,
    /// When it was last changed, in seconds since 1970.
    pub(crate) modified: Option<u32>,
    /// Whether the listing shows a link: what it leads to must be looked at before it is wanted.
    is_link: bool,
}

/// What came of downloading the most recent files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Downloaded {
    /// The course catalog, where the server has one.
    pub(crate) course_catalog: Option<PathBuf>,
    /// StandAloneContent, where the server has one.
    pub(crate) standalone_content: Option<PathBuf>,
    /// What should be told: each file and what was done, files that were passed over, kinds that are missing.
    pub(crate) notes: Vec<Note>,
}

/// What came of downloading the files of some days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct DownloadedDays {
    /// Every file and every missing one: latest day first, in each day by kind and name.
    pub(crate) files: Vec<DayFile>,
    /// What ended it before the last one.
    pub(crate) broken: Option<String>,
}

/// A file of a day, or that there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DayFile {
    /// The day.
    pub(crate) date: NaiveDate,
    /// The kind.
    pub(crate) kind: FileKind,
    /// Name and size; nothing where the day has no file of this kind.
    pub(crate) file: Option<(String, u64)>,
    /// What was done.
    pub(crate) state: DayState,
}

/// What was done about a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DayState {
    /// It was downloaded.
    Downloaded,
    /// It was downloaded in place of one of that many bytes.
    Replaced(u64),
    /// A file of that name, size and time was there.
    AlreadyThere,
    /// The server has none.
    Missing,
    /// It could not be downloaded.
    Failed(String),
}

/// Downloads the most recent file of either kind into a folder, which is made if it is not there.
///
/// # Errors
/// Whatever stands in the way. A kind of which the server has no file is a note.
pub(crate) async fn download_most_recent(
    settings: &SftpSettings,
    folder: &Path,
    today: NaiveDate,
    told: Told<'_>,
    stop: Stop<'_>,
) -> Result<Downloaded, Failure> {
    SftpClient::new(settings).download_most_recent(folder, today, told, stop).await.map_err(SftpProblem::into_failure)
}

/// Downloads every catalog dated today or on one of the `days` days before.
///
/// # Errors
/// Whatever stands in the way from the start. What goes wrong later stands in the answer.
pub(crate) async fn download_days(
    settings: &SftpSettings,
    folder: &Path,
    today: NaiveDate,
    days: u32,
    told: Told<'_>,
    stop: Stop<'_>,
) -> Result<DownloadedDays, Failure> {
    SftpClient::new(settings).download_days(folder, today, days, told, stop).await.map_err(SftpProblem::into_failure)
}

/// The kinds that are downloaded, in the order in which they are told.
const KINDS: [FileKind; 2] = [FileKind::CourseCatalog, FileKind::StandAloneContent];

/// The most bytes that a file's name has on the usual systems.
const LONGEST_NAME: usize = 255;

/// What was done about one file.
enum Fetched {
    Downloaded(u64),
    Replaced { old: u64, new: u64 },
    AlreadyThere(u64),
}

impl SftpClient<'_> {
    /// All catalogs in the folder, of whatever day, in no order.
    ///
    /// # Errors
    /// Whatever stands in the way.
    pub(crate) async fn list_catalogs(&mut self, told: Told<'_>, stop: Stop<'_>) -> Result<Vec<Catalog>, SftpProblem> {
        let folder = self.remote_path()?;
        let no_folder = self.no_folder(folder);
        let listed = self.retrying(ListCatalogs { folder, no_folder }, told, stop).await?;
        let mut catalogs = Vec::new();
        for named in listed.names {
            let Some(name) = VendorName::parse(&named.name).filter(|name| is_catalog(name.kind)) else { continue };
            let attributes = named.attributes;
            let is_link = attributes.is_link();
            if is_link || attributes.may_be_file() {
                catalogs.push(Catalog {
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

    /// A catalog as it is behind its name: what a link leads to counts. Nothing where that is no file.
    async fn looked_at(
        &mut self,
        catalog: Catalog,
        told: Told<'_>,
        stop: Stop<'_>,
    ) -> Result<Option<Catalog>, SftpProblem> {
        // Of a name as long as they may be, none can be made for the file that is not whole yet.
        if partial_name(&catalog.name).len() > LONGEST_NAME {
            let said = "its name is too long for a file here";
            let mend = "have it renamed on the server";
            return Err(SftpProblem::new(SftpProblemKind::Server, catalog.name, said, mend));
        }
        if !catalog.is_link && catalog.size.is_some() {
            return Ok(Some(catalog));
        }
        let path = in_folder(self.remote_path()?, &catalog.name);
        let found = self.retrying(LookAt { path: &path, is_link: catalog.is_link }, told, stop).await?;
        Ok(found.filter(Attributes::may_be_file).map(|found| Catalog {
            size: found.size,
            modified: found.modified.or(catalog.modified),
            ..catalog
        }))
    }

    /// The most recent catalog of a kind. Somebody else's link that leads nowhere, or where this user must not look, is
    /// passed over.
    async fn most_recent(
        &mut self,
        catalogs: &[Catalog],
        kind: FileKind,
        today: NaiveDate,
        notes: &mut Vec<Note>,
        told: Told<'_>,
        stop: Stop<'_>,
    ) -> Result<Option<Catalog>, SftpProblem> {
        let entry = |catalog: &Catalog| FolderEntry {
            name: catalog.name.clone(),
            modified: Duration::from_secs(catalog.modified.unwrap_or_default().into()),
        };
        let mut entries: Vec<FolderEntry> = catalogs.iter().map(entry).collect();
        notes.extend(passed_over_warnings(&most_recent(&entries, kind, today).1, str::to_owned));
        while let Some(best) = most_recent(&entries, kind, today).0.map(|best| best.name.clone()) {
            let Some(catalog) = catalogs.iter().find(|catalog| catalog.name == best) else { return Ok(None) };
            match self.looked_at(catalog.clone(), told, stop).await {
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

    /// As [`download_most_recent`].
    ///
    /// # Errors
    /// Whatever stands in the way.
    pub(crate) async fn download_most_recent(
        &mut self,
        folder: &Path,
        today: NaiveDate,
        told: Told<'_>,
        stop: Stop<'_>,
    ) -> Result<Downloaded, SftpProblem> {
        let remote = self.remote_path()?;
        prepare(folder)?;
        let catalogs = self.list_catalogs(told, stop).await?;
        let mut downloaded = Downloaded::default();
        for kind in KINDS {
            let notes = &mut downloaded.notes;
            let Some(catalog) = self.most_recent(&catalogs, kind, today, notes, told, stop).await? else {
                downloaded.notes.push(Note::warning(format!("there is no {} in {remote}", kind.prefix())));
                continue;
            };
            let fetched = self.fetch(&catalog, folder, told, stop).await?;
            downloaded.notes.push(Note::remark(fetched.describe()).at(&catalog.name));
            let path = folder.join(&catalog.name);
            match kind {
                FileKind::CourseCatalog => downloaded.course_catalog = Some(path),
                _ => downloaded.standalone_content = Some(path),
            }
        }
        Ok(downloaded)
    }

    /// As [`download_days`]. The time of an operation counts from file to file: there may be hundreds.
    ///
    /// # Errors
    /// Whatever stands in the way from the start.
    pub(crate) async fn download_days(
        &mut self,
        folder: &Path,
        today: NaiveDate,
        days: u32,
        told: Told<'_>,
        stop: Stop<'_>,
    ) -> Result<DownloadedDays, SftpProblem> {
        prepare(folder)?;
        let mut by_day: BTreeMap<(NaiveDate, FileKind), Vec<Catalog>> = BTreeMap::new();
        for catalog in self.list_catalogs(told, stop).await? {
            by_day.entry((catalog.date, catalog.kind)).or_default().push(catalog);
        }
        let mut downloaded = DownloadedDays::default();
        for date in (0..=days).filter_map(|back| today.checked_sub_days(Days::new(back.into()))) {
            for kind in KINDS {
                let mut catalogs = by_day.remove(&(date, kind)).unwrap_or_default();
                catalogs.sort_by(|one, other| one.name.cmp(&other.name));
                let before = downloaded.files.len();
                for catalog in catalogs {
                    self.restart_clock();
                    let (name, size) = (catalog.name.clone(), catalog.size.unwrap_or_default());
                    let (size, state) = match self.fetch_behind(catalog, folder, told, stop).await {
                        Ok(None) => continue,
                        Ok(Some(Fetched::Downloaded(size))) => (size, DayState::Downloaded),
                        Ok(Some(Fetched::Replaced { old, new })) => (new, DayState::Replaced(old)),
                        Ok(Some(Fetched::AlreadyThere(size))) => (size, DayState::AlreadyThere),
                        Err(problem) if problem.kind == SftpProblemKind::Stopped => return Err(problem),
                        // Another file may do better; a server or a disk that fails altogether will not.
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

    /// Fetches what is behind a name; nothing where that is no file.
    async fn fetch_behind(
        &mut self,
        catalog: Catalog,
        folder: &Path,
        told: Told<'_>,
        stop: Stop<'_>,
    ) -> Result<Option<Fetched>, SftpProblem> {
        let Some(catalog) = self.looked_at(catalog, told, stop).await? else { return Ok(None) };
        self.fetch(&catalog, folder, told, stop).await.map(Some)
    }

    async fn fetch(
        &mut self,
        catalog: &Catalog,
        folder: &Path,
        told: Told<'_>,
        stop: Stop<'_>,
    ) -> Result<Fetched, SftpProblem> {
        let local = folder.join(&catalog.name);
        let old = match fs::metadata(&local) {
            Ok(metadata) if metadata.is_file() && is_same(&metadata, catalog) => {
                return Ok(Fetched::AlreadyThere(metadata.len()));
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
        let work = Fetch { remote: &remote, folder, name: &catalog.name, expected };
        let size = match self.retrying(work, told, stop).await {
            Err(problem) if problem.kind == SftpProblemKind::NotFound => {
                let said = "the server has listed this file, and it is gone now";
                return Err(SftpProblem { said: said.into(), mend: "try again".into(), ..problem });
            }
            fetched => fetched?,
        };
        Ok(old.map_or(Fetched::Downloaded(size), |old| Fetched::Replaced { old, new: size }))
    }
}

/// Lists the catalogs of a folder.
struct ListCatalogs<'a> {
    folder: &'a str,
    no_folder: SftpProblem,
}

impl Work for ListCatalogs<'_> {
    type Output = Listing;

    async fn once(
        &mut self,
        session: &mut SftpSession,
        _told: Told<'_>,
        stop: Stop<'_>,
    ) -> Result<Listing, SftpProblem> {
        // Only names that can be nothing but a name in a folder go on from here.
        let is_wanted = |name: &str| VendorName::parse(name).is_some_and(|name| is_catalog(name.kind));
        match until_stopped(stop, session.list(self.folder, &is_wanted)).await {
            Err(problem) if problem.kind == SftpProblemKind::NotFound => Err(self.no_folder.clone()),
            listed => listed,
        }
    }
}

/// Asks what is behind a name.
struct LookAt<'a> {
    path: &'a str,
    is_link: bool,
}

impl Work for LookAt<'_> {
    type Output = Option<Attributes>;

    async fn once(
        &mut self,
        session: &mut SftpSession,
        _told: Told<'_>,
        stop: Stop<'_>,
    ) -> Result<Option<Attributes>, SftpProblem> {
        match until_stopped(stop, session.attributes(self.path)).await {
            // Looking is optional where the listing shows no link: opening the file shows what it is.
            Err(problem) if problem.is_refusal() && !self.is_link => Ok(Some(Attributes::default())),
            looked_at => looked_at,
        }
    }
}

/// Downloads one file.
struct Fetch<'a> {
    remote: &'a str,
    folder: &'a Path,
    name: &'a str,
    expected: Expected,
}

impl Work for Fetch<'_> {
    type Output = u64;

    async fn once(&mut self, session: &mut SftpSession, told: Told<'_>, stop: Stop<'_>) -> Result<u64, SftpProblem> {
        until_stopped(stop, download(session, self.remote, self.folder, self.name, self.expected, told)).await
    }
}

impl Fetched {
    fn describe(&self) -> String {
        match self {
            Self::Downloaded(size) => format!("downloaded ({size} bytes)"),
            Self::Replaced { old, new } => format!("downloaded ({new} bytes), in place of one of {old} bytes"),
            Self::AlreadyThere(size) => format!("already there ({size} bytes)"),
        }
    }
}

/// Whether a file here is the one on the server, as far as size and time tell: a download keeps the server's time. A new
/// catalog may be as long as the one before.
fn is_same(here: &fs::Metadata, there: &Catalog) -> bool {
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
    fs::create_dir_all(folder).map_err(|said| SftpProblem::local(folder, "create", said))?;
    clear_leftovers(folder)
}
