//! `btcfake download`: downloads the vendor's catalogs from the inbound server into a folder.

use std::path::{Path, PathBuf};

use btcfake_core::plan::settings::parse_now;
use btcfake_core::text::visible::shown_whole;
use btcfake_core::text::words::size_text;
use chrono::{DateTime, NaiveDate, Utc};
use clap::Args;

use crate::commands::argument_values::{day_count, written_path};
use crate::commands::sftp_connection::{configured_sftp, with_sftp_client};
use crate::configuration::{Configuration, SftpSettings, SftpSide};
use crate::remote::sftp::{DayFile, DayState, DownloadedDays, SftpProblem};
use crate::terminal::console::{self, shown_path};
use crate::terminal::failure::Failure;
use crate::terminal::interrupt;

/// Options of `download`.
#[derive(Debug, Args)]
pub(crate) struct DownloadArguments {
    /// All catalogs dated from N days ago to today, both included; 0 is today only.
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = |text: &str| day_count(text, 0..=36_500))]
    days: Option<u32>,
    /// The folder for the files [default: SFTP_LOCAL_DIR, or downloaded_files; with --days: temp_files].
    #[arg(long, value_name = "DIR", value_parser = written_path())]
    dest: Option<PathBuf>,
    /// The instant that decides what today is [default: the clock].
    #[arg(long, value_name = "RFC3339", value_parser = parse_now)]
    now: Option<DateTime<Utc>>,
    /// Show no progress.
    #[arg(long, short)]
    quiet: bool,
}

impl DownloadArguments {
    /// Default folder for the files of several days.
    pub(crate) const DAYS_FOLDER: &str = "temp_files";
}

/// Runs the command.
///
/// # Errors
/// `Configuration` if the server is not configured; any problem of connecting or downloading; nothing to download.
pub(crate) fn run(arguments: &DownloadArguments) -> Result<(), Failure> {
    interrupt::listen();
    let configuration = Configuration::read()?;
    configuration.print_warnings(arguments.quiet);
    let settings = configured_sftp(&configuration, SftpSide::Inbound)?;
    let today = configuration.business_timezone()?.date_of(arguments.now.unwrap_or_else(Utc::now));
    match arguments.days {
        Some(days) => {
            let folder = arguments.dest.clone().unwrap_or_else(|| DownloadArguments::DAYS_FOLDER.into());
            all_of_days(arguments, &settings, &folder, today, days)
        }
        None => {
            let folder = arguments.dest.clone().unwrap_or_else(|| configuration.sftp_local_dir());
            most_recent(arguments, &settings, &folder, today)
        }
    }
}

fn most_recent(
    arguments: &DownloadArguments,
    settings: &SftpSettings,
    folder: &Path,
    today: NaiveDate,
) -> Result<(), Failure> {
    let downloaded = with_sftp_client(settings, arguments.quiet, async |client| {
        client.download_most_recent(folder, today).await.map_err(SftpProblem::into_failure)
    })?;
    downloaded.notes.iter().filter(|note| !arguments.quiet || note.is_warning).for_each(console::note);
    let paths = [&downloaded.course_catalog, &downloaded.standalone_content];
    for path in paths.into_iter().flatten() {
        console::print(&format!("{}\n", shown_path(path)));
    }
    match paths.into_iter().flatten().count() {
        0 => Err(Failure::Other(format!(
            "there is nothing to download; check {}_REMOTE_PATH",
            settings.host.side.prefix()
        ))),
        _ => Ok(()),
    }
}

fn all_of_days(
    arguments: &DownloadArguments,
    settings: &SftpSettings,
    folder: &Path,
    today: NaiveDate,
    days: u32,
) -> Result<(), Failure> {
    let downloaded = with_sftp_client(settings, arguments.quiet, async |client| {
        client.download_days(folder, today, days).await.map_err(SftpProblem::into_failure)
    });
    let DownloadedDays { files, broken } = match downloaded {
        Err(Failure::Interrupted) => {
            return Err(Failure::at(shown_path(folder), "stopped before the end; what had arrived whole stays"));
        }
        downloaded => downloaded?,
    };
    console::print(&table(&files));
    if broken.is_none() && files.iter().all(|file| file.state == DayState::Missing) {
        let prefix = settings.host.side.prefix();
        console::warn(format!("there is no catalog of these days; check {prefix}_REMOTE_PATH, or raise --days"));
    }
    let failed: Vec<&String> = files
        .iter()
        .filter_map(|file| match &file.state {
            DayState::Failed(problem) => Some(problem),
            _ => None,
        })
        .collect();
    failed.iter().for_each(|problem| console::print_diagnostic(&shown_whole(problem)));
    match broken {
        Some(broken) => {
            Err(Failure::Other(format!("{broken}\nthe table ends there; the same call goes on with the rest")))
        }
        None if failed.is_empty() => Ok(()),
        None => Err(Failure::Reported),
    }
}

/// Table of the days' files, and the number of files per state.
fn table(files: &[DayFile]) -> String {
    let width = files
        .iter()
        .filter_map(|file| file.file.as_ref())
        .map(|(name, _)| shown_whole(name).chars().count())
        .max()
        .unwrap_or(4)
        .max(19);
    let mut text = format!("{:<10}  {:<width$}  {:>12}  state\n", "day", "file", "bytes");
    for file in files {
        let state = match &file.state {
            DayState::Downloaded => "downloaded".to_owned(),
            DayState::Replaced(old) => format!("downloaded, in place of one of {}", size_text(*old)),
            DayState::AlreadyThere => "already there".to_owned(),
            DayState::Missing => "missing".to_owned(),
            DayState::Failed(_) => "FAILED".to_owned(),
        };
        let (name, bytes) = match &file.file {
            Some((name, bytes)) => (shown_whole(name), bytes.to_string()),
            None => (file.kind.prefix().to_owned(), "-".to_owned()),
        };
        text.push_str(&format!("{}  {name:<width$}  {bytes:>12}  {state}\n", file.date));
    }
    let count = |is_wanted: fn(&DayState) -> bool| files.iter().filter(|file| is_wanted(&file.state)).count();
    let downloaded = count(|state| matches!(state, DayState::Downloaded | DayState::Replaced(_)));
    let there = count(|state| *state == DayState::AlreadyThere);
    let missing = count(|state| *state == DayState::Missing);
    let failed = match count(|state| matches!(state, DayState::Failed(_))) {
        0 => String::new(),
        failed => format!(", {failed} failed"),
    };
    text.push_str(&format!("{downloaded} downloaded, {there} already there, {missing} missing{failed}\n"));
    text
}
