//! `btcfake simulate`: one day's feed, from files to files.

use std::path::PathBuf;

use btcfake_core::format::file_name::FileKind;
use btcfake_core::input::{InputFile, InputRole};

use crate::cli::SimulateArguments;
use crate::configuration::Configuration;
use crate::failure::Failure;
use crate::feed::FeedOrder;
use crate::input_files::{LoadedFile, most_recent_file};
use crate::standard_input;

/// Runs the command.
///
/// # Errors
/// Bad input or a failure; then nothing was written.
pub(crate) fn run(arguments: &SimulateArguments) -> Result<(), Failure> {
    let configuration = Configuration::read()?;
    configuration.tell_warnings(arguments.feed.loudness.quiet);
    let order = FeedOrder::new(&arguments.feed, &configuration)?;
    let files = input_files(arguments, &configuration, &order)?;
    let feed = order.make(&files, Vec::new())?;
    order.tell(&feed);
    Ok(())
}

/// Reads the files that the options name, or the most recent catalogs, and the built-in ones where there are none.
///
/// # Errors
/// A file that cannot be read.
pub(super) fn input_files(
    arguments: &SimulateArguments,
    configuration: &Configuration,
    order: &FeedOrder<'_>,
) -> Result<Vec<LoadedFile>, Failure> {
    standard_input::refuse_twice(arguments.input_files())?;
    let today = order.settings.time_zone.date_of(order.settings.now);
    let local_dir = configuration.sftp_local_dir();
    let given_or_recent = |given: &Option<PathBuf>, kind| match given {
        Some(path) => Ok(Some(path.clone())),
        None => most_recent_file(&local_dir, kind, today, arguments.feed.loudness.quiet),
    };
    let mut files = vec![order.employees_file()?];
    match given_or_recent(&arguments.standalone_content, FileKind::StandAloneContent)? {
        Some(path) => files.push(LoadedFile::read_named(InputRole::StandaloneContent, &path)?),
        None => files.push(LoadedFile::built_in(InputFile::built_in_catalog())),
    }
    let course_catalog = given_or_recent(&arguments.course_catalog, FileKind::CourseCatalog)?;
    for (role, path) in [
        (InputRole::CourseCatalog, &course_catalog),
        (InputRole::Assignments, &arguments.assignments),
        (InputRole::Completions, &arguments.completions),
        (InputRole::Recommendations, &arguments.recommendations),
    ] {
        if let Some(path) = path {
            files.push(LoadedFile::read_named(role, path)?);
        }
    }
    files.push(order.template_file()?);
    Ok(files)
}
