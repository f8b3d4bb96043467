//! `btcfake simulate`: makes one day's feed from files.

use std::path::PathBuf;

use btcfake_core::format::file_name::FileKind;
use btcfake_core::format::input_role::InputRole;

use crate::commands::cli::{FileArguments, SimulateArguments};
use crate::commands::feed_order::FeedOrder;
use crate::configuration::Configuration;
use crate::feed::input_files::{LoadedFile, most_recent_file, with_missing};
use crate::files::standard_input;
use crate::terminal::failure::Failure;

/// Runs the command.
///
/// # Errors
/// Unreadable or refused inputs, or a failed output; then nothing was written.
pub(crate) fn run(arguments: &SimulateArguments) -> Result<(), Failure> {
    let configuration = Configuration::read()?;
    configuration.print_warnings(arguments.output.quiet);
    let order = FeedOrder::new(&arguments.files.feed, &arguments.output, &configuration)?;
    let files = input_files(&arguments.files, &configuration, &order)?;
    let feed = order.make(&files, Vec::new())?;
    order.report(&feed);
    // The program ends here, which frees all memory at once.
    std::mem::forget(feed);
    Ok(())
}

/// Inputs named by options; without one, the most recent catalogs, else built-in ones.
///
/// # Errors
/// A file that cannot be read, or standard input named twice.
pub(super) fn input_files(
    arguments: &FileArguments,
    configuration: &Configuration,
    order: &FeedOrder<'_>,
) -> Result<Vec<LoadedFile>, Failure> {
    standard_input::refuse_twice(arguments.input_files())?;
    let today = order.settings.time_zone.date_of(order.settings.now);
    let local_dir = configuration.sftp_local_dir();
    let given_or_recent = |given: &Option<PathBuf>, role, kind| match given {
        Some(argument) => LoadedFile::read_named(role, argument).map(Some),
        None => most_recent_file(&local_dir, kind, today, order.is_quiet())?
            .map(|path| LoadedFile::read_found(role, &path))
            .transpose(),
    };
    let mut files = vec![order.employees_file()?];
    let (role, kind) = (InputRole::StandaloneContent, FileKind::StandAloneContent);
    files.extend(given_or_recent(&arguments.standalone_content, role, kind)?);
    files.extend(given_or_recent(&arguments.course_catalog, InputRole::CourseCatalog, FileKind::CourseCatalog)?);
    for (role, path) in [
        (InputRole::Assignments, &arguments.assignments),
        (InputRole::Completions, &arguments.completions),
        (InputRole::Recommendations, &arguments.recommendations),
    ] {
        if let Some(path) = path {
            files.push(LoadedFile::read_named(role, path)?);
        }
    }
    files.extend(order.template_file()?);
    Ok(with_missing(files, &order.settings))
}
